"""client_post.py: error reports, byte for byte as clients of all ages send
them, real documents and broken ones."""

import concurrent.futures
import gzip
import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

sys.path.insert(0, os.path.join(os.environ["BS_SRC"], "tests/lib"))
import tap  # noqa: E402
import web  # noqa: E402
from recordings import unpack  # noqa: E402

DATA = os.path.join(os.environ["BS_SRC"], "tests", "data")
SITE = "http://%s:%d" % (web.URL.hostname, web.URL.port)
ENTRY = re.compile(r"^Your entry can be found here: (http://\S+)$")
MIB = 1 << 20


def documents():
    """{name: document} of what bitbake wrote."""
    found = {}
    for archive in ("F1", "B1"):
        files = unpack(os.path.join(DATA, archive + ".tar.zst"))
        for name, data in files.items():
            if "error-report/" in name and name.endswith(".txt"):
                found[archive + "/" + os.path.basename(name)] = \
                    json.loads(data)
    return found


def sent(document, username="Jane Doe", email="jane@example.org",
         link_back=""):
    """What the client makes of a file."""
    whole = dict(document, username=username, email=email,
                 link_back=link_back)
    return json.dumps(whole, indent=4, sort_keys=True).encode()


def failure(log="x.c:1:1: error: nothing\n", task="do_compile",
            package="zlib-1.3.1-r0", recipe="zlib"):
    return {"log": log, "task": task, "package": package, "recipe": recipe}


def report(*failures, **more):
    base = {"machine": "qemuarm", "distro": "poky",
            "nativelsb": "universal/ubuntu-24.04",
            "build_sys": "x86_64-linux", "target_sys": "arm-poky-linux",
            "component": "core-image-minimal",
            "branch_commit": "master: " + "0" * 40,
            "failures": list(failures)}
    return dict(base, **more)


def client_04(document, server=SITE, json_reply=False, **sender):
    """The client of 2025; what it prints."""
    answer = urllib.request.urlopen(server + "/ClientPost/JSON")
    limit = int(json.loads(answer.read()).get("max_log_size", 0))
    assert limit == 5242880
    path = "/ClientPost/JSON/" if json_reply else "/ClientPost/"
    request = urllib.request.Request(
        server + path, data=sent(document, **sender),
        headers={"Content-type": "application/json",
                 "User-Agent": "send-error-report/0.4"})
    with urllib.request.urlopen(request) as reply:
        assert reply.geturl() == server + path, "redirected"
        return reply.status, reply.read().decode("utf-8")


def post(body, path="/ClientPost/JSON/", **headers):
    headers.setdefault("Content-Type", "application/json")
    return web.request("POST", path, body,
                       {k.replace("_", "-"): v for k, v in headers.items()})


def build_of(answer):
    return web.get("build/%d.json" % answer["build_id"]).json


# ---- what is asked first ----

def probe():
    for path in ("/ClientPost/JSON", "/ClientPost/JSON/", "//ClientPost/JSON",
                 "//ClientPost//JSON//", "/ClientPost/", "/ClientPost",
                 "/buildstats/ClientPost/JSON", "/buildstats//ClientPost/"):
        a = web.request("GET", path, headers={
            "Accept-Encoding": "identity", "Connection": "close",
            "User-Agent": "Python-urllib/3.11"})
        tap.same((a.status, a.type), (200, "application/json"),
                 "GET %s is answered" % path)
        tap.same(a.json, {"error": "No valid data provided",
                          "max_log_size": "5242880"}, "with the limit")
    a = web.request("HEAD", "/ClientPost/JSON")
    tap.same((a.status, a.body), (200, b""), "HEAD, too")
    a = web.request("GET", "/Errors/")
    tap.same(a.status, 200, "GET /Errors/ is 200 for clients of 2014")
    tap.same(web.request("GET", "/Errors").status, 200, "without a slash, too")


# ---- real documents ----

def real_documents(docs):
    for name, document in sorted(docs.items()):
        status, text = client_04(document)
        lines = text.splitlines()
        found = ENTRY.match(lines[0])
        tap.ok(status == 200 and found, "%s gets its line" % name, text)
        tap.same(len(re.findall("https?://", lines[0])), 1,
                 "with one address")
        status, again = client_04(document, json_reply=True)
        answer = json.loads(again)
        tap.same(sorted(set(answer) - {"receipt", "similar_errors_url"}),
                 ["build_id", "build_url", "failures", "num_similar_errors"],
                 "the JSON has the keys that clients know")
        tap.same(len(answer["failures"]), len(document["failures"]),
                 "and each failure")
        one = len(document["failures"]) == 1
        want = answer["failures"][0]["url"] if one else answer["build_url"]
        tap.same(found and found.group(1), want,
                 "both forms lead to the same place")
        if one:
            path = found.group(1)[len(SITE):]
            tap.ok(len(path) <= 20, "the short link is short", path)
        tap.ok(all(isinstance(f["id"], int) and f["id"] > 0 and
                   f["url"].startswith(SITE + "/buildstats/f/")
                   for f in answer["failures"]), "ids and addresses", again)
        tap.same(len(lines), 2 + len(document["failures"]),
                 "a verdict for each failure, and the receipt")
        same_however_sent(document, answer)
        kept(document, answer)


def same_however_sent(document, answer):
    body = sent(document, "Somebody Else", "", "https://ci.example.org/1")
    form = b"data=" + urllib.parse.quote_plus(body).encode()
    cases = (
        ("a form", form, {"Content-Type": "application/json"}),
        ("a form with another field",
         b" \r\n" + form + b"&x=1",
         {"Content-Type": "application/x-www-form-urlencoded"}),
        ("compact", json.dumps(document, ensure_ascii=False).encode(), {}),
        ("gzip", gzip.compress(body), {"Content-Encoding": "gzip"}),
        ("zstd", zstd(body), {"Content-Encoding": "zstd"}),
        ("gzip of a form", gzip.compress(form),
         {"Content-Encoding": "gzip"}),
        ("no type", body, {"Content-Type": ""}),
        ("another agent", body, {"User-Agent": "curl/7.88.1"}),
        ("0.3", body, {"User-Agent": "send-error-report/0.3"}),
    )
    for what, data, headers in cases:
        a = post(data, **headers)
        if not tap.ok(a.status == 200, "sent as %s" % what, a.text):
            continue
        tap.same((a.json["build_id"], a.json["failures"] and
                  [f["id"] for f in a.json["failures"]]),
                 (answer["build_id"],
                  [f["id"] for f in answer["failures"]]), "the same ids")


def zstd(data):
    return subprocess.run(["zstd", "-qc"], input=data, check=True,
                          stdout=subprocess.PIPE).stdout


def kept(document, answer):
    build = build_of(answer)
    tap.same((build["build"]["status"], build["build"]["machine"],
              build["build"]["builder"]),
             ("failed", document["machine"], "Jane Doe"),
             "the build is a failed one")
    layers = {x["name"]: x["commit"] for x in build["environment"]["layers"]}
    tap.same(sorted(layers), sorted(x.split("=")[0].strip()
                                    for x in document["layer_version"]),
             "with its layers")
    tap.same(build["environment"]["host_distro"],
             document["nativelsb"].split("/")[-1], "and its host")
    tap.ok("jane@" not in json.dumps(build), "and nobody's e-mail address")
    for told, f in zip(document["failures"], answer["failures"]):
        code = f["url"].rsplit("/", 1)[1]
        one = web.get("f/%s.json" % code)
        log = web.get("f/%s/text" % code)
        tap.same((one.status, log.status, log.body),
                 (200, 200, told["log"].encode()), "its log is kept")
        one = one.json["failure"]
        if "recipe" in told:
            tap.same((one["recipe"], one["task"]),
                     (told["recipe"], told["task"]), "and what failed")
    receipt = answer["receipt"][len(SITE):]
    tap.same(web.get(receipt + ".json").status, 200, "there is a receipt")


# ---- clients of other ages, and proxies ----

def by_hand(target, body, *headers, version="1.1"):
    head = ["POST %s HTTP/%s" % (target, version),
            "Host: %s:%d" % (web.URL.hostname, web.URL.port),
            "Content-Length: %d" % len(body)] + list(headers)
    return web.raw("\r\n".join(head).encode() + b"\r\n\r\n" + body)


def other_ages():
    document = report(failure("a.c:1: error: ages\n"))
    body = sent(document)
    form = b"data=" + urllib.parse.quote_plus(body).encode()
    close = "Connection: close"
    typed = "Content-type: application/json"
    cases = (
        ("Python 2 of 2014", by_hand("/ClientPost/", form, typed, close)),
        ("HTTP/1.0", by_hand("/ClientPost/", form, typed, version="1.0")),
        ("through a proxy of 2014",
         by_hand(SITE + "/ClientPost/", form, typed, close)),
        ("through a proxy",
         by_hand(SITE + "/ClientPost/", body, typed, close)),
        ("with Expect",
         by_hand("/ClientPost/", body, typed, close, "Expect: 100-continue")),
        ("a server that ends with a slash",
         by_hand("//ClientPost/", body, typed, close)),
        ("without the last slash", by_hand("/ClientPost", body, close)),
        ("below the base path",
         by_hand("/buildstats/ClientPost/", body, close)),
    )
    links = set()
    for what, answer in cases:
        status = answer.split(b"\r\n", 1)[0]
        if status == b"HTTP/1.1 100 Continue":
            answer = answer.split(b"\r\n\r\n", 1)[1]
            status = answer.split(b"\r\n", 1)[0]
        line = answer.split(b"\r\n\r\n", 1)[-1].split(b"\n", 1)[0].decode()
        found = ENTRY.match(line)
        tap.ok(status == b"HTTP/1.1 200 OK" and found,
               "%s: 200 and the line" % what, answer)
        links.add(found and found.group(1))
    tap.same(len(links), 1, "all of them get the same link")


def chunked():
    body = sent(report(failure("a.c:1: error: chunks\n")))
    head = ("POST /ClientPost/JSON/ HTTP/1.1\r\nHost: %s:%d\r\nConnection: "
            "close\r\nTransfer-Encoding: chunked\r\n\r\n" %
            (web.URL.hostname, web.URL.port)).encode()
    data = b"".join(b"%x\r\n%s\r\n" % (len(body[i:i + 100]), body[i:i + 100])
                    for i in range(0, len(body), 100))
    answer = web.raw(head + data + b"0\r\n\r\n")
    tap.ok(answer.startswith(b"HTTP/1.1 200 "), "a body in chunks", answer)


# ---- known or new ----

def known():
    log = ("NOTE: make -j 8\ngcc -c %s/tmp/work/x.c\n"
           "%s/tmp/work/x.c:%d:3: error: implicit declaration of function "
           "'frob_%s'\nmake: *** [Makefile:7: x.o] Error 1\n")
    name = os.urandom(4).hex()
    name = "".join(c if c.isalpha() else "q" for c in name)
    status, text = client_04(report(failure(log % ("/a", "/a", 7, name)),
                                    machine="one"))
    tap.ok("new: not seen before" in text, "a new failure is called new", text)
    status, text = client_04(report(failure(log % ("/b", "/b", 9, name)),
                                    machine="two"), username="Another")
    tap.ok("known: " in text, "elsewhere it is known", text)
    status, text = client_04(report(failure(log % ("/c", "/c", 9, name)),
                                    machine="three"), json_reply=True)
    answer = json.loads(text)
    tap.same(answer["num_similar_errors"], 2, "with a number")
    tap.ok(answer.get("similar_errors_url", "").startswith(
        SITE + "/buildstats/signature/"), "and an address", text)
    if "similar_errors_url" in answer:
        old = "/Errors/SimilarTo/%d/" % answer["failures"][0]["id"]
        a = web.request("GET", old)
        tap.same((a.status, a.headers.get("Location")),
                 (301, answer["similar_errors_url"]), old)


# ---- documents of every age ----

def odd_documents():
    cases = (
        ("no failures", report()),
        ("a ParseError", {"failures": [{"task": "ParseError at /x/y_1.bb:1",
                                        "log": "ParseError at /x/y_1.bb:1"}],
                          "component": "parse"}),
        ("a missing provider", report({
            "task": "Nothing provides 'x'", "package": "x",
            "log": "Nothing PROVIDES 'x'"})),
        ("a document of 2013", {
            "machine": "m", "build_sys": "x86_64-linux", "nativelsb": "a-1",
            "distro": "", "target_sys": "arm", "component": "x",
            "branch_commit": "<unknown>: <unknown>",
            "failures": [{"task": "do_x", "package": "a-1-r0",
                          "log": "No Log"}]}),
        ("no log", report({"task": "do_x", "package": "a-1-r0"})),
        ("a log of no bytes", report(failure(""))),
        ("a log of NULs", report(failure("\0" * 100000))),
        ("one long line", report(failure("x" * 3000000))),
        ("the same failure twice", report(failure("1"), failure("2"))),
        ("two parse errors", report({"task": "ParseError at a", "log": "a"},
                                    {"task": "ParseError at b", "log": "b"})),
        ("nulls", report(failure(), distro=None, layer_version=None,
                         local_conf=None)),
        ("other types", report(failure(), machine=7, component=[],
                               layer_version="x", error_type={})),
        ("long fields", report(failure(task="do_" + "x" * 5000,
                                       recipe="r" * 5000,
                                       package="r" * 5000 + "-1-r0"),
                               machine="m" * 5000, component="c " * 5000)),
        ("unknown members", report(failure(), new_key={"a": [1, 2, "x"]})),
    )
    for what, document in cases:
        a = post(sent(document))
        if not tap.ok(a.status == 200, what, a.text):
            continue
        answer = a.json
        tap.ok(len(answer["failures"]) == len(document["failures"]) and
               all(f["id"] > 0 for f in answer["failures"]),
               "each failure has a number", a.text)
        tap.same(build_of(answer)["build"]["status"], "failed",
                 "and the build failed")
        for f in answer["failures"]:
            page = web.get(f["url"][len(SITE):])
            tap.same(page.status, 200, "its page")
    a = post(sent(cases[0][1]))
    tap.same(a.json["failures"], [], "empty failures are empty")


def hostile_logs():
    log = ("<script>alert(1)</script> error: <b>onerror=</b>\n"
           "\0\x1b[31merror: red\x1b[0m\ud800 \u202e\n")
    a = post(sent(report(failure(log))))
    tap.same(a.status, 200, "markup, NUL, half a pair and colours are taken")
    path = a.json["failures"][0]["url"][len(SITE):]
    text = web.get(path + "/text")
    tap.same(text.body, log.replace("\ud800", "\ufffd").encode(),
             "and kept as they are, but for the half")
    for page in (path, path + "/log"):
        html = web.get(page)
        tap.ok(html.status == 200 and "<script>alert" not in html.text and
               b"\0" not in html.body and b"\x1b" not in html.body,
               "%s shows them escaped" % page.rsplit("/", 1)[1], html.text)
    # bytes that are no UTF-8, as no client sends them
    body = sent(report(failure("MARK"))).replace(b"MARK", b"error: \xff\xfe\n")
    a = post(body)
    tap.same(a.status, 200, "so are bytes that are no UTF-8")
    text = web.get(a.json["failures"][0]["url"][len(SITE):] + "/text")
    tap.same(text.body, b"error: \xff\xfe\n", "and kept")


def secrets():
    a = post(sent(report(
        failure("fetch https://jane:hunter2@git.example.org/x\nerror: x\n"),
        local_conf="SRC = \"https://jane:hunter2@git.example.org/x\"\n")))
    path = a.json["failures"][0]["url"][len(SITE):]
    text = web.get(path + "/text")
    tap.ok(text.status == 200 and b"hunter2" not in text.body,
           "credentials are masked", text.text)
    receipt = web.get(a.json["receipt"][len(SITE):] + ".json")
    tap.ok("hunter2" not in receipt.text and "masked" in receipt.text,
           "the receipt says so", receipt.text)


# ---- a report, and its build ----

def whole_build(docs):
    """The build turns up later, with the same report in it."""
    name = "F1/error_report_20261122140428.txt"
    alone = post(sent(docs[name])).json
    with open(os.path.join(DATA, "F1.tar.zst"), "rb") as f:
        a = web.upload(f.read(), "application/zstd")
    tap.same(a.status, 201, "the build of a report that was here first")
    whole = [b for b in a.json["builds"] if b["name"] == "20261122140428"][0]
    again = post(sent(docs[name], "Another")).json
    tap.same(again["build_id"], whole["id"], "the report leads to it now")
    tap.same([f["id"] for f in again["failures"]],
             [f["id"] for f in alone["failures"]],
             "its failures kept their numbers")
    for url in (alone["build_url"], alone["failures"][0]["url"]):
        page = web.get(url[len(SITE):] + ".json")
        tap.same(page.status, 200, "the addresses of before lead somewhere")
    build = web.get("build/%d.json?fresh=1" %
                    alone["build_id"]).json["build"]
    tap.same(build["tasks"], whole["tasks"], "to the whole build")


# ---- many, large, at once ----

def many_failures():
    document = report(*(failure("x.c:%d: error: e%d\n" % (i, i),
                                package="r%d-1-r0" % i, recipe="r%d" % i)
                        for i in range(10000)))
    a = post(sent(document))
    tap.same(a.status, 200, "10,000 failures are taken")
    ids = [f["id"] for f in a.json["failures"]]
    tap.ok(len(set(ids)) == 10000 and min(ids) > 0,
           "each with a number of its own")
    tap.same([f["id"] for f in post(sent(document)).json["failures"]], ids,
             "and the same ones again")
    document["failures"].append(failure(package="more-1-r0", recipe="more"))
    document["failures"] += document["failures"][:100]
    refused(post(sent(document)), 413, "more than 10000 failures")


def large_logs():
    line = "gcc -c %08d.c -o %08d.o -Wall -Wextra\n"
    log = "".join(line % (i, i) for i in range(500000)) + "x.c:1: error: y\n"
    a = post(sent(report(failure(log))))
    tap.same(a.status, 200, "a log of %d MiB is taken" % (len(log) // MIB))
    path = a.json["failures"][0]["url"][len(SITE):]
    text = web.get(path + "/text")
    tap.ok(text.body == log.encode(), "and kept whole")
    noise = os.urandom(11 * MIB).hex()
    a = post(sent(report(failure(noise))))
    tap.same(a.status, 200, "noise of %d MiB, too" % (len(noise) // MIB))
    form = b"data=" + urllib.parse.quote(sent(
        report(failure(log[:6 * MIB], task="do_form"))), safe="").encode()
    tap.same(post(form).status, 200, "and in a form")
    refused(post(sent(report(failure("x" * (100 * MIB))))), 413,
            "up to ")
    refused(post(sent(report(failure("x" * (40 * MIB))))), 413,
            "more than 32 MiB")
    bomb = gzip.compress(sent(report(failure("x" * (200 * MIB)))))
    refused(post(bomb, Content_Encoding="gzip"), 413, "more than 32 MiB")


def at_once():
    bodies = [sent(report(failure("a.c:1: error: at once %d\n" % i)))
              for i in range(6)]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(post, [b for b in bodies for _ in range(4)]))
    tap.same([a.status for a in answers], [200] * 24,
             "the same report from many at once")
    found = [(a.json["build_id"], a.json["failures"][0]["id"])
             for a in answers if a.status == 200]
    tap.same(len(set(found)), 6, "is one report each")


# ---- what is wrong ----

def refused(answer, status, part):
    tap.same(answer.status, status, "refused: %s" % part)
    tap.ok(part in answer.error(), "the body says why", answer.text)


def reason(path, body):
    answer = by_hand(path, body, "Connection: close")
    head, _, text = answer.partition(b"\r\n\r\n")
    return head.split(b"\r\n", 1)[0].decode(), text.decode()


def wrong_bodies():
    whole = sent(report(failure()))
    refused(post(b""), 400, "empty")
    refused(post(b" \n "), 400, "No valid data provided")
    refused(post(b"dat"), 400, "No valid data provided")
    refused(post(b"x=" + whole), 400, "No valid data provided")
    refused(post(b"[]"), 400, "No valid data provided")
    refused(post(b"<xml/>"), 400, "No valid data provided")
    refused(post(whole[:-10]), 400, "report: the JSON ends early")
    refused(post(whole.replace(b"{", b"{}", 1)), 400, "report: not JSON")
    refused(post(b"data=" + whole[:20] + b"%zz"), 400, "escape")
    refused(post(b"data=%7B%7"), 400, "ends early")
    refused(post(b"{}"), 400, "no failures")
    refused(post(b'{"failures":{}}'), 400, "expected an array")
    refused(post(b'{"failures":[{"task":7}]}'), 400,
            "failures[0].task: expected a string")
    deep = b"[" * 100 + b"]" * 100
    refused(post(b'{"failures":[],"x":' + deep + b"}"), 400, "nested")
    refused(post(gzip.compress(whole)[:-20], Content_Encoding="gzip"), 400,
            "gzip")
    refused(post(whole, Content_Encoding="br"), 415, "Content-Encoding")
    status, text = reason("/ClientPost/", b'{"failures":7}')
    tap.same((status, text),
             ("HTTP/1.1 400 report: failures: expected an array.",
              "report: failures: expected an array.\n"),
             "the status line says what is wrong")
    status, text = reason("/ClientPost/JSON/", b"\xc3\xbc")
    tap.ok(status.startswith("HTTP/1.1 400 No valid data provided"),
           "in JSON, too", status)
    try:
        client_04(report(failure("x" * (40 * MIB))))
        tap.ok(False, "the client is told")
    except urllib.error.HTTPError as e:
        tap.ok(e.code == 413 and "32 MiB" in e.reason,
               "the client prints why", e.reason)
    for method in ("PUT", "DELETE"):
        a = web.request(method, "/ClientPost/", b"x")
        tap.same((a.status, a.headers.get("Allow")),
                 (405, "GET, HEAD, POST"), method)


def stored():
    """How many builds there are now, not a moment ago."""
    return web.get("builds.json?fresh=" + os.urandom(8).hex()).json["total"]


def nothing_stays(before):
    tap.same(stored(), before, "nothing of what was refused is stored")


# ---- addresses of before ----

def old_addresses(answer):
    base = SITE + "/buildstats/"
    first = answer["failures"][0]
    cases = (
        ("/", base),
        ("/Errors/Latest/", base + "failures"),
        ("/Errors/Latest", base + "failures"),
        ("/Errors/Latest/feed", base + "feed/failures.atom"),
        ("/Errors/Latest/AB/", base + "failures"),
        ("/Errors/Latest/AB/feed", base + "feed/failures.atom"),
        ("/Errors/Build/%d/" % answer["build_id"], answer["build_url"]),
        ("/Errors/Details/%d/" % first["id"], first["url"]),
        ("/Errors/Search/?query=a+b&limit=50&page=2&order_by=-x",
         base + "failures?q=a%20b&page=2&per=50"),
        ("/Errors/Search/?items=10&query=&limit=x&filter=qemuarm"
         "&type=build__machine", base + "failures?machine=qemuarm"),
        ("/Errors/Search/?filter=a%26b&type=nonsense",
         base + "failures?q=a%26b"),
        ("/Errors/Search/", base + "failures"),
        ("/Statistics/", base + "failures"),
        ("/Errors/Statistics/RECIPE/", base + "failures?sort=recipe"),
        ("/Errors/Statistics/NATIVELSBSTRING/", base + "failures"),
    )
    for path, want in cases:
        a = web.request("GET", path)
        tap.ok(a.status in (301, 302), "%s leads away" % path, a.status)
        to = a.headers.get("Location", "")
        tap.same(urllib.parse.urljoin(SITE, to), want, "to the right place")
        page = web.request("GET", want[len(SITE):])
        tap.same(page.status, 200, "which is there")
    for path in ("/Errors/Build/x/", "/Errors/Details/0/",
                 "/Errors/SimilarTo/2147483647/", "/Errors/Details/99999999999",
                 "/Errors/Nonsense/", "/ClientPostX", "/Errors/Latest/a/b/c"):
        tap.same(web.request("GET", path).status, 404, path)
    for path in ("/Errors/Latest/", "/", "/Statistics/"):
        tap.same(web.request("POST", path, b"x").status, 405,
                 "POST %s is never redirected" % path)


def main():
    docs = documents()
    probe()
    real_documents(docs)
    other_ages()
    chunked()
    known()
    odd_documents()
    hostile_logs()
    secrets()
    whole_build(docs)
    at_once()
    large_logs()
    many_failures()
    before = stored()
    wrong_bodies()
    nothing_stays(before)
    old_addresses(post(sent(docs["F1/noprovider.txt"])).json)
    tap.end()


main()
