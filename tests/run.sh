#!/bin/bash
# run.sh WORK [PATTERN...]: runs the suites of tests/suites whose names match
# a pattern (all, without one), as many at a time as there are processors,
# and adds up their results.
#
# WORK has been prepared by "quickstart check": WORK/src is a copy of the
# tree; builds, installations and logs go there.  Each suite prints TAP and
# finds BS_SRC, BS_BUILD, BS_INSTALL, BS_LOGS and TMPDIR in its environment.
# With CI=true a skipped test counts as failed.
set -u

WORK=$1
shift
export BS_WORK=$WORK BS_SRC=$WORK/src BS_LOGS=$WORK/logs
export LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1
JOBS=$(nproc)
PASSED=0 FAILED=0 BUILT=
declare -A SUITE_OF=()
mkdir -p "$BS_LOGS"

# A suite is NAME or NAME@BUILD; BUILD says with which build it runs.
run_suite()
{
	local name=$1 seconds=$2 build=gcc
	local script=${*:3}
	case $name in *@*) build=${name#*@} ;; esac
	export BS_BUILD=$WORK/$build BS_INSTALL=$WORK/$build.inst
	export TMPDIR=$WORK/t/$name
	mkdir -p "$TMPDIR"
	chmod 755 "$TMPDIR"
	cd "$BS_SRC" || exit 1
	# shellcheck disable=SC2086
	timeout -k 30 "$seconds" bash $script </dev/null \
		>"$BS_LOGS/$name.log" 2>&1 &
	trap 'kill $!' TERM
	wait $!
	echo $? >"$BS_LOGS/$name.rc"
	rm -rf "$TMPDIR"
}

# Prints passed, failed and skipped of a log.
count()
{
	awk '/^ok [0-9]+.*# *SKIP/ { skipped++; next }
		/^ok [0-9]/ { passed++ }
		/^not ok [0-9]/ { failed++ }
		/^1\.\.[0-9]+/ { split($1, n, /\.\./); planned += n[2] }
		/^Bail out!/ { failed++; bail = 1 }
		END {
			if (!bail && planned != passed + failed + skipped)
				failed++
			print passed + 0, failed + 0, skipped + 0
		}' "$1"
}

# What a person needs to see of a failed suite.
show_failures()
{
	local log=$1
	if grep -qE '^(not ok|Bail out!)' "$log"; then
		awk '/^not ok/ { shown = 1; print; next }
			/^ok / { shown = 0 }
			/^Bail out!/ { shown = 1 }
			shown { print }' "$log" | head -n 120
	else
		tail -n 40 "$log"
	fi | sed 's/^/    /'
}

report()
{
	local name=$1 log=$BS_LOGS/$1.log status passed failed skipped
	status=$(cat "$BS_LOGS/$name.rc" 2>/dev/null || echo 99)
	read -r passed failed skipped < <(count "$log")
	if [ "$status" != 0 ] && [ "$failed" = 0 ]; then
		failed=1 # it died, or was ended by its time limit (124, 137)
	fi
	[ $((passed + failed + skipped)) -gt 0 ] || failed=1
	if [ "${CI-}" = true ]; then
		failed=$((failed + skipped))
	fi
	printf '%-24s %5d passed, %d failed%s (%d s)\n' "$name" "$passed" \
		"$failed" "${skipped:+, $skipped skipped}" \
		$((SECONDS - STARTED[$name]))
	[ "$skipped" = 0 ] || grep -i '# *skip' "$log" | sed 's/^/    /'
	if [ "$failed" != 0 ]; then
		[ "$status" != 124 ] || echo "    ended: it took too long"
		show_failures "$log"
	fi
	PASSED=$((PASSED + passed)) FAILED=$((FAILED + failed))
}

declare -A STARTED=()
finish_one()
{
	local pid
	wait -n -p pid
	[ -n "${pid-}" ] || return 1
	report "${SUITE_OF[$pid]}"
	unset "SUITE_OF[$pid]"
}

# The builds, which stand before the first "---", are always wanted.
wanted()
{
	local name=$1 pattern
	shift
	[ $# -gt 0 ] && [ -n "$BUILT" ] || return 0
	for pattern; do
		# shellcheck disable=SC2053
		[[ $name == $pattern ]] && return
	done
	return 1
}

stop_children()
{
	trap '' INT TERM
	kill "${!SUITE_OF[@]}" 2>/dev/null
	exit 1
}
trap stop_children INT TERM

while read -r name seconds script; do
	case $name in
	'' | '#'*) continue ;;
	---)
		# What follows needs what stands above.
		while [ ${#SUITE_OF[@]} -gt 0 ]; do finish_one; done
		BUILT=yes
		continue
		;;
	esac
	wanted "$name" "$@" || continue
	while [ ${#SUITE_OF[@]} -ge "$JOBS" ]; do finish_one; done
	STARTED[$name]=$SECONDS
	run_suite "$name" "$seconds" "$script" &
	SUITE_OF[$!]=$name
done <"$BS_SRC/tests/suites"
while [ ${#SUITE_OF[@]} -gt 0 ]; do finish_one; done

echo
printf '%d passed, %d failed\n' "$PASSED" "$FAILED"
[ "$FAILED" = 0 ] && [ "$PASSED" -gt 0 ]
