#!/bin/sh
# Scenario 25: a revoked device, a disabled person, an order to erase, each with
# five entries that were not sent.  The entries reach the county's quarantine,
# the data cannot be opened any more, the device can do nothing else, and the
# county hears that an erasure is done, also when the reply to that is lost; an
# entry of the list goes only then.  And devices that were away for too long:
# first they may only read, then nothing.
. tests/kit/scenario.sh
pair

# device A: its id
device() {
	"$fengqiao" status --json --home "$lab/cache-$1" --user "$2" \
	    --password-stdin <<PASSWORD | text device
$password
PASSWORD
}

# five A: entered and not sent
five() {
	for five_i in 1 2 3 4 5; do
		fq "$1" add person kind=02 name="未送$1$five_i" \
		    note="未送$1$five_i" >>"$lab/ids" 2>"$lab/said" ||
		    not_ok "$1 enters a fifth"
	done
	same "five wait on $1" 5 "$(fq "$1" status --json | number waiting)"
}

county() {
	"$fengqiaod" "$@" --data "$lab/ledger"
}

# aside A VERDICT: how many of A's five the county keeps
aside() {
	county quarantine list --json | grep "\"verdict\":\"$2\"" |
	    grep -c "未送$1"
}

standing() {
	county device list --json | grep "$1" | text standing
}

# signs_in A USER: may this person open the data without the server?
signs_in() {
	printf '%s\n' "$password" | "$fengqiao" whoami --home "$lab/cache-$1" \
	    --user "$2" --password-stdin
}

# call PATH TOKEN: the status of a bare request with a device's token
call() {
	curl -s -o "$lab/out" -w '%{http_code}' --cacert "$lab/ledger/ca.pem" \
	    -H 'X-Proto: 1' -H "Authorization: Bearer $2" "$url$1"
}

token() {
	python3 - "$lab/cache-$1/cache.db" <<'PYTHON'
import sqlite3, sys
print(sqlite3.connect(sys.argv[1]).execute(
    "SELECT text FROM meta WHERE name = 'device_token'").fetchone()[0])
PYTHON
}

# a revoked device
lab_cache R wang
go R
revoked=$(device R wang)
five R
secret=$(token R)
yes "the county revokes a device" county device revoke "$revoked"
same "the list says so" revoked "$(standing "$revoked")"
says "it is told so" 3 fq R sync
same "its entries are in quarantine" 5 "$(aside R review)"
same "and in no register" 0 "$(fq B list person --json | grep -c 未送R)"
says "its data cannot be opened any more" 1 signs_in R wang
says "nor with the server" 3 lab_login R wang
same "it can do nothing else" "403 403" \
    "$(call /v1/session "$secret") $(call '/v1/wait?cur=&t=1' "$secret")"
says "it is not to be removed as if it had been erased" 1 \
    county device remove "$revoked"
yes "the county takes it back" county device allow "$revoked"
must lab_login R wang
go R
same "its person sees what became of the five" 5 \
    "$(fq R status --json | number refused)"

# a disabled person, on a cache that another one works on as well
lab_cache D li
must user_add qian 钱进 ${county}001 clerk
must lab_login D qian
lab_user_D=qian
go D
five D
yes "the county disables a person" county user disable qian
says "who is told so" 3 fq D sync
same "and whose entries are in quarantine" 5 "$(aside D review)"
says "who cannot open the data any more" 1 signs_in D qian
says "nor with the server" 3 lab_login D qian
yes "others go on" signs_in D li
must lab_login D li
lab_user_D=li
go D
same "and see the five" 5 "$(fq D status --json | number refused)"

# an order to erase; once with a good line, to see how long the answers are
plan=$lab/plan
echo pass >"$plan"
lab_proxy cutproxy "$plan"
files() {
	ls -A "$lab/cache-$1" | grep -v definitions | tr '\n' ' '
}
for cache in F E; do
	lab_cache $cache wang "$proxy_url"
	go $cache
	eval "device_$cache=\$(device $cache wang)"
	five $cache
done
secret=$(token E)
cp -a "$lab/cache-E" "$lab/cache-X"
for id in "$device_F" "$device_E"; do
	yes "the county orders a device to erase its data" \
	    county device erase "$id"
	same "the list says so" "to erase" "$(standing "$id")"
	says "its entry stays until it has confirmed" 1 \
	    county device remove "$id"
done
lines=$(wc -l <"$plan.log")
same "without the county it goes on working" 5 \
    "$(fq F status --json | number waiting)"
says "it obeys when it hears of it" 3 fq F sync
same "its entries are in quarantine" 5 "$(aside F review)"
same "nothing is left of the data" "ca.pem erased.json " "$(files F)"
same "the county knows" erased "$(standing "$device_F")"
yes "and may take it off the list" county device remove "$device_F"
same "which it then is" "" "$(standing "$device_F")"

# of such an exchange only the last answer does not arrive
soon 5 sh -c "[ \$(wc -l <'$plan.log') -gt $lines ]" ||
    not_ok "the line is heard out"
lines=$(wc -l <"$plan.log")
echo "swallow $(($(tail -1 "$plan.log" | cut -d ' ' -f 2) - 200))" >"$plan"
says "the reply to the confirmation is lost" 3 fq E sync
echo pass >"$plan"
same "its entries are in quarantine" 5 "$(aside E review)"
same "the county has heard it" erased "$(standing "$device_E")"
yes "after it was said again" sh -c \
    "[ \$(wc -l <'$plan.log') -gt $((lines + 1)) ]"

# or the line is down just then, for a long time
sed -i 's/"confirmed":true/"confirmed":false/' "$lab/cache-E/erased.json"
lab_stop
says "without a line it cannot be said" 3 fq E status
yes "which is kept in mind" grep -q '"confirmed":false' \
    "$lab/cache-E/erased.json"
lab_serve
says "it is said at the next start" 3 fq E status
yes "and then done with" grep -q '"confirmed":true' \
    "$lab/cache-E/erased.json"
same "with its token nothing can be done" "403 403" \
    "$(call /v1/session "$secret") $(call '/v1/wait?cur=&t=1' "$secret")"
same "nobody else confirms anything" 400 "$(curl -s -o "$lab/out" \
    -w '%{http_code}' --cacert "$lab/ledger/ca.pem" -H 'X-Proto: 1' \
    -d "{\"device\":\"$device_E\",\"token\":\"guess\"}" "$url/v1/wiped")"

# a copy of the disk from before, found later
lab_kept_X=no lab_user_X=wang
says "a copy of its data gets the same order" 3 fq X sync
same "and is gone as well" "ca.pem erased.json " "$(files X)"
same "what it had was known already" 5 "$(aside E review)"
lab_code=$(county enroll-code --office ${county}001 | tail -1)
yes "the computer is enrolled anew" "$fengqiao" enroll "$url" --code \
    "$lab_code" --cacert "$lab/ledger/ca.pem" --home "$lab/cache-E"
must lab_login E wang
lab_user_E=wang
go E
same "and has the office's records" 红旗村 "$(value E village)"

# stolen: whoever has it does not know the password
lab_cache S wang
go S
stolen=$(device S wang)
five S
"$fengqiao" logout --home "$lab/cache-S"
must county device erase "$stolen"
wrong() {
	echo guess-12345 | "$fengqiao" login wang --password-stdin \
	    --home "$lab/cache-S"
}
says "without a password nothing that waits is destroyed" 3 wrong
yes "the data is there" [ -e "$lab/cache-S/cache.db" ]
must county device erase "$stolen" --at-once
says "unless the county said at once" 3 wrong
yes "then it is gone" [ ! -e "$lab/cache-S/cache.db" ]
same "and the county knows" erased "$(standing "$stolen")"

# away for too long
preload=$PWD/$BUILD/tests/preload/clock.so
day=86400
late() {
	late_days=$1
	shift
	LD_PRELOAD=$preload CLOCK_OFF=$((late_days * day)) \
	    "$fengqiao_right" "$@"
}
fengqiao_right=$fengqiao
lab_cache O wang
go O
five O
lab_kept_O=no
later() {
	later_days=$1
	shift
	printf '%s\n' "$password" | late "$later_days" "$@" \
	    --home "$lab/cache-O" --user wang --password-stdin
}
lab_stop
same "after 29 days it works" 36 \
    "$(later 29 add person kind=02 name=二十九日 2>"$lab/said" | wc -c |
    awk '{ print $1 - 1 }')"
says "after 31 days nothing is entered" 3 \
    later 31 add person kind=02 name=三十一日
same "but read" 1 "$(later 31 list person --json | grep -c 二十九日)"
says "after 38 days nothing at all" 3 later 38 list person --json
same "nothing of it is lost" 6 "$(fq O status --json | number waiting)"
lab_serve
yes "reached again, it signs in" sh -c "printf '%s\n' '$password' |
    LD_PRELOAD='$preload' CLOCK_OFF=$((38 * day)) '$fengqiao' login wang \
    --password-stdin --home '$lab/cache-O'"
go O
same "and delivers what waited" "5 1" \
    "$(go B; fq B list person --json | grep -c 未送O) $(fq B list person \
    --json | grep -c 二十九日)"

settle A B O E
remember 未送O1 未送O5
agree A B O E
plan
