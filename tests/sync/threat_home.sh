#!/bin/sh
# A computer that is stolen on a bad day (T18, L12): its cache holds forms that
# nobody finished, a question, refused entries and such in quarantine, half an
# attachment, a backup, and what a kill left.  Every file of it, in every way in
# which a text may be written: nothing can be read.  Nor in the folder for
# temporary files, in the list of processes, in what is logged; and a copied
# ledger has no token (T21, T22, T34).
. tests/kit/lab.sh

lab_open
# of a first password the screens would ask for another one before anything
printf '%s\n' "$password" | must "$fengqiaod" user passwd --data "$lab/ledger" \
    --lasting --password-stdin wang
# nothing of ours is written where everybody writes
mkdir "$lab/tmp"
export TMPDIR="$lab/tmp" SQLITE_TMPDIR="$lab/tmp"
# the county has a shorter remark than the office's definitions: a refusal
cp -r screens "$lab/screens"
sed -i '/"name": "note"/s/"max_chars": 500/"max_chars": 40/' \
    "$lab/screens/registers/person.json"
export FENGQIAO_SCREENS="$lab/screens"
lab_serve
unset FENGQIAO_SCREENS
: >"$lab/seen"
mkfifo "$lab/gateway.pipe"
python3 tests/sync/gateway.py "$port" "$lab/ledger/ca.pem" \
    "$lab/ledger/server.pem" "$lab/ledger/server.key" 90000 - "$lab/seen" \
    >"$lab/gateway.pipe" 2>"$lab/gateway.err" &
proxy_pid=$!
read -r line <"$lab/gateway.pipe"
lab_cache A wang "https://127.0.0.1:${line##* }"
code_of_A=$lab_code
lab_cache B li
home=$lab/cache-A

name=鄢璠琨玥 id_no=349804198404240273 mobile=13800138000
drafted=阚琬琰璋 drafted_no=34980419860101004
typed=郗珩琪瑛 first=甲方说法一二 second=乙方说法三四
poison=毒药寅卯辰 refused=$(printf '退稿驷骖骊%.0s' 1 2 3 4 5 6 7 8 9)
scanned=扫描庚辛壬的笔录 imported=导入丁戊己 village=欧家坪村
printf '%s\n' "$name" "$id_no" "$mobile" "$drafted" "$drafted_no" "$typed" \
    "$first" "$second" "$poison" 退稿驷骖骊 "$scanned" "$imported" \
    13800138001 "$village" 王建国 李秀英 作废理由申酉 \
    "$password" "$code_of_A" >"$lab/words"

python3 - "$lab/ledger/ledger.db" <<'END'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], timeout=10)
db.execute("CREATE TRIGGER poison BEFORE INSERT ON record"
           " WHEN instr(NEW.body, '毒') > 0"
           " BEGIN SELECT RAISE(ABORT, 'poison'); END")
db.commit()
END

# ---- a bad day
person=$(fq A add person "name=$name" id_no=$id_no mobile=$mobile)
subject=$(fq A add correction_subject person_id="$person" category=01 \
    term_from=20250809 term_to=20280808 "village=$village" case_officer=王建国)
must fq A add person kind=02 "name=$poison"
must fq A add person kind=02 name=单位 "note=$refused"
must fq A sync
must fq B sync
must fq A set "$subject" "village=$first"
must fq B set "$subject" "village=$second"
must fq B sync
gone=$(fq A add person kind=02 name=重复单位)
must fq A remove "$gone" --why 作废理由申酉
printf '姓名,身份证号,联系电话\n%s,349804198601010047,13800138001\n%s,1,2\n' \
    "$imported" "$imported" >"$lab/people.csv"
yes "an import is refused in part" imported A person "$lab/people.csv"
printf '%%PDF-1.4\n%s\n' "$scanned" >"$lab/paper.pdf"
python3 - "$lab/paper.pdf" <<'END'
import random, sys
with open(sys.argv[1], "ab") as f:
    f.write(random.Random(1).randbytes(300000))
END
must fq A attach "$subject" "$lab/paper.pdf" --name "$scanned.pdf"
i=0
while [ $i -lt 3 ]; do
	i=$((i + 1))
	fq A sync >"$lab/log.$i" 2>&1
done
must fq A history "$subject"
must fq A find "$mobile"
fq A numbers >"$lab/out" 2>&1
must fq A set "$person" note=又一次
yes "a form is saved, another one begun, the program killed" \
    python3 tests/sync/threat_home.py type "$home" "$fengqiao" wang \
    "$password" "$drafted" "$drafted_no" "$typed" "$lab/processes"
must fq A backup "$home/copy.db"
# saves that are killed, some of them while they write
printf '%s\n' "$password" >"$lab/typed"
for n in 1 2 3 4 5 6; do
	"$fengqiao" set "$person" "note=$first$n" --home "$home" --user wang \
	    --password-stdin <"$lab/typed" >"$lab/out" 2>&1 &
	killed=$!
	sleep 0.$n
	kill -s KILL $killed 2>/dev/null
	wait $killed 2>/dev/null
done

# ---- the files, copied while another program has the cache open
mkfifo "$lab/hold"
python3 tests/sync/threat_home.py hold "$home/cache.db" <"$lab/hold" \
    >"$lab/held" &
holding=$!
exec 8>"$lab/hold"
must soon 60 test -s "$lab/held"
must fq A set "$person" "note=$first"
cp -a "$home" "$lab/stolen"
cp -a "$home" "$lab/opened"
exec 8>&-
wait $holding
# what is there to be found; a test that looked at an empty cache would be none
python3 tests/sync/threat_home.py rows "$lab/opened/cache.db" draft recall ask \
    outbox:state=0 \
    outbox:state=2 trail audit run people piece \
    "blob:sent > 0 AND sent < size" wrap record >"$lab/rows"
show "$lab/rows"
same "all of a bad day is in the cache" "" \
    "$(grep ' 0$' "$lab/rows")"
same "and what was written last is in the log beside it" yes \
    "$([ -s "$lab/stolen/cache.db-wal" ] && echo yes)"
grep '^user ' "$lab/seen" | sort -u | sed 's/.* //' >>"$lab/words"
grep '^share ' "$lab/seen" | sort -u | sed 's/.* //' >>"$lab/words"
same "tokens and keys went by" yes "$([ "$(grep -c '^user ' "$lab/seen")" -gt 2 ] &&
    grep -q '^share ' "$lab/seen" && echo yes)"
mkdir "$lab/ways"
same "each way of writing would be found" \
    "$(python3 tests/sync/threat_home.py encoded "$lab/words" "$lab/ways")" \
    "$(python3 tests/sync/threat_home.py look "$lab/words" "$lab/ways" |
    cut -d: -f1 | sort -u | wc -l)"
same "T18 a stolen computer: nothing can be read in any file" "" \
    "$(python3 tests/sync/threat_home.py look "$lab/words" "$lab/stolen")"
same "T18 nobody else at the computer may open one" "" \
    "$(find "$home" "$lab/refused.csv" -type f -perm /077 ! -name ca.pem)"
same "T21 nothing is left in the folder for temporary files" "" \
    "$(find "$lab/tmp" -type f)"
same "T21 nor is there a core file" "" "$(find "$home" . -maxdepth 1 -name 'core*')"

# ---- what is beside the files
same "the screens and their child were looked at" yes \
    "$([ "$(sed -n 's/^processes: //p' "$lab/processes")" -ge 2 ] && echo yes)"
same "T22 no process of the screens names anything" "" \
    "$(python3 tests/sync/threat_home.py look "$lab/words" "$lab/processes")"
same "T22 nor does what the programs and the server log" "" \
    "$(python3 tests/sync/threat_home.py look "$lab/words" "$lab/server.log" \
    "$lab"/log.*)"
says "T22 a password is no argument" 2 "$fengqiao" login wang \
    --password "$password" --home "$home"
same "nor is it repeated" "" "$(grep -F -e "$password" "$lab/said")"
{
	grep '^user \|^device ' "$lab/seen" | sort -u | sed 's/.* //'
	printf '%s\n' "$password" "$code_of_A"
} >"$lab/keys"
same "T34 a copied ledger has no token, code or password" "" \
    "$(python3 tests/sync/threat_home.py look "$lab/keys" "$lab/ledger")"
plan
