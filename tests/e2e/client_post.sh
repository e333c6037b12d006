#!/bin/bash
# client_post.sh: error reports as openembedded-core's send-error-report sends
# them, and what that costs the workers.  BUILDSTATS_TEST_OECORE names a
# checkout or mirror of openembedded-core: then the script itself is run, too.
# shellcheck source=tests/lib/tap.sh
. "$BS_SRC/tests/lib/tap.sh"
# shellcheck source=tests/lib/stack.sh
. "$BS_SRC/tests/lib/stack.sh"
# shellcheck source=tests/lib/python.sh
. "$BS_SRC/tests/lib/python.sh"

worker_pids()
{
	ps -o pid= --ppid "${STACK_PIDS[workers]}" | tr -d ' ' | sort -n
}

# The most that any worker has used so far, in KiB.
peak_memory()
{
	local pid
	for pid in $(worker_pids); do
		awk '/^VmHWM/ { print $2 }' "/proc/$pid/status"
	done | sort -n | tail -n 1
}

# ---- who may ----

# post_as HEADER: sends a report with it; the status line, then the body.
post_as()
{
	fetch -i -H "$1" --data-binary \
		'{"machine":"m","failures":[],"username":"Jane"}' \
		"$BASE/ClientPost/JSON/" | tr -d '\r'
}

who_may()
{
	local token got id
	token=$(stack_admin token add ci-7 | tail -n 1)
	got=$(post_as "Authorization: Bearer $token")
	like "a token is taken" "$got" "^HTTP/1.1 200 "
	id=$(sed -n '/^{/p' <<<"$got" | json 'd["build_id"]')
	is "and binds the builder" \
		"$(fetch "${URL}build/$id.json" | json 'd["build"]["builder"]')" \
		ci-7
	like "a wrong one is refused, with the reason" \
		"$(post_as 'Authorization: Bearer nonsense')" \
		"^HTTP/1.1 401 This token is not known, or was revoked."
	stack_end workers
	stack_workers --anonymous-upload no
	stack_wait stack_answers
	like "where all need one, so is none" "$(post_as 'X-None: 1')" \
		"^HTTP/1.1 401 Uploads need a token here."
	is "the probe is answered to all" \
		"$(http_status "$BASE/ClientPost/JSON")" 200
}

# ---- the script itself ----

# real_script COMMIT: puts it and what it imports below $STACK/oe/COMMIT.
real_script()
{
	local dir=$STACK/oe/$1
	mkdir -p "$dir/lib"
	git -C "$BUILDSTATS_TEST_OECORE" show "$1:scripts/send-error-report" \
		>"$dir/send-error-report" &&
		git -C "$BUILDSTATS_TEST_OECORE" show \
			"$1:scripts/lib/argparse_oe.py" >"$dir/lib/argparse_oe.py"
}

# real_send COMMIT SERVER FILE [OPTION...]: sends a copy of the file.
real_send()
{
	local dir=$STACK/oe/$1 server=$2 file=$3
	shift 3
	cp "$file" "$dir/report.txt"
	HOME=$dir python3 "$dir/send-error-report" -y -n "Jane Doe" \
		-e jane@example.org -s "$server" "$@" "$dir/report.txt" 2>&1
}

real_scripts()
{
	local commit server text got options one=$STACK/one.txt
	tar -C "$STACK" --zstd -xf "$BS_SRC/tests/data/F1.tar.zst"
	cp "$(find "$STACK" -name noprovider.txt)" "$one"
	# 0.4 with a scheme; 0.3 of 2019 and 2018, with a host alone
	for commit in c45aca4592 e8ce179cf5~1 a4c89902a2 06079240e4; do
		real_script "$commit" || {
			not_ok "the script of $commit is there" true
			continue
		}
		server=${BASE#http://}
		options=()
		case $commit in
		c45aca4592) server=$BASE/ ;;
		a4c89902a2 | e8ce179cf5~1) options=(--no-ssl) ;;
		esac
		text=$(real_send "$commit" "$server" "$one" "${options[@]}")
		is "the script of $commit is done" $? 0
		like "and prints the short link" "$text" \
			"Your entry can be found here: $BASE/buildstats/f/"
		got=$(real_send "$commit" "$server" "$one" -j "${options[@]}")
		is "with -j it prints JSON with the same one" "$(json "d['failures'][0]['url']" <<<"$got")" \
			"$(sed -n 's,.*found here: ,,p' <<<"$text")"
	done
}

stack_start
fetch -o /dev/null "${URL}builds"
idle=$(peak_memory)
before=$(worker_pids)
python_suite "$BS_SRC/tests/e2e/client_post.py"
is "no worker died" "$(worker_pids)" "$before"
# A sanitizer's shadow memory is not the worker's.
case $BS_BUILD in
*/gcc)
	grown=$((($(peak_memory) - idle) / 1024))
	ok "a worker grew by $grown MiB, less than 64" test "$grown" -lt 64
	;;
esac
if [ -n "${BUILDSTATS_TEST_OECORE-}" ]; then
	real_scripts
fi
who_may
ok "no sanitizer spoke" \
	sh -c "! grep -E 'ERROR: .*Sanitizer|runtime error' '$STACK/workers.log'"
tap_end
