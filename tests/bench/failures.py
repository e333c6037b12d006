"""failures.py: the part of the measurement that is about failures: taking
error reports, and finding among fifty thousand of them."""
import json

import re
import statistics
import time

from figures import at_least, at_most, heading, line, progress
from servers import Failed, wait_until

PRIVATE = "Cookie: bench=1"
LOG = 64 << 10  # bytes of the log of a report whose rate is measured
CLIENTS = 4

# As people ask: a symbol, words that every log has, a phrase, a part of a
# word, with filters, and what is nowhere.
SEARCHES = [
    "q=zlibcontext_commit", "q=error", "q=undefined+reference",
    '%22implicit+declaration+of+function%22', "q=rror",
    "q=checking", "q=table_lookup", "q=nowhere_to_be_found",
    "q=fatal&machine=machine-03", "package=busybox", "task=do_configure",
    "builder=builder042", "machine=machine-39&distro=distro-2",
    "package=openssl&q=Package+requirements", "branch=master&q=ImportError",
    "since=7d&q=ld+returned", "image=core-image-minimal&q=codec_resolve",
]


class Failures:
    """Mixed into Bench."""

    def part_reports(self):
        heading("Error reports with a log of 64 KiB, %d clients, durable "
                "commit" % CLIENTS)
        db = "bench_reports"
        self.s.make_database(db)
        self.s.start_workers(db)
        n, mine, raw, cpu = self.size["reports"], [], [], []
        for i in range(self.size["rounds"]):
            progress("reports: round %d" % (i + 1))
            r = self.program("insert_ref", self.s.conninfo("postgres"),
                             CLIENTS, n, LOG)
            raw.append(r["rows"] / r["seconds"])
            before = self.servers_cpu("workers")
            r = self.send_reports(n, (i + 1) * n, LOG)
            cpu.append((self.servers_cpu("workers") - before) / n)
            mine.append(n / r["seconds"])
        a, b = statistics.median(mine), statistics.median(raw)
        before = self.servers_cpu("workers")
        left = int(self.s.sql(db, "SELECT count(*) FROM log WHERE words IS"
                              " NULL")[0][0])
        wait_until("the words of all logs", 600, lambda: self.s.sql(
            db, "SELECT count(*) FROM log WHERE words IS NULL")[0][0] == "0")
        line("  logs put into the search afterwards", "%d" % left,
             "%.1f s of CPU; they are while less comes in" %
             (self.servers_cpu("workers") - before))
        at_least("reports to raw INSERT of the same bytes", a / b, 1 / 3, 1,
                 "%.0f/s and %.0f/s, %.1f ms of CPU a report in all servers"
                 % (a, b, 1e3 * statistics.median(cpu)))

    def send_reports(self, count, first, log_bytes):
        r = self.program("report_load", self.s.port, CLIENTS, count, first,
                         log_bytes)
        if r["bad"]:
            raise Failed("%d of %d answers were no 200" % (r["bad"], count))
        return r

    def fill_failures(self, db):
        n = self.size["failures"]
        progress("sending %d failures" % n)
        t0 = time.monotonic()
        r = self.send_reports(n, 10**6, 0)
        progress("%.0f MB in %.0f s; now their words" %
                 (r["bytes"] / 1e6, time.monotonic() - t0))
        wait_until("the words of all logs", 3600, lambda: self.s.sql(
            db, "SELECT count(*) FROM log WHERE words IS NULL")[0][0] == "0")
        took = time.monotonic() - t0
        self.s.sql(db, "VACUUM ANALYZE")
        self.s.sql(db, "CHECKPOINT")
        row = self.s.sql(db, """SELECT count(*), sum(size),
            pg_total_relation_size('log') + pg_total_relation_size('log_chunk')
            + pg_total_relation_size('failure')
            + pg_total_relation_size('signature') FROM log""")[0]
        logs, size, disk = (int(x) for x in row)
        line("failures, stored and indexed", "%d" % n,
             "%d logs of %.0f MB take %.0f MB with all indexes, after %.0f s"
             % (logs, size / 1e6, disk / 1e6, took))
        return n

    def part_failures(self):
        db = "bench_failures"
        self.s.make_database(db)
        self.s.start_workers(db)
        heading("Search and pages over %d failures" % self.size["failures"])
        self.fill_failures(db)
        self.search_times()
        minimal = self.cost("/minimal", "minimal", self.size["seconds"])
        newest = self.cost("/buildstats/failures", "workers",
                           self.size["seconds"])
        at_most("/failures, the newest hundred", newest / minimal, " x", 15,
                "%.2f ms of CPU; minimal page %.2f ms" %
                (1e3 * newest, 1e3 * minimal))
        self.log_sizes()

    def search_times(self):
        """p99 of each search beside the p50 of pages by primary key: one
        failure's, and its build's, which is lighter."""
        n, worst = self.size["searches"], (0.0, "")
        one = {"/f/CODE": self.newest_failure(),
               "/build/ID": "/buildstats/build/%d" % self.newest()["build"]}
        key = {k: [self.load(1, 200, p, PRIVATE)["p50"]]
               for k, p in one.items()}
        for query in SEARCHES:
            path = "/buildstats/failures?" + query
            if query.startswith("%"):
                path = "/buildstats/failures?q=" + query
            self.load(1, 5, path, PRIVATE)
            r = self.load(1, n, path, PRIVATE)
            for k, p in one.items():
                key[k].append(self.load(1, 50, p, PRIVATE)["p50"])
            print("    %-52s p50 %6.2f ms  p99 %6.2f ms" %
                  (path.replace("/buildstats", "", 1), 1e3 * r["p50"],
                   1e3 * r["p99"]), flush=True)
            worst = max(worst, (r["p99"], path))
        for k in one:
            ref = statistics.median(key[k])
            at_most("slowest search, p99, to p50 of " + k,
                    worst[0] / ref, " x", 10, "%.2f ms to %.2f ms, %s" %
                    (1e3 * worst[0], 1e3 * ref, worst[1]))

    def newest(self):
        body = json.loads(self.s.get("/buildstats/failures.json?per=1",
                                     {"Cookie": "bench=1"})[1])
        return body["failures"][0]

    def newest_failure(self):
        """The path of its page."""
        return re.sub(r"^https?://[^/]*", "", self.newest()["url"])

    def log_sizes(self):
        """A failure's page with a long log and a short one."""
        paths = []
        for i, size in enumerate((5000, 5000000)):
            self.send_reports(1, 9 * 10**6 + i, size)
            paths.append(self.newest_failure())
        small, large = (self.cost(p, "workers", self.size["seconds"])
                        for p in paths)
        at_most("failure page, 5 MB log to 5 KB log", large / small, " x", 3,
                "%.2f ms, %.2f ms of CPU" % (1e3 * large, 1e3 * small))
        small, large = (self.cost(p + "/log", "workers", self.size["seconds"])
                        for p in paths)
        line("log viewer, the same two", "%.1f x" % (large / small),
             "%.2f ms, %.2f ms of CPU" % (1e3 * large, 1e3 * small))
