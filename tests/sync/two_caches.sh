#!/bin/sh
# Two people change the same subject without knowing of each other: different
# fields come together, the same field becomes a question that is answered once.
. tests/kit/lab.sh

value() {
	fq "$1" show "$2" --json | text "$3"
}

# both VALUE CACHE-INDEPENDENT: the field has this value on both caches
both() {
	same "$1" "$4 $4" "$(value A "$2" "$3") $(value B "$2" "$3")"
}

# The statuses of A B A B; 5 only says that a question waits.
sync_all() {
	for cache in A B A B; do
		fq "$cache" sync >"$lab/out" 2>"$lab/said"
		status=$?
		[ "$status" -eq 0 ] || [ "$status" -eq 5 ] || {
			not_ok "sync of $cache ended with $status"
			show "$lab/said"
		}
	done
}

open_conflicts() {
	fq "$1" conflicts --json | wc -l
}

lab_open
lab_serve
lab_cache A wang
lab_cache B li

person=$(fq A add person name=周强明 id_no=349804198404240273 \
    mobile=13800138000)
subject=$(fq A add correction_subject person_id="$person" category=01 \
    term_from=20250809 term_to=20280808 village=红旗村 case_officer=陈志强)
same "a subject is entered" 36 "$(printf %s "$subject" | wc -c)"
yes "it goes up" fq A sync
yes "and down" fq B sync
both "the other cache has it" "$subject" village 红旗村

# different fields
yes "A changes the village" fq A set "$subject" village=东村
yes "B changes the officer" fq B set "$subject" case_officer=李秀英
both_before=$(value A "$subject" case_officer)$(value B "$subject" village)
same "neither knows of the other yet" 陈志强红旗村 "$both_before"
sync_all
both "the village is everywhere" "$subject" village 东村
both "the officer is everywhere" "$subject" case_officer 李秀英
same "nothing is asked" "0 0" "$(open_conflicts A) $(open_conflicts B)"

# the same field, the same value
fq A set "$subject" case_officer=王建国
fq B set "$subject" case_officer=王建国
sync_all
both "the same answer twice is no question" "$subject" case_officer 王建国
same "still nothing is asked" "0 0" "$(open_conflicts A) $(open_conflicts B)"

# remarks of both stay
fq A set "$subject" note=甲记
fq B set "$subject" note=乙记
sync_all
note=$(value A "$subject" note)
case $note in
*甲记*乙记*|*乙记*甲记*) ok "both remarks stay" ;;
*) not_ok "both remarks stay" ;;
esac
both "in the same order" "$subject" note "$note"

# the same field, two values
fq A set "$subject" case_officer=甲某
fq B set "$subject" case_officer=乙某
yes "the first is taken" fq A sync
fq B sync >"$lab/out" 2>"$lab/said"
same "the second becomes a question: status 5" 5 $?
sync_all
same "it is listed once on both" "1 1" \
    "$(open_conflicts A) $(open_conflicts B)"
both "what came first stands on both" "$subject" case_officer 甲某
fq A conflicts --json >"$lab/asked"
same "both values can be read on A" "甲某 乙某 陈志强" "$(text theirs \
    <"$lab/asked") $(text mine <"$lab/asked") 陈志强"
fq B conflicts --json >"$lab/asked.b"
same "and on B" "甲某 乙某" \
    "$(text theirs <"$lab/asked.b") $(text mine <"$lab/asked.b")"
yes "it is answered on A" fq A resolve "$subject" case_officer mine
sync_all
both "the answer is everywhere" "$subject" case_officer 乙某
same "nothing is asked any more" "0 0" \
    "$(open_conflicts A) $(open_conflicts B)"
says "there is nothing to answer a second time" 1 \
    fq B resolve "$subject" case_officer theirs

# a field of a group: the term is one thing
fq A set "$subject" term_from=20250901
fq B set "$subject" term_to=20280831
sync_all
same "two ends of one term are a question too" "1 1" \
    "$(open_conflicts A) $(open_conflicts B)"
# both answer before they hear of each other
fq A resolve "$subject" term_to theirs 2>"$lab/said" ||
    fq A resolve "$subject" term_from theirs
fq B resolve "$subject" term_to mine 2>"$lab/said" ||
    fq B resolve "$subject" term_from mine
sync_all
same "two answers end as one" \
    "$(value A "$subject" term_from) $(value A "$subject" term_to)" \
    "$(value B "$subject" term_from) $(value B "$subject" term_to)"

# withdrawn here, edited there: the record stays, the question is asked
fq A set "$subject" village=西村
fq B remove "$subject" --why 重复登记
sync_all
yes "an edit is not lost under a withdrawal" fq A show "$subject"
contents A >"$lab/a"
contents B >"$lab/b"
yes "both caches hold the same" cmp "$lab/a" "$lab/b"
yes "cache A is whole" fq A check
yes "cache B is whole" fq B check
yes "the ledger is whole" "$fengqiaod" check --data "$lab/ledger"
plan
