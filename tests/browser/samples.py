#!/usr/bin/env python3
"""Writes the sample documents of the pages, as docs/pages.md describes them.

    samples.py RECORDINGS OUTDIR

RECORDINGS is a directory with the unpacked recordings A1, A2, F1 and B1.
The samples let the sheets be worked on, and checked, without a server.
"""
import math
import os
import random
import re
import sys
import xml.etree.ElementTree as ET
from datetime import datetime, timezone
from urllib.parse import urlencode

import samples_failures
import samples_logs

BASE = "/buildstats/"
NOW = 1795366800.0
HOSTILE = '<script>alert("x")</script>&amp;\'--\ufffd\u202e\U0001f9e8'
LONG = "a-recipe-whose-name-" + "never-ends-" * 20
LAYERS = ["meta", "meta-poky", "meta-yocto-bsp", "meta-oe", "meta-python",
          "meta-networking", "meta-filesystems", "meta-multimedia",
          "meta-arm", "meta-arm-toolchain", "meta-freescale", "meta-product"]


# ---- human forms: only as good as samples need

def seconds(s):
    if s is None:
        return ""
    if s < 10:
        return f"{s:.2f} s"
    if s < 60:
        return f"{s:.1f} s"
    if s < 3600:
        return f"{int(s // 60)} min {int(s % 60)} s"
    return f"{int(s // 3600)} h {int(s % 3600 // 60)} min"


def size(b):
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if abs(b) < 1000 or unit == "TB":
            return f"{b:.0f} {unit}" if unit == "B" else f"{b:.1f} {unit}"
        b /= 1000


def count(n):
    return f"{n:,}"


def iso(t):
    return datetime.fromtimestamp(t, timezone.utc).isoformat(
        timespec="milliseconds").replace("+00:00", "Z")


def when(t):
    d = datetime.fromtimestamp(t, timezone.utc)
    return f"{d.day} {d:%b %H:%M}"


def human(kind, value):
    if value is None:
        return ""
    return {"s": seconds, "B": size, "n": count, "t": when,
            "%": lambda v: f"{v * 100:.1f} %"}[kind](value)


def el(parent, tag, attrs=None, **more):
    """A child; a value that is a (kind, number) pair gets its -h beside."""
    e = ET.SubElement(parent, tag)
    for name, value in {**(attrs or {}), **more}.items():
        name = name.replace("__", "-")
        if isinstance(value, tuple):
            kind, number = value
            e.set(name, "" if number is None else
                  iso(number) if kind == "t" else repr(number))
            e.set(name + "-h", human(kind, number))
        else:
            e.set(name, "" if value is None else str(value))
    return e


def page(route, path, sentence, params=(), csv=False, **content):
    root = ET.Element("page", {
        "route": route, "version": "0.1.0", "base": BASE,
        "site": "http://localhost:8080", "now": iso(NOW), "now-h": "17:00",
        "title": sentence})
    here = BASE + path
    query = urlencode(params)
    forms = {f: here.rstrip("/") + "." + f + (f"?{query}" if query else "")
             for f in ("json", "xml")}
    if path == "":
        forms = {f: BASE + "index." + f for f in ("json", "xml")}
    request = el(root, "request", path=here, query=query, method="GET",
                 html=here + (f"?{query}" if query else ""), **forms,
                 csv=forms["json"].replace(".json", ".csv") if csv else "")
    for k, v in params:
        rest = urlencode([p for p in params if p != (k, v)])
        el(request, "param", name=k, value=v,
           without=here + (f"?{rest}" if rest else ""))
    return root, el(root, "content", sentence=sentence, **content)


def table(content, path, total, columns, per=100, at=1, sorted_by=""):
    pages = max(1, math.ceil(total / per))

    def link(n):
        return BASE + path + f"?page={n}" if 1 <= n <= pages and n != at else ""
    for k, v in (("total", total), ("total-h", count(total)), ("page", at),
                 ("per", per), ("pages", pages), ("pages-h", count(pages)),
                 ("first-url", link(1)), ("prev-url", link(at - 1)),
                 ("next-url", link(at + 1)), ("last-url", link(pages)),
                 ("next", link(at + 1))):
        content.set(k, str(v))
    box = el(content, "columns")
    for key, label in columns:
        el(box, "column", name=key, label=label,
           sort__url=BASE + path + "?sort=" + key,
           sorted="desc" if "-" + key == sorted_by else
                  "asc" if key == sorted_by else "")


# ---- reading a recording, roughly

def number(s):
    return float(s) if re.search(r"[.e]", s) else int(s)


def blocks(path):
    out = []
    if not os.path.exists(path):
        return out
    for block in open(path).read().split("\n\n"):
        lines = block.strip().split("\n")
        if len(lines) > 1:
            out.append((int(lines[0]), lines[1:]))
    return out


class Build:
    def __init__(self, base, ident, **env):
        self.id, self.env = ident, env
        run = os.path.join(base, "buildstats")
        self.name = os.listdir(run)[0]
        self.dir = os.path.join(run, self.name)
        self.tasks, self.packages = [], []
        head = open(os.path.join(self.dir, "build_stats")).read()
        self.started = float(re.search(r"Build Started: (\S+)", head)[1])
        found = re.search(r"Elapsed time: (\S+)", head)
        self.elapsed = float(found[1]) if found else None
        self.host = re.search(r"Host Info: (.*)", head)[1].strip()
        self.rootfs = re.findall(r"Rootfs size: (\S+)\t(\S+)", head)
        for pf in sorted(os.listdir(self.dir)):
            d = os.path.join(self.dir, pf)
            if os.path.isdir(d) and pf != "reduced_proc_pressure":
                self.read_package(pf, d)
        self.failed = [t for t in self.tasks if t["status"] == "failed"]

    def read_package(self, pf, d):
        m = re.match(r"^(\S+)-(?:(\d{1,5})_)?(\d\S*)-(r\d+)$", pf)
        recipe, version = (m[1], f"{m[3]}-{m[4]}") if m else (pf, "")
        mine = []
        for name in os.listdir(d):
            text = open(os.path.join(d, name)).read()
            v = {k.strip(): x for k, x in re.findall(
                r"^([^:\n]+): (\S+)", text, re.M)}
            metrics = {k.replace("Child rusage ", "child_rusage.")
                       .replace("rusage ", "rusage.").replace("IO ", "io."):
                       number(x) for k, x in v.items()
                       if re.match(r"^-?[\d.e+-]+$", x)
                       and k not in ("Started", "Ended")}
            start, end = float(v.get("Started", 0)), float(v.get("Ended", 0))
            cpu = sum(metrics.get(k, 0) for k in (
                "rusage.ru_utime", "rusage.ru_stime",
                "child_rusage.ru_utime", "child_rusage.ru_stime"))
            mine.append(dict(
                recipe=recipe, version=version, package=pf, task=name,
                start=start, end=end, elapsed=end - start, cpu=cpu,
                metrics=metrics, status="failed" if v.get("Status") ==
                "FAILED" else "succeeded"))
        self.tasks += mine
        if mine:
            bad = [t for t in mine if t["status"] == "failed"]
            self.packages.append(dict(
                recipe=recipe, version=version, package=pf,
                status="failed" if bad else "succeeded",
                failed_task=bad[0]["task"] if bad else "", tasks=len(mine),
                start=min(t["start"] for t in mine),
                elapsed=max(t["end"] for t in mine) - min(
                    t["start"] for t in mine),
                cpu=sum(t["cpu"] for t in mine)))

    @property
    def status(self):
        return "failed" if self.failed else "succeeded"

    def row(self, parent, tag="build", **more):
        return el(parent, tag, {
            "id": self.id, "url": f"http://localhost:8080{BASE}build/{self.id}",
            "path-url": f"{BASE}build/{self.id}", "name": self.name,
            **{k: self.env.get(k, "") for k in (
                "builder", "machine", "distro", "image", "branch", "commit")},
            "started": ("t", self.started), "elapsed": ("s", self.elapsed),
            "status": self.status, "packages": ("n", len(self.packages)),
            "tasks": ("n", len(self.tasks)),
            "failed": ("n", len(self.failed))}, **more)


def task_row(parent, b, t, longest, metrics=None):
    e = el(parent, "task", {k: t[k] for k in (
        "recipe", "version", "package", "task", "status")}, block=0,
        started=("t", t["start"]), elapsed=("s", t["elapsed"]),
        cputime=("s", t["cpu"]), width=round(1000 * t["elapsed"] / longest),
        package__url=f"{BASE}package/{t['recipe']}")
    if metrics:
        box = el(e, "metrics")
        for m, kind in metrics:
            if m in t["metrics"]:
                el(box, "metric", name=m, value=(kind, t["metrics"][m]))
    return e


def package_row(parent, b, p, longest):
    return el(parent, "package", {k: p[k] for k in (
        "recipe", "version", "package", "status", "failed_task")},
        started=("t", p["start"]), elapsed=("s", p["elapsed"]),
        cputime=("s", p["cpu"]), tasks=p["tasks"],
        url=f"{BASE}package/{p['recipe']}",
        tasks__url=f"{BASE}build/{b.id}/tasks?package={p['recipe']}",
        width=round(1000 * p["elapsed"] / longest))


# ---- charts

def path_of(points):
    return "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in points)


def thin(samples, n=240):
    step = max(1, len(samples) // n)
    return samples[::step]


def chart(box, kind, subject, unit, samples, names, start, span, fmt,
          stacked=True, notes=(), top=None):
    c = el(box, "chart", kind=kind, subject=subject, unit=unit,
           samples=len(samples), nodata="false" if samples else "true")
    for text in notes:
        el(c, "note", text=text)
    if not samples:
        return
    full, samples = samples, thin(samples)
    peak = max((sum(v) if stacked else max(v)) for _, v in samples) or 1
    top = top or peak * 1.05
    c.set("max", repr(top))
    c.set("max-h", fmt(top))

    def x(t):
        return min(1000, max(0, 1000 * (t - start) / span))
    below = [0.0] * len(samples)
    for i, name in enumerate(names):
        now = [(below[j] if stacked else 0) + v[i]
               for j, (_, v) in enumerate(samples)]
        upper = [(x(t), 100 - 100 * min(1, now[j] / top))
                 for j, (t, _) in enumerate(samples)]
        lower = [(x(t), 100 - 100 * min(1, below[j] / top))
                 for j, (t, _) in enumerate(samples)]
        values = [v[i] for _, v in full]
        el(c, "line", {
            "name": name, "stacked": int(stacked),
            "mean": sum(values) / len(values),
            "mean-h": fmt(sum(values) / len(values)),
            "peak": max(values), "peak-h": fmt(max(values)),
            "last-h": fmt(values[-1]),
            "area-d": path_of(upper + lower[::-1]) + "Z" if stacked else "",
            "line-d": path_of(upper)})
        if stacked:
            below = now
    for part in (0, 0.5, 1):
        el(c, "gridline", y=round(100 - 100 * part, 1), label=fmt(top * part))


def percent(v):
    return f"{v * 100:.0f} %"


def running(b):
    events = sorted([(t["start"], 1) for t in b.tasks] +
                    [(t["end"], -1) for t in b.tasks])
    n, out = 0, []
    for t, d in events:
        n += d
        if not out or t - out[-1][0] >= 2:
            out.append((t, [max(n, 0)]))
    return out


def floats(path, scale=(1, 1, 1), take=None):
    return [(t, [float(v) * s for v, s in zip(line[0].split(), scale)][:take])
            for t, line in blocks(path)]


def charts(content, b):
    start, span = b.started, b.elapsed or 1
    box = el(content, "charts", start=("t", start), end=("t", start + span),
             seconds=span)
    ticks = el(box, "ticks")
    step = next(s for s in (5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200)
                if span / s <= 9)
    for t in range(0, int(span) + 1, step):
        el(ticks, "tick", x=round(1000 * t / span, 1),
           label=f"{t} s" if step < 60 else f"{t // 60} min")
    d = b.dir
    args = dict(start=start, span=span)
    chart(box, "tasks", "", "", running(b), ["running"], fmt=lambda v:
          f"{v:.0f}" if v == int(v) else f"{v:.1f}", **args)
    chart(box, "cpu", "", "", floats(d + "/reduced_proc_stat.log"),
          ["user", "system", "iowait"], fmt=percent, top=1, **args)
    mem = []
    for t, line in blocks(d + "/reduced_proc_meminfo.log"):
        total, free, buffers, cached, *_ = (int(v) * 1024 for v in
                                            line[0].split())
        mem.append((t, [total - free - buffers - cached, cached, buffers]))
    chart(box, "memory", "", "B", mem, ["used", "cached", "buffers"],
          fmt=size, top=25.3e9, **args)
    chart(box, "disk", "", "B/s",
          floats(d + "/reduced_proc_diskstats.log", (10.24, 10.24), 2),
          ["read", "write"], fmt=lambda v: size(v) + "/s", stacked=False,
          notes=["Throughput was recorded times 100 and is divided here; "
                 "how busy the disks were is only known as busy or not."],
          **args)
    for iface in ("eth0",):
        net = []
        last = None
        for t, lines in blocks(d + "/reduced_proc_net.log"):
            for line in lines:
                name, v = line.split(": ")
                if name == iface:
                    rx, tx = [float(x) for x in v.split()[2:4]]
                    gap = max(1, t - last) if last else 1
                    net.append((t, [rx / gap, tx / gap]))
            last = t
        chart(box, "network", iface, "B/s", net, ["received", "sent"],
              fmt=lambda v: size(v) + "/s", stacked=False, **args)
    for res in ("cpu", "io", "memory"):
        chart(box, "pressure", res, "%",
              [(t, v[:2]) for t, v in floats(
                  d + f"/reduced_proc_pressure/{res}.log", (1, 1, 1, 1))],
              ["10 s mean", "60 s mean"], fmt=lambda v: f"{v:.0f} %", top=100,
              stacked=False, **args, notes=[] if os.path.getsize(
                  d + f"/reduced_proc_pressure/{res}.log") else [
                  "Nothing was written: the host never waited for memory."])
    chart(box, "space", "/home/builder/poky/build", "B", [], [], fmt=size,
          **args)


# ---- pages

def build_page(b, sentence, nlayers=3, hostile=False):
    root, c = page("build", f"build/{b.id}", sentence)
    cpu = sum(t["cpu"] for t in b.tasks)
    bad = [p for p in b.packages if p["status"] == "failed"]
    e = b.row(c, ended=("t", b.started + (b.elapsed or 0)),
              cputime=("s", cpu), reuse=("%", None if b.id != 3 else 0.971),
              cooker__cpu="28.9")
    e.set("succeeded-packages", str(len(b.packages) - len(bad)))
    e.set("failed-packages", str(len(bad)))
    if hostile:
        e.set("machine", HOSTILE)
        e.set("builder", LONG)
    env = el(c, "environment", {
        "uuid": "0192f3d6-5a0e-7c3e-a5a4-0c2b6f1f9d11",
        **{k: b.env.get(k, "") for k in ("builder", "machine", "distro",
                                         "image", "branch", "commit")},
        "distro_version": "nodistro.0", "host": "vm", "host_info": b.host,
        "host_distro": "debian-12", "host_arch": "x86_64",
        "bitbake_version": "2.19.0", "mode": "clean"})
    if hostile:
        env.set("machine", HOSTILE)
        env.set("distro_version", LONG)
    for name in b.env.get("image", "").split():
        el(el(env, "targets"), "target", name=name)
    tags = el(env, "tags")
    if nlayers > 3:
        el(tags, "tag", name="nightly")
        el(tags, "tag", name=HOSTILE if hostile else "release-5.2")
    layers = el(env, "layers")
    for i, name in enumerate(LAYERS[:nlayers]):
        commit = f"{(i + 7) * 0x9e3779b97f4a7c15 % 2**64:016x}" * 2 + "35a2c6ed"
        el(layers, "layer", {
            "name": HOSTILE if hostile and i == 4 else name,
            "branch": "master" if i < 9 else "scarthgap",
            "commit": commit, "commit-h": commit[:10],
            "modified": "true" if i == 11 else "false"})
    origin = el(env, "origin")
    for f, w in (("started", "build_stats"), ("machine", "build.json")):
        el(origin, "field", name=f, value=w)
    fails = el(c, "failures")
    for t in b.failed[:50]:
        el(fails, "failure", {k: t[k] for k in ("recipe", "version", "task",
                                                "package")},
           started=("t", t["start"]), elapsed=("s", t["elapsed"]),
           tasks__url=f"{BASE}build/{b.id}/tasks?package={t['recipe']}",
           package__url=f"{BASE}package/{t['recipe']}?build={b.id}")
    if hostile:
        el(fails, "failure", recipe=HOSTILE, version=LONG, task="do_compile",
           package=HOSTILE, started=("t", b.started), elapsed=("s", 0.5),
           tasks__url=f"{BASE}build/{b.id}/tasks?package=x",
           package__url=f"{BASE}package/x")
    repairs = el(c, "repairs")
    el(repairs, "repair", text="Disk throughput was divided by 100: "
       "bitbake writes it a hundred times too large.")
    charts(c, b)
    longest = sorted(b.tasks, key=lambda t: -t["elapsed"])[:10]
    box = el(c, "longest")
    for t in longest:
        task_row(box, b, t, longest[0]["elapsed"])
    by = {}
    for t in b.tasks:
        s = by.setdefault(t["task"], [0, 0, 0])
        s[0] += 1
        s[1] += t["elapsed"]
        s[2] += t["cpu"]
    box = el(c, "types")
    order = sorted(by.items(), key=lambda i: -i[1][2])[:10]
    for name, (n, elapsed, c2) in order:
        el(box, "type", task=name, tasks=("n", n), elapsed=("s", elapsed),
           cputime=("s", c2), width=round(1000 * c2 / (order[0][1][2] or 1)),
           tasks__url=f"{BASE}build/{b.id}/tasks?task={name}")
    box = el(c, "packages")
    top = sorted(b.packages, key=lambda p: -p["elapsed"])[:20]
    for p in top:
        package_row(box, b, p, top[0]["elapsed"])
    box = el(c, "rootfs")
    for s, path in b.rootfs:
        n = float(s[:-1]) * {"K": 2**10, "M": 2**20, "G": 2**30}[s[-1]]
        el(box, "image", path=path, bytes=("B", n))
    box = el(c, "texts")
    for name in sorted(os.listdir(b.dir)):
        if name.startswith("host_stats"):
            el(box, "text", name=name, size=("B", os.path.getsize(
                os.path.join(b.dir, name))),
               url=f"{BASE}build/{b.id}/text/{name}")
    box = el(c, "metrics")
    for m, kind in (("cputime", "s"), ("elapsed", "s"), ("io.read_bytes", "B"),
                    ("io.write_bytes", "B"), ("io.syscr", "n"),
                    ("child_rusage.ru_nvcsw", "n"),
                    ("child_rusage.ru_minflt", "n")):
        values = [t["cpu"] if m == "cputime" else t["elapsed"] if m ==
                  "elapsed" else t["metrics"].get(m, 0) for t in b.tasks]
        el(box, "metric", name=m, unit={"n": ""}.get(kind, kind),
           sum=(kind, sum(values)), max=(kind, max(values)),
           tasks__url=f"{BASE}build/{b.id}/tasks?metric={m}&sort=-{m}")
    return root


FACETS = ("builder", "machine", "distro", "image", "branch", "layer", "tag",
          "task", "status")
BUILD_COLUMNS = [("status", "Status"), ("name", "Build"),
                 ("machine", "Machine"), ("image", "Image"),
                 ("builder", "Builder"), ("started", "Started"),
                 ("elapsed", "Time"), ("packages", "Packages"),
                 ("tasks", "Tasks"), ("failed", "Failed")]


def builds_page(builds, sentence, params=(), total=None):
    root, c = page("builds", "builds", sentence, params, csv=True)
    rows = list(builds)
    table(c, "builds", len(rows) if total is None else total, BUILD_COLUMNS,
          sorted_by="-started")
    facets = el(c, "facets")
    given = dict(params)
    for name in FACETS:
        f = el(facets, "facet", name=name)
        options = sorted({b.env.get(name, "") for b in builds} - {""})
        if name == "status":
            options = ["succeeded", "failed", "incomplete", "running"]
        if name == "task":
            options = sorted({t["task"] for b in builds for t in b.failed})
        if name == "tag":
            options = ["nightly", "release-5.2"]
        if name == "layer":
            options = LAYERS
        for o in options:
            el(f, "option", value=o,
               selected="true" if given.get(name) == o else "false")
    box = el(c, "builds")
    for b in rows:
        b.row(box)
    return root


class Fake:
    """A build that only has a row: for long lists."""

    def __init__(self, like, ident, started, status, elapsed, **env):
        self.like, self.id, self.started = like, ident, started
        self.status, self.elapsed, self.env = status, elapsed, env
        self.name = datetime.fromtimestamp(started, timezone.utc).strftime(
            "%Y%m%d%H%M%S")
        self.packages, self.tasks = like.packages, like.tasks
        self.failed = like.tasks[:1] if status == "failed" else []

    row = Build.row


def many(real, n, rng):
    machines = [("qemux86-64", "core-image-minimal"), ("qemuarm",
                "core-image-sato"), ("raspberrypi4-64", "product-image"),
                ("beaglebone-yocto", "core-image-full-cmdline")]
    out = []
    for i in range(n):
        machine, image = machines[i % 4]
        status = rng.choices(["succeeded", "failed", "incomplete", "running"],
                             [80, 14, 5, 1 if i else 9])[0]
        out.append(Fake(
            real, 4000 - i, NOW - 2900 * (i + 1) - rng.random() * 900, status,
            None if status in ("running",) else rng.lognormvariate(7.8, 0.5),
            builder=["alder", "birch", "cedar"][i % 3], machine=machine,
            distro="poky", image=image, branch=["master", "scarthgap"][
                i // 7 % 2],
            commit=f"{rng.getrandbits(160):040x}"))
    return out


def overview_page(rows, sentence, failing=(), targets=(), **numbers):
    root, c = page("overview", "", sentence, since=("t", rows[-1].started)
                   if rows else None, **{k: ("n", v) for k, v in
                                           numbers.items()})
    box = el(c, "latest")
    for b in rows[:12]:
        b.row(box)
    box = el(c, "failing")
    for b, t, times in failing:
        el(box, "package", {
            "recipe": t["recipe"], "version": t["version"], "task": t["task"],
            "build": b.id, "machine": b.env["machine"],
            "distro": b.env["distro"], "builder": b.env["builder"],
            "seen": ("t", t["end"]), "times": times, "url":
            f"{BASE}package/{t['recipe']}",
            "build-url": f"{BASE}build/{b.id}"})
    box = el(c, "targets")
    for history in targets:
        last = history[-1]
        e = el(box, "target", {k: last.env[k] for k in (
            "machine", "distro", "image")}, builds=len(history),
            succeeded=sum(b.status == "succeeded" for b in history),
            last__status=last.status, last=("t", last.started),
            url=f"{BASE}builds?machine={last.env['machine']}")
        h = el(e, "history")
        for b in history[-20:]:
            el(h, "build", {"id": b.id, "status": b.status, "url":
               f"{BASE}build/{b.id}", "name": b.name,
               "elapsed": ("s", b.elapsed)})
    return root


def tasks_page(b, at=1, copies=1, params=(), hostile=False):
    tasks = sorted(b.tasks, key=lambda t: -t["elapsed"])[:4000] * copies
    root, c = page("tasks", f"build/{b.id}/tasks",
                   f"{count(len(tasks))} tasks of {b.env['image']} took "
                   f"{seconds(sum(t['elapsed'] for t in tasks))} in all; the "
                   f"longest is {tasks[0]['recipe']} {tasks[0]['task']}",
                   params, csv=True)
    shown = [("rusage.ru_maxrss", "n"), ("io.read_bytes", "B"),
             ("io.write_bytes", "B")]
    c.set("shown", " ".join(m for m, _ in shown))
    table(c, f"build/{b.id}/tasks", len(tasks), [
        ("recipe", "Recipe"), ("task", "Task"), ("status", "Status"),
        ("started", "Started"), ("elapsed", "Time"), ("cputime", "CPU time")]
        + [(m, m) for m, _ in shown], sorted_by="-elapsed", at=at)
    b.row(c)
    options = el(c, "options")
    for name in sorted({t["task"] for t in b.tasks}):
        el(options, "option", name="task", value=name, selected="true" if
           ("task", name) in params else "false")
    for name in ("succeeded", "failed", "incomplete"):
        el(options, "option", name="status", value=name, selected="true" if
           ("status", name) in params else "false")
    box = el(c, "tasks")
    for i, t in enumerate(tasks[(at - 1) * 100:at * 100]):
        e = task_row(box, b, t, tasks[0]["elapsed"], shown)
        if hostile and i < 3:
            e.set("recipe", (HOSTILE, LONG, "\u0928\u092e\u0938\u094d\u0924")[i])
            e.set("task", HOSTILE)
    return root


def packages_page(b):
    root, c = page("packages", f"build/{b.id}/packages",
                   f"{len(b.packages)} packages of {b.env['image']}, "
                   f"{len({t['recipe'] for t in b.failed})} failed", csv=True)
    table(c, f"build/{b.id}/packages", len(b.packages), [
        ("recipe", "Recipe"), ("version", "Version"), ("status", "Status"),
        ("started", "Started"), ("elapsed", "Time"), ("cputime", "CPU time"),
        ("tasks", "Tasks")], sorted_by="-elapsed")
    b.row(c)
    rows = sorted(b.packages, key=lambda p: -p["elapsed"])
    box = el(c, "packages")
    for p in rows[:100]:
        package_row(box, b, p, rows[0]["elapsed"])
    return root


def package_page(builds, recipe, hostile=False):
    name = HOSTILE if hostile else recipe
    params = [("build", "4000")]
    root, c = page("package", f"package/{recipe}",
                   f"{name} builds on 3 of 4 targets; do_compile fails on "
                   "qemuarm since 3 March", params, csv=True, recipe=name)
    table(c, f"package/{recipe}", len(builds), [
        (k, k.capitalize()) for k in ("status", "version", "machine",
                                      "builder", "started", "elapsed")],
        sorted_by="-started")
    versions = ["1.2.13-r0", "1.3-r0", "1.3.1-r0"] + (
        [LONG] if hostile else [])
    cells = el(c, "cells")
    for v in versions:
        el(cells, "version", name=v)
    seen = {}
    for b in builds:
        seen.setdefault((b.env["machine"], b.env["distro"]), b)
    for i, ((machine, distro), b) in enumerate(seen.items()):
        row = el(cells, "row", machine=HOSTILE if hostile and i == 1 else
                 machine, distro=distro,
                 url=f"{BASE}builds?machine={machine}")
        for j, v in enumerate(versions):
            if (i + j) % 4 != 3:
                el(row, "cell", {
                    "version": v, "status": "failed" if (i, j) == (1, 2) else
                    "succeeded", "build-url": f"{BASE}build/{b.id}",
                    "builder": b.env["builder"], "seen-h": when(b.started)})

    def rows(array, which, differences=False):
        box = el(c, array)
        for b in which:
            e = b.row(box, version=versions[b.id % 3], host_distro="debian-12",
                      bitbake_version="2.19.0", cputime=("s", 12.3),
                      failed_task="do_compile" if b.status == "failed" else "",
                      tasks__url=f"{BASE}build/{b.id}/tasks?package={recipe}")
            if differences:
                d = el(e, "differences")
                el(d, "difference", field="host_distro", here="ubuntu-24.04",
                   there="debian-12")
                el(d, "difference", field="layer meta-oe", here="9f3c21d8aa",
                   there=HOSTILE if hostile else "35a2c6ed79")
    rows("successes", [b for b in builds if b.status == "succeeded"][:4], True)
    rows("failures", [b for b in builds if b.status == "failed"][:3])
    samples_failures.turn(sys.modules[__name__], el(c, "turns"), *builds[:2])
    rows("builds", builds[:100])
    return root


def metrics_page(b):
    keys = [("Elapsed time", "elapsed", "s"), ("utime", "utime", "ticks"),
            ("IO rchar", "io.rchar", "B"), ("IO read_bytes", "io.read_bytes",
                                            "B"),
            ("Child rusage ru_maxrss", "child_rusage.ru_maxrss", "KiB"),
            ("rusage ru_nvcsw", "rusage.ru_nvcsw", ""),
            ("", "cputime", "s"), ("", "cpu.user", "")]
    root, c = page("metrics", "metrics", f"{len(keys)} metrics have been seen",
                   total=len(keys))
    box = el(c, "metrics")
    for key, name, unit in keys:
        el(box, "metric", name=name, key=key, unit=unit,
           kind="series" if "." in name and not key else
           "task" if key else "derived", seen=("t", b.started),
           url=f"{BASE}builds?metric={name}")
    return root


def main():
    recordings, out = sys.argv[1:]
    os.makedirs(out, exist_ok=True)
    rng = random.Random(7)
    env = dict(builder="vm", machine="qemux86-64", distro="nodistro",
               branch="master", commit="35a2c6ed79" * 4)
    a1 = Build(f"{recordings}/A1", 1, **env, image="real-image-minimal")
    a2 = Build(f"{recordings}/A2", 2, **env, image="real-image-minimal")
    b1 = Build(f"{recordings}/B1", 3, **env, image="core-image-minimal")
    f1 = Build(f"{recordings}/F1", 4, **env, image="world")
    fakes = many(b1, 140, rng)
    real = sorted([a1, a2, b1, f1], key=lambda b: -b.started)

    def save(name, root):
        ET.indent(root, "")
        ET.ElementTree(root).write(os.path.join(out, name + ".xml"),
                                   encoding="UTF-8", xml_declaration=True)

    took = seconds(b1.elapsed)
    save("build", build_page(
        b1, f"core-image-minimal for qemux86-64 on vm failed after {took}: "
        f"{b1.failed[0]['task']} and {len(b1.failed) - 1} more of "
        f"{count(len(b1.tasks))} tasks"))
    save("build-succeeded", build_page(
        a1, "real-image-minimal for qemux86-64 on vm succeeded in "
        f"{seconds(a1.elapsed)}: all 344 tasks"))
    save("build-layers", build_page(
        f1, "world for qemux86-64 on vm failed after "
        f"{seconds(f1.elapsed)}: 8 of {len(f1.tasks)} tasks", nlayers=12))
    save("build-hostile", build_page(
        f1, f"{HOSTILE} for {LONG} failed", nlayers=12, hostile=True))
    save("packages", packages_page(b1))
    save("tasks", tasks_page(b1, at=3, copies=3))
    save("tasks-hostile", tasks_page(
        f1, params=[("task", HOSTILE), ("min", "8")], hostile=True))
    save("builds", builds_page(fakes[:100], "140 builds, 112 succeeded",
                               total=140))
    save("builds-filtered", builds_page(
        [b for b in fakes if b.env["machine"] == "qemuarm"][:35],
        "6 failed builds of qemuarm since Monday",
        [("machine", "qemuarm"), ("status", "failed"),
         ("since", "2026-11-16"), ("tag", HOSTILE)]))
    save("builds-empty", builds_page([], "No builds match", [("q", "zlibb")]))
    save("builds-none", builds_page([], "No builds yet"))
    failing = [(f1, t, i % 3 + 1) for i, t in enumerate(f1.failed)] + [
        (b1, t, 1) for t in b1.failed]
    history = {}
    for b in fakes:
        history.setdefault(b.env["machine"], []).insert(0, b)
    save("overview", overview_page(
        fakes[:6] + real + fakes[6:8],
        "10 packages fail on 2 builders; 14 builds today, 11 succeeded",
        failing, list(history.values()), builds=144, tasks=812345,
        packages=48211, recipes=612, builders=4))
    save("overview-one", overview_page(
        [a1], "One build so far: real-image-minimal for qemux86-64 succeeded",
        [], [[a1]], builds=1, tasks=344, packages=24, recipes=24, builders=1))
    save("overview-empty", overview_page(
        [], "No builds yet", builds=0, tasks=0, packages=0, recipes=0,
        builders=0))
    save("package", package_page(fakes, "zlib"))
    save("package-hostile", package_page(fakes[:9], "x", hostile=True))
    samples_failures.save_all(sys.modules[__name__], recordings, fakes, save)
    samples_logs.save_all(sys.modules[__name__], recordings, fakes, save)
    save("metrics", metrics_page(a1))
    root, c = page("error", "build/99", "There is no build 99", status="404",
                   error="There is no build 99",
                   hint="Builds are found by machine, recipe or status under "
                        "Builds.")
    save("error", root)
    root, c = page("error", "builds", "since: “yesterdayish” is not a date",
                   [("since", "yesterdayish")], status="400",
                   error="since: “yesterdayish” is not a date",
                   hint="Dates are written 2026-03-31, or 7d for seven days.")
    save("error-parameter", root)


main()
