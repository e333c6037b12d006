#!/bin/bash
# results.sh: see results.py; and the client with a file by itself.
# shellcheck source=tests/lib/tap.sh
. "$BS_SRC/tests/lib/tap.sh"
# shellcheck source=tests/lib/stack.sh
. "$BS_SRC/tests/lib/stack.sh"
# shellcheck source=tests/lib/python.sh
. "$BS_SRC/tests/lib/python.sh"

stack_start --raw "$STACK/web/raw"
BS_TOKEN=$(stack_admin token add tester | tail -n 1)
export BS_TOKEN
python_suite "$BS_SRC/tests/e2e/results.py"

# ---- what came is read again, and goes with its build ----
results="{\"again\": {\"configuration\": {\"MACHINE\": \"m\"},
	\"result\": {\"a.b.c\": {\"status\": \"PASSED\"}}}}"
receipt=$(curl -fsS -H 'Content-Type: application/json' --data-binary \
	"$results" "${URL}upload" | json 'd["receipt"]')
like "results by themselves are read again" "$(stack_admin reparse \
	--raw "$STACK/web/raw" "${receipt##*/}" 2>&1)" "0 tasks, 0 failed, build"
stack_admin prune --before 2030-01-01 >/dev/null
is "results go with their builds" "$(psql "$DB" -Atc \
	"SELECT (SELECT count(*) FROM result_run) +
		(SELECT count(*) FROM result_failed)")" 0

ok "no sanitizer spoke" \
	sh -c "! grep -E 'ERROR: .*Sanitizer|runtime error' '$STACK/workers.log'"
tap_end
