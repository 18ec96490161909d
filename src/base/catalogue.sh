#!/bin/sh
# Writes a C file that holds a compiled message catalogue:  catalogue.sh FILE.mo
set -e
echo '/* Made by catalogue.sh from screens/po/zh_CN.po; see base/tr.c. */'
echo 'extern const unsigned char tr_catalogue[];'
echo 'extern const unsigned long tr_catalogue_len;'
echo 'const unsigned char tr_catalogue[] = {'
od -An -v -tu1 -w20 "$1" | sed 's/  *\([0-9][0-9]*\)/\1,/g'
echo '};'
echo 'const unsigned long tr_catalogue_len = sizeof tr_catalogue;'
