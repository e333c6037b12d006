#!/usr/bin/env python3
"""Writes a tar of two builds with their buildhistory: sizes.py RECORDING."""
import io
import os
import sys
import tarfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lib"))
import buildhistory  # noqa: E402
import recordings  # noqa: E402


def add(tar, files, run, number, history):
    name = "2026112900000%d" % number
    elf = "".join("%s /usr/lib/lib%s.so.1 %s %d\n" % (p, p, s, n * number)
                  for p in ("zlib", "lz4", "popt")
                  for s, n in ((".text", 51234), (".data", 1000), (".bss", 64)))
    out = {"b%d/%s" % (number, n.replace(run, name)): d
           for n, d in files.items() if "buildhistory/" not in n}
    stats = next(n for n in out if n.endswith("/build_stats"))
    out[stats] = out[stats].replace(b"Started: 1795352032",
                                    b"Started: 179535%d000" % (3 + number))
    out[stats[: -len("build_stats")] + "elf-sizes"] = elf.encode()
    out[stats[: -len("build_stats")] + "metrics"] = \
        b"boot_time %d.5 s\n" % (11 + number)
    out.update({"b%d/buildhistory/%s" % (number, n): d
                for n, d in history.items()})
    for n, d in out.items():
        info = tarfile.TarInfo(n)
        info.size = len(d)
        tar.addfile(info, io.BytesIO(d))


def main():
    files = recordings.unpack(sys.argv[1])
    run = recordings.runs(files)[0]["name"]
    own = buildhistory.of(files)
    with tarfile.open(fileobj=sys.stdout.buffer, mode="w|") as tar:
        add(tar, files, run, 1, buildhistory.with_image(own))
        add(tar, files, run, 2, buildhistory.with_image(
            buildhistory.later(own), kib=14400))


main()
