#!/bin/bash
# systemd.sh: the units are valid and well locked up.
# shellcheck source=tests/lib/tap.sh
. "$BS_SRC/tests/lib/tap.sh"
units=$BS_INSTALL/lib/systemd/system

verify()
{
	systemd-analyze verify --recursive-errors=no --man=no \
		"$TMPDIR"/units/*.* 2>&1 | tee "$TMPDIR/said"
	[ "${PIPESTATUS[0]}" = 0 ] && ! grep -q buildstats "$TMPDIR/said"
}

# systemd-analyze prints the exposure, 0 to 10, with one decimal.
exposure()
{
	systemd-analyze security --offline=true --no-pager "$1" |
		sed -n 's/.*exposure level[^:]*: \([0-9.]*\).*/\1/p'
}

mkdir -p "$TMPDIR/units"
cp "$units"/buildstats* "$TMPDIR/units/"
ok "systemd-analyze verify has nothing to say" verify
for unit in "$units"/*.service; do
	name=$(basename "$unit")
	level=$(exposure "$unit")
	ok "$name: exposure $level is 2.0 at most" \
		awk -v l="${level:-10}" 'BEGIN { exit !(l <= 2.0) }'
	program=$(sed -n 's/^ExecStart=\([^ ]*\).*/\1/p' "$unit")
	ok "$name: $program is there" test -x "$program"
done
ok "the socket names an instance of the worker" \
	grep -q '^Service=buildstats-fcgi@1.service$' "$units/buildstats.socket"
ok "systemd-sysusers takes the user" systemd-sysusers --dry-run \
	"$BS_INSTALL/share/buildstats/buildstats.sysusers"

# Standard input as a listening socket, as the unit gives it.
# shellcheck source=tests/lib/stack.sh
. "$BS_SRC/tests/lib/stack.sh"
stack_workers()
{
	python3 - "$STACK/web/fcgi.sock" "$BS_INSTALL/sbin/buildstats-fcgi" \
		--db "$DB" <<'END' >"$STACK/workers.log" 2>&1 &
import os, socket, sys
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
s.listen(64)
os.chmod(sys.argv[1], 0o666)
os.dup2(s.fileno(), 0)
os.execv(sys.argv[2], sys.argv[2:])
END
	STACK_PIDS[workers]=$!
}
stack_start
is "a worker serves a socket that it got as standard input" \
	"$(http_status "${URL}builds")" 200

tap_end
