#!/usr/bin/env python3
"""The lookup's rules told once more, in another language, and compared.

    model.py ANSWER COUNT [SEED]

ANSWER is the program of answer.c.  COUNT strings are typed, whole or key by
key with Backspaces, at three hundred made-up persons; every answer (who, tier,
order) must be the model's.  Of the program only the tables of readings and
of traditional forms are shared.  Prints TAP.
"""
import random
import re
import subprocess
import sys
import tempfile
import unicodedata
from functools import lru_cache

sys.dont_write_bytecode = True
sys.path.insert(0, "src/core")
import gen_pinyin  # noqa: E402

TODAY = 20000
MASK = "某"
NAME_CHARS, TYPED_CHARS, TERMS, KEYS = 32, 31, 4, 127
FILLERS = set(" \t\n\u00a0\u3000'\u2019`-‐‑–—_.·•‧・．()（）[]［］【】〔〕〈〉《》")

TABLE, _, USUAL = gen_pinyin.load(gen_pinyin.SOURCE)
SINGLE, DOUBLE = gen_pinyin.surnames(TABLE)
PLAIN = {chr(c): chr(to) for c, to in
         gen_pinyin.plain(gen_pinyin.SOURCE, TABLE, USUAL).items()}
TRADITIONAL = {to: c for c, to in PLAIN.items()}


# ---- spellings -----------------------------------------------------------

def umlauts(text):
    yield text
    if "v" in text:
        yield text.replace("v", "u")
        yield text.replace("v", "yu")


def finals(text):
    yield text, False
    if re.search("[aei]ng$", text):
        yield text[:-1], True
    elif re.search("[aei]n$", text):
        yield text + "g", True


def initials(text):
    yield text, False
    if text[0] in "zcs" and len(text) > 1:
        yield (text[0] + text[2:] if text[1] == "h"
               else text[0] + "h" + text[1:]), True
    for one, others in (("n", "l"), ("r", "l"), ("l", "nr")):
        if text[0] == one:
            for other in others:
                yield other + text[1:], True


@lru_cache(None)
def spellings(syllable):
    """{spelling: heard by accent only}"""
    out = {}
    if not re.search("[aeiouv]", syllable):
        return {syllable: False}
    bases = [(syllable, False)]
    for one, other in gen_pinyin.CONFUSED:
        bases += [(b, True) for a, b in ((one, other), (other, one))
                  if a == syllable]
    for base, confused in bases:
        for begun, moved in initials(base):
            for ended, nasal in finals(begun):
                for text in umlauts(ended):
                    accent = confused or moved or nasal
                    out[text] = out.get(text, True) and accent
    return out


# ---- persons -------------------------------------------------------------

def fold(text):
    text = unicodedata.normalize("NFKC", text).lower() if text.isascii() or \
        any("\uff01" <= c <= "\uff5e" for c in text) else text.lower()
    return PLAIN.get(text, text)


def letters_of(name):
    return [c for c in map(fold, name) if c not in FILLERS][:NAME_CHARS]


def readings(chars):
    """[[(syllable, main)]] of a name's characters."""
    out = []
    for k, char in enumerate(chars):
        found = list(TABLE.get(ord(char), ()))
        first = None
        if len(chars) > 2 and "".join(chars[:2]) in DOUBLE and k < 2:
            first = DOUBLE["".join(chars[:2])][k]
        elif k == 0 and char in SINGLE:
            first = SINGLE[char]
        if first:
            found = [first] + [s for s in found if s != first]
        out.append([(s, i == 0) for i, s in enumerate(found)])
    return out


class Name:
    def __init__(self, text):
        self.chars = letters_of(text)
        self.ways = []
        for char, read in zip(self.chars, readings(self.chars)):
            ways = {}
            for syllable, main in read:
                for text, accent in spellings(syllable).items():
                    marked = accent or not main
                    ways[text] = ways.get(text, True) and marked
            self.ways.append(ways)
        self.first = [{c} | {w[0] for w in ways}
                      for c, ways in zip(self.chars, self.ways)]


class Person:
    def __init__(self, number, name, alias, digits, places, own, active,
                 opened):
        self.number, self.name = number, name
        self.alias, self.digits, self.places = alias, digits, places
        self.where = [Name(p) for p in places]
        self.own, self.active, self.opened = own, active, opened
        self.names = [Name(name)] + [Name(a) for a in alias]
        self.fields = ["".join(c for c in map(fold, d) if c not in FILLERS)
                       .upper() for d in digits]

    def line(self):
        return "\t".join((str(self.number), self.name, "|".join(self.alias),
                          "|".join(self.digits), "|".join(self.places),
                          str(int(self.own)), str(int(self.active)),
                          str(self.opened)))


# ---- what was typed ------------------------------------------------------

def terms(typed):
    """[("name", chars, cuts) or ("number", text)]"""
    chars, border = [], ""
    for char in typed:
        char = fold(char)
        if char in " \t\n\u00a0\u3000":
            border = " "
        elif char in "'\u2019":
            border = border or "'"
        char = "v" if char in "üÜ" else char
        if char in FILLERS:
            continue
        if len(chars) < KEYS:
            chars.append((char, border))
        border = ""
    runs = []
    for char, border in chars:
        if border == " " or not runs:
            runs.append([])
        runs[-1].append((char, border))
    parts = []
    for run in runs:
        at = next((i for i, (c, _) in enumerate(run) if c in "0123456789"),
                  None)
        if at is None:
            parts.append(("name", run))
        elif "a" <= run[0][0] <= "z":
            parts.append(("name", run[:at]))
            parts.append(("number", run[at:]))
        else:
            parts.append(("number", run))
    out = []
    for kind, run in parts:
        if kind == "name" and out and out[-1][0] == "name":
            out[-1][1].extend(run)
        elif len(out) == TERMS:
            break
        else:
            out.append((kind, list(run)))
    return [("name", [c for c, _ in run][:TYPED_CHARS],
             {i for i, (_, b) in enumerate(run) if b and i}) if kind == "name"
            else ("number", "".join(c for c, _ in run).upper())
            for kind, run in out]


# ---- matching ------------------------------------------------------------

KINDS = ["number whole", "name whole", "number tail", "number head",
         "name head", "alias whole", "alias head", "birth", "name inner",
         "alias inner", "accent whole", "accent head", "accent alias",
         "accent inner", "number any", "place"]
TIER = [0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]
K = {name: i for i, name in enumerate(KINDS)}


def takes(ways, own, text, cuts, at):
    """{where one character may lead from at: by accent only}"""
    out = {}

    def lead(to, accent):
        out[to] = out.get(to, True) and accent
    if text[at] == own or (own == MASK and at > 0):
        lead(at + 1, False)
    stop = at + 1
    while stop < len(text) and stop not in cuts and "a" <= text[stop] <= "z":
        stop += 1
    at_border = stop == len(text) or stop in cuts
    rest = "".join(text[at:stop])
    for way, accent in ways.items():
        same = 0
        while same < min(len(way), len(rest)) and way[same] == rest[same]:
            same += 1
        if not same or not "a" <= rest[0] <= "z":
            continue
        lead(at + 1, accent)
        if same >= 2 and way[:2] in ("zh", "ch", "sh"):
            lead(at + 2, accent)
        if same == len(way):
            lead(at + same, accent)
        if same == len(rest) and at_border:
            lead(stop, accent)
    return out


def name_kind(name, text, cuts, alias):
    best = None
    single = len(text) == 1 and "a" <= text[0] <= "z"
    for start in range(1 if single else len(name.chars)):
        if start >= len(name.chars) or \
                text[0] not in name.first[start]:
            continue
        places, hit = {0: False}, {}
        for k in range(start, len(name.chars)):
            reached = {}
            for at, accent in places.items():
                for to, marked in takes(name.ways[k], name.chars[k], text,
                                        cuts, at).items():
                    marked = marked or accent
                    reached[to] = reached.get(to, True) and marked
            if len(text) in reached:
                whole = k == len(name.chars) - 1
                key = (reached.pop(len(text)), not whole)
                hit[key] = True
            places = reached
        if not hit:
            continue
        exact = any(not accent for accent, _ in hit)
        if alias and not exact:
            kind = "accent alias"
        elif start:
            kind = ("alias inner" if alias else "name inner") if exact \
                else "accent inner"
        elif exact:
            kind = ("alias " if alias else "name ") + \
                ("whole" if (False, False) in hit else "head")
        else:
            kind = "accent " + ("whole" if (True, False) in hit else "head")
        if best is None or K[kind] < best:
            best = K[kind]
    return best


def number_kind(person, text):
    best = None
    for i, field in enumerate(person.fields):
        at = field.find(text)
        while at >= 0:
            ends = at + len(text) == len(field)
            if at == 0:
                kind = "number whole" if ends else "number head"
            elif len(text.encode()) < 3:
                kind = None
            elif ends:
                kind = "number tail"
            elif i == 0 and at in (6, 8) and len(text) >= 4 and \
                    len(field) == 18:
                kind = "birth"
            else:
                kind = "number any"
            if kind and (best is None or K[kind] < best):
                best = K[kind]
            at = field.find(text, at + 1)
    return best


def is_hanzi(chars):
    return bool(chars) and all(ord(c) >= 0x2E80 for c in chars)


def place_fits(name, chars, cuts):
    """0 no, 1 from its beginning, 2 inside"""
    if not hasattr(name, "plain"):
        name.plain = [{t: False for s in TABLE.get(ord(c), ())
                       for t in umlauts(s)} for c in name.chars]
    for start in range(len(name.chars)):
        places = {0}
        for k in range(start, len(name.chars)):
            places = {to for at in places for to in place_takes(
                name.plain[k], name.chars[k], chars, cuts, at)}
            if len(chars) in places:
                return 2 if start else 1
    return 0


def place_takes(ways, own, text, cuts, at):
    return takes(ways, own if own != MASK else "", text, cuts, at) \
        if at < len(text) else {}


def at_place(person, chars, cuts):
    inside = is_hanzi(chars[:1]) and len(chars) > 1
    fits = [place_fits(n, chars, cuts) for n in person.where]
    return 1 in fits or (inside and 2 in fits)


def cut_out(chars, cuts, begin, end):
    return chars[begin:end], {c - begin for c in cuts if begin < c < end}


def named(person, chars, cuts):
    kinds = [name_kind(n, chars, cuts, i > 0)
             for i, n in enumerate(person.names)]
    return min((k for k in kinds if k is not None), default=None)


def text_kind(person, chars, cuts):
    """A term without a digit, in all its meanings."""
    kinds = [named(person, chars, cuts)]
    inner = sorted(c for c in cuts if 0 < c < len(chars))
    if inner:
        for where, who in (((inner[-1], len(chars)), (0, inner[-1])),
                           ((0, inner[0]), (inner[0], len(chars)))):
            place, place_cuts = cut_out(chars, cuts, *where)
            if where[0] == 0 and not (len(place) >= 2 and is_hanzi(place)):
                continue
            if where[0] and not (len(place) >= 2 or is_hanzi(place)):
                continue
            kind = named(person, *cut_out(chars, cuts, *who))
            if kind is not None and at_place(person, place, place_cuts):
                kinds.append(max(kind, K["name head"]))
    elif len(chars) >= 2 and is_hanzi(chars):
        if at_place(person, chars, cuts):
            kinds.append(K["place"])
        if any("".join(chars) in f for f in person.fields):
            kinds.append(K["number any"])
    return min((k for k in kinds if k is not None), default=None)


def answer(persons, typed):
    cut = terms(typed)
    if not cut:
        found = sorted((p for p in persons if p.opened > 0),
                       key=lambda p: (-p.opened, p.number))
        return " ".join(f"{p.number}:0" for p in found)
    rows = []
    for p in persons:
        worst = 0
        for term in cut:
            if term[0] == "number":
                kind = number_kind(p, term[1])
            else:
                kind = text_kind(p, term[1], term[2])
            if kind is None:
                break
            worst = max(worst, kind)
        else:
            week = 0 < p.opened and TODAY - p.opened < 7
            rows.append((TIER[worst], not p.own, not p.active, not week,
                         worst, -p.opened, p.number))
    return " ".join(f"{r[6]}:{r[0]}" for r in sorted(rows))


# ---- made-up persons and typing ------------------------------------------

SURNAMES = "李王张刘陈杨赵黄周吴徐孙胡朱林何梁宋郑谢冯曾吕苏邓单仇解查盖区朴覃翟尉乐任贠牛"
SURNAMES += "張劉陳鄧呂單蕭葉乾於"
GIVEN = "偉國華強龍東傑伟建军国明华强文志平勇林海东波辉杰龙刚永春涛飞红生光峰云江立宏新亮长重行乐朝石堃喆赟㛃𬭎"
LONG = ["阿卜杜·热合曼", "买买提•吐尔逊", "迪力夏提·阿不都热依木", "欧阳建国", "诸葛明", "万俟明",
        "长孙无忌", "令狐冲", "张某某", "王某", "尉迟恭", "O'Neil", "Wang Xiao-ming", "（小名）三毛", "歐陽建國"]


VILLAGES = ["红旗村", "青石村", "前进村", "和平社区", "李家湾", "上河村", "绿洲社区", "紅旗村"]
OFFICES = ["青石司法所", "枫桥司法所"]


def make_name(rnd):
    roll = rnd.random()
    if roll < 0.08:
        return rnd.choice(LONG)
    if roll < 0.12:
        return rnd.choice(list(DOUBLE)) + rnd.choice(GIVEN)
    return rnd.choice(SURNAMES) + "".join(
        rnd.choice(GIVEN) for _ in range(rnd.choice((1, 2, 2, 2, 3))))


def make_persons(rnd, count):
    out = []
    for number in range(count):
        identity = "4398%02d%04d%02d%02d%03d%s" % (
            rnd.randrange(30), rnd.randrange(1950, 2005),
            rnd.randrange(1, 13), rnd.randrange(1, 29), rnd.randrange(1000),
            rnd.choice("0123456789X"))
        digits = [identity, "154%08d" % rnd.randrange(10 ** 8)]
        if rnd.random() < 0.7:
            digits.append("（%d）青石矫字第%d号" % (
                rnd.randrange(2018, 2027), rnd.randrange(1, 400)))
        alias = [make_name(rnd) for _ in range(rnd.choice((0, 0, 0, 1, 2)))]
        places = [rnd.choice(VILLAGES), rnd.choice(OFFICES)]
        out.append(Person(number, make_name(rnd), alias, digits,
                          places[rnd.choice((0, 0, 1, 2)):], rnd.random() < 0.5, rnd.random() < 0.6,
                          rnd.choice((0, 0, 0, TODAY - rnd.randrange(30)))))
    return out


def type_name(rnd, name):
    chars = letters_of(name)
    start = rnd.choice((0, 0, 0, rnd.randrange(len(chars))))
    typed = ""
    for char in chars[start:start + rnd.choice((1, 2, 3, 9))]:
        read = TABLE.get(ord(char[0]))
        if not read or rnd.random() < 0.2:
            typed += rnd.choice((char, PLAIN.get(char, char),
                                 TRADITIONAL.get(char, char)))
            continue
        way = rnd.choice(list(spellings(rnd.choice(read))))
        typed += rnd.choice((way, way[0], way[:2] if way[1:2] == "h" else way,
                             way[:rnd.randrange(1, len(way) + 1)]))
        typed += rnd.choice(("", "", "", "", "'", " "))
    return typed


def type_something(rnd, persons):
    p = rnd.choice(persons)
    field = rnd.choice(p.digits)
    at = rnd.randrange(len(field))
    place = rnd.choice(p.places or VILLAGES)
    part = field[at:at + rnd.choice((1, 2, 3, 4, 6, 11, 18))]
    typed = rnd.choice((type_name(rnd, rnd.choice([p.name] + p.alias)),
                        type_name(rnd, p.name), type_name(rnd, p.name), part,
                        part, part.lower(),
                        type_name(rnd, p.name) + rnd.choice(("", " ")) + part,
                        part + " " + type_name(rnd, p.name),
                        type_name(rnd, p.name) + " " + type_name(rnd, place),
                        place[:rnd.randrange(1, 5)] + rnd.choice(("", " "))
                        + type_name(rnd, p.name), place[:3], "青石矫"))
    if rnd.random() < 0.15 and typed:
        at = rnd.randrange(len(typed))
        typed = typed[:at] + rnd.choice("aeghinuvz09x' ·张Ｚ") + \
            typed[at + rnd.choice((0, 1)):]
    if rnd.random() < 0.03:
        typed = typed.upper()
    return typed


def typing(rnd, persons, count):
    """Whole strings, and keys one by one with some taken back."""
    out = []
    while len(out) < count:
        typed = type_something(rnd, persons)
        if rnd.random() < 0.7:
            out.append(typed)
            continue
        at = 0
        while at < len(typed):
            at += 1 if at == 0 or rnd.random() < 0.85 else -1
            out.append(typed[:at])
    return out[:count]


def main():
    program, count = sys.argv[1], int(sys.argv[2])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    rnd = random.Random(seed)
    persons = make_persons(rnd, 300)
    typed = typing(rnd, persons, count)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as f:
        f.writelines(p.line() + "\n" for p in persons)
        f.flush()
        told = subprocess.run([program, f.name], input="\n".join(typed) + "\n",
                              encoding="utf-8", stdout=subprocess.PIPE,
                              check=True).stdout.split("\n")[:-1]
    wrong = found = 0
    for one, theirs in zip(typed, told):
        ours = answer(persons, one)
        found += bool(ours)
        if ours != theirs and (wrong := wrong + 1) <= 10:
            print(f"# {one!r}: model {ours[:200]!r}, program {theirs[:200]!r}")
    good = not wrong and len(told) == count and found > count / 2
    print(f"# {count} typed, {found} find somebody, {wrong} differ; seed {seed}")
    print(f"{'ok' if good else 'not ok'} 1 - the model in Python agrees")
    print("1..1")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
