"""running.py: a build that runs, with a history that says when it will end and
which of its tasks takes too long.  Prints its number."""
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import live  # noqa: E402
import web  # noqa: E402

for i in range(6):
    web.upload(live.history(1790000000 + 86400 * i,
                            [100 + i, 200, 100, 400 + i]))
build = live.running(int(time.time()), "cd" * 16)
for _ in range(300):
    shown = web.get("build/%d.json?n=%d" % (build.id, time.monotonic_ns()))
    if shown.json["failures"] and shown.json["build"]["tasks"]:
        print(build.id)
        break
    time.sleep(0.1)
