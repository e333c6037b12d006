#!/bin/bash
# words.sh: what must not stand in the tree: paths of somebody's machine, SQL
# outside of sql/, notes to oneself, foreign code.
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh

search()
{
	grep -rnIE "$@" --exclude-dir=.git --exclude=.git \
		--exclude-dir=node_modules \
		--exclude-dir='autom4te*' --exclude-dir=build-aux \
		--exclude='words.sh' --exclude='configure*' \
		--exclude='Makefile.in' --exclude='aclocal.m4' \
		--exclude='*.svg' . || :
}

# A literal that begins like a statement; a message may well say "select".
sql_literals()
{
	grep -rnE '"(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH|CREATE|ALTER|DROP|COPY|LOCK|SET|LISTEN)( |;)|"(BEGIN|COMMIT|ROLLBACK);' \
		src --include='*.[ch]' || :
}

nothing "no path of a developer's machine" \
	"$(search '/home/[a-z]+/' | grep -v '/home/builder' |
		grep -v '/home/you/' || :)"
nothing "no work directory of a session" "$(search '/work/(main|shared)|/tmp/(bs-|rec/|brief)')"
nothing "no notes to oneself" \
	"$(search '\b(TODO|FIXME|XXX|HACK)\b' | grep -vE 'XXXXX' || :)"
nothing "no master and slave" "$(search -i '\bslave')"
nothing "SQL stands in sql/ alone" "$(sql_literals)"
nothing "nothing of one byte that no editor shows" \
	"$(LC_ALL=C.UTF-8 grep -rnP '[\x{200B}\x{FEFF}\x{202A}-\x{202E}]' src sql \
		xsl docs quickstart tools || :)"

tap_end
