#!/bin/bash
# params.sh: see params.py.
# shellcheck source=tests/lib/tap.sh
. "$BS_SRC/tests/lib/tap.sh"
# shellcheck source=tests/lib/stack.sh
. "$BS_SRC/tests/lib/stack.sh"
# shellcheck source=tests/lib/python.sh
. "$BS_SRC/tests/lib/python.sh"

stack_start
for name in A1 F1; do
	upload "$BS_SRC/tests/data/$name.tar.zst" >"$STACK/upload.log"
	is "$name is taken" "$(tail -n 1 "$STACK/upload.log")" 201
done
python_suite "$BS_SRC/tests/e2e/params.py"
tap_end
