#!/bin/sh
# A first load on a stick: the county writes it for one computer, sealed; there it
# loads without a line, and only what is newer comes by the line.  Who finds it
# reads nothing; another code, another computer, a damaged or missing piece change
# nothing.
. tests/kit/scenario.sh
lab_open
lab_serve
lab_cache A wang
lab_cache B li
lab_cache C li
python3 - >"$lab/people.csv" <<'PEOPLE'
print("类别,姓名/名称,人员备注")
for i in range(400):
    print("02,青石单位%d,登记第%d号" % (i, i))
PEOPLE
must fq A import person "$lab/people.csv" --refused "$lab/refused.csv"
go A
device=$(fq B status --json | text device)
mkdir "$lab/stick"
yes "the county writes a stick" "$fengqiaod" snapshot write \
    --data "$lab/ledger" "$device" "$lab/stick" --json
code=$(text code <"$lab/out")
same "one stick in a folder" 1 "$("$fengqiaod" snapshot write \
    --data "$lab/ledger" "$device" "$lab/stick" >/dev/null 2>&1; echo $?)"
same "who finds it reads nothing" 0 \
    "$(cat "$lab/stick"/* | grep -ac "青石\|gen\|$device")"

# without a line
lab_stop TERM
says "no stick there" 1 fq B snapshot --from "$lab" --code "$code"
says "another code" 1 fq B snapshot --from "$lab/stick" \
    --code AAAAABBBBBCCCCCDDDDD
says "another computer" 1 fq C snapshot --from "$lab/stick" --code "$code"
for piece in 0000 0001; do
	rm -rf "$lab/bad"
	cp -r "$lab/stick" "$lab/bad"
	python3 - "$lab/bad/fengqiao-$piece.bin" <<'DAMAGE'
import sys
with open(sys.argv[1], "r+b") as f:
    f.seek(100)
    byte = f.read(1)
    f.seek(100)
    f.write(bytes([byte[0] ^ 1]))
DAMAGE
	says "piece $piece is damaged" 1 fq B snapshot --from "$lab/bad" \
	    --code "$code"
done
rm "$lab/bad/fengqiao-0001.bin"
says "a piece is missing" 1 fq B snapshot --from "$lab/bad" --code "$code"
same "nothing has changed" "0 0" "$(rows B person) $(rows C person)"
mine=$(fq B add person kind=02 name=本所新单位 2>/dev/null)
yes "the stick is loaded" fq B snapshot --from "$lab/stick" \
    --code "$(echo "$code" | tr A-Z a-z | sed 's/...../& /g')" --json
same "all of it" 400 "$(number records <"$lab/out")"
same "without a line" 401 "$(rows B person)"
yes "again it changes nothing" fq B snapshot --from "$lab/stick" \
    --code "$code"
# T22: a code in a command stays in the shell's history
asked() {
	printf '%s\n%s\n' "$password" "$1" | "$fengqiao" snapshot \
	    --from "$lab/stick" --user li --password-stdin \
	    --home "$lab/cache-B"
}
yes "T22 the code is asked for" asked "$code"
says "T22 and looked at" 1 asked AAAAABBBBBCCCCCDDDDD

# and then only what is newer
lab_serve
must fq A add person kind=02 name=后来的单位
go A
yes "B syncs" fq B sync --json
same "only news came" "1 1" \
    "$(number pulled <"$lab/out") $(number pushed <"$lab/out")"
same "in few bytes" yes \
    "$([ "$(number received_bytes <"$lab/out")" -lt 4000 ] && echo yes)"
go A
same "what B entered meanwhile is everywhere" 本所新单位 \
    "$(value A name "$mine")"
go C
agree A B C
plan
