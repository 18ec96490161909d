#!/bin/sh
# Keeps the rules of the house (src/README.md) and prints TAP.
#   lint.sh BUILD_DIR        e.g. build/gcc, where the libraries are
set -u
build=${1:?usage: lint.sh BUILD_DIR}
layers="base core db store sync ui client server"
work=$(mktemp -d) || exit 70
trap 'rm -rf "$work"' EXIT
status=0

# verdict NAME FILE: the rule holds when FILE is empty
verdict() {
	if [ -s "$2" ]; then
		echo "not ok - $1"
		sed 's/^/#   /' "$2" | head -20
		status=1
	else
		echo "ok - $1"
	fi
}

# what each layer may use, itself included
allowed() {
	case $1 in
	base) echo base ;;
	core) echo core base ;;
	db) echo db base ;;
	store) echo store db core base ;;
	sync) echo sync store core base ;;
	ui) echo ui core base ;;
	client) echo client ui sync store core base ;;
	server) echo server db core base ;;
	esac
}

# the one file that may use a foreign library: header pattern, symbol pattern
doors='curses.h|term.h	ui/tty	^(initscr|endwin|wgetch|waddnwstr|wrefresh|wnoutrefresh|doupdate|newterm|stdscr|curscr|setupterm|tputs|putp|define_key)$
sqlite3.h	db/db	^sqlite3_
curl/curl.h	sync/http_client	^curl_
cjson/cJSON.h	base/json	^cJSON_
microhttpd.h	server/http	^MHD_
gnutls/[a-z0-9]*.h	server/tls	^gnutls_
sodium.h	base/crypto	^(sodium_|randombytes|crypto_(aead|pwhash|kdf|generichash|hash|auth|secretbox|box|sign|stream|onetimeauth|core))
nettle/[a-z0-9]*.h	base/crypto	^(nettle_|sha256_)
zlib.h|zstd.h	base/zip	^(deflate|inflate|ZSTD_|crc32|adler32|compress)'

# 1. #include lines keep the layers
: >"$work/layers"
for layer in $layers; do
	for file in src/$layer/*.c src/$layer/*.h include/$layer/*.h; do
		[ -f "$file" ] || continue
		sed -n 's|^#include "\([a-z]*\)/.*|\1|p' "$file" | sort -u |
		while read -r used; do
			case " $(allowed $layer) " in
			*" $used "*) ;;
			*) echo "$file includes $used/" ;;
			esac
		done
	done
done >"$work/layers"
verdict "include lines keep the layers" "$work/layers"

# 2. each foreign library has one door
printf '%s\n' "$doors" | while IFS='	' read -r header door symbols; do
	grep -lE "^#include <($header)>" src/*/*.c src/*/*.h include/*/*.h \
	    2>/dev/null | grep -v "^src/$door\.c$" |
	    sed "s#\$# includes <$header>, which only src/$door.c may#"
done >"$work/doors"
verdict "each foreign library is included by one file" "$work/doors"

# 3. the same two rules by what the objects really call
for layer in $layers; do
	[ -f "$build/lib$layer.a" ] &&
	nm -g --defined-only "$build/lib$layer.a" 2>/dev/null |
	    awk -v l="$layer" 'NF == 3 { print $3, l }'
done | sort -u >"$work/defined"
for layer in $layers; do
	[ -f "$build/lib$layer.a" ] || continue
	nm -u "$build/lib$layer.a" 2>/dev/null |
	    awk 'NF == 2 && $1 == "U" { print $2 }' | sort -u |
	    join - "$work/defined" | while read -r symbol owner; do
		case " $(allowed $layer) " in
		*" $owner "*) ;;
		*) echo "$layer calls $symbol of $owner" ;;
		esac
	done
done >"$work/calls"
verdict "undefined symbols keep the layers" "$work/calls"

# "client/app sqlite3_open", each call that does not stay among ours
find "$build" -name '*.o' -path "$build/[a-z]*/*" ! -path '*/tests/*' \
    -exec nm -A -u {} + |
    awk -v root="$build/" 'NR == FNR { ours[$1]; next }
	$2 == "U" { sub("@.*", "", $3); sub("[.]o:.*", "", $1)
		if (!($3 in ours))
			print substr($1, length(root) + 1), $3 }' \
    "$work/defined" - >"$work/undefined"
[ -s "$work/undefined" ] || echo "no objects in $build" >"$work/symbols"
printf '%s\n' "$doors" | while IFS='	' read -r header door symbols; do
	symbols=$symbols awk -v door="$door" '
		$1 != door && $2 ~ ENVIRON["symbols"] {
			print $1 " calls " $2 "; only " door " may" }' \
	    "$work/undefined"
done >>"$work/symbols"
verdict "undefined symbols keep the doors" "$work/symbols"

# 4. our names are not those of a library we link: the program's would win
for library in ncursesw tinfo curl sqlite3 cjson microhttpd gnutls sodium nettle z zstd c; do
	for file in /lib/*/lib$library.so.[0-9]* /usr/lib/*/lib$library.so.[0-9]*; do
		[ -f "$file" ] && nm -D --defined-only "$file" 2>/dev/null
	done
done | awk 'NF >= 3 { sub("@.*", "", $3); print $3 }' | sort -u >"$work/foreign"
# wcwidth is meant to win: ncursesw must use our widths (base/width.c)
cut -d' ' -f1 "$work/defined" | sort -u | comm -12 - "$work/foreign" |
    grep -vxE 'wcwidth|wcswidth' >"$work/clashes"
verdict "no exported name is also a library's" "$work/clashes"

# 5. headers compile alone, in both compilers
for header in include/*/*.h; do
	for compiler in gcc clang; do
		command -v "$compiler" >/dev/null || continue
		printf '#include "%s"\nenum { alone };\n' "${header#include/}" |
		    "$compiler" -std=c11 -D_POSIX_C_SOURCE=200809L \
		    -D_DEFAULT_SOURCE -D_XOPEN_SOURCE=700 -Iinclude -Wall \
		    -Wextra -Wpedantic -Werror -fsyntax-only -x c - \
		    >"$work/out" 2>&1 || echo "$header ($compiler)"
	done
done >"$work/alone"
verdict "headers compile alone" "$work/alone"

# 6. every module has its header, every header its module
for source in src/*/*.c; do
	name=${source#src/}
	name=${name%.c}
	case $name in
	*/main|client/cmd_*|client/screen_*) continue ;;
	esac
	[ -f "include/$name.h" ] || [ -f "src/$name.h" ] ||
	    grep -qE '^#include "[a-z]+/[a-z_0-9]+\.h"' "$source" ||
	    echo "$source has no header"
done >"$work/pairs"
verdict "sources lean on a header" "$work/pairs"

# 7. banned calls
grep -nE '\b(strcpy|strcat|sprintf|vsprintf|strtok|gets|atoi|atol|atof|system|popen|alloca|rand|srand|setjmp|longjmp|isalpha|isdigit|isspace|isalnum|toupper|tolower|strerror)\s*\(' \
    src/*/*.c include/*/*.h | grep -v '^src/base/io\.c:.*strerror' >"$work/banned"
verdict "no banned call" "$work/banned"

# 8. sizes: a mirror, and a wall where nobody could find the way any more
wc -l src/*/*.c | awk '$2 != "total" && $1 > 700 { print $2, $1, "lines" }' >"$work/sizes"
wc -l include/*/*.h | awk '$2 != "total" && $1 > 400 { print $2, $1, "lines" }' >>"$work/sizes"
verdict "no file beyond the wall" "$work/sizes"
wc -l src/*/*.c | sort -rn | awk '$2 != "total" && $1 > 500 { print "# mirror:", $2, $1, "lines" }'
awk '
	FNR == 1 { inside = 0 }
	/^[a-z_0-9]+\(/ { name = $0; sub(/\(.*/, "", name); start = FNR }
	/^\{/ { inside = 1 }
	/^\}/ { if (inside && name && FNR - start > 60)
		print "# mirror:", FILENAME, name, FNR - start, "lines"; inside = 0; name = "" }
' src/*/*.c
grep -nE '^.{101,}$' src/*/*.c include/*/*.h | grep -v 'width_table\|pinyin_table' |
    cut -c1-90 >"$work/wide"
verdict "no line over 100 characters" "$work/wide"

# 9. words: every marked text has its Chinese
if command -v xgettext >/dev/null; then
	xgettext --from-code=UTF-8 -ktr -kTR_MARK --no-location -o "$work/all.pot" \
	    src/*/*.c include/*/*.h 2>/dev/null
	msgcmp --use-untranslated screens/po/zh_CN.po "$work/all.pot" \
	    >"$work/out" 2>&1 || grep -A0 'used but not defined' "$work/out" >"$work/words"
	msgmerge -q -N screens/po/zh_CN.po "$work/all.pot" -o "$work/merged.po" 2>/dev/null
	msgattrib --untranslated --no-obsolete "$work/merged.po" 2>/dev/null |
	    grep '^msgid "' | grep -v '^msgid ""$' >"$work/words"
	msgattrib --only-fuzzy --no-obsolete screens/po/zh_CN.po | grep '^msgid "' >>"$work/words"
	verdict "every text has its Chinese" "$work/words"
	# T31: also of those that nobody marked as having directives, which
	# makes them fuzzy
	msgattrib --clear-fuzzy --no-obsolete -o "$work/clear.po" \
	    "$work/merged.po" &&
	    msgfmt --check-format -o "$work/clear.mo" "$work/clear.po" \
	    2>"$work/directives" && : >"$work/directives"
	verdict "T31 no translation has other directives" "$work/directives"
fi

# T31: what the build runs would stop at such a translation, and at a text that
# is printed as if it were a format, in each of its ways to build
: >"$work/formats"
asked() {
	env -u MAKEFLAGS -u MFLAGS make --no-print-directory -Bn "$@" 2>/dev/null
}
printf 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n%s\n' \
    '#, c-format
msgid "%s rows"
msgstr "%d"' >"$work/wrong.po"
checks=$(asked build/gen/zh_CN.mo | grep '^msgfmt' | sed 's/ -o .*//')
${checks:-true} -o "$work/wrong.mo" "$work/wrong.po" 2>/dev/null &&
    echo "a translation with other directives is taken" >>"$work/formats"
cat >"$work/probe.c" <<'PROBE'
#include <stdio.h>
#include "base/err.h"
void probe(struct err *err, const char *text);
void
probe(struct err *err, const char *text)
{
#ifdef OURS
	(void)err_set(err, E_IO, text);
#else
	(void)err;
	printf(text);
#endif
}
PROBE
for way in CC=gcc CC=clang "CC=gcc SAN=1"; do
	command -v "$(expr "$way" : 'CC=\([a-z]*\)')" >/dev/null || continue
	# shellcheck disable=SC2086
	flags=$(asked $way B="$work/b" "$work/b/base/err.o" |
	    sed -n 's/ -MMD .*//p' | head -1)
	# the probe is right but for that
	# shellcheck disable=SC2086
	${flags:-false} -Wno-error -fsyntax-only "$work/probe.c" \
	    2>/dev/null || echo "$way: the probe does not compile"
	for ours in "" -DOURS; do
		# clang does not look through the C library's fortified macro
		case $way$ours in CC=clang) continue ;; esac
		# shellcheck disable=SC2086
		${flags:-false} $ours -fsyntax-only "$work/probe.c" \
		    2>/dev/null && echo "$way: a text is taken as a format $ours"
	done
done >>"$work/formats"
verdict "T31 a text that is no format stops the build" "$work/formats"

# 10. generated tables are what their generators make, of the Unicode they name
unicode_of() {
	grep -om1 'Unicode [0-9.]*[0-9]' "$1"
}
if command -v python3 >/dev/null && [ -d /usr/share/unicode ]; then
	for table in src/base/gen_width.py:src/base/width_table.h \
	    src/core/gen_pinyin.py:src/core/pinyin_table.h; do
		python3 "${table%%:*}" >"$work/made" 2>/dev/null
		here=$(unicode_of "$work/made")
		if [ -n "$here" ] && [ "$here" != "$(unicode_of "${table#*:}")" ]; then
			echo "# ${table#*:} is of another version than $here, not compared" >&2
			continue
		fi
		cmp -s "$work/made" "${table#*:}" ||
		    echo "${table#*:} is not what ${table%%:*} makes"
	done >"$work/tables"
	verdict "generated tables are fresh" "$work/tables"
fi

# 11. the definitions load from the folder as they do from the program
if [ -x "$build/fengqiao" ]; then
	"$build/fengqiao" check-screens screens >/dev/null 2>"$work/screens" &&
	    : >"$work/screens"
	verdict "definitions of screens/ load" "$work/screens"
fi

# the manual names every command
sed -n 's/^	{ "\([a-z-]*\)", .*/\1/p' src/client/commands.c | while read -r name; do
	grep -qE "^\.B $(echo "$name" | sed 's/-/.?-/g')( |\$)" src/client/fengqiao.1 || echo "$name"
done >"$work/manual"
verdict "the manual names every command" "$work/manual"

# 12. nothing left for later, no machine's path, no stray entry at the top
git grep -nIiE '\b(TO[D]O|FIX[M]E|HA[C]K)\b' -- src include screens tests >"$work/later"
git grep -nIE '(^|[^a-z])/(work|home|root)/' -- . ':!tests/lint/lint.sh' >>"$work/later"
verdict "nothing is left for later" "$work/later"
git ls-files | cut -d/ -f1 | sort -u |
    grep -vxE 'src|include|screens|tests|Makefile|README\.md|\..*' >"$work/top"
verdict "the top level is as it shall be" "$work/top"

# 13. a defence names a test that is there
grep -oE '`(unit|screen|pty|sim|sync|fault|fuzz|lint)/[a-z0-9_.]+(:[a-z0-9_]+)?`' \
    src/server/README.md | tr -d '`' | sort -u |
while IFS=: read -r file name; do
	[ -f "tests/$file" ] && { [ -z "$name" ] ||
	    grep -qE "(^|[^a-z0-9_])$name\(" "tests/$file"; } ||
	    echo "tests/$file${name:+ has no $name}"
done >"$work/named"
verdict "the tests of the server's tables are there" "$work/named"
exit $status
