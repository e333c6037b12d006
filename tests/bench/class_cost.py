#!/usr/bin/env python3
"""What the class buildstats-report costs a task, beside buildstats.bbclass.

    class_cost.py OECORE [TASKS]

OECORE is a checkout of openembedded-core.  Both classes run under the suite's
stand-in for bitbake; the handlers get the events of so many tasks (3,000) in
turns, and the medians of seven turns are printed, microseconds a task.
"""
import os
import statistics
import sys
import tempfile
import time
import types

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "lib"))

from bb_stand_in import Class, Data, Stats, bb

TURNS = 7


def theirs(oecore, data):
    """One task's events in the handler of buildstats.bbclass."""
    bb.utils = types.SimpleNamespace(
        mkdirhier=lambda path: os.makedirs(path, exist_ok=True),
        to_boolean=lambda text: text == "1")
    bb.event.getName = lambda e: type(e).__name__
    cls = Class(os.path.join(
        oecore, "meta/classes-global/buildstats.bbclass"))
    cls.names["os"] = os
    handler = cls.handlers["run_buildstats"]
    handler(bb.event.BuildStarted(), data)

    def one(i):
        now = time.time()
        handler(bb.build.TaskStarted(task="do_t%d" % i, time=now), data)
        handler(bb.build.TaskSucceeded(task="do_t%d" % i, time=now + 1), data)
    return one


def ours(data):
    """The same, and of the runqueue, in ours."""
    cls = Class(os.path.join(
        HERE, "..", "..", "meta-buildstats/classes/buildstats-report.bbclass"))
    cls.defaults_for(data)
    cls.fire(bb.event.BuildStarted(_name="b", _pkgs=["a"]), data)
    stats = Stats(1)

    def one(i):
        cls.fire(bb.runqueue.runQueueTaskStarted(stats=stats), data)
        cls.fire(bb.build.TaskSucceeded(
            _task="do_t%d" % i, time=time.time(), logfile="/a/log.do_t"), data)
        cls.fire(bb.runqueue.runQueueTaskCompleted(stats=stats), data)
    return one


def main():
    tasks = int(sys.argv[2]) if len(sys.argv) > 2 else 3000
    with tempfile.TemporaryDirectory() as tmp:
        data = Data(TMPDIR=tmp, BUILDNAME="b", PF="zlib-1.3.1-r0", PN="zlib",
                    BUILDSTATS_BASE=tmp + "/buildstats/", BBLAYERS="",
                    BUILDSTATS_PUSH="true")
        runs = {"buildstats": theirs(sys.argv[1], data),
                "buildstats-report": ours(data)}
        took = {name: [] for name in runs}
        for _ in range(TURNS):
            for name, one in runs.items():
                wall, cpu = time.perf_counter(), time.process_time()
                for i in range(tasks):
                    one(i)
                took[name].append((time.perf_counter() - wall,
                                   time.process_time() - cpu))
    for name, turns in took.items():
        print("%-18s %7.1f us wall %7.1f us CPU a task" % (
            name, statistics.median(w for w, c in turns) / tasks * 1e6,
            statistics.median(c for w, c in turns) / tasks * 1e6))


main()
