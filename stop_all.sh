#!/bin/sh
# Stop what run_all.sh started.
set -eu
cd "$(dirname "$0")"
exec ./node_modules/.bin/rossmann down "$@"
