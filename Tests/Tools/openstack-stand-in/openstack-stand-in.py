"""A stand-in for Keystone, Nova, Cinder, Glance and Neutron: resources by id and by pages, tokens, and faults on demand.

It follows the API references of the five as far as an enricher and a sync need them: who may see what, the queries that widen
a list, markers and links, and each service's own way to say no. Each service has a path of its own on one port, as behind the
proxy of a devstack. What it has is in lists.py, a large cloud to begin with in seeded_cloud.py.
"""
import sys

sys.dont_write_bytecode = True
import datetime, http.server, json, threading, time, urllib.parse, uuid

import lists, seeded_cloud

port, secret = sys.argv[1:]
PROJECT = "f1d2d2f924e986ac86fdf7b36c94bcdf"
lock = threading.Lock()
state = {"script": [{}], "tokens": [{}], "seen": [], "resources": {}, "refused": [], "catalogue": {}, "roles": ["admin"],
         "limits": {}, "seers": {}}
# Token: when it ends, and its roles.
valid = {}

PREFIXES = {
    "compute": "/compute/v2.1/", "volumev3": f"/volume/v3/{PROJECT}/", "image": "/image/v2/",
    "network": "/network/v2.0/", "identity": "/identity/v3/",
}


def catalogue():
    def endpoint(path):
        return [{"interface": "public", "region_id": "RegionOne", "url": f"http://127.0.0.1:{port}{path}"},
                {"interface": "internal", "region_id": "RegionOne", "url": "http://internal.invalid"}]
    paths = {"identity": "/identity", "compute": "/compute/v2.1", "volumev3": f"/volume/v3/{PROJECT}",
             "image": "/image", "network": "/network/", **state["catalogue"]}
    return [{"type": kind, "name": kind, "id": kind, "endpoints": endpoint(path)}
            for kind, path in paths.items() if path is not None]


def stamp(seconds):
    moment = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000000Z")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *arguments):
        pass

    def answer(self, status, value=None, headers={}, cut=None, text=None):
        body = (json.dumps(value) if text is None else text).encode()
        self.send_response(status)
        for name, field in headers.items():
            self.send_header(name, field)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body) if cut is None else cut))
        self.end_headers()
        self.wfile.write(body if cut is None else body[:cut])

    def content(self):
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def step(self, name):
        with lock:
            step = state[name][0]
            if len(state[name]) > 1:
                state[name].pop(0)
        return step

    def faulty(self, step):
        """Whether the step is the whole answer."""
        time.sleep(step.get("slow", 0))
        if step.get("hang"):
            self.rfile.read(1)
            self.close_connection = True
        elif "text" in step:
            self.answer(step.get("status", 200), headers=step.get("headers", {}), text=step["text"])
        elif step.get("status", 200) != 200:
            quoted = f"it was told to; the token was {self.headers.get('X-Auth-Token')}"
            self.answer(step["status"], {"error": {"message": quoted}}, step.get("headers", {}))
        else:
            return False
        return True

    def do_PUT(self):
        name = self.path.rsplit("/", 1)[-1]
        value = json.loads(self.content())
        with lock:
            if name == "revoke":
                valid.clear()
            elif name == "seed":
                state["resources"] = seeded_cloud.make(PROJECT, **value)
            elif name == "patch":
                lists.patch(state["resources"], value)
            else:
                state[name] = value
        self.answer(200, {})

    def do_POST(self):
        body = json.loads(self.content())
        with lock:
            state["seen"].append("POST /identity/v3/auth/tokens")
        if self.path != "/identity/v3/auth/tokens":
            return self.answer(404, {"error": {"code": 404}})
        step = self.step("tokens")
        if self.faulty(step):
            return
        if body["auth"]["identity"].get("application_credential", {}).get("secret") != secret:
            return self.answer(401, {"error": {"code": 401, "message": "The request you have made requires authentication."}})
        token = f"s33ded-token-{uuid.uuid4().hex}"
        now, life = time.time(), step.get("life", 3600)
        with lock:
            valid[token] = (now + life, state["roles"])
        self.answer(201, {"token": {
            "methods": ["application_credential"], "issued_at": stamp(now), "expires_at": stamp(now + life),
            "roles": [{"id": name, "name": name} for name in state["roles"]],
            "project": {"id": PROJECT, "name": "admin"}, "catalog": catalogue()}}, {"X-Subject-Token": token})

    def do_GET(self):
        if self.path == "/stand-in/seen":
            with lock:
                return self.answer(200, state["seen"])
        with lock:
            state["seen"].append(f"GET {self.path}")
        step = self.step("script")
        if self.faulty(step):
            return
        address = urllib.parse.urlsplit(self.path)
        service = next((name for name, prefix in PREFIXES.items() if address.path.startswith(prefix)), None)
        if service is None:
            return self.answer(300, {"versions": []})
        with lock:
            end, roles = valid.get(self.headers.get("X-Auth-Token"), (0, []))
        if end <= time.time():
            return self.answer(401, {"error": {"code": 401, "message": "requires authentication"}})
        parts = address.path[len(PREFIXES[service]):].split("/")
        collection, rest = parts[0], urllib.parse.unquote("/".join(parts[1:]))
        if collection in state["refused"]:
            return self.answer(403, {"forbidden": {"code": 403, "message": "You are not authorized"}})
        query = dict(urllib.parse.parse_qsl(address.query))
        cut = step.get("truncate")
        with lock:
            if step.get("vanish") and "marker" in query:
                lists.patch(state["resources"], {collection: {query["marker"]: None}})
            rows = state["resources"].get(collection, [])
            # By the policies of the service.
            seers = ["admin"] + state["seers"].get(service, [])
            version = self.headers.get("X-OpenStack-Nova-API-Version", "2.1")
            asked = lists.Question(service, collection, query, any(role in seers for role in roles), PROJECT,
                                   state["limits"], version)
            if rest not in ("", "detail"):
                status, value, text = asked.one(rest, rows)
            else:
                bound = step.get("limit", 1000)
                status, value, text = asked.answer(rows, bound, f"http://127.0.0.1:{port}{address.path}")
        self.answer(status, value, cut=cut, text=text)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        pass


Server(("127.0.0.1", int(port)), Handler).serve_forever()
