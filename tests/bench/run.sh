#!/bin/sh
# Prints the figures of docs/benchmarks.md; never fails because one is missed.
#
#     run.sh [--quick] [PART...]
#
# BS_BUILD: the build directory with the programs, else the current directory.
# top_srcdir: the source tree.  BS_BENCH_DIR: where scratch files may go; a
# few GB, on the kind of disk that the database will have.
here=$(cd "$(dirname "$0")" && pwd) || exit 1
export PYTHONDONTWRITEBYTECODE=1
exec "${PYTHON3:-python3}" "$here/bench.py" "$@"
