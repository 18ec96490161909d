#!/bin/sh
# The first day of a county: ledger, offices, users, two caches of one office
# and one of another; the office's three spreadsheets go in, and what comes out
# agrees with tests/data/office/expected.json.
. tests/kit/lab.sh
office=tests/sync/office.py
files="correction_subject:correction_subjects mediation_case:mediation_cases
    resettlement_subject:resettlement_subjects"

count() {
	fq "$1" list "$2" --json | wc -l
}

lab_open
lab_serve
lab_cache A wang
lab_cache B li
lab_cache C chen
ok "a county begins: ledger, offices, users, server, three caches"

# trying writes nothing
for pair in $files; do
	register=${pair%:*} file=$data/office/${pair#*:}.csv
	fq A import "$register" "$file" --dry-run --json >"$lab/tried" 2>&1
	same "$register, tried: good rows" "$(python3 $office good "$file")" \
	    "$(number good <"$lab/tried")"
	same "$register, tried: nothing is there" 0 "$(count A "$register")"
done

# the good rows go in, the others are told with line, column, value, reason
for pair in $files; do
	register=${pair%:*} name=${pair#*:} file=$data/office/${pair#*:}.csv
	good=$(python3 $office good "$file")
	refused=$(python3 $office refused "$file")
	fq A import "$register" "$file" --refused "$lab/$name-refused.csv" \
	    --json >"$lab/$name.json" 2>"$lab/said"
	same "$register: good rows" "$good" "$(number good <"$lab/$name.json")"
	same "$register: refused rows" "$refused" \
	    "$(number refused <"$lab/$name.json")"
	same "$register: each good row is a record" "$good" \
	    "$(count A "$register")"
	if [ "$refused" -gt 0 ]; then
		same "$register: a file of the refused rows" yes \
		    "$([ -s "$lab/$name-refused.csv" ] && echo yes)"
	fi
done

# the same again changes nothing
contents A >"$lab/before"
for pair in $files; do
	register=${pair%:*} file=$data/office/${pair#*:}.csv
	fq A import "$register" "$file" --refused "$lab/again.csv" --json \
	    >"$lab/again" 2>"$lab/said"
	same "$register again: added 0, completed 0" "0 0" \
	    "$(number added <"$lab/again") $(number filled <"$lab/again")"
done
contents A >"$lab/after"
yes "a second import changes nothing" cmp -s "$lab/before" "$lab/after"

# what was refused is mended in its file and imported
for pair in $files; do
	register=${pair%:*} name=${pair#*:} file=$data/office/${pair#*:}.csv
	[ -s "$lab/$name-refused.csv" ] || continue
	python3 $office mend "$lab/$name-refused.csv" "$lab/mended.csv"
	fq A import "$register" "$lab/mended.csv" \
	    --refused "$lab/still-refused.csv" --json >"$lab/mended.json" \
	    2>"$lab/said"
	same "$register: mended rows go in" \
	    "$(python3 $office refused "$file") 0" \
	    "$(number added <"$lab/mended.json") $(number refused \
	    <"$lab/mended.json")"
	[ "$(number refused <"$lab/mended.json")" = 0 ] ||
	    show "$lab/mended.json"
done

# up, and down to the colleague; not to the other office
waiting=$(fq A status --json | number waiting)
fq A sync --json >"$lab/pushed" 2>"$lab/said" || show "$lab/said"
same "everything is delivered" "$waiting 0 0" \
    "$(number pushed <"$lab/pushed") $(number refused <"$lab/pushed") \
$(number conflicts <"$lab/pushed")"
yes "the colleague fetches" fq B sync --json
number pulled <"$lab/out" >"$lab/pulled"
contents A >"$lab/a"
same "each record comes once" "$(wc -l <"$lab/a")" "$(cat "$lab/pulled")"
contents B >"$lab/b"
yes "both caches hold the same" cmp -s "$lab/a" "$lab/b"
diff "$lab/a" "$lab/b" | head -4 | cut -c1-300 | sed 's/^/#   /'
yes "the other office syncs" fq C sync
same "and holds none of it" 0 "$(count C correction_subject)"
fq A sync --json >"$lab/idle" 2>"$lab/said"
same "nothing to do: one request" "0 0 1" "$(number pushed <"$lab/idle") \
$(number pulled <"$lab/idle") $(number requests <"$lab/idle")"

# both are told the same work, each item with its article
fq A due --json >"$lab/due-a" 2>"$lab/said" || show "$lab/said"
fq B due --json >"$lab/due-b" 2>"$lab/said" || show "$lab/said"
same "something is due" yes "$([ -s "$lab/due-a" ] && echo yes)"
yes "the same on both caches" cmp -s "$lab/due-a" "$lab/due-b"
same "each item names its article" "$(wc -l <"$lab/due-a")" \
    "$(grep -c '"article":"[^"]' "$lab/due-a")"
fq A due --days 366 --json >"$lab/due-far" 2>"$lab/said"
same "more of it within a year" yes "$([ "$(wc -l <"$lab/due-far")" -gt \
    "$(wc -l <"$lab/due-a")" ] && echo yes)"
same "nothing of it in the other office" 0 "$(fq C due --json | wc -l)"

# lookup of someone who came with the sync
for query in 揭军红 jjh 5079 16314041768; do
	fq B find --json --unmask "$query" >"$lab/found" 2>"$lab/said"
	same "found on the other cache by ${query}" yes \
	    "$(grep -q 349808199906075079 "$lab/found" && echo yes)"
done
says "nobody of that name" 1 fq B find 欧阳无此人

# whole, and nothing in clear anywhere
yes "cache A is whole" fq A check
yes "cache B is whole" fq B check
yes "the ledger is whole" "$fengqiaod" check --data "$lab/ledger"
python3 $office secrets "$data"/office/*.csv >"$lab/secrets"
fq A export person --format json >"$lab/clear"
same "the patterns would be found in clear" yes \
    "$([ "$(grep -acFf "$lab/secrets" "$lab/clear")" -gt 500 ] && echo yes)"
for cache in A B; do
	same "no name, id number or telephone in cache $cache" 0 \
	    "$(find "$lab/cache-$cache" -type f -exec cat {} + |
	    grep -acFf "$lab/secrets")"
done
same "none in what the server says" 0 \
    "$(grep -acFf "$lab/secrets" "$lab/server.log")"

# a copy opens, and is as sealed as the cache
yes "a backup while it is open" fq A backup "$lab/copy.db"
same "no name in the backup" 0 "$(grep -acFf "$lab/secrets" "$lab/copy.db")"
says "a backup never writes over a file" 1 fq A backup "$lab/copy.db"
mkdir -m 700 "$lab/cache-R"
cp "$lab/copy.db" "$lab/cache-R/cache.db"
lab_user_R=wang lab_kept_R=no
fq R export person --format json >"$lab/restored" 2>"$lab/said"
sort "$lab/clear" >"$lab/one"
sort "$lab/restored" >"$lab/two"
yes "a restored copy opens and holds the same" cmp "$lab/one" "$lab/two"
yes "and is whole" fq R check
plan
