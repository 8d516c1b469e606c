# Two commands do all the set-up: `make serve` and `make test`. `make help` lists the rest.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
# No cut-off compiled leftovers, no second run: a list that changed is installed again, one that did not is not.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.build: requirements/build.txt | $(VENV)/bin/python
	$(INSTALL) --require-hashes -r requirements/build.txt
	@touch $@

$(VENV)/.default: requirements/default.txt pyproject.toml $(VENV)/.build
	$(INSTALL) --require-hashes --no-build-isolation -r requirements/default.txt
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.default
	$(INSTALL) --require-hashes --no-build-isolation -r requirements/test.txt
	@touch $@

setup: $(VENV)/.default ## install the default set into .venv

serve: setup ## search page, widget and API on http://127.0.0.1:8000 (HOST=, PORT=)
	$(BIN)/pramen serve $(if $(HOST),--host $(HOST)) $(if $(PORT),--port $(PORT))

test: $(VENV)/.test ## install what the tests need and run them
	$(BIN)/python -m pytest

lint: $(VENV)/.test ## style, types, and the rules of the house
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/house

bench: $(VENV)/.test ## speed and memory beside the raw libraries: a report, never an assertion
	$(BIN)/python -m tests.benchmarks

fixtures: $(VENV)/.test ## make the test PDFs anew (needs pdflatex, LibreOffice and weasyprint)
	$(BIN)/python -m pip install --quiet weasyprint
	$(BIN)/python tests/fixtures/make_pdfs.py

chaos: $(VENV)/.test ## long forms: kills, failing disks, damaged releases, load, made-up requests (hours; SEED=)
	$(BIN)/python -m pytest tests/reliability --ignore=tests/reliability/test_soak.py --long -rP $(if $(SEED),--seed $(SEED))
	FUZZ_EXAMPLES=140 $(if $(SEED),FUZZ_SEED=$(SEED)) $(BIN)/python -m pytest tests/qa_service/api/test_description.py -rP

soak: $(VENV)/.test ## two hours of searches, uploads and re-indexing (SEED=)
	$(BIN)/python -m pytest tests/reliability/test_soak.py --long -rP $(if $(SEED),--seed $(SEED))

sbom: $(VENV)/.test ## the bill of materials of the default installation (CycloneDX), as sbom.cdx.json
	$(BIN)/cyclonedx-py requirements requirements/default.txt --pyproject pyproject.toml --output-reproducible --of JSON -o sbom.cdx.json

lock: $(VENV)/.test ## pin the newest versions that pyproject.toml allows (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header requirements/build.in -o requirements/build.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml -c requirements/build.txt -o requirements/default.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --extra test pyproject.toml -c requirements/default.txt -o requirements/test.txt

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup serve test lint bench fixtures chaos soak lock help sbom
