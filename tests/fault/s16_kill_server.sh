#!/bin/sh
# Scenario 16, a push: kill -9 of the server at any moment of it.  After each
# restart it still has what it acknowledged, and at the end all is there once.
. tests/kit/scenario.sh
kills=${KILLS:-100}

lab_open
lab_serve
lab_cache A wang
lab_cache B li
must imported A correction_subject "$data/office/correction_subjects.csv"
started=$(fq A list person --json | wc -l)
lab_stop
printf '%s\n' "$password" >"$lab/password"

"$tools/fault/killer" -l -n "$kills" -s "${SEED:-$$}" -c "
    '$tools/fault/worker' '$lab/cache-A' wang sync 3 {} <'$lab/password'
    " -- "$fengqiaod" serve --data "$lab/ledger" \
    --listen "127.0.0.1:$port" >"$lab/saved" 2>"$lab/killer"
same "the server was killed $kills times" 0 $?
sed 's/^/# /' "$lab/killer" | tail -3
texts id <"$lab/saved" | sort >"$lab/acknowledged"
same "each time a client was at it" yes \
    "$([ "$(wc -l <"$lab/acknowledged")" -ge "$kills" ] && echo yes)"
yes "the ledger is whole" "$fengqiaod" check --data "$lab/ledger"

lab_serve
for cache in A B; do
	yes "cache $cache syncs in peace" fq "$cache" sync
done
same "nothing waits" 0 "$(fq A status --json | number waiting)"
contents A >"$lab/a"
contents B >"$lab/b"
yes "both caches hold the same" cmp "$lab/a" "$lab/b"
grep '"name": *"单位' "$lab/b" | texts id | sort >"$lab/there"
same "nothing acknowledged is missing, nothing is more" \
    "$(cksum <"$lab/acknowledged")" "$(cksum <"$lab/there")"
same "nothing is there twice" 0 \
    "$(texts name <"$lab/b" | grep 单位 | sort | uniq -d | wc -l)"
same "as many as were entered" "$((started + $(wc -l <"$lab/there")))" \
    "$(fq B list person --json | wc -l)"
texts name <"$lab/saved" >"$lab/entered"
settle A B
agree A B
plan
