#!/bin/sh
# Make an API key; it is printed once and only its hash is stored.
#   scripts/create_diagnostics_api_key.sh --name local_demo_client --scopes "diagnostics:read,diagnostics:operate"
set -eu
cd "$(dirname "$0")/.."
. scripts/lib/rossmann.sh
rossmann keys create "$@"
