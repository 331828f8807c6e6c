#!/usr/bin/env bash
# Every test, with the seconds of each group.
set -uo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
failed=0
scripts/check.sh || failed=1
start=$SECONDS
(cd web && npx --no-install vitest run) || failed=1
printf '%-42s %4d s\n' "web: unit tests" $((SECONDS - start))
if [ $# -gt 0 ]; then
  pytest "$@" || failed=1
else
  # Three groups side by side, so that neither of two cores is idle while one waits for a disk or a database.
  # The browser group has the one server and the one Chromium; the store group the one PostgreSQL.
  logs=$(mktemp -d)
  pytest tests/browser >"$logs/browser" 2>&1 & browser=$!
  pytest tests/store tests/build >"$logs/store" 2>&1 & store=$!
  pytest --ignore=tests/browser --ignore=tests/store --ignore=tests/build || failed=1
  wait $store || failed=1
  printf '\n== tests/store tests/build\n'; cat "$logs/store"
  wait $browser || failed=1
  printf '\n== tests/browser\n'; cat "$logs/browser"
  rm -rf "$logs"
fi
printf '%-42s %4d s\n' "all tests" $SECONDS
exit $failed
