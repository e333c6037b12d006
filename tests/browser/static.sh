#!/bin/bash
# static.sh: the sheets by themselves. Renders the sample documents and looks
# at the HTML; no server and no browser is needed.
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh

OUT=$(mktemp -d "${TMPDIR:-/tmp}/static.XXXXXX") || exit 1
trap 'rm -rf "$OUT"' EXIT
MARKUP='<script>alert("x")</script>'

make_samples()
{
	local name
	for name in A1 A2 F1 B1; do
		mkdir -p "$OUT/rec/$name"
		tar -C "$OUT/rec/$name" --zstd -xf "tests/data/$name.tar.zst" ||
			return
	done
	python3 tests/browser/samples.py "$OUT/rec" "$OUT"
}

# The HTML of a document. xsltproc adds a <meta> of its own, the server
# doesn't; the server adds the doctype.
render()
{
	local route
	route=$(xmllint --xpath 'string(/page/@route)' "$1") || return
	echo '<!DOCTYPE html>'
	xsltproc --nonet --novalid "xsl/page/$route.xsl" "$1" |
		sed 's/<meta http-equiv="Content-Type"[^>]*>//'
}

# tidy 5.6 doesn't know aria-current, nor groups within <dl>.
valid()
{
	local said
	said=$(tidy -e -q -utf8 --mute-id yes --drop-empty-elements no "$1" 2>&1 |
		grep -vE '"aria-current"|</?d[ltd]>|</div> before <dt>')
	[ -z "$said" ] || { echo "$said"; return 1; }
}

# The text of the heading, as a browser would show it.
heading()
{
	python3 - "$1" <<-'END'
	import html, re, sys
	page = open(sys.argv[1], encoding="utf-8").read()
	print(html.unescape(re.search(r"<h1>(.*?)</h1>", page, re.S)[1]))
	END
}

check_page()
{
	local doc=$1 name page
	name=$(basename "$doc" .xml)
	page=${doc%.xml}.html
	ok "$name renders" test -s "$page" || return
	ok "$name is valid HTML" valid "$page"
	is "$name opens with its sentence" "$(heading "$page")" \
		"$(xmllint --xpath 'string(/page/content/@sentence)' "$doc")"
	nothing "$name has no inline style, script or handler" \
		"$(grep -oE '<script>|<style|<[a-z]+ ([^>]* )?(style|on[a-z]+)="' \
			"$page")"
}

# A sheet that runs for every page must not search, sort or cut texts.
costly()
{
	grep -rnE '<xsl:(sort|key|number|import-schema)|document\(|key\(' xsl
	grep -rnE 'disable-output-escaping|(substring|translate|format-number)' xsl
	grep -rnE '(select|match|test)="[^"]*//' xsl
}

unlisted()
{
	find xsl static -type f ! -name '*.am' | while read -r file; do
		grep -qF "$file" xsl/local.am || echo "$file"
	done
}

# Nothing is fetched from elsewhere; a namespace is only a name.
foreign()
{
	grep -rnE '(https?:)?//[a-z]' xsl static | grep -v 'http://www.w3.org/'
	grep -nE '@import|url\(' static/style.css
}

# Paths of the sample's time line; they are drawn whole or not at all.
is_drawn()
{
	local want got
	want=$(xmllint --xpath 'count(//chart/line)' "$OUT/build.xml")
	got=$(grep -o '<path class="draw ' "$OUT/build.html" | wc -l)
	[ "$want" -gt 5 ] && [ "$want" = "$got" ]
}

nothing "sheets are lean" "$(costly)"
nothing "every sheet and static file is installed" "$(unlisted)"
nothing "nothing comes from elsewhere" "$(foreign)"
ok "the style sheet is below 25 kB" \
	test "$(wc -c <static/style.css)" -lt 25000
if ok "sample documents are made" make_samples; then
	for doc in "$OUT"/*.xml; do
		render "$doc" >"${doc%.xml}.html"
		check_page "$doc"
	done
	ok "every line of every chart is drawn" is_drawn
	ok "hostile names are there, as text" grep -qF \
		'&lt;script&gt;alert("x")&lt;/script&gt;' "$OUT/tasks-hostile.html"
	nothing "and nowhere as markup" "$(grep -lF "$MARKUP" "$OUT"/*.html)"
	is "a page of 12,000 tasks has a hundred rows" \
		"$(grep -o '<tr>' "$OUT/tasks.html" | wc -l)" 101
	ok "and a pager" grep -q 'rel="next"' "$OUT/tasks.html"
	ok "an empty overview says what would fill it" \
		grep -q 'push-build-results --server http' "$OUT/overview-empty.html"
	is "twelve layers are shown" "$(sed 's/<tr>/\n&/g' \
		"$OUT/build-layers.html" | grep -c '^<tr><th scope="row">meta')" 12
fi
tap_end
