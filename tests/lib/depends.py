"""depends.py: makes dependency files for recordings, which came without, as
bitbake -g writes them: true to the times of the recording and to how
openembedded-core's tasks hang together.
"""

ORDER = ["do_fetch", "do_unpack", "do_patch", "do_prepare_recipe_sysroot",
         "do_configure", "do_compile", "do_install", "do_populate_sysroot"]


def timed(run):
    """Tasks with times, by start."""
    tasks = [t for t in run["tasks"] if t["started"] is not None and
             t["ended"] is not None and t["ended"] >= t["started"]]
    return sorted(tasks, key=lambda t: (t["started"], t["ended"]))


def edges(run, wanted=3):
    """[(task, needs)] as (recipe, task) pairs; do_build, which no recording
    has, stands between an image and the packages of others."""
    by = {}
    for t in timed(run):
        by.setdefault((t["recipe"], t["task"]), t)
    found = []

    def add(a, b):
        if a in by and b in by and by[b]["ended"] <= by[a]["started"]:
            found.append((a, b))
    recipes = sorted({r for r, _ in by})
    sysroots = sorted((t for (r, n), t in by.items()
                       if n == "do_populate_sysroot"),
                      key=lambda t: t["ended"])
    for recipe in recipes:
        chain = [n for n in ORDER if (recipe, n) in by]
        for before, after in zip(chain, chain[1:]):
            add((recipe, after), (recipe, before))
        for name in ("do_package", "do_create_spdx", "do_recipe_qa"):
            add((recipe, name), (recipe, "do_install"))
        for name in ("do_packagedata", "do_package_qa",
                     "do_package_write_rpm"):
            add((recipe, name), (recipe, "do_package"))
        prepare = by.get((recipe, "do_prepare_recipe_sysroot"))
        if prepare:
            ended = [t for t in sysroots if t["ended"] <= prepare["started"]
                     and t["recipe"] != recipe]
            for t in ended[-wanted:]:
                add((recipe, "do_prepare_recipe_sysroot"),
                    (t["recipe"], "do_populate_sysroot"))
    for recipe in recipes:
        if (recipe, "do_rootfs") in by:
            for other in recipes:
                if (other, "do_package_write_rpm") in by and \
                        by[other, "do_package_write_rpm"]["ended"] <= \
                        by[recipe, "do_rootfs"]["started"]:
                    found.append(((recipe, "do_rootfs"), (other, "do_build")))
                    found.append(((other, "do_build"),
                                  (other, "do_package_write_rpm")))
    return found


def dot(pairs, names=()):
    """The text of task-depends.dot; names: tasks that need nothing."""
    every = sorted({x for pair in pairs for x in pair} | set(names))
    needs = {}
    for a, b in pairs:
        needs.setdefault(a, []).append(b)
    lines = ["digraph depends {"]
    for recipe, task in every:
        lines.append('"%s.%s" [label="%s %s\\n:1.0-r0\\n/poky/%s_1.0.bb"]' % (
            recipe, task, recipe, task, recipe))
        for other in sorted(set(needs.get((recipe, task), []))):
            lines.append('"%s.%s" -> "%s.%s"' % (recipe, task, *other))
    return "\n".join(lines + ["}", ""])
