#!/usr/bin/env bash
# Format, lint, strict types, import contracts, documentation. Each step prints its seconds.
set -uo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
failed=0
run() {
  local name=$1 start=$SECONDS log; shift
  log=$(mktemp)
  if "$@" >"$log" 2>&1; then printf '%-42s %4d s\n' "$name" $((SECONDS - start))
  else printf '%-42s FAILED\n' "$name"; cat "$log"; failed=1; fi
  rm -f "$log"
}
run "python: format" ruff format --check .
run "python: lint" ruff check .
run "python: types" mypy
run "python: import contracts" lint-imports
run "web: format and lint" bash -c 'cd web && npx --no-install biome check src tests'
run "web: types" bash -c 'cd web && npx --no-install tsc --noEmit'
run "licences (REUSE)" reuse lint --quiet
run "documentation" pytest -q tests/test_docs.py
exit $failed
