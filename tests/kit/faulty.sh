# A program whose disk and memory fail, for the suites of tests/fault; sources
# kit/scenario.sh.
#
#   faulty KIND HOW N COMMAND...  run a command whose Nth call of this kind fails
#                                 (preload/faulty.c), with HOW+ also all after
#                                 it; sets $status, and keeps in $lab/out and
#                                 $lab/said what it wrote
#   may_go_well HOW               yes: it may do so always
#   calls KIND COMMAND...         how many calls of this kind it makes
#   some N COUNT [FROM]           COUNT numbers of FROM..N, a line
#   well NAME CACHE               after faulty: a status that is documented, one
#                                 sentence if it is not 0, and a whole cache
. tests/kit/scenario.sh
preload=$PWD/$BUILD/tests/preload/faulty.so
kinds="write:EIO write:ENOSPC write:ENOSPC+ write:short write:EINTR sync:EIO
    open:EIO open:EINTR malloc:ENOMEM"
tried=0 refused=0 wrong=0

faulty() {
	faulty_in=$lab
	[ "$1" = malloc ] && faulty_in=
	faulty_kind=$1 faulty_how=${2%+} faulty_at=$3 faulty_every=0
	[ "$2" = "$faulty_how" ] || faulty_every=1
	shift 3
	status=0
	FAULTY=$faulty_kind FAULTY_HOW=$faulty_how FAULTY_AT=$faulty_at \
	    FAULTY_EVERY=$faulty_every \
	    FAULTY_IN=$faulty_in FAULTY_COUNT=$lab/calls LD_PRELOAD=$preload \
	    "$@" >"$lab/out" 2>"$lab/said" || status=$?
}

calls() {
	calls_kind=$1
	shift
	faulty "$calls_kind" EIO 0 "$@"
	cat "$lab/calls"
}

# Close together at the beginning, ever further apart.
some() {
	awk -v n="$1" -v count="$2" -v from="${3:-1}" 'BEGIN {
		n -= from - 1
		for (i = 0; i < count; i++) {
			at = count > n ? i + 1 : int(exp(log(n) * i / \
			    (count - 1 > 0 ? count - 1 : 1)) + 0.5)
			if (at > n)
				break
			if (at > last)
				printf "%d ", at + from - 1
			last = at > last ? at : last
		}
		print ""
	}'
}

# what is written in two pieces is written, what is interrupted is tried again
may_go_well() {
	case $1 in
	short|EINTR) echo yes ;;
	*) echo no ;;
	esac
}

well() {
	tried=$((tried + 1))
	[ "$status" -eq 0 ] || refused=$((refused + 1))
	case $status in
	0) ;;
	1|3|4|5|70)
		[ "$(wc -l <"$lab/said")" -eq 1 ] || {
			wrong=$((wrong + 1))
			not_ok "$1: one sentence, status $status"
			show "$lab/said"
		}
		;;
	*)
		wrong=$((wrong + 1))
		not_ok "$1: status $status"
		show "$lab/said"
		;;
	esac
	fq "$2" check >"$lab/checked" 2>&1 || {
		wrong=$((wrong + 1))
		not_ok "$1: the cache is whole"
		show "$lab/checked"
	}
}

# tell NAME [yes]: how it went, as one result; yes: it may always go well (what
# is written in two pieces is written)
tell() {
	[ "$refused" -gt 0 ] || [ "${2:-no}" = yes ] || wrong=1
	same "$1: $tried times, $refused of them refused, none badly" 0 $wrong
	tried=0 refused=0 wrong=0
}
