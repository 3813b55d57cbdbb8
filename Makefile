# Everything from a bare machine: python3 >= 3.11 with venv, make, git. `make help` lists the targets.
#
# Paths below are relative, and tools are run as `python -m`: a console script's first line breaks on a path with spaces.

PYTHON ?= python3
VENV   := .venv
RUN    := $(VENV)/bin/python
PIP    := $(RUN) -m pip install --quiet --constraint constraints.txt

# Two test workers on two cores: one linear algebra thread each, and no window system for the plots.
THREADS := OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 MKL_NUM_THREADS=1 VECLIB_MAXIMUM_THREADS=1
WORKERS ?= 2
# The tests start some two hundred processes: compiled code is kept, even where the environment asks for none.
COMPILED := PYTHONDONTWRITEBYTECODE=

# What the benchmarks measured here; the published results are in benchmarks/results.json.
RESULTS ?= build/benchmarks.json
# How much the campaign tries, and from which random numbers: SIZE=1000 takes a minute, the whole of it an hour.
SIZE ?= 100000
SEED ?= 1
CONTENDERS := qutip gaussian-open-systems dynamiqs slycot

# A checkout that was moved or copied, or whose Python went away, installs again: an editable install names its folder.
ifneq ($(shell $(RUN) -c '' 2>/dev/null && cat $(VENV)/.place 2>/dev/null),$(CURDIR))
$(shell rm -f $(VENV)/.runtime $(VENV)/.dev $(VENV)/.docs $(VENV)/.bench)
endif

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help reproduce test lint docs env bench campaign clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile
	@echo "Variables: PYTHON=python3 (3.11 or newer), OUT=folder for reproduce, WORKERS=2 for test"
	@echo "           QUICK=1 and RESULTS=build/benchmarks.json for bench, SIZE=100000 and SEED=1 for campaign"

reproduce: $(VENV)/.runtime ## figures, data, claims and report of the paper
	$(RUN) -m leyden reproduce $(if $(OUT),--out "$(OUT)")
	@echo 'To type `leyden` yourself: source $(VENV)/bin/activate'

test: lint ## the whole test command: lint, types, tests, coverage
	$(THREADS) $(COMPILED) MPLBACKEND=Agg $(RUN) -m pytest -n $(WORKERS) --cov --cov-branch --cov-report=term --cov-fail-under=95

lint: $(VENV)/.dev ## style, format and types
	$(RUN) -m ruff check
	$(RUN) -m ruff format --check
	$(RUN) -m basedpyright --pythonpath $(RUN)

docs: $(VENV)/.docs ## the documentation as a site, into build/docs, with every example run
	@rm -rf docs/api docs/examples build/docs build/docs-trees build/jupyter_execute
	$(THREADS) MPLBACKEND=Agg $(RUN) -m sphinx -q -W --keep-going -b html -d build/docs-trees docs build/docs
	@echo 'Open build/docs/index.html'

bench: $(VENV)/.bench ## time, memory and error beside other software (several minutes; QUICK=1: two)
	$(RUN) -m benchmarks --json "$(RESULTS)" $(if $(QUICK),--quick)

campaign: $(VENV)/.dev ## long trials: mutated files, extreme networks, killed sweeps, lowest versions (SIZE=1000: short)
	$(THREADS) MPLBACKEND=Agg CAMPAIGN_SIZE=$(SIZE) CAMPAIGN_SEED=$(SEED) \
	  $(RUN) -m pytest tests/campaign -o python_files='campaign_*.py' -v -s

env: $(VENV)/.dev ## the development environment in .venv

clean: ## remove the environment and what the tools left; results stay
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis .coverage .coverage.* htmlcov build dist docs/api docs/examples
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment, in two layers. `.unfinished` stands in it while something installs: an interrupted install can look
# complete to pip, so whatever is found with that mark is made anew. An environment that a person made by hand is kept.
NEWER := import sys; sys.exit(sys.version_info < (3, 11))

$(VENV)/.runtime: pyproject.toml constraints.txt
	@if [ -e $(VENV)/.unfinished ] || ! $(RUN) -c '$(NEWER)' 2>/dev/null || ! $(RUN) -m pip --version >/dev/null 2>&1; then \
	  "$(PYTHON)" -c '$(NEWER)' 2>/dev/null || { \
	    found=$$("$(PYTHON)" --version 2>/dev/null) || found=missing; \
	    echo "leyden needs Python 3.11 or newer, but $(PYTHON) is $$found." \
	      "Name a newer one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }; \
	  "$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
	    echo "$(PYTHON) comes without its venv module. Install it (Debian, Ubuntu: apt-get install python3-venv)" \
	      "and run make again." >&2; exit 1; }; \
	  echo "Creating $(VENV)"; \
	  rm -rf $(VENV) && mkdir $(VENV) && touch $(VENV)/.unfinished && "$(PYTHON)" -m venv $(VENV); \
	fi
	@echo "Installing leyden and what it needs at run time (a minute or two)"
	@touch $(VENV)/.unfinished
	@$(PIP) hatchling hatch-fancy-pypi-readme editables
	@$(PIP) --no-build-isolation --editable .
	@printf '%s\n' '$(subst ','\'',$(CURDIR))' >$(VENV)/.place
	@rm -f $(VENV)/.unfinished && touch $@

$(VENV)/.dev: $(VENV)/.runtime
	@echo "Installing the development tools (a minute or two)"
	@touch $(VENV)/.unfinished
	@$(PIP) --no-build-isolation --editable '.[dev]'
	@rm -f $(VENV)/.unfinished && touch $@

$(VENV)/.docs: $(VENV)/.runtime
	@echo "Installing what builds the documentation (a minute or two)"
	@touch $(VENV)/.unfinished
	@$(PIP) --no-build-isolation --editable '.[docs]'
	@rm -f $(VENV)/.unfinished && touch $@

# A contender that has no wheel for this machine is left out; the benchmarks say that it is not installed.
$(VENV)/.bench: $(VENV)/.runtime
	@echo "Installing what the benchmarks compare with (a minute or two)"
	@touch $(VENV)/.unfinished
	@$(PIP) --no-build-isolation --only-binary slycot --editable '.[bench]' || \
	  for contender in $(CONTENDERS); do \
	    $(PIP) --only-binary slycot $$contender || echo "Going on without $$contender"; \
	  done
	@rm -f $(VENV)/.unfinished && touch $@
