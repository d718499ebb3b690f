#!/bin/sh
# What runs here, since when, and whether it answers. Exit code 1 when it does not.
set -eu
cd "$(dirname "$0")/.."
. scripts/lib/rossmann.sh
rossmann status "$@"
