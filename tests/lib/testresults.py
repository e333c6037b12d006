"""testresults.py: makes testresults.json as oe-core's oeqa does, and counts
them by themselves, as resulttool counts."""

import base64
import json
import zlib

PASSED = {"PASSED", "passed", "PASS", "XFAIL"}
FAILED = {"FAILED", "failed", "FAIL", "ERROR", "error", "UNKNOWN", "XPASS"}
SKIPPED = {"SKIPPED", "skipped", "UNSUPPORTED", "UNTESTED", "UNRESOLVED"}
LAYERS = {"meta": {"branch": "master", "commit": "35a2c6ed7987763dadbe45ad",
                   "commit_count": 70000, "commit_time": 1795356270}}
TRACE = """Traceback (most recent call last):
  File "/home/builder/poky/meta/lib/oeqa/runtime/cases/%(case)s.py", line 21
    self.assertEqual(status, 0, msg=msg)
AssertionError: %(n)d != 0 : ping of 192.168.7.2 failed
"""


def compressed(text, level=6):
    return {"compressed": base64.b64encode(
        zlib.compress(text.encode("utf-8", "surrogatepass"), level)).decode()}


def configuration(**more):
    c = {"TEST_TYPE": "runtime", "MACHINE": "qemux86-64", "DISTRO": "poky",
         "IMAGE_BASENAME": "core-image-minimal", "IMAGE_PKGTYPE": "rpm",
         "STARTTIME": "20261122141500", "HOST_DISTRO": "debian-12",
         "LAYERS": LAYERS}
    c.update(more)
    return {k: v for k, v in c.items() if v is not None}


def case(status, **more):
    return dict(more, status=status)


def failed(name, n=1, status="FAILED"):
    return case(status, duration=1.5,
                log=TRACE % {"case": name.split(".")[0], "n": n})


def dump(document):
    return json.dumps(document, indent=1, sort_keys=True)


def count(document):
    """{result id: {class: n}}"""
    out = {}
    for rid, run in json.loads(document).items():
        n = dict.fromkeys(
            ("passed", "failed", "skipped", "expected", "blocked", "other"), 0)
        for entry in run["result"].values():
            status = entry.get("status")
            if not isinstance(status, str):
                continue
            n["passed" if status in PASSED else
              "failed" if status in FAILED else
              "skipped" if status in SKIPPED else
              "expected" if status == "EXPECTEDFAIL" else
              "blocked" if status == "BLOCKED" else "other"] += 1
        out[rid] = n
    return out


def suite_of(key, sections):
    """The suite of a ptest's key: the longest section that it begins with."""
    rest = key.split(".", 1)[1]
    best = ""
    for name in sections:
        if (rest == name or rest.startswith(name + ".")) \
                and len(name) > len(best):
            best = name
    return best or rest.split(".")[0]
