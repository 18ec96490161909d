# What the scenarios tests/sync/sNN_*.sh share; sources kit/lab.sh.
#
# Each makes something go wrong on purpose and ends with the same check: all
# caches of an office and the ledger hold the same, every operation was judged
# once, and every value that somebody entered is in a record, in its history,
# in a question or among what was refused.
#
#   pair                 a county, its server, caches A (a clerk) and B (the
#                        chief) of one office, and $subject on both
#   value A FIELD [ID]   a field of a record, of $subject without ID
#   both NAME FIELD WANTED [ID]
#   enter A FIELD=VALUE...       change $subject and remember the values
#   remember VALUE...    it was acknowledged: it may never be lost
#   go A B ...           sync one after the other; 0 and 5 (a question waits)
#                        are good ends
#   settle A B ...       until nothing moves any more
#   agree A B ...        the check above
. tests/kit/lab.sh

value() {
	fq "$1" show "${3:-$subject}" --json | text "$2"
}

both() {
	same "$1" "$3 $3" "$(value A "$2" "$4") $(value B "$2" "$4")"
}

remember() {
	printf '%s\n' "$@" >>"$lab/entered"
}

enter() {
	enter_cache=$1
	shift
	if fq "$enter_cache" set "$subject" "$@" >"$lab/out" 2>"$lab/said"; then
		for enter_pair in "$@"; do
			remember "${enter_pair#*=}"
		done
	else
		not_ok "$enter_cache enters $*"
		show "$lab/said"
	fi
}

go() {
	for go_cache in "$@"; do
		go_status=0
		fq "$go_cache" sync --json >"$lab/went" 2>"$lab/said" ||
		    go_status=$?
		case $go_status in
		0|5) ;;
		*)
			not_ok "cache $go_cache syncs"
			echo "#   status $go_status"
			show "$lab/said" "$lab/server.log"
			;;
		esac
	done
}

settle() {
	settle_rounds=0 settle_moved=1
	while [ "$settle_moved" -gt 0 ] && [ "$settle_rounds" -lt 6 ]; do
		settle_rounds=$((settle_rounds + 1)) settle_moved=0
		for settle_cache in "$@"; do
			go "$settle_cache"
			for settle_what in pushed pulled gone; do
				settle_n=$(number $settle_what <"$lab/went")
				settle_moved=$((settle_moved + ${settle_n:-1}))
			done
		done
	done
	same "they come to rest" 0 "$settle_moved"
}

# open_questions A: how many wait on this cache
open_questions() {
	fq "$1" conflicts --json | wc -l
}

# held A: everything that a cache holds, withdrawn records too
held() {
	for held_register in ${registers:-person correction_subject}; do
		fq "$1" export "$held_register" --format json || return 1
	done | sort
}

agree() {
	held "$1" >"$lab/held-first"
	for agree_cache in "$@"; do
		same "nothing waits on $agree_cache" 0 \
		    "$(fq "$agree_cache" status --json | number waiting)"
		held "$agree_cache" >"$lab/held"
		yes "$agree_cache holds the same" cmp "$lab/held-first" \
		    "$lab/held"
		yes "cache $agree_cache is whole" fq "$agree_cache" check
	done
	yes "the ledger is whole" "$fengqiaod" check --data "$lab/ledger"
	[ -e "$lab/entered" ] || : >"$lab/entered"
	yes "nothing entered is lost, nothing judged twice" \
	    python3 tests/kit/ledger.py "$lab/ledger/ledger.db" "$lab/entered" \
	    "$lab/held-first"
}

pair() {
	lab_open
	lab_serve
	lab_cache A wang
	lab_cache B li
	person=$(fq A add person name=周强明 id_no=349804198404240273 \
	    mobile=13800138000)
	subject=$(fq A add correction_subject person_id="$person" category=01 \
	    term_from=20250809 term_to=20280808 village=红旗村 \
	    case_officer=陈志强)
	must fq A sync
	must fq B sync
	same "both have the subject" 红旗村红旗村 \
	    "$(value A village)$(value B village)"
}
