"""The sample documents of failures and signatures, for samples.py, whose
helpers come as h."""
import os

DAY = 86400.0
KIND = {"error:": "error", "warning:": "warning"}


def row(h, parent, b, code, first, **more):
    return h.el(parent, "failure", {
        "id": code, "path-url": f"{h.BASE}f/{code}", "build": b.id,
        "build-url": f"{h.BASE}build/{b.id}", "recipe": "zlib",
        "version": "1.3.2-r0", "task": "do_compile", "kind": "task",
        **{k: b.env.get(k, "") for k in (
            "builder", "machine", "distro", "image", "branch")},
        "signature": 7, "signature-url": f"{h.BASE}signature/7",
        "package-url": f"{h.BASE}package/zlib?build={b.id}",
        "similar": ("n", 41), "first_line": first, "seen": ("t", b.started),
        "known": "true", "log": "true", **more})


def excerpt(h, c, lines, code):
    digits = len(str(len(lines)))
    c.set("number-digits", str(digits))
    box = h.el(c, "excerpt")
    first = next((i for i, text in enumerate(lines) if "error:" in text), 0)
    for i, text in enumerate(lines):
        kind = next((k for w, k in KIND.items() if w in text), "plain")
        h.el(box, "line", number=i + 1, text=text, kind=kind,
             gap=3 if i == 5 else 0, first="true" if i == first else "false",
             number__h=str(i + 1).rjust(digits),
             line__url=f"{h.BASE}f/{code}/log?line={i + 1}#L{i + 1}")


def known(h, c, state, times):
    e = h.el(c, "known", times=("n", times), first=("t", h.NOW - 20 * DAY),
             last=("t", h.NOW - 3600), builders=("n", 6), today=("n", 3),
             open="false" if state == "gone" else "true", state=state)
    if state == "gone":
        e.set("gone-since", h.iso(h.NOW - DAY))
        e.set("gone-since-h", h.when(h.NOW - DAY))
        e.set("gone-url", h.BASE + "build/9")
    for i, strength in enumerate(("block", "lines", "task")):
        h.el(e, "signature", strength=strength, id=i + 6,
             times=("n", times), first=("t", h.NOW - 20 * DAY),
             last=("t", h.NOW - 3600),
             signature__url=f"{h.BASE}signature/{i + 6}")


def spread(h, c, names):
    box = h.el(c, "spread")
    for i, machine in enumerate(names):
        e = h.el(box, "target", machine=machine, distro="poky",
                 branch="master", times=("n", 40 - i), first=("t", h.NOW - DAY),
                 last=("t", h.NOW), builders=("n", 2), hosts=("n", 2),
                 gone="true" if i % 2 else "false",
                 failures__url=f"{h.BASE}failures?signature=7")
        if i % 2:
            e.set("gone-since-h", h.when(h.NOW))
            e.set("gone-url", h.BASE + "build/9")


def result(h, parent, tag, b, **more):
    return h.el(parent, tag, {
        "id": b.id, "path-url": f"{h.BASE}build/{b.id}", "name": b.name,
        "version": "1.3.1-r0", "started": ("t", b.started),
        "status": b.status, "host_distro": "debian-12",
        "tasks-url": f"{h.BASE}build/{b.id}/tasks",
        **{k: b.env.get(k, "") for k in (
            "builder", "machine", "distro", "branch", "commit")}}, **more)


def near(h, c, builds, hostile):
    good, bad = builds[:2]
    value = h.HOSTILE if hostile else "1.3.1-r0"
    box = h.el(c, "successes")
    for b in builds[:6]:
        e = result(h, box, "build", b, differs__h="version, 2 layers")
        h.el(e, "differences")
    e = h.el(c, "beside", name=good.name, path__url=f"{h.BASE}build/1",
             builder="vm", started=("t", good.started), configuration="both",
             layers_known="true", variables=("n", 2))
    box = h.el(e, "differences")
    for group, field in (("environment", "version"), ("layers", "meta-oe"),
                         ("configuration", "IMAGE_INSTALL:append"),
                         ("local", "DL_DIR")):
        h.el(box, "difference", group=group, field=field, field__h=field,
             here=value, there="")
    turn(h, c, good, bad)


def turn(h, parent, good, bad):
    t = h.el(parent, "turn", machine="qemuarm", distro="poky",
             branch="master", same=3)
    result(h, t, "good", good, build=good.id)
    result(h, t, "bad", bad, build=bad.id)
    box = h.el(t, "ranges")
    for layer in ("meta", "meta-poky", "meta-oe"):
        change = "%s..%s" % (("a" if layer == "meta-oe" else "b") * 40,
                             "c" * 40)
        h.el(box, "range", layer=layer, modified="true",
             command="git log --oneline " + change)


def failure_page(h, builds, lines, hostile=False, state="failing"):
    code = "k7m2qx"
    text = h.HOSTILE if hostile else "implicit declaration of 'zlib_init'"
    root, c = h.page("failure", f"f/{code}",
                     f"zlib do_compile on qemuarm: {text} (known: 41 times "
                     "since 2 Mar, 3 builders today)")
    c.set("own-target", "1")
    row(h, c, builds[0], code, text, lines=("n", len(lines)),
        bytes=("B", 5243904), first_error=4,
        link=f"http://localhost:8080{h.BASE}f/{code}",
        log__url=f"{h.BASE}f/{code}/log", message="",
        text__url=f"{h.BASE}f/{code}/text",
        tasks__url=f"{h.BASE}build/1/tasks?package=zlib")
    excerpt(h, c, [h.HOSTILE, h.LONG] + lines if hostile else lines, code)
    known(h, c, state, 41)
    spread(h, c, ["qemuarm", h.LONG if hostile else "qemux86-64", "mips"])
    builds[0].row(c)
    near(h, c, builds, hostile)
    box = h.el(c, "others")
    for b in builds[1:9]:
        row(h, box, b, "q0xmvd", text)
    return root


def bare_page(h, b, kind, message):
    root, c = h.page("failure", "f/f9nrkn", "busybox do_install failed")
    e = row(h, c, b, "f9nrkn", "", kind=kind, message=message,
            link="http://localhost:8080/buildstats/f/f9nrkn")
    e.set("log", "false")
    e.set("signature-url", "")
    h.el(c, "excerpt")
    h.el(c, "known", times=("n", 0), builders=("n", 0), today=("n", 0),
         open="", state="unknown")
    h.el(c, "spread")
    b.row(c).set("tasks", "0")
    h.el(c, "successes")
    h.el(c, "others")
    return root


def signature_page(h, builds, hostile=False):
    text = h.HOSTILE if hostile else "implicit declaration of 'zlib_init'"
    root, c = h.page("signature", "signature/7",
                     f"{text}: 41 times since 2 Mar on 3 builders, last 2 h "
                     "ago", id=7, strength="lines", version=1,
                     text=f"error: {text}\nerror: another", times=("n", 41),
                     first=("t", h.NOW - 20 * DAY), last=("t", h.NOW - 7200),
                     builders=("n", 3), today=("n", 1))
    h.table(c, "signature/7", 340, [("seen", "Seen"), ("recipe", "Recipe")],
            sorted_by="-seen", at=2)
    spread(h, c, ["qemuarm", "qemux86-64"])
    box = h.el(h.el(c, "over_time", step=("s", DAY), most=("n", 9)), "bins")
    for i in range(30):
        h.el(box, "bin", {"from": ("t", h.NOW - (30 - i) * DAY)},
             times=("n", i % 9), x=i * 33, width=30, y=100 - i % 9 * 11,
             height=i % 9 * 11)
    box = h.el(c, "failures")
    for b in builds[:100]:
        row(h, box, b, "q0xmvd", text)
    return root


def read_log(recordings):
    path = os.path.join(recordings, "F1", "logs",
                        "implicit-decl.do_compile.log")
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read().split("\n")[:60]


def save_all(h, recordings, builds, save):
    lines = read_log(recordings)
    save("failure", failure_page(h, builds, lines))
    save("failure-long", failure_page(h, builds, lines * 5, state="gone"))
    save("failure-hostile", failure_page(h, builds, lines, hostile=True))
    save("failure-bare", bare_page(h, builds[0], "task", ""))
    save("failure-provider", bare_page(
        h, builds[0], "provider", "Nothing PROVIDES '%s'" % h.HOSTILE))
    save("failure-parse", bare_page(h, builds[0], "parse", h.LONG))
    save("signature", signature_page(h, builds))
    save("signature-hostile", signature_page(h, builds, hostile=True))
