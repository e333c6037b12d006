#!/bin/bash
# add_page.sh: follows "Add a page in six steps" of HACKING.md on a copy of the
# tree; what comes out builds without a warning, obeys the lints and works.
# shellcheck source=tests/lib/tap.sh
. "$BS_SRC/tests/lib/tap.sh"
tree=$TMPDIR/src
build=$TMPDIR/build

ok "the tree is copied" cp -r "$BS_SRC" "$tree"
follow()
{
	[ "$(python3 "$BS_SRC/tests/e2e/add_page.py" "$BS_SRC/HACKING.md" \
		"$tree")" -ge 10 ]
}
ok "the document's blocks fit" follow || { tap_end; exit 1; }

# Not optimised: this is about whether it works, not about how fast.
build()
{
	mkdir -p "$build" && cd "$build" &&
		"$tree/configure" --enable-werror CFLAGS=-O0 \
			--prefix="$TMPDIR/inst" &&
		make -j"$(nproc)" && make install
}
ok "it builds without a warning" build || { tap_end; exit 1; }
routes()
{
	"$TMPDIR/inst/sbin/buildstats-fcgi" --list-routes >"$tree/docs/routes.md"
	grep -q '/machines' "$tree/docs/routes.md"
}
ok "the route is listed" routes
ok "make sql-columns" make -C "$build" sql-columns
ok "and the query is among them" \
	grep -q '^machine_list() -> machine text, builds bigint' \
	"$tree/tests/sql/columns.expected"
export BS_SRC=$tree BS_BUILD=$build BS_INSTALL=$TMPDIR/inst
ok "the new end-to-end case passes" bash "$tree/tests/e2e/machines.sh"
ok "layers" bash "$tree/tests/lint/layers.sh"
ok "sizes" bash "$tree/tests/lint/size.sh"
ok "the new files have the right form" clang-format --dry-run -Werror \
	"$tree"/src/*/*machine_list.[ch] "$tree/src/web/page_machines.c" \
	"$tree/src/web/route.c" "$tree/src/web/pages.h"
ok "and the new script" shellcheck -x "$tree/tests/e2e/machines.sh"
ok "the new header compiles alone" sh -c "
	echo '#include \"model/machine_list.h\"' |
	gcc -std=gnu17 -I'$tree/src' -fsyntax-only -x c -"

tap_end
