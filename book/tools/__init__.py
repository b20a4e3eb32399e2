"""From chapters to notebooks to a site: one small command line per step.

python book/tools/env.py book|full     make the environments (standard library only)
python -m book.tools.notebooks         chapters -> notebooks, both languages (--check: change nothing)
python -m book.tools.execute           run the notebooks whose code has changed
python -m book.tools.site              notebooks and pages -> _build/site
python -m book.tools.lint              the Vietnamese of every text, and whether pairs agree
python -m book.tools.facts             the claims: translated, sourced, proved
python -m book.tools.links             follow every link of the built site
python -m book.tools.solutions NAME    a chapter with its stubs replaced by the solutions
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("vi", "en")
CHAPTERS = ROOT / "book" / "chapters"
NOTEBOOKS = ROOT / "notebooks"
DATA = ROOT / "book" / "data"
