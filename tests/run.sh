#!/bin/sh
# Runs test programs that print TAP, one after the other, shows what failed and
# ends with "N passed, N failed".  A program that dies, times out or reports no
# test counts as one failure.   run.sh PROGRAM...
passed=0 failed=0
out=$(mktemp) || exit 70
trap 'rm -f "$out"' EXIT
export CMOCKA_MESSAGE_OUTPUT=TAP
for program in "$@"; do
	# a program, or a command line such as "sh tests/sync/first_day.sh"
	timeout "${TEST_TIMEOUT:-600}" $program >"$out" 2>&1
	status=$?
	good=$(grep -c '^ok ' "$out")
	bad=$(grep -c '^not ok ' "$out")
	name=${program##*/tests/}
	if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
		bad=1
		echo "not ok - $name ended with status $status"
	elif [ "$good" -eq 0 ] && [ "$bad" -eq 0 ]; then
		bad=1
		echo "not ok - $name reported no test"
	fi
	[ "$bad" -gt 0 ] && sed "s|^|# $name: |" "$out" | tail -60
	passed=$((passed + good)) failed=$((failed + bad))
	echo "# $name: $good passed, $bad failed"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
