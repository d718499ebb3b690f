#!/bin/sh
# Start in the background and return when the page answers: API on PORT_BACKEND (8000), dashboard on PORT_FRONTEND (5173).
# Options are those of: rossmann up --help
set -eu
cd "$(dirname "$0")/.."
. scripts/lib/rossmann.sh
rossmann up --detach --port "${PORT_BACKEND:-${BACKEND_PORT:-8000}}" --dashboard-port "${PORT_FRONTEND:-5173}" "$@"
