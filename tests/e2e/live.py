"""live.py: builds that report themselves while they run.

    live.py PHASE [ARGUMENT...]
"""
import json
import os
import subprocess
import sys
import time
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
from tap import end, ok  # noqa: E402
import live  # noqa: E402
import recordings  # noqa: E402
import tars  # noqa: E402
import web  # noqa: E402

DATA = os.path.join(os.path.dirname(__file__), "..", "data")
SECONDS = 60  # until something that should be there in two is given up
NOW = int(time.time())


def same(what, got, want):
    return ok(got == want, what, "got:  %r" % (got,), "want: %r" % (want,))


def wait(what, condition):
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        got = condition()
        if got:
            return ok(True, what) and got
        time.sleep(0.1)
    return ok(False, what)


def page(path):
    """As it is now: no cache has seen this address."""
    return web.get("%s%sn=%d" % (path, "&" if "?" in path else "?",
                                 time.monotonic_ns())).json


def document(**more):
    return dict({"uuid": str(uuid.uuid4()), "key": os.urandom(16).hex(),
                 "name": "20261128100000", "machine": "qemux86-64",
                 "targets": ["core-image-minimal"], "started": NOW - 600},
                **more)


def load(name):
    files = recordings.unpack(os.path.join(DATA, name + ".tar.zst"))
    run = [n for n in files if n.endswith("/build_stats")][0].rsplit("/", 1)[0]
    # what no page is made of needs not be sent
    files = {n: d for n, d in files.items() if "/packages/" not in n}
    return files, run


# ---- recordings, replayed

def exported(admin, to, build):
    """{path: bytes}, as it is exported."""
    with open(to, "wb") as out:
        subprocess.run([admin, "--db", os.environ["BS_DB"], "export",
                        str(build)], check=True, stdout=out)
    return recordings.unpack(to)


def numbers(build):
    """All that is shown of a build, without what names it."""
    found = page("build/%d.json" % build)
    out = {k: found[k] for k in ("metrics", "types", "longest", "packages")}
    out["build"] = {k: v for k, v in found["build"].items()
                    if k not in ("id", "url")}
    out["failures"] = [{k: f[k] for k in ("recipe", "version", "task",
                                          "first_line")}
                       for f in found["failures"]]
    text = json.dumps(out)
    return json.loads(text.replace("build/%d" % build, "build/N"))


def replay_one(name, seed, work, admin):
    files, run = load(name)
    buildname = run.rsplit("/", 1)[1]
    first = document(name=buildname, machine="", targets=[])
    b = live.begin(first)
    same("%s begins" % name, b.status, 201)
    shapes = set()
    events = b.number(live.recording_events(files, run, None), NOW)
    sums = {"accepted": 0, "duplicate": 0}
    seqs = []
    for i, request in enumerate(live.shuffled(events, seed)):
        a = b.send(request, [None, "gzip", "zstd"][i % 3])
        if a.status != 200:
            return ok(False, "%s: request %d" % (name, i), a.text)
        for key in sums:
            sums[key] += a.json[key]
        seqs += [e["seq"] for e in request]
    same("%s: each event counts once" % name, sums["accepted"], len(events))
    same("%s: what came again is told" % name, sums["duplicate"],
         len(seqs) - len(set(seqs)))
    end_event = b.number([{"event": "finished", "status": "succeeded"}], NOW)
    same("%s: it ends" % name, b.send(end_event).status, 200)
    wait("%s: the build has ended" % name,
         lambda: page("build/%d.json" % b.id)["build"]["status"] != "running")
    ours = exported(admin, os.path.join(work, name + "-live"), b.id)
    answer = web.upload(tars.tar(files)).json
    other = [x for x in answer["builds"] if x["name"] == buildname][0]["id"]
    ok(other != b.id, "%s: the tar is another build" % name)
    theirs = exported(admin, os.path.join(work, name + "-tar"), other)
    return compare(name, ours, theirs, numbers(b.id), numbers(other), shapes)


def compare(name, ours, theirs, our_numbers, their_numbers, _):
    def of_run(x):
        return {k: v for k, v in x.items() if not k.endswith("build.json")}
    ours, theirs = of_run(ours), of_run(theirs)
    same("%s: the same files" % name, sorted(ours), sorted(theirs))
    same("%s: byte for byte" % name,
         [k for k in ours if ours[k] != theirs.get(k)], [])
    for key, value in our_numbers.items():
        same("%s: the same %s" % (name, key), value, their_numbers[key])


def replay(work, admin):
    replay_one("A1", 1, work, admin)
    replay_one("F1", 2, work, admin)


def bad():
    b = live.begin(document())
    a = b.send([{"seq": 1, "time": NOW, "event": "running", "done": -1}])
    same("a wrong number is refused", (a.status, a.error()), (
        400, "line 1: running: done: number out of range."))


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
    end()
