"""The sample documents of logs and receipts, for samples.py, whose helpers
come as h."""

from samples_failures import read_log, row

CODE = "q0xmvd"
VIEW = "f/%s/log" % CODE
CLASSES = ("red bold", "on-yellow", "inverse", "")


def at(h, number):
    return f"{h.BASE}{VIEW}?line={number}#L{number}"


def add_line(h, box, number, text, kind, digits):
    """A plain one, or one in pieces."""
    plain = number % 7 != 0
    e = h.el(box, "line", number=number, number__h=str(number).rjust(digits),
             kind=kind, text=text, text__h=text if plain else "")
    if kind != "plain":
        h.el(e, "sign", text=kind)
    if number == 8:
        e.set("current", "true")
    if plain:
        return
    middle = len(text) // 2
    h.el(e, "span", {"class": CLASSES[number % 4]}, text=text[:middle])
    h.el(e, "hit", {"class": ""}, text=text[middle:])
    if number == 14:
        e.set("cut", "99995904")
        h.el(e, "rest", bytes=("B", 99995904))


def kind_of(text):
    return next((k for k in ("error", "warning") if k + ":" in text),
                "context" if text.startswith(" ") else "plain")


def log_page(h, build, lines, params=(), hits=0):
    root, c = h.page("log", VIEW, "Log of zlib do_compile for qemuarm: "
                     f"{len(lines)} lines, 2 error lines", params,
                     total=("n", len(lines)), bytes=("B", 81234),
                     first=1 if lines else 0, last=len(lines))
    row(h, c, build, CODE, "implicit declaration")
    where = at(h, 1) if lines else ""
    h.el(c, "links", first__url=where, prev__url=where, next__url=where,
         last__url=where, prev__error__url=where, next__error__url=where,
         raw__url=f"{h.BASE}f/{CODE}/text", path__url=h.BASE + VIEW,
         digits=len(str(len(lines))))
    errors = h.el(c, "errors")
    for i, text in enumerate(lines, 1):
        if "error:" in text:
            h.el(errors, "error", number=i, line__url=at(h, i))
    if params:
        c.set("hits_capped", "true" if hits >= 10000 else "false")
        c.set("hits", str(hits))
        c.set("hits-h", h.count(hits))
        c.set("more-url", h.BASE + VIEW + "?q=x&line=50" if hits > 50 else "")
        found = h.el(c, "found")
        for i, text in enumerate(lines[:min(hits, 50)], 1):
            h.el(found, "line", number=i, text=text, line__url=at(h, i))
    box = h.el(c, "lines")
    for i, text in enumerate(lines, 1):
        add_line(h, box, i, text, kind_of(text), len(str(len(lines))))
    return root


def receipt_page(h, builds, notes):
    root, c = h.page("receipt", "receipt/0123456789abcdefghjk",
                     f"1.2 MB sent on 3 March made {len(builds)} builds",
                     code="0123456789abcdefghjk", kind="bundle",
                     bytes=("B", 1234567), sha256="ab" * 32,
                     received=("t", h.NOW), kept_until=("t", h.NOW + 2592000),
                     raw=f"{h.BASE}receipt/0123456789abcdefghjk/raw"
                     if builds else None)
    box = h.el(c, "builds")
    for b in builds:
        b.row(box)
    box = h.el(c, "read")
    for what, n in (("task files", 5427), ("logs", 2)) if builds else ():
        h.el(box, "kind", what=what, n=("n", n))
    box = h.el(c, "notes")
    for what, where, line, text in notes:
        e = h.el(box, "note", what=what, where=where, text=text)
        for name in ("line", "line-h"):
            e.set(name, str(line or ""))
    box = h.el(c, "dropped")
    if notes:
        h.el(box, "kind", what="ignored", n=("n", 1200))
    return root


def save_all(h, recordings, builds, save):
    lines = read_log(recordings)
    save("log", log_page(h, builds[0], lines))
    save("log-hostile", log_page(h, builds[0], [h.HOSTILE, h.LONG] * 20,
                                 [("q", h.HOSTILE)], 40))
    save("log-many", log_page(h, builds[0], lines * 6,
                              [("q", "x"), ("line", "2")], 10000))
    save("log-nothing", log_page(h, builds[0], lines, [("q", "x")]))
    save("log-empty", log_page(h, builds[0], []))
    save("receipt", receipt_page(h, builds[:3], [
        ("ignored", "20261122/zlib-1.3/do_compile", 3, "not a number"),
        ("repaired", "reduced_proc_diskstats.log", 0, "disk figures / 100"),
        ("duplicate", "20261122", 0, "was here already"),
        ("masked", h.HOSTILE, 17, h.HOSTILE + h.LONG)]))
    save("receipt-bare", receipt_page(h, [], []))
