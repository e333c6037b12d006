"""bad_input.py: every kind of wrong upload gets one sentence that names the
place, and leaves nothing behind.

Run by bad_input.sh, which says where the server and the database are.
"""

import bz2
import gzip
import json
import lzma
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ["BS_SRC"], "tests/lib"))
import tap  # noqa: E402
import tars  # noqa: E402
import web  # noqa: E402

TOP = "buildstats/20231114221320/"
TASK = "zlib-1.3.1-r0/do_compile"


def sql(query):
    return subprocess.run(
        ["psql", "-XAtq", "-d", os.environ["BS_DB"], "-c", query],
        check=True, stdout=subprocess.PIPE).stdout.decode().strip()


def stored():
    """Rows of every table that an upload could write to."""
    tables = sql("select quote_ident(relname) from pg_class c join "
                 "pg_namespace n on n.oid = relnamespace where nspname = "
                 "'public' and relkind = 'r' order by 1").split()
    query = " union all ".join(
        "select '%s', count(*) from %s having count(*) > 0" % (t, t)
        for t in tables)
    return sql(query)


EMPTY = None


def one_sentence(text):
    return 5 < len(text) < 600 and "\n" not in text and \
        all(ord(c) >= 32 for c in text) and "SELECT" not in text


def refused(what, data, place, statuses=(400,), **headers):
    """An upload that must be refused with a sentence that matches place."""
    try:
        answer = web.upload(data, **headers)
    except OSError as e:
        tap.ok(False, what, "the connection broke: %s" % e)
        return
    said = answer.error()
    tap.ok(answer.status in statuses and one_sentence(said) and
           any(p.lower() in said.lower() for p in place) and
           answer.type == "application/json",
           "%s: %s" % (what, said[:150]),
           "status %d, wanted one of %s" % (answer.status, statuses),
           "said: %s" % said, "type: %s" % answer.type,
           "wanted it to say one of %s" % (place,))
    now = stored()
    tap.ok(now == EMPTY, "%s: nothing is stored" % what,
           "\n".join(sorted(set(now.split("\n")) - set(EMPTY.split("\n")))))


def with_task(text):
    return tars.tar(tars.run(files={TASK: text}))


def with_build_json(text):
    return tars.tar(tars.run(files={"build.json": text}))


def containers():
    good = tars.tar(tars.run())
    refused("an empty body", b"", ["empty", "no build", "archive", "tar"])
    refused("a tar without buildstats", tars.tar({"README": "hello\n"}),
            ["no build"])
    refused("a truncated tar", good[:2048 + 700],
            ["truncated", "ends", "early", "incomplete", "cut"])
    for name, pack in (
            ("zstd", lambda d: subprocess.run(
                ["zstd", "-c"], input=d, stdout=subprocess.PIPE).stdout),
            ("gzip", gzip.compress), ("bzip2", bz2.compress),
            ("xz", lzma.compress)):
        packed = pack(good)
        refused("truncated " + name, packed[: len(packed) * 2 // 3],
                ["truncated", "ends", "early", "incomplete", "cut", "damaged",
                 "zstd", "compress"])
        flipped = bytearray(packed)
        for i in range(len(packed) // 3, len(packed) // 3 + 16):
            flipped[i] ^= 0x5a
        refused("damaged " + name, bytes(flipped),
                ["truncated", "ends", "early", "damaged", name, "corrupt",
                 "header", "tar", "archive"])
    refused("a tar with a damaged header",
            good[:1024] + b"\xff" * 512 + good[1536:],
            ["tar", "header", "damaged", "archive", "checksum"])
    refused("bytes that are no archive", os.urandom(5000),
            ["tar", "archive"], (400, 415))
    refused("a zip file", b"PK\3\4" + os.urandom(3000),
            ["tar", "archive", "zip"], (400, 415))
    refused("an HTML page", b"<html><body>hello</body></html>" * 50,
            ["tar", "archive"], (400, 415))


def members():
    good = tars.tar(tars.run())[:-1024]
    while good.endswith(b"\0" * 512):
        good = good[:-512]
    good += b"\0" * (-len(good) % 512)
    stats = tars.build_stats()
    for name in (b"../x", b"../../etc/passwd", b"buildstats/../../x/build_stats",
                 b"/etc/passwd", b"//x/build_stats", b"a/./../../b"):
        refused("a member called %s" % name.decode(),
                good + tars.member(name, stats) + tars.END,
                ["name", "path", "..", "absolute", name.decode()])
    for kind, what in ((b"2", "symbolic link"), (b"1", "hard link"),
                       (b"3", "character device"), (b"4", "block device"),
                       (b"6", "fifo")):
        refused("a " + what,
                good + tars.member(b"buildstats/x/build_stats", b"", kind,
                                   b"/etc/passwd") + tars.END,
                ["link", "device", "fifo", "regular", "special",
                 "buildstats/x/build_stats"])
    for how, make in (("GNU", tars.sparse_gnu), ("pax", tars.sparse_pax)):
        refused("a %s sparse member of 1 TB" % how,
                good + make(b"buildstats/y/build_stats", 1 << 40) + tars.END,
                ["sparse", "larger", "size", "big", "too", "buildstats/y"],
                (400, 413))
    refused("a member that claims 1 TB",
            good + tars.header(b"buildstats/y/build_stats", 1 << 40) +
            tars.END, ["more than", "too"], (400, 413))
    member = tars.header(b"buildstats/x/a", 0)
    packed = subprocess.run(["zstd", "-c"], input=member * 1000000 + tars.END,
                            stdout=subprocess.PIPE).stdout
    refused("a million members in %d KB" % (len(packed) >> 10), packed,
            ["members", "too many"], (400, 413))
    big = 10 << 30
    bomb = tars.zstd_frame([
        good + tars.header(b"buildstats/z/build_stats", big), (0, big),
        tars.END])
    refused("a bomb of 10 GB in %d KB" % (len(bomb) >> 10), bomb,
            ["more than", "too"], (400, 413))
    refused("the same, compressed again (%d bytes)"
            % len(bz2.compress(bomb)), bz2.compress(bomb),
            ["larger", "big", "size", "limit", "too", "tar", "archive",
             "twice", "compress"], (400, 413, 415))
    ignored = tars.zstd_frame([
        good + tars.header(b"elsewhere/junk.bin", big), (0, big), tars.END])
    refused("a bomb in a member that tells nothing", ignored,
            ["more than", "too"], (400, 413))
    refused("a zstd window of 2 GB",
            tars.zstd_frame([b"x" * 1024, tars.END], window_log=31),
            ["window", "zstd", "memory", "damaged", "too", "inflate",
             "archive"], (400, 413))


def task_files():
    place = ["do_compile"]
    refused("random bytes as a task file", with_task(os.urandom(3000)), place)
    refused("zero bytes as a task file", with_task(b"\0" * 3000), place)
    for what, old, new in (
            ("Elapsed time of NaN", "2.50 seconds", "nan seconds"),
            ("Elapsed time of infinity", "2.50 seconds", "inf seconds"),
            ("Elapsed time of 1e400", "2.50 seconds", "1e400 seconds"),
            ("a negative Elapsed time", "2.50 seconds", "-2.50 seconds"),
            ("Started before the epoch", "Started: 17", "Started: -17"),
            ("Started in the year 5000", "Started: 17", "Started: 95617"),
            ("Started of NaN", "Started: 1700000010.00", "Started: nan"),
            ("an rusage of NaN", "ru_utime: 0.12", "ru_utime: nan"),
            ("an rusage beyond doubles", "ru_utime: 0.12",
             "ru_utime: 1e999"),
            ("utime beyond 64 bits", "utime: 12",
             "utime: 99999999999999999999999"),
            ("a negative utime", "utime: 12", "utime: -12"),
            ("words for a number", "ru_maxrss: 21000", "ru_maxrss: many"),
            ("a line of 1 MB", "utime: 12", "utime: " + "1" * 1000000)):
        text = tars.task().replace(old, new, 1)
        assert text != tars.task(), what
        refused(what, with_task(text), place)
    for what, old, new in (
            ("Build Started of NaN", "1700000000.12", "nan"),
            ("Build Started of 1e300", "1700000000.12", "1e300"),
            ("a negative build time", "60.25", "-60.25")):
        text = tars.build_stats().replace(old, new, 1)
        refused(what, tars.tar(tars.run(files={"build_stats": text})),
                ["build_stats"])
    refused("random bytes as build_stats", tars.tar(tars.run(
        files={"build_stats": os.urandom(2000)})), ["build_stats"])


def names():
    # ustar holds 100 bytes, GNU and pax tars any length.
    long = "a" * 10240
    refused("a recipe name of 10 KB",
            tars.tar(tars.run(files={long + "-1-r0/do_compile":
                                     tars.task(long + "-1-r0")})),
            ["name", "long", "path"], (400, 413))
    refused("a path of 5,000 levels",
            tars.tar({"a/" * 5000 + "build_stats": tars.build_stats()}),
            ["deep", "long", "path", "name", "levels"], (400, 413))
    refused("a BUILDNAME with a NUL",
            tars.tar({"x": "y"})[:-10240] +
            tars.member(b"buildstats/2023\x0011/build_stats",
                        tars.build_stats()) + tars.END,
            ["no build", "name"])


def build_json():
    place = ["build.json"]
    for what, text in (
            ("cut short", '{"machine": "qemux86'),
            ("that is not JSON", "machine=qemux86\n"),
            ("that is empty", ""),
            ("that is an array", "[1, 2, 3]"),
            ("that is a number", "7"),
            ("with a number for a machine", '{"machine": 7}'),
            ("with an object for a distro", '{"distro": {"a": 1}}'),
            ("with layers as a text", '{"layers": "meta"}'),
            ("with a layer that is a number", '{"layers": [7]}'),
            ("with a bad UUID", '{"uuid": "not-a-uuid"}'),
            ("nested 64 deep", '{"x":' * 64 + "1" + "}" * 64),
            ("nested 100,000 deep", "[" * 100000),
            ("with invalid UTF-8", b'{"machine": "\xff\xfe"}'),
            ("with a machine of 1 MB",
             json.dumps({"machine": "m" * 1000000})),
            ("with rubbish behind", '{"machine": "a"} trailing')):
        refused("a build.json " + what, with_build_json(text), place,
                (400, 413))


def requests():
    good = tars.tar(tars.run())
    for kind in ("text/html", "image/png", "application/json"):
        answer = web.upload(good, kind)
        tap.ok(answer.status == 415 and one_sentence(answer.error()),
               "%s is 415: %s" % (kind, answer.error()),
               "status %d" % answer.status)
    for method in ("GET", "PUT", "DELETE", "PATCH", "OPTIONS"):
        answer = web.request(method, "upload", good if method == "PUT"
                              else None)
        tap.ok(answer.status == 405 and
               answer.headers.get("Allow", "").startswith("POST"),
               "%s upload is 405 and says POST" % method,
               "status %d, Allow: %s" % (answer.status,
                                         answer.headers.get("Allow")))
    answer = web.upload(b"\0" * (65 << 20))
    tap.ok(answer.status == 413 and one_sentence(answer.error()),
           "65 MB are 413", "status %d: %s" % (answer.status, answer.text))
    head = "POST /buildstats/upload HTTP/1.1\r\nHost: localhost\r\n" \
        "Content-Type: application/x-tar\r\nConnection: close\r\n"

    def lied(what, extra, body, want, **how):
        out = web.raw((head + extra + "\r\n").encode() + body, **how)
        first = out.split(b"\r\n", 1)[0].decode("latin-1")
        tap.ok(any(w in first for w in want) if want else
               b" 20" not in out[:13], "%s: %s" % (what, first or "closed"),
               out[:600])
        tap.ok(stored() == EMPTY, "%s: nothing is stored" % what)

    lied("no Content-Length at all", "", good, (" 400", " 411"))
    lied("a Content-Length beyond the body",
         "Content-Length: %d\r\n" % (len(good) + 1000), good, (),
         half_close=True)
    lied("a Content-Length short of the body", "Content-Length: 1000\r\n",
         good, (" 400",))
    lied("a negative Content-Length", "Content-Length: -5\r\n", good,
         (" 400",))
    lied("two Content-Lengths",
         "Content-Length: 5\r\nContent-Length: %d\r\n" % len(good), good,
         (" 400",))
    lied("both Content-Length and chunks",
         "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", good,
         (" 400",))
    lied("a chunk with a wrong size", "Transfer-Encoding: chunked\r\n",
         b"zz\r\n" + good, (" 400",))
    lied("a client that stops halfway",
         "Content-Length: %d\r\n" % len(good), good[: len(good) // 2], (),
         half_close=True)
    lied("chunks that stop halfway", "Transfer-Encoding: chunked\r\n",
         b"%x\r\n" % len(good) + good[: len(good) // 2], (),
         half_close=True)


def still_works():
    good = tars.tar(tars.run())
    answer = web.upload(good)
    tap.same(answer.status, 201, "after all that a good upload is taken")
    again = web.upload(good)
    tap.same(again.status, 200, "and the same again is 200")
    tap.same([b["id"] for b in again.json["builds"]],
             [b["id"] for b in answer.json["builds"]], "with the same ids")
    head = "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: " \
        "application/x-tar\r\nConnection: close\r\n"
    chunks = b"%x\r\n" % len(good) + good + b"\r\n0\r\n\r\n"
    for what, target, extra, body in (
            ("chunks", "/buildstats/upload",
             "Transfer-Encoding: chunked\r\n", chunks),
            ("an absolute request line",
             "http://builds.example.org/buildstats/upload",
             "Content-Length: %d\r\n" % len(good), good),
            ("Expect: 100-continue", "/buildstats/upload",
             "Expect: 100-continue\r\nContent-Length: %d\r\n" % len(good),
             good)):
        out = web.raw((head % target + extra + "\r\n").encode() + body)
        tap.ok(b"HTTP/1.1 200" in out, what + " is taken", out[:500])


def main():
    global EMPTY
    EMPTY = stored()
    parts = {"containers": containers, "members": members,
             "tasks": task_files, "names": names, "json": build_json,
             "requests": requests}
    for name in sys.argv[1:] or parts:
        parts[name]()
    still_works()
    tap.end()


main()
