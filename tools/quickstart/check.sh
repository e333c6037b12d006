# shellcheck shell=bash
# check.sh: the verbs check and bench.

# Both work in a throw-away directory with a copy of the tree.  Below /tmp:
# its path must be short (sockets) and open to the servers' users.
workplace_make()
{
	WORK=$(mktemp -d /tmp/bsc.XXXXXX) && chmod 755 "$WORK" ||
		fail "/tmp: there is no space"
	say "Working in $WORK"
	copy_source "$WORK/src" || fail "$WORK: the source can't be copied"
	(cd "$WORK/src" && ./autogen.sh) >"$WORK/autogen.log" 2>&1 || {
		show_tail "$WORK/autogen.log" 30
		fail "autogen.sh failed"
	}
}

# The work place stays, for its logs, when something failed.
quickstart_check()
{
	local status=0
	# shellcheck disable=SC2086
	packages_need $RUN_PACKAGES $CHECK_PACKAGES
	workplace_make
	# BUILDSTATS_SUITES: only these, e.g. "lint-* params"
	# shellcheck disable=SC2086
	bash "$WORK/src/tests/run.sh" "$WORK" ${BUILDSTATS_SUITES-} ||
		status=$?
	if [ "$status" = 0 ]; then
		rm -rf "$WORK"
	else
		say "The logs are in $WORK/logs"
	fi
	exit "$status"
}

# Builds in WORK/build, as it would be shipped.
workplace_build()
{
	mkdir -p "$WORK/build" && cd "$WORK/build" &&
		"$WORK/src/configure" --prefix="$WORK/install" &&
		make -j"$(nproc)" && make install
}

quickstart_bench()
{
	local status=0
	# shellcheck disable=SC2086
	packages_need $RUN_PACKAGES
	workplace_make
	say "Building ..."
	(workplace_build) >"$WORK/build.log" 2>&1 || {
		show_tail "$WORK/build.log" 30
		fail "the build failed. The whole log: $WORK/build.log"
	}
	BS_BUILD=$WORK/build top_srcdir=$WORK/src \
		sh "$WORK/src/tests/bench/run.sh" || status=$?
	rm -rf "$WORK"
	exit "$status"
}
