#!/bin/sh
# T24: what is on a screen may be on somebody's recording, and what a command
# prints in a terminal's history: no id number stands whole there unless it was
# asked for, in a list, in a record, its past, a question, a refusal, in what was
# taken away, in text and in JSON, nor in any sentence about what went wrong.
. tests/kit/scenario.sh
pair

# the three of one person, who is a question between two computers
first=349804198601010047 second=349813198705033282 third=34980419750315021X
printf '%s\n' $first $second $third >"$lab/whole"
# the day of birth is what is masked of them
printf '%s\n' 19860101 19870503 19750315 >"$lab/birthdays"
whole() {
	cat "$@" 2>/dev/null | grep -a -o -F -f "$lab/whole" -f "$lab/birthdays" |
	    sort -u
}
same "they would be found" 3 "$(whole "$lab/whole" | grep -c .)"

id=$(fq A add person name=测试甲乙 id_no=$first mobile=13800138000 2>/dev/null)
go A B
fq A set "$id" id_no=$second >/dev/null 2>&1
fq B set "$id" id_no=$third >/dev/null 2>&1
go A B A
same "a question about id numbers waits" 1 "$(open_questions B)"
gone=$(fq A add person name=测试丙丁 id_no=349804197001011236 2>/dev/null ||
    fq A add person name=测试丙丁 2>/dev/null)
fq A remove "$gone" --why 误录 >/dev/null 2>&1
fq A set "$id" note=改过 >/dev/null 2>&1

# masked NAME COMMAND...
masked() {
	masked_name=$1
	shift
	"$@" >"$lab/out" 2>"$lab/said"
	same "T24 $masked_name" "" "$(whole "$lab/out" "$lab/said")"
}

for say in "--lang zh_CN" "--lang en --json"; do
	for cache in A B; do
		# shellcheck disable=SC2086
		for word in "list person" "find 测试" "find ceshi" "find cs" \
		    "show $id" "history $id" "history $id --kept" conflicts \
		    due status receipts removed numbers check whoami audit \
		    "attach $id" "registers person" \
		    "list person --where name=测试甲乙"; do
			masked "$word $say, $cache" fq $cache $word $say
		done
	done
done
# an id number that is asked for is found, and not said back
masked "found by the number" fq A find "$first"
masked "found by its tail" fq A find 0047
masked "none of that number" fq A list person --where id_no=$first

# what goes wrong names no number
masked "a number that is none" fq A set "$id" id_no=${first%?}9
masked "a second one of the same" fq A add person name=测试戊己 \
    id_no=$second
masked "a record called by it" fq A show $first
printf '姓名,身份证号\n测试庚辛,%s\n测试庚辛,%s\n,%s\n' $second ${first%?}9 \
    $third >"$lab/wrong.csv"
masked "an import" fq A import person "$lab/wrong.csv" --dry-run
masked "an answer that is none" fq B resolve "$id" id_no ${first%?}9
go A B
masked "the server's log" cat "$lab/server.log"
for word in status "quarantine list" "audit verify" "device list" \
    "user list" check; do
	# shellcheck disable=SC2086
	masked "fengqiaod $word" "$fengqiaod" $word --data "$lab/ledger"
done
# asked for, it is there, and in the trace
same "unmasked it is whole" yes \
    "$(fq A show "$id" --unmask 2>&1 | grep -q -F "$second" && echo yes)"
plan
