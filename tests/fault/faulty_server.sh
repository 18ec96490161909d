#!/bin/sh
# Every n-th write, sync, open and allocation of the server fails while a client
# pushes: the client hears of it in one sentence or the server ends with one, the
# ledger stays whole, and a server on a good disk takes everything, once.
. tests/kit/faulty.sh
pair

# serve KIND HOW N: a server on a bad machine; 1: it did not come up
serve() {
	lab_stop TERM
	serve_in=$lab/ledger serve_every=0
	[ "$1" = malloc ] && serve_in=
	[ "$2" = "${2%+}" ] || serve_every=1
	: >"$lab/listening"
	FAULTY=$1 FAULTY_HOW=${2%+} FAULTY_AT=$3 FAULTY_IN=$serve_in \
	    FAULTY_EVERY=$serve_every \
	    FAULTY_COUNT=$lab/calls LD_PRELOAD=$preload "$fengqiaod" serve \
	    --data "$lab/ledger" --listen "127.0.0.1:$port" \
	    >"$lab/listening" 2>"$lab/served" &
	server_pid=$!
	serve_left=100
	while [ "$serve_left" -gt 0 ]; do
		serve_left=$((serve_left - 1))
		grep -q 'listening on' "$lab/listening" && return 0
		kill -0 "$server_pid" 2>/dev/null || return 1
		sleep 0.05
	done
	not_ok "the server listens or ends"
	return 1
}

# serve_end: its status when it is stopped, and what it said
serve_end() {
	served=0
	kill -s TERM "$server_pid" 2>/dev/null
	wait "$server_pid" || served=$?
	server_pid=
}

judge() {
	tried=$((tried + 1))
	case $served in
	0|1|3|70) ;;
	*)
		wrong=$((wrong + 1))
		not_ok "$1: the server's status $served"
		show "$lab/served"
		;;
	esac
	if [ "$served" -ne 0 ] && [ ! -s "$lab/served" ]; then
		wrong=$((wrong + 1))
		not_ok "$1: a server that ends says why"
	fi
	"$fengqiaod" check --data "$lab/ledger" >"$lab/checked" 2>&1 || {
		wrong=$((wrong + 1))
		not_ok "$1: the ledger is whole"
		show "$lab/checked"
	}
}

round=0
enter_new() {
	round=$((round + 1))
	fq A add person kind=02 name="甲单位$round" note="甲单位$round" \
	    >>"$lab/ids" 2>"$lab/said" && remember "甲单位$round"
	fq A set "$subject" village="村$round" >"$lab/out" 2>"$lab/said" &&
	    remember "村$round"
}

for kind in $kinds; do
	how=${kind#*:} kind=${kind%:*}
	serve "$kind" EIO 0
	serve_end
	started=$(cat "$lab/calls")
	serve "$kind" EIO 0
	enter_new
	go A
	serve_end
	n=$(cat "$lab/calls")
	for at in $(some "$n" "${SAMPLES:-4}" "$((started > 0 ? started : 1))") \
	    $(some "$started" 3 1); do
		enter_new
		if serve "$kind" "$how" "$at"; then
			status=0
			fq A sync >"$lab/out" 2>"$lab/said" || status=$?
			well "$kind $how $at of $n" A
			tried=$((tried - 1))
		else
			refused=$((refused + 1))
		fi
		serve_end
		judge "$kind $how $at of $n"
	done
	tell "a push to a server, $kind $how" "$(may_go_well "$how")"
done
lab_stop
lab_serve
settle A B
same "each is there once" "$(sort "$lab/ids" | cksum)" \
    "$(fq B list person --json | grep '单位' | texts id | sort | cksum)"
agree A B
plan
