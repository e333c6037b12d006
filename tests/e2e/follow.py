"""follow.py DIR PUSH CLASS DATA: the class buildstats-report under a stand-in
for bitbake, push-build-results --follow behind it, and a stand-in for the
server, which puts together again what was reported: the files of recorded
builds must come out as they were, whatever happens in between."""

import json
import os
import random
import resource
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))

import recordings
import tap
from bb_stand_in import Class, Data, Stats, bb, said
from follow_server import Server

DIR, PUSH, CLASS, DATA = sys.argv[1:5]
CLASS = Class(CLASS)


def wait_for(what, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = what()
        if value:
            return value
        time.sleep(0.05)
    return what()


class Run:
    """One build of a recording, as bitbake would go about it."""

    def __init__(self, where, recording, url, **variables):
        files = recordings.unpack(os.path.join(DATA, recording + ".tar.zst"))
        run = [n for n in files if n.endswith("/build_stats")][0]
        base = os.path.dirname(run)
        self.name = os.path.basename(base)
        self.files = {n[len(base) + 1:]: data for n, data in files.items()
                      if n.startswith(base + "/") and b"\0" not in data}
        self.logs = {n: data for n, data in files.items()
                     if n.startswith("logs/")}
        self.tmp = os.path.join(DIR, where)
        self.spool = os.path.join(self.tmp, "buildstats-report")
        self.d = Data(
            TMPDIR=self.tmp, BUILDNAME=self.name, MACHINE="qemux86-64",
            BUILDSTATS_BASE="${TMPDIR}/buildstats/", DISTRO="poky",
            BB_VERSION="2.19.0", BB_NUMBER_THREADS="4", BBLAYERS="",
            NATIVELSBSTRING="debian-12", BUILDSTATS_SERVER=url,
            BUILDSTATS_PUSH=PUSH)
        self.d.variables.update(variables)
        CLASS.defaults_for(self.d)
        self.order = sorted(
            (n for n in self.files if "/do_" in n),
            key=lambda n: self.files[n].rfind(b"Ended: "))
        self.stats = Stats(len(self.order))

    def write(self, name, data, mode="ab"):
        path = os.path.join(self.tmp, "buildstats", self.name, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, mode) as f:
            f.write(data)

    def start(self):
        head = self.files["build_stats"].split(b"\n")[:2]
        self.write("build_stats", b"\n".join(head) + b"\n")
        CLASS.fire(bb.event.BuildStarted(_name=self.name,
                                         _pkgs=["a:do_build", "b"]), self.d)
        return self

    def log_of(self, pf, task):
        recipe = recordings.split_pf(pf)[0]
        data = self.logs.get("logs/%s.%s.log" % (recipe, task))
        if data is None:
            return ""
        path = os.path.join(self.tmp, "log." + recipe + "." + task)
        with open(path, "wb") as f:
            f.write(data)
        return path

    def task(self, name):
        pf, task = name.split("/")
        data = self.files[name]
        cut = data.find(b"\n", data.find(b"\n") + 1) + 1
        self.write(name, data[:cut])
        self.stats.active += 1
        CLASS.fire(bb.runqueue.runQueueTaskStarted(stats=self.stats.copy()),
                   self.d)
        self.write(name, data[cut:])
        failed = b"Status: FAILED" in data
        own = Data(**self.d.variables)
        own.variables.update(PF=pf, PN=recordings.split_pf(pf)[0])
        event = bb.build.TaskFailed if failed else bb.build.TaskSucceeded
        CLASS.fire(event(_task=task, time=time.time(),
                         logfile=self.log_of(pf, task),
                         _message="it failed"), own)
        self.stats.active -= 1
        self.stats.completed += not failed
        self.stats.failed += failed
        kind = bb.runqueue.runQueueTaskFailed if failed \
            else bb.runqueue.runQueueTaskCompleted
        CLASS.fire(kind(stats=self.stats.copy()), self.d)

    def end(self, interrupted=0):
        for name, data in self.files.items():
            if "/do_" not in name:
                self.write(name, data, "wb")
        CLASS.fire(bb.event.BuildCompleted(
            total=len(self.order), _failures=self.stats.failed,
            _interrupted=interrupted), self.d)

    def all(self):
        self.start()
        for name in self.order:
            self.task(name)
        self.end()
        return self

    def spools(self):
        return [n for n in os.listdir(self.spool)
                if not n.startswith("now-")] \
            if os.path.isdir(self.spool) else []

    def is_sent(self):
        return wait_for(lambda: not self.spools())

    def flush(self):
        return subprocess.run(
            [PUSH, "--flush", "--spool", self.spool, "--timeout", "5"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
            env=dict(os.environ, BUILDSTATS_SERVER="http://127.0.0.1:1/"))


def differences(run, build):
    """Files that did not come out as they were."""
    return sorted(n for n, data in run.files.items()
                  if build.files.get(n, b"") != data)


def whole(run, server, what):
    builds = list(server.builds.values())
    tap.same(len(builds), 1, what + ": one build")
    tap.same(differences(run, builds[0]), [], what + ": all files are whole")
    tap.same(len(builds[0].of_kind("finished")), 1, what + ": one end")
    tap.same(server.wrong, [], what + ": the server understood all")
    return builds[0]


def away():
    server = Server()
    server.close()
    return server.url


def check_success():
    server = Server()
    run = Run("success", "A1", server.url).start()
    first = wait_for(lambda: server.builds)
    tap.ok(first, "the build is begun when bitbake begins")
    begin = list(server.builds.values())[0].begin
    tap.same((begin["name"], begin["machine"], begin["targets"],
              begin["image"], begin["threads"]),
             (run.name, "qemux86-64", ["a", "b"], "a", 4), "with what is known")
    for name in run.order:
        run.task(name)
    run.end()
    tap.ok(run.is_sent(), "the spool is gone when all is sent")
    build = whole(run, server, "A1")
    tap.ok(any("/build/1" in text for text in said), "the link is printed",
           said)
    tap.same([e["status"] for e in build.of_kind("finished")], ["succeeded"],
             "as succeeded")
    tap.same([e.get("mode") for e in build.of_kind("environment")][-1],
             "clean", "as a clean one")
    numbers = sum(n for p, n in server.requests)
    series = subprocess.run(
        ["zstd", "-19", "-qc"], check=True, stdout=subprocess.PIPE,
        input=b"".join(run.files[n] for n in sorted(run.files)
                       if "/do_" not in n)).stdout
    each = (numbers - len(series)) / len(run.order)
    tap.ok(each <= 60, "a task costs at most 60 bytes on the wire",
           "%d bytes of %d requests, series %d: %.1f" % (
               numbers, len(server.requests), len(series), each))
    server.close()


def check_failures():
    server = Server()
    run = Run("failures", "F1", server.url).all()
    tap.ok(run.is_sent(), "a failed build is sent")
    build = whole(run, server, "F1")
    failures = build.of_kind("failure")
    want = {n for n in run.order if b"FAILED" in run.files[n]}
    tap.same({"%s-%s/%s" % (f["recipe"], f["version"], f["task"])
              for f in failures}, want, "its failures, each once")
    tap.same(len(failures), len(want), "and no other")
    logs = [f for f in failures if f.get("log", "").encode() ==
            run.logs.get("logs/%s.%s.log" % (f["recipe"], f["task"]))]
    tap.same(len(logs), len(run.logs), "with their logs as they were")
    tap.same([e["status"] for e in build.of_kind("finished")], ["failed"],
             "as failed")
    server.close()


def check_offline():
    url = away()
    run = Run("offline", "F1", url).all()
    tap.same(len(run.spools()), 1, "without a server the spool stays")
    tap.ok(any("kept in" in text for text in said), "which is said")
    with open(os.path.join(run.spool, run.spools()[0], "lock"),
              encoding="ascii") as f:
        os.kill(int(f.read()), 15)
    server = Server()
    for name in run.spools():  # the server is elsewhere now
        path = os.path.join(run.spool, name, "spool.json")
        with open(path, encoding="utf-8") as f:
            text = f.read()
        with open(path, "w", encoding="utf-8") as f:
            f.write(text.replace(url, server.url))

    def flushed():
        run.flush()
        return not run.spools()
    tap.ok(wait_for(flushed), "and is flushed when it is back")
    whole(run, server, "offline")
    server.close()


BAD = [
    ("500", (500, {"error": "it failed"})),
    ("429", (429, {"error": "later"})),
    ("garbage", (200, b"<html>Welcome to our hotel</html>")),
    ("nothing", "silent"),
    ("a lost answer", "lost"),
    ("a wrong token", (401, {"error": "a valid token is needed"})),
    ("an unknown build", (404, {"error": "no such build"})),
]


def check_misbehaviour():
    """Each request of a flush is answered badly once."""
    for what, plan in BAD:
        server = Server()
        run = kept("bad", server)
        for at in range(3):
            server.plan = [None] * at + [plan]
            run.flush()
        server.plan = []

        def flushed():
            run.flush()
            return not run.spools()
        tap.ok(wait_for(flushed), "%s is overcome" % what)
        whole(run, server, what)
        failures = list(server.builds.values())[0].of_kind("failure")
        tap.same(len(failures), 8, what + ": each failure once")
        server.close()


def kept(where, server):
    """A build whose spool waits, without anybody who follows it."""
    shutil.rmtree(os.path.join(DIR, where), ignore_errors=True)
    run = Run(where, "F1", server.url)
    run.d.setVar("BUILDSTATS_PUSH", "true")
    return run.all()


def check_refusal():
    """A line that a server doesn't take doesn't hold up the others."""
    server = Server()
    run = kept("refused", server)
    shown = dry(os.path.join(run.spool, run.spools()[0])).stdout
    server.plan = [None, (400, {"error": "line 2: time: too old"})]
    run.flush()
    tap.same(run.spools(), [], "a refused line is left out")
    build = list(server.builds.values())[0]
    tap.same(len(build.of_kind("failure")) + len(build.of_kind("qa")),
             shown.count(b'"event":"failure"') + shown.count(b'"event":"qa"')
             - 1, "and no other")
    server.close()


def check_kill():
    """Killed at any moment, and started again."""
    random.seed(5)
    for i in range(12):
        server = Server()
        run = kept("kill", server)
        for _ in range(3):
            p = subprocess.Popen(
                [PUSH, "--follow", os.path.join(run.spool, run.spools()[0])],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(random.random() * 0.12)
            p.kill()
            p.wait()
            if not run.spools():
                break
        for _ in range(3):
            run.flush()
        build = list(server.builds.values())[0]
        good = not run.spools() and not differences(run, build) and \
            len(build.of_kind("failure")) == 8 and \
            len(build.of_kind("finished")) == 1 and not server.wrong
        if not good:
            tap.ok(False, "killed three times, nothing is lost or doubled",
                   run.spools(), differences(run, build), server.wrong,
                   len(build.of_kind("failure")))
            return
        server.close()
    tap.ok(True, "killed three times, nothing is lost or doubled")


def check_bitbake_killed():
    server = Server()
    shutil.rmtree(os.path.join(DIR, "dead"), ignore_errors=True)
    run = Run("dead", "F1", server.url).start()
    for name in run.order[:20]:
        run.task(name)
    # The lock goes with the process, and its state with it.
    run.d.getVar("_buildstats_report", False)[0]["alive"].close()
    run.d.delVar("_buildstats_report")
    tap.ok(run.is_sent(), "what a killed bitbake left is sent")
    build = list(server.builds.values())[0]
    tap.same([e["status"] for e in build.of_kind("finished")],
             ["interrupted"], "as interrupted")
    tap.same([n for n in run.order[:20]
              if build.files.get(n) != run.files[n]], [], "all of it")
    server.close()


def dry(path):
    return subprocess.run([PUSH, "--dry-run", "--follow", path],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          check=False)


def check_cuts():
    """The files of a spool cut at each byte."""
    server = Server()
    run = kept("cut", server)
    path = os.path.join(run.spool, run.spools()[0])
    events = os.path.join(path, "events")
    with open(events, "rb") as f:
        lines = [l for l in f.read().split(b"\n") if l]
    text = b"\n".join(lines[:3] + [l for l in lines if b"failed" in l][:1] +
                      lines[-1:]) + b"\n"
    wrong = []
    for n in range(len(text) + 1):
        with open(events, "wb") as f:
            f.write(text[:n])
        got = dry(path)
        told = []
        for line in got.stdout.decode().splitlines():
            if line.startswith("{\"seq\""):
                told.append(json.loads(line))
        if got.returncode != 0:
            wrong.append((n, got.returncode, got.stderr[-200:]))
        whole_lines = text[:n].count(b"\n")
        failures = sum(e["event"] == "failure" for e in told)
        if failures != (text[:text.index(b"failed\"")].count(b"\n") <
                        whole_lines):
            wrong.append((n, failures))
    tap.same(wrong[:3], [], "events cut at each of %d bytes" % len(text))
    for name in ("begin.json", "spool.json", "found"):
        check_cut_file(path, name)
    server.close()


def check_cut_file(path, name):
    file = os.path.join(path, name)
    if not os.path.exists(file):
        with open(file, "wb") as f:
            f.write(b'{"time":1700000000.5,"event":"qa","recipe":"a",'
                    b'"message":"m"}\n{"scanned":3}\n')
    with open(file, "rb") as f:
        text = f.read()
    wrong = []
    for n in range(0, len(text)):
        with open(file, "wb") as f:
            f.write(text[:n])
        got = dry(path)
        if got.returncode not in (0, 1) or b"Sanitizer" in got.stderr:
            wrong.append((n, got.returncode, got.stderr[-200:]))
    with open(file, "wb") as f:
        f.write(text)
    tap.same(wrong[:3], [], "%s cut at each of %d bytes" % (name, len(text)))


def check_masks():
    """Two servers that may see different things."""
    open_one, strict = Server(), Server()
    run = Run("masks", "F1", "%s;mask=none %s;mask=credentials,homes,hosts" % (
        open_one.url, strict.url))
    run.files["build_stats"] = run.files["build_stats"].replace(
        b"Build Started", b"Uncompressed Rootfs size: 9M\t/home/builder/rootfs"
        b"\nBuild Started", 1)
    with open(os.path.join(DIR, "token"), "w", encoding="utf-8") as f:
        f.write("GITHUB_TOKEN=ghp_0123456789abcdefghijABCDEFGHIJ012345\n")
    name = [n for n in run.order if b"FAILED" in run.files[n]][0]
    key = "logs/%s.%s.log" % (recordings.split_pf(name.split("/")[0])[0],
                              name.split("/")[1])
    with open(os.path.join(DIR, "token"), "rb") as f:
        run.logs[key] = f.read()
    run.all()
    tap.ok(run.is_sent(), "two servers get a build")
    for server, secret, what in ((open_one, True, "one sees all"),
                                 (strict, False, "the other one what it may")):
        build = list(server.builds.values())[0]
        text = json.dumps(build.events) + json.dumps(build.begin)
        tap.same(("ghp_0123" in text, "/home/builder" in text,
                  os.uname()[1] in json.dumps(build.begin)), (secret,) * 3,
                 what)
        server.close()


def check_switches():
    server = Server()
    run = Run("switches", "A1", server.url, BSTATS_DISK="0",
              BUILDSTATS_REPORT="summary tasks series").start()
    for reason in ("existing", "covered"):
        run.stats.skipped += 1
        CLASS.fire(bb.runqueue.runQueueTaskSkipped(
            stats=run.stats.copy(), reason=reason), run.d)
    for name in run.order:
        run.task(name)
    run.end()
    tap.ok(run.is_sent(), "a build without its disk numbers is sent")
    build = list(server.builds.values())[0]
    tap.same([e["mode"] for e in build.of_kind("environment")
              if "mode" in e], ["incremental"],
             "which spared tasks, so an incremental one")
    tap.ok("reduced_proc_stat.log" in build.files and
           "reduced_proc_diskstats.log" not in build.files,
           "without that series", sorted(build.files))
    tap.ok(all(b"IO read_bytes" not in data and b"rusage ru_utime" in data
               for n, data in build.files.items() if "/do_compile" in n),
           "and without those lines")
    off = Run("off", "F1", server.url, BUILDSTATS_ENABLE="0").all()
    tap.ok(not os.path.exists(off.spool), "switched off it writes nothing")
    server.close()


def check_dry_run():
    server = Server()
    run = Run("dry", "F1", server.url, BUILDSTATS_DRY_RUN="1").all()
    path = os.path.join(run.spool, run.spools()[0], "would-send")
    text = wait_for(lambda: os.path.exists(path) and
                    '"finished"' in open(path, encoding="utf-8").read() and
                    open(path, encoding="utf-8").read())
    tap.ok(text and "# to %s" % server.url in text and '"tasks"' in text,
           "a dry run writes what would be sent", said)
    tap.same(server.requests, [], "and sends nothing")
    server.close()


def check_guard():
    """A broken environment never breaks a build."""
    for what, variables in (
            ("no program", {"BUILDSTATS_PUSH": "/nonexistent/push"}),
            ("no spool", {"BUILDSTATS_SPOOL": "/proc/nowhere"}),
            ("a wrong setting", {"BUILDSTATS_SERVER": "http://x/;foo=1"})):
        said.clear()
        run = Run("guard", "F1", "http://127.0.0.1:1/", **variables).all()
        tap.same(len([t for t in said if "not reported" in t or
                      "nothing is sent" in t]), 1,
                 "%s is said once, and nothing breaks" % what)


def check_full_disk():
    """Nothing more can be written from some moment on."""
    server = Server()
    shutil.rmtree(os.path.join(DIR, "full"), ignore_errors=True)
    said.clear()
    run = Run("full", "F1", server.url, BUILDSTATS_PUSH="true").start()
    fire = CLASS.fire
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    def limited(event, data):
        resource.setrlimit(resource.RLIMIT_FSIZE, (3000, hard))
        try:
            fire(event, data)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    CLASS.fire = limited
    for name in run.order:
        run.task(name)
    run.end()
    CLASS.fire = fire
    tap.same(len([t for t in said if "space" in t or "not reported" in t]), 1,
             "a full disk is said once, and the build goes on")
    run.flush()
    tap.same(run.spools(), [], "what could be written is sent")
    tap.same(differences(run, list(server.builds.values())[0]), [],
             "and what bitbake wrote")
    server.close()


def check_pace():
    """While a build runs a server is not asked more often than it should."""
    server = Server()
    run = Run("pace", "A1", server.url).start()
    began = time.monotonic()
    for name in run.order[:200]:
        run.task(name)
        wait_for(lambda: False, 0.12)
    took = time.monotonic() - began
    gaps = [b - a for a, b in zip(server.times, server.times[1:])]
    tap.ok(len(gaps) >= 1 and min(gaps) >= 9.5,
           "one request in ten seconds while a build runs", gaps, took)
    running = list(server.builds.values())[0].of_kind("running")
    tap.ok(running and running[-1]["total"] == len(run.order),
           "which tells how far it is", running)
    run.end()
    tap.ok(run.is_sent(), "and all at its end")
    server.close()


def check_two():
    """Two builds at once in one TMPDIR."""
    server = Server()
    one, two = (Run("two", r, server.url) for r in ("F1", "A1"))
    one.start()
    two.start()
    for a, b in zip(one.order, two.order):
        one.task(a)
        two.task(b)
    for name in two.order[len(one.order):]:
        two.task(name)
    one.end()
    two.end()
    tap.ok(one.is_sent(), "two builds at once are sent")
    for run in (one, two):
        build = [b for b in server.builds.values()
                 if b.begin["name"] == run.name][0]
        tap.same(differences(run, build), [], "%s whole" % run.name)
    server.close()


if __name__ == "__main__":
    checks = [name for name in sys.argv[5:]] or \
        [n[len("check_"):] for n in list(globals()) if
         n.startswith("check_") and n not in ("check_cut_file",)]
    for name in checks:
        globals()["check_" + name]()
    tap.end()
