#!/bin/sh
# The development pair: API on PORT_BACKEND (8000) and the dashboard with hot reload on PORT_FRONTEND (5173).
# An empty warehouse is filled from data/ (or a generated sample) and a model is trained first; DEMO=1 makes that the quick profile
# whatever the options say. Ctrl-C stops both; AUTO_DOWN=1 also stops what a killed start left running.
set -eu
cd "$(dirname "$0")/.."
[ -x node_modules/.bin/rossmann ] || npm ci --loglevel=error

PORT_BACKEND="${PORT_BACKEND:-${BACKEND_PORT:-8000}}"
PORT_FRONTEND="${PORT_FRONTEND:-5173}"

set -- --port "$PORT_BACKEND" --dashboard-port "$PORT_FRONTEND" "$@"
if [ "${DEMO:-0}" = 1 ]; then
  set -- "$@" --profile quick
fi
if [ "${AUTO_DOWN:-0}" = 1 ]; then
  trap './node_modules/.bin/rossmann down >/dev/null 2>&1 || true' EXIT
fi
./node_modules/.bin/rossmann up "$@"
