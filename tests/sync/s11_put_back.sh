#!/bin/sh
# Scenario 11, the hard ways: the backup does not know a computer at all, the
# server's folder was put back by hand and nobody said so, and a computer is sent
# away before it has met the restored server.  Nothing that was entered is lost,
# and each says what is to be done.
. tests/kit/scenario.sh
pair

county() {
	"$fengqiaod" "$@" --data "$lab/ledger"
}

again() {
	"$fengqiao" enroll "$url" --code "$2" --cacert "$lab/ledger/ca.pem" \
	    --home "$lab/cache-$1"
}

code() {
	county enroll-code --office "$1" | tail -1
}

device() {
	fq "$1" status --json | text device
}

# the folder as it was yesterday, a snapshot of the machine for instance
lab_stop TERM
cp -a "$lab/ledger" "$lab/yesterday"
lab_serve
enter A case_officer=甲员
go A
lab_stop TERM
rm -rf "$lab/ledger"
cp -a "$lab/yesterday" "$lab/ledger"
lab_serve
says "what was delivered is missed" 5 fq A sync
cp "$lab/said" "$lab/heard"
yes "the sentence says what helps" grep -q "fengqiaod restore" "$lab/heard"
refusal=$(grep -o '(No\. [0-9A-Z]*)' "$lab/heard" | tr -d '()' | cut -c5-)
yes "it has a number, which is in the server's log" grep -q \
    "${refusal:-none}: D.* server_behind" "$lab/server.log"
county status >"$lab/heard"
yes "the operator reads it, too" grep -q "fengqiaod restore" "$lab/heard"
yes "and the log says so" grep -q "knows more than this ledger" \
    "$lab/server.log"
lab_stop TERM
yes "it is restored from itself" county restore "$lab/ledger/ledger.db"
lab_serve
go A B
settle A B
both "it is back" case_officer 甲员
same "nothing is behind any more" 0 "$(county status --json | number behind_at)"
agree A B

same "there is no backup yet" 0 "$(county status --json | number backup_at)"
must county backup "$lab/backup.db"
same "all is in it" 0 "$(county status --json | number not_in_backup)"

# a computer that came after the backup
must user_add hu 胡进 ${county}001 clerk
lab_cache C hu
go C
new=$(fq C add person kind=02 name=新来的 note=新来的)
remember 新来的
go C
enter C village=新村
go C
same "two are in no backup" 2 "$(county status --json | number not_in_backup)"
lab_stop TERM
yes "the server is restored" county restore "$lab/backup.db"
lab_serve
says "it does not know the computer, and says what to do" 4 fq C sync
cp "$lab/said" "$lab/heard"
yes "it does" grep -q "registered again" "$lab/heard"
enter C note=之后
printf "%s\n" "$password" | "$fengqiao" login hu --password-stdin \
    --home "$lab/cache-C" >"$lab/heard" 2>&1
yes "its person goes on without the server" grep -q "without the server" \
    "$lab/heard"
must user_add hu 胡进 ${county}001 clerk
says "another office's code does not fit" 3 again C "$(code ${county}002)"
right=$(code ${county}001)
yes "its own office's does" again C "$right"
must lab_login C hu
go C A B
says "it need not be done again" 5 again C "$(code ${county}001)"
settle A B C
both "what it had delivered is back" village 新村
both "and what it entered since" note 之后
both "and its own record" name 新来的 "$new"
same "nothing is refused" 0 "$(fq C status --json | number refused)"
agree A B C

# a computer that is to be erased, and a server that was restored before that
lab_cache D li
go D
rm -f "$lab/backup.db"
must county backup "$lab/backup.db"
fq D set "$new" note=将丢的 >"$lab/out" 2>"$lab/said"
remember 将丢的
gone=$(device D)
must fq D sync
lab_stop TERM
must county restore "$lab/backup.db"
lab_serve
county device erase "$gone" >"$lab/out"
says "it is erased" 3 fq D sync
same "what was lost is in quarantine first" 1 \
    "$(county quarantine list --json | grep -c 将丢的)"
agree A B C
plan
