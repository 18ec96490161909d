#!/bin/sh
# People and computers over the line: the head of an office takes in a clerk and
# a computer from their own cache, with what is shown there and nothing else; the
# clerk works, is disabled, and what was not sent is in the county's quarantine.
# Nobody reaches into another office, and each act is in the trace.
. tests/kit/scenario.sh

signs_in() {
	printf '%s\n' "$2" | "$fengqiao" login "$1" --password-stdin \
	    --home "$lab/cache-N"
}

works() {
	works_password=$1
	shift
	printf '%s\n' "$works_password" | "$fengqiao" "$@" \
	    --home "$lab/cache-N" --user xin --password-stdin
}

trace() {
	"$fengqiaod" audit user li --data "$lab/ledger" --json | grep -c "$1"
}

lab_open
lab_serve
lab_cache B li
lab_cache C fang

# a clerk and a computer, by the head of the office
call B li /v1/people >"$lab/people"
same "the head of an office sees those of the office" "li wang" \
    "$(texts user <"$lab/people" | sort | tr '\n' ' ' | sed 's/ $//')"
call B li /v1/people/add "{\"user\":\"xin\",\"name\":\"辛勤\",
    \"role\":\"clerk\",\"office\":\"${county}001\"}" >"$lab/added"
first=$(text password <"$lab/added")
same "a first password is shown" 14 "$(printf %s "$first" | wc -c)"
call B li /v1/devices/code "{\"office\":\"${county}001\"}" >"$lab/code"
code=$(text code <"$lab/code")
yes "a computer is registered with the code" "$fengqiao" enroll "$url" \
    --code "$code" --cacert "$lab/ledger/ca.pem" --home "$lab/cache-N"
says "a second one is not" 3 "$fengqiao" enroll "$url" --code "$code" \
    --cacert "$lab/ledger/ca.pem" --home "$lab/cache-N2"
yes "the clerk signs in with the first password" signs_in xin "$first"
yes "and works" works "$first" add person kind=02 name=新来
yes "and sends it" works "$first" sync
call B li /v1/devices >"$lab/devices"
same "the computer was used by the clerk" 辛勤 \
    "$(texts user_name <"$lab/devices" | grep 辛勤)"

# what people are called, on the computers of the office
yes "the head of the office hears of the entry" fq B sync
entry=$(fq B list person --json | grep 新来 | text id)
same "and whose it is" 辛勤 \
    "$(fq B show "$entry" --json | text created_by_name)"
same "as the history says" 辛勤 "$(fq B history "$entry" | grep -o 辛勤 |
    head -1)"
call B li /v1/people/set '{"user":"xin","name":"辛苦"}' >"$lab/out"
yes "whose name changes" fq B sync
same "is called otherwise from now on" 辛苦 \
    "$(fq B show "$entry" --json | text created_by_name)"
call B li /v1/people/set '{"user":"xin","name":"辛勤"}' >"$lab/out"

# what is not theirs
says "a clerk looks after nobody" 3 works "$first" call /v1/people
says "another office's are not there" 1 \
    call C fang /v1/people/disable '{"user":"xin"}'
foreign=$(sed 's/ (No.*//' "$lab/said")
says "as who does not exist" 1 \
    call C fang /v1/people/disable '{"user":"nobody"}'
same "word by word" "$foreign" "$(sed 's/ (No.*//' "$lab/said")"
says "nor is their office to be given to" 1 call C fang /v1/people/add \
    "{\"user\":\"spy\",\"name\":\"x\",\"role\":\"clerk\",\"office\":\"${county}001\"}"
says "a head of office gives no role of the county" 3 \
    call B li /v1/people/set '{"user":"xin","role":"county_base"}'
says "nor disables themselves" 3 call B li /v1/people/disable '{"user":"li"}'
same "the clerk is a clerk" clerk "$("$fengqiaod" user list --json \
    --data "$lab/ledger" | grep '"xin"' | text role)"

# disabled, with an entry that was not sent
yes "another entry" works "$first" add person kind=02 name=未送出
yes "the clerk is disabled" call B li /v1/people/disable '{"user":"xin"}'
says "and refused at the next contact" 3 works "$first" sync
yes "the office goes on" fq B sync
same "and reads who it was that has left" 辛勤 \
    "$(fq B show "$entry" --json | text created_by_name)"
same "what was not sent is in quarantine" 1 "$("$fengqiaod" quarantine list \
    --json --data "$lab/ledger" | grep -c 未送出)"
call B li /v1/devices >"$lab/devices"
same "which the list of computers says" 1 \
    "$(grep -o '"aside":[1-9]' "$lab/devices" | wc -l)"
says "the data cannot be opened any more" 3 signs_in xin "$first"

# open again, with another first password
yes "the account is opened again" call B li /v1/people/enable '{"user":"xin"}'
call B li /v1/people/password '{"user":"xin"}' >"$lab/again"
says "the first password is none any more" 3 signs_in xin "$first"
yes "another one is" signs_in xin "$(text password <"$lab/again")"

# the computer
device=$(tr '{' '\n' <"$lab/devices" | grep 辛勤 | text device)
yes "the computer is revoked" call B li /v1/devices/revoke \
    "{\"device\":\"$device\"}"
says "and does nothing more" 3 works "$(text password <"$lab/again")" sync
says "another office's head cannot allow it" 1 call C fang /v1/devices/allow \
    "{\"device\":\"$device\"}"

# who did what to whom
same "who was taken in is in the trace" 1 \
    "$(trace "user add xin role=clerk office=${county}001")"
same "whose name stands beside" yes "$("$fengqiaod" audit user li \
    --data "$lab/ledger" | grep -q '李[^ ]*(li)' && echo yes)"
same "who was disabled" 1 "$(trace 'user disable xin')"
same "and which computer was revoked" 1 "$(trace "device revoke $device")"
same "no first password is in it" 0 "$(trace "$first")"
yes "the trace holds" "$fengqiaod" audit verify --data "$lab/ledger"

# without a line there is no answer, and nothing old
lab_stop
says "without a line nothing is known" 4 call B li /v1/people
plan
