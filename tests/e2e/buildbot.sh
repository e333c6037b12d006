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
# The background process looks when it is started.
build=$(psql "$DB" -Atc "SELECT build FROM ci_run JOIN build b ON b.id = build
	WHERE status = 0 AND b.tasks = 0 ORDER BY build LIMIT 1")
psql "$DB" -qc "UPDATE ci_run SET updated = now() - interval '25 hours'
	WHERE build = $build"
kill "$(stack_background_pid)"
incomplete()
{
	fetch "${URL}build/$build.json?$RANDOM" | grep -q '"status":"incomplete"'
}
ok "a build whose end nobody told for a day is incomplete" stack_wait incomplete
ok "no sanitizer spoke" \
	sh -c "! grep -E 'ERROR: .*Sanitizer|runtime error' '$STACK/workers.log'"
tap_end
