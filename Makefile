# Everything a developer does. Needs Python 3.11 or later, make and a package index; `make` alone lists the targets.

PYTHON ?= python3
VENV ?= .venv
PORT ?= 8080
ARGS ?=

bin := $(VENV)/bin
pip := $(bin)/python -m pip --disable-pip-version-check -qq
bench := benchmarks/.venv
demo_url := http://localhost:$(PORT)/_ah/api
# The clients are kept as the documentation prints them, with the address in them.
client = $(if $(filter 8080,$(PORT)),$(bin)/python examples/guestbook/$(1).py,sed 's/:8080/:$(PORT)/' \
  examples/guestbook/$(1).py | $(bin)/python -)
provider_url := http://localhost:9400

.PHONY: help demo demo-secured test check format coverage conformance bench bench-load bench-cold clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /  make \1 - /p' $(MAKEFILE_LIST)

# One environment, made and filled only when its stamp is older than pyproject.toml.
$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo 'Python 3.11 or later is needed: make PYTHON=/path/to/python3.11 ...'; exit 1; }
	@echo 'Setting up $(VENV) ...'
	@$(PYTHON) -m venv $(VENV)
	@$(pip) install --upgrade 'pip>=25.1'
	@touch $@

$(VENV)/.%: pyproject.toml | $(VENV)/.made
	@echo 'Installing what "$*" needs ...'
	@$(pip) install --group $* --editable '.[$(if $(filter demo secured,$*),serve,all)]'
	@touch $@

demo: $(VENV)/.demo ## serve the guestbook on http://localhost:$(PORT)
	@echo 'Open     $(demo_url)/explorer'
	@echo 'and type, in a second terminal here:'
	@echo "         $(call client,client)"
	@echo "         curl '$(demo_url)/guestbook/v0.2/greetings'"
	@echo "         curl '$(demo_url)/guestbook/v0.2/greetings' -H 'Content-Type: application/json' -d '{\"message\": \"Good morning\"}'"
	@echo 'Ctrl-C stops it; the greetings stay in examples/guestbook/guestbook.db.'
	@echo
	@cd examples/guestbook && exec $(abspath $(bin))/endpoints serve main:app --host localhost --port $(PORT)

demo-secured: $(VENV)/.secured ## serve the guestbook that asks who is calling, beside an OpenID provider on $(provider_url)
	@echo 'Open     $(demo_url)/explorer, and sign in as ann or ben there.'
	@echo 'Type, in a second terminal here, and sign in as ann or ben in the browser that opens:'
	@echo "         $(call client,client_auth)"
	@echo "         $(call client,client_google_auth)"
	@echo 'Where no browser is, this one signs in as ann:'
	@echo "         export BROWSER='curl -sLo /dev/null %s&login_hint=persona-auto-login%3Aann &'"
	@echo 'By hand, refused and let in:'
	@echo "         curl -i '$(demo_url)/guestbook/v0.2/greetings'"
	@echo "         token=\$$(curl -s $(provider_url)/token -d grant_type=password -d username=ann -d password=ann \\"
	@echo "           -d client_id=guestbook-reader -d client_secret=not-a-secret | cut -d'\"' -f4)"
	@echo "         curl '$(demo_url)/guestbook/v0.2/greetings' -H \"Authorization: Bearer \$$token\""
	@echo 'Ctrl-C stops both; greetings and keys stay in examples/guestbook, and so does provider.log.'
	@echo
	@(cd examples/guestbook/provider && exec $(abspath $(bin))/nanoidp --config . --strict-config) \
	  >examples/guestbook/provider.log 2>&1 & provider=$$!; \
	trap 'kill $$provider $$server 2>/dev/null; wait' EXIT; trap 'exit 0' INT TERM; \
	sleep 3; kill -0 $$provider 2>/dev/null || { cat examples/guestbook/provider.log; exit 1; }; \
	(cd examples/guestbook && exec $(abspath $(bin))/endpoints serve secured:app --host localhost --port $(PORT)) & server=$$!; \
	wait $$server

test: $(VENV)/.test ## run all tests; ARGS='-k name' are given to pytest
	$(bin)/python -m pytest $(ARGS)

check: $(VENV)/.dev ## what has to pass before a change lands: format, lint, types, tests, examples of the docs
	$(bin)/ruff format --check .
	$(bin)/ruff check .
	$(bin)/mypy
	$(bin)/pyright --pythonpath $(bin)/python
	$(bin)/python -m pytest $(ARGS)

format: $(VENV)/.dev ## format the code and apply safe fixes
	$(bin)/ruff format .
	$(bin)/ruff check --fix .

coverage: $(VENV)/.test ## run the tests with branch coverage
	$(bin)/coverage run -m pytest -m 'not e2e' $(ARGS)
	$(bin)/coverage report

conformance: $(VENV)/.test ## replay the recorded answers of the original, printing what differs
	cd tests/conformance; for replay in "replay.py cases messages config" auth_replay.py; do $(CURDIR)/$(bin)/python $$replay $(ARGS); done

$(bench)/.made: benchmarks/requirements.txt pyproject.toml
	$(PYTHON) -m venv $(bench)
	$(bench)/bin/python -m pip --disable-pip-version-check -qq install -r benchmarks/requirements.txt --editable .
	@touch $@

bench: $(bench)/.made ## CPU per request in process, beside the peers
	$(bench)/bin/python benchmarks/in_process.py $(ARGS)

bench-load: $(bench)/.made ## the same over loopback, driven by wrk
	@command -v wrk >/dev/null || apt-get install --yes --quiet wrk || { echo 'install wrk first'; exit 1; }
	$(bench)/bin/python benchmarks/load.py $(ARGS)

bench-cold: $(bench)/.made ## from a fresh process to the first answer
	$(bench)/bin/python benchmarks/cold.py $(ARGS)

clean: ## remove everything that make made
	rm -rf .venv* $(bench) build dist .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
