"""live.py: reports builds as a client does while they run (docs/protocol.md),
written apart from the product."""

import base64
import gzip
import hashlib
import json
import random
import re
import subprocess

import web

NUMBER = re.compile(r"^(\s*)(-?\d+(?:\.\d+)?(?:e-\d+)?)(?=\s|$)")

def zstd(data):
    return subprocess.run(["zstd", "-qc"], input=data, check=True,
                          stdout=subprocess.PIPE).stdout


def encode_number(text):
    """(form, value) that give this text back, or None."""
    if re.match(r"^(0|-?[1-9]\d*)$", text) and len(text) < 18:
        return 0, int(text)
    if re.match(r"^(0|[1-9]\d*)\.\d\d$", text) and len(text) < 16:
        return 1, int(text.replace(".", ""))
    us = round(float(text) * 1e6)
    if us >= 0 and repr(us // 1000000 + us % 1000000 * 1e-6) == text:
        return 2, us
    return None


def shape_of(block, pf, task):
    """(text, [(form, value)]) of a block."""
    out, values = [], []
    for line in block.split("\n"):
        if line == "%s: %s" % (pf, task):
            out.append("\x02")
            continue
        key, colon, rest = line.partition(":")
        m = NUMBER.match(rest) if colon else None
        number = encode_number(m.group(2)) if m else None
        if number is None:
            out.append(line)
            continue
        values.append(number)
        out.append(key + colon + m.group(1) + "\x01" + rest[m.end():])
    return "\n".join(out), values


def split_blocks(text):
    parts = re.split(r"(?m)^(?=Event: TaskStarted)", text)
    return [p for p in parts if p]


def tasks_event(blocks, known=None):
    """The event of blocks, each (PF, task, text); with `known`, a set, shapes
    that are in it are referred to."""
    packages, names, shapes, tasks = [], [], [], []
    columns = {}

    def number(of, x):
        if x not in of:
            of.append(x)
        return of.index(x)

    for pf, task, text in blocks:
        shape, values = shape_of(text, pf, task)
        key = (shape, tuple(f for f, _ in values))
        if key not in columns:
            shapes.append(key)
            columns[key] = [[] for _ in values]
        for column, (_, v) in zip(columns[key], values):
            column.append(v)
        tasks.append((number(packages, pf), number(names, task),
                      shapes.index(key)))
    coding, numbers = [], []
    for key in shapes:
        for form, column in zip(key[1], columns[key]):
            coding.append("%dd" % form)
            numbers.append([v - w for v, w in zip(column, [0] + column)])
    texts = []
    for text, _ in shapes:
        sha = hashlib.sha256(text.encode()).hexdigest()[:16]
        texts.append("#" + sha if known is not None and sha in known else text)
    return {"event": "tasks", "packages": packages, "names": names,
            "shapes": texts, "package": [t[0] for t in tasks],
            "name": [t[1] for t in tasks], "shape": [t[2] for t in tasks],
            "coding": coding, "columns": numbers}


def file_events(path, data, beside=False, size=20000):
    """A file in pieces."""
    out = []
    for at in range(0, max(len(data), 1), size):
        piece = data[at:at + size]
        e = {"event": "file", "path": path, "offset": at}
        if beside:
            e["beside"] = True
        try:
            e["text"] = piece.decode("utf-8")
        except UnicodeDecodeError:
            e["base64"] = base64.b64encode(piece).decode()
        out.append(e)
    return out


class Build:
    def __init__(self, answer):
        self.status = answer.status
        self.answer = answer.json
        self.id = self.answer.get("id")
        self.token = self.answer.get("token")
        self.seq = 0

    def number(self, events, time):
        """Gives events a number and a time, where they have none."""
        for e in events:
            self.seq += 1
            e.setdefault("seq", self.seq)
            e.setdefault("time", time)
        return events

    def send(self, events, coding=None, token=None):
        body = b"".join(json.dumps(e).encode() + b"\n" for e in events)
        return self.send_bytes(body, coding, token)

    def send_bytes(self, body, coding=None, token=None):
        headers = {"Authorization": "Bearer " + (token or self.token or "")}
        if coding == "gzip":
            body = gzip.compress(body)
        if coding == "zstd":
            body = zstd(body)
        if coding:
            headers["Content-Encoding"] = coding
        return web.request("POST", "api/v1/builds/%s/events" % self.id, body,
                           headers)


def begin(document, headers=None):
    return Build(web.request("POST", "api/v1/builds",
                             json.dumps(document).encode(), headers))


def recording_events(files, run, known=None, batch=40):
    """All events of a recording, files as {name: bytes}."""
    blocks, events = [], []
    for name in sorted(files):
        if not name.startswith(run + "/"):
            events += file_events(name, files[name], beside=True)
            continue
        parts = name[len(run) + 1:].split("/")
        if len(parts) == 2 and parts[0] != "reduced_proc_pressure":
            for block in split_blocks(files[name].decode()):
                blocks.append((parts[0], parts[1], block))
        else:
            events += file_events("/".join(parts), files[name])
    for at in range(0, len(blocks), batch):
        events.append(tasks_event(blocks[at:at + batch], known))
    return events


def shuffled(events, seed, most=12):
    """Requests of a few events each, in any order, some of them again."""
    r = random.Random(seed)
    events = list(events)
    r.shuffle(events)
    requests = []
    while events:
        n = r.randint(1, most)
        requests.append(events[:n])
        events = events[n:]
        if r.random() < 0.3:
            requests.append(r.choice(requests))
    return requests


# ---- a build with a history, for the page of a running one

RECIPES = ["zlib", "xz", "bash", "gcc"]


def history(started, seconds, builder="builder-a"):
    """The tar of a build whose four recipes were compiled one after the
    other, each as long as `seconds` says."""
    import tars
    name = "%d" % started
    top = "buildstats/%s/" % name
    files = {"build.json": json.dumps({
        "builder": builder, "machine": "qemuarm", "mode": "clean",
        "image": "core-image-live", "targets": ["core-image-live"]})}
    at = started + 10
    for recipe, n in zip(RECIPES, seconds):
        pf = recipe + "-1.0-r0"
        text = tars.TASK % (at, pf, "do_compile", "PASSED", at + n)
        files[top + pf + "/do_compile"] = text.replace(
            "Elapsed time: 2.50", "Elapsed time: %.2f" % n)
        at += n
    files[top + "build_stats"] = (
        "Host Info: Linux %s 6.1.0 #1 SMP x86_64 \nBuild Started: %.2f \n"
        "Elapsed time: %.2f seconds \nCPU usage: 87.3%% \n"
        % (builder, started, at - started + 10))
    return tars.tar(files)


def running(now, key):
    """A build like those of history: two of four recipes done in 310 s, the
    third has run for 400 s, the fourth for 20."""
    import uuid
    b = begin({"uuid": str(uuid.UUID(key[:32])), "key": key, "mode": "clean",
               "machine": "qemuarm", "image": "core-image-live",
               "builder": "builder-a", "started": now - 710,
               "targets": ["core-image-live"]})
    tasks = [("zlib", now - 700, 100, "passed"),
             ("xz", now - 600, 200, "passed")]
    events = [{"event": "recipe", "recipe": r, "version": "1.0-r0",
               "tasks": [{"task": "do_compile", "started": t, "elapsed": n,
                          "status": s}]} for r, t, n, s in tasks]
    events.append({
        "event": "running", "done": 2, "total": 5, "setscene_done": 1,
        "setscene_total": 3,
        "running": [["bash-1.0-r0", "do_compile", now - 400],
                    ["gcc-1.0-r0", "do_compile", now - 20]]})
    events.append({"event": "qa", "recipe": "zlib", "version": "1.0-r0",
                   "task": "do_package_qa", "class": "already-stripped",
                   "level": "warning", "message": "it was stripped"})
    events.append({
        "event": "failure", "recipe": "perl", "version": "5.0-r0",
        "task": "do_compile", "log": "make: all\nperl.c:3: error: no such "
        "thing as 'sv'\nmake: *** [all] Error 1\n"})
    b.answered = b.send(b.number(events, now))
    return b
