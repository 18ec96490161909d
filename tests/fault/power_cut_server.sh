#!/bin/sh
# The power goes at any moment while the server takes what two clients send (see
# power_cut.sh): the ledger is whole, and what was answered is there.  CUTS=n tries
# more moments, SEED=n others.
. tests/kit/powercut.sh
pair
asked=$lab/asked
lab_stop TERM
cp -a "$lab/ledger" "$lab/before"
journaled "$lab/ledger"
lab_serve
not_journaled

: >"$lab/ids"
for round in 1 2 3 4 5 6; do
	for cache in A B; do
		id=$(fq $cache add person kind=02 name="$cache单位$round" \
		    note="$cache单位$round")
		remember "$cache单位$round"
		fq $cache set "$subject" village="$cache村$round" >/dev/null 2>&1
		go $cache
		echo "$(asked_size) $id" >>"$lab/ids"
	done
done
lab_stop KILL
mv "$lab/ledger" "$lab/after"

wrong=0 lost=0
for at in $(places); do
	cut "$at" "$lab/before" "$lab/ledger"
	"$fengqiaod" check --data "$lab/ledger" >"$lab/said" 2>&1 || {
		wrong=$((wrong + 1))
		echo "#   at $at:"
		show "$lab/said"
		continue
	}
	python3 -c '
import sqlite3, sys, uuid
for row in sqlite3.connect(sys.argv[1]).execute("SELECT id FROM record"):
    print(uuid.UUID(bytes=row[0]))' "$lab/ledger/ledger.db" | sort >"$lab/there"
	awk -v at="$at" '$1 <= at { print $2 }' "$lab/ids" | sort |
	    comm -23 - "$lab/there" >"$lab/missing"
	[ ! -s "$lab/missing" ] || {
		lost=$((lost + 1))
		echo "#   at $at:"
		show "$lab/missing"
	}
done
same "of $tried ledgers all are whole" 0 $wrong
same "nothing answered is missing in any" 0 $lost
# the last was behind the last answer
lab_serve
settle A B
agree A B
plan
