# shellcheck shell=bash
# python.sh: runs a Python suite against the stack and takes over its results.
# Needs tap.sh and stack.sh.

# python_suite FILE ARGS...
python_suite()
{
	local out=$STACK/results failed
	BS_URL=$URL BS_DB=$DB python3 "$@" >"$out" 2>"$STACK/python.err"
	grep -v '^1\.\.' "$out"
	failed=$(grep -cE '^not ok' "$out")
	TAP_COUNT=$((TAP_COUNT + failed + $(grep -cE '^ok' "$out")))
	TAP_FAILED=$((TAP_FAILED + failed))
	ok "$(basename "$1") ran to its end" python_ended
}

python_ended()
{
	grep -q '^1\.\.' "$STACK/results" || { tail -n 20 "$STACK/python.err"; false; }
}
