#!/bin/bash
# buildbot.sh: see buildbot.py.
# shellcheck source=tests/lib/tap.sh
. "$BS_SRC/tests/lib/tap.sh"
# shellcheck source=tests/lib/stack.sh
. "$BS_SRC/tests/lib/stack.sh"
# shellcheck source=tests/lib/python.sh
. "$BS_SRC/tests/lib/python.sh"

stack_start
BS_TOKEN=$(stack_admin token add tester | tail -n 1)
export BS_TOKEN
python_suite "$BS_SRC/tests/e2e/buildbot.py"
ok "no sanitizer spoke" \
	sh -c "! grep -E 'ERROR: .*Sanitizer|runtime error' '$STACK/workers.log'"
tap_end
