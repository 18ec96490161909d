#!/bin/sh
# Bytes of strangers at each door, and TAP.   fuzz.sh BUILD SECONDS|runs DOOR...
#
# Each begins with tests/fuzz/corpus/DOOR and with what earlier runs found out,
# which is in BUILD/fuzz/DOOR/found.  A finding is kept in BUILD/fuzz/DOOR; play
# it again with   BUILD/tests/fuzz/DOOR FILE
#
# "runs" instead of seconds: so many inputs as each door takes in a few
# seconds, the same ones whenever nothing has changed, and nothing is kept.
#
# FUZZ_JOBS=2: so many doors at a time.  Where others use the processors a door
# gets few inputs in its seconds; it is stopped half a minute after them.
set -u
cd "$(dirname "$0")/../.." || exit 70
build=${1:?usage: fuzz.sh BUILD SECONDS|runs DOOR...}
much=${2:?how many seconds for each}
shift 2
if [ "${FUZZ_JOBS:-1}" -gt 1 ]; then
	printf '%s\n' "$@" | FUZZ_JOBS=1 xargs -n 1 -P "$FUZZ_JOBS" \
	    sh "$0" "$build" "$much"
	exit
fi
status=0
trap 'exit 130' HUP INT TERM
export ASAN_OPTIONS="allocator_may_return_null=1:${ASAN_OPTIONS-}"

# a door that works with a database takes longer for each
runs() {
	case $1 in
	api) echo 500 ;;
	lookup | page | sheet) echo 2500 ;;
	definitions) echo 5000 ;;
	lineedit | utf8) echo 15000 ;;
	*) echo 40000 ;;
	esac
}

# the longest input: several files of definitions, a request with all its sums
longest() {
	case $1 in
	api | definitions) echo 16384 ;;
	*) echo 4096 ;;
	esac
}

# words that belong to the door, one a line and quoted as libFuzzer wants them
words() {
	case $1 in
	definitions)
		grep -ho '"[@a-z_][a-z_]*"' src/core/*.c ;;
	wire | page | api)
		sed 's/\\"/"/g' src/core/wire*.c src/core/op.c |
		    grep -o '"[a-z][a-z]*"' ;;
	json)
		printf '%s\n' true false null 'u0000' 'ud800' 1e9 ;;
	sheet)
		printf '%s\n' 2026-03-05 990101199003071234 13800138000 ;;
	lineedit | lookup | utf8)
		echo zhang ;;
	esac | sort -u | sed 's/"/\\"/g; s/.*/"&"/'
}

for door in "$@"; do
	seeds=tests/fuzz/corpus/$door
	home=$build/fuzz/$door
	mkdir -p "$home/found"
	log=$home/log.$much dictionary=$home/words.$much
	words "$door" >"$dictionary"
	set -- -artifact_prefix="$home/" -dict="$dictionary" -max_len="$(longest "$door")" \
	    -rss_limit_mb=1500 -timeout=300 -print_final_stats=1 -close_fd_mask=1
	if [ "$much" = runs ]; then
		n=$(runs "$door")
		rm -rf "$home/short" && mkdir "$home/short"
		set -- "$@" -seed=1 -runs="$n" "$home/short" "$seeds"
		limit=0
	else
		set -- "$@" -max_total_time="$much" -interrupted_exitcode=0 \
		    "$home/found" "$seeds"
		limit=$((much + 30))
	fi
	if timeout --preserve-status -s TERM -k 60 "$limit" \
	    "$build/tests/fuzz/$door" "$@" >"$log" 2>&1; then
		echo "ok - $door: $(sed -n \
		    's/^stat::number_of_executed_units: *//p' "$log")" \
		    "inputs, $(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' \
		    "$log" | tail -1) places reached"
	else
		echo "not ok - $door: see $log"
		tail -40 "$log" | sed 's/^/#   /'
		status=1
	fi
done
exit $status
