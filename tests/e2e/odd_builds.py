"""odd_builds.py: builds of one task, of none, of 50,000, with nothing in common,
with a metric of their own, and with tasks that took no time or less: charts,
comparisons, trends and graphs say so, and draw nothing wrong.
"""

import os
import re
import sys
import xml.etree.ElementTree as ET

sys.path.insert(0, os.path.join(os.environ["BS_SRC"], "tests/lib"))
import tap  # noqa: E402
import tars  # noqa: E402
import web  # noqa: E402

START = 1795000000.0
TASK = """Event: TaskStarted 
Started: %.2f 
%s: %s
IO read_bytes: 4096
rusage ru_utime: %s
rusage ru_stime: 0.0
Child rusage ru_utime: 0.0
Child rusage ru_stime: 0.0
%sStatus: PASSED 
Ended: %.2f 
"""
MANY_RECIPES, MANY_TASKS = 500, 100
NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?")


def send(number, tasks, more=""):
    """tasks: (pf, name, wall, cpu); the number of the build."""
    start = START + 10000 * number
    name = "2026%010d" % number
    top = "buildstats/%s/" % name
    files = {top + "build_stats": tars.build_stats(start, host="odd")}
    at = start + 1
    for pf, task, wall, cpu in tasks:
        files["%s%s/%s" % (top, pf, task)] = TASK % (
            at, pf, task, cpu, more, at + wall)
        at += max(wall, 0.5) / 10
    answer = web.upload(tars.tar(files))
    if answer.status != 201:
        tap.ok(False, "taken", answer.status, answer.text[:300])
    return answer.json["builds"][0]["id"]


def compared(a, b, more=""):
    return web.get("compare.json?per=all&build=%d&build=%d%s" % (
        a, b, more)).json


def page_of(path):
    """A page that opens with a sentence and draws nothing outside."""
    answer = web.get(path)
    text = answer.text
    heading = re.search(r"<h1>(.*?)</h1>", text, re.S)
    words = re.sub(r"<[^>]*>", " ", text)
    bad = re.findall(r"\b(?:nan|inf|NaN|Infinity)\b", words)
    drawn = re.findall(r'(?:width|height|points|d|x|y)="([^"]*)"', text)
    wrong = [d for d in drawn if "nan" in d or "inf" in d]
    tap.ok(answer.status == 200 and heading and heading[1].strip() and
           not bad and not wrong, path, answer.status, bad[:3], wrong[:3])
    return text


def no_negative_bars(path):
    root = ET.fromstring(web.get(path).body)
    wrong = []
    for e in root.iter():
        for k in ("width", "height"):
            found = NUMBER.match(e.get(k) or "")
            if found and float(found[0]) < 0:
                wrong.append((e.tag, e.get(k)))
    tap.same(wrong, [], path + ": no bar is negative")


def one_and_none(one, none, usual):
    doc = compared(one, usual)
    tap.same((doc["shared"], len(doc["rows"])), (1, 1),
             "one task can be compared")
    for a, b in ((none, usual), (usual, none), (none, one)):
        doc = compared(a, b)
        tap.ok(doc["shared"] == 0 and "no task in common" in doc["sentence"]
               and doc["rows"] == [], "with a build of none: says so",
               doc["sentence"])
    tap.same([c["kind"] for c in compared(none, one)["changes"]], ["new"],
             "its recipe is new")
    tap.same([c["kind"] for c in compared(one, none)["changes"]], ["gone"],
             "or gone")
    for n in (one, none):
        for path in ("build/%d", "build/%d/chart?min=0", "build/%d/tasks",
                     "compare?build=%d", "compare?build=%d&build=%d" % (
                         usual, n) + "&all=%d",
                     "compare?build=%d" + "&build=%d" % n):
            page_of(path % (1 if "all" in path else n))
        no_negative_bars("build/%d/chart.svg?min=0" % n)


def nothing_in_common(a, b):
    doc = compared(a, b)
    tap.ok(doc["shared"] == 0 and "no task in common" in doc["sentence"] and
           not doc["rows"], "nothing in common", doc["sentence"])
    tap.same(sorted((c["recipe"], c["kind"]) for c in doc["changes"]),
             [("left", "gone"), ("right", "new")], "what is gone, what is new")
    tap.same([x["other_tasks"] for x in doc["builds"]], [2, 2],
             "and what that cost is told")
    tap.ok(all(x["other"] > 0 for x in doc["builds"]), "in time",
           [x["other"] for x in doc["builds"]])
    text = page_of("compare?build=%d&build=%d" % (a, b))
    tap.ok("no task in common" in text and "all=1" in text,
           "the page leads on")
    doc = compared(a, b, "&all=1")
    tap.same(len(doc["rows"]), 4, "all of both, if asked")


def metric_of_one(without, with_it):
    doc = compared(without, with_it, "&metric=gpu.heat")
    tap.same([x["lacks_metric"] for x in doc["builds"]], [True, False],
             "a metric that only one has is said")
    tap.ok(all(r["values"][0] is None and r["values"][1] == 7 and
               r["absdiff"] is None for r in doc["rows"]) and doc["rows"],
           "its values stand, without a difference", doc["rows"][:2])
    tap.ok("gpu.heat" in doc["sentence"] and "only" in doc["sentence"],
           doc["sentence"])
    text = page_of("compare?build=%d&build=%d&metric=gpu.heat" % (
        without, with_it))
    tap.ok("has no gpu.heat" in text, "on the page, too")
    doc = web.get("graph.json?y=gpu.heat&per=all").json
    tap.same((doc["counted"], doc["counted"] + doc["lacks"]),
             (1, doc["total"]), "a graph tells how many lack it")
    page_of("graph?y=gpu.heat")
    page_of("trend?metric=gpu.heat")


def durations(odd, usual):
    """0, -5 and 2 seconds."""
    tasks = {t["task"]: t for t in
             web.get("build/%d/tasks.json?per=all" % odd).json["tasks"]}
    tap.same(tasks["do_configure"]["elapsed"], 0, "no time is no time")
    tap.ok(tasks["do_compile"]["elapsed"] is None or
           tasks["do_compile"]["elapsed"] >= 0, "less than none is unknown",
           tasks["do_compile"]["elapsed"])
    doc = compared(odd, usual)
    rows = {r["task"]: r for r in doc["rows"]}
    tap.ok(rows["do_configure"]["values"][0] == 0 and
           rows["do_configure"]["absdiff"] > 0 and
           rows["do_configure"]["reldiff"] is None,
           "from nothing there is a difference, but no share",
           rows["do_configure"])
    tap.ok(rows["do_compile"]["values"][0] is None or
           rows["do_compile"]["values"][0] >= 0, "no negative value",
           rows["do_compile"])
    for path in ("build/%d/chart?min=0", "compare?build=%d&build=" + str(usual),
                 "build/%d"):
        page_of(path % odd)
    no_negative_bars("build/%d/chart.svg?min=0" % odd)
    for path in ("graph?package=slow&of=task", "package/slow/trend",
                 "package/slow/trend?metric=elapsed&task=do_compile",
                 "graph?package=slow&of=task&log=y"):
        page_of(path)


def fifty_thousand(usual):
    n = MANY_RECIPES * MANY_TASKS
    tasks = [("many%d-1.0-r0" % (i // MANY_TASKS), "do_step%d" %
              (i % MANY_TASKS), 1.0, 0.5) for i in range(n)]
    first = send(90, tasks)
    tasks[7] = (tasks[7][0], tasks[7][1], 31.0, 0.5)
    second = send(91, tasks)
    doc = web.get("compare.json?build=%d&build=%d&diff=1" % (
        first, second)).json
    tap.same(doc["shared"], n, "50,000 tasks are compared")
    tap.ok([(r["recipe"], r["task"], round(r["absdiff"])) for r in
            doc["rows"]] == [("many0", "do_step7", 30)],
           "and the one that differs is found", doc["rows"][:2])
    for path in ("build/%d", "build/%d/tasks", "build/%d/chart?min=0",
                 "compare?build=%d" + "&build=%d" % second,
                 "compare?build=%d" + "&build=%d" % usual,
                 "compare?build=%d" + "&build=%d&by=type" % second):
        page_of(path % first)
    no_negative_bars("build/%d/chart.svg?min=0" % first)
    doc = web.get("graph.json?of=task&q=odd&per=1").json
    tap.same((doc["total"], doc["more"]), (2000, True),
             "a graph has the newest 2,000 of them")
    tap.ok("newest 2,000 tasks" in doc["sentence"], doc["sentence"])
    text = page_of("graph?of=task&q=odd")
    tap.ok("Show all" in text and "all=1" in text, "and leads to more")
    tap.same(web.get("graph.json?of=task&q=odd&per=1&all=1").json["total"],
             10000, "up to 10,000")


def refused(a):
    for query, status in (
            ("build=%d&build=99999999" % a, 404), ("build=abc", 400),
            ("&".join("build=%d" % a for _ in range(11)), 400),
            ("&".join("build=%d" % a for _ in range(10)) + "&base=%d" % a, 400),
            ("build=%d&base=99999999" % a, 404), ("base=median:3", 400)):
        answer = web.get("compare.json?" + query)
        tap.ok(answer.status == status and answer.error().endswith("."),
               "compare?%s is refused in a sentence" % query[:50],
               answer.status, answer.error())
    answer = web.get("compare.json?" + "&".join(
        "build=%d" % a for _ in range(11)))
    tap.ok("up to 10 builds, not 11" in answer.error(), answer.error())
    doc = compared(a, a)
    tap.ok("with itself" in doc["sentence"] and
           all(r["absdiff"] in (0, None) for r in doc["rows"]),
           "itself: nothing differs", doc["sentence"])
    page_of("compare?build=%d&build=%d" % (a, a))


def main():
    usual = send(1, [("zlib-1.0-r0", "do_compile", 4.0, 3.0),
                     ("zlib-1.0-r0", "do_install", 1.0, 0.5),
                     ("slow-1.0-r0", "do_configure", 2.0, 1.0),
                     ("slow-1.0-r0", "do_compile", 3.0, 1.0)])
    one = send(2, [("zlib-1.0-r0", "do_compile", 5.0, 3.0)])
    none = send(3, [])
    left = send(4, [("left-1.0-r0", "do_compile", 5.0, 3.0),
                    ("left-1.0-r0", "do_install", 5.0, 3.0)])
    right = send(5, [("right-1.0-r0", "do_compile", 5.0, 3.0),
                     ("right-1.0-r0", "do_install", 5.0, 3.0)])
    heated = send(6, [("zlib-1.0-r0", "do_compile", 4.0, 3.0),
                      ("zlib-1.0-r0", "do_install", 1.0, 0.5)],
                  "GPU heat: 7\n")
    odd = send(7, [("slow-1.0-r0", "do_configure", 0.0, 0.0),
                   ("slow-1.0-r0", "do_compile", -5.0, 1.0),
                   ("slow-1.0-r0", "do_install", 2.0, 1.0)])
    refused(usual)
    one_and_none(one, none, usual)
    nothing_in_common(left, right)
    metric_of_one(usual, heated)
    durations(odd, usual)
    fifty_thousand(usual)
    tap.end()


main()
