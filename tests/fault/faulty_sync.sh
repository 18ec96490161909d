#!/bin/sh
# Every n-th write, sync, open and allocation of a client's sync fails, while it
# has something to send and something to fetch: the exit status is a documented
# one with one sentence, the cache stays whole, and when the disk is good again
# everything goes and comes, once.
. tests/kit/faulty.sh
pair
if [ "$lab_kept_A" = no ]; then
	ok "no keyring here: nothing is tried"
	plan
	exit
fi

# something to send, and every third time something to fetch
prepare() {
	round=$((round + 1))
	fq A add person kind=02 name="甲单位$round" note="甲单位$round" \
	    >>"$lab/ids" 2>"$lab/said" && remember "甲单位$round"
	if [ $((round % 3)) = 0 ]; then
		fq B add person kind=02 name="乙单位$round" \
		    note="乙单位$round" >>"$lab/ids" 2>"$lab/said" &&
		    remember "乙单位$round"
		go B
	fi
}

round=0
for kind in $kinds; do
	how=${kind#*:} kind=${kind%:*}
	prepare
	n=$(calls "$kind" "$fengqiao" sync --home "$lab/cache-A")
	for at in $(some "$n" "${SAMPLES:-7}"); do
		prepare
		faulty "$kind" "$how" "$at" "$fengqiao" sync \
		    --home "$lab/cache-A"
		well "$kind $how $at of $n" A
	done
	tell "a sync, $kind $how" "$(may_go_well "$how")"
done
settle A B
same "each is there once" "$(sort "$lab/ids" | cksum)" \
    "$(fq B list person --json | grep '单位' | texts id | sort | cksum)"
agree A B
plan
