#!/usr/bin/env python3
"""Reads a device's feed all the time, as quickly as the server answers, while
others write; and keeps a read transaction of its own open in the ledger.

    feed_reader.py URL CA.PEM CACHE.DB LEDGER.DB LOGIN PASSWORD SECONDS

It believes nothing but the lines: a cursor moves by them alone, and no sum of
a stream is used to repair what was missed.  It ends when nothing has come for
SECONDS after standard input was closed, and prints what it found as JSON:
missed, twice, backwards, wrong_counts, polls, records, late (records that came
more than a second after they were written), slowest_ms.
"""
import http.client
import json
import select
import sqlite3
import ssl
import sys
import time
import urllib.parse


class Feed:
    def __init__(self, url, ca, cache):
        db = sqlite3.connect("file:%s?mode=ro" % cache, uri=True)
        self.meta = dict(db.execute("SELECT name, text FROM meta"))
        db.close()
        where = urllib.parse.urlparse(url)
        self.net = http.client.HTTPSConnection(
            where.hostname, where.port, timeout=30,
            context=ssl.create_default_context(cafile=ca))
        self.headers = {"X-Proto": "1", "Authorization":
                        "Bearer " + self.meta["device_token"]}
        self.cursors, self.seen, self.came = {}, {}, {}
        self.polls = self.twice = self.backwards = self.wrong_counts = 0

    def ask(self, path, body):
        self.net.request("POST", path, body.encode(), self.headers)
        reply = self.net.getresponse()
        text = reply.read().decode()
        if reply.status != 200:
            raise SystemExit("%s: %d %s" % (path, reply.status, text))
        return text

    def sign_in(self, login, password):
        answer = json.loads(self.ask("/v1/login", json.dumps(
            {"user": login, "password": password})))
        self.headers["X-User-Token"] = answer["token"]

    def poll(self):
        """One request; true: something came, or more is there."""
        hello = {"t": "hello", "dev": self.meta["device"],
                 "ep": int(self.meta["epoch"]), "from": 1,
                 "sv": self.meta["schema"], "max": 16384,
                 "se": self.meta.get("server_epoch", ""),
                 "cur": self.cursors}
        text = self.ask("/v1/sync", json.dumps(hello) + "\n")
        now, came, more = time.time() * 1000, False, False
        self.polls += 1
        for line in text.splitlines():
            item = json.loads(line)
            if item["t"] in "pag":
                came = True
                self.take(item, now)
            elif item["t"] == "end":
                more = item["more"]
                self.check(item)
                self.cursors = item["cur"]
        return came or more

    def take(self, item, now):
        stream, at = item["s"], item["q"]
        last = int(self.cursors.get(stream, "0.0").split(".")[0])
        if at <= self.seen.get(stream, {"": last}).get("", last):
            self.backwards += 1
        held = self.seen.setdefault(stream, {})
        held[""] = at
        if item["t"] == "g":
            held.pop(item["id"], None)
            return
        if held.get(item["id"], 0) >= item["rev"]:
            self.twice += 1
        held[item["id"]] = item["rev"]
        self.came[item["id"]] = (item["rev"], now)

    def check(self, end):
        """As many as the stream holds by its own count."""
        for stream, what in end.get("dig", {}).items():
            held = self.seen.get(stream, {})
            if int(what.split(".")[0]) != len(held) - ("" in held):
                self.wrong_counts += 1


def main(argv):
    feed = Feed(argv[1], argv[2], argv[3])
    feed.sign_in(argv[5], argv[6])
    ledger = sqlite3.connect("file:%s?mode=ro" % argv[4], uri=True,
                             isolation_level=None)
    ledger.execute("BEGIN")		# one long read, all the time
    ledger.execute("SELECT count(*) FROM record").fetchone()
    print("ready", flush=True)
    ended = quiet = None
    while not quiet or time.time() < quiet:
        if feed.poll():
            quiet = None
        elif ended and not quiet:
            quiet = time.time() + float(argv[7])
        if not ended and select.select([sys.stdin], [], [], 0)[0]:
            ended = True
    ledger.execute("COMMIT")
    missed = late = slowest = 0
    for name, rev, at in ledger.execute(
            "SELECT lower(hex(r.id)), r.rev, r.updated_at FROM record r"
            " WHERE EXISTS (SELECT 1 FROM feed f JOIN stream s"
            " ON s.id = f.stream WHERE f.record = r.id AND f.what = 'put'"
            " AND s.name = ?)", [feed.meta["office"] + "/gen"]):
        name = "-".join((name[:8], name[8:12], name[12:16], name[16:20],
                         name[20:]))
        got, then = feed.came.get(name, (0, 0))
        if got != rev:
            missed += 1
            continue
        slowest = max(slowest, int(then - at))
        late += then - at > 1000
    print(json.dumps({
        "missed": missed, "twice": feed.twice, "backwards": feed.backwards,
        "wrong_counts": feed.wrong_counts, "polls": feed.polls,
        "records": len(feed.came), "late": late, "slowest_ms": slowest}))


main(sys.argv)
