#!/bin/bash
# operations.sh: follows docs/operations.md, command by command, on a freshly
# booted Debian: systemd as process 1 of a container whose file system is this
# machine's with a throw-away layer above it, and with a network of its own.
# shellcheck source=tests/lib/tap.sh
. "$BS_SRC/tests/lib/tap.sh"

if [ "$EUID" != 0 ]; then
	skip "only root can boot a system"
	tap_end
	exit
fi
T=$TMPDIR
mkdir -p "$T/boot"

# The commands of the document's sh blocks, each run under "step".
commands()
{
	awk '/^```sh$/ { inside = 1; next }
		/^```$/ { inside = 0 }
		inside' "$BS_SRC/docs/operations.md" |
		sed -e ':a' -e '/\\$/{N;s/ *\\\n */ /;ba' -e '}'
}

write_inside()
{
	cat <<-'END'
		export HOME=/root DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
		exec </dev/null
		cd /opt/buildstats
		step()
		{
			local status=0
			printf '%s\n' "$1" >/opt/step
			eval "$1" >/opt/out 2>&1 || status=$?
			if [ $status = 0 ]; then
				printf 'ok 1 - %s\n' "${1//#/}"
			else
				printf 'not ok 1 - %s\n' "${1//#/}"
				{
					tail -n 30 /opt/out
					systemctl status --no-pager -n 30 \
						'buildstats*'
					tail -n 10 /var/log/nginx/*.error.log
				} 2>/dev/null | sed 's/^/# /'
				# What follows needs it.
				echo done >/opt/step
				sleep infinity
			fi
		}
	END
	commands | while IFS= read -r line; do
		[ -n "$line" ] || continue
		printf 'step %q\n' "$line"
	done
	cat <<-'END'
		# What the document promises at its end.
		step 'test "$(curl -fsS http://localhost/buildstats/builds.json |
			python3 -c "import json, sys
		print(json.load(sys.stdin)[\"total\"])")" = 1'
		step 'test "$(curl -sS -o /dev/null -w "%{http_code}" --data-binary \
			@tests/data/A1.tar.zst -H "Content-Type: application/x-tar" \
			http://localhost/buildstats/upload)" = 401'
		step 'test "$(systemctl list-units --state=running --plain --no-legend "buildstats-fcgi@*" | wc -l)" = 8'
		step 'systemctl start buildstats-partitions.service'
		step 'systemctl start buildstats-prune.service'
		step 'pid=$(systemctl show -P MainPID buildstats-fcgi@1) &&
			test "$pid" -gt 1 && kill -KILL "$pid" &&
			for i in $(seq 150); do
			test "$(systemctl show -P MainPID buildstats-fcgi@1)" \
			!= "$pid" && systemctl is-active -q \
			buildstats-fcgi@1 && break; sleep 0.2; done &&
			systemctl is-active buildstats-fcgi@1'
		step 'test -z "$(systemctl --failed --plain --no-legend |
			grep -E "buildstats|nginx|postgres")"'
		echo done >/opt/step
		sleep infinity
	END
}

# Runs as the container's process 1 until it becomes systemd.
write_boot()
{
	cat <<-END
		set -e
		mount --make-rprivate /
		mount -t tmpfs tmpfs '$T/boot'
		cd '$T/boot'
		mkdir upper work root
		mount -t overlay overlay \
			-o lowerdir=/,upperdir=\$PWD/upper,workdir=\$PWD/work root
		cd root
		mount -t proc proc proc
		mount --rbind /sys sys
		mount -t tmpfs -o mode=755 tmpfs run
		mount -t tmpfs -o mode=755 tmpfs dev
		for node in null zero full random urandom tty; do
			: >dev/\$node
			mount --bind /dev/\$node dev/\$node
		done
		mkdir dev/pts dev/shm
		mount -t devpts -o newinstance,ptmxmode=666 devpts dev/pts
		mount -t tmpfs tmpfs dev/shm
		ln -s pts/ptmx dev/ptmx
		ln -s /proc/self/fd dev/fd
		: >etc/fstab
		echo buildbox >etc/hostname
		rm -f etc/nginx/sites-enabled/* etc/default/buildstats
		echo 'server { listen 80 default_server; }' \
			>etc/nginx/sites-available/default
		ln -s ../sites-available/default etc/nginx/sites-enabled/default
		# There is no network to fetch newer packages from.
		printf '%s\n' 'APT::Get::Upgrade "false";' \
			'APT::Get::Assume-Yes "true";' \
			>etc/apt/apt.conf.d/99offline
		mkdir -p opt/buildstats
		cp -r '$BS_SRC/.' opt/buildstats/
		cp '$T/inside.sh' opt/inside.sh
		cat >etc/systemd/system/inside.service <<-'UNIT'
			[Unit]
			After=network.target
			[Service]
			Type=simple
			ExecStart=/bin/bash /opt/inside.sh
			StandardOutput=file:/opt/log
			StandardError=inherit
		UNIT
		mkdir -p etc/systemd/system/multi-user.target.wants
		ln -s ../inside.service etc/systemd/system/multi-user.target.wants/
		# What this machine may run is no business of the container.
		for unit in nginx postgresql cron apt-daily.timer; do
			rm -f etc/systemd/system/*.wants/\$unit*
		done
		[ -d etc/postgresql/15/main ] ||
			chroot . pg_createcluster 15 main
		ip link set lo up || ifconfig lo up
		exec 7>&- </dev/null
		exec env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin \
			chroot . /lib/systemd/systemd --system \
			--unit=multi-user.target --log-target=null --show-status=0
	END
}

in_container()
{
	[ -n "${INIT-}" ] && cat "/proc/$INIT/root/opt/$1" 2>/dev/null
}

# The container's process 1 is the only child of unshare.
find_init()
{
	INIT=$(cat "/proc/$UNSHARE/task/$UNSHARE/children" 2>/dev/null)
	INIT=${INIT%% *}
	[ -n "$INIT" ]
}

stop_container()
{
	[ -z "${INIT-}" ] || kill -KILL "$INIT" 2>/dev/null
	kill -KILL "$UNSHARE" 2>/dev/null
	wait "$UNSHARE" 2>/dev/null
}

write_inside >"$T/inside.sh"
write_boot >"$T/boot.sh"
unshare --mount --pid --ipc --uts --net --fork --kill-child \
	bash "$T/boot.sh" >"$T/console" 2>&1 &
UNSHARE=$!
trap stop_container EXIT
trap 'exit 1' INT TERM

# The log is read while the container lives: it goes with it.
last=
for ((i = 0; i < 6000; i++)); do
	find_init || { kill -0 "$UNSHARE" 2>/dev/null || break; }
	if in_container log >"$T/log.new"; then
		mv "$T/log.new" "$T/log"
	fi
	last=$(in_container step) || :
	[ "$last" != "done" ] || break
	sleep 0.1
done
cat "$T/log" 2>/dev/null
TAP_COUNT=$(grep -cE '^(not )?ok ' "$T/log")
TAP_FAILED=$(grep -c '^not ok' "$T/log")
[ -s "$T/log" ] && [ "$last" = "done" ]
tap $? "the document was followed to its end" ||
	diag "$(tail -n 20 "$T/console")"
tap_end
