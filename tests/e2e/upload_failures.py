"""upload_failures.py: failures, logs and error reports in bundles.

Run by upload_failures.sh, which says where the server, the database and the
raw bytes are.
"""

import gzip
import hashlib
import json
import os
import subprocess
import sys
import urllib.parse

sys.path.insert(0, os.path.join(os.environ["BS_SRC"], "tests/lib"))
import recordings  # noqa: E402
import tap  # noqa: E402
import tars  # noqa: E402
import web  # noqa: E402

F1 = os.path.join(os.environ["BS_SRC"], "tests/data/F1.tar.zst")
RUN = "20261122140428"
ZLIB = "zlib-1.3.1-r0"


def sql(query):
    return subprocess.run(
        ["psql", "-XAtq", "-d", os.environ["BS_DB"], "-c", query],
        check=True, stdout=subprocess.PIPE).stdout.decode().strip()


def raw_files():
    return sorted(os.listdir(os.environ["BS_RAW"]))


def path_of(url):
    return urllib.parse.urlsplit(url).path


def receipt_of(answer):
    return web.get(path_of(answer.json["receipt"]) + ".json").json


def notes(receipt, what):
    return [n for n in receipt["notes"] if n["what"] == what]


def by_task(build):
    return {(f["recipe"], f["task"]): f for f in build["failures"]}


def text_of(failure):
    return web.get(path_of(failure["url"]) + "/text").body


def failed_run(name, started, logs=(), **more):
    """A run in which zlib's do_compile fails."""
    top = "buildstats/" + name + "/"
    files = tars.run(name, started, host="alder")
    files[top + "build_stats"] = tars.build_stats(
        started, [(ZLIB, "do_compile")], "alder")
    files[top + ZLIB + "/do_compile"] = tars.task(
        started=started + 10, status="FAILED")
    files.update(dict(logs))
    files.update(more.get("files", {}))
    return files


# ---- a recording, whole ----

def the_recording():
    with open(F1, "rb") as f:
        body = f.read()
    files = recordings.unpack(F1)
    answer = web.upload(body, "application/zstd")
    tap.same(answer.status, 201, "F1 is taken")
    builds = answer.json["builds"]
    tap.same([b["name"] for b in builds][:1], [RUN], "its run comes first")
    tap.same(len(builds), 3, "reports of no run are builds of their own")
    tap.same([len(b["failures"]) for b in builds], [8, 1, 1],
             "eight failures, a missing provider and a parse error")
    known = by_task(builds[0])
    for (recipe, task), failure in sorted(known.items()):
        path = path_of(failure["url"])
        tap.ok(path == web.URL.path + "f/" + failure["id"] and
               len(path) <= 20, "a short link: " + path)
        tap.same(text_of(failure),
                 files["logs/%s.%s.log" % (recipe, task)],
                 "%s's log comes back byte for byte" % recipe)
        tap.ok(failure["first_line"] and
               failure["verdict"].startswith("new") and
               failure["known"]["times"] == 0,
               "and says that it is new: " + failure["verdict"],
               json.dumps(failure))
    receipt = receipt_of(answer)
    read = {r["what"]: r["n"] for r in receipt["read"]}
    tap.same((read["task files"], read["logs of failed tasks"],
              read["error reports"], read["build_stats files"]),
             (75, 8, 3, 1), "the receipt counts what was read")
    tap.same(len(receipt["builds"]), 3, "and names the builds")
    tap.ok(any("divided by 100" in n["text"] for n in
               notes(receipt, "repaired")), "and what was repaired")
    tap.same((receipt["bytes"], receipt["sha256"]),
             (len(body), hashlib.sha256(body).hexdigest()),
             "and the upload's bytes")
    name = sql("select raw from receipt order by id desc limit 1")
    with open(os.path.join(os.environ["BS_RAW"], name), "rb") as f:
        tap.ok(f.read() == body, "which are kept as they came")
    again = web.upload(body, "application/zstd")
    tap.same(again.status, 200, "the same again is known")
    tap.same([[f["id"] for f in b["failures"]] for b in again.json["builds"]],
             [[f["id"] for f in b["failures"]] for b in builds],
             "and has the same failures")
    tap.ok(notes(receipt_of(again), "duplicate"), "its receipt says so")
    tap.ok(again.json["receipt"] != answer.json["receipt"],
           "and is another one")


# ---- one after the other ----

def logs_later():
    name, started = "20250301000001", 1740787201.0
    log = b"cc -c zlib.c\nzlib.c:7:3: error: 'foo' undeclared\n"
    first = web.upload(tars.tar(failed_run(name, started)))
    build = first.json["builds"][0]
    tap.same([(f["recipe"], f["task"], f["first_line"]) for f in
              build["failures"]], [("zlib", "do_compile", "")],
             "a failure without a log")
    second = web.upload(tars.tar(failed_run(name, started, {
        "logs/zlib.do_compile.log": log}.items())))
    with_log = second.json["builds"][0]
    tap.same((with_log["id"], [f["id"] for f in with_log["failures"]]),
             (build["id"], [f["id"] for f in build["failures"]]),
             "with its log it is the same failure")
    tap.same(text_of(with_log["failures"][0]), log, "and has the log now")
    third = web.upload(tars.tar(failed_run(name, started)))
    tap.same([f["id"] for f in third.json["builds"][0]["failures"]],
             [f["id"] for f in build["failures"]],
             "without it once more: the same")
    tap.same(text_of(third.json["builds"][0]["failures"][0]), log,
             "and the log stays")


def report(failures, machine="qemuarm"):
    return json.dumps({
        "machine": machine, "distro": "poky", "build_sys": "x86_64-linux",
        "nativelsb": "debian-12", "target_sys": "arm-poky-linux",
        "component": "core-image-minimal:do_build",
        "branch_commit": "master: " + "1" * 40, "bitbake_version": "2.8.0",
        "layer_version": ["meta                 = \"master:%s\"" % ("1" * 40)],
        "local_conf": "MACHINE = \"%s\"\n" % machine, "auto_conf": "",
        "failures": failures}, indent=4, sort_keys=True)


def report_first():
    name, started = "20250302000001", 1740873601.0
    log = "DEBUG: x\nzlib.c:9: error: expected ';' before '}' token\n"
    text = report([{"task": "do_compile", "package": ZLIB, "recipe": "zlib",
                    "log": log}])
    alone = web.request("POST", "/ClientPost/JSON/", text,
                        {"Content-Type": "application/json"})
    tap.same(alone.status, 200, "a report sent alone")
    link = alone.json["failures"][0]["url"]
    whole = web.upload(tars.tar(failed_run(name, started, files={
        "error-report/error_report_%s.txt" % name: text})))
    build = whole.json["builds"][0]
    tap.same([f["url"] for f in build["failures"]], [link],
             "then its build: the same failure")
    tap.same(len(whole.json["builds"]), 1, "and one build")
    page = web.get(path_of(link) + ".json").json
    tap.same(page["failure"]["build"], build["id"],
             "which is that of the failure")
    old = web.get(path_of(alone.json["build_url"]))
    tap.ok(old.status in (200, 301, 302, 303, 307, 308),
           "the address of the first one leads on", old.status)
    tap.same(text_of(build["failures"][0]), log.encode(), "with its log")
    again = web.request("POST", "/ClientPost/JSON/", text,
                        {"Content-Type": "application/json"})
    tap.same([f["url"] for f in again.json["failures"]], [link],
             "the report once more: the same")


def reports_alone():
    text = report([{"task": "do_install", "package": "xz-5.4-r1",
                    "recipe": "xz", "log": "error: no space\n"}], "qemux86")
    name = "error-report/error_report_20250303000001.txt"
    answer = web.upload(tars.tar({name: text}))
    tap.same(answer.status, 201, "a tar with nothing but a report")
    build = answer.json["builds"][0]
    tap.same((build["name"], build["status"], build["tasks"]),
             ("20250303000001", "failed", 0), "is a build")
    tap.same([f["recipe"] for f in build["failures"]], ["xz"],
             "with its failure")
    again = web.upload(tars.tar({name: text, "error-report/error-report.txt":
                                 text}))
    tap.same((again.status, [b["id"] for b in again.json["builds"]]),
             (200, [build["id"]]), "again, with its working copy: the same")
    tap.ok(notes(receipt_of(again), "duplicate"),
           "which the receipt calls so")


# ---- masking ----

def masked():
    log = ("one\nfetching https://joe:hunter2@git.example.org/x\n"
           "Authorization: Bearer abcdefghijklmnopqrstuvwxyz012345\n"
           "error: it failed\n")
    answer = web.upload(tars.tar(failed_run("20250304000001", 1741046401.0, {
        "logs/zlib.do_compile.log": log}.items())))
    failure = answer.json["builds"][0]["failures"][0]
    text = text_of(failure).decode()
    tap.ok("hunter2" not in text and "abcdefghijkl" not in text,
           "credentials are not in the log", text)
    tap.ok(text.startswith("one\nfetching https://") and
           text.endswith("@git.example.org/x\n" + text.split("\n", 2)[2]) and
           text.endswith("error: it failed\n"), "all else is", text)
    receipt = receipt_of(answer)
    said = notes(receipt, "masked")
    tap.same([n["line"] for n in said], [2, 3],
             "the receipt says where")
    tap.ok("hunter2" not in json.dumps(receipt) and
           "abcdefghijkl" not in json.dumps(receipt),
           "and doesn't say what", json.dumps(said))


def odd_lines():
    files = failed_run("20250305000001", 1741132801.0)
    top = "buildstats/20250305000001/"
    files[top + "build_stats"] = "Something: new\n" + files[
        top + "build_stats"]
    files["notes.txt"] = "hello"
    said = notes(receipt_of(web.upload(tars.tar(files))), "ignored")
    tap.ok(any(n["where"].endswith("/build_stats") and n["line"] == 1
               for n in said), "a line that isn't known is named", said)
    tap.ok(any(n["where"] == "notes.txt" for n in said),
           "and a file", said)


# ---- hostile ----

def zstd(data):
    return subprocess.run(["zstd", "-q", "-1", "-c"], input=data, check=True,
                          stdout=subprocess.PIPE).stdout


def hostile():
    line = b"NOTE: recipe: a line as there are many of, with a number %09d\n"
    big = b"".join(line % i for i in range(1500000)) + \
        b"x.c:1:1: error: at last\n"
    answer = web.upload(zstd(tars.tar(failed_run(
        "20250306000001", 1741219201.0, {
            "logs/%s/log.do_compile" % ZLIB: big}.items()))),
        "application/zstd")
    tap.same(answer.status, 201, "a log of %d MB" % (len(big) // 1000000))
    failure = answer.json["builds"][0]["failures"][0]
    tap.same(failure["first_line"], "at last", "whose error is found")
    tap.ok(hashlib.sha256(text_of(failure)).digest() ==
           hashlib.sha256(big).digest(), "and which comes back")
    for what, log in (("NULs", b"\0" * 100000), ("nothing", b""),
                      ("one line", b"e" * 5000000),
                      ("bytes", bytes(range(256)) * 50),
                      ("markup", b"error: <script>alert(1)</script>\n")):
        name = "2025030700%04d" % (len(log) % 9999)
        got = web.upload(tars.tar(failed_run(name, 1741305601.0, {
            "logs/zlib.do_compile.log": log}.items())))
        tap.ok(got.status == 201 and
               text_of(got.json["builds"][0]["failures"][0]) == log,
               "a log of %s comes back" % what, got.text[:300])
    names = {"logs/<b>&\x01.do_compile.log": "x",
             "logs/" + "n" * 200 + ".do_compile.log": "x",
             "logs/.do_x.log": "x", "logs/zlib.do_.log": "x",
             "work/a/b/temp/log.do_x": "x", "temp/log.do_x.1": "x"}
    got = web.upload(tars.tar(failed_run("20250308000001", 1741392001.0,
                                         names.items())))
    tap.same((got.status, len(got.json["builds"][0]["failures"])), (201, 1),
             "logs with odd names")


def noise(n, seed):
    """Letters that no compression makes much smaller."""
    out, block = [], hashlib.sha256(str(seed).encode()).digest()
    for _ in range(n // 64 + 1):
        block = hashlib.sha256(block).digest()
        out.append(block.hex())
    return "\n".join(out)[:n]


def large():
    name, started = "20250310000001", 1741564801.0
    text = report([{"task": "do_compile", "package": ZLIB, "recipe": "zlib",
                    "log": noise(16 << 20, 1) + "\nerror: large\n"}])
    answer = web.upload(zstd(tars.tar(dict({
        "error-report/error_report_%s.txt" % name: text},
        **failed_run(name, started)))), "application/zstd")
    tap.same((answer.status, [f["first_line"] for f in
                              answer.json["builds"][0]["failures"]]),
             (201, ["large"]), "a report of 16 MiB that hardly packs")
    logs = {"logs/r%d.do_compile.log" % i: noise(8192, i)
            for i in range(2500)}
    answer = web.upload(zstd(tars.tar(dict(
        logs, **failed_run("20250311000001", 1741651201.0)))),
        "application/zstd")
    tap.same(answer.status, 201, "2,500 logs of nobody, before their run")
    receipt = receipt_of(answer)
    tap.ok(len(notes(receipt, "ignored")) >= 200 and receipt["dropped"],
           "are passed over, the first said, the rest counted",
           json.dumps(receipt)[:300])


def nothing_stays():
    tables = ("build", "failure", "report", "receipt")
    query = " union all ".join("select '%s', count(*) from %s" % (t, t)
                               for t in tables)
    before, files = sql(query), raw_files()
    good = tars.tar(failed_run("20250309000001", 1741478401.0, {
        "logs/zlib.do_compile.log": "error: x\n" * 1000}.items()))
    packed = gzip.compress(good)
    for what, data in (
            ("a gzip that is cut", packed[:len(packed) // 2]),
            ("a tar that is cut", good[:len(good) // 2]),
            ("an absolute name", tars.tar(dict(failed_run(
                "20250309000001", 1741478401.0), **{
                    "/logs/zlib.do_compile.log": "x"}))),
            ("a wrong build.json", tars.tar(dict(failed_run(
                "20250309000001", 1741478401.0), **{"build.json": "{"}))),
            ("a report that is none", tars.tar({
                "error-report/x.txt": "{\"failures\": 7}"}))):
        answer = web.upload(data)
        tap.same(answer.status, 400, what + " is refused")
    tap.same(sql(query), before, "nothing of them stays")
    tap.same(raw_files(), files, "nor their bytes")


the_recording()
logs_later()
report_first()
reports_alone()
masked()
odd_lines()
hostile()
large()
nothing_stays()
tap.end()
