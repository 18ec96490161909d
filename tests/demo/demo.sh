#!/bin/sh
# make demo: a county, two offices and their people, made up and thrown away
# again.  Three spreadsheets go in at one computer; then the office's and the
# county's people fill all other registers (township.play); all of it arrives
# at a second computer.  With a terminal the screens open; without one it is a
# test: what came out must agree with tests/data/office/expected.json and with
# what the play says.
#   BUILD=build/gcc sh tests/demo/demo.sh
set -u
umask 077
build=${BUILD:-build/gcc}
case $build in /*) ;; *) build=$PWD/$build ;; esac
fengqiao=$build/fengqiao fengqiaod=$build/fengqiaod
sheets=$PWD/tests/data/office
play=$PWD/tests/demo/township.play
unset FENGQIAO_HOME FENGQIAO_SCREENS
terminal=no
[ -t 0 ] && [ -t 1 ] && terminal=yes

case ${FENGQIAO_LANG:-zh_CN} in en*) english=yes ;; *) english=no ;; esac
say() {
	if [ $english = yes ]; then
		printf '%s\n' "$2"
	else
		printf '%s\n' "$1"
	fi
}

# ---- leaving: whatever happens, nothing of ours stays ----

dir= server=
leave() {
	status=$?
	trap '' HUP INT TERM
	trap - EXIT
	for cache in "$dir/first" "$dir/second" "$dir/bureau"; do
		[ -n "$dir" ] && [ -d "$cache" ] &&
		    "$fengqiao" --home "$cache" logout >/dev/null 2>&1
	done
	if [ -n "$server" ]; then
		kill "$server" 2>/dev/null
		tries=0
		while kill -0 "$server" 2>/dev/null && [ $tries -lt 50 ]; do
			sleep 0.1
			tries=$((tries + 1))
		done
		kill -9 "$server" 2>/dev/null
		wait "$server" 2>/dev/null
	fi
	[ -n "$dir" ] && rm -rf "$dir"
	exit $status
}
trap leave EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

give_up() {
	say "演示中断：$1" "The demo stopped: $2" >&2
	[ -s "$dir/why" ] && cat "$dir/why" >&2
	[ -s "$dir/serve.log" ] && tail -5 "$dir/serve.log" >&2
	exit 1
}

dir=$(mktemp -d "${TMPDIR:-/tmp}/fengqiao-demo.XXXXXX") || exit 1
county=$dir/county

# ---- the county's machine ----

# eleven letters and digits nobody has used before, and a hyphen
password=$(LC_ALL=C tr -dc 'a-hjkmnp-z2-9' </dev/urandom | head -c 11 |
    sed 's/^...../&-/')

clerk=chenzq chief=zhougm mediator=baiyc other=linxy
base=tangll correction=ningwj command=zhanhm aid=shangxy

county_do() {
	"$fengqiaod" "$@" >"$dir/out" 2>"$dir/why" ||
	    give_up "fengqiaod $1 没有成功" "fengqiaod $1 failed"
}

add_user() {	# LOGIN NAME OFFICE ROLE
	printf '%s\n' "$password" >"$dir/password"
	county_do user add --data "$county" "$1" --name "$2" --office "$3" \
	    --role "$4" --lasting --password-stdin <"$dir/password"
	rm -f "$dir/password"
}

say '枫桥演示：下面的县、司法所、人员和案件全部是虚构的。' \
    'Fengqiao demo: the county, offices, people and cases below are made up.'
county_do init --data "$county" --county 990101 --name 枫桥县司法局 \
    --host 127.0.0.1 --host localhost
county_do office add --data "$county" 990101001 青石司法所
county_do office add --data "$county" 990101002 白鹭司法所
add_user $clerk 陈志强 990101001 clerk
add_user $chief 周国民 990101001 chief
add_user $mediator 柏永昌 990101001 mediator
add_user $other 林晓燕 990101002 clerk
add_user $base 汤立岚 990101 county_base
add_user $correction 宁文军 990101 county_correction
add_user $command 詹海明 990101 county_command
add_user $aid 商小英 990101 county_legal_aid

: >"$dir/serve.log"
"$fengqiaod" serve --data "$county" --listen 127.0.0.1:0 \
    >"$dir/serve.log" 2>&1 </dev/null &
server=$!
url= tries=0
while [ -z "$url" ]; do
	url=$(sed -n 's|.*\(https://[^ ]*\).*|\1|p' "$dir/serve.log")
	[ -n "$url" ] && break
	kill -0 "$server" 2>/dev/null && [ $tries -lt 200 ] ||
	    give_up '服务器没有启动' 'the server did not start'
	sleep 0.1
	tries=$((tries + 1))
done
say "县局服务器已启动：$url（只在本机），两个司法所：青石、白鹭。" \
    "The county's server runs at $url (this machine only), for two offices."

# ---- the office's two computers ----

# One command in a cache.  The sign-in lasts in the kernel's keyring; where
# there is none (in a container) the password goes along every time.
keyring=yes
office() {
	cache=$dir/$1
	shift
	if [ $keyring = yes ]; then
		"$fengqiao" --home "$cache" "$@" 2>"$dir/why" </dev/null
	else
		printf '%s\n' "$password" | "$fengqiao" --home "$cache" \
		    --user $clerk --password-stdin "$@" 2>"$dir/why"
	fi
}

for cache in first second bureau; do
	at=990101001
	[ $cache = bureau ] && at=990101
	county_do enroll-code --data "$county" --office $at
	code=$(grep -o '[0-9A-Z]\{10\}' "$dir/out" | head -1)
	"$fengqiao" --home "$dir/$cache" enroll "$url" --code "$code" \
	    --cacert "$county/ca.pem" >/dev/null 2>"$dir/why" ||
	    give_up '设备登记没有成功' 'a cache could not be enrolled'
	[ $cache = bureau ] && continue
	printf '%s\n' "$password" | "$fengqiao" --home "$dir/$cache" \
	    login $clerk --password-stdin >/dev/null 2>"$dir/why" ||
	    give_up '登录没有成功' 'the sign-in failed'
done
office first whoami >/dev/null || keyring=no
say '青石司法所的两台电脑和县局的一台已登记，陈志强在两台上都已登录。' \
    'Two computers of the first office and one of the county are enrolled; the
clerk is signed in on both.'

# ---- spreadsheets in at the first ----

faults=0
agree() {	# WHAT_ZH WHAT_EN FOUND EXPECTED
	[ "$3" = "$4" ] && return 0
	say "  不符：$1 是 $3，应为 $4" "  WRONG: $2: $3 instead of $4"
	faults=$((faults + 1))
}

number() {	# KEY: of the one JSON object on standard input, 0 if absent
	sed -n 's/.*"'"$1"'":\([0-9][0-9]*\).*/\1/p' | grep . || echo 0
}

# how many rows of a sheet are good, or are not
expected() {	# SHEET good|refused
	awk -F'[:",]+' -v sheet="$1" -v want="$2" '
	/\.csv"/ { mine = index($0, "\"" sheet "\"") }
	mine && /: *[0-9]/ {
		count = $0; sub(/.*: */, "", count); count += 0
		if ($0 ~ /"good"/) good = count; else refused += count
	}
	END { print want == "good" ? good + 0 : refused + 0 }' \
	    "$sheets/expected.json"
}

# some rows of each sheet are to be refused: status 1, and a list of them
import_sheet() {	# REGISTER SHEET [OPTIONS]
	sheet=$2 register=$1
	shift 2
	rm -f "$dir/refused-$sheet"
	office first import "$register" "$sheets/$sheet" \
	    --refused "$dir/refused-$sheet" "$@" || [ -s "$dir/refused-$sheet" ]
}

take_in() {	# REGISTER SHEET
	say "导入 $2：" "Importing $2:"
	import_sheet "$1" "$2" || give_up "$2 没有导入" "$2 was not imported"
	# a second time nothing may change
	again=$(import_sheet "$1" "$2" --json) ||
	    give_up "$2 没有导入" "$2 was not imported"
	good=$(expected "$2" good)
	agree "$2 可用的行" "good rows of $2" \
	    "$(echo "$again" | number good)" "$good"
	agree "$2 拒绝的行" "refused rows of $2" \
	    "$(echo "$again" | number refused)" "$(expected "$2" refused)"
	agree "再次导入 $2 新增的行" "rows added by importing $2 twice" \
	    "$(echo "$again" | number added)" 0
	agree "$2 存下的记录" "records of $2" \
	    "$(office first list "$1" --json | grep -c .)" "$good"
}

take_in correction_subject correction_subjects.csv
take_in mediation_case mediation_cases.csv
take_in resettlement_subject resettlement_subjects.csv

# ---- to the county and to the second ----

send() {	# CACHE
	office "$1" sync --json >"$dir/counts" ||
	    give_up '同步没有成功' 'the sync failed'
	cat "$dir/counts"
}

waiting=$(office first status --json | number waiting)
counts=$(send first)
pushed=$(echo "$counts" | number pushed)
say "第一台电脑同步：送出 $pushed 项，请求 $(echo "$counts" |
    number requests) 次，上行 $(($(echo "$counts" |
    number sent_bytes) / 1024)) KB。" \
    "First computer: $pushed entries sent in $(echo "$counts" |
    number requests) requests, $(($(echo "$counts" |
    number sent_bytes) / 1024)) kB up."
agree '送出' 'entries sent' "$pushed" "$waiting"
agree '县局拒绝' 'refused by the county' "$(echo "$counts" | number refused)" 0
agree '仍待送' 'still waiting' "$(office first status --json |
    number waiting)" 0

# ---- what the people of the office and the county enter ----

say '青石司法所和县局的人员录入其余台账……' \
    'The people of the office and of the county fill the other registers ...'
"$build/tests/demo/fill" "$play" >"$dir/filled" 2>"$dir/why" <<PEOPLE
clerk $dir/first $clerk $password
chief $dir/first $chief $password
mediator $dir/first $mediator $password
county_base $dir/bureau $base $password
county_correction $dir/bureau $correction $password
county_command $dir/bureau $command $password
county_legal_aid $dir/bureau $aid $password
PEOPLE
[ $? -eq 0 ] || {
	cat "$dir/why"
	agree '台账、到期事项' 'registers and what is due' wrong right
}
cat "$dir/filled"
records=$(office first status --json | number records)

counts=$(send second)
pulled=$(echo "$counts" | number pulled)
say "第二台电脑同步：收到 $pulled 条，下行 $(($(echo "$counts" |
    number received_bytes) / 1024)) KB。" \
    "Second computer: $pulled records fetched, $(($(echo "$counts" |
    number received_bytes) / 1024)) kB down."
agree '收到' 'records fetched' "$pulled" "$records"
agree '第二台的记录' 'records at the second' "$(office second status --json |
    number records)" "$records"
for register in correction_subject mediation_case resettlement_subject; do
	agree "第二台的 $register" "$register at the second" \
	    "$(office second list $register --json | grep -c .)" \
	    "$(office first list $register --json | grep -c .)"
done

# ---- found at the second, each way a clerk would ask ----

find_one() {	# WHAT_ZH WHAT_EN QUERY NAME
	office second find --limit 100 "$3" >"$dir/found"
	say "查找“$3”（$1）：$(grep -c . "$dir/found") 条" \
	    "Looking for \"$3\" ($2): $(grep -c . "$dir/found") found"
	grep "$4" "$dir/found" | head -1 | sed 's/^[^ ]* */  /'
	agree "按$1找到$4" "$4 found by $2" \
	    "$(grep -q "$4" "$dir/found" && echo 1 || echo 0)" 1
}

find_one '姓名' 'name' 周强明 周强明
find_one '拼音首字母' 'initials' zqm 周强明
find_one '身份证尾号' 'end of the id number' 240273 周强明
find_one '电话' 'telephone' 16167884984 周强明

office first check >"$dir/checked" || {
	cat "$dir/checked"
	agree '第一台的检查' 'check of the first' failed good
}
if grep -aq 周强明 "$dir/first/cache.db" "$dir/first/cache.db-wal" 2>/dev/null
then
	agree '数据库中的明文姓名' 'names in clear in the cache' 1 0
fi

if [ $faults -ne 0 ]; then
	say "有 $faults 处与应有的结果不符。" \
	    "$faults results are not as they should be."
else
	say '全部数字与 tests/data/office/expected.json 和 tests/demo/township.play 一致。' \
	    'All numbers agree with tests/data/office/expected.json and township.play.'
fi

# ---- the screens ----

say "这些人的密码都是 $password：
  $clerk  陈志强 青石司法所工作人员   $base  汤立岚 县局基层科
  $chief  周国民 青石司法所所长       $correction  宁文军 县局社区矫正科
  $mediator   柏永昌 青石司法所调解员     $command  詹海明 县局指挥中心
  $other   林晓燕 白鹭司法所工作人员   $aid 商小英 县局法律援助中心" \
    "The password of all of them is $password:
  $clerk  陈志强, clerk, 青石         $base  汤立岚, county: grass roots
  $chief  周国民, chief, 青石         $correction  宁文军, county: correction
  $mediator   柏永昌, mediator, 青石      $command  詹海明, county: command centre
  $other   林晓燕, clerk, 白鹭         $aid 商小英, county: legal aid"
say '可以看看：
  万春平  外出十二天，所里已同意，等县局批（ningwj 在县局的电脑上）
  邬海龙  脱管十二天，建议警告        匡志强  三周没有来报告
  梅秀兰  二十天后矫正期满            甘德昌  六天后交病情复查，已申请延期
  霍少军  违反禁止令：训诫、定位、方案都在审批
  狄永刚  重点帮教对象，今日释放，须接回
  阮桂珍  申请法律援助，五天后时效届满
  纠纷线索中河滨社区的旧城改造纠纷（六步）、石桥村的欠薪（橙色）
  工作指令中尚未签收的特急件；柳湾村的零报告' \
    'Worth a look:
  万春平  leave of twelve days, the office agreed, the county is asked (ningwj)
  邬海龙  out of supervision for twelve days: a warning is proposed
  匡志强  has not reported for three weeks
  梅秀兰  ends in twenty days         甘德昌  due for a medical check in six
  霍少军  broke an injunction: admonition, positioning, plan await approval
  狄永刚  a key person, released today, to be fetched
  阮桂珍  asks for legal aid, limitation in five days
  the lead of 河滨社区 in its six steps, that of 石桥村 (orange)
  an instruction not signed for yet; the zero report of 柳湾村'
if [ $terminal = yes ]; then
	say "在另一个终端里打开第二台电脑：
  $fengqiao --home $dir/second
县局的电脑：
  $fengqiao --home $dir/bureau
按回车打开第一台电脑的界面（Ctrl-C 不打开）；离开后一切都会停止并删除。" \
	    "The second computer, in another terminal:
  $fengqiao --home $dir/second
and the county's:
  $fengqiao --home $dir/bureau
Enter opens the screens of the first (Ctrl-C does not); leaving them stops and
removes everything."
	read -r answer || exit 0
	if [ $keyring = yes ]; then
		"$fengqiao" --home "$dir/first"
	else
		"$fengqiao" --home "$dir/first" --user $clerk
	fi
	say '演示结束，服务器已停止，数据已删除。' \
	    'The demo is over; the server is stopped, the data removed.'
fi
[ $faults -eq 0 ]
