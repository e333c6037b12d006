"""results.py: makes a tar with two builds and their test results, and what
Buildbot tells of the second, in a directory."""

import json
import os
import sys

LIB = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib")
sys.path.insert(0, LIB)
import tars  # noqa: E402
import testresults as tr  # noqa: E402

PAGE = "https://autobuilder.example.org/#/builders/3/builds/14"


def results(start, bad):
    result = {"ping.PingTest.test_ping": tr.case("PASSED", duration=0.25),
              "ssh.SSHTest.test_ssh": tr.failed("ssh.SSHTest.test_ssh"),
              "x.Y.<b>markup</b>": tr.case("EXPECTEDFAIL"),
              "date.DateTest.test_" + start: tr.case("SKIPPED"),
              "ptestresult.sections": {
                  "glib-2.0": {"duration": "73", "log": tr.compressed("a\n")},
                  "bash": {"duration": 12, "exitcode": "1"},
                  "stuck": {"timeout": True}}}
    for i in range(130):
        result["ptestresult.glib-2.0.test %d" % i] = tr.case(
            "FAILED" if i in bad else "PASSED")
    configuration = tr.configuration(STARTTIME=start, MACHINE="qemutested")
    return tr.dump({"runtime_core-image-minimal_qemutested_" + start: {
        "configuration": configuration, "result": result}})


def main():
    files = {}
    for minute, bad in ((10, (1, 2)), (20, (2, 3))):
        name = "2026111214%d00" % minute
        top = "buildstats/%s/" % name
        files.update(tars.run(name, 1794492000.0 + 60 * minute))
        files[top + "build.json"] = json.dumps(
            {"machine": "qemutested", "ci_url": PAGE if minute == 20 else ""})
        files[top + "testresults.json"] = results(name[:12] + "30", bad)
    with open(os.path.join(sys.argv[1], "results.tar"), "wb") as f:
        f.write(tars.tar(files))
    with open(os.path.join(sys.argv[1], "buildbot.json"), "w") as f:
        json.dump({"buildid": 9, "number": 14, "url": PAGE, "complete": True,
                   "results": 1, "state_string": "warnings compile",
                   "started_at": 1794493200, "complete_at": 1794493300,
                   "properties": {"workername": ["w-1", "Worker"]},
                   "builder": {"name": "qemutested"}}, f)


main()
