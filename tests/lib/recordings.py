"""recordings.py: reads buildstats directories, independently of the product.

Plain and slow on purpose: what the tests compare the pages with.
"""

import io
import json
import os
import re
import subprocess
import tarfile

PF = re.compile(r"^(\S+)-(?:(\d{1,5})_)?(\d\S*)$")
PF_FALLBACK = re.compile(r"^(\S+)-(?:(\d{1,5})_)?([^-]+)$")


def unpack(path):
    """{name: bytes} of a .tar.zst."""
    plain = subprocess.run(["zstd", "-dc", path], check=True,
                           stdout=subprocess.PIPE).stdout
    files = {}
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        for member in tar:
            if member.isfile():
                name = member.name[2:] if member.name.startswith("./") \
                    else member.name
                files[name] = tar.extractfile(member).read()
    return files


def split_pf(pf):
    """(recipe, version) of PF; version as PF has it: [epoch_]PV-PR."""
    nev, rev = pf.rsplit("-", 1)
    m = PF.match(nev) or PF_FALLBACK.match(nev)
    if not m:
        return pf, ""
    version = m.group(3) + "-" + rev
    if m.group(2) is not None:
        version = m.group(2) + "_" + version
    return m.group(1), version


def metric_name(key):
    """rusage ru_utime -> rusage.ru_utime, as interface and pages name it."""
    return re.sub(r"\s+", "_", re.sub(r"\s+(?=\S+$)", ".", key)).lower()


def read_block(lines):
    task = {"metrics": {}, "status": None, "started": None, "ended": None,
            "elapsed": None}
    for line in lines:
        key, sep, value = line.partition(":")
        value = value.strip()
        if not sep:
            continue
        if key == "Started":
            task["started"] = float(value)
        elif key == "Ended":
            task["ended"] = float(value)
        elif key == "Elapsed time":
            task["elapsed"] = float(value.split()[0])
        elif key == "Status":
            task["status"] = value
        elif key != "Event" and re.match(r"^[-+0-9.e]+$", value):
            task["metrics"][metric_name(key)] = float(value)
    return task


def read_tasks(files, run):
    """All task blocks of the run in directory `run`."""
    tasks = []
    for name in sorted(files):
        if not name.startswith(run + "/"):
            continue
        parts = name[len(run) + 1:].split("/")
        if len(parts) != 2 or parts[0] == "reduced_proc_pressure":
            continue
        blocks, block = [], []
        for line in files[name].decode().split("\n"):
            if line.startswith("Event: TaskStarted") and block:
                blocks.append(block)
                block = []
            if line.strip():
                block.append(line)
        if block:
            blocks.append(block)
        for block in blocks:
            task = read_block(block)
            task["pf"], task["task"] = parts
            task["recipe"], task["version"] = split_pf(parts[0])
            tasks.append(task)
    return tasks


def read_build_stats(text):
    out = {"failed": []}
    for line in text.decode().split("\n"):
        key, sep, value = line.partition(":")
        if key == "Build Started":
            out["started"] = float(value)
        elif key == "Elapsed time":
            out["elapsed"] = float(value.split()[0])
        elif key == "Failed at":
            m = re.match(r"\s*(\S+) at task: (\S+)", value)
            out["failed"].append((m.group(1), m.group(2)))
    return out


def runs(files):
    """[{name, directory, build_stats, tasks}]"""
    found = []
    for name in sorted(files):
        if name.endswith("/build_stats"):
            run = name[: -len("/build_stats")]
            found.append({
                "name": run.rsplit("/", 1)[-1], "directory": run,
                "build_stats": read_build_stats(files[name]),
                "tasks": read_tasks(files, run)})
    return found


def load(name):
    """The runs of a recording in tests/data."""
    top = os.environ.get("BS_SRC") or os.path.join(
        os.path.dirname(os.path.abspath(__file__)), "..", "..")
    return runs(unpack(os.path.join(top, "tests/data", name + ".tar.zst")))


if __name__ == "__main__":
    for recording in ("A1", "A2", "F1", "B1"):
        for run in load(recording):
            print(json.dumps({
                "recording": recording, "name": run["name"],
                "tasks": len(run["tasks"]),
                "failed": len([t for t in run["tasks"]
                               if t["status"] == "FAILED"]),
                "recipes": len({t["recipe"] for t in run["tasks"]}),
                "build_stats": run["build_stats"]}))
