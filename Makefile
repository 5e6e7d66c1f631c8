# Needs make (GNU make 3.81 or newer) and Python 3.11 or newer, and nothing else: the rest is installed into .venv,
# exactly as the lock files say. All paths are relative, so that the checkout may lie anywhere, spaces or not.

SHELL := /bin/sh
.SUFFIXES:
.DELETE_ON_ERROR:

PORT ?= 8000
HOST ?= 127.0.0.1
BIN := .venv/bin
TEMPLATES := quizapp/web/templates
CATALOGUES := quizapp/translations

# An environment holds the path of its checkout: after a move it is made anew.
ifneq ($(shell cat .venv/made-in 2>/dev/null),$(CURDIR))
MOVED := set-up-again
endif

.PHONY: help run test check faults format messages lock bench clean set-up-again

#: Targets:
#:
#:   make run        set everything up, load decks/, serve on http://127.0.0.1:8000 (PORT=8001: another port,
#:                   HOST=0.0.0.0: for other devices on this network too)
#:   make test       set everything up, run all tests
#:   make check      format, lint, types, floors, templates, decks, migrations, insecure calls
#:   make faults     the long tests against faults: kills, power cuts, full disks (an evening; docs/reliability.md)
#:   make format     put the code and the templates into the house's format
#:   make messages   bring the translations up to date with the texts (LANGUAGE=de begins a new one)
#:   make lock       lock the dependencies anew (UPGRADE=1 takes the newest releases)
#:   make bench      measure the speed, beside libraries that do a part of the work
#:   make clean      remove all that was made here, save the data in instance/
help:
	@sed -n 's/^#: \{0,1\}//p' Makefile

.venv/ready-to-run: requirements.lock requirements-build.lock pyproject.toml scripts/set-up $(MOVED)
	@sh scripts/set-up run

.venv/ready-to-test: .venv/ready-to-run requirements-dev.lock
	@sh scripts/set-up test

.venv-lock/ready: scripts/set-up
	@sh scripts/set-up lock

run: .venv/ready-to-run
	@$(BIN)/quizapp db upgrade
	@$(BIN)/quizapp deck load decks
	@exec $(BIN)/quizapp serve --host '$(HOST)' --port '$(PORT)'

# The floor comes after the tests and speaks only where it is broken: the tests' own summary stays the last word.
test: .venv/ready-to-test
	@echo "Tests, then the floor: every branch of quizapp/core and quizapp/services is covered."
	@sh scripts/run-tests
	@report=$$($(BIN)/coverage report --include='quizapp/core/*,quizapp/services/*' --fail-under=100) \
	  || { printf '%s\n' "$$report" "" "Not every branch of quizapp/core and quizapp/services is covered."; exit 1; }

# One target each, so that `make -j2 check` runs two at a time.
CHECKS := check-format check-style check-types check-templates check-calls check-floors check-decks check-migrations
.PHONY: $(CHECKS)
check: $(CHECKS)
$(CHECKS): .venv/ready-to-test

check-types:
	$(BIN)/mypy
check-floors:
	$(BIN)/lint-imports --no-logo
check-templates:
	$(BIN)/djlint $(TEMPLATES) --check --lint
check-calls:
	$(BIN)/bandit -q -r quizapp -c pyproject.toml
check-format:
	$(BIN)/ruff format --check .
check-style:
	$(BIN)/ruff check .
check-decks:
	$(BIN)/quizapp deck check decks --strict
check-migrations:
	@echo "$(BIN)/quizapp db check, on a new database"
	@data=$$(mktemp -d) && trap 'rm -rf "$$data"' EXIT && export QUIZAPP_DATA_DIR="$$data" \
	  && $(BIN)/quizapp db upgrade && $(BIN)/quizapp db check

faults: .venv/ready-to-test
	@sh scripts/run-faults

format: .venv/ready-to-test
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	$(BIN)/djlint $(TEMPLATES) --reformat

messages: .venv/ready-to-test
	@mkdir -p build
	$(BIN)/pybabel -q extract -F babel.cfg -k say -k _l -c "For translators:" --no-wrap \
	  --sort-by-file --add-location file --project Quizapp -o build/messages.pot .
	@if [ -n '$(LANGUAGE)' ]; then $(BIN)/pybabel -q init -i build/messages.pot -d $(CATALOGUES) -l '$(LANGUAGE)'; fi
	@if ls $(CATALOGUES)/*/LC_MESSAGES/*.po >/dev/null 2>&1; then \
	  $(BIN)/pybabel -q update -i build/messages.pot -d $(CATALOGUES) --no-wrap \
	    --ignore-obsolete --no-fuzzy-matching --ignore-pot-creation-date && \
	  $(BIN)/pybabel -q compile -d $(CATALOGUES) --statistics; \
	else echo "build/messages.pot holds the texts; there is no translation yet (LANGUAGE=de begins one)."; fi

# One lock for all systems and Pythons. No index is named: whoever installs uses the one set up there.
COMPILE = .venv-lock/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --no-header --annotation-style line $(if $(UPGRADE),--upgrade)

lock: .venv-lock/ready
	$(COMPILE) pyproject.toml -o requirements.lock
	$(COMPILE) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
	$(COMPILE) --group bench -o requirements-bench.lock
	printf 'hatchling\neditables\n' | $(COMPILE) - -c requirements-dev.lock -o requirements-build.lock

# What is measured beside has an environment of its own: it is never a part of the app.
.venv-bench/ready: requirements-bench.lock scripts/set-up
	@sh scripts/set-up bench

bench: .venv/ready-to-test .venv-bench/ready
	@for file in benchmarks/*.py; do echo "$$file"; $(BIN)/python "$$file" || exit 1; done

clean:
	rm -rf .venv .venv-lock .venv-bench build dist htmlcov test-results .coverage .coverage.* .hypothesis
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
