#!/bin/sh
# The development pair: API on PORT_BACKEND (8000) and the dashboard with hot reload on PORT_FRONTEND (5173).
# DEMO=1 loads the sample data and trains quickly first. Ctrl-C stops both; AUTO_DOWN=1 also stops a database left running.
set -eu
cd "$(dirname "$0")/.."
[ -x node_modules/.bin/rossmann ] || npm ci --loglevel=error

PORT_BACKEND="${PORT_BACKEND:-${BACKEND_PORT:-8000}}"
PORT_FRONTEND="${PORT_FRONTEND:-5173}"

set -- --port "$PORT_BACKEND" --dashboard-port "$PORT_FRONTEND" "$@"
if [ "${DEMO:-0}" = 1 ]; then
  set -- --sample --profile quick "$@"
fi
if [ "${AUTO_DOWN:-0}" = 1 ]; then
  trap './node_modules/.bin/rossmann down >/dev/null 2>&1 || true' EXIT
fi
./node_modules/.bin/rossmann up "$@"
