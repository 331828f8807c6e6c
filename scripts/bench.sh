#!/usr/bin/env bash
# Measure: bench.sh [NAME]. Each script prints a table and keeps its figures in bench/results/.
set -euo pipefail
cd "$(dirname "$0")/.."
for script in bench/${1:-*}.py; do
  printf '\n== %s\n' "$(basename "$script" .py)"
  .venv/bin/python "$script"
done
