#!/usr/bin/env python3
"""What a thief does with a computer's files, and a hand that types meanwhile.

    threat_home.py look WORDS PATH...
        every file below, looked through for each line of WORDS as it stands
        and as UTF-8, GB18030, UTF-16, hex, base64, escapes, and for pieces of
        long ones; prints what was found
    threat_home.py encoded WORDS FOLDER
        a file for each way of writing, all of which look must find
    threat_home.py type HOME PROGRAM USER PASSWORD NAME IDNO OTHER FILE
        saves a person OTHER, begins NAME and IDNO in another form, and is
        killed with the form open; FILE gets what the list of processes said
        of it and its children meanwhile
    threat_home.py hold DB
        reads it and has it open until standard input ends
    threat_home.py rows DB TABLE[:CONDITION]...
        how many rows of each, one a line
"""
import base64
import os
import pty
import re
import select
import signal
import sqlite3
import sys
import time
from urllib.parse import quote


def pieces(word):
    """The word, and what an index of parts would hold of it."""
    yield word
    if re.fullmatch(r"[0-9]{10,18}[0-9X]", word):
        for i in range(0, len(word) - 7):
            yield word[i:i + 8]
    elif len(word) in (4, 5) and ord(word[0]) > 0x2e80:
        for i in range(len(word) - 1):
            yield word[i:i + 2]


def plain(word):
    yield "UTF-8", word.encode()
    if not word.isascii():
        yield "GB18030", word.encode("gb18030")
    yield "UTF-16", word.encode("utf-16-le")
    yield "UTF-16BE", word.encode("utf-16-be")
    if re.fullmatch("(?:[0-9a-f]{2}){16,}", word):
        yield "bytes", bytes.fromhex(word)


def written(word):
    """(how, bytes) of each way in which it may stand in a file."""
    for how, data in plain(word):
        yield how, data
        yield how + " in hex", data.hex().encode()
        yield how + " in HEX", data.hex().upper().encode()
        for skip in range(3):
            text = base64.b64encode(b"\0" * skip + data)
            first = -(-skip * 8 // 6)       # the first sextet of ours alone
            last = (skip + len(data)) * 8 // 6
            text = text[first:last]
            if len(text) >= 8:
                yield how + " in base64", text
                yield how + " in base64url", text.translate(
                    bytes.maketrans(b"+/", b"-_"))
        yield how + " backwards", data[::-1]
    if not word.isascii():
        text = "".join("\\u%04x" % ord(c) for c in word)
        yield "escapes", text.encode()
        yield "ESCAPES", text.upper().replace("\\U", "\\u").encode()
        yield "a URL", quote(word).encode()
        yield "a url", quote(word).lower().encode()


def words_of(path):
    with open(path, encoding="utf-8") as f:
        return [line.rstrip("\n") for line in f if line.strip()]


def files(paths):
    for path in paths:
        if os.path.isfile(path):
            yield path
        for folder, _, names in os.walk(path):
            for name in names:
                if os.path.isfile(os.path.join(folder, name)):
                    yield os.path.join(folder, name)


def look(words, paths):
    wanted = {}
    for word in words:
        for piece in pieces(word):
            for how, data in written(piece):
                if len(data) >= 6:
                    wanted.setdefault(data, (word, how))
    for path in files(paths):
        with open(path, "rb") as f:
            data = f.read() + b"\n" + os.fsencode(os.path.basename(path))
        said = set()
        for needle, (word, how) in wanted.items():
            if (word, how) not in said and needle in data:
                said.add((word, how))
                at = data.index(needle)
                print("%s: %s as %s at %d" % (os.path.basename(path), word,
                                              how, at))


def encoded(words, folder):
    n = 0
    for word in words:
        for how, data in written(word):
            n += 1
            with open(os.path.join(folder, "%d" % n), "wb") as f:
                f.write(b"\0\1\2" + data + b"\3")
    print(n)


def processes(first):
    """What anybody reads of a process and those that it began."""
    parents = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/stat" % pid, "rb") as f:
                parents[int(pid)] = int(f.read().rsplit(b")", 1)[1].split()[1])
        except OSError:
            pass
    said, pids = [], [first]
    for pid in pids:
        pids += [child for child in parents if parents[child] == pid]
        for name in ("cmdline", "comm", "environ"):
            try:
                with open("/proc/%d/%s" % (pid, name), "rb") as f:
                    said.append(b"%s: %s\n" % (name.encode(), f.read()))
            except OSError:
                pass
    return len(pids), b"".join(said)


def hand(home, program, user, password, name, idno, other, file):
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8",
                          LINES="24", COLUMNS="80")
        os.execv(program, [program, "--home", home, "--user", user,
                           "--lang", "en"])
    said, most = set(), 0

    def watch():
        nonlocal most
        count, text = processes(pid)
        most = max(most, count)
        said.add(text)

    def keys(text, words, seconds=60):
        new = b""
        os.write(fd, text.encode())
        while words not in re.sub(rb"\x1b\[[0-9;?>]*[A-Za-z@`]", b"", new):
            if not select.select([fd], [], [], seconds)[0]:
                print("# after %r no %r: %r" % (text, words, new[-400:]))
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
                sys.exit(1)
            new += os.read(fd, 65536)
            watch()

    keys("", b"Password")
    keys(password + "\r", b"Persons")
    keys("p", b"n=new")
    keys("n", b"^S=save")
    keys(other, other.encode())
    keys("\x13", b"e=edit")
    keys("q", b"n=new")
    end = time.monotonic() + 60     # until its child sends that
    while most < 2 and time.monotonic() < end:
        if select.select([fd], [], [], 0.01)[0]:
            os.read(fd, 65536)
        watch()
    for _ in range(20):
        watch()
    keys("n", b"^S=save")
    keys(name, name.encode())
    keys("\t\t\t" + idno, idno[-6:].encode())
    end = time.monotonic() + 2  # a draft is written within a second
    while time.monotonic() < end:
        time.sleep(0.02)
        watch()
    with open(file, "wb") as f:
        f.write(b"processes: %d\n" % most + b"".join(said))
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def rows(path, tables):
    db = sqlite3.connect("file:%s?mode=ro" % quote(path), uri=True)
    for table in tables:
        name, _, condition = table.partition(":")
        print(table, db.execute("SELECT count(*) FROM %s WHERE %s" % (
            name, condition or "1")).fetchone()[0])


what, more = sys.argv[1], sys.argv[2:]
if what == "look":
    look(words_of(more[0]), more[1:])
elif what == "encoded":
    encoded(words_of(more[0]), more[1])
elif what == "hold":
    held = sqlite3.connect("file:%s?mode=ro" % quote(more[0]), uri=True)
    held.execute("SELECT count(*) FROM meta").fetchone()
    print("open", flush=True)
    sys.stdin.read()
elif what == "type":
    hand(*more)
else:
    rows(more[0], more[1:])
