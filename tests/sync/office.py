#!/usr/bin/env python3
"""The spreadsheets of tests/data/office, as the suites need them.

    office.py good FILE        how many rows of it are good, by expected.json
    office.py refused FILE     how many are not
    office.py secrets FILE...  names, id numbers and telephones, one a line
    office.py mend FILE OUT    a file of refused rows, mended
"""
import csv
import io
import json
import os
import re
import sys
import unicodedata

HERE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))),
                    "data", "office")


def expected(path):
    with open(os.path.join(HERE, "expected.json"), encoding="utf-8") as f:
        return json.load(f)[os.path.basename(path)]


def rows(path):
    with open(path, "rb") as f:
        data = f.read()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030")
    return list(csv.reader(io.StringIO(text, newline="")))


def tidy(cell):
    return re.sub(r"[\s'’]", "", unicodedata.normalize("NFKC", cell))


def secrets(paths):
    found = set()
    for path in paths:
        table = rows(path)
        top = next(i for i, r in enumerate(table) if sum(map(bool, r)) > 3)
        headers = [tidy(h) for h in table[top]]
        for i, header in enumerate(headers):
            if not re.search("姓名|身份证|电话|^申请人$|^被申请人$", header):
                continue
            for row in table[top + 1:]:
                cell = tidy(row[i]) if i < len(row) else ""
                if len(cell.encode()) >= 6 and "合计" not in cell:
                    found.add(cell)
    return sorted(found)


def check_digit(seventeen):
    weights = [2 ** (17 - i) % 11 for i in range(17)]
    total = sum(int(c) * w for c, w in zip(seventeen, weights))
    return "10X98765432"[total % 11]


def mend(source, target):
    table = rows(source)
    top = next(i for i, r in enumerate(table) if sum(map(bool, r)) > 3)
    right = {"矫正类别": "缓刑", "矫正起始日": "2025-01-10",
             "矫正终止日期": "2026-01-09", "纠纷类别": "邻里纠纷",
             "受理日期": "2025-03-01", "涉及金额（元）": "100",
             "协议日期": "2025-03-09"}
    for n, row in enumerate(table[top + 1:]):
        for i, header in enumerate(table[top]):
            header = tidy(header)
            stem = "43980119850101%03d" % (2 * n + 101)
            if header in ("身份证号码", "申请人身份证"):
                row[i] = stem + check_digit(stem)
            elif header in ("姓名", "申请人") and not row[i]:
                row[i] = "钱补全"
            elif header == "性别":
                row[i] = "男"
            for name, value in right.items():
                if header == tidy(name):
                    row[i] = value
    with open(target, "w", encoding="utf-8-sig", newline="") as f:
        csv.writer(f).writerows(table)


def main(argv):
    if argv[1] == "good":
        print(expected(argv[2])["good"])
    elif argv[1] == "refused":
        print(sum(v for k, v in expected(argv[2]).items() if k != "good"))
    elif argv[1] == "secrets":
        print("\n".join(secrets(argv[2:])))
    elif argv[1] == "mend":
        mend(argv[2], argv[3])
    else:
        sys.exit(2)


main(sys.argv)
