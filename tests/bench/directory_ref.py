#!/usr/bin/env python3
"""directory_ref.py: what comparisons and boot charts are compared with: the
straightforward program that reads the directories bitbake wrote.

    directory_ref.py compare RUN RUN
    directory_ref.py chart RUN SVG [SECONDS]

compare prints the hundred tasks whose elapsed time differs most, the sums, the
recipes that only one run has; chart draws each task of at least SECONDS (8) as
a bar, with curves of CPU, disk, memory, network, pressure and tasks, by cairo.
"""
import collections
import heapq
import os
import sys

WIDTH, ROW, CURVE = 1400, 14, 60
# A file, its title, the numbers of a line that are drawn.
CURVES = [("reduced_proc_stat.log", "CPU", (0, 1, 2)),
          ("reduced_proc_diskstats.log", "disk", (0, 1)),
          ("reduced_proc_meminfo.log", "memory", (0, 1)),
          ("reduced_proc_net.log", "network", (0, 1)),
          ("reduced_proc_pressure/cpu.log", "CPU pressure", (0,)),
          ("reduced_proc_pressure/io.log", "I/O pressure", (0,)),
          ("reduced_proc_pressure/memory.log", "memory pressure", (0,))]


def read_tasks(run):
    """{(recipe-version, task): {key: number, "Status": text}}"""
    tasks = {}
    for package in os.listdir(run):
        where = os.path.join(run, package)
        if not os.path.isdir(where):
            continue
        for name in os.listdir(where):
            if not name.startswith("do_"):
                continue
            task = tasks[package, name] = {}
            with open(os.path.join(where, name)) as f:
                for line in f:
                    key, _, value = line.partition(": ")
                    value = value.strip()
                    if key == "Status":
                        task[key] = value
                        continue
                    try:
                        task[key] = float(value.split()[0])
                    except (ValueError, IndexError):
                        pass
    return tasks


def recipe_of(package):
    return package.rsplit("-", 2)[0]


def compare(a, b):
    old = {(recipe_of(p), t): v for (p, t), v in read_tasks(a).items()}
    new = {(recipe_of(p), t): v for (p, t), v in read_tasks(b).items()}
    rows, sums = [], [0.0, 0.0]
    for key in old.keys() & new.keys():
        x = old[key].get("Elapsed time")
        y = new[key].get("Elapsed time")
        if x is None or y is None:
            continue
        sums[0] += x
        sums[1] += y
        rows.append((abs(y - x), key, x, y))
    for diff, key, x, y in heapq.nlargest(100, rows):
        print("%-40s %-28s %10.2f %10.2f %+10.2f" %
              (*key, x, y, y - x))
    print("sum of %d tasks: %.2f %.2f" % (len(rows), *sums))
    for title, mine, other in (("gone", old, new), ("new", new, old)):
        names = {k[0] for k in mine} - {k[0] for k in other}
        print("%s: %s" % (title, " ".join(sorted(names))))


def read_samples(path):
    """[(time, [numbers])]; interfaces' are added up."""
    samples, time = [], None
    with open(path) as f:
        for line in f:
            words = line.split()
            if len(words) == 1:
                time = float(words[0])
            elif words and time is not None:
                if words[0].endswith(":"):
                    words = words[1:]
                numbers = [float(w) for w in words]
                if samples and samples[-1][0] == time:
                    numbers = [x + y for x, y in
                               zip(samples[-1][1], numbers)]
                    samples[-1] = (time, numbers)
                else:
                    samples.append((time, numbers))
    return samples


def running(tasks):
    """[(time, [how many])]"""
    steps = collections.Counter()
    for t in tasks:
        steps[t["Started"]] += 1
        steps[t["Ended"]] -= 1
    n, out = 0, []
    for time in sorted(steps):
        n += steps[time]
        out.append((time, [n]))
    return out


def draw_curve(c, samples, columns, box):
    x0, y0, start, scale = box
    top = max((s[1][k] for s in samples for k in columns), default=0) or 1
    for k in columns:
        c.set_source_rgb(0.2 + 0.3 * k, 0.4, 0.8 - 0.3 * k)
        for i, (time, numbers) in enumerate(samples):
            x = x0 + (time - start) * scale
            y = y0 + CURVE - CURVE * numbers[k] / top
            c.line_to(x, y) if i else c.move_to(x, y)
        c.stroke()


def chart(run, svg, least):
    import cairo
    tasks = read_tasks(run)
    timed = {k: t for k, t in tasks.items()
             if "Started" in t and "Ended" in t}
    bars = sorted((t["Started"], k) for k, t in timed.items()
                  if t["Ended"] - t["Started"] >= least)
    start = min(t["Started"] for t in timed.values())
    end = max(t["Ended"] for t in timed.values())
    scale = (WIDTH - 20) / (end - start)
    curves = [(title, read_samples(os.path.join(run, name)), columns)
              for name, title, columns in CURVES
              if os.path.exists(os.path.join(run, name))]
    curves.append(("tasks", running(timed.values()), (0,)))
    head = len(curves) * (CURVE + 20)
    surface = cairo.SVGSurface(svg, WIDTH, head + ROW * len(bars) + 40)
    c = cairo.Context(surface)
    c.select_font_face("sans-serif")
    c.set_font_size(10)
    c.set_line_width(1)
    for i, (title, samples, columns) in enumerate(curves):
        y = i * (CURVE + 20) + 14
        c.set_source_rgb(0, 0, 0)
        c.move_to(10, y)
        c.show_text(title)
        draw_curve(c, samples, columns, (10, y, start, scale))
    for i, (begun, key) in enumerate(bars):
        t = timed[key]
        x, y = 10 + (begun - start) * scale, head + ROW * i
        c.set_source_rgb(*((0.8, 0.2, 0.2) if t.get("Status") == "FAILED"
                           else (0.5, 0.7, 0.5)))
        c.rectangle(x, y, (t["Ended"] - begun) * scale, ROW - 2)
        c.fill()
        c.set_source_rgb(0, 0, 0)
        c.move_to(x + 2, y + ROW - 4)
        c.show_text("%s %s" % key)
    surface.finish()


def main():
    if len(sys.argv) == 4 and sys.argv[1] == "compare":
        compare(sys.argv[2], sys.argv[3])
    elif len(sys.argv) in (4, 5) and sys.argv[1] == "chart":
        chart(sys.argv[2], sys.argv[3],
              float(sys.argv[4]) if len(sys.argv) == 5 else 8.0)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
