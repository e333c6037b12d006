#!/usr/bin/env python3
"""How hard generated numbers are to compress, beside recorded ones.

    entropy.py RECORDING.tar.zst GENERATED.tar

Packs every number of the tasks of both, column by column in the order of
recipe and task, by the same simple method (a variable-length integer each,
then deflate), for as many tasks as the smaller one has, and prints bytes per
task for each number and in sum.
"""
import re
import subprocess
import sys
import tarfile
import zlib
import io
from collections import defaultdict

LINE = re.compile(r"^([A-Z][\w ]*|rusage \w+|c?[us]time): (-?[\d.e-]+)(?: |$)", re.M)


def read(path):
    """{(PF, task): {key: integer}}; times in steps of what is printed."""
    if path.endswith(".zst"):
        raw = subprocess.run(["zstd", "-dc", path], check=True,
                             stdout=subprocess.PIPE).stdout
    else:
        with open(path, "rb") as f:
            raw = f.read()
    out = {}
    with tarfile.open(fileobj=io.BytesIO(raw)) as tar:
        for m in tar:
            p = m.name.split("/")
            if m.isfile() and p[-1].startswith("do_") and "buildstats" in p:
                text = tar.extractfile(m).read().decode()
                out[p[-2], p[-1]] = {
                    k: number(k, v) for k, v in LINE.findall(text)}
    return out


def number(key, text):
    if key.endswith(("ru_utime", "ru_stime")):
        return round(float(text) * 1e6)
    return round(float(text) * 100) if "." in text else int(text)


def varint(v):
    v = (v << 1) ^ (v >> 63)
    out = bytearray()
    while v >= 128:
        out.append(v & 127 | 128)
        v >>= 7
    out.append(v)
    return bytes(out)


def packed(rows):
    cols = defaultdict(list)
    start = min(r["Started"] for r in rows)
    for r in rows:
        for k, v in r.items():
            if k == "Ended":
                v -= r["Started"] + r.get("Elapsed time", 0)
            cols[k].append(v - start if k == "Started" else v)
    return {k: len(zlib.compress(b"".join(map(varint, c)), 9)) / len(rows)
            for k, c in cols.items()}


def compare(recorded, generated):
    """Bytes a task of each number, of both, and of how many tasks."""
    both = [[t[k] for k in sorted(t)] for t in map(read, (recorded, generated))]
    n = min(map(len, both))
    return packed(both[0][:n]), packed(both[1][:n]), n


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: entropy.py RECORDING.tar.zst GENERATED.tar")
    a, b, n = compare(*sys.argv[1:])
    print("%-28s %9s %9s  bytes per task, %d tasks" %
          ("number", "recorded", "generated", n))
    for k in a:
        print("%-28s %9.2f %9.2f" % (k, a[k], b.get(k, 0)))
    print("%-28s %9.2f %9.2f" % ("sum", sum(a.values()), sum(b.values())))


if __name__ == "__main__":
    main()
