#!/usr/bin/env python3
"""Measures what a build costs to report, to store and to look at.

    bench.py [--quick] [PART...]

Parts: model ingest disk memory pages cache reports failures live trends charts
peer; all unless told.  BS_BUILD is the directory with the programs, top_srcdir the source,
BS_BENCH_DIR a scratch directory.  See docs/benchmarks.md for what the figures
mean.
"""
import argparse
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time

import entropy
from charts import Charts
from failures import Failures
from figures import at_least, at_most, heading, line, median_rate, progress
from live import Live
from servers import Failed, Servers
from trends import Trends

MIB = 1 << 20
PRIVATE = "Cookie: bench=1"  # keeps the micro-cache out

FULL = {"tasks": 12000, "rounds": 3, "each": 5, "disk": 50,
        "fill": (200, 2000), "page_tasks": 6000, "large": 55000,
        "many": (100, 1000), "seconds": 1.5, "rate": 30000,
        "reports": 2000, "failures": 50000, "searches": 300, "live": 60}
QUICK = {"tasks": 12000, "rounds": 2, "each": 3, "disk": 8,
         "fill": (200, 1000), "page_tasks": 600, "large": 30000,
         "many": (20, 1000), "seconds": 0.5, "rate": 8000,
         "reports": 400, "failures": 3000, "searches": 100, "live": 15}


class Bench(Charts, Failures, Live, Trends):
    def __init__(self, size, servers):
        self.size, self.s = size, servers

    def program(self, name, *args):
        """Output of one of our programs, read as JSON."""
        r = subprocess.run(
            [os.path.join(self.s.build, "tests", name), *map(str, args)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if r.returncode:
            raise Failed("%s: %s" % (name, r.stderr.decode()[-1000:]))
        return json.loads(r.stdout)

    def tar(self, name, *args):
        """A generated tar in the scratch directory, packed with zstd."""
        path = os.path.join(self.s.dir, name)
        with open(path, "wb") as out:
            gen = subprocess.Popen(
                [os.path.join(self.s.build, "tests", "gen_build"),
                 *map(str, args)], stdout=subprocess.PIPE)
            subprocess.run(["zstd", "-3", "-q"], stdin=gen.stdout, stdout=out,
                           check=True)
            if gen.wait():
                raise Failed("gen_build failed")
        return path

    def ingest(self, *args):
        return self.program("ingest", "--port", self.s.port, *args)

    def load(self, connections, requests, path, *header):
        r = self.program("load", self.s.port, connections, requests, path,
                         *header)
        if r["bad"]:
            raise Failed("%s: %d of %d answers were no 200" %
                         (path, r["bad"], r["requests"]))
        return r

    # -- how true the made-up builds are

    def part_model(self):
        heading("Made-up builds beside a recorded one")
        rec = os.path.join(self.s.top, "tests", "data", "A1.tar.zst")
        gen = self.tar("model.tar.zst", "--tasks", 344, "--incremental", 0)
        a, b, n = entropy.compare(rec, gen)
        line("packed bytes of a task's numbers", "%.1f" % sum(b.values()),
             "recorded %.1f, each column deflated, %d tasks" %
             (sum(a.values()), n))
        self.s.make_database("bench_model")
        self.s.start_workers("bench_model")
        sizes = []
        for path in (rec, gen):
            with open(path, "rb") as f:
                status, body = self.s.post("/buildstats/upload", f.read())
            if status != 201:
                raise Failed("upload of %s: %d %s" % (path, status, body))
            build = json.loads(body)["builds"][0]
            row = self.s.sql("bench_model",
                             "SELECT length(core) + length(columns) FROM"
                             " task_block WHERE build = %s" % build["id"])
            sizes.append(int(row[0][0]) / build["tasks"])
        line("the same, as stored", "%.1f" % sizes[1],
             "recorded %.1f; blocks without row and page overhead" % sizes[0])

    # -- uploads

    def part_ingest(self):
        heading("Uploads: one client, one build at a time, durable commit")
        for metrics in (25, 30):
            db = "bench_ingest%d" % metrics
            self.s.make_database(db)
            self.s.start_workers(db)
            self.ingest_rounds(metrics)

    def copy(self, metrics, key):
        """Seconds and bytes a task of the reference."""
        r = self.program("copy_ref", self.s.conninfo("postgres"),
                         self.size["tasks"], metrics, self.size["each"], key)
        return r["seconds"], r["bytes_per_task"]

    def ingest_rounds(self, metrics):
        n, each = self.size["tasks"], self.size["each"]
        copies, bytes_, ours = {"ids": [], "names": []}, {}, []
        cpu, sent = 0.0, 0
        for i in range(self.size["rounds"]):
            progress("uploads, %d numbers: round %d" % (metrics, i + 1))
            for key in copies:
                seconds, bytes_[key] = self.copy(metrics, key)
                copies[key] += seconds
            before = self.servers_cpu("workers")
            r = self.ingest("--builds", each + 1, "--batch", each + 1,
                            "--first", i * (each + 1), "--tasks", n,
                            "--metrics", metrics, "--incremental", 0)
            cpu += self.servers_cpu("workers") - before
            sent += r["tasks"]
            # The first one warms up connections and caches.
            ours += r["seconds"][1:]
        mine = median_rate(ours, n)
        line("ingest, %d tasks x %d numbers" % (n, metrics),
             "%.0f tasks/s" % mine, "%.0f ms a build, %.0f ms of CPU in all "
             "servers" % (1e3 * statistics.median(ours),
                          1e3 * cpu * n / sent))
        for key, text in (("ids", "three integers"),
                          ("names", "recipe and task by name")):
            copy = median_rate(copies[key], n)
            at_least("  to COPY, key: " + text, mine / copy, 2, 4,
                     "%.0f tasks/s, %.0f bytes a task" % (copy, bytes_[key]))

    # -- what is stored

    def relations(self, db):
        """{table: bytes} with indexes and TOAST; partitions under their
        parent."""
        rows = self.s.sql(db, """
            SELECT coalesce(p.relname, c.relname),
                   sum(pg_total_relation_size(c.oid))
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
              LEFT JOIN pg_class p ON p.oid = i.inhparent
             WHERE n.nspname = 'public' AND c.relkind IN ('r', 'm', 'p', 'S')
             GROUP BY 1 ORDER BY 2 DESC""")
        return {name: int(size) for name, size in rows}

    def part_disk(self):
        heading("On disk: everything of %d builds of %d tasks, over an empty "
                "database" % (self.size["disk"], self.size["tasks"]))
        for metrics in (25, 30):
            db = "bench_disk%d" % metrics
            self.s.make_database(db)
            empty = self.relations(db)
            self.s.start_workers(db)
            progress("storing %d builds, %d numbers" %
                     (self.size["disk"], metrics))
            r = self.ingest("--builds", self.size["disk"], "--tasks",
                            self.size["tasks"], "--metrics", metrics)
            self.s.sql(db, "VACUUM ANALYZE")
            full = self.relations(db)
            grown = {k: v - empty.get(k, 0) for k, v in full.items()}
            per = {k: v / r["tasks"] for k, v in grown.items() if v}
            at_most("disk, %d numbers a task" % metrics, sum(per.values()),
                    " bytes a task", 70, "aim 50")
            for name, size in sorted(per.items(), key=lambda kv: -kv[1]):
                print("    %-24s %7.2f" % (name, size))

    # -- memory of a worker

    def worker(self):
        """The one process that serves."""
        pids = self.s.tree("workers")
        return max(pids, key=lambda p: self.s.rss(p)[1])

    def memory_of(self, name, body, wanted=(201,)):
        self.s.start_workers("bench_memory", 1)
        self.s.get("/buildstats/builds")
        pid = self.worker()
        idle = self.s.rss(pid)[0]
        status, answer = self.s.post("/buildstats/upload", body)
        peak = self.s.rss(pid)[1]
        said = "" if status in wanted else ", UNEXPECTED %s" % answer[:200]
        at_most("memory, " + name, (peak - idle) / MIB, " MiB", 64,
                "idle %.1f MiB, answer %d%s" % (idle / MIB, status, said))

    def part_memory(self):
        heading("Memory of a worker above its idle size")
        self.s.make_database("bench_memory")
        runs, tasks = self.size["many"]
        for name, args in (
                ("%d tasks" % self.size["tasks"],
                 ("--tasks", self.size["tasks"])),
                ("%d tasks in one run" % self.size["large"],
                 ("--tasks", self.size["large"], "--seed", 2)),
                ("%d runs of %d tasks in one tar" % (runs, tasks),
                 ("--builds", runs, "--tasks", tasks, "--seed", 3))):
            progress("memory: " + name)
            with open(self.tar("memory.tar.zst", *args), "rb") as f:
                self.memory_of(name, f.read())
        for name, body in hostile():
            self.memory_of(name, body, (400, 413, 415))

    # -- pages

    def servers_cpu(self, *names):
        return sum(self.s.cpu(n) for n in ("nginx", "postgres") + names)

    def cost(self, path, pool, seconds):
        """Server CPU seconds of one request."""
        head = [PRIVATE]
        self.load(1, 10, path, *head)
        n, spent, asked = 20, 0.0, 0
        while spent < seconds and asked < 50000:
            before = self.servers_cpu(pool)
            self.load(1, n, path, *head)
            spent += self.servers_cpu(pool) - before
            asked += n
            n *= 2
        return spent / asked

    def pages(self, db):
        row = self.s.sql(db, "SELECT id FROM build ORDER BY started DESC"
                         " OFFSET (SELECT count(*) / 2 FROM build) LIMIT 1")
        one = "/buildstats/build/" + row[0][0]
        # The searches find a hundred builds and more in either fill.
        return ["/buildstats/builds", "/buildstats/builds?status=succeeded",
                "/buildstats/builds?package=busybox",
                "/buildstats/builds?q=poky",
                "/buildstats/builds?sort=-elapsed",
                one + "/tasks", one + "/tasks?sort=-cputime&min=1",
                one + "/packages", "/buildstats/package/busybox",
                "/buildstats/builds.json", one + "/tasks.json",
                "/buildstats/", one]

    def page_costs(self, db):
        self.find_steps(db)
        self.s.sql(db, "VACUUM ANALYZE")
        self.s.sql(db, "CHECKPOINT")
        costs, minimal = {}, []
        for path in self.pages(db):
            progress("page " + path)
            # What a request costs depends on what else the machine does: the
            # reference is measured in between, all the time.
            minimal.append(self.cost("/minimal", "minimal",
                                     self.size["seconds"] / 3))
            costs[path] = self.cost(path, "workers", self.size["seconds"])
        return costs, statistics.median(minimal)

    def fill(self, db, first, upto):
        progress("storing builds %d to %d of %d tasks" %
                 (first + 1, upto, self.size["page_tasks"]))
        t0 = time.monotonic()
        r = self.ingest("--builds", upto - first, "--first", first, "--tasks",
                        self.size["page_tasks"])
        progress("%d tasks in %.0f s" % (r["tasks"], time.monotonic() - t0))

    def part_pages(self):
        small, large = self.size["fill"]
        db = "bench_pages"
        heading("Pages of 100 rows, uncached: server CPU of a request")
        self.s.make_database(db)
        self.s.start_workers(db)
        self.fill(db, 0, small)
        few, _ = self.page_costs(db)
        self.fill(db, small, large)
        many, minimal = self.page_costs(db)
        line("minimal page, one prepared query", "%.2f ms" % (1e3 * minimal),
             "the reference")
        worst = [0.0, ""]
        for (path, c), before in zip(many.items(), few.values()):
            at_most(show(path), c / minimal, " x", 15,
                    "%.2f ms over %d builds, %.2f ms over %d" %
                    (1e3 * c, large, 1e3 * before, small))
            worst = max(worst, [c / before, show(path)])
        at_most("growth from %d to %d builds" % (small, large),
                worst[0], " x", 1.2, worst[1], 2)

    def part_cache(self):
        heading("Micro-cache")
        self.s.make_database("bench_cache")
        self.s.start_workers("bench_cache")
        self.ingest("--builds", 120, "--tasks", 100)
        path = "/buildstats/builds"
        body = self.s.get(path)[1]
        with open(os.path.join(self.s.share, "static", "bench.html"),
                  "wb") as f:
            f.write(body)
        n = self.size["rate"]
        rates = {"static": [], "cached": []}
        cpus = {"static": [], "cached": []}
        for _ in range(3):
            for kind, p in (("static", "/buildstats/static/bench.html"),
                            ("cached", path)):
                before = self.servers_cpu("workers")
                rates[kind].append(self.load(8, n, p)["rate"])
                cpus[kind].append((self.servers_cpu("workers") - before) / n)
        static, cached = (statistics.median(rates[k]) for k in rates)
        line("micro-cache rate", "%.0f %%" % (100 * cached / static),
             "%.0f/s; nginx's static files %.0f/s, both of %d bytes; "
             "wanted >= 60 %%" % (cached, static, len(body)),
             cached >= 0.6 * static)
        line("  server CPU of a request", "%.0f us" %
             (1e6 * statistics.median(cpus["cached"])),
             "static %.0f us" % (1e6 * statistics.median(cpus["static"])))

    # -- colour

    def part_peer(self):
        heading("A peer, for colour")
        path = self.tar("peer.tar.zst", "--tasks", self.size["tasks"])
        where = os.path.join(self.s.dir, "peer")
        os.makedirs(where)
        subprocess.run(["tar", "--zstd", "-xf", path, "-C", where],
                       check=True)
        t0 = time.process_time()
        n = peer_read(where)
        took = time.process_time() - t0
        line("a straightforward reader in Python", "%.0f ms" % (1e3 * took),
             "%d tasks from files, nothing stored, %.0f tasks/s" %
             (n, n / took))
        shutil.rmtree(where)


def peer_read(where):
    """Reads a run's task files as a script of thirty lines would."""
    tasks = {}
    for dirpath, _, files in os.walk(where):
        for name in files:
            if not name.startswith("do_"):
                continue
            numbers = {}
            with open(os.path.join(dirpath, name)) as f:
                for text in f:
                    key, _, value = text.partition(": ")
                    try:
                        numbers[key] = float(value.split()[0])
                    except (ValueError, IndexError):
                        pass
            tasks[os.path.basename(dirpath), name] = numbers
    return len(tasks)


def hostile():
    """What must be refused: small to send, large to swallow."""
    task = "b/zlib-1-r0/do_compile"
    size = 4 * 10**9
    yield "a member of 4 GB of zeros", packed(
        [tar_header(task, size)] + [bytes(1 << 20)] * (size >> 20))
    yield "a million members", packed(
        tar_header("b/p%d-1-r0/do_compile" % i, 0) for i in range(10**6))
    for name, data in (
            ("a task file of 60 MB", b"x: 1\n" * 12000000),
            ("a million metrics in one task",
             b"".join(b"k%d: 1\n" % i for i in range(10**6)))):
        yield name, packed([tar_header(task, len(data)), data,
                            bytes(-len(data) % 512 + 1024)])


def tar_header(name, size):
    m = tarfile.TarInfo(name)
    m.size = size
    return m.tobuf(tarfile.USTAR_FORMAT)


def packed(pieces):
    """The pieces, one after the other, under zstd; never whole in memory."""
    with tempfile.TemporaryFile() as out:
        zstd = subprocess.Popen(["zstd", "-q", "-3"], stdin=subprocess.PIPE,
                                stdout=out)
        with zstd.stdin:
            for piece in pieces:
                zstd.stdin.write(piece)
        if zstd.wait():
            raise Failed("zstd failed")
        out.seek(0)
        return out.read()


def show(path):
    """The path as the documentation writes it."""
    return re.sub(r"/build/\d+", "/build/ID",
                  path.replace("/buildstats", "", 1))


PARTS = ["model", "ingest", "disk", "memory", "pages", "cache", "reports",
         "failures", "live", "trends", "charts", "peer"]


def options():
    p = argparse.ArgumentParser(
        prog="run.sh", description="Measures; see docs/benchmarks.md.")
    p.add_argument("--quick", action="store_true",
                   help="smaller sizes, under three minutes")
    p.add_argument("part", nargs="*", metavar="PART",
                   help="of " + " ".join(PARTS) + "; all unless told")
    o = p.parse_args()
    for name in o.part:
        if name not in PARTS:
            p.error("%s: no such part" % name)
    return o


def scratch_dir():
    base = os.environ.get("BS_BENCH_DIR")
    if base:
        os.makedirs(base, exist_ok=True)
    return os.path.abspath(
        tempfile.mkdtemp(prefix="bs-bench.", dir=base or None))


def main():
    o = options()
    here = os.path.dirname(os.path.abspath(__file__))
    top = os.environ.get("top_srcdir") or os.path.join(here, "..", "..")
    build = os.environ.get("BS_BUILD") or os.getcwd()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    scratch = scratch_dir()
    servers = Servers(os.path.abspath(top), os.path.abspath(build), scratch)
    try:
        servers.install()
        servers.start_postgres()
        servers.make_database("bench_minimal")
        servers.start_nginx()
        servers.start_minimal("bench_minimal")
        bench = Bench(QUICK if o.quick else FULL, servers)
        for part in o.part or PARTS:
            getattr(bench, "part_" + part)()
    except Failed as e:
        sys.exit("bench: %s" % e)
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        servers.close()
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()
