#!/bin/bash
# class.sh: the bitbake class against the real server; see class.py.
# shellcheck source=tests/lib/tap.sh
. "$BS_SRC/tests/lib/tap.sh"
# shellcheck source=tests/lib/stack.sh
. "$BS_SRC/tests/lib/stack.sh"
# shellcheck source=tests/lib/python.sh
. "$BS_SRC/tests/lib/python.sh"

stack_start
python_suite "$BS_SRC/tests/e2e/class.py" "$STACK/poky" \
	"$BS_INSTALL/bin/push-build-results" \
	"$BS_SRC/meta-buildstats/classes/buildstats-report.bbclass"
tap_end
