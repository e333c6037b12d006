#!/bin/bash
# bitbake.sh: the class buildstats-report with a real bitbake, against a real
# server: success, failure, a server that is away, bitbake and the follower
# killed.  HACKING.md says how to run it.
: "${BUILDSTATS_TEST_BITBAKE:?a checkout of bitbake}"
: "${BUILDSTATS_TEST_OECORE:?a checkout of openembedded-core}"
: "${BS_BUILD:?where push-build-results was built}"
BS_SRC=${BS_SRC:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)}
# shellcheck source=tests/lib/tap.sh
. "$BS_SRC/tests/lib/tap.sh"
# shellcheck source=tests/lib/stack.sh
. "$BS_SRC/tests/lib/stack.sh"

W=$STACK/poky
USER_IDS=()
if [ "$EUID" = 0 ]; then
	USER_IDS=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
fi

# recipe NAME SECONDS [PYTHON]: two tasks; the second one takes so long.
recipe()
{
	cat >"$W/meta-try/recipes/$1_1.0.bb" <<-END
		SUMMARY = "$1"
		LICENSE = "CLOSED"
		INHIBIT_DEFAULT_DEPS = "1"
		python do_configure() {
		    bb.warn("QA Issue: $1: not what it should be [try-class]")
		}
		python do_compile() {
		    import time
		    time.sleep($2)
		    ${3:-}
		}
		do_configure[cleandirs] = ""
		addtask configure before do_compile
		addtask compile after do_configure before do_build
	END
	for task in fetch unpack patch prepare_recipe_sysroot populate_lic \
		install package packagedata package_qa package_write_ipk \
		populate_sysroot recipe_qa deploy_source_date_epoch; do
		echo "deltask do_$task" >>"$W/meta-try/recipes/$1_1.0.bb"
	done
}

# What of the host's tools is there: bitbake wants all that are named.
host_tools()
{
	local t
	for t in '[' awk basename bash cat chmod chown cp cut date dirname du \
		echo env expr false find flock getconf git grep gzip head \
		hostname id install ln ls mkdir mktemp mv perl pzstd python3 \
		readlink realpath rm rmdir sed sh sha256sum sleep sort stat \
		tail tar tee test touch tr true uname uniq wc which xargs zstd; do
		command -v "$t" >/dev/null && printf '%s ' "$t"
	done
}

series()
{
	sed -n 's/^LAYERSERIES_CORENAMES = "\(.*\)"/\1/p' \
		"$BUILDSTATS_TEST_OECORE/meta/conf/layer.conf"
}

configure()
{
	mkdir -p "$W/conf" "$W/meta-try/conf" "$W/meta-try/recipes" \
		"$STACK/locale"
	localedef -i en_US -f UTF-8 "$STACK/locale/en_US.UTF-8" \
		>/dev/null 2>&1
	: >"$W/conf/sanity.conf" # nothing is compiled: no checks of the host
	cat >"$W/conf/bblayers.conf" <<-END
		BBPATH = "\${TOPDIR}"
		BBFILES ?= ""
		BBLAYERS = "$BUILDSTATS_TEST_OECORE/meta $W/meta-try $BS_SRC/meta-buildstats"
	END
	cat >"$W/meta-try/conf/layer.conf" <<-END
		BBPATH =. "\${LAYERDIR}:"
		BBFILES += "\${LAYERDIR}/recipes/*.bb"
		BBFILE_COLLECTIONS += "try"
		BBFILE_PATTERN_try = "^\${LAYERDIR}/"
		BBFILE_PRIORITY_try = "5"
		LAYERSERIES_COMPAT_try = "$(series)"
	END
	cat >"$W/conf/local.conf" <<-END
		MACHINE = "qemux86-64"
		DISTRO = "nodistro"
		PACKAGE_CLASSES = "package_ipk"
		INHERIT_DISTRO = ""
		CONF_VERSION = "2"
		BB_NUMBER_THREADS = "2"
		BB_HASHSERVE = ""
		BB_SIGNATURE_HANDLER = "OEBasicHash"
		HOSTTOOLS = "$(host_tools)"
		CONNECTIVITY_CHECK_URIS = ""
		BBMASK = "/meta/recipes-"
		ASSUME_PROVIDED += "virtual/fakeroot-native pseudo-native quilt-native"
		BUILDSTATS_PUSH = "$BS_BUILD/push-build-results"
		require conf/try.conf
	END
	# Up to scarthgap tmp is called tmp-glibc otherwise.
	! grep -qs '^TCLIBCAPPEND' \
		"$BUILDSTATS_TEST_OECORE"/meta/conf/distro/defaultsetup.conf ||
		echo 'TCLIBCAPPEND = ""' >>"$W/conf/local.conf"
	recipe one 1
	recipe two 2
	recipe long 120
	recipe broken 1 'bb.fatal("NAME_TOKEN=abcdefghijklmnopqrst breaks")'
	report_to "$URL"
	[ "$EUID" != 0 ] || chown -R nobody:nogroup "$W"
	chmod 755 "$STACK"
}

# report_to URL [LINE...]
report_to()
{
	{
		echo 'INHERIT += "buildstats-report"'
		echo "BUILDSTATS_SERVER = \"$1\""
		shift
		printf '%s\n' "$@"
	} >"$W/conf/try.conf"
}

run_bitbake()
{
	cd "$W" && "${USER_IDS[@]}" env -i HOME="$W" LANG=en_US.UTF-8 \
		LOCPATH="$STACK/locale" BBPATH="$W" BUILDDIR="$W" \
		"$PASS=LOCPATH" \
		PATH="$BUILDSTATS_TEST_BITBAKE/bin:/usr/bin:/bin" \
		bitbake "$@"
}

spools()
{
	find "$W/tmp/buildstats-report" -mindepth 1 -maxdepth 1 -type d \
		2>/dev/null | wc -l
}

no_spools()
{
	[ "$(spools)" = 0 ]
}

# build ID EXPRESSION: of its JSON document, as j.
build()
{
	curl -sf "${URL}build/$1.json" >"$STACK/build.json" && python3 -c "
import json
j = json.load(open('$STACK/build.json'))
print($2)"
}

ended()
{
	[ "$(build "$1" 'j["build"]["status"]')" != running ]
}

find_tasks()
{
	find "$W/tmp/buildstats/$1" -path '*/do_*' -type f | wc -l
}

# The variable by which a variable passes, which has another name since 2022.
PASS=BB_ENV_PASSTHROUGH_ADDITIONS
grep -q BB_ENV_PASSTHROUGH "$BUILDSTATS_TEST_BITBAKE/lib/bb/utils.py" ||
	PASS=BB_ENV_EXTRAWHITE

stack_start
configure

# ---- success ----
run_bitbake one two >"$STACK/out" 2>&1 || {
	cat "$STACK/out"
	exit 1
}
tap 0 "a build succeeds"
stack_wait no_spools
is "its link is printed at the end" \
	"$(grep -c "buildstats: ${URL}build/1" "$STACK/out" | sed 's/[12]/some/')" some
stack_wait ended 1
is "it is there as succeeded" "$(build 1 'j["build"]["status"]')" succeeded
name=$(build 1 'j["build"]["name"]')
is "with all its tasks" "$(build 1 'j["build"]["tasks"]')" "$(find_tasks "$name")"
is "by what bitbake found, a clean one" \
	"$(build 1 'j["environment"]["mode"]')" clean
is "with its targets" \
	"$(build 1 '[t["name"] for t in j["environment"]["targets"]]')" \
	"['one', 'two']"
is "its layers" "$(build 1 '[l["name"] for l in j["environment"]["layers"]]')" \
	"['meta', 'meta-try', 'meta-buildstats']"
is "and its QA issues" "$(build 1 'j["events"]["qa_warnings"]')" 2

# ---- again: everything is there already ----
run_bitbake one two >"$STACK/out" 2>&1
stack_wait no_spools
stack_wait ended 2
is "the same again is incremental" "$(build 2 'j["environment"]["mode"]')" \
	incremental

# ---- failure ----
run_bitbake -k broken one >"$STACK/out" 2>&1
is "a build fails" $? 1
stack_wait no_spools
stack_wait ended 3
is "it is there as failed" "$(build 3 'j["build"]["status"]')" failed
is "with the task that failed" \
	"$(build 3 '[(f["recipe"], f["task"], f["log"]) for f in j["failures"]]')" \
	"[('broken', 'do_compile', True)]"
like "whose secret is masked" "$(build 3 'j["failures"][0]["first_line"]')" \
	'TOKEN=\*\*\*'

# ---- the server is away, and comes back ----
stack_end nginx
run_bitbake -f -c compile one >"$STACK/out" 2>&1
is "without a server a build succeeds as well" $? 0
like "and says where its report is kept" "$(cat "$STACK/out")" 'kept in'
is "which it is" "$(spools)" 1
kill "$(cat "$W"/tmp/buildstats-report/*-*-*/lock)"
before=$URL
stack_nginx # on another port
sed -i "s|$before|$URL|" "$W"/tmp/buildstats-report/*-*-*/spool.json
report_to "$URL"
flush()
{
	"${USER_IDS[@]}" env HOME="$W" "$BS_BUILD/push-build-results" --flush \
		--spool "$W/tmp/buildstats-report" && no_spools
}
ok "a flush sends it" stack_wait flush
stack_wait ended 4
is "complete" "$(build 4 'j["build"]["status"]')" succeeded

# ---- killed ----
run_bitbake long >"$STACK/out" 2>&1 &
TERMINAL=$!
long_is_running()
{
	local n
	n=$(find "$W"/tmp/buildstats/ -path '*/long-1.0-r0/do_compile' | wc -l)
	[ "$n" = 1 ] && [ -s "$(echo "$W"/tmp/buildstats-report/*-*-*/url)" ]
}
ok "a build is running" stack_wait long_is_running
is "which the server knows" "$(build 5 'j["build"]["status"]')" running
kill -9 "$(cat "$W"/tmp/buildstats-report/*-*-*/lock)"
kill -9 "$(cat "$W"/tmp/buildstats-report/*-*-*/alive)"
# What shows the build would wait for a cooker that is gone.
pkill -P "$TERMINAL"
wait "$TERMINAL"
is "killed, it leaves its spool" "$(spools)" 1
ok "which a flush sends" stack_wait flush
stack_wait ended 5
is "as incomplete" "$(build 5 'j["build"]["status"]')" incomplete

# ---- nothing is sent ----
report_to "$URL" 'BUILDSTATS_DRY_RUN = "1"'
run_bitbake -f -c compile one >"$STACK/out" 2>&1
like "a dry run says where it wrote" "$(cat "$STACK/out")" would-send
shown()
{
	grep -q '"event":"finished"' "$W"/tmp/buildstats-report/*-*-*/would-send
}
ok "what it would have sent" stack_wait shown
is "and sends nothing" "$(curl -s "${URL}builds.json" |
	python3 -c 'import json, sys; print(json.load(sys.stdin)["total"])')" 5
nothing "nobody complained" "$(grep -h 'not reported\|Traceback' "$STACK/out")"
tap_end
