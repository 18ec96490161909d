#!/bin/sh
# Scenario 17: a copy of the cache on a second PC.  On both, people enter records
# and change the same one, and sync by turns.  The copy is noticed at the first
# operation that differs, what both entered is there, nothing is there twice,
# and both go on.
. tests/kit/scenario.sh
pair

# copy FROM TO: as a copied disk would have it
copy() {
	cp -a "$lab/cache-$1" "$lab/cache-$2"
	must lab_login "$2" wang
	eval "lab_user_$2=wang lab_kept_$2=\$lab_kept_$1"
}

# work A: this cache enters two persons and changes what all change
work() {
	for work_i in 1 2; do
		fq "$1" add person kind=02 name="单位$1$round$work_i" \
		    note="单位$1$round$work_i" >>"$lab/ids" 2>"$lab/said" &&
		    remember "单位$1$round$work_i"
	done
	enter "$1" village="村$1$round"
	enter "$1" note="记$1$round"
}

# what waits when the disk is copied is sent by both, and is there once
fq A add person kind=02 name=待送单位 note=待送单位 >>"$lab/ids"
enter A case_officer=待送员
remember 待送单位
copy A C
round=0
for order in "A C" "C A" "A C A C" "C C A"; do
	round=$((round + 1))
	work A
	work C
	go $order
done
settle A C B
same "what waited at the copying is there once" "1 待送员" \
    "$(fq B list person --json | grep -c 待送单位) $(value B case_officer)"
same "what both entered is there once" 17 \
    "$(fq B list person --json | grep -c '单位')"
same "under the ids that were acknowledged" "$(sort "$lab/ids" | cksum)" \
    "$(fq B list person --json | grep '单位' | texts id | sort | cksum)"
case $(value B village) in
村?[1-4]) ok "of the same field one value stands" ;;
*) not_ok "of the same field one value stands" ;;
esac
same "they have numbers of their own now" 2 "$(python3 - \
    "$lab/ledger/ledger.db" <<'PYTHON'
import sqlite3, sys
print(sqlite3.connect(sys.argv[1]).execute("SELECT max(n) FROM (SELECT"
    " count(DISTINCT epoch) AS n FROM opdone GROUP BY device)").fetchone()[0])
PYTHON
)"

# a copy of the copy, from before what both sent since
copy C D
work D
work C
go C D A B
settle A B C D
agree A B C D
plan
