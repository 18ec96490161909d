#!/bin/sh
# Scenario 19: the clock of A stands three years ahead, B's at 1970, C's jumps
# back between and during syncs.  The server alone says what came first, no
# value wins by its date, what was entered is remembered with the right time to
# the second, and B is told what to do.
. tests/kit/scenario.sh
pair
lab_cache C wang
go C
year=31557600
preload=$PWD/$BUILD/tests/preload/clock.so

# off A SECONDS: from now on A's clock stands so far off
off() {
	eval "off_$1=$2"
	echo "$2" >"$lab/off-$1"
}

fengqiao_right=$fengqiao
cat >"$lab/fengqiao" <<EOF
#!/bin/sh
for home; do :; done
for word in "\$@"; do
	[ "\$home" = --home ] && cache=\${word##*/cache-}
	home=\$word
done
[ -n "\$cache" ] && [ -e "$lab/off-\$cache" ] &&
    export CLOCK_FILE="$lab/off-\$cache" LD_PRELOAD="$preload"
exec "$fengqiao_right" "\$@"
EOF
chmod 700 "$lab/fengqiao"
fengqiao=$lab/fengqiao

# noted A FIELD=VALUE: enter it, and remember between which instants
noted() {
	noted_from=$(date +%s%3N)
	enter "$@"
	echo "${2#*=} $noted_from $(date +%s%3N)" >>"$lab/noted"
}

off A $((3 * year))
fq A status --json >"$lab/out" 2>&1
same "A's clock is really wrong" yes "$(LD_PRELOAD=$preload \
    CLOCK_FILE=$lab/off-A python3 -c 'import time
print("yes" if time.gmtime().tm_year >= 2028 else "no")')"
yes "A signs in with that clock" lab_login A wang
yes "and works" fq A status

# B had the value first on the server; A's later date wins nothing
enter A village=甲村
sleep 1.5
noted B village=乙村
sleep 1.5
go B
go A
settle A B C
both "what the server had first stands" village 乙村
same "the other is asked" "1 1" "$(open_questions A) $(open_questions B)"
yes "C answers" fq C resolve "$subject" village mine
settle C A B
both "the answer of a right clock is not older than A's" village 甲村

# and what A entered with a wrong date is changed by others without a question
noted A case_officer=甲员
sleep 1.5
go A B
enter B case_officer=乙员
go B A
both "an edit that knows of A's replaces it" case_officer 乙员
same "nobody is asked" "0 0" "$(open_questions A) $(open_questions B)"

# 1970: no certificate is valid yet
off B -$(($(date +%s) - 86400))
enter B note=乙记
says "B is told why there is no line" 3 fq B sync
same "that it is the date of this computer" yes \
    "$(grep -qi 'date' "$lab/said" && grep -q 1970 "$lab/said" && echo yes)"
same "what B entered waits" 1 "$(fq B status --json | number waiting)"
off B 0
go B
same "and is sent when the clock is right" 0 \
    "$(fq B status --json | number waiting)"

# C jumps back and forth, also while it syncs
hour=3600
round=0
for jump in $hour -$((2 * hour)) $((9 * hour)) -$((12 * hour)) 0; do
	round=$((round + 1))
	off C "$jump"
	noted C note="丙记$round"
	( sleep 0.05; echo $((jump - 1800)) >"$lab/off-C" ) &
	jumper=$!
	go C
	wait "$jumper"
	noted C group_members="丙组$round"
	enter A village="甲村$round"
	go A C
done
settle A B C
same "all that C entered went, the last stands" 丙组5 \
    "$(value B group_members)"

# times are the server's
fengqiao=$fengqiao_right
yes "in the ledger no time lies before the test or after now" python3 - \
    "$lab/ledger/ledger.db" <<'PYTHON'
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1])
now = time.time() * 1000
for at, in db.execute("SELECT at FROM history UNION ALL"
                      " SELECT updated_at FROM record"):
    assert now - 120000 <= at <= now + 1000, (at, now)
PYTHON
yes "what was entered has the right time to the second" python3 - \
    "$lab/ledger/ledger.db" "$lab/noted" <<'PYTHON'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
rows = db.execute("SELECT at, changes FROM history").fetchall()
for line in open(sys.argv[2], encoding="utf-8"):
    value, after, before = line.split()
    times = [at for at, changes in rows if value in changes]
    assert times, value
    assert int(after) - 1000 <= min(times) <= int(before) + 1000, (
        value, min(times) - int(after), int(before) - int(after))
PYTHON
agree A B C
plan
