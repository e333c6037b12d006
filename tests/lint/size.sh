#!/bin/bash
# size.sh: functions of at most 80 lines, files of at most 700, at most six
# parameters and four levels of nesting.
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh

sources()
{
	find src tests tools -name '*.[ch]' -type f | sort
}

functions()
{
	sources | ctags -L - -f - --fields=+neS --kinds-C=f \
		--languages=C 2>/dev/null
}

long_functions()
{
	functions | awk -F '\t' '{
		line = end = 0
		for (i = 4; i <= NF; i++) {
			if ($i ~ /^line:/) line = substr($i, 6)
			if ($i ~ /^end:/) end = substr($i, 5)
		}
		if (end - line + 1 > 80)
			print $2 ":" line ": " $1 " has " end - line + 1 " lines"
	}'
}

many_parameters()
{
	functions | awk -F '\t' '{
		for (i = 4; i <= NF; i++) {
			if ($i !~ /^signature:/) continue
			s = $i
			# a function pointer is one parameter
			while (gsub(/\([^()]*\)\([^()]*\)/, "x", s)) ;
			if (gsub(/,/, ",", s) + 1 > 6)
				print $2 ": " $1 " takes more than 6 parameters"
		}
	}'
}

# Indentation is one tab a level; continuation lines use blanks after tabs or
# follow an open parenthesis, so only lines that open a block are counted.
deep_nesting()
{
	sources | xargs awk '
		/^\t\t\t\t\t+(if|for|while|switch|do)[ (].*\{$/ {
			print FILENAME ":" FNR ": nested deeper than 4"
		}'
}

nothing "no function is longer than 80 lines" "$(long_functions)"
nothing "no function takes more than 6 parameters" "$(many_parameters)"
nothing "no block is nested deeper than 4" "$(deep_nesting)"
nothing "no file is longer than 700 lines" "$(sources |
	xargs wc -l | awk '$1 > 700 && $2 != "total" { print $2 ": " $1 " lines" }')"
median=$(functions | awk -F '\t' '{
	for (i = 4; i <= NF; i++) {
		if ($i ~ /^line:/) line = substr($i, 6)
		if ($i ~ /^end:/) end = substr($i, 5)
	}
	print end - line + 1 }' | sort -n | awk '{ n[NR] = $1 }
	END { print n[int((NR + 1) / 2)] }')
ok "half of the functions have 15 lines or less (median: $median)" \
	test "$median" -le 15

tap_end
