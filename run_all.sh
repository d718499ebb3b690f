#!/bin/sh
# Install what is missing, then bring everything up. All options are passed on: ./run_all.sh --port 8080
set -eu
cd "$(dirname "$0")"
. scripts/lib/rossmann.sh
install_dependencies
exec ./node_modules/.bin/rossmann up "$@"
