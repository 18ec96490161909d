#!/bin/sh
# A password is the county's: changed on one computer it is changed at the server
# and, when they hear of it, on the person's other computers; set by the county
# it opens a computer on which work waits; and whatever breaks off in between,
# nobody is locked out and nothing that was entered is lost.
. tests/kit/scenario.sh
pair
first=$password
second=Qingshi-2027
third=Baishui-2028

# with PASSWORD A USER: what this password opens, without the server
with() {
	with_password=$1
	printf '%s\n' "$with_password" | "$fengqiao" whoami \
	    --home "$lab/cache-$2" --user "$3" --password-stdin
}

# signs_in PASSWORD A USER
signs_in() {
	printf '%s\n' "$1" | "$fengqiao" login "$3" --password-stdin \
	    --home "$lab/cache-$2"
}

# changes OLD NEW A USER
changes() {
	printf '%s\n%s\n' "$1" "$2" | "$fengqiao" passwd --user "$4" \
	    --password-stdin --home "$lab/cache-$3"
}

county() {
	"$fengqiaod" "$@" --data "$lab/ledger"
}

# use A PASSWORD: what fq gives on this cache from now on
use() {
	eval "lab_kept_$1=no"
	"$fengqiao" logout --home "$lab/cache-$1" >"$lab/out" 2>&1
	password=$2
}

# ---- the first sign-in, and the warnings ----
signs_in "$first" A wang >"$lab/out" 2>"$lab/said"
same "a password of the county's is said to be one" 1 \
    "$(grep -c 'Somebody else set this password' "$lab/said")"
same "the list of users says so" 1 \
    "$(county user list | grep wang | grep -c 'initial password')"

# ---- changed on one computer, heard of on the other ----
lab_cache C wang
must fq C sync
lab_kept_A=no lab_kept_C=no
says "a wrong old password changes nothing" 3 changes wrong-one-1A "$second" A wang
says "nor a weak new one" 1 changes "$first" 1234567890 A wang
yes "the clerk changes the password" changes "$first" "$second" A wang
says "which is not taken again" 1 changes "$second" "$first" A wang
yes "the new one opens this computer without the server" with "$second" A wang
says "the old one does not" 3 with "$first" A wang
signs_in "$second" A wang >"$lab/out" 2>"$lab/said"
same "nothing more is said of it" "" "$(cat "$lab/said")"
yes "the other computer does not know yet" with "$first" C wang
fq C add person kind=02 name=未送的人 >"$lab/out"
remember 未送的人
says "it hears of it at the next contact" 3 fq C sync
same "in so many words" 1 "$(grep -c 'password of this account was changed' "$lab/said")"
says "there the old one is refused now" 3 signs_in "$first" C wang
lab_stop
yes "but opens it without a line" with "$first" C wang
says "in which no password is changed" 4 changes "$first" "$third" C wang
signs_in "$first" C wang >"$lab/out" 2>"$lab/said"
same "and it is said until when" 1 "$(grep -c 'offline the old one' "$lab/said")"
lab_serve
yes "the new one is learned from the server" signs_in "$second" C wang
use C "$second"
go C
same "and what waited is delivered" 0 "$(fq C status --json | number waiting)"
says "now only the new one opens it" 3 with "$first" C wang
go A

# ---- killed between the server's yes and the cache ----
# as the server sees it: changed; the cache still has the old one
cp -a "$lab/cache-A" "$lab/cache-K"
yes "changed at the server, and killed before it is written here" \
    changes "$second" "$third" A wang
rm -rf "$lab/cache-A"
mv "$lab/cache-K" "$lab/cache-A"
yes "the old one opens it" with "$second" A wang
yes "the new one is learned at the next sign-in" signs_in "$third" A wang
yes "and opens it without the server" with "$third" A wang
use A "$third"
go A
yes "the other one follows" signs_in "$third" C wang

# ---- the reply is lost ----
# once with a good line, to see how long the answer is
echo pass >"$lab/plan"
lab_proxy cutproxy "$lab/plan"
password=$first
lab_cache P li "$proxy_url"
lab_kept_P=no
lines=$(wc -l <"$lab/plan.log")
yes "the chief changes the password" changes "$first" "Erci-2031 p" P li
soon 5 sh -c "[ \$(wc -l <'$lab/plan.log') -gt $lines ]" ||
    not_ok "the line is heard out"
echo "swallow $(($(tail -1 "$lab/plan.log" | cut -d ' ' -f 2) - 200))" \
    >"$lab/plan"
says "again, and the server's reply is lost" 4 \
    changes "Erci-2031 p" "Sanci-2032 p" P li
echo pass >"$lab/plan"
yes "this computer still opens with the one from before" with "Erci-2031 p" P li
says "which the server does not take" 3 signs_in "Erci-2031 p" P li
yes "it takes the new one" signs_in "Sanci-2032 p" P li
yes "and so does this computer" with "Sanci-2032 p" P li
password=$third

# ---- forgotten: the county sets another one ----
lab_user_A=wang
fq A add person kind=02 name=忘了密码的人 >"$lab/out"
remember 忘了密码的人
printf '%s\n' Xinmima-2029 | county user passwd wang --password-stdin
same "one waits to be sent" 1 "$(fq A status --json | number waiting)"
yes "signed in with the county's, where the one from before is" \
    signs_in Xinmima-2029 A wang
use A Xinmima-2029
go A
same "what waited is delivered" 0 "$(fq A status --json | number waiting)"

# ---- age ----
must county county set --password-days 5
signs_in Xinmima-2029 A wang >"$lab/out" 2>"$lab/said"
same "the county's own comes first" 1 "$(grep -c 'Somebody else' "$lab/said")"
yes "changed again" changes Xinmima-2029 "Zuihou-2030 x" A wang
signs_in "Zuihou-2030 x" A wang >"$lab/out" 2>"$lab/said"
same "a password of five days warns at once" 1 \
    "$(grep -c 'This password is good until' "$lab/said")"
use A "Zuihou-2030 x"
must county county set --password-days 0
go A
printf '%s\n' "$password" | "$fengqiao" whoami --home "$lab/cache-A" \
    --user wang --password-stdin --json >"$lab/out"
signs_in "Zuihou-2030 x" A wang >"$lab/out" 2>"$lab/said"
same "the county takes the age away" "" "$(cat "$lab/said")"
yes "all of it is in the trace" county audit verify
same "the changes too" yes \
    "$([ "$(county audit user wang --json | grep -c '"what":"password"')" -ge 3 ] && echo yes)"
yes "signed in on the other one" signs_in "Zuihou-2030 x" C wang
lab_kept_A=no lab_kept_C=no lab_user_C=wang
settle A C
agree A C
plan
