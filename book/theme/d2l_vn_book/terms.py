"""The first use of each glossary term in a chapter becomes a link with its definition: see static/terms.js."""

import re
from html import escape

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from book.tools.terms import GLOSSARY, Term, uses

# Where a definition would disturb: headings, links, code, formulas, the list of references.
SKIPPED = (
    nodes.title,
    nodes.reference,
    addnodes.pending_xref,
    nodes.literal,
    nodes.literal_block,
    nodes.math,
    nodes.math_block,
    nodes.raw,
    nodes.comment,
    nodes.caption,
)
RAW_TAG = re.compile(r"<(/?)(a|summary|code)\b[^>]*>")


def mark(app: Sphinx, doctree: nodes.document) -> None:
    """Wrap the first use of each term of one chapter."""
    docname = app.env.docname
    if not docname.startswith("notebooks/") or app.builder.format != "html":
        return
    app.env.note_dependency(str(GLOSSARY))
    lang = app.config.language
    page = app.builder.get_relative_uri(docname, f"book/{lang}/glossary")
    seen: set[str] = set()
    for text in list(doctree.findall(nodes.Text)):
        if _may_be_marked(text):
            parts = _parts(text.astext(), lang, page, seen)
            if len(parts) > 1:
                text.parent.replace(text, parts)


def _may_be_marked(text: nodes.Text) -> bool:
    """Whether this is running text: in no skipped node, and in no link written as HTML."""
    ancestor = text.parent
    while ancestor is not None:
        if isinstance(ancestor, SKIPPED) or "cell_output" in ancestor.get("classes", []):
            return False
        if isinstance(ancestor, nodes.section) and any(
            name.endswith("-references") for name in ancestor["ids"] + ancestor["names"]
        ):
            return False
        ancestor = ancestor.parent
    depth = 0
    for sibling in text.parent.children[: text.parent.index(text)]:
        if isinstance(sibling, nodes.raw):
            for closing, _tag in RAW_TAG.findall(sibling.astext()):
                depth += -1 if closing else 1
    return depth <= 0


def _parts(text: str, lang: str, page: str, seen: set[str]) -> list[nodes.Node]:
    """The text with each first use between two pieces of HTML."""
    parts: list[nodes.Node] = []
    done = 0
    for start, end, term in uses(text, lang):
        if term.everyday or term.slug in seen:
            continue
        seen.add(term.slug)
        parts += [
            nodes.Text(text[done:start]),
            _raw(_opening(term, lang, page)),
            nodes.Text(text[start:end]),
            _raw("</a>"),
        ]
        done = end
    return [*parts, nodes.Text(text[done:])]


def _opening(term: Term, lang: str, page: str) -> str:
    other = f"{term.vi} ({term.english})" if lang == "vi" and term.vi != term.english else term.forms(lang)[0]
    definition = term.definition(lang).replace("$", "").replace("`", "")
    return (
        f'<a class="term" href="{page}#{term.slug}" data-term="{escape(other)}" data-definition="{escape(definition)}">'
    )


def _raw(html: str) -> nodes.raw:
    return nodes.raw("", html, format="html")
