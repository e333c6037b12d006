"""compare.py: builds side by side and boot charts, against an independent
reading of the same directories.
"""

import csv
import io
import math
import os
import re
import sys
import xml.etree.ElementTree as ET

sys.path.insert(0, os.path.join(os.environ["BS_SRC"], "tests/lib"))
import recordings  # noqa: E402
import tap  # noqa: E402
import web  # noqa: E402

DATA = os.path.join(os.environ["BS_SRC"], "tests/data")
TIMES = ("rusage.ru_utime", "rusage.ru_stime", "child_rusage.ru_utime",
         "child_rusage.ru_stime")


def elapsed(task):
    if task["ended"] is not None and task["started"] is not None and \
            task["ended"] >= task["started"]:
        return task["ended"] - task["started"]
    return task["elapsed"]


def cputime(task):
    found = [task["metrics"][k] for k in TIMES if k in task["metrics"]]
    return sum(found) if found else None


def metric(name):
    return {"elapsed": elapsed, "cputime": cputime}.get(
        name, lambda t: t["metrics"].get(name))


def sums(run, name, key):
    """{key: sum of the metric} over the run's tasks."""
    out = {}
    for task in run["tasks"]:
        v = metric(name)(task)
        k = key(task)
        if v is None:
            out.setdefault(k, None)
        else:
            out[k] = (out.get(k) or 0) + v
    return out


def pair(task):
    return task["recipe"], task["task"]


def near(a, b):
    if a is None or b is None:
        return a is None and b is None
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=0.0151)


def send(name):
    with open(os.path.join(DATA, name + ".tar.zst"), "rb") as f:
        return web.upload(f.read()).json["builds"][0]["id"]


def compared(query):
    return web.get("compare.json?per=all&" + query)


# ---- comparing


def by_task(runs, ids, name):
    query = "build=%d&build=%d&metric=%s" % (ids["A1"], ids["A2"], name)
    doc = compared(query).json
    a, b = (sums(runs[n], name, pair) for n in ("A1", "A2"))
    want = {k: [a[k], b[k]] for k in a if k in b}
    got = {(r["recipe"], r["task"]): r for r in doc["rows"]}
    tap.same(sorted(got), sorted(want), name + ": the tasks that both ran")
    wrong = [(k, got[k]["values"], want[k]) for k in want if k in got and
             not all(near(x, y) for x, y in zip(got[k]["values"], want[k]))]
    tap.ok(not wrong, name + ": their values", wrong[:5])
    wrong = [(k, got[k]["absdiff"]) for k in want if None not in want[k] and
             not near(got[k]["absdiff"], want[k][1] - want[k][0])]
    tap.ok(not wrong, name + ": their differences", wrong[:5])
    wrong = [(k, got[k]["reldiff"]) for k in want
             if None not in want[k] and abs(want[k][0]) > 1 and not
             math.isclose(got[k]["reldiff"], want[k][1] / want[k][0] - 1,
                          rel_tol=1e-3, abs_tol=0.02)]
    tap.ok(not wrong, name + ": and in parts of one", wrong[:5])
    diffs = [abs(r["absdiff"]) for r in doc["rows"] if r["absdiff"] is not None]
    tap.same(diffs, sorted(diffs, reverse=True),
             name + ": what changed most comes first")
    total = [sum(v[i] for v in want.values() if v[i] is not None)
             for i in (0, 1)]
    tap.ok(all(math.isclose(x, y, rel_tol=1e-4)
               for x, y in zip(doc["total"]["values"], total)),
           name + ": the totals", doc["total"], total)


def by_groups(runs, ids):
    query = "build=%d&build=%d&metric=cputime&by=" % (ids["A1"], ids["A2"])
    a, b = (sums(runs[n], "cputime", pair) for n in ("A1", "A2"))
    for by, field, index in (("package", "recipe", 0), ("type", "task", 1)):
        want = {}
        for key in a:
            if key in b:
                to = want.setdefault(key[index], [0, 0])
                to[0] += a[key] or 0
                to[1] += b[key] or 0
        got = {r[field]: r["values"] for r in compared(query + by).json["rows"]}
        tap.same(sorted(got), sorted(want), "by %s: the rows" % by)
        tap.ok(all(math.isclose(x, y, rel_tol=1e-6, abs_tol=1e-3)
                   for k in want for x, y in zip(got[k], want[k])),
               "by %s: their sums" % by)
    rows = compared(query + "build").json["rows"]
    tap.ok(len(rows) == 1 and math.isclose(
        rows[0]["values"][0], sum(v for k, v in a.items() if v and k in b),
        rel_tol=1e-6), "by build: one row")


def choices(runs, ids):
    query = "build=%d&build=%d&" % (ids["A1"], ids["A2"])
    a, b = (sums(runs[n], "elapsed", pair) for n in ("A1", "A2"))
    both = [k for k in a if k in b]
    got = compared(query + "min=4").json["rows"]
    tap.same(len(got), len([k for k in both if max(a[k], b[k]) >= 4]),
             "everything over four seconds")
    got = compared(query + "diff=5").json["rows"]
    tap.same(len(got), len([k for k in both if abs(b[k] - a[k]) >= 5]),
             "what differs by five seconds")
    got = compared(query + "package=zlib").json["rows"]
    tap.same({r["recipe"] for r in got}, {"zlib"}, "one recipe")
    got = compared(query + "task=compile").json["rows"]
    tap.same({r["task"] for r in got}, {"do_compile"}, "one task, its short name")
    got = compared(query + "sort=recipe").json["rows"]
    names = [r["recipe"] for r in got]
    tap.same(names, sorted(names), "sorted by recipe")


def only_some(runs, ids):
    query = "build=%d&build=%d" % (ids["A1"], ids["B1"])
    a, b = (sums(runs[n], "elapsed", pair) for n in ("A1", "B1"))
    doc = compared(query).json
    both = [k for k in a if k in b]
    tap.same(doc["shared"], len(both), "tasks that both ran are counted")
    tap.same([x["other_tasks"] for x in doc["builds"]],
             [len(a) - len(both), len(b) - len(both)],
             "and what only one of them ran")
    tap.ok(all(near(x["other"], y) for x, y in zip(
        doc["builds"], [sum(v for k, v in s.items() if k not in both)
                        for s in (a, b)])), "what that took",
           [x["other"] for x in doc["builds"]])
    doc = compared(query + "&all=1").json
    tap.same(len(doc["rows"]), len(set(a) | set(b)), "all of them, if asked")
    tap.same(len([r for r in doc["rows"] if r["values"][1] is None]),
             len(set(a) - set(b)), "null where a build has no such task")


def histogram(ids):
    """The bins hold the rows that have a change, each in its place."""
    doc = compared("build=%d&build=%d" % (ids["A1"], ids["A2"])).json
    changes = [100 * r["reldiff"] for r in doc["rows"]
               if r["reldiff"] is not None]
    wrong = []
    for b in doc["histogram"]:
        low = -math.inf if b["from"] is None else b["from"]
        high = math.inf if b["to"] is None else b["to"]
        # A change at the very edge is in either of two.
        inner = sum(low + 1e-9 < c < high - 1e-9 for c in changes)
        outer = sum(low - 1e-9 <= c <= high + 1e-9 for c in changes)
        if not inner <= b["rows"] <= outer:
            wrong.append((b, inner, outer))
    tap.ok(not wrong and sum(b["rows"] for b in doc["histogram"]) ==
           len(changes) > 50, "the histogram counts the changes", wrong[:3])
    page = web.get("compare?build=%d&build=%d" % (ids["A1"], ids["A2"])).text
    tap.ok("As a table" in page, "and has its table")


def histories(ids):
    """Each row leads to its history."""
    for by, path in (("task", "/trend"), ("package", "/trend"),
                     ("type", "/graph"), ("build", "/trend")):
        page = ET.fromstring(web.get("compare.xml?build=%d&build=%d&by=%s" % (
            ids["A1"], ids["A2"], by)).body)
        links = [r.get("history-url") for r in page.findall(
            "content/rows/row")]
        tap.ok(links and all(u and path in u for u in links) and
               web.get(links[0]).status == 200,
               "by %s: each row leads to its history" % by, links[:2])


def versions(runs, ids):
    doc = compared("build=%d&build=%d" % (ids["A1"], ids["A2"])).json
    va, vb = ({t["recipe"]: t["version"] for t in runs[n]["tasks"]}
              for n in ("A1", "A2"))
    changed = {r for r in va if r in vb and va[r] != vb[r]}
    tap.ok(changed, "the recordings differ in a version")
    tap.same({c["recipe"] for c in doc["changes"] if c["kind"] == "version"},
             changed, "recipes of another version stand apart")
    layers = [f for f in doc["environment"] if f["group"] == "layer" and
              f["differs"]]
    tap.same([f["name"] for f in layers], ["meta-real"],
             "and the layer that changed")


def median(runs, ids):
    """The baseline of the builds before: here one."""
    doc = compared("build=%d&base=median:5" % ids["A2"]).json
    tap.same((doc["builds"][0]["median"], doc["builds"][0]["id"],
              doc["builds"][1]["id"]), (1, ids["A1"], ids["A2"]),
             "against the median of the builds before")
    plain = compared("build=%d&build=%d" % (ids["A1"], ids["A2"])).json
    tap.same(doc["rows"], plain["rows"], "which is that build here")


def odd(ids):
    a = ids["A1"]
    for query, status in (("build=%d&build=99999999" % a, 404),
                          ("build=x", 400), ("build=0&build=1", 400),
                          ("&".join("build=%d" % a for _ in range(11)), 400),
                          ("build=%d&build=%d&sort=nonsense" % (a, a), 400),
                          ("build=%d&base=median:99" % a, 400),
                          ("build=%d&base=tag:nobody" % a, 404),
                          ("build=%d&base=median" % a, 404),
                          ("build=%d&build=%d&by=moon" % (a, a), 400)):
        answer = web.get("compare.json?" + query)
        tap.same(answer.status, status, "compare?%s is %d" % (query[:50], status))
    for query, words in (("", "Which builds"), ("build=%d" % a, "compared with"),
                         ("build=%d&build=%d" % (a, a), "with itself"),
                         ("build=%d&build=%d&metric=no.such" % (a, ids["A2"]),
                          "none of them has")):
        answer = web.get("compare?" + query)
        tap.ok(answer.status == 200 and words in answer.text,
               "compare?%s says so" % query, answer.status)
    doc = compared("build=%d&build=%d&metric=no.such" % (a, ids["A2"])).json
    tap.ok(all(b["lacks_metric"] for b in doc["builds"]) and
           all(v is None for r in doc["rows"] for v in r["values"]),
           "a metric that nobody has gives nulls, and is said")


def forms(ids):
    query = "compare%s?build=%d&build=%d&per=50" % ("%s", ids["A1"], ids["A2"])
    doc = web.get(query % ".json").json
    rows = list(csv.DictReader(io.StringIO(web.get(query % ".csv").text)))
    tap.same([(r["recipe"], r["task"]) for r in rows],
             [(r["recipe"], r["task"]) for r in doc["rows"]],
             "CSV has the same rows")
    column = "A_%d" % ids["A1"]
    tap.ok(all(float(r[column]) == d["values"][0]
               for r, d in zip(rows, doc["rows"])),
           "with a column a build", list(rows[0]) if rows else "")
    page = ET.fromstring(web.get(query % ".xml").body)
    tap.same(len(page.findall("content/rows/row")), len(doc["rows"]),
             "XML has the same rows")


# ---- boot charts


def chart(runs, ids, name):
    path = "build/%d/chart" % ids[name]
    run = runs[name]
    doc = web.get(path + ".json?min=2").json
    want = sorted((t["recipe"], t["task"]) for t in run["tasks"]
                  if elapsed(t) is not None and elapsed(t) >= 2)
    got = sorted((t["recipe"], t["task"]) for t in doc["tasks"])
    tap.same(got, want, name + ": the bars are the tasks of two seconds and more")
    start = run["build_stats"]["started"]
    by = {(t["recipe"], t["task"]): t for t in run["tasks"]}
    wrong = [t for t in doc["tasks"] if not near(
        t["from"], by[t["recipe"], t["task"]]["started"] - start)]
    tap.ok(not wrong, name + ": each where it started", wrong[:3])
    wrong = [t for t in doc["tasks"] if not near(
        t["to"] - t["from"], elapsed(by[t["recipe"], t["task"]]))]
    tap.ok(not wrong, name + ": and as long as it took", wrong[:3])
    lanes = {}
    for t in sorted(doc["tasks"], key=lambda t: t["from"]):
        lanes.setdefault(t["lane"], []).append(t)
    tap.ok(all(a["to"] <= b["from"] + 1e-6 for lane in lanes.values()
               for a, b in zip(lane, lane[1:])),
           name + ": no two of a lane overlap")
    svg = web.get(path + ".svg?min=2")
    root = ET.fromstring(svg.body)
    tap.same((svg.type, root.tag), ("image/svg+xml",
                                    "{http://www.w3.org/2000/svg}svg"),
             name + ": the picture alone is SVG")
    bars = sum(p.get("d", "").count("z") for p in root.iter(
        "{http://www.w3.org/2000/svg}path") if "bars" in p.get("class", ""))
    tap.same(bars, len(want), name + ": with as many bars")


def usual_chart(runs, ids):
    doc = web.get("build/%d/chart.json" % ids["A1"]).json
    tap.same((doc["min"], doc["shown"]),
             (8, len([t for t in runs["A1"]["tasks"] if elapsed(t) >= 8])),
             "without min= tasks of eight seconds")
    doc = web.get("build/%d/chart.json?min=0" % ids["B1"]).json
    tap.same(doc["shown"], len(runs["B1"]["tasks"]), "min=0 draws all tasks")
    failed = [t for t in doc["tasks"] if t["status"] == "failed"]
    tap.same(len(failed), len([t for t in runs["B1"]["tasks"]
                               if t["status"] == "FAILED"]),
             "failed ones are marked")
    page = web.get("build/%d/chart?min=0" % ids["B1"]).text
    tap.ok(re.search(r'class="bars failed"', page), "in the picture, too")
    page = web.get("build/%d/chart?with=%d" % (ids["A1"], ids["A2"]))
    tap.same(page.text.count("boots-plot"), 2, "two builds, one axis")
    tap.same(web.get("build/99999/chart").status, 404, "no build, no chart")
    tap.same(web.get("build/%d/chart?with=99999" % ids["A1"]).status, 404,
             "nor with another that isn't there")
    empty = web.get("build/%d/chart?min=100000" % ids["A1"])
    tap.ok(empty.status == 200 and "No task took that long" in empty.text,
           "an empty chart says so")


def trace(runs, ids):
    doc = web.get("build/%d/trace.json" % ids["A1"]).json
    events = [e for e in doc["traceEvents"] if e["ph"] == "X"]
    run = runs["A1"]
    start = run["build_stats"]["started"]
    tap.same(len(events), len(run["tasks"]), "the trace has every task")
    want = {"%s %s" % pair(t): t for t in run["tasks"]}
    tap.ok(all(abs(e["ts"] / 1e6 - (want[e["name"]]["started"] - start)) < 0.011
               and abs(e["dur"] / 1e6 - elapsed(want[e["name"]])) < 0.021
               for e in events), "when and how long, in microseconds")
    tap.ok(any(e["ph"] == "C" and e["name"] == "CPU" for e in
               doc["traceEvents"]), "and the machine's counters")


def main():
    runs = {n: recordings.load(n)[0] for n in ("A1", "A2", "B1")}
    ids = {n: send(n) for n in runs}
    for name in ("elapsed", "cputime", "io.read_bytes"):
        by_task(runs, ids, name)
    by_groups(runs, ids)
    choices(runs, ids)
    only_some(runs, ids)
    versions(runs, ids)
    histogram(ids)
    histories(ids)
    median(runs, ids)
    odd(ids)
    forms(ids)
    for name in ("A1", "A2"):
        chart(runs, ids, name)
    usual_chart(runs, ids)
    trace(runs, ids)
    tap.end()


main()
