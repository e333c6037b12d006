"""results.py: testresults.json in bundles and by itself: kept whole, counted
as a second reading counts, compared with the run before, and shown."""

import base64
import csv as csv_module
import gzip
import io
import json
import os
import sys
import urllib.parse
import zlib

sys.path.insert(0, os.path.join(os.environ["BS_SRC"], "tests/lib"))
import tap  # noqa: E402
import tars  # noqa: E402
import testresults as tr  # noqa: E402
import web  # noqa: E402

JSON = "application/json"
RUNTIME = "runtime_core-image-minimal_qemux86-64_20261122141500"
ENVIRONMENT = {"machine": "qemux86-64", "distro": "poky",
               "targets": ["core-image-minimal"],
               "layers": [{"name": "meta", "branch": "master",
                           "commit": "35a2c6ed7987763dadbe45ad"}]}


def fresh(path):
    """Without the micro-cache."""
    return web.get(path, Cookie="test=1")


def bundle(started, document, path="log/oeqa/testresults.json", **more):
    name = "2026112214%02d00" % (started % 60)
    files = tars.run(name, 1795356000.0 + 60 * started)
    files = {"build.json": json.dumps(dict(ENVIRONMENT, **more)),
             path: document, **files}
    return tars.tar(files)


def send(started, document, **more):
    a = web.upload(bundle(started, document, **more))
    if a.status not in (200, 201):
        tap.ok(False, "a bundle with results is taken", a.text)
        return {"id": 0}
    return a.json["builds"][0]


def results(build, query=""):
    return fresh("build/%d/results.json?%s" % (build, query)).json


def check_counts(build, document, what):
    shown = {r["id"]: {k: r[k] for k in ("passed", "failed", "skipped",
                                         "expected", "blocked", "other")}
             for r in results(build)["runs"]}
    tap.same(shown, tr.count(document), what)


def whole(build, run, document, what):
    got = fresh("build/%d/results/file?run=%s" % (
        build, urllib.parse.quote(run)))
    tap.ok(got.status == 200 and got.body == document.encode(), what,
           got.status, got.text[:200])


# ---- one of everything ----

def everything(shift=0, start="20261122141500"):
    """All statuses of all ages, special keys, suites with points in their
    names, every form of a log."""
    result = {"ping.PingTest.test_ping": tr.case("PASSED", duration=0.25),
              "ssh.SSHTest.test_ssh": tr.failed("ssh.SSHTest.test_ssh"),
              "parselogs.ParseLogsTest.test_parselogs":
                  tr.case("ERROR", log=tr.compressed(
                      "a <b>log</b> with \x1b[31mcolours\x1b[0m\n" * 2000 +
                      "Exception: parselogs found 3 errors\n")),
              "date.DateTest.test_date": tr.case("SKIPPED", log="no date"),
              "x.Y.expected": tr.case("EXPECTEDFAIL"),
              "x.Y.blocked": tr.case("BLOCKED"),
              "x.Y.odd": tr.case("WEIRD"),
              "x.Y.oetags": tr.case("PASSED", oetags=["a", "b"],
                                    stdout="out\n", stderr="err\n"),
              "reproducible": {"files": {"deb": {"same": ["a", "b"]}}},
              "reproducible.rawlogs": {"log": "raw\n"}}
    for n, word in enumerate(sorted(tr.PASSED | tr.FAILED | tr.SKIPPED)):
        result["gcc.Suite.word_%d" % n] = tr.case(word)
    result["ptestresult.rawlogs"] = {"log": tr.compressed("BEGIN\n" * 1000)}
    result["ptestresult.sections"] = {
        "glib-2.0": {"duration": "73", "log": tr.compressed("glib log\n")},
        "glib": {"duration": 5, "log": "glib without point\n"},
        "bash": {"duration": "12", "exitcode": "1", "log": "bash log\n"},
        "stuck": {"timeout": True, "duration": "300"}}
    for suite, n in (("glib-2.0", 30), ("glib", 3), ("bash", 20)):
        for i in range(n):
            bad = (i + shift) % 11 == 0
            result["ptestresult.%s.test/%d.%s" % (suite, i, suite)] = tr.case(
                "FAILED" if bad else "PASSED")
    result["ptestresult.unknown.section"] = tr.case("PASSED")
    result["ltpresult.sections"] = {"math": {"duration": 1}}
    result["ltpresult.math.abs01"] = tr.case("PASSED")
    return result


def document(shift=0, start="20261122141500", **more):
    rid = "runtime_core-image-minimal_qemux86-64_" + start
    return tr.dump({rid: {"configuration": tr.configuration(
        STARTTIME=start, **more), "result": everything(shift)}})


def beside_a_run():
    doc = document()
    build = send(15, doc)
    counts = tr.count(doc)[RUNTIME]
    tap.same(build.get("results"), counts, "the answer counts the results")
    check_counts(build["id"], doc, "the page counts as a second reading does")
    whole(build["id"], RUNTIME, doc, "the file comes back byte for byte")
    page = fresh("build/%d.json" % build["id"]).json["results"]
    tap.same((page["failed"], page["passed"], page["tests"]),
             (counts["failed"], counts["passed"], sum(counts.values())),
             "the build's page has them, too")
    tap.ok(0 < len(page["failed_tests"]) <= 10 and
           all(t["class"] == "failed" for t in page["failed_tests"]),
           "with the first of the failed tests")
    run = results(build["id"])["runs"][0]
    tap.same((run["configuration"]["MACHINE"], run["type"], run["ran"]),
             ("qemux86-64", "runtime", "2026-11-22T14:15:00Z"),
             "the configuration is told")
    tap.same(json.loads(run["configuration"]["LAYERS"]), tr.LAYERS,
             "and the layers")
    check_suites(run, json.loads(doc)[RUNTIME]["result"])
    check_cases(build["id"], json.loads(doc)[RUNTIME]["result"])
    check_logs(build["id"], json.loads(doc)[RUNTIME]["result"])
    again = web.upload(bundle(15, doc))
    tap.same((again.status, again.json["builds"][0]["id"]),
             (200, build["id"]), "the same again changes nothing")
    return build["id"]


def check_suites(run, result):
    sections = result["ptestresult.sections"]
    want = {name: {"failed": 0, "passed": 0} for name in sections}
    for key, entry in result.items():
        if key.startswith("ptestresult.") and "status" in entry:
            n = want.get(tr.suite_of(key, sections))
            if n is not None:
                n["failed" if entry["status"] == "FAILED" else "passed"] += 1
    got = {s["name"]: {"failed": s["failed"], "passed": s["passed"]}
           for s in run["suites"] if s["kind"] == "ptest"}
    tap.same(got, want, "suites with points in their names have their tests")
    by = {s["name"]: s for s in run["suites"]}
    tap.same((by["bash"]["exit"], by["glib-2.0"]["seconds"],
              by["glib"]["seconds"], by["stuck"]["timeout"],
              by["math"]["kind"]), ("1", 73, 5, True, "ltp"),
             "time, exit status and time-out of suites")


def check_cases(build, result):
    want = {k: v["status"] for k, v in result.items()
            if isinstance(v.get("status"), str)}
    rows = results(build, "per=all")["results"]
    got = {r["case"]: r["status"] for r in rows}
    want_known = {k: v if v != "WEIRD" else "" for k, v in want.items()}
    tap.same(got, want_known, "every test is listed with its own word")
    tap.ok(rows[0]["class"] == "failed", "failed ones come first")
    some = {r["case"]: r for r in rows}["ssh.SSHTest.test_ssh"]
    tap.ok("AssertionError: 1 != 0" in some["first_line"] and
           "Traceback" in some["excerpt"], "with the end of its log", some)
    tap.same({r["class"] for r in results(
        build, "status=skipped&per=all")["results"]}, {"skipped"},
        "status= filters")
    tap.same([r["case"] for r in results(build, "q=PINGtest+ping")["results"]],
             ["ping.PingTest.test_ping"], "words filter")
    tap.same(results(build, "suite=glib-2.0")["total"], 30, "suite= filters")
    csv = fresh("build/%d/results.csv?per=all" % build).text
    tap.ok(csv.startswith("run,case,status,class"), "CSV names its columns",
           csv[:100])
    tap.same(len(list(csv_module.reader(io.StringIO(csv)))) - 1, len(want),
             "and has a row for each test")
    tap.ok(b"<results" in fresh("build/%d/results.xml" % build).body,
           "XML has them")
    html = fresh("build/%d/results" % build).text
    tap.ok("ssh.SSHTest.test_ssh" in html and "<b>log</b>" not in html,
           "so has the page, escaped")
    tap.ok("tests failed" in fresh("build/%d/results.txt" % build).text,
           "and one line")


def log(build, **query):
    return fresh("build/%d/results/log?%s" % (
        build, urllib.parse.urlencode(query)))


def check_logs(build, result):
    a = log(build, run=RUNTIME, case="ssh.SSHTest.test_ssh")
    tap.same((a.status, a.type, a.text),
             (200, "text/plain", result["ssh.SSHTest.test_ssh"]["log"]),
             "a test's log is plain text")
    tap.same(a.headers.get("X-Content-Type-Options"), "nosniff",
             "whatever is in it")
    a = log(build, case="parselogs.ParseLogsTest.test_parselogs")
    tap.ok(a.text.startswith("a <b>log</b> with \x1b[31m") and
           a.text.endswith("found 3 errors\n") and
           len(a.text) > 2000 * 30, "a compressed one is inflated", a.status)
    tap.same(log(build, suite="ptestresult.glib-2.0").text, "glib log\n",
             "that of a suite with a point in its name")
    tap.same(log(build, suite="ptestresult.glib").text,
             "glib without point\n", "and of the one without")
    tap.same(log(build, case="ptestresult.rawlogs").text, "BEGIN\n" * 1000,
             "the raw log")
    text = log(build, case="x.Y.oetags").text
    tap.ok("out\n" in text and "err\n" in text,
           "output that was kept instead of a log", text)
    tap.same((log(build, case="ping.PingTest.test_ping").status,
              log(build, case="no.such").status,
              log(build, run="no", case="x").status,
              fresh("build/99999/results/log?case=x").status),
             (404, 404, 404, 404), "what isn't there is not found")


# ---- the run before ----

def compared(first):
    doc = document(1, "20261122142500")
    build = send(25, doc)
    run = results(build["id"])["runs"][0]
    tap.same(run["before"]["build"], first, "the run before is found")
    old = {k: v.get("status") for k, v in everything().items()
           if "status" in v}
    new = {k: v.get("status") for k, v in everything(1).items()
           if "status" in v}
    failing = {k for k in new if k in old and new[k] in tr.FAILED and
               old[k] not in tr.FAILED}
    passing = {k for k in new if k in old and new[k] in tr.PASSED and
               old[k] in tr.FAILED}
    for word, want in (("failing", failing), ("passing", passing)):
        got = {r["case"] for r in results(
            build["id"], "per=all&turned=" + word)["results"]}
        tap.same(got, want, "newly " + word)
        tap.same(run["before"][word]["tests"], len(want), "their number")
    return build["id"]


def gone_and_new():
    def doc(start, names):
        return tr.dump({"runtime_a_qemuarm_" + start: {
            "configuration": tr.configuration(
                STARTTIME=start, MACHINE="qemuarm", IMAGE_BASENAME="a"),
            "result": {n: tr.case("PASSED") for n in names}}})
    send(26, doc("20261122142600", [
        "a.b.stays", "a.b.goes", "ptestresult.x.at 0x7ffd12ab34 took 12 ms"]))
    build = send(27, doc("20261122142700", [
        "a.b.stays", "a.b.comes", "ptestresult.x.at 0x55aa00ff12 took 9 ms"]))
    turned = {word: [r["case"] for r in results(
        build["id"], "turned=" + word)["results"]] for word in ("new", "gone")}
    tap.same(turned, {"new": ["a.b.comes"], "gone": ["a.b.goes"]},
             "new and gone; addresses and times in names don't matter")
    other = send(28, tr.dump({"runtime_a_qemuarm_x": {
        "configuration": tr.configuration(MACHINE="qemuarm", DISTRO="other",
                                          IMAGE_BASENAME="a"),
        "result": {"a.b.stays": tr.case("FAILED")}}}))
    tap.ok("before" not in results(other["id"])["runs"][0],
           "another distro is another test")


def kinds():
    doc = tr.dump({
        "sdk_core-image-sato_x86_64_qemuarm_20261122143000": {
            "configuration": tr.configuration(
                TEST_TYPE="sdk", DISTRO=None, SDKMACHINE="x86_64",
                MACHINE="qemuarm", IMAGE_BASENAME="core-image-sato"),
            "result": {"gtk.GTK.test": tr.case("PASSED")}},
        "sdkext_x": {"configuration": tr.configuration(
            TEST_TYPE="sdkext", MACHINE="qemuarm"), "result": {}},
        "oeselftest_debian-12_qemux86-64_20261122143000": {
            "configuration": tr.configuration(
                TEST_TYPE="oeselftest", DISTRO=None, IMAGE_BASENAME=None,
                IMAGE_PKGTYPE=None, HOST_NAME="ab-1", OESELFTEST_METADATA={
                    "run_all_tests": True, "skips": None}),
            "result": {"bbtests.BB.test": tr.failed("bbtests.BB.test")}},
        "manual_bsp-hw_x": {"configuration": tr.configuration(
            TEST_TYPE="manual", TEST_MODULE="bsp-hw"),
            "result": {"bsp.a": tr.case("BLOCKED"),
                       "bsp.b": tr.case("passed")}},
        "runtime_core-image-minimal:qemuarm_20180901000000": {
            "configuration": {"TEST_TYPE": "runtime", "MACHINE": "qemuarm"},
            "result": {"a.b.c": tr.case("PASS")}}})
    build = send(30, doc, path="testresults.json")
    check_counts(build["id"], doc, "sdk, sdkext, selftest, manual, old ids")


# ---- by itself ----

def alone(first):
    doc = document(0, "20261122141501")
    a = web.upload(doc.encode(), JSON)
    tap.same((a.status, [b["id"] for b in a.json["builds"]]), (200, [first]),
             "a file alone joins the build that fits")
    tap.same(len(results(first)["runs"]), 2, "as a further run")
    packed = web.upload(gzip.compress(doc.encode()), JSON)
    tap.same([b["id"] for b in packed.json["builds"]], [first],
             "compressed, too")
    doc = tr.dump({"runtime_b_riscv_20261122150000": {
        "configuration": tr.configuration(MACHINE="qemuriscv64",
                                          STARTTIME="20261122150000"),
        "result": {"a.b.c": tr.failed("a.b.c")}}})
    a = web.upload(doc.encode(), None)
    tap.same(a.status, 201, "without a build it becomes a record of its own")
    record = a.json["builds"][0]
    page = fresh("build/%d.json" % record["id"]).json
    tap.same((page["build"]["machine"], page["build"]["tasks"],
              page["build"]["status"]), ("qemuriscv64", 0, "incomplete"),
             "of the machine that was tested")
    tap.ok("Only test results" in json.dumps(page["repairs"]) and
           "only its tests are known" in page["sentence"], "that says so",
           page["sentence"])
    again = web.upload(doc.encode(), JSON)
    tap.same((again.status, again.json["builds"][0]["id"]),
             (200, record["id"]), "sent again it is the same")
    files = tars.run("20261122145900", 1795359540.0)
    files["build.json"] = json.dumps(dict(ENVIRONMENT, machine="qemuriscv64"))
    build = web.upload(tars.tar(files)).json["builds"][0]
    tap.ok(build["id"] != record["id"], "the build comes later")
    tap.same([r["id"] for r in results(build["id"])["runs"]],
             ["runtime_b_riscv_20261122150000"], "and takes them over")
    tap.same(fresh("build/%d.json" % record["id"]).json["build"]["id"],
             build["id"], "the record's address leads to it")


def several_runs():
    """One file beside two runs: each gets what was made while it ran, what
    was made at another time is of nobody."""
    files = {}
    for minute in (40, 50):
        files.update(tars.run("202611221%d00" % (400 + minute),
                              1795356000.0 + 60 * minute))
    files["log/oeqa/testresults.json"] = tr.dump({
        "t%d" % minute: {"configuration": tr.configuration(
            MACHINE="qemumips", STARTTIME="2026112214%d30" % minute),
            "result": {"a.b.c": tr.case("PASSED")}}
        for minute in (40, 50, 55)})
    a = web.upload(tars.tar(files))
    got = [[r["id"] for r in results(b["id"])["runs"]]
           for b in a.json["builds"]]
    tap.same(sorted(got), [["t40"], ["t50"], ["t55"]],
             "one file, two runs: to each its own")


# ---- bad input ----

def refused(body, what, *want, content_type=JSON):
    a = web.upload(body if isinstance(body, bytes) else body.encode(),
                   content_type)
    tap.ok(a.status in (400, 413) and all(w in a.error() for w in want),
           what, a.status, a.error())


def bad_input(first):
    refused('{"a": 1}', "no results", "testresults.json")
    refused("[]", "an array", "testresults.json")
    refused('{"a": {"configuration": {}}}', "a member without a result",
            "configuration and a result")
    refused('{"a": {"configuration": {}, "result": {}', "a cut one",
            "ends early")
    refused('{"a": {"configuration": {}, "result": {}}} x', "a tail",
            "byte 43")
    refused("{}", "none at all", "testresults.json")
    refused("{" * 100000, "depth", "testresults.json")
    bomb = tr.dump({"x": {"configuration": tr.configuration(), "result": {
        "a.b.c": {"status": "FAILED", "log": {"compressed": "@"}}}}})
    # 10 GB of zeros: a zlib stream that repeats itself.
    z = zlib.compressobj(9)
    head = z.compress(bytes(1 << 26)) + z.flush(zlib.Z_FULL_FLUSH)
    body = head + z.compress(bytes(1 << 26)) + z.flush(zlib.Z_FULL_FLUSH)
    part = body[len(head):]
    text = base64.b64encode(head + part * 160).decode()
    refused(gzip.compress(bomb.replace("@", text).encode(), 9),
            "10 GB in a log are refused", "inflates to more than 256 MiB")
    a = web.upload(bundle(59, bomb.replace("@", text)))
    tap.ok(a.status == 413 and "inflates to more than" in a.error(),
           "beside a run, too", a.status, a.text[:300])
    many = json.dumps({"x": {"configuration": {}, "result": {
        str(i): {"status": "PASSED"} for i in range(200001)}}})
    refused(gzip.compress(many.encode()), "too many tests",
            "more than 200000")
    broken = bundle(58, '{"half": ')
    a = web.upload(broken)
    tap.same(a.status, 201, "a file that can't be read makes no upload wrong")
    receipt = fresh(urllib.parse.urlsplit(a.json["receipt"]).path + ".json")
    tap.ok("ends early" in receipt.text, "and the receipt says so",
           receipt.text[:500])
    odd = tr.dump({"x": {"configuration": tr.configuration(
        MACHINE="m<&>\"'", STARTTIME="soon", LAYERS=[1, {"a": None}]),
        "result": {"a": [], "b": 7, "c": {"status": 5}, "d": {"status": None},
                   "e": {"status": "PASSED", "log": {"compressed": "!!"}},
                   "f": {"status": "FAILED", "log": {"compressed": "AAAA"}},
                   "g": {"status": "FAILED", "log": 7, "duration": "x"},
                   "h\ud800\x00": {"status": "FAILED",
                                   "log": "<script>\x00\ud800"},
                   "n" * 5000: {"status": "PASSED"},
                   "ptestresult.sections": {"s": 1, "t": {"log": {}}},
                   "ltpresult.sections": []}}})
    build = send(57, odd)
    page = fresh("build/%d/results" % build["id"])
    tap.ok(page.status == 200 and "<script>\ufffd" not in page.text,
           "odd members do no harm", page.status)
    tap.same(results(build["id"])["runs"][0]["failed"], 3,
             "and the rest counts")


def whole_with_token(build, doc):
    a = web.get("build/%d/results/file" % build,
                Authorization="Bearer " + os.environ["BS_TOKEN"])
    tap.ok(a.status == 200 and a.body == doc.encode(), "and with one it is "
           "as it was sent", a.status)


def secrets():
    doc = tr.dump({"s": {"configuration": tr.configuration(), "result": {
        "a.b.c": {"status": "FAILED", "log": "x\nAuthorization: Bearer "
                  "abcdefghijklmnopqrstuvwx\nError: bad\n"}}}})
    build = send(56, doc)
    row = results(build["id"])["results"][0]
    tap.ok("abcdefghij" not in json.dumps(row) and "***" in row["excerpt"],
           "credentials in logs are masked", row)
    shown = log(build["id"], case="a.b.c").text
    tap.ok("abcdefghij" not in shown and "Error: bad" in shown,
           "where the log is shown, too", shown)
    a = fresh("build/%d/results/file" % build["id"])
    tap.ok(a.status in (401, 403) and "token" in a.text,
           "the file itself takes a token then", a.status)
    whole_with_token(build["id"], doc)


# ---- size ----

def large():
    doc = tr.dump({"large": {
        "configuration": tr.configuration(MACHINE="qemularge"),
        "result": {"ptestresult.suite%d.case number %d" % (i % 100, i):
                   tr.case("FAILED" if i % 500 == 0 else "PASSED")
                   for i in range(20000)}}})
    build = send(45, doc)
    check_counts(build["id"], doc, "20,000 tests are counted")
    rows = results(build["id"], "per=all")["results"]
    tap.same(len({r["case"] for r in rows}), 20000, "and listed")
    text = "".join("PASS: test %d of many, which takes a while\n" % i
                   for i in range(2600000))
    raw = {"huge": {"configuration": tr.configuration(MACHINE="qemularge"),
                    "result": {"ptestresult.rawlogs": {
                        "log": tr.compressed(text, 1)},
                        "a.b.c": tr.case("PASSED")}}}
    doc = tr.dump(raw)
    build = send(46, doc)
    whole(build["id"], "huge", doc, "a raw log of %d MB is kept whole"
          % (len(text) // 1000000))
    got = log(build["id"], case="ptestresult.rawlogs").text
    tap.ok(got == text, "and comes back", len(got), len(text))


def main():
    page = fresh("build/1/results")
    tap.same(page.status, 404, "no build, no results")
    first = beside_a_run()
    compared(first)
    gone_and_new()
    kinds()
    alone(first)
    several_runs()
    bad_input(first)
    secrets()
    large()
    tap.end()


main()
