# shellcheck shell=bash
# tap.sh: results in the Test Anything Protocol, for the shell suites.
#
#     . "$(dirname "$0")/../lib/tap.sh"
#     ok "what should be" COMMAND...       COMMAND succeeds
#     is "what" "$got" "$want"
#     like "what" "$got" REGEX
#     tap_end

TAP_COUNT=0
TAP_FAILED=0

# tap STATUS DESCRIPTION: one result; '#' would start a directive.
tap()
{
	TAP_COUNT=$((TAP_COUNT + 1))
	if [ "$1" = 0 ]; then
		printf 'ok %d - %s\n' "$TAP_COUNT" "${2//#/}"
		return
	fi
	TAP_FAILED=$((TAP_FAILED + 1))
	printf 'not ok %d - %s\n' "$TAP_COUNT" "${2//#/}"
	return 1
}

diag()
{
	printf '%s\n' "$*" | sed 's/^/# /'
}

# The command's output is shown only when it fails.
ok()
{
	local what=$1 out status=0
	shift
	out=$("$@" 2>&1) || status=$?
	tap "$status" "$what" && return
	diag "status $status of: $*"
	[ -z "$out" ] || diag "$(printf '%s\n' "$out" | head -n 60)"
	return 1
}

not_ok()
{
	local what=$1 status=0
	shift
	"$@" >/dev/null 2>&1 && status=1
	tap "$status" "$what" && return
	diag "succeeded but should not: $*"
	return 1
}

is()
{
	[ "$2" = "$3" ]
	tap $? "$1" && return
	diag "got:  $2"
	diag "want: $3"
	return 1
}

like()
{
	[[ $2 =~ $3 ]]
	tap $? "$1" && return
	diag "got:     ${2:0:600}"
	diag "want it: $3"
	return 1
}

# nothing DESCRIPTION TEXT: passes when TEXT is empty, else shows it.
nothing()
{
	[ -z "$2" ]
	tap $? "$1" && return
	diag "$(printf '%s\n' "$2" | head -n 60)"
	return 1
}

skip()
{
	TAP_COUNT=$((TAP_COUNT + 1))
	printf 'ok %d # SKIP %s\n' "$TAP_COUNT" "$1"
}

tap_end()
{
	printf '1..%d\n' "$TAP_COUNT"
	[ "$TAP_FAILED" = 0 ]
}
