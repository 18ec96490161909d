#!/bin/sh
# Writes a C file that holds the definitions of screens/ as bytes, each with
# its path below screens/:  builtin.sh screens/registers/person.json ...
set -e
echo '/* Made by builtin.sh from screens/; see core/builtin.h. */'
echo '#include "core/builtin.h"'
n=0
for file in "$@"; do
	echo "static const char file_$n[] = {"
	od -An -v -td1 -w20 "$file" | sed 's/  *\(-\{0,1\}[0-9][0-9]*\)/\1,/g'
	echo '0};'
	n=$((n + 1))
done
echo 'const struct def_file builtin_files[] = {'
n=0
for file in "$@"; do
	echo "	{ \"${file#screens/}\", file_$n, sizeof file_$n - 1 },"
	n=$((n + 1))
done
echo '	{ 0, 0, 0 },'
echo '};'
echo "const unsigned long builtin_count = $n;"
