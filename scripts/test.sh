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
pytest "$@" || failed=1
exit $failed
