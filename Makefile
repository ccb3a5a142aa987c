# STACK is the environment to work on; ARGS are further arguments for `pulumi`.
# Where a download failed within the last day, IXN_TOOLS_RETRY=1 tries it again (make up IXN_TOOLS_RETRY=1).
STACK ?= dev
ARGS ?=
# NAME tells clusters apart; FAKE_NODES is how many nodes are simulated instead of running one.
NAME ?= local
FAKE_NODES ?= 0
# WORKERS is how many tests run at once: a number, `auto` for one to a processor, 0 for one after the other.
WORKERS ?= auto
PYTHON ?= python3
# The commit of the release whose public names `make check` compares with: the one that CHANGELOG.md names.
API_BASE = d8ee701cba073aab151b54eb1baa73b13e37324b
# Reads dependency groups; pip-compile does not.
UV = uv==0.13.9

bin = .venv/bin
sources = tools tests components benchmarks examples __main__.py
# Without a terminal there is nobody to ask.
unattended = $$(test -t 0 && test -t 1 || echo --yes)

# Empty in a shallow clone, and without a repository of its own (an archive that was unpacked inside another one).
api_base = $(shell test -e .git && git cat-file -e '$(API_BASE)^{commit}' 2>/dev/null && echo yes)

# What a command says is of interest only where it fails.
quiet = said=$$($(1) 2>&1) || { echo "$$said"; exit 1; }

export PYTHON

.PHONY: cluster cluster-down help up preview destroy test test-cluster test-all check format fuzz bench compare docs lock environment clean
.DEFAULT_GOAL := help

help: ## show this
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

# The stack `local` runs on this project's own cluster NAME, with its peers.
ifeq ($(STACK),local)
export KUBECONFIG = $(or $(IXN_CLUSTER_KUBECONFIG),$(CURDIR)/build/cluster/$(NAME)/kubeconfig)
# No proxy leads to it: tools/cluster/environment.py.
export NO_PROXY := $(or $(NO_PROXY),$(no_proxy),localhost),198.18.0.0/15,10.96.0.0/16
up: environment
	@$(bin)/python -m tools.cluster.local '$(STACK)' --name '$(NAME)' $(unattended) $(ARGS)
else
up: ## deploy STACK (dev, unless said otherwise; local: on a cluster of its own) and show its connections
	@tools/pulumi up --suppress-outputs --stack '$(STACK)' $(unattended) $(ARGS)
	@rows=$$(tools/pulumi stack output connections --json --stack '$(STACK)') && \
	    printf %s "$$rows" | $(bin)/python -m tools.engine.connections
endif

preview: ## show what `make up` would change
	@tools/pulumi preview --stack '$(STACK)' $(ARGS)

destroy: ## remove what STACK deployed
	@tools/pulumi destroy --stack '$(STACK)' $(unattended) $(ARGS)

# A file's tests stay together, since they share a deployed stack; in their order, the engine's (the slowest) are first.
test: environment ## run the tests, WORKERS at once
	@$(bin)/python -m pytest -m 'not cluster' -n '$(WORKERS)' --dist loadfile --no-loadscope-reorder $(ARGS)

test-cluster: environment ## run the tests that need a Kubernetes node, on one of their own (root)
	@$(bin)/python -m pytest -m 'cluster and not full' tests/cluster $(ARGS)

test-all: test ## run all tests, the slowest variants included (root)
	@$(bin)/python -m pytest -m cluster tests/cluster $(ARGS)

cluster: environment ## start a Kubernetes cluster NAME of one node (root), or of FAKE_NODES simulated ones (no root)
	@$(bin)/python -m tools.cluster up --name '$(NAME)' --fake-nodes '$(FAKE_NODES)'

cluster-down: environment ## end the cluster NAME and all that it made
	@$(bin)/python -m tools.cluster down --name '$(NAME)'

check: environment ## lint, format and types, changing nothing
	@$(bin)/ruff check $(wildcard $(sources))
	@$(bin)/ruff format --check $(wildcard $(sources))
	@$(call quiet,$(bin)/lint-imports)
	@$(bin)/pyright --pythonpath $(bin)/python
	@$(call quiet,PATH="$(CURDIR)/$(bin):$$PATH" $(bin)/pyright --verifytypes pulumi_ixn --ignoreexternal)
	@$(if $(api_base),$(bin)/griffe check pulumi_ixn --search components --against $(API_BASE) \
	    --extensions tools/public_modules.py,echo 'skipped: public names: this checkout lacks the commit $(API_BASE)')

format: environment ## put imports and layout in order
	@$(bin)/ruff check --fix --quiet $(wildcard $(sources))
	@$(bin)/ruff format $(wildcard $(sources))

fuzz: environment ## the properties of the settings over many more configurations (minutes)
	@$(bin)/python -m pytest --hypothesis-profile=fuzz tests/unit/config $(ARGS)

bench: environment ## what the package costs beside a flat program (minutes)
	@$(bin)/python -m benchmarks

compare: environment ## show how the manifests of all stacks and examples differ from those of the commit BASE
	@test -n '$(BASE)' || { echo 'error: name the commit to compare with: make compare BASE=<commit>' >&2; exit 2; }
	@$(bin)/python -m tests.compare '$(BASE)' $(ARGS)

docs: environment ## generate the reference pages, the schema and the diagram
	@$(bin)/python -m tools.docs

lock: ## compile requirements/dev.txt (ARGS=--upgrade: to the newest versions)
	@$(PYTHON) -m venv --clear build/lock
	@build/lock/bin/pip install --quiet --disable-pip-version-check $(UV)
	@build/lock/bin/uv pip compile --quiet --generate-hashes --no-header --python-version 3.11 \
	    --output-file requirements/dev.txt $(ARGS) pyproject.toml --group dev

environment: ## make .venv, where it is missing, half-made or out of date
	@flock requirements/dev.txt sh -c '$(usable) || rm -f .venv/made-in; $(MAKE) --silent .venv/installed' >&2

# Two commands at once must not both make it, hence flock. One without this stamp, such as one that was not finished or
# that `pulumi install` made, is replaced; so is one that was moved, or whose interpreter is gone.
usable = test "$$(cat .venv/made-in 2>&1)" = "$$(pwd -P)" && $(bin)/python -c "" 2>/dev/null
pip = $(bin)/python -m pip install --disable-pip-version-check --no-input $$(test -t 1 || echo --quiet)

.venv/made-in: requirements/dev.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo 'error: $(PYTHON) is not Python 3.11 or later: install one and name it, as in PYTHON=python3.12'; exit 1; }
	$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	    echo 'error: $(PYTHON) lacks venv: install it (Debian and Ubuntu: package python3-venv)'; exit 1; }
	echo 'making .venv from requirements/dev.txt: once, about a minute'
	rm -rf .venv
	$(PYTHON) -m venv .venv
	$(pip) --require-hashes --requirement requirements/dev.txt
	pwd -P >$@

# A step of its own: whoever edits the settings of a linter need not wait for all packages.
.venv/installed: .venv/made-in pyproject.toml
	$(pip) --no-deps --no-build-isolation --editable .
	touch $@

# Not build/: its state may be the only record of what is deployed. `make destroy`, then remove it by hand.
clean: ## remove .venv and caches; build/, with local state and rendered manifests, stays
	@rm -rf .venv build/lock .hypothesis .pytest_cache .ruff_cache
