#!/bin/sh
# Scenario 11: the server is backed up, twenty operations come from three
# clients, the server is restored.  In whatever order they sync, and when another
# client first takes the numbers again for something new, all twenty are back,
# the new ones too, nothing is asked and nothing is there twice.
. tests/kit/scenario.sh
pair
lab_cache C wang
lab_cache D li
go C D
yes "a backup while it serves" "$fengqiaod" backup --data "$lab/ledger" \
    "$lab/backup.db"
cp -a "$lab/cache-D" "$lab/cache-D-before"

# twenty operations that the backup does not know
for i in 1 2 3 4; do
	for cache in A B C; do
		fq $cache add person kind=02 name="单位$cache$i" \
		    note="单位$cache$i" >>"$lab/ids" 2>"$lab/said" &&
		    remember "单位$cache$i"
	done
done
enter A village=甲村 note=甲记
enter A village=甲二村
go A
go B C
enter B case_officer=乙员
enter B village=乙村
enter B note=乙记
go B C
enter C note=丙记
enter C village=丙村
yes "a withdrawal is among them" fq C remove "$(sed -n 12p "$lab/ids")" \
    --why 重录丙四
remember 重录丙四
settle A B C
same "twenty operations" 20 "$(($("$fengqiaod" status --data "$lab/ledger" \
    --json | number operations) - 2))"
held A >"$lab/wanted"
cp "$lab/entered" "$lab/entered-then"
lab_stop TERM
yes "it is restored" "$fengqiaod" restore --data "$lab/ledger" "$lab/backup.db"
for kept in ledger cache-A cache-B cache-C cache-D; do
	cp -a "$lab/$kept" "$lab/$kept.then"
done

# again: everything as it was right after the restore
again() {
	lab_stop TERM
	cp "$lab/entered-then" "$lab/entered"
	for kept in ledger cache-A cache-B cache-C cache-D; do
		rm -rf "${lab:?}/$kept"
		cp -a "$lab/$kept.then" "$lab/$kept"
	done
	lab_serve
}

for order in "A B C" "A C B" "B A C" "B C A" "C A B" "C B A"; do
	again
	for cache in D $order; do
		go $cache
		same "$order: $cache tells of it" 1 "$(number compared <"$lab/went")"
	done
	[ "$order" = "A B C" ] && for cache in D $order; do
		go $cache
		same "$order: $cache tells of it once" 0 \
		    "$(number compared <"$lab/went")"
	done
	settle D $order >"$lab/settled"
	same "$order: they come to rest" ok "$(cut -c1-2 "$lab/settled")"
	for cache in A D; do
		held $cache >"$lab/held"
		cut -d, -f1-4 "$lab/wanted" >"$lab/one"
		cut -d, -f1-4 "$lab/held" >"$lab/two"
		yes "$order: all twenty are back on $cache" cmp "$lab/one" \
		    "$lab/two"
	done
	same "$order: the values too" "丙村 乙员" \
	    "$(value D village) $(value D case_officer)"
	same "$order: nothing is asked" 0 "$(open_questions A)"
done
agree A B C D

# one that has not heard of the twenty first takes their numbers for new ones
again
rm -rf "$lab/cache-D"
cp -a "$lab/cache-D-before" "$lab/cache-D"
enter D case_officer=丁员
for i in 1 2 3 4 5; do
	fq D add person kind=02 name="新单位$i" note="新单位$i" \
	    >>"$lab/new-ids" 2>"$lab/said" && remember "新单位$i"
done
go D
go A B C
settle A B C D
same "the new ones are there, and the twenty" "5 11" \
    "$(fq B list person --json | grep -c 新单位) \
$(fq B list person --json | grep -c '"单位')"
same "what only the twenty changed stands" 丙村 "$(value D village)"
same "what both changed is asked, once" "1 1" \
    "$(fq A conflicts --json | grep -c case_officer) $(open_questions B)"
agree A B C D
plan
