#!/bin/bash
# clean.sh: autoreconf and the builds say nothing that they need not, and leave
# nothing in the source.
# shellcheck source=tests/lib/tap.sh
. "$BS_SRC/tests/lib/tap.sh"

nothing "autogen.sh gives no warning" \
	"$(grep -iE 'warning|error' "$BS_WORK/autogen.log" || :)"
nothing "builds leave no object in the source" \
	"$(find "$BS_SRC" -name '*.o' -o -name '*.a' -o -name '*.trs')"
flags=$(make -C "$BS_BUILD" -n -W "$BS_SRC/src/base/str.c" src/libbase.a \
	V=1 2>/dev/null | grep -m 1 'str\.c')
for flag in -std=gnu17 -Wconversion -Wshadow -Werror -D_FORTIFY_SOURCE=2 \
	-fstack-protector-strong -fPIE; do
	like "the compiler is really given $flag" "$flags" " $flag( |\$)"
done
for program in "$BS_INSTALL"/bin/* "$BS_INSTALL"/sbin/*; do
	like "$(basename "$program") binds all symbols at start, read-only" \
		"$(readelf -d "$program")" 'FLAGS.*NOW'
done

tap_end
