#!/bin/bash
# headers.sh: each header has a guard and compiles alone.
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh

flags=$(pkg-config --cflags libxml-2.0 libpq json-c libcurl libarchive)

alone()
{
	# shellcheck disable=SC2086
	printf '#include "%s"\n#include "%s"\n' "$1" "$1" |
		gcc -std=gnu17 -D_GNU_SOURCE -Isrc -I"${BS_BUILD:-.}/src" $flags \
			-Wall -Wextra -Werror -fsyntax-only -x c -
}

while read -r header; do
	ok "$header compiles alone" alone "${header#src/}"
	guard=$(printf '%s' "${header#src/}" | tr 'a-z/.-' 'A-Z___')
	ok "$header is guarded by $guard" \
		grep -q "^#ifndef $guard\$" "$header"
done < <(find src -name '*.h' | sort)

tap_end
