#!/bin/sh
# Writes a C file that holds a file's bytes:  bytes.sh NAME FILE
set -e
echo "/* Made by bytes.sh from $2. */"
echo "extern const unsigned char $1[];"
echo "extern const unsigned long $1_len;"
echo "const unsigned char $1[] = {"
od -An -v -tu1 -w20 "$2" | sed 's/  *\([0-9][0-9]*\)/\1,/g'
echo '};'
echo "const unsigned long $1_len = sizeof $1;"
