#!/bin/sh
# Bring the database's schema up to date; --dry-run tries it and undoes it.
set -eu
cd "$(dirname "$0")/.."
. scripts/lib/rossmann.sh
rossmann migrate "$@"
