#!/bin/bash
# bad_input.sh: wrong uploads; and what they cost the workers in memory.
# shellcheck source=tests/lib/tap.sh
. "$BS_SRC/tests/lib/tap.sh"
# shellcheck source=tests/lib/stack.sh
. "$BS_SRC/tests/lib/stack.sh"
# shellcheck source=tests/lib/python.sh
. "$BS_SRC/tests/lib/python.sh"

# The most that any worker has used so far, in KiB.
peak_memory()
{
	local pid
	for pid in $(worker_pids); do
		awk '/^VmHWM/ { print $2 }' "/proc/$pid/status"
	done | sort -n | tail -n 1
}

worker_pids()
{
	ps -o pid= --ppid "${STACK_PIDS[workers]}" | tr -d ' ' | sort -n
}

stack_start
fetch -o /dev/null "${URL}builds"
idle=$(peak_memory)
before=$(worker_pids)

python_suite "$BS_SRC/tests/e2e/bad_input.py"
is "no worker died" "$(worker_pids)" "$before"
# A sanitizer's shadow memory is not the worker's.
case $BS_BUILD in
*/gcc)
	grown=$((($(peak_memory) - idle) / 1024))
	ok "a worker grew by $grown MiB, less than 64" test "$grown" -lt 64
	;;
esac
ok "no sanitizer spoke" \
	sh -c "! grep -E 'ERROR: .*Sanitizer|runtime error' '$STACK/workers.log'"
tap_end
