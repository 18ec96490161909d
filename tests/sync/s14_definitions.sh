#!/bin/sh
# Scenario 14: a client with 200 unsent entries under old definitions, while the
# county renames a field, retires a code, makes a field mandatory and adds one.
# 200 verdicts, nothing lost; the client takes the new definitions; a client
# that keeps the old ones edits a record and the new field stays.  Then
# definitions that are damaged, or that the program does not understand.
. tests/kit/scenario.sh
unset FENGQIAO_DEFINITIONS

# restart SCREENS: the server with these definitions
restart() {
	lab_stop TERM
	export FENGQIAO_SCREENS="$1"
	lab_serve
	unset FENGQIAO_SCREENS
}

# verdicts KIND: how many operations of villages got it, from the ledger
verdicts() {
	python3 - "$lab/ledger" "$1" <<'EOF'
import glob, sqlite3, sys
for path in glob.glob(sys.argv[1] + "/*.db"):
    db = sqlite3.connect("file:" + path + "?mode=ro", uri=True)
    n = db.execute("SELECT count(*) FROM opdone WHERE verdict LIKE ?"
                   " AND (device, epoch, n) NOT IN (SELECT device, epoch, n"
                   " FROM history WHERE kind = 'none')", [sys.argv[2]])
    print(n.fetchone()[0])
EOF
}

# csv FROM TO KIND HEAD: a spreadsheet of villages
csv() {
	echo code,name,kind,head
	i=$1
	while [ "$i" -le "$2" ]; do
		echo "999900001$(printf %03d "$i"),第$i村,$3,$4$i"
		i=$((i + 1))
	done
}

lab_open
yes "the county's changes are definitions" python3 tests/sync/newer.py \
    screens "$lab/new"
yes "without a mistake" "$fengqiao" check-screens "$lab/new"
must python3 tests/sync/newer.py screens "$lab/odd" odd
restart ""
lab_cache A wang
lab_cache B li

# fifty are known to the server; then two hundred entries wait
csv 1 50 2 张 >"$lab/known.csv"
fq A import village "$lab/known.csv" --json >"$lab/out" 2>&1
yes "fifty villages go up" fq A sync
csv 51 200 2 李 >"$lab/waiting.csv"
cut -d, -f4 "$lab/known.csv" "$lab/waiting.csv" | grep -v head >>"$lab/entered"
fq A import village "$lab/waiting.csv" --json >"$lab/out" 2>&1
fq A list village --json >"$lab/list"
for name in $(seq 1 25); do
	id=$(grep "第$name村" "$lab/list" | texts id | head -1)
	fq A set "$id" head=王"$name" >/dev/null 2>&1 || not_ok "set $name"
	remember 王"$name" 曾由王"$name"负责
	fq A set "$id" note=曾由王"$name"负责 >/dev/null 2>&1 || not_ok "note $name"
done
same "two hundred wait" 200 "$(fq A status --json | number waiting)"
first=$(grep "第1村" "$lab/list" | texts id | head -1)
late=$(fq A list village --json | grep "第77村" | texts id | head -1)
version=$(fq A status --json | text definitions)
before=$(verdicts %)

restart "$lab/new"
yes "the old client syncs" fq A sync
grep -q "new definitions" "$lab/out" &&
    ok "and says that there are new definitions" ||
    { not_ok "and says that there are new definitions"; show "$lab/out"; }
same "two hundred verdicts" 200 "$(($(verdicts %) - before))"
same "none of them a refusal for its age" "0 0 0" \
    "$(verdicts invalid) $(verdicts denied) $(verdicts review)"
same "nothing waits, nothing was refused" "0 0" \
    "$(fq A status --json | number waiting) \
$(fq A status --json | number refused)"

# the next start
same "the next start uses the county's" county \
    "$(fq A status --json | text definitions_from)"
[ "$version" != "$(fq A status --json | text definitions)" ] &&
    ok "which are others than before" || not_ok "which are others than before"
same "what was renamed has its value" "王1 李77" \
    "$(value A leader "$first") $(value A leader "$late")"
same "nothing has the old name" 0 \
    "$(fq A export village --format json | grep -c '"head"')"
same "what was entered with the retired code has the new one" 1 \
    "$(value A kind "$late")"
same "an old record keeps its word" 2 "$(value A kind "$first")"
same "all are there" 200 "$(fq A list village --json | wc -l)"
fq A set "$first" note=改 2>"$lab/asked"
same "what is mandatory now is asked for at the next edit" 1 $?
grep -q Households "$lab/asked" || show "$lab/asked"
yes "and given" fq A set "$first" households=120 dialect=西南官话
yes "it goes up" fq A sync
same "a second sync has nothing to fetch" "" \
    "$(fq A sync | grep definitions)"

# the other client keeps the old ones
old() {
	fq B "$@" --screens screens
}
yes "the other client has the old definitions" old sync
same "chosen by hand" folder "$(old status --json | text definitions_from)"
same "it sees the new field as it came" 西南官话 \
    "$(old show "$first" --json | text dialect)"
old show "$first" >"$lab/shown"
yes "also as text" grep -q 西南官话 "$lab/shown"
yes "and edits another" old set "$first" population=530
yes "under the old name, too" old set "$first" head=赵新
old sync >"$lab/asked" 2>&1
same "that was not what it saw there: a question" 5 $?
same "it never takes the county's while it has others" "" \
    "$(old sync | grep definitions)"
yes "and come down" fq A sync
same "the edit has arrived" 530 "$(value A population "$first")"
yes "the question is answered" fq A resolve "$first" leader mine
yes "the answer goes up" fq A sync
same "what it wanted is there" 赵新 "$(value A leader "$first")"
same "the new field is untouched" "西南官话 120" \
    "$(value A dialect "$first") $(value A households "$first")"
yes "every cache is whole" fq A check
yes "that one, too" old check

# damaged definitions are not used
file=$lab/cache-A/definitions/$(cat "$lab/cache-A/definitions/current")
sed 's/方言/方音/' "$file" >"$lab/damaged" && cat "$lab/damaged" >"$file"
fq A status --json >"$lab/out" 2>"$lab/said"
same "damaged definitions are not used" program \
    "$(text definitions_from <"$lab/out")"
same "and that is said in a sentence" 1 "$(wc -l <"$lab/said")"
show "$lab/said"
fq A sync >"$lab/again" 2>&1
yes "the next sync fetches them again" grep -q "new definitions" "$lab/again"
same "and they are used" county "$(fq A status --json | text definitions_from)"

# definitions that this program does not understand: a newer server's
good=$(fq A status --json | text definitions)
token=$(python3 - "$lab/cache-A/cache.db" <<'EOF'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
print(db.execute("SELECT text FROM meta WHERE name='device_token'").fetchone()[0])
EOF
)
same "the server gives any device its definitions" 200 "$(curl -s -o "$lab/got" \
    -w '%{http_code}' --cacert "$lab/ledger/ca.pem" -H "X-Proto: 1" \
    -H "Authorization: Bearer $token" "$url/v1/schema/$good")"
same "and nobody else" 401 "$(curl -s -o "$lab/got" -w '%{http_code}' \
    --cacert "$lab/ledger/ca.pem" -H "X-Proto: 1" "$url/v1/schema/$good")"
same "of another version there is nothing" 404 "$(curl -s -o "$lab/got" \
    -w '%{http_code}' --cacert "$lab/ledger/ca.pem" -H "X-Proto: 1" \
    -H "Authorization: Bearer $token" "$url/v1/schema/0123456789abcdef")"
lab_stop TERM
"$fengqiaod" serve --data "$lab/ledger" --listen 127.0.0.1:0 \
    --screens "$lab/odd" >"$lab/out" 2>&1
same "a server does not start with definitions that have mistakes" 1 $?

# back to the program's own
restart ""
fq A sync >"$lab/again" 2>&1
yes "the county goes back: said" grep -q "new definitions" "$lab/again"
same "and the program's own are used" program \
    "$(fq A status --json | text definitions_from)"
same "what the newer ones had put there is kept" 西南官话 \
    "$(value A dialect "$first")"
remember 西南官话 赵新
registers=village
settle A B
agree A B
plan
