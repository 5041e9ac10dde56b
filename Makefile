# 循水 xunshui: one command each. Every target sets up what it needs; nothing has to be run before.
#   make run      the platform with invented data on http://localhost:8000 (PORT=8001 for another port)
#   make reports  assess the examples and leave the reports in out/
#   make test     all tests          make check  format, lint, types, imports, docs, tests
#   make test-postgresql   the tests of the records alone, on a PostgreSQL of their own
#   make bench    all benchmarks     make bench-NAME  one of them (help, workbook, folder, rush, kill …)

SHELL := /bin/bash
# The first Python that runs and is new enough: a name on the path may be a shim that leads nowhere.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin
ECHARTS := src/xunshui/documents/assets/echarts.min.js
BENCHES := $(patsubst bench/bench_%.py,%,$(wildcard bench/bench_*.py))

PORT ?= 8000

.PHONY: run reports test test-postgresql check bench setup system test-tools format $(addprefix bench-,$(BENCHES))

run: setup
	$(BIN)/xunshui up --demo --port $(PORT)

reports: setup
	$(BIN)/python -m tools.run_examples out

test: setup test-tools
	$(BIN)/lint-imports
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder

test-postgresql: setup
	$(BIN)/python -m tools.records_on_postgresql

check: setup test-tools
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tools.write_manual --check
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(addprefix bench-,$(BENCHES))

$(addprefix bench-,$(BENCHES)): bench-%: setup
	$(BIN)/python -m bench.bench_$*

setup: system .stamps/python $(ECHARTS)

system:
	@tools/system-libraries.sh

test-tools:
	@tools/system-libraries.sh test

.stamps/python: requirements-dev.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "找不到 Python 3.11 以上；安装后重试，或用 make PYTHON=/路径/python3.11 指定"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@mkdir -p .stamps && touch $@

# The chart library is needed to build, not to use: a built wheel carries it.
$(ECHARTS): package-lock.json
	@command -v npm >/dev/null || { echo "缺少 Node.js（npm），图表组件无法取得；Debian：apt-get install nodejs npm"; exit 1; }
	npm ci --no-audit --no-fund --silent
	$(PYTHON) tools/vendor_echarts.py
	@touch $@
