#!/usr/bin/env python3
"""Derives names.txt and model.txt, what gen_build makes builds from.

names.txt holds the recipes, versions and tasks of a recorded build with
openembedded-core's whole task graph.  model.txt holds how large the numbers of
a task are, fitted per task name to a build that truly compiled: the share of
zeros and a log-normal for the rest, one correlation matrix of all numbers, and
how much of the spread belongs to the recipe (the rest differs from build to
build, as two recordings of the same build show).

    fit_model.py NAMES-RECORDING MODEL-RECORDING AGAIN-RECORDING

each the .tar.zst of tests/data; writes both files beside this script.
"""
import io
import math
import os
import re
import subprocess
import sys
import tarfile
from collections import defaultdict

HERE = os.path.dirname(os.path.abspath(__file__))

# (name in model.txt, key in a task file, step: all values are multiples of it)
VARS = [
    ("elapsed", "Elapsed time", 0.01),
    ("rchar", "IO rchar", 1),
    ("wchar", "IO wchar", 1),
    ("syscr", "IO syscr", 1),
    ("syscw", "IO syscw", 1),
    ("cancelled", "IO cancelled_write_bytes", 4096),
] + [
    (who + key, prefix + "rusage ru_" + key, step)
    for who, prefix in (("r_", ""), ("c_", "Child "))
    for key, step in (
        ("utime", 1e-6), ("stime", 1e-6), ("maxrss", 4), ("minflt", 1),
        ("majflt", 1), ("inblock", 8), ("oublock", 8), ("nvcsw", 1),
        ("nivcsw", 1))
]

# Tasks that the small build never or hardly ran behave like these.
ALIKE = {
    "do_package_qa": "do_package_write_rpm",
    "do_create_package_spdx": "do_create_spdx",
    "do_populate_lic": "do_packagedata",
    "do_write_config": "do_deploy_source_date_epoch",
    "do_configure_ptest_base": "do_deploy_source_date_epoch",
    "do_compile_ptest_base": "do_deploy_source_date_epoch",
    "do_install_ptest_base": "do_deploy_source_date_epoch",
    "do_generate_toolchain_file": "do_deploy_source_date_epoch",
}
FEW = 10  # a task with fewer samples is taken from all tasks together


def members(path):
    """Yields (directory, name, text) of every file below buildstats/."""
    raw = subprocess.run(["zstd", "-dc", path], check=True,
                         stdout=subprocess.PIPE).stdout
    with tarfile.open(fileobj=io.BytesIO(raw)) as tar:
        for m in tar:
            p = m.name.split("/")
            if m.isfile() and len(p) == 4 and p[0] == "buildstats":
                yield p[2], p[3], tar.extractfile(m).read().decode()


def tasks(path):
    """{(PF, task): {key: number}} of a recording."""
    out = {}
    for pf, task, text in members(path):
        if not task.startswith("do_"):
            continue
        kv = re.findall(r"^([A-Za-z][\w ]*): (-?[\d.]+(?:e-?\d+)?)\b", text,
                        re.M)
        out[pf, task] = {k: float(v) for k, v in kv}
    return out


def split_pf(pf):
    nev, rev = pf.rsplit("-", 1)
    m = re.match(r"^(\S+)-((?:\d{1,5}_)?\d\S*)$", nev)
    return (m[1], m[2] + "-" + rev) if m else (nev, rev)


def write_names(path, recorded):
    first = defaultdict(list)
    sets = defaultdict(list)
    for (pf, task), kv in recorded.items():
        first[task].append(kv.get("Started", 0))
        sets[pf].append(task)
    order = defaultdict(float)
    for pf, names in sets.items():
        names.sort(key=lambda t: recorded[pf, t].get("Started", 0))
        for i, t in enumerate(names):
            order[t] += (i + 0.5) / len(names) / len(first[t])
    ranked = sorted(first, key=lambda t: order[t])
    with open(path, "w") as f:
        f.write("# made by fit_model.py; T task, in the order of a recipe;"
                " P recipe version task,task,...\n")
        for t in ranked:
            f.write("T %s\n" % t)
        number = {t: i for i, t in enumerate(ranked)}
        for pf in sorted(sets):
            f.write("P %s %s %s\n" % (*split_pf(pf), ",".join(
                str(i) for i in sorted(number[t] for t in sets[pf]))))


def moments(values):
    """Share of zeros; mean and deviation of the logarithm of the others."""
    logs = [math.log(v) for v in values if v > 0]
    p0 = 1 - len(logs) / len(values)
    if not logs:
        return 1.0, 0.0, 0.0
    mu = sum(logs) / len(logs)
    var = sum((x - mu) ** 2 for x in logs) / max(1, len(logs) - 1)
    return p0, mu, math.sqrt(var)


def normal_quantile(p):
    lo, hi = -8.0, 8.0
    for _ in range(60):
        mid = (lo + hi) / 2
        if 0.5 * (1 + math.erf(mid / math.sqrt(2))) < p:
            lo = mid
        else:
            hi = mid
    return (lo + hi) / 2


def scores(rows):
    """Normal scores of each variable within each task name."""
    by_task = defaultdict(list)
    for key in rows:
        by_task[key[1]].append(key)
    z = {key: [0.0] * len(VARS) for key in rows}
    for keys in by_task.values():
        if len(keys) < FEW:
            continue
        for v in range(len(VARS)):
            vals = sorted((rows[k][v], k) for k in keys)
            i = 0
            while i < len(vals):  # ties share their mean rank
                j = i
                while j < len(vals) and vals[j][0] == vals[i][0]:
                    j += 1
                score = normal_quantile((i + j) / 2 / len(vals))
                for k in range(i, j):
                    z[vals[k][1]][v] = score
                i = j
    return {k: s for k, s in z.items() if len(by_task[k[1]]) >= FEW}


def correlation(z):
    n = len(VARS)
    keys = list(z)
    s = [[sum(z[k][a] * z[k][b] for k in keys) for b in range(n)]
         for a in range(n)]
    c = [[0.0] * n for _ in range(n)]
    for a in range(n):
        for b in range(n):
            norm = math.sqrt(s[a][a] * s[b][b])
            # Shrunk a little, so that it is positive definite.
            c[a][b] = 1.0 if a == b else 0.97 * s[a][b] / norm if norm else 0
    return c


def cholesky(c):
    n = len(c)
    low = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(i + 1):
            x = c[i][j] - sum(low[i][k] * low[j][k] for k in range(j))
            low[i][j] = math.sqrt(max(x, 1e-6)) if i == j else x / low[j][j]
    return low


def recipe_share(za, zb):
    """Correlation of the same task's scores in two builds."""
    keys = [k for k in za if k in zb]
    ab = sum(x * y for k in keys for x, y in zip(za[k], zb[k]))
    aa = sum(x * x for k in keys for x in za[k])
    bb = sum(x * x for k in keys for x in zb[k])
    return ab / math.sqrt(aa * bb)


def write_model(path, recorded, again):
    def table(rec):
        return {k: [kv.get(v[1], 0.0) for v in VARS] for k, kv in rec.items()
                if "Elapsed time" in kv}
    rows, rows2 = table(recorded), table(again)
    z = scores(rows)
    by_task = defaultdict(list)
    for (_, task), vals in rows.items():
        by_task[task].append(vals)
        by_task["*"].append(vals)
    same = sum(r[VARI["r_maxrss"]] == r[VARI["c_maxrss"]]
               for r in by_task["*"]) / len(by_task["*"])
    with open(path, "w") as f:
        f.write("# made by fit_model.py; V number step; M task, then per"
                " number: share of zeros, mean and\n# deviation of the"
                " logarithm; C Cholesky factor; R recipe's share of the"
                " spread; S share of\n# equal maxrss; A task that behaves"
                " like another\n")
        for name, _, step in VARS:
            f.write("V %s %g\n" % (name, step))
        for task in sorted(by_task):
            if len(by_task[task]) >= FEW:
                f.write("M %s %s\n" % (task, " ".join(
                    "%.3g,%.4g,%.3g" % moments([r[v] for r in by_task[task]])
                    for v in range(len(VARS)))))
        for i, line in enumerate(cholesky(correlation(z))):
            f.write("C %s\n" % " ".join("%.4f" % x for x in line[:i + 1]))
        f.write("R %.3f\nS %.3f\n" % (recipe_share(z, scores(rows2)), same))
        for a, b in sorted(ALIKE.items()):
            f.write("A %s %s\n" % (a, b))


VARI = {v[0]: i for i, v in enumerate(VARS)}


def main():
    if len(sys.argv) != 4:
        sys.exit("usage: fit_model.py NAMES MODEL AGAIN")
    write_names(os.path.join(HERE, "names.txt"), tasks(sys.argv[1]))
    write_model(os.path.join(HERE, "model.txt"), tasks(sys.argv[2]),
                tasks(sys.argv[3]))


if __name__ == "__main__":
    main()
