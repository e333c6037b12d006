#!/bin/sh
# Makes ./configure from a checkout; needs autoconf, automake,
# autoconf-archive and pkg-config.
set -e
cd "$(dirname "$0")"
mkdir -p build-aux
exec autoreconf --install --force "$@"
