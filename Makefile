# Everything runs in its own virtual environment; nothing is installed elsewhere.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help demo test e2e lint check golden bench clean

help:
	@echo "make demo   install, index corpus/ into index/, show a search"
	@echo "make test   install what the tests need, and run them"
	@echo "make e2e    only the tests in a browser; they need Chromium"
	@echo "make check  all of it: format, lint, types, tests"
	@echo "make golden write the golden rankings anew"
	@echo "make bench  measure beside other engines: CORPUS=reports.jsonl.xz"
	@echo "make clean  remove the environment and what was built"

demo: $(VENV)/.installed
	$(BIN)/searcher index corpus
	$(BIN)/searcher search 校长竞聘上岗 --limit 3

test: $(VENV)/.checks
	$(BIN)/python -m pytest --numprocesses auto --cov --cov-fail-under 90

e2e: $(VENV)/.checks
	$(BIN)/python -m pytest -m e2e

lint: $(VENV)/.checks
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

check: lint test

golden: $(VENV)/.checks
	$(BIN)/python -m pytest tests/test_golden.py --update-golden

bench: $(VENV)/.installed
	@test -n "$(CORPUS)" || { echo "make bench CORPUS=reports.jsonl.xz"; exit 2; }
	$(BIN)/python -m pip install --quiet --group bench
	$(BIN)/python benchmarks/engines.py $(CORPUS)

clean:
	rm -rf $(VENV) build dist .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find index -mindepth 1 ! -name README.md ! -name .gitignore -delete

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable .[web]
	touch $@

$(VENV)/.checks: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --group check
	touch $@
