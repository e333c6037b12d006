"""charts.py: the part of the measurement that is about one or two large
builds: comparing them and drawing them, beside a program that reads their
directories."""
import glob
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time

from figures import at_least, heading, line, progress

PRIVATE = "Cookie: bench=1"
TURNS = 5
ASKED = 20  # requests a turn


def interpreter():
    """One that has cairo: Debian's package is for Debian's own."""
    for python in (sys.executable, "/usr/bin/python3"):
        if subprocess.run([python, "-c", "import cairo"],
                          stderr=subprocess.DEVNULL).returncode == 0:
            return python
    return None


class Charts:
    """Mixed into Bench."""

    def part_charts(self):
        n = self.size["tasks"]
        heading("Two builds of %d tasks, compared and drawn" % n)
        db = "bench_charts"
        self.s.make_database(db)
        self.s.start_workers(db)
        where, ids = self.two_builds(db, "two", n)
        runs = sorted(glob.glob(where + "/b*/buildstats/*"))
        python = interpreter()
        self.beside("comparison over HTTP", "/buildstats/compare?build=%s"
                    "&build=%s" % tuple(ids), [sys.executable, "compare",
                                               *runs])
        svg = os.path.join(where, "chart.svg")
        chart = "/buildstats/build/%s/chart.svg" % ids[0]
        if python is None:
            line("boot chart", "not measured",
                 "no python3 with cairo: install python3-cairo")
        else:
            self.beside("boot chart, tasks of 8 s and more", chart,
                        [python, "chart", runs[0], svg])
            self.beside("  every task", chart + "?min=0",
                        [python, "chart", runs[0], svg, "0"])
        shutil.rmtree(where)
        self.large(db)

    def two_builds(self, db, name, tasks):
        """A directory with two runs, and the numbers of the same, stored."""
        path = self.tar(name + ".tar.zst", "--tasks", tasks, "--builds", 2,
                        "--incremental", 0, "--seed", len(name))
        where = os.path.join(self.s.dir, name)
        os.makedirs(where)
        subprocess.run(["tar", "--zstd", "-xf", path, "-C", where],
                       check=True)
        with open(path, "rb") as f:
            self.s.post("/buildstats/upload", f.read())
        rows = self.s.sql(db, "SELECT id FROM build ORDER BY id DESC LIMIT 2")
        return where, sorted(r[0] for r in rows)

    def reference(self, args):
        """Seconds, and seconds of CPU, of the program in Python."""
        prog = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                            "directory_ref.py")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        t0 = time.monotonic()
        subprocess.run([args[0], prog, *args[1:]], check=True,
                       stdout=subprocess.DEVNULL)
        took = time.monotonic() - t0
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return took, (after.ru_utime + after.ru_stime -
                      before.ru_utime - before.ru_stime)

    def beside(self, name, path, args):
        """Both in turns; what a person waits decides."""
        progress(name)
        ours, theirs, cpu = [], [], []
        self.reference(args)  # the directory into memory
        self.load(1, 3, path, PRIVATE)
        for _ in range(TURNS):
            theirs.append(self.reference(args))
            before = self.servers_cpu("workers")
            r = self.load(1, ASKED, path, PRIVATE)
            cpu.append((self.servers_cpu("workers") - before) / ASKED)
            ours.append(r["p50"])
        mine = statistics.median(ours)
        wall, spent = (statistics.median(x) for x in zip(*theirs))
        at_least(name + ", faster than Python by", wall / mine, 20, 100,
                 "%.1f ms and %.0f ms; of CPU %.1f ms and %.0f ms; %.0f KB" %
                 (1e3 * mine, 1e3 * wall, 1e3 * statistics.median(cpu),
                  1e3 * spent, r["bytes"] / 1e3))

    def large(self, db):
        """The largest builds that are taken."""
        where, ids = self.two_builds(db, "large", self.size["large"] * 9 // 10)
        shutil.rmtree(where)
        for path in ("/buildstats/compare?build=%s&build=%s" % tuple(ids),
                     "/buildstats/build/%s/chart.svg" % ids[0],
                     "/buildstats/build/%s/chart.svg?min=0" % ids[0],
                     "/buildstats/build/%s/chart?min=0" % ids[0]):
            r = self.load(1, 5, path, PRIVATE)
            name = path.replace("/buildstats", "", 1)
            for i in ids:
                name = name.replace(i, "ID")
            line("  %d tasks: %s" % (self.size["large"] * 9 // 10, name),
                 "%.0f ms" % (1e3 * r["p50"]), "%.0f KB" % (r["bytes"] / 1e3))
