#!/usr/bin/env bash
# Feeds parsers broken files: SECONDS_IN_ALL (600), SEED (printed; given, it repeats), and names of parsers.
set -euo pipefail
cd "$(dirname "$0")/.."
exec .venv/bin/python -m tests.soak --seconds "${SECONDS_IN_ALL:-600}" ${SEED:+--seed "$SEED"} "$@"
