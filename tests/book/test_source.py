"""Bad source is refused, with file, line and what to do; good source is read as it stands."""

from pathlib import Path

import pytest

from book.tools import CHAPTERS
from book.tools.markers import Results
from book.tools.source import Problem, SourceError, link_problems, read, read_all, value_problems

HEAD = """---
kernelspec:
  display_name: Python 3
  name: python3
---
"""
PAIR = '+++ {"tags": ["vi"]}\n\nMột câu.\n\n+++ {"tags": ["en"]}\n\nA sentence.\n\n'


def problems(tmp_path: Path, body: str) -> list[Problem]:
    path = tmp_path / "01-test.md"
    path.write_text(HEAD + body, encoding="utf-8")
    try:
        read(path)
    except SourceError as error:
        return error.problems
    return []


def code(text: str, tags: str = "") -> str:
    return f"```{{code-cell}} ipython3\n{tags}{text}\n```\n\n"


def test_good_source_is_read_with_the_lines_of_its_cells(tmp_path: Path) -> None:
    path = tmp_path / "01-test.md"
    path.write_text(HEAD + PAIR + code("x = 1\nprint(x)", ":tags: [timing]\n"), encoding="utf-8")
    vi, en, cell = read(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [c.lang for c in (vi, en, cell)] == ["vi", "en", None]
    assert [lines[c.line - 1] for c in (vi, en, cell)] == ["Một câu.", "A sentence.", "x = 1"]
    assert cell.tags == ("timing",)


BAD = {
    "text without a language": ("Không thẻ.\n", 6, "without a language"),
    "vi without en": ('+++ {"tags": ["vi"]}\n\nMột câu.\n', 8, "vi cell without its en cell"),
    "en without vi": ('+++ {"tags": ["en"]}\n\nA sentence.\n', 8, "en cell without its vi cell"),
    "code between vi and en": (
        '+++ {"tags": ["vi"]}\n\nMột câu.\n\n' + code("x = 1") + '+++ {"tags": ["en"]}\n\nOne.\n',
        8,
        "vi cell without its en cell",
    ),
    "unknown tag": (PAIR + code("x = 1", ":tags: [timeing]\n"), 16, "unknown tag 'timeing'"),
    "language on code": (PAIR + code("x = 1", ":tags: [vi]\n"), 16, "code is shared"),
    "marker without |": (PAIR + code('x = 1\ny = "«mất mát»"'), 16, "exactly one |"),
    "marker with two |": (PAIR + code('y = "«a|b|c»"'), 15, "exactly one |"),
    "unclosed marker": (PAIR + code('y = "«mất mát|loss"'), 15, "« without its »"),
    "marker closed twice": (PAIR + code('y = "«a|b»»"'), 15, "» without its «"),
    "marker outside strings": (PAIR + code("y = [«1|2»]"), 15, "within one comment or one string"),
    "marker over two strings": (PAIR + code('y = ["«một", "hai|one", "two»"]'), 15, "within one comment or one string"),
    "code that is no Python": (PAIR + code("y = ("), 15, "not valid Python"),
    "words that break one edition": (PAIR + code('y = "«a|b" + c + "»"'), 15, "one comment or one string"),
    "marker in metadata": (PAIR + code("x = 1", ':mystnb: {image: {alt: "«chỉ một"}}\n'), 16, "« without its »"),
    "raw directive": (PAIR.replace("Một câu.", "Một câu.\n\n```{note}\nx\n```"), 10, "raw directive"),
    "colon directive": (PAIR.replace("Một câu.", ":::{note}\nx\n:::"), 8, "raw directive"),
    "role": (PAIR.replace("A sentence.", "See {cite:t}`x`."), 12, "role {cite:t}"),
    "MyST label": (PAIR.replace("A sentence.", "(sec-x)=\n\nText."), 12, "MyST label"),
    "guillemets in text": (PAIR.replace("Một câu.", "Một «câu»."), 8, "belong to code cells"),
    "raw HTML": (PAIR.replace("Một câu.", "<div>Một câu.</div>"), 8, "raw HTML <div>"),
    "malformed label": (PAIR.replace("câu.", 'câu. <a id="Sec X"></a>').replace("sentence.", 'sentence. <a id="Sec X"></a>'), 8, "a label is"),
    "picture": (PAIR.replace("Một câu.", "![hình](x.png)"), 8, "picture in text"),
    "wordless link": (PAIR.replace("Một câu.", "[ ](#sec-x)").replace("A sentence.", "[x y](#sec-x)"), 8, "has no words"),
    "heading without label": (PAIR.replace("Một câu.", "## Mục"), 8, "heading without a label"),
    "label in one language": (PAIR.replace("Một câu.", '<a id="sec-x"></a>\n## Mục'), 8, "labels differ"),
    "link in one language": (PAIR.replace("Một câu.", "[mục này](#sec-x)"), 8, "link targets differ"),
    "duplicate label": (
        PAIR.replace("Một câu.", '<a id="sec-x"></a>\n## Mục').replace("A sentence.", '<a id="sec-x"></a>\n## Section') * 2,
        18,
        "stands twice",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_source_is_named_by_line(case: str, tmp_path: Path) -> None:
    body, line, message = BAD[case]
    found = problems(tmp_path, body)
    assert any(message in p.text for p in found), found
    assert line in [p.line for p in found if message in p.text], found
    assert found[0].path.name == "01-test.md"
    assert str(found[0]).startswith(str(found[0].path))


def test_code_blocks_and_formulas_are_not_taken_for_markup(tmp_path: Path) -> None:
    text = "Mã `<div>` và `a[i](#x)`, công thức $a<b>c$.\n\n```python\nx = «1»  # <div>\n```"
    assert not problems(tmp_path, PAIR.replace("Một câu.", text).replace("A sentence.", text))


def chapters(tmp_path: Path, **bodies: str) -> dict:
    result = {}
    for name, body in bodies.items():
        path = tmp_path / f"{name}.md"
        path.write_text(HEAD + body, encoding="utf-8")
        result[path] = read(path)
    return result


def both(text: str) -> str:
    return PAIR.replace("Một câu.", text).replace("A sentence.", text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[một mục](#sec-nowhere)", "no such label"),
        ("[một chương](b.ipynb#sec-nowhere)", "no such label in b.md"),
        ("[một chương](c.ipynb)", "no such chapter"),
        ("[một tệp](../README.md)", "no such chapter"),
        ("[một bài báo](#cite-nobody1900)", "not in book/data/references.bib"),
    ],
)
def test_links_between_chapters_must_lead_somewhere(text: str, message: str, tmp_path: Path) -> None:
    found = list(link_problems(chapters(tmp_path, a=both(text), b=both('<a id="sec-b"></a>\n## B'))))
    assert [message in p.text for p in found] == [True, True]  # once in each language
    assert found[0].line == 8


def test_good_links_pass_and_a_label_in_two_chapters_does_not(tmp_path: Path) -> None:
    label = both('<a id="sec-b"></a>\n## B')
    good = chapters(
        tmp_path, a=both("[mục B](b.ipynb#sec-b), [LeCun](#cite-lecun1998), [web](https://example.org)"), b=label
    )
    assert not list(link_problems(good))
    assert any("also stands in a.md" in p.text for p in link_problems(chapters(tmp_path, a=label, b=label)))


def test_a_value_marker_must_name_a_recorded_value(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text('{"accuracy": 0.5}')
    path = tmp_path / "a.md"
    path.write_text(HEAD + both("‹run.accuracy:.2f› ‹run.loss› ‹other.x›"), encoding="utf-8")
    texts = [p.text for p in value_problems(path, read(path), Results(tmp_path))]
    assert len(texts) == 4
    assert "no 'loss'" in texts[0]
    assert "other.json" in texts[1]


def test_every_chapter_of_the_book_is_good_source() -> None:
    assert set(read_all()) == set(CHAPTERS.glob("*.md"))
