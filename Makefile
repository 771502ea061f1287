# What one does with Preflight. `make` alone lists the targets; each sets up what it needs by itself.
.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench faults lock machine clean

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
PEERS := .venv-peers
# Some machines forbid Python to keep what it compiled: the tests start many processes, and each would compile anew.
export PYTHONDONTWRITEBYTECODE :=
# The newest Python that Preflight supports and this machine has; set PYTHON to choose another.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do command -v $$p >/dev/null 2>&1 && \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$p && break; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

setup: $(INSTALLED) ## make .venv with the command `preflight` in it

$(INSTALLED): requirements-dev.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Preflight needs Python 3.11, 3.12 or 3.13. Install one (Debian: apt-get install python3 python3-venv)."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "Python could not make a virtual environment (Debian: apt-get install python3-venv)."; rm -rf $(VENV); exit 1; }
	$(PIP) --require-hashes --no-deps -r requirements-dev.lock
	$(PIP) --no-index --no-build-isolation --no-deps --editable .
	@touch $@

demo: $(INSTALLED) ## the sandbox workspace with the bot; prints one address
	@$(BIN)/preflight demo

test: $(INSTALLED) machine ## everything a fresh machine needs, then all tests
	$(BIN)/python -m pytest

check: $(INSTALLED) ## lint, strict types, unit and scenario tests on SQLite; properties with fewer examples
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PREFLIGHT_DAILY=1 $(BIN)/python -m pytest -q -n 3 --dist loadfile --no-loadscope-reorder \
		-m "not postgres and not browser and not faults and not long"

bench: $(INSTALLED) machine $(PEERS)/.installed ## how fast and how good it is, beside its peers; ONLY=speed runs one part, QUICK=1 less
	$(BIN)/python -m tests.bench $(if $(ONLY),--only $(ONLY)) $(if $(QUICK),--quick)

# What is compared with: in an environment of its own, since nothing of ours needs it.
$(PEERS)/.installed: requirements-peers.lock
	@test -x $(PEERS)/bin/python || $(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes --no-deps -r requirements-peers.lock
	@touch $@

faults: $(INSTALLED) machine ## kill processes, break networks, send forged requests; count what was lost
	$(BIN)/python -m tests.faults

lock: ## write the lock files anew from pyproject.toml
	@test -n "$(PYTHON)" || { echo "Preflight needs Python 3.11, 3.12 or 3.13."; exit 1; }
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && $(PYTHON) -m venv "$$folder" \
	&& "$$folder/bin/python" -m pip --disable-pip-version-check install --quiet uv \
	&& compile="$$folder/bin/uv --no-cache pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --upgrade pyproject.toml" \
	&& $$compile --output-file requirements.lock \
	&& $$compile --group dev --output-file requirements-dev.lock \
	&& $$compile --group peers --output-file requirements-peers.lock

# PostgreSQL and Chromium, which some tests start. On Debian they are installed where that is allowed; elsewhere it is
# said what to install, and the tests that need them say loudly that they were skipped.
machine:
	@need=""; \
	ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 || need="$$need postgresql"; \
	command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || need="$$need chromium fonts-noto-color-emoji"; \
	test -z "$$need" && exit 0; \
	if command -v apt-get >/dev/null 2>&1; then \
		if test "$$(id -u)" = 0; then root=""; elif sudo -n true 2>/dev/null; then root="sudo -n"; else root="none"; fi; \
		if test "$$root" != none; then \
			echo "Installing for the tests:$$need"; \
			$$root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$root apt-get install -y -qq --no-install-recommends $$need >/dev/null && exit 0; \
		fi; \
	fi; \
	echo "Not installed:$$need. Install them with your system's packages to run every test; those that need them are skipped."

clean: ## remove the environment and what the tools cached (never the data folder)
	rm -rf $(VENV) $(PEERS) .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
