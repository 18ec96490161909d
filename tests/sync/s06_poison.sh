#!/bin/sh
# Scenario 6: of a hundred operations one makes the server fail whenever it is
# worked, one is against a rule that only the county has yet, and a gateway lets
# no large request through.  The others are delivered in the same session; those
# two are shown with their reason, kept on the server, and can be mended.  Then
# one is so large that the gateway never lets it through: it is shown, too, and
# what comes behind it goes.
. tests/kit/scenario.sh

sql() {
	python3 - "$lab/ledger/ledger.db" "$1" <<'END'
import sqlite3
import sys

db = sqlite3.connect(sys.argv[1], timeout=10)
for row in db.execute(sys.argv[2]):
    print(*row)
db.commit()
END
}

county() {
	"$fengqiaod" "$@" --data "$lab/ledger"
}

quarantine_large() {
	county quarantine list --json | grep -q "too large for the line"
}

lab_open
must user_add qian 钱科长 $county county_base
# the county allows shorter remarks than the definitions that the office has
cp -r screens "$lab/screens"
sed -i '/"name": "note"/s/"max_chars": 500/"max_chars": 40/' \
    "$lab/screens/registers/person.json"
export FENGQIAO_SCREENS="$lab/screens"
lab_serve
unset FENGQIAO_SCREENS

mkfifo "$lab/gateway.pipe"
python3 tests/sync/gateway.py "$port" "$lab/ledger/ca.pem" \
    "$lab/ledger/server.pem" "$lab/ledger/server.key" 4000 \
    >"$lab/gateway.pipe" 2>"$lab/gateway.err" &
proxy_pid=$!
read -r line <"$lab/gateway.pipe"
lab_cache A wang "https://127.0.0.1:${line##* }"
lab_cache B li

sql "CREATE TRIGGER poison BEFORE INSERT ON record
    WHEN instr(NEW.body, '毒') > 0 BEGIN SELECT RAISE(ABORT, 'poison'); END"
# over ACT JSON: as the county's screen does it
over() {
	if [ "$lab_kept_K" = yes ]; then
		echo "$2" | fq K call "/v1/quarantine/$1" -
	else
		printf '%s\n%s\n' "$password" "$2" | "$fengqiao" call \
		    "/v1/quarantine/$1" - --home "$lab/cache-K" --user qian \
		    --password-stdin
	fi
}

long=$(seq -s , 1 40)
# some FROM TO: organisations with remarks that do not compress
some() {
	python3 - "$1" "$2" >"$lab/some.csv" <<'END'
import os, sys
print("类别,姓名/名称,人员备注")
for i in range(int(sys.argv[1]), int(sys.argv[2]) + 1):
    print("02,单位%d,%s" % (i, os.urandom(15).hex()))
END
	must fq A import person "$lab/some.csv" --refused "$lab/refused.csv"
	sed 1d "$lab/some.csv" | cut -d, -f2,3 | tr , '\n' >>"$lab/entered"
}
some 1 24
ruled=$(fq A add person kind=02 name=单位25 note="$long")
some 26 49
bad=$(fq A add person kind=02 name=毒)
some 51 100
remember 毒 "$long"
fq A sync --json >"$lab/reply" 2>"$lab/said"
same "the session goes to its end" 0 $?
show "$lab/said" "$lab/gateway.err"
same "the gateway refused some" yes \
    "$([ "$(grep -c 'too large' "$lab/gateway.err")" -ge 1 ] && echo yes)"
same "all are decided, two are refused" "100 2" \
    "$(number pushed <"$lab/reply") $(number refused <"$lab/reply")"
same "nothing waits" 0 "$(fq A status --json | number waiting)"
same "two need a person" 2 "$(fq A status --json | number refused)"
yes "the one is still here" fq A show "$bad"
fq A show "$bad" --json >"$lab/shown"
yes "with its reason" grep -q "could not work this entry" "$lab/shown"
fq A show "$ruled" --json >"$lab/shown"
yes "the other one with its own" grep -q 40 "$lab/shown"
same "and with what was entered" "$long" "$(text note <"$lab/shown")"
same "the server keeps both whole" "review 2" "$(echo $(sql \
    "SELECT verdict, count(*) FROM quarantine WHERE instr(op, '毒') > 0
    OR instr(op, '$long') > 0 GROUP BY verdict ORDER BY 1"))"
yes "the other one fetches" fq B sync
same "the other ninety-eight" 98 "$(rows B person)"
yes "what comes later goes" fq A add person kind=02 name=后来
yes "at once" fq A sync
same "one more" 0 "$(fq A status --json | number waiting)"

# the county has mended its server, the clerk enters both again
sql "DROP TRIGGER poison"
yes "the record is changed" fq A set "$bad" name=好单位
yes "and the other" fq A set "$ruled" note=短
yes "they go" fq A sync
yes "to the other one" fq B sync
same "all are there" 101 "$(rows B person)"
same "nothing needs a person any more" 0 \
    "$(fq A status --json | number refused)"

# minutes that do not compress, larger than the gateway's limit
python3 -c 'import random
print("".join(chr(random.randrange(0x4e00, 0x9fa0)) for _ in range(3800)))' \
    >"$lab/minutes"
large=$(fq A add office_meeting kind=1 topic=安全工作 \
    attendees=全体 minutes="$(cat "$lab/minutes")" 2>"$lab/said")
show "$lab/said"
yes "the long minutes are saved" [ -n "$large" ]
yes "and something behind them" fq A add person kind=02 name=随后
fq A sync --json >"$lab/reply" 2>"$lab/said"
same "the session goes to its end" 0 $?
show "$lab/said"
same "nothing waits" 0 "$(fq A status --json | number waiting)"
same "one needs a person" 1 "$(fq A status --json | number refused)"
fq A show "$large" --json >"$lab/shown"
yes "with its reason" grep -q "too large for the line" "$lab/shown"
same "and whole" "$(cat "$lab/minutes")" "$(text minutes <"$lab/shown")"
yes "the county sees that there is something" quarantine_large
entry=$(county quarantine list --json | grep "too large" | text entry)
says "what did not get through cannot be taken in" 1 county quarantine take \
    "$entry" --by qian
yes "the county dismisses it" county quarantine dismiss "$entry" --by qian \
    --why 请分两次录入
yes "the office hears of it" fq A sync
fq A show "$large" --json >"$lab/shown"
yes "with the reason" grep -q 请分两次录入 "$lab/shown"
yes "shortened it is saved again" fq A set "$large" minutes=短
yes "and goes" fq A sync
same "nothing needs a person any more" 0 \
    "$(fq A status --json | number refused)"

# one more that cannot be worked for a while; this time the county takes it in
sql "CREATE TRIGGER poison BEFORE INSERT ON record
    WHEN instr(NEW.body, '迟') > 0 BEGIN SELECT RAISE(ABORT, 'poison'); END"
must fq A set "$bad" note=迟到的备注
must fq A sync
sql "DROP TRIGGER poison"
must fq B set "$bad" legal_rep=好人
must fq B sync
entry=$(county quarantine list --json | grep 迟到 | text entry)
county quarantine show "$entry" >"$lab/shown"
yes "the county sees what it says" grep -q 迟到的备注 "$lab/shown"
says "who is not of the county takes nothing in" 3 county quarantine take \
    "$entry" --by wang
yes "the county takes it in" county quarantine take "$entry" --by qian
says "once" 1 county quarantine take "$entry" --by qian
lab_cache K qian
says "nor over the line" 5 over take "{\"entry\":\"$entry\"}"
same "and is through" 0 "$(county quarantine list --json | grep -c 迟到)"
go A B
both "it stands" note 迟到的备注 "$bad"
same "nothing needs a person any more" 0 \
    "$(fq A status --json | number refused)"
same "a receipt says so" 1 "$(fq A status --json | number receipts)"
fq A receipts >"$lab/shown"
show "$lab/shown"
yes "with a name" grep -q 钱科长 "$lab/shown"
fq A history "$bad" >"$lab/shown"
yes "and so does the trail" grep -q "taken in by 钱科长" "$lab/shown"
yes "it was read" fq A receipts --seen

# and another two, of which the county hears on its own computer
sql "CREATE TRIGGER poison BEFORE INSERT ON record
    WHEN instr(NEW.body, '再') > 0 BEGIN SELECT RAISE(ABORT, 'poison'); END"
must fq A set "$bad" note=再来的备注
must fq A sync
must fq A set "$bad" legal_rep=再来的人
must fq A sync
sql "DROP TRIGGER poison"
must fq K call /v1/quarantine
texts entry <"$lab/out" | tail -2 >"$lab/aside"
same "the county has them before it, and the two that were mended" 4 \
    "$(texts entry <"$lab/out" | wc -l)"
first=$(head -1 "$lab/aside")
second=$(tail -1 "$lab/aside")
must over show "{\"entry\":\"$first\"}"
cp "$lab/out" "$lab/shown"
yes "it reads what one says" grep -q 再来的备注 "$lab/shown"
says "an office reads nothing of it" 3 fq B call /v1/quarantine
yes "it takes that one in" over take "{\"entry\":\"$first\"}"
says "the other one not without a reason" 5 over dismiss \
    "{\"entry\":\"$second\"}"
yes "with one" over dismiss "{\"entry\":\"$second\",\"why\":\"查无此人\"}"
yes "the office hears of both" fq A sync
same "of the one" 1 "$(fq A status --json | number receipts)"
fq A show "$bad" --json >"$lab/shown"
yes "and of the other, with the reason" grep -q 查无此人 "$lab/shown"
remember 再来的备注 再来的人
settle A B
agree A B
plan
