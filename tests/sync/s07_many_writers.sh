#!/bin/sh
# Scenario 7: eight programs write, some of the server's transactions are rolled
# back and others wait behind one that holds the ledger, and one reader asks for
# the feed all the time, with a long read transaction open.  By the feed's lines
# alone, nothing is missed and nothing comes twice.
. tests/kit/scenario.sh
each=${EACH:-25}
pair
lab_cache R li
lab_cache F li
printf '%s\n' "$password" >"$lab/password"

# one in ten takes its transaction with it when it is written; the client hears
# of it and sends it again
sql() {
	python3 - "$lab/ledger/ledger.db" "$1" <<'END'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], timeout=20)
db.execute(sys.argv[2])
db.commit()
END
}
sql "CREATE TRIGGER accident BEFORE INSERT ON feed
    WHEN abs(random()) % 10 = 0 BEGIN SELECT RAISE(ABORT, 'accident'); END"

# another holds the ledger for a while, moves the streams and takes it back
python3 - "$lab/ledger/ledger.db" <<'END' &
import random, sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], timeout=20, isolation_level=None)
while True:
    db.execute("BEGIN IMMEDIATE")
    db.execute("UPDATE stream SET last_seq = last_seq + 1000")
    time.sleep(random.uniform(0, 0.1))
    db.execute("ROLLBACK")
    time.sleep(random.uniform(0.05, 0.3))
END
holder=$!
lab_more() {
	kill "$holder" 2>/dev/null
}

mkfifo "$lab/reading" "$lab/going"
python3 tests/sync/feed_reader.py "$url" "$lab/ledger/ca.pem" \
    "$lab/cache-R/cache.db" "$lab/ledger/ledger.db" li "$password" 2 \
    <"$lab/going" >"$lab/reading" 2>"$lab/reader.err" &
reader=$!
exec 7>"$lab/going" 8<"$lab/reading"
read -r line <&8
same "the reader reads" ready "$line"
for i in 1 2 3 4 5 6 7 8; do
	lab_cache "W$i" wang
	"$tools/fault/worker" "$lab/cache-W$i" wang sync "$each" "W$i" \
	    <"$lab/password" >"$lab/wrote$i" 2>"$lab/said$i" 7>&- &
	eval "run$i=\$!"
done
# and one record is edited all the time
for i in 1 2 3 4 5; do
	enter A village="村$i"
	fq A sync >"$lab/out" 2>&1	# it may have to wait
done
for i in 1 2 3 4 5 6 7 8; do
	eval "wait \$run$i"
	same "writer $i" 0 $?
	show "$lab/said$i"
done
kill "$holder" 2>/dev/null
exec 7>&-
read -r line <&8
exec 8<&-
wait "$reader"
same "the reader ends well" 0 $?
show "$lab/reader.err"
echo "# $line"
echo "$line" >"$lab/read"
count() {
	number "$1" <"$lab/read"
}
rolled=$(grep -c 'warning: /v1/sync' "$lab/server.log")
echo "# $rolled transactions were rolled back"
same "it asked all the time" yes "$([ "$(count polls)" -ge 50 ] && echo yes)"
same "transactions were rolled back" yes "$([ "$rolled" -ge 5 ] && echo yes)"
same "0 missed" 0 "$(count missed)"
same "0 twice" "0 0" "$(count twice) $(count backwards)"
same "at each end as many as the stream holds" 0 "$(count wrong_counts)"
same "at most one in twenty came later than in a second" yes \
    "$([ $((20 * $(count late))) -le "$(count records)" ] && echo yes)"
sql "DROP TRIGGER accident"
for i in 1 2 3 4 5 6 7 8; do
	go "W$i"
	same "nothing waits on writer $i" 0 \
	    "$(fq "W$i" status --json | number waiting)"
done
cat "$lab"/wrote? | texts name >>"$lab/entered"
same "all were entered" $((8 * each + 5)) "$(wc -l <"$lab/entered")"
settle A B F
agree A B F
plan
