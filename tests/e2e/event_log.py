"""event_log.py: event logs at the server, and what its pages say of them.

Run by event_log.sh, which says where the server and the files are.
"""

import io
import os
import subprocess
import sys
import tarfile

SRC = os.environ["BS_SRC"]
sys.path.insert(0, os.path.join(SRC, "tests/lib"))
sys.path.insert(0, os.path.join(SRC, "tests/e2e"))
import bitbake_events as ev  # noqa: E402
import event_facts  # noqa: E402
import tap  # noqa: E402
import tars  # noqa: E402
import web  # noqa: E402

LOG = os.environ["BS_LOG"]
STACK = os.environ["BS_STACK"]
FACTS = event_facts.Facts(LOG)


def form(data, field="eventlog", boundary="----xyz"):
    head = ('--%s\r\nContent-Disposition: form-data; name="%s"; '
            'filename="x.json"\r\nContent-Type: application/json\r\n\r\n'
            % (boundary, field)).encode()
    return head + data + ("\r\n--%s--\r\n" % boundary).encode(), {
        "Content-Type": "multipart/form-data; boundary=" + boundary}


def post(path, data, **more):
    body, headers = form(data, **more)
    return web.request("POST", path, body, headers)


def read(path):
    with open(path, "rb") as f:
        return f.read()


def build_of(answer):
    return answer.text.strip().rsplit("/", 1)[-1]


def page(build):
    return web.get("build/%s.json" % build).json


def counts_of(events):
    return {k: v for k, v in events.items() if isinstance(v, int)}


def same_events(events, facts, what):
    tap.same(counts_of(events), facts.counts, what + ": all counts")
    tap.same(events["variables"], facts.variables,
             what + ": the variables that are allowed, and no other")
    # Of the kinds that are shown first come errors.
    want = sorted((m for m in facts.messages if not m["class"]),
                  key=lambda m: m["level"] != "error")[:50]
    tap.same([{k: m[k] for k in ("level", "class", "recipe", "task", "text")}
              for m in events["messages"]], want, what + ": the messages")


# ---- beside its build, by the client ----

def beside():
    client = subprocess.run(
        [os.path.join(os.environ["BS_INSTALL"], "bin/push-build-results"),
         "--server", os.environ["BS_URL"], os.environ["BS_BUILD_DIR"]],
        check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    out = client.stdout.decode()
    tap.ok(client.returncode == 0 and out.startswith("failed 2026"),
           "the client sends a build directory", out)
    d = page(out.strip().rsplit("/", 1)[-1])
    same_events(d["events"], FACTS, "sent by the client")
    tap.same(d["build"]["failed"], 8, "its failed tasks are the buildstats'")
    tap.ok(all(f["first_line"] for f in d["failures"]),
           "and their logs came along", d["failures"])
    origin = d["environment"]["origin"]
    tap.same(origin["bitbake_version"], "error-report/error_report_"
             "20261122140428.txt", "what says more wins over the event log")
    html = web.get("build/%s" % d["build"]["id"]).text
    tap.ok("Warnings and the cache" in html and
           "0 tasks of 2,946 came from the cache" in html,
           "the page says what the cache spared")


# ---- by itself ----

def tasks_of(build):
    rows = web.get("build/%s/tasks.json?per=all" % build).json["tasks"]
    return {(r["package"], r["task"]): r for r in rows}


def same_tasks(build):
    got = tasks_of(build)
    want = FACTS.tasks
    tap.same(len(got), len(want), "all tasks are there")
    wrong = []
    for key, runs in want.items():
        start, end, status = runs[-1]
        row = got.get(key)
        if (row is None or row["status"] != "succeeded" or status != "PASSED" or
                abs(row["elapsed"] - (int(end * 100) - int(start * 100)) / 100)
                > 0.0101):
            wrong.append((key, runs, row))
    tap.same(wrong[:3], [], "each with its time and status")
    names = {r["package"]: r["recipe"] for r in got.values()}
    tap.same({k: v for k, v in names.items() if FACTS.names[k] != v}, {},
             "each package is the recipe's that bitbake says")


def by_itself():
    raw = read(LOG)
    before = sorted(os.listdir(os.environ["BS_RAW"]))
    answer = post("/orm/eventfile", raw)
    tap.same(answer.status, 303, "Toaster's address takes it")
    url = answer.headers["Location"]
    tap.same(answer.text, url + "\n", "and leads to the build")
    build = build_of(answer)
    d = page(build)
    tap.same((d["build"]["name"], d["build"]["status"], d["build"]["machine"],
              d["build"]["distro"], d["build"]["image"], d["build"]["tasks"]),
             ("20261122132457", "succeeded", "qemux86-64", "nodistro",
              "core-image-minimal", 5522), "which is what the log says")
    tap.ok(abs(d["build"]["elapsed"] - (FACTS.ended - FACTS.started)) < 0.011,
           "as long as it took", d["build"]["elapsed"])
    tap.same([(x["name"], x["commit"]) for x in d["environment"]["layers"]],
             [("meta", "35a2c6ed7987763dadbe45ad86095e1aee1c7314"),
              ("meta-stub", "")], "its layers")
    same_events(d["events"], FACTS, "taken by the server")
    same_tasks(build)
    for path in ("/orm/eventfile/", "/eventfile", "eventfile",
                 "orm/eventfile"):
        tap.same(build_of(post(path, raw)), build, "%s: the same" % path)
    packed = subprocess.run(["zstd", "-q", "-c"], input=raw, check=True,
                            stdout=subprocess.PIPE).stdout
    tap.same(build_of(web.request("POST", "eventfile", packed, {
        "Content-Type": "application/zstd"})), build,
        "as a body, under zstd: the same")
    answer = web.upload(raw, "application/json")
    tap.same([str(b["id"]) for b in answer.json["builds"]], [build],
             "at /upload: the same")
    tap.same(sorted(os.listdir(os.environ["BS_RAW"])), before,
             "its bytes are kept nowhere")


# ---- in a tar ----

def tar_of(files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as t:
        for name, text in files:
            info = tarfile.TarInfo(name)
            info.size = len(text)
            t.addfile(info, io.BytesIO(text))
    return out.getvalue()


RUN = "20231114221320"  # 1700000000


def made_log():
    """A build with all that the recording has not."""
    t = 1700000000.0
    return "".join([
        ev.record(20, "Loading cache", t),
        ev.event("bb.event.ParseCompleted", total=10, cached=8, parsed=2,
                 errors=0, skipped=0, masked=0, virtuals=0),
        ev.event("bb.event.BuildStarted", _pkgs=["core-image-x:do_build",
                                                 "zlib:do_fetch"],
                 _name=RUN, _failures=0, msg="Building Started"),
        ev.variables(BUILDNAME=RUN, MACHINE="qemuarm", DISTRO="poky",
                     BB_NUMBER_THREADS="8", SSTATE_MIRRORS="http://u:pw@x/"),
        ev.record(21, "Sstate summary: Wanted 12 Local 3 Mirrors 4 Missed 5 "
                  "Current 9 (58% match, 76% complete)", t + 1),
        ev.stats("bb.runqueue.sceneQueueTaskCompleted", total=30, completed=2,
                 active=1, failed=0, skipped=0, setscene_total=12,
                 setscene_covered=7, setscene_notcovered=5,
                 setscene_active=0),
        ev.started("zlib-1.3.1-r0", "do_package_qa", 71, t + 2, "zlib"),
        ev.started("foo-1.0-2-r0", "do_package", 72, t + 3, "foo-1.0",
                   protocol=2),
        ev.record(30, "QA Issue: File %s in package %s contains reference "
                  "to TMPDIR [buildpaths]", t + 4, 71,
                  ("/usr/lib/libz.so", "zlib")),
        ev.record(40, "QA Issue: zlib: no [x] here [ldflags]", t + 5, 71),
        ev.record(30, "QA Issue: foo was already stripped, 100% "
                  "[already-stripped]", t + 5.5, 72),
        ev.record(29, "said once", t + 6),
        ev.record(39, "fetching https://me:hunter2@git.example/ <b>", t + 6),
        ev.record(40, "an odd one, without its class", t + 7, 4711),
        ev.event("bb.runqueue.PSIEvent", pressure_state=(True, False, False),
                 pressure_values=(1.0, 2.0, 3.0)),
        ev.event("bb.runqueue.PSIEvent", pressure_state=(False,) * 3,
                 pressure_values=(0.0, 0.0, 0.0)),
        ev.ended("foo-1.0-2-r0", "do_package", 72, t + 8),
        ev.ended("zlib-1.3.1-r0", "do_package_qa", 71, t + 9, False),
        ev.stats("bb.runqueue.runQueueTaskFailed", total=30, completed=20,
                 active=0, failed=1, skipped=11, setscene_total=12,
                 setscene_covered=7, setscene_notcovered=5,
                 setscene_active=0),
        ev.event("bb.event.HeartbeatEvent", time=t + 10.25),
        ev.event("bb.event.BuildCompleted", total=30, _failures=1,
                 _interrupted=0, msg="Building Failed", _name=RUN,
                 _pkgs=["core-image-x"])]).encode()


def in_a_tar():
    made = made_log()
    path = os.path.join(STACK, "made.json")
    with open(path, "wb") as f:
        f.write(made)
    facts = event_facts.Facts(path)
    for m in facts.messages:
        m["text"] = m["text"].replace("me:hunter2", "***")
    run = "tmp/buildstats/%s/" % RUN
    data = tar_of([
        (run + "build_stats", tars.build_stats(
            1700000000.12, [("zlib-1.3.1-r0", "do_package_qa")]).encode()),
        (run + "zlib-1.3.1-r0/do_package_qa", tars.task(
            name="do_package_qa", status="FAILED").encode()),
        (run + "foo-1.0-2-r0/do_package", tars.task(
            "foo-1.0-2-r0", "do_package").encode()),
        ("tmp/log/eventlog/%s.json" % RUN, made),
        ("tmp/log/eventlog/20200101000000.json", b"no log of bitbake\n")])
    answer = web.upload(data)
    tap.same(answer.status, 201, "a log in a tar is taken")
    tap.same(len(answer.json["builds"]), 1, "as part of its run")
    d = page(answer.json["builds"][0]["id"])
    same_events(d["events"], facts, "in a tar")
    tap.same([(c["class"], c["errors"], c["warnings"], c["recipe"], c["task"])
              for c in d["events"]["qa"]],
             [("ldflags", 1, 0, "zlib", "do_package_qa"),
              ("already-stripped", 0, 1, "foo-1.0", "do_package"),
              ("buildpaths", 0, 1, "zlib", "do_package_qa")],
             "QA issues by class, errors first")
    tap.same(sorted(p["recipe"] for p in web.get(
        "build/%s/packages.json" % d["build"]["id"]).json["packages"]),
        ["foo-1.0", "zlib"], "the recipe of an odd PF is the one it names")
    tap.same([t["name"] for t in d["environment"]["targets"]],
             ["core-image-x", "zlib:do_fetch"], "the targets")
    html = web.get("build/%s" % d["build"]["id"]).text
    tap.ok("hunter2" not in html and "&lt;b&gt;" in html and
           "12 wanted, 3 found here, 4 on mirrors, 5 missed; 9 were current"
           in html and "5 errors" not in html, "the page", html[:200])
    receipt = web.get(answer.json["receipt"].split("/buildstats/")[1]).text
    tap.ok("eventlog/20200101000000.json" in receipt and
           "no event log of bitbake" in receipt,
           "what is none is said in the receipt", receipt)


def others():
    t = 1700000000.0
    name = ev.variables(BUILDNAME="20231114221321", MACHINE="qemuarm")
    log = name + ev.record(20, "x", t) + ev.event(
        "bb.event.BuildStarted", _pkgs=["nope"], _failures=0) + ev.event(
        "bb.event.NoProvider", _item="nope", _runtime=False,
        _dependees=["a"], _reasons=[], _close_matches=[]) + ev.event(
        "bb.event.BuildCompleted", total=0, _failures=1, _interrupted=0,
        msg="Building Failed", _pkgs=["nope"])
    d = page(build_of(post("eventfile", log.encode())))
    tap.same((d["build"]["status"], [(f["kind"], f["recipe"], f["first_line"])
                                     for f in d["failures"]]),
             ("failed", [("provider", "nope", "Nothing PROVIDES 'nope' (but a "
                          "DEPENDS on or otherwise requires it)")]),
             "what nothing provides is a failure")
    log = ev.variables(BUILDNAME="20231114221322") + ev.record(20, "x", t) + \
        ev.event("bb.event.ParseError", _msg="ParseError at "
                 "/poky/meta/recipes-x/foo_1.2.bb:3: unparsed line: 'x'")
    d = page(build_of(post("eventfile", log.encode())))
    tap.same([(f["kind"], f["recipe"], f["version"]) for f in d["failures"]],
             [("parse", "foo", "1.2")], "so is what does not parse")
    log = ev.variables(BUILDNAME="20231114221323") + ev.record(20, "x", t) + \
        ev.event("bb.event.BuildStarted", _pkgs=["x"], _failures=0) + \
        ev.started("zlib-1.3.1-r0", "do_fetch", 5, t + 1, "zlib") + \
        ev.ended("zlib-1.3.1-r0", "do_fetch", 5, t + 2) + ev.event(
            "bb.event.BuildCompleted", total=9, _failures=0, _interrupted=1,
            msg="Building Succeeded", _pkgs=["x"])
    d = page(build_of(post("eventfile", log.encode())))
    tap.same((d["build"]["status"], d["events"]["interrupted"]),
             ("incomplete", 1), "a build that was interrupted is incomplete")


def hostile():
    trap = os.path.join(STACK, "trap")
    broken, calm = ev.hostile("touch " + trap)
    log = ev.variables(BUILDNAME="20231114221324", AWS_SECRET_EXAMPLE="no")
    log += "".join(broken) + "".join(calm) + "{\n[]\n\x00\nx\n"
    log += '{"class":"bb.event.HeartbeatEvent","vars":"=%%="}\n'
    log += ev.started("zlib-1.3.1-r0", "do_fetch", 5, 1700000001.0, "zlib")
    log += ev.ended("zlib-1.3.1-r0", "do_fetch", 5, 1700000002.0)
    answer = post("eventfile", log.encode() + b'{"class":"bb.event.Build')
    tap.same(answer.status, 303, "a log with hostile pickles is taken")
    d = page(build_of(answer))
    tap.same(d["events"]["unreadable"], len(broken) + 4,
             "they are passed over and counted")
    tap.ok(not os.path.exists(trap), "nothing was run")
    tap.same(d["build"]["tasks"], 1, "the rest was read")


def wrong():
    for what, answer, status in (
            ("no field", post("eventfile", b"{}", field="file"), 400),
            ("no event log", post("eventfile", b"hello\n"), 400),
            ("nothing in it", post("eventfile", ev.variables(
                MACHINE="x").encode()), 400),
            ("an empty one", post("eventfile", b""), 400),
            ("a form that ends early", web.request(
                "POST", "eventfile", form(b"{}")[0][:-8], form(b"")[1]), 400),
            ("GET", web.get("/orm/eventfile"), 405)):
        tap.ok(answer.status == status and "\n" in answer.text + "\n",
               "%s: %d" % (what, status), answer.status, answer.text)


def main():
    beside()
    by_itself()
    in_a_tar()
    others()
    hostile()
    wrong()
    tap.end()


main()
