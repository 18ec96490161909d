#!/bin/sh
# Scenario 4: A changes the village, B the officer of one record, both offline.
# In both orders both values are in the record and nobody is asked anything.
. tests/kit/scenario.sh
pair

round=0
for order in "A B A" "B A B" "A B B A" "B A A B"; do
	round=$((round + 1))
	enter A village="东村$round"
	enter B case_officer="李员$round"
	if [ "$round" -gt 2 ]; then
		# a chain of the own edits, and both append to the remarks
		enter A village="西村$round" note="甲记$round"
		enter B note="乙记$round"
	fi
	go $order
	[ "$round" -gt 2 ] && village=西村$round || village=东村$round
	both "$order: the village of A" village "$village"
	both "$order: the officer of B" case_officer "李员$round"
	same "$order: nothing is asked" "0 0" \
	    "$(open_questions A) $(open_questions B)"
	[ "$round" -gt 2 ] || continue
	note=$(value A note)
	case $note in
	*甲记$round*乙记$round*|*乙记$round*甲记$round*)
		ok "$order: the remarks of both" ;;
	*)
		not_ok "$order: the remarks of both"
		echo "#   $note"
		;;
	esac
	both "$order: in one order" note "$note"
done

# a field against a state: the record moves on, the value stays
subject=$(fq A add resettlement_subject person_id="$person" \
    village=红旗村 release_date=20260801)
same "another record" 36 "$(printf %s "$subject" | wc -c)"
go A B
enter A village=北村
yes "B moves it on" fq B move "$subject" listed
go A B A
both "the village stands in the new state" village 北村
both "and the state" state listed
same "nothing is asked" "0 0" "$(open_questions A) $(open_questions B)"
registers="person correction_subject resettlement_subject"
settle A B
agree A B
plan
