"""client_server.py DIR [PORT [CERTIFICATE]]: a stand-in for the server, which
also misbehaves.

Listens on a free port of the loopback address, or on PORT if that isn't 0,
and writes it to DIR/port; with a certificate and its key it speaks TLS.
What it does with the next POST is the first line of DIR/plan, which it takes
away; without a plan it stores the bundle.  DIR/log gets a line a request, and
DIR/stored a line for each bundle stored for the first time.

DIR/last is the body of the last request.

Plans: ok, status CODE [TEXT], later CODE SECONDS, later-date CODE SECONDS,
garbage, empty, big, redirect CODE URL, close, half, hang, slow.
"""

import email.utils
import hashlib
import http.server
import json
import os
import ssl
import subprocess
import sys
import threading
import time

DIR = sys.argv[1]
LOCK = threading.Lock()
CONNECTIONS = [0]


def path(name):
    return os.path.join(DIR, name)


def append(name, line):
    with LOCK, open(path(name), "a", encoding="utf-8") as f:
        f.write(line + "\n")


def take_plan():
    with LOCK:
        try:
            with open(path("plan"), encoding="utf-8") as f:
                lines = f.read().splitlines()
        except FileNotFoundError:
            return "ok"
        if not lines:
            return "ok"
        with open(path("plan"), "w", encoding="utf-8") as f:
            f.write("".join(line + "\n" for line in lines[1:]))
        return lines[0]


def members(body):
    """The names in a tar, or None if it isn't a whole one."""
    name = path("body-%d" % threading.get_ident())
    with open(name, "wb") as f:
        f.write(body)
    got = subprocess.run(["tar", "-tf", name], stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL, check=False)
    os.unlink(name)
    return got.stdout.decode().splitlines() if got.returncode == 0 else None


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        with LOCK:
            CONNECTIONS[0] += 1
            self.number = CONNECTIONS[0]

    def log_message(self, *args):
        pass

    def answer(self, status, body=b"", kind="application/json", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def url(self):
        return "http://%s/buildstats" % self.headers["Host"]

    def store(self, body):
        names = members(body)
        runs = sorted({n[:-len("/build_stats")] for n in names or []
                       if n.endswith("/build_stats")})
        if not runs:
            runs = sorted(n for n in names or [] if "error-report/" in n)
        if not runs:
            self.answer(400, b'{"status":400,"error":"no buildstats in it"}')
            return
        digest = hashlib.sha256(body).hexdigest()
        with LOCK:
            try:
                with open(path("stored"), encoding="utf-8") as f:
                    known = digest in f.read()
            except FileNotFoundError:
                known = False
        builds = []
        for run in runs:
            name = run.rsplit("/", 1)[-1]
            tasks = [n for n in names if n.startswith(run + "/") and
                     "/do_" in n]
            builds.append({
                "id": 7, "name": name, "status": "failed", "failures": [
                    {"id": "1", "url": self.url() + "/f/1",
                     "recipe": "zlib", "task": "do_compile",
                     "first_line": "error:\tno 'x'\x1b[1m",
                     "verdict": "new: not seen before"}],
                "tasks": len(tasks), "url": "%s/build/%s" % (self.url(),
                                                             name)})
            if not known:
                append("stored", "%s %s" % (digest, name))
        self.answer(200 if known else 201,
                    json.dumps({"builds": builds}).encode())

    def do_GET(self):
        self.answer(404, b'{"status":404,"error":"no such page"}')

    def read_body(self):
        left = int(self.headers.get("Content-Length", "0"))
        parts = []
        while left > 0:
            part = self.rfile.read(min(left, 65536))
            if not part:
                return None
            parts.append(part)
            left -= len(part)
        return b"".join(parts)

    def do_POST(self):
        plan = take_plan().split(" ")
        if plan[0] == "half":
            self.rfile.read(1)
            append("log", "half conn=%d" % self.number)
            self.connection.close()
            self.close_connection = True
            return
        if plan[0] == "slow":
            # The test kills the client while this waits for its body.
            append("log", "slow conn=%d" % self.number)
            while not os.path.exists(path("go-on")):
                time.sleep(0.02)
        body = self.read_body()
        if body is None:
            append("log", "cut conn=%d" % self.number)
            self.close_connection = True
            return
        with LOCK, open(path("last"), "wb") as f:
            f.write(body)
        append("log", "%s conn=%d plan=%s auth=%s type=%s bytes=%d names=%s" % (
            self.path, self.number, plan[0],
            self.headers.get("Authorization", "-").replace(" ", "_"),
            self.headers.get("Content-Type"), len(body),
            ",".join(members(body) or [])))
        getattr(self, "plan_" + plan[0].replace("-", "_"))(body, *plan[1:])

    def plan_ok(self, body):
        self.store(body)

    plan_slow = plan_ok

    def plan_status(self, _body, code, *text):
        self.answer(int(code), json.dumps(
            {"status": int(code), "error": " ".join(text)}).encode()
            if text else b"<html>nginx</html>")

    def plan_later(self, _body, code, seconds):
        self.answer(int(code), b"<html>later</html>", "text/html",
                    Retry_After=seconds)

    def plan_later_date(self, _body, code, seconds):
        when = email.utils.formatdate(time.time() + int(seconds), usegmt=True)
        self.answer(int(code), b"later\n", "text/plain", Retry_After=when)

    def plan_garbage(self, _body):
        self.answer(200, b"<html>Welcome to our hotel</html>", "text/html")

    def plan_control(self, _body):
        self.answer(201, json.dumps({"builds": [{
            "name": "a\x1b[31m b", "status": "failed", "tasks": 1,
            "failures": [], "url": "http://x/y z"}]}).encode())

    def plan_empty(self, _body):
        self.answer(200, b'{"builds":[]}')

    def plan_big(self, _body):
        self.answer(200, b" " * (2 << 20))

    def plan_redirect(self, _body, code, url):
        self.answer(int(code), Location=url)

    def plan_close(self, _body):
        self.connection.close()
        self.close_connection = True

    def plan_hang(self, _body):
        while not os.path.exists(path("go-on")):
            time.sleep(0.02)
        self.close_connection = True


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass


server = Server(("127.0.0.1", int(sys.argv[2]) if len(sys.argv) > 2 else 0),
                Handler)
if len(sys.argv) > 3:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[3])
    server.socket = context.wrap_socket(server.socket, server_side=True)
with open(path("port.new"), "w", encoding="utf-8") as out:
    out.write("%d\n" % server.server_port)
os.rename(path("port.new"), path("port"))
server.serve_forever()
