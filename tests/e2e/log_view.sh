#!/bin/bash
# log_view.sh: see log_view.py.
# shellcheck source=tests/lib/tap.sh
. "$BS_SRC/tests/lib/tap.sh"
# shellcheck source=tests/lib/stack.sh
. "$BS_SRC/tests/lib/stack.sh"
# shellcheck source=tests/lib/python.sh
. "$BS_SRC/tests/lib/python.sh"

mkdir -m 777 "$STACK/raw"
STACK_WORKERS=2 stack_start --raw "$STACK/raw"
BS_RAW=$STACK/raw python_suite "$BS_SRC/tests/e2e/log_view.py"
tap_end
