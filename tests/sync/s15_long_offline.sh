#!/bin/sh
# Scenario 15: devices that were off for 500 days, with entries that were never
# sent, while the others went on.  One whose own clock stood still, too, is told
# to sign in, and sends the same entries after it; nothing loops, nothing comes
# twice.  A server that has forgotten what a device heard last says 410: then
# both compare, and go on.
. tests/kit/scenario.sh
echo 0 >"${clock_file:=$(mktemp)}"
lab_more() {
	rm -f "$clock_file"
}
preload=$PWD/$BUILD/tests/preload/clock.so
pair
lab_cache C wang
lab_cache E li
go C E
mkfifo "$lab/gateway.pipe"
python3 tests/sync/gateway.py "$port" "$lab/ledger/ca.pem" \
    "$lab/ledger/server.pem" "$lab/ledger/server.key" 16000000 \
    "$lab/forgets" >"$lab/gateway.pipe" 2>"$lab/gateway.err" &
proxy_pid=$!
read -r line <"$lab/gateway.pipe"
gateway=https://127.0.0.1:${line##* }

# A and C have something to send and are switched off
enter A case_officer=甲员
enter A note=甲记
enter C village=丙村
for i in 1 2 3; do
	for cache in A C; do
		fq $cache add person kind=02 name="旧单位$cache$i" \
		    note="旧单位$cache$i" >>"$lab/ids" 2>"$lab/said" &&
		    remember "旧单位$cache$i"
	done
done
waiting="$(fq A status --json | number waiting) $(fq C status --json |
    number waiting)"
same "they wait" "5 4" "$waiting"

# 500 days: the server goes on, and B
lab_stop TERM
echo $((500 * 86400)) >"$clock_file"
export CLOCK_FILE="$clock_file" LD_PRELOAD="$preload"
lab_serve
says "B has to sign in again" 3 fq B sync
yes "B signs in" lab_login B li
for i in 1 2 3 4 5 6; do
	fq B add person kind=02 name="新单位$i" note="新单位$i" \
	    >>"$lab/ids" 2>"$lab/said" && remember "新单位$i"
done
enter B note=乙记
enter B village=乙村
go B

# the clock of A went on as well
says "A may not work without the server for so long" 3 fq A list person
yes "A signs in" lab_login A wang
same "what A entered waits" 5 "$(fq A status --json | number waiting)"
yes "A syncs" fq A sync --json
same "in a few requests" yes \
    "$([ "$(number requests <"$lab/out")" -le 3 ] && echo yes)"
same "all of it went" "5 0" "$(number pushed <"$lab/out") \
$(fq A status --json | number waiting)"

# C's clock stood still: it does not know that its sign-in is over
unset LD_PRELOAD CLOCK_FILE
says "C is told to sign in" 3 fq C sync
says "and again, without a loop" 3 fq C sync
same "what C entered waits" 4 "$(fq C status --json | number waiting)"
yes "C signs in" lab_login C wang
go C
same "the same entries went" 0 "$(fq C status --json | number waiting)"
export CLOCK_FILE="$clock_file" LD_PRELOAD="$preload"

# G comes when all this has been
lab_cache G li "$gateway"
go G

# E only reads
yes "E signs in" lab_login E li
go E
same "E has what came in 500 days" 6 \
    "$(fq E list person --json | grep -c 新单位)"
yes "C signs in with the right clock" lab_login C wang

# G is told twice that its cursor is too old
echo 2 >"$lab/forgets"
enter B village=丁村
go B
enter G note=庚记
fq G sync --json >"$lab/out" 2>"$lab/said"
same "G goes on all the same" 0 $?
show "$lab/said"
same "both have compared" 2 "$(number compared <"$lab/out")"
same "what G entered went" 0 "$(fq G status --json | number waiting)"
settle A B C E G
same "each is there once" "$(sort "$lab/ids" | cksum)" \
    "$(fq B list person --json | grep '单位' | texts id | sort | cksum)"
both "what only A changed" case_officer 甲员
same "what B and C both changed is asked" 1 "$(open_questions B)"
agree A B C E G
plan
