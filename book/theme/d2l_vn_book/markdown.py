"""Turn the plain Markdown of chapters and pages into what MyST makes labels and admonitions of.

Notebooks must show nothing raw on Colab and GitHub, so they hold plain Markdown only: an anchor above a
heading, a blockquote with a fixed bold lead, an ordinary link. When the site is built, and only then,
one `source-read` hook gives these their meaning.
"""

import json
import re

from sphinx.application import Sphinx

from book.tools.references import load_references, reference_list

from .explorables import places

LEADS = {
    "Thường được dạy, nhưng sai": "wrong",
    "Often taught, but wrong": "wrong",
    "Ghi chú": "note",
    "Note": "note",
    "Thử xem": "tip",
    "Try it": "tip",
}
SECTION = re.compile(r'^<a id="(sec-[\w-]+)"></a>[ \t]*\n+(?=#)', re.M)
QUOTE = re.compile(rf"^> \*\*({'|'.join(LEADS)})\.\*\*[ \t]*(.*(?:\n>.*)*)", re.M)
SECTION_LINK = re.compile(r"\]\([\w./-]+\.ipynb(#sec-[\w-]+)\)")
ANCHOR_LINK = re.compile(r"(?<!!)\[([^\]\n]+)\]\((?:([\w./-]+)\.(?:ipynb|md))?#((?:cite|eq|fig|tab)-[\w-]+)\)")
ALL_REFERENCES = re.compile(r"^\[references\]$", re.M)


def _admonition(match: re.Match[str]) -> str:
    body = re.sub(r"^> ?", "", match[2], flags=re.M).strip()
    return f"::::::{{admonition}} {match[1]}\n:class: {LEADS[match[1]]}\n\n{body}\n::::::"


def _anchor_link(match: re.Match[str]) -> str:
    words, page, anchor = match.groups()
    page = f"{page}.html" if page else ""
    return f'<a class="{anchor.partition("-")[0]}" href="{page}#{anchor}">{words}</a>'


def plain_to_myst(text: str) -> str:
    """One text: labels of sections, admonitions, links to sections, links to any other anchor."""
    text = SECTION.sub(r"(\1)=\n", text)
    text = QUOTE.sub(_admonition, text)
    text = SECTION_LINK.sub(r"](\1)", text)
    return ANCHOR_LINK.sub(_anchor_link, text)


def source_read(app: Sphinx, docname: str, source: list[str]) -> None:
    """Rewrite a page, or each text cell of a notebook."""
    if not app.env.doc2path(docname).endswith(".ipynb"):
        everything = ALL_REFERENCES.sub(
            lambda _: reference_list(list(load_references()), app.config.language), source[0]
        )
        source[0] = plain_to_myst(places(everything, app.config.language))
        return
    notebook = json.loads(source[0])
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = plain_to_myst("".join(cell["source"]))
    source[0] = json.dumps(notebook)
