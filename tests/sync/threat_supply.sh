#!/bin/sh
# T35, the supply: what the build runs, that it needs no network, and how the
# programs are hardened, as TAP.   BUILD=build/gcc sh tests/sync/threat_supply.sh
set -u
cd "$(dirname "$0")/../.." || exit 70
build=${BUILD:-build/gcc}
work=$(mktemp -d) || exit 70
trap 'rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM
status=0

# verdict NAME: it holds when nothing stands in $work/bad
verdict() {
	if [ -s "$work/bad" ]; then
		echo "not ok - T35 $1"
		sed 's/^/#   /' "$work/bad" | head -20
		status=1
	else
		echo "ok - T35 $1"
	fi
}

# everything that would run for a build from nothing, one command a line; the
# make that we run under must not lend it its flags
recipe() {
	env -u MAKEFLAGS -u MFLAGS make --no-print-directory -Bn "$@" 2>&1 |
	    sed -e ':a' -e '/\\$/N; s/\\\n//; ta' | tr ';' '\n' |
	    sed 's/^[[:space:]]*//; /^$/d'
}

# 1. the compiler, the archiver, msgfmt and two scripts of ours
recipe all >"$work/recipe"
[ "$(wc -l <"$work/recipe")" -gt 100 ] || echo "no recipe" >"$work/few"
{
	cat "$work/few" 2>/dev/null
	awk '$1 !~ /^(gcc|clang|cc|ar|msgfmt|mkdir|rm)$/ &&
	    !($1 == "sh" && $2 ~ /^src\/(core\/builtin|base\/bytes)\.sh$/)' \
	    "$work/recipe"
} >"$work/bad"
verdict "the build runs a compiler and nothing that fetches"
grep -nE '(^|[^a-z])(curl|wget|git|apt|pip|ssh|nc|python3?) ' \
    src/core/builtin.sh src/base/bytes.sh src/deb.sh >"$work/bad" 2>/dev/null
verdict "its scripts fetch nothing either"

# 2. and it does without a network: a layer and what is generated, from nothing
: >"$work/bad"
if unshare -rn true 2>/dev/null; then
	env -u MAKEFLAGS -u MFLAGS unshare -rn make -s --no-print-directory \
	    B="$work/b" G="$work/g" OPT=-O0 HARD= "$work/b/libbase.a" \
	    "$work/g/builtin.c" >"$work/said" 2>&1 ||
	    cp "$work/said" "$work/bad"
	verdict "a build needs no network"
else
	echo "# a build without a network: this machine may not make one"
fi

# 3. what a loader and a compiler can do against what they are given
for program in "$build/fengqiao" "$build/fengqiaod"; do
	readelf -Wh "$program" | grep -q 'Type: *DYN' || echo "no PIE"
	readelf -Wl "$program" | grep -q GNU_RELRO || echo "no RELRO"
	readelf -Wd "$program" | grep -q 'BIND_NOW\|FLAGS_1.*NOW' ||
	    echo "bound late"
	readelf -Wl "$program" | awk '$1 == "GNU_STACK" && /RWE/ ||
	    $1 == "LOAD" && /RWE/ { print "writable and executable" }'
	readelf -Wd "$program" | grep 'RPATH\|RUNPATH'
	readelf -Ws "$program" >"$work/symbols"
	grep -q __stack_chk_fail "$work/symbols" || echo "no stack protector"
	[ "$(grep -c 'UND __[a-z]*_chk' "$work/symbols")" -gt 5 ] ||
	    echo "not fortified"
done >"$work/bad"
verdict "the programs are hardened"
exit $status
