#!/bin/sh
# Stop what dev_up.sh started, here and in containers. The data stays; KEEP_VOLUMES=0 removes the containers' data too.
set -eu
cd "$(dirname "$0")/.."
. scripts/lib/rossmann.sh
rossmann down
if command -v docker >/dev/null 2>&1 && docker info >/dev/null 2>&1; then
  # compose wants a value to read its file by, also for stopping
  export POSTGRES_PASSWORD="${POSTGRES_PASSWORD:-unused}"
  if [ "${KEEP_VOLUMES:-1}" = 0 ]; then
    docker compose down --remove-orphans --volumes
  else
    docker compose down --remove-orphans
  fi
fi
