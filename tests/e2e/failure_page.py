"""failure_page.py: the page of a failure, as the person sees it who opens the
link: what broke, is it known, since which revisions, who builds it.

Run by failure_page.sh; BS_LOG is the workers' access log.
"""

import itertools
import json
import os
import re
import sys
import time
import urllib.parse

sys.path.insert(0, os.path.join(os.environ["BS_SRC"], "tests/lib"))
import tap  # noqa: E402
import tars  # noqa: E402
import web  # noqa: E402

NOW = time.time()
DAY = 86400.0
ZLIB = "zlib-1.3.1-r0"
GOOD, BAD, OE = "a1" * 20, "b2" * 20, "c3" * 20
ERROR = "gzlib.c:212:13: error: implicit declaration of function 'zlib_init'"
LOG = """DEBUG: Executing shell function do_compile
/home/%s/tmp/work/x/gzlib.c: In function 'gz_open':
/home/%s/tmp/work/x/""" + ERROR + """
  212 |     state = zlib_init();
      |             ^~~~~~~~~
make: *** [<builtin>: gzlib.o] Error 1
WARNING: exit code 1 from a shell command.
"""


def environment(builder, meta, **more):
    return dict(dict(
        builder=builder, machine="qemuarm", distro="poky", image="core-image",
        host=dict(name=builder, distro="debian-12", arch="x86_64"),
        bitbake_version="2.19.0", branch="master", commit=meta,
        layers=[dict(name="meta", branch="master", commit=meta),
                dict(name="meta-poky", branch="master", commit=meta),
                dict(name="meta-oe", branch="master", commit=OE)]), **more)


def name_of(started):
    return time.strftime("%Y%m%d%H%M%S", time.gmtime(started))


def report(user, log, **more):
    return dict(dict(
        machine="qemuarm", distro="poky", build_sys="x86_64-linux",
        target_sys="arm-poky-linux-gnueabi", nativelsb="debian-12",
        component="core-image", branch_commit="master: " + BAD,
        layer_version=["meta                 ",
                       'meta-poky            = "master:%s"' % BAD,
                       'meta-oe              = "master:%s"' % OE],
        bitbake_version="2.19.0", username=user, email="", link_back="",
        local_conf='A = "same"\nTOOLCHAIN = "clang"\nDL_DIR = "/home/%s"' %
        user, auto_conf="", failures=[
            dict(package=ZLIB, task="do_compile", log=log)]), **more)


def send_build(days_ago, env, failed=False, log=None, conf=None):
    """A whole build, with the error report that bitbake wrote."""
    started = round(NOW - days_ago * DAY) + 0.25
    name = name_of(started)
    top = "buildstats/" + name + "/"
    files = tars.run(name, started, host=env["builder"])
    if failed:
        files[top + "build_stats"] = tars.build_stats(
            started, [(ZLIB, "do_compile")], env["builder"])
        files[top + ZLIB + "/do_compile"] = tars.task(
            started=started + 10, status="FAILED")
    if failed or conf is not None:
        failures = [dict(package=ZLIB, task="do_compile", log=log)]
        files["error-report/error_report_%s.txt" % name] = json.dumps(
            dict(report(env["builder"], log or ""),
                 local_conf=conf or report("x", "")["local_conf"],
                 failures=failures if failed else []))
    files["build.json"] = json.dumps(env)
    answer = web.upload(tars.tar(files))
    if not tap.ok(answer.status == 201, "a build of %s is taken" % name,
                  answer.text):
        tap.end()
    return answer.json["builds"][0]


asked = itertools.count()


def fresh(path):
    """Never what a cache remembers."""
    return web.get("%s?asked=%d" % (path, next(asked)))


def page(url):
    return fresh(urllib.parse.urlsplit(url).path + ".json").json


def signatures(document):
    return {s["strength"]: s for s in document["known"]["signature"]}


def check_new(build):
    tap.same(len(build["failures"]), 1, "the answer names the failure")
    url = build["failures"][0]["url"]
    d = page(url)
    f = d["failure"]
    tap.ok(re.search(r"/f/[0-9a-z]{6}$", url), "its address is short", url)
    tap.same((f["recipe"], f["task"], f["known"], f["log"]),
             ("zlib", "do_compile", False, True), "it is what was sent")
    tap.ok(d["sentence"].startswith("zlib do_compile on qemuarm: implicit "
                                    "declaration of function 'zlib_init' (new"),
           "the sentence says that it is new", d["sentence"])
    first = [line for line in d["excerpt"] if line["first"]]
    tap.same([(line["number"], line["kind"]) for line in first],
             [(3, "error")], "the first error is marked")
    tap.same((d["known"]["times"], d["known"]["state"]), (0, "unbuilt"),
             "nobody has it, nobody has built there since")
    return url


def check_turn(url, good, bad):
    d = page(url)
    turn = d["turn"]
    tap.same((turn["good"]["build"], turn["bad"]["build"]),
             (int(good["id"]), int(bad["id"])), "last good, first bad")
    tap.same([r["layer"] for r in turn["ranges"]], ["meta", "meta-poky"],
             "layers that moved between them")
    tap.same(turn["ranges"][0]["command"],
             "git log --oneline %s..%s" % (GOOD, BAD), "as a command")
    tap.same(turn["same"], 1, "one didn't")


def check_beside(url, good):
    d = page(url)
    tap.same(d["successes"][0]["id"], int(good["id"]),
             "the nearest good build comes first")
    tap.same(d["beside"]["build"], int(good["id"]), "and is beside it")
    found = {(x["group"], x["field"]): (x["here"], x["there"])
             for x in d["beside"]["differences"]}
    tap.same(found.get(("configuration", "TOOLCHAIN")), ("clang", "gcc"),
             "a variable that differs")
    tap.ok(("local", "DL_DIR") in found, "one that always does, apart", found)
    tap.ok(not any(f == "A" for _, f in found), "none that doesn't", found)
    tap.ok(("layers", "meta") in found and ("layers", "meta-oe") not in found,
           "layers that differ", found)


def check_known(url):
    """The same failure from another directory and host."""
    answer = web.request(
        "POST", "ClientPost/JSON",
        json.dumps(report("birch", LOG % ("birch", "birch"))),
        {"Content-Type": "application/json"})
    other = answer.json["failures"][0]
    tap.ok("(known: once" in other["verdict"], "sent from elsewhere: known",
           answer.text)
    d, e = page(url), page(other["url"])
    tap.ok("(known: once" in d["sentence"], "so the first one is now, too",
           d["sentence"])
    tap.same(d["failure"]["signature"], e["failure"]["signature"],
             "they share the signature of their lines")
    tap.same([s["times"] for s in signatures(d).values()], [1, 1, 1],
             "at all strengths")
    tap.same([f["id"] for f in d["others"]], [e["failure"]["id"]],
             "and are each other's others")
    target = d["spread"][0]
    tap.same((len(d["spread"]), target["machine"], target["times"],
              target["gone"]), (1, "qemuarm", 2, False),
             "once in the spread, twice seen")
    return other["url"]


def check_gone(url, other, good):
    d = page(url)
    tap.same((d["known"]["state"], d["known"]["open"]), ("gone", False),
             "a later build of the recipe there: gone")
    tap.same(page(other)["known"]["state"], "gone", "for all of them")
    tap.same(d["spread"][0]["gone"], True, "in the spread as well")
    html = fresh(urllib.parse.urlsplit(url).path).text
    tap.ok("build/%s" % good["id"] in html, "with a link to that build")


def check_signature(url):
    d = page(url)
    number = d["failure"]["signature"]
    s = web.get("signature/%d.json" % number).json
    tap.same((s["times"], len(s["failures"]), s["strength"]),
             (2, 2, "lines"), "the signature's page has both")
    tap.ok("zlib_init" in s["text"] and "/home" not in s["text"],
           "and their line, without its path", s["text"])
    tap.same(sum(b["times"] for b in s["over_time"]["bins"]), 2,
             "over time, too")
    tap.ok(re.match("implicit declaration of function 'zlib_init': 2 times "
                    "since .* on 2 builders, last ", s["sentence"]),
           "in one sentence", s["sentence"])
    for wrong in ("0", "x", "2000000000", "99999999999999999999", "1e1"):
        tap.same(web.get("signature/" + wrong).status, 404,
                 "signature/%s is none" % wrong)


def check_codes(url):
    code = url.rsplit("/", 1)[1]
    tap.same(page(url[:-6] + code.upper())["failure"]["id"], code,
             "a code in capitals works")
    for wrong in ("zzzzzz", "a", "x" * 300, "%3Cb%3E", "1"):
        answer = web.get("f/" + wrong)
        tap.ok(answer.status == 404 and "<h1>" in answer.text,
               "f/%s is none" % wrong[:20], answer.status, answer.text[:300])
    tap.ok("zzzzzz" in web.get("f/zzzzzz").text, "and the page says which")


def check_forms(url):
    path = urllib.parse.urlsplit(url).path
    d = page(url)
    line = fresh(path + ".txt").text
    tap.ok(line.startswith(d["sentence"]) and path in line and
           line.count("\n") == 1, ".txt is the sentence and the link", line)
    xml = web.get(path + ".xml")
    tap.same((xml.status, xml.type), (200, "application/xml"), ".xml is there")
    html = web.get(path).text
    tap.ok('property="og:title" content="zlib do_compile on qemuarm' in html,
           "a pasted link previews well")
    rows = fresh("failures.json").json["failures"]
    mine = next(f for f in rows if f["id"] == d["failure"]["id"])
    missing = set(mine) - set(d["failure"])
    tap.ok(not missing, "the fields of a row of failures.json are there",
           missing)
    recipe = fresh("package/zlib.json").json
    tap.ok({f["failure"] for f in recipe["failures"]} <=
           {f["id"] for f in rows} and recipe["failures"],
           "the recipe's page leads to such pages", recipe["failures"])
    tap.same([t["bad"]["build"] for t in recipe["turns"]],
             [d["turn"]["bad"]["build"]], "and knows when it turned")


def check_sparse():
    """What came without a log, a recipe, tasks."""
    bare = report("elder", "", failures=[
        dict(package="busybox-1.36-r0", task="do_install", log="")])
    missing = report("elder", "", component="libfoo", failures=[
        dict(package="libfoo", task="Nothing provides",
             log="Nothing PROVIDES 'libfoo'")])
    for document, want in (
            (bare, "busybox do_install on qemuarm failed"),
            (missing, "Nothing provides libfoo for qemuarm (new")):
        answer = web.request("POST", "ClientPost/JSON", json.dumps(document),
                             {"Content-Type": "application/json"})
        url = answer.json["failures"][0]["url"]
        d = page(url)
        tap.ok(d["sentence"].startswith(want), "it reads well: " + want,
               d["sentence"])
        html = web.get(urllib.parse.urlsplit(url).path)
        tap.ok(html.status == 200 and "send" in html.text,
               "and says what could be sent")


def milliseconds(code, times=20):
    """The least that the access log says of a failure's page."""
    path = "/f/" + code
    for _ in range(times):
        fresh(path[1:])
    with open(os.environ["BS_LOG"], encoding="utf-8", errors="replace") as log:
        found = [float(m[1]) for m in re.finditer(
            r" failure 200 ([\d.]+)ms [^\n]*" + path, log.read())]
    return min(found) if found else None


def check_cost():
    urls = []
    for size in (5000, 5000000):
        filler = "gcc -c a.c -o a.o %d\n"
        log = "".join(filler % i for i in range(size // len(filler)))
        answer = web.request(
            "POST", "ClientPost/JSON",
            json.dumps(report("fir%d" % size, log + ERROR + str(size) + "\n")),
            {"Content-Type": "application/json"})
        urls.append(answer.json["failures"][0]["url"])
    small, large = (milliseconds(u.rsplit("/", 1)[1]) for u in urls)
    tap.ok(small and large and large < 3 * small,
           "a log of 5 MB makes its page no dearer than three of 5 kB",
           "%s and %s ms" % (small, large))


def main():
    good = send_build(5, environment("alder", GOOD),
                      conf='A = "same"\nTOOLCHAIN = "gcc"\nDL_DIR = "/dl"')
    bad = send_build(4, environment("cedar", BAD), True, LOG % ("c", "c"))
    url = check_new(bad)
    check_turn(url, good, bad)
    check_beside(url, good)
    other = check_known(url)
    check_signature(url)
    check_forms(url)
    check_codes(url)
    check_sparse()
    check_cost()
    again = send_build(-0.01, environment("alder", OE))
    check_gone(url, other, again)
    tap.end()


main()
