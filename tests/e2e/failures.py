"""failures.py: failures are found on /failures in all its forms, told in a
line for chats, previewed by a pasted link, and followed as feeds."""

import json
import os
import re
import sys
import time
import xml.etree.ElementTree as ET

sys.path.insert(0, os.path.join(os.environ["BS_SRC"], "tests/lib"))
import tap  # noqa: E402
import web  # noqa: E402

ATOM = "{http://www.w3.org/2005/Atom}"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")
SITE = "http://%s:%d" % (web.URL.hostname, web.URL.port)

LOG = """DEBUG: Executing shell function %(task)s
NOTE: make -j 16
only_in_the_middle %(n)d
%(filler)s
../src/%(recipe)s.c:%(n)d:9: error: implicit declaration of function '%(what)s'
make: *** [Makefile:418: all] Error 2
ERROR: oe_runmake failed
WARNING: exit code 1 from a shell command.
"""

# recipe, task, what, machine, distro, builder
SENT = [
    ("zlib", "do_compile", "zlib_init", "qemuarm", "poky", "ann"),
    ("zlib", "do_compile", "zlib_init", "qemuarm64", "poky", "bob"),
    ("zlib", "do_compile", "zlib_init", "qemuarm", "other", "ann"),
    ("busybox", "do_configure", "bb_main", "qemuarm", "poky", "ann"),
    ("curl", "do_compile", "<b>&\"evil\"</b>", "qemux86", "poky", "eve & co"),
]


def send(n, recipe, task, what, machine, distro, builder):
    log = LOG % {"task": task, "n": n, "recipe": recipe, "what": what,
                 "filler": "checking for gcc... yes\n" * 50}
    document = {
        "machine": machine, "distro": distro, "build_sys": "x86_64-linux",
        "nativelsb": "debian-12", "target_sys": "arm-poky-linux",
        "bitbake_version": "2.8.0", "component": "core-image-minimal",
        "branch_commit": "master: 35a2c6ed7987763dadbe45ad86095e1aee1c7314",
        "layer_version": ['meta = "master:35a2c6ed79"'], "username": builder,
        "email": "", "link_back": "", "local_conf": "", "auto_conf": "",
        "failures": [{"package": recipe + "-1.3-r0", "recipe": recipe,
                      "task": task, "log": log}]}
    a = web.request("POST", "/ClientPost/JSON/", json.dumps(document),
                    {"Content-Type": "application/json"})
    return a.json["failures"][0]["url"]


def fresh(path):
    """Without the micro-cache."""
    return web.get(path, Cookie="test=1")


def total(query):
    return fresh("failures.json?" + query).json["total"]


# ---- before anything was sent ----

def empty():
    page = fresh("failures")
    tap.same(page.status, 200, "/failures answers when there is none")
    tap.ok("send-error-report" in page.text and "report-error" in page.text,
           "and says what would fill it, and how")
    doc = fresh("failures.json").json
    tap.same((doc["total"], doc["failures"], doc["next"]), (0, [], None),
             "JSON says so, too")
    feed = fresh("feed/failures.atom")
    tap.same((feed.status, feed.type), (200, "application/atom+xml"),
             "an empty feed is a feed")
    check_feed(feed, 0)


# ---- the search ----

def searches():
    for query, count in (
            ("", 5), ("package=zlib", 3), ("package=zlib-1.3-r0", 3),
            ("machine=qemuarm", 3), ("distro=other", 1), ("builder=bob", 1),
            ("task=do_configure", 1), ("task=configure", 1),
            ("image=core-image-minimal", 5), ("branch=master", 5),
            ("commit=35a2c6ed", 5), ("layer=meta", 5), ("layer=none", 0),
            ("status=failed", 5), ("status=succeeded", 0), ("tag=none", 0),
            ("since=1d", 5), ("until=2001-01-01", 0),
            ("q=implicit", 5), ("q=IMPLICIT", 5), ("q=mplici", 5),
            ("q=zlib_init", 3), ("q=zlib_init+oe_runmake", 3),
            ("q=%22implicit+declaration+of+function%22", 5),
            ("q=%22declaration+implicit%22", 0), ("q=bb_main+zlib_init", 0),
            ("q=busybox", 1), ("q=qemuarm64", 1), ("q=%25", 0), ("q=_nit", 0),
            ("q=zlib_init&machine=qemuarm", 2),
            ("q=zlib_init&machine=qemuarm&distro=poky", 1)):
        doc = fresh("failures.json?" + query).json
        tap.same((doc["total"], len(doc["failures"])), (count, count),
                 "failures.json?%s finds %d" % (query, count))


def words_of_whole_logs():
    patience = time.monotonic() + 60
    while total("q=only_in_the_middle") != 5 and time.monotonic() < patience:
        pass
    tap.same(total("q=only_in_the_middle"), 5,
             "words far from the error are found once they are indexed")


def fields(urls):
    doc = fresh("failures.json?machine=qemuarm64").json
    f = doc["failures"][0]
    want = {"recipe": "zlib", "version": "1.3-r0", "task": "do_compile",
            "kind": "task", "machine": "qemuarm64", "distro": "poky",
            "builder": "bob", "image": "core-image-minimal",
            "branch": "master", "similar": 2, "known": True, "log": True,
            "url": urls[1]}
    tap.same({k: f.get(k) for k in want}, want, "a row has what was sent")
    tap.ok("zlib_init" in f["first_line"] and TIME.match(f["seen"]) and
           f["url"].endswith("/" + f["id"]) and f["signature"] > 0, "and more",
           f)
    tap.same(total("signature=%d" % f["signature"]), 3,
             "its signature finds the like")
    tap.same(total("build=%d" % f["build"]), 1, "its build finds it")
    near = fresh("failures.json?sort=near&build=%d" % f["build"]).json
    tap.same(near["failures"][0]["id"], f["id"],
             "nothing is nearer to a build than its own")
    tap.same(near["total"], 5, "all are ranked")
    for query in ("sort=near", "sort=nonsense", "build=x", "signature=0"):
        a = fresh("failures.json?" + query)
        tap.ok(a.status == 400 and len(a.error()) > 10,
               "?%s is refused with a reason" % query, a.text)
    for key in ("seen", "recipe", "task", "machine", "distro", "builder"):
        rows = fresh("failures.json?sort=" + key).json["failures"]
        down = fresh("failures.json?sort=-" + key).json["failures"]
        values = [r[key] for r in rows]
        tap.ok(values == sorted(values) and
               [r[key] for r in down] == values[::-1],
               "sort=%s, in both directions" % key, values)
    pages = [r["id"] for p in (1, 2, 3) for r in fresh(
        "failures.json?per=2&page=%d" % p).json["failures"]]
    everything = [r["id"] for r in fresh(
        "failures.json?per=all").json["failures"]]
    tap.same(pages, everything, "pages are pieces of the whole")
    csv = fresh("failures.csv?per=all").text
    tap.same(len(csv.splitlines()), 6, "CSV has a line each")
    xml = ET.fromstring(fresh("failures.xml").body)
    tap.same(len(xml.findall("content/failures/failure")), 5, "XML, too")


def page():
    text = fresh("failures?machine=qemuarm&q=zlib_init").text
    tap.same(re.search("<h1>(.*?)</h1>", text).group(1),
             "2 failures on qemuarm with 'zlib_init'", "the sentence")
    for chip in ("machine", "q"):
        tap.ok(re.search(r'<a class="chip"[^>]*><span>%s</span>' % chip, text),
               "%s can be clicked away" % chip)
    tap.ok("<b>&" not in fresh("failures").text, "markup stays text")
    tap.ok(re.search(r'class="badge known"[^>]*>known 2×', text) and
           "badge new" in fresh("failures?package=busybox").text,
           "new and known ones have a badge")
    tap.ok('<link rel="alternate" type="application/atom+xml"' in text and
           '/buildstats/feed/failures.atom?machine=qemuarm&amp;q=zlib_init"'
           in text, "the head leads to the feed of this very search")
    tap.ok("feed/builds.atom?status=failed" in
           fresh("builds?status=failed").text, "that of /builds, too")


def previews(urls):
    paths = ["", "builds", "failures", "build/1", "package/zlib", "metrics",
             urls[0][len(SITE) + len("/buildstats/"):]]
    for path in paths:
        text = fresh(path).text
        og = dict(re.findall(
            r'<meta property="og:(\w+)" content="([^"]*)"', text))
        h1 = re.search("<h1>(.*?)</h1>", text).group(1)
        tap.ok(og.get("title") == h1 and og.get("type") == "website" and
               og.get("url") == SITE + "/buildstats/" + path and
               og.get("description"), "/%s previews well" % path, og)


# ---- lines and feeds ----

def lines(urls):
    for path in ("failures", "failures?q=zlib_init", "builds", "build/1", "",
                 "package/zlib", urls[0][len(SITE) + len("/buildstats/"):]):
        name, _, query = path.partition("?")
        a = fresh(name + ".txt" + ("?" + query if query else ""))
        sentence = fresh((name + ".json" if name else ".json") +
                         ("?" + query if query else "")).json["sentence"]
        tap.same((a.status, a.type), (200, "text/plain"),
                 "/%s.txt is a text" % path)
        tap.same(a.text.count("\n"), 1, "of one line")
        link = a.text.split()[-1]
        tap.same(link, SITE + "/buildstats/" + path, "with the address")
        tap.ok(a.text.startswith(sentence.split(",")[0].split("%")[0][:20]),
               "behind the sentence", a.text, sentence)
    a = fresh("f/zzzzzz.txt")
    tap.ok(a.status == 404 and a.type == "text/plain" and
           a.text.count("\n") == 1, "an error is a line, too", a.text)


def one(parent, name):
    found = parent.findall(ATOM + name)
    return found[0].text if len(found) == 1 else None


def check_feed(a, entries):
    """What RFC 4287 requires of a feed and of its entries."""
    feed = ET.fromstring(a.body)
    tap.same(feed.tag, ATOM + "feed", "the document is a feed")
    links = {e.get("rel"): e.get("href") for e in feed.findall(ATOM + "link")}
    tap.ok(one(feed, "title") and one(feed, "id").startswith("http://") and
           TIME.match(one(feed, "updated") or ""), "title, id and updated")
    tap.ok(links.get("self", "").startswith(SITE) and
           web.get(links["alternate"][len(SITE):]).status == 200,
           "links to itself and to the page", links)
    found = feed.findall(ATOM + "entry")
    tap.same(len(found), entries, "%d entries" % entries)
    ids = [one(e, "id") for e in found]
    tap.same(len(set(ids)), len(ids), "with ids of their own")
    for e in found:
        link = e.find(ATOM + "link")
        tap.ok(one(e, "title") and TIME.match(one(e, "updated")) and
               one(e, "id").startswith("http://") and
               link.get("rel") == "alternate" and
               e.find(ATOM + "author/" + ATOM + "name").text and
               e.find(ATOM + "summary") is not None,
               "an entry has what it must", ET.tostring(e))
        tap.same(web.get(link.get("href")[len(SITE):]).status, 200,
                 "and leads somewhere")
    times = [one(e, "updated") for e in found]
    if times:
        tap.same(one(feed, "updated"), max(times),
                 "the feed is as new as its newest entry")
    return found


def feeds():
    found = check_feed(fresh("feed/failures.atom"), 5)
    tap.ok("<b>&\"evil\"</b>" in one(found[0], "title"),
           "titles are text", one(found[0], "title"))
    found = check_feed(fresh("feed/failures.atom?package=zlib&machine=qemuarm"),
                       2)
    tap.ok(one(found[0], "title").startswith("zlib do_compile on qemuarm: ") and
           "known: 2 times" in one(found[0], "title"),
           "an entry is named by the failure's sentence",
           one(found[0], "title"))
    tap.same(len(check_feed(fresh("feed/builds.atom?status=failed"), 5)), 5,
             "builds have a feed")
    tap.same(fresh("feed/failures.atom?q=%22").status, 200, "odd words")
    tap.same(fresh("feed/failures.atom?since=never").status, 400,
             "wrong values are refused")
    for path in ("feed/failures", "feed/failures.json", "feed/x.atom",
                 "failures.atom", "feed/builds"):
        tap.same(fresh(path).status, 404, "/%s is no page" % path)


def conditional():
    first = fresh("feed/failures.atom")
    tag = first.headers["ETag"]
    again = web.get("feed/failures.atom", Cookie="test=1",
                    **{"If-None-Match": tag})
    tap.same((again.status, again.body), (304, b""),
             "an unchanged feed is 304 and nothing else")
    send(77, "xz", "do_compile", "xz_new", "qemuarm", "poky", "ann")
    again = web.get("feed/failures.atom", Cookie="test=1",
                    **{"If-None-Match": tag})
    tap.same(again.status, 200, "a new failure changes it")


def overview():
    doc = fresh(".json").json
    tap.ok(re.match(r"\d+ new failures since yesterday on \d+ builder",
                    doc["sentence"]), "the first page speaks of new failures",
           doc["sentence"])
    new = {f["recipe"]: f for f in doc["new"]}
    tap.same((new["zlib"]["times"], new["zlib"]["builders"]), (3, 2),
             "each error once, with how often, and on how many builders")
    build = fresh("build/1.json").json
    f = build["failures"][0]
    tap.ok(f["recipe"] == "zlib" and f["url"].startswith(
        SITE + "/buildstats/f/") and "zlib_init" in f["first_line"],
        "a build's failures have address and error", f)


def main():
    empty()
    urls = [send(i, *s) for i, s in enumerate(SENT)]
    searches()
    words_of_whole_logs()
    fields(urls)
    page()
    previews(urls)
    lines(urls)
    feeds()
    overview()
    conditional()


main()
tap.end()
