"""buildbot.py: what Buildbot's HttpStatusPush sends: begin and end make one
build, which becomes one with the statistics that name its page."""

import json
import os
import sys

sys.path.insert(0, os.path.join(os.environ["BS_SRC"], "tests/lib"))
import tap  # noqa: E402
import tars  # noqa: E402
import web  # noqa: E402

JSON = {"Content-Type": "application/json"}
API = "api/v1/buildbot"
PAGE = "https://autobuilder.example.org/valkyrie/#/builders/%d/builds/%d"
BEGAN = 1795356000


def document(buildid, results=None, complete=False, **more):
    """As the default formatter of Buildbot 3 and 4 makes it."""
    d = {"buildid": buildid, "number": 14, "builderid": 3,
         "buildrequestid": buildid + 100, "workerid": 2, "masterid": 1,
         "started_at": BEGAN,
         "complete": complete, "complete_at": BEGAN + 970 if complete else None,
         "locks_duration_s": 0, "results": results,
         "state_string": "build successful" if complete else "starting",
         "url": PAGE % (3, buildid),
         "properties": {"buildername": ["qemux86-64", "Builder"],
                        "workername": ["alma9-vk-1", "Worker"],
                        "MACHINE": ["qemux86-64", "SetProperty"],
                        "yp_build_revision": ["35a2c6ed7987", "SetProperty"],
                        "yp_build_branch": ["master", "SetProperty"],
                        "is_release": [False, "Force"],
                        "deploy_token": ["s3cr3t0123456789abcdef", "Force"],
                        "layers": [{"a": 1}, "x"]},
         "builder": {"builderid": 3, "name": "qemux86-64", "masterids": [1],
                     "description": None, "tags": []},
         "buildrequest": {"buildrequestid": buildid + 100, "priority": 0},
         "buildset": {"bsid": 5, "reason": "nightly", "sourcestamps": [
             {"ssid": 1, "revision": "0123abc", "branch": "kirkstone",
              "repository": "git://x", "project": "", "codebase": "",
              "patch": None, "created_at": BEGAN}]},
         "parentbuild": None, "parentbuilder": None}
    d.update(more)
    return d


def post(doc, path=API, **headers):
    return web.request("POST", path, json.dumps(doc), dict(JSON, **headers))


def fresh(path):
    return web.get(path, Cookie="test=1")


def page(build):
    return fresh("build/%d.json" % build).json


def one_build():
    a = post(document(1))
    tap.same(a.status, 201, "a begin is taken")
    build = a.json["builds"][0]["id"]
    doc = page(build)
    tap.same((doc["build"]["status"], doc["build"]["builder"],
              doc["build"]["machine"], doc["build"]["branch"],
              doc["build"]["commit"], doc["build"]["name"]),
             ("running", "qemux86-64", "qemux86-64", "master", "35a2c6ed7987",
              "qemux86-64 #14"), "it runs")
    run = doc["ci"][0]
    tap.same((run["url"], run["result"], run["worker"], run["reason"]),
             (PAGE % (3, 1), None, "alma9-vk-1", "nightly"),
             "with Buildbot's page")
    tap.same((run["properties"]["is_release"], run["properties"]["layers"],
              run["properties"]["deploy_token"]),
             ("false", '{"a":1}', "***"),
             "and its properties, masked as logs are")
    a = post(document(1, 0, True))
    tap.same((a.status, [b["id"] for b in a.json["builds"]]), (200, [build]),
             "the end is of the same build")
    doc = page(build)
    tap.same((doc["build"]["status"], doc["build"]["elapsed"],
              doc["ci"][0]["result"]), ("succeeded", 970, "success"),
             "which is updated")
    a = post(document(1))
    tap.same((a.status, page(build)["build"]["status"]), (200, "succeeded"),
             "a begin that comes late changes nothing")
    html = fresh("build/%d" % build).text
    tap.ok('href="%s"' % (PAGE % (3, 1)) in html, "the page leads to it")
    other = post(document(1, url="https://other.example.org/#/builders/1"
                          "/builds/1")).json["builds"][0]["id"]
    tap.ok(other != build, "the same number of another Buildbot is another")
    tap.same(len(fresh("builds.json").json["builds"]), 2, "two in all")


def results():
    want = {0: ("succeeded", "success"), 1: ("succeeded", "warnings"),
            2: ("failed", "failure"), 3: ("incomplete", "skipped"),
            4: ("failed", "exception"), 5: ("incomplete", "retry"),
            6: ("incomplete", "cancelled"), 9: ("incomplete", "unknown")}
    got = {}
    for n in want:
        doc = page(post(document(100 + n, n, True)).json["builds"][0]["id"])
        got[n] = (doc["build"]["status"], doc["ci"][0]["result"])
    tap.same(got, want, "results are what they mean")
    tap.same(fresh("builds.json?tag=warnings").json["total"], 1,
             "warnings are found by their tag")


def statistics(page_url, minute):
    files = tars.run("20261122141%d00" % minute,
                     1795356000.0 + 60 * minute)
    files["build.json"] = json.dumps({"machine": "qemux86-64",
                                      "ci_url": page_url})
    a = web.upload(tars.tar(files))
    return a.json["builds"][0]["id"] if a.status == 201 else a.text


def joined():
    record = post(document(200)).json["builds"][0]["id"]
    build = statistics(PAGE % (3, 200), 1)
    tap.same(page(record)["build"]["id"], build,
             "statistics that name the page take the record's place")
    a = post(document(200, 2, True))
    tap.same([b["id"] for b in a.json["builds"]], [build],
             "and the end of it goes there")
    doc = page(build)
    tap.same((doc["build"]["status"], doc["build"]["tasks"],
              doc["ci"][0]["result"], doc["ci_url"]),
             ("succeeded", 3, "failure", PAGE % (3, 200)),
             "both results stand, each as its own")
    build = statistics(PAGE % (3, 201), 2)
    tap.same(page(build)["ci"], [], "statistics may come first")
    tap.ok(PAGE % (3, 201) in fresh("build/%d" % build).text,
           "and lead to the page already")
    a = post(document(201, 1, True))
    tap.same((a.status, [b["id"] for b in a.json["builds"]]), (200, [build]),
             "Buildbot's end joins them")
    again = statistics(PAGE % (3, 201), 3)
    tap.same([r["result"] for r in page(again)["ci"]], ["warnings"],
             "a second build of the same page knows of it, too")


def other_paths():
    a = post(document(300), "api/v1/builds")
    tap.same(a.status, 201, "the path of builds takes it as well")
    tap.same(post(document(300), API + "/").status, 200,
             "so does a slash behind")


def bad():
    for doc, what in (({}, "nothing"), ([], "an array"),
                      ({"buildid": "x", "builder": {}}, "a wrong number"),
                      ({"buildid": 1, "builder": "x"}, "a wrong builder")):
        a = post(doc)
        tap.ok(a.status == 400 and a.error().startswith("buildbot: "),
               "%s is refused" % what, a.status, a.text)
    a = web.request("POST", API, "{", JSON)
    tap.same(a.status, 400, "what is no JSON, too")
    a = post(document(301, properties={"n" * 9000: ["v" * 90000, "x"],
                                       "b": [], "c": None, "d": 7},
                      url="javascript:alert(1)", number=-1, started_at="x",
                      complete_at=1e300, buildset=[], builder={
                          "name": "<b>\x00\ud800"}))
    tap.same(a.status, 201, "odd members do no harm")
    html = fresh("build/%d" % a.json["builds"][0]["id"])
    tap.ok(html.status == 200 and "javascript:" not in html.text and
           "<b>\ufffd" not in html.text, "and are shown escaped")
    a = post(document(302), Authorization="Bearer no")
    tap.ok(a.status in (401, 403), "a wrong token is refused", a.status)
    a = post(document(303, url=""),
             Authorization="Bearer " + os.environ["BS_TOKEN"])
    tap.same(page(a.json["builds"][0]["id"])["build"]["builder"], "tester",
             "a token's builder wins")
    a = statistics("javascript:alert(1)", 9)
    tap.ok("build.json: ci_url: no web address" in str(a),
           "a ci_url must be a web address", a)


one_build()
results()
joined()
other_paths()
bad()
tap.end()
