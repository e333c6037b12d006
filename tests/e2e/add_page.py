"""add_page.py HACKING.md TREE: does what the document's blocks say.

A block's first line is ```LANGUAGE HOW [WHERE] PATH, HOW one of: new,
append, before "text that stands at the beginning of a line".
"""

import os
import shlex
import sys


def blocks(path):
    how, lines = None, []
    with open(path, encoding="utf-8") as f:
        for line in f:
            if line.startswith("```"):
                if how:
                    yield how, "".join(lines)
                how, lines = (shlex.split(line[3:])[1:] or None, []) \
                    if line.strip() != "```" else (None, [])
            elif how:
                lines.append(line)


def apply(tree, how, text):
    path = os.path.join(tree, how[-1])
    if how[0] == "new":
        if os.path.exists(path):
            sys.exit("%s is there already" % how[-1])
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        return
    with open(path, encoding="utf-8") as f:
        old = f.read()
    if how[0] == "append":
        new = old + text
    elif how[0] == "before":
        at = old.index("\n" + how[1]) + 1
        new = old[:at] + text + old[at:]
    else:
        sys.exit("%s: how is that done?" % how[0])
    with open(path, "w", encoding="utf-8") as f:
        f.write(new)


done = 0
for how, text in blocks(sys.argv[1]):
    apply(sys.argv[2], how, text)
    done += 1
print(done)
