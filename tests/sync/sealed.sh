#!/bin/sh
# Sealed records, and people whose role or office changes.  A person's file
# becomes confidential: with all that is about the person it leaves the devices
# of those who may not hold it, and what they had not sent is not lost.  Several
# people on one cache: it holds what any of them may see, and shows each their
# own.  A role or an office that changes on the server: other streams.
. tests/kit/scenario.sh
registers='person correction_subject mediation_case mediation_party'
pair
county() {
	"$fengqiaod" "$@" --data "$lab/ledger"
}

# rows that lie in the file of a cache
lie() {
	python3 - "$lab/cache-$1/cache.db" <<'PYTHON'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
print(db.execute("SELECT (SELECT count(*) FROM record) - (SELECT count(*)"
    " FROM record WHERE kind = 1)").fetchone()[0],
    db.execute("SELECT count(*) FROM cursor WHERE stream LIKE '%/sealed'")
    .fetchone()[0])
PYTHON
}

# sees A ID: may whoever is signed in there see it?
sees() {
	fq "$1" show "$2" >"$lab/out" 2>"$lab/said" && echo yes || echo no
}

# as A USER: another person of the same cache
as() {
	"$fengqiao" logout --home "$lab/cache-$1"
	must lab_login "$1" "$2"
	eval "lab_user_$1=$2"
}

must user_add mei 梅玉兰 ${county}001 mediator
lab_cache M mei
boy=$(fq A add person name=柳小山 mobile=13800138000)
case=$(fq A add mediation_case accept_date=20261101 dispute_type=ll \
    village=红旗村 people_count=2 summary=相邻通行争执，双方申请调解。 \
    form=2 source=1 committee=青石镇人民调解委员会 mediator=柏永昌 \
    difficulty=2 forecast=1)
party=$(fq A add mediation_party case_id="$case" side=1 person_id="$boy" \
    told_rights=1 id_copied=1)
settle A B M
same "the mediator has the person, the case and the party" "yes yes yes" \
    "$(sees M "$boy") $(sees M "$case") $(sees M "$party")"

# it becomes confidential while the mediator works on it, without a line
for note in 调解员记一 调解员记二 调解员记三; do
	must fq M set "$boy" "note=$note"
done
remember 调解员记三
yes "the chief seals the file of a minor" fq B set "$boy" confidential=1
go B
go M
same "what was about the person is gone from the mediator's device" \
    "no yes no" "$(sees M "$boy") $(sees M "$case") $(sees M "$party")"
same "also from its file" "2 0" "$(lie M)"
go B
same "what was entered there is not lost" 调解员记三 "$(value B note "$boy")"
says "nor is the history told" 1 fq M history "$boy"
same "a lookup does not find the person" 0 "$(fq M find 柳小山 --json | wc -l)"
yes "the party is changed" fq A set "$party" note=不公开
settle A B M
same "it stays away" "no" "$(sees M "$party")"

# two people on one cache
as A mei
go A
same "the cache holds it, the mediator does not see it" "5 1 no" \
    "$(lie A) $(sees A "$boy")"
same "not in a list" 0 "$(fq A list person --json | grep -c 柳小山)"
same "not in an export" 0 "$(fq A export person --format csv | grep -c 柳小山)"
same "nor among the parties of the case" 0 \
    "$(fq A show "$case" --json | grep -c "$party")"
yes "the cache is whole" fq A check
as A wang
same "the clerk sees it, without a line too" "yes yes" \
    "$(lab_stop; sees A "$boy") $(sees A "$party")"
lab_stop
lab_serve

# a role that changes on the server
yes "the mediator becomes a clerk" county user set mei --role clerk
go M
same "and holds it" "yes yes" "$(sees M "$boy") $(sees M "$party")"
for note in 离任记一 离任记二 离任记三; do
	must fq M set "$boy" "note=$note"
done
remember 离任记三
yes "and a mediator again" county user set mei --role mediator
go M
same "the stream ends" "no 2 0" "$(sees M "$boy") $(lie M)"
go B
same "what waited came before" 离任记三 "$(value B note "$boy")"
same "the program knows the role" mediator "$(fq M whoami --json | text role)"
same "nothing waits, nothing was refused" "0 0" "$(fq M status --json |
    number waiting) $(fq M status --json | number refused)"

# unsealed again
yes "the file is opened again" fq B set "$boy" confidential=0
settle A B M
same "the mediator has it back" "yes yes" "$(sees M "$boy") $(sees M "$party")"
agree A B

# a person, and a computer, that go to another office
lab_cache C chen
go C
for note in 调走前一 调走前二; do
	must fq M set "$boy" "note=$note"
done
yes "the mediator goes to another office" county user set mei \
    --office ${county}002
says "the first office's computer says so" 3 fq M sync
same "what waited there is in quarantine" 2 "$(county quarantine list --json |
    grep -c 调走前)"
must lab_login M wang
lab_user_M=wang
go M
computer=$(fq M status --json | text device)
yes "the computer goes there as well" county device give "$computer" \
    --office ${county}002
says "the first office's people do not work there any more" 3 fq M sync
must lab_login M mei
lab_user_M=mei
go M
same "the first office's records are gone from it" "no no 0 0" \
    "$(sees M "$boy") $(sees M "$case") $(lie M)"
new=$(fq M add person kind=02 name=白水某单位)
go M C
same "who came works for the office there" 白水某单位 "$(value C name "$new")"
settle A B M C
agree A B
yes "cache M is whole" fq M check
plan
