#!/bin/bash
# layers.sh: includes go only towards base, and each foreign library is known
# to one directory.
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh

# May directory $1 include from directory $2?  The table of
# docs/architecture.md.
allowed()
{
	case $1/$2 in
	"$2/$2" | */base) ;;
	model/db | model/json | model/archive) ;;
	web/db | web/xml | web/json | web/archive | web/model) ;;
	client/json | client/net | client/archive | client/model) ;;
	admin/db | admin/json | admin/net | admin/archive | admin/model) ;;
	*) return 1 ;;
	esac
}

wrong_includes()
{
	local file header from to
	grep -rHoE '^#include "[^"]+"' src --include='*.[ch]' |
		while IFS=: read -r file header; do
			header=${header#*\"}
			header=${header%\"}
			from=${file#src/}
			from=${from%%/*}
			to=${header%%/*}
			if [ "$to" = "$header" ]; then
				echo "$file: \"$header\" lacks its directory"
			elif ! allowed "$from" "$to"; then
				echo "$file: $from may not include $header"
			fi
		done
}

# only PATHS HEADERS: the system headers that match are included below PATHS
# and nowhere else.
strangers()
{
	grep -rnE "^#include <($2)" src --include='*.[ch]' |
		grep -vE "^($1)" || :
}

nothing "includes go towards base only" "$(wrong_includes)"
nothing "only src/db includes libpq" \
	"$(strangers 'src/db/' 'libpq|pg_|postgres')"
nothing "only src/xml includes libxml2 and libxslt" \
	"$(strangers 'src/xml/' 'libxml|libxslt|libexslt')"
nothing "only src/json includes json-c" \
	"$(strangers 'src/json/' 'json-c|json\.h|json_')"
nothing "only src/net includes libcurl" "$(strangers 'src/net/' 'curl/')"
nothing "only src/archive includes libarchive, zstd, libcrypto" \
	"$(strangers 'src/archive/' 'archive|zstd|openssl|zlib')"
nothing "only src/web/fcgi.c includes libfcgi" \
	"$(strangers 'src/web/fcgi\.c' 'fcgi|fastcgi')"

tap_end
