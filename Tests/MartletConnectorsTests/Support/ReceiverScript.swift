/// A webhook's receiver in Python's standard library: `python3 -c <this> [certificate key]`. Prints its port, and ends when its
/// standard input does, so that no test run leaves one behind.
///
/// Each test has a key of its own: `/hook/KEY` takes requests and answers as `PUT /script/KEY` said; `/received/KEY` tells what
/// came. Signatures are checked by Python's `hmac`.
let receiverScript = #"""
    import base64, hashlib, hmac, http.server, json, os, socket, ssl, sys, threading

    lock = threading.Lock()
    scripts, received, secrets, hanging = {}, {}, {}, {}

    def verified(key, headers, body):
        signed = f"{headers.get('webhook-id')}.{headers.get('webhook-timestamp')}.".encode() + body
        signatures = headers.get("webhook-signature", "").split(" ")
        def is_signed_with(secret):
            digest = hmac.new(base64.b64decode(secret), signed, hashlib.sha256).digest()
            return "v1," + base64.b64encode(digest).decode() in signatures
        return [is_signed_with(secret) for secret in secrets.get(key, [])]

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def log_message(self, *arguments):
            pass

        def answer(self, status=200, headers={}, body=b""):
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def content(self):
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))

        def do_PUT(self):
            _, kind, key = self.path.split("/")
            with lock:
                {"script": scripts, "secrets": secrets}[kind][key] = json.loads(self.content())
                hanging[key] = threading.Event()
            self.answer()

        def do_GET(self):
            _, kind, key = self.path.split("/")
            if kind == "hanging":
                return self.answer(200 if hanging[key].wait(20) else 504)
            with lock:
                body = json.dumps(received.get(key, [])).encode()
            self.answer(body=body)

        def do_POST(self):
            _, kind, key = self.path.split("/")
            body = self.content()
            headers = {name.lower(): value for name, value in self.headers.items()}
            with lock:
                script = scripts.get(key) or [{}]
                step = script[0]
                if len(script) > 1:
                    script.pop(0)
                hang = step.get("hang") or step.get("hangOn") and step["hangOn"].encode() in body
                if step.get("taken", step.get("status", 200) < 300) and not hang:
                    received.setdefault(key, []).append({
                        "headers": headers, "body": body.decode("utf-8", "replace"), "verified": verified(key, headers, body)})
            if hang:
                hanging[key].set()
                self.rfile.read(1)
                self.close_connection = True
                return
            self.answer(step.get("status", 200), step.get("headers", {}), step.get("body", "").encode())

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

        def handle_error(self, request, client_address):
            pass

    server = Server(("127.0.0.1", 0), Handler)
    if len(sys.argv) > 1:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        server.socket = context.wrap_socket(server.socket, server_side=True)
    print(server.server_address[1], flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()
    os._exit(0)
    """#
