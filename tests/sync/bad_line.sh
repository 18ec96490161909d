#!/bin/sh
# A line that breaks: before the request has arrived, after it, and within the
# reply, every hundred bytes or so.  What was sent twice is there once.
. tests/kit/lab.sh

lab_open
lab_serve
plan=$lab/plan
echo pass >"$plan"
lab_proxy cutproxy "$plan"
lab_cache A wang "$proxy_url"
lab_cache B li

# one NUMBER PLAN: A enters an organisation and syncs over this line
failed=0 arrived=0 entered=0
one() {
	entered=$((entered + 1))
	fq A add person kind=02 name="试$entered" note=第${entered}个 \
	    >>"$lab/ids" 2>"$lab/said" || show "$lab/said"
	echo "$1" >"$plan"
	fq A sync >"$lab/out" 2>"$lab/said"
	status=$?
	case $status in
	0) return ;;
	4) failed=$((failed + 1)) ;;
	*) not_ok "over a line with \"$1\" sync says it is offline"
	   echo "#   status $status"
	   show "$lab/said" ;;
	esac
	[ "$(wc -l <"$lab/said")" -eq 1 ] || {
		not_ok "one sentence over a line with \"$1\""
		show "$lab/said"
	}
	fq B sync >"$lab/out" 2>"$lab/said"
	fq B list person --json | grep -q "\"试$entered\"" &&
	    arrived=$((arrived + 1))
}

bytes=0
while [ "$bytes" -le 2500 ]; do
	one "reply $bytes"
	one "request $bytes"
	bytes=$((bytes + 125))
done
echo "# $entered syncs, $failed over a line that broke, $arrived of them had"
echo "# arrived although the client could not know"
same "many lines broke" yes "$([ "$failed" -ge 15 ] && echo yes)"
same "some requests arrived and their reply was lost" yes \
    "$([ "$arrived" -ge 1 ] && echo yes)"
echo pass >"$plan"
yes "a good line again" fq A sync
same "nothing waits any more" 0 "$(fq A status --json | number waiting)"
yes "the other one fetches" fq B sync
same "everything is there once" "$entered $entered" \
    "$(fq B list person --json | wc -l) $(fq B list person --json |
    grep -o '"试[0-9]*"' | sort -u | wc -l)"
same "under the ids that were acknowledged" "$(sort "$lab/ids" | cksum)" \
    "$(fq B list person --json | texts id | sort | cksum)"
contents A >"$lab/a"
contents B >"$lab/b"
yes "both caches hold the same" cmp "$lab/a" "$lab/b"
yes "cache A is whole" fq A check
yes "the ledger is whole" "$fengqiaod" check --data "$lab/ledger"
plan
