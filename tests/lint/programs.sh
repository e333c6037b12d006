#!/bin/bash
# programs.sh: --help, --version, exit status and man page of every program.
# It runs everything in BS_INSTALL, so that must never be empty.
: "${BS_SRC:?}" "${BS_INSTALL:?}" "${TMPDIR:?}"
# shellcheck source=tests/lib/tap.sh
. "$BS_SRC/tests/lib/tap.sh"
man=$BS_INSTALL/share/man

options()
{
	grep -oE '(^|[^-[:alnum:]])--[a-z][a-z-]+' | grep -oE '[-][-a-z]+' | sort -u
}

undocumented()
{
	local name
	sed 's/\\-/-/g' "$2" >"$TMPDIR/page"
	"$1" --help | options | while read -r name; do
		# mdoc writes --server as "Fl -server".
		grep -qE -- "-${name#--}\\b" "$TMPDIR/page" || echo "$name"
	done
}

for program in "$BS_INSTALL"/bin/* "$BS_INSTALL"/sbin/*; do
	name=$(basename "$program")
	page=$(find "$man" -name "$name.*" | head -n 1)
	out=$("$program" --help 2>"$TMPDIR/err")
	is "$name --help is status 0" $? 0
	is "$name --help says nothing on stderr" "$(cat "$TMPDIR/err")" ""
	like "$name --help begins with the usage" "$out" "^[Uu]sage: $name"
	out=$("$program" --version)
	is "$name --version is status 0" $? 0
	like "$name --version tells name and number" "$out" \
		"^$name .*[0-9]+\\.[0-9]+"
	out=$("$program" --no-such-option 2>&1 >/dev/null </dev/null)
	is "$name: an unknown option is status 2" $? 2
	like "$name: and says so as program: what" "$out" "^([^ ]*/)?$name: "
	ok "$name has a man page" test -n "$page" || continue
	ok "mandoc has nothing to say about it" \
		mandoc -T lint -W warning "$page"
	nothing "$name: the man page tells all options" \
		"$(undocumented "$program" "$page")"
done

worker=$BS_INSTALL/sbin/buildstats-fcgi
ok "docs/routes.md is what --list-routes prints" \
	diff -u "$BS_SRC/docs/routes.md" <("$worker" --list-routes)

# Every row of the table is asked for by an end-to-end suite.
# shellcheck disable=SC2016
"$worker" --list-routes | sed -n 's/^| `\(\/[^`]*\)`.*/\1/p' |
	grep -vx '/' >"$TMPDIR/routes"
ok "there are routes" test -s "$TMPDIR/routes"
while read -r route; do
	pattern=$(sed -E 's,^/,,; s,:[a-z]+,[^/ "]+,g' <<<"$route")
	ok "an end-to-end suite asks for $route" \
		grep -rqE "[\"}/ ]${pattern}[\"/?. )]" "$BS_SRC/tests/e2e"
done <"$TMPDIR/routes"

# What the installed files say about where they are is true.
nothing "no placeholder is left in what is installed" \
	"$(grep -rnE '@[a-z]+dir@' "$BS_INSTALL/share/buildstats" \
		"$BS_INSTALL/lib" || :)"

tap_end
