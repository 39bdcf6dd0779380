# Two commands matter: `make run` and `make test`. Everything they need goes to .venv/ and var/.

SHELL := /bin/sh
.DEFAULT_GOAL := help

# The first of these that starts. 3.11 and 3.12 come first: an embedded Redis is packaged for them.
PYTHON ?= $(shell for python in python3.12 python3.11 python3.13 python3.14 python3; do \
	"$$python" -c '' 2>/dev/null && echo "$$python" && break; done)
PREFLIGHT := platform/maarifa/operations/preflight.py
BIN := .venv/bin
export PYTHONPATH := platform:.

.PHONY: help run test lint format catalogues lock clean

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' Makefile

run: ready-to-run .venv/installed ## start Maarifa with demo people, on http://localhost:8000 (or PORT=…)
	@exec $(BIN)/python -m maarifa.operations.supervisor

test: ready-to-test .venv/installed-for-tests ## lint, import contracts, and every test on SQLite and on PostgreSQL
	@exec $(BIN)/python -m tests.everything

lint: ready-to-test .venv/installed-for-tests ## the checks of `make test` that run no test
	@exec $(BIN)/python -m tests.everything lint

format: ready-to-test .venv/installed-for-tests ## rewrite code and templates as the checks want them
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format --quiet .
	@find platform -name '*.html' -print0 | xargs -0 $(BIN)/djade --target-version 5.2

catalogues: ready-to-test .venv/installed-for-tests ## bring locale/*.po up to date with the strings in the code
	@exec $(BIN)/python manage.py update_catalogues

# The locks pin every dependency by hash, for Python 3.11 to 3.14, and name no registry.
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-annotate
lock: ## write the locks again from pyproject.toml (needs uv: pip install uv)
	@command -v uv >/dev/null || { echo "maarifa: uv is needed to write the locks. Install it: pip install uv" >&2; exit 1; }
	@$(LOCK) pyproject.toml -o requirements.lock
	@$(LOCK) --extra test pyproject.toml -o requirements-test.lock

clean: ## remove what `make run` and `make test` made, the demo's data included
	@rm -rf .venv var .pytest_cache .ruff_cache .import_linter_cache .hypothesis

.PHONY: ready-to-run ready-to-test
ready-to-run ready-to-test: ready-to-%:
	@test -n "$(PYTHON)" || { echo "maarifa: Python 3.11 or newer is needed. Install it: apt-get install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -I $(PREFLIGHT) $*

# An environment is made once; a lock that changed is installed into it again.
.venv/bin/pip:
	@rm -rf .venv
	@$(PYTHON) -m venv .venv

INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check --no-input --require-hashes --no-deps

.venv/installed: requirements.lock | .venv/bin/pip
	@echo "Installing what the lock names into .venv (about a minute the first time)"
	@$(INSTALL) -r requirements.lock
	@touch $@

.venv/installed-for-tests: requirements-test.lock | .venv/bin/pip
	@echo "Installing what the test lock names into .venv (about a minute the first time)"
	@$(INSTALL) -r requirements-test.lock
	@touch $@ .venv/installed
