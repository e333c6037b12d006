#!/bin/bash
# live.sh: builds that report themselves while they run; see live.py.
# Processes are killed and the database is stopped in between.
# shellcheck source=tests/lib/tap.sh
. "$BS_SRC/tests/lib/tap.sh"
# The database must really be durable here.
# shellcheck disable=SC2034
STACK_FSYNC=fsync=on
# shellcheck source=tests/lib/stack.sh
. "$BS_SRC/tests/lib/stack.sh"
# shellcheck source=tests/lib/python.sh
. "$BS_SRC/tests/lib/python.sh"

live()
{
	python_suite "$BS_SRC/tests/e2e/live.py" "$@"
}

stack_start
live replay "$STACK" "$BS_INSTALL/sbin/buildstats-admin"
live bad
is "a begin that is no JSON is refused" "$(http_status "${URL}api/v1/builds" \
	--data-binary '{')" 400
is "events want a token" "$(http_status "${URL}api/v1/builds/1/events" \
	--data-binary '{}')" 401
ok "no sanitizer spoke" sh -c \
	"! grep -E 'ERROR: .*Sanitizer|runtime error' '$STACK'/*.log"
tap_end
