#!/bin/sh
# T38: who looks at restricted records out of curiosity leaves a trace, whatever
# command shows them: what, of which register, how.
. tests/kit/scenario.sh
pair

# traced NAME WHAT NOTE COMMAND...: exactly one new entry, and which
traced() {
	traced_name=$1 traced_want="$2 ${3:-}"
	shift 3
	traced_n=$(fq A audit --json --limit 1 | number n)
	fq A "$@" >"$lab/out" 2>"$lab/said"
	fq A audit --json --limit 1 >"$lab/entry"
	same "$traced_name" "$((traced_n + 1)) $traced_want" \
	    "$(number n <"$lab/entry") $(text what <"$lab/entry") $(text note <"$lab/entry")"
}

untraced() {
	untraced_name=$1
	shift
	fq A audit --json --limit 1 >"$lab/before"
	fq A "$@" >"$lab/out" 2>"$lab/said"
	fq A audit --json --limit 1 >"$lab/entry"
	yes "$untraced_name" cmp "$lab/before" "$lab/entry"
}

traced "a record" view show show "$subject"
traced "a record as JSON" view show show "$subject" --json
traced "its history" view trail history "$subject"
traced "a list" list "" list correction_subject
traced "a list as JSON" list "" list correction_subject --json
traced "a search" find "" find zqm
traced "an export" export "" export correction_subject
traced "an export as JSON" export "" export person --format json
must fq A set "$subject" term_to=20261124
traced "what is due" list due due

echo scan >"$lab/scan.pdf"
printf '%%PDF-1.4\n%%%%EOF\n' >"$lab/scan.pdf"
must fq A attach "$subject" "$lab/scan.pdf" --name 判决书.pdf
traced "what is attached" view attachments attach "$subject"
traced "an attachment, written to a file" export "" \
    fetch "$subject" 1 -o "$lab/out.pdf"

# two people, one field: both values are shown
go A B
enter A village=甲村
enter B village=乙村
go A B A
same "a question is open" 1 "$(open_questions A)"
traced "what was entered differently" list conflicts conflicts

untraced "an unrestricted register" list village
untraced "how much waits" status
plan
