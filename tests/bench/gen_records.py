#!/usr/bin/env python3
"""Synthetic spreadsheets for the benches, the same on every run.

  gen_records.py cases N      mediation cases, about 1 KB of prose each
  gen_records.py persons N    persons: name, id number, mobile, village

Prose is drawn by Zipf's law from 5,000 made-up words, because it packs like
real prose (about 3:1); sentences from a template pack 6:1 and would flatter.
Nobody is real: id numbers lie in regions that are not assigned, mobile numbers
in blocks that no carrier has.
"""
import csv
import itertools
import random
import sys

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂兰文华建国志海波玉梅红春生金凤庆山永福长贵宝林树根德才学忠"
VILLAGES = ["东村", "西村", "南沟村", "上河村", "前进村", "红旗村", "光明社区", "和平社区"]
DISPUTES = ["婚姻家庭纠纷", "邻里纠纷", "合同纠纷", "损害赔偿纠纷", "劳动争议纠纷"]
MEDIATORS = ["陈志强", "王建国", "李秀英", "张东"]
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def level_one_hanzi():
    """The 3,755 common characters of GB 2312."""
    rows = itertools.product(range(0xB0, 0xD8), range(0xA1, 0xFF))
    return [bytes(pair).decode("gb2312") for pair in rows
            if pair[0] < 0xD7 or pair[1] <= 0xF9]


def cumulative(count, offset):
    return list(itertools.accumulate(1 / (k + offset) for k in range(count)))


class Prose:
    def __init__(self, source):
        self.source = source
        hanzi = level_one_hanzi()
        source.shuffle(hanzi)
        weights = cumulative(1600, 8)
        self.words = ["".join(source.choices(hanzi[:1600], cum_weights=weights,
                                             k=source.choice([1, 2, 2, 2, 2, 3])))
                      for _ in range(5000)]
        self.weights = cumulative(5000, 3)

    def text(self, chars):
        parts, have = [], 0
        while have < chars:
            words = self.source.choices(self.words, cum_weights=self.weights,
                                        k=self.source.randrange(4, 9))
            parts.append("".join(words) + self.source.choice("，，，；。。"))
            have += len(parts[-1])
        return "".join(parts)[:chars]


def name(source):
    return source.choice(SURNAMES) + "".join(
        source.sample(GIVEN, source.choice([1, 2, 2])))


def id_number(source, serial):
    """GB 11643-1999: region, birth, sequence, check character."""
    body = "%04d%02d%04d%02d%02d%03d" % (
        source.choice((4398, 3498)), source.randrange(1, 32),
        1945 + serial % 55, source.randrange(1, 13), source.randrange(1, 29),
        serial // 55 % 1000)
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS))
    return body + "10X98765432"[total % 11]


def cases(out, count, source):
    prose = Prose(source)
    out.writerow(["案号", "受理日期", "纠纷类别", "村居", "调解员", "案情简介", "申请事项"])
    for i in range(count):
        out.writerow([
            "（%d）青石人调字第%d号" % (2021 + i % 5, i // 5 + 1),
            "%d-%02d-%02d" % (2021 + i % 5, source.randrange(1, 13),
                              source.randrange(1, 29)),
            source.choice(DISPUTES), source.choice(VILLAGES),
            source.choice(MEDIATORS), prose.text(source.randrange(150, 260)),
            prose.text(source.randrange(20, 60))])


def persons(out, count, source):
    out.writerow(["姓名", "身份证号", "手机", "村居"])
    for i in range(count):
        out.writerow([name(source), id_number(source, i),
                      "%d%08d" % (source.choice((154, 160, 161, 163, 164)),
                                  source.randrange(10 ** 8)),
                      source.choice(VILLAGES)])


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in ("cases", "persons"):
        sys.exit(__doc__)
    write = cases if sys.argv[1] == "cases" else persons
    write(csv.writer(sys.stdout, lineterminator="\n"), int(sys.argv[2]),
          random.Random(20260305))


if __name__ == "__main__":
    main()
