"""hostile_names.py: names that a build may really bear, however ugly, are
shown as text everywhere: in HTML, JSON, XML, CSV, headers and links."""

import csv
import html.parser
import io
import json
import os
import re
import sys
import xml.etree.ElementTree as ET

sys.path.insert(0, os.path.join(os.environ["BS_SRC"], "tests/lib"))
import tap  # noqa: E402
import tars  # noqa: E402
import web  # noqa: E402

MARKUP = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;&lt;"
PF_MARKUP = "<b onmouseover=alert(3)>&\"'-1.0-r0"
UGLY = {
    "markup": MARKUP,
    "quotes": "\"'`$(id);--",
    "control": "a\x00b\x1b[31mred\x07\r\nX-Injected: yes",
    "wide": "\u202eright to left \U0001f4a9 \u00e9",
    "template": "{{7*7}}${7*7}<?xml?>]]><!--",
    "formula": "=HYPERLINK(\"http://x\")",
    "long": "m" * 255,
}


class Strict(html.parser.HTMLParser):
    """Collects what a browser would run or load."""

    def __init__(self, text):
        super().__init__()
        self.bad = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            value = value or ""
            if name.startswith("on") or name == "style" or \
                    re.match(r"\s*(javascript|data):", value, re.I) and \
                    name in ("href", "action", "formaction"):
                self.bad.append("<%s %s=%r>" % (tag, name, value))
            if tag in ("script", "img", "link") and name in ("src", "href") \
                    and not value.startswith(web.URL.path) and "://" in value \
                    and web.URL.netloc not in value:
                self.bad.append("<%s> loads %r" % (tag, value))
        if tag in ("iframe", "object", "embed", "base"):
            self.bad.append("<%s>" % tag)
        if tag == "script" and not dict(attrs).get("src"):
            self.bad.append("inline <script>")
        if tag == "img" and dict(attrs).get("src") == "x":
            self.bad.append("<img src=x>")


def send(i, what, name, pf):
    """One build whose every name is `name`."""
    document = {
        "machine": name, "distro": name, "builder": name,
        "targets": [name], "tags": [name], "distro_version": name,
        "layers": [{"name": name, "branch": name, "commit": name}],
    }
    start = 1700000000.0 + 1000 * i
    answer = web.upload(tars.tar(tars.run(
        "hostile%d" % i, start, host="h%d" % i, files={
            "build.json": json.dumps(document),
            pf + "/do_compile": tars.task(pf, started=start + 3,
                                          status="FAILED"),
            "host_stats_interval":
                "Event Time: %.6f\nDate: x\n%s\n" % (start, name)})))
    if not tap.ok(answer.status in (201, 400),
                  "%s: %d" % (what, answer.status), answer.text[:300]):
        return None
    if answer.status == 400:
        tap.ok(len(answer.error()) > 10, "%s is refused: %s" % (
            what, answer.error()[:100]))
        return None
    return answer.json["builds"][0]["id"]


def page_is_safe(what, path):
    answer = web.get(path)
    bad = Strict(answer.text).bad
    tap.ok(answer.status in (200, 400, 404) and not bad and
           "X-Injected" not in answer.headers,
           "%s: /%s is safe" % (what, path[:60]),
           "status %d" % answer.status, "\n".join(bad))


def data_is_well_formed(what, path):
    try:
        ET.fromstring(web.get(path + ".xml").body)
        json.loads(web.get(path + ".json").body)
        why = ""
    except (ValueError, ET.ParseError) as e:
        why = str(e)
    tap.ok(not why, "%s: /%s in XML and JSON is well-formed" % (
        what, path[:60]), why)


def main():
    ids = {}
    for i, (what, name) in enumerate(UGLY.items()):
        ids[what] = send(i, what, name, "plain-1.0-r0")
    ids["recipe"] = send(20, "a recipe's name", "plain", PF_MARKUP)
    ids["spaces"] = send(21, "a recipe with blanks and percent",
                         "plain", "a b%20c?d#e-1.0-r0")
    tap.ok(ids["markup"] is not None, "markup in names is taken")
    tap.ok(ids["recipe"] is not None, "markup in a recipe is taken")
    paths = ["", "builds", "metrics", "package/plain",
             "package/%3Cb%20onmouseover%3Dalert%283%29%3E%26%22%27",
             "builds?machine=%3Cscript%3Ealert(1)%3C/script%3E",
             "builds?q=%22%3E%3Cscript%3Ealert(4)%3C%2Fscript%3E",
             "builds?since=%3Cscript%3E", "%3Cscript%3Ealert(5)%3C/script%3E",
             "package/%3Cscript%3Ealert(6)%3C%2Fscript%3E"]
    for what, ident in ids.items():
        if ident is not None:
            paths += ["build/%s" % ident, "build/%s/packages" % ident,
                      "build/%s/tasks" % ident,
                      "build/%s/tasks?status=failed" % ident]
    for path in paths:
        page_is_safe("hostile names", path)
        if "?" not in path and "script" not in path:
            data_is_well_formed("hostile names", path)
    machines = {b["machine"] for b in
                web.get("builds.json?per=all").json["builds"]}
    tap.ok(MARKUP in machines, "JSON gives the name back as it was",
           sorted(str(m) for m in machines))
    rows = list(csv.DictReader(io.StringIO(
        web.get("builds.csv?per=all").text)))
    tap.ok(MARKUP in {r["machine"] for r in rows}, "and so does CSV")
    formula = [r["machine"] for r in rows if "HYPERLINK" in r["machine"]]
    tap.ok(formula and len(rows) == len(web.get(
        "builds.json?per=all").json["builds"]),
        "a quote or line end in a name breaks no row")
    text = web.get("build/%s/text/host_stats_interval" % ids["markup"])
    tap.same((text.status, text.type), (200, "text/plain"),
             "a kept text comes as plain text")
    tap.ok(MARKUP in text.text, "as it was written")
    tap.same(text.headers.get_all("X-Content-Type-Options"), ["nosniff"],
             "and no browser guesses its type")
    status = web.get("stats.prom")
    tap.same((status.status, status.type), (200, "text/plain"),
             "stats.prom is plain text")
    tap.ok(all(re.match(r'^(#|[a-z_]+(\{[^{}]*\})? [-+0-9.eNaInf]+$)', line)
               for line in status.text.splitlines()),
           "and each line is in Prometheus' format")
    tap.end()


main()
