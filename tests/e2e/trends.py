"""trends.py: trends and steps say what the builds' files say, computed
independently; a busy machine is no regression; odd series make no wrong
picture."""

import datetime
import os
import statistics
import subprocess
import sys
import time
import xml.etree.ElementTree as ET

sys.path.insert(0, os.path.join(os.environ["BS_SRC"], "tests/lib"))
import histories  # noqa: E402
import recordings  # noqa: E402
import tap  # noqa: E402
import tars  # noqa: E402
import web  # noqa: E402

NOW = int(time.time())
START = NOW - 170 * histories.DAY
CPU_STEP, BUSY_FROM = 60, (103, 122)


def sql(query):
    return subprocess.run(
        ["psql", "-XAtq", "-d", os.environ["BS_DB"], "-c", query],
        check=True, stdout=subprocess.PIPE).stdout.decode().strip()


def send(files):
    answer = web.upload(tars.tar(files))
    if answer.status != 201:
        tap.ok(False, "a history is taken", answer.text[:300])
    return [b["id"] for b in answer.json["builds"]]


def send_history():
    """Ids in the order of the history."""
    files, ids = {}, []
    for i, row in enumerate(histories.recorded()):
        files.update(histories.build(i, row, START, builder="ci-7"))
        if i % 40 == 39:
            ids += send(files)
            files = {}
    by_start = web.get("builds.json?builder=ci-7&per=all&sort=started") \
        .json["builds"]
    tap.same(len(by_start), len(histories.recorded()), "all builds are there")
    tap.same({b["id"] for b in by_start}, set(ids), "and are those sent")
    return [b["id"] for b in by_start]


def send_recordings():
    for name in ("A1", "A2", "B1", "F1"):
        path = os.path.join(os.environ["BS_SRC"], "tests/data",
                            name + ".tar.zst")
        with open(path, "rb") as f:
            tap.same(web.upload(f.read()).status, 201, name + " is taken")


# ---- the same, read from the files ----

def epoch(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")) \
        .timestamp()


CPU = ("rusage.ru_utime", "rusage.ru_stime", "child_rusage.ru_utime",
       "child_rusage.ru_stime")


def measured(tasks, metric):
    """As the page has it: a sum over tasks in whole hundredths."""
    total, known = 0.0, False
    for t in tasks:
        if metric == "elapsed":
            value = t["ended"] - t["started"]
        elif metric == "cputime":
            value = sum(t["metrics"][m] for m in CPU)
        elif metric.endswith("maxrss"):
            total = max(total, t["metrics"][metric])
            known = True
            continue
        else:
            value = t["metrics"][metric]
        total += value
        known = True
    return total if known else None


def close(a, b, tolerance):
    if a is None or b is None:
        return a is b
    return abs(a - b) <= tolerance


def recipe_runs(name, query, choose, metric, tolerance):
    doc = web.get("package/%s/trend.json?metric=%s&per=all%s" % (
        name, metric, query)).json
    got = {r["name"]: r for r in doc["runs"]}
    wrong, n = [], 0
    for recording in ("A1", "A2", "B1"):
        run = recordings.load(recording)[0]
        tasks = [t for t in run["tasks"] if t["recipe"] == name and choose(t)]
        if not any(t["recipe"] == name for t in run["tasks"]):
            continue
        n += 1
        r = got.get(run["name"])
        want = measured(tasks, metric)
        if r is None or not close(r["value"], want, tolerance * len(tasks)):
            wrong.append("%s: %r, want %r" % (recording, r and r["value"],
                                              want))
    tap.ok(not wrong and n > 0, "%s, %s%s: %d runs as in the files" % (
        name, metric, query, n), "\n".join(wrong))


def pressure(recording):
    """Mean of avg10 of the build, from the file itself."""
    path = os.path.join(os.environ["BS_SRC"], "tests/data",
                        recording + ".tar.zst")
    values = []
    for name, data in recordings.unpack(path).items():
        if name.endswith("reduced_proc_pressure/cpu.log"):
            for text in data.decode().split("\n"):
                parts = text.split()
                if len(parts) == 4:
                    values.append(float(parts[0]))
    return statistics.mean(values) if values else None


def recorded_builds():
    for name in ("zlib", "gcc-cross-x86_64", "xz-native"):
        for metric in ("elapsed", "cputime"):
            recipe_runs(name, "", lambda t: True, metric, 0.011)
    recipe_runs("zlib", "&task=compile", lambda t: t["task"] == "do_compile",
                "cputime", 0.011)
    for metric in ("io.read_bytes", "child_rusage.ru_maxrss"):
        recipe_runs("zlib", "", lambda t: True, metric, 1e-6)
        recipe_runs("zlib", "&task=do_configure",
                    lambda t: t["task"] == "do_configure", metric, 1e-6)
    for metric in ("elapsed", "cputime", "child_rusage.ru_maxrss"):
        doc = web.get("trend.json?metric=%s&builder=vm" % metric).json
        got = {r["name"]: r for r in doc["runs"]}
        for recording in ("A1", "A2"):
            run = recordings.load(recording)[0]
            want = run["build_stats"]["elapsed"] if metric == "elapsed" \
                else measured(run["tasks"], metric)
            r = got.get(run["name"])
            tap.ok(r is not None and close(r["value"], want, 0.02),
                   "%s: %s of the whole build" % (recording, metric),
                   "got %r, want %r" % (r and r["value"], want))
            want = pressure(recording)
            tap.ok(r is not None and close(r["pressure"], want, 0.01),
                   "%s: its CPU pressure" % recording,
                   "got %r, want %r" % (r and r["pressure"], want))


# ---- steps ----

def medians(values, at, to):
    return statistics.median(values[:at]), statistics.median(values[at:to])


def series(metric):
    fixed = {"wall": 7.0, "cpu": 5.5}
    return [round(r[metric] * histories.SCALE, 2) + fixed[metric]
            for r in histories.recorded()]


def step_at(step, ids):
    return ids.index(step["build_after"])


def steps_of_cpu(ids):
    doc = web.get("package/zlib/trend.json?builder=ci-7").json
    tap.same(len(doc["steps"]), 1, "CPU time has one step")
    step = doc["steps"][0]
    at = step_at(step, ids)
    tap.ok(abs(at - CPU_STEP) <= 2, "where the work changed", at)
    before, after = medians(series("cpu"), at, 160)
    tap.ok(close(step["before"], before, 0.011) and
           close(step["after"], after, 0.011), "from and to the medians",
           step, before, after)
    tap.same((step["verdict"], step["task"]), ("worse", "do_compile"),
             "it is worse, and do_compile")
    tap.same(ids.index(step["build_before"]), at - 1, "the build before it")
    tap.ok("build=%d&build=%d" % (step["build_before"], step["build_after"])
           in step["compare"], "compare leads to both", step["compare"])
    tap.same(web.get(step["compare"][len("http://"):].split("/", 1)[1]
                     .join(("/", ""))).status, 200, "and is there")
    tap.same([r["command"] for r in step["ranges"]],
             ["git log --oneline %s..%s" % (
                 histories.commit((at - 1) // 4),
                 histories.commit(at // 4))], "what came between")
    tap.ok("more CPU time" in doc["sentence"], doc["sentence"])


def steps_of_wall(ids):
    doc = web.get("package/zlib/trend.json?builder=ci-7&metric=elapsed").json
    newest, first = doc["steps"][0], doc["steps"][-1]
    tap.same(len(doc["steps"]), 2, "wall time has two")
    tap.ok(abs(step_at(first, ids) - CPU_STEP) <= 2 and
           first["verdict"] == "worse", "the first is the work's", first)
    at = step_at(newest, ids)
    tap.ok(BUSY_FROM[0] <= at <= BUSY_FROM[1] and
           newest["verdict"] == "busier",
           "the second is the machine's, no regression", newest)
    want = statistics.median(series("wall")[at:])
    tap.ok(close(newest["wall_after"], want, 0.011), "its wall time", want)
    want = statistics.median(
        [r["pressure"] for r in histories.recorded()][at:])
    tap.ok(close(newest["pressure_after"], want, 0.011), "its pressure", want)
    tap.ok("busier" in doc["sentence"], doc["sentence"])


def by_commit(ids):
    doc = web.get("package/zlib/trend.json?builder=ci-7&x=commit").json
    tap.same((doc["x"], len(doc["steps"]), doc["total"]),
             ("commit", 1, len(ids)), "by commit: the same step")
    page = ET.fromstring(web.get(
        "package/zlib/trend.xml?builder=ci-7&x=commit").body)
    ticks = [t.get("label") for t in page.findall("content/plot/xaxis/tick")]
    tap.ok(3 <= len(ticks) <= 12 and
           all(histories.commit(0)[:7] == t[:7] for t in ticks),
           "commits stand at the axis", ticks)


def picture():
    answer = web.get("package/zlib/trend.svg?builder=ci-7")
    tap.same((answer.status, answer.type), (200, "image/svg+xml"),
             "the picture alone")
    root = ET.fromstring(answer.body)
    tap.ok(root.tag.endswith("svg") and
           len(root.findall(".//{*}use")) >= 150, "has the runs")
    page = ET.fromstring(web.get(
        "package/zlib/trend.xml?builder=ci-7").body)
    tap.same(len(page.findall("content/beside/plot")), 2,
             "wall time and pressure stand beside it")
    tap.same(len(page.findall("content/plot/event")), 1, "the step is in it")


# ---- baselines ----

def differences(doc, want, title):
    """want: a baseline for each of the runs, oldest first, None: none."""
    runs = sorted(doc["runs"], key=lambda r: r["started"])
    wrong = []
    for r, base in zip(runs, want):
        if base is None:
            if r["base"] is not None or r["difference"] is not None:
                wrong.append((r["name"], r["base"], None))
        elif not (close(r["base"], base, 0.011) and
                  close(r["difference"], r["value"] - base, 0.011) and
                  close(r["change"], r["value"] / base - 1, 0.001)):
            wrong.append((r["name"], r["base"], base))
    tap.ok(not wrong and len(runs) == len(want), title, wrong[:3])


def baselines(ids):
    path = "package/zlib/trend.json?builder=ci-7&per=all&base="
    values = series("cpu")
    doc = web.get(path + "median:5").json
    differences(doc, [statistics.median(values[max(0, i - 5):i]) if i else None
                      for i in range(len(values))],
                "a median of the five before each")
    tap.ok("than the median of the 5 before" in doc["sentence"],
           doc["sentence"])
    doc = web.get(path + str(ids[3])).json
    differences(doc, [values[3]] * len(values), "one build for all")
    tap.same((doc["base"], doc["base_build"]), (str(ids[3]), ids[3]),
             "and it says which")
    sql("UPDATE build SET tags = '{gold}' WHERE id = %d" % ids[7])
    differences(web.get(path + "tag:gold").json, [values[7]] * len(values),
                "the build with a tag")
    doc = web.get("package/zlib/trend.json?machine=qemux86-64&per=all&"
                  "metric=io.read_bytes&base=" + str(ids[0])).json
    tap.same({r["base"] for r in doc["runs"]}, {3 * 4096},
             "of metrics that stand in task blocks, too")
    doc = web.get("trend.json?builder=ci-7&per=all&base=%d" % ids[5]).json
    differences(doc, [round(histories.recorded()[5]["wall"] * histories.SCALE,
                            2) + 20] * len(ids), "of whole builds")
    page = ET.fromstring(web.get("package/zlib/trend.xml?builder=ci-7&base="
                                 "median:10").body)
    tap.ok("median of the 10 before" in {
        s.get("name") for s in page.findall("content/plot/series")},
        "the baseline is in the picture")
    rows = web.get(path.replace("per=all", "sort=-difference") +
                   "median:5").json["runs"]
    known = [r["difference"] for r in rows if r["difference"] is not None]
    tap.ok(known == sorted(known, reverse=True) and len(known) > 90,
           "sorted by the difference")
    page = web.get("package/zlib/trend?builder=ci-7&base=%d" % ids[3]).text
    tap.ok("Against the baseline" in page and
           'The baseline is <a href="/buildstats/build/%d">' % ids[3] in page,
           "the page has a column, and a link to it")
    other = next(b["id"] for b in web.get("builds.json?per=all").json["builds"]
                 if b["builder"] != "ci-7" and b["failed"] > 0 and
                 b["tasks"] < 100)
    doc = web.get(path + str(other)).json
    tap.same({r["difference"] for r in doc["runs"]}, {None},
             "a build without the recipe is no baseline")
    tap.ok("has no such value" in web.get(
        "package/zlib/trend?base=%d" % other).text, "and the page says so")
    for base, status in (("9999999", 404), ("tag:nothing", 404),
                         ("median:0", 400), ("median:101", 400), ("0", 400),
                         ("-1", 400), ("best", 400), ("median:x", 400)):
        for page in ("trend.json", "package/zlib/trend.json"):
            tap.same(web.get("%s?base=%s" % (page, base)).status, status,
                     "%s: base=%s" % (page, base))


# ---- the steps of everything ----

def hurry():
    """Until what is new has been looked at, without the usual delay."""
    for _ in range(600):
        sql("UPDATE trend_due SET due = now() WHERE due > now()")
        if sql("SELECT (SELECT count(*) FROM trend_new) + "
               "(SELECT count(*) FROM trend_due)") == "0":
            return True
        time.sleep(0.1)
    return False


def steps_of_all(ids):
    tap.ok(hurry(), "the background finds the steps of everything")
    queue = web.get("health").json["queues"]["trends"]
    tap.same((queue["builds"], queue["recipes"]), (0, 0), "/health says so")
    doc = web.get("steps.json?since=30w&per=all").json
    rows = {(s["recipe"], s["metric"]): s for s in doc["steps"]}
    tap.same(set(rows), {("zlib", "cputime"), ("zlib", "elapsed"),
                         (None, "cputime"), (None, "elapsed")},
             "steps of the recipe and of whole builds")
    tap.same((rows["zlib", "cputime"]["verdict"],
              rows["zlib", "cputime"]["task"],
              rows["zlib", "elapsed"]["verdict"]),
             ("worse", "do_compile", "busier"), "and whose they are")
    one = web.get("package/zlib/trend.json?builder=ci-7").json["steps"][0]
    same = ("before", "after", "build_before", "build_after", "change",
            "wall_before", "pressure_after", "runs_before", "runs_after")
    tap.same([rows["zlib", "cputime"][k] for k in same],
             [one[k] for k in same], "the same as in the trend")
    tap.same((doc["worse"], doc["machine"]), (2, 2), "counted apart")
    tap.ok(doc["sentence"].startswith("2 things got slower since") and
           "zlib do_compile on ci-7 by" in doc["sentence"], doc["sentence"])
    tap.same(web.get("steps.json?since=30w&verdict=busier").json["total"], 2,
             "by verdict")
    tap.same(web.get("steps.json?since=30w&package=zlib").json["total"], 2,
             "by recipe")
    tap.ok(web.get("steps.json").json["sentence"].startswith(
        "Nothing got slower in the last 4 weeks"), "lately nothing")
    page = web.get("steps?since=30w").text
    tap.ok("slower" in page and "busy host" in page, "in words")
    # What is sent again changes nothing.
    send(histories.build(200, histories.recorded()[-1], START - 300 *
                         histories.DAY, builder="ci-7"))
    tap.ok(hurry(), "one more build")
    tap.same(web.get("steps.json?since=30w").json["total"], 4,
             "the steps are replaced, not doubled")


def branches():
    """Another branch is no step, but another series."""
    files = {}
    for i in range(24):
        old = i < 12
        row = {"wall": 1 if old else 2, "cpu": 1 if old else 2, "pressure": 1}
        files.update(histories.build(
            i, row, START - 400 * histories.DAY, builder="two",
            branch="kirkstone" if old else "master"))
    send(files)
    for path in ("package/zlib/trend", "trend"):
        doc = web.get(path + ".json?builder=two&metric=elapsed").json
        tap.same(([(g["branch"], g["runs"]) for g in doc["groups"]],
                  doc["steps"]), ([("kirkstone", 12), ("master", 12)], []),
                 path + ": two branches are two series without a step")
    page = ET.fromstring(web.get("trend.xml?builder=two").body)
    names = {s.get("name") for s in page.findall("content/plot/series")}
    tap.ok({"core-image-minimal qemux86-64 on two, master",
            "core-image-minimal qemux86-64 on two, kirkstone"} <= names,
           "and are named so", names)
    tap.ok(hurry(), "the background has looked at them, too")
    tap.same(web.get("steps.json?since=100w&builder=two").json["total"], 0,
             "and found no step")


# ---- odd series ----

def odd():
    row = histories.recorded()[0]
    tap.same(web.upload(tars.tar(histories.build(0, row, 3600))).status, 400,
             "a build of 1970 is no build")
    # Negative durations of tasks are not refused: clocks are set.
    files = histories.build(0, row, 1e9, machine="past")
    files.update(histories.build(0, row, NOW + 40 * histories.DAY,
                                 machine="past"))
    files.update(histories.build(5, row, START + 1000, machine="past"))
    files.update(histories.build(
        6, row, START + 1000, machine="past",
        tasks=[("do_compile", -5.0, 1.0), ("do_install", 0.0, 1.0)]))
    send(files)
    doc = web.get("package/zlib/trend.json?machine=past&metric=elapsed").json
    tap.same((doc["total"], doc["clock"]), (4, 2),
             "wrong clocks are told apart")
    page = ET.fromstring(web.get(
        "package/zlib/trend.xml?machine=past").body)
    marks = page.findall("content/plot/series/mark")
    tap.same(len(marks), 2, "and are not in the picture")
    for path in ("package/zlib/trend?machine=past&metric=elapsed",
                 "package/zlib/trend?machine=past&x=commit",
                 "package/zlib/trend?machine=nobody",
                 "package/zlib/trend?metric=nobody.has_this",
                 "package/zlib/trend?task=do_nothing",
                 "package/zlib/trend.svg?machine=nobody",
                 "package/zlib/trend?since=1d&until=2d",
                 "package/zlib/trend?per=1&page=2&sort=-value",
                 "trend?metric=nobody.has_this", "trend?machine=past",
                 "trend?x=commit", "steps?package=nobody"):
        answer = web.get(path)
        tap.ok(answer.status == 200, path, answer.text[:300])
    doc = web.get("package/zlib/trend.json?metric=nobody.has_this").json
    tap.ok(doc["counted"] == 0 and "nobody.has_this" in doc["sentence"],
           doc["sentence"])
    tap.same(web.get("package/nobody-has-this/trend").status, 404,
             "an unknown recipe")
    for query in ("x=size", "since=never", "sort=nonsense", "page=0"):
        tap.same(web.get("package/zlib/trend?" + query).status, 400,
                 "bad: " + query)
    tap.same(web.get("steps?verdict=nonsense").status, 400, "bad: verdict")
    one = web.get("package/missing-header/trend.json").json
    tap.same((one["total"], one["failed"], one["counted"]), (1, 1, 0),
             "a recipe that only failed")


def main():
    send_recordings()
    recorded_builds()
    ids = send_history()
    steps_of_cpu(ids)
    steps_of_wall(ids)
    by_commit(ids)
    picture()
    baselines(ids)
    steps_of_all(ids)
    branches()
    odd()
    tap.end()


main()
