# `make` alone lists the targets. Everything installs into .venv and src/leadloop/front/assets/node_modules.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash -o pipefail

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(VENV)/bin/uv
STAMP := $(VENV)/.leadloop
export UV_PROJECT_ENVIRONMENT := $(VENV)
export VIRTUAL_ENV := $(CURDIR)/$(VENV)
# Trust whom the system trusts: in many companies a proxy with a certificate of its own stands before the registries.
export UV_SYSTEM_CERTS ?= true
export NODE_USE_SYSTEM_CA ?= 1

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: setup ## Set everything up, build 18 months of an invented company, and serve it
	$(BIN)/leadloop demo

setup: $(STAMP)-run front ## Install what running needs; .venv/bin/leadloop works afterwards

test: $(STAMP)-test front ## All checks: format, lint, types, imports, migrations, tests with PostgreSQL and Chromium
	@PYTHON=$(BIN)/python scripts/check.sh

browser: $(STAMP)-test front ## The story and every page in a real Chromium
	$(BIN)/pytest tests/browser -n 2 --dist loadgroup

soak: $(STAMP)-test front ## Two minutes of kill -9 at random, under load; nothing may be lost or doubled
	LEADLOOP_SOAK_SECONDS=120 $(BIN)/pytest tests/crash/test_soak.py

bench: $(STAMP)-test front ## The small set of benchmarks, written into docs/benchmarks.md
	$(BIN)/python -m benchmarks

bench-full: $(STAMP)-test front ## A million leads and twenty million facts, and peers: some two hours, 45 GB, a C++ compiler
	$(UV) sync --quiet --locked --inexact --group test --group bench
	$(BIN)/python -m benchmarks.full

docs: $(STAMP)-test ## Write the generated documents: facts, command line, OpenAPI
	$(BIN)/python -m scripts.make_docs

shots: $(STAMP)-test front ## Visit every page in every theme and width, check it and take its picture
	$(BIN)/pytest tests/browser/test_shots.py -q -n 2 --shots shots

pictures: $(STAMP)-test front ## Take the pictures of the documents anew, from the demo company
	$(BIN)/python -m scripts.pictures

format: $(STAMP)-test ## Format Python and templates
	$(BIN)/ruff format src tests benchmarks scripts conftest.py
	$(BIN)/ruff check --fix-only -q src tests benchmarks scripts conftest.py

clean: ## Remove what was installed and built; data under .leadloop stays
	rm -rf $(VENV) src/leadloop/front/static/dist src/leadloop/front/assets/node_modules

front: $(STAMP)-run
	@$(BIN)/python -m leadloop.front.build

$(UV):
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.9"

$(STAMP)-run: $(UV) pyproject.toml uv.lock
	$(UV) sync --quiet --locked --inexact
	@touch $@

$(STAMP)-test: $(STAMP)-run scripts/system-packages.sh
	$(UV) sync --quiet --locked --inexact --group test
	scripts/system-packages.sh
	@touch $@

.PHONY: help demo setup test browser soak bench bench-full docs shots pictures format clean front
