#!/bin/sh
# What somebody gets who is no user: files copied from a computer (T15, T18, a
# stolen cache), processes looked at (T21, T22), bombs (T7), a copied ledger.
. tests/kit/lab.sh

lab_open
# whoever starts it may not have its connections' keys written down
export SSLKEYLOGFILE="$lab/keys"
lab_serve
unset SSLKEYLOGFILE
lab_cache A wang
name=测试甲乙丙 id_no=349804198404240273 mobile=13800138000 note=言语冲突的经过
must fq A add person "name=$name" id_no=$id_no mobile=$mobile note=$note
printf '%s\n' "$name" "$id_no" "$mobile" "$note" "$password" >"$lab/words"

# clear FILE...: which of the words stand in them in clear
clear() {
	cat "$@" 2>/dev/null | grep -a -o -F -f "$lab/words" | sort -u
}
same "the words would be found" 5 "$(clear "$lab/words" | grep -c .)"

# ---- files copied to another user, after a day in which all was done that
# writes anything: found, imported, attached, told apart, refused, written out
must fq A sync
printf '姓名,身份证号,联系电话\n导入丁戊己,349804198601010047,13800138001\n' \
    >"$lab/people.csv"
must fq A import person "$lab/people.csv"
printf '%%PDF-1.4\n扫描庚辛壬的笔录\n' >"$lab/paper.pdf"
person=$(fq A list person --json | head -1 | text id)
must fq A attach "$person" "$lab/paper.pdf"
must fq A find "$mobile"
must fq A history "$person"
must fq A export person -o "$lab/away.csv"
printf '%s\n' 导入丁戊己 349804198601010047 13800138001 扫描庚辛壬 \
    >>"$lab/words"
same "what is written out for people can be read" 8 \
    "$(clear "$lab/away.csv" "$lab/paper.pdf" | grep -c .)"
must fq A sync
must fq A set "$person" note="$note，又一次"
cp -a "$lab/cache-A" "$lab/cache-S"
same "stolen cache: no name, id, phone, text, password in any file" "" \
    "$(find "$lab/cache-S" -type f -exec cat {} + >"$lab/all";
       clear "$lab/all")"
"$fengqiao" logout --home "$lab/cache-A" >/dev/null 2>&1
"$fengqiao" logout --home "$lab/cache-S" >/dev/null 2>&1
says "stolen cache: nothing without the password" 3 "$fengqiao" list person \
    --home "$lab/cache-S"
guess() {
	printf 'guess\n' | "$fengqiao" list person --home "$lab/cache-S" \
	    --user wang --password-stdin
}
says "stolen cache: T18 a guess" 3 guess
same "stolen cache: nothing of it is said" "" "$(clear "$lab/out" "$lab/said")"
same "T34 a copied ledger holds no password" "" \
    "$(cat "$lab"/ledger/ledger.db* | grep -a -o -F -- "$password" | head -1)"

# ---- processes
mkfifo "$lab/ask"
"$fengqiao" find "$name" --user wang --password-stdin --home "$lab/cache-A" \
    <"$lab/ask" >"$lab/out" 2>"$lab/said" &
asking=$!
exec 8>"$lab/ask"
# it has started when its arguments are blank
blank() {
	[ -z "$(tr -d '\0' <"/proc/$1/cmdline" | sed "s|.*fengqiaod*||")" ]
}
yes "T22 the list of processes names nobody" soon 60 blank $asking
same "T22 nor does its environment" "" "$(clear "/proc/$asking/environ")"
same "T21 no core file may be written" 0 \
    "$(sed -n 's/^Max core file size *\([0-9]*\).*/\1/p' \
    "/proc/$asking/limits")"
exec 8>&-
wait $asking
"$fengqiaod" user add --data "$lab/ledger" jia --name "$name" \
    --office ${county}001 --role clerk --password-stdin \
    <"$lab/ask" >"$lab/out" 2>"$lab/said" &
asking=$!
exec 8>"$lab/ask"
yes "T22 nor at the server" soon 60 blank $asking
exec 8>&-
wait $asking
same "T21 nor by the server" 0 "$(sed -n \
    's/^Max core file size *\([0-9]*\).*/\1/p' "/proc/$server_pid/limits")"
same "T21 T22 the server writes down no keys of connections" no \
    "$([ -e "$lab/keys" ] && echo yes || echo no)"
same "T22 no secret on the server's command line" "" \
    "$(clear "/proc/$server_pid/cmdline" "/proc/$server_pid/environ")"

# ---- bombs
cp -r screens "$lab/screens"
python3 - "$lab/screens/codes/sex.json" <<'PYTHON'
import sys
open(sys.argv[1], "w").write("[" + "1," * 8000000 + "1]")
PYTHON
# 16 MB that cJSON alone makes 640 MB of; the program lives in far less
( ulimit -v 400000 && "$fengqiao" check-screens "$lab/screens" ) \
    >"$lab/out" 2>"$lab/said"
same "T7 a bomb among definitions is refused in little memory" 1 $?
python3 - "$lab/deep" "$lab/wide" <<'PYTHON'
import sys
open(sys.argv[1], "w").write("[" * 4000000)
open(sys.argv[2], "w").write('{"t":"hello","cur":[' + "1," * 4000000 + "1]}\n")
PYTHON
high() {
	sed -n 's/^VmHWM:[[:space:]]*\([0-9]*\).*/\1/p' "/proc/$server_pid/status"
}
before=$(high)
for bomb in deep wide; do
	for path in sync enroll login history reconcile; do
		curl -s -o "$lab/out" -w '%{http_code}\n' --cacert \
		    "$lab/ledger/ca.pem" -H 'X-Proto: 1' --data-binary \
		    "@$lab/$bomb" "$url/v1/$path" 2>>"$lab/said"
	done
done >"$lab/codes"
same "T7 T8 bombs at the server are refused" "" \
    "$(grep -v '^4[0-9][0-9]$' "$lab/codes")"
same "T7 the server did not grow by 128 MB" yes \
    "$([ $(($(high) - before)) -lt 131072 ] && echo yes)"
plan
