"""Turn the plain Markdown of chapters and pages into what MyST makes labels and admonitions of.

Notebooks must show nothing raw on Colab and GitHub, so they hold plain Markdown only: an anchor above a
heading, a blockquote with a fixed bold lead, an ordinary link. When the site is built, and only then,
one `source-read` hook gives these their meaning.
"""

import json
import re
from collections.abc import Callable

from sphinx.application import Sphinx

from book.tools import DATA, NOTEBOOKS
from book.tools.facts import fact_page
from book.tools.markers import Results
from book.tools.progress import progress_list
from book.tools.references import load_references, reference_list
from book.tools.results import benchmark_table, machine_table, results_table
from book.tools.terms import glossary_page

from .explorables import places

LEADS = {
    "Thường được dạy, nhưng sai": "wrong",
    "Often taught, but wrong": "wrong",
    "Thường được dạy, nhưng chưa chính xác": "wrong",
    "Often taught, but not exact": "wrong",
    "Đã cũ": "wrong",
    "Dated": "wrong",
    "Ghi chú": "note",
    "Note": "note",
    "Thử xem": "tip",
    "Try it": "tip",
}
SECTION = re.compile(r'^<a id="(sec-[\w-]+)"></a>[ \t]*\n+(?=#)', re.M)
QUOTE = re.compile(rf"^> \*\*({'|'.join(LEADS)})\.\*\*[ \t]*(.*(?:\n>.*)*)", re.M)
SECTION_LINK = re.compile(r"\]\([\w./-]+\.ipynb(#sec-[\w-]+)\)")
ANCHOR_LINK = re.compile(r"(?<!!)\[([^\]\n]+)\]\((?:([\w./-]+)\.(?:ipynb|md))?#((?:cite|eq|fig|tab)-[\w-]+)\)")
# A page may hold [name] on a line of its own: that part is made from data when the site is built.
GENERATED: dict[str, Callable[[str], str]] = {
    "references": lambda lang: reference_list(list(load_references()), lang),
    "glossary": glossary_page,
    "fact-check": fact_page,
    "results": results_table,
    "progress": progress_list,
    "benchmark-cpu": lambda lang: benchmark_table(lang, "benchmark-cpu"),
    "benchmark-gpu": lambda lang: benchmark_table(lang, "benchmark-gpu"),
    "machine": machine_table,
}
PLACE = re.compile(rf"^\[({'|'.join(GENERATED)})\]$", re.M)


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
        lang = app.config.language
        if PLACE.search(source[0]):
            for path in sorted([*DATA.rglob("*.*"), *NOTEBOOKS.glob("*/*.ipynb")]):
                app.env.note_dependency(str(path))  # a change of the data makes the page again
        text = PLACE.sub(lambda match: GENERATED[match[1]](lang), source[0])
        text = Results(DATA / "results").fill(text, lang)
        source[0] = plain_to_myst(places(text, lang))
        return
    notebook = json.loads(source[0])
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = plain_to_myst("".join(cell["source"]))
    source[0] = json.dumps(notebook)
