PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SPARK := .venv-spark
SPARK_WAY ?=
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-strip-extras --python-version 3.11

.DEFAULT_GOAL := help
.PHONY: help build release test lint spark java check defects mutants killed instant bench audit lock clean

help:  ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-8s %s\n", $$1, $$2}'

build: $(VENV)/.ready  ## check the record, build every view, put strike_ledger.duckdb in place
	$(BIN)/strike-ledger build

check: $(VENV)/.ready  ## check the CSVs only
	$(BIN)/strike-ledger check

release: $(VENV)/.ready  ## write everything that is published into dist/
	$(BIN)/strike-ledger release

test: $(VENV)/.ready  ## run the whole test suite
	$(BIN)/pytest -n auto --dist loadfile

lint: $(VENV)/.ready  ## ruff, sqruff, the convention gate, CITATION.cff and dbt's next engine
	$(BIN)/ruff format --check notebooks strike_ledger tests
	$(BIN)/ruff check notebooks strike_ledger tests
	rm -rf .build/lint/compiled
	STRIKE_LEDGER_DATABASE=:memory: $(BIN)/dbt compile --quiet --no-introspect --no-populate-cache \
		--exclude test_type:singular --target-path .build/lint --log-path .build/lint
	$(BIN)/sqruff lint --quiet --parsing-errors .build/lint/compiled
	$(BIN)/dbt-bouncer run
	$(BIN)/uv tool run --quiet --from cffconvert==2.0.0 cffconvert --validate
	DO_NOT_TRACK=1 $(BIN)/uv tool run --quiet --from dbt-core==2.0.0a4 dbt parse --quiet --profiles-dir . \
		--target-path .build/v2 --log-path .build/v2

spark: java build $(SPARK)/.ready  ## build on Spark too (needs Java) and compare every cell
	PYTHONPATH=. $(SPARK)/bin/python tests/spark.py $(SPARK_WAY)

defects: $(VENV)/.ready  ## plant every defect in the record, one at a time (half an hour)
	$(BIN)/python tests/defects.py

mutants: $(VENV)/.ready  ## alter the SQL of the rules one operator at a time: the tests must notice
	$(BIN)/python tests/mutants.py

killed: $(VENV)/.ready  ## kill 25 builds at random moments, and write down what was left
	$(BIN)/python tests/kills.py

instant: $(VENV)/.ready  ## measure the small build beside an empty dbt project (two minutes)
	$(BIN)/python tests/small_build.py

bench: java $(VENV)/.ready $(SPARK)/.ready  ## measure how the build grows, up to five million events (an hour and more)
	$(BIN)/python tests/bench.py

audit: $(VENV)/.ready  ## ask PyPI whether a version in the lock has a known weakness
	$(BIN)/uv tool run --quiet --from pip-audit==2.10.1 pip-audit --strict --require-hashes --disable-pip \
		--requirement requirements.lock

java:
	@command -v "$${JAVA_HOME:+$$JAVA_HOME/bin/}java" >/dev/null || { \
		echo "make spark needs Java 17 or later, and there is none here (Debian: apt-get install default-jre-headless)" >&2; exit 1; }

lock: $(VENV)/.ready  ## write the two locks anew from pyproject.toml
	$(COMPILE) --group dev --all-extras pyproject.toml --output-file requirements.lock
	$(COMPILE) --group spark --constraint requirements.lock --output-file requirements-spark.lock

clean:  ## remove the environments and everything built
	rm -rf $(VENV) $(SPARK) .build target logs dist strike_ledger.duckdb strike_ledger/pages/ask/node_modules .release_*

$(VENV)/.ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "$$(sed -nE 's/^(uv==[0-9.]+).*/\1/p' requirements.lock)"
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --compile-bytecode --require-hashes requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-build-isolation --no-deps --editable .
	@touch $@

# pyspark comes as source: what builds its wheel is held to the lock too.
$(SPARK)/.ready: requirements-spark.lock $(VENV)/.ready
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(SPARK)
	$(BIN)/uv pip sync --quiet --python $(SPARK)/bin/python --compile-bytecode --require-hashes --build-constraints requirements.lock requirements-spark.lock
	@touch $@
