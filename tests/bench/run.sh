#!/bin/sh
# make bench: what Fengqiao costs, beside a floor or peers measured in the same
# run.  Figures are for reading; nothing passes or fails here.
#   BUILD=build/gcc sh tests/bench/run.sh [cache|sync|slow|keys|lookup|list]...
set -u
export TEXTDOMAIN= PYTHONDONTWRITEBYTECODE=1
. tests/kit/lab.sh
bench=$tools/bench
parts=${*:-cache sync first slow keys lookup list}

# ---- tables ----

# ratio A B: how many times B is A
ratio() {
	awk -v a="$1" -v b="$2" \
	    'BEGIN { if (b > 0) printf "%.2f", a / b; else printf "-" }'
}

mb() {
	awk -v n="$1" 'BEGIN { printf "%.2f MB", n / 1000000 }'
}

head_line() {
	printf '\n%s\n' "$1"
}

# row NAME OURS THEIRS UNIT
row() {
	printf '  %-34s %10s %10s %-4s %6s x\n' "$1" "$2" "$3" "$4" \
	    "$(ratio "$2" "$3")"
}

fact() {	# NAME <lines "name<TAB>number"
	awk -F'\t' -v name="$1" '$1 == name { print $2 }'
}

# ---- the cache ----

# The median of five; leaving the screens locks them.
first_screen() {	# HOME WHAT
	for start in 1 2 3 4 5; do
		"$bench/storebench" keep "$1"
		"$bench/ptybench" -e FENGQIAO_HOME="$1" \
		    -e FENGQIAO_LANG=zh_CN -r 台账 -q 'qy\r' start "$fengqiao"
	done | awk -F'\t' '
	    $2 == "start" { ms = $4 }
	    $2 == "memory" { print ms, $3 / 1024 }' | sort -n |
	    awk -v what="$2" 'NR == 3 {
		printf "  %-34s %10s ms %8.1f MB\n", what, $1, $2 }'
}

bench_cache() {
	head_line "The cache: until all overviews are in memory; a save"
	for count in ${PERSONS:-5000 50000}; do
		home=$lab/cache-$count
		mkdir -m 700 "$home"
		filled=$("$bench/storebench" fill "$home" $count)
		if [ "$(echo "$filled" | fact keyring)" = yes ]; then
			how=keyring
		else
			how=password
		fi
		"$bench/storebench" unlock "$home" $how >/dev/null
		found=$("$bench/storebench" unlock "$home" $how)
		printf '  %-34s %10s ms %8s MB\n' \
		    "$count persons, by $how" "$(echo "$found" |
		    fact unlock_ms)" "$(($(echo "$found" |
		    fact rss_kib) / 1024))"
		[ $how = keyring ] || continue
		printf '  %-34s %10s ms\n' "$count persons, by password" \
		    "$("$bench/storebench" unlock "$home" password |
		    fact unlock_ms)"
		first_screen "$home" "$count persons, first screen"
	done
	found=$("$bench/storebench" save "$lab/cache-5000" 300)
	row "a save, beside a bare transaction" \
	    "$(echo "$found" | fact save_ms)" \
	    "$(echo "$found" | fact bare_ms)" ms
}

# ---- the first load ----

# first_load CACHE: one sync of a fresh cache; facts into $lab/CACHE.facts
first_load() {
	lab_cache "$1" wang
	must "$bench/measure" "$lab/$1.cost" sh -c '"$1" sync --json \
	    --home "$2" >"$3"' sh "$fengqiao" "$lab/cache-$1" "$lab/$1.json"
	{
		awk '{ print "wall\t" $1; print "rss\t" int($3 / 1024) }' \
		    "$lab/$1.cost"
		for first_key in requests received_bytes; do
			printf '%s\t%s\n' $first_key \
			    "$(number $first_key <"$lab/$1.json")"
		done
	} >"$lab/$1.facts"
}

first_of() {	# CACHE FACT
	fact "$2" <"$lab/$1.facts"
}

bench_first() {
	first_records=${RECORDS:-10000}
	python3 tests/bench/gen_records.py cases "$first_records" \
	    >"$lab/cases.csv"
	lab_serve
	lab_cache A wang
	must fq A import mediation_case "$lab/cases.csv"
	must fq A sync
	first_load pages
	must "$fengqiaod" snapshot --data "$lab/ledger" "${county}001/gen"
	first_load snapshot
	lab_stop
	head_line "First load of $first_records records: by a snapshot, in pages"
	row "time" "$(first_of snapshot wall)" "$(first_of pages wall)" ms
	row "bytes of bodies" "$(first_of snapshot received_bytes)" \
	    "$(first_of pages received_bytes)" B
	row "requests" "$(first_of snapshot requests)" \
	    "$(first_of pages requests)" ""
	row "client memory" "$(first_of snapshot rss)" \
	    "$(first_of pages rss)" MB
	row "at 64 kbit/s, 7 kB/s usable" \
	    "$(($(first_of snapshot received_bytes) / 7000))" \
	    "$(($(first_of pages received_bytes) / 7000))" s
}

# ---- sync ----

bench_sync() {
	head_line "Sync at full speed"
	mkdir "$lab/sync"
	python3 tests/bench/sync.py "$BUILD" fast "$lab/sync"
}

bench_slow() {
	head_line "Sync at 64 kbit/s, 600 ms a round trip"
	mkdir "$lab/slow"
	python3 tests/bench/sync.py "$BUILD" slow "$lab/slow"
}

lab_more() {
	for lab_home in "$lab"/cache-*000; do
		[ -d "$lab_home" ] && "$bench/storebench" drop "$lab_home" \
		    >/dev/null 2>&1
	done
}

# ---- the terminal ----

# The same keys for everybody, on each kind of terminal: a line down inside the
# page, a line down at its end, a page, a hundred lines at once, a typed hanzi.
# Arrows as that terminal sends them in keypad mode.
terms="xterm-256color screen-256color linux vt100 putty"
ten_times() {
	printf '%s%s%s%s%s%s%s%s%s%s' "$1" "$1" "$1" "$1" "$1" "$1" "$1" "$1" \
	    "$1" "$1"
}

choose_keys() {	# TERM
	term=$1
	down='\eOB'
	[ "$term" = linux ] && down='\e[B'
	downs=$(ten_times "$down")$down$down
	hundred=$(ten_times "$(ten_times "$down")")
	# five seconds of doing nothing, once
	idle=0
	[ "$term" = xterm-256color ] && idle=5
}

pty() {
	"$bench/ptybench" -e TERM="$term" "$@" >>"$lab/keys" 2>"$lab/pty.said" ||
	    echo "  ($term: one did not come up: $(head -1 "$lab/pty.said"))"
}

have() {
	command -v "$1" >/dev/null && return 0
	[ "$term" = xterm-256color ] &&
	    echo "  ($1 is not here; apt-get install $1 to compare)"
	return 1
}

keys_ours() {
	home=$lab/keys-cache
	if [ ! -d "$home" ]; then
		mkdir -m 700 "$home"
		filled=$("$bench/storebench" fill "$home" 5000)
		enter=
		[ "$(echo "$filled" | fact keyring)" = yes ] ||
		    enter="-k -:1:chenzq\\t$password\\r"
	fi
	# leaving the screens of the terminal before locked them
	[ -n "$enter" ] || "$bench/storebench" keep "$home"
	pty -e FENGQIAO_HOME="$home" -e FENGQIAO_LANG=zh_CN -r 台账 $enter \
	    -k '-:1:p' -k "line:10:$down" -k "-:1:$downs" \
	    -k "bottom:10:$down" -k 'page:10:\e[6~' -k "queue:3:$hundred" \
	    -k 'open:1:\r' -k '-:1:q' -k '-:1:/' -k 'find:1:z' -k 'find:1:h' \
	    -k '-:1:\x18' -k '-:1:n' -k '-:1:\t' -k 'char:10:强' \
	    -k '-:1:\x18y\r' -k '-:10:' -i $idle -q 'qqy\r' fengqiao "$fengqiao"
}

keys_data() {
	python3 tests/bench/gen_records.py persons 5000 >"$lab/lines.txt"
	mkdir "$lab/files"
	while IFS=, read -r name number rest; do
		: >"$lab/files/$name$number"
	done <"$lab/lines.txt"
	awk -F, 'NR > 1 { printf "From a@example.invalid Mon Jan  5 00:00:00 2026\n" \
	    "From: %s <a@example.invalid>\nSubject: %s %s\n" \
	    "Content-Type: text/plain; charset=UTF-8\n\n%s\n\n", \
	    $1, $4, $2, $3 }' "$lab/lines.txt" >"$lab/mbox"
	{
		echo '<rss version="2.0"><channel><title>县局</title>'
		awk -F, 'NR > 1 && NR < 1000 { printf "<item><title>%s %s</title>" \
		    "<guid>%s</guid><description>%s</description></item>\n", \
		    $1, $4, $2, $3 }' "$lab/lines.txt"
		echo '</channel></rss>'
	} >"$lab/feed.xml"
	echo "file://$lab/feed.xml" >"$lab/urls"
	! command -v newsboat >/dev/null || HOME=$lab newsboat -q -u "$lab/urls" \
	    -c "$lab/feed.db" -x reload >/dev/null 2>&1
	git init -q "$lab/git"
	awk -F, 'NR > 1 && NR < 3000 { text = $1 " " $4
	    printf "commit refs/heads/main\ncommitter %s <a@example.invalid> " \
	    "%d +0800\ndata <<END\n%s\nEND\n\n", $1, 1750000000 + NR, text }' \
	    "$lab/lines.txt" | git -C "$lab/git" fast-import --quiet
	git -C "$lab/git" symbolic-ref HEAD refs/heads/main
}

keys_peers() {
	have less && pty -k "line:3:$down" -k "-:1:$downs$downs" \
	    -k "bottom:3:$down" -k 'page:3: ' -k "queue:1:$hundred" -k '-:1:/' \
	    -k 'char:3:强' -i $idle -q '\x03q' less less "$lab/lines.txt"
	have vim && pty -k "line:3:$down" -k "-:1:$downs$downs" \
	    -k "bottom:3:$down" -k 'page:3:\x06' -k "queue:1:$hundred" -k '-:1:O' \
	    -k 'char:3:强' -i $idle -q '\e\e:q!\r' vim vim -u NONE -n \
	    "$lab/lines.txt"
	have nano && pty -k "line:3:$down" -k "-:1:$downs$downs" \
	    -k "bottom:3:$down" -k 'page:3:\x16' -k "queue:1:$hundred" \
	    -k 'char:3:强' -i $idle -q '\x18n' nano nano "$lab/lines.txt"
	have mc && pty -e HOME="$lab" -r 1Help -k "line:3:$down" \
	    -k "-:1:$downs$downs" -k "bottom:3:$down" -k 'page:3:\x16' \
	    -k "queue:1:$hundred" -k 'char:3:强' -i $idle -q '\x15\e0\r' mc \
	    mc -u "$lab/files"
	have mutt && pty -e HOME="$lab" -k "line:3:j" -k "-:1:$downs$downs" \
	    -k "bottom:3:j" -k 'page:3:z' -k "queue:1:$hundred" -k '-:1:l' \
	    -k 'char:3:强' -i $idle -q '\x07x' mutt mutt -F /dev/null \
	    -e "set folder=$lab" -R -f "$lab/mbox"
	have tig && pty -e HOME="$lab" -e GIT_DIR="$lab/git/.git" -k "line:3:j" \
	    -k "-:1:$downs$downs" -k "bottom:3:j" -k 'page:3: ' \
	    -k "queue:1:$hundred" -k '-:1:/' -k 'char:3:强' -i $idle \
	    -q '\x07\x07Q' tig tig
	have newsboat && pty -e HOME="$lab" -k '-:1:\r' -k "line:3:$down" \
	    -k "-:1:$downs$downs" -k "bottom:3:$down" -k 'page:3:\e[6~' \
	    -k "queue:1:$hundred" -k '-:1:/' -k 'char:3:强' -i $idle -q '\x07Q' \
	    newsboat newsboat -q -u "$lab/urls" -c "$lab/feed.db"
	have htop && pty -e HOME="$lab" -r F10 -k "line:3:$down" -i $idle -q q htop \
	    htop -d 100
	have fzf && pty -e HOME="$lab" -k "line:3:$down" -k "-:1:$downs$downs" \
	    -k "bottom:3:$down" -k 'page:3:\e[6~' -k "queue:1:$hundred" \
	    -k 'char:3:强' -i $idle -q '\x03' fzf \
	    sh -c 'fzf --layout=reverse <"$1"' sh "$lab/lines.txt"
}

keys_table() {
	awk -F'\t' -v term="$term" '
	function put(p, l, what) {
		return (p, l) in what ? what[p, l] : "-"
	}
	!($1 in seen) { seen[$1] = ++programs; name[programs] = $1 }
	$3 > 0 || $2 == "idle" {
		bytes[$1, $2] = $3; ms[$1, $2] = $4; writes[$1, $2] = $5
	}
	END {
		columns = split("start line bottom page queue char open find idle", \
		    column, " ")
		printf "  %-15s", term
		for (i = 1; i <= columns; i++) printf " %7s", column[i]
		printf " %9s %9s %9s %7s\n", "start ms", "line ms", \
		    "wake-ups", "MB"
		for (n = 1; n <= programs; n++) {
			p = name[n]
			printf "  %-15s", p
			for (i = 1; i <= columns; i++)
				printf " %7s", put(p, column[i], bytes)
			printf " %9s %9s %9s %7.1f\n", put(p, "start", ms), \
			    put(p, "line", ms), put(p, "idle", writes), \
			    bytes[p, "memory"] / 1024
		}
		printf "  %-15s", "ours/least"
		for (i = 1; i <= columns; i++) {
			least = -1
			for (n = 2; n <= programs; n++) {
				v = put(name[n], column[i], bytes)
				if (v != "-" && (least < 0 || v < least)) least = v + 0
			}
			mine = put(name[1], column[i], bytes)
			if (least > 0 && mine != "-") printf " %6.2fx", mine / least
			else printf " %7s", "-"
		}
		printf "\n"
	}' "$lab/keys"
	echo "  writes of ours for a line, a page, a hundred lines: $(awk -F'\t' '
	    $1 == "fengqiao" && $2 ~ /^(line|page|queue)$/ {
		printf "%s%s", gap, $5; gap = ", " }' "$lab/keys")"
}

bench_keys() {
	head_line "Terminals of 80x24, 5,000 rows of Chinese: bytes a key"
	keys_data
	for one_term in ${TERMS:-$terms}; do
		choose_keys "$one_term"
		: >"$lab/keys"
		keys_ours
		keys_peers
		keys_table
	done
	"$bench/storebench" drop "$lab/keys-cache"
}

# ---- the lookup ----

# Processor time of whole processes, the median of five: fzf reads its list
# anew at each --filter, as a shell pipe would have it do.
fzf_ms() {	# LIST
	command -v fzf >/dev/null || return
	for typed in zs zhangwei 0317 王伟 154; do
		"$bench/measure" "$lab/fzf" fzf --filter "$typed" <"$1" \
		    >/dev/null
		cut -d' ' -f2 "$lab/fzf"
	done | sort -n | sed -n 3p
}

bench_lookup() {
	head_line "The lookup, a key: microseconds of processor time, p50 / p99"
	printf '  %-10s %15s %19s %19s %9s %9s %s\n' persons ours \
	    "SQLite LIKE" "FTS5 trigram" "x LIKE" "x FTS5" "fzf --filter"
	for count in ${PERSONS:-5000 50000 1000000}; do
		"$bench/lookupbench" $count "$lab/people" >"$lab/lookup" ||
		    return
		awk -F'\t' -v count=$count -v fzf="$(fzf_ms \
		    "$lab/people")" '
		{ half[$1] = $2; most[$1] = $3 }
		END {
			printf "  %-10d %6.0f / %6.0f %8.0f / %8.0f", count, \
			    half["ours"], most["ours"], half["like"], \
			    most["like"]
			printf " %8.0f / %8.0f %9.3f %9.3f %s\n", \
			    half["fts5"], most["fts5"], \
			    half["ours"] / half["like"], \
			    half["ours"] / half["fts5"], \
			    fzf == "" ? "not installed" : fzf " ms"
		}' "$lab/lookup"
	done
}

bench_list() {
	head_line "A list of ${ROWS:-100000} rows: milliseconds of processor time a key"
	printf '  %-34s %10s %10s %6s\n' "" first again rows
	mkdir -m 700 "$lab/list"
	"$bench/listbench" "${ROWS:-100000}" "$lab/list" |
	    awk -F'\t' '
	    { printf "  %-34s %10s %10s %6d\n", $1, $2, $3, $4 }'
}

lab_open
for part in $parts; do
	"bench_$part"
done
