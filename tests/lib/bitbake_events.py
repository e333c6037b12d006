"""bitbake_events.py: event logs as bitbake writes them, of events made up."""

import base64
import json
import pickle
import sys
import types


def _class(module, name):
    """A class of that name that pickle can find, whoever has the module."""
    parts = module.split(".")
    for i in range(len(parts)):
        sys.modules.setdefault(".".join(parts[:i + 1]),
                               types.ModuleType(".".join(parts[:i + 1])))
    made = type(name, (object,), {"__module__": module})
    setattr(sys.modules[module], name, made)
    return made


def line(name, pickled):
    return json.dumps({"class": name, "vars": base64.encodebytes(
        pickled).decode()}) + "\n"


def event(name, protocol=4, **attributes):
    thing = _class(*name.rsplit(".", 1))()
    thing.__dict__.update(attributes)
    return line(name, pickle.dumps(thing, protocol))


def variables(**values):
    return json.dumps({"allvariables": {
        k: {"v": v, "history": [{"file": "/conf/local.conf", "line": 1,
                                 "op": "set", "detail": v}], "doc": "x"}
        for k, v in values.items()}}) + "\n"


def started(package, task, pid, time, pn, protocol=4):
    return event("bb.build.TaskStarted", protocol, _package=package,
                 _task=task, pid=pid, time=time, pn=pn, pv="1.0", _mc="",
                 _fn="/x.bb", taskflags={"deps": [], "network": "1"})


def ended(package, task, pid, time, passed=True):
    return event("bb.build.TaskSucceeded" if passed else
                 "bb.build.TaskFailed", _package=package, _task=task, pid=pid,
                 time=time)


def record(level, msg, created, pid=0, args=()):
    # The class of Python's own logging must stay what it is.
    import logging
    keep = logging.LogRecord
    try:
        return event("logging.LogRecord", levelno=level, msg=msg, args=args,
                     created=created, taskpid=pid, exc_info=None,
                     thread=139970589279936)
    finally:
        logging.LogRecord = keep


class Stats:
    pass


def stats(name, **numbers):
    thing = _class("bb.runqueue", "RunQueueStats")()
    thing.__dict__.update(numbers)
    return event(name, stats=thing, taskid="x", taskhash="0" * 64)


class Call:
    """What runs something when Python reads it."""

    def __init__(self, command):
        self.command = command

    def __reduce__(self):
        import os
        return os.system, (self.command,)


def hostile(command):
    """Lines of kinds that are read, with pickles that nobody should."""
    out = []
    for protocol in (0, 2, 3, 4, 5):
        out.append(line("logging.LogRecord",
                        pickle.dumps(Call(command), protocol)))
    quoted = command.encode()
    for raw in (b"cos\nsystem\n(S'" + quoted + b"'\ntR.",
                b"(S'" + quoted + b"'\nios\nsystem\n.",
                b"\x80\x04]q\x00" + b"h\x00" * 2000000 + b".",
                b"\x80\x04X\xff\xff\xff\x7fx.", b"\x80\x04Nr\xff\xff\xff\xff.",
                b"\x80\x04" + b"]" * 5000 + b"a" * 4999 + b".",
                b"\x80\x04" + b"(" * 3000000, b"\x80\x04\x95" + b"\xff" * 8,
                b"\x80\x09N.", b""):
        out.append(line("bb.event.BuildCompleted", raw))
    # These two are read: an object in itself, and one with a call in it.
    calm = [line("bb.event.HeartbeatEvent", raw) for raw in (
        b"\x80\x04cbb.event\nHeartbeatEvent\n)\x81\x94h\x00b.",
        b"\x80\x04cbb.event\nHeartbeatEvent\n)\x81\x94}(\x8c\x04timecos\n"
        b"system\n\x8c" + bytes([len(quoted)]) + quoted + b"\x85Rub.")]
    return out, calm
