"""A stand-in for Keystone: tokens for those who have the right credential, and faults on demand.

Of the Identity API v3 it has POST and GET /v3/auth/tokens, as far as a client and keystonemiddleware need them.
"""
import datetime, http.server, json, select, sys, threading, time, uuid

port, messaging, project, password, application_secret, service_password = sys.argv[1:]
lock = threading.Lock()
state = {"script": [{}], "seen": [], "tokens": {}, "messaging": messaging,
         "release": threading.Event()}


def stamp(seconds):
    moment = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000000Z")


def token_body(life, service):
    now = time.time()
    endpoint = {"interface": "public", "region": "RegionOne", "region_id": "RegionOne", "url": state["messaging"]}
    internal = dict(endpoint, interface="internal", url="http://internal.invalid:8888")
    return {"token": {
        "methods": ["password"], "issued_at": stamp(now), "expires_at": stamp(now + life),
        "user": {"id": "u1", "name": "martlet", "domain": {"id": "default", "name": "Default"}},
        "project": {"id": project, "name": "events", "domain": {"id": "default", "name": "Default"}},
        "roles": [{"id": "r1", "name": "service" if service else "member"}], "audit_ids": ["a1"],
        "catalog": [
            {"type": "identity", "name": "keystone", "id": "i", "endpoints": [
                dict(endpoint, interface=interface, url=f"http://127.0.0.1:{port}") for interface in ("public", "internal")]},
            {"type": "messaging", "name": "zaqar", "id": "m", "endpoints": [endpoint, internal]},
        ]}}


def caller(identity):
    """'user', 'service' or None, by the credential."""
    if "application_credential" in identity["methods"]:
        return "user" if identity["application_credential"].get("secret") == application_secret else None
    return {password: "user", service_password: "service"}.get(identity["password"]["user"].get("password"))


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *arguments):
        pass

    def answer(self, status=200, value=None, headers={}, cut=None, text=None):
        body = (json.dumps(value) if text is None else text).encode()
        self.send_response(status)
        for name, field in headers.items():
            self.send_header(name, field)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if cut is not None:
            self.close_connection = True
        self.end_headers()
        self.wfile.write(body if cut is None else body[:cut])

    def content(self):
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def is_released(self):
        """Waits until it is released, or until whoever asks has gone."""
        with lock:
            release = state["release"]
        while not release.wait(0.02):
            if select.select([self.connection], [], [], 0)[0]:
                return False
        return True

    def do_PUT(self):
        body = self.content()
        with lock:
            if self.path == "/script":
                state["script"] = json.loads(body)
            else:
                state["messaging"] = body.decode()
        self.answer()

    def do_GET(self):
        if self.path == "/seen":
            return self.answer(value=state["seen"])
        if self.path in ("/", "/v3", "/v3/"):
            version = {"id": "v3.14", "status": "stable", "links": [
                {"rel": "self", "href": f"http://127.0.0.1:{port}/v3/"}]}
            if self.path == "/":
                return self.answer(300, {"versions": {"values": [version]}})
            return self.answer(value={"version": version})
        with lock:
            known = state["tokens"].get(self.headers.get("X-Subject-Token"))
        if known is None:
            return self.answer(404, {"error": {"code": 404, "message": "Could not find token", "title": "Not Found"}})
        self.answer(value=known)

    def do_POST(self):
        body = self.content()
        if self.path == "/revoke":
            with lock:
                state["tokens"] = {
                    token: value for token, value in state["tokens"].items()
                    if value["token"]["roles"][0]["name"] == "service"}
            return self.answer()
        if self.path == "/release":
            with lock:
                state["release"].set()
                state["release"] = threading.Event()
            return self.answer()
        request = json.loads(body)
        who = caller(request["auth"]["identity"])
        step = {}
        if who != "service":
            with lock:
                state["seen"].append(request)
                step = state["script"][0]
                if len(state["script"]) > 1:
                    state["script"].pop(0)
        if step.get("hang") and not self.is_released():
            self.close_connection = True
            return
        headers = dict(step.get("headers", {}))
        if step.get("text") is not None:
            return self.answer(step.get("status", 201), headers=headers, text=step["text"].replace(
                "$REQUEST", body.decode()).replace("$MESSAGING", state["messaging"]))
        status = step.get("status", 201)
        if status == 201 and who is None:
            status = 401
        if status != 201:
            return self.answer(status, {"error": {"code": status, "message": "no", "title": "No"}}, headers)
        token = f"s33ded-token-{uuid.uuid4().hex}"
        value = token_body(step.get("life", 3600), who == "service")
        with lock:
            state["tokens"][token] = value
        self.answer(201, value, {"X-Subject-Token": token, **headers}, cut=step.get("truncate"))


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        pass


Server(("127.0.0.1", int(port)), Handler).serve_forever()
