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
  # The browser mostly waits for its own drawing, so it runs beside the rest: one server, one Chromium.
  log=$(mktemp)
  pytest tests/browser >"$log" 2>&1 &
  browser=$!
  pytest --ignore=tests/browser || failed=1
  wait $browser || failed=1
  printf '\n== tests/browser\n'
  cat "$log"
  rm -f "$log"
fi
exit $failed
