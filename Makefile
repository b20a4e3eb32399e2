# Every command sets up what it needs (once) and can be run on its own. Without make: see README.md.
PYTHON ?= python3
BOOK = .venv-book/bin/python
FULL = .venv/bin/python

# The tests use the four official files where they lie beside the repository; else the data are fetched once.
SHARED := $(abspath ../shared/data/fashion-mnist)
ifneq ($(wildcard $(SHARED)/*.gz),)
export D2L_VN_DATA ?= $(SHARED)
endif

.PHONY: book serve notebooks lab test mutants bench locks

book:            ## build both editions into _build/site
	@$(PYTHON) book/tools/env.py book
	@$(BOOK) -m book.tools.site

serve:           ## build, then serve on this machine
	@$(PYTHON) book/tools/env.py book
	@$(BOOK) -m book.tools.site --serve

notebooks:       ## chapters -> notebooks, and execute those whose code has changed
	@$(PYTHON) book/tools/env.py full
	@$(FULL) -m book.tools.notebooks
	@$(FULL) -m book.tools.execute

lab:             ## open the notebooks in JupyterLab
	@$(PYTHON) book/tools/env.py full
	@$(FULL) -m jupyter lab notebooks

test:            ## everything that CI checks
	@$(PYTHON) book/tools/env.py full
	$(FULL) -m ruff check .
	$(FULL) -m mypy
	$(FULL) -m book.tools.source
	$(FULL) -m book.tools.lint
	$(FULL) -m book.tools.facts
	$(FULL) -m book.tools.notebooks --check
	$(FULL) -m pytest -n 2 --dist loadfile tests
	D2L_VN_FAST=1 OMP_NUM_THREADS=1 $(FULL) -m pytest -p no:cacheprovider --nbval-lax --nbval-current-env \
	  --nbval-cell-timeout=300 -n 2 --dist loadfile notebooks

mutants:         ## spoil the reference solutions: at least 95% of what gives other results must be rejected
	@$(PYTHON) book/tools/env.py full
	$(FULL) -m tests.exercises.mutants

bench:           ## d2l and d2l_vn in turn: ratios, with spread
	@$(PYTHON) book/tools/env.py full
	$(FULL) -m benchmarks.bench

locks:           ## resolve requirements*.txt again; needs uv
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes requirements-book.txt -o locks/book.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes requirements.txt -o locks/full.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-deps requirements-d2l.txt -o locks/d2l.txt
	echo d2l==0.17.6 | uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-deps - -o locks/d2l-017.txt
	echo uv | uv pip compile --quiet --universal --python-version 3.11 --generate-hashes - -o locks/uv.txt
