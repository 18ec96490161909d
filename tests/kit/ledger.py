#!/usr/bin/env python3
"""Does the ledger remember everything, and nothing twice?

    ledger.py LEDGER.DB ENTERED HELD

ENTERED: values that were acknowledged, one a line.  HELD: what a cache of the
office holds, one JSON object a line.  One sentence for each thing wrong, and
then the exit status is 1.
"""
import json
import sqlite3
import sys

TWICE = {
    "operations took effect twice":
        "SELECT count(*) FROM (SELECT 1 FROM history h JOIN opdone o"
        " USING(device, epoch, n) GROUP BY o.device, o.hash"
        " HAVING count(*) > 1)",
    "operations have two verdicts":
        "SELECT count(*) FROM (SELECT 1 FROM opdone GROUP BY device, hash"
        " HAVING count(DISTINCT verdict || ' ' || rev) > 1)",
    "refused operations are not kept":
        "SELECT count(*) FROM opdone o WHERE verdict IN ('moved', 'denied',"
        " 'invalid', 'review') AND NOT EXISTS (SELECT 1 FROM quarantine q"
        " JOIN opdone p USING(device, epoch, n)"
        " WHERE p.device = o.device AND p.hash = o.hash)",
}
MEMORY = ("SELECT body || ' ' || deleted FROM record"
          " UNION ALL SELECT changes FROM history"
          " UNION ALL SELECT op FROM quarantine"
          " UNION ALL SELECT line FROM returned")


def differences(db, held):
    """What the cache holds and what the ledger has of these registers."""
    here = {}
    for line in held:
        record = json.loads(line)
        here[record["id"].replace("-", "")] = (
            record["register"], record["office"], record["state"],
            record["rev"], record["values"])
    places = {(r[0], r[1]) for r in here.values()}
    there = {}
    for row in db.execute("SELECT lower(hex(id)), register, office, state,"
                          " rev, body FROM record WHERE deleted = ''"):
        if (row[1], row[2]) in places:
            there[row[0]] = row[1:5] + (json.loads(row[5]),)
    return [k for k in here.keys() | there.keys()
            if here.get(k) != there.get(k)]


def main(argv):
    db = sqlite3.connect("file:%s?mode=ro" % argv[1], uri=True)
    said = []
    for what, sql in TWICE.items():
        count = db.execute(sql).fetchone()[0]
        if count:
            said.append("%d %s" % (count, what))
    memory = "\n".join(row[0] for row in db.execute(MEMORY))
    with open(argv[2], encoding="utf-8") as f:
        for value in f.read().splitlines():
            if value not in memory:
                said.append("lost: %s" % value)
    with open(argv[3], encoding="utf-8") as f:
        differ = differences(db, f)
    if differ:
        said.append("%d records are not as in the ledger, the first %s"
                    % (len(differ), differ[0]))
    print("\n".join(said), file=sys.stderr)
    sys.exit(1 if said else 0)


main(sys.argv)
