"""Both editions are built with warnings as errors; every link, anchor and button leads somewhere."""

import json
import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Browser, sync_playwright

from book.tools import LANGUAGES, links
from book.tools.facts import load_claims
from book.tools.site import build_edition, edition_files, update
from book.tools.terms import load_terms

PUBLIC = {"repository": {"url": "https://github.com/somebody/somewhere"}}


@pytest.fixture(scope="module")
def site(built_site: Path) -> Path:
    return built_site


@pytest.fixture(scope="module")
def public_site(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The English edition with a repository address; after the other build, for both leave their settings in _build."""
    output = tmp_path_factory.mktemp("public") / "site"
    build_edition("en", output, PUBLIC)
    return output


def pages(site: Path, lang: str) -> list[Path]:
    return [path for path in sorted((site / lang).rglob("*.html")) if "_static" not in path.parts]


def test_links_and_anchors_lead_somewhere_and_nothing_comes_from_another_host(site: Path) -> None:
    assert list(links.problems(site)) == []


def test_the_link_check_sees_what_is_broken(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '<p id="here"><a href="#here">x</a><a href="b.html#there">x</a><a href="c.html">x</a><a href="#gone">x</a>'
        '<a href="https://example.org/">x</a><script src="https://example.org/x.js"></script><img src="x.png">'
        '<a href="../outside.html">x</a><link rel="canonical" href="https://example.org/a.html">'
    )
    (tmp_path / "b.html").write_text("<p>")
    (tmp_path.parent / "outside.html").write_text("<p>")
    assert list(links.problems(tmp_path)) == [
        "a.html: fetches https://example.org/x.js from another host",
        "a.html: b.html#there has no such anchor",
        "a.html: c.html leads nowhere",
        "a.html: #gone has no such anchor",
        "a.html: ../outside.html leads nowhere",
        "a.html: x.png leads nowhere",
    ]


def test_each_page_has_its_twin_with_the_same_sections(site: Path) -> None:
    def sections(path: Path) -> list[str]:
        return re.findall(r'<section[^>]* id="([^"]+)"', path.read_text(encoding="utf-8"))

    seen = 0
    for path in pages(site, "vi"):
        switch = re.search(r'<a class="language-switch[^>]* href="([^"]+)"', path.read_text(encoding="utf-8"))
        if not switch:
            assert path == site / "vi" / "index.html"  # Jupyter Book's redirection to the cover
            continue
        twin = (path.parent / switch[1]).resolve()
        assert twin.is_file(), path
        assert sections(path) == sections(twin)
        assert all(name.startswith("sec-") for name in sections(path)), path
        seen += len(sections(path))
    assert seen > 20


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_a_repository_there_are_no_buttons_that_need_one(lang: str, site: Path) -> None:
    for path in pages(site, lang):
        text = path.read_text(encoding="utf-8")
        assert "colab.research.google.com" not in text
        assert "btn-source-repository-button" not in text


def test_colab_opens_the_right_notebook_of_the_right_language(public_site: Path) -> None:
    text = (public_site / "en/notebooks/en/06-cnn-and-lenet.html").read_text(encoding="utf-8")
    repository = "https://colab.research.google.com/github/somebody/somewhere/blob/main"
    assert f'href="{repository}/notebooks/en/06-cnn-and-lenet.ipynb"' in text
    assert 'href="https://github.com/somebody/somewhere"' in text


def test_buttons_are_set_alike_in_both_editions(public_site: Path) -> None:
    """What the English pages show is therefore true of the Vietnamese ones, whose notebooks lie beside them."""
    vi, en = (yaml.safe_load(edition_files(lang, PUBLIC)[0].read_text(encoding="utf-8")) for lang in LANGUAGES)
    assert vi["repository"]["url"] == PUBLIC["repository"]["url"]
    for key in ("repository", "launch_buttons", "html"):
        assert vi[key] == en[key]
    vi_header, en_header = (c["sphinx"]["config"]["html_theme_options"]["article_header_end"] for c in (vi, en))
    assert vi_header == en_header


INTERFACE = [
    "Search",
    "Next",
    "Previous",
    "Contents",
    "On this page",
    "Skip to main content",
    "Download",
    "Print to PDF",
    "By ",
]


def test_the_interface_is_in_the_language_of_the_page(site: Path) -> None:
    text = (site / "vi/notebooks/vi/06-cnn-and-lenet.html").read_text(encoding="utf-8")
    assert re.search(r'<html[^>]* lang="vi"', text)
    body = re.sub(r"<(script|style|pre|article)\b.*?</\1>", " ", text, flags=re.S)
    shown = re.findall(r'(?:title|aria-label|placeholder)="([^"]*)"', body) + re.findall(r">([^<>]+)<", body)
    words = {unescape(word).strip() for word in shown} - {"Read this page in English", "English"}
    assert not {word for word in words for english in INTERFACE if word.startswith(english)}
    assert {"Tìm kiếm", "Tới nội dung chính", "Trong trang này"} <= words


def test_vietnamese_is_indexed_without_its_marks(site: Path) -> None:
    text = (site / "vi/searchindex.js").read_text(encoding="utf-8")
    index = json.loads(text.removeprefix("Search.setIndex(").removesuffix(")"))
    chapter = index["docnames"].index("notebooks/vi/06-cnn-and-lenet")
    for word in ("chap", "duoc", "diem"):  # chập, được (đ is a letter of its own), điểm
        found = [index[kind].get(word, []) for kind in ("terms", "titleterms")]
        assert any(chapter in (places if isinstance(places, list) else [places]) for places in found), word
    assert not [term for term in (*index["terms"], *index["titleterms"]) if re.search("[đàáạảãăâèéêìíòóôơùúưỳý]", term)]


def test_plain_markdown_became_admonitions_labels_and_citations(site: Path) -> None:
    for lang, lead in (("vi", "Thường được dạy, nhưng sai"), ("en", "Often taught, but wrong")):
        text = (site / lang / "notebooks" / lang / "06-cnn-and-lenet.html").read_text(encoding="utf-8")
        article = text[text.index("<article") : text.index("</article>")]
        assert re.search(rf'<div class="wrong admonition">\s*<p class="admonition-title">{lead}</p>', article)
        assert "<blockquote>" not in article
        assert '<section id="sec-06-shapes">' in article
        assert '<a class="cite" href="#cite-lecun1998">' in article
        assert '<a class="eq" href="#eq-06-output-size">' in article
        assert "<details>" in article


def test_changes_are_laid_over_settings_key_by_key() -> None:
    base = {"a": {"b": 1, "c": 2}, "d": [1]}
    assert update(base, {"a": {"b": 3}, "d": [2]}) == {"a": {"b": 3, "c": 2}, "d": [2]}
    assert base == {"a": {"b": 1, "c": 2}, "d": [1]}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_glossary_and_fact_check_are_made_from_the_data(lang: str, site: Path) -> None:
    glossary = (site / lang / "book" / lang / "glossary.html").read_text(encoding="utf-8")
    assert all(f'id="{term.slug}"' in glossary for term in load_terms())
    assert "lớp tích chập" in glossary
    checked = (site / lang / "book" / lang / "fact-check.html").read_text(encoding="utf-8")
    assert all(f'id="fact-{claim.id}"' in checked for claim in load_claims())
    proof = f"../../notebooks/{lang}/06-cnn-and-lenet.html#sec-06-dense"
    assert f'href="{proof}"' in checked  # that it leads somewhere is tested with all links
    assert 'href="references.html#cite-krizhevsky2012"' in checked


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_first_use_of_a_term_leads_to_the_glossary(lang: str, site: Path) -> None:
    text = (site / lang / "notebooks" / lang / "06-cnn-and-lenet.html").read_text(encoding="utf-8")
    targets = re.findall(r'<a class="term" href="([^"]+)"', text)
    assert len(targets) == len(set(targets)) > 20
    assert f"../../book/{lang}/glossary.html#term-activation-function" in targets
    for outside in re.findall(
        r"<h[1-6]\b.*?</h[1-6]>|<pre\b.*?</pre>|<summary\b.*?</summary>|<code\b.*?</code>", text, re.S
    ):
        assert 'class="term"' not in outside
    assert not re.search(r"<a\b[^>]*>(?:(?!</a>).)*<a class=\"term\"", text, re.S)
    other = (site / lang / "book" / lang / "preface.html").read_text(encoding="utf-8")
    assert 'class="term"' not in other


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not program:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_definitions_open_by_pointer_keyboard_and_tap(lang: str, site: Path, browser: Browser) -> None:
    address = (site / lang / "notebooks" / lang / "06-cnn-and-lenet.html").as_uri()
    size = "document.querySelector('article').getBoundingClientRect().height"
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        page.goto(address)
        page.wait_for_timeout(500)
        term, card, before = page.locator("a.term").first, page.locator(".term-card:visible"), page.evaluate(size)
        term.focus()
        assert card.count() == 1
        assert card.get_attribute("id") == term.get_attribute("aria-describedby")
        assert page.evaluate(size) == before
        page.keyboard.press("Escape")
        assert card.count() == 0
        term.hover()
        assert card.count() == 1
        card.hover()  # the pointer may rest on the definition
        page.wait_for_timeout(400)
        assert card.count() == 1
        page.mouse.move(5, 5)
        page.wait_for_timeout(400)
        assert card.count() == 0 or page.evaluate("document.activeElement.matches('a.term')")
    with browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True) as context:
        page = context.new_page()
        page.goto(address)
        page.wait_for_timeout(500)
        term, card = page.locator("a.term").first, page.locator(".term-card:visible")
        term.tap()
        assert card.count() == 1
        assert page.url == address
        box = card.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390
        term.tap()
        page.wait_for_url(re.compile(rf"/book/{lang}/glossary\.html#term-"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_formula_is_set(lang: str, site: Path, browser: Browser) -> None:
    # Red where MathJax finds an error, such as a number inside an environment that allows none.
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        for path in sorted((site / lang / "notebooks" / lang).glob("*.html")):
            page.goto(path.as_uri())
            page.wait_for_function("window.MathJax?.startup?.promise")
            page.evaluate("MathJax.startup.promise")
            wrong = page.locator("mjx-merror").evaluate_all("errors => errors.map(e => e.dataset.mjxError)")
            assert not wrong, f"{path.name}: {wrong}"
            blocks = page.locator("div.math")
            assert blocks.count() == page.locator("div.math mjx-container[display]").count(), path.name
