#!/bin/sh
# Does the simulation notice?  Each patch of mutants/ breaks one promise of
# sync in a copy of the sources; within SEEDS stories the simulation must fail.
#   mutants.sh [NAME...]          all of them without a name
#   mutants.sh PART/PARTS         the first, second ... of so many parts of them
set -u
seeds=${SEEDS:-200}
top=$(cd "$(dirname "$0")/../.." && pwd)
build=${BUILD:-build/gcc}
work=$(mktemp -d "${TMPDIR:-/tmp}/mutants.XXXXXX") || exit 70
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

part=1 parts=1
case ${1-} in
[1-9]/[1-9])
	part=${1%/*} parts=${1#*/}
	shift
	;;
esac
[ $# -gt 0 ] || set -- $(cd "$top/tests/sim/mutants" && ls ./*.patch |
    sed 's|^\./||; s|\.patch$||' |
    awk -v part="$part" -v parts="$parts" 'NR % parts == part % parts')
mkdir -p "$work/${build%/*}" || exit 70
cp -a "$top/Makefile" "$top/src" "$top/include" "$top/screens" "$top/tests" \
    "$work" && cp -a "$top/$build" "$work/$build" || exit 70
echo "1..$#"
n=0 bad=0
for name in "$@"; do
	n=$((n + 1))
	patch=$top/tests/sim/mutants/$name.patch
	if ! (cd "$work" && patch -s -p1 -F0 <"$patch" >said 2>&1); then
		echo "not ok $n - $name: the patch does not fit any more"
		sed 's/^/# /' "$work/said"
		bad=$((bad + 1))
		(cd "$top" && cp -a src "$work")
		continue
	fi
	files=$(sed -n 's|^+++ b/||p' "$patch")
	if ! make -s -C "$work" "$build/tests/sim/sim" >"$work/said" 2>&1; then
		echo "not ok $n - $name: it does not build"
		bad=$((bad + 1))
		tail -5 "$work/said" | sed 's/^/# /'
	elif timeout 300 "$work/$build/tests/sim/sim" --quick "$seeds" \
	    >"$work/said" 2>&1; then
		echo "not ok $n - $name: nothing noticed in $seeds seeds"
		bad=$((bad + 1))
	else
		echo "ok $n - $name: $(grep -o 'seed [0-9]* fails' \
		    "$work/said" | head -1)"
	fi
	# as it was, what was built of them, too: the next builds its own alone
	for f in $files; do
		part=${f#src/}
		object=$build/${part%.c}.o
		library=$build/lib${part%%/*}.a
		cp -p "$top/$f" "$work/$f"
		cp -p "$top/$object" "$work/$object"
		cp -p "$top/$library" "$work/$library"
	done
done
[ "$bad" -eq 0 ]
