#!/bin/sh
# Scenario 24, an hour of it in a minute: 64 kbit/s, 600 ms, two packets of a
# hundred lost, the line dead again and again, then another's page behind the
# address, answers that end in the middle of a frame, then no such name.  Work
# goes on meanwhile, every call ends, nothing is taken for an answer that is none,
# and all arrives.  One line stays dead, longer than any time-out.
. tests/kit/scenario.sh

now() {
	date +%s%N
}

# the time since, in tenths of a second
since() {
	echo $((($(now) - $1) / 100000000))
}

good_runs() {
	[ "$(grep -c '"good"' "$lab/watch")" -gt "$1" ]
}

lab_open
lab_serve
# the line that dies and stays dead, under a sync
lab_proxy slowline 7000 600 20
dead_pid=$proxy_pid
lab_cache C li "$proxy_url"
lab_more() {
	kill "$dead_pid" 2>/dev/null
}
fq C add person kind=02 name=死线 >"$lab/out"
remember 死线
dead_began=$(now)
{
	dead_status=0
	fq C sync >"$lab/dead.out" 2>"$lab/dead.said" || dead_status=$?
	echo "$dead_status $(since "$dead_began")" >"$lab/dead"
} &
dead=$!
sleep 1.2	# its request is under way
kill -USR1 "$dead_pid"

lab_proxy slowline 7000 600 20
lab_cache A wang "$proxy_url"
lab_cache B li

# by the table of sync.md 4.13, with room for lost packets
began=$(now)
yes "nothing to do, over the slow line" fq A sync
nothing=$(since "$began")
fq A add person kind=02 name=一 >/dev/null
began=$(now)
yes "one entry" fq A sync
one=$(since "$began")
echo "# nothing: $nothing tenths of a second, one entry: $one"
same "both within the time there is" yes \
    "$([ "$nothing" -le 60 ] && [ "$one" -le 60 ] && echo yes)"

watch_start A "$lab/watch"
yes "it keeps in step over this line" soon 15 good_runs 0
entered=1 slowest=0
for round in 1 2 3; do
	kill -USR1 "$proxy_pid"
	for k in 1 2 3 4; do
		began=$(now)
		fq A add person kind=02 name="试$round-$k" >/dev/null ||
		    not_ok "an entry while the line is dead"
		remember "试$round-$k"
		took=$(since "$began")
		[ "$took" -gt "$slowest" ] && slowest=$took
		entered=$((entered + 1))
		sleep 0.7
	done
	fq B add person kind=02 name="彼$round" >/dev/null
	remember "彼$round"
	fq B sync >"$lab/out" 2>"$lab/said"
	entered=$((entered + 1))
	kill -USR2 "$proxy_pid"
	sleep 4
done
echo "# the slowest entry took $slowest tenths of a second"
same "no entry waited for the line" yes \
    "$([ "$slowest" -le 20 ] && echo yes)"
yes "all goes up by itself" soon 60 delivered A
yes "and comes down" soon 30 eval '[ "$(rows A person)" = '$entered' ]'
kill -TERM "$watch_pid"
wait "$watch_pid"
same "it ends when it is told to" 0 $?
watch_pid=
same "and was never lost for words" "" "$(cat "$lab/watch.err")"

# another's page behind the address
kill "$proxy_pid" && wait "$proxy_pid" 2>/dev/null
proxy_port=${proxy_url##*:}
mkfifo "$lab/html.pipe"
python3 tests/sync/html_server.py "$proxy_port" "$lab/ledger/server.pem" \
    "$lab/ledger/server.key" >"$lab/html.pipe" 2>>"$lab/server.log" &
proxy_pid=$!
read -r line <"$lab/html.pipe"
fq A add person kind=02 name=页 >/dev/null
watch_start A "$lab/page"
yes "a page of HTML is no answer" soon 10 grep -q '"failed"' "$lab/page"
same "it is said so" 1 "$(grep -c 'does not come from a Fengqiao server' \
    "$lab/page" | head -1 | sed 's/^[1-9].*/1/')"
yes "and tried again" soon 15 eval \
    '[ "$(grep -c \"begun\" "$lab/page")" -ge 2 ]'
kill -TERM "$watch_pid"
wait "$watch_pid"
same "it did not give up" 0 $?
watch_pid=
same "the entry still waits" 1 "$(fq A status --json | number waiting)"
kill "$proxy_pid" && wait "$proxy_pid" 2>/dev/null
proxy_pid=

# answers that end anywhere: in the handshake, in a frame, just before the end
cut=$lab/cut
echo pass >"$cut"
lab_proxy cutproxy "$cut"
lab_cache D li "$proxy_url"
python3 -c 'import os
print("类别,姓名/名称,人员备注")
for i in range(120):
    print("02,批%d,%s" % (i, os.urandom(100).hex()))' >"$lab/many.csv"
must fq B import person "$lab/many.csv" --refused "$lab/refused.csv"
go B
half=$(fq D add person kind=02 name=半句)
remember 半句
entered=$((entered + 121)) badly=0 whole=0
for bytes in 100 1500 2200 2600 3000 5000 9000 14000 15000; do
	echo "reply $bytes" >"$cut"
	status=0 began=$(now)
	fq D sync >"$lab/out" 2>"$lab/said" || status=$?
	case $status in
	0) whole=$((whole + 1)) ;;
	4) [ "$(wc -l <"$lab/said")" -eq 1 ] || badly=$((badly + 1)) ;;
	*) badly=$((badly + 1)) ;;
	esac
	[ "$(since "$began")" -le 350 ] || badly=$((badly + 1))
	fq D check >"$lab/out" 2>"$lab/said" || badly=$((badly + 1))
	[ "$(fq D show "$half" --json | text name)" = 半句 ] ||
	    badly=$((badly + 1))
done
same "answers cut anywhere: a sentence, and nothing is broken" 0 "$badly"
same "most of them were cut" yes "$([ "$whole" -le 4 ] && echo yes)"
echo pass >"$cut"
go D
same "all comes over a good line" "$entered" "$(rows D person)"
kill "$proxy_pid" && wait "$proxy_pid" 2>/dev/null
proxy_pid=

# no such name; then the address is right again
# address CACHE URL
address() {
	python3 - "$lab/cache-$1/cache.db" "$2" <<'END'
import sqlite3
import sys

db = sqlite3.connect(sys.argv[1], timeout=10)
db.execute("UPDATE meta SET text = ? WHERE name = 'server'", (sys.argv[2],))
db.commit()
END
}
address A https://fengqiao.invalid:8443
began=$(now)
says "a name that nobody knows" 4 fq A sync
same "is no reason to hang" yes "$([ "$(since "$began")" -le 350 ] && echo yes)"
address A "$url"
yes "a good line again" fq A sync
yes "the other one fetches" fq B sync
same "everything is there once" $((entered + 1)) "$(rows B person)"

# the dead line: the call has ended by itself, and what was entered waits
wait "$dead"
read -r status took <"$lab/dead"
echo "# on a dead line a sync took $took tenths of a second"
same "a dead line is no reason to hang" "4 yes" \
    "$status $([ "$took" -le 1000 ] && echo yes)"
same "it is told in one sentence" 1 "$(wc -l <"$lab/dead.said")"
show "$lab/dead.said"
same "and the entry waits" 1 "$(fq C status --json | number waiting)"
address C "$url"
address D "$url"
settle A B C D
agree A B C D
plan
