"""oestats.py: builds that report task by task, as the oestats clients of 2007 to
2011 send them, byte for byte.

    oestats.py PHASE [ARGUMENT...]
"""
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
from tap import end, ok, same  # noqa: E402
import web  # noqa: E402

BOUNDARY = "----------ThIs_Is_tHe_bouNdaRY_$"
SECONDS = 20  # until something that should be there in two is given up


# ---- the clients

def multipart(fields, files=()):
    out = []
    for key, value in fields:
        out += ["--" + BOUNDARY,
                'Content-Disposition: form-data; name="%s"' % key, "", value]
    for key, name, content in files:
        out += ["--" + BOUNDARY,
                'Content-Disposition: form-data; name="%s"; filename="%s"'
                % (key, name), "Content-Type: text/plain", "", content]
    out += ["--" + BOUNDARY + "--", ""]
    return b"\r\n".join(
        x if isinstance(x, bytes) else x.encode("utf-8") for x in out)


class Reply:
    def __init__(self, data):
        head, _, self.body = data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        parts = lines[0].split(" ", 2)
        self.status = int(parts[1]) if len(parts) > 1 else 0
        self.headers = {k.lower(): v for k, v in
                        (x.split(": ", 1) for x in lines[1:] if ": " in x)}
        if self.headers.get("transfer-encoding") == "chunked":
            self.body = dechunk(self.body)
        self.text = self.body.decode("utf-8", "replace")


def dechunk(data):
    out = b""
    while data:
        size, _, data = data.partition(b"\r\n")
        n = int(size or b"0", 16)
        if n == 0:
            break
        out, data = out + data[:n], data[n + 2:]
    return out


def send(lines, body, absolute=False):
    """A request as httplib of Python 2 wrote it: the lines in their order."""
    request = "\r\n".join(lines) + "\r\n\r\n"
    return Reply(web.raw(request.encode() + body, timeout=60))


def host():
    return "%s:%d" % (web.URL.hostname, web.URL.port)


def post_v0(path, fields):
    body = urllib.parse.urlencode(fields).encode()
    return send(["POST %s HTTP/1.1" % path, "Host: " + host(),
                 "Accept-Encoding: identity",
                 "Content-Length: %d" % len(body),
                 "Content-type: application/x-www-form-urlencoded",
                 "Accept: text/plain", "Connection: close"], body)


def post_multipart(path, fields, files=(), agent="oestats-client/0.3",
                   target=None, boundary=BOUNDARY, body=None):
    if body is None:
        body = multipart(fields, files)
    return send(["POST %s HTTP/1.1" % (target or path), "Host: " + host(),
                 "Accept-Encoding: identity",
                 "Content-length: %d" % len(body),
                 "Content-type: multipart/form-data; boundary=" + boundary,
                 "User-agent: " + agent, "Connection: close"], body)


class V0:
    """2007: urlencoded, no User-Agent; ids in paths; no times, no logs."""
    name, logs, timed, stopped = "v0", False, False, "Completed"

    def start(self, builder):
        return post_v0("/builds/start/", [
            ("builder", builder), ("revision", "None"),
            ("machine", "ixp4xxle"), ("distro", "angstrom-2007.12")])

    def task(self, build, package, version, task, status, seconds="0",
             log=None, qalog=None):
        return post_v0("/builds/task/%s/" % build, [
            ("package", package), ("version", version), ("revision", "r0"),
            ("task", task), ("status", status)])

    def stop(self, build, status):
        return post_v0("/builds/stop/%s/" % build, [("status", status)])


class V01(V0):
    """2008: multipart, times."""
    name, timed = "v0.1", True
    agent = "oestats-client/0.1"

    def start(self, builder):
        return post_multipart("/builds/start/", [
            ("builder", builder), ("machine", "ixp4xxle"),
            ("distro", "angstrom-2007.12"), ("revision", "1f2e3d")],
            agent=self.agent)

    def task(self, build, package, version, task, status, seconds="0",
             log=None, qalog=None):
        return post_multipart("/builds/task/%s/" % build, [
            ("task", task), ("status", status), ("package", package),
            ("time", seconds), ("version", version), ("revision", "r0")],
            agent=self.agent)

    def stop(self, build, status):
        return post_multipart(
            "/builds/stop/%s/" % build, [("status", status)],
            agent=self.agent)


class V03:
    """2009: logs, depends."""
    name, logs, timed, stopped = "v0.3", True, True, "Succeeded"
    agent = "oestats-client/0.3"

    def start(self, builder):
        return post_multipart("/builds/", [
            ("builder", builder), ("machine", "beagleboard"),
            ("distro", "angstrom-2008.1"), ("revision", "0a1b2c3d")],
            agent=self.agent)

    def fields(self, build, package, version, task, status, seconds):
        return [("status", status), ("task", task), ("package", package),
                ("depends", "virtual/libc zlib-native"), ("build", build),
                ("version", version), ("time", seconds), ("revision", "r0")]

    def task(self, build, package, version, task, status, seconds="0",
             log=None, qalog=None):
        files = [("log", "log.txt", log)] if log is not None else []
        if qalog is not None:
            files.append(("qalog", "qalog.txt", qalog))
        return post_multipart("/tasks/", self.fields(
            build, package, version, task, status, seconds), files,
            agent=self.agent)

    def stop(self, build, status):
        return post_multipart("/builds/%s/" % build, [("status", status)],
                              agent=self.agent)


class V05(V03):
    """2011: where the metadata comes from, QA logs, bugs."""
    name, agent = "v0.5", "oestats-client/0.5"

    def start(self, builder):
        return post_multipart("/builds/", [
            ("builder", builder), ("build_arch", "x86_64"),
            ("metadata_branch", "org.openembedded.dev"),
            ("metadata_revision", "5e5d7b1"),
            ("machine", "beagleboard"), ("distro", "angstrom-2010.x")],
            agent=self.agent)

    def fields(self, *args):
        return V03.fields(self, *args) + [
            ("bug_number", "5711"), ("bug_tracker", "http://bugs.example.org")]


# ---- looking

def sql(text):
    return subprocess.run(
        ["psql", "-X", "-A", "-t", "-q", "-d", os.environ["BS_DB"], "-c", text],
        check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def wait(what):
    """What a function gives, once that is something; else its last."""
    until = time.monotonic() + SECONDS
    while True:
        try:
            value = what()
        except (ValueError, KeyError, IndexError, OSError):
            value = None
        if value or time.monotonic() > until:
            return value
        time.sleep(0.05)


def build_of(builder, **want):
    """The build of a builder, once its fields are as wanted."""
    def look():
        found = web.get("builds.json?builder=%s&x=%f" % (
            urllib.parse.quote(builder), time.time())).json["builds"]
        if found and all(found[0][k] == v for k, v in want.items()):
            return found[0]
        return None
    return wait(look)


def failure(path):
    """The JSON of the failure that a reply leads to."""
    def look():
        answer = web.get(path + ".json?x=%f" % time.time())
        return answer.json["failure"] if answer.status == 200 else None
    return wait(look)


LOG = """NOTE: Executing do_compile
gcc -c conftest.c
%s.c: In function 'main':
%s.c:12: error: 'oops_%s' undeclared (first use in this function)
make: *** [%s.o] Error 1
FATAL: oe_runmake failed
"""


# ---- phases

def one_client(client):
    name = client.name
    builder = "builder " + name
    reply = client.start(builder)
    ok(reply.status == 200 and re.fullmatch(r"\d+", reply.text),
       name + ": the start is answered by digits alone", reply.body)
    same(reply.headers.get("content-length"), str(len(reply.body)),
         name + ": with their length")
    build = reply.text
    reply = client.task(build, "zlib", "1.2.3", "do_fetch", "Succeeded", "1.5")
    same((reply.status, reply.text), (200, ""), name + ": a task is taken")
    row = build_of(builder, tasks=1)
    ok(row and row["status"] == "running",
       name + ": the build is there, and is running", row)
    reply = client.task(build, "zlib", "1.2.3", "do_compile", "Failed", "2.25",
                        (LOG % (("x" + name.replace(".", ""),) * 4)).encode())
    ok(reply.status == 200 and re.fullmatch(r"/[!-~]{1,19}", reply.text),
       name + ": a failure is answered by an address of 20 characters",
       reply.body)
    same(len(reply.text.split("\n")), 1, name + ": of one line")
    f = failure(reply.text)
    ok(f is not None, name + ": where the failure is, within seconds")
    if f:
        same((f["recipe"], f["task"]), ("zlib", "do_compile"),
             name + ": it is this one")
        if client.logs:
            ok("oops_x" in f["first_line"], name + ": its log says why",
               f["first_line"])
            text = web.get(reply.text + "/text").body
            same(text, (LOG % (("x" + name.replace(".", ""),) * 4)).encode(),
                 name + ": the log comes back byte for byte")
    link = web.get("/f/" + reply.text.rsplit("/", 1)[1])
    same((link.status, urllib.parse.urlsplit(
        link.headers["Location"] or "").path), (302, reply.text),
        name + ": /f/CODE at the root leads there, too")
    reply = client.task(build, "glib-2.0", "2.20", "do_package", "Succeeded",
                        "0.75", qalog=b"QA: glib-2.0: a warning\n")
    same(reply.status, 200, name + ": another task is taken")
    stopped = "Failed" if client.stopped == "Succeeded" else client.stopped
    reply = client.stop(build, stopped)
    same(reply.status, 200, name + ": the end is taken")
    row = build_of(builder, status="failed", tasks=3)
    ok(row and row["failed"] == 1 and row["packages"] == 2,
       name + ": the build has ended, with what it had", row)
    if row:
        whole = web.get("build/%s.json" % row["id"]).json
        check_whole(client, name, whole)
    if stopped == "Failed":
        ok(re.fullmatch(r"/[!-~]{1,19}", reply.text),
           name + ": a failed build is answered by an address", reply.body)
        link = web.get(reply.text)
        same(urllib.parse.urlsplit(link.headers["Location"] or "").path,
             "%sbuild/%s" % (web.URL.path, row and row["id"]),
             name + ": which leads to the build")
    link = web.get("/builds/%s/" % build)
    same(urllib.parse.urlsplit(link.headers["Location"] or "").path,
         "%sbuild/%s" % (web.URL.path, row and row["id"]),
         name + ": as does the old one")


def check_whole(client, name, whole):
    tasks = web.get("build/%s/tasks.json?per=all" %
                    whole["build"]["id"]).json["tasks"]
    got = sorted((t["recipe"], t["package"], t["task"], t["status"],
                  round(t["elapsed"], 2) if t["elapsed"] else None)
                 for t in tasks)
    want = [("glib-2.0", "glib-2.0-2.20-r0", "do_package", "passed", 0.75),
            ("zlib", "zlib-1.2.3-r0", "do_compile", "failed", 2.25),
            ("zlib", "zlib-1.2.3-r0", "do_fetch", "passed", 1.5)]
    if not client.timed:
        want = [w[:4] + (None,) for w in want]
    same([g[:3] for g in got], [w[:3] for w in want],
         name + ": these are its tasks")
    same([g[4] for g in got], [w[4] for w in want],
         name + ": they took as long as was said")
    env = whole["environment"]
    same(env["builder"], "builder " + name, name + ": its builder")
    if name == "v0.5":
        same((env["branch"], env["commit"], env["host_arch"]),
             ("org.openembedded.dev", "5e5d7b1", "x86_64"),
             name + ": its metadata")
        texts = web.get("build/%s/text/depends" % whole["build"]["id"]).text
        ok("zlib-1.2.3-r0: virtual/libc zlib-native" in texts,
           name + ": what packages depend on is kept", texts)
        texts = web.get("build/%s/text/qalog.glib-2.0-2.20-r0" %
                        whole["build"]["id"]).text
        same(texts, "QA: glib-2.0: a warning\n", name + ": the QA log, too")
    if name == "v0":
        same(env["commit"], "", name + ": None is nothing")


def clients():
    for client in (V0(), V01(), V03(), V05()):
        one_client(client)
    # Two clients that are told nothing but yes.
    build = V03().start("succeeds").text
    for n in range(5):
        V03().task(build, "pkg%d" % n, "1.0", "do_build", "Succeeded", "0.1")
    same(V03().stop(build, "Succeeded").text, "", "a good end needs no answer")
    row = build_of("succeeds", status="succeeded", tasks=5)
    ok(row, "the build has succeeded", row)
    build = V03().start("fails early").text
    V03().stop(build, "Failed")
    ok(build_of("fails early", status="failed"),
       "a build without tasks fails if its client says so")
    # The same task again: only its last run counts.
    build = V03().start("again").text
    V03().task(build, "a", "1", "do_compile", "Failed", "1", b"x: error: y\n")
    V03().task(build, "a", "1", "do_compile", "Succeeded", "1")
    V03().stop(build, "Succeeded")
    row = build_of("again", status="succeeded")
    ok(row and row["failed"] == 0, "a task that passed at last passed", row)
    build = V03().start("late").text
    V03().stop(build, "Succeeded")
    build_of("late", status="succeeded")
    V03().task(build, "a", "1", "do_compile", "Succeeded", "1")
    ok(build_of("late", tasks=1), "a task after the end still counts")


def silent(state):
    build = V03().start("silent").text
    V03().task(build, "a", "1", "do_compile", "Succeeded", "1")
    build_of("silent", status="running")
    sql("UPDATE live_build SET last_seen = now() - interval '2 hours', "
        "due = now() WHERE id = " + build)
    ok(build_of("silent", status="incomplete"),
       "a build that says nothing for an hour is incomplete")
    V03().task(build, "a", "1", "do_install", "Succeeded", "1")
    V03().stop(build, "Succeeded")
    ok(build_of("silent", status="succeeded", tasks=2),
       "what comes later is folded all the same")
    sql("UPDATE live_build SET folded = now() - interval '2 days' "
        "WHERE id = " + build)
    with open(state, "w") as f:
        f.write(build)


def addresses():
    client = V03()
    for path in ("/builds/start", "/builds", "/builds/", "//builds//"):
        reply = post_multipart(path, [("builder", "slashes")])
        ok(re.fullmatch(r"\d{10,19}", reply.text),
           "POST %s is a start" % path, reply.text)
    build = reply.text
    for path in ("/tasks", "/tasks/", "/builds/task/%s" % build,
                 "/builds/task/%s/" % build):
        reply = post_multipart(path, client.fields(
            build, "p", "1", "do_x", "Succeeded", "1"))
        same(reply.status, 200, "POST %s is a task" % path.replace(build, "ID"))
    for path in ("/builds/%s" % build, "/builds/stop/%s" % build):
        reply = post_multipart(path, [("status", "Succeeded")])
        same(reply.status, 200, "POST %s is an end" % path.replace(build, "ID"))
    reply = post_multipart("/builds/", [("builder", "proxied")],
                           target="http://%s/builds/" % host())
    ok(re.fullmatch(r"\d+", reply.text), "a proxy's whole address will do",
       reply.text)
    answer = web.get("/builds")
    same((answer.status, urllib.parse.urlsplit(
        answer.headers["Location"] or "").path),
        (302, web.URL.path + "builds"), "GET /builds leads to the search")
    same(web.get("/tasks/").status, 405, "GET /tasks/ is none")
    # With Expect: 100-continue, as curl sends it.
    body = multipart([("builder", "expects")])
    data = web.raw((
        "POST /builds/ HTTP/1.1\r\nHost: %s\r\nExpect: 100-continue\r\n"
        "Content-Length: %d\r\nConnection: close\r\n"
        "Content-Type: multipart/form-data; boundary=%s\r\n\r\n"
        % (host(), len(body), BOUNDARY)).encode() + body)
    ok(re.search(rb"\r\n\r\n\d+$", data), "who expects to be asked is", data)


def bad():
    client = V03()
    build = client.start("bad input").text
    good = client.fields(build, "p", "1", "do_x", "Succeeded", "1")

    def task(**change):
        return [(k, change.get(k, v)) for k, v in good if change.get(k, v)
                is not None]

    def refused(what, status, reply, words=""):
        ok(reply.status == status and words in reply.text and
           len(reply.text.strip().split("\n")) == 1 or status == 413,
           "%s: %d" % (what, status), reply.status, reply.text[:300])

    for bad_id in ("", "x", "0", "12345", "9" * 30, build + "\n1", "-" + build):
        refused("the build %r" % bad_id[:20], 404,
                post_multipart("/tasks/", task(build=bad_id)))
    for path in ("/builds/x/", "/builds/stop/7/"):
        refused(path, 404, post_multipart(path, [("status", "Succeeded")]))
    refused("no package", 400, post_multipart("/tasks/", task(package=None)),
            "package")
    refused("an empty task", 400, post_multipart("/tasks/", task(task="")),
            "task")
    refused("a status of its own", 400,
            post_multipart("/tasks/", task(status="Perhaps")), "status")
    refused("a package with a path", 400,
            post_multipart("/tasks/", task(package="../../etc")), "package")
    refused("a name of 10 KB", 400,
            post_multipart("/tasks/", task(package="x" * 10000)), "package")
    refused("a field of 300 KB", 413,
            post_multipart("/tasks/", good + [("depends", "x" * 300000)]))
    refused("a thousand fields", 413, post_multipart(
        "/tasks/", good + [("f%d" % i, "x") for i in range(1000)]))
    refused("no builder", 400, post_multipart("/builds/", [("machine", "m")]),
            "builder")
    refused("another boundary", 400,
            post_multipart("/tasks/", good, boundary="other"), "boundary")
    whole = multipart(good)
    refused("a form that breaks off", 400,
            post_multipart("/tasks/", (), body=whole[:len(whole) // 2]),
            "breaks off")
    refused("no form at all", 415, send(
        ["POST /tasks/ HTTP/1.1", "Host: " + host(), "Content-Length: 2",
         "Content-Type: text/plain", "Connection: close"], b"hi"))
    refused("an empty body", 400, post_multipart("/tasks/", (), body=b""))
    reply = web.raw(("POST /tasks/ HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n"
                     "Content-Type: multipart/form-data; boundary=%s\r\n"
                     "Content-Length: %d\r\n\r\n" % (
                         host(), BOUNDARY, len(whole))).encode() + whole[:50],
                    half_close=True)
    ok(not reply or b" 4" in reply[:13], "a client that stops halfway", reply)
    big = post_multipart("/tasks/", task(status="Failed"),
                         [("log", "log.txt", b"x" * (100 << 20))])
    same(big.status, 413, "a log of 100 MB")
    same(sql("SELECT count(*) FROM live_task WHERE live = " + build), "0",
         "nothing of all this is kept")
    odd(client, build, task)


def odd(client, build, task):
    """What is odd, and taken all the same."""
    logs = {
        "zeros": b"\0" * 1000 + b"\nfoo.c:1: error: no\n",
        "bytes": bytes(range(256)) * 50,
        "one line": b"x" * 3000000,
        "nothing": b"",
        "markup": b"<script>alert(1)</script> error: <b>\n\x1b[31mred\x1b[0m\n",
        "boundary": b"----------ThIs_Is_tHe_bouNdaRY\r\n--\r\nerror: x\r\n",
    }
    links = {}
    for n, (what, log) in enumerate(logs.items()):
        reply = client.task(build, "odd%d" % n, "1", "do_compile", "Failed",
                            "1", log)
        same(reply.status, 200, "a log of %s is taken" % what)
        links[what] = reply.text
    for what, path in links.items():
        f = failure(path)
        ok(f is not None, "and is there: " + what)
        if logs[what]:
            same(web.get(path + "/text").body, logs[what],
                 "as it was: " + what)
    reply = client.task(build, "naïve-ünï", "1.0", "do_compile", "Succeeded",
                        "nan")
    same(reply.status, 200, "a name beyond ASCII is taken")
    reply = post_v0("/builds/task/%s/" % build, [
        ("package", b"lat\xefn"), ("version", "1"), ("revision", "r0"),
        ("task", "do_x"), ("status", "Succeeded")])
    same(reply.status, 200, "a name in Latin-1, too")
    reply = client.task(build, "reduced_proc_pressure", "1", "cpu.log",
                        "Succeeded", "1")
    same(reply.status, 200, "and one that is a file of bitbake's")
    client.stop(build, "Failed")
    row = build_of("bad input", status="failed")
    ok(row and row["failed"] == len(logs), "the build has ended", row)
    unknown = str(int(time.time() * 1e9) - 10 ** 9)
    reply = post_multipart("/tasks/", task(build=unknown))
    same(reply.status, 200, "a build that nobody began is taken, and waits")


def send_many(builder, n, client=None):
    """A build of n tasks, of which each tenth fails; the replies."""
    client = client or V03()
    build = client.start(builder).text
    return build, [client.task(
        build, "p%03d" % i, "1", "do_compile",
        "Failed" if i % 10 == 0 else "Succeeded", "1",
        b"a.c:%d: error: bad\n" % i if i % 10 == 0 else None)
        for i in range(n)]


def kill_worker(*pids):
    """Each worker is killed while tasks come in: what was answered is kept."""
    answered = []
    build = V03().start("killed worker").text
    stop = threading.Event()

    def post(k):
        i = 0
        while not stop.is_set():
            name = "w%dx%d" % (k, i)
            try:
                reply = V03().task(build, name, "1", "do_x", "Succeeded", "1")
                if reply.status == 200:
                    answered.append(name)
            except (OSError, IndexError, ValueError):
                pass
            i += 1
    threads = [threading.Thread(target=post, args=(k,)) for k in range(4)]
    for t in threads:
        t.start()
    for n, pid in enumerate(pids):
        wait(lambda n=n: len(answered) > (n + 1) * 20)
        os.kill(int(pid), signal.SIGKILL)
    wait(lambda: len(answered) > (len(pids) + 2) * 20)
    stop.set()
    for t in threads:
        t.join()
    V03().stop(build, "Succeeded")
    build_of("killed worker", status="succeeded")

    def missing():
        have = set(sql("SELECT package FROM live_task WHERE live = "
                       + build).split())
        return [name for name in answered if name not in have] or ["none"]
    wait(lambda: missing() == ["none"])
    same(missing(), ["none"], "%d tasks were answered, %d workers killed: all "
         "are there" % (len(answered), len(pids)))
    ok(build_of("killed worker", tasks=int(
        sql("SELECT count(*) FROM live_task WHERE live = " + build))),
        "and in the build")


def background_pid(parent):
    for line in subprocess.run(
            ["ps", "-o", "pid=,comm=", "--ppid", parent], check=False,
            stdout=subprocess.PIPE, text=True).stdout.splitlines():
        pid, name = line.split()
        if name == "background":
            return int(pid)
    return None


def kill_background(parent):
    """The background process is killed again and again while it reads."""
    done = threading.Event()
    result = []

    def post():
        result.append(send_many("killed background", 600))
        done.set()
    thread = threading.Thread(target=post)
    thread.start()
    kills, last = 0, None
    while not done.is_set():
        pid = background_pid(parent)
        if pid is not None and pid != last:
            os.kill(pid, signal.SIGKILL)
            kills, last = kills + 1, pid
        time.sleep(0.01)
    thread.join()
    build, replies = result[0]
    V03().stop(build, "Failed")
    same([r.status for r in replies], [200] * 600,
         "nobody notices that the background process is killed")
    ok(kills > 1, "it was killed %d times" % kills)
    row = build_of("killed background", status="failed", tasks=600)
    ok(row and row["failed"] == 60, "every task is applied once", row)
    same(sql("SELECT count(*), count(DISTINCT package) FROM live_task "
             "WHERE live = " + build), "600|600", "so say the rows")
    codes = [r.text for r in replies if r.text]
    same(len(set(codes)), 60, "each failure has an address of its own")
    same([c for c in codes if not failure(c)], [], "and is there")


def down_send(state):
    """The database is down: answers come all the same, and at once."""
    times = []
    client = V03()
    build = client.start("database down").text
    ok(re.fullmatch(r"\d+", build), "a start without a database", build)
    links = []
    for i in range(30):
        before = time.monotonic()
        reply = client.task(build, "p%d" % i, "1", "do_compile",
                            "Failed" if i < 3 else "Succeeded", "1",
                            b"x.c:1: error: down\n" if i < 3 else None)
        times.append(time.monotonic() - before)
        if i < 3:
            links.append(reply.text)
        if reply.status != 200:
            ok(False, "a task without a database", reply.text)
    client.stop(build, "Failed")
    ok(sorted(times)[len(times) // 2] < 1, "tasks without a database",
       sorted(times)[-3:])
    ok(all(re.fullmatch(r"/[!-~]{1,19}", x) for x in links),
       "failures get an address", links)
    with open(state, "w") as f:
        json.dump(links, f)


def down_check(state):
    with open(state) as f:
        links = json.load(f)
    row = build_of("database down", status="failed", tasks=30)
    ok(row and row["failed"] == 3, "the build is there when it is back", row)
    for link in links:
        if "/f/" in link:
            ok(failure(link), "where the answer said")


def health(state):
    with open(state) as f:
        build = f.read()
    ok(wait(lambda: "0|0" == sql(
        "SELECT (SELECT count(*) FROM live_build WHERE id = %s), "
        "(SELECT count(*) FROM live_task WHERE live = %s)" % (build, build))),
       "what was folded for good is forgotten after a day")
    same(web.get("/builds/%s/" % build).status, 302, "but not its address")
    body = wait(lambda: (lambda q: q if q["queues"]["spool"]["bytes"] == 0
                         else None)(web.get("health").json))
    ok(body and body["queues"]["logs"]["waiting"] >= 0 and
       body["background"]["age"] < 60, "/health says what waits", body)
    left = wait(lambda: "0" == sql(
        "SELECT count(*) FROM log WHERE words IS NULL"))
    ok(left, "all logs are in the search")
    body = web.get("health").json
    same(body["queues"]["logs"]["waiting"], 0, "/health says so, too")
    text = web.get("stats.prom").text
    for name in ("live_events_total", "applied_events_total", "folds_total",
                 "indexed_logs_total", "spool_bytes", "unindexed_logs"):
        ok(re.search(r"^buildstats_%s(\{.*\})? \d+$" % name, text, re.M),
           "/stats.prom has " + name)


PHASES = {f.__name__: f for f in (
    clients, silent, addresses, bad, kill_worker, kill_background, down_send,
    down_check, health)}

if __name__ == "__main__":
    socket.setdefaulttimeout(60)
    PHASES[sys.argv[1]](*sys.argv[2:])
    end()
