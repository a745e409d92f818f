#!/usr/bin/env bash
# What `make test` runs, in order of how soon a mistake shows. Stops at the first failure.
set -euo pipefail
bin=$(dirname "$PYTHON")

step() { printf '\n== %s\n' "$1"; shift; "$@"; }

step "Format" "$bin/ruff" format --check --quiet src tests benchmarks scripts conftest.py hatch_build.py
step "Lint" "$bin/ruff" check --quiet src tests benchmarks scripts conftest.py hatch_build.py
step "Imports go down" "$bin/lint-imports" --no-cache
step "Types" "$bin/mypy"
step "Migrations are complete" "$PYTHON" -m tests.support.migrations
step "Tests" "$bin/pytest" -n "${TEST_PROCESSES:-$(nproc)}" --dist loadgroup
