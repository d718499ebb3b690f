#!/bin/sh
# Install what is missing, then bring everything up. All options are passed on: ./run_all.sh --port 8080
set -eu
cd "$(dirname "$0")"
[ -x node_modules/.bin/rossmann ] || npm ci --loglevel=error
exec ./node_modules/.bin/rossmann up "$@"
