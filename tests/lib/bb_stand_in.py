"""bb_stand_in.py: as much of bitbake as classes with event handlers need: the
events, a datastore, and a reader of .bbclass files.  What handlers say is in
said."""

import copy
import re
import sys
import types

said = []


class Event:
    def __init__(self, **members):
        self.__dict__.update(members)


def _module(name, events):
    module = types.ModuleType(name)
    for event in events.split():
        setattr(module, event, type(event, (Event,), {}))
    sys.modules[name] = module
    return module


bb = types.ModuleType("bb")
sys.modules["bb"] = bb
bb.event = _module("bb.event", "BuildStarted BuildCompleted HeartbeatEvent")
bb.build = _module("bb.build", "TaskStarted TaskSucceeded TaskFailed")
bb.runqueue = _module(
    "bb.runqueue", "runQueueTaskStarted runQueueTaskCompleted "
    "runQueueTaskFailed runQueueTaskSkipped sceneQueueTaskStarted "
    "sceneQueueTaskCompleted sceneQueueTaskFailed")
bb.plain = bb.note = bb.warn = said.append
bb.debug = lambda level, text: said.append(text)


class Stats:
    """bb.runqueue.RunQueueStats."""

    def __init__(self, total, setscene_total=0):
        self.completed = self.skipped = self.failed = self.active = 0
        self.setscene_active = self.setscene_covered = 0
        self.setscene_notcovered = 0
        self.total, self.setscene_total = total, setscene_total

    def copy(self):
        return copy.copy(self)


class Data:
    """bitbake's datastore, which gives copies of what isn't text."""

    def __init__(self, **variables):
        self.variables = variables

    def expand(self, text):
        return re.sub(r"\$\{(\w+)\}",
                      lambda m: self.getVar(m.group(1)) or m.group(0), text)

    def getVar(self, name, expand=True):
        value = copy.copy(self.variables.get(name))
        return self.expand(value) if expand and isinstance(value, str) \
            else value

    def setVar(self, name, value):
        self.variables[name] = value

    def delVar(self, name):
        self.variables.pop(name, None)


class Class:
    """A .bbclass: its defaults, functions and handlers."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as f:
            text = re.sub(r"\\\n", "", f.read())
        self.defaults = dict(re.findall(r'^(\w+) \?= "(.*)"$', text, re.M))
        code = re.findall(r"^def .*(?:\n(?:[ \t].*|#.*|))*", text, re.M)
        self.names = {"bb": bb}
        exec(compile("\n".join(code), path, "exec"), self.names)
        self.masks = dict(re.findall(
            r'^(\w+)\[eventmask\] = "(.*)"$', text, re.M))
        self.handlers = {}
        for name, body in re.findall(
                r"^python (\w+) ?\(\) ?\{\n(.*?)^\}", text, re.M | re.S):
            source = "def %s(e, d):\n%s" % (name, body)
            exec(compile(source, path, "exec"), self.names)
            self.handlers[name] = self.names[name]

    def defaults_for(self, data):
        for name, value in self.defaults.items():
            data.variables.setdefault(name, value)

    def fire(self, event, data):
        """As bitbake does: handlers whose mask names the event."""
        name = "%s.%s" % (self.module_of(event), type(event).__name__)
        for handler, mask in self.masks.items():
            if name in mask.split():
                self.handlers[handler](event, data)

    @staticmethod
    def module_of(event):
        for module in ("bb.event", "bb.build", "bb.runqueue"):
            if hasattr(sys.modules[module], type(event).__name__):
                return module
        raise ValueError(event)
