# Two commands need no account and no set-up: `make demo` and `make test`. `make help` lists the rest.
PY ?= python3
BIN := .venv/bin
RUN := $(BIN)/python -m
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export GX_ANALYTICS_ENABLED := false

.PHONY: help demo test unit lint dev audit accuracy dictionary proofs chaos erasure readers drivers axe pages pictures fidelity bench bench-identity bench-consent bench-lifecycle bench-rhythms bench-ownership bench-console bench-first-pull bench-fleet flood soak-serving test-next clean
.DEFAULT_GOAL := help

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 16

# What the pipeline needs; made once, made again only when the pins change.
.venv/.ok: requirements.txt pyproject.toml
	$(PY) -m venv .venv
	$(RUN) pip install -q --disable-pip-version-check -r requirements.txt
	$(RUN) pip install -q --disable-pip-version-check --no-deps -e .
	touch $@

# What tests and linters need besides.
.venv/.dev: .venv/.ok requirements-dev.txt
	$(RUN) pip install -q --disable-pip-version-check -r requirements-dev.txt
	touch $@

demo: .venv/.ok  ## a made-up company, pulled, matched, published, printed
	$(BIN)/firsthand demo

# Four processes for two cores, for of three each waited half its time; each with whole files. Which begin first:
# tests/conftest.py.
test: .venv/.dev axe lint  ## everything CI runs: lint and all tests, small versions of the slow ones
	$(RUN) pytest -n 4 --dist loadgroup --no-loadscope-reorder

unit: .venv/.dev  ## the fast tests, for each save
	$(RUN) pytest -m "not slow"

lint: .venv/.dev  ## ruff and sqlfluff
	$(BIN)/ruff check -q .
	$(BIN)/ruff format -q --check .
	$(BIN)/sqlfluff lint -n --processes 2 dbt_project/models dbt_project/tests

dev: .venv/.ok  ## the Dagster pages on loopback
	$(BIN)/firsthand dev

# In an environment of its own; --strict, for what could not be asked about is not fine. Needs the network.
audit: .venv/.dev  ## pins, licences and copies of others' code, then what is known against the pinned versions
	$(RUN) pytest tests/test_dependencies.py
	test -x .audit/bin/pip-audit || $(PY) -m venv .audit && .audit/bin/python -m pip install -q pip-audit==2.10.1
	.audit/bin/pip-audit --strict --no-deps --disable-pip --progress-spinner off -r requirements.txt -r requirements-dev.txt

accuracy: .venv/.ok  ## who is who, beside Splink and exact matching; ER=folder adds labelled files
	$(RUN) benchmarks.accuracy

proofs: .venv/.dev  ## identity and histories on twenty random companies: increments against builds from scratch
	$(RUN) pytest tests/test_identity_proofs.py tests/test_grouping.py tests/test_lifecycle_proofs.py --examples 20

dictionary: .venv/.ok  ## docs/dictionary.en.md and .fr.md, from the contracts of the marts
	$(RUN) pipelines.dictionary

chaos: .venv/.dev  ## kill -9 at named points and at 20 random moments
	$(RUN) pytest tests/chaos --chaos-moments 20

erasure: .venv/.dev  ## fifty people erased, pulled, imported and restored again: nobody is back
	$(RUN) pytest tests/whole/test_erased.py --erased 50

readers: .venv/.dev  ## a hundred publications under two who read the file: no error, no half
	$(RUN) pytest tests/whole/test_readers.py --publications 100

drivers: .venv/.ok  ## the published file in the DuckDB versions that BI tools carry
	$(RUN) benchmarks.drivers

# Without npm it says so, and the tests of pages are skipped.
axe: .venv/.ok
	@$(RUN) fidelity.axe || true

pages: .venv/.dev axe  ## every page in a browser, both languages: axe, two sheets of A4, a marketer's morning in the console
	$(RUN) pytest tests/whole/test_pages.py tests/console/test_in_browser.py tests/console/test_story.py --page-languages 2

pictures: .venv/.dev  ## docs/images/console, of the company that `make demo` made
	$(BIN)/python tests/pictures.py

fidelity: .venv/.ok  ## the simulator against vendors' own clients and schemas
	$(RUN) fidelity

bench: .venv/.ok  ## one million leads through the door and dbt, beside the bare floor
	$(RUN) benchmarks.million

bench-identity: .venv/.ok  ## identity at 100 thousand, 1 and 5 million records, beside Splink and exact matching
	$(RUN) benchmarks.identity

bench-consent: .venv/.ok  ## may we, for a million people, four channels and three purposes, beside a bare scan
	$(RUN) benchmarks.consent

bench-lifecycle: .venv/.ok  ## the histories of a million people with ten million events, and of a day's news, beside a bare scan
	$(RUN) benchmarks.lifecycle

flood: .venv/.ok  ## ten thousand webhooks of every platform at a receiver that is killed meanwhile
	$(RUN) benchmarks.flood

soak-serving: .venv/.ok  ## a hundred publications under readers, the console and a Superset of its own environment
	$(RUN) benchmarks.soak

bench-rhythms: .venv/.dev  ## activity by each one's rhythm against fixed days, on the simulator's company
	$(RUN) benchmarks.rhythms

bench-ownership: .venv/.ok  ## the ownership marts for a million people and ten million touches, beside a bare scan
	$(RUN) benchmarks.ownership

bench-console: .venv/.ok  ## what pages of the console take with a million people and twenty readers, beside the bare queries
	$(RUN) benchmarks.console

bench-first-pull: .venv/.ok  ## time and memory of a first pull of 200,000 records per kind of platform, beside one request at a time
	$(RUN) benchmarks.first_pull

bench-fleet: .venv/.ok  ## all simulated platforms at once, a first pull and an hour's news, at 10,000 and 100,000 people
	$(RUN) benchmarks.fleet

# An environment of its own: the newest DuckDB line beside the pinned rest.
test-next: .venv/.dev  ## the tests on DuckDB 2
	test -x .next/bin/python || $(PY) -m venv .next
	.next/bin/python -m pip install -q --disable-pip-version-check -r requirements.txt -r requirements-dev.txt
	.next/bin/python -m pip install -q --disable-pip-version-check --no-deps -e . 'duckdb>=2,<3'
	.next/bin/python -m pytest

clean:  ## what the demo, the tests and the environments left
	rm -rf .demo .venv .next .audit .axe .fidelity .drivers .superset dbt_project/target dbt_project/logs
