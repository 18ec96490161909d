#!/bin/sh
# sync --watch: news of the office arrives within a second on an idle line, what
# is saved here goes by itself, one for a cache, a server that is away is waited
# for, and SIGTERM ends it cleanly.
. tests/kit/lab.sh

has() {
	fq "$1" list person --json | grep -q "\"$2\""
}

said_good() {
	[ "$(grep -c '"state": *"good"' "$lab/watch")" -ge "$1" ]
}

lab_open
lab_serve
lab_cache A wang
lab_cache B li

watch_start B "$lab/watch"
yes "it says that it is in step" soon 5 said_good 1
sleep 1
fq A add person kind=02 name=甲单位 >/dev/null
began=$(date +%s%N)
yes "another one sends something" fq A sync
yes "it is here without being asked for" soon 3 has B 甲单位
took=$((($(date +%s%N) - began) / 1000000))
echo "# $took ms after the other began to send"
same "within a second and the sending" yes "$([ "$took" -lt 2500 ] && echo yes)"

fq B add person kind=02 name=乙单位 >/dev/null
yes "what is saved here goes by itself" soon 8 delivered B
yes "the other one has it" fq A sync
yes "there" has A 乙单位
same "the idle line is idle" yes \
    "$([ "$(grep -c '"begun"' "$lab/watch")" -le 4 ] && echo yes)"
says "one keeps a cache in step" 5 fq B sync --watch
yes "a sync beside it is no trouble" fq B sync

lab_stop KILL
yes "a server that is away" soon 5 grep -q '"failed"' "$lab/watch"
fq B add person kind=02 name=丙单位 >/dev/null
lab_serve
yes "is found again" soon 20 delivered B

kill -TERM "$watch_pid"
wait "$watch_pid"
same "SIGTERM ends it cleanly" 0 $?
watch_pid=
same "it complained of nothing" "" "$(cat "$lab/watch.err")"
yes "cache B is whole" fq B check
watch_start B "$lab/watch"
yes "another may watch now" soon 5 said_good 1
kill -KILL "$watch_pid"
wait "$watch_pid" 2>/dev/null
watch_start B "$lab/watch"
yes "also after one that was killed" soon 5 said_good 1
plan
