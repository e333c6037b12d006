"""params.py: every parameter of interface.md, on every page, with garbage."""

import os
import re
import subprocess
import sys
import urllib.parse

sys.path.insert(0, os.path.join(os.environ["BS_SRC"], "tests/lib"))
import tap  # noqa: E402
import web  # noqa: E402

PARAMETERS = """builder machine distro image package task status branch commit
layer tag since until q min metric version build sort page per""".split()

# What any text field must bear: it finds nothing, or something, or is refused
# with a sentence; it never breaks a page.
TEXTS = ["", " ", "x" * 3000, "'", "';--", "\" onload=\"", "<script>x</script>",
         "%", "_", "\\", "*", "{}", "$1", "%s%n", "a\nb", "\r\nX: y", "\x01",
         "é", "\U0001f600", "../..", "0", "-1", "NULL", "true"]
# Bytes that are no UTF-8, or no escape at all.
RAW = ["%ff%fe", "%00", "%", "%zz", "%c0%80", "%ed%a0%80", "+%2B", "a%00b"]
BAD = {
    "since": ["yesterdayish", "2026-13-01", "2026-02-30", "99999-01-01", "-5",
              "1e9", "NaN"],
    "until": ["never", "2026-00-00", "2026-11-22T25:00:00Z"],
    "min": ["-1", "NaN", "inf", "1e999", "abc", "1,5", "0x10"],
    "page": ["0", "-1", "1.5", "abc", "99999999999999999999", "1e3"],
    "per": ["0", "-5", "1001", "abc", "1.0", "99999999999999999999"],
    "status": ["nonsense", "FAILED ", "failed,succeeded,x"],
    "sort": ["nonsense", "--elapsed", "elapsed; drop table build"],
    "build": ["0", "-1", "abc", "99999999999999999999", "1.5"],
}
TABLES = ("builds", "packages", "tasks", "package")


def pages():
    builds = web.get("builds.json?per=all").json["builds"]
    one = max(builds, key=lambda b: b["tasks"])
    return {"overview": "", "builds": "builds",
            "build": "build/%s" % one["id"],
            "packages": "build/%s/packages" % one["id"],
            "tasks": "build/%s/tasks" % one["id"],
            "package": "package/zlib", "metrics": "metrics"}


def form(path, suffix):
    return path + suffix


def well_formed(body):
    done = subprocess.run(["xmllint", "--noout", "--nonet", "-"], input=body,
                          stderr=subprocess.PIPE)
    return done.stderr.decode() if done.returncode else ""


def fine(answer, wanted=(200, 400)):
    """Nothing that a parameter does may end otherwise."""
    if answer.status not in wanted:
        return "status %d" % answer.status
    text = answer.text
    for leak in ("SELECT ", "ERROR:", "libpq", "src/", "syntax error",
                 "<script>x", "onload=\"\""):
        if leak in text:
            return "it says %r" % leak
    if answer.type == "application/json":
        try:
            answer.json
        except ValueError as e:
            return "not JSON: %s" % e
    return ""


def each_text(name, path, parameter):
    wrong = []
    values = [urllib.parse.quote(v) for v in TEXTS] + RAW
    for i, value in enumerate(values):
        suffix = (".json", "", ".xml")[i % 3]
        answer = web.get("%s?%s=%s" % (form(path, suffix), parameter, value))
        why = fine(answer)
        if not why and suffix == ".xml":
            why = well_formed(answer.body)
        if why:
            wrong.append("%s=%s%s: %s" % (parameter, value[:60], suffix, why))
    tap.ok(not wrong, "%s bears any %s" % (name, parameter), "\n".join(wrong))


def names_it(answer, parameter):
    """A 400 says which parameter and why."""
    said = answer.error()
    return re.search(r"\b%s\b" % re.escape(parameter), said) is not None \
        and len(said) > len(parameter) + 8


def takes(name, parameter):
    """Is a bad value an error there?  Unknown names are ignored."""
    everywhere = {
        "builds": ("since until page per status sort"),
        "packages": ("min page per status sort"),
        "tasks": ("min page per status sort"),
        "package": ("page per status sort build"),
    }
    return parameter in everywhere.get(name, "").split()


def bad_values(name, path):
    for parameter, values in BAD.items():
        if not takes(name, parameter):
            continue
        for value in values:
            query = "?%s=%s" % (parameter, urllib.parse.quote(value))
            answer = web.get(form(path, ".json") + query)
            tap.ok(answer.status == 400 and names_it(answer, parameter),
                   "%s: %s=%s is 400 and says so" % (name, parameter, value),
                   "status %d: %s" % (answer.status, answer.error()))
        page = web.get(path + query)
        tap.ok(page.status == 400 and page.type == "text/html" and
               parameter in page.text,
               "%s: the page for a bad %s says which" % (name, parameter),
               "status %d %s" % (page.status, page.type))


def twice(name, path):
    answer = web.get(form(path, ".json") + "?page=1&page=2")
    if name in TABLES:
        tap.ok(answer.status == 400 and names_it(answer, "page"),
               "%s: page= given twice is 400" % name,
               "status %d" % answer.status)
    answer = web.get(form(path, ".json") + "?nonsense=1&utm_source=x&nonsense=2")
    tap.same(answer.status, 200, "%s: unknown parameters are ignored" % name)
    for query in ("?", "?&&&", "?=", "?=x", "?machine", "?%s" % ("&a=b" * 900),
                  "?" + "machine=a&" * 400):
        why = fine(web.get(form(path, ".json") + query), (200, 400, 414))
        tap.ok(not why, "%s bears %s" % (name, query[:20]), why)


def paths():
    for path, want in (
            ("nonsense", 404), ("build/0", 404), ("build/-1", 404),
            ("build/abc", 404), ("build/999999999", 404),
            ("build/99999999999999999999", 404), ("build/1%00", (400, 404)),
            ("build/%ff", (400, 404)), ("build/1/nonsense", 404),
            ("build/", 404), ("build", 404), ("build//packages", 404),
            ("build/../builds.json", (200, 400, 404)),
            ("build/%2e%2e/builds.json", (200, 400, 404)),
            ("package/", 404), ("package/no-recipe-at-all", 404),
            ("package/%3Cscript%3E", 404), ("package/%ff%fe", (400, 404)),
            ("package/" + "x" * 5000, (400, 404, 414)),
            ("package/a%2Fb", 404), ("builds.json.xml", 404),
            ("builds.pdf", 404), ("build/999999999.json", 404),
            ("build/999999999/tasks.xml", 404),
            ("build/999999999/packages.csv", 404),
            ("static/../../../../etc/passwd", (400, 404)),
            ("static/%2e%2e/%2e%2e/xsl/layout.xsl", (400, 404)),
            ("static/", (403, 404)), ("static/nonsense.css", 404)):
        wanted = want if isinstance(want, tuple) else (want,)
        for suffix in ("",) if "." in path or path.endswith("/") \
                else ("", ".json"):
            answer = web.get(path + suffix)
            why = fine(answer, wanted)
            if not why and answer.status == 404 and suffix == ".json" and \
                    (answer.type != "application/json" or
                     answer.json.get("status") != 404 or
                     len(answer.error()) < 10):
                why = "the error says nothing: " + answer.text[:200]
            tap.ok(not why, "%s is %s" % ((path + suffix)[:60], want), why)


def methods(all_pages):
    for name, path in all_pages.items():
        for method in ("POST", "PUT", "DELETE"):
            answer = web.request(method, path, b"x")
            allowed = answer.headers.get("Allow", "")
            tap.ok(answer.status == 405 and "GET" in allowed,
                   "%s of %s is 405 and says GET" % (method, name),
                   "status %d, Allow: %s" % (answer.status, allowed))
        head, got = web.request("HEAD", path), web.get(path)
        tap.ok(head.status == 200 and head.body == b"" and
               head.type == got.type, "HEAD of %s answers as GET does" % name,
               "status %d, %d bytes" % (head.status, len(head.body)))


def main():
    all_pages = pages()
    for name, path in all_pages.items():
        for parameter in PARAMETERS:
            each_text(name, path, parameter)
        bad_values(name, path)
        twice(name, path)
    paths()
    methods(all_pages)
    tap.end()


main()
