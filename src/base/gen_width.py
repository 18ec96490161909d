#!/usr/bin/env python3
"""Writes width_table.h from the Unicode character database (unicode-data).

    gen_width.py [FOLDER] >src/base/width_table.h

Wide: East Asian Width W and F.  Ambiguous: A.  Zero: Mn, Me and Cf except
U+00AD and the signs that surround digits, and the Hangul vowels and finals.
"""
import os
import re
import sys

LAST = 0x10FFFF
SHOWN_CF = {0xAD, 0x6DD, 0x70F, 0x8E2, 0x890, 0x891, 0x110BD, 0x110CD}
SHOWN_CF.update(range(0x600, 0x606))
MISSING_WIDE = [(0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF),
                (0x20000, 0x2FFFD), (0x30000, 0x3FFFD)]


def read_version(path):
    head = open(path, encoding='utf-8').readline()
    return re.match(r'# EastAsianWidth-([\d.]+)\.txt', head)[1]


def read_width(path):
    width = ['N'] * (LAST + 1)
    for first, last in MISSING_WIDE:
        width[first:last + 1] = ['W'] * (last + 1 - first)
    for line in open(path, encoding='utf-8'):
        line = line.split('#')[0].strip()
        if not line:
            continue
        points, kind = (part.strip() for part in line.split(';'))
        first, _, last = points.partition('..')
        for c in range(int(first, 16), int(last or first, 16) + 1):
            width[c] = kind
    return width


def read_zero(path):
    zero = set(range(0x1160, 0x1200)) | set(range(0xD7B0, 0xD7FC))
    for line in open(path, encoding='utf-8'):
        part = line.split(';')
        c = int(part[0], 16)
        if part[2] in ('Mn', 'Me', 'Cf') and c not in SHOWN_CF:
            zero.add(c)
    return zero


def ranges(has):
    start = None
    for c in range(LAST + 2):
        if c <= LAST and has(c):
            start = c if start is None else start
        elif start is not None:
            yield start, c - 1
            start = None


def write(name, has):
    print('\nstatic const struct width_range %s[] = {' % name)
    for first, last in ranges(has):
        print('\t{ 0x%04X, 0x%04X },' % (first, last))
    print('};')


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else '/usr/share/unicode'
    widths = os.path.join(folder, 'EastAsianWidth.txt')
    width = read_width(widths)
    zero = read_zero(os.path.join(folder, 'UnicodeData.txt'))
    print('/* Made by gen_width.py from the character database of Unicode %s. */'
          % read_version(widths))
    print('#ifndef BASE_WIDTH_TABLE_H\n#define BASE_WIDTH_TABLE_H\n')
    print('#include <stdint.h>\n')
    print('struct width_range {\n\tuint32_t first;\n\tuint32_t last;\n};')
    write('zero_table', lambda c: c in zero)
    write('wide_table', lambda c: width[c] in 'WF' and c not in zero)
    write('ambiguous_table', lambda c: width[c] == 'A' and c not in zero)
    print('\n#endif')


main()
