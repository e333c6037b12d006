#!/bin/bash
# browser.sh: the pages in Chromium, of an empty server and of a full one.
# Screenshots are kept in BS_LOGS. Packages come from the npm registry once
# and are kept in BS_NODE, if that is set.
# shellcheck source=tests/lib/tap.sh
. "$BS_SRC/tests/lib/tap.sh"
# shellcheck source=tests/lib/stack.sh
. "$BS_SRC/tests/lib/stack.sh"

HERE=$BS_SRC/tests/browser
NODE=${BS_NODE:-$STACK/node}
SHOTS=${BS_LOGS:-$STACK}/screenshots
CHROMIUM=${CHROMIUM:-$(command -v chromium)}
export CHROMIUM

install_packages()
{
	mkdir -p "$NODE" && cp "$HERE"/package.json "$HERE"/.npmrc \
		"$HERE"/*.mjs "$NODE" && cd "$NODE" || return
	[ -d node_modules/axe-core ] && [ -d node_modules/playwright-core ] ||
		npm install --no-audit --no-fund --ignore-scripts
}

# What the suite in JavaScript found, numbered on from here.
take_over()
{
	local line
	while IFS= read -r line; do
		case $line in
		"ok "*"# SKIP"*) skip "$1: ${line#*SKIP }" ;;
		"ok "*) tap 0 "$1: ${line#* - }" ;;
		"not ok "*) tap 1 "$1: ${line#* - }" ;;
		"1.."*) ended=yes ;;
		*) printf '%s\n' "$line" ;;
		esac
	done <"$STACK/$1.tap"
}

look()
{
	local ended=no
	node "$NODE/run.mjs" "$URL" "$SHOTS/$1" >"$STACK/$1.tap" \
		2>"$STACK/$1.err"
	take_over "$1"
	is "$1: the suite ends" "$ended" yes || diag "$(cat "$STACK/$1.err")"
}

upload_all()
{
	local name
	for name in A1 A2 F1 B1; do
		like "$name is taken" "$(upload "$BS_SRC/tests/data/$name.tar.zst")" \
			$'\n201$'
	done
	mkdir "$STACK/reports" && python3 "$HERE/reports.py" "$STACK/reports"
	for name in "$STACK"/reports/*.txt; do
		like "$(basename "$name") is taken" "$(curl -s -H \
			'Content-Type: application/json' --data-binary \
			"@$name" "${URL}ClientPost/JSON")" '"url"'
	done
	python3 "$HERE/results.py" "$STACK" &&
		like "made-up test results are taken" \
			"$(upload "$STACK/results.tar")" $'\n201$' &&
		like "so is what Buildbot tells" "$(curl -s -H \
			'Content-Type: application/json' --data-binary \
			"@$STACK/buildbot.json" "${URL}api/v1/buildbot")" '"url"'
	python3 "$HERE/sizes.py" "$BS_SRC/tests/data/A1.tar.zst" \
		>"$STACK/sizes.tar" &&
		like "builds with sizes are taken" "$(upload "$STACK/sizes.tar")" \
			$'\n201$'
	like "performance tests are taken" \
		"$(upload "$BS_SRC/tests/data/perf.tar.zst")" $'\n201$'
	python3 "$HERE/builds.py" >"$STACK/builds.tar" &&
		like "made-up builds are taken" "$(upload "$STACK/builds.tar")" \
			$'\n201$'
	like "a build runs" "$(BS_URL=$URL python3 "$HERE/running.py")" \
		'^[0-9]+$'
}

if [ -z "$CHROMIUM" ] || ! command -v npm >/dev/null; then
	skip "chromium, node and npm are needed"
elif ! install_packages >"$STACK/npm.log" 2>&1; then
	skip "npm can't fetch playwright-core and axe-core"
else
	stack_start
	look empty
	upload_all
	look full
fi
tap_end
