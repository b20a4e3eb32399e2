"""The Sphinx extension of the book: plain Markdown in, a bilingual and self-contained site out."""

import sys
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

sys.path.append(str(Path(__file__).resolve().parents[3]))  # so that a plain `jupyter-book build .` finds book.tools

from . import explorables, markdown, mathjax, search, strings, terms


class LabelFirst(SphinxTransform):
    """Make a section's own label, the same in both editions, the id that links and the switch use."""

    default_priority = 790

    def apply(self, **kwargs: Any) -> None:
        for section in self.document.findall(nodes.section):
            section["ids"].sort(key=lambda name: not name.startswith("sec-"))  # stable: sec- first


def twin_link(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Give each page the address of the same page in the other language."""
    lang = app.config.language
    other = {"vi": "en", "en": "vi"}[lang]
    twin = f"/{pagename}".replace(f"/{lang}/", f"/{other}/")[1:]
    context["twin_lang"] = other
    context["twin_href"] = f"{'../' * (pagename.count('/') + 1)}{other}/{twin}.html"


def without_thebe(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Drop sphinx-thebe, which Jupyter Book always loads: it is not used here, and it names another host."""
    for kind in ("script_files", "css_files"):
        context[kind] = [file for file in context[kind] if "thebe" not in f"{file.filename}{file.attributes}".lower()]


def buttons_need_a_repository(app: Sphinx, config: Any) -> None:
    """While repository.url is empty there is nothing that Colab or the repository button could open."""
    options = config.html_theme_options
    if options.get("repository_url"):
        options["use_repository_button"] = True
    else:
        options.pop("launch_buttons", None)


def setup(app: Sphinx) -> dict[str, bool]:
    """Wire it all up."""
    strings.install(app)
    search.install()
    app.config.mathjax_path = "mathjax/tex-chtml.js"
    app.add_transform(LabelFirst)
    app.connect("config-inited", buttons_need_a_repository, priority=900)
    app.connect("source-read", markdown.source_read)
    app.connect("doctree-read", terms.mark)
    app.connect("doctree-read", mathjax.as_written)
    app.connect("builder-inited", explorables.copy)
    app.connect("html-page-context", explorables.load)
    app.connect("html-page-context", twin_link, priority=900)
    app.connect("html-page-context", without_thebe, priority=900)
    app.connect("build-finished", mathjax.copy)
    app.connect("build-finished", strings.write_javascript)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
