"""content.py: the pages show what the recordings say, read independently; the
three forms of a page agree; search finds by what the issue trackers ask for.
"""

import csv
import datetime
import html.parser
import io
import math
import os
import sys
import xml.etree.ElementTree as ET

sys.path.insert(0, os.path.join(os.environ["BS_SRC"], "tests/lib"))
import recordings  # noqa: E402
import tap  # noqa: E402
import web  # noqa: E402

DATA = os.path.join(os.environ["BS_SRC"], "tests/data")
NAMES = ("A1", "A2", "F1", "B1")


def epoch(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")) \
        .timestamp()


def near(a, b, tolerance=0.011):
    return a is not None and b is not None and abs(a - b) <= tolerance


def send(name):
    with open(os.path.join(DATA, name + ".tar.zst"), "rb") as f:
        return web.upload(f.read())


# Builds of error reports that lie beside a recording and are about others.
OTHERS = set()


def uploads():
    """Sends each recording; {name: id}."""
    ids = {}
    for name in NAMES:
        run = recordings.load(name)[0]
        answer = send(name)
        if not tap.same(answer.status, 201, name + " is taken"):
            tap.ok(False, answer.text[:500])
            continue
        build = answer.json["builds"][0]
        failed = [t for t in run["tasks"] if t["status"] == "FAILED"]
        tap.same(sorted(build), ["failed", "failures", "id", "name", "status",
                                 "tasks", "url"], name + "'s answer has its fields")
        tap.same((build["name"], build["tasks"], build["status"],
                  len(build["failures"])),
                 (run["name"], len(run["tasks"]),
                  "failed" if failed else "succeeded", len(failed)),
                 name + "'s answer tells name, tasks, status, failures")
        tap.ok(build["url"].startswith(web.URL.geturl()) and
               build["url"].endswith("/build/%s" % build["id"]),
               name + "'s URL is whole", build["url"])
        page = web.get(build["url"][len(web.URL.geturl()):])
        tap.same((page.status, page.type), (200, "text/html"),
                 name + "'s URL works")
        again = send(name)
        tap.same((again.status, again.json["builds"][0]["id"]),
                 (200, build["id"]), name + " again is 200 with the same id")
        ids[name] = build["id"]
        OTHERS.update(b["id"] for b in answer.json["builds"][1:])
    return ids


def of_build(name, run, ident):
    doc = web.get("build/%s.json" % ident).json
    build = doc["build"]
    failed = [t for t in run["tasks"] if t["status"] == "FAILED"]
    recipes = {t["pf"] for t in run["tasks"]}
    tap.same((build["name"], build["tasks"], build["failed"],
              build["packages"], build["status"]),
             (run["name"], len(run["tasks"]), len(failed), len(recipes),
              "failed" if failed else "succeeded"),
             name + ": name, tasks, failed, packages, status")
    tap.ok(near(epoch(build["started"]), run["build_stats"]["started"]),
           name + ": started", build["started"])
    tap.ok(near(build["elapsed"], run["build_stats"]["elapsed"]),
           name + ": elapsed", build["elapsed"])
    tap.ok("environment" in doc and "metrics" in doc,
           name + ": environment and metrics are there")
    tap.same(sorted((f["recipe"], f["task"]) for f in doc["failures"]),
             sorted((t["recipe"], t["task"]) for t in failed),
             name + ": the failures are those of the files")
    sums = {}
    for task in run["tasks"]:
        for metric, value in task["metrics"].items():
            s = sums.setdefault(metric, [0.0, -math.inf])
            s[0] += value
            s[1] = max(s[1], value)
    wrong = []
    for metric, (total, peak) in sums.items():
        got = doc["metrics"].get(metric)
        if got is None or not near(got["max"], peak, 1e-9 * abs(peak) + 1e-9) \
                or not near(got["sum"], total, 1e-6 * abs(total) + 1e-6):
            wrong.append("%s: %r, want sum %r max %r" % (
                metric, got, total, peak))
    tap.ok(not wrong, "%s: sum and max of %d metrics" % (name, len(sums)),
           "\n".join(wrong))


def key(recipe, task, started):
    return recipe, task, "" if started is None else "%.2f" % started


def of_tasks(name, run, ident):
    doc = web.get("build/%s/tasks.json?per=all" % ident).json
    tap.same((doc["total"], len(doc["tasks"])),
             (len(run["tasks"]), len(run["tasks"])), name + ": all tasks")
    got = {}
    for t in doc["tasks"]:
        started = epoch(t["started"]) if t["started"] else None
        got[key(t["recipe"], t["task"], started)] = t
    wrong, exact, numbers = [], 0, 0
    for task in run["tasks"]:
        t = got.get(key(task["recipe"], task["task"], task["started"]))
        if t is None:
            wrong.append("%s %s is missing" % (task["pf"], task["task"]))
            continue
        want = "failed" if task["status"] == "FAILED" else "succeeded"
        if t["status"] not in (want, task["status"].lower()):
            wrong.append("%s %s: status %s" % (task["pf"], task["task"],
                                               t["status"]))
        if task["started"] is not None and task["ended"] is not None and \
                not near(t["elapsed"], task["ended"] - task["started"]) and \
                not near(t["elapsed"], task["elapsed"]):
            wrong.append("%s %s: elapsed %r" % (task["pf"], task["task"],
                                                t["elapsed"]))
        for metric, value in task["metrics"].items():
            numbers += 1
            if t["metrics"].get(metric) == value:
                exact += 1
            else:
                wrong.append("%s %s: %s is %r, written %r" % (
                    task["pf"], task["task"], metric,
                    t["metrics"].get(metric), value))
        cpu = sum(task["metrics"].get(m, 0.0) for m in (
            "rusage.ru_utime", "rusage.ru_stime", "child_rusage.ru_utime",
            "child_rusage.ru_stime"))
        if not near(t["metrics"].get("cputime"), cpu, 1e-6):
            wrong.append("%s %s: cputime" % (task["pf"], task["task"]))
    tap.ok(not wrong, "%s: %d of %d numbers as bitbake printed them" % (
        name, exact, numbers), "\n".join(wrong))
    return doc


def of_packages(name, run, ident):
    doc = web.get("build/%s/packages.json?per=all" % ident).json
    by_pf = {}
    for t in run["tasks"]:
        by_pf.setdefault(t["pf"], []).append(t)
    tap.same(doc["total"], len(by_pf), name + ": all packages")
    wrong = []
    seen = {p["package"]: p for p in doc["packages"]}
    for pf, tasks in by_pf.items():
        p = seen.get(pf)
        want = "failed" if any(t["status"] == "FAILED" for t in tasks) \
            else "succeeded"
        if p is None or p["status"] != want or p["tasks"] != len(tasks) or \
                (p["recipe"], p["version"]) != recordings.split_pf(pf):
            wrong.append("%s: %r" % (pf, p))
    tap.ok(not wrong, name + ": status, tasks, recipe, version of packages",
           "\n".join(wrong[:20]))


def rows_of(answer, form, table):
    if form == "json":
        return answer.json[table]
    if form == "csv":
        lines = list(csv.reader(io.StringIO(answer.text)))
        repeated = {n for n in lines[0] if lines[0].count(n) > 1}
        tap.same(repeated, set(), "no column of %s.csv is there twice" % table)
        return [dict(reversed(list(zip(lines[0], row)))) for row in lines[1:]]
    content = ET.fromstring(answer.body).find("content")
    return [dict(e.attrib) for e in content.find(table)]


def as_text(value):
    if value is None:
        return ""
    if value is True or value is False:
        return str(value).lower()
    if isinstance(value, float):
        return repr(value)
    return str(value)


def forms_agree(path, table, query=""):
    """JSON, XML and CSV rows hold the same values."""
    answers = {f: web.get("%s.%s%s" % (path, f, query))
               for f in ("json", "xml", "csv")}
    types = {f: a.type for f, a in answers.items()}
    tap.same(types, {"json": "application/json", "xml": "application/xml",
                     "csv": "text/csv"}, path + ": types of the forms")
    rows = {f: rows_of(a, f, table) for f, a in answers.items()}
    wrong = []
    for i, row in enumerate(rows["json"]):
        for name, value in row.items():
            if isinstance(value, (list, dict)):
                continue
            want = as_text(value)
            for f in ("xml", "csv"):
                if i >= len(rows[f]) or name not in rows[f][i]:
                    wrong.append("%s row %d has no %s" % (f, i, name))
                    continue
                got = rows[f][i][name]
                if got != want and not same_number(got, want) and \
                        not (name == "url" and f == "xml"):
                    wrong.append("%s row %d %s: %r, json %r" % (
                        f, i, name, got, want))
    tap.ok(not wrong and len(rows["json"]) == len(rows["xml"]) ==
           len(rows["csv"]) and rows["json"],
           "%s%s: json, xml, csv agree in %d rows" % (
               path, query, len(rows["json"])), "\n".join(wrong[:20]),
           {f: len(r) for f, r in rows.items()})


def same_number(a, b):
    try:
        return float(a) == float(b)
    except ValueError:
        return False


class Page(html.parser.HTMLParser):
    """Text, title, headline and links of a page; tags must nest."""
    VOID = {"meta", "link", "br", "hr", "img", "input", "path", "rect", "line",
            "circle", "use", "col", "wbr"}

    def __init__(self, body):
        super().__init__()
        self.stack, self.words, self.links = [], [], []
        self.title = self.headline = ""
        self.feed(body)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "a" and attrs.get("href"):
            self.links.append(attrs["href"])
        if tag not in self.VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag):
        while self.stack and self.stack.pop() != tag:
            pass

    def handle_data(self, data):
        self.words.append(data)
        if "title" in self.stack and "svg" not in self.stack:
            self.title += data
        if "h1" in self.stack:
            self.headline += data

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


def sentences(ids):
    """The page opens with the sentence of its document."""
    b1 = ids["B1"]
    for path in ("", "builds", "build/%s" % b1, "build/%s/packages" % b1,
                 "build/%s/tasks" % b1, "package/zlib", "metrics"):
        page = Page(web.get(path).text)
        sentence = web.get(path + ".json").json.get("sentence", "")
        tap.ok(sentence and " ".join(page.headline.split()) ==
               " ".join(sentence.split()) and
               sentence.strip() in " ".join(page.title.split()),
               "%s opens with: %s" % (path or "overview", sentence),
               "headline: %s" % page.headline, "title: %s" % page.title)
    page = Page(web.get("build/%s" % b1).text)
    for word in ("5,427", "failed", "do_image_ext4", "16 min 10 s"):
        tap.ok(word in page.text, "the page of B1 says " + word)
    page = Page(web.get("build/%s/tasks" % b1).text)
    tap.ok("core-image-minimal" in page.text or "do_" in page.text,
           "the tasks stand in the page")


def links_work():
    """Follows every link of every page, once for each kind of path."""
    seen, todo, wrong = set(), [""], []
    while todo and len(seen) < 250:
        path = todo.pop(0)
        answer = web.get(path)
        if answer.status != 200:
            wrong.append("%s: status %d" % (path, answer.status))
            continue
        if answer.type != "text/html":
            continue
        for link in Page(answer.text).links:
            link = link.split("#")[0]
            if link.startswith(web.URL.path):
                link = link[len(web.URL.path):]
            elif not link or "://" in link or link.startswith("/"):
                continue
            elif link.startswith("?"):
                link = path.split("?")[0] + link
            if link not in seen:
                seen.add(link)
                todo.append(link)
    tap.ok(not wrong, "%d links work" % len(seen), "\n".join(wrong[:30]))


def search(ids):
    def found(query):
        doc = web.get("builds.json?" + query).json
        return {b["id"] for b in doc["builds"]} - OTHERS, doc

    everything, doc = found("per=all")
    tap.same(everything, set(ids.values()), "search without filters")
    tap.same(doc["total"], len(ids) + len(OTHERS), "and its total")
    b1 = next(b for b in doc["builds"] if b["id"] == ids["B1"])
    for field in ("machine", "distro", "builder"):
        if not b1[field]:
            continue
        want = {b["id"] for b in doc["builds"] if b[field] == b1[field]}
        want -= OTHERS
        tap.same(found("%s=%s" % (field, b1[field]))[0], want,
                 "search by %s=%s" % (field, b1[field]))
    tap.same(found("machine=nosuchmachine")[0], set(),
             "no build of an unknown machine")
    tap.same(found("status=failed")[0], {ids["F1"], ids["B1"]},
             "search by status=failed")
    tap.same(found("status=succeeded")[0], {ids["A1"], ids["A2"]},
             "search by status=succeeded")
    tap.same(found("status=failed&status=succeeded")[0], set(ids.values()),
             "search by two statuses")
    tap.same(found("package=zlib&status=succeeded")[0], {ids["A1"], ids["A2"]},
             "search by recipe and status")
    tap.same(found("package=missing-header")[0], {ids["F1"]},
             "search by recipe")
    tap.same(found("package=no-such-recipe")[0], set(),
             "no build of an unknown recipe")
    tap.ok(found("q=20261122140428")[0] == {ids["F1"]}, "search by q")
    tap.same(found("since=2026-11-22T13:10:00Z")[0], {ids["A2"], ids["F1"]},
             "search by since")
    tap.same(found("until=2026-11-22T13:10:00Z")[0], {ids["A1"], ids["B1"]},
             "search by until")
    doc = web.get("builds.json?per=1&page=2&sort=started").json
    tap.ok(len(doc["builds"]) == 1 and doc["total"] == len(ids) + len(OTHERS),
           "page 2 of one a page")
    order = [b["started"] for b in web.get(
        "builds.json?sort=started").json["builds"]]
    tap.same(order, sorted(order), "sort=started")
    order = [b["tasks"] for b in web.get(
        "builds.json?sort=-tasks").json["builds"]]
    tap.same(order, sorted(order, reverse=True), "sort=-tasks")


def filters(ids, run):
    ident, tasks = ids["B1"], run["tasks"]

    def total(query, what="tasks"):
        return web.get("build/%s/%s.json?%s" % (ident, what, query)) \
            .json["total"]

    tap.same(total("status=failed"), 2, "tasks by status")
    tap.same(total("task=do_compile"),
             len([t for t in tasks if t["task"] == "do_compile"]),
             "tasks by task")
    tap.same(total("package=zlib"),
             len([t for t in tasks if t["recipe"] == "zlib"]),
             "tasks by package")
    longest = sorted((t["ended"] - t["started"] for t in tasks
                      if t["started"] and t["ended"]), reverse=True)
    limit = longest[50] - 0.005
    tap.same(total("min=%.3f" % limit),
             len([e for e in longest if e >= limit]), "tasks by min=")
    doc = web.get("build/%s/tasks.json?sort=-elapsed&per=1" % ident).json
    tap.ok(near(doc["tasks"][0]["elapsed"], longest[0]), "sort=-elapsed")
    rss = max(t["metrics"].get("child_rusage.ru_maxrss", 0) for t in tasks)
    doc = web.get("build/%s/tasks.json?sort=-child_rusage.ru_maxrss&per=1"
                  % ident).json
    tap.same(doc["tasks"][0]["metrics"]["child_rusage.ru_maxrss"], rss,
             "sort by any metric")


def recipe(ids):
    doc = web.get("package/zlib.json").json
    by_id = {b["id"]: b for b in doc["builds"]}
    tap.ok({ids["A1"], ids["A2"]} <= set(by_id) and doc["recipe"] == "zlib",
           "zlib was built in A1 and A2", sorted(by_id))
    doc = web.get("package/missing-header.json").json
    one = doc["builds"][0]
    tap.same((one["id"], one["status"], one["failed_task"]),
             (ids["F1"], "failed", "do_compile"),
             "missing-header failed in F1 at do_compile")
    metrics = {m["name"] for m in web.get("metrics.json").json["metrics"]}
    want = {"rusage.ru_utime", "child_rusage.ru_maxrss", "io.read_bytes",
            "cputime", "elapsed", "read_ops", "write_ops", "utime"}
    tap.same(want - metrics, set(), "the metrics are in the dictionary")


def main():
    ids = uploads()
    for name in NAMES:
        run = recordings.load(name)[0]
        of_build(name, run, ids[name])
        of_tasks(name, run, ids[name])
        of_packages(name, run, ids[name])
    for query in ("", "?per=2&page=2", "?sort=-tasks"):
        forms_agree("builds", "builds", query)
    forms_agree("build/%s/tasks" % ids["F1"], "tasks")
    forms_agree("build/%s/tasks" % ids["B1"], "tasks", "?sort=-elapsed&page=3")
    forms_agree("build/%s/packages" % ids["A1"], "packages")
    forms_agree("package/zlib", "builds")
    forms_agree("metrics", "metrics")
    sentences(ids)
    search(ids)
    filters(ids, run)
    recipe(ids)
    links_work()
    tap.end()


main()
