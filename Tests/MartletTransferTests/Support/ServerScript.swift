/// A small HTTP/1.1 server in Python's standard library: `python3 -c <this> [certificate key]`. Prints its port, and ends when its
/// standard input does, so that no test run leaves one behind.
///
/// What must be waited for has a key in its path: `/event/KEY` answers once the event KEY has been set.
let serverScript = #"""
    import http.server, os, socket, ssl, sys, threading
    from urllib.parse import urlsplit

    events, values, lock = {}, {}, threading.Lock()

    def event(key):
        with lock:
            return events.setdefault(key, threading.Event())

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def log_message(self, *arguments):
            pass

        def answer(self, body=b"", status=200, headers=()):
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def content(self):
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))

        def handle_any(self):
            kind, _, key = urlsplit(self.path).path.lstrip("/").partition("/")
            getattr(self, "do_path_" + kind)(key)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_OPTIONS = handle_any

        def do_path_echo(self, key):
            self.answer(self.content(), headers=[("X-Method", self.command), ("X-Twice", "one"), ("x-twice", "two")])

        def do_path_head(self, key):
            self.content()
            self.answer("".join(f"{name}: {value}\n" for name, value in self.headers.items()).encode())

        def do_path_port(self, key):
            self.answer(str(self.client_address[1]).encode())

        def do_path_size(self, key):
            self.answer(b"x" * int(key))

        def do_path_chunks(self, key):
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for _ in range(int(key)):
                self.wfile.write(b"400\r\n" + b"x" * 1024 + b"\r\n")
            self.wfile.write(b"0\r\n\r\n")

        def do_path_status(self, key):
            self.answer(b"told so", status=int(key))

        def do_path_redirect(self, key):
            self.answer(status=302, headers=[("Location", "/echo")])

        def do_path_interim(self, key):
            self.wfile.write(b"HTTP/1.1 103 Early Hints\r\nLink: </early>\r\n\r\n")
            self.answer(b"final")

        def do_path_half(self, key):
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b"only this")
            self.close_connection = True

        def do_path_hangup(self, key):
            self.close_connection = True

        def do_path_garbage(self, key):
            self.wfile.write(b"220 mail.example ESMTP\r\n")
            self.close_connection = True

        def do_path_headers(self, key):
            self.answer(headers=[(f"X-{number}", "y" * 1000) for number in range(int(key))])

        def do_path_silent(self, key):
            event(key).set()
            self.rfile.read(1)
            event(key + "-closed").set()
            self.close_connection = True

        def do_path_event(self, key):
            self.answer(status=200 if event(key).wait(20) else 504)

        def do_path_live(self, key):
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for number in range(1, 4):
                event(f"{key}-{number}").wait(20)
                self.wfile.write(b"3\r\n%d\n\n\r\n" % number)
            self.wfile.write(b"0\r\n\r\n")

        def do_path_set(self, key):
            event(key).set()
            self.answer()

        def do_path_flood(self, key):
            total = 64 << 20
            self.send_response(200)
            self.send_header("Content-Length", str(total))
            self.end_headers()
            self.wfile.flush()
            self.connection.settimeout(1)
            piece, sent = b"x" * 65536, 0
            while sent < total:
                try:
                    sent += self.connection.send(piece[: total - sent])
                except TimeoutError:
                    values.setdefault(key, sent)
                    event(key + "-stalled").set()

        def do_path_stalled(self, key):
            event(key + "-stalled").wait(20)
            self.answer(str(values.get(key, -1)).encode())

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True
        address_family = socket.AF_INET6
        request_queue_size = 128

        def server_bind(self):
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            super().server_bind()

        def handle_error(self, request, client_address):
            pass

    server = Server(("::", 0), Handler)
    if len(sys.argv) > 1:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        server.socket = context.wrap_socket(server.socket, server_side=True)
    print(server.server_address[1], flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()
    os._exit(0)
    """#
