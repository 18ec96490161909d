#!/bin/sh
# A server that is asked what nobody's program asks, by people who are signed in
# (T7-T10, T14, T16, T32, T33): every call of its own description, with bodies,
# numbers, paths, headers and tokens that are none.  A clerk's calls, then what
# a chief's role and a county leader's open.
. tests/kit/lab.sh

lab_open
must user_add hu 胡为民 $county county_leader
lab_serve

# asked USER OFFICE [bodies]: each result of it is one of ours
asked() {
	asked_code=$("$fengqiaod" enroll-code --data "$lab/ledger" \
	    --office "$2" | tail -1)
	python3 tests/sync/threat_requests.py "$url" "$lab/ledger/ca.pem" \
	    "$asked_code" "$1" "$password" src/server/openapi.json $3 \
	    >"$lab/results" 2>"$lab/said"
	same "T32 the server answered all that $1 asked" 0 $?
	show "$lab/said"
	while read -r asked_line; do
		case $asked_line in
		'ok - '*) ok "${asked_line#ok - }" ;;
		'not ok - '*) not_ok "${asked_line#not ok - }" ;;
		*) printf '%s\n' "$asked_line" ;;
		esac
	done <"$lab/results"
}

# kept: what the server holds, in kB
kept() {
	sed -n 's/^VmRSS:[[:space:]]*\([0-9]*\).*/\1/p' \
	    "/proc/$server_pid/status"
}

asked wang ${county}001
kept=$(kept)
asked li ${county}001 bodies
asked hu $county bodies
echo "# the server held $kept kB, then $(kept) kB"
same "T32 the second and the third who ask leave less than 32 MB" yes \
    "$([ $(($(kept) - kept)) -lt 32768 ] && echo yes)"
same "T32 nothing of it made the server fail" "" \
    "$(grep -E ': 5[0-9][0-9] |internal' "$lab/server.log" | head -3)"
same "T32 it took less than 256 MB" yes "$([ "$(sed -n \
    's/^VmHWM:[[:space:]]*\([0-9]*\).*/\1/p' "/proc/$server_pid/status")" -lt 262144 ] &&
    echo yes)"
plan
