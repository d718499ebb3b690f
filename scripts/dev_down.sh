#!/bin/sh
# Stop what dev_up.sh started. The data stays.
set -eu
cd "$(dirname "$0")/.."
exec ./node_modules/.bin/rossmann down "$@"
