# make run | test | test-full | check | bench: each sets up what it needs first; after that no network is needed.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup run test test-full test-spark check bench lock

VENV := .venv
BIN := $(VENV)/bin
# Two more than there are cores: who walks through pages or waits for a killed process leaves much of a core idle. Not
# more than four: each brings its own database and threads.
JOBS ?= $(shell n=$$(nproc); echo $$((n < 3 ? n + 2 : 4)))
# Some environments forbid Python to keep what it has compiled; each of our processes would compile a thousand modules
# at its start, two seconds of it.
unexport PYTHONDONTWRITEBYTECODE

help:
	@echo "make run         mở tỉnh mẫu tại http://localhost:$${PORT:-8000}"
	@echo "make test        bộ kiểm thử (khoảng 10 phút trên 2 nhân)"
	@echo "make test-full   thêm các vòng dài (khoảng 40 phút)"
	@echo "make test-spark  đối khớp trên Spark (cần Java 17; môi trường riêng .venv-spark)"
	@echo "make check       ruff, kiểu, hợp đồng import"
	@echo "make bench       đo tốc độ"
	@echo "make lock        ghim lại các gói (cần mạng)"

setup:
	@requirements/setup

run: setup
	@exec $(BIN)/tuphap run

test: setup
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup -m "not full"

test-full: setup
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup

test-spark:
	@requirements/setup --spark
	@.venv-spark/bin/python -m pytest tests/spark

check: setup
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: setup
	@$(BIN)/python -m bench

lock:
	@requirements/lock
