"""Explorables on pages without a kernel: scripts and style beside the site's own, only where a page holds one.

Notebooks bring the place as HTML (``Explorable._repr_mimebundle_``). A page writes a fenced block, which GitHub
shows as what it is::

    ```explorable convolution
    {"image": "boot", "stride": 2}
    ```
"""

import json
import re
import runpy
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parents[3]
WIDGETS = ROOT / "d2l_vn" / "widgets"
JOIN = runpy.run_path(str(WIDGETS / "join.py"))  # by path: importing d2l_vn needs torch, building the book does not
BLOCK = re.compile(r"^```explorable (\w+)\n(.*?)^```$", re.M | re.S)
PLACE = re.compile(r'data-explorable="(\w+)"')
WORDS = {"vi": "Hình tương tác này cần JavaScript.", "en": "This explorable needs JavaScript."}


def places(text: str, lang: str) -> str:
    """Turn fenced blocks into the places that adapter.js fills; raises ValueError for what is no explorable."""

    def place(match: re.Match[str]) -> str:
        name, state = match[1], json.loads(match[2].strip() or "{}")
        if name not in JOIN["names"]():
            raise ValueError(f"no explorable {name!r}: choose one of {', '.join(JOIN['names']())}")
        return (
            f'<div class="d2l-explorable" data-explorable="{name}" data-state="{escape(json.dumps(state))}">'
            f"{WORDS[lang]}</div>"
        )

    return BLOCK.sub(place, text)


def copy(app: Sphinx) -> None:
    """Write each explorable with what it imports as one classic script; see adapter.js for why."""
    if app.builder.format != "html":
        return
    folder = app.outdir / "_static" / "explorables"
    folder.mkdir(parents=True, exist_ok=True)
    for name in JOIN["names"]():
        text = JOIN["join"](name).replace("\nexport default ", f"\n(window.d2lExplorables ??= {{}}).{name} = ")
        (folder / f"{name}.js").write_text(f"(() => {{\n{text}}})();\n", encoding="utf-8")
    for path in (WIDGETS / "explorable.css", ROOT / "book" / "theme" / "explorables" / "adapter.js"):
        (folder / path.name).write_text(path.read_text("utf-8"), encoding="utf-8")


def load(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Let a page load the explorables that it holds, and nothing if it holds none."""
    names = sorted(set(PLACE.findall(context.get("body", ""))))
    if names:
        app.add_css_file("explorables/explorable.css")
        for name in (*names, "adapter"):
            app.add_js_file(f"explorables/{name}.js", loading_method="defer")
