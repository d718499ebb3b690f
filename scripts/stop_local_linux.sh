#!/bin/sh
# Stop what start_local_linux.sh started. The data stays.
set -eu
cd "$(dirname "$0")/.."
. scripts/lib/rossmann.sh
rossmann down "$@"
