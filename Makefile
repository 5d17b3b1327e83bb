PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help build test lint check lock clean

help:  ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-8s %s\n", $$1, $$2}'

build: $(VENV)/.ready  ## check the record, build every view, put strike_ledger.duckdb in place
	$(BIN)/strike-ledger build

check: $(VENV)/.ready  ## check the CSVs only
	$(BIN)/strike-ledger check

test: $(VENV)/.ready  ## run the whole test suite
	$(BIN)/pytest -n auto --dist loadfile

lint: $(VENV)/.ready  ## ruff, sqruff, the convention gate and CITATION.cff
	$(BIN)/ruff format --check strike_ledger tests
	$(BIN)/ruff check strike_ledger tests
	rm -rf .build/lint/compiled
	STRIKE_LEDGER_DATABASE=:memory: $(BIN)/dbt compile --quiet --no-introspect --no-populate-cache \
		--exclude test_type:singular --target-path .build/lint --log-path .build/lint
	$(BIN)/sqruff lint --quiet --parsing-errors .build/lint/compiled
	$(BIN)/dbt-bouncer run
	$(BIN)/uv tool run --quiet --from cffconvert==2.0.0 cffconvert --validate

lock: $(VENV)/.ready  ## write requirements.lock anew from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-strip-extras --python-version 3.11 --group dev pyproject.toml --output-file requirements.lock

clean:  ## remove the environment and everything built
	rm -rf $(VENV) .build target logs strike_ledger.duckdb

$(VENV)/.ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "$$(sed -nE 's/^(uv==[0-9.]+).*/\1/p' requirements.lock)"
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --compile-bytecode --require-hashes requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-build-isolation --no-deps --editable .
	@touch $@
