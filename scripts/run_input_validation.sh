#!/bin/sh
# Examine one CSV file against its input contract, without a database. Exit code 1 when it fails.
#   scripts/run_input_validation.sh --file data/train.csv --profile train
set -eu
cd "$(dirname "$0")/.."
. scripts/lib/rossmann.sh
rossmann validate-input "$@"
