# A machine whose power goes; sources kit/scenario.sh.
#
#   journaled IN             what programs started from here on ask of the disk
#                            for files in this folder is written to $asked
#   not_journaled
#   asked_size               where that stands
#   cut AT BASE FOLDER       the folder as a disk may hold it when the power goes
#                            there; it was BASE when the journal began
#   places                   $cuts moments, and behind the last entry
. tests/kit/scenario.sh
cuts=${CUTS:-25} seed=${SEED:-1} tried=0

journaled() {
	export JOURNAL="$asked" JOURNAL_IN="$1"
	export LD_PRELOAD="$PWD/$BUILD/tests/preload/journal.so"
}

not_journaled() {
	unset JOURNAL JOURNAL_IN LD_PRELOAD
}

asked_size() {
	[ ! -e "$asked" ] || wc -c <"$asked"
}

places() {
	python3 tests/fault/power.py places "$asked" "$cuts" "$seed"
	asked_size
}

cut() {
	tried=$((tried + 1))
	python3 tests/fault/power.py cut "$asked" "$1" "$((seed + tried))" \
	    "$2" "$3"
}
