#!/usr/bin/env python3
"""reports.py DIR: error reports for the pages of failures to show, as files.

The same failure from three builders, one whose log and names hold markup, one
of an item that nothing provides, one with a long log, one without any.
"""
import json
import os
import sys

MARKUP = '<script>alert("x")</script>&amp;\'"'
COMPILER = """DEBUG: Executing shell function do_compile
NOTE: make -j 8 'CFLAGS=-O2 -pipe'
gzlib.c: In function 'gz_open':
gzlib.c:206:9: warning: unused variable 'mode' [-Wunused-variable]
  206 |     int mode;
      |         ^~~~
gzlib.c:212:13: error: implicit declaration of function 'zlib_init'
  212 |     state = zlib_init(%s);
      |             ^~~~~~~~~
make: *** [<builtin>: gzlib.o] Error 1
ERROR: oe_runmake failed
WARNING: exit code 1 from a shell command.
ERROR: Execution of '/home/%s/tmp/work/zlib/temp/run.do_compile.4711' failed
"""


def report(name, log, **more):
    commit = "%040x" % (0x9e3779b97f4a7c15 * (len(name) + 3))
    return dict(dict(
        machine="qemuarm", distro="poky", build_sys="x86_64-linux",
        target_sys="arm-poky-linux-gnueabi", nativelsb="debian-12",
        component="core-image-sato", branch_commit="master: " + commit,
        layer_version=["meta                 ",
                       'meta-poky            = "master:%s"' % commit],
        bitbake_version="2.19.0", username=name, email="", link_back="",
        local_conf='MACHINE = "qemuarm"\nDL_DIR = "/home/%s"' % name,
        auto_conf="", failures=[dict(
            package="zlib-1.3.2-r0", task="do_compile", log=log)]), **more)


def reports():
    for name in ("alder", "birch", "cedar"):
        yield report(name, COMPILER % ("arguments, " * 40, name))
    yield report(MARKUP, "\x1b[31mERROR: %s\x1b[0m\n" % (MARKUP * 40),
                 machine=MARKUP, distro=MARKUP, branch_commit=MARKUP,
                 failures=[dict(package=MARKUP, task=MARKUP,
                                log="a.c:1:1: error: " + MARKUP + "\n")])
    yield report("elder", "", component="libmissing", failures=[dict(
        package="libmissing", task="Nothing provides",
        log="Nothing PROVIDES 'libmissing'")])
    yield report("fir", "".join("%d: error: number %d\n" % (i, i % 40)
                                for i in range(3000)))
    yield report("gorse", "", failures=[dict(
        package="busybox-1.36.1-r0", task="do_install", log="")])


def main():
    for i, document in enumerate(reports()):
        with open(os.path.join(sys.argv[1], "report-%d.txt" % i), "w",
                  encoding="utf-8") as out:
            json.dump(document, out, indent=4, sort_keys=True)


main()
