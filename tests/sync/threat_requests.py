#!/usr/bin/env python3
"""What nobody's program sends, to every call of a server, with good tokens.

    threat_requests.py URL CA CODE USER PASSWORD OPENAPI [bodies]

CODE enrols a computer of the office where USER works.  Each result is a line of
TAP without its number; the end says what was answered how often.
"""
import gzip
import http.client
import json
import re
import socket
import ssl
import sys
import time
from collections import Counter
from urllib.parse import urlsplit

URL, CA, CODE, USER, PASSWORD, OPENAPI = sys.argv[1:7]
AT = urlsplit(URL)
TLS = ssl.create_default_context(cafile=CA)
NOBODY = "0198d2c6-0000-7000-8000-00000000beef"
CUT = 0		# instead of a status: the server closed the connection
MB = 1024 * 1024

tokens = {}
answers = Counter()
lines = []


def ask(method, path, body=None, headers=()):
    """(status, body); a server that hangs up answers CUT."""
    kept = bool(lines)
    line = lines.pop() if lines else http.client.HTTPSConnection(
        AT.hostname, AT.port, context=TLS, timeout=60)
    try:
        line.putrequest(method, path, skip_accept_encoding=True)
        said = dict(tokens)
        said.update({"X-Proto": "1", "X-Lang": "en"})
        said.update(headers)
        if body is not None:
            said.setdefault("Content-Length", str(len(body)))
        for name, value in said.items():
            if value is not None:
                line.putheader(name, value)
        line.endheaders()
        if body is not None:
            line.send(body)
        reply = line.getresponse()
        text = reply.read()
    except (http.client.HTTPException, OSError):
        line.close()
        return ask(method, path, body, headers) if kept else (CUT, b"")
    if reply.will_close:
        line.close()
    else:
        lines.append(line)
    return reply.status, text


def raw(data):
    """The first line of what is answered to these bytes."""
    with socket.create_connection((AT.hostname, AT.port), 60) as plain:
        with TLS.wrap_socket(plain, server_hostname=AT.hostname) as line:
            try:
                line.sendall(data)
                text = line.recv(4096)
            except OSError:
                return CUT
    words = text.split(None, 2)
    return int(words[1]) if len(words) > 1 else CUT


def enter():
    status, reply = ask("POST", "/v1/enroll", json.dumps(
        {"code": CODE, "machine": "threat"}).encode())
    assert status == 200, (status, reply)
    tokens["Authorization"] = "Bearer " + json.loads(reply)["token"]
    device = json.loads(reply)
    status, reply = ask("POST", "/v1/login", json.dumps(
        {"user": USER, "password": PASSWORD}).encode())
    assert status == 200, (status, reply)
    tokens["X-User-Token"] = json.loads(reply)["token"]
    return device


def calls():
    with open(OPENAPI, encoding="utf-8") as f:
        paths = json.load(f)["paths"]
    for path, methods in paths.items():
        for method in methods:
            if method in ("get", "post", "put", "head"):
                yield method.upper(), path


def filled(path, word):
    parts = [word if p.startswith("{") else p for p in path.split("/")]
    return "/".join(parts)


# An answer that tells of nothing but the request.
def is_refused(status, reply):
    return status == CUT or 400 <= status < 500


worst = []


# What a sentence for people never holds.
INSIDE = re.compile(rb"sqlite|SELECT |INSERT |\.c:[0-9]|0x[0-9a-f]{6}|ledger\.db|"
                    rb"assert|errno|[\x00-\x09\x0b-\x1f\x7f]")


def is_sentence(method, status, reply):
    """One clear sentence; 431 is the library's, before we are asked."""
    if status < 400 or status == 431 or method == "HEAD" or not reply:
        return True
    if INSIDE.search(reply):
        return False
    try:
        said = json.loads(reply.split(b"\n")[0])
    except ValueError:
        return False
    text = said.get("message", "") if isinstance(said, dict) else ""
    return bool(said.get("error")) and 8 < len(text) < 400 and \
        "\n" not in text and text.rstrip()[-1] in ".!?;"


def judge(name, method, path, status, reply, fine=is_refused):
    answers[status] += 1
    if not is_sentence(method, status, reply):
        worst.append("%s: %s %s: %d, no sentence: %.200r" % (
            name, method, path, status, reply))
    elif not fine(status, reply):
        worst.append("%s: %s %s: %d %.100r" % (name, method, path, status,
                                               reply))


def say(name):
    print("%s - %s" % ("not ok" if worst else "ok", name))
    for line in worst[:12]:
        print("# " + line)
    worst.clear()


# ---- bodies

HELLO = ('{"t":"hello","device":"%s","epoch":1,"schema":"0","cur":[%s]%s}\n')


def members():
    """Every name that a call of the table reads."""
    with open(OPENAPI, encoding="utf-8") as f:
        text = f.read()
    names = set()

    def walk(value):
        if isinstance(value, dict):
            names.update(value.get("properties", {}))
            for v in value.values():
                walk(v)
        elif isinstance(value, list):
            for v in value:
                walk(v)
    walk(json.loads(text))
    return sorted(names)


def bodies():
    names = members()
    yield "nothing", b""
    yield "a beginning", b'{"id":"0198d2c6'
    yield "not an object", b"[]"
    yield "null", b"null"
    yield "a byte order mark", b"\xef\xbb\xbf{}"
    yield "bytes after the end", b"{} {}"
    yield "invalid UTF-8", b'{"id":"\xff\xfe\xc0\x80"}'
    yield "half a surrogate", b'{"id":"\\ud800"}'
    yield "a NUL", b'{"id":"a\\u0000b"}'
    yield "a raw escape", b'{"id":"\x1b]0;x\x07"}'
    yield "a name twice", b'{"id":"%s","id":"x"}' % NOBODY.encode()
    yield "deep", b'{"id":' + b"[" * 100000
    yield "many names", json.dumps({"k%d" % i: 1 for i in range(
        20000)}).encode()
    yield "a long text", b'{"id":"' + b"a" * (2 * MB) + b'"}'
    for number in ("1e999", "-1e999", "1.5", "9223372036854775808",
                   "99999999999999999999999", "-9223372036854775809", "NaN",
                   "1000000000000001"):
        yield "the number " + number, ("{%s}" % ",".join(
            '"%s":%s' % (n, number) for n in names[:200])).encode()
    for value in ("null", "true", "-1", "[1]", "{}", '""', '"%s"' % ("'" * 400),
                  '"%s"' % NOBODY, '"../../ledger.db"', "[[],{},null]",
                  '"\\u202e\\u001b[2J"'):
        text = ",".join('"%s":%s' % (n, value) for n in names[:200])
        yield "everywhere " + value[:12], ("{%s}" % text).encode()
        yield "lines of " + value[:12], (
            '{"t":"hello",%s}\n{"t":"op",%s}\n' % (text, text)).encode()


def try_bodies():
    for name, body in bodies():
        for method, path in calls():
            if method not in ("POST", "PUT"):
                continue
            where = filled(path, "a" * 64)
            more = {"Upload-Offset": "0"} if method == "PUT" else {}
            status, reply = ask(method, where, body, more)
            judge(name, method, where, status, reply)
    say("T7 T8 T9 T10 T14 what nobody's program sends is refused by every "
        "call of " + USER)


def try_packed():
    bomb = gzip.compress(b"\0" * (256 * MB), 9)
    for encoding, body in (("gzip", bomb), ("gzip", bomb[:1000]),
                           ("gzip", b"no gzip"), ("zstd", b"no zstd"),
                           ("zstd", b"\x28\xb5\x2f\xfd\xa0\xff\xff\xff\xff"),
                           ("br", b"{}"), ("gzip, gzip", b"{}"),
                           ("deflate", b"x")):
        for method, path in calls():
            if method != "POST":
                continue
            status, reply = ask(method, path, body,
                                {"Content-Encoding": encoding})
            judge("packed " + encoding, method, path, status, reply)
    say("T7 what unpacks to too much, or not at all, is refused by every call")


# ---- what stands before a body

WORDS = ("..", "%2e%2e%2fledger.db", "%00", "%ff", "'", "%1b%5b2J", "a" * 64,
         "a" * 4000, "A" * 64, "-1", NOBODY, "0" * 64)


def try_paths():
    for method, path in calls():
        for word in WORDS:
            if "{" in path:
                where = filled(path, word)
            elif method == "GET":
                where = path + "?" + "&".join(
                    "%s=%s" % (n, word) for n in ("record", "cur", "t"))
                if path in ("/v1/ping", "/v1/openapi.json", "/v1/wait"):
                    continue
            else:
                continue
            status, reply = ask(method, where,
                                b"" if method == "PUT" else None)
            judge("path", method, where, status, reply,
                  lambda s, r: is_refused(s, r) or (s == 200 and
                                                    "{" not in path))
    say("T16 T29 T33 paths and arguments lead nowhere")


def try_headers(device):
    get = "/v1/session"
    bad = [{"Authorization": None}, {"Authorization": "Bearer "},
           {"Authorization": "Bearer " + "a" * 64},
           {"Authorization": tokens["X-User-Token"]},
           {"Authorization": "Bearer " + tokens["X-User-Token"]},
           {"Authorization": "Basic d2FuZzp4"},
           {"X-User-Token": None}, {"X-User-Token": "' OR 1=1 --"},
           {"X-User-Token": tokens["Authorization"][7:]},
           {"X-User-Token": tokens["X-User-Token"] + "a"},
           {"X-User-Token": tokens["X-User-Token"].upper()},
           {"X-Proto": None}, {"X-Proto": "2"}, {"X-Proto": "1e0"},
           {"X-Lang": "a" * 60000}]
    for headers in bad:
        for method, path in calls():
            if path in ("/v1/ping", "/v1/openapi.json", "/v1/enroll",
                        "/v1/wiped"):
                continue
            if headers.get("X-User-Token", "") != "" and path in (
                    "/v1/offices", "/v1/audit", "/v1/login", "/v1/password"):
                continue
            where = filled(path, "a" * 64)
            status, reply = ask(method, where,
                                b"{}" if method in ("POST", "PUT") else None,
                                headers)
            judge(str(headers)[:40], method, where, status, reply,
                  lambda s, r: is_refused(s, r) or
                  ("X-User-Token" in headers and path in (
                      "/v1/offices", "/v1/audit") and s == 200))
    say("T16 T33 a token that is not one opens no call")
    tail = ("Host: x\r\nX-Proto: 1\r\nAuthorization: %s\r\n"
            "X-User-Token: %s\r\n" % (tokens["Authorization"],
                                      tokens["X-User-Token"]))
    for name, text in (
            ("a header of 64 kB", "GET %s HTTP/1.1\r\n%sX: %s\r\n\r\n" % (
                get, tail, "a" * 65536)),
            ("20,000 headers", "GET %s HTTP/1.1\r\n%s%s\r\n" % (
                get, tail, "X: y\r\n" * 20000)),
            ("the token twice", "GET %s HTTP/1.1\r\n%sAuthorization: %s\r\n"
                "\r\n" % (get, tail, tokens["Authorization"])),
            ("no host", "GET %s HTTP/1.1\r\n%s\r\n" % (get, tail.split(
                "\r\n", 1)[1])),
            ("two lengths", "POST /v1/sync HTTP/1.1\r\n%sContent-Length: 2\r\n"
                "Content-Length: 3\r\n\r\n{}x" % tail),
            ("a length and chunks", "POST /v1/sync HTTP/1.1\r\n%s"
                "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n"
                "0\r\n\r\n" % tail),
            ("a negative length", "POST /v1/sync HTTP/1.1\r\n%s"
                "Content-Length: -1\r\n\r\n" % tail),
            ("a length of 10^12", "POST /v1/sync HTTP/1.1\r\n%s"
                "Content-Length: 1000000000000\r\n\r\n" % tail),
            ("a NUL in an argument", "GET /v1/audit?record=%s%%00 HTTP/1.1"
                "\r\n%s\r\n" % (NOBODY, tail)),
            ("TRACE", "TRACE %s HTTP/1.1\r\n%s\r\n" % (get, tail)),
            ("DELETE", "DELETE %s HTTP/1.1\r\n%s\r\n" % (get, tail)),
            ("another's address", "GET http://elsewhere/ HTTP/1.1\r\n%s\r\n"
                % tail),
            ("no protocol", "GET %s\r\n\r\n" % get),
            ("HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")):
        judge(name, "raw", get, raw(text.encode("latin-1")), b"",
              lambda s, r: is_refused(s, r) or s in (501, 505))
    say("T32 T33 requests that are two, endless or odd are refused")


def try_numbers():
    """Places in a file and in bytes that come."""
    path = "/v1/blob/" + "a" * 64
    for text in ("-1", "", "1e3", "99999999999999999999", "0x0", "1,2",
                 "9223372036854775807", " "):
        status, reply = ask("PUT", path, b"%PDF-1", {"Upload-Offset": text})
        judge("Upload-Offset " + text, "PUT", path, status, reply)
    for text in ("bytes=-1", "bytes=5-2", "bytes=0-99999999999999999999",
                 "bytes=0-1,3-4", "lines=1-2", "bytes=a-b"):
        status, reply = ask("GET", path, None, {"Range": text})
        judge("Range " + text, "GET", path, status, reply)
    say("T14 T32 places that are none are refused")


def try_hello(device):
    """A sync that says who it is and then goes too far."""
    me = device["device"]
    epoch = device["server_epoch"]

    def hello(cursors="", more="", who=me):
        text = json.dumps({"t": "hello", "proto": 1, "device": who,
                           "epoch": 1, "server_epoch": epoch,
                           "schema": "0", "from": 1})[:-1]
        return (text + ',"cur":[%s]%s}\n' % (cursors, more)).encode()

    def op(**changed):
        one = {"t": "op", "n": 1, "rec": NOBODY, "reg": "person",
               "office": device["office"], "kind": "new", "base": 0,
               "user": USER, "at": 1, "set": {"name": [None, "x"]}}
        one.update(changed)
        return (json.dumps(one) + "\n").encode()

    office = device["office"]
    for name, body in (
            ("another device", hello(who=NOBODY)),
            ("numbers below zero", hello(more=',"from":-5')),
            ("a thousand streams", hello(",".join(
                '{"s":"%s/gen","q":1,"m":"00000000"}' % office
                for _ in range(1000)))),
            ("a stream twice", hello(",".join(
                ['{"s":"%s/gen","q":1,"m":"00000000"}' % office] * 2))),
            ("a position below zero", hello(
                '{"s":"%s/gen","q":-1,"m":"00000000"}' % office)),
            ("a position that is a text", hello(
                '{"s":"%s/gen","q":"1","m":"00000000"}' % office)),
            ("a stream that leads elsewhere", hello(
                '{"s":"../%s/gen","q":1,"m":"00000000"}' % office)),
            ("a position beyond all", hello(
                '{"s":"%s/gen","q":999999999999999,"m":"00000000"}' % office)),
            ("an operation before hello", op()),
            ("two hellos", hello() + hello()),
            ("a foreign stream", hello(
                '{"s":"1234567890/sealed","q":1,"m":"00000000"}'))):
        status, reply = ask("POST", "/v1/sync", body)
        judge(name, "POST", "/v1/sync", status, reply)
    say("T16 a sync that names what is not its own is refused")


def try_methods():
    known = {(method, path) for method, path in calls()}
    for path in sorted({path for _, path in known}):
        for method in ("GET", "POST", "PUT", "HEAD", "DELETE", "PATCH",
                       "OPTIONS", "PROPFIND", "get", "A" * 300):
            if (method, path) in known or (method == "HEAD" and
                                           ("GET", path) in known):
                continue
            where = filled(path, "a" * 64)
            status, reply = ask(method, where, b"{}")
            judge("method", method, where, status, reply)
    say("T32 T33 a method that a call has not is refused by each")


def from_address(address, talk):
    """A connection from another address of this machine."""
    plain = socket.create_connection((AT.hostname, AT.port), 20,
                                     (address, 0))
    return TLS.wrap_socket(plain, server_hostname=AT.hostname) \
        if talk else plain


def answered(address):
    """In how many seconds somebody at that address gets an answer."""
    began = time.monotonic()
    with from_address(address, True) as line:
        line.sendall(b"GET /v1/ping HTTP/1.1\r\nHost: x\r\nX-Proto: 1\r\n"
                     b"Connection: close\r\n\r\n")
        text = line.recv(4096)
    judge("beside a crowd", "raw", "/v1/ping",
          int(text.split(None, 2)[1]) if text else CUT, b"",
          lambda s, r: s == 200)
    return time.monotonic() - began


def try_crowd():
    """Many who begin and do not go on; somebody else is served meanwhile."""
    crowd, slowest = [], 0
    head = (b"POST /v1/sync HTTP/1.1\r\nHost: x\r\nX-Proto: 1\r\n"
            b"Content-Length: 1000\r\n")
    for i in range(90):
        address = "127.0.0.%d" % (20 + i % 3)
        began = time.monotonic()
        try:
            line = from_address(address, i % 3 != 0)
            # half a handshake, half a header, half a body
            line.sendall((b"\x16\x03\x01\x02\x00", head,
                          head + b"\r\n{")[i % 3])
            crowd.append(line)
        except OSError:
            pass
        slowest = max(slowest, time.monotonic() - began)
    for _ in range(3):
        slowest = max(slowest, answered("127.0.0.40"))
        for line in crowd:
            try:
                line.sendall(b"a")
            except OSError:
                pass
        time.sleep(0.5)
    if slowest > 5:
        worst.append("in a crowd somebody waited for %.1f s" % slowest)
    for line in crowd:
        line.close()
    if len(crowd) < 30:
        worst.append("the crowd was of %d only" % len(crowd))
    say("T32 whoever begins and does not go on keeps nobody else waiting")


device = enter()
try_bodies()
if "bodies" in sys.argv[7:]:	# those that a role opens
    sys.exit(0)
try_packed()
try_paths()
try_headers(device)
try_numbers()
try_methods()
try_hello(device)
try_crowd()
status, reply = ask("GET", "/v1/session")
judge("afterwards", "GET", "/v1/session", status, reply,
      lambda s, r: s == 200)
say("the same tokens are good afterwards")
print("# answers: " + ", ".join("%d x %s" % (answers[s], s or "cut")
                                for s in sorted(answers)))
