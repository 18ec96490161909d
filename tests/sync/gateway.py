#!/usr/bin/env python3
"""A gateway before the server that takes no large requests: it answers 413 with
a page of its own, and hands on everything else.

    gateway.py SERVER_PORT CA.PEM CERTIFICATE KEY LIMIT [FILE [SEEN]]

As often as FILE says, a sync is answered 410, as by a server that has forgotten
what the device heard last.  SEEN gets the tokens and keys that go by, one a line,
and of an attachment it lets the first piece through only.  Prints "listening on
PORT", and at each 413 "too large: BYTES" on standard error.
"""
import http.client
import http.server
import json
import os
import ssl
import sys

port, ca, limit = int(sys.argv[1]), sys.argv[2], int(sys.argv[5])
forgets = sys.argv[6] if len(sys.argv) > 6 else None
seen = sys.argv[7] if len(sys.argv) > 7 else None


def forgotten():
    if not forgets or not os.path.exists(forgets):
        return False
    with open(forgets) as file:
        left = int(file.read())
    with open(forgets, "w") as file:
        file.write(str(max(left - 1, 0)))
    return left > 0


def note(kind, text):
    """A line "KIND TEXT" for whoever looks for the text elsewhere."""
    with open(seen, "a") as file:
        file.write("%s %s\n" % (kind, text))


def note_all(headers, text):
    if headers.get("Authorization"):
        note("device", headers["Authorization"].split()[-1])
    if headers.get("X-User-Token"):
        note("user", headers["X-User-Token"])
    try:
        answer = json.loads(text)
    except ValueError:
        return
    if isinstance(answer, dict) and answer.get("key_share"):
        note("share", answer["key_share"])


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if length > limit:
            print("too large: %d" % length, file=sys.stderr, flush=True)
            self.reply(413, {"Content-Type": "text/html"},
                       b"<html><h1>413 Request Entity Too Large</h1></html>")
            return
        if self.path == "/v1/sync" and forgotten():
            self.reply(410, {"Content-Type": "application/json"},
                       b'{"error":"cursor_too_old","message":"Too old."}\n')
            return
        if seen and self.headers.get("Upload-Offset", "0") != "0":
            self.reply(503, {"Content-Type": "text/html"}, b"<html></html>")
            return
        net = http.client.HTTPSConnection(
            "127.0.0.1", port, context=ssl.create_default_context(cafile=ca))
        net.request(self.command, self.path, body,
                    {k: v for k, v in self.headers.items()
                     if k.lower() not in ("host", "connection")})
        got = net.getresponse()
        text = got.read()
        self.reply(got.status, {k: v for k, v in got.getheaders()
                   if k.lower() not in ("connection", "content-length",
                                        "transfer-encoding", "date")}, text)
        net.close()
        if seen:
            note_all(self.headers, text)

    do_GET = do_POST = do_PUT = do_HEAD = answer

    def reply(self, status, headers, body):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[3], sys.argv[4])
# each handshake in its connection's own thread: none keeps the others waiting
server.socket = context.wrap_socket(server.socket, server_side=True,
                                    do_handshake_on_connect=False)
print("listening on %d" % server.server_port, flush=True)
server.serve_forever()
