"""A stand-in for CloudStack's API: it checks signatures, lists what it is told to have, and fails on demand.

It follows ApiServer.verifyRequest and the list commands as far as an enricher and a sync need them: by id, by name and domain,
by pages, and with the rules of who is shown what. What it has is in lists.py, a large cloud to begin with in seeded_cloud.py.
"""
import sys

sys.dont_write_bytecode = True
import base64, datetime, hashlib, hmac, http.server, json, threading, time, urllib.parse

import lists, seeded_cloud
from lists import Refusal

port, api_key, secret_key = sys.argv[1:]
lock = threading.Lock()
state = {"script": [{}], "seen": [], "resources": {}, "refused": [], "habits": {}}


def java_encode(value):
    """java.net.URLEncoder, and its + as %20."""
    return urllib.parse.quote(value, safe="*-_.").replace("~", "%7E")


def verify(parameters):
    refusal = Refusal(401, "unable to verify user credentials and/or request signature")
    if parameters.get("command") not in lists.MEMBERS:
        raise refusal
    unsigned = "&".join(f"{name}={java_encode(parameters[name])}" for name in sorted(parameters) if name != "signature")
    digest = hmac.new(secret_key.encode(), unsigned.lower().encode(), hashlib.sha1).digest()
    if parameters.get("apikey") != api_key or parameters.get("signature") != base64.b64encode(digest).decode():
        raise refusal
    if parameters.get("signatureversion") != "3" or "expires" not in parameters:
        raise refusal
    expires = datetime.datetime.strptime(parameters["expires"], "%Y-%m-%dT%H:%M:%S%z")
    now = datetime.datetime.now(datetime.timezone.utc)
    if not now <= expires <= now + datetime.timedelta(minutes=15):
        raise refusal


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *arguments):
        pass

    def answer(self, status, text, headers={}, cut=None):
        body = text.encode()
        self.send_response(status)
        for name, field in headers.items():
            self.send_header(name, field)
        self.send_header("Content-Type", "application/json;charset=UTF-8")
        self.send_header("Content-Length", str(len(body) if cut is None else cut))
        self.end_headers()
        self.wfile.write(body if cut is None else body[:cut])

    def content(self):
        return self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()

    def do_PUT(self):
        name = self.path.rsplit("/", 1)[-1]
        value = json.loads(self.content())
        with lock:
            if name == "seed":
                state["resources"] = seeded_cloud.make(**value)
            elif name == "patch":
                lists.patch(state["resources"], value)
            else:
                state[name] = value
        self.answer(200, "{}")

    def do_GET(self):
        if self.path == "/stand-in/seen":
            with lock:
                return self.answer(200, json.dumps(state["seen"]))
        self.call(urllib.parse.urlsplit(self.path).query)

    def do_POST(self):
        self.call(self.content())

    def call(self, query):
        parameters = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
        with lock:
            state["seen"].append(parameters)
            step = state["script"][0]
            if len(state["script"]) > 1:
                state["script"].pop(0)
        time.sleep(step.get("slow", 0))
        if step.get("hang"):
            self.rfile.read(1)
            self.close_connection = True
            return
        headers, cut = step.get("headers", {}), step.get("truncate")
        if "text" in step:
            return self.answer(step.get("status", 200), step["text"].replace("$QUERY", query), headers, cut)
        command = parameters.get("command", "")
        name = f"{command.lower()}response"
        try:
            verify(parameters)
            if step.get("status", 200) != 200:
                raise Refusal(step["status"], step.get("errortext", "it was told to"))
            with lock:
                if "vanish" in step:
                    lists.vanish(state["resources"], command, step["vanish"])
                total, found = lists.rows(state["resources"], parameters, state["refused"], state["habits"])
        except Refusal as refusal:
            body = {name: {"uuidList": [], "errorcode": refusal.code, "cserrorcode": refusal.inner,
                           "errortext": refusal.text}}
            return self.answer(refusal.code, json.dumps(body), headers, cut)
        # An empty list is left out of the answer.
        body = {name: {"count": total, lists.MEMBERS[command]: found} if found else {}}
        self.answer(200, json.dumps(body), headers, cut)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        pass


Server(("127.0.0.1", int(port)), Handler).serve_forever()
