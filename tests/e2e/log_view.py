"""log_view.py: the viewer of logs, their bytes, and the receipts of uploads,
as a reader and a script see them through nginx.
"""

import gzip
import hashlib
import html.parser
import json
import os
import re
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.environ["BS_SRC"], "tests/lib"))
import tap  # noqa: E402
import tars  # noqa: E402
import web  # noqa: E402

WINDOW = 400
GCC_ERROR = b"../deflate.c:301:12: \x1b[01;31m\x1b[Kerror: \x1b[m\x1b[K" \
    b"implicit declaration of function 'zlib_init'"


def step(i):
    return b"NOTE: %07d %s" % (i, hashlib.md5(b"%d" % i).hexdigest()[:12].encode())


def numbered(n, errors):
    """n lines, some of them errors."""
    return b"\n".join(b"x.c:%d: error: number %d" % (i, i) if i in errors
                      else step(i) for i in range(1, n + 1)) + b"\n"


LOGS = {
    "small": numbered(1000, {700}),
    "large": numbered(1000000, {700000, 700001, 999990}),
    "single": b"x" * 100_000_000,
    "empty": b"",
    "nuls": b"\0" * 5000 + b"\n\0error\0\n",
    "crlf": b"one\r\ntwo\r\nthree.c:1: error: four\r\n",
    "bytes": bytes(range(256)) * 3 + b"\n\xff\xfe\xc3\n",
    "markup": b"<script>alert(1)</script>\n\"'&<b>\n"
              b"a.c:1: error: <img src=x onerror=alert(2)>\n",
    "colours": b"plain\n" + GCC_ERROR + b"\n  301 |   zlib_init();\n"
               b"b.c:2:1: \x1b[01;35mwarning: \x1b[munused\n"
               b"make: *** [Makefile:1: all] Error 1\n",
    "calm": numbered(300, ()),
    "tail": b"no line feed at the end",
    "ansi": b"\x1b[31mred\nstill red\x1b[0m\nnot red\n",
}


def psql(text):
    return subprocess.run(
        ["psql", "-X", "-A", "-t", "-q", "-d", os.environ["BS_DB"], "-c", text],
        check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def bundle(logs, name, started):
    """A run in which each of these failed."""
    files = {"logs/%s.do_compile.log" % recipe: log
             for recipe, log in logs.items()}
    top = "buildstats/%s/" % name
    pfs = ["%s-1.0-r0" % recipe for recipe in logs] + ["lonely-1.0-r0"]
    files[top + "build_stats"] = tars.build_stats(
        started, failed=[(pf, "do_compile") for pf in pfs])
    for i, pf in enumerate(pfs):
        files[top + pf + "/do_compile"] = tars.task(
            pf, started=started + i, status="FAILED")
    return gzip.compress(tars.tar(files), 1, mtime=0)


def send():
    """Sends all logs; {recipe: code}, and the answer."""
    answer = web.upload(bundle(LOGS, "20231114221320", 1700000000.12))
    tap.same(answer.status, 201, "a bundle with logs is taken") or \
        tap.ok(False, "what it says", answer.text[:500])
    codes = {}
    for f in web.get("failures.json?per=all").json["failures"]:
        codes[f["recipe"]] = f["id"]
    missing = sorted(set(LOGS) | {"lonely"} - set(codes))
    tap.same([m for m in missing if m not in codes], [],
             "every failed task is a failure")
    return codes, answer


class Page(html.parser.HTMLParser):
    """Lines of the log and links of a page."""

    def __init__(self, text):
        super().__init__()
        self.lines, self.links, self.tags = {}, [], []
        self.line = None
        self.sign = False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append(tag)
        if tag == "a":
            self.links.append((attrs.get("href", ""), attrs.get("class", "")))
        if tag == "li" and re.fullmatch(r"L\d+", attrs.get("id", "")):
            self.line = int(attrs["id"][1:])
            self.lines[self.line] = {"class": attrs.get("class", ""),
                                     "text": "", "sign": "", "in": []}
        elif self.line:
            self.lines[self.line]["in"].append((tag, attrs.get("class", "")))
            self.sign = tag == "i"

    def handle_endtag(self, tag):
        if tag == "li":
            self.line = None
        self.sign = False

    def handle_data(self, data):
        if self.line:
            self.lines[self.line]["sign" if self.sign else "text"] += data

    def link(self, text):
        """Where the links with this class or rel lead to."""
        return [href for href, cls in self.links if text in cls.split()]


def view(code, query="", form=""):
    return web.get("f/%s/log%s%s" % (code, form, query))


def page(code, query=""):
    return Page(view(code, query).text)


# ---- the view

def opening(codes):
    small = page(codes["small"])
    first, last = min(small.lines), max(small.lines)
    tap.ok(first < 700 < first + 10 and last - first < WINDOW,
           "it opens at the first error", (first, last))
    line = small.lines[700]
    tap.ok("k-error" in line["class"] and line["sign"] == " error",
           "an error has a class and a word", line)
    tap.ok(line["text"].endswith("x.c:700: error: number 700"),
           "and its text", line["text"])
    tap.same(small.lines[701]["class"], "", "other lines have none")
    calm = page(codes["calm"])
    tap.ok(max(calm.lines) == 300 and min(calm.lines) > 200,
           "a log without an error opens at its end", sorted(calm.lines)[:1])
    sentence = view(codes["small"], form=".json").json["sentence"]
    tap.ok("small do_compile" in sentence and "1,000 lines" in sentence and
           "1 error line" in sentence, "the sentence tells", sentence)


def around(codes):
    for n in (1, 2, 99, 100, 101, 300, 301, 399, 400, 401, 500, 999, 1000):
        got = view(codes["small"], "?line=%d" % n, ".json").json
        numbers = [l["number"] for l in got["lines"]]
        ok = n in numbers and len(numbers) <= WINDOW and \
            numbers == list(range(got["first"], got["last"] + 1)) and \
            (numbers[0] == 1 or numbers[0] <= n - 100) and \
            (numbers[-1] == 1000 or numbers[-1] >= n + 100)
        if not tap.ok(ok, "line %d with what is around it" % n,
                      numbers[:1], numbers[-1:]):
            continue
        texts = [l["text"] for l in got["lines"] if l["number"] == n]
        want = LOGS["small"].split(b"\n")[n - 1].decode()
        tap.same(texts, [want], "line %d is line %d" % (n, n))
    got = view(codes["small"], "?line=5000", ".json").json
    tap.same((got["last"], got["lines"][-1].get("current")), (1000, True),
             "a line behind the end is the last one")
    for bad in ("0", "-1", "x", "99999999999"):
        answer = view(codes["small"], "?line=" + bad)
        tap.ok(answer.status == 400 and "line" in answer.text,
               "line=%s is told what it takes" % bad)


def links(codes):
    """Each link of the view leads to what it says."""
    p = page(codes["large"])
    tap.same(p.link("next-error"), ["/buildstats/f/%s/log?line=999990#L999990" %
                                    codes["large"]],
             "the next error has a link; the line after is the same one")
    tap.same(p.link("prev-error"), [], "before the first there is none")
    errors = view(codes["large"], form=".json").json["errors"]
    tap.same([e["number"] for e in errors], [700000, 700001, 999990],
             "all error lines are listed")
    seen = 0
    for href, _ in p.links:
        found = re.fullmatch(r".*/log\?line=(\d+)#L(\d+)", href)
        if not found or found[1] in ("700000", "700001"):
            continue
        seen += 1
        there = Page(web.get(href.split("#")[0]).text)
        tap.ok(int(found[2]) in there.lines, "%s has its line" % href,
               sorted(there.lines)[:1])
        tap.ok(there.lines.get(int(found[2]), {}).get("class", "")
               .endswith("here"), "and marks it")
    tap.ok(seen >= 5, "first, previous, next, last and errors have links", seen)
    p = page(codes["large"], "?line=500000")
    tap.same([len(p.link("prev-error")), len(p.link("next-error"))], [0, 1],
             "errors lie behind the line that is looked at")
    p = page(codes["large"], "?line=999999")
    tap.same([len(p.link("prev-error")), len(p.link("next-error"))], [1, 0],
             "and before it")
    numbers = [href for href, _ in p.links if href.startswith("?line=")]
    tap.same(numbers[:1], ["?line=%d#L%d" % (min(p.lines), min(p.lines))],
             "each number is a link to its line")


def kinds(codes):
    p = page(codes["colours"])
    tap.same([(p.lines[n]["class"].split()[0] if p.lines[n]["class"] else "",
               p.lines[n]["sign"]) for n in (1, 2, 4, 5)],
             [("", ""), ("k-error", " error"), ("k-warning", " warning"),
              ("k-trailer", " trailer")], "kinds of lines have class and word")
    tap.ok(("span", "red bold") in p.lines[2]["in"],
           "colours of the terminal are classes", p.lines[2]["in"])
    tap.ok("\x1b" not in view(codes["colours"]).text, "no escape is left")
    p = page(codes["ansi"])
    tap.same([("span", "red") in p.lines[n]["in"] for n in (1, 2, 3)],
             [True, True, False], "a colour holds on until it ends")


def hostile(codes):
    for name in ("markup", "bytes", "nuls", "crlf", "tail", "empty", "single"):
        answer = view(codes[name])
        tap.same((answer.status, answer.type), (200, "text/html"),
                 "a log of %s has a view" % name)
        p = Page(answer.text)
        tap.same([t for t in p.tags if t in ("img", "b", "script")].count("script"),
                 2, "with our two scripts only")
        for form in (".json", ".xml"):
            tap.same(view(codes[name], form=form).status, 200,
                     "and %s" % form)
    p = page(codes["markup"])
    tap.same(p.lines[1]["text"].strip(), "1<script>alert(1)</script>",
             "markup is shown as it is")
    p = page(codes["crlf"])
    tap.ok(p.lines[1]["text"].endswith("one"), "CR ends a line",
           repr(p.lines[1]["text"]))
    answer = view(codes["single"])
    tap.ok(len(answer.body) < 40000 and "more of this line" in answer.text,
           "a line of 100 MB is cut, and says so", len(answer.body))
    got = view(codes["single"], form=".json").json
    tap.same((len(got["lines"]), len(got["lines"][0]["text"]) +
              got["lines"][0]["cut"]), (1, 100_000_000),
             "how much is cut, is told")
    got = view(codes["empty"], form=".json").json
    tap.same((got["total"], got["lines"], got["errors"]), (0, [], []),
             "an empty log has no line")
    tap.ok("empty" in got["sentence"], "and the sentence says so")


def no_log(codes):
    for path in ("log", "text", "log.json"):
        answer = web.get("f/%s/%s" % (codes["lonely"], path))
        tap.ok(answer.status == 404 and "No log came" in answer.text,
               "a failure without a log: %s says so" % path, answer.text[:300])
    for code in ("zzzzzz", "x", "0", "%00", "a" * 300):
        for path in ("log", "text"):
            tap.ok(web.get("f/%s/%s" % (code, path)).status in (400, 404),
                   "no failure %s" % code[:8])


def searching(codes):
    got = view(codes["small"], "?q=NUMBER", ".json").json
    tap.same([f["number"] for f in got["found"]], [700],
             "a search finds, whatever the case")
    p = page(codes["small"], "?q=number")
    tap.ok(("mark", "") in p.lines[700]["in"], "hits are marked",
           p.lines[700]["in"])
    tap.same([href for href, _ in p.links if "q=number" in href and
              "line=700" in href][:1],
             ["/buildstats/f/%s/log?q=number&line=700#L700" % codes["small"]],
             "and have links")
    got = view(codes["large"], "?q=NOTE", ".json").json
    tap.ok(len(got["found"]) == 50 and got["hits"] >= 10000 and
           got["hits_capped"], "many hits are counted so far only",
           got["hits"], len(got["found"]))
    tap.same(got["found"][0]["number"], 1, "from the first on")
    p = page(codes["large"], "?q=NOTE")
    tap.ok(any("line=50" in href and "#" not in href for href, _ in p.links),
           "with a link to those that follow")
    got = view(codes["large"], "?q=NOTE&line=51", ".json").json
    tap.same(got["found"][0]["number"], 51, "which goes on there")
    answer = view(codes["small"], "?q=nowhere")
    tap.ok(answer.status == 200 and "No line has" in answer.text,
           "no hit is said")
    answer = view(codes["markup"], "?q=%3Cscript%3E")
    tap.ok("<mark" in answer.text and "<script>alert" not in answer.text,
           "what is searched for is escaped, too")
    tap.same(view(codes["small"], "?q=" + "a" * 300).status, 400,
             "what is too long is refused")


# ---- bytes

def texts(codes):
    for name, log in LOGS.items():
        answer = web.get("f/%s/text" % codes[name])
        tap.ok(answer.status == 200 and answer.body == log,
               "%s comes back byte for byte" % name,
               answer.status, len(answer.body), len(log))
        tap.same((answer.headers["Content-Type"],
                  answer.headers["Content-Length"],
                  answer.headers["X-Content-Type-Options"],
                  answer.headers["ETag"]),
                 ("text/plain; charset=utf-8", str(len(log)), "nosniff",
                  '"%s"' % hashlib.sha256(log).hexdigest()),
                 "with type, length and tag")
    answer = web.get("f/%s/text" % codes["small"])
    tap.same(answer.headers["Content-Disposition"],
             'inline; filename="small-do_compile-%s.log"' % codes["small"],
             "it has a file name")
    head = web.request("HEAD", "f/%s/text" % codes["large"])
    tap.same((head.status, head.headers["Content-Length"], head.body),
             (200, str(len(LOGS["large"])), b""), "HEAD tells its length")
    packed = web.get("f/%s/text" % codes["large"], **{"Accept-Encoding": "gzip"})
    tap.ok(packed.headers["Content-Encoding"] == "gzip" and
           gzip.decompress(packed.body) == LOGS["large"], "it may be packed")


def ranges(codes):
    log, size = LOGS["large"], len(LOGS["large"])
    url = "f/%s/text" % codes["large"]
    for text, start, end in (
            ("0-0", 0, 1), ("0-131072", 0, 131073),
            ("131070-131080", 131070, 131081), ("1000000-", 1000000, size),
            ("-500", size - 500, size), ("-%d" % (size * 2), 0, size),
            ("%d-" % (size - 1), size - 1, size),
            ("5-%d" % (size * 2), 5, size), ("9000000-9300000", 9000000, 9300001)):
        answer = web.get(url, Range="bytes=" + text)
        tap.ok((answer.status, answer.body) == (206, log[start:end]),
               "bytes %s" % text, answer.status, len(answer.body))
        tap.same((answer.headers["Content-Range"],
                  answer.headers["Content-Length"]),
                 ("bytes %d-%d/%d" % (start, end - 1, size),
                  str(end - start)), "are what they say")
    for text in ("%d-" % size, "%d-%d" % (size + 5, size + 9), "-0"):
        answer = web.get(url, Range="bytes=" + text)
        tap.same((answer.status, answer.headers["Content-Range"]),
                 (416, "bytes */%d" % size), "bytes %s are not there" % text)
        tap.ok("ETag" not in answer.headers and
               "Content-Disposition" not in answer.headers,
               "which is no part of the log")
    for text in ("bytes=5-2", "bytes=0-1,5-6", "lines=1-2", "bytes=a-b"):
        answer = web.get(url, Range=text)
        tap.same((answer.status, len(answer.body)), (200, size),
                 "%s gets the whole" % text)
    whole = web.get(url)
    tap.same((whole.status, len(whole.body), whole.headers["Accept-Ranges"]),
             (200, size, "bytes"), "a part is never given for the whole")
    part = web.get(url, Range="bytes=0-9")
    tap.same((part.status, len(part.body)), (206, 10),
             "nor the whole for a part")


def conditions(codes):
    url = "f/%s/text" % codes["small"]
    tag = web.get(url).headers["ETag"]
    for text in (tag, "W/" + tag, '"x", ' + tag, "*"):
        answer = web.get(url, **{"If-None-Match": text})
        tap.same((answer.status, answer.body, answer.headers["ETag"]),
                 (304, b"", tag), "not sent again: %s" % text[:12])
    tap.same(web.get(url, **{"If-None-Match": '"x"'}).status, 200,
             "sent where it is another")
    for text, status in ((tag, 206), ('"x"', 200), ("W/" + tag, 200),
                         ("Mon, 23 Nov 2026 05:26:12 GMT", 200)):
        answer = web.get(url, Range="bytes=0-9", **{"If-Range": text})
        tap.same(answer.status, status, "If-Range: %s" % text[:12])
    tap.same(web.request("POST", url, b"x").status, 405, "no POST")


# ---- what it costs

def fetched():
    """Rows of packed log bytes that were read so far.  Connections tell their
    counts when they end."""
    pids = psql("SELECT string_agg(pid::text, ',') FROM pg_stat_activity WHERE"
                " backend_type = 'client backend' AND pid <> pg_backend_pid()")
    if pids:
        psql("SELECT pg_terminate_backend(p)"
             " FROM unnest('{%s}'::integer[]) p" % pids)
    while pids and psql("SELECT count(*) FROM pg_stat_activity"
                        " WHERE pid = ANY ('{%s}')" % pids) != "0":
        time.sleep(0.05)
    return int(psql(
        "SELECT sum(s.idx_tup_fetch + s.seq_tup_read) FROM pg_stat_all_tables s"
        " JOIN pg_class c ON c.reltoastrelid = s.relid"
        " WHERE c.relname = 'log_chunk'"))


def patient(path, **headers):
    """Connections were cut: a worker that hasn't seen it yet says so once."""
    for _ in range(20):
        answer = web.get(path, **headers)
        if answer.status != 503:
            return answer
    return answer


def reads(path, **headers):
    before = fetched()
    answer = patient(path, **headers)
    after = fetched()
    return after - before, answer


def costs(codes):
    """A view reads the pieces that it shows, however long the log is."""
    sizes = {}
    for name in ("small", "large"):
        sizes[name] = [int(n) for n in psql(
            "SELECT coalesce(ceil(octet_length(c.data) / 1996.0), 0)::int"
            " FROM log_chunk c JOIN failure f USING (log)"
            " JOIN recipe r ON r.id = f.recipe WHERE r.name = '%s'" % name)
            .split("\n")]
    piece, total = max(sizes["large"]), sum(sizes["large"])
    tap.ok(len(sizes["large"]) > 100 and total > 20 * piece,
           "a log of 1,000,000 lines has many pieces", len(sizes["large"]), total)
    for i, query in enumerate(("?a", "?line=1", "?line=500000",
                               "?line=1000000")):
        n, answer = reads("f/%s/log%s&n=%d" % (codes["large"], query, i))
        tap.same(answer.status, 200, "%s answers" % query)
        tap.ok(0 < n <= 4 * piece,
               "%s reads what it shows, of %d" % (query, total), n, piece)
    n, answer = reads("f/%s/text" % codes["large"], Range="bytes=9000000-9000009")
    tap.ok(answer.status == 206 and 0 < n <= 8 * piece,
           "a range reads what it is in", n)
    n, answer = reads("f/%s/text" % codes["large"],
                      **{"If-None-Match": "*"})
    tap.same((answer.status, n), (304, 0), "what is known isn't read")
    before = fetched()
    head = web.request("HEAD", "f/%s/text" % codes["large"])
    tap.ok(head.status in (200, 503) and fetched() == before,
           "nor is what isn't sent")
    small = patient("f/%s/log?line=300&w" % codes["small"])
    large = patient("f/%s/log?line=500000&w" % codes["large"])
    tap.ok(len(large.body) < 1.3 * len(small.body),
           "the views are of one size", len(small.body), len(large.body))


# ---- receipts

def receipt(answer):
    got = answer.json
    url = got.get("receipt", "")
    if not tap.ok(url.startswith(web.URL.geturl() + "receipt/"),
                  "the answer names a receipt", got):
        return None
    path = url[len(web.URL.geturl()):]
    page = web.get(path)
    tap.same((page.status, page.type, page.headers["Cache-Control"]),
             (200, "text/html", "no-store"), "it opens, and is kept nowhere")
    data = web.get(path + ".json").json
    body = bundle(LOGS, "20231114221320", 1700000000.12)
    tap.same((data["kind"], data["bytes"], data["sha256"]),
             ("bundle", len(body), hashlib.sha256(body).hexdigest()),
             "it tells kind, bytes and hash")
    tap.same([b["id"] for b in data["builds"]],
             [b["id"] for b in got["builds"]], "and the builds")
    tap.ok(sum(r["n"] for r in data["read"]) >= len(LOGS),
           "what was read is counted", data["read"])
    tap.same(sorted(data), ["builds", "bytes", "code", "dropped", "kept_until",
                            "kind", "notes", "raw", "read", "received",
                            "sentence", "sha256"], "it has its fields")
    return path


def raw(path):
    body = bundle(LOGS, "20231114221320", 1700000000.12)
    tap.same([web.get(path + "/raw").status,
              web.get(path + "/raw", Authorization="Bearer no").status],
             [401, 401], "without a token nobody has the upload")
    token = {"Authorization": "Bearer " + admin(
        "token", "add", "reader")[1].split()[-1]}
    answer = web.get(path + "/raw", **token)
    tap.ok((answer.status, answer.body) == (200, body),
           "the upload comes back as it came", answer.status, len(answer.body))
    tap.ok(answer.type == "application/octet-stream" and
           answer.headers["Content-Disposition"].startswith("attachment") and
           answer.headers["X-Content-Type-Options"] == "nosniff" and
           answer.headers["Cache-Control"] == "no-store",
           "as a file that nobody shows or keeps", dict(answer.headers))
    tap.same(web.get(path + ".json").json["raw"],
             web.URL.geturl() + path + "/raw", "the receipt has its address")
    tap.ok("<receipt" in web.get(path + ".xml").text or
           'route="receipt"' in web.get(path + ".xml").text, "XML, too")


def gone():
    for code in ("nothing", "a" * 19, "a" * 300, "%2e%2e", "x'--", ""):
        for end in ("", ".json", "/raw"):
            answer = web.get("receipt/%s%s" % (code, end))
            tap.ok(answer.status in (400, 401, 404), "no receipt %s" % code[:10],
                   answer.status)
    tap.same(web.get("receipt/nothing/raw").status, 401,
             "nor the upload, to nobody")
    text = web.get("receipt/nothing.json").error()
    tap.ok("30 days" in text, "and for how long they are kept", text)


SECRETS = b"fetch https://user:secret-word@git.example.org/x\n" \
    b"from someone@example.org\na.c:1: error: no\n"


def notes():
    """Markup and secrets in what a receipt quotes; the receipt's path."""
    files = tars.run(name="20231115000000", started=1700006400.5, files={
        "build_stats": tars.build_stats(
            1700006400.5, failed=[("zlib-1.3.1-r0", "do_compile")]),
        "zlib-1.3.1-r0/do_compile": tars.task(status="FAILED"),
        "xz-5.4-r1/do_compile":
            tars.task("xz-5.4-r1") + "<script>alert(1)</script>\n",
        "/logs/zlib.do_compile.log": SECRETS.decode()})
    answer = web.upload(tars.tar(files))
    path = answer.json.get("receipt", "")[len(web.URL.geturl()):]
    if not tap.ok(answer.status == 201 and path, "another upload", answer.text):
        return None
    text, data = web.get(path).text, web.get(path + ".json").json
    tap.ok("secret-word" not in text, "a masked value isn't quoted")
    masked = [n for n in data["notes"] if n["what"] == "masked"]
    tap.ok(masked and masked[0]["line"] == 1, "where it was is told",
           json.dumps(data["notes"])[:600])
    tap.ok("<script>alert" not in text and "&lt;script&gt;alert" in text,
           "markup is escaped", text[-3000:])
    return path


# ---- read again

def report():
    """An error report that came alone; its receipt's path."""
    document = {
        "machine": "qemuarm", "distro": "poky", "build_sys": "x86_64-linux",
        "target_sys": "arm-poky-linux", "nativelsb": "debian-12",
        "component": "busybox", "branch_commit": "master: 0123456789",
        "failures": [{"package": "busybox-1.36-r0", "recipe": "busybox",
                      "task": "do_compile", "log": SECRETS.decode()}]}
    answer = web.request("POST", "/ClientPost/JSON", json.dumps(document),
                         {"Content-Type": "application/json"})
    tap.same(answer.status, 200, "an error report is taken")
    return answer.json["receipt"][len(web.URL.geturl()):]


def admin(*args):
    got = subprocess.run(
        [os.path.join(os.environ["BS_INSTALL"], "sbin/buildstats-admin"),
         "--db", os.environ["BS_DB"], "--raw", os.environ["BS_RAW"], *args],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return got.returncode, got.stdout


def state():
    """What a reader has links to, and what logs say."""
    failures = web.get("failures.json?per=all&s=%f" % time.time()).json["failures"]
    return {f["recipe"]: (f["id"], f["build"], f["log"] and
                          web.get("f/%s/text" % f["id"]).body)
            for f in failures if f["recipe"] in ("zlib", "busybox")}


def reparse(paths):
    codes = [path.split("/")[-1] for path in paths]
    before = state()
    status, text = admin("reparse", codes[0])
    tap.ok(status == 0 and "(known)" in text, "what was read well stays", text)
    tap.same(state(), before, "as it is")
    status, text = admin("--mask", "credentials,emails", "reparse", *codes)
    tap.ok(status == 0 and text.count("(replaced)") == 2,
           "other rules read other logs", text)
    after = state()
    tap.same({k: v[:2] for k, v in after.items()},
             {k: v[:2] for k, v in before.items()},
             "builds and failures keep their numbers")
    for recipe in before:
        tap.ok(b"someone" in before[recipe][2] and
               b"someone" not in after[recipe][2] and
               b"secret-word" not in before[recipe][2],
               "%s's log is masked by them" % recipe, after[recipe][2])
    status, text = admin("--mask", "credentials,emails", "reparse", *codes)
    tap.ok(status == 0 and text.count("(known)") == 2, "once", text)
    status, text = admin("--all", "--since", "2020-01-01", "reparse")
    tap.ok(status == 0 and "3 uploads read again, 0 could not be" in text,
           "all of them", text)
    status, text = admin("--all", "--since", "2100-01-01", "reparse")
    tap.ok(status == 0 and "0 uploads" in text, "none of what is to come", text)
    for name in os.listdir(os.environ["BS_RAW"]):
        os.unlink(os.path.join(os.environ["BS_RAW"], name))
    status, text = admin("--all", "reparse")
    tap.ok(status == 1 and "not kept any longer" in text and
           "0 uploads read again, 3 could not be" in text,
           "what is gone is said", text)
    token = admin("token", "add", "reader2")[1].split()[-1]
    tap.same(web.get(paths[0] + "/raw", Authorization="Bearer " + token).status,
             404, "by the server, too")
    tap.same(admin("reparse", "nothing")[0], 1, "no receipt")
    for args in (("reparse",), ("--all", "reparse", codes[0]),
                 ("--all", "--since", "x", "reparse"), ("--mask", "x", "doctor")):
        tap.same(admin(*args)[0], 2, "wrong usage: %s" % " ".join(args))


def main():
    codes, answer = send()
    opening(codes)
    around(codes)
    links(codes)
    kinds(codes)
    hostile(codes)
    no_log(codes)
    searching(codes)
    texts(codes)
    ranges(codes)
    conditions(codes)
    path = receipt(answer)
    if path:
        raw(path)
    gone()
    costs(codes)
    again = [notes(), report()]
    if all(again):
        reparse(again)
    tap.end()


main()
