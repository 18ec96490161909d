#!/usr/bin/env python3
"""A server that is not ours, or not as it should be.

    tls_server.py CERTIFICATE KEY LOG [tls11 | redirect]

Prints its port.  LOG gets the first line of every request that came through:
what was told to it.
"""
import socket
import ssl
import sys
import threading

certificate, key, log = sys.argv[1:4]
mode = sys.argv[4] if len(sys.argv) > 4 else ""
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
if mode == "tls11":
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
context.load_cert_chain(certificate, key)
listener = socket.create_server(("127.0.0.1", 0))


def answer(raw):
    try:
        line = context.wrap_socket(raw, server_side=True)
        first = line.recv(65536).split(b"\r\n")[0]
        with open(log, "ab") as out:
            out.write(first + b"\n")
        if mode == "redirect":
            port = listener.getsockname()[1]
            line.sendall(b"HTTP/1.1 302 Found\r\nLocation: "
                         b"https://127.0.0.1:%d/elsewhere\r\n"
                         b"Content-Length: 0\r\n\r\n" % port)
        else:
            line.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: "
                         b"application/json\r\nContent-Length: 2\r\n\r\n{}")
        line.close()
    except OSError:
        raw.close()


print(listener.getsockname()[1], flush=True)
while True:
    threading.Thread(target=answer, args=(listener.accept()[0],),
                     daemon=True).start()
