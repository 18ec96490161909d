#!/bin/sh
# Every command of both programs as a stranger finds it: with an option there is
# not, a word too many, nothing at all, a record or a file there is not, without
# a cache, locked, without a line, with an output that cannot be written.  One
# sentence in the language that was asked for, the right status, and nothing
# that is stored has changed.  The commands are those that --help lists, so a
# new one is asked the same.
. tests/kit/lab.sh

nowhere=00000000-0000-7000-8000-000000000000

# by bytes, which grep takes in all languages
hanzi=$(printf '[\344-\351][\200-\277][\200-\277]')
holds() {
	LC_ALL=C grep -q "$1" "$lab/said"
}

# each STATUS NAME COMMAND...: in both languages; Chinese has full-width colons
# and no English sentence, English no Chinese
each() {
	each_status=$1 each_name=$2
	shift 2
	says "$each_name" "$each_status" "$@" --lang en
	if holds "$hanzi"; then
		not_ok "$each_name: in English"
		show "$lab/said"
	fi
	says "$each_name, in Chinese" "$each_status" "$@" --lang zh_CN
	if ! holds "$hanzi" || holds "Usage\|$hanzi: \|: $hanzi"; then
		not_ok "$each_name: in Chinese"
		show "$lab/said"
	fi
}

# quiet NAME COMMAND...: 0, and nothing on standard error
quiet() {
	quiet_name=$1
	shift
	yes "$quiet_name" "$@"
	[ -s "$lab/said" ] && {
		not_ok "$quiet_name: quietly"
		show "$lab/said"
	}
}

# full|closed|piped COMMAND...: its output onto a full device, to a descriptor
# that is none, into a pipe that nobody reads
full() {
	"$@" >/dev/full
}

closed() {
	"$@" >&-
}

piped() {
	rm -f "$lab/piped"
	mkfifo "$lab/piped"
	: <"$lab/piped" &
	exec 8>"$lab/piped"
	wait $!
	"$@" >&8
	piped_status=$?
	exec 8>&-
	return $piped_status
}

# what it takes to be understood, of things that there are not
words() {
	case $1 in
	enroll) echo "https://127.0.0.1:1 --code AAAAAAAAAA" ;;
	login) echo wang ;;
	snapshot) echo "--from $lab/nowhere --code AAAAAAAAAA" ;;
	find) echo 欧阳无此人 ;;
	list|export|registers) echo shoes ;;
	show|history|accept|attach) echo $nowhere ;;
	add) echo "person shoe_size=42" ;;
	set) echo "$nowhere name=x" ;;
	move) echo "$nowhere open" ;;
	remove|reject) echo "$nowhere --why x" ;;
	transfer) echo "$nowhere ${county}002 --why x" ;;
	fetch) echo "$nowhere 1 -o $lab/fetched" ;;
	removed) echo "--restore $nowhere" ;;
	resolve) echo "$nowhere name mine" ;;
	import) echo "person $lab/none.csv" ;;
	audit) echo "--who $nowhere" ;;
	call) echo /v1/shoes ;;
	backup) echo "$lab/nowhere/b.db" ;;
	check-screens) echo "$lab/nowhere" ;;
	esac
}

commands() {
	"$fengqiao" --help --lang en | sed -n 's/^  fengqiao \([a-z][a-z-]*\).*/\1/p'
}

# the words of the server's commands, one command a line
server_commands() {
	"$fengqiaod" --help --lang en | sed -n 's/^fengqiaod \([a-z].*\)/\1/p' |
	    sed 's/ --.*//; /^the server/d'
}

unchanged() {
	contents A >"$lab/now"
	yes "$1: nothing has changed" cmp "$lab/good" "$lab/now"
}

lab_open
lab_serve
lab_cache A wang
person=$(fq A add person name=周强明 id_no=349804198404240273 \
    mobile=13800138000)
subject=$(fq A add correction_subject person_id="$person" category=01 \
    term_from=20250809 term_to=20280808 village=红旗村)
must fq A sync
contents A >"$lab/good"
same "the help names the commands" yes \
    "$([ "$(commands | wc -l)" -ge 35 ] && echo yes)"

# ---- what is not understood
for command in $(commands); do
	each 2 "$command --bogus" fq A "$command" --bogus
	case $command in
	find|add|set|move) ;;
	*)
		each 2 "$command with words too many" fq A "$command" \
		    1 2 3 4 5
		;;
	esac
	case $command in
	logout|passwd|whoami|sync|due|receipts|removed|conflicts|numbers|\
	registers|status|audit|check|check-screens) ;;
	*)
		each 2 "$command alone" fq A "$command"
		;;
	esac
	says "$command in no language" 2 "$fengqiao" "$command" --lang fr
done
each 2 "no such command" "$fengqiao" dance
each 2 "an option that wants a value" fq A list person --limit
each 2 "a value that is none" fq A list person --limit=0
same "it is named" yes "$(grep -q -- --limit "$lab/said" && echo yes)"
each 2 "a number that is none" fq A due --days soon
same "it is named" yes "$(grep -q -- --days "$lab/said" && echo yes)"
each 2 "a switch with a value" fq A status --json=yes
each 2 "no reason" fq A remove "$person"
each 2 "a format that there is not" fq A export person --format xls
unchanged "what is not understood"

# ---- what there is not
for command in $(commands); do
	case $command in
	login|logout|passwd|whoami|sync|due|receipts|conflicts|numbers|status|\
	check) continue ;;
	esac
	wanted=1
	[ "$command" = enroll ] && wanted=4
	each $wanted "$command of what there is not" fq A "$command" \
	    $(words "$command")
done
same "no file was begun" "" "$(ls "$lab" | grep '^fetched')"
each 1 "a register by half its name" fq A list persn
same "what is meant is said" yes "$(grep -q person "$lab/said" && echo yes)"
each 1 "a column that there is not" fq A list person --sort shoe_size
same "columns are named" yes "$(grep -q 姓名 "$lab/said" && echo yes)"
each 1 "a column to write that there is not" fq A export person --columns name,shoe_size
each 1 "a state that there is not" fq A list person --state asleep
quiet "a register by its title" fq A list 社区矫正对象
quiet "in the other language too" fq A list "Correction subjects"
quiet "sorted by words, downwards" fq A list person --sort -姓名
unchanged "what there is not"

# ---- no cache, no key
for command in $(commands); do
	case $command in
	enroll|login|logout|passwd|registers|check-screens) continue ;;
	esac
	each 1 "$command without a cache" "$fengqiao" "$command" \
	    $(words "$command") --home "$lab/cache-0"
done
same "and none was made" "" "$(ls "$lab" | grep '^cache-0')"
lab_cache L li
"$fengqiao" logout --home "$lab/cache-L"
for command in $(commands); do
	case $command in
	login|logout|passwd|registers|check-screens|backup) continue ;;
	esac
	each 3 "$command when locked" "$fengqiao" "$command" \
	    $(words "$command") --home "$lab/cache-L"
done

# ---- id numbers
hides() {
	same "$1: masked" "0 yes" "$(grep -c 349804198404240273 "$lab/out") \
$(grep -q '349804\*\*\*\*\*\*\*\*0273' "$lab/out" && echo yes)"
}
for how in "" --json; do
	yes "show $how" fq A show "$person" $how
	hides "show $how"
	yes "history $how" fq A history "$person" $how
	hides "history $how"
	yes "list $how" fq A list person $how
	hides "list $how"
	before=$(fq A audit --json | grep -c '"what":"unmask"')
	for command in show history; do
		yes "$command --unmask $how" fq A $command "$person" --unmask \
		    $how
		same "$command --unmask $how: whole" yes \
		    "$(grep -q 349804198404240273 "$lab/out" && echo yes)"
	done
	same "noted twice" $((before + 2)) \
	    "$(fq A audit --json | grep -c '"what":"unmask"')"
	yes "list --unmask $how" fq A list person --unmask $how
	same "list --unmask $how: whole" yes \
	    "$(grep -q 349804198404240273 "$lab/out" && echo yes)"
	same "and noted so" yes "$(fq A audit --json --limit 5 |
	    grep -q '"what":"list".*"whole":true' && echo yes)"
done

# ---- files that cannot be written
exports() {
	fq A audit --json | grep -c '"what":"export"'
}
before=$(exports)
each 1 "an export into no folder" fq A export person -o "$lab/nowhere/p.csv"
each 1 "an export over a folder" fq A export person -o "$lab"
same "the trace knows of none" "$before" "$(exports)"
each 70 "an export onto a full disk" fq A export person -o /dev/full
same "a device stays one" yes "$([ -c /dev/full ] && echo yes)"
fq A export person -o "$lab/p.csv" >"$lab/out"
same "how many rows went where" "1 $lab/p.csv" \
    "$(sed 's/^\([0-9]*\) rows are in \([^;]*\);.*/\1 \2/' "$lab/out")"
fq A export person --columns 姓名,mobile -o "$lab/p.csv" >"$lab/out"
same "the columns that were asked for" '"Name","Mobile" "周强明","13800138000"' \
    "$(sed 's/^\xEF\xBB\xBF//; s/\r//' "$lab/p.csv" | tr '\n' ' ' |
    sed 's/ $//')"
printf 'name,kind\n好单位,02\n,02\n' >"$lab/some.csv"
contents A >"$lab/good"
each 1 "an import without a place for what is refused" fq A import person \
    "$lab/some.csv" --refused "$lab/nowhere/r.csv"
each 1 "an import that is tried" fq A import person "$lab/some.csv" --dry-run
unchanged "imports that did not take place"
says "an import of which a row is refused" 1 fq A import person \
    "$lab/some.csv" --refused "$lab/r.csv"
same "how many, and where they are" "1 of 2 $lab/r.csv" "$(sed \
    's/^fengqiao: \(.*\) rows were refused; they are in \(.*\)\.$/\1 \2/' \
    "$lab/said")"
same "the other one is in" 1 "$(fq A list person | grep -c 好单位)"
printf 'name,kind\n又一单位,02\n' >"$lab/good.csv"
quiet "all rows are good: no list is needed" fq A import person \
    "$lab/good.csv" --refused "$lab/nowhere/r.csv"
must fq A sync

# ---- an output that cannot be written
contents A >"$lab/good"
for line in whoami "find 周强明" "list person" registers "show $person" \
    "history --kept $person" due removed conflicts receipts numbers \
    "export person" status audit check check-screens --help "list --help"; do
	each 70 "$line, onto a full disk" full fq A $line
	each 70 "$line, to nobody" closed fq A $line
	quiet "$line, into a broken pipe" piped fq A $line
done
unchanged "outputs that cannot be written"
says "what is done is said to be done" 70 full fq A add person kind=02 name=单位
same "by words" yes "$(grep -q 'it is done' "$lab/said" && echo yes)"
must fq A sync
contents A >"$lab/good"

# ---- the language is that of $FENGQIAO_LANG and --lang, not the system's
for lang in C C.UTF-8 zh_CN.UTF-8 zh_CN.GB18030; do
	same "LANG=$lang" "$(fq A status | cksum)" \
	    "$(LC_ALL=$lang LANG=$lang fq A status | cksum)"
done

# ---- no line
lab_stop
for line in sync "history $person" "call /v1/people" "audit --who $person" \
    "numbers --return"; do
	each 4 "$line without a line" fq A $line
done
unchanged "no line"

# ---- the server's commands
server_commands >"$lab/commands"
same "the help names the server's commands" yes \
    "$([ "$(wc -l <"$lab/commands")" -ge 40 ] && echo yes)"
while read -r command; do
	each 2 "$command --bogus" "$fengqiaod" $command --bogus \
	    --data "$lab/ledger"
	each 2 "$command with words too many" "$fengqiaod" $command 1 2 3 4 \
	    --data "$lab/ledger"
	each 2 "$command without a folder" "$fengqiaod" $command
	yes "$command --help" "$fengqiaod" $command --help --lang zh_CN
	same "$command --help says what it is for" yes \
	    "$(sed -n 2p "$lab/out" | LC_ALL=C grep -q "$hanzi" && echo yes)"
done <"$lab/commands"
for line in "office list" "user list" "enroll-code --office ${county}001" \
    "device list" "quarantine list" numbers "retention list" "erase list" \
    "audit head" "audit verify" check status; do
	each 1 "$line where no ledger is" "$fengqiaod" $line \
	    --data "$lab/nowhere"
done
for line in "office add ${county}001 x" "office rename 1 x" \
    "user disable nobody" "user enable nobody" "user set nobody --name x" \
    "enroll-code --office 1" "device revoke $nowhere" "device allow $nowhere" \
    "device give $nowhere --office ${county}001" "device erase $nowhere" \
    "device remove $nowhere" "quarantine show 9" \
    "quarantine take 9 --by zhao" "quarantine dismiss 9 --by zhao --why x" \
    "numbers machine $nowhere x" "erase look $nowhere" "snapshot nowhere/gen" \
    "backup $lab/nowhere/b" "restore $lab/nowhere/b" "audit user nobody" \
    "init --county $county --name 县" "serve --screens $lab/nowhere" \
    "serve --listen 192.0.2.1:0"; do
	each 1 "$line" "$fengqiaod" $line --data "$lab/ledger"
done
for line in "serve --listen nowhere" "serve --listen 127.0.0.1:99999" \
    "serve --min-app x" "serve --cert x" "county set --password-days soon" \
    "audit purge --before yesterday" "init --name 县" "init --county 99" \
    "user set nobody"; do
	each 2 "$line" "$fengqiaod" $line --data "$lab/ledger"
done
each 2 "a command that is none" "$fengqiaod" dance
each 2 "half a command" "$fengqiaod" office
same "its halves are said" yes "$(grep -q 'office rename' "$lab/said" &&
    echo yes)"
for line in "office list" "user list" "device list" numbers check status \
    --help; do
	each 70 "$line, onto a full disk" full "$fengqiaod" $line \
	    --data "$lab/ledger"
	each 70 "$line, to nobody" closed "$fengqiaod" $line \
	    --data "$lab/ledger"
	quiet "$line, into a broken pipe" piped "$fengqiaod" $line \
	    --data "$lab/ledger"
done
"$fengqiaod" user add --help --lang zh_CN >"$lab/out"
same "roles in words" yes "$(grep -q 'chief *所长' "$lab/out" && echo yes)"
same "no folder was made for a refused init" "" "$("$fengqiaod" init --data \
    "$lab/none" 2>"$lab/said"; ls "$lab" | grep '^none$')"
yes "the ledger is whole" "$fengqiaod" check --data "$lab/ledger"
yes "cache A is whole" fq A check
plan
