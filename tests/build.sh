#!/bin/bash
# build.sh gcc|asan: builds, installs and runs the unit tests and the fuzzers'
# corpora; gcc as it is shipped, asan with clang and its sanitizers.
# shellcheck source=tests/lib/tap.sh
. "$BS_SRC/tests/lib/tap.sh"
kind=$1
build=$BS_WORK/$kind

configure()
{
	local flags=(--enable-werror "--prefix=$build.inst")
	mkdir -p "$build" && cd "$build" || return 1
	case $kind in
	gcc) "$BS_SRC/configure" CC=gcc "${flags[@]}" ;;
	asan) "$BS_SRC/configure" CC=clang CFLAGS='-O1 -g' \
		--with-sanitizer=address,undefined "${flags[@]}" ;;
	esac
}

# With sanitizers make keeps on to show all errors at once.
compile()
{
	make -C "$build" -k -j"$(nproc)" all
}

# One result for each test function where the program tells (TAP), else one
# for the program.
unit_results()
{
	local trs log name
	find "$build/tests" -name '*.trs' | sort | while read -r trs; do
		log=${trs%.trs}.log
		name=${trs#"$build/tests/"}
		name=${name%.trs}
		if grep -qE '^(not )?ok [0-9]' "$log"; then
			grep -E '^(not )?ok [0-9]|^# ' "$log" |
				sed -E "s,^((not )?ok [0-9]+ - ),\\1$name: ,"
			echo "$trs: $(grep -cE '^(not )?ok [0-9]' "$log")" \
				>>"$build/unit.counts"
			grep -q ':test-result: PASS' "$trs" ||
				grep -qE '^not ok' "$log" || {
				echo "not ok 1 - $name: its end"
				tail -n 30 "$log" | sed 's/^/# /'
				echo "$trs: 1" >>"$build/unit.counts"
			}
			continue
		fi
		echo "$trs: 1" >>"$build/unit.counts"
		case $(grep -h ':test-result:' "$trs") in
		*PASS*) echo "ok 1 - $name" ;;
		*SKIP*) echo "ok 1 - $name # SKIP" ;;
		*)
			echo "not ok 1 - $name"
			tail -n 40 "$log" | sed 's/^/# /'
			;;
		esac
	done
}

ok "$kind: configures" configure || { tap_end; exit 1; }
ok "$kind: builds without a warning" compile || { tap_end; exit 1; }
ok "$kind: installs" make -C "$build" install
ok "$kind: unit tests build" \
	make -C "$build" -k -j"$(nproc)" check TESTS=
CMOCKA_MESSAGE_OUTPUT=TAP make -C "$build" -k -j"$(nproc)" check-TESTS \
	>"$BS_LOGS/$kind-check.log" 2>&1
: >"$build/unit.counts"
unit_results
tap_end
echo "1..$(awk '{ n += $NF } END { print n + 0 }' "$build/unit.counts")"
ran=$(wc -l <"$build/unit.counts")
[ "$TAP_FAILED" = 0 ] && [ "$ran" -gt 0 ]
