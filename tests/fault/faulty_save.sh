#!/bin/sh
# Every n-th write, sync, open and allocation of a save and of an import fails:
# the exit status is a documented one with one sentence, the cache stays whole,
# what was acknowledged is there, and the rest is there whole or not at all.
. tests/kit/faulty.sh
pair

# without a keyring each command would spend its time on the password
if [ "$lab_kept_A" = no ]; then
	ok "no keyring here: nothing is tried"
	plan
	exit
fi

for kind in $kinds; do
	how=${kind#*:} kind=${kind%:*}
	n=$(calls "$kind" "$fengqiao" add person kind=02 name="单位$how$kind" \
	    note="单位$how$kind" --home "$lab/cache-A")
	cat "$lab/out" >>"$lab/ids"
	for at in $(some "$n" "${SAMPLES:-12}"); do
		name=单位$kind$how$at
		faulty "$kind" "$how" "$at" "$fengqiao" add person kind=02 \
		    name="$name" note="$name" --home "$lab/cache-A"
		[ "$status" -ne 0 ] || {
			cat "$lab/out" >>"$lab/ids"
			remember "$name"
		}
		well "$kind $how $at of $n" A
	done
	tell "a save, $kind $how" "$(may_go_well "$how")"
done

{
	echo 类别,姓名/名称,人员备注
	for i in 1 2 3 4 5 6 7 8 9; do
		echo "02,商号$i,商号$i"
	done
} >"$lab/nine.csv"
for kind in $kinds; do
	how=${kind#*:} kind=${kind%:*}
	n=$(calls "$kind" "$fengqiao" import person "$lab/nine.csv" --refused \
	    "$lab/refused.csv" --home "$lab/cache-A" --dry-run)
	for at in $(some "$((n + 20))" "${SAMPLES:-5}"); do
		faulty "$kind" "$how" "$at" "$fengqiao" import person \
		    "$lab/nine.csv" --refused "$lab/refused.csv" \
		    --home "$lab/cache-A"
		well "$kind $how $at of $n" A
	done
	tell "an import, $kind $how" "$(may_go_well "$how")"
done
yes "an import in peace" fq A import person "$lab/nine.csv" \
    --refused "$lab/refused.csv"

fq A export person --format json >"$lab/records"
sort "$lab/ids" >"$lab/acknowledged"
texts id <"$lab/records" | sort >"$lab/there"
same "nothing acknowledged is missing" 0 \
    "$(comm -23 "$lab/acknowledged" "$lab/there" | wc -l)"
grep -o '"name":"单位[^"]*"' "$lab/records" | sed 's/.*://' | sort >"$lab/one"
grep -o '"note":"单位[^"]*"' "$lab/records" | sed 's/.*://' | sort >"$lab/two"
yes "what is there is whole" cmp "$lab/one" "$lab/two"
same "nothing is there twice" 0 "$(uniq -d "$lab/one" | wc -l)"
same "each import is there whole or not at all" 0 \
    "$(($(grep -c '"name":"商号' "$lab/records") % 9))"
settle A B
agree A B
plan
