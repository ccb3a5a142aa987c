# STACK is the Pulumi stack to work on; ARGS are further arguments for `pulumi` or the tool of the target.
# A failed download is retried after a day, or with IXN_TOOLS_RETRY=1 (make up IXN_TOOLS_RETRY=1).
STACK ?= dev
ARGS ?=
# NAME is the name of the cluster; FAKE_NODES is the number of simulated nodes instead of a real one.
NAME ?= local
FAKE_NODES ?= 0
# WORKERS is the number of parallel test processes: a number, `auto` for one per processor, 0 for none.
WORKERS ?= auto
PYTHON ?= python3
# The commit of the release whose public names `make check` compares with: the one that CHANGELOG.md names.
API_BASE = d54921d5aaa43a1db55ca0ee240855cc137983d6
# Reads dependency groups; pip-compile does not.
UV = uv==0.13.9

bin = .venv/bin
sources = tools tests components benchmarks examples __main__.py
# Without a terminal, Pulumi cannot ask for confirmation.
unattended = $$(test -t 0 && test -t 1 || echo --yes)

# Empty in a shallow clone, and in an archive that was unpacked inside another repository.
api_base = $(shell test -e .git && git cat-file -e '$(API_BASE)^{commit}' 2>/dev/null && echo yes)

compile = build/lock/bin/uv pip compile --quiet --generate-hashes --no-header --python-version 3.11

# Print the output of a command only if it fails.
quiet = output=$$($(1) 2>&1) || { echo "$$output"; exit 1; }

export PYTHON

.PHONY: cluster cluster-down help up preview drift status destroy test test-cluster test-all check format fuzz bench bench-cluster compare docs scan lock environment clean
.DEFAULT_GOAL := help

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

# The stack `local` runs on this project's own cluster NAME, together with its peers.
ifeq ($(STACK),local)
export KUBECONFIG = $(or $(IXN_CLUSTER_KUBECONFIG),$(CURDIR)/build/cluster/$(NAME)/kubeconfig)
# Bypass proxies for its addresses, as tools/cluster/environment.py does.
export NO_PROXY := $(or $(NO_PROXY),$(no_proxy),localhost),198.18.0.0/15,10.96.0.0/16
up: environment
	@$(bin)/python -m tools.cluster.local '$(STACK)' --name '$(NAME)' $(unattended) $(ARGS)
else
up: ## deploy STACK (default: dev; local: to this project's own cluster) and show its connections
	@tools/ixn up --suppress-outputs --stack '$(STACK)' $(unattended) $(ARGS)
	@tools/ixn connections --stack '$(STACK)'
endif

preview: ## show what `make up` would change
	@tools/pulumi preview --stack '$(STACK)' $(ARGS)

drift: ## report what was changed or deleted on STACK's cluster since `make up`; exit status 1 if anything
	@tools/ixn drift --stack '$(STACK)' $(ARGS)

status: ## show what runs on STACK's cluster, tenant by tenant (ARGS='--bundle FILE.tar.gz' for support)
	@tools/ixn status --stack '$(STACK)' $(ARGS)

destroy: ## delete everything that STACK deployed
	@tools/ixn destroy --stack '$(STACK)' $(unattended) $(ARGS)

# The tests of a file run in one process, since they share a deployed stack. In this order, the slowest, those of the
# engine, start first.
test: environment ## run the tests that need no cluster, in WORKERS processes
	@$(bin)/python -m pytest -m 'not cluster' -n '$(WORKERS)' --dist loadfile --no-loadscope-reorder $(ARGS)

test-cluster: environment ## run the tests that need a Kubernetes node, on their own node (needs root)
	@$(bin)/python -m pytest -m 'cluster and not full' -n '$(WORKERS)' --dist loadfile tests/cluster $(ARGS)

test-all: test ## run all tests, including the slowest of the cluster (needs root)
	@$(bin)/python -m pytest -m cluster -n '$(WORKERS)' --dist loadfile tests/cluster $(ARGS)

cluster: environment ## start the Kubernetes cluster NAME with one node (needs root), or FAKE_NODES simulated ones
	@$(bin)/python -m tools.cluster up --name '$(NAME)' --fake-nodes '$(FAKE_NODES)'

cluster-down: environment ## stop the cluster NAME and remove everything it created
	@$(bin)/python -m tools.cluster down --name '$(NAME)'

check: environment ## check lint, format, types and layering; change nothing
	@$(bin)/ruff check $(wildcard $(sources))
	@$(bin)/ruff format --check $(wildcard $(sources))
	@$(call quiet,$(bin)/lint-imports)
	@$(bin)/pyright --pythonpath $(bin)/python
	@$(call quiet,PATH="$(CURDIR)/$(bin):$$PATH" $(bin)/pyright --verifytypes pulumi_ixn --ignoreexternal)
	@$(if $(api_base),$(bin)/griffe check pulumi_ixn --search components --against $(API_BASE) \
	    --extensions .ci/public_modules.py,echo 'skipped: public names: this checkout lacks the commit $(API_BASE)')

format: environment ## sort imports and format the code
	@$(bin)/ruff check --fix --quiet $(wildcard $(sources))
	@$(bin)/ruff format $(wildcard $(sources))

fuzz: environment ## run the property tests of the stack config with many more examples (minutes)
	@$(bin)/python -m pytest --hypothesis-profile=fuzz tests/unit/config $(ARGS)

bench: environment ## measure the overhead of the package compared with a flat program (minutes)
	@$(bin)/python -m benchmarks

bench-cluster: environment ## compare `up` with kubectl and helm on an API server (ARGS="--tenants 1 --runs 1": short)
	@$(bin)/python -m benchmarks.cluster $(ARGS)

compare: environment ## compare the manifests of all stacks and examples with those of the commit BASE
	@test -n '$(BASE)' || { echo 'error: name the commit to compare with: make compare BASE=<commit>' >&2; exit 2; }
	@$(bin)/python -m tests.compare '$(BASE)' $(ARGS)

scan: environment ## scan the manifests of all stacks and examples with others' scanners (ARGS=checkov: only that one)
	@$(bin)/python -m tests.scan $(ARGS)

docs: environment ## regenerate the reference pages, the schema, the diagram and the golden manifests
	@$(bin)/python -m tools.docs

lock: ## compile requirements/dev.txt and checkov.txt (ARGS=--upgrade for the newest versions)
	@$(PYTHON) -m venv --clear build/lock
	@build/lock/bin/pip install --quiet --disable-pip-version-check $(UV)
	@$(compile) --output-file requirements/dev.txt $(ARGS) pyproject.toml --extra cli --group dev
	@$(compile) --output-file requirements/checkov.txt $(ARGS) --group scan

environment: ## create .venv if it is missing, incomplete or out of date
	@flock requirements/dev.txt sh -c '$(usable) || rm -f .venv/made-in; $(MAKE) --silent .venv/installed' >&2

# flock keeps parallel commands from creating it twice. An environment without this stamp (incomplete, or created by
# `pulumi install`) is replaced; so is one that was moved, or whose interpreter is gone.
usable = test "$$(cat .venv/made-in 2>&1)" = "$$(pwd -P)" && $(bin)/python -c "" 2>/dev/null
pip = $(bin)/python -m pip install --disable-pip-version-check --no-input $$(test -t 1 || echo --quiet)

.venv/made-in: requirements/dev.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo 'error: $(PYTHON) is not Python 3.11 or later: install one and name it, as in PYTHON=python3.12'; exit 1; }
	$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	    echo 'error: $(PYTHON) lacks venv: install it (Debian and Ubuntu: package python3-venv)'; exit 1; }
	echo 'creating .venv from requirements/dev.txt: once, about a minute'
	rm -rf .venv
	$(PYTHON) -m venv .venv
	$(pip) --require-hashes --requirement requirements/dev.txt
	pwd -P >$@

# A separate step, so that a change of linter settings does not reinstall all packages.
.venv/installed: .venv/made-in pyproject.toml
	$(pip) --no-deps --no-build-isolation --editable .
	touch $@

# Keep build/: its state may be the only record of what is deployed. To remove it, run `make destroy` first.
clean: ## remove .venv and caches, unless a stack is deployed; keep build/, with local state and rendered manifests
	@$(PYTHON) -m tools.engine.live build/state
	@rm -rf .venv build/lock .hypothesis .pytest_cache .ruff_cache
