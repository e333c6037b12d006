#!/bin/bash
# failure_page.sh: the page of a failure over a history that turns good, bad
# and good again; and that its cost doesn't hang on the length of the log.
# shellcheck source=tests/lib/tap.sh
. "$BS_SRC/tests/lib/tap.sh"
# shellcheck source=tests/lib/stack.sh
. "$BS_SRC/tests/lib/stack.sh"
# shellcheck source=tests/lib/python.sh
. "$BS_SRC/tests/lib/python.sh"

stack_start --access-log
BS_LOG=$STACK/workers.log python_suite "$BS_SRC/tests/e2e/failure_page.py"
ok "no sanitizer spoke" \
	sh -c "! grep -E 'ERROR: .*Sanitizer|runtime error' '$STACK/workers.log'"
tap_end
