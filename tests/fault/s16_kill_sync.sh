#!/bin/sh
# Scenario 16, applying: kill -9 of a client at any moment of its sync.  Nothing
# acknowledged is lost, nothing is there twice, both caches come out equal.
. tests/kit/scenario.sh
kills=${KILLS:-200}

lab_open
lab_serve
lab_cache A wang
lab_cache B li
must imported A correction_subject "$data/office/correction_subjects.csv"
started=$(fq A list person --json | wc -l)
printf '%s\n' "$password" >"$lab/password"

# Each run enters an organisation and syncs, and again, until it is killed.
# hunt CACHE USER KILLS
hunt() {
	"$tools/fault/killer" -l -n "$3" -s "${SEED:-$$}" \
	    -i "$lab/password" -- "$tools/fault/worker" "$lab/cache-$1" "$2" \
	    sync 3 "$1{}" >>"$lab/saved" 2>"$lab/killer"
	same "cache $1 was killed $3 times while it synced" 0 $?
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
texts id <"$lab/saved" | sort >"$lab/acknowledged"
same "nothing acknowledged is missing" 0 \
    "$(comm -23 "$lab/acknowledged" "$lab/there" | wc -l)"
same "nothing is there twice" 0 \
    "$(texts name <"$lab/a" | grep 单位 | sort | uniq -d | wc -l)"
same "as many as were entered" \
    "$((started + $(wc -l <"$lab/there")))" \
    "$(fq B list person --json | wc -l)"
echo "# $(wc -l <"$lab/acknowledged") acknowledged," \
    "$(wc -l <"$lab/there") there"
texts name <"$lab/saved" >"$lab/entered"
settle A B
agree A B
plan
