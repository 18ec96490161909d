#!/bin/sh
# Scenario 3: A and B change the same field while both are offline, and sync A,
# B, A.  What came first stands, the other value is asked on both screens, and
# the answer reaches both.
. tests/kit/scenario.sh
pair

# question FIRST SECOND: what both are asked
asked() {
	for cache in A B; do
		fq "$cache" conflicts --json >"$lab/asked"
		same "$cache is asked once, between both values" "1 $1 $2" \
		    "$(wc -l <"$lab/asked" | tr -d ' ') \
$(text theirs <"$lab/asked") $(text mine <"$lab/asked")"
	done
}

round=0
for answer in mine theirs 丙员; do
	round=$((round + 1))
	enter A case_officer="甲员$round"
	enter B case_officer="乙员$round"
	go A
	fq B sync >"$lab/out" 2>"$lab/said"
	same "B is told that a question waits: status 5" 5 $?
	go A
	both "what came first stands" case_officer "甲员$round"
	asked "甲员$round" "乙员$round"
	case $answer in
	mine) wanted=乙员$round ;;
	theirs) wanted=甲员$round ;;
	*) wanted=$answer ;;
	esac
	yes "it is answered: $answer" fq A resolve "$subject" case_officer \
	    "$answer"
	go A B
	both "the answer is on both" case_officer "$wanted"
	same "and nothing is asked" "0 0" \
	    "$(open_questions A) $(open_questions B)"
done
remember 丙员

# the other order, a group of fields, and the answer from the other screen
enter A term_from=2025-09-01
enter B term_to=2028-08-31
go B A B
same "two ends of one term are one question" "1 1" \
    "$(open_questions A) $(open_questions B)"
both "the beginning of before" term_from 2025-08-09
both "the end that came first" term_to 2028-08-31
yes "it is answered on B" fq B resolve "$subject" term_from mine
settle A B
both "the beginning that A entered" term_from 2025-09-01
both "the end that B entered" term_to 2028-08-31
same "nothing is asked" "0 0" "$(open_questions A) $(open_questions B)"
says "nor can it be answered again" 1 fq A resolve "$subject" term_from mine
agree A B
plan
