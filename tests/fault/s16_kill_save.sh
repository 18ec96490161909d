#!/bin/sh
# Scenario 16, a save: kill -9 at any moment of it.  What was acknowledged is
# there, whole and once, and what was not is there whole or not at all.
. tests/kit/scenario.sh
kills=${KILLS:-200}

lab_open
lab_serve
lab_cache A wang
printf '%s\n' "$password" >"$lab/password"

# Each run enters organisations without a pause, until it is killed.
"$tools/fault/killer" -l -n "$kills" -s "${SEED:-$$}" -i "$lab/password" -- \
    "$tools/fault/worker" "$lab/cache-A" wang save 15 '{}' \
    >"$lab/saved" 2>"$lab/killer"
same "a client was killed $kills times while it saved" 0 $?
sed 's/^/# /' "$lab/killer" | tail -3

# The same with the program itself, from its start to its end.
if [ "$lab_kept_A" = yes ]; then
	"$tools/fault/killer" -n $((kills / 4)) -s "${SEED:-$$}" -- \
	    "$fengqiao" add person kind=02 'name=公司{}' 'note=公司{}' --json \
	    --home "$lab/cache-A" >>"$lab/saved" 2>"$lab/killer"
	same "the program was killed $((kills / 4)) times" 0 $?
	sed 's/^/# /' "$lab/killer" | tail -3
fi

yes "the cache is whole" fq A check
fq A export person --format json >"$lab/records"
texts id <"$lab/saved" | sort >"$lab/acknowledged"
texts id <"$lab/records" | sort >"$lab/there"
same "nothing acknowledged is missing" 0 \
    "$(comm -23 "$lab/acknowledged" "$lab/there" | wc -l)"
texts name <"$lab/records" | sort >"$lab/names"
texts note <"$lab/records" | sort >"$lab/notes"
same "nothing is there twice" 0 "$(uniq -d "$lab/names" | wc -l)"
yes "what is there is whole" cmp "$lab/names" "$lab/notes"
same "each record waits to be sent" "$(wc -l <"$lab/there")" \
    "$(fq A status --json | number waiting)"
echo "# $(wc -l <"$lab/acknowledged") acknowledged," \
    "$(wc -l <"$lab/there") there"

# An import is killed in the middle, again and again, and then left in peace.
file=$data/office/correction_subjects.csv
if [ "$lab_kept_A" = yes ]; then
	"$tools/fault/killer" -n 20 -s "${SEED:-$$}" -- "$fengqiao" import \
	    correction_subject "$file" --refused "$lab/refused.csv" \
	    --home "$lab/cache-A" >"$lab/out" 2>"$lab/killer"
	sed 's/^/# /' "$lab/killer" | tail -1
fi
yes "an import at last" imported A correction_subject "$file"
same "each good row is there once" \
    "$(python3 tests/sync/office.py good "$file")" \
    "$(fq A list correction_subject --json | wc -l)"

# and all of it arrives
texts name <"$lab/saved" >"$lab/entered"
settle A
agree A
plan
