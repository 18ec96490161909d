#!/bin/sh
# What goes wrong is told in one clear sentence with the right exit status, and
# nothing is changed by it.
. tests/kit/lab.sh

# unchanged NAME: the records of cache A are as they were
unchanged() {
	contents A >"$lab/now"
	yes "$1: nothing has changed" cmp "$lab/good" "$lab/now"
}

# one_sentence NAME TEXT: what was said last speaks of TEXT
speaks() {
	same "$1" yes "$(grep -qi -- "$2" "$lab/said" && echo yes)"
}

lab_open
lab_serve
lab_cache A wang
person=$(fq A add person name=周强明 id_no=349804198404240273)
must fq A sync
contents A >"$lab/good"

# ---- definitions
cp -r screens "$lab/screens"
yes "good definitions" "$fengqiao" check-screens "$lab/screens"
sed -i 's/"purpose": "identity", //' "$lab/screens/registers/person.json"
says "a sensitive field without a purpose" 1 "$fengqiao" check-screens \
    "$lab/screens"
speaks "the register and the field are named" 'person.*id_no'
sed -i 's/"max_chars"/"max_charz"/' "$lab/screens/registers/person.json"
sed -i 's/"codes": "management_level"/"codes": "management_leval"/' \
    "$lab/screens/registers/correction_subject.json"
sed -i '1s/{/[/' "$lab/screens/codes/sex.json"
"$fengqiao" check-screens "$lab/screens" >"$lab/out" 2>"$lab/said"
same "broken definitions: status 1" 1 $?
speaks "an unknown key is named, with what was meant" 'max_charz.*max_chars'
speaks "a missing code table is named" 'management_leval'
speaks "a file that is no JSON is named" 'sex.json'
same "all of them at once" yes \
    "$([ "$(grep -c : "$lab/said")" -ge 4 ] && echo yes)"

# ---- entries
says "an unknown field" 1 fq A set "$person" shoe_size=42
speaks "the field is named" shoe_size
says "an unknown register" 1 fq A add shoes size=42
says "an unknown record" 1 fq A show 00000000-0000-7000-8000-000000000000
says "an id number with a wrong digit" 1 \
    fq A add person name=李月 id_no=349813198705033283
says "a date that is none" 1 fq A set "$person" birth=20250230
says "a code that is none" 1 fq A set "$person" sex=7
says "no operand" 2 fq A show
says "an unknown command" 2 "$fengqiao" dance
says "a file that is not there" 1 fq A import person "$lab/none.csv"
printf 'a,b\n1,2\n' >"$lab/odd.csv"
says "a spreadsheet of something else" 1 fq A import person "$lab/odd.csv"
unchanged "bad entries"

# ---- who
lab_cache W li
wrong() {
	printf 'not-this-one\n' | "$fengqiao" "$@" --password-stdin \
	    --home "$lab/cache-W"
}
says "a wrong password at sign-in" 3 wrong login li
says "an unknown user at sign-in" 3 wrong login nobody
says "a wrong password for one command" 3 wrong list person --user li
says "and again" 3 wrong list person --user li
says "somebody who never signed in here" 1 wrong list person --user wang
"$fengqiao" logout --home "$lab/cache-W"
says "not signed in" 3 "$fengqiao" list person --home "$lab/cache-W"
unchanged "wrong passwords"

# ---- the server
"$fengqiaod" init --data "$lab/other" --county 999800 --name 外县司法局 \
    --host 127.0.0.1 >"$lab/out" 2>&1
code=$("$fengqiaod" enroll-code --data "$lab/ledger" --office ${county}001 |
    tail -1)
says "a server of another authority" 3 "$fengqiao" enroll "$url" \
    --code "$code" --cacert "$lab/other/ca.pem" --home "$lab/cache-X"
says "no server of the system's authorities" 3 "$fengqiao" enroll "$url" \
    --code "$code" --home "$lab/cache-X"
says "a wrong code" 3 "$fengqiao" enroll "$url" --code AAAAAAAAAA \
    --cacert "$lab/ledger/ca.pem" --home "$lab/cache-X"
says "an address without TLS" 1 "$fengqiao" enroll "http://127.0.0.1:$port" \
    --code "$code" --home "$lab/cache-X"
says "and nothing is enrolled by all that" 1 "$fengqiao" sync \
    --home "$lab/cache-X" --user wang --password-stdin </dev/null
fq A set "$person" mobile=13800138000
contents A >"$lab/good"
waiting=$(fq A status --json | number waiting)
lab_stop
says "the server is away" 4 fq A sync
mkfifo "$lab/html.pipe"
python3 tests/sync/html_server.py "$port" "$lab/ledger/server.pem" \
    "$lab/ledger/server.key" >"$lab/html.pipe" 2>>"$lab/server.log" &
html_pid=$!
lab_more() {
	kill "$html_pid" 2>/dev/null
}
read -r line <"$lab/html.pipe"
says "a server that answers HTML" 1 fq A sync
kill "$html_pid"
wait "$html_pid" 2>/dev/null
same "what waited still waits" "$waiting" \
    "$(fq A status --json | number waiting)"
unchanged "servers that are none"
lab_serve
yes "and is delivered when the server is back" fq A sync

# ---- the cache
mkdir -m 700 "$lab/cache-N"
fq A backup "$lab/cache-N/cache.db" >"$lab/out"
python3 - "$lab/cache-N/cache.db" <<'PYTHON'
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as db:
    version = db.execute("PRAGMA user_version").fetchone()[0]
    db.execute("PRAGMA user_version = %d" % (version + 100))
PYTHON
sum_before=$(cksum <"$lab/cache-N/cache.db")
says "a cache of a newer program" 1 "$fengqiao" status --home "$lab/cache-N"
speaks "it says so" newer
same "it stays as it was" "$sum_before" "$(cksum <"$lab/cache-N/cache.db")"
mkdir -m 700 "$lab/cache-T"
head -c 8192 /dev/urandom >"$lab/cache-T/cache.db"
says "a file that is no cache" 1 "$fengqiao" status --home "$lab/cache-T"
says "a folder without a cache" 1 "$fengqiao" status --home "$lab/cache-0"
chmod 755 "$lab/cache-T"
says "a folder open to others" 3 "$fengqiao" status --home "$lab/cache-T"
says "no terminal, no screens" 1 "$fengqiao" --home "$lab/cache-A" </dev/null

# ---- a full disk: no file may grow beyond what the log has now
limited() {
	blocks=$(stat -c %s "$lab/cache-A/cache.db-wal" 2>/dev/null || echo 0)
	prlimit --fsize=$((blocks + 4096)) -- "$fengqiao" "$@" \
	    --home "$lab/cache-A" --user wang --password-stdin <"$lab/password"
}
printf '%s\n' "$password" >"$lab/password"
contents A >"$lab/good"
long=$(head -c 1200 /dev/zero | tr '\0' 'y' | sed 's/yyy/雪/g')
says "no room on the disk" 70 limited add person name=李月 note="$long"
unchanged "a full disk"
if [ "$(id -u)" -eq 0 ] && mkdir -m 700 "$lab/small" &&
    mount -t tmpfs -o size=1m,mode=700 tmpfs "$lab/small" 2>/dev/null; then
	lab_more() {
		kill "$html_pid" 2>/dev/null
		umount "$lab/small"
	}
	fq A backup "$lab/small/cache.db" >"$lab/out"
	on_small() {
		"$fengqiao" "$@" --home "$lab/small" --user wang \
		    --password-stdin <"$lab/password"
	}
	entered=0
	yes "a small disk with some room" on_small list person
	# the disk grows full while people work on
	while [ "$entered" -lt 100 ] && on_small add person name=李月 \
	    note="$long" >>"$lab/small-ids" 2>"$lab/said"; do
		entered=$((entered + 1))
		dd if=/dev/zero of="$lab/small/ballast$entered" bs=64k count=1 \
		    2>/dev/null
	done
	says "a file system that is really full" 70 on_small add person \
	    name=李月 note="$long"
	rm -f "$lab"/small/ballast*
	yes "with room again all is whole" on_small check
	same "what was acknowledged is there" "$((entered + 1))" \
	    "$(on_small list person --json | wc -l)"
	yes "and work goes on" on_small add person name=李月
fi
yes "cache A is whole" fq A check
plan
