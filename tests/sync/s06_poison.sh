#!/bin/sh
# Scenario 6: of a hundred operations one makes the server fail whenever it is
# worked.  The others are delivered in the same session; that one is shown with
# its reason, kept on the server, and can be mended.
. tests/kit/lab.sh

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

lab_open
lab_serve
lab_cache A wang
lab_cache B li

sql "CREATE TRIGGER poison BEFORE INSERT ON record
    WHEN instr(NEW.body, '毒') > 0 BEGIN SELECT RAISE(ABORT, 'poison'); END"
i=0
while [ "$i" -lt 100 ]; do
	i=$((i + 1))
	name=单位$i
	[ "$i" = 50 ] && name=毒
	id=$(fq A add person kind=02 name="$name")
	[ "$i" = 50 ] && bad=$id
done
fq A sync --json >"$lab/reply" 2>"$lab/said"
same "the session goes to its end" 0 $?
show "$lab/said"
same "all are decided, one is refused" "100 1" \
    "$(number pushed <"$lab/reply") $(number refused <"$lab/reply")"
same "nothing waits" 0 "$(fq A status --json | number waiting)"
same "one needs a person" 1 "$(fq A status --json | number refused)"
yes "it is still here" fq A show "$bad"
fq A show "$bad" --json >"$lab/shown"
yes "with its reason" grep -q "could not work this entry" "$lab/shown"
same "the server keeps it whole" 1 "$(sql "SELECT count(*) FROM quarantine
    WHERE verdict = 'review' AND instr(op, '毒') > 0")"
yes "the other one fetches" fq B sync
same "the other ninety-nine" 99 "$(rows B person)"
yes "what comes later goes" fq A add person kind=02 name=后来
yes "at once" fq A sync
same "one more" 0 "$(fq A status --json | number waiting)"

# the county has mended its server, the clerk enters it again
sql "DROP TRIGGER poison"
yes "the record is changed" fq A set "$bad" name=好单位
yes "and goes" fq A sync
yes "to the other one" fq B sync
same "all are there" 101 "$(rows B person)"
same "nothing needs a person any more" 0 \
    "$(fq A status --json | number refused)"
contents A >"$lab/a"
contents B >"$lab/b"
yes "both hold the same" cmp "$lab/a" "$lab/b"
yes "cache A is whole" fq A check
yes "the ledger is whole" "$fengqiaod" check --data "$lab/ledger"
plan
