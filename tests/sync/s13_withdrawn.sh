#!/bin/sh
# Scenario 13: A withdraws a record (作废) that B edits, in all orders: it stays,
# with a question.  What was made and withdrawn before B heard of it is absent;
# what was withdrawn comes back only when somebody answers so; nothing comes
# back by itself.
. tests/kit/scenario.sh
pair

# is_there A: on this cache the subject is not withdrawn
is_there() {
	fq "$1" list correction_subject --json | grep -q "\"$subject\""
}

another() {
	subject=$(fq A add correction_subject person_id="$person" category=01 \
	    term_from=20250809 term_to=20280808 village=红旗村 2>"$lab/said")
	go A B
}

round=0
for order in "A B A" "B A B" "A B B A" "B A A B"; do
	round=$((round + 1))
	another
	yes "$order: A withdraws it" fq A remove "$subject" --why "重复$round"
	remember "重复$round"
	enter B village="东村$round"
	go $order
	settle A B
	yes "$order: it is there on A" is_there A
	yes "$order: and on B" is_there B
	both "$order: with what B entered" village "东村$round"
	same "$order: and both are asked once" "1 1" \
	    "$(fq A conflicts --json | grep -c "$subject") \
$(fq B conflicts --json | grep -c "$subject")"
done

# one of those before the last was to stay
stays=$(fq A conflicts --json | texts record | grep -v "$subject" | head -1)
yes "A answers: it stays" fq A resolve "$stays" @deleted theirs
settle A B
same "it is there, and nobody is asked about it any more" "yes yes 3 3" "$(
for cache in A B; do
	fq $cache list correction_subject --json | grep -q "\"$stays\"" &&
	    printf 'yes '
done)$(open_questions A) $(open_questions B)"

# the withdrawal is right after all
yes "B answers: withdrawn" fq B resolve "$subject" @deleted mine
settle A B
same "it is gone from both" "no no" "$(is_there A && echo yes || echo no) \
$(is_there B && echo yes || echo no)"

# made and withdrawn before the other one ever heard of it
subject=$(fq A add correction_subject person_id="$person" category=01 \
    term_from=20250809 term_to=20280808 village=无此村 2>"$lab/said")
remember 无此村 误录一条
yes "made and withdrawn at once" fq A remove "$subject" --why 误录一条
go A B
settle A B
same "absent on both" "no no" "$(is_there A && echo yes || echo no) \
$(is_there B && echo yes || echo no)"

# both withdraw it, with different reasons
another
yes "A withdraws it" fq A remove "$subject" --why 甲的理由
yes "B too" fq B remove "$subject" --why 乙的理由
remember 甲的理由 乙的理由
go B A
settle A B
same "gone from both" "no no" "$(is_there A && echo yes || echo no) \
$(is_there B && echo yes || echo no)"

# nothing comes back by itself: a cache that begins anew holds the same
registers="person correction_subject"
lab_cache N wang
go N
agree A B N
plan
