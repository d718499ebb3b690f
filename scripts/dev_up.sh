#!/bin/sh
# The development pair: API on PORT_BACKEND (8000) and the dashboard with hot reload on PORT_FRONTEND (5173), until Ctrl-C.
#   DEMO=1            use the data in data/ or else the generated sample, and the quick training
#   AUTO_DOWN=1       also stop what a killed start left running, and the containers
#   BACKEND_DOCKER=1  database and API in containers (docker compose), the dashboard here
# Options are those of: rossmann up --help
set -eu
cd "$(dirname "$0")/.."
. scripts/lib/rossmann.sh
install_dependencies

PORT_BACKEND="${PORT_BACKEND:-${BACKEND_PORT:-8000}}"
PORT_FRONTEND="${PORT_FRONTEND:-5173}"

if [ "${AUTO_DOWN:-0}" = 1 ]; then
  trap 'KEEP_VOLUMES=1 scripts/dev_down.sh || true' EXIT
fi
if [ "${BACKEND_DOCKER:-0}" = 1 ]; then
  BACKEND_PORT="$PORT_BACKEND" docker compose up --build --detach --wait
  ROSSMANN_API="http://localhost:$PORT_BACKEND" npm run dev -- --port "$PORT_FRONTEND" --strictPort
else
  [ "${DEMO:-0}" != 1 ] || set -- --profile quick "$@"
  rossmann up --port "$PORT_BACKEND" --dashboard-port "$PORT_FRONTEND" "$@"
fi
