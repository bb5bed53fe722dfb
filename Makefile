# The Collection Workbench. A fresh machine needs Python 3.11 or later, and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
WORKBENCH := $(BIN)/workbench
DEMO ?= demo
CUSTOMERS ?= 2000

.DEFAULT_GOAL := help
.PHONY: help setup demo lab test test-all check bench docs lock clean

help: ## What can be made
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## The environment, from the lock file

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or later is needed: install it, or name it with PYTHON=..."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "Python's venv is missing: on Debian and Ubuntu, install python3-venv."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing what requirements.lock names ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-index --no-build-isolation --no-deps --editable .
	@touch $@

demo: $(READY) ## One month of the demo company; FRESH=1 starts over
	@$(WORKBENCH) demo $(DEMO) --customers $(CUSTOMERS) $(if $(FRESH),--fresh)

lab: $(READY) ## The workbench in JupyterLab, on the demo company
	@test -e $(DEMO)/workbench.db || $(WORKBENCH) demo $(DEMO) --customers $(CUSTOMERS)
	@$(WORKBENCH) lab $(DEMO)

test: $(READY) ## The tests, but the longest
	@$(BIN)/python -m pytest -n auto --dist loadfile -m "not long" $(ARGS)

test-all: $(READY) ## Every test
	@$(BIN)/python -m pytest -n auto --dist loadfile $(ARGS)

check: $(READY) ## Linters, types, floors
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

bench: $(READY) ## Measure, as one table
	@$(BIN)/python -m benchmarks.run $(ARGS)

docs: $(READY) ## The pages that are made from the code
	@$(BIN)/python tools/make_docs.py

# The lock file is made by uv, of no registry's address and of no setting of this machine.
lock: ## The lock file, from pyproject.toml (needs uv)
	env -u PIP_FIND_LINKS -u PIP_EXTRA_INDEX_URL PIP_CONFIG_FILE=/dev/null \
	  uv pip compile pyproject.toml --extra build --extra test --extra check --no-config \
	  --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --universal \
	  --python-version 3.11 --exclude-newer 2026-11-20 --quiet --output-file requirements.lock

clean: ## Everything that was made
	rm -rf $(VENV) build dist *.egg-info
