# Every target that needs the environment makes it: .venv, with the versions in requirements.lock.
#   make compare ARGS="--region botkyrka --scale 0.1"     options for the command
#   make test ARGS="-k rows"                              options for pytest
#   make test-long ARGS="--seed 7 --size 20"              other inputs, flipped bits, kills and worlds; a tenth of them
#   make setup PYTHON=python3.13 VENV=.venv-newest        another Python, another folder

VENV ?= .venv
ARGS ?=
LONG := tests/long tests/sim/test_random_worlds.py tests/sim/test_bounds.py
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

# The first of these that runs, is new enough and can make environments (shims may exist that do not run).
PYTHONS := $(PYTHON) python3 python3.11 python3.12 python3.13 python3.14 \
	$(wildcard $(HOME)/.pyenv/versions/3.1[1-9]*/bin/python3)
NEW_ENOUGH := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))

.DEFAULT_GOAL := help
.PHONY: help setup compare test test-long lint bench odd numbers lock clean

help: ## what can be made
	@sed -n 's/^\([a-z-]*\):[^#]*## /  make \1	/p' Makefile | expand -t 18

setup: $(READY) ## the environment, which the others make by themselves
	@:

compare: $(READY) ## coordinated against siloed, the whole county: results/compare
	$(BIN)/samspel compare $(ARGS)

test: $(READY) ## all tests
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile $(ARGS)

test-long: $(READY) ## hostile inputs, flipped bits, kills, random worlds, by the thousand
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal --quiet --size 200 $(ARGS) $(LONG)

lint: $(READY) ## style and types
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest --quiet tests/sim/inputs/test_parameters.py -k reads_exists  # p.misspelt

bench: $(READY) ## how fast it is, how large, and against what: results/benchmark
	$(BIN)/samspel benchmark $(ARGS)

odd: $(READY) ## the tables of sim/ODD.md from the code
	$(BIN)/python -m sim.odd $(ARGS)

lock: .venv-lock/bin/uv ## the newest versions for each Python, into requirements.lock
	{ echo "# What is installed, on Python 3.11 and on 3.12 and later. Made by: make lock"; \
	  .venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy requires-python \
	    --upgrade --extra dev --no-header --annotation-style line pyproject.toml; } > requirements.lock.new
	mv requirements.lock.new requirements.lock

# As processors without AVX-512 compute, which tests/conftest.py asks of all.
numbers: export NPY_DISABLE_CPU_FEATURES = X86_V4 AVX512_ICL AVX512_SPR
numbers: export OPENBLAS_CORETYPE = Haswell
numbers: $(READY) ## the numbers that tests compare with, after a change that means to move them
	$(BIN)/python tests/test_fingerprint.py
	$(BIN)/python tests/test_same_bytes.py

clean: ## away with environments and caches; results stay
	rm -rf .venv .venv-lock .venv-newest build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

define make_environment
@for python in $(PYTHONS); do \
  if "$$python" -c '$(NEW_ENOUGH)' 2>/dev/null; then \
    echo "Making $(1) with $$("$$python" --version) ..."; exec "$$python" -m venv --clear $(1); \
  fi; \
done; \
echo "No Python 3.11 or later was found that can make environments. Install one (on Debian and Ubuntu with" >&2; \
echo "python3-venv), or name yours: make PYTHON=/path/to/python3" >&2; exit 1
endef

$(BIN)/python:
	$(call make_environment,$(VENV))

$(READY): requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing into $(VENV) (a minute or two the first time) ..."
	@$(PIP) install --requirement requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m experiments.engine.ready
	@touch $@

.venv-lock/bin/uv:
	$(call make_environment,.venv-lock)
	.venv-lock/bin/python -m pip --disable-pip-version-check --quiet install uv
