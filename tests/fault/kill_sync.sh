#!/bin/sh
# kill -9 of a client at any moment of its sync: nothing acknowledged is lost,
# nothing is there twice, both caches come out equal.
. tests/kit/lab.sh
kills=${KILLS:-200}

lab_open
lab_serve
lab_cache A wang
lab_cache B li
must fq A import correction_subject "$data/office/correction_subjects.csv" \
    --refused "$lab/refused.csv"
started=$(fq A list person --json | wc -l)
printf '%s\n' "$password" >"$lab/password"

# Each run enters one organisation and syncs; the clock starts when the entry
# was acknowledged, so that it is the sync that is killed.
script='
"$1" add person kind=02 name="单位$2$3" --json --home "$4" --user "$5" \
    --password-stdin <"$6" && exec "$1" sync --home "$4" --user "$5" \
    --password-stdin <"$6"
'
if [ "$lab_kept_A$lab_kept_B" = yesyes ]; then
	script=$(printf %s "$script" |
	    sed 's/--user "$5"//; s/--password-stdin <"$6"//')
fi

# hunt CACHE USER KILLS
hunt() {
	"$tools/fault/killer" -l -n "$3" -s "${SEED:-$$}" -- /bin/sh -c \
	    "$script" sh "$fengqiao" "$1" '{}' "$lab/cache-$1" "$2" \
	    "$lab/password" >>"$lab/saved" 2>"$lab/killer"
	same "a sync of cache $1 was killed $3 times" 0 $?
	sed 's/^/# /' "$lab/killer" | tail -3
}

hunt A wang $((kills / 2))
yes "cache A is whole" fq A check
hunt B li $((kills - kills / 2))
yes "cache B is whole" fq B check

for cache in A B A; do
	yes "cache $cache syncs in peace" fq "$cache" sync
done
same "nothing waits" "0 0" "$(fq A status --json | number waiting) \
$(fq B status --json | number waiting)"
contents A >"$lab/a"
contents B >"$lab/b"
yes "both caches hold the same" cmp "$lab/a" "$lab/b"
grep '"name": *"单位' "$lab/a" | texts id | sort >"$lab/there"
grep '"register"' "$lab/saved" | texts id | sort >"$lab/acknowledged"
same "nothing acknowledged is missing" 0 \
    "$(comm -23 "$lab/acknowledged" "$lab/there" | wc -l)"
same "nothing is there twice" 0 \
    "$(texts name <"$lab/a" | grep 单位 | sort | uniq -d | wc -l)"
same "as many as were entered" \
    "$((started + $(wc -l <"$lab/there")))" \
    "$(fq B list person --json | wc -l)"
echo "# $(wc -l <"$lab/acknowledged") acknowledged," \
    "$(wc -l <"$lab/there") there"
yes "cache A is whole" fq A check
yes "cache B is whole" fq B check
yes "the ledger is whole" "$fengqiaod" check --data "$lab/ledger"
plan
