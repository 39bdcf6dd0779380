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

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' Makefile

run: ready-to-run .venv/installed ## start Maarifa with demo people on http://127.0.0.1:8000 (or PORT=…)
	@$(BIN)/python -m maarifa.operations.supervisor --stop-with-parent

test: ready-to-test .venv/installed-for-tests ## lint, types, import contracts, and every test on SQLite and on PostgreSQL
	@$(BIN)/python -m tests.everything

soak: ready-to-test .venv/installed-for-tests ## the faults in their large sizes, an hour or more; writes docs/soak.md
	@$(BIN)/python -m tests.soak

bench: ready-to-test .venv/installed-for-tests ## measure how fast it is, and write docs/bench.md (PARTS="lesson instance" for some of it)
	@$(BIN)/python -m tests.bench $(PARTS)

lint: ready-to-test .venv/installed-for-tests ## the part of `make test` that runs no test
	@$(BIN)/python -m tests.everything --lint

format: ready-to-test .venv/installed-for-tests ## rewrite code and templates as lint wants them
	@$(BIN)/python -m tests.everything --format

catalogues: ready-to-test .venv/installed-for-tests ## bring locale/ up to the strings in the code
	@DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python manage.py update_catalogues

# The locks pin every dependency by its hashes, for Python 3.11 to 3.14, and name no registry.
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-annotate pyproject.toml

lock: ## write both locks again from pyproject.toml (with uv: pip install uv)
	@command -v uv >/dev/null || { echo "maarifa: uv writes the locks. Install it: pip install uv" >&2; exit 1; }
	@$(LOCK) -o requirements.lock
	@$(LOCK) --extra test -o requirements-test.lock

clean: ## remove what run and test made, the demo's data included
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
	@echo "Installing into .venv what the lock names (a minute or two, this once)."
	@$(INSTALL) -r $<
	@touch $@

.venv/installed-for-tests: requirements-test.lock | $(if $(WHOLE),,.venv/whole)
	@echo "Installing into .venv what the lock for tests names (a minute or two, this once)."
	@$(INSTALL) -r $<
	@touch $@
