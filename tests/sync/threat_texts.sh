#!/bin/sh
# T1 to T3, T22, T25, T31: a server that was meddled with sends names and notes
# full of escapes, controls, bidi marks and directives.  No command's output and
# no screen lets one of them through; what is wrong is said in such words too.
. tests/kit/lab.sh

lab_open
lab_serve
lab_cache A wang
i=0
while [ $i -lt 9 ]; do
	i=$((i + 1))
	must fq A add person "name=测试$i" mobile=1380013800$i note=备注$i
done
id=$(fq A list person --json | texts id | head -1)
must fq A sync
lab_stop TERM
must python3 tests/sync/threat_text.py --poison "$lab/ledger/ledger.db"
# of a first password the screens would ask for another one before anything
printf '%s\n' "$password" | must "$fengqiaod" user passwd --data "$lab/ledger" \
    --lasting --password-stdin li
lab_serve
lab_cache B li
must fq B sync
same "the texts arrived" 9 "$(rows B person)"
same "and they are what they were" yes "$(fq B export person --format json |
    grep -q pwned && echo yes)"

# clean NAME COMMAND...: what it prints, both ways, is safe
clean() {
	clean_name=$1
	shift
	"$@" >"$lab/out" 2>"$lab/said"
	yes "T1 $clean_name" python3 tests/sync/threat_text.py "$lab/out" \
	    "$lab/said"
}

for say in "--lang zh_CN" "--lang en --json"; do
	# shellcheck disable=SC2086
	{
		clean "list $say" fq B list person $say
		clean "find $say" fq B find 测试 $say
		for id in $(fq B list person --json | texts id); do
			fq B show "$id" $say
			fq B history "$id" $say
		done >"$lab/all" 2>&1
		clean "show and history $say" cat "$lab/all"
		for word in due status conflicts removed receipts numbers \
		    check whoami "export person --format csv" \
		    "export person --format json" audit; do
			clean "$word $say" fq B $word $say
		done
	}
done
escape=$(printf 'x\033[2Jy\342\200\256z')
clean "an unknown command" "$fengqiao" "$escape"
clean "an unknown register" fq B list "$escape"
clean "an unknown field" fq B set "$id" "$escape=1"
clean "a value that is none" fq B set "$id" "birth=$escape"
clean "an unknown record" fq B show "$escape"
clean "a file that is not there" fq B import person "/tmp/$escape"
clean "an unknown user" "$fengqiao" login "$escape" --password-stdin \
    --home "$lab/cache-B" </dev/null
printf '姓名,%s\n%s,1\n' "$escape" "$escape" >"$lab/hostile.csv"
clean "an import" fq B import person "$lab/hostile.csv" --dry-run
clean "the server's commands" "$fengqiaod" user add --data "$lab/ledger" \
    "$escape" --name "$escape" --office "$escape" --role "$escape"
clean "the server's log" cat "$lab/server.log"
yes "T1 T25 the screens" python3 tests/sync/threat_text.py --screens \
    "$lab/cache-B" "$fengqiao" li "$password"
plan
