#!/bin/bash
# format.sh: every kind of file in the form that its tool makes or accepts.
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh

find_files()
{
	find . \( -name node_modules -o -name .git -o -name 'autom4te*' \
		-o -name build-aux -o -name build \) -prune -o -type f "$@" -print
}

shell_scripts()
{
	find_files -name '*.sh'
	printf '%s\n' ./quickstart ./autogen.sh ./.ci/run \
		./tools/quickstart/install-packages
}

format_c()
{
	find src tests tools -name '*.[ch]' -print0 |
		xargs -0 clang-format --dry-run -Werror
}

no_tabs_mixed()
{
	find src tests tools -name '*.[ch]' -print0 |
		xargs -0 grep -nE '^ +	|[[:space:]]+$' || :
}

check_shell()
{
	# shellcheck disable=SC2046
	shellcheck -x $(shell_scripts | sort -u)
}

check_python()
{
	find_files -name '*.py' | while read -r file; do
		python3 - "$file" <<'END' || exit 1
import sys
compile(open(sys.argv[1], encoding="utf-8").read(), sys.argv[1], "exec")
END
	done
}

xml_files()
{
	find_files -name '*.xsl' -o -type f -name '*.svg' -print -o -name '*.rng'
}

check_javascript()
{
	find static tests/browser -name node_modules -prune -o \
		\( -name '*.js' -o -name '*.mjs' \) -print |
		while read -r file; do
			node --check "$file" || exit 1
		done
}

ok "C is formatted as .clang-format says" format_c
nothing "no trailing blanks in C" "$(no_tabs_mixed)"
ok "shell scripts pass shellcheck" check_shell
ok "Python compiles" check_python
# shellcheck disable=SC2046
ok "XML is well-formed" xmllint --noout --nonet $(xml_files | sort -u)
ok "JavaScript parses" check_javascript
nothing "sheets read no files and escape everything" \
	"$(grep -rnE 'disable-output-escaping|document\(|unparsed' xsl || :)"
nothing "no inline style or script" \
	"$(grep -rnE '<style|style="|<script>|onclick=|javascript:' xsl || :)"

tap_end
