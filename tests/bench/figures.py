"""figures.py: prints the figures, one line each, with the reference and what
is wanted beside them.  Prints only: a missed figure is no failure."""
import statistics
import sys


def progress(text):
    """What is going on, for the person who waits."""
    print("  ... " + text, file=sys.stderr, flush=True)


def line(name, value, rest, met=None):
    verdict = {None: "", True: "  [met]", False: "  [missed]"}[met]
    print("%-44s %s  (%s)%s" % (name + ":", value, rest, verdict),
          flush=True)


def at_least(name, ratio, wanted, aim, rest):
    line(name, "%.2f x" % ratio, "%s; wanted >= %g, aim %g" %
         (rest, wanted, aim), ratio >= wanted)


def at_most(name, value, unit, wanted, rest, digits=1):
    line(name, "%.*f%s" % (digits, value, unit),
         "%s%swanted <= %g%s" % (rest, "; " if rest else "", wanted, unit),
         value <= wanted)


def median_rate(seconds, each):
    return each / statistics.median(seconds)


def heading(text):
    print("\n" + text, flush=True)
