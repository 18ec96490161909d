#!/bin/sh
# An instruction's way: issued by the county to one office, delivered when that
# office's client has it (once, whatever runs at the same time), signed, worked,
# replied, returned, replied again, accepted.
. tests/kit/lab.sh

value() {
	fq "$1" show "$2" --json | text "$3"
}

state() {
	fq "$1" show "$2" --json | text state
}

issue() {
	fq K add instruction @office="$1" title="$2" kind=1 urgency="$3" \
	    text=逐村排查矛盾纠纷，有无均报 due_at="2026-12-31 18:00"
}

lab_open
lab_serve
lab_cache A wang
lab_cache B li
lab_cache C chen
lab_cache K sun

yes "the office has a profile" fq B add office name=青石司法所 population=52000
yes "it goes up" fq B sync
yes "and to the county" fq K sync
yes "and to the other device" fq A sync

# to whom
first=$(issue ${county}001 汛期排查 3)
same "the county issues one, by the office's code" 36 \
    "$(printf %s "$first" | wc -c)"
second=$(issue 青石 走访核查 1)
same "and one by its name" 36 "$(printf %s "$second" | wc -c)"
says "an office that there is not is refused" 1 \
    fq K add instruction @office=999900009 title=错 text=错 \
    due_at="2026-12-31 18:00"
says "an office enters nothing for another" 3 \
    fq A add person @office=${county}002 name=某人
same "it is the office's, not the county's" ${county}001 \
    "$(value K "$first" office)"
yes "the county sends them" fq K sync
same "nobody has them yet" "issued issued" \
    "$(state K "$first") $(state K "$second")"

# delivered, once: three sessions on one cache, and another device besides
for run in 1 2 3; do
	fq A sync >"$lab/run$run" 2>&1 &
	eval "run$run=\$!"
done
fq B sync >"$lab/run4" 2>&1 &
run4=$!
wait "$run1" "$run2" "$run3" "$run4"
fq A sync >"$lab/out" 2>"$lab/said" || not_ok "A syncs"
fq B sync >"$lab/out" 2>"$lab/said" || not_ok "B syncs"
fq A sync >"$lab/out" 2>"$lab/said" || not_ok "A syncs again"
yes "the other office has nothing of it" fq C sync
same "nothing at all" "" "$(fq C list instruction)"
yes "the county hears of it" fq K sync
same "both are delivered" "delivered delivered" \
    "$(state K "$first") $(state K "$second")"
case $(value K "$first" delivered_at) in
20??-??-??T??:??) ok "with the time, beside that of issue" ;;
*) not_ok "with the time, beside that of issue" ;;
esac
same "each cache has nothing waiting" "0 0" "$(fq A status --json |
    number waiting) $(fq B status --json | number waiting)"
same "nothing was refused" "0 0" "$(fq A status --json | number refused) \
$(fq B status --json | number refused)"
same "nothing is asked" "0 0" "$(fq A conflicts --json | wc -l) \
$(fq B conflicts --json | wc -l)"

# signed, worked, replied
yes "the chief signs for it" fq B move "$first" signed
yes "and names who does it" fq B move "$first" working assignee=王建国
yes "it goes up" fq B sync
yes "to the clerk" fq A sync
yes "who reports how far it is" fq A add instruction_progress \
    instruction_id="$first" percent=50 text=已排查六个村
yes "and replies" fq A move "$first" replied reply_text=十二个村均已排查，发现苗头两件
yes "it goes up" fq A sync
yes "to the county" fq K sync
same "which reads the reply" replied "$(state K "$first")"
yes "returns it, red" fq K move "$first" returned return_reason=缺明细
yes "and presses" fq K set "$first" supervise=2 supervise_reason=三日内补报
yes "it goes down" fq K sync
yes "to the clerk" fq A sync
same "who sees it" "returned 2" "$(state A "$first") \
$(value A "$first" supervise)"
yes "it stands among what is due" sh -c \
    "'$fengqiao' due --days 60 --home '$lab/cache-A' | grep -q 汛期排查"
says "an office does not withdraw it" 3 \
    fq A move "$first" cancelled cancel_reason=不办
yes "replies again" fq A move "$first" replied reply_text=明细见附件
says "an office does not accept its own" 3 fq A move "$first" accepted
yes "it goes up" fq A sync
yes "to the county" fq K sync
yes "which accepts it" fq K move "$first" accepted
yes "it goes down" fq K sync
yes "to the clerk" fq A sync
same "it is done" accepted "$(state A "$first")"

# a machine that was away: both times are there
third=$(issue ${county}002 数据补正 2)
yes "one for the office that is away" fq K sync
same "not delivered" "" "$(value K "$third" delivered_at)"
yes "it comes back" fq C sync
yes "the county hears of it" fq K sync
same "delivered then" delivered "$(state K "$third")"

# a commission under the office's profile is the office's
lab_cache Z zhao
yes "the county has the profile" fq Z sync
profile=$(fq Z list office --json | text id)
yes "the county adds a letter below the profile" fq Z add commission \
    office_id="$profile" letter_no=枫司委〔2026〕1号 valid_from=20260101 \
    valid_to=20261231 matters=leave
yes "it goes up" fq Z sync
yes "and down" fq B sync
same "to the office" 1 "$(fq B list commission --json | wc -l)"
same "and to no other" 0 "$(fq C sync >/dev/null; fq C list commission --json |
    wc -l)"
for cache in A B C K Z; do
	yes "cache $cache is whole" fq $cache check
done
yes "the ledger is whole" "$fengqiaod" check --data "$lab/ledger"
plan
