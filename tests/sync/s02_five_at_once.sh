#!/bin/sh
# Scenario 2: the same operations on five connections at the same instant, as
# impatient retries are.  They are there once, the five answers are equal, and
# the server has no failure to tell of.
. tests/kit/scenario.sh

lab_open
lab_serve
lab_cache A wang
lab_cache B li
fq A sync >"$lab/out" 2>"$lab/said"
for round in 1 2 3; do
	fq A add person kind=02 name="甲$round" >>"$lab/ids"
	fq A add person kind=02 name="乙$round" >>"$lab/ids"
	remember "甲$round" "乙$round"
	for copy in 1 2 3 4 5; do
		rm -rf "$lab/cache-C$copy"
		cp -r "$lab/cache-A" "$lab/cache-C$copy"
		eval "lab_user_C$copy=wang lab_kept_C$copy=no"
	done
	for copy in 1 2 3 4 5; do
		fq "C$copy" sync --json >"$lab/reply$copy" \
		    2>"$lab/said$copy" &
		eval "run$copy=\$!"
	done
	for copy in 1 2 3 4 5; do
		eval "wait \$run$copy"
		same "round $round, connection $copy" 0 $?
		show "$lab/said$copy"
	done
	for copy in 1 2 3 4 5; do
		same "its answer $copy" "2 0 0" \
		    "$(number pushed <"$lab/reply$copy") $(number refused \
		    <"$lab/reply$copy") $(number conflicts <"$lab/reply$copy")"
	done
	yes "A hears of it as well" fq A sync
done
yes "the other one fetches" fq B sync
same "each is there once" 6 "$(rows B person)"
same "under its id" "$(sort "$lab/ids" | cksum)" \
    "$(fq B list person --json | texts id | sort | cksum)"
same "the server had no failure" 0 "$(grep -c warning "$lab/server.log")"
for copy in A C1 C5; do
	contents "$copy" >"$lab/one"
	contents B >"$lab/b"
	yes "$copy holds the same" cmp "$lab/one" "$lab/b"
done
settle A B
agree A B
plan
