#!/bin/sh
# One person is erased at the county's wish (个人信息保护法 47), by two people:
# nothing of them is left in the ledger, its log, its bytes and snapshots, nor in
# any cache after its next sync, what an offline computer entered meanwhile ends
# in a sentence, and a restored backup is erased again.  What was kept long
# enough is listed and stays until two people have decided so.
. tests/kit/scenario.sh
words="周强明 349804198404240273 13800138000 红旗村 晚到的话"

# as USER COMMAND...: fengqiaod, with that person's password
as() {
	as_user=$1
	shift
	printf '%s\n' "$password" | "$fengqiaod" "$@" --data "$ledger" \
	    --by "$as_user" --password-stdin
}

# found FILE...: which of the words stand in them
found() {
	for found_word in $words; do
		cat "$@" 2>/dev/null | grep -aqF -- "$found_word" &&
		    printf '%s ' "$found_word"
	done
	return 0
}

# clear A: what a cache tells whoever may read it all
clear() {
	for clear_register in person correction_subject; do
		fq "$1" export "$clear_register" --format json
	done
	fq "$1" removed --json
	fq "$1" history "$subject" --json
	fq "$1" history "$person" --json
}

pair
ledger=$lab/ledger
must user_add zhou 周局长 $county county_leader
must user_add qin 秦保安 $county security_admin
must user_add song 宋局长 $county county_leader
enter A case_officer=陈志强二 village=红旗村三组
go A B
printf '%%PDF-1.4\n周强明的判决书' >"$lab/paper.pdf"
must fq A attach "$subject" "$lab/paper.pdf"
go A B
must "$fengqiaod" backup --data "$ledger" "$lab/old.db"
must "$fengqiaod" snapshot --data "$ledger" ${county}001/gen
yes "before: the ledger has the name" [ -n "$(found "$ledger"/ledger.db*)" ]
yes "and so have its bytes" grep -raq 周强明 "$ledger/blobs"

# B goes on without a line
must fq B set "$subject" village=晚到的话

same "what would go is counted" "3" \
    "$("$fengqiaod" erase look --data "$ledger" "$person" --json |
    number records)"
says "a clerk does not ask" 3 as wang erase ask "$person" --why 本人申请 \
    --basis 个人信息保护法第四十七条
says "the reason names nobody" 1 as qin erase ask "$person" \
    --why 周强明申请 --basis 个人信息保护法第四十七条
says "what must be kept is said" 1 as qin erase ask "$person" \
    --why 本人申请 --basis 个人信息保护法第四十七条
yes "asked all the same" as qin erase ask "$person" --why 本人申请 \
    --basis 个人信息保护法第四十七条 --before-term
says "whoever asked does not agree" 3 as qin erase agree 1
yes "nothing is gone by asking" [ -n "$(found "$ledger"/ledger.db*)" ]
yes "another one agrees" as zhou erase agree 1

same "nothing in the ledger and its log" "" "$(found "$ledger"/ledger.db*)"
same "nothing in its bytes" "" "$(grep -ral 周强明 "$ledger/blobs")"
same "no snapshot" 0 "$(find "$ledger/snapshots" -type f | wc -l)"
yes "the ledger is whole" "$fengqiaod" check --data "$ledger"
yes "the trace holds" "$fengqiaod" audit verify --data "$ledger"
same "and says who had it done" zhou "$("$fengqiaod" audit who \
    --data "$ledger" "$person" --json | grep '"note":"done 1"' | text by)"
same "it stands in the list" "erased 3" "$("$fengqiaod" erase list --all \
    --data "$ledger" --json | text standing) $("$fengqiaod" erase list --all \
    --data "$ledger" --json | number records)"

go A B
go B A
same "nothing in cache A" "" "$(clear A >"$lab/clear" 2>&1; found "$lab/clear")"
same "nothing in cache B" "" "$(clear B >"$lab/clear" 2>&1; found "$lab/clear")"
same "what came late is refused" 1 "$(fq B status --json | number refused)"
same "and is not kept" "" "$(found "$ledger"/ledger.db*)"
says "nobody works on it" 1 fq A set "$subject" village=又一村
yes "cache A is whole" fq A check
yes "cache B is whole" fq B check
lab_cache N wang
go N
same "a new cache has nothing" "" \
    "$(clear N >"$lab/clear" 2>&1; found "$lab/clear")"

# a backup from before
lab_stop TERM
must "$fengqiaod" restore --data "$ledger" "$lab/old.db"
rm -f "$ledger"/ledger.before-*
same "a restored backup is erased again" "" "$(found "$ledger"/ledger.db*)"
yes "and is whole" "$fengqiaod" check --data "$ledger"
lab_serve
settle A B
same "no device brings it back" "" "$(found "$ledger"/ledger.db*)"
for cache in A B N; do
	same "nor cache $cache" "" \
	    "$(clear $cache >"$lab/clear" 2>&1; found "$lab/clear")"
done
yes "the ledger is whole" "$fengqiaod" check --data "$ledger"
plan
