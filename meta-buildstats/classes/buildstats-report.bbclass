#
# Reports each build to a buildstats server while it runs:
#
#     INHERIT += "buildstats-report"
#     BUILDSTATS_SERVER = "https://builds.example.org/buildstats/"
#
# bitbake itself only appends short lines to files in BUILDSTATS_SPOOL; a
# program apart from it, push-build-results, reads them and the files of
# buildstats.bbclass, and sends.  README.md has all variables.
#
# SPDX-License-Identifier: MIT
#

inherit buildstats

# "0": off, as if the class were not there.
BUILDSTATS_ENABLE ?= "1"
# One or more servers, each with what differs: URL;mask=...;token-file=...
BUILDSTATS_SERVER ?= "http://localhost:8080/buildstats/"
# Better in a file that only you can read.
BUILDSTATS_TOKEN ?= ""
BUILDSTATS_TOKEN_FILE ?= ""
# Who builds; the host's name unless told.
BUILDSTATS_BUILDER ?= ""
BUILDSTATS_TAGS ?= ""
# What is sent besides the summary.
BUILDSTATS_REPORT ?= "summary tasks logs series sizes elf qa"
# What is taken out of texts: credentials emails homes hosts, or none.
BUILDSTATS_MASK ?= "credentials"
# Kinds of numbers.
BSTATS_CPU ?= "1"
BSTATS_DISK ?= "1"
BSTATS_MEMORY ?= "1"
BSTATS_NET ?= "1"
BSTATS_PRESSURE ?= "1"
# Shows what would be sent instead of sending it.
BUILDSTATS_DRY_RUN ?= "0"
BUILDSTATS_SPOOL ?= "${TMPDIR}/buildstats-report"
BUILDSTATS_PUSH ?= "push-build-results"
BUILDSTATS_PUSH_OPTIONS ?= ""

# The cooker's side of one build.
def buildstats_report_put(path, record):
    # One write a line, so that lines of different processes don't mix; the
    # newline in front parts it from one that was cut by a full disk.
    import json, os
    fd = os.open(path, os.O_WRONLY | os.O_APPEND)
    try:
        data = ("\n" + json.dumps(record, separators=(",", ":")) + "\n").encode("utf-8", "replace")
        return os.write(fd, data) == len(data)
    finally:
        os.close(fd)

def buildstats_report_flag(d, name):
    return (d.getVar(name) or "0").strip().lower() not in ("", "0", "no", "n", "off", "false")

def buildstats_report_servers(d):
    # "URL;key=value;key=value URL": what a server says for itself wins.
    servers = []
    for word in (d.getVar("BUILDSTATS_SERVER") or "").split():
        parts = word.split(";")
        server = {"url": parts[0],
                  "mask": ",".join((d.getVar("BUILDSTATS_MASK") or "none").replace(",", " ").split()) or "none",
                  "token": d.getVar("BUILDSTATS_TOKEN") or "",
                  "token_file": d.getVar("BUILDSTATS_TOKEN_FILE") or "",
                  "builder": ""}
        for part in parts[1:]:
            key, _, value = part.partition("=")
            key = key.replace("-", "_")
            if key not in ("mask", "token", "token_file", "builder"):
                raise ValueError("BUILDSTATS_SERVER: %s: unknown setting '%s'" % (parts[0], key))
            if key == "token_file":
                server["token"] = ""
            server[key] = value
        servers.append(server)
    return servers

def buildstats_report_left_out(d):
    # By switch: beginnings of files, and of lines in files of tasks.
    own = ("rusage %s:", "Child rusage %s:")
    def both(*keys):
        return [o % k for k in keys for o in own]
    kinds = {
        "BSTATS_CPU": (["reduced_proc_stat.log", "proc_stat.log"],
                       ["utime:", "stime:", "cutime:", "cstime:"] + both("ru_utime", "ru_stime")),
        "BSTATS_DISK": (["reduced_proc_diskstats.log", "proc_diskstats.log", "monitor_disk.log"],
                        ["IO "] + both("ru_inblock", "ru_oublock")),
        "BSTATS_MEMORY": (["reduced_proc_meminfo.log", "proc_meminfo.log"],
                          both("ru_maxrss", "ru_minflt", "ru_majflt")),
        "BSTATS_NET": (["reduced_proc_net.log"], []),
        "BSTATS_PRESSURE": (["reduced_proc_pressure"], []),
    }
    files, lines = [], []
    for name in sorted(kinds):
        if not buildstats_report_flag(d, name):
            files += kinds[name][0]
            lines += kinds[name][1]
    return ",".join(files), ",".join(lines)

def buildstats_report_write(path, record):
    import json, os
    fd = os.open(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(fd, "w") as f:
        json.dump(record, f)
    os.rename(path + ".new", path)

def buildstats_report_layers(d):
    # Their commits are asked for later, by the follower.
    layers = []
    for path in (d.getVar("BBLAYERS") or "").split():
        layers.append({"name": path.rstrip("/").rsplit("/", 1)[-1], "path": path})
    return layers

def buildstats_report_begin(e, d, now):
    # What is known at the start, as the server takes it.
    import os, socket
    targets = [str(t) for t in getattr(e, "_pkgs", None) or []]
    targets = [t[:-len(":do_build")] if t.endswith(":do_build") else t for t in targets]
    raw = bytearray(os.urandom(16))
    raw[6] = raw[6] & 0x0f | 0x40
    raw[8] = raw[8] & 0x3f | 0x80
    h = "".join("%02x" % b for b in raw)
    begin = {
        "uuid": "-".join((h[:8], h[8:12], h[12:16], h[16:20], h[20:])),
        "key": "".join("%02x" % b for b in bytearray(os.urandom(24))),
        "name": d.getVar("BUILDNAME"),
        "started": round(now, 2),
        "targets": targets[:1000],
        "host": {"name": socket.gethostname(), "arch": os.uname()[4],
                 "distro": d.getVar("NATIVELSBSTRING") or ""},
    }
    for key, var in (("machine", "MACHINE"), ("distro", "DISTRO"), ("distro_version", "DISTRO_VERSION"),
                     ("bitbake_version", "BB_VERSION"), ("builder", "BUILDSTATS_BUILDER")):
        value = d.getVar(var)
        if value:
            begin[key] = str(value)[:255]
    if targets:
        begin["image"] = targets[0][:255]
    tags = (d.getVar("BUILDSTATS_TAGS") or "").replace(",", " ").split()
    if tags:
        begin["tags"] = tags[:100]
    try:
        begin["threads"] = int(d.getVar("BB_NUMBER_THREADS"))
    except (TypeError, ValueError):
        pass
    return begin

def buildstats_report_follow(d, spool, extra):
    # Its own session: it lives on when bitbake or its terminal ends.
    import subprocess
    argv = [d.getVar("BUILDSTATS_PUSH")] + (d.getVar("BUILDSTATS_PUSH_OPTIONS") or "").split()
    out = "/dev/null"
    if "--dry-run" in extra:
        out = spool + "/would-send"
    with open(spool + "/log", "ab") as log, open(out, "ab") as out, open("/dev/null") as none:
        return subprocess.Popen(argv + extra + [spool], stdin=none, stdout=out, stderr=log,
                                cwd="/", close_fds=True, start_new_session=True)

def buildstats_report_start(e, d):
    # Makes the spool and starts the follower; returns what the cooker keeps.
    import fcntl, os, time
    now = time.time()
    base = d.getVar("BUILDSTATS_SPOOL")
    name = d.getVar("BUILDNAME")
    link = os.path.join(base, "now-" + name)
    try:
        with open(link + "/alive") as f:
            if f.read() == str(os.getpid()):
                return None  # another multiconfig of the same build
    except (IOError, OSError):
        pass
    begin = buildstats_report_begin(e, d, now)
    servers = buildstats_report_servers(d)
    spool = os.path.join(base, begin["uuid"])
    os.makedirs(spool, 0o700)
    alive = open(spool + "/alive", "w")
    fcntl.flock(alive, fcntl.LOCK_EX)
    alive.write(str(os.getpid()))
    alive.flush()
    os.close(os.open(spool + "/events", os.O_WRONLY | os.O_CREAT, 0o600))
    files, lines = buildstats_report_left_out(d)
    dry = buildstats_report_flag(d, "BUILDSTATS_DRY_RUN")
    buildstats_report_write(spool + "/spool.json", {
        "version": 1, "run": os.path.join(d.getVar("BUILDSTATS_BASE"), name),
        "report": d.getVar("BUILDSTATS_REPORT") or "", "leave_out": files, "leave_lines": lines,
        "layers": buildstats_report_layers(d), "servers": servers})
    buildstats_report_write(spool + "/begin.json", begin)
    try:
        os.unlink(link)
    except OSError:
        pass
    os.symlink(begin["uuid"], link)
    state = {"spool": spool, "events": spool + "/events", "link": link, "alive": alive, "started": now,
             "dry": dry, "next": 0, "told": False, "spared": 0, "mode": None, "stats": None, "child": None}
    if not dry:
        try:
            state["child"] = buildstats_report_follow(d, spool, ["--follow", "--timeout", "30"])
        except (IOError, OSError) as error:
            # The spool is written all the same, for a flush.
            bb.note("buildstats: nothing is sent while this build runs: %s" % error)
    return state

def buildstats_report_link(state, text):
    # The address of the build, once the server gave it.
    try:
        with open(state["spool"] + "/url") as f:
            urls = f.read().split()
    except (IOError, OSError):
        return False
    for url in urls:
        bb.plain("%s: %s" % (text, url))
    state["told"] = True
    return bool(urls)

def buildstats_report_progress(state, now):
    stats = state["stats"]
    record = {"time": round(now, 2), "event": "progress",
              "done": stats.completed + stats.skipped + stats.failed, "total": stats.total}
    if getattr(stats, "setscene_total", 0):
        record["setscene_done"] = stats.setscene_covered + stats.setscene_notcovered
        record["setscene_total"] = stats.setscene_total
    return buildstats_report_put(state["events"], record)

def buildstats_report_spared(state):
    return state["spared"] or getattr(state["stats"], "setscene_covered", 0)

def buildstats_report_mode(state, mode, now):
    if state["mode"] is None:
        state["mode"] = mode
        buildstats_report_put(state["events"], {"time": now, "event": "environment", "mode": mode})

def buildstats_report_tick(e, state):
    # Of each event of the runqueue only this: most of them end here.
    import time
    stats = getattr(e, "stats", None)
    if stats is not None:
        state["stats"] = stats
        if getattr(e, "reason", None) in ("existing", "covered"):
            state["spared"] += 1
    now = time.time()
    if 0 <= state["next"] - now < 10:
        return
    state["next"] = now + 2
    if state["stats"] is not None:
        if buildstats_report_spared(state):
            buildstats_report_mode(state, "incremental", now)
        buildstats_report_progress(state, now)
    if not state["told"] and not state["dry"]:
        buildstats_report_link(state, "buildstats")

def buildstats_report_end(e, state, d):
    import os, time
    now = time.time()
    stats = state["stats"]
    if stats is not None:
        buildstats_report_progress(state, now)
        buildstats_report_mode(state, "incremental" if buildstats_report_spared(state) else "clean", now)
    status = "succeeded"
    if getattr(e, "_interrupted", 0):
        status = "interrupted"
    elif getattr(e, "_failures", 0) or getattr(stats, "failed", 0):
        status = "failed"
    record = {"time": now, "event": "finished", "status": status, "elapsed": max(0, round(now - state["started"], 2)),
              "summary": {"tasks": getattr(e, "total", 0) or 0, "failed": getattr(e, "_failures", 0) or 0,
                          "spared": state["spared"]}}
    whole = buildstats_report_put(state["events"], record)
    state["alive"].close()
    try:
        os.unlink(state["link"])
    except OSError:
        pass
    if not whole:
        bb.note("buildstats: no space in %s: the report ends early" % state["spool"])
    if state["dry"]:
        buildstats_report_follow(d, state["spool"], ["--follow", "--dry-run"])
        bb.plain("buildstats: what would be sent is written to %s/would-send" % state["spool"])
    elif not buildstats_report_link(state, "buildstats"):
        try:
            with open(state["spool"] + "/why") as f:
                why = f.read().strip()
        except (IOError, OSError):
            why = "no answer yet"
        bb.plain("buildstats: not sent yet (%s); kept in %s for the next build or %s --flush --spool %s"
                 % (why, state["spool"], d.getVar("BUILDSTATS_PUSH"), os.path.dirname(state["spool"])))
    if state["child"] is not None:
        state["child"].poll()

def buildstats_report_task(e, d):
    # In the task's own process.
    import os, bb.build
    name = d.getVar("BUILDNAME")
    if not name:
        return
    task = e._task
    record = {"time": e.time, "event": "task", "pf": d.getVar("PF"), "recipe": d.getVar("PN"), "task": task,
              "status": "passed" if isinstance(e, bb.build.TaskSucceeded) else "failed", "log": e.logfile or ""}
    if record["status"] == "failed":
        record["message"] = getattr(e, "_message", "")
    elif task == "do_package":
        record["split"] = d.getVar("PKGDEST") or ""
    elif task == "do_packagedata":
        record["pkgdata"] = d.getVar("PKGDESTWORK") or ""
        record["arch"] = d.getVar("MULTIMACH_TARGET_SYS") or ""
    elif task == "do_rootfs":
        record["rootfs"] = d.getVar("IMAGE_ROOTFS") or ""
        record["image"] = "%s/%s/%s" % (d.getVar("MACHINE_ARCH"), d.getVar("TCLIBC"), d.getVar("IMAGE_BASENAME"))
    try:
        buildstats_report_put(d.getVar("BUILDSTATS_SPOOL") + "/now-" + name + "/events", record)
    except (IOError, OSError):
        # No report of this build, or no space: the cooker says so.
        pass

def buildstats_report_cooker(e, d):
    import bb.event
    if isinstance(e, bb.event.BuildStarted):
        d.delVar("_buildstats_report")
        if buildstats_report_flag(d, "BUILDSTATS_ENABLE") and (d.getVar("BUILDSTATS_SERVER") or "").strip():
            # In a list, because getVar gives a copy of what it holds.
            d.setVar("_buildstats_report", [buildstats_report_start(e, d)])
        return
    state = (d.getVar("_buildstats_report", False) or [None])[0]
    if not state:
        return
    if isinstance(e, bb.event.BuildCompleted):
        d.delVar("_buildstats_report")
        buildstats_report_end(e, state, d)
    else:
        buildstats_report_tick(e, state)

python buildstats_report_handler () {
    # Whatever happens here, the build goes on.
    try:
        buildstats_report_cooker(e, d)
    except Exception as error:
        state = (d.getVar("_buildstats_report", False) or [None])[0]
        d.delVar("_buildstats_report")
        bb.note("buildstats: this build is not reported: %s: %s" % (type(error).__name__, error))
        if state:
            state["alive"].close()
}

addhandler buildstats_report_handler
buildstats_report_handler[eventmask] = "\
    bb.event.BuildStarted bb.event.BuildCompleted bb.event.HeartbeatEvent \
    bb.runqueue.runQueueTaskStarted bb.runqueue.runQueueTaskCompleted \
    bb.runqueue.runQueueTaskFailed bb.runqueue.runQueueTaskSkipped \
    bb.runqueue.sceneQueueTaskStarted bb.runqueue.sceneQueueTaskCompleted \
    bb.runqueue.sceneQueueTaskFailed"

python buildstats_report_task_handler () {
    try:
        buildstats_report_task(e, d)
    except Exception as error:
        bb.debug(1, "buildstats: %s: %s" % (type(error).__name__, error))
}

addhandler buildstats_report_task_handler
buildstats_report_task_handler[eventmask] = "bb.build.TaskSucceeded bb.build.TaskFailed"
