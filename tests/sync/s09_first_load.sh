#!/bin/sh
# Scenario 9: the first load of many records (RECORDS=10000: a large office) by a
# snapshot, over a line that resets every connection after 300 kB of answers, by
# a program that is killed at some moments, while somebody enters an
# organisation.  It completes with no more than 30 % of the bytes for nothing,
# whatever was killed and reset, and the organisation arrives.
. tests/kit/scenario.sh
registers=mediation_case
records=${RECORDS:-4000}
lab_open
lab_serve
plan=$lab/plan
echo pass >"$plan"
mkfifo "$lab/proxy.pipe"
"$tools/sync/cutproxy" "$port" "$plan" >"$lab/proxy.pipe" \
    2>>"$lab/server.log" &
proxy_pid=$!
lab_more() {
	kill "$proxy_pid" 2>/dev/null
}
read -r line <"$lab/proxy.pipe"
lab_cache A wang
lab_cache B li "https://127.0.0.1:${line##* }"
python3 tests/bench/gen_records.py cases "$records" >"$lab/cases.csv"
must fq A import mediation_case "$lab/cases.csv" --refused "$lab/refused.csv"
go A
must "$fengqiaod" snapshot ${county}001/gen --data "$lab/ledger" --json
snapshot=$(number bytes <"$lab/out")

# what a good line costs
lab_cache C wang
go C
needed=$(number received_bytes <"$lab/went")

echo "reply 300000" >"$plan"
rm -f "$plan.log"
# killed at moments of their own, and meanwhile somebody enters something
killed=0
for after in 0.15 0.4 0.25 0.6 0.3; do
	[ "$lab_kept_B" = yes ] || break
	timeout -s KILL $after "$fengqiao" sync --home "$lab/cache-B" \
	    >"$lab/out" 2>"$lab/said"
	[ $? = 137 ] && killed=$((killed + 1))
done
fq B add person kind=02 name=途中单位 >"$lab/out" 2>"$lab/said" &&
    remember 途中单位
runs=0 status=4
while [ "$status" -ne 0 ] && [ "$runs" -lt 10 ]; do
	runs=$((runs + 1)) status=0
	fq B sync >"$lab/out" 2>"$lab/said" || status=$?
	case $status in
	0|4) ;;
	*)
		not_ok "a broken line is told as one"
		echo "#   status $status"
		show "$lab/said"
		;;
	esac
done
same "it completes" 0 "$status"
came=$(awk '{ n += $1 } END { print n }' "$plan.log")
echo "# $runs runs, $killed killed; $came bytes came, $needed would do," \
    "$snapshot of them the snapshot: $((came * 100 / needed - 100)) % more"
same "a snapshot was taken" yes "$([ "$needed" -ge "$snapshot" ] && echo yes)"
same "at most 30 % for nothing" yes \
    "$([ "$came" -le $((needed * 13 / 10)) ] && echo yes)"
same "in one run, or a few" yes "$([ "$runs" -le 3 ] && echo yes)"
same "all is there" "$records" "$(fq B list mediation_case --json | wc -l)"
same "the case that was entered has arrived" 0 \
    "$(fq B status --json | number waiting)"
echo pass >"$plan"
go A
same "at the others" 1 "$(fq A list person --json | grep -c 途中单位)"
agree A B
plan
