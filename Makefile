# Two commands do everything on a fresh machine with Python >= 3.11, make and git:  make run  and  make test.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
VENV := $(or $(BULOU_VENV),.venv)
PY := $(VENV)/bin/python
RUN := requirements/run.txt requirements/build.txt
DEV := $(RUN) requirements/dev.txt
BUILT := bulou/office/static/office/built/treemap.js bulou/field/static/field/built/manifest.json
SLOWEST := $(if $(CI),--durations=20)  # continuous integration says where the time goes
WEB := $(wildcard web/*.json web/*.js web/*/*.ts web/phone/*.* web/phone/*/*.*)

help: ## say what can be made
	@echo "make run     set up and serve Bulou at http://127.0.0.1:8000 with a demonstration county; PORT=8001 chooses another port"
	@echo "make test    set up and run the tests, on SQLite and on PostgreSQL"
	@echo "make check   format, lint, types, imports, architecture, translations, generated documents, web"
	@echo "make fix     put right what check can put right by itself: format, lint, translations"
	@echo "make docs    write docs/made again"
	@echo "make bench   measure speed and size, and write the table in bench/README.md"
	@echo "make lock    resolve the dependencies again"
	@echo "make clean   remove everything that was made; the data folder stays"

run: environment assets words
	@$(VENV)/bin/bulou run --demo $(if $(PORT),--port $(PORT))

test: environment-dev assets words
	@sh setup/programs.sh
	@echo "== Tests on SQLite (2 workers)"
	@$(PY) -m pytest -n 2 $(SLOWEST)
	@$(PY) tests/postgres.py "== Tests that use the database, on PostgreSQL (2 workers)" \
		$(PY) -m pytest -n 2 -m "database and not browser" $(SLOWEST)

check: environment-dev assets words
	@sh setup/check.sh $(VENV)/bin

fix: environment-dev
	$(VENV)/bin/ruff format -q .
	$(VENV)/bin/ruff check -q --fix .
	$(PY) setup/words.py update

docs: environment words
	$(PY) -m docs.make

bench: environment-dev words
	$(PY) -m bench

lock: environment-dev
	sh setup/lock.sh
	cd web && rm -f package-lock.json
	sh setup/npm.sh install --package-lock-only

clean:
	rm -rf web/node_modules bulou/office/static/office/built bulou/field/static/field/built .hypothesis .mypy_cache .ruff_cache .pytest_cache build staticfiles
	find bulou -name '*.mo' -delete
	[ -L $(VENV) ] || rm -rf $(VENV)

environment:
	@sh setup/environment.sh $(VENV) $(RUN)

environment-dev:
	@sh setup/environment.sh $(VENV) $(DEV)

assets: $(BUILT)

$(BUILT): $(WEB) | environment
	@sh setup/assets.sh

words: | environment
	@$(PY) setup/words.py compile

.PHONY: help run test check fix docs bench lock clean environment environment-dev assets words
