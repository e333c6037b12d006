#!/bin/bash
# upload_failures.sh: failures, logs and error reports in bundles, receipts,
# the kept bytes; and what they cost the workers in memory.
# shellcheck source=tests/lib/tap.sh
. "$BS_SRC/tests/lib/tap.sh"
# shellcheck source=tests/lib/stack.sh
. "$BS_SRC/tests/lib/stack.sh"
# shellcheck source=tests/lib/python.sh
. "$BS_SRC/tests/lib/python.sh"

worker_pids()
{
	ps -o pid= --ppid "${STACK_PIDS[workers]}" | tr -d ' ' | sort -n
}

# The most that any worker has used so far, in KiB.
peak_memory()
{
	local pid
	for pid in $(worker_pids); do
		awk '/^VmHWM/ { print $2 }' "/proc/$pid/status"
	done | sort -n | tail -n 1
}

# The directory of the raw bytes is made by the workers.
stack_start --raw "$STACK/web/raw"
fetch -o /dev/null "${URL}builds"
idle=$(peak_memory)
before=$(worker_pids)

BS_RAW=$STACK/web/raw python_suite "$BS_SRC/tests/e2e/upload_failures.py"
is "no worker died" "$(worker_pids)" "$before"
case $BS_BUILD in
*/gcc)
	grown=$((($(peak_memory) - idle) / 1024))
	ok "a worker grew by $grown MiB, less than 64" test "$grown" -lt 64
	;;
esac

# ---- the client, as the person with the failed build ----
export HOME=$STACK/home
mkdir -p "$HOME" "$STACK/F1"
tar --zstd -xf "$BS_SRC/tests/data/F1.tar.zst" -C "$STACK/F1" --no-same-owner
push()
{
	"$BS_INSTALL/bin/push-build-results" --server "$URL" "$@" \
		2>"$STACK/push.err"
}
out=$(push --failures --tag alice --force "$STACK/F1")
like "the build's line" "$(head -n 1 <<<"$out")" \
	"^failed 20261122140428 75 tasks, 8 failed ${URL}build/[0-9]*$"
is "a line for each failure" "$(grep -c '^  [a-z]' <<<"$out")" 8
like "which says what it is, whether it is known, and where" \
	"$(grep missing-header <<<"$out")" \
	"^  missing-header do_compile: .*frob[.]h.* [(](new|known).*[)] ${URL}f/[0-9a-z]*$"
link=$(grep missing-header <<<"$out" | sed 's/.* //')
is "the link leads to its log" "$(fetch "$link/text" | sha256sum)" \
	"$(sha256sum <"$STACK/F1/logs/missing-header.do_compile.log")"
out=$(push "$STACK/F1/error-report/noprovider.txt")
like "a report by itself is a build" "$out" \
	"^failed [^ ]* 0 tasks, [01] failed ${URL}build/[0-9]*$"

ok "no sanitizer spoke" \
	sh -c "! grep -E 'ERROR: .*Sanitizer|runtime error' '$STACK/workers.log'"
tap_end
