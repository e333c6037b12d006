"""time.py: where the time of a build went, against an independent and plain
reading of the same directories; and builds and dependency files that are odd.
"""

import base64
import csv
import io
import json
import math
import os
import pickle
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET

sys.path.insert(0, os.path.join(os.environ["BS_SRC"], "tests/lib"))
import depends  # noqa: E402
import recordings  # noqa: E402
import tap  # noqa: E402
import tars  # noqa: E402
import web  # noqa: E402

DATA = os.path.join(os.environ["BS_SRC"], "tests/data")
TIMES = ("rusage.ru_utime", "rusage.ru_stime", "child_rusage.ru_utime",
         "child_rusage.ru_stime")
PAUSE = 2.0


ASKED = 0


def page(build, query="", form=".json"):
    """Never what nginx remembers."""
    global ASKED
    ASKED += 1
    answer = web.get("build/%s/time%s?asked=%d&%s" % (
        build, form, ASKED, query))
    return answer.json if form == ".json" and answer.status == 200 else answer


def send(data):
    answer = web.upload(data)
    if answer.status not in (200, 201):
        raise SystemExit("upload: %d %s" % (answer.status, answer.text[:300]))
    return answer.json["builds"][0]["id"]


def with_file(name, file, text):
    """A recording's tar with one more file in front."""
    files = {file: text}
    files.update(recordings.unpack(os.path.join(DATA, name + ".tar.zst")))
    return tars.tar(files)


# ---- the independent reading


class Build:
    """Tasks by start, and who needs whom, as docs/pages.md says."""

    def __init__(self, run, threads=None, pairs=None):
        self.run = run
        self.start = run["build_stats"]["started"]
        self.seconds = run["build_stats"]["elapsed"]
        self.tasks = [dict(t, s=round(t["started"] - self.start, 6),
                           e=round(t["ended"] - self.start, 6))
                      for t in depends.timed(run)]
        self.tasks.sort(key=lambda t: (t["s"], t["e"]))
        self.n = len(self.tasks)
        self.most = self.count_most()
        self.threads = threads or self.most
        self.needs = self.told(pairs) if pairs else self.observed()
        self.pauses()

    def count_most(self):
        return max((1 + sum(1 for o in self.tasks[:i] if o["e"] > t["s"])
                    for i, t in enumerate(self.tasks)), default=0)

    def ended_before(self, i):
        now = self.tasks[i]["s"]
        return [k for k in range(i) if self.tasks[k]["e"] <= now]

    def full_until(self, i):
        """When all threads had been busy for the last time."""
        for k in sorted(self.ended_before(i),
                        key=lambda k: -self.tasks[k]["e"]):
            end = self.tasks[k]["e"]
            if self.tasks[i]["s"] - end > PAUSE:
                return None
            running = [o for o in self.tasks[:i]
                       if o["s"] < end and o["e"] >= end]
            if len(running) >= self.threads:
                return end
        return None

    def observed(self):
        needs = []
        for i, t in enumerate(self.tasks):
            ended = self.ended_before(i)
            key = lambda k: (self.tasks[k]["e"], k)  # noqa: E731
            own = max((k for k in ended if self.tasks[k]["pf"] == t["pf"]),
                      key=key, default=None)
            last = max(ended, key=key, default=None)
            mine = {own} if own is not None else set()
            if last is not None and last != own and \
                    self.full_until(i) is None and not (
                        own is not None and
                        t["s"] - self.tasks[own]["e"] <= PAUSE):
                mine.add(last)
            needs.append(mine)
        return needs

    def told(self, pairs):
        number = {(t["recipe"], t["task"]): i
                  for i, t in enumerate(self.tasks)}
        direct = {}
        for a, b in pairs:
            direct.setdefault(a, set()).add(b)

        def real(name, seen):
            """The tasks that a name stands for, or waits for."""
            if name in number:
                return {number[name]}
            out = set()
            for b in direct.get(name, ()):
                if b not in seen:
                    out |= real(b, seen | {b})
            return out
        needs = [set() for _ in self.tasks]
        for (recipe, task), i in number.items():
            for b in direct.get((recipe, task), ()):
                needs[i] |= real(b, {b})
        return needs

    def replay(self, gone=(), threads=None, measure=False):
        """Plain lists, looked through again for each start."""
        threads = threads or self.threads
        left = set(range(self.n))
        running, done, now, last = [], set(), 0.0, 0.0
        waiting = [set(n) for n in self.needs]
        ready = sorted(i for i in left if not waiting[i])
        whom = [[] for _ in range(self.n)]
        for i, n in enumerate(self.needs):
            for k in n:
                whom[k].append(i)
        pauses = []

        def settle(until):
            for end, i in sorted(running):
                if end > until:
                    break
                running.remove((end, i))
                done.add(i)
                for w in whom[i]:
                    waiting[w].discard(i)
                    if not waiting[w]:
                        ready.append(w)
        for k in range(self.n):
            settle(now)
            while not ready or len(running) >= threads:
                now = max(now, min(running)[0])
                settle(now)
            if measure:
                pauses.append(self.tasks[k]["s"] - now)
                now = self.tasks[k]["s"]
            else:
                now += self.pause[k]
            settle(now)
            i = min(ready)
            ready.remove(i)
            length = 0 if i in gone else \
                self.tasks[i]["e"] - self.tasks[i]["s"]
            running.append((now + length, i))
            last = max(last, now + length)
        if measure:
            return pauses
        return last + self.seconds - max(t["e"] for t in self.tasks)

    def pauses(self):
        self.pause = self.replay(measure=True)

    def gate(self, i):
        met = max(self.needs[i], key=lambda k: (self.tasks[k]["e"], -k),
                  default=None)
        ended = self.ended_before(i)
        last = max(ended, key=lambda k: (self.tasks[k]["e"], k), default=None)
        if met is not None and self.tasks[i]["s"] - self.tasks[met]["e"] <= \
                PAUSE:
            return met
        return last

    def path(self):
        at = max(range(self.n), key=lambda k: (self.tasks[k]["e"], -k))
        steps = []
        while at is not None:
            steps.append(at)
            at = self.gate(at)
        return steps[::-1]

    def longest(self):
        chain = []
        for i, t in enumerate(self.tasks):
            chain.append(t["e"] - t["s"] + max(
                (chain[k] for k in self.needs[i]), default=0))
        return max(chain)

    def slack(self):
        """Of each task: backwards along needs and gates."""
        end = max(t["e"] for t in self.tasks)
        latest = [end] * self.n
        now, possible = 0.0, []
        for k, t in enumerate(self.tasks):
            possible.append(t["s"] - self.pause[k])
        for i in range(self.n - 1, -1, -1):
            mine = max(latest[i] - self.tasks[i]["e"], 0)
            met = max((self.tasks[k]["e"] for k in self.needs[i]), default=0)
            gate = self.gate(i)
            if gate is not None:
                latest[gate] = min(latest[gate], self.tasks[gate]["e"] + mine)
            for k in self.needs[i]:
                latest[k] = min(latest[k], max(met, possible[i]) + mine)
        return [max(latest[i] - t["e"], 0) for i, t in enumerate(self.tasks)]

    def levels(self):
        events = sorted([(t["s"], 1) for t in self.tasks] +
                        [(t["e"], -1) for t in self.tasks])
        at, running, out = 0.0, 0, {}
        for when, step in events + [(self.seconds, 0)]:
            if when > at:
                out[running] = out.get(running, 0) + when - at
                at = when
            running += step
        return out


def near(a, b, off=1e-4):
    return a is not None and b is not None and \
        math.isclose(a, b, rel_tol=1e-9, abs_tol=off)


# ---- what the page says


def elapsed(task):
    if task["ended"] is not None and task["started"] is not None and \
            task["ended"] >= task["started"]:
        return task["ended"] - task["started"]
    return task["elapsed"]


def value(task, metric):
    if metric == "elapsed":
        return elapsed(task)
    if metric == "cputime":
        found = [task["metrics"][k] for k in TIMES if k in task["metrics"]]
        return sum(found) if found else None
    return task["metrics"].get(metric)


def consumers(run, build, metric, by):
    key = {"recipe": lambda t: (t["recipe"], None),
           "task": lambda t: (t["recipe"], t["task"]),
           "type": lambda t: (None, t["task"])}[by]
    together = max if metric.endswith("maxrss") else lambda a, b: a + b
    want, count = {}, {}
    for t in run["tasks"]:
        k, v = key(t), value(t, metric)
        count[k] = count.get(k, 0) + 1
        if v is not None:
            want[k] = v if k not in want else together(want[k], v)
    doc = page(build, "per=1000&by=%s&metric=%s" % (by, metric))
    rows = doc["rows"]
    got = {(r["recipe"], r["task"]): r for r in rows}
    what = "%s by %s" % (metric, by)
    if doc["total"] <= 1000:
        tap.same(sorted(map(str, got)), sorted(map(str, count)),
                 what + ": the rows")
    wrong = [(k, r["value"], want.get(k)) for k, r in got.items()
             if not near(r["value"], want.get(k), 0.0151) and
             not (r["value"] is None and k not in want)]
    tap.ok(not wrong, what + ": their values", wrong[:5])
    tap.ok(all(got[k]["tasks"] == count[k] for k in got),
           what + ": and of how many tasks")
    values = [r["value"] for r in rows if r["value"] is not None]
    tap.same(values, sorted(values, reverse=True),
             what + ": who took most comes first")
    if not metric.endswith("maxrss"):
        tap.ok(near(doc["total_value"], sum(want.values()), 0.5),
               what + ": the sum", doc["total_value"], sum(want.values()))


def parallelism(doc, b, name):
    p = doc["parallelism"]
    tap.same((p["tasks"], p["most"], p["threads"]), (b.n, b.most, b.threads),
             name + ": tasks, the most at once, threads")
    want = b.levels()
    got = {l["from"]: l["seconds"] for l in p["levels"]}
    tap.ok(all(near(got.get(k, 0), want.get(k, 0), 0.001)
               for k in set(got) | set(want)),
           name + ": for how long how many ran", got, want)
    busy = sum(t["e"] - t["s"] for t in b.tasks)
    tap.ok(near(p["mean"], busy / b.seconds, 1e-6), name + ": the mean",
           p["mean"])
    slices = p["over_time"]
    width = b.seconds / len(slices)
    off = [i for i in range(0, len(slices), 17) if not near(
        slices[i]["running"], sum(
            max(0, min(t["e"], (i + 1) * width) - max(t["s"], i * width))
            for t in b.tasks) / width, 1e-4)]
    tap.ok(not off, name + ": and how many at each time", off)


def critical_path(doc, b, name):
    p = doc["path"]
    steps = b.path()
    names = [(b.tasks[i]["recipe"], b.tasks[i]["task"]) for i in steps]
    got = [(s["recipe"], s["task"]) for s in p["steps"]]
    tap.ok(got == names, name + ": the critical path, task by task",
           [(i, g, w) for i, (g, w) in enumerate(zip(got, names)) if g != w])
    busy = sum(b.tasks[i]["e"] - b.tasks[i]["s"] for i in steps)
    length = b.tasks[steps[-1]]["e"] - b.tasks[steps[0]]["s"]
    tap.ok(near(p["length"], length, 0.001) and
           near(p["busy"], busy, 0.001) and
           near(p["paused"], length - busy, 0.001), name + ": its length",
           {k: p[k] for k in ("length", "busy", "paused")}, length, busy)
    tap.ok(near(p["longest"], b.longest(), 0.001),
           name + ": the longest chain", p["longest"], b.longest())


def slacks(build, b, name):
    want = {}
    for t, s in zip(b.tasks, b.slack()):
        k = t["recipe"], t["task"]
        want[k] = min(want.get(k, s), s)
    rows = page(build, "per=all&by=task&sort=slack")["rows"]
    wrong = [(r["recipe"], r["task"], r["slack"],
              want[r["recipe"], r["task"]]) for r in rows
             if not near(r["slack"], want[r["recipe"], r["task"]], 0.001)]
    tap.ok(len(rows) == len(want) and not wrong,
           name + ": the slack of all tasks", len(rows), wrong[:5])
    got = [r["slack"] for r in rows]
    tap.same(got, sorted(got), name + ": in its order")


def chart(build, b, name):
    """The boot chart marks the path, and what held up each of its bars."""
    on_path = {(b.tasks[i]["recipe"], b.tasks[i]["task"]): i
               for i in b.path()}
    tasks = web.get("build/%d/chart.json?min=1" % build).json["tasks"]
    tap.same({(t["recipe"], t["task"]) for t in tasks if t["critical"]},
             {k for k, i in on_path.items()
              if b.tasks[i]["e"] - b.tasks[i]["s"] >= 1},
             name + ": the chart marks the critical path")
    number = {(t["recipe"], t["task"]): i for i, t in enumerate(b.tasks)}
    bars = {number[t["recipe"], t["task"]]: k for k, t in enumerate(tasks)}
    wrong = []
    for i, k in bars.items():
        at = b.gate(i)
        while at is not None and at not in bars:
            at = b.gate(at)
        if tasks[k]["after"] != (None if at is None else bars[at]):
            wrong.append((tasks[k]["recipe"], tasks[k]["task"]))
    tap.ok(not wrong, name + ": and what held up each bar", wrong[:5])


def what_if(build, doc, b, name, cases):
    w = doc["what_if"]
    tap.ok(abs(w["replayed"] - b.seconds) < 0.01, name + ": replayed, nothing "
           "changed, it takes as long as it took", w["replayed"], b.seconds)
    tap.ok(w["candidates"] and all(
        near(c["saved"], w["replayed"] - c["seconds"]) and
        c["saved"] <= c["takes"] + 60 for c in w["candidates"]),
        name + ": what is saved is the difference")
    saved = [c["saved"] for c in w["candidates"]]
    tap.same(saved, sorted(saved, reverse=True),
             name + ": what saves most comes first")
    for free, meant, threads in cases:
        query = "free=" + free + ("&threads=%d" % threads if threads else "")
        got = page(build, query)["what_if"]["asked"]
        gone = {i for i, t in enumerate(b.tasks) if meant(t)}
        want = b.replay(gone, threads)
        tap.ok(got["tasks"] == len(gone) and near(got["seconds"], want, 0.01),
               "%s: without %s%s" % (name, free,
                                     " on %d threads" % threads if threads
                                     else ""), got, want)


def reading(name, build, pairs=None, threads=None, cases=(), slack=True):
    run = recordings.load(name.split()[0])[0]
    b = Build(run, threads, pairs)
    doc = page(build)
    tap.same(doc["path"]["basis"], "tasks" if pairs else "observed",
             name + ": the page says what the order is from")
    parallelism(doc, b, name)
    critical_path(doc, b, name)
    chart(build, b, name)
    if slack:
        slacks(build, b, name)
    what_if(build, doc, b, name, cases)


# ---- reuse


def reuse():
    """The rule of formats.md F3.3, over a build that restored some."""
    files, want = tars.run("20231114221321"), {}
    top = "buildstats/20231114221321/"
    for i in range(12):
        pf = "lib%d-1.0-r0" % i
        for task in ("do_package", "do_populate_sysroot", "do_deploy"):
            restored = (i * 7 + len(task)) % 3 == 0
            if task == "do_deploy" and i % 2:
                continue
            n = task + ("_setscene" if restored else "")
            files[top + pf + "/" + n] = tars.task(pf, n, 1700000010.0 + i)
            have = want.setdefault(task, [0, 0])
            have[0 if restored else 1] += 1
    # Restoring failed, so it was made.
    files[top + "bad-1.0-r0/do_package_setscene"] = tars.task(
        "bad-1.0-r0", "do_package_setscene", 1700000010.0, "FAILED")
    files[top + "bad-1.0-r0/do_package"] = tars.task(
        "bad-1.0-r0", "do_package", 1700000013.0)
    want["do_package"][1] += 1
    build = send(tars.tar(files))
    got = {r["task"]: [r["restored"], r["ran"]]
           for r in page(build)["reuse"]}
    tap.same(got, want, "restored and made, by task")
    tap.ok(all(near(r["share"], r["restored"] / (r["restored"] + r["ran"]))
               for r in page(build)["reuse"]), "and the share")
    share = web.get("build/%d.json" % build).json["build"]["reuse"]
    tap.ok(near(share, sum(w[0] for w in want.values()) /
                sum(sum(w) for w in want.values())),
           "which is what the build's page says in all", share)


# ---- dependency files


def small(name, extra, started=1700000000.12, beside="task-depends.dot"):
    files = {}
    if extra is not None:
        files[beside] = extra
    files.update(tars.run(name, started))
    return send(tars.tar(files))


def files():
    stem = ["zlib.do_configure", "zlib.do_compile", "xz.do_compile"]
    good = '"%s" -> "%s"\n"%s" -> "%s"\n' % (stem[1], stem[0], stem[2],
                                             stem[1])
    frame = "digraph depends {\n%s}\n"
    cases = [
        ("20231114221401", frame % good, "tasks", None, "name 3 of 3 tasks"),
        ("20231114221402", frame % (good + '"%s" -> "%s"\n' % (
            stem[0], stem[2])), "observed", "cycle", "goes in circles"),
        ("20231114221403", frame % '"q.do_x" -> "p.do_x"\n', "observed",
         "unknown", "names only 0 of 3 tasks"),
        ("20231114221404", frame % ('"%s" -> "%s"\n"%s" -> "%s"\n' % (
            stem[0], stem[1], stem[1], stem[2])), "observed", "contradicted",
         "2 of the 2 dependencies in it can't be"),
        ("20231114221405", None, "observed", "none", "bitbake -g"),
        ("20231114221406", "\0\1\2 nonsense", "observed", "none", "bitbake"),
    ]
    for i, (name, text, basis, why, words) in enumerate(cases):
        build = small(name, text, 1700001000.12 + i)
        path = page(build)["path"]
        tap.same((path["basis"], path["not_used"]), (basis, why),
                 "%s: %s" % (why or "a good file", basis))
        html = page(build, form="").text
        tap.ok(words in html, "which the page says", words,
               html[html.find('id="path"'):][:1500])
        if i == 5:
            tap.ok("was left out: it holds no dependencies" in
                   web.get("build/%d" % build).text,
                   "and the build's, of a file that is none")
        if i == 0:
            first = build
            text = web.get("build/%d/text/task-depends" % build)
            tap.same(text.text.split("\n\n")[1].split(),
                     [stem[1], stem[0], stem[2]], "names are kept as a text")
            exported(build, [(stem[1], stem[0]), (stem[2], stem[1])])
            tap.same([s["after"] for s in path["steps"][1:]],
                     ["dependency"] if len(path["steps"]) == 2 else
                     ["dependency" if s["wait"] <= 2 else "order"
                      for s in path["steps"][1:]], "and used")
    again = small("20231114221401", frame % good, 1700001000.12)
    tap.same(again, first, "the same bundle is the same build")
    build = small("20231114221501", "digraph depends {\n"
                  '"xz" -> "zlib" [style=solid]\n}\n', 1700003000.12,
                  "pn-depends.dot")
    tap.same(page(build)["path"]["basis"], "recipes",
             "pn-depends.dot tells of recipes")
    both = {"task-depends.dot": frame % good}
    both.update(tars.run("20231114221601", 1700004000.12))
    both.update(tars.run("20231114221602", 1700005000.12))
    answer = web.upload(tars.tar(both)).json
    tap.same([page(b["id"])["path"]["basis"] for b in answer["builds"]],
             ["observed"] * 2, "a file beside two builds is of neither")


def exported(build, edges):
    """What buildstats-admin gives back holds them, too."""
    plain = subprocess.run(
        [os.environ["BS_ADMIN"], "--db", os.environ["BS_DB"], "export",
         str(build)], stdout=subprocess.PIPE, check=True).stdout
    with tempfile.NamedTemporaryFile() as f:
        f.write(plain)
        f.flush()
        text = recordings.unpack(f.name)["task-depends.dot"].decode()
    tap.same([line for line in text.split("\n") if "->" in line],
             ['"%s" -> {"%s"}' % e for e in edges], "they are exported, too")


class Event(pickle.Unpickler):
    """Reads our own recording; classes become empty ones."""

    def find_class(self, module, name):
        return type(name, (), {
            "__new__": lambda cls, *args: object.__new__(cls),
            "__init__": lambda self, *args: None,
            "__setstate__": lambda self, state: self.__dict__.update(state)})


def event_log():
    """bitbake's own log holds the real dependencies of its build."""
    plain = subprocess.run(
        ["zstd", "-dc", os.path.join(DATA, "eventlog.json.zst")], check=True,
        stdout=subprocess.PIPE).stdout
    for line in plain.split(b"\n"):
        if b"bb.event.DepTreeGenerated" in line[:60]:
            event = base64.b64decode(json.loads(line)["vars"])
    tree = Event(io.BytesIO(event)).load()._depgraph["tdepends"]
    build = send(tars.tar({"eventlog/x.json": plain}))
    doc = page(build)
    path = doc["path"]
    tap.same((path["basis"], path["contradicted"], path["named"]),
             ("tasks", 0, path["nameable"]),
             "an event log tells what each of its tasks waited for")
    tap.ok(path["named"] > 5000 and path["said"] > 20000,
           "which are many", path["named"], path["said"])
    tap.ok(abs(doc["what_if"]["replayed"] - doc["what_if"]["recorded"]) <
           0.01, "and the replay is exact")
    text = web.get("build/%d/text/task-depends" % build).text
    edges, _, names = text.partition("\n\n")
    names = names.split("\n")
    got = {}
    for line in edges.split("\n"):
        first, *rest = map(int, line.split())
        got.setdefault(names[first], []).extend(names[k] for k in rest)
    tap.ok({k: sorted(v) for k, v in got.items()} ==
           {k: sorted(v) for k, v in tree.items() if v},
           "just as bitbake wrote it")
    return plain


def real_order(plain):
    """B1 had the same tasks: sent with that log its order is the real one."""
    with tempfile.TemporaryDirectory() as top:
        files = recordings.unpack(os.path.join(DATA, "B1.tar.zst"))
        for path, data in files.items():
            if path.startswith("buildstats/"):
                path = os.path.join(top, "tmp", path)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "wb") as f:
                    f.write(data)
        run = os.listdir(os.path.join(top, "tmp/buildstats"))[0]
        os.makedirs(os.path.join(top, "tmp/log/eventlog"))
        with open(os.path.join(top, "tmp/log/eventlog", run + ".json"),
                  "wb") as f:
            f.write(plain)
        out = subprocess.run(
            [os.environ["BS_PUSH"], "--server", os.environ["BS_URL"],
             os.path.join(top, "tmp")],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    doc = page(out.stdout.split()[-1].rsplit("/", 1)[-1])
    path = doc["path"]
    tap.ok(path["basis"] == "tasks" and path["contradicted"] == 0 and
           path["named"] > 0.99 * path["nameable"],
           "the client sends what the log says: no start contradicts it",
           out.stdout, {k: v for k, v in path.items() if k != "steps"})
    tap.ok(abs(doc["what_if"]["replayed"] -
               doc["what_if"]["recorded"]) < 0.01, "nor does the replay")


def configured():
    """How many threads there were."""
    for i, (extra, threads, told) in enumerate((
            ({"/build.json": '{"threads":7}'}, 7, "build.json"),
            ({"/build.json": '{"threads":"many"}'}, 1, "observed"),
            ({"/build.json": '{"threads":0}'}, 1, "observed"),
            ({"/event-log.json": '{"version":1,"counts":{"warnings":1},'
              '"variables":{"BB_NUMBER_THREADS":"12"}}'}, 12, "event log"),
            ({"/build.json": '{"threads":3}', "/event-log.json":
              '{"version":1,"counts":{"warnings":1},'
              '"variables":{"BB_NUMBER_THREADS":"12"}}'}, 3, "build.json"))):
        build = send(tars.tar(tars.run("2023111422170%d" % i,
                                       1700006000.12 + 100 * i, extra)))
        p = page(build)["parallelism"]
        tap.same((p["threads"], p["threads_from"]), (threads, told),
                 "threads: %s" % extra)


def pushed():
    """push-build-results takes the file that bitbake -g left there."""
    with tempfile.TemporaryDirectory() as top:
        run = os.path.join(top, "tmp/buildstats")
        for path, text in tars.run("20231114221801", 1700007000.12).items():
            path = os.path.join(run, os.path.relpath(path, "buildstats"))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as f:
                f.write(text)
        os.makedirs(os.path.join(top, "conf"))
        with open(os.path.join(top, "conf/local.conf"), "w") as f:
            f.write("\n")
        with open(os.path.join(top, "task-depends.dot"), "w") as f:
            f.write('digraph depends {\n"zlib.do_compile" -> '
                    '"zlib.do_configure"\n"xz.do_compile" [label="x"]\n}\n')
        out = subprocess.run(
            [os.environ["BS_PUSH"], "--server", os.environ["BS_URL"], top],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        build = out.stdout.split()[-1].rsplit("/", 1)[-1]
        tap.same(page(build)["path"]["basis"], "tasks",
                 "a file in the build directory goes along: " + out.stdout)


# ---- odd builds


def odd(builds):
    a = builds["A1"]
    for query, status in (("threads=0", 400), ("threads=x", 400),
                          ("by=moon", 400), ("sort=moon", 400),
                          ("metric=no.such", 200), ("free=nobody", 200),
                          ("free=%3A", 200), ("free=" + "x" * 300, 400)):
        answer = web.get("build/%d/time.json?%s" % (a, query))
        tap.same(answer.status, status, "time?%s is %d" % (query[:40], status))
    tap.same(web.get("build/99999/time").status, 404, "no build, no page")
    html = page(a, "free=nobody", "").text
    tap.ok("No task of this build is meant by" in html,
           "what names nothing is said to")
    html = page(a, "metric=no.such", "").text
    tap.ok("No task of this build has" in html, "a metric that it lacks, too")
    line = page(a, form=".txt").text
    tap.ok("threads were busy" in line and line.count("\n") == 1,
           "one line for a chat", line)


def odd_times():
    """None, one, of no length, backwards, at another time altogether."""
    top = "buildstats/20231114222001/"
    one = {top + "build_stats": tars.build_stats(1700008000.12)}
    tap.same(web.upload(tars.tar(one)).status, 201, "a build without tasks")
    build = send(tars.tar(one))
    doc = page(build)
    tap.same((doc["parallelism"]["tasks"], doc["rows"], doc["path"]["steps"],
              doc["what_if"]["replayed"]), (0, [], [], None),
             "has nothing to tell")
    tap.ok("came without tasks" in page(build, form="").text, "and says so")
    one = {top.replace("2001", "2002") + "build_stats":
           tars.build_stats(1700008100.12),
           top.replace("2001", "2002") + "zlib-1-r0/do_x":
           tars.task("zlib-1-r0", "do_x", 1700008110.0)}
    doc = page(send(tars.tar(one)))
    tap.same(([s["task"] for s in doc["path"]["steps"]],
              doc["parallelism"]["most"]), (["do_x"], 1), "one task is a path")
    run = tars.run("20231114222003", 1700008200.12)
    at = "buildstats/20231114222003/"
    run[at + "a-1-r0/do_none"] = tars.TASK % (
        1700008205.0, "a-1-r0", "do_none", "PASSED", 1700008205.0)
    run[at + "a-1-r0/do_back"] = tars.TASK % (
        1700008215.0, "a-1-r0", "do_back", "PASSED", 1700008201.0)
    run[at + "a-1-r0/do_before"] = tars.task(
        "a-1-r0", "do_before", 1600000000.0)
    run[at + "a-1-r0/do_never"] = "Event: TaskStarted \n" \
        "Started: 1700008240.00 \na-1-r0: do_never\n"
    build = send(tars.tar(run))
    doc = page(build)
    tap.same((doc["parallelism"]["tasks"], doc["parallelism"]["untimed"]),
             (6, 1), "tasks at another time are counted apart")
    last = doc["path"]["steps"][-1]
    tap.ok(last["task"] == "do_never" and near(last["to"], 60.25, 0.01),
           "one that never ended ran until the end", last)
    tap.ok(abs(doc["what_if"]["replayed"] - 60.25) < 0.01,
           "and the replay takes as long as the build")


def fifty_thousand():
    at, files = "buildstats/20231114223001/", {}
    files[at + "build_stats"] = tars.build_stats(1700009000.0).replace(
        "60.25", "3000.00")
    text = "Event: TaskStarted \nStarted: %.2f \n%s: %s\n" \
        "Elapsed time: 2.50 seconds\nStatus: PASSED \nEnded: %.2f \n"
    lines = []
    for i in range(50000):
        pf, task = "r%d-1-r0" % (i // 20), "do_%02d" % (i % 20)
        start = 1700009001 + (i * 7919 % 50000) * 0.055
        files["%s%s/%s" % (at, pf, task)] = text % (start, pf, task,
                                                    start + 0.05 + i % 7)
        if i % 20:
            lines.append('"r%d.%s" -> "r%d.do_%02d"\n' % (
                i // 20, task, i // 20, i % 20 - 1))
    build = send(tars.tar(files))
    began = time.monotonic()
    answer = web.get("build/%d/time?by=task" % build)
    took = time.monotonic() - began
    tap.ok(answer.status == 200 and took < 20,
           "50,000 tasks: a page in %.2f s" % took, answer.text[:500])
    doc = web.get("build/%d/time.json" % build).json
    tap.ok(abs(doc["what_if"]["replayed"] - 3000) < 0.01,
           "and an exact replay", doc["what_if"]["replayed"])


# ---- forms


def forms(build):
    doc = page(build, "by=task&per=50&sort=-on_path")
    rows = list(csv.DictReader(io.StringIO(page(
        build, "by=task&per=50&sort=-on_path", ".csv").text)))
    tap.same([(r["recipe"], r["task"]) for r in rows],
             [(r["recipe"], r["task"]) for r in doc["rows"]],
             "CSV has the same rows")
    tap.ok(all(float(r["value"]) == d["value"] and
               float(r["slack"]) == d["slack"]
               for r, d in zip(rows, doc["rows"])), "and the same numbers")
    root = ET.fromstring(page(build, form=".xml").body)
    tap.same(len(root.findall("content/path/steps/step")),
             len(page(build)["path"]["steps"]), "XML has all steps")
    whole = page(build, "by=task&per=all")
    paged = page(build, "by=task&per=1000")
    tap.same((whole["rows"][:1000], whole["path"]),
             (paged["rows"], paged["path"]), "per=all is the same in pieces")
    html = page(build, form="").text
    tap.ok('aria-current="page">Time' in html and "/chart" in html,
           "the page is a tab of the build's")
    tap.ok("/time" in web.get("build/%d" % build).text and
           "/time" in web.get("build/%d/chart" % build).text,
           "and linked from its page and chart")


def main():
    names = ("A1", "A2", "B1", "F1")
    runs = {n: recordings.load(n)[0] for n in names}
    builds = {}
    for n in names:
        with open(os.path.join(DATA, n + ".tar.zst"), "rb") as f:
            builds[n] = send(f.read())
    for metric in ("elapsed", "cputime", "io.read_bytes",
                   "child_rusage.ru_maxrss"):
        for by in ("recipe", "task", "type"):
            consumers(runs["A1"], builds["A1"], metric, by)
    consumers(runs["B1"], builds["B1"], "elapsed", "type")
    cases = [("m4-native", lambda t: t["recipe"] == "m4-native", None),
             ("do_configure", lambda t: t["task"] == "do_configure", None),
             ("compile", lambda t: t["task"] == "do_compile", 4),
             ("zlib:do_compile", lambda t: (t["recipe"], t["task"]) ==
              ("zlib", "do_compile"), None)]
    reading("A1", builds["A1"], None, 2, cases)
    reading("A2", builds["A2"], None, 2, cases)
    reading("F1", builds["F1"], None, 4)
    run = runs["A1"]
    pairs = depends.edges(run)
    every = {(t["recipe"], t["task"]) for t in run["tasks"]}
    forms(builds["A1"])
    odd(builds)
    build = send(with_file("A1", "task-depends.dot",
                           depends.dot(pairs, every)))
    tap.same(build, builds["A1"], "sent with its dependencies, a build stays")
    reading("A1 by its dependencies", build, pairs, 2, cases)
    pairs = depends.edges(runs["B1"])
    build = send(with_file("B1", "task-depends.dot", depends.dot(
        pairs, {(t["recipe"], t["task"]) for t in runs["B1"]["tasks"]})))
    doc = page(build)
    tap.same(doc["path"]["basis"], "tasks", "B1 by its dependencies")
    tap.ok(abs(doc["what_if"]["replayed"] -
               runs["B1"]["build_stats"]["elapsed"]) < 0.01,
           "its replay is exact, too")
    real_order(event_log())
    reuse()
    files()
    configured()
    pushed()
    odd_times()
    fifty_thousand()
    tap.end()


main()
