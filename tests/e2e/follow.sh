#!/bin/bash
# follow.sh: the bitbake class and what sends its reports; see follow.py.
# shellcheck source=tests/e2e/client_lib.sh
. "$(dirname "$0")/client_lib.sh"

# follow CHECK...: the names of check_ functions.
follow()
{
	local failed
	python3 "$BS_SRC/tests/e2e/follow.py" "$T" \
		"$BS_BUILD/push-build-results" \
		"$BS_SRC/meta-buildstats/classes/buildstats-report.bbclass" \
		"$BS_SRC/tests/data" "$@" >"$T/results" 2>"$T/python.err"
	grep -v '^1\.\.' "$T/results"
	failed=$(grep -cE '^not ok' "$T/results")
	TAP_COUNT=$((TAP_COUNT + failed + $(grep -cE '^ok' "$T/results")))
	TAP_FAILED=$((TAP_FAILED + failed))
	ok "the checks ran to their end" follow_ended
}

follow_ended()
{
	grep -q '^1\.\.' "$T/results" || {
		tail -n 20 "$T/python.err"
		false
	}
}

follow
tap_end
