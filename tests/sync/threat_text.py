#!/usr/bin/env python3
"""Is there anything here that a terminal would obey, or a reader be fooled by?

    threat_text.py FILE...        plain output: named when it is not safe
    threat_text.py --poison DB    put such texts into all names of a ledger
    threat_text.py --screens HOME PROGRAM USER PASSWORD
                                  walk the screens in a terminal of ours; the
                                  bytes they send are looked at the same way

Exit status 1 when something was found.
"""
import json
import os
import pty
import re
import select
import sqlite3
import sys

POISON = ["\x1b]0;pwned\x07\x1b[2J", "\x9b31m", "\x90q\x9c", "\x7f\x08\x08",
          "\u202eabc\u2066", "\u200b\u200d\ufeff", "\u2028\n\tx", "%s%n%x",
          "\U000e0041"]
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f"
                    "\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
                    "\U000e0000-\U000e007f]")
# what curses sends: CSI sequences, charsets, keypad, moves (VT: ui/tty_down);
# and nothing else
CURSES = re.compile(rb"\x1b\[[0-9;?>]*[A-Za-z@`]|\x1b[()][A-Z0-9]|\x1b[=>78M]"
                    rb"|[\x0b\x0e\x0f\r\n\x08\t]")


def look(name, text):
    found = UNSAFE.search(text)
    if found:
        at = found.start()
        print("# %s: %r" % (name, text[max(0, at - 20):at + 20]))
    return bool(found)


def poison(path):
    with sqlite3.connect(path) as db:
        rows = db.execute("SELECT id, body FROM record WHERE register"
                          " NOT LIKE '@%'").fetchall()
        for i, (key, body) in enumerate(rows):
            values = json.loads(body)
            for k, name in enumerate(sorted(values)):
                if name in ("name", "note", "summary", "address", "village",
                            "employer", "result", "text"):
                    values[name] += POISON[(i + k) % len(POISON)]
            db.execute("UPDATE record SET body = ? WHERE id = ?",
                       (json.dumps(values, separators=(",", ":"),
                                   sort_keys=True).replace("\x7f", "\\u007f"),
                        key))
        print(len(rows))


def screens(home, program, user, password):
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8",
                          LINES="24", COLUMNS="80")
        os.execv(program, [program, "--home", home, "--user", user,
                           "--lang", "en"])
    seen = b""

    def until(words):
        """What is sent until these words stand there; never mind when."""
        nonlocal seen
        new = b""
        while words not in CURSES.sub(b" ", new):
            if not select.select([fd], [], [], 60)[0]:
                print("# screens:", CURSES.sub(b" ", new)[-300:])
                return False
            try:
                piece = os.read(fd, 65536)
            except OSError:
                return False
            new += piece
            seen += piece
        return True

    steps = [("", b"Password"), (password + "\r", b"Persons"),
             ("p", b"n=new"), ("\r", b"Basic"),
             ("h", b"Remarks"), ("\x1b", b"Basic"), ("e", b"^S=save"),
             ("\x18", b"Basic"), ("q", b"n=new"), ("f", b"Find"),
             ("\x1b", b"n=new"), ("q", b"Registers"), ("/", b"Look up"),
             ("cs", "测试".encode()), ("\x1b", b"Registers")]
    for keys, words in steps:
        os.write(fd, keys.encode())
        if not until(words):
            print("# screens: after %r no %r" % (keys, words))
            os.kill(pid, 9)
            os.waitpid(pid, 0)
            return True
    try:
        os.kill(pid, 15)
    except OSError:
        pass
    try:
        while select.select([fd], [], [], 60)[0]:
            seen += os.read(fd, 65536)      # also what it leaves with
    except OSError:
        pass
    os.waitpid(pid, 0)
    plain = CURSES.sub(b"", seen)
    bad = look("screens", plain.decode("utf-8", "replace"))
    if b"\x1b]" in seen or b"\x1bP" in seen:
        print("# screens: a title or a device control string")
        bad = True
    if b"pwned" not in seen:
        print("# screens: the hostile texts were never shown")
        bad = True
    return bad


def main():
    if sys.argv[1] == "--poison":
        poison(sys.argv[2])
        return 0
    if sys.argv[1] == "--screens":
        return 1 if screens(*sys.argv[2:6]) else 0
    bad = [look(name, open(name, "rb").read().decode("utf-8", "replace"))
           for name in sys.argv[1:]]
    return 1 if any(bad) else 0


sys.exit(main())
