"""MathJax from the package sphinx-mathjax-offline: the part that pages use, so that no page asks another host."""

import importlib.metadata
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.fileutil import copy_asset

PARTS = ("tex-chtml.js", "output/chtml/fonts", "input/tex/extensions")  # 2.2 of 24 MB


def copy(app: Sphinx, exception: Exception | None) -> None:
    """Copy the script, its fonts and its TeX extensions into _static/mathjax."""
    if exception or app.builder.format != "html":
        return
    package = importlib.metadata.distribution("sphinx-mathjax-offline")
    root = Path(str(package.locate_file("sphinx-mathjax-offline/static/mathjax")))
    for part in PARTS:
        source, target = root / part, app.outdir / "_static" / "mathjax" / part
        if not target.exists():
            copy_asset(str(source), str(target if source.is_dir() else target.parent))


def as_written(app: Sphinx, doctree: nodes.document) -> None:
    """Hand each displayed formula to MathJax as it is: Sphinx puts those of several lines in a `split`, which allows
    no number (`\\tag`), though Jupyter and Colab show it."""
    for formula in doctree.findall(nodes.math_block):
        left, right = app.config.mathjax_display
        text = nodes.Text(f"{left}{formula.astext()}{right}")
        formula.children = []
        formula += text
        formula["nowrap"] = True
