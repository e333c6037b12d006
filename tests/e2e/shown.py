"""shown.py SHOWN DIR [verbose]: does a --dry-run list all files of DIR, with
their sizes, and print the texts that it should, as they are?"""

import os
import sys


def is_printed(name, verbose):
    base = name.rsplit("/", 1)[-1]
    return base in ("build.json", "event-log.json") or (verbose and (
        name.startswith(("logs/", "error-report/")) or name == "console.log"
        or base.startswith("host_stats")))


def printable(raw):
    """What utf8_scrub does, roughly: enough for these texts."""
    text = raw.decode("utf-8", "replace")
    return "".join(c if c in "\t" or c >= " " and c != "\x7f" else "\ufffd"
                   for c in text)


def main(shown, top, verbose=False):
    files = {}
    for folder, _, names in os.walk(top):
        for n in names:
            path = os.path.join(folder, n)
            files[os.path.relpath(path, top)] = path
    listed = {}
    at = None
    with open(shown, encoding="utf-8") as f:
        for line in f.read().split("\n"):
            if line.startswith("  file "):
                name, size = line[7:].rsplit(", ", 1)
                at = listed[name] = [int(size.split(" ")[0])]
            elif line.startswith("    ") and at is not None:
                at.append(line[4:])
            else:
                at = None
    assert listed.keys() == files.keys(), listed.keys() ^ files.keys()
    for name, path in files.items():
        with open(path, "rb") as f:
            raw = f.read()
        size, *lines = listed[name]
        assert size == len(raw), (name, size, len(raw))
        want = []
        if is_printed(name, verbose):
            want = [printable(x) for x in raw.split(b"\n")]
            if want[-1] == "":
                want.pop()
        assert lines == want, (name, [p for p in zip(lines, want)
                                      if p[0] != p[1]][:1])


main(sys.argv[1], sys.argv[2], len(sys.argv) > 3)
