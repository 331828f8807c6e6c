# Seven words: setup · demo · test · check · bench · soak · pictures
# Everything is installed into .venv and web/node_modules; nothing outside this folder is changed,
# except Debian packages that tests need (PostgreSQL, PostGIS, Chromium), with root or sudo.

PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
OPEN_DATA ?= $(wildcard ../shared/data)
CITY ?=
NAME ?=
export PORT HOST OPEN_DATA CITY

BIN := .venv/bin

.PHONY: help setup demo test check bench soak pictures format lock
help:
	@echo "make setup     install what the twin needs (.venv, the screen)"
	@echo "make demo      build and serve the demo city on http://localhost:$(PORT)   (CITY=… PORT=…)"
	@echo "make test      install what tests need and run every test"
	@echo "make check     format, lint, types, import contracts, documentation"
	@echo "make bench     measure; NAME=tiles for one"
	@echo "make soak      the long versions of load and fault tests; NAME=gml for one parser"
	@echo "make pictures  take the pictures of the documentation from the running product"

setup:
	@PYTHON="$(PYTHON)" scripts/setup.sh demo

demo: setup
	@exec $(BIN)/tweestad demo

test:
	@PYTHON="$(PYTHON)" scripts/setup.sh test
	@scripts/test.sh

check:
	@PYTHON="$(PYTHON)" scripts/setup.sh check
	@scripts/check.sh

bench:
	@PYTHON="$(PYTHON)" scripts/setup.sh test
	@scripts/bench.sh $(NAME)

soak:
	@PYTHON="$(PYTHON)" scripts/setup.sh test
	@scripts/soak.sh $(NAME)

pictures:
	@PYTHON="$(PYTHON)" scripts/setup.sh test
	@$(BIN)/python scripts/pictures.py $(NAME)

# Not one of the seven: for maintainers.
format:
	@$(BIN)/ruff format -q . && $(BIN)/ruff check -q --fix . ; cd web && npx biome check --write src tests

lock:
	@scripts/lock.sh
