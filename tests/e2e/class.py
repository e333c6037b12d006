"""class.py DIR PUSH CLASS: a build under the class buildstats-report, with a
stand-in for bitbake and the real server: what it made, and from which layers,
stands on the build's pages."""

import os
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))

import tap
import web
from bb_stand_in import Class, Data, Stats, bb, said

DIR, PUSH, CLASS = sys.argv[1:4]
CLASS = Class(CLASS)
NAME = time.strftime("%Y%m%d%H%M%S", time.gmtime())
SIZE = 123456
TASKS = [("libbig-1.0-r0", "do_compile"), ("libbig-1.0-r0", "do_package"),
         ("libbig-1.0-r0", "do_packagedata"), ("my-image-1.0-r0", "do_rootfs")]


def write(path, data):
    path = os.path.join(DIR, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data)
    return path


def git(layer, *words):
    return subprocess.run(
        ["git", "-c", "user.name=t", "-c", "user.email=t@localhost", *words],
        cwd=layer, check=True, stdout=subprocess.PIPE).stdout.decode().strip()


def layers():
    """meta as it was committed, meta-own with a change."""
    out = {}
    for name in ("meta", "meta-own"):
        path = os.path.dirname(write(name + "/conf", b"1\n"))
        git(path, "init", "-q", "-b", "main")
        git(path, "add", ".")
        git(path, "commit", "-qm", "layer")
        out[name] = (git(path, "rev-parse", "HEAD"), path)
    write("meta-own/conf", b"2\n")
    return out


def sections(path):
    """Sizes as binutils read them."""
    out = {}
    for row in subprocess.run(["readelf", "-SW", path], check=True,
                              stdout=subprocess.PIPE).stdout.decode() \
            .splitlines():
        words = row.replace("[ ", "[").split()
        if len(words) > 6 and words[1] in (".text", ".data", ".bss",
                                           ".rodata"):
            out[words[1][1:]] = int(words[5], 16)
    return out


def task_file(pf, task, start):
    return ("Event: TaskStarted \nStarted: %.2f\n%s: %s\nElapsed time: 1.00 "
            "seconds\nutime: 1\nstime: 2\ncutime: 3\ncstime: 4\n"
            "Status: PASSED \nEnded: %.2f \n"
            % (start, pf, task, start + 1)).encode()


def wait_for(what):
    for _ in range(600):
        value = what()
        if value:
            return value
        time.sleep(0.1)
    return what()


def build(found):
    started = time.time()
    run = "tmp/buildstats/" + NAME
    d = Data(TMPDIR=DIR + "/tmp", BUILDNAME=NAME, MACHINE="qemux86-64",
             DISTRO="poky", BUILDSTATS_BASE="${TMPDIR}/buildstats/",
             BB_VERSION="2.19.0", BB_NUMBER_THREADS="4",
             BBLAYERS=" ".join(path for _, path in found.values()),
             NATIVELSBSTRING="debian-12", BUILDSTATS_SERVER=web.URL.geturl(),
             BUILDSTATS_BUILDER="elizabeth", BUILDSTATS_PUSH=PUSH,
             PKGDEST=DIR + "/split", PKGDESTWORK=DIR + "/pkgdata",
             MULTIMACH_TARGET_SYS="core2-64-poky-linux",
             IMAGE_ROOTFS=DIR + "/rootfs", MACHINE_ARCH="qemux86_64",
             TCLIBC="glibc", IMAGE_BASENAME="my-image")
    CLASS.defaults_for(d)
    stats = Stats(len(TASKS), 2)
    head = "Host Info: Linux vm 6.1 x86_64\nBuild Started: %.2f \n" % started
    write(run + "/build_stats", head.encode())
    CLASS.fire(bb.event.BuildStarted(_name=NAME, _pkgs=["my-image:do_build"]),
               d)
    for i, (pf, task) in enumerate(TASKS):
        write("%s/%s/%s" % (run, pf, task), task_file(pf, task, started + i))
        own = Data(**d.variables)
        own.variables.update(PF=pf, PN=pf[:-len("-1.0-r0")])
        CLASS.fire(bb.build.TaskSucceeded(_task=task, time=time.time(),
                                          logfile=""), own)
        stats.completed += 1
        CLASS.fire(bb.runqueue.runQueueTaskCompleted(stats=stats.copy()), d)
    spool = DIR + "/tmp/buildstats-report/now-" + NAME
    wait_for(lambda: os.path.exists(spool + "/url"))
    write(run + "/build_stats", (head + "Elapsed time: 5.00 seconds \n"
                                 "CPU usage: 50.0% \n").encode())
    CLASS.fire(bb.event.BuildCompleted(total=len(TASKS), _failures=0,
                                       _interrupted=0), d)


def fresh(path):
    return web.get("%s%sn=%d" % (path, "&" if "?" in path else "?",
                                 time.monotonic_ns())).json


def finished():
    builds = fresh("builds.json?status=succeeded")["builds"]
    return [b for b in builds if b["name"] == NAME]


def main():
    found = layers()
    program = write("split/libbig/usr/lib/libbig.so.1", b"")
    shutil.copy(shutil.which("readelf"), program)
    write("split/libbig-dbg/usr/lib/libbig.so.1", b"\x7fELF, but of no use")
    write("pkgdata/runtime/libbig",
          b"PN: libbig\nPKGSIZE:libbig: %d\n" % SIZE)
    write("rootfs/usr/lib/libbig.so.1", os.urandom(300000))
    build(found)
    row = (wait_for(finished) or [{}])[0]
    tap.same([row.get(k) for k in ("machine", "distro", "image", "builder",
                                   "tasks", "elapsed")],
             ["qemux86-64", "poky", "my-image", "elizabeth", len(TASKS), 5],
             "the build is there when it has ended")
    tap.ok(any(row.get("url", "no") in text for text in said),
           "bitbake's output leads to it", said)
    env = fresh("build/%d.json" % row["id"])["environment"]
    tap.same([(x["name"], x["branch"], x["commit"], x["modified"])
              for x in env["layers"]],
             [("meta", "main", found["meta"][0], False),
              ("meta-own", "main", found["meta-own"][0], True)],
             "with its layers' branches and commits, and what was changed")
    sizes = wait_for(lambda: fresh("build/%d/sizes.json" % row["id"]))
    tap.same([(p["package"], p["recipe"], p["version"], p["bytes"])
              for p in sizes["packages"]],
             [("libbig", "libbig", "1.0-r0", SIZE)],
             "with the sizes of its packages")
    tap.same([i["image"] for i in sizes["images"]], ["my-image"],
             "and its image")
    tap.ok(300000 <= sizes["images"][0]["bytes"] < 400000,
           "which is as large as its files", sizes["images"])
    want = sections(program)
    got = {x["name"]: x["bytes"] for p in sizes["programs"]
           for x in p["section"]}
    tap.same(got, want, "and the sections of its programs")
    tap.end()


main()
