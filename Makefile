# The commands of the house. Only python3 (3.11 or newer), git and make are assumed; all else goes into .venv.
#
#   make demo       start the demonstration register at http://127.0.0.1:8000 (PORT= changes it)
#   make test       the tests
#   make check      style, types, floors, migrations, translations
#   make bench      the benchmarks, as a table and as bench.json in the data folder
#   make trials     the long versions of kill, load, fuzz and crawl tests
#   make conformance  the public W3C suites below SUITES= against this checkout (docs/conformance.md)
#   make interop    what is issued here held against another implementation under Node, both ways
#   make messages   collect the words to translate into the catalogues
#   make migration  write the migrations of changed models
#
# SUNMAO_HOME names the data folder (default ~/.sunmao) for every command.

PYTHON3 ?= python3
PORT ?= 8000
export PORT

VENV := .venv
PYTHON := $(VENV)/bin/python
DJANGO := DJANGO_SETTINGS_MODULE=sunmao.site.settings $(PYTHON) -m django

.PHONY: demo test check bench trials conformance interop messages migration
.SUFFIXES:

demo: $(VENV)/.installed
	@exec $(VENV)/bin/sunmao demo --port $(PORT)

test: $(VENV)/.ready
	@$(PYTHON) tools/run_tests.py

check: $(VENV)/.ready
	@$(PYTHON) tools/check.py

bench: $(VENV)/.ready
	@$(PYTHON) -m benchmarks

trials: $(VENV)/.ready
	@$(PYTHON) tools/run_tests.py --trials

conformance: $(VENV)/.installed
	@SUNMAO_SUITES="$(or $(SUITES),$(SUNMAO_SUITES))" $(PYTHON) tools/conformance.py

interop: $(VENV)/.installed
	@cd tests/interop && { cmp -s package-lock.json node_modules/.locked \
	  || { npm ci --ignore-scripts --no-audit --no-fund && cp package-lock.json node_modules/.locked; }; }
	@$(PYTHON) tools/interop.py

messages: $(VENV)/.installed
	@$(PYTHON) tools/messages.py collect

migration: $(VENV)/.installed
	@$(DJANGO) makemigrations

# The environment. A stamp is a copy of what was installed, so that only a changed lock is installed again.
$(PYTHON):
	@$(PYTHON3) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Sunmao needs Python 3.11 or newer as $(PYTHON3); PYTHON3= names another."; exit 1; }
	@echo "Making the environment in $(VENV)"
	@$(PYTHON3) -m venv $(VENV)

$(VENV)/.locked: requirements.txt | $(PYTHON)
	@cmp -s $< $@ || { echo "Installing the locked dependencies (a minute the first time)"; \
	  $(PYTHON) tools/install.py $<; }
	@cp $< $@

$(VENV)/.installed: pyproject.toml $(VENV)/.locked
	@cmp -s $< $@ || { echo "Installing Sunmao"; \
	  $(PYTHON) -m pip --disable-pip-version-check --require-virtualenv \
	    install --quiet --no-deps --no-build-isolation --editable .; }
	@cp $< $@

$(VENV)/.ready: requirements-dev.txt $(VENV)/.installed
	@cmp -s $< $@ || { echo "Installing what checks and tests need"; \
	  $(PYTHON) tools/install.py $<; }
	@cp $< $@
