#!/bin/sh
# Scenario 5: five hundred operations go over a slow line; a record of them is
# edited again and again meanwhile, also while pages are applied.  What is
# entered later stays pending, goes next, and is never taken for sent.
. tests/kit/scenario.sh

lab_open
lab_serve
lab_proxy slowline 6000 200 0
lab_cache A wang "$proxy_url"
lab_cache B li

yes "the line is good" fq A sync
{
	echo name,kind
	i=0
	while [ "$i" -lt 500 ]; do
		i=$((i + 1))
		echo "单位$i,02"
	done
} >"$lab/people.csv"
fq A import person "$lab/people.csv" --json >"$lab/imported" 2>&1
same "five hundred are entered" 500 "$(rows A person)"
first=$(fq A list person --json | texts id | head -1)
last=$(fq A list person --json | texts id | tail -1)

began=$(date +%s)
fq A sync --json >"$lab/first.out" 2>"$lab/first.said" &
sync_pid=$!
edits=0
while kill -0 "$sync_pid" 2>/dev/null && [ "$edits" -lt 60 ]; do
	edits=$((edits + 1))
	fq A set "$first" note="第$edits次" || not_ok "edit $edits"
	fq A set "$last" note="又$edits次" || not_ok "edit $edits"
	remember "第$edits次" "又$edits次"
	sleep 0.1
done
wait "$sync_pid"
same "the sync went well" 0 $?
show "$lab/first.said"
echo "# $edits edits each in $(($(date +%s) - began)) s"
same "there were edits meanwhile" yes "$([ "$edits" -ge 3 ] && echo yes)"
same "the last word stands here" "第$edits次 又$edits次" \
    "$(fq A show "$first" --json | text note) $(fq A show "$last" --json |
    text note)"
pushed=$(number pushed <"$lab/first.out")
waiting=$(fq A status --json | number waiting)
same "each is either sent or waits" $((500 + 2 * edits)) \
    $((pushed + waiting))
yes "the rest goes" fq A sync
same "nothing waits any more" 0 "$(fq A status --json | number waiting)"
same "nothing was refused or asked" "0 0" \
    "$(fq A status --json | number refused) $(fq A conflicts --json | wc -l)"
yes "the other one fetches" fq B sync
same "the last word stands there" "第$edits次 又$edits次" \
    "$(fq B show "$first" --json | text note) $(fq B show "$last" --json |
    text note)"
same "every edit was judged once" $((edits + 1)) \
    "$(fq B history "$first" --json | grep -c .)"
settle A B
agree A B
plan
