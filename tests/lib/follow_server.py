"""follow_server.py: a stand-in for the server's live side, written from
docs/protocol.md.  It puts together again what is reported, and misbehaves when
told to: each element of plan is for the next request."""

import base64
import hashlib
import http.server
import json
import subprocess
import threading
import time

RULES = {"s": lambda a, b: a, "a": lambda a, b: a + b,
         "t": lambda a, b: a // 10000, "b": lambda a, b: (a + b) * 512}


def unzstd(data):
    return subprocess.run(["zstd", "-qdc"], input=data, check=True,
                          stdout=subprocess.PIPE).stdout


def number_text(form, value):
    if form == 0:
        return str(value)
    if form == 1:
        return "%s%d.%02d" % ("-" if value < 0 else "", abs(value) // 100,
                              abs(value) % 100)
    if form == 2:
        return repr(value // 1000000 + value % 1000000 * 1e-6)
    raise ValueError(form)


class Build:
    def __init__(self, begin):
        self.begin = begin
        self.seqs = set()
        self.events = []
        self.files = {}
        self.shapes = {}

    def decode_column(self, coding, values, slots):
        form, how = int(coding[0]), coding[1:]
        if how == "d":
            for i in range(1, len(values)):
                values[i] += values[i - 1]
        elif how:
            bases = [slots[int(k)][1] for k in how[1:].split(",")]
            rule = RULES[how[0]]
            values = [v + rule(bases[0][i], bases[-1][i])
                      for i, v in enumerate(values)]
        return form, values

    def tasks(self, e):
        """The blocks of a tasks event, put behind what the files have."""
        shapes = []
        for text in e["shapes"]:
            if text.startswith("#"):
                text = self.shapes[text[1:]]
            self.shapes[hashlib.sha256(text.encode()).hexdigest()[:16]] = text
            shapes.append(text)
        coding, columns = iter(e["coding"]), iter(e["columns"])
        of_shape = []
        for text in shapes:
            todo = [(next(coding), next(columns))
                    for _ in range(text.count("\x01"))]
            slots = [None] * len(todo)
            for predicted in (False, True):
                for k, (how, values) in enumerate(todo):
                    if (len(how) > 1 and how[1] != "d") == predicted:
                        slots[k] = self.decode_column(how, list(values), slots)
            of_shape.append(slots)
        at = [0] * len(shapes)
        for p, n, s in zip(e["package"], e["name"], e["shape"]):
            pf, task = e["packages"][p], e["names"][n]
            text = shapes[s].replace("\x02", "%s: %s" % (pf, task))
            for form, values in of_shape[s]:
                text = text.replace("\x01", number_text(form, values[at[s]]), 1)
            at[s] += 1
            path = "%s/%s" % (pf, task)
            if text not in self.files.get(path, b"").decode():
                self.files[path] = self.files.get(path, b"") + text.encode()

    def file(self, e):
        data = e["text"].encode() if "text" in e else \
            base64.b64decode(e["base64"])
        path = ("beside/" if e.get("beside") else "") + e["path"]
        old = self.files.get(path, b"")
        at = e["offset"]
        if at > len(old):
            raise ValueError("%s: a gap before %d" % (path, at))
        self.files[path] = old[:at] + data + old[at + len(data):]

    def apply(self, e):
        if e["seq"] in self.seqs:
            return False
        self.seqs.add(e["seq"])
        self.events.append(e)
        if e["event"] in ("tasks", "file"):
            getattr(self, e["event"])(e)
        return True

    def of_kind(self, kind):
        return [e for e in self.events if e["event"] == kind]


class Server:
    """One server; builds by UUID."""

    def __init__(self):
        self.plan, self.builds, self.requests, self.wrong = [], {}, [], []
        self.times = []
        self.lock = threading.Lock()
        self.go_on = threading.Event()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args):
                pass

            def do_POST(self):
                outer.post(self)

        class Threaded(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, client_address):
                pass

        self.server = Threaded(("127.0.0.1", 0), Handler)
        self.url = "http://127.0.0.1:%d/buildstats" % self.server.server_port
        threading.Thread(target=self.server.serve_forever,
                         daemon=True).start()

    def close(self):
        self.go_on.set()
        self.server.shutdown()
        self.server.server_close()

    def answer(self, h, status, body, **headers):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        h.send_response(status)
        for name, value in headers.items():
            h.send_header(name.replace("_", "-"), value)
        h.send_header("Content-Type", "application/json")
        h.send_header("Content-Length", str(len(data)))
        h.end_headers()
        h.wfile.write(data)

    def post(self, h):
        body = h.rfile.read(int(h.headers["Content-Length"]))
        with self.lock:
            self.requests.append((h.path, len(body)))
            self.times.append(time.monotonic())
            plan = self.plan.pop(0) if self.plan else None
            if plan == "silent":
                h.close_connection = True
                h.connection.close()
                return
            if isinstance(plan, tuple):
                self.answer(h, *plan)
                return
            text = unzstd(body) \
                if h.headers.get("Content-Encoding") == "zstd" else body
            status, answer = self.take(h, text)
        if plan == "lost":  # it was taken, but nobody hears so
            h.close_connection = True
            h.connection.close()
            return
        self.answer(h, status, answer)

    def take(self, h, text):
        token = h.headers.get("Authorization", "")
        if h.path.endswith("/api/v1/builds"):
            return self.begin(json.loads(text))
        number = int(h.path.split("/")[-2])
        build = list(self.builds.values())[number - 1] \
            if number <= len(self.builds) else None
        if build is None:
            return 404, {"status": 404, "error": "no such build"}
        if token != "Bearer " + build.begin["key"][::-1]:
            return 401, {"status": 401, "error": "another token"}
        accepted = duplicate = 0
        try:
            for line in text.decode().splitlines():
                if build.apply(json.loads(line)):
                    accepted += 1
                else:
                    duplicate += 1
        except (ValueError, KeyError, IndexError, TypeError) as error:
            self.wrong.append(repr(error))
        return 200, {"accepted": accepted, "duplicate": duplicate}

    def begin(self, begin):
        known = begin["uuid"] in self.builds
        build = self.builds.setdefault(begin["uuid"], Build(begin))
        number = list(self.builds).index(begin["uuid"]) + 1
        answer = {"id": number, "url": "%s/build/%d" % (self.url, number)}
        if build.begin["key"] == begin["key"]:
            answer["token"] = begin["key"][::-1]
        return (200 if known else 201), answer
