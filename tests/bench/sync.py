#!/usr/bin/env python3
"""Sync at full speed or over a slow line, beside our floor and beside PouchDB.

  sync.py BUILD fast|slow LAB

The parties play the same days: ours, floor, pouch, and plain, which is PouchDB
with a server that does not pack its replies, as CouchDB does not.  Of each, some
replicas talk to their server directly, whose time counts, and some behind a line that
counts bytes (tests/sync/slowline.c); of the slow part, all are behind a line of
64 kbit/s with 600 ms a round trip.  Environment: RECORDS=1000 and ROUNDS=1 make
it smaller (PouchDB plays PEER_ROUNDS, no more); PEERS=no leaves PouchDB out;
SLOW_PEERS=yes has it fetch 1,000 records over the slow line, which takes five
minutes more.
"""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
RECORDS = int(os.environ.get("RECORDS", 10000))
ROUNDS = int(os.environ.get("ROUNDS", 2))
PEER_ROUNDS = min(ROUNDS, int(os.environ.get("PEER_ROUNDS", 2)))
SLOW_RECORDS = min(1000, RECORDS)
COUNTY, PASSWORD = "999900", "Fengqiao-2026\n"
FLOOR_PAGE = "500"      # as many requests as ours in a push
SLOW, FAST = ("8000", "600"), ("1000000000", "0")   # bytes/s, ms
TICKS = os.sysconf("SC_CLK_TCK")
children = []


def fail(what, said=""):
    sys.exit("%s failed\n%s" % (what, said))


def started(command, **more):
    """A server or line, once it says where it listens."""
    child = subprocess.Popen([str(c) for c in command], text=True,
                             stdout=subprocess.PIPE,
                             stderr=open(LAB / "log", "a"), **more)
    children.append(child)
    for said in child.stdout:
        port = re.search(r"listening on .*?(\d+)$", said.strip())
        if port:
            return child, port.group(1)
    fail(command[0], (LAB / "log").read_text()[-2000:])


class Cost:
    """What one command took, itself and at its server."""

    def __init__(self, command, server, **more):
        before, began = cpu_of(server.pid), time.monotonic()
        out = open(LAB / "out", "w+")
        child = subprocess.Popen([str(c) for c in command], stdout=out,
                                 stderr=open(LAB / "said", "w"), **more)
        status, used = os.wait4(child.pid, 0)[1:]
        child.returncode = os.waitstatus_to_exitcode(status)
        self.ms = (time.monotonic() - began) * 1e3
        if child.returncode:
            fail(command, (LAB / "said").read_text()[-2000:])
        self.cpu = (used.ru_utime + used.ru_stime) * 1e3
        self.rss = used.ru_maxrss / 1024
        self.server = cpu_of(server.pid) - before
        out.seek(0)
        lines = out.read().strip().splitlines()
        self.said = json.loads(lines[-1]) if lines else {}


def cpu_of(pid):
    fields = pathlib.Path("/proc/%d/stat" % pid).read_text().rpartition(")")[2]
    return sum(int(n) for n in fields.split()[11:13]) * 1000 / TICKS


def run(*command, given=None):
    done = subprocess.run([str(c) for c in command], input=given, text=True,
                          capture_output=True)
    if done.returncode:
        fail(command, done.stderr)
    return done.stdout


class Line:
    """A line that counts, in front of a server."""

    def __init__(self, name, port, speed):
        self.file = LAB / ("%s.line" % name)
        self.url = "https://127.0.0.1:" + started(
            [TOOLS / "sync/slowline", port, *speed, "0", self.file])[1]
        self.last = self.look()

    def look(self):
        time.sleep(0.2)
        try:
            return [int(n) for n in self.file.read_text().split()]
        except FileNotFoundError:
            return [0] * 5

    def passed(self):
        """Bytes since it was asked last, with 52 of TCP/IP a packet, those
        that only acknowledge, open or close included."""
        now = self.look()
        up, down, ups, downs, opened = (a - b for a, b in zip(now, self.last))
        self.last = now
        return up + 52 * ups, down + 52 * downs, opened


# ---- the parties ----

class Party:
    rounds = ROUNDS

    def __init__(self, speed):
        self.speed = speed
        self.dir = LAB / self.name
        self.dir.mkdir()
        self.serve()
        self.line = Line(self.name, self.port, speed)
        self.direct = "https://127.0.0.1:" + self.port
        self.rows = {}

    def url(self, replica):
        return self.direct if replica[0] != "L" else self.line.url

    def measure(self, row, how, replica):
        """One exchange; of a row measured again the least counts."""
        self.line.passed()
        cost = Cost(self.command(how, replica), self.server, **self.more())
        new = {"requests": cost.said.get("requests"),
               "sent": cost.said.get("sent_bytes"),
               "received": cost.said.get("received_bytes")}
        if replica[0] == "L":
            new["up"], new["down"], new["connections"] = self.line.passed()
            new["bytes"] = new["up"] + new["down"]
        if replica[0] != "L" or self.speed is SLOW:
            new.update(ms=cost.ms, cpu=cost.cpu, rss=cost.rss,
                       server=cost.server)
        old = self.rows.setdefault(row, {})
        for key, value in new.items():
            if value is not None:
                old[key] = min(value, old.get(key, value))

    def more(self):
        return {}


class Ours(Party):
    name = "ours"

    def serve(self):
        data = self.dir / "ledger"
        run(SERVER, "init", "--data", data, "--county", COUNTY, "--name",
            "枫桥县司法局", "--host", "127.0.0.1")
        # no snapshot is made beside what is measured, nor taken instead of
        # pages: where they would lie is no folder
        (data / "snapshots").touch()
        self.server, self.port = started(
            [SERVER, "serve", "--data", data, "--listen", "127.0.0.1:0"])
        self.offices, self.users = 0, {}

    def home(self, replica):
        return self.dir / ("cache-" + replica)

    def office(self):
        self.offices += 1
        code = "%s%03d" % (COUNTY, self.offices)
        user = "u%d" % self.offices
        data = self.dir / "ledger"
        run(SERVER, "office", "add", "--data", data, code, "司法所")
        run(SERVER, "user", "add", "--data", data, user, "--name", "王建国",
            "--office", code, "--role", "clerk", "--password-stdin",
            given=PASSWORD)
        return code, user

    def enrol(self, replica, code, user):
        said = run(SERVER, "enroll-code", "--data", self.dir / "ledger",
                   "--office", code).split()[-1]
        home = self.home(replica)
        run(CLIENT, "enroll", self.url(replica), "--code", said, "--cacert",
            self.dir / "ledger/ca.pem", "--home", home)
        run(CLIENT, "login", user, "--password-stdin", "--home", home,
            given=PASSWORD)
        self.users[replica] = user
        if subprocess.run([CLIENT, "whoami", "--home", home],
                          capture_output=True).returncode:
            sys.exit("the kernel keeps no keys here; sync is not measured")

    def fresh(self, one, other, source):
        """Two replicas of one office; the first has all records."""
        code, user = self.office()
        self.enrol(one, code, user)
        self.enrol(other, code, user)
        run(CLIENT, "import", "mediation_case", source + ".csv", "--home",
            self.home(one))
        if not os.path.exists(source + ".json"):
            run(CLIENT, "export", "mediation_case", "--format", "json", "-o",
                source + ".json", "--home", self.home(one))

    def command(self, how, replica):
        return [CLIENT, "sync", "--json", "--home", self.home(replica)]

    def edit(self, replica, count, first, text):
        run(TOOLS / "bench/storebench", "edit", self.home(replica), count,
            first, text)

    def warm(self, row, replica):
        """A second exchange over the connection that is open already."""
        child = subprocess.Popen(
            [CLIENT, "sync", "--watch", "--progress", "--json", "--home",
             str(self.home(replica))], text=True, stdout=subprocess.PIPE)
        children.append(child)

        def good():
            for said in child.stdout:
                if json.loads(said).get("state") == "good":
                    return

        good()
        # the long poll that follows is one request more, on a connection
        # of its own if the sync interrupts it
        time.sleep(0.5)
        self.line.passed()
        began = time.monotonic()
        child.send_signal(signal.SIGUSR1)
        good()
        ms = (time.monotonic() - began) * 1e3
        time.sleep(0.3)
        up, down, _ = self.line.passed()
        self.rows[row] = {"ms": ms, "up": up, "down": down,
                          "bytes": up + down}
        child.terminate()
        child.wait()


class Floor(Party):
    name = "floor"

    def serve(self):
        """A server for each pair: it knows no offices."""
        self.server, self.port = started(
            [TOOLS / "bench/floor", "serve",
             self.dir / ("server%d.db" % len(children)), LAB / "cert.pem",
             LAB / "key.pem"])

    def db(self, replica):
        return self.dir / (replica + ".db")

    def fresh(self, one, other, source):
        self.server.kill()
        self.serve()
        self.direct = "https://127.0.0.1:" + self.port
        self.line = Line(self.name, self.port, self.speed)
        run(TOOLS / "bench/floor", "fill", self.db(one), source + ".json")

    def command(self, how, replica):
        # as ours does: what waits goes up and what is new comes down
        return [TOOLS / "bench/floor", "sync", self.db(replica),
                self.url(replica), LAB / "cert.pem", FLOOR_PAGE]

    def edit(self, replica, count, first, text):
        run(TOOLS / "bench/floor", "edit", self.db(replica), count, first,
            text)

    def warm(self, row, replica):
        self.line.passed()
        run(*self.command("sync", replica), 1)
        once = self.line.passed()
        said = run(*self.command("sync", replica), 2)
        twice = self.line.passed()
        up, down = twice[0] - once[0], twice[1] - once[1]
        self.rows[row] = {"ms": json.loads(said)["ms"], "up": up,
                          "down": down, "bytes": up + down}


class Pouch(Party):
    name = "pouch"
    rounds = PEER_ROUNDS
    how = []

    def serve(self):
        self.server, self.port = started(
            ["node", HERE / "pouch.js", POUCH, "serve", "0", self.dir / "data",
             LAB / "cert.pem", LAB / "key.pem", *self.how])
        self.remote = {}

    def fresh(self, one, other, source):
        self.remote[one] = self.remote[other] = "db" + one.lower()
        run("node", HERE / "pouch.js", POUCH, "seed", self.dir / one,
            source + ".json")

    def command(self, how, replica):
        return ["node", HERE / "pouch.js", POUCH, how, self.dir / replica,
                "%s/%s" % (self.url(replica), self.remote[replica])]

    def more(self):
        return {"env": dict(os.environ, NODE_NO_WARNINGS="1",
                            NODE_EXTRA_CA_CERTS=str(LAB / "cert.pem"))}

    def edit(self, replica, count, first, text):
        run("node", HERE / "pouch.js", POUCH, "edit", self.dir / replica,
            count, first, text)


class Plain(Pouch):
    name = "plain"
    how = ["plain"]


def pouch_is_here():
    if os.environ.get("PEERS") == "no":
        return False
    if not shutil.which("npm"):
        print("  (npm is not here; apt-get install npm to compare with PouchDB)")
        return False
    if not (POUCH / "node_modules/express-pouchdb").is_dir():
        POUCH.mkdir(parents=True, exist_ok=True)
        try:
            subprocess.run(
                ["npm", "install", "--silent", "--no-audit", "--no-fund",
                 "--no-save", "--prefix", str(POUCH), "pouchdb@9",
                 "express-pouchdb@4", "express@4"], timeout=240,
                capture_output=True)
        except subprocess.TimeoutExpired:
            pass
    if (POUCH / "node_modules/express-pouchdb").is_dir():
        return True
    print("  (npm cannot be reached; PouchDB is left out)")
    return False


# ---- the days ----

def records(name, count):
    with open(LAB / (name + ".csv"), "w") as out:
        subprocess.run([sys.executable, str(HERE / "gen_records.py"), "cases",
                        str(count)], stdout=out, check=True)
    return str(LAB / name)


def fast_days(party):
    source = records("cases", RECORDS)
    pairs = [("a%d" % nr, "b%d" % nr) for nr in range(party.rounds)]
    for near, far in pairs + [("La", "Lb")]:
        party.fresh(near, far, source)
        party.measure("push", "push", near)
        party.measure("pull", "pull", far)
        if (near, far) in pairs[:-1]:
            continue
        party.measure("second", "sync", near)
        for _ in range(3):
            party.measure("noop", "sync", far)
        party.edit(near, 1, 17, "一")
        party.measure("edit up", "sync", near)
        party.measure("edit down", "sync", far)
        party.edit(near, 100, 50, "百")
        party.measure("100 up", "sync", near)
        party.measure("100 down", "sync", far)
        party.edit(near, 400, 200, "周")
        party.measure("-", "sync", near)
        party.edit(far, 200, 700, "离")
        party.measure("week", "sync", far)
    if hasattr(party, "warm"):
        party.warm("warm", "Lb")


def slow_days(party):
    source = records("some", SLOW_RECORDS)
    party.fresh("a", "Lb", source)
    party.measure("-", "push", "a")
    whole = party.name != "pouch" or os.environ.get("SLOW_PEERS") == "yes"
    if whole:
        party.measure("pull", "pull", "Lb")
    else:
        # the same replica, made over the fast way
        url, party.line.url = party.line.url, party.direct
        party.measure("-", "pull", "Lb")
        party.line.url = url
    party.measure("-", "sync", "Lb")
    party.measure("noop", "sync", "Lb")
    party.edit("Lb", 1, 17, "一")
    party.measure("edit up", "sync", "Lb")
    party.measure("-", "sync", "a")
    party.edit("a", 1, 18, "二")
    party.measure("-", "sync", "a")
    party.measure("edit down", "sync", "Lb")


# ---- the tables ----

WHAT = {
    "push": "push of %d" % RECORDS, "pull": "pull of %d" % RECORDS,
    "second": "the pusher's next sync", "noop": "nothing to do, cold",
    "warm": "nothing to do, warm", "edit up": "one edit, up",
    "edit down": "one edit, down", "100 up": "100 edits, up",
    "100 down": "100 edits, down",
    "week": "a week: 200 up, 400 down",
}


def cell(party, row, key, scale=1.0, form="%.0f"):
    value = party.rows.get(row, {}).get(key) if party else None
    return form % (value / scale) if value is not None else "-"


def ratio(ours, other, row, key):
    a = ours.rows.get(row, {}).get(key)
    b = other.rows.get(row, {}).get(key) if other else None
    return "%.2f" % (a / b) if a is not None and b else "-"


def line(what, widths, cells):
    print("  %-32s" % what + "".join(" %*s" % (w, c)
                                    for w, c in zip(widths, cells)))


def heads(title, peers):
    """A column each, and how many times ours the peer is."""
    print()
    names = ["ours", "floor", "ratio"]
    for peer in peers:
        names += ["PouchDB" if peer.name == "pouch" else "plain", "its"]
    widths = [9, 9, 7] + [9, 7] * len(peers)
    line(title, widths, names)
    return widths


def cells(ours, floor, peers, row, key, scale, form):
    row = [(party, row, key) for party in [ours, floor] + peers]
    out = [cell(*row[0], scale, form), cell(*row[1], scale, form),
           ratio(ours, floor, *row[0][1:])]
    for peer, *what in row[2:]:
        out += [cell(peer, *what, scale, form), ratio(peer, ours, *what)]
    return out


def table(title, key, unit, scale, form, ours, floor, peers):
    widths = heads("%s, %s" % (title, unit), peers)
    for row, what in WHAT.items():
        if row in ours.rows:
            line("  " + what, widths, cells(ours, floor, peers, row, key,
                                            scale, form))


def costs(ours, floor, peers):
    widths = heads("of push and pull", peers)
    for row in ("push", "pull"):
        for key, what in (("cpu", "client CPU, ms"),
                          ("server", "server CPU, ms"),
                          ("rss", "client memory, MB"),
                          ("requests", "requests"),
                          ("sent" if row == "push" else "received",
                           "bytes of bodies that way"),
                          ("connections", "connections")):
            scale, form = (1, "%.1f") if key == "rss" else (1, "%.0f")
            line("  %s: %s" % (row, what), widths,
                 cells(ours, floor, peers, row, key, scale, form))


def main():
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
                    "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
                    "-keyout", str(LAB / "key.pem"), "-out",
                    str(LAB / "cert.pem")], check=True, capture_output=True)
    slow = sys.argv[2] == "slow"
    days, speed = (slow_days, SLOW) if slow else (fast_days, FAST)
    ours, floor, peers = Ours(speed), Floor(speed), []
    days(ours)
    days(floor)
    if pouch_is_here():
        for kind in (Pouch,) if slow else (Pouch, Plain):
            peers.append(kind(speed))
            days(peers[-1])
            peers[-1].server.kill()
    if slow:
        WHAT["pull"] = "%d records, fresh" % SLOW_RECORDS
        table("64 kbit/s, 600 ms: time", "ms", "s", 1000, "%.2f", ours,
              floor, peers)
        table("the same: bytes both ways", "bytes", "B", 1, "%.0f", ours,
              floor, peers)
        return
    table("full speed: time", "ms", "ms", 1, "%.0f", ours, floor, peers)
    table("both ways, with TCP/IP", "bytes", "B", 1, "%.0f", ours, floor,
          peers)
    costs(ours, floor, peers)


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[2] not in ("fast", "slow"):
        sys.exit(__doc__)
    BUILD = pathlib.Path(sys.argv[1]).resolve()
    LAB = pathlib.Path(sys.argv[3]).resolve()
    CLIENT, SERVER = str(BUILD / "fengqiao"), str(BUILD / "fengqiaod")
    TOOLS, POUCH = BUILD / "tests", BUILD / "pouch"
    os.environ.update(FENGQIAO_LANG="en", LC_ALL="C.UTF-8")
    try:
        main()
    finally:
        for home in LAB.glob("ours/cache-*"):
            subprocess.run([CLIENT, "logout", "--home", str(home)],
                           capture_output=True)
        for child in children:
            child.kill()
