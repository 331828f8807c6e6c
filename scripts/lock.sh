#!/usr/bin/env bash
# Pin every Python package with its hashes; no host names are recorded.
set -euo pipefail
cd "$(dirname "$0")/.."
options=(--universal --generate-hashes --no-emit-index-url --no-header --no-annotate --python-version 3.11 --quiet)
uv=.venv/bin/uv
$uv pip compile "${options[@]}" "$@" --extra tiles --extra terrain --extra ifc --extra mesh --extra postgres --group build --group dev pyproject.toml -o requirements/dev.lock
$uv pip compile "${options[@]}" -c requirements/dev.lock --extra tiles --extra terrain --extra ifc --extra mesh --extra postgres --group build pyproject.toml -o requirements/demo.lock
printf 'uv\n' | $uv pip compile "${options[@]}" -c requirements/dev.lock - -o requirements/bootstrap.lock
