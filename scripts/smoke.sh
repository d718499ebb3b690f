#!/usr/bin/env bash
# Prove a whole installation in minutes: start, migrations, load of a sample, quick training, the API's answers, a page.
#   SMOKE_BACKEND_MODE=local   the embedded server, or the one DATABASE_URL names (default)
#   SMOKE_BACKEND_MODE=docker  everything in containers, from docker-compose.yml
#   KEEP_RUNNING=1             leave it running afterwards
#   BACKEND_PORT=8123          default: any free port (docker: 8000)
# The log goes to artifacts/smoke/smoke.log.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/lib/rossmann.sh
. scripts/lib/rossmann.sh

mkdir -p artifacts/smoke
exec > >(tee artifacts/smoke/smoke.log) 2>&1
mode="${SMOKE_BACKEND_MODE:-local}"
home="$(pwd)/artifacts/smoke/home"
began=$SECONDS

step() { echo "[SMOKE] $((SECONDS - began)) s  $*"; }

finish() {
  status=$?
  trap - EXIT
  if [ "$mode" = docker ]; then
    docker compose logs --no-color > artifacts/smoke/compose.log 2>&1 || true
    [ "${KEEP_RUNNING:-0}" = 1 ] || docker compose down --remove-orphans --volumes || true
  else
    [ ! -f "$home/logs/up.log" ] || cp "$home/logs/up.log" artifacts/smoke/backend.log
    if [ "${KEEP_RUNNING:-0}" != 1 ]; then
      ROSSMANN_HOME="$home" rossmann down || status=1
      rm -rf "$home"
    fi
  fi
  if [ "$status" = 0 ]; then step "PASS"; else step "FAIL (log: artifacts/smoke/smoke.log)"; fi
  exit "$status"
}
trap finish EXIT

case "$mode" in
  local)
    step "dependencies"
    install_dependencies
    export ROSSMANN_HOME="$home" BACKEND_PORT="${BACKEND_PORT:-0}"
    step "configuration"
    rossmann doctor
    step "database and migrations"
    rossmann migrate --dry-run
    rossmann migrate
    step "load of the sample and quick training"
    rossmann bootstrap --sample --profile quick
    step "API, dashboard and schedulers"
    rossmann up --detach --sample --port "$BACKEND_PORT"
    base_url="$(rossmann status --json | node -p 'JSON.parse(require("fs").readFileSync(0, "utf8")).url')"
    ;;
  docker)
    export POSTGRES_PASSWORD="${POSTGRES_PASSWORD:-$(head -c 18 /dev/urandom | base64 | tr '+/' '-_')}"
    step "containers"
    install_dependencies
    docker compose up --build --detach --wait
    base_url="http://127.0.0.1:${BACKEND_PORT:-8000}"
    # from the host the container listens beyond its machine, so that every question carries a key
    ROSSMANN_API_KEY="$(docker compose exec -T api node cli/bin/rossmann.js keys create --name "smoke $(date +%s)" \
      --scopes data:read,forecast:run,diagnostics:read --json | node -p 'JSON.parse(require("fs").readFileSync(0, "utf8")).api_key')"
    export ROSSMANN_API_KEY
    ;;
  *)
    step "SMOKE_BACKEND_MODE is \"$mode\": expected local or docker"
    exit 2
    ;;
esac

step "the API's answers and a page, from $base_url"
rossmann check --url "$base_url"
