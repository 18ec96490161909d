#!/bin/sh
# Scenario 10: a person moves from office X to office Y while X has three edits
# that were not sent.  X syncs after the accept: the three values wait in Y's
# queue as 原所补报, nothing of the record is left in X's cache, a trace is, and
# whoever entered them has a receipt; X's next search finds only the trace.
. tests/kit/scenario.sh
pair
lab_cache Y fang
lab_cache Z zhao
registers="person correction_subject correction_event @transfer"

# somebody of the same office whom nobody moves
stays=$(fq A add person name=周建国 id_no=349804197001010014 \
    mobile=13800138000 2>/dev/null)
event=$(fq A add correction_event subject_id="$subject" kind=1 \
    happened_at="2026-11-01 09:00" text=初次报到 2>"$lab/said")
go A B Y Z
before=$(fq A list correction_subject --json | wc -l)

same "Y knows nothing of it" "0 0" "$(rows Y correction_subject) $(rows Y person)"
says "a clerk does not give it away" 3 fq A transfer "$subject" ${county}002 \
    --why 居住地变更
says "nor does anybody to nowhere" 2 fq B transfer "$subject"
offer=$(fq B transfer "$subject" 白水司法所 --why 居住地变更)
go B Y
same "it waits at Y" offered "$(fq Y list @transfer --json | text state)"
same "where it can be looked at" "$subject" \
    "$(fq Y list correction_subject --json | text id)"
says "and not be changed" 3 fq Y set "$subject" village=新村
go B
says "nor where it was" 3 fq B set "$subject" village=新村

# A has heard of nothing
enter A village=东风村
enter A case_officer=王建国
enter A term_to=2029-01-01
same "three entries wait" 3 "$(fq A status --json | number waiting)"

yes "Y accepts" fq Y accept "$subject"
go Y
same "it is Y's" ${county}002 "$(value Y office)"
go A
same "three receipts" 3 "$(fq A status --json | number receipts)"
same "nothing was refused" 0 "$(fq A status --json | number refused)"
same "each says where it went" 3 "$(fq A receipts | grep -c 白水司法所)"
go Y
same "three values are asked at Y" 3 "$(fq Y conflicts --json | wc -l)"
same "as late entries of X" 3 \
    "$(fq Y conflicts --json | grep -c "\"from\":\"${county}001\"")"
for late in 东风村 王建国 2029-01-01; do
	yes "$late is among them" sh -c \
	    "'$fengqiao' conflicts --json --home '$lab/cache-Y' | grep -q $late"
done
same "what stood still stands" 红旗村 "$(value Y village)"

# nothing of it is left at X but the trace
go B
for cache in A B; do
	says "$cache has the record no more" 1 fq $cache show "$subject"
	says "nor the person" 1 fq $cache show "$person"
	same "the search finds the trace" "$offer" \
	    "$(fq $cache find 周强明 --json | text id)"
	same "and nothing else" 1 "$(fq $cache find 周强明 --json | wc -l)"
	same "with a masked name" 周某某 \
	    "$(fq $cache show "$offer" --json | text name)"
	same "to whom" ${county}002 "$(fq $cache show "$offer" --json | text to)"
done
same "all others are there" $((before - 1)) "$(rows A correction_subject)"
same "and $stays" 周建国 "$(fq A show "$stays" --json | text name)"
yes "the receipts are read" fq A receipts --seen
same "and gone" 0 "$(fq A status --json | number receipts)"

# Y settles them: one value is taken, the others stay as they are
answer() {
	fq Y resolve "$subject" "$1" "$2" >"$lab/out" 2>"$lab/said"
}
yes "Y takes the village" answer village mine
yes "and keeps the officer" answer case_officer theirs
yes "and the term" answer term_to theirs
go Y
same "nothing is open any more" 0 "$(fq Y conflicts --json | wc -l)"
same "the late value stands" 东风村 "$(value Y village)"

# another one is not taken over, and comes back
person=$(fq A add person name=吴志强 id_no=349804198404240273 2>/dev/null)
subject=$(fq A add correction_subject person_id="$person" category=01 \
    term_from=20250809 term_to=20280808 village=红旗村 2>/dev/null)
go A B
second=$(fq B transfer "$subject" ${county}002 --why 居住地变更)
go B Y
says "a refusal needs its reason" 2 fq Y reject "$second"
yes "Y does not take it" fq Y reject "$second" --why 未在本地居住
go Y B A
same "it is X's still" ${county}001 "$(value A office)"
enter A village=西风村
says "Y sees it no more" 1 fq Y show "$subject"
same "and why is told" 未在本地居住 "$(fq A show "$second" --json | text answer)"

settle A B Y Z
registers="person correction_subject @transfer" agree A B
registers="person correction_subject @transfer" agree Y
agree Z
plan
