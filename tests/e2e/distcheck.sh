#!/bin/bash
# distcheck.sh: the tarball has everything that a build, an installation and
# the unit tests need, and uninstalls without a trace.
# shellcheck source=tests/lib/tap.sh
. "$BS_SRC/tests/lib/tap.sh"
build=$TMPDIR/build

configure()
{
	mkdir -p "$build" && cd "$build" && "$BS_SRC/configure"
}

# What a tarball may lack: what is there for those who change the tree.
not_shipped='^(\.git|\.ci|\.clang|\.editor|\.shellcheckrc|autom4te|node_modules)'
not_shipped="$not_shipped|^tests/browser/node_modules|~\$"

missing_from_tarball()
{
	comm -23 <(cd "$BS_SRC" && find . -type f | sed 's,^\./,,' |
		grep -vE "$not_shipped" | sort) \
		<(tar -tf "$build"/buildstats-*.tar.xz | sed 's,^[^/]*/,,' |
			grep -v '/$' | sort)
}

ok "configures" configure
# Not optimised: other suites build as it is shipped.
export XZ_OPT=-1
ok "make distcheck" make -C "$build" -j"$(nproc)" distcheck \
	DISTCHECK_CONFIGURE_FLAGS='--enable-werror CFLAGS=-O0'
nothing "the tarball holds every file of the tree" "$(missing_from_tarball)"
ok "make install honours DESTDIR" make -C "$BS_BUILD" install \
	DESTDIR="$TMPDIR/dest"
ok "and puts the worker there" \
	test -x "$TMPDIR/dest$BS_INSTALL/sbin/buildstats-fcgi"

tap_end
