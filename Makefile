# Every target sets up what it needs: only Python (3.11), make and a package index are assumed.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

# Tests are kept compiled: rewriting their assertions takes ten seconds of a processor, in each worker and each run.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test test-fast check format lock bench pictures clean

run: $(READY)
	$(BIN)/deskbell sandbox

test: $(READY)
	$(BIN)/python -m pytest -n 2

# The rules, the pages, every card, and the light-bulb story on SQLite: what to run after every few lines.
test-fast: $(READY)
	$(BIN)/python -m pytest -n 2 -m "not slow and not postgresql" tests/handlers tests/test_docs.py tests/bot/test_samples.py tests/stories/test_light_bulb.py

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n 2

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# PART selects one part of the bench (see docs/performance.md); without it, all parts run.
bench: $(READY)
	$(BIN)/python -m tests.bench $(PART)

# The pictures of README.md and docs/tour.md, taken anew; needs a Chromium.
pictures: $(READY)
	$(BIN)/python -m tests.pictures

# The lock names versions and hashes only; no address of an index is written into it.
lock: $(READY)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --upgrade pyproject.toml --extra dev --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -o requirements.lock

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	touch $(READY)

clean:
	rm -rf .venv build *.egg-info var
