#!/bin/sh
# kill -9 at any moment of a save: what was acknowledged is there, whole and
# once, and what was not is there whole or not at all.
. tests/kit/lab.sh
kills=${KILLS:-200}

lab_open
lab_serve
lab_cache A wang

# Each run enters one organisation; its id is printed when it is saved.
printf '%s\n' "$password" >"$lab/password"
if [ "$lab_kept_A" = yes ]; then
	set --
else
	set -- --user wang --password-stdin
fi
"$tools/fault/killer" -n "$kills" -s "${SEED:-$$}" -i "$lab/password" -- \
    "$fengqiao" add person \
    kind=02 "name=单位{}" "note=$(printf '第{}次，%0400d' 7)" --json \
    --home "$lab/cache-A" "$@" >"$lab/saved" 2>"$lab/killer"
same "the client was killed $kills times" 0 $?
sed 's/^/# /' "$lab/killer" | tail -3

yes "the cache is whole" fq A check
fq A export person --format json >"$lab/records"
texts id <"$lab/saved" | sort >"$lab/acknowledged"
texts id <"$lab/records" | sort >"$lab/there"
same "nothing acknowledged is missing" 0 \
    "$(comm -23 "$lab/acknowledged" "$lab/there" | wc -l)"
texts name <"$lab/records" | sort >"$lab/names"
same "nothing is there twice" 0 "$(uniq -d "$lab/names" | wc -l)"
same "what is there is whole" "$(wc -l <"$lab/there")" \
    "$(grep -c '第[0-9]*次，0*7"' "$lab/records")"
same "each record waits to be sent" "$(wc -l <"$lab/there")" \
    "$(fq A status --json | number waiting)"
echo "# $(wc -l <"$lab/acknowledged") acknowledged," \
    "$(wc -l <"$lab/there") there"

# An import is killed in the middle, again and again, and then left in peace.
file=$data/office/correction_subjects.csv
"$tools/fault/killer" -n 20 -s "${SEED:-$$}" -i "$lab/password" -- "$fengqiao" import \
    correction_subject "$file" --refused "$lab/refused.csv" \
    --home "$lab/cache-A" "$@" >"$lab/out" 2>"$lab/killer"
sed 's/^/# /' "$lab/killer" | tail -1
yes "an import at last" fq A import correction_subject "$file" \
    --refused "$lab/refused.csv"
same "each good row is there once" \
    "$(python3 tests/sync/office.py good "$file")" \
    "$(fq A list correction_subject --json | wc -l)"

# and all of it arrives
yes "everything is delivered" fq A sync
same "nothing waits" 0 "$(fq A status --json | number waiting)"
yes "the cache is whole" fq A check
yes "the ledger is whole" "$fengqiaod" check --data "$lab/ledger"
plan
