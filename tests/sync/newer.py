#!/usr/bin/env python3
"""newer.py SCREENS OUT [odd]: a copy of definitions as a county would change
them: of villages a field renamed, one made mandatory, one added; a code
retired.  odd: also a key that no program knows."""
import json
import os
import shutil
import sys


def load(path):
    with open(path, encoding="utf-8") as f:
        return json.load(f)


def keep(path, value):
    with open(path, "w", encoding="utf-8") as f:
        json.dump(value, f, ensure_ascii=False)


def main():
    out = sys.argv[2]
    shutil.copytree(sys.argv[1], out, ignore=shutil.ignore_patterns("po"))
    path = os.path.join(out, "registers", "village.json")
    village = json.loads(json.dumps(load(path)).replace('"head"', '"leader"'))
    village["version"] += 1
    for field in village["fields"]:
        if field["name"] == "leader":
            field["was"] = ["head"]
        if field["name"] == "households":
            field["need"] = "save"
    village["fields"].append({"name": "dialect", "label": {
        "zh": "方言", "en": "Dialect"}, "type": "text", "max_chars": 20})
    village["form"].append({"page": {"zh": "其他", "en": "More"},
                            "rows": [["dialect"]]})
    if "odd" in sys.argv[3:]:
        village["colour"] = "green"
    keep(path, village)
    path = os.path.join(out, "codes", "village_kind.json")
    kinds = load(path)
    kinds["items"][1].update({"until": "2026-06-30", "instead": "1"})
    keep(path, kinds)


main()
