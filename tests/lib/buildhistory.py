"""buildhistory.py: a second reading of buildhistory, and some more of it: an
image of the recorded packages, and what a later build would have changed.
"""

import re

IMAGE = "images/qemux86_64/glibc/real-image-minimal/"
LINE = re.compile(r"^(?P<mode>[-dlcbps][-rwxsStT]{9}) (?P<middle>.*?) "
                  r"(?P<path>\./.*)$")


def pairs(data):
    out = {}
    for line in data.decode("utf-8", "replace").split("\n"):
        key, sep, value = line.partition("=")
        if sep:
            out[key.strip()] = value.strip()
    return out


def listing(data):
    """{path: size}, without directories."""
    out = {}
    for line in data.decode("utf-8", "replace").split("\n"):
        m = LINE.match(line)
        if not m or m["mode"][0] == "d":
            continue
        words = m["middle"].split()
        path = m["path"][1:]
        if m["mode"][0] == "l":
            path = path.partition(" -> ")[0]
        out[path] = int(words[2]) if len(words) == 3 else 0
    return out


def version(d):
    epoch = d.get("PKGE") or d.get("PE") or ""
    return "%s%s-%s" % (epoch + "_" if epoch else "",
                        d.get("PKGV", d.get("PV")), d.get("PKGR", d.get("PR")))


def packages(files):
    """{package: {recipe, arch, version, bytes, files}} of {name: bytes}."""
    out = {}
    for name, data in files.items():
        m = re.search(r"(?:^|/)packages/([^/]+)/([^/]+)/([^/]+)/latest$", name)
        if not m:
            continue
        d = pairs(data)
        one = out.setdefault(m[3], {"files": {}})
        one.update(arch=m[1], recipe=m[2], version=version(d),
                   bytes=int(d["PKGSIZE"]))
        lists = name[: -len("latest")] + "files-in-package.txt"
        if lists in files:
            one["files"] = listing(files[lists])
    return out


def of(recording):
    """The buildhistory of a recording, {name below it: bytes}."""
    mark = "buildhistory/"
    return {n[n.index(mark) + len(mark):]: d for n, d in recording.items()
            if mark in n}


def line(path, size, mode="-rwxr-xr-x", target=None):
    if size is None:
        middle = "%-10s %-10s" % ("root", "root")
    else:
        middle = "%-10s %-10s %10d" % ("root", "root", size)
    return "%s %s .%s%s" % (mode, middle, path,
                            " -> " + target if target else "")


def with_image(history, skip=(), kib=14336):
    """An image of the packages that are called as their recipes."""
    all_ = packages(history)
    chosen = sorted(p for p in all_ if p == all_[p]["recipe"] and
                    p not in skip)
    lines = [line("/dev", 4096, "drwxr-xr-x"),
             line("/dev/console", None, "crw-------"),
             line("/bin", 7, "lrwxrwxrwx", "usr/bin"),
             line("/etc/with blanks -> in it", 12, "-rw-r--r--")]
    sizes, info = [], []
    for p in chosen:
        lines += [line(f, n) for f, n in sorted(all_[p]["files"].items())]
        n = round(all_[p]["bytes"] / 1024)
        sizes.append((n, p))
        info.append("%s %s %s %s %d" % (p, p, all_[p]["recipe"],
                                        all_[p]["version"].split("-")[0], n))
    out = dict(history)
    out[IMAGE + "image-info.txt"] = (
        "DISTRO = nodistro\nIMAGE_INSTALL = %s\nIMAGESIZE = %d\n" % (
            " ".join(chosen), kib)).encode()
    out[IMAGE + "build-id.txt"] = (
        b"qemux86-64: real-image-minimal configured for nodistro nodistro.0\n"
        b"\nBuild Configuration:\nMACHINE = \"qemux86-64\"\n")
    out[IMAGE + "files-in-image.txt"] = ("\n".join(lines) + "\n").encode()
    out[IMAGE + "installed-package-sizes.txt"] = "".join(
        "%d\tKiB\t%s\n" % s for s in sorted(sizes, reverse=True)).encode()
    out[IMAGE + "installed-package-info.txt"] = (
        "\n".join(info) + "\n").encode()
    out["metadata-revs"] = b"meta              = master:0123456789abcdef\n"
    return out


def later(history):
    """The same some commits on: lua grew by a file and a larger one, lz4 is
    smaller by little, tree is gone, nano is new."""
    out = {}
    for name, data in history.items():
        if "/tree/tree/" in name:
            continue
        if name.endswith("/lua/lua/latest"):
            size = int(pairs(data)["PKGSIZE"])
            data = data.replace(b"PKGSIZE = %d" % size,
                                b"PKGSIZE = %d" % (size + 123456))
        elif name.endswith("/lua/lua/files-in-package.txt"):
            data += line("/usr/bin/lua-extra", 100000).encode() + b"\n"
            data = re.sub(rb" (\d+) (\./usr/bin/lua)\n", lambda m: (
                b" %d %s\n" % (int(m[1]) + 23456, m[2])), data)
        elif name.endswith("/lz4/lz4/latest"):
            size = int(pairs(data)["PKGSIZE"])
            data = data.replace(b"PKGSIZE = %d" % size,
                                b"PKGSIZE = %d" % (size - 1000))
        out[name] = data
    arch = next(n for n in history if "/lua/lua/latest" in n).split("/")[1]
    out["packages/%s/nano/nano/latest" % arch] = \
        b"PV = 7.2\nPR = r0\nPKGV = 7.2\nPKGSIZE = 250000\n"
    out["packages/%s/nano/nano/files-in-package.txt" % arch] = (
        line("/usr/bin/nano", 240000) + "\n" +
        line("/usr/share/nano/c.nanorc", 10000) + "\n").encode()
    return out


def commit(name, machine="qemux86-64", host="vm", time=1795353100,
           result="succeeded"):
    return ("tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n"
            "author buildhistory <buildhistory@nodistro> %d +0000\n"
            "committer buildhistory <buildhistory@nodistro> %d +0000\n\n"
            "Build %s of nodistro nodistro.0 for machine %s on %s\n\n"
            "cmd: bitbake real-image-minimal\n\nresult: %s\n\n"
            "metadata revisions:\nmeta = master:0123\n" % (
                time, time, name, machine, host, result)).encode()
