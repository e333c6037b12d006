"""autobuilders.py: takes the shell out of docs/autobuilders.md, as each
autobuilder would run it: autobuilders.py DOCUMENT DIRECTORY."""

import os
import re
import sys
import types

BLOCK = re.compile(r"^```(\w+)(?: file (\S+))?\n(.*?)^```$", re.M | re.S)


def buildbot(text, out):
    """Runs the configuration with stand-ins, and writes the step's command."""
    taken = []

    class Any:
        def __getattr__(self, name):
            return lambda *args, **kw: dict(kw, args=args, kind=name)

    plugins = types.ModuleType("buildbot.plugins")
    plugins.reporters = plugins.steps = plugins.util = Any()
    sys.modules["buildbot"] = types.ModuleType("buildbot")
    sys.modules["buildbot.plugins"] = plugins
    services = []
    factory = types.SimpleNamespace(addStep=taken.append)
    exec(compile(text, "master.cfg", "exec"),
         {"c": {"services": services}, "factory": factory})
    assert services[0]["serverUrl"].endswith("/api/v1/buildbot")
    assert taken[0]["alwaysRun"] and not taken[0]["flunkOnFailure"]
    write(out, "buildbot", taken[0]["command"])


def scalars(text):
    """Block scalars ("- |", "run: |") of YAML, without their indentation."""
    lines = text.splitlines()
    for i, line in enumerate(lines):
        if not line.endswith("|"):
            continue
        block = []
        for later in lines[i + 1:]:
            indent = len(later) - len(later.lstrip())
            if later.strip() and block and indent < at:
                break
            if later.strip() and not block:
                at = indent
            block.append(later[at:])
        yield "\n".join(block) + "\n"


def write(out, name, text):
    with open(os.path.join(out, name), "w") as f:
        f.write(text)


def main():
    with open(sys.argv[1]) as f:
        document = f.read()
    out = sys.argv[2]
    for language, name, text in BLOCK.findall(document):
        if language == "sh":
            write(out, name, text)
        elif language == "python":
            buildbot(text, out)
        elif language == "groovy":
            write(out, "jenkins",
                  re.search(r"sh '''\n(.*?)'''", text, re.S).group(1))
        elif language == "yaml":
            found = [s for s in scalars(text) if "push-build-results" in s]
            assert len(found) == 1, found
            write(out, "github" if "GITHUB" in text else "gitlab", found[0])


main()
