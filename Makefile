# Everything runs in its own virtual environment; nothing is installed elsewhere.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help demo test lint check golden clean

help:
	@echo "make demo   install, index corpus/ into index/, show a search"
	@echo "make test   install what the tests need, and run them"
	@echo "make check  all of it: format, lint, types, tests"
	@echo "make clean  remove the environment and what was built"

demo: $(VENV)/.installed
	$(BIN)/searcher index corpus
	$(BIN)/searcher search 校长竞聘上岗 --limit 3

test: $(VENV)/.checks
	$(BIN)/python -m pytest --numprocesses auto --cov --cov-fail-under 90

lint: $(VENV)/.checks
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

check: lint test

clean:
	rm -rf $(VENV) build dist .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find index -mindepth 1 ! -name README.md ! -name .gitignore -delete

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/.checks: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --group check
	touch $@
