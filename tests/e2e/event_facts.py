"""event_facts.py LOG DOCUMENT NAME: what an independent reading of bitbake's
event log finds is what event-log.json says.

The reading uses Python's own pickle with classes that are made up on the way,
so that nothing is imported or run.
"""

import base64
import io
import json
import re
import sys

import pickle  # nosec: find_class gives out nothing that exists

ALLOWED = ("BBLAYERS BB_NUMBER_THREADS BB_VERSION BUILDNAME BUILD_SYS DATETIME "
           "DISTRO DISTRO_VERSION MACHINE NATIVELSBSTRING PARALLEL_MAKE "
           "TARGET_SYS TCLIBC TUNE_FEATURES").split()


class Thing:
    def __init__(self, *args, **kwargs):
        pass

    def __setstate__(self, state):
        self.__dict__.update(state)


class Reader(pickle.Unpickler):
    def find_class(self, module, name):
        return type(name, (Thing,), {})


def events(path):
    with open(path, encoding="utf-8") as f:
        for line in f:
            d = json.loads(line)
            if "allvariables" in d:
                yield "variables", {k: v["v"] for k, v in
                                    d["allvariables"].items()}
            else:
                yield d["class"], Reader(io.BytesIO(
                    base64.b64decode(d["vars"]))).load()


def is_stats(name):
    return re.match(r"bb\.runqueue\.(runQueueTask|sceneQueue)", name)


class Facts:
    def __init__(self, path):
        self.counts = {"warnings": 0, "errors": 0, "qa_warnings": 0,
                       "qa_errors": 0, "pressure": 0, "unreadable": 0,
                       "events": 0}
        self.messages, self.failures, self.tasks = [], [], {}
        self.variables, self.targets = {}, []
        self.clock = self.started = self.ended = self.outcome = None
        self.running, self.names = {}, {}
        for name, e in events(path):
            self.counts["events"] += 1
            handler = getattr(self, "on_" + name.split(".")[-1], None)
            if is_stats(name):
                self.on_stats(e)
            elif handler is not None:
                handler(e)
        if self.outcome == "succeeded":
            self.failures = []

    def on_variables(self, values):
        self.variables.update({k: v for k, v in values.items()
                               if k in ALLOWED and v})

    def on_BuildStarted(self, e):
        self.started = self.started or self.clock
        for t in e._pkgs:
            t = re.sub(":do_build$", "", t)
            if t not in self.targets:
                self.targets.append(t)

    def on_BuildCompleted(self, e):
        self.ended = self.clock
        failed = e._failures > 0 or e.msg == "Building Failed"
        if self.outcome != "failed":
            self.outcome = "failed" if failed else "succeeded"
        self.counts["interrupted"] = e._interrupted
        self.counts["tasks"] = e.total

    def on_ParseCompleted(self, e):
        self.counts.update(recipes=e.total, recipes_cached=e.cached,
                           recipes_parsed=e.parsed, parse_errors=e.errors)

    def on_HeartbeatEvent(self, e):
        self.clock = e.time

    def on_PSIEvent(self, e):
        self.counts["pressure"] += any(e.pressure_state)

    def on_stats(self, e):
        s = e.stats
        self.counts.update(
            tasks=s.total, tasks_completed=s.completed,
            tasks_skipped=s.skipped, tasks_failed=s.failed,
            setscene=s.setscene_total, setscene_covered=s.setscene_covered,
            setscene_notcovered=s.setscene_notcovered)

    def on_TaskStarted(self, e):
        self.clock = e.time
        self.running[e.pid] = e
        self.names[e._package] = e.pn
        self.tasks.setdefault((e._package, e._task), []).append(
            [e.time, None, None])

    def end(self, e, status):
        self.clock = e.time
        self.tasks[e._package, e._task][-1][1:] = [e.time, status]

    def on_TaskSucceeded(self, e):
        self.end(e, "PASSED")

    def on_TaskFailed(self, e):
        self.end(e, "FAILED")

    on_TaskFailedSilent = on_TaskFailed

    def on_NoProvider(self, e):
        r = "R" if e._runtime else ""
        text = "Nothing %sPROVIDES '%s'" % (r, e._item)
        if e._dependees:
            text += " (but %s %sDEPENDS on or otherwise requires it)" % (
                ", ".join(e._dependees), r)
        if e._reasons:
            text += "\n" + "\n".join(e._reasons)
        elif e._close_matches:
            text += ". Close matches:\n  " + "\n  ".join(e._close_matches)
        if ("provider", text) not in self.failures:
            self.failures.append(("provider", text))

    def on_ParseError(self, e):
        self.failures.append(("parse", e._msg))

    def on_LogRecord(self, e):
        self.clock = e.created
        text = e.msg % e.args if e.args else e.msg
        if e.levelno >= 21 and text.startswith("Sstate summary"):
            n = dict(re.findall(r"([A-Z]\w+) (\d+)", text))
            self.counts.update({"sstate_" + k.lower(): int(v)
                                for k, v in n.items()})
        if e.levelno < 29:
            return
        error = e.levelno >= 39
        qa = re.match(r"QA Issue:.*\[([\w-]+)\]\s*$", text, re.S)
        self.counts["errors" if error else "warnings"] += 1
        if qa:
            self.counts["qa_errors" if error else "qa_warnings"] += 1
        task = self.running.get(e.taskpid)
        self.messages.append({
            "level": "error" if error else "warning",
            "class": qa.group(1) if qa else "",
            "recipe": task.pn if task else "",
            "task": task._task if task else "",
            "text": text.strip()})


def close(a, b):
    return (a is None) == (b is None) and (a is None or abs(a - b) < 2e-6)


def same_messages(facts, d):
    got = [{k: m.get(k, "") for k in ("level", "class", "recipe", "task",
                                      "text")} for m in d["messages"]]
    want = [dict(m, text=m["text"][:2000]) for m in facts.messages[:2000]]
    assert got == want, (got, want)


def main(log, document, name):
    facts = Facts(log)
    with open(document, encoding="utf-8") as f:
        d = json.load(f)
    assert d["name"] == name, d["name"]
    assert d["counts"] == facts.counts, (d["counts"], facts.counts)
    assert d["variables"] == facts.variables, d["variables"]
    assert d["targets"] == facts.targets, d["targets"]
    assert d.get("outcome") == facts.outcome
    assert close(d.get("started"), facts.started), d["started"]
    assert close(d.get("ended"), facts.ended), d["ended"]
    assert [(f["kind"], f["text"]) for f in d["failures"]] == facts.failures
    for pf, recipe in d.get("recipes", {}).items():
        assert facts.names[pf] == recipe
    same_messages(facts, d)


if __name__ == "__main__":
    main(*sys.argv[1:])
