# Every target sets up what it needs in .venv; nothing else on the machine is touched.
# PYTHON names the interpreter (3.11 or newer); ARGS goes to pytest, the benchmark or uv.
PYTHON ?= python3
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip -qq --no-input --disable-pip-version-check

# Start-up is only honest where Python may keep its bytecode, and only ours where no other path comes first.
unexport PYTHONDONTWRITEBYTECODE PYTHONPATH

.PHONY: setup run test lint bench docs lock clean

setup: $(VENV)/.ready

run: $(VENV)/.ready
	@$(BIN)/python examples/tour.py

test: $(VENV)/.ready $(VENV)/.npm $(VENV)/.warm
	@$(BIN)/python -m pytest -n auto --dist loadfile $(ARGS)

lint: $(VENV)/.ready
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/mypy
	@$(BIN)/python docs/generate.py --check
	@report=$$($(BIN)/lint-imports --no-logo 2>&1) || { echo "$$report"; exit 1; }; echo "$$report" | tail -n 1

bench: $(VENV)/.bench
	@$(BIN)/python bench/compile.py $(ARGS)
	@$(BIN)/python bench/ladder.py $(ARGS)
	@$(BIN)/python bench/runtime.py $(ARGS)

docs: $(VENV)/.ready
	@$(BIN)/python docs/generate.py

$(VENV)/.ready: pyproject.toml requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo 'deskc: $(PYTHON) is not Python 3.11 or newer; name one that is: make PYTHON=python3.12' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv; ensurepip.version()' 2>/dev/null || \
		{ echo 'deskc: this Python lacks ensurepip; install it first: apt install python3-venv' >&2; exit 1; }
	@$(BIN)/python -c 'import pip, sys; sys.exit(sys.prefix == sys.base_prefix)' 2>/dev/null || \
		{ echo "deskc: making .venv with $$($(PYTHON) --version)"; $(PYTHON) -m venv --clear $(VENV); }
	@echo "deskc: installing $$(grep -c '==' requirements/dev.txt) locked packages"
	@$(PIP) install --compile --require-hashes --requirement requirements/dev.txt
	@echo 'deskc: installing deskc itself, in place'
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q compiler
	@touch $@
	@echo 'deskc: ready'

# An editor's language server and SARIF's own schema come from npm; a test that misses them skips and says so.
$(VENV)/.npm: $(VENV)/.ready tests/package.json
	@npm install --prefix tests --silent --no-audit --no-fund --no-package-lock --fetch-retries=1 \
		--fetch-timeout=30000 >/dev/null 2>&1 || \
		echo 'deskc: what tests use from npm would not install; these tests skip' >&2
	@touch $@

# Each process of a suite would compile the ladder's loops for itself while nobody has.
$(VENV)/.warm: $(VENV)/.ready tests/warm_up.py $(wildcard compiler/deskc/ladder/*.py compiler/deskc/ladder/*/*.py)
	@echo "deskc: compiling the ladder's loops"
	@$(BIN)/python tests/warm_up.py
	@touch $@

# The benchmark measures against peers, one of them from npm; where some will not install, the others still count.
$(VENV)/.bench: $(VENV)/.ready requirements/bench.txt
	@echo 'deskc: installing the peers to measure against'
	@$(PIP) install --compile --require-hashes --requirement requirements/bench.txt || \
		echo 'deskc: peers from pip would not install; the benchmark names them absent' >&2
	@npm install --prefix bench --silent --no-audit --no-fund --no-package-lock >/dev/null 2>&1 || \
		echo 'deskc: peers from npm would not install; the benchmark names them absent' >&2
	@touch $@

# The one target that needs uv, which resolves for every platform and Python at once and names no host.
# Pins stay where they are until ARGS=--upgrade.
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header $(ARGS)
lock:
	@command -v uv >/dev/null || { echo 'deskc: make lock needs uv' >&2; exit 1; }
	@$(LOCK) --all-extras --group dev --output-file requirements/dev.txt pyproject.toml
	@$(LOCK) --constraints requirements/dev.txt --output-file requirements/run.txt pyproject.toml
	@$(LOCK) --constraints requirements/dev.txt --group bench --output-file requirements/bench.txt

clean:
	@rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
