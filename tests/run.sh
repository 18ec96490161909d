#!/bin/sh
# Runs test programs that print TAP, as many at a time as there are processors
# (or TEST_JOBS), shows what failed and ends with "N passed, N failed".  A program
# that dies, times out or reports no test counts as one failure.
#   run.sh PROGRAM...	a program, or a command line: "sh tests/sync/first_day.sh"
#   run.sh --beside PROGRAM ... PROGRAM...	those first ones one after the other,
#			beside all others: what waits most of its time, or is nice
export CMOCKA_MESSAGE_OUTPUT=TAP

# run.sh --one FOLDER PROGRAM: one of them; its result is added to FOLDER/results
if [ "$1" = --one ]; then
	folder=$2 program=$3
	name=${program##*/tests/}
	out=$(mktemp "$folder/XXXXXX") || exit 70
	began=$(date +%s)
	# shellcheck disable=SC2086
	timeout "${TEST_TIMEOUT:-600}" $program >"$out" 2>&1 </dev/null
	status=$?
	good=$(grep -c '^ok ' "$out")
	bad=$(grep -c '^not ok ' "$out")
	exec 8>>"$folder/results"
	flock 8
	if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
		bad=1
		echo "not ok - $name ended with status $status"
	elif [ "$good" -eq 0 ] && [ "$bad" -eq 0 ]; then
		bad=1
		echo "not ok - $name reported no test"
	fi
	[ "$bad" -gt 0 ] && sed "s|^|# $name: |" "$out" | tail -60
	echo "# $name: $good passed, $bad failed, $(($(date +%s) - began)) s"
	echo "$good $bad" >&8
	rm -f "$out"
	exit 0
fi

folder=$(mktemp -d) || exit 70
: >"$folder/results"
beside= together=$#
# a session of its own, so that nothing of it is left when we are stopped
end() {
	[ -n "$beside" ] && pkill -TERM -s "$beside" 2>/dev/null
	rm -rf "$folder"
}
trap end EXIT
trap 'exit 130' HUP INT TERM
while [ "$1" = --beside ]; do
	printf '%s\0' "$2" >>"$folder/beside"
	together=$((together - 1))
	shift 2
done
if [ -e "$folder/beside" ]; then
	TEST_TIMEOUT=${BESIDE_TIMEOUT:-900} setsid xargs -0 -n 1 \
	    sh "$0" --one "$folder" <"$folder/beside" &
	beside=$!
fi
jobs=${TEST_JOBS:-$(nproc 2>/dev/null || echo 1)}
printf '%s\0' "$@" |
    xargs -0 -n 1 -P "$jobs" sh "$0" --one "$folder"
[ -n "$beside" ] && wait "$beside"
beside=
awk -v wanted="$together" '{ good += $1; bad += $2 }
	END {
		bad += wanted - NR	# stopped before it could say anything
		printf "%d passed, %d failed\n", good, bad
		exit bad > 0
	}' "$folder/results"
