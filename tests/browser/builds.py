#!/usr/bin/env python3
"""builds.py: a tar of small builds for the pages to show, on standard output.

A month of four targets that sometimes fail, one build that was killed, one of
twelve layers, one whose every name is hostile, and a history with a step.
"""
import json
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import histories  # noqa: E402
import tars  # noqa: E402

MARKUP = '<script>alert("x")</script>&amp;\'"'
DIRECTORY = '<img src=x onerror=alert("x")>'
LONG = "never-ending-" * 17
LAYERS = ["meta", "meta-poky", "meta-yocto-bsp", "meta-oe", "meta-python",
          "meta-networking", "meta-filesystems", "meta-multimedia",
          "meta-arm", "meta-arm-toolchain", "meta-freescale", "meta-product"]
TARGETS = [("qemux86-64", "core-image-minimal"), ("qemuarm", "core-image-sato"),
           ("raspberrypi4-64", "product-image"),
           ("beaglebone-yocto", "core-image-full-cmdline")]


def environment(machine, image, **more):
    return dict(machine=machine, image=image, distro="poky", mode="clean",
                bitbake_version="2.19.0",
                host=dict(name="alder", distro="debian-12", arch="x86_64"),
                **more)


def layers(n, branch="master"):
    return [dict(name=name, branch=branch, modified=i == 11,
                 commit="%040x" % (i * 0x9e3779b97f4a7c15 + n))
            for i, name in enumerate(LAYERS[:n])]


def messages(n, *texts):
    """event-log.json: n QA issues of each text, and other warnings."""
    issues = [dict(level=("error", "warning")[i % 2], text="QA Issue: " + t,
                   **{"class": t[:64]}, recipe=t[:255], task="do_package_qa")
              for t in texts for i in range(n)]
    return dict(version=1, messages=issues + [
        dict(level="warning", text=t) for t in texts],
        counts=dict(warnings=len(texts) * n, errors=3, interrupted=1,
                    setscene=2946, setscene_covered=1200, sstate_wanted=2946,
                    sstate_local=1200, sstate_mirrors=0, sstate_missed=1746,
                    sstate_current=12, unreadable=1),
        variables=dict(PARALLEL_MAKE="-j 8", TUNE_FEATURES=LONG[:200]))


def add(files, started, env, run_files=None, killed=False, events=None):
    """One build with its build.json, in a directory of its own."""
    name = time.strftime("%Y%m%d%H%M%S", time.gmtime(started))
    top = "%s-%d/" % (name, len(files))
    for path, text in tars.run(name, started, run_files).items():
        if killed and path.endswith("/build_stats"):
            text = text[:text.index("Elapsed time")]
        files[top + path] = text
    files[top + "build.json"] = json.dumps(env)
    if events is not None:
        files[top + "event-log.json"] = json.dumps(events)


def failing(started, recipe):
    pf, task = recipe + "-1.3.1-r0", "do_compile"
    return {"build_stats": tars.build_stats(started, [(pf, task)]),
            pf + "/" + task: tars.task(pf, task, started + 10, "FAILED")}


def month(files, now):
    for i in range(48):
        machine, image = TARGETS[i % 4]
        started = now - 50000.0 * (i + 1) + 123.45
        bad = i % 7 == 3 or machine == "qemuarm" and i < 8
        add(files, started, environment(
            machine, image, builder=("alder", "birch", "cedar")[i % 3],
            branch=("master", "scarthgap")[i // 8 % 2],
            commit="%040x" % (i // 3 * 0x9e3779b97f4a7c15),
            layers=layers(3, ("master", "scarthgap")[i // 8 % 2]),
            tags=["nightly"] if i % 4 == 0 else []),
            failing(started, "zlib") if bad else None, killed=i == 12)


def hostile(files, now):
    pf = DIRECTORY + "-1.0-r0"
    started = now - 9000.25
    add(files, started, environment(
        MARKUP, LONG[:200], builder="\u0928\u092e\u0938\u094d\u0924\u0947 \u202e",
        layers=[dict(name=MARKUP, branch=MARKUP, commit=MARKUP)],
        tags=[MARKUP, LONG[:120]]), {
            pf + "/do_<b>compile": tars.task(
                pf, "do_<b>compile", started + 5, "FAILED"),
            "build_stats": tars.build_stats(started, [(pf, "do_<b>compile")]),
            LONG[:200] + "-1.0-r0/do_compile": tars.task(
                LONG[:200] + "-1.0-r0", "do_compile", started + 9)},
        events=messages(3, MARKUP, LONG, "ldflags"))


def main():
    files, now = {}, 1795400000.0
    month(files, now)
    hostile(files, now)
    add(files, now - 4000.5, environment(
        "qemux86-64", "world", layers=layers(12), tags=["release-5.2"]),
        events=messages(40, "buildpaths", "already-stripped"))
    for i in range(48, 72):
        files.update(histories.build(i, histories.recorded()[i],
                                     now - 200 * histories.DAY,
                                     builder="ci-7"))
    sys.stdout.buffer.write(tars.tar(files))


main()
