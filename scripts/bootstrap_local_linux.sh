#!/bin/sh
# Prepare an installation without starting it: dependencies, .env, database, data, model. What is there already stays.
# With PG_SUPERPASSWORD set (and PG_SUPERUSER, default postgres) a role and a database are made on a PostgreSQL of your own,
# at PG_HOST:PG_PORT (127.0.0.1:5432), and named in .env; without it the embedded server is used.
# Options are those of: rossmann bootstrap --help
set -eu
cd "$(dirname "$0")/.."
. scripts/lib/rossmann.sh
install_dependencies
[ -e .env ] || (umask 077 && cp .env.example .env)
if [ -n "${PG_SUPERPASSWORD:-}" ]; then
  rossmann create-database --superuser "${PG_SUPERUSER:-postgres}" --host "${PG_HOST:-127.0.0.1}" \
    --port "${PG_PORT:-5432}" --user "${POSTGRES_USER:-rossmann_user}" --database "${POSTGRES_DB:-rossmann}"
fi
rossmann bootstrap "$@"
