#!/bin/bash
# time.sh: see time.py.
# shellcheck source=tests/lib/tap.sh
. "$BS_SRC/tests/lib/tap.sh"
# shellcheck source=tests/lib/stack.sh
. "$BS_SRC/tests/lib/stack.sh"
# shellcheck source=tests/lib/python.sh
. "$BS_SRC/tests/lib/python.sh"

stack_start
export BS_PUSH=$BS_INSTALL/bin/push-build-results \
	BS_ADMIN=$BS_INSTALL/sbin/buildstats-admin
python_suite "$BS_SRC/tests/e2e/time.py"
tap_end
