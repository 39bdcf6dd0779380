# Two commands matter: `make run` and `make test`. What they need goes to .venv/, what they make to var/.

.DEFAULT_GOAL := help
BIN := .venv/bin
export PYTHONPATH := platform

# What says that the environment was made to its end: Ctrl-C in the middle leaves pieces that look like one.
WHOLE := $(wildcard .venv/whole .venv/installed .venv/installed-for-tests)

# The environment's Python once it is whole, and before that the first of these that starts. 3.12 and 3.11 come
# first: an embedded Redis is packaged for them.
ifeq ($(origin PYTHON), undefined)
PYTHON := $(shell for python in $(if $(WHOLE),$(BIN)/python) python3.12 python3.11 python3.13 python3.14 python3; do \
	"$$python" -c '' 2>/dev/null && echo "$$python" && break; done)
endif

.PHONY: help run test soak bench lint format catalogues lock clean ready-to-run ready-to-test

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' Makefile

run: ready-to-run .venv/installed ## start Maarifa with the demo on http://127.0.0.1:8000 (or PORT=…)
	@$(BIN)/python -m maarifa.operations.supervisor --stop-with-parent

test: ready-to-test .venv/installed-for-tests ## check code, types and imports, and run every test on SQLite and PostgreSQL
	@$(BIN)/python -m tests.everything

soak: ready-to-test .venv/installed-for-tests ## run the large fault tests (an hour or more), and write docs/soak.md
	@$(BIN)/python -m tests.soak

bench: ready-to-test .venv/installed-for-tests ## measure speed, and write docs/bench.md (only some parts: PARTS="lesson instance")
	@$(BIN)/python -m tests.bench $(PARTS)

lint: ready-to-test .venv/installed-for-tests ## run the checks of `make test`, without the tests
	@$(BIN)/python -m tests.everything --lint

format: ready-to-test .venv/installed-for-tests ## format code and templates as lint requires
	@$(BIN)/python -m tests.everything --format

catalogues: ready-to-test .venv/installed-for-tests ## update locale/ from the strings in the code
	@DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python manage.py update_catalogues

# The locks pin every dependency by its hashes, for Python 3.11 to 3.14, and name no registry.
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-annotate pyproject.toml

lock: ## write both lock files again from pyproject.toml (with uv: pip install uv)
	@command -v uv >/dev/null || { echo "maarifa: the lock files need uv. Install it: pip install uv" >&2; exit 1; }
	@$(LOCK) -o requirements.lock
	@$(LOCK) --extra test -o requirements-test.lock

clean: ## remove everything that run and test created, including the demo's data
	@rm -rf .venv var .pytest_cache .ruff_cache .import_linter_cache .mypy_cache .hypothesis

# What is missing is named before anything is built.
ready-to-run ready-to-test: ready-to-%:
	@test -n "$(PYTHON)" || \
		{ echo "maarifa: Python 3.11 or newer is needed. Install it: apt-get install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -I platform/maarifa/operations/preflight.py $*

# An environment whose Python is gone (upgraded, or the folder was moved) is made anew, with all that was in it.
ifneq ($(shell $(BIN)/python -c '' 2>/dev/null && echo works),works)
WHOLE :=
.PHONY: .venv/whole .venv/installed .venv/installed-for-tests
endif

.venv/whole:
	@rm -rf .venv
	@$(PYTHON) -m venv .venv
	@touch $@

# Made once, and again whenever the lock changes.
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check --no-input --require-hashes --no-deps

.venv/installed: requirements.lock | $(if $(WHOLE),,.venv/whole)
	@echo "Installing the packages for running Maarifa into .venv (a minute or two, only this time)."
	@$(INSTALL) -r $<
	@touch $@

.venv/installed-for-tests: requirements-test.lock | $(if $(WHOLE),,.venv/whole)
	@echo "Installing the packages for the tests into .venv (a minute or two, only this time)."
	@$(INSTALL) -r $<
	@touch $@
