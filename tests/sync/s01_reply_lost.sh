#!/bin/sh
# Scenario 1: fifty cases entered offline; the server takes them in and its
# reply is lost, five times, once across a restart of the server.  They are
# there once, and what was said of each stays said.
. tests/kit/scenario.sh

# what the ledger has said of each operation, and when
verdicts() {
	python3 - "$lab/ledger/ledger.db" <<'END'
import sqlite3, sys
for row in sqlite3.connect(sys.argv[1]).execute(
        "SELECT hex(device), epoch, n, hash, verdict, rev, why, at"
        " FROM opdone ORDER BY 1, 2, 3"):
    print(*row)
END
}

lab_open
lab_serve
plan=$lab/plan
echo pass >"$plan"
lab_proxy cutproxy "$plan"
lab_cache A wang "$proxy_url"
lab_cache B li

i=0
while [ "$i" -lt 50 ]; do
	i=$((i + 1))
	fq A add person kind=02 name="试$i" >>"$lab/ids" || not_ok "case $i"
	remember "试$i"
done
same "fifty wait" 50 "$(fq A status --json | number waiting)"

echo swallow 1500 >"$plan"
for try in 1 2 3 4 5; do
	says "the reply is lost, try $try" 4 fq A sync
	[ "$try" = 3 ] && lab_stop KILL && lab_serve
	if [ "$try" = 1 ]; then
		yes "the server has them already" fq B sync
		same "all of them" 50 "$(rows B person)"
		verdicts >"$lab/verdicts"
		same "each has its verdict" 50 "$(wc -l <"$lab/verdicts")"
	fi
done
same "all still wait here" 50 "$(fq A status --json | number waiting)"
contents B >"$lab/first"
echo pass >"$plan"
yes "the reply arrives" fq A sync
same "nothing waits any more" 0 "$(fq A status --json | number waiting)"
same "nothing was refused" 0 "$(fq A status --json | number refused)"
verdicts >"$lab/now"
yes "no verdict has changed" cmp "$lab/verdicts" "$lab/now"
yes "the other one fetches" fq B sync
contents A >"$lab/a"
contents B >"$lab/b"
yes "both hold the same" cmp "$lab/a" "$lab/b"
yes "and what the first try had made" cmp "$lab/first" "$lab/b"
same "under the ids that were acknowledged" "$(sort "$lab/ids" | cksum)" \
    "$(fq B list person --json | texts id | sort | cksum)"
settle A B
agree A B
plan
