#!/bin/sh
# A long push sends its next request before it has the reply to the last, over a
# second connection.  Again and again from the same beginning, client or server
# die while requests of both are under way; each time all arrives, once.
. tests/kit/scenario.sh
registers=mediation_case
cases=2600 rounds=${ROUNDS:-4}

begin_anew() {
	lab_stop
	rm -rf "$lab/cache-A" "$lab/ledger"
	cp -R "$lab/kept-A" "$lab/cache-A"
	cp -R "$lab/kept-ledger" "$lab/ledger"
	lab_serve
}

connections() {
	awk '{ print $5 }' "$lab/line"
}

test_connections() {
	[ "$(connections)" "$1" "$2" ]
}

# When so many pages have come, and some milliseconds later
until_then() {
	pages=$1
	while [ "$pages" -gt 0 ] && read -r line; do
		pages=$((pages - 1))
	done
	sleep "0.$(printf '%03d' "$2")"
}

lab_open
lab_serve
lab_proxy slowline 1000000000 0 0 "$lab/line"
lab_cache A wang "$proxy_url"
python3 tests/bench/gen_records.py cases "$cases" >"$lab/cases.csv"
must imported A mediation_case "$lab/cases.csv"
cp -R "$lab/cache-A" "$lab/kept-A"
lab_stop
cp -R "$lab/ledger" "$lab/kept-ledger"
lab_serve

before=$(connections)
yes "without an accident it goes" fq A sync
soon 2 test_connections -gt "$before"
same "over two connections" $((before + 2)) "$(connections)"

seed=${SEED:-$$}
echo "# SEED=$seed"
mkfifo "$lab/pages"
i=0 died=0
while [ "$i" -lt "$rounds" ]; do
	i=$((i + 1))
	seed=$(((seed * 1103515245 + 12345) % 2147483648))
	begin_anew
	printf '%s\n' "$password" | "$fengqiao" sync --progress --json \
	    --home "$lab/cache-A" --user wang --password-stdin \
	    >"$lab/pages" 2>"$lab/said" &
	client=$!
	until_then $((i % 3 + 1)) $((seed / 65536 % 30)) <"$lab/pages"
	if [ $((i % 2)) -eq 0 ]; then
		lab_stop KILL
		lab_serve
	else
		kill -KILL "$client" 2>"$lab/none"
	fi
	wait "$client" || died=$((died + 1))
	yes "round $i: the ledger is whole" "$fengqiaod" check \
	    --data "$lab/ledger"
	yes "round $i: the rest goes" fq A sync
	same "round $i: nothing waits, nothing was refused" "0 0" "$(fq A status \
	    --json | number waiting) $(fq A status --json | number refused)"
done
same "it died at work" yes "$([ "$died" -ge $((rounds / 2)) ] && echo yes)"
lab_cache B li
settle A B
same "each is there once" "$cases" "$(rows B mediation_case)"
agree A B
plan
