# A laboratory for the suites of tests/sync and tests/fault: a throw-away folder
# with a county, two offices, their users and a server on loopback, and as many
# caches as a suite wants.  To be sourced from the top of the tree; everything
# is stopped and removed at the end, however that comes.
#
#   lab_open                     folder, ledger, offices, users; no server yet
#   lab_serve | lab_stop         the server; lab_stop kills it
#   lab_cache A user [URL]       enrol the cache A and sign the user in
#   fq A find ...                fengqiao on that cache, signed in
#   imported A REGISTER FILE     a spreadsheet; what is refused of it (status 1)
#                                is in $lab/refused.csv
#   call A USER PATH [BODY]      fengqiao call as that user of the cache A
#   lab_proxy PROGRAM ARGS...    a bad line in front: $proxy_url
#   watch_start A FILE           sync --watch of that cache
#
#   ok NAME | not_ok NAME        one result
#   yes NAME COMMAND...          ok if the command answers 0
#   same NAME WANTED GOT         ok if the two texts are equal
#   says NAME STATUS COMMAND...  ok if the command ends with this status and one
#                                sentence on standard error, which stays in
#                                $lab/said
#
# LAB_KEYRING=no: as if the kernel could keep no key between commands.
BUILD=${BUILD:-build/gcc}
fengqiao=$PWD/$BUILD/fengqiao
fengqiaod=$PWD/$BUILD/fengqiaod
tools=$PWD/$BUILD/tests
data=$PWD/tests/data
county=999900
password=Fengqiao-2026
export FENGQIAO_LANG=en LC_ALL=C.UTF-8
unset FENGQIAO_HOME FENGQIAO_SCREENS
lab_results=0 lab_failed=0 server_pid='' port=0 proxy_pid='' watch_pid=''

ok() {
	lab_results=$((lab_results + 1))
	echo "ok $lab_results - $1"
}

not_ok() {
	lab_results=$((lab_results + 1)) lab_failed=$((lab_failed + 1))
	echo "not ok $lab_results - $1"
}

# show FILE...: what was said, as TAP comments
show() {
	for shown in "$@"; do
		[ -s "$shown" ] && sed 's/^/#   /' "$shown" | tail -15
	done
}

yes() {
	yes_name=$1
	shift
	if "$@" >"$lab/out" 2>"$lab/said"; then
		ok "$yes_name"
	else
		not_ok "$yes_name"
		show "$lab/said" "$lab/out"
	fi
}

same() {
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1"
		echo "#   wanted: $2"
		echo "#   got:    $3"
	fi
}

says() {
	says_name=$1 says_wanted=$2 says_status=0
	shift 2
	"$@" >"$lab/out" 2>"$lab/said" || says_status=$?
	if [ "$says_status" -eq "$says_wanted" ] &&
	    [ "$(wc -l <"$lab/said")" -eq 1 ]; then
		ok "$says_name"
		show "$lab/said"
	else
		not_ok "$says_name"
		echo "#   status $says_status, wanted $says_wanted"
		show "$lab/said" "$lab/out"
	fi
}

# must COMMAND...: without this the rest makes no sense
must() {
	"$@" >"$lab/out" 2>"$lab/said" && return 0
	not_ok "the laboratory stands"
	echo "#   $*"
	show "$lab/said" "$lab/out" "$lab/server.log"
	exit 1
}

plan() {
	echo "1..$lab_results"
	[ "$lab_failed" -eq 0 ]
}

# number NAME <JSON: the first number of that name
number() {
	grep -o "\"$1\": *-\{0,1\}[0-9]*" | head -1 | sed 's/.*: *//'
}

# text NAME <JSON: the first text of that name, without escapes
text() {
	grep -o "\"$1\": *\"[^\"]*\"" | head -1 | sed 's/.*: *"//; s/"$//'
}

# texts NAME <JSON: all of them, one a line
texts() {
	grep -o "\"$1\": *\"[^\"]*\"" | sed 's/.*: *"//; s/"$//'
}

lab_end() {
	lab_status=$?
	trap - EXIT INT TERM HUP
	lab_stop
	[ -n "$proxy_pid" ] && kill "$proxy_pid" 2>/dev/null
	[ -n "$watch_pid" ] && kill "$watch_pid" 2>/dev/null
	for lab_home in "$lab"/cache-*; do
		[ -d "$lab_home" ] && "$fengqiao" logout --home "$lab_home" \
		    >/dev/null 2>&1
	done
	command -v lab_more >/dev/null && lab_more
	rm -rf "$lab"
	exit "$lab_status"
}

user_add() {
	printf '%s\n' "$password" | "$fengqiaod" user add --data "$lab/ledger" \
	    "$1" --name "$2" --office "$3" --role "$4" --password-stdin
}

# An empty folder that goes away; enough for suites without a server.
lab_folder() {
	lab=$(mktemp -d "${TMPDIR:-/tmp}/fengqiao-lab.XXXXXX") || exit 70
	trap lab_end EXIT
	trap 'exit 130' INT TERM HUP
}

lab_open() {
	lab_folder
	must "$fengqiaod" init --data "$lab/ledger" --county $county \
	    --name 枫桥县司法局 --host 127.0.0.1 --host localhost
	must "$fengqiaod" office add --data "$lab/ledger" ${county}001 青石司法所
	must "$fengqiaod" office add --data "$lab/ledger" ${county}002 白水司法所
	must user_add wang 王建国 ${county}001 clerk
	must user_add li 李秀英 ${county}001 chief
	must user_add chen 陈志强 ${county}002 clerk
	must user_add fang 方海 ${county}002 chief
	must user_add zhao 赵明 $county county_correction
	must user_add sun 孙立 $county county_command
}

# The server; its line "listening on" comes through a pipe, so that there is
# nothing to wait for in a loop.
lab_serve() {
	rm -f "$lab/pipe"
	mkfifo "$lab/pipe"
	"$fengqiaod" serve --data "$lab/ledger" --listen "127.0.0.1:$port" \
	    >"$lab/pipe" 2>>"$lab/server.log" &
	server_pid=$!
	exec 9<"$lab/pipe"
	lab_line=
	while read -r lab_line <&9; do
		case $lab_line in *'listening on '*) break ;; esac
	done
	url=https://127.0.0.1:${lab_line##*:}
	port=${lab_line##*:}
	case $port in
	''|*[!0-9]*)
		port=0
		not_ok "the server listens"
		show "$lab/server.log"
		exit 1
		;;
	esac
}

# lab_stop [SIGNAL]
lab_stop() {
	[ -n "$server_pid" ] || return 0
	kill -s "${1:-KILL}" "$server_pid" 2>/dev/null
	wait "$server_pid" 2>/dev/null
	server_pid=
	exec 9<&-
}

lab_login() {
	printf '%s\n' "$password" | "$fengqiao" login "$2" --password-stdin \
	    --home "$lab/cache-$1"
}

lab_cache() {
	lab_office=${county}001
	case $2 in
	chen|fang) lab_office=${county}002 ;;
	zhao|sun|qian) lab_office=$county ;;
	esac
	lab_code=$("$fengqiaod" enroll-code --data "$lab/ledger" \
	    --office "$lab_office" | tail -1)
	must "$fengqiao" enroll "${3:-$url}" --code "$lab_code" \
	    --cacert "$lab/ledger/ca.pem" --home "$lab/cache-$1"
	must lab_login "$1" "$2"
	eval "lab_user_$1=$2"
	if [ "${LAB_KEYRING:-yes}" = yes ] &&
	    "$fengqiao" whoami --home "$lab/cache-$1" >/dev/null 2>&1; then
		eval "lab_kept_$1=yes"
	else
		eval "lab_kept_$1=no"
	fi
}

fq() {
	fq_cache=$1
	shift
	if eval "[ \"\$lab_kept_$fq_cache\" = yes ]"; then
		"$fengqiao" "$@" --home "$lab/cache-$fq_cache"
	else
		eval "fq_user=\$lab_user_$fq_cache"
		printf '%s\n' "$password" | "$fengqiao" "$@" \
		    --home "$lab/cache-$fq_cache" --user "$fq_user" \
		    --password-stdin
	fi
}

imported() {
	rm -f "$lab/refused.csv"
	imported_status=0
	imported_cache=$1
	shift
	fq "$imported_cache" import "$@" --refused "$lab/refused.csv" ||
	    imported_status=$?
	case $imported_status in
	0) [ ! -e "$lab/refused.csv" ] ;;
	1) [ -s "$lab/refused.csv" ] ;;
	*) false ;;
	esac
}

call() {
	call_cache=$1 call_user=$2 call_path=$3
	if [ -n "${4:-}" ]; then
		set -- - "$4"
	else
		set --
	fi
	printf '%s\n%s' "$password" "${2:-}" | "$fengqiao" call "$call_path" \
	    ${1:-} --home "$lab/cache-$call_cache" --user "$call_user" \
	    --password-stdin
}

# lab_proxy PROGRAM ARGUMENTS...: one of the bad lines of tests/sync before the
# server; its address is then in $proxy_url, its process in $proxy_pid
lab_proxy() {
	lab_program=$1
	shift
	rm -f "$lab/proxy.pipe"
	mkfifo "$lab/proxy.pipe"
	"$tools/sync/$lab_program" "$port" "$@" >"$lab/proxy.pipe" \
	    2>>"$lab/server.log" &
	proxy_pid=$!
	read -r lab_line <"$lab/proxy.pipe"
	proxy_url=https://127.0.0.1:${lab_line##* }
}

# soon SECONDS COMMAND...: does it hold within so many seconds?
soon() {
	soon_tenths=$(($1 * 10))
	shift
	while ! "$@" >"$lab/out" 2>"$lab/said"; do
		soon_tenths=$((soon_tenths - 1))
		[ "$soon_tenths" -gt 0 ] || return 1
		sleep 0.1
	done
}

# watch_start CACHE FILE: keep it in step, what happens into FILE; $watch_pid.
# Not through fq: signals are for the program itself.
watch_start() {
	eval "watch_user=\$lab_user_$1"
	printf '%s\n' "$password" | "$fengqiao" sync --watch --progress --json \
	    --home "$lab/cache-$1" --user "$watch_user" --password-stdin \
	    >"$2" 2>"$2.err" &
	watch_pid=$!
}

delivered() {
	[ "$(fq "$1" status --json | number waiting)" = 0 ]
}

# How many of a register's rows a cache has.
rows() {
	fq "$1" list "$2" --json | grep -c .
}

# Everything a cache holds, in an order that does not depend on it.
contents() {
	for contents_register in person mediation_case mediation_party \
	    mediation_session correction_subject correction_event \
	    resettlement_subject; do
		fq "$1" export "$contents_register" --format json || return 1
	done | sort
}
