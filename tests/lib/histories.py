"""histories.py: a history of builds whose steps are known: the recorded series
of tests/data/steps.csv, each row a build of its own."""

import csv
import datetime
import json
import os

import tars

SCALE = 60.0  # a recorded second is a minute here, that hundredths be enough
DAY = 86400

TASK = """Event: TaskStarted 
Started: %.2f 
%s: %s
Elapsed time: %.2f seconds
utime: 1
stime: 1
cutime: 1
cstime: 1
IO read_bytes: %d
rusage ru_utime: 0.25
rusage ru_stime: 0.25
rusage ru_maxrss: 21000
Child rusage ru_utime: %s
Child rusage ru_stime: 0.5
Child rusage ru_maxrss: %d
Status: %s 
Ended: %.2f 
"""


def recorded():
    """[{phase, wall, cpu, pressure}]"""
    top = os.environ.get("BS_SRC") or os.path.join(
        os.path.dirname(os.path.abspath(__file__)), "..", "..")
    with open(os.path.join(top, "tests/data/steps.csv"), newline="") as f:
        return [{k: v if k == "phase" else float(v) for k, v in row.items()}
                for row in csv.DictReader(f)]


def task(pf, name, started, wall, cpu, status="PASSED", read=4096, rss=42000):
    # All but the children's user time is 1.0.
    return TASK % (started, pf, name, abs(wall), read, repr(round(cpu - 1.0, 2)),
                   rss, status, started + wall)


def pressure_log(started, value):
    return "".join("%d\n%.2f %.2f %.2f %d\n\n" % (
        started + i, value, value, value, 1000) for i in range(5))


def commit(n):
    return "%040x" % (0xabc1230000000000000000000000000000000000 + n)


def build(i, row, start, machine="qemux86-64", builder="vm", tasks=None,
          elapsed=None, branch="master"):
    """The files of build number i of the history."""
    started = start + i * DAY
    when = datetime.datetime.fromtimestamp(started, datetime.timezone.utc)
    name = when.strftime("%Y%m%d%H%M%S")
    wall, cpu = round(row["wall"] * SCALE, 2), round(row["cpu"] * SCALE, 2)
    pf = "zlib-1.3.1-r0"
    if tasks is None:
        tasks = [("do_configure", 5.0, 4.0), ("do_compile", wall, cpu),
                 ("do_install", 2.0, 1.5)]
    top = "%s/buildstats/%s/" % (name, name)
    files = {
        name + "/build.json": json.dumps({
            "builder": builder, "machine": machine, "distro": "poky",
            "image": "core-image-minimal", "branch": branch,
            "commit": commit(i // 4),
            "layers": [{"name": "meta", "branch": "master",
                        "commit": commit(i // 4), "modified": False},
                       {"name": "meta-oe", "branch": "master",
                        "commit": commit(900 + i // 50), "modified": False}]}),
        top + "build_stats": "Host Info: Linux host 6.1.0 #1 SMP x86_64 \n"
        "Build Started: %.2f \nElapsed time: %.2f seconds \n"
        "CPU usage: 87.3%% \n" % (started, elapsed or wall + 20),
        top + "reduced_proc_pressure/cpu.log":
            pressure_log(int(started), row["pressure"]),
    }
    at = started + 2
    for task_name, w, c in tasks:
        files[top + pf + "/" + task_name] = task(pf, task_name, at, w, c)
        at += w + 0.5
    return files


def all_builds(start, **more):
    for i, row in enumerate(recorded()):
        yield build(i, row, start, **more)


def tar(files):
    return tars.tar(files)
