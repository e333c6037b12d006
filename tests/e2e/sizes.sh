#!/bin/bash
# sizes.sh: see sizes.py; and what the client finds in a build directory.
# shellcheck source=tests/lib/tap.sh
. "$BS_SRC/tests/lib/tap.sh"
# shellcheck source=tests/lib/stack.sh
. "$BS_SRC/tests/lib/stack.sh"
# shellcheck source=tests/lib/python.sh
. "$BS_SRC/tests/lib/python.sh"

stack_start
python_suite "$BS_SRC/tests/e2e/sizes.py"

# ---- the client: buildhistory in its repository, beside a build and alone ----
B=$STACK/build
H=$B/buildhistory
NAME=20261122125347
mkdir -p "$B/conf" "$B/tmp" "$STACK/home"
touch "$B/conf/local.conf"
zstd -dc "$BS_SRC/tests/data/A1.tar.zst" | tar -x -C "$B/tmp"
mv "$B/tmp/buildhistory" "$H"
push()
{
	HOME=$STACK/home "$BS_INSTALL/bin/push-build-results" \
		--state "$STACK/home" --server "$URL" "$@"
}
commit()
{
	git -C "$H" add -A
	git -C "$H" -c user.name=b -c user.email=b@x commit -q --allow-empty \
		-m "Build $1 of nodistro nodistro.0 for machine $2 on vm" \
		-m "cmd: bitbake x" -m "result: succeeded"
}
git -C "$H" init -q
commit 20261122125347 qemux86-64
# What git would run of a repository's configuration.
git -C "$H" config core.fsmonitor "touch $STACK/ran; false"
git -C "$H" config core.pager "touch $STACK/ran"
# Its start is moved, so that it is a build of its own.
sed -i 's/Started: 1795352032/Started: 1795352933/' \
	"$B/tmp/buildstats/$NAME/build_stats"
id=$(push --builder git "$B" | sed 's/.*build\///')
is "a build directory's buildhistory goes along" \
	"$(fetch "${URL}build/$id/sizes.json?per=all" | json 'len(d["packages"])')" 140
not_ok "nothing of the repository's configuration is run" test -e "$STACK/ran"

git -C "$H" config --unset core.fsmonitor
mkdir -p "$H/images/m/glibc/x"
echo "IMAGESIZE = 2048" >"$H/images/m/glibc/x/image-info.txt"
commit 20991231235959 qemux86-64
# Another build's: it doesn't go along.
push --force --builder git --dry-run "$B" >"$STACK/shown"
not_ok "that of another build doesn't" grep -q buildhistory/packages "$STACK/shown"
like "alone it becomes that build" "$(push "$H")" \
	"^succeeded 20991231235959 0 tasks, 0 failed "
touch "$H/metadata-revs"
rm -rf "$H/.git"
like "without a commit it is one that has no name" "$(push "$H")" \
	"^incomplete [0-9]{14} 0 tasks, 0 failed "

mkdir "$STACK/perf"
zstd -dc "$BS_SRC/tests/data/perf.tar.zst" | tar -x -C "$STACK/perf"
push "$STACK/perf" >"$STACK/lines"
is "results of performance tests are found" "$(cut -d' ' -f1-3 "$STACK/lines")" \
	"failed 20261128121500 0
succeeded 20261128121500.test1.build 344"
tap_end
