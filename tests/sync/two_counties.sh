#!/bin/sh
# Two counties below one city in one ledger: nothing of one reaches the other,
# by sync, by any call or by a second computer; the city has both; and a person
# who moves from one to the other is offered, taken over, and seen by the new
# county alone.
. tests/kit/scenario.sh

# A: an office of this county, Y: of the one beside it
other=999901
here=9999

place() {
	place_code=$("$fengqiaod" enroll-code --data "$lab/ledger" \
	    --office "$3" | tail -1)
	must "$fengqiao" enroll "$url" --code "$place_code" \
	    --cacert "$lab/ledger/ca.pem" --home "$lab/cache-$1"
	lab_login "$1" "$2" >"$lab/out" 2>"$lab/said" || return 1
	eval "lab_user_$1=$2 lab_kept_$1=no"
}

has() {
	same "$1" "$2" "$(fq "$3" list person --json | texts name | sort |
	    tr '\n' ' ' | sed 's/ $//')"
}

lab_folder
must "$fengqiaod" init --data "$lab/ledger" --county $here --name 东海市司法局 \
    --host 127.0.0.1 --host localhost
for office in $county:枫桥县司法局 $other:白水县司法局 ${county}001:青石司法所 \
    ${other}001:白水司法所; do
	must "$fengqiaod" office add --data "$lab/ledger" "${office%%:*}" \
	    "${office#*:}"
done
says "a county of another city is refused" 1 "$fengqiaod" office add \
    --data "$lab/ledger" 999801 外县司法局
same "the offices are a tree" "0 1 2 1 2" "$("$fengqiaod" office list \
    --data "$lab/ledger" --json | sed 's/.*"depth"://; s/}.*//' |
    tr '\n' ' ' | sed 's/ $//')"
must user_add li 李秀英 ${county}001 chief
must user_add fang 方海 ${other}001 chief
must user_add zhao 赵明 $county county_correction
must user_add ma 马军 $county county_leader
must user_add qin 秦岭 $other county_correction
must user_add shi 石磊 $here city
says "a city's role is not given at a county" 1 user_add gao 高远 $county city
lab_serve
must place A li ${county}001
must place Y fang ${other}001
must place C zhao $county
must place D qin $other
must place T shi $here
yes "somebody of the county sits at its office's computer" lab_login A zhao
says "not at one of the other county" 3 lab_login Y zhao
says "nor at the city's" 3 lab_login T zhao
must lab_login C ma

person=$(fq A add person name=周强明 id_no=349804197001010014 2>/dev/null)
subject=$(fq A add correction_subject person_id="$person" category=01 \
    term_from=20250809 term_to=20280808 village=红旗村 2>/dev/null)
must fq Y add person name=吴志强 id_no=349804198404240273
go A Y C D T
has "an office has its own" 周强明 A
has "the county has what is below it" 周强明 C
has "the other county has what is below that" 吴志强 D
has "the city has both" "吴志强 周强明" T

# by every call about offices, people and computers
call C ma /v1/people >"$lab/people"
same "the county sees its own people" "li ma zhao" \
    "$(texts user <"$lab/people" | sort | tr '\n' ' ' | sed 's/ $//')"
same "and its own offices" "$county ${county}001" \
    "$(texts code <"$lab/people" | sort | tr '\n' ' ' | sed 's/ $//')"
call C ma /v1/devices >"$lab/devices"
same "and its own computers" "$county ${county}001" "$(texts office \
    <"$lab/devices" | sort -u | tr '\n' ' ' | sed 's/ $//')"
for act in "people/disable {\"user\":\"fang\"}" \
    "people/password {\"user\":\"shi\"}" \
    "people/set {\"user\":\"li\",\"office\":\"${other}001\"}" \
    "devices/code {\"office\":\"${other}001\"}" \
    "offices/rename {\"code\":\"$other\",\"name\":\"x\"}" \
    "offices/add {\"code\":\"999903\",\"name\":\"x\"}"; do
	says "not ${act%% *} of another county" 1 call C ma \
	    "/v1/${act%% *}" "${act#* }"
done
yes "an office of its own is added" call C ma /v1/offices/add \
    "{\"code\":\"${county}009\",\"name\":\"新所\"}"
says "the other county does not find its record" 1 fq D history "$subject"

# what is put aside from an office is for its own county to look at
must place B li ${county}001
must fq B add person name=钱多多 id_no=349804198601010047
must "$fengqiaod" device revoke --data "$lab/ledger" \
    "$("$fengqiaod" device list --data "$lab/ledger" --json | tail -1 |
    texts device)"
says "a computer that was sent away says its last" 3 fq B sync
call C zhao /v1/quarantine >"$lab/aside"
entry=$(texts entry <"$lab/aside")
same "its county sees that" "person" "$(texts register <"$lab/aside")"
call D qin /v1/quarantine >"$lab/aside"
same "the other one does not" "" "$(texts entry <"$lab/aside")"
for act in "show {\"entry\":\"$entry\"}" "take {\"entry\":\"$entry\"}" \
    "dismiss {\"entry\":\"$entry\",\"why\":\"x\"}"; do
	says "nor can it ${act%% *} that" 1 call D qin \
	    "/v1/quarantine/${act%% *}" "${act#* }"
done
yes "its own county takes it in" call C zhao /v1/quarantine/take \
    "{\"entry\":\"$entry\"}"
go C D T
has "and has it" "周强明 钱多多" C
has "the other county has not" 吴志强 D

# somebody moves from one county to the other
offer=$(fq A transfer "$subject" ${other}001 --why 居住地变更)
go A Y
same "it waits in the other county" "$subject" \
    "$(fq Y list correction_subject --json | text id)"
yes "which takes it over" fq Y accept "$subject"
go Y A C D T
same "it is there now" ${other}001 "$(value Y office)"
same "as its county sees" ${other}001 "$(value D office)"
same "and the city" ${other}001 "$(value T office)"
says "the county that gave has it no more" 1 fq C show "$subject"
same "but the trace of it" "$offer" "$(fq C list @transfer --json | text id)"
person=$(fq A add person name=孙家栋 id_no=349804198404240273 2>/dev/null)
subject=$(fq A add correction_subject person_id="$person" category=01 \
    term_from=20250809 term_to=20280808 village=红旗村 2>/dev/null)
go A
second=$(fq A transfer "$subject" ${other}001 --why 居住地变更)
go A Y
yes "it may be refused" fq Y reject "$second" --why 未在本地居住
go Y A D
same "and stays" ${county}001 "$(value A office)"
says "the other county sees it no more" 1 fq D show "$subject"
plan
