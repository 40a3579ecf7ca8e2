# What a person does here: make run, make test. What CI does: make check.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: run test check schema lock bench proof clean

run: $(VENV)/.run
	$(BIN)/career-bot run

test: $(VENV)/.dev
	$(BIN)/python -m pytest

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/hadolint deploy/Dockerfile
	$(BIN)/career-bot check
	$(BIN)/python -m pytest --no-skips

# Timings beside a peer in the same run; a table, and build/bench.json.
bench: $(VENV)/.dev
	$(BIN)/python -m tests.bench

# The long numbers, whole; `make check` runs a random tenth of each.
proof: $(VENV)/.dev
	$(BIN)/python -m tests.proof

# After a change to the content's models or to the list of sentences.
schema: $(VENV)/.run
	$(BIN)/career-bot schema

# Both stamps follow the lock files: a changed lock installs again, an unchanged one costs nothing.
$(VENV)/.run: locks/run.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r locks/run.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	touch $@

$(VENV)/.dev: $(VENV)/.run locks/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r locks/dev.txt
	touch $@

# Needs uv. Names, versions and hashes only: no index address goes into a lock.
LOCK := uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate
lock:
	$(LOCK) pyproject.toml --group build --output-file locks/run.txt
	$(LOCK) pyproject.toml --group dev --constraints locks/run.txt --output-file locks/dev.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
