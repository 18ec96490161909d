#!/bin/sh
# The power goes at any moment of a client's day.  What it asks of the disk is
# written down (preload/journal.c), and a disk made of it as it may be then
# (power.py): all that was synced, some of the rest.  The cache opens and is
# whole, what was acknowledged is there, and a sync brings it to what the server
# has, though pages that were applied did not wait for the disk.  CUTS=n tries
# more moments, SEED=n others.
. tests/kit/powercut.sh
pair
asked=$lab/asked
if [ "$lab_kept_A" = no ]; then
	ok "no keyring here: nothing is tried"
	plan
	exit
fi

# Another session has the cache open, so that none that ends writes all of it to
# the disk: only what a save waits for itself is there.
hold() {
	mkfifo "$lab/held-open"
	python3 -c '
import sqlite3, sys
sqlite3.connect(sys.argv[1]).execute("SELECT count(*) FROM sqlite_master").fetchall()
sys.stdin.read()' "$1" <"$lab/held-open" &
	held_pid=$!
	exec 8>"$lab/held-open"
}

let_go() {
	exec 8>&-
	wait "$held_pid"
}

here() {
	journaled "$lab/cache-A"
	"$fengqiao" "$@" --home "$lab/cache-A"
	here_status=$?
	not_journaled
	return $here_status
}

# ---- a day ----

cp -a "$lab/cache-A" "$lab/before"
hold "$lab/cache-A/cache.db"
: >"$lab/ids"
for round in 1 2 3 4 5 6; do
	for i in 1 2 3; do
		here add person kind=02 name="甲单位$round$i" \
		    note="甲单位$round$i" >"$lab/id" &&
		    echo "$(asked_size) $(cat "$lab/id")" >>"$lab/ids"
		fq B add person kind=02 name="乙单位$round$i" \
		    note="乙单位$round$i" >/dev/null
		remember "甲单位$round$i" "乙单位$round$i"
	done
	here set "$subject" village="村$round" >/dev/null 2>"$lab/said" ||
	    show "$lab/said"
	remember "村$round"
	go B
	# the last ones are not sent
	[ "$round" = 6 ] || here sync >"$lab/said" 2>&1 || show "$lab/said"
done
same "all was acknowledged" 18 "$(wc -l <"$lab/ids")"
let_go
mv "$lab/cache-A" "$lab/after"

# ---- the power goes ----

wrong=0 lost=0
for at in $(places); do
	cut "$at" "$lab/before" "$lab/cache-A"
	fq A check >"$lab/said" 2>&1 || {
		wrong=$((wrong + 1))
		echo "#   at $at:"
		show "$lab/said"
		continue
	}
	fq A export person --format json | texts id | sort >"$lab/there"
	awk -v at="$at" '$1 <= at { print $2 }' "$lab/ids" | sort |
	    comm -23 - "$lab/there" >"$lab/missing"
	[ ! -s "$lab/missing" ] || {
		lost=$((lost + 1))
		echo "#   at $at:"
		show "$lab/missing"
	}
	[ $((tried % 8)) -ne 0 ] || go A
done
same "of $tried caches all are whole" 0 $wrong
same "nothing acknowledged is missing in any" 0 $lost
# the last was behind the last save
settle A B
agree A B
plan
