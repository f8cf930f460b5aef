# Every command a person needs. `make run` and `make test` need only Python 3.11 or newer and make.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
export LINCHPIN_HOME ?= $(CURDIR)/.home-demo
DATABASE_TESTS := -m "not journey" -n 2
BROWSER_TESTS := -m journey

.PHONY: help setup run demo check test test-sqlite test-postgresql journeys tools bench wheel clean

help: ## what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 18

setup: .stamps/python .stamps/frontend .stamps/messages ## build .venv and the front end; does nothing the second time

.stamps/python: requirements/develop.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Linchpin needs Python 3.11 or newer.") if sys.version_info < (3, 11) else None'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	test -x $(BIN)/uv || $(BIN)/python -m pip install -q --disable-pip-version-check uv
	VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install -q --require-hashes -r requirements/develop.txt
	VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install -q --no-deps -e .
	@mkdir -p .stamps && touch $@

.stamps/node: package.json package-lock.json
	@.ci/node npm ci --no-audit --no-fund --loglevel=error
	@mkdir -p .stamps && touch $@

.stamps/frontend: .stamps/python .stamps/node $(shell find frontend linchpin/surfaces/web -type f -not -path '*/static/*' -not -name '*.pyc' 2>/dev/null)
	@.ci/node npm run --silent build
	@touch $@

.stamps/messages: .stamps/python .ci/messages $(shell find linchpin/locale -name '*.po' 2>/dev/null)
	@$(BIN)/python .ci/messages
	@touch $@

run: setup ## the product with the demo organization on SQLite, at http://localhost:8000
	@test -e $(LINCHPIN_HOME)/linchpin.sqlite3 || $(BIN)/linchpin demo
	@$(BIN)/linchpin up --port $(PORT)

demo: setup ## load the demo organization anew
	@$(BIN)/linchpin demo --remove --yes || true
	@$(BIN)/linchpin demo

check: setup ## everything that looks at the code without running it
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint --quiet --lint linchpin
	.ci/node npm run --silent check
	.ci/long
	DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python -m django makemigrations --check --dry-run
	DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python -m django check --fail-level WARNING

tools: ## PostgreSQL and Chromium, where we may install them
	@.ci/tools

test: setup tools test-sqlite test-postgresql journeys ## all tests: SQLite, PostgreSQL, a real browser

test-sqlite: setup ## every test but the browser's, on SQLite
	$(BIN)/python -m pytest $(DATABASE_TESTS)

test-postgresql: setup ## the same on PostgreSQL
	@if compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || command -v initdb >/dev/null; then \
	  echo "$(BIN)/python -m pytest $(DATABASE_TESTS)   on PostgreSQL"; \
	  LINCHPIN_TEST_DATABASE=postgresql $(BIN)/python -m pytest $(DATABASE_TESTS); \
	else echo "SKIPPED: the tests on PostgreSQL. Install Debian's package “postgresql” to run them."; fi

journeys: setup ## people's ways through the product, in Chromium, with axe
	@if command -v chromium >/dev/null; then \
	  echo "$(BIN)/python -m pytest $(BROWSER_TESTS)"; $(BIN)/python -m pytest $(BROWSER_TESTS); \
	else echo "SKIPPED: the tests in a browser. Install Debian's package “chromium” to run them."; fi

bench: setup ## the budgets, measured; prints a table
	$(BIN)/python -m benchmarks

wheel: setup ## a wheel that carries its front end
	$(BIN)/uv build --quiet --wheel --out-dir dist

clean: ## what was built here; not your data
	rm -rf .stamps dist build linchpin/surfaces/web/static/build
	find linchpin/locale -name '*.mo' -delete
