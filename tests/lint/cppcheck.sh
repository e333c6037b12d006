#!/bin/bash
# cppcheck.sh: what cppcheck is sure of.
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh

check()
{
	cppcheck -q -j "$(nproc)" --std=c11 --error-exitcode=1 --inline-suppr \
		--suppress=uninitvar --suppress=memleak \
		--suppress=internalAstError --max-configs=1 \
		-D_GNU_SOURCE -D__GNUC__=12 -Isrc "$1"
}

for dir in src/*/; do
	compgen -G "$dir*.c" >/dev/null || continue
	ok "${dir%/} passes cppcheck" check "$dir"
done

tap_end
