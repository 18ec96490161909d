#!/bin/sh
# Scenario 20: two computers without a line over New Year, in the same class of
# paper numbers; one uses up its lease, one number is taken from the paper book.
# No number twice but the one from paper, which is asked about; provisional ones
# become real; what nobody used is a gap in the register of numbers.
. tests/kit/scenario.sh
preload=$PWD/$BUILD/tests/preload/clock.so
registers=mediation_case

# on DAY: from now on every clock, the server's too, stands at noon of this day
on() {
	python3 - "$1" >"$lab/off.new" <<'PYTHON'
import datetime, sys, time
day = datetime.datetime.strptime(sys.argv[1] + " 12:00 +0800",
                                 "%Y-%m-%d %H:%M %z")
print(int(day.timestamp() - time.time()))
PYTHON
	mv "$lab/off.new" "$lab/off"
}

# give A WANTED FIELD=VALUE...: a new case, which then has this number; $given
give() {
	give_cache=$1 give_wanted=$2
	shift 2
	given=$(fq "$give_cache" add mediation_case dispute_type=ll form=2 \
	    source=1 summary=屋檐滴水到邻家院内，双方多次争执 "$@" 2>"$lab/said") || show "$lab/said"
	same "$give_cache gives $give_wanted" "Number: $give_wanted" \
	    "$(grep ^Number "$lab/said")"
}

# has A ID WANTED
has() {
	same "$1 shows $3" "$3" "$(value "$1" case_no "$2")"
}

# book STATE...: how many numbers of the main class stand so
book() {
	"$fengqiaod" numbers --data "$lab/ledger" --json >"$lab/book"
	python3 - "$lab/book" "$@" <<'PYTHON'
import json, sys
rows = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
for state in sys.argv[2:]:
    year, state = state.split("/")
    print(sum(r["to"] - r["from"] + 1 for r in rows if r["state"] == state
              and r["class"] == "mediation" and r["year"] == int(year)))
PYTHON
}

lab_folder
year=$(date +%Y)
next=$((year + 1))
on "$year-12-29"
fengqiao_right=$fengqiao fengqiaod_right=$fengqiaod
for program in fengqiao fengqiaod; do
	cat >"$lab/$program" <<END
#!/bin/sh
export CLOCK_FILE="$lab/off" LD_PRELOAD="$preload"
exec "$PWD/$BUILD/$program" "\$@"
END
	chmod 700 "$lab/$program"
done
fengqiao=$lab/fengqiao fengqiaod=$lab/fengqiaod
cp -r screens "$lab/screens"
sed -i 's/"block": 20/"block": 3/' "$lab/screens/registers/mediation_case.json"
yes "three numbers a lease are good definitions" "$fengqiao" check-screens \
    "$lab/screens"
export FENGQIAO_SCREENS="$lab/screens"

lab_folder_kept=$lab
lab_folder() { lab=$lab_folder_kept; }
lab_open
must user_add qian 钱科长 $county county_base
lab_serve
lab_cache A wang
lab_cache B li
lab_cache Z qian
go A B Z
same "A has three of each year" "3 3" "$(fq A numbers --json |
    grep '"mediation"' | grep -o '"left":[0-9]*' | cut -d: -f2 | xargs)"
lab_stop TERM

# the last day of the year, without a line
on "$year-12-31"
give A "（$year）青石人调字第1号" accept_date="$year-12-30"
give A "（$year）青石人调字第2号" accept_date="$year-12-31"
withdrawn=$given
must fq A remove "$withdrawn" --why 重复登记
paper=$(fq A add mediation_case dispute_type=ll form=2 source=1 \
    accept_date="$year-12-31" case_no="（$year）青石人调字第5号" 2>/dev/null)
give B "（$year）青石人调字第4号" accept_date="$year-12-31"
give B "（$year）青石人调字第5号" accept_date="$year-12-31"
twice=$given
give B "（$year）青石人调字第6号" accept_date="$year-12-31"
give B "临〔$year〕D02-1" accept_date="$year-12-31"
exhausted=$given

# the first day of the next: what is done today is of this year, what was done
# yesterday of the last
on "$next-01-01"
give A "（$next）青石人调字第1号" accept_date="$next-01-01"
give A "（$year）青石人调字第3号" accept_date="$year-12-31"
give B "（$next）青石人调字第4号" accept_date="$next-01-01"
give B "临〔$year〕D02-2" accept_date="$year-12-31"
late=$given
cp -r "$lab/cache-A" "$lab/cache-C"	# somebody copies the disk
lab_user_C=wang lab_kept_C=no
give C "临〔$next〕D01-1" accept_date="$next-01-01"
copied=$given

on "$next-01-02"
lab_serve
settle A B Z
has B "$exhausted" "（$year）青石人调字第7号"
has A "$late" "（$year）青石人调字第8号"
both "the number from paper stays" case_no "（$year）青石人调字第5号" "$paper"
both "and so does the other" case_no "（$year）青石人调字第5号" "$twice"
same "the county is asked once" 1 "$(open_questions Z)"
says "the office does not answer that" 3 fq B resolve "$twice" case_no mine
go C
settle C A B Z
same "the copy gave no number that A has" 1 "$(open_questions Z)"
has A "$copied" "（$next）青石人调字第7号"
same "no number but that one stands on two records" "" \
    "$(fq Z export mediation_case --format json | texts case_no | sort |
    uniq -d | grep -v 第5号)"
asked=$(fq Z conflicts --json | text record)
yes "the county gives another" fq Z resolve "$asked" case_no mine
settle Z A B C
has A "$asked" "（$year）青石人调字第9号"
same "nobody is asked any more" "0 0" \
    "$(open_questions A) $(open_questions Z)"

# the register of numbers, and the end of the year
same "the withdrawn case keeps its number" 1 "$(book "$year/withdrawn")"
same "of last year all are used" "8 0" "$(book "$year/used" "$year/gap" |
    xargs)"
on "$next-02-01"
must lab_login A wang
must lab_login B li
must lab_login Z qian
settle A B Z
before=$(book "$next/held")
yes "A goes out of use" fq A numbers --return
same "what A had is a gap" yes "$([ "$(book "$next/held")" -lt "$before" ] &&
    [ "$(book "$next/returned")" -gt 0 ] && echo yes)"
agree A B Z
plan
