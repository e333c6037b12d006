"""live.py: builds that report themselves while they run.

    live.py PHASE [ARGUMENT...]
"""
import json
import os
import signal
import subprocess
import sys
import threading
import time
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
from tap import end, ok  # noqa: E402
import live  # noqa: E402
import recordings  # noqa: E402
import tars  # noqa: E402
import web  # noqa: E402

DATA = os.path.join(os.path.dirname(__file__), "..", "data")
SECONDS = int(os.environ.get("BS_WAIT", "60"))  # until something that should be there in two is given up
NOW = int(time.time())


def same(what, got, want):
    return ok(got == want, what, "got:  %r" % (got,), "want: %r" % (want,))


def wait(what, condition):
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        got = condition()
        if got:
            return ok(True, what) and got
        time.sleep(0.1)
    return ok(False, what)


def page(path):
    """As it is now: no cache has seen this address."""
    return web.get("%s%sn=%d" % (path, "&" if "?" in path else "?",
                                 time.monotonic_ns())).json


def document(**more):
    return dict({"uuid": str(uuid.uuid4()), "key": os.urandom(16).hex(),
                 "name": "20261128100000", "machine": "qemux86-64",
                 "targets": ["core-image-minimal"], "started": NOW - 600},
                **more)


def load(name):
    files = recordings.unpack(os.path.join(DATA, name + ".tar.zst"))
    run = [n for n in files if n.endswith("/build_stats")][0].rsplit("/", 1)[0]
    # what no page is made of needs not be sent
    files = {n: d for n, d in files.items() if "/packages/" not in n}
    return files, run


# ---- recordings, replayed

def exported(admin, to, build):
    """{path: bytes}, as it is exported."""
    with open(to, "wb") as out:
        subprocess.run([admin, "--db", os.environ["BS_DB"], "export",
                        str(build)], check=True, stdout=out)
    return recordings.unpack(to)


def numbers(build):
    """All that is shown of a build, without what names it."""
    found = page("build/%d.json" % build)
    out = {k: found[k] for k in ("metrics", "types", "longest", "packages",
                                 "charts")}
    out["build"] = {k: v for k, v in found["build"].items()
                    if k not in ("id", "url")}
    out["failures"] = [{k: f[k] for k in ("recipe", "version", "task",
                                          "first_line")}
                       for f in found["failures"]]
    text = json.dumps(out)
    return json.loads(text.replace("build/%d" % build, "build/N"))


def replay_one(name, seed, work, admin):
    files, run = load(name)
    buildname = run.rsplit("/", 1)[1]
    first = document(name=buildname, machine="", targets=[])
    b = live.begin(first)
    same("%s begins" % name, b.status, 201)
    shapes = set()
    events = b.number(live.recording_events(files, run, None), NOW)
    sums = {"accepted": 0, "duplicate": 0}
    seqs = []
    for i, request in enumerate(live.shuffled(events, seed)):
        a = b.send(request, [None, "gzip", "zstd"][i % 3])
        if a.status != 200:
            return ok(False, "%s: request %d" % (name, i), a.text)
        for key in sums:
            sums[key] += a.json[key]
        seqs += [e["seq"] for e in request]
    same("%s: each event counts once" % name, sums["accepted"], len(events))
    same("%s: what came again is told" % name, sums["duplicate"],
         len(seqs) - len(set(seqs)))
    end_event = b.number([{"event": "finished", "status": "succeeded"}], NOW)
    same("%s: it ends" % name, b.send(end_event).status, 200)
    wait("%s: the build has ended" % name,
         lambda: page("build/%d.json" % b.id)["build"]["status"] != "running")
    ours = exported(admin, os.path.join(work, name + "-live"), b.id)
    answer = web.upload(tars.tar(files)).json
    other = [x for x in answer["builds"] if x["name"] == buildname][0]["id"]
    ok(other != b.id, "%s: the tar is another build" % name)
    theirs = exported(admin, os.path.join(work, name + "-tar"), other)
    return compare(name, ours, theirs, numbers(b.id), numbers(other), shapes)


def compare(name, ours, theirs, our_numbers, their_numbers, _):
    def of_run(x):
        return {k: v for k, v in x.items() if not k.endswith("build.json")}
    ours, theirs = of_run(ours), of_run(theirs)
    same("%s: the same files" % name, sorted(ours), sorted(theirs))
    same("%s: byte for byte" % name,
         [k for k in ours if ours[k] != theirs.get(k)], [])
    for key, value in our_numbers.items():
        same("%s: the same %s" % (name, key), value, their_numbers[key])


def replay(work, admin):
    replay_one("A1", 1, work, admin)
    replay_one("F1", 2, work, admin)


# ---- the page of a build that runs

def page_of_running():
    """Everything that it shows, computed again from what was sent."""
    for i in range(6):
        answer = web.upload(live.history(NOW - 86400 * (i + 1),
                                         [100 + i, 200, 100, 400 + i]))
        same("history %d" % i, answer.status, 201)
    b = live.running(NOW, "ab" * 16)
    same("a build runs", (b.status, b.answered.status), (201, 200))
    path = "build/%d.json" % b.id
    wait("its failure is there", lambda: page(path)["failures"])
    wait("and its tasks", lambda: page(path)["build"]["tasks"] == 2)
    shown = page(path)
    now = shown["live"]
    same("the failure has an address",
         [(f["recipe"], f["task"], f["first_line"]) for f in
          shown["failures"]],
         [("perl", "do_compile", "no such thing as 'sv'")])
    same("that answers", web.get("f/%s.json" % shown["failures"][0]["id"])
         .status, 200)
    same("how far it is", [now[k] for k in (
        "done", "total", "progress", "setscene_done", "setscene_total")],
        [2, 5, 0.4, 1, 3])
    expected = median([left(i, now["elapsed"], now["running"])
                       for i in range(5)])
    ok(abs(now["left"] - expected) < 3, "what is left",
       "%r is not %r" % (now["left"], expected))
    ok(now["earliest"] < now["expected"] < now["latest"], "about")
    ok("5 that succeeded on this builder" in now["basis"], "by what",
       now["basis"])
    same("what runs", [(t["recipe"], t["task"]) for t in now["running"]],
         [("bash", "do_compile"), ("gcc", "do_compile")])
    same("what it takes usually", [t["usual"] for t in now["running"]],
         [100, 402.5])
    same("what history explains", [t["limit"] for t in now["running"]],
         [300, 1207.5])
    same("what it doesn't", [t["alarm"] for t in now["running"]],
         [True, False])
    for words in ("2 of 5 tasks done", "perl do_compile failed",
                  "1 takes longer than history explains",
                  "the end is expected at"):
        ok(words in shown["sentence"], "the sentence: " + words,
           shown["sentence"])
    same("QA issues by class", [(q["class"], q["warnings"]) for q in
                                shown["events"]["qa"]],
         [("already-stripped", 1)])
    text = web.get("build/%d?n=1" % b.id).text
    ok('http-equiv="refresh"' in text and "<noscript>" in text,
       "the page comes again without a script")
    ok("unusually long" in text, "and says what is unusual")
    running = page("builds.json?status=running")["builds"]
    ok(b.id in [x["id"] for x in running], "it is among the running ones")
    first = page(".json")["running"]
    same("the first page tells of it",
         [(x["id"], x["done"], x["total"]) for x in first],
         [(b.id, 2, 5)])
    # a newer snapshot counts, an older one doesn't
    b.send(b.number([{"event": "running", "done": 1, "total": 5}], NOW - 5))
    same("an old snapshot is none", page(path)["live"]["done"], 2)
    b.send(b.number([{"event": "running", "done": 5, "total": 5,
                      "running": []}], NOW + 5))
    same("a new one is", page(path)["live"]["done"], 5)
    b.send(b.number([{"event": "finished", "status": "failed",
                      "elapsed": 720.5}], NOW + 10))
    wait("it ends", lambda: page(path)["build"]["status"] == "failed")
    shown = page(path)
    ok("live" not in shown, "and runs no more")
    same("after so long", shown["build"]["elapsed"], 720.5)
    b.send(b.number([{"event": "recipe", "recipe": "late", "version": "1-r0",
                      "tasks": [{"task": "do_x", "status": "passed",
                                 "metrics": {"utime": 7}}]}], NOW + 11))
    wait("what comes late still counts",
         lambda: page(path)["build"]["tasks"] == 3)


def median(values):
    values = sorted(values)
    n = len(values)
    return (values[(n - 1) // 2] + values[n // 2]) / 2


def left(i, elapsed, running):
    """By the like build i: what is left there, times how slow this one is."""
    work = [100 + i, 200, 100, 400 + i]
    done = [work[0], work[1]] + [min(w, r["elapsed"]) for w, r in
                                 zip(work[2:], running)]
    there, rest = 10, sum(done)
    for w in work:
        there += min(w, rest)
        rest -= min(w, rest)
    slow = min(3, max(1 / 3, elapsed / there))
    share = sum(done) / sum(work)
    slow = 1 + (slow - 1) * min(1, share / 0.2)
    return (20 + sum(work) - there) * slow


# ---- silence

def silent():
    """The server counts a build as cut short after ten seconds."""
    b = live.begin(document())
    task = {"event": "recipe", "recipe": "zlib", "version": "1-r0",
            "tasks": [{"task": "do_x", "started": NOW - 60, "elapsed": 5,
                       "status": "passed"}]}
    same("a build begins", b.send(b.number([task], NOW)).status, 200)
    path = "build/%d.json" % b.id
    wait("nothing comes: it is incomplete",
         lambda: page(path)["build"]["status"] == "incomplete")
    a = b.send(b.number([{"event": "running", "done": 1, "total": 2}], NOW))
    same("it speaks again", a.status, 200)
    wait("it runs again", lambda: page(path)["build"]["status"] == "running")
    task = json.loads(json.dumps(task).replace("zlib", "xz"))
    del task["seq"], task["time"]
    b.send(b.number([task, {"event": "finished", "status": "succeeded"}],
                    NOW))
    wait("its spool arrives: it is complete",
         lambda: page(path)["build"]["status"] == "succeeded")
    same("with all tasks", page(path)["build"]["tasks"], 2)
    c = live.begin(document())
    c.send(c.number([{"event": "finished", "status": "interrupted"}], NOW))
    wait("one that was interrupted is incomplete at once",
         lambda: page("build/%d.json" % c.id)["build"]["status"] ==
         "incomplete")


# ---- bad input

def refused(what, answer, status, sentence=None):
    ok(answer.status == status and (sentence or "") in answer.error(),
       "%s: %d" % (what, status), answer.status, answer.error())


def bad_begins():
    def begin(**more):
        return web.request("POST", "api/v1/builds",
                           json.dumps(document(**more)).encode())
    for what, more, sentence in [
            ("a key that is none", {"key": "secret"}, "key: not 32 to 64"),
            ("a UUID that is none", {"uuid": "x"}, "uuid"),
            ("a name that leads elsewhere", {"name": "../x"}, "name:"),
            ("a start in the future", {"started": NOW + 90000}, "started:"),
            ("a start long ago", {"started": 1000}, "started:"),
            ("a machine that is a number", {"machine": 7}, "machine:"),
            ("targets that are none", {"targets": "x"}, "targets:")]:
        refused(what, begin(**more), 400, sentence)
    refused("no JSON", web.request("POST", "api/v1/builds", b"{"), 400)
    refused("nothing", web.request("POST", "api/v1/builds", b""), 400)
    refused("too much", web.request("POST", "api/v1/builds",
                                    b"[" * 300000), 413)
    refused("too deep", web.request("POST", "api/v1/builds",
                                    b"[" * 3000), 400)
    refused("a GET", web.get("api/v1/builds"), 405)
    refused("an unknown compression", web.request(
        "POST", "api/v1/builds", b"{}", {"Content-Encoding": "br"}), 415)
    doc = document()
    first, again = live.begin(doc), live.begin(doc)
    same("the same begin gives the same", (again.status, again.answer),
         (200, first.answer))
    other = live.begin(dict(doc, key="00" * 16))
    same("another key gives no token", (other.status, other.token, other.id),
         (200, None, first.id))
    del doc["key"]
    same("nor does none", live.begin(doc).token, None)
    del doc["uuid"]
    lone = live.begin(doc)
    same("without a key the server makes a token",
         (lone.status, len(lone.token)), (201, 64))


def bad_tokens():
    b, other = live.begin(document()), live.begin(document())
    e = b.number([{"event": "running"}], NOW)
    refused("no token", web.request(
        "POST", "api/v1/builds/%d/events" % b.id, b"{}"), 401)
    refused("another build's token", b.send(e, token=other.token), 403)
    refused("a wrong token", b.send(e, token="0" * 64), 403)
    other.id = 999999
    refused("an unknown build", other.send(e), 404)
    other.id = "x"
    refused("a number that is none", other.send(e), 404)
    other.id = web.upload(tars.tar(tars.run())).json["builds"][0]["id"]
    refused("a build that came as a bundle", other.send(e), 409)


SAMPLES = [
    {"event": "recipe", "recipe": "zlib", "version": "1-r0", "tasks": [
        {"task": "do_compile", "started": NOW, "elapsed": 2.5,
         "status": "passed", "metrics": {"rusage ru_utime": 0.25}}]},
    {"event": "file", "path": "reduced_proc_stat.log", "offset": 0,
     "text": "1700000000\n1 2 3\n\n"},
    {"event": "file", "path": "console.log", "beside": True,
     "base64": "aGVsbG8K"},
    {"event": "failure", "recipe": "bash", "version": "2-r1",
     "task": "do_install", "log": "error: x\n", "message": "it broke"},
    {"event": "qa", "recipe": "bash", "class": "ldflags", "level": "error",
     "message": "no flags"},
    {"event": "environment", "distro": "poky", "layers": [
        {"name": "meta", "commit": "35a2c6ed79", "modified": False}]},
    {"event": "running", "running": [["a-1-r0", "do_x", NOW]], "done": 1,
     "total": 2},
    {"event": "unheard-of", "what": [1, 2, {"x": None}]},
    live.tasks_event([("xz-5-r0", "do_compile",
                       tars.task("xz-5-r0", "do_compile", NOW - 50))]),
    {"event": "finished", "status": "failed", "elapsed": 30,
     "summary": {"warnings": 3}},
]


def bad_shapes(b):
    good = SAMPLES[8]
    n = len(good["columns"])

    def broken(**more):
        return dict(json.loads(json.dumps(good)), **more)
    for what, e, sentence in [
            ("a column less", broken(columns=good["columns"][1:]),
             "tasks: columns: not one for each"),
            ("a coding less", broken(coding=good["coding"][1:]),
             "tasks: coding: not one for each"),
            ("a long column", broken(columns=[[1, 2]] + good["columns"][1:]),
             "tasks: columns[0]: not as long"),
            ("no column", broken(columns=[7] + good["columns"][1:]),
             "tasks: columns[0]: expected an array"),
            ("no number", broken(columns=[["x"]] + good["columns"][1:]),
             "tasks: columns[0][0]: expected an integer"),
            ("an unknown coding", broken(coding=["9"] + good["coding"][1:]),
             "tasks: coding[0]"),
            ("a base of none", broken(coding=["0s%d" % n] +
                                      good["coding"][1:]), "tasks: coding[0]"),
            ("predicted by itself", broken(coding=["0s0"] +
                                           good["coding"][1:]),
             "predicted by what is predicted"),
            ("no package", broken(package=[3]), "tasks: package[0]"),
            ("no name", broken(name=[-1]), "tasks: name[0]"),
            ("no shape", broken(shape=[1]), "tasks: shape[0]"),
            ("lists of two lengths", broken(name=[0, 0]),
             "tasks: name: not as long"),
            ("a path for a package", broken(packages=["../x"]),
             "tasks: packages[0]: this is no name"),
            ("a shape that is unknown", broken(shapes=["#" + "0" * 16]),
             "was not sent before"),
            ("a shape that is a task file of none",
             broken(shapes=["x\n"], columns=[], coding=[]), "no task file"),
            ("a shape that lies", broken(
                shapes=["Event: TaskStarted \nStarted: x\x01\n"],
                columns=[[1]], coding=["0"]), "Started"),
            ("no finite number", broken(
                shapes=["Event: TaskStarted \na: \x01\n"],
                columns=[[9218868437227405312]], coding=["3"]),
             "no finite number"),
            ("more than an integer holds", broken(
                columns=[[10 ** 20]] + good["columns"][1:]),
             "tasks: columns[0][0]")]:
        refused(what, b.send(b.number([e], NOW)), 400, sentence)
        ok("line 1" in b.send([dict(e, seq=99)]).error(), what + ": its line")


def bad_events():
    b = live.begin(document())
    e = {"seq": 1, "time": NOW, "event": "running"}
    for what, lines, sentence in [
            ("no number", [dict(e, seq=None)], 'line 1: there is no "seq"'),
            ("the number 0", [dict(e, seq=0)], "line 1: seq"),
            ("no time", [dict(e, time=None)], 'line 1: there is no "time"'),
            ("the future", [e, dict(e, time=NOW + 90000)], "line 2: time"),
            ("the past", [dict(e, time=900000000)], "line 1: time"),
            ("no kind", [dict(e, event=None)], "line 1:"),
            ("a count below nothing", [dict(e, done=-1)],
             "line 1: running: done"),
            ("a list of what runs", [dict(e, running=[["a"]])],
             "line 1: running: running[0]"),
            ("a path out of the run", [dict(e, event="file", path="../x",
                                            text="")], "line 1: file: path"),
            ("no base64", [dict(e, event="file", path="x", base64="?")],
             "base64"),
            ("a log that is no frame", [dict(
                e, event="failure", recipe="a", version="1", task="do_x",
                log_zstd_base64="KLUv/Q==")], "line 1: failure: log"),
            ("a status of none", [dict(e, event="finished", status="fine")],
             "line 1: finished: status"),
            ("a metric of none", [dict(
                e, event="recipe", recipe="a", version="1", tasks=[
                    {"task": "do_x", "status": "passed",
                     "metrics": {"a:b": 1}}])], "this is no metric"),
            ("layers that are none", [dict(e, event="environment",
                                           layers=3)], "line 1: environment")]:
        refused(what, b.send(lines), 400, sentence)
    refused("no JSON", b.send_bytes(b'{"seq":1,'), 400, "line 1")
    refused("two on a line", b.send_bytes(
        json.dumps(e).encode() * 2), 400, "line 1")
    refused("nothing", b.send_bytes(b"\n\n"), 400)
    refused("too deep", b.send_bytes(b'{"seq":' + b"[" * 60), 400, "deep")
    same("nothing of all that stays", page("build/%d.json" % b.id)["build"]
         ["tasks"], 0)
    bad_shapes(b)


def truncated():
    """A request cut at each byte leaves nothing, plain and compressed; then
    all of it counts once."""
    b = live.begin(document())
    events = b.number(json.loads(json.dumps(SAMPLES)), NOW)
    body = b"".join(json.dumps(e).encode() + b"\n" for e in events)
    wrong = []
    last = body.rindex(b"\n", 0, -1) + 1
    for at in range(last + 1, len(body) - 1):
        a = b.send_bytes(body[:at])
        if a.status != 400:
            wrong.append((at, a.status, a.text[:100]))
    packed = live.zstd(body)
    for at in range(len(packed) - 1):
        a = web.request("POST", "api/v1/builds/%d/events" % b.id, packed[:at],
                        {"Authorization": "Bearer " + b.token})
        if a.status != 400:
            wrong.append((at, a.status, a.text[:100]))
    same("a request cut at each byte is refused", wrong, [])
    a = b.send_bytes(body)
    same("nothing of them was kept", (a.status, a.json["accepted"],
                                      a.json["ignored"]),
         (200, len(SAMPLES), 1))
    a = b.send_bytes(body)
    same("all of it again is none", (a.json["accepted"],
                                     a.json["duplicate"]), (0, len(SAMPLES)))
    path = "build/%d.json" % b.id
    wait("it is read", lambda: page(path)["build"]["status"] == "failed")
    shown = page(path)
    same("what the environment said", shown["build"]["distro"], "poky")
    same("its failure", [f["recipe"] for f in shown["failures"]], ["bash"])
    same("the metrics of its tasks", sorted(
        t["recipe"] for t in page("build/%d/tasks.json" % b.id)["tasks"]),
        ["xz", "zlib"])


def caps():
    b = live.begin(document())
    e = {"time": NOW, "event": "running"}
    many = [dict(e, seq=i + 1) for i in range(10001)]
    refused("too many lines", b.send(many), 413, "more lines")
    refused("a long line", b.send([dict(e, seq=1, x="y" * (9 << 20))], "zstd"),
            413, "line 1")
    line = json.dumps(dict(e, seq=1, x="y" * 100000)).encode() + b"\n"
    refused("a bomb", b.send_bytes(line * 400, "zstd"), 413)
    refused("a bomb of nothing", b.send_bytes(b"\n" * (64 << 20), "zstd"), 413)
    log = live.base64.b64encode(live.zstd(b"\0" * (200 << 20))).decode()
    refused("a log that is a bomb", b.send(
        [dict(e, seq=1, event="failure", recipe="a", version="1",
              task="do_x", log_zstd_base64=log)]), 413)
    refused("a file without end", b.send(
        [dict(e, seq=1, event="file", path="x", text="y",
              offset=1 << 40)]), 413)
    refused("too many values", b.send(
        [dict(e, seq=1, running=[0] * 300000)]), 413)
    refused("too much", web.request(
        "POST", "api/v1/builds/%d/events" % b.id, b"x" * (17 << 20),
        {"Authorization": "Bearer " + b.token}), 413)
    gaps = [dict(e, seq=2 * i + 1, event="x") for i in range(9000)]
    same("gaps are remembered", b.send(gaps).status, 200)
    for at in range(1, 4):
        a = b.send([dict(x, seq=x["seq"] + at * 18000) for x in gaps])
    refused("but not any number of them", a, 400, "gaps")


def oddities():
    b = live.begin(document())
    a = b.send([{"seq": 5, "time": NOW, "event": "x"},
                {"seq": 5, "time": NOW, "event": "x"}])
    same("a number twice in a request", (a.json["accepted"],
                                         a.json["duplicate"]), (1, 1))
    block = tars.task("xz-5-r0", "do_compile", NOW - 50)
    twice = [("xz-5-r0", "do_compile", block)] * 2
    b.send([dict(live.tasks_event(twice), seq=6, time=NOW)])
    shape = live.shape_of(block, "xz-5-r0", "do_compile")[0]
    sha = live.hashlib.sha256(shape.encode()).hexdigest()[:16]
    again = live.tasks_event([("zlib-1-r0", "do_compile", tars.task(
        "zlib-1-r0", "do_compile", NOW - 40))], {sha})
    same("a shape is referred to", b.send(
        [dict(again, seq=7, time=NOW)]).status, 200)
    wrong = "Event: TaskStarted \nStarted: never\n"
    b.send([{"seq": 8, "time": NOW, "event": "file",
             "path": "bad-1-r0/do_compile", "text": wrong},
            {"seq": 9, "time": NOW, "event": "file", "path": "build_stats",
             "offset": 500, "text": "behind a gap"},
            {"seq": 10, "time": NOW, "event": "finished",
             "status": "succeeded"}])
    path = "build/%d.json" % b.id
    wait("a build with a broken file ends",
         lambda: page(path)["build"]["status"] == "succeeded")
    shown = page(path)
    same("the same block counts once", shown["build"]["tasks"], 2)
    ok(any("bad-1-r0/do_compile was left out" in json.dumps(r)
           for r in shown["repairs"]), "and says what was left out",
       shown["repairs"])


def overtaken():
    """A bundle with the whole build takes the place of what was reported; what
    comes late doesn't take it back."""
    first = document()
    b = live.begin(first)
    b.send(b.number([
        {"event": "recipe", "recipe": "zlib", "version": "1.3.1-r0",
         "tasks": [{"task": "do_compile", "status": "passed"}]},
        {"event": "finished", "status": "succeeded"}], NOW))
    path = "build/%d.json" % b.id
    wait("a build ends",
         lambda: page(path)["build"]["status"] == "succeeded")
    files = tars.run()
    files["build.json"] = json.dumps({"uuid": first["uuid"],
                                      "machine": "of-the-bundle"})
    a = web.upload(tars.tar(files))
    same("its bundle is the same build", (a.status, a.json["builds"][0]["id"]),
         (200, b.id))
    same("and takes its place", [page(path)["build"][k] for k in (
        "machine", "tasks")], ["of-the-bundle", 3])
    b.send(b.number([{"event": "qa", "level": "warning", "class": "x"}], NOW))
    wait("what comes late is looked at", lambda: page("health")["queues"]
         ["live_builds"]["waiting"] == 0)
    same("and changes nothing", page(path)["build"]["machine"],
         "of-the-bundle")


def two_clients():
    """Two send the same events at once: each counts once."""
    b = live.begin(document())
    events = b.number([
        {"event": "recipe", "recipe": "r%d" % i, "version": "1-r0",
         "tasks": [{"task": "do_x", "status": "passed"}]}
        for i in range(200)], NOW)
    sums = [0, 0]

    def send(k):
        for request in live.shuffled(events, k):
            a = b.send(request)
            while a.status == 503:
                a = b.send(request)
            sums[k] += a.json["accepted"]
    threads = [threading.Thread(target=send, args=(k,)) for k in range(2)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    same("two clients at once", sum(sums), 200)
    doc, ids = document(), []
    threads = [threading.Thread(target=lambda: ids.append(
        live.begin(doc).id)) for _ in range(6)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    same("and six begins at once", len(set(ids)), 1)


def bad():
    bad_begins()
    bad_tokens()
    bad_events()
    truncated()
    caps()
    oddities()
    overtaken()
    two_clients()


def tokens(mine, others):
    """Of builders, as buildstats-admin made them."""
    headers = {"Authorization": "Bearer " + mine}
    b = live.begin(document(builder="somebody"), headers)
    same("a builder's build is its own", page("build/%d.json" % b.id)
         ["build"]["builder"], "builder-1")
    e = [{"seq": 1, "time": NOW, "event": "running"}]
    same("its token tells of it", b.send(e, token=mine).status, 200)
    refused("another builder's doesn't", b.send(e, token=others), 403)
    b.send([{"seq": 2, "time": NOW, "event": "environment",
             "builder": "somebody"},
            {"seq": 3, "time": NOW, "event": "finished",
             "status": "succeeded"}])
    path = "build/%d.json" % b.id
    wait("it ends", lambda: page(path)["build"]["status"] == "succeeded")
    same("and stays its own", page(path)["build"]["builder"], "builder-1")


# ---- what is killed

def killed(*pids):
    """Workers are killed while events come in: what was answered is kept, and
    what wasn't can be sent again."""
    b = live.begin(document())
    answered = set()

    def event(i):
        return {"seq": i + 1, "time": NOW, "event": "recipe",
                "recipe": "r%d" % i, "version": "1-r0",
                "tasks": [{"task": "do_x", "status": "passed"}]}
    todo = list(range(400))

    def send():
        while todo:
            try:
                i = todo.pop()
            except IndexError:
                return
            try:
                if b.send([event(i)]).status == 200:
                    answered.add(i)
                    continue
            except (OSError, ValueError):
                pass
            todo.append(i)
    threads = [threading.Thread(target=send) for _ in range(4)]
    for t in threads:
        t.start()
    for n, pid in enumerate(pids):
        wait("some are answered", lambda n=n: len(answered) > (n + 1) * 30)
        os.kill(int(pid), signal.SIGKILL)
    for t in threads:
        t.join()
    a = b.send([event(i) for i in range(400)])
    same("nothing that was answered is lost", (a.json["accepted"],
                                               a.json["duplicate"]), (0, 400))
    b.send([{"seq": 999, "time": NOW, "event": "finished",
             "status": "succeeded"}])
    wait("and each counts once", lambda: page(
        "build/%d.json" % b.id)["build"]["tasks"] == 400)


def down(state):
    """The database is away, or its disk is full: nothing is taken."""
    b = live.begin(document())
    with open(state, "w") as f:
        json.dump(b.answer, f)
    ok(True, "a build begins")


def down_send(state, what):
    b = resume(state)
    a = b.send([{"seq": 7, "time": NOW, "event": "x"}])
    ok(a.status in (500, 503), "%s: %d" % (what, a.status), a.text)


def down_check(state):
    b = resume(state)
    a = b.send([{"seq": 7, "time": NOW, "event": "x"}])
    same("sent again it counts", (a.status, a.json.get("accepted")), (200, 1))


def resume(state):
    with open(state) as f:
        answer = json.load(f)
    b = live.Build.__new__(live.Build)
    b.id, b.token, b.seq = answer["id"], answer["token"], 0
    return b


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
    end()
