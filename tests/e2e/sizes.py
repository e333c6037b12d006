"""sizes.py: what builds made and how large it is, against an independent
reading of the same buildhistory.
"""

import io
import os
import sys
import tarfile

sys.path.insert(0, os.path.join(os.environ["BS_SRC"], "tests/lib"))
import buildhistory  # noqa: E402
import recordings  # noqa: E402
import tap  # noqa: E402
import web  # noqa: E402

DATA = os.path.join(os.environ["BS_SRC"], "tests/data")


def tar(files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as t:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            t.addfile(info, io.BytesIO(data))
    return out.getvalue()


def send(files):
    answer = web.upload(tar(files))
    if answer.status not in (200, 201):
        raise SystemExit("upload: %d %s" % (answer.status, answer.error()))
    return answer


def below(prefix, files):
    return {prefix + n: d for n, d in files.items()}


def without_history(recording):
    return {n: d for n, d in recording.items() if "buildhistory/" not in n}


def sizes(build, query=""):
    """Never one that nginx remembers."""
    metrics.n += 1
    return web.get("build/%s/sizes.json?per=all%s&_=%d" % (
        build, query, metrics.n)).json


def metrics(build):
    metrics.n += 1
    return web.get("build/%s.json?%d" % (build, metrics.n)).json["metrics"]


metrics.n = 0


# ---- one build


def of_packages(build, want, what):
    doc = sizes(build)
    got = {p["package"]: p for p in doc["packages"]}
    tap.same(sorted(got), sorted(want), what + ": the packages")
    wrong = [(p, got[p], want[p]["bytes"]) for p in want if
             got[p]["bytes"] != want[p]["bytes"] or
             got[p]["files"] != len(want[p]["files"]) or
             got[p]["recipe"] != want[p]["recipe"] or
             got[p]["arch"] != want[p]["arch"] or
             got[p]["version"] != want[p]["version"]]
    tap.ok(not wrong, what + ": their sizes, versions and numbers of files",
           wrong[:5])
    order = [p["bytes"] for p in doc["packages"]]
    tap.same(order, sorted(order, reverse=True), what + ": largest first")
    tap.same(doc["packages_bytes"], sum(p["bytes"] for p in want.values()),
             what + ": all of them")
    total = metrics(build)["package_size"]
    tap.same(total["sum"], sum(p["bytes"] for p in want.values()),
             what + ": the same as a metric")
    return doc


def of_files(build, want, package):
    doc = sizes(build, "&package=" + package)
    got = {f["path"]: f["bytes"] for f in doc["files"]}
    tap.same(got, want[package]["files"], "the files of " + package)


def of_image(build, history):
    doc = sizes(build)
    tap.same([(i["image"], i["machine"], i["libc"], i["bytes"])
              for i in doc["images"]],
             [("real-image-minimal", "qemux86_64", "glibc", 14336 * 1024)],
             "the image, without free space")
    files = buildhistory.listing(history[buildhistory.IMAGE + "files-in-image.txt"])
    tap.same(doc["images"][0]["files"], len(files), "how many files it has")
    biggest = sorted(((n, p) for p, n in files.items()),
                     key=lambda x: (-x[0], x[1]))[:50]
    tap.same([(f["bytes"], f["path"]) for f in doc["files"]], biggest,
             "the largest of them")
    installed = {p["package"] for p in doc["packages"] if p["installed"]}
    named = {x.split("\t")[2] for x in history[
        buildhistory.IMAGE + "installed-package-sizes.txt"].decode().split("\n")
        if x}
    tap.same(installed, named, "which packages are in it")
    m = metrics(build)
    tap.same(m["image_size"]["sum"], 14336 * 1024, "its size is a metric")
    tap.same(m["image_files"]["sum"], len(files), "its files, too")
    tap.same(m["rootfs_size"]["sum"], 14 << 20,
             "and what du said of the rootfs")


def page(build, says):
    metrics.n += 1
    html = web.get("build/%s/sizes?_=%d" % (build, metrics.n))
    tap.ok(html.status == 200 and says in html.text, "the page says so",
           html.text[:300])
    csv = web.get("build/%s/sizes.csv?_=%d" % (build, metrics.n)).text
    tap.ok(csv.split("\n")[0].startswith("package,recipe"), "as CSV",
           csv[:200])


# ---- joining


def alone(recording, history):
    """A buildhistory by itself goes to the build that its commit names."""
    run = recordings.runs(recording)[0]["name"]
    plain = send(without_history(recording)).json["builds"][0]
    tap.same(sizes(plain["id"])["packages"], [], "a build without sizes")
    text = web.get("build/%d/sizes?x" % plain["id"]).text
    tap.ok("buildhistory" in text and "No sizes are known" in text,
           "says what would fill the page")
    later = dict(history, commit=buildhistory.commit(run))
    joined = send(below("buildhistory/", later)).json["builds"]
    tap.same([b["id"] for b in joined], [plain["id"]],
             "a buildhistory joins the build that its commit names")
    of_packages(plain["id"], buildhistory.packages(history), "joined")
    again = send(without_history(recording)).json["builds"][0]
    tap.same(again["id"], plain["id"], "the build sent again is the same")
    changed = dict(without_history(recording))
    name = next(n for n in changed if n.endswith("/build_stats"))
    changed[name] += b"Uncompressed Rootfs size: 1M\t/x/rootfs\n"
    again = send(changed).json["builds"][0]
    tap.same((again["id"], metrics(plain["id"])["image_size"]["sum"]),
             (plain["id"], 14336 * 1024),
             "what replaces a build leaves its sizes")
    return plain["id"]


def before_its_build(recording, history):
    """And first, it is a build by itself until that comes."""
    files = without_history(recording)
    run = recordings.runs(files)[0]["name"]
    moved = {n.replace(run, "20261124010203"): d for n, d in files.items()}
    stats = next(n for n in moved if n.endswith("/build_stats"))
    moved[stats] = moved[stats].replace(b"Build Started: 1795",
                                        b"Build Started: 1794")
    own = dict(history, commit=buildhistory.commit("20261124010203"))
    # Not every directory is called buildhistory.
    first = send(below("bh/", {n: d for n, d in own.items()
                               if n != "commit"}))
    tap.same((first.status, first.json["builds"][0]["tasks"]), (201, 0),
             "one that names no build becomes one")
    doc = web.get("build/%d.json" % first.json["builds"][0]["id"]).json
    tap.ok(any("Only its buildhistory" in r["text"] for r in doc["repairs"]),
           "which says what it is", doc["repairs"])
    tap.same((doc["build"]["machine"], doc["build"]["image"]),
             ("qemux86-64", "real-image-minimal"), "and of what")
    again = send(below("bh/", {n: d for n, d in own.items()
                               if n != "commit"})).json["builds"][0]
    tap.same(again["id"], first.json["builds"][0]["id"],
             "sent again it is the same")
    named = send(below("buildhistory/", own)).json["builds"][0]
    tap.same((named["name"], named["status"], named["tasks"]),
             ("20261124010203", "succeeded", 0),
             "a commit's build that isn't there yet")
    whole = send(moved).json["builds"][0]
    tap.ok(whole["id"] != named["id"], "the whole build comes")
    of_packages(whole["id"], buildhistory.packages(history), "taken over")
    old = web.get("build/%d.json" % named["id"])
    tap.same(old.json["build"]["id"], whole["id"],
             "the address of what it replaced leads to it")


# ---- comparing


def compare(a, b, before, after):
    doc = web.get("compare.json?build=%d&build=%d" % (a, b)).json["sizes"]
    old, new = buildhistory.packages(before), buildhistory.packages(after)
    want = {}
    for p in set(old) | set(new):
        x = old.get(p, {}).get("bytes")
        y = new.get(p, {}).get("bytes")
        if x is None or y is None or abs(y - x) > 0.01 * x:
            want[p] = ((y or 0) - (x or 0),
                       "new" if x is None else "gone" if y is None else
                       "more" if y > x else "less")
    got = {r["package"]: (r["difference"], r["change"])
           for r in doc["packages"]}
    tap.same(got, want, "what grew by more than one percent")
    order = [abs(r["difference"]) for r in doc["packages"]]
    tap.same(order, sorted(order, reverse=True), "most first")
    rows = {r["package"]: r for r in doc["packages"]}
    tap.same([(f["path"], f["change"], f["difference"])
              for f in rows["lua"]["files"]],
             [("/usr/bin/lua-extra", "new", 100000),
              ("/usr/bin/lua", "more", 23456)], "and which files did it")
    tap.same([f["path"] for f in rows["nano"]["files"]],
             ["/usr/bin/nano", "/usr/share/nano/c.nanorc"],
             "those of a new package")
    image = {i["image"]: i for i in doc["images"]}["real-image-minimal"]
    tap.same((image["before"], image["after"], image["difference"]),
             (14336 * 1024, 14400 * 1024, 64 * 1024), "the image, too")
    files = {f["path"]: f["change"] for f in image["files"]}
    x, y = (buildhistory.listing(h[buildhistory.IMAGE + "files-in-image.txt"])
            for h in (before, after))
    tap.same(files, {p: "new" if p not in x else "gone" if p not in y else
                     "more" if y[p] > x[p] else "less"
                     for p in set(x) | set(y) if x.get(p) != y.get(p)},
             "and its files")
    fine = web.get("compare.json?build=%d&build=%d&size_change=0" % (
        a, b)).json["sizes"]
    tap.ok("lz4" in [r["package"] for r in fine["packages"]] and
           "lz4" not in rows, "the threshold is a parameter")
    coarse = web.get("compare.json?build=%d&build=%d&size_change=90" % (
        a, b)).json["sizes"]
    tap.same(sorted(r["package"] for r in coarse["packages"]),
             sorted(p for p in want if want[p][1] in ("new", "gone") or
                    abs(want[p][0]) > 0.9 * old[p]["bytes"]),
             "new and gone ones are listed whatever it is")
    html = web.get("compare?build=%d&build=%d" % (a, b)).text
    tap.ok("What grew" in html and "/usr/bin/lua-extra" in html,
           "the page shows it")


def elf(recording):
    """Sections of programs, where a client measured them."""
    run = recordings.runs(recording)[0]["name"]
    lines = [["zlib /usr/lib/libz.so.1 .text 50000",
              "zlib /usr/lib/libz.so.1 .data 1000",
              "lua /usr/bin/a b .text 7",
              "# nothing", "broken", "lua x .text y", ""],
             ["zlib /usr/lib/libz.so.1 .text 50400",
              "zlib /usr/lib/libz.so.1 .data 1200",
              "zlib /usr/lib/libz.so.1 .bss 64",
              "lua /usr/bin/a b .text 7"]]
    ids = []
    for i, text in enumerate(lines):
        files = {n.replace(run, "2026112500000%d" % i): d for n, d in
                 without_history(recording).items()}
        name = next(n for n in files if n.endswith("/build_stats"))
        files[name] = files[name].replace(b"Started: 1795352032",
                                          b"Started: 179535204%d" % i)
        at = name[: -len("build_stats")]
        files[at + "elf-sizes"] = "\n".join(text).encode()
        files[at + "metrics"] = (
            b"boot_time 12.5 s\nwidgets %d\nbad line here\n\xff\xfe 1\n"
            b"nan nan\n" % (40 + i))
        ids.append(send(files).json["builds"][0]["id"])
    doc = sizes(ids[0])
    got = {(p["package"], p["path"]): {s["name"]: s["bytes"]
                                       for s in p["section"]}
           for p in doc["programs"]}
    tap.same(got, {("zlib", "/usr/lib/libz.so.1"): {".text": 50000,
                                                    ".data": 1000},
                   ("lua", "/usr/bin/a b"): {".text": 7}},
             "sections of programs")
    repairs = [r["text"] for r in
               web.get("build/%d.json" % ids[0]).json["repairs"]]
    tap.ok(any(r.startswith("2 lines of file lists or elf-sizes")
               for r in repairs), "broken lines are counted", repairs)
    diff = web.get("compare.json?build=%d&build=%d" % tuple(ids)).json
    tap.same([(s["package"], s["path"], s["section"], s["before"], s["after"],
               s["change"]) for s in diff["sizes"]["sections"]],
             [("zlib", "/usr/lib/libz.so.1", ".data", 1000, 1200, "more"),
              ("zlib", "/usr/lib/libz.so.1", ".bss", None, 64, "new")],
             "sections that differ by more than one percent")
    m = metrics(ids[1])
    tap.same((m["boot_time"]["sum"], m["widgets"]["sum"]), (12.5, 41),
             "metrics of a build's own file")
    units = {x["name"]: x["unit"] for x in
             web.get("metrics.json?2").json["metrics"]}
    tap.same((units["boot_time"], units["widgets"]), ("s", ""),
             "with their units")
    tap.ok(any(r.startswith("3 lines of metrics") for r in repairs),
           "bad lines of it are counted", repairs)
    trend = web.get("trend.json?metric=widgets").json
    tap.same(sorted(r["value"] for r in trend["runs"]
                    if r["value"] is not None), [40, 41],
             "and followed over time")


def trends(history):
    doc = web.get("trend.json?metric=image_size&per=all").json
    values = sorted({r["value"] for r in doc["runs"]
                     if r["value"] is not None})
    tap.same(values, [14336 * 1024, 14400 * 1024], "the image over time")
    doc = web.get("package/lua/trend.json?metric=package_size&per=all").json
    want = {n: sum(p["bytes"] for p in buildhistory.packages(h).values()
                   if p["recipe"] == "lua") for n, h in history.items()}
    tap.same(sorted({r["value"] for r in doc["runs"]
                     if r["value"] is not None}), sorted(want.values()),
             "a recipe's packages over time")
    html = web.get("trend?metric=image_size").text
    tap.ok("image_size" in html and "package_size" in html,
           "the picker has them")


# ---- bad input


def bad(recording, history):
    run = recordings.runs(recording)[0]["name"]
    base = {n.replace(run, "20261126000000"): d for n, d in
            without_history(recording).items()}
    name = next(n for n in base if n.endswith("/build_stats"))
    base[name] = base[name].replace(b"Started: 1795352032",
                                    b"Started: 1795352099")
    cases = {
        "binary": {n: bytes(range(256)) * 40 for n in history},
        "empty": {n: b"" for n in history},
        "one endless line": {n: b"x" * 3000000 for n in list(history)[:8]},
        "huge numbers": {n: b"PV = 1\nPR = r0\nPKGSIZE = " + b"9" * 30 +
                         b"\nIMAGESIZE = 99999999999999999999\n"
                         for n in history},
        "long paths": {n: (buildhistory.line("/" + "a" * 5000, 1) + "\n").encode()
                       * 50 for n in list(history)[:20]},
        "a long list": {buildhistory.IMAGE + "files-in-image.txt": b"".join(
            (buildhistory.line("/usr/f%07d" % i, i) + "\n").encode()
            for i in range(120000))},
        "a list that is too long": {buildhistory.IMAGE + "files-in-image.txt":
                                    b"-rwxr-xr-x root root 1 ./x\n" * 800000},
    }
    for i, (what, files) in enumerate(cases.items()):
        mine = {n.replace("20261126000000", "2026112600010%d" % i):
                d.replace(b"1795352099", b"179535210%d" % i)
                if n.endswith("/build_stats") else d for n, d in base.items()}
        answer = web.upload(tar(dict(mine, **below("buildhistory/", files))))
        tap.ok(answer.status in (200, 201), "taken: " + what, answer.text[:200])
        if answer.status in (200, 201):
            page = web.get("build/%d/sizes" % answer.json["builds"][0]["id"])
            tap.same(page.status, 200, "and shown: " + what)
    doc = sizes(answer.json["builds"][0]["id"])
    tap.same(doc["images"], [], "what is too long is left out")
    tap.same(web.get("build/99999/sizes.json").status, 404, "no such build")
    tap.same(web.get("build/1/sizes.json?sort=weight").status, 400,
             "no such order")


def main():
    recording = recordings.unpack(os.path.join(DATA, "A1.tar.zst"))
    second = recordings.unpack(os.path.join(DATA, "A2.tar.zst"))
    own = buildhistory.of(recording)
    a1 = send(recording).json["builds"][0]["id"]
    want = buildhistory.packages(own)
    of_packages(a1, want, "A1")
    of_files(a1, want, "gzip")
    of_files(a1, want, "ncurses-terminfo" if "ncurses-terminfo" in want
             else "lua")
    page(a1, "140 packages of 21 MB in all")
    before = buildhistory.with_image(own)
    bundle = dict(without_history(recording), **below("buildhistory/", before))
    again = send(bundle).json["builds"][0]["id"]
    tap.same(again, a1, "with more of its buildhistory it is the same build")
    of_image(a1, before)
    page(a1, "real-image-minimal takes 15 MB without free space")
    after = buildhistory.with_image(buildhistory.later(own), kib=14400)
    a2 = send(dict(second, **below("buildhistory/", after))
                       ).json["builds"][0]["id"]
    compare(a1, a2, before, after)
    trends({"A1": before, "A2": after})
    elf(recording)
    bad(recording, before)
    moved = {}
    run = recordings.runs(recording)[0]["name"]
    for n, d in recording.items():
        if n.endswith("/build_stats"):
            d = d.replace(b"Started: 1795352032", b"Started: 1795352055")
        moved[n.replace(run, "20261123000000")] = d
    alone(moved, before)
    before_its_build(recording, before)
    tap.end()


main()
