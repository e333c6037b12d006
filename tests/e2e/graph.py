"""graph.py: the points of /graph are what the builds' files say, read
independently; choices that make no sense are refused; what isn't drawn is
told."""

import csv
import io
import os
import statistics
import sys
import time
import xml.etree.ElementTree as ET

sys.path.insert(0, os.path.join(os.environ["BS_SRC"], "tests/lib"))
import histories  # noqa: E402
import recordings  # noqa: E402
import tap  # noqa: E402
import tars  # noqa: E402
import web  # noqa: E402

NAMES = ("A1", "A2", "B1", "F1")
CPU = ("rusage.ru_utime", "rusage.ru_stime", "child_rusage.ru_utime",
       "child_rusage.ru_stime")
START = int(time.time()) - 170 * histories.DAY


def send(name):
    path = os.path.join(os.environ["BS_SRC"], "tests/data",
                        name + ".tar.zst")
    with open(path, "rb") as f:
        answer = web.upload(f.read())
    tap.same(answer.status, 201, name + " is taken")


def graph(query):
    answer = web.get("graph.json?per=all&" + query)
    if answer.status != 200:
        tap.ok(False, query, answer.text[:300])
        return {"points": [], "summary": []}
    return answer.json


def near(a, b, tolerance):
    return a is not None and abs(a - b) <= tolerance * max(1, abs(b))


# ---- what the files say ----

def elapsed(task):
    if task["started"] is None or task["ended"] is None:
        return None
    return task["ended"] - task["started"]


def cputime(task):
    if not all(k in task["metrics"] for k in CPU):
        return None
    return sum(task["metrics"][k] for k in CPU)


def value(task, metric):
    if metric == "elapsed":
        return elapsed(task)
    if metric == "cputime":
        return cputime(task)
    return task["metrics"].get(metric)


def values(tasks, metric):
    return [v for v in (value(t, metric) for t in tasks) if v is not None]


def expect(title, got, want, tolerance):
    """Two dictionaries from key to number."""
    wrong = [(k, got.get(k), want[k]) for k in want
             if k not in got or not near(got[k], want[k], tolerance)]
    more = [k for k in got if k not in want]
    tap.ok(not wrong and not more and want,
           "%s: %d points as in the files" % (title, len(want)),
           str(wrong[:3]) + str(more[:3]))


def key(p):
    return tuple(p[k] for k in ("name", "recipe", "version", "task")
                 if p[k] is not None)


def points(doc, which="y"):
    return {key(p): p[which] for p in doc["points"] if p["counts"]}


# ---- builds ----

def builds(runs):
    want = {(r["name"],): r["build_stats"]["elapsed"] for r in runs
            if "elapsed" in r["build_stats"]}
    doc = graph("")
    expect("wall time of builds", points(doc), want, 1e-9)
    tap.same((doc["of"], doc["x"], doc["y"], doc["y_unit"]),
             ("build", "time", "elapsed", "s"), "that is what is drawn first")
    want = {(r["name"],): len(r["tasks"]) for r in runs}
    expect("tasks of builds", points(graph("y=tasks")), want, 0)
    for metric, function, name in (
            ("io.read_bytes", sum, "io.read_bytes"),
            ("io.read_bytes", max, "max:io.read_bytes"),
            ("child_rusage.ru_maxrss", max, "child_rusage.ru_maxrss"),
            ("child_rusage.ru_maxrss", sum, "sum:child_rusage.ru_maxrss"),
            ("elapsed", sum, "sum:elapsed"), ("elapsed", max, "max:elapsed"),
            ("cputime", sum, "cputime")):
        want = {(r["name"],): function(values(r["tasks"], metric))
                for r in runs if values(r["tasks"], metric)}
        expect(name + " of builds", points(graph("y=" + name)), want, 1e-6)
    doc = graph("x=cputime&y=io.write_bytes")
    want = {(r["name"],): sum(values(r["tasks"], "cputime")) for r in runs
            if values(r["tasks"], "cputime")}
    expect("across, too", points(doc, "x"), want, 1e-6)
    doc = graph("y=elapsed&x=machine&group=builder")
    info = {b["name"]: b for b in
            web.get("builds.json?per=all").json["builds"]}
    tap.ok(all(p["x"] == info[p["name"]]["machine"] and
               p["group"] == info[p["name"]]["builder"]
               for p in doc["points"]), "dimensions are the build's")


def logs():
    """Means of sampled logs, from the files themselves."""
    want = {"cpu": {}, "all": {}}
    for name in NAMES:
        path = os.path.join(os.environ["BS_SRC"], "tests/data",
                            name + ".tar.zst")
        files = recordings.unpack(path)
        run = recordings.load(name)[0]
        means = {}
        for path, data in files.items():
            if "/reduced_proc_pressure/" in path and \
                    path.startswith(run["directory"] + "/"):
                rows = [t.split() for t in data.decode().split("\n")]
                values = [float(r[1]) for r in rows if len(r) == 4]
                if values:
                    means[path] = statistics.mean(values)
        if means:
            want["all"][(run["name"],)] = max(means.values())
        for path, data in files.items():
            if path == run["directory"] + "/reduced_proc_stat.log":
                rows = [t.split() for t in data.decode().split("\n")]
                values = [float(r[0]) for r in rows if len(r) == 3]
                want["cpu"][(run["name"],)] = statistics.mean(values)
    expect("pressure.avg60 of builds", points(graph("y=pressure.avg60")),
           want["all"], 0.01)
    doc = graph("y=cpu.user&x=elapsed")
    expect("cpu.user of builds", points(doc), want["cpu"], 0.001)
    tap.ok(doc["blocks"] and "mean over the build" in doc["sentence"].lower(),
           doc["sentence"])
    tap.same(graph("of=package&package=zlib&y=cpu.user")["counted"], 0,
             "a recipe has no samples")


# ---- recipes and tasks ----

def by_recipe(runs, choose=lambda t: True):
    out = {}
    for r in runs:
        for t in r["tasks"]:
            if choose(t):
                out.setdefault((r["name"], t["recipe"], t["version"]),
                               []).append(t)
    return out


def packages(runs):
    groups = by_recipe(runs, lambda t: t["recipe"] == "zlib")
    for metric, function, name in (
            ("elapsed", sum, "elapsed"), ("elapsed", max, "max:elapsed"),
            ("cputime", sum, "cputime"), ("io.read_bytes", sum, "io.read_bytes"),
            ("io.read_bytes", max, "max:io.read_bytes"),
            ("child_rusage.ru_maxrss", max, "child_rusage.ru_maxrss")):
        want = {k: function(values(t, metric)) for k, t in groups.items()
                if values(t, metric)}
        doc = graph("package=zlib&y=" + name)
        # Times are whole hundredths for each of some twenty tasks.
        expect("%s of zlib" % name, points(doc), want, 0.1)
        tap.same(doc["of"], "package", "a point is a recipe in a build")
    doc = graph("package=zlib&y=start")
    want = {k: min(t["started"] for t in tasks) -
            next(r for r in runs if r["name"] == k[0])
            ["build_stats"]["started"] for k, tasks in groups.items()}
    expect("start of zlib", points(doc), want, 0.011)
    doc = graph("package=zlib&y=span")
    want = {k: max(t["ended"] for t in tasks) -
            min(t["started"] for t in tasks)
            for k, tasks in groups.items()
            if all(t["ended"] is not None for t in tasks)}
    got = points(doc)
    expect("span of zlib", {k: got.get(k) for k in want}, want, 0.02)
    last = max(runs, key=lambda r: r["build_stats"]["started"])
    doc = graph("x=recipe&y=cputime&all=1")
    want = {k: sum(values(t, "cputime"))
            for k, t in by_recipe(runs).items() if values(t, "cputime")}
    expect("CPU time of all recipes", points(doc), want, 0.15)
    tap.ok(doc["of"] == "package" and doc["drawn"] == 40 < doc["places"],
           "too many to draw: the dearest", doc["drawn"])
    tap.ok(last["name"] in {p["name"] for p in doc["points"]}, "of all builds")


def tasks(runs):
    groups = {}
    for r in runs:
        for t in r["tasks"]:
            if t["recipe"] == "zlib":
                groups.setdefault((r["name"], "zlib", t["version"],
                                   t["task"]), []).append(t)
    for metric in ("elapsed", "cputime", "io.write_bytes"):
        doc = graph("package=zlib&of=task&y=" + metric)
        want = {k: sum(values(t, metric)) for k, t in groups.items()
                if values(t, metric)}
        expect("%s of zlib's tasks" % metric, points(doc), want, 0.011)
        doc = graph("package=zlib&task=compile&y=" + metric)
        want = {k: v for k, v in want.items() if k[3] == "do_compile"}
        expect("%s of its do_compile" % metric, points(doc), want, 0.011)
    doc = graph("task=do_compile&x=io.read_bytes&y=cputime")
    want_y, want_x = {}, {}
    for r in runs:
        for t in r["tasks"]:
            k = (r["name"], t["recipe"], t["version"], t["task"])
            x, y = value(t, "io.read_bytes"), value(t, "cputime")
            if t["task"] == "do_compile" and None not in (x, y):
                want_x[k], want_y[k] = x, y
    expect("do_compile of all, up", points(doc), want_y, 0.011)
    expect("and across", points(doc, "x"), want_x, 1e-9)
    tap.same(doc["of"], "task", "a point is a task")
    tap.ok(doc["blocks"] and 0.3 < doc["correlation"] <= 1 and
           "go together" in doc["sentence"], doc["sentence"])
    check_summary(graph("package=zlib&x=task&y=elapsed"))


def check_summary(doc):
    by = {}
    for p in doc["points"]:
        if p["counts"]:
            by.setdefault(p["x"], []).append(p["y"])
    wrong = [b for b in doc["summary"]
             if not near(b["median"], statistics.median(by[b["x"]]), 1e-9) or
             (b["n"], b["least"], b["most"]) !=
             (len(by[b["x"]]), min(by[b["x"]]), max(by[b["x"]]))]
    tap.ok(not wrong and len(doc["summary"]) == len(by) > 3,
           "summed up by each place", wrong[:3])


# ---- many builds ----

def history():
    files, rows = {}, histories.recorded()
    for i, row in enumerate(rows):
        files.update(histories.build(
            i, row, START, builder="ci-7",
            machine="qemux86-64" if i % 3 else "qemuarm64"))
        if i % 40 == 39:
            tap.same(web.upload(tars.tar(files)).status, 201, "builds")
            files = {}
    want = sorted(round(r["cpu"] * histories.SCALE, 2) for r in rows)
    doc = graph("builder=ci-7&package=zlib&task=do_compile&y=cputime")
    got = sorted(p["y"] for p in doc["points"])
    tap.ok(len(got) == len(want) and
           all(near(a, b, 0.011) for a, b in zip(got, want)),
           "a history of %d builds" % len(want))
    doc = graph("builder=ci-7&y=pressure&x=commit&group=machine")
    tap.same(doc["places"], (len(rows) + 3) // 4, "a place a commit")
    order = {}
    for i in range(len(rows)):
        order.setdefault(histories.commit(i // 4), len(order))
    sums = {}
    for b in doc["summary"]:
        sums.setdefault(b["x"], 0)
        sums[b["x"]] += b["n"]
    tap.same(list(sums), sorted(order, key=order.get),
             "in the order in which they were seen")
    tap.same(sum(sums.values()), len(rows), "all of the builds")
    doc = graph("builder=ci-7&x=layer:meta-oe&y=elapsed")
    tap.same({p["x"] for p in doc["points"]},
             {histories.commit(900 + i // 50) for i in range(len(rows))},
             "revisions of a layer are a dimension")
    page = ET.fromstring(web.get("graph.xml?builder=ci-7&group=machine").body)
    series = page.findall("content/plot/series")
    looks = {s.get("name"): s.get("look") for s in series
             if s.get("kind") == "points"}
    tap.same((set(looks), len(set(looks.values()))),
             ({"qemux86-64", "qemuarm64"}, 2), "each machine has its look")
    tap.same(len([s for s in series if s.get("kind") == "line"]), 2,
             "and a median")
    marks = [m for s in series for m in s.findall("mark")]
    tap.same(len(marks), len(rows), "and every build its mark")
    picture(len(rows))


def picture(n):
    answer = web.get("graph.svg?builder=ci-7&group=machine")
    tap.same((answer.status, answer.type), (200, "image/svg+xml"),
             "the picture alone")
    root = ET.fromstring(answer.body)
    forms = {u.get("href") for u in root.findall(".//{*}use")}
    tap.ok(len(root.findall(".//{*}use")) >= n and len(forms) == 2,
           "has the points, in two forms", forms)
    page = ET.fromstring(web.get(
        "graph.xml?builder=ci-7&x=machine&y=elapsed").body)
    boxes = page.findall("content/plot/series[@kind='boxes']/mark")
    tap.same(len(boxes), 2, "by machine: a box each")
    page = ET.fromstring(web.get(
        "graph.xml?builder=ci-7&log=y&y=elapsed").body)
    tap.ok("logarithmic" in page.find("content/plot/yaxis").get("label"),
           "logarithmic if wanted")


# ---- choices, forms, refusals ----

def pickers():
    page = ET.fromstring(web.get("graph.xml").body)
    options = {}
    for o in page.findall("content/options/option"):
        options.setdefault(o.get("name"), []).append(o.get("value"))
    seen = {m["name"] for m in web.get("metrics.json").json["metrics"]}
    tap.ok(len(seen) > 40, "there are some", seen)
    tap.ok(seen <= set(options["y"]) and seen <= set(options["x"]),
           "the picker has the metrics that were seen",
           seen - set(options["y"]))
    tap.ok({"machine", "commit", "layer:meta", "bitbake_version"} <=
           set(options["group"]) and "recipe" not in options["group"],
           "and dimensions", options["group"])
    for name in ("x", "y", "group"):
        bad = [v for v in options[name] if web.get(
            "graph.json?per=1&%s=%s" % (name, v.replace("+", "%2B"))).status
            != 200]
        tap.same(bad, [], "each of them can be drawn: " + name)
        tap.same(len(options[name]), len(set(options[name])), "each once")
    page = web.get("graph?y=max:io.read_bytes&x=machine&group=branch").text
    for value in ("max:io.read_bytes", "machine", "branch"):
        tap.ok('<option value="%s" selected' % value in page,
               "chosen: " + value)


def forms():
    query = "?package=zlib&x=cputime&y=elapsed&group=task"
    doc = web.get("graph.json" + query).json
    rows = list(csv.DictReader(io.StringIO(web.get("graph.csv" + query).text)))
    tap.same([(float(r["x"]), float(r["y"]), r["group"]) for r in rows],
             [(p["x"], p["y"], p["group"]) for p in doc["points"]],
             "CSV has the points")
    text = web.get("graph.txt" + query).text
    tap.ok(doc["sentence"] in text, text)
    page = web.get("graph" + query).text
    for part in ("graph.svg?", "graph.csv?", "graph.json?", "<caption"):
        tap.ok(part in page, "the page leads to " + part)


def odd():
    for query, part in (
            ("y=time", "a number"), ("y=machine", "a number"),
            ("group=elapsed", "a dimension"), ("x=", None),
            ("of=build&x=recipe", "has no recipe"), ("x=layer:", "takes"),
            ("of=task&y=packages", "has no packages"),
            ("x=sum:", "takes"), ("y=max:a:b", "takes"), ("of=nothing", "of"),
            ("log=z", "log"), ("all=2", "all"), ("sort=nonsense", "sort"),
            ("since=never", "since"), ("group=variable:", "takes")):
        answer = web.get("graph.json?" + query)
        if part is None:
            tap.same(answer.status, 200, "empty is not given: " + query)
        else:
            tap.ok(answer.status == 400 and part in answer.error(),
                   "refused: " + query, answer.status, answer.error())
    for query, part in (
            ("machine=nobody", "no build to draw"),
            ("y=nobody.has_this", "nobody.has_this"),
            ("x=nobody.has_this", "nobody.has_this"),
            ("package=nobody", "no recipe to draw"),
            ("package=zlib&task=do_nothing", "no task to draw"),
            ("y=events.nothing", "events.nothing"),
            ("group=variable:NOTHING", "variable:NOTHING"),
            ("group=layer:nothing", "nothing")):
        answer = web.get("graph?" + query)
        doc = web.get("graph.json?" + query).json
        tap.ok(answer.status == 200 and (part in doc["sentence"] or
                                         doc["group"] is not None),
               "says so: " + query, doc["sentence"])
        tap.same(web.get("graph.svg?" + query).status, 200, "no picture of it")
    row = histories.recorded()[0]
    files = histories.build(0, row, 1e9, machine="past")
    files.update(histories.build(5, row, START + 1000, machine="past"))
    files.update(histories.build(
        6, row, START + 1000, machine="past",
        tasks=[("do_compile", -5.0, 1.0), ("do_install", 0.0, 1.0)]))
    web.upload(tars.tar(files))
    doc = graph("machine=past")
    tap.same((doc["total"], doc["counted"], doc["clock"]), (3, 2, 1),
             "a wrong clock makes no axis")
    doc = graph("machine=past&package=zlib&of=task&y=elapsed")
    ys = [p["y"] for p in doc["points"] if p["counts"]]
    tap.ok(0 in ys and min(ys) >= 0, "no duration is negative, one is none",
           ys)
    tap.same(web.get("graph?machine=past&package=zlib&log=y&log=x").status,
             200, "nor a logarithm of 0")


def main():
    tap.ok("howto" in web.get("graph").text,
           "an empty server tells how to send")
    for name in NAMES:
        send(name)
    runs = [recordings.load(n)[0] for n in NAMES]
    builds(runs)
    logs()
    packages(runs)
    tasks(runs)
    history()
    pickers()
    forms()
    odd()
    tap.end()


main()
