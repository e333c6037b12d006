#!/bin/bash
# browser.sh: the pages in Chromium, with npm's packages from the registry.
# shellcheck source=tests/lib/tap.sh
. "$BS_SRC/tests/lib/tap.sh"
# shellcheck source=tests/lib/stack.sh
. "$BS_SRC/tests/lib/stack.sh"
# shellcheck source=tests/lib/python.sh
. "$BS_SRC/tests/lib/python.sh"

install_packages()
{
	mkdir -p "$TMPDIR/browser" &&
		cp -r "$BS_SRC"/tests/browser/. "$TMPDIR/browser/" &&
		cd "$TMPDIR/browser" &&
		{ npm install --no-audit --no-fund --prefer-offline ||
			npm install --no-audit --no-fund; }
}
ok "npm has the packages" install_packages || { tap_end; exit 1; }

stack_start
for name in A1 A2 F1 B1; do
	upload "$BS_SRC/tests/data/$name.tar.zst" >"$STACK/answer"
	is "$name is taken" "$(tail -n 1 "$STACK/answer")" 201
done
python3 - "$BS_SRC/tests/lib" "$STACK/hostile.tar" <<'END'
import json, sys
sys.path.insert(0, sys.argv[1])
import tars
markup = "<script>alert('x')</script><img src=x onerror=alert(1)>&amp;\"'"
pf = "<b>&\"'-1.0-r0"
with open(sys.argv[2], "wb") as f:
    f.write(tars.tar(tars.run(files={
        "build.json": json.dumps({"machine": markup, "distro": markup}),
        pf + "/do_compile": tars.task(pf)})))
END
upload "$STACK/hostile.tar" >"$STACK/answer"
is "markup in names is taken" "$(tail -n 1 "$STACK/answer")" 201

mkdir -p "$BS_LOGS/screenshots"
python_suite_command()
{
	cd "$TMPDIR/browser" && node run.mjs "$URL" "$BS_LOGS/screenshots"
}
python_suite_command >"$STACK/results" 2>"$STACK/python.err"
status=$?
grep -v '^1\.\.' "$STACK/results"
failed=$(grep -cE '^not ok' "$STACK/results")
TAP_COUNT=$((TAP_COUNT + failed + $(grep -cE '^ok' "$STACK/results")))
TAP_FAILED=$((TAP_FAILED + failed))
ok "the browser's part ran to its end (status $status)" python_ended

tap_end
