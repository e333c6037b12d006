#!/bin/bash
# autobuilders.sh: the commands of docs/autobuilders.md, run as each
# autobuilder would run them, on a build directory with test results.
# shellcheck source=tests/lib/tap.sh
. "$BS_SRC/tests/lib/tap.sh"
# shellcheck source=tests/lib/stack.sh
. "$BS_SRC/tests/lib/stack.sh"

stack_start
mkdir -p "$STACK/sh" "$STACK/home"
export HOME=$STACK/home PATH="$BS_INSTALL/bin:$PATH"
BUILDSTATS_TOKEN=$(stack_admin token add ci | tail -n 1)
export BUILDSTATS_SERVER=$URL BUILDSTATS_TOKEN
ok "the document's snippets can be taken out" python3 \
	"$BS_SRC/tests/e2e/autobuilders.py" "$BS_SRC/docs/autobuilders.md" \
	"$STACK/sh"

# workspace NAME ARCHIVE START: a directory with a build directory in it.
workspace()
{
	mkdir -p "$STACK/$1/build/conf" "$STACK/$1/build/tmp/log/oeqa"
	touch "$STACK/$1/build/conf/local.conf"
	tar --zstd -xf "$BS_SRC/tests/data/$2.tar.zst" --no-same-owner \
		-C "$STACK/$1/build/tmp"
	python3 - "$BS_SRC/tests/lib" "$3" \
		>"$STACK/$1/build/tmp/log/oeqa/testresults.json" <<'END'
import sys
sys.path.insert(0, sys.argv[1])
import testresults as tr
print(tr.dump({"runtime_" + sys.argv[2]: {
    "configuration": tr.configuration(
        STARTTIME=sys.argv[2], IMAGE_BASENAME="real-image-minimal",
        LAYERS={}, DISTRO=None),
    "result": {"a.b.c": tr.failed("a.b.c"), "a.b.d": tr.case("PASSED")}}}))
END
	cd "$STACK/$1" || exit 1
}

# field URL PYTHON: of the build's document.
field()
{
	fetch "$1.json?$RANDOM" | json "$2"
}

# reported NAME: the address that its build-url says leads to what was sent.
reported()
{
	like "$1: the address comes back" "$2" "^${URL}build/[0-9]+$"
	is "$1: the build's page leads to the autobuilder" \
		"$(field "$2" 'd["ci_url"]')" "$3"
	is "$1: the test results are there" \
		"$(field "$2" '[d["results"]["failed"], d["results"]["passed"]]')" \
		"[1, 1]"
	is "$1: the token says who built" \
		"$(field "$2" 'd["build"]["builder"]')" ci
}

workspace jenkins A1 20261122130000
BUILD_URL=https://jenkins.example.org/job/yocto/7/ sh -e "$STACK/sh/jenkins"
reported Jenkins "$(cat build-url.txt)" \
	https://jenkins.example.org/job/yocto/7/

workspace gitlab A2 20261122150000
CI_JOB_URL=https://gitlab.example.org/y/-/jobs/9 CI_COMMIT_REF_SLUG=main-x \
	sh -e "$STACK/sh/gitlab" >job.log
reported GitLab "$(sed -n 's/^BUILD_URL=//p' build.env)" \
	https://gitlab.example.org/y/-/jobs/9
is "GitLab: the branch is a tag" "$(fetch "${URL}builds.json?tag=main-x" |
	json 'd["total"]')" 1

workspace github F1 20261122140500
GITHUB_OUTPUT=$STACK/output GITHUB_STEP_SUMMARY=$STACK/summary \
	GITHUB_SERVER_URL=https://github.com GITHUB_REPOSITORY=a/b \
	GITHUB_RUN_ID=11 bash -e "$STACK/sh/github"
reported GitHub "$(sed -n 's/^url=//p' "$STACK/output")" \
	https://github.com/a/b/actions/runs/11
like "GitHub: the summary has a link" "$(cat "$STACK/summary")" \
	"^\[Build statistics\]\(${URL}build/[0-9]+\)$"

workspace buildbot B1 20261122130000
url=$(BUILDSTATS_CI_URL='https://bb.example.org/#/builders/3/builds/14' \
	sh -e "$STACK/sh/buildbot")
like "Buildbot: the property is the address" "$url" "^${URL}build/[0-9]+$"
is "Buildbot: and the build's page leads there" "$(field "$url" 'd["ci_url"]')" \
	'https://bb.example.org/#/builders/3/builds/14'

workspace any A1 20261122130000
BUILDSTATS_CI_URL=https://ci.example.org/1 sh "$STACK/sh/build-and-report" \
	sh -c 'exit 7' >log
is "the script ends as its command did" $? 7
like "and leaves the address" "$(cat build-url.txt)" "^${URL}build/[0-9]+$"
is "new failures can be asked for" \
	"$(sh "$STACK/sh/new-failures" "$(cat build-url.txt)")" 0

cd "$STACK/any/build/tmp/log/oeqa" || exit 1
out=$(push-build-results testresults.json)
like "results by themselves give the address of the build they join" "$out" \
	"${URL}build/[0-9]+$"
is "which is the one they came with" "${out##* }" "$(cat "$STACK/any/build-url.txt")"
tap_end
