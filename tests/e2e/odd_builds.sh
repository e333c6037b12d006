#!/bin/bash
# odd_builds.sh: see odd_builds.py.
# shellcheck source=tests/lib/tap.sh
. "$BS_SRC/tests/lib/tap.sh"
# shellcheck source=tests/lib/stack.sh
. "$BS_SRC/tests/lib/stack.sh"
# shellcheck source=tests/lib/python.sh
. "$BS_SRC/tests/lib/python.sh"

stack_start
python_suite "$BS_SRC/tests/e2e/odd_builds.py"
tap_end
