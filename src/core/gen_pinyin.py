#!/usr/bin/env python3
"""Write pinyin_table.h: hanzi to toneless readings, traditional forms to the
usual ones, from the Unihan database.

    gen_pinyin.py [FOLDER] >pinyin_table.h

FOLDER has Unihan_Readings.txt.bz2 and Unihan_Variants.txt.bz2, which are part
of Debian's unicode-data.  Standard library only; the same
input gives the same bytes.  v stands for u-umlaut throughout.

Readings of a character, best first: kMandarin, kHanyuPinlu, kTGHZ2013 (the
dictionary of the 8,105 characters of the Table of General Standard Chinese
Characters, which has the surname readings), kXHC1983; kHanyuPinyin, archaic
and broad, only where none of these has the character.

A traditional form goes to its kSimplifiedVariant where that is one of those
8,105 characters and is read so; one that is itself a usual form (乾, 著) stays.
"""
import bz2
import re
import sys
import unicodedata
from collections import defaultdict

SOURCE = "/usr/share/unicode"
FIELDS = ("kMandarin", "kHanyuPinlu", "kTGHZ2013", "kXHC1983")
FALLBACK = "kHanyuPinyin"
READINGS_MAX = 8                # PINYIN_READINGS_MAX
LEAF = 128                      # characters of one leaf of the table
PLANES_END = 0x32000            # after the last ideograph with a reading
ONE = 512                       # a leaf's number below this is one syllable
LAST = 0x8000                   # marks the last reading of a set

# Readings of surnames that no Unihan field has.
EXTRA = dict(贠="yun", 能="nai", 解="hai", 费="bi", 谌="shen", 郗="chi",
             郄="xi", 黑="he", 丌="qi")

# Read so when the character opens a name.
SURNAME = """
丌ji 么yao 乐yue 乜nie 仇qiu 任ren 佴nai 侴chou 俞yu 冯feng 区ou
华hua 单shan 卜bu 占zhan 句gou 召shao 叶ye 员yun 呙guo 查zha 宁ning 宓mi
宿su 尉wei 应ying 强qiang 弋yi 折she 教jiao 於yu 昝zan 晟cheng 曾zeng 朴piao
柏bai 沈shen 洗xian 炅gui 炔gui 燕yan 牟mu 盖ge 盛sheng 眭sui 祢mi 祭zhai 秘bi
稽ji 种chong 笮ze 粘nian 糜mi 繁po 缪miao 翟zhai 肖xiao 能nai 莘shen 荤xun 葛ge
蔚yu 薄bo 藏zang 行xing 褚chu 覃qin 角jue 解xie 訾zi 谌chen 谷gu 贠yun 贲ben
费fei 贾jia 车che 郄qie 郇xun 郗xi 都du 重chong 钭tou 长chang 阙que 阚kan 降jiang
隗wei 颉xie 黑hei 龟gui
"""

# Surnames of two characters, read so as a pair.
DOUBLE = """
万俟 mo qi, 乐正 yue zheng, 令狐 ling hu, 单于 chan yu, 呼延 hu yan,
子车 zi ju, 宰父 zai fu, 尉迟 yu chi, 拓跋 tuo ba, 澹台 tan tai,
皇甫 huang fu, 诸葛 zhu ge, 谷梁 gu liang, 长孙 zhang sun
"""

# Whole syllables that speakers of Xiang, Gan and Huizhou confuse.
CONFUSED = [("fa", "hua"), ("fan", "huan"), ("fang", "huang"), ("fei", "hui"),
            ("fen", "hun"), ("feng", "hong"), ("fo", "huo"), ("fu", "hu"),
            ("wang", "huang")]

NOTICE = """
Unihan data: Copyright (c) 1991-2022 Unicode, Inc. All rights reserved.
Distributed under the Terms of Use in https://www.unicode.org/copyright.html.
THE DATA HAVE BEEN MODIFIED: tones are dropped, fields joined, readings of
surnames and spellings added.

Permission is hereby granted, free of charge, to any person obtaining a
copy of the Unicode data files and any associated documentation (the "Data
Files") or Unicode software and any associated documentation (the
"Software") to deal in the Data Files or Software without restriction,
including without limitation the rights to use, copy, modify, merge,
publish, distribute, and/or sell copies of the Data Files or Software, and
to permit persons to whom the Data Files or Software are furnished to do
so, provided that either (a) this copyright and permission notice appear
with all copies of the Data Files or Software, or (b) this copyright and
permission notice appear in associated Documentation.

THE DATA FILES AND SOFTWARE ARE PROVIDED "AS IS", WITHOUT WARRANTY OF ANY
KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT OF
THIRD PARTY RIGHTS. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR HOLDERS
INCLUDED IN THIS NOTICE BE LIABLE FOR ANY CLAIM, OR ANY SPECIAL INDIRECT OR
CONSEQUENTIAL DAMAGES, OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF
USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER
TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR
PERFORMANCE OF THE DATA FILES OR SOFTWARE.

Except as contained in this notice, the name of a copyright holder shall
not be used in advertising or otherwise to promote the sale, use or other
dealings in these Data Files or Software without prior written
authorization of the copyright holder.
"""


def toneless(reading):
    text = unicodedata.normalize("NFD", reading.strip().lower())
    text = text.replace("u\u0308", "v")
    return "".join(c for c in text if "a" <= c <= "z")


def has_vowel(syllable):
    return re.search("[aeiouv]", syllable) is not None


def field_readings(key, value):
    if key == "kMandarin":
        return value.split()
    if key == "kHanyuPinlu":
        return re.sub(r"\(\d+\)", "", value).split()
    return [r for part in value.split() for r in part.split(":")[1].split(",")]


def rows(folder, name, keys):
    """(character, key, value) of a file's lines, and the version it names."""
    found, version = [], "?"
    with bz2.open(f"{folder}/{name}.txt.bz2", "rt", encoding="utf-8") as lines:
        for line in lines:
            match = re.match(r"# Unicode version: ([\d.]+)", line)
            if match:
                version = match.group(1)
            if not line.startswith("U+"):
                continue
            code, key, value = line.rstrip("\n").split("\t")
            if key in keys:
                found.append((int(code[2:], 16), key, value))
    return found, version


def load(folder):
    """The readings of every character, the version the file names, and the
    usual characters."""
    field = defaultdict(dict)
    lines, version = rows(folder, "Unihan_Readings", FIELDS + (FALLBACK,))
    for code, key, value in lines:
        field[key][code] = field_readings(key, value)
    table = {}
    for code in sorted(set().union(*field.values())):
        found = [r for key in FIELDS for r in field[key].get(code, ())]
        found = found or field[FALLBACK].get(code, [])
        found = [s for s in map(toneless, found) if s]
        if chr(code) in EXTRA:
            found.append(EXTRA[chr(code)])
        if any(map(has_vowel, found)):
            found = [s for s in found if has_vowel(s)]
        if found:
            table[code] = list(dict.fromkeys(found))[:READINGS_MAX]
    return table, version, set(field["kTGHZ2013"])


def plain(folder, table, usual):
    """Traditional forms: character to the usual one."""
    out = {}
    for code, _, value in rows(folder, "Unihan_Variants",
                               ("kSimplifiedVariant",))[0]:
        to = [int(v[2:], 16) for v in value.split()]
        to = [] if code in to or code in usual else \
            [c for c in to if c in usual and code in table and
             table[code][0] in table[c]]
        if to:
            out[code] = to[0]
    return out


def surnames(table):
    """The two hand tables, checked against the readings."""
    single = {w[0]: w[1:] for w in SURNAME.split()}
    double = {}
    for row in DOUBLE.replace("\n", " ").split(","):
        name, first, second = row.split()
        double[name] = (first, second)
    pairs = list(single.items())
    for name, both in double.items():
        pairs += zip(name, both)
    for char, syllable in pairs:
        if syllable not in table[ord(char)]:
            sys.exit(f"gen_pinyin.py: {char} is not read {syllable}")
    return single, double


def with_final(add, text, accent):
    """text, with -n for -ng and the reverse, and u-umlaut as v, u and yu."""
    forms = [(text, accent)]
    if re.search("[aei]ng$", text):
        forms.append((text[:-1], True))
    elif re.search("[aei]n$", text):
        forms.append((text + "g", True))
    for form, marked in forms:
        add(form, marked)
        if "v" in form:
            add(form.replace("v", "u"), marked)
            add(form.replace("v", "yu"), marked)


def with_initial(add, text, accent):
    """text under each initial that an accent makes of its own."""
    with_final(add, text, accent)
    if text[0] in "zcs":
        flat = text[0] + text[2:] if text[1] == "h" else text[0] + "h" + text[1:]
        with_final(add, flat, True)
    if text[0] in "nr":
        with_final(add, "l" + text[1:], True)
    elif text[0] == "l":
        with_final(add, "n" + text[1:], True)
        with_final(add, "r" + text[1:], True)


def spellings(syllables):
    """Rows (text, syllable number, accent), sorted; the plain one wins."""
    rows = {}
    for number, syllable in enumerate(syllables, 1):
        def add(text, accent, number=number):
            rows.setdefault((text, number), accent)
        if not has_vowel(syllable):
            add(syllable, False)
            continue
        with_initial(add, syllable, False)
        for one, other in CONFUSED:
            if syllable == one:
                with_initial(add, other, True)
            if syllable == other:
                with_initial(add, one, True)
    return [(text, number, rows[text, number]) for text, number in sorted(rows)]


def leaves(table, number):
    """The two-level table: page of a character's block, leaf of numbers."""
    sets, offset, leaf, page = [], {}, [[0] * LEAF], []
    for base in range(0, PLANES_END, LEAF):
        row = []
        for code in range(base, base + LEAF):
            key = tuple(number[s] for s in table.get(code, ()))
            if len(key) > 1 and key not in offset:
                offset[key] = len(sets)
                sets += key[:-1] + (key[-1] | LAST,)
            row.append(0 if not key else
                       key[0] if len(key) == 1 else ONE + offset[key])
        page.append(len(leaf) if any(row) else 0)
        if any(row):
            leaf.append(row)
    return sets, page, leaf


def emit(declaration, items, between=", "):
    """An array, its items wrapped at 80 columns (a tab is 8)."""
    print(f"{declaration} = {{")
    line = ""
    for item in items:
        if len(line) + len(item) + 1 > 72:
            print("\t" + line.rstrip())
            line = ""
        line += item + between
    print("\t" + line.rstrip() + "\n};\n")


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else SOURCE
    table, version, usual = load(folder)
    single, double = surnames(table)
    syllables = sorted({s for r in table.values() for s in r})
    number = {s: i for i, s in enumerate(syllables, 1)}
    if len(number) >= ONE - 1 or max(map(len, syllables)) > 6:
        sys.exit("gen_pinyin.py: the syllables do not fit the table")
    sets, page, leaf = leaves(table, number)
    ways = spellings(syllables)
    first = [sum(r[0][0] < chr(97 + i) for r in ways) for i in range(27)]

    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    print("/*\n * Generated by gen_pinyin.py from the Unihan readings of "
          f"Unicode {version}; do not\n * edit.  Part of pinyin.c.\n *")
    print("".join(f" * {line}".rstrip() + "\n" for line in
                  NOTICE.strip().split("\n")) + " */")
    print("#ifndef CORE_PINYIN_TABLE_H\n#define CORE_PINYIN_TABLE_H\n")
    print('#include <stdint.h>\n\n#include "core/pinyin.h"\n')
    print("enum {")
    for name, value in (("SYLLABLES", len(syllables) + 1),
                        ("CHARACTERS", len(table)), ("PAGES", len(page)),
                        ("LEAVES", len(leaf)), ("LEAF", LEAF), ("ONE", ONE),
                        ("LAST", LAST)):
        print(f"\tPINYIN_{name} = {value},")
    print("};\n")
    emit("static const char pinyin_syllable[PINYIN_SYLLABLES][7]",
         ['""'] + [f'"{s}"' for s in syllables])
    print("/* Every spelling of every syllable, sorted; those that begin "
          "with 'a' + i\n * are first[i] to first[i + 1]. */")
    emit("static const struct pinyin_spelling pinyin_spelling[]",
         [f'{{"{t}", {n}, {int(a)}}}' for t, n, a in ways])
    emit("static const uint16_t pinyin_spelling_first[27]", map(str, first))
    print("/* Readings of characters that have several; the last is marked. */")
    emit("static const uint16_t pinyin_set[]", map(str, sets))
    emit("static const uint16_t pinyin_page[PINYIN_PAGES]", map(str, page))
    print("/* 0 no reading; below PINYIN_ONE a syllable; else a place in "
          "pinyin_set. */")
    emit("static const uint16_t pinyin_leaf[PINYIN_LEAVES * PINYIN_LEAF]",
         (str(n) for row in leaf for n in row), ",")
    emit("static const struct {\n\tuint32_t c;\n\tuint16_t syllable;\n}"
         " pinyin_surname[]",
         [f"{{0x{ord(c):X}, {number[s]}}}" for c, s in sorted(single.items())])
    emit("static const struct {\n\tuint32_t c[2];\n\tuint16_t syllable[2];\n}"
         " pinyin_double[]",
         [f"{{{{0x{ord(n[0]):X}, 0x{ord(n[1]):X}}}, "
          f"{{{number[s]}, {number[t]}}}}}"
          for n, (s, t) in sorted(double.items())])
    print("/* Traditional forms and the usual ones, by the former. */")
    emit("static const struct {\n\tuint32_t c, plain;\n} pinyin_plain[]",
         [f"{{0x{c:X}, 0x{to:X}}}" for c, to in
          sorted(plain(folder, table, usual).items())])
    print("#endif")


if __name__ == "__main__":
    main()
