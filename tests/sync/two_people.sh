#!/bin/sh
# A right that is added by two people (三权分立): at the server with both
# passwords and over the line from two caches.  Until the second one agrees
# nothing of it holds, across a restart too; less holds at once; a refusal leaves
# nothing; going back to one person is for two; all of it is in the trace.
. tests/kit/scenario.sh

# as USER COMMAND...: fengqiaod, with that person's password
as() {
	as_user=$1
	shift
	printf '%s\n' "$password" | "$fengqiaod" "$@" --data "$ledger" \
	    --by "$as_user" --password-stdin
}

# adds USER ROLE BY: another account at the office
adds() {
	printf '%s\n%s\n' "$password" "$password" | "$fengqiaod" user add \
	    "$1" --name 新人 --office ${county}001 --role "$2" --by "$3" \
	    --password-stdin --data "$ledger"
}

# call USER PATH [BODY]: over the line, from the cache of the county
call() {
	printf '%s\n%s' "$password" "${3:-}" | "$fengqiao" call "$2" \
	    ${3:+-} --home "$lab/cache-Z" --user "$1" --password-stdin
}

# member USER NAME: of what the ledger lists
member() {
	"$fengqiaod" user list --data "$ledger" --json | grep "\"$1\"" |
	    $3 "$2"
}

role() {
	member "$1" role text
}

waits() {
	member "$1" waits number
}

trace() {
	"$fengqiaod" audit user "$1" --data "$ledger" --json | grep -c "$2"
}

lab_open
lab_serve
ledger=$lab/ledger
says "two need two" 1 "$fengqiaod" user approvals two --data "$ledger"
must user_add zhou 周局长 $county county_leader
must user_add qin 秦保安 $county security_admin
yes "two are needed from now on" "$fengqiaod" user approvals two \
    --data "$ledger"

# at the server
says "nobody by name adds nothing" 3 "$fengqiaod" user set wang \
    --role chief --data "$ledger"
says "nor does who may not" 3 as li user set wang --role county_base
yes "a leader asks" as zhou user set wang --role chief
same "which adds nothing yet" clerk "$(role wang)"
says "who asked does not agree" 3 as zhou user agree "$(waits wang)"
says "nor who gains" 3 as wang user agree "$(waits wang)"
lab_stop
lab_serve
same "it waits after a restart" 1 "$(waits wang)"
yes "another one agrees" as qin user agree 1
same "and it is so" chief "$(role wang)"
says "once" 1 as qin user agree 1
yes "less is at once" "$fengqiaod" user set wang --role newcomer \
    --data "$ledger"
same "without anybody" newcomer "$(role wang)"
yes "a new account is asked for" adds xin clerk zhou
same "and closed" 1 "$("$fengqiaod" user list --data "$ledger" --json |
    grep '"xin"' | grep -c '"disabled":true')"
says "which nobody opens alone" 1 as qin user enable xin
yes "it is refused" as qin user refuse "$(waits xin)"
same "and leaves nothing" 0 "$("$fengqiaod" user list --data "$ledger" \
    --json | grep -c '"xin"')"

# over the line
must lab_cache Z zhou
must lab_login Z qin
call zhou /v1/people/set '{"user":"wang","role":"mediator"}' >"$lab/asked"
number=$(number waits <"$lab/asked")
same "the answer says that it waits" "$(waits wang)" "$number"
same "and adds nothing" newcomer "$(role wang)"
says "who asked does not agree" 3 call zhou /v1/people/agree \
    "{\"user\":\"wang\",\"request\":$number}"
call qin /v1/people >"$lab/people"
same "the list shows it to the other one" 1 \
    "$(grep -o '"may_agree":true' "$lab/people" | wc -l)"
says "another number is not agreed to" 5 call qin /v1/people/agree \
    '{"user":"wang","request":99}'
yes "the other one agrees" call qin /v1/people/agree \
    "{\"user\":\"wang\",\"request\":$number}"
same "and it is so" mediator "$(role wang)"

# back to one
says "one alone does not go back" 3 "$fengqiaod" user approvals one \
    --data "$ledger"
yes "one asks" as zhou user approvals one
says "and does not agree" 3 as zhou user agree 4
yes "the other one does" as qin user agree 4
yes "one is enough again" "$fengqiaod" user set wang --role clerk \
    --data "$ledger"
same "at once" clerk "$(role wang)"

# the trace
same "who asked is in the trace" 1 "$(trace zhou 'grant ask 1 wang')"
same "who agreed" 1 "$(trace qin 'grant agree 1 wang')"
same "who refused" 1 "$(trace qin 'grant refuse 2 xin')"
yes "the trace holds" "$fengqiaod" audit verify --data "$ledger"
plan
