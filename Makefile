# For a person: make run, make test. For CI: make check.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest --numprocesses auto --dist worksteal

.PHONY: run test check schema lock bench proof clean FORCE

run: $(VENV)/.run
	$(BIN)/career-bot run

# Everything but the slow tests (long random runs, waits for leases), on all cores.
test: $(VENV)/.dev
	$(PYTEST) -m "not slow"

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/hadolint deploy/Dockerfile
	$(BIN)/career-bot check
	$(PYTEST) --no-skips

# Timings, each next to a peer measured in the same run; prints a table and writes build/bench.json.
bench: $(VENV)/.dev
	$(BIN)/python -m tests.bench

# The long random runs in full; `make check` runs a random tenth of each.
proof: $(VENV)/.dev
	$(BIN)/python -m tests.proof

# Run it after a change to the content's models or to the list of sentences.
schema: $(VENV)/.run
	$(BIN)/career-bot schema

# Without a Python of 3.11 or newer it ends here, before anything is installed. A virtual environment that another
# interpreter made is made anew; one of this interpreter is left as it is, so nothing is installed again.
$(VENV)/pyvenv.cfg: FORCE
	@command -v "$(PYTHON)" >/dev/null || { echo "$(NO_PYTHON)" >&2; exit 1; }
	@"$(PYTHON)" -c '$(REFUSE_OLD)' "$(PYTHON)"
	@test "$$($(BIN)/python -c '$(IDENTITY)' 2>&1)" = "$$("$(PYTHON)" -c '$(IDENTITY)')" || { \
		test ! -e $(VENV) || echo "Making $(VENV) anew: it was made by another Python."; \
		rm -rf $(VENV); \
		"$(PYTHON)" -m venv $(VENV) || { rm -rf $(VENV); exit 1; }; }

RETRY := make $(or $(MAKECMDGOALS),run) PYTHON=python3.12
NO_PYTHON := career-bot needs Python 3.11 or newer, and $(PYTHON) was not found; name another: $(RETRY)
REFUSE_OLD := import sys; sys.version_info >= (3, 11) or sys.exit("career-bot needs Python 3.11 or newer, and " \
	"%s is Python %d.%d; name another: $(RETRY)" % ((sys.argv[1],) + sys.version_info[:2]))
# Prints the same for an interpreter and for a virtual environment that it made.
IDENTITY := import sys; print(sys.version_info[:2], sys.base_prefix)

# Both stamps follow the lock files: a changed lock installs again, an unchanged one costs nothing.
$(VENV)/.run: $(VENV)/pyvenv.cfg locks/run.txt pyproject.toml
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
