"""perf.py: what oe-build-perf-test writes, of its own code, against an
independent reading of the same files and of the buildstats they were made of.
"""

import io
import json
import math
import os
import sys
import tarfile
import xml.etree.ElementTree as ET

sys.path.insert(0, os.path.join(os.environ["BS_SRC"], "tests/lib"))
import recordings  # noqa: E402
import tap  # noqa: E402
import web  # noqa: E402

DATA = os.path.join(os.environ["BS_SRC"], "tests/data")
DIR = "results-20261128121500/"


def tar(files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as t:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            t.addfile(info, io.BytesIO(data))
    return out.getvalue()


def send(files):
    return web.upload(tar(files))


def wanted(doc):
    """{metric: value} of results.json."""
    out = {}
    for name, test in doc["tests"].items():
        for m in test["measurements"].values():
            at = "perf.%s.%s." % (name, m["name"])
            v = m["values"]
            if m["type"] == "diskusage":
                out[at + "size"] = v["size"] * 1024
                continue
            out[at + "elapsed"] = v["elapsed_time"]
            out[at + "cputime"] = (v["rusage"]["ru_utime"] +
                                   v["rusage"]["ru_stime"])
            out[at + "maxrss"] = v["rusage"]["ru_maxrss"] * 1024
            for k in ("rchar", "wchar", "read_bytes", "write_bytes"):
                out[at + k] = v["iostat"][k]
    return out


def same_numbers(got, want, what):
    tap.same(sorted(got), sorted(want), what + ": the numbers")
    wrong = [(k, got[k], want[k]) for k in want if k in got and
             not math.isclose(got[k], want[k], rel_tol=1e-9)]
    tap.ok(not wrong, what + ": their values", wrong[:5])


def numbers(build):
    return {k: v["sum"] for k, v in
            web.get("build/%d.json" % build).json["metrics"].items()
            if k.startswith("perf.")}


def results(files):
    answer = send({n: files[DIR + n] for n in
                   ("results.json", "metadata.json")})
    tap.same(answer.status, 201, "results.json is taken")
    doc = json.loads(files[DIR + "results.json"])
    build = answer.json["builds"][0]
    got = web.get("build/%d.json" % build["id"]).json
    same_numbers(numbers(build["id"]), wanted(doc), "results.json")
    b = got["build"]
    tap.ok(abs(web_time(b["started"]) - doc["start_time"]) < 1e-3,
           "it began when the run did, in UTC", b["started"])
    tap.ok(math.isclose(b["elapsed"], doc["elapsed_time"], abs_tol=1e-5),
           "and took as long")
    meta = json.loads(files[DIR + "metadata.json"])
    tap.same((b["machine"], b["distro"], b["builder"], b["branch"],
              b["commit"], b["image"], b["status"], b["tasks"]),
             ("qemux86-64", "poky", meta["hostname"],
              meta["layers"]["meta"]["branch"],
              meta["layers"]["meta"]["commit"], "oe-build-perf-test",
              "failed", 0), "where and of what")
    tap.same([layer["name"] for layer in got["environment"]["layers"]],
             list(meta["layers"]) + ["bitbake"], "its layers")
    tap.same(got["environment"]["host_distro"], "debian-12", "its host")
    tap.same([(f["recipe"], f["task"], f["first_line"])
              for f in build["failures"]],
             [("oe-build-perf-test", "test4",
               doc["tests"]["test4"]["message"])], "what failed, and why")
    tap.ok(any(r["text"].startswith("test2: SKIPPED") for r in
               got["repairs"]), "and what was skipped")
    page = web.get("build/%d" % build["id"])
    tap.ok(page.status == 200 and "perf.test1.build.elapsed" in page.text,
           "its page has the measurements")
    return build["id"]


def web_time(text):
    from datetime import datetime
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def tasks(files):
    """Its tasks are those that they were made of."""
    answer = send({"results-20261128121501/" + n: files[DIR + n]
                   .replace(b"\"start_time\": 17958", b"\"start_time\": 17948")
                   if n == "results.json" else files[DIR + n]
                   for n in ("results.json", "metadata.json",
                             "buildstats.json")})
    by = {b["name"]: b for b in answer.json["builds"]}
    tap.same(sorted(by), ["20261128121501", "20261128121501.test1.build"],
             "a build of the run, and one of each measurement with tasks")
    build = by["20261128121501.test1.build"]["id"]
    want = recordings.load("A1")[0]["tasks"]
    got = {(t["recipe"], t["task"]): t for t in web.get(
        "build/%d/tasks.json?per=all" % build).json["tasks"]}
    tap.same(sorted(got), sorted((t["recipe"], t["task"]) for t in want),
             "the tasks of the recorded build")
    wrong = []
    for t in want:
        mine = got[t["recipe"], t["task"]]
        m = t["metrics"]
        for key in ("ru_utime", "ru_stime", "ru_maxrss", "ru_minflt",
                    "ru_inblock", "ru_oublock", "ru_nvcsw"):
            both = m["rusage." + key] + m["child_rusage." + key]
            if not math.isclose(mine["metrics"]["rusage." + key], both,
                                rel_tol=1e-9, abs_tol=1e-9):
                wrong.append((t["recipe"], t["task"], key))
        for key in ("rchar", "wchar", "read_bytes", "write_bytes"):
            if mine["metrics"]["io." + key] != m["io." + key]:
                wrong.append((t["recipe"], t["task"], key))
        if abs(web_time(mine["started"]) - t["started"]) > 0.006 or \
                abs(mine["elapsed"] - (t["ended"] - t["started"])) > 0.011:
            wrong.append((t["recipe"], t["task"], "times"))
    tap.ok(not wrong, "their numbers and times", wrong[:5])
    a1 = web.upload(open(os.path.join(DATA, "A1.tar.zst"), "rb").read()
                    ).json["builds"][0]["id"]
    doc = web.get("compare.json?metric=cputime&build=%d&build=%d" % (
        a1, build)).json
    tap.ok(doc["rows"] and all(abs(r["absdiff"]) < 1e-6
                               for r in doc["rows"]),
           "compared with the build itself nothing differs")
    single = json.loads(files[DIR + "buildstats.json"])["test1.build"]
    answer = send({"x/buildstats.json": json.dumps(single).encode()})
    tap.same([b["tasks"] for b in answer.json["builds"]], [len(want)],
             "a single measurement by itself")


def xml(files):
    answer = send({"r/" + n: files[DIR + n] for n in
                   ("results.xml", "metadata.xml")})
    tap.same(answer.status, 200, "results.xml of the same run is the same")
    answer = send({"results-20261128121502/" + n: files[DIR + n].replace(
        b"timestamp=\"2026-11-28T17", b"timestamp=\"2026-11-20T17")
        for n in ("results.xml", "metadata.xml")})
    tap.same(answer.status, 201, "results.xml is taken")
    build = answer.json["builds"][0]
    want = {}
    root = ET.fromstring(files[DIR + "results.xml"])
    for case in root.iter("testcase"):
        for s in case.findall("sysres"):
            at = "perf.%s.%s." % (case.get("name"), s.get("name"))
            usage, io_ = s.find("rusage"), s.find("iostat")
            want[at + "elapsed"] = float(s.find("time").text)
            want[at + "cputime"] = (float(usage.get("ru_utime")) +
                                    float(usage.get("ru_stime")))
            want[at + "maxrss"] = int(usage.get("ru_maxrss")) * 1024
            for k in ("rchar", "wchar", "read_bytes", "write_bytes"):
                want[at + k] = int(io_.get(k))
        for s in case.findall("diskusage"):
            want["perf.%s.%s.size" % (case.get("name"), s.get("name"))] = \
                int(s.find("size").text) * 1024
    same_numbers(numbers(build["id"]), want, "results.xml")
    b = web.get("build/%d.json" % build["id"]).json
    tap.same((b["build"]["machine"], b["build"]["commit"][:10],
              b["environment"]["host_distro"], b["build"]["status"]),
             ("qemux86-64", "35a2c6ed79", "debian-12", "failed"),
             "metadata.xml, too")
    tap.same([f["first_line"] for f in build["failures"]],
             ["the <SDK> & \"quotes\" broke"], "and what failed")


def globalres(files):
    line = files[DIR + "globalres.log"].decode().strip()
    fields = line.split(",")
    older = ",".join(["vm", "master:0123456789", "0123456789",
                      "1:02:03.50", "0:10:00.00", "0:20:00.00", "0:01:00.25",
                      "0:00:01.00", "0:00:02.00", "0:00:03.00", "0:30:00.00",
                      "1000", "2000", "3000", "4000"])
    answer = send({"globalres.log": (older + "\n" + line + "\nnonsense\n")
                   .encode()})
    tap.same([len(answer.json["builds"]), answer.status], [2, 201],
             "each line of a globalres file")
    first, second = [b["id"] for b in answer.json["builds"]]
    got = numbers(first)
    tap.same((got["perf.test1.build.elapsed"],
              got["perf.test4.deploy.elapsed"],
              got["perf.test13.tmpdir.size"],
              got["perf.test4.deploy_dir.size"], len(got)),
             (3723.5, 1800.0, 2000 * 1024, 4000 * 1024, 12), "its columns")
    tap.same(numbers(second)["perf.test1.tmpdir.size"],
             int(fields[11]) * 1024, "of a real one, too")
    again = send({"globalres.log": (older + "\n" + line + "\n" +
                                    older.replace("1:02", "2:02") + "\n")
                  .encode()})
    tap.same([b["id"] for b in again.json["builds"]][:2], [first, second],
             "lines that were sent before are the same builds")


def over_time(files, first):
    doc = json.loads(files[DIR + "results.json"])
    doc["tests"]["test1"]["measurements"]["build"]["values"][
        "elapsed_time"] = 5.5
    doc["start_time"] -= 86400
    second = send({"results-20261127121500/results.json":
                   json.dumps(doc).encode(),
                   "results-20261127121500/metadata.json":
                   files[DIR + "metadata.json"]}).json["builds"][0]["id"]
    trend = web.get("trend.json?metric=perf.test1.build.elapsed&since=2026-01-01"
                    "&image=oe-build-perf-test&per=all").json
    ids = {r["id"]: r["value"] for r in trend["runs"]}
    tap.ok(ids.get(second) == 5.5 and first in ids, "a measurement over time",
           ids)
    tap.ok("perf.test1.build.elapsed" in web.get("trend").text,
           "the picker has it")
    both = web.get("compare.json?build=%d&build=%d" % (second, first)).json
    row = {n["name"]: n for n in both["numbers"]}["perf.test1.build.elapsed"]
    tap.ok(row["values"][0] == 5.5 and math.isclose(
        row["difference"], row["values"][1] - 5.5), "and compared", row)
    html = web.get("compare?build=%d&build=%d" % (second, first)).text
    tap.ok("The builds as wholes" in html and
           "perf.test1.tmpdir.size" in html, "on the page, too")


def bad(files):
    plain = files[DIR + "results.json"]
    for what, data in (("cut JSON", plain[: len(plain) // 2]),
                       ("other JSON", b"{\"a\": [1, 2]}"),
                       ("no JSON", b"\x00\xff" * 1000),
                       ("deep JSON", b"[" * 5000),
                       ("empty", b"")):
        for name in ("results.json", "metadata.json", "buildstats.json"):
            answer = send({"r/" + name: data})
            tap.same(answer.status, 400, "%s as %s" % (what, name))
    xml_ = files[DIR + "results.xml"]
    for what, data in (("cut XML", xml_[: len(xml_) // 2]),
                       ("a document type", b"<!DOCTYPE a [<!ENTITY x 'y'>]>"
                        b"<testsuites>oeqa.buildperf</testsuites>")):
        tap.same(send({"r/results.xml": data}).status, 400, what)
    odd = json.loads(plain)
    odd["tests"]["../../<b>\u0000\ud800"] = {
        "name": 7, "status": None, "measurements": {"x" * 500: {
            "type": "sysres", "values": {"elapsed_time": -1, "rusage": [1],
                                         "iostat": {"rchar": "many"}}}}}
    odd["elapsed_time"] = 1e300
    odd["start_time"] = -5
    answer = send({"r/results.json": json.dumps(odd).encode()})
    tap.same(answer.status, 201, "odd members are passed over")
    tap.same(web.get("build/%d" % answer.json["builds"][0]["id"]).status, 200,
             "and the page stands")
    broken = json.loads(files[DIR + "buildstats.json"])
    broken["test1.build"][0]["tasks"] = {"do_x": {"start_time": "soon"},
                                         "do_y": 5, "../do_z": {}}
    broken["test1.build"][1]["name"] = None
    answer = send({"r/buildstats.json": json.dumps(broken).encode()})
    tap.ok(answer.status in (201, 400), "odd tasks", answer.text[:200])
    answer = send({"r/buildstats.json": json.dumps({
        "t.m": [{"name": "r%d" % i, "version": "1", "revision": "r0",
                 "tasks": {"do_a": {"start_time": 1795352000.5 + i,
                                    "elapsed_time": 1.5,
                                    "status": "PASSED"}}}
                for i in range(20000)]}).encode()})
    tap.same((answer.status, answer.json["builds"][0]["tasks"]),
             (201, 20000), "twenty thousand tasks")


def main():
    files = recordings.unpack(os.path.join(DATA, "perf.tar.zst"))
    first = results(files)
    tasks(files)
    xml(files)
    globalres(files)
    over_time(files, first)
    bad(files)
    tap.end()


main()
