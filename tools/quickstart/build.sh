# shellcheck shell=bash
# build.sh: builds a copy of the source tree and installs it below DATA.
#
# A copy, because the tree may be read-only, may belong to someone else, and
# may lie where the servers' users can't read.

# What the autotools and other builds leave in a tree, and what no build needs.
NOT_SOURCE='./.git ./autom4te.cache ./aclocal.m4 ./configure ./configure~
	./config.h.in ./config.h.in~ ./Makefile.in ./build-aux ./build
	node_modules __pycache__'

# copy_source DEST: brings DEST up to date; keeps times, so that make has
# little to do, and removes what is no longer in the source.
copy_source()
{
	local dest=$1 excludes=() one
	for one in $NOT_SOURCE; do
		excludes+=("--exclude=$one")
	done
	mkdir -p "$dest" || return 1
	tar -C "$TOP" "${excludes[@]}" -cf "$dest.tar" . || return 1
	tar -tf "$dest.tar" | sort >"$dest.new" || return 1
	if [ -f "$dest.list" ]; then
		comm -23 "$dest.list" "$dest.new" | grep -v '/$' |
			(cd "$dest" && xargs -r -d '\n' rm -f)
	fi
	tar -C "$dest" --no-same-owner -xf "$dest.tar" &&
		mv "$dest.new" "$dest.list" && rm -f "$dest.tar"
}

build_configure()
{
	(cd "$DATA/src" && ./autogen.sh) || return 1
	mkdir -p "$DATA/build" && cd "$DATA/build" &&
		"$DATA/src/configure" --prefix="$DATA/install"
}

# Configures again when what makes ./configure has changed; the fragments
# (*.am) are make's own business.
build_needs_configure()
{
	[ ! -f "$DATA/build/config.status" ] ||
		[ "$DATA/src/configure.ac" -nt "$DATA/build/config.status" ]
}

# An old installation is removed so that no file of an earlier version stays.
build_install()
{
	rm -rf "$DATA/install"
	make -C "$DATA/build" install
}

build_all()
{
	local hint="Is this a complete and unchanged source tree?"
	step copy "Copying the source" "Is there space in $DATA?" \
		copy_source "$DATA/src"
	if build_needs_configure; then
		step configure "Configuring" "$hint" build_configure
	fi
	step make "Building" "$hint" make -C "$DATA/build" -j"$(nproc)"
	step install "Installing below $DATA" "$hint" build_install
}
