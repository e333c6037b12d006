# shellcheck shell=bash
# packages.sh: the Debian packages that are needed, and how they get here.

# One requirement a word; "a|b" is met by either and installs the first;
# ":c" is met by a command, wherever it came from.
# shellcheck disable=SC2034
RUN_PACKAGES='gcc libc6-dev make autoconf automake autoconf-archive
	pkgconf|pkg-config python3 libfcgi-dev libpq-dev libxml2-dev
	libxslt1-dev libjson-c-dev libcurl4-openssl-dev|libcurl4-gnutls-dev
	libarchive-dev libzstd-dev liblzma-dev libssl-dev zlib1g-dev
	postgresql-15|postgresql-16|postgresql-17
	nginx|nginx-light|nginx-full|nginx-extras curl ca-certificates tar
	zstd|libarchive-tools'
# shellcheck disable=SC2034
CHECK_PACKAGES='clang clang-format clang-tidy llvm libclang-rt-dev
	libcmocka-dev shellcheck libxml2-utils mandoc universal-ctags cppcheck
	systemd xz-utils chromium
	nodejs|:node npm|:npm git procps'

package_installed()
{
	local status
	case $1 in
	:*)
		command -v "${1#:}" >/dev/null
		return
		;;
	esac
	# shellcheck disable=SC2016
	status=$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) &&
		[ "$status" = installed ]
}

# Prints what is missing of the requirements given.
packages_missing()
{
	local need one found
	for need; do
		found=
		for one in ${need//|/ }; do
			package_installed "$one" && found=yes && break
		done
		[ -n "$found" ] || printf '%s\n' "${need%%|*}"
	done
}

packages_install()
{
	local script=$TOP/tools/quickstart/install-packages
	if am_root; then
		sh "$script" "$@"
	else
		sudo -n sh "$script" "$@"
	fi
}

can_install()
{
	am_root || sudo -n true 2>/dev/null
}

# packages_need REQUIREMENT...: installs what is missing or says how to.
packages_need()
{
	local missing log
	if ! command -v dpkg-query >/dev/null; then
		say "This is not Debian: make sure that there are: $*"
		return
	fi
	mapfile -t missing < <(packages_missing "$@")
	[ ${#missing[@]} -gt 0 ] || return 0
	if ! can_install; then
		say "These packages are missing; install them, as root, with:"
		say ""
		say "    apt-get install --no-install-recommends ${missing[*]}"
		say ""
		fail "packages are missing, and there is no way to become root"
	fi
	say "Installing ${missing[*]} ..."
	log=$(mktemp) || fail "there is no space for a temporary file"
	if ! packages_install "${missing[@]}" >"$log" 2>&1 </dev/null; then
		show_tail "$log"
		fail "apt-get failed. Mend what it says above, then try again." \
			"The whole log: $log"
	fi
	rm -f "$log"
}
