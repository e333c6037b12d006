"""live.py: the part of the measurement that is about builds that report task
by task, while their builds wait for each answer."""
import os
import subprocess
import threading
import time

from figures import at_most, heading, line, progress
from servers import Failed, wait_until

A_MINUTE = 20000  # posts
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Live:
    """Mixed into Bench."""

    def part_live(self):
        heading("Tasks that builds report one by one, %d a minute, each made "
                "durable before its answer; all servers on one processor"
                % A_MINUTE)
        db = "bench_live"
        spool = self.s.make_dir("spool")
        self.s.make_database(db)
        self.s.start_workers(db, 8, "--spool", spool)
        self.pin(0)
        try:
            self.live_posts(db, spool)
        finally:
            self.pin(None)

    def live_posts(self, db, spool):
        status, body = self.s.post("/builds/", b"builder=bench&machine=m", FORM)
        if status != 200:
            raise Failed("the start of a build: %d %s" % (status, body))
        progress("posting for %d s" % self.size["live"])
        before = self.servers_cpu("workers")
        with Probe(spool) as probe:
            r = self.program("task_load", self.s.port, body.decode(),
                             A_MINUTE / 60, self.size["live"])
        if r["bad"]:
            raise Failed("%d of %d posts were no 200" % (r["bad"], r["posts"]))
        wait_until("the database has all of it", 600, lambda: self.s.sql(
            db, "SELECT count(*) FROM live_task")[0][0] == str(r["posts"]))
        cpu = self.servers_cpu("workers") - before
        at_most("an answer, p99", 1e3 * r["p99"], " ms", 10,
                "p50 %.2f ms, p90 %.2f ms, slowest of %d %.1f ms" %
                (1e3 * r["p50"], 1e3 * r["p90"], r["posts"], 1e3 * r["max"]),
                2)
        line("CPU of a task, in all servers", "%.2f ms" %
             (1e3 * cpu / r["posts"]),
             "%.0f a second; folding and all" % r["rate"])
        p50, p99 = probe.result()
        line("a write of 300 bytes, made durable, p99", "%.2f ms" %
             (1e3 * p99), "beside it, on the same disk; p50 %.2f ms" %
             (1e3 * p50))

    def pin(self, cpu):
        """Binds all servers to one processor, or lets them go again."""
        if os.cpu_count() < 2:
            return
        cpus = str(cpu) if cpu is not None else "0-%d" % (os.cpu_count() - 1)
        for name in ("workers", "nginx", "postgres"):
            for pid in self.s.tree(name):
                subprocess.run(["taskset", "-apc", cpus, str(pid)],
                               stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)


class Probe:
    """What the disk and the machine's other load make of a small write, while
    something else is measured."""

    def __init__(self, where):
        self.path = os.path.join(where, "probe")
        self.times, self.over = [], threading.Event()
        self.thread = threading.Thread(target=self.run)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()
        os.unlink(self.path)

    def run(self):
        fd = os.open(self.path, os.O_WRONLY | os.O_CREAT, 0o600)
        while not self.over.wait(0.01):
            t0 = time.monotonic()
            os.write(fd, b"x" * 300)
            os.fdatasync(fd)
            self.times.append(time.monotonic() - t0)
        os.close(fd)

    def result(self):
        times = sorted(self.times)
        return times[len(times) // 2], times[len(times) * 99 // 100]
