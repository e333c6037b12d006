"""tap.py: results in the Test Anything Protocol, for the Python suites."""

import sys

_count = 0
_failed = 0


def _lines(text, limit=40):
    for line in str(text).splitlines()[:limit]:
        print("# " + line[:400])


def ok(passed, what, *why):
    """One result; why is printed when it failed."""
    global _count, _failed
    _count += 1
    what = what.replace("#", "").encode("ascii", "backslashreplace").decode()
    print("%s %d - %s" % ("ok" if passed else "not ok", _count, what))
    if not passed:
        _failed += 1
        for text in why:
            _lines(text)
    sys.stdout.flush()
    return bool(passed)


def same(got, want, what):
    return ok(got == want, what, "got:  %r" % (got,), "want: %r" % (want,))


def skip(why):
    global _count
    _count += 1
    print("ok %d # SKIP %s" % (_count, why))


def end():
    print("1..%d" % _count)
    sys.exit(1 if _failed else 0)
