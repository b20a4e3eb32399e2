"""Claims are translated, sourced and proved; a fault of each kind is caught; the page says where each is proved."""

import dataclasses
from pathlib import Path

import pytest

from book.tools import CHAPTERS, LANGUAGES, facts
from book.tools.facts import Claim, asserts, fact_page, load_claims, problems, read_chapters, read_claims
from book.tools.references import load_references
from book.tools.source import Cell

CHAPTER = CHAPTERS / "06-cnn-and-lenet.md"
BIBLIOGRAPHY = ("lecun1998", "krizhevsky2012")


def claim(**changes: object) -> Claim:
    fields = {
        "id": "x", "chapter": "06-cnn-and-lenet", "verdict": "wrong", "how": "compute",
        "claim": "A.", "claim_vi": "Một.", "fact": "B.", "fact_vi": "Hai.", "line": 3,
    }  # fmt: skip
    return Claim(**(fields | changes))


def code(text: str, *tags: str) -> Cell:
    return Cell("code", text, 9, tags)


PROOF = code("assert 1 + x == 2", "claim-x")
CITING = Cell("markdown", '<a id="sec-06"></a>\n# A\n\n[LeCun](#cite-lecun1998)', 1, ("vi",))

GOOD = [
    (claim(), [PROOF]),
    (claim(how="experiment"), [code('d2l.band("a", x, 0, 1)', "claim-x")]),
    (claim(how="cite", source=("lecun1998",)), [CITING]),
    (claim(how="define", defined="notation#sec-notation-network"), []),
    (claim(how="define", defined="06-cnn-and-lenet#sec-06"), [CITING]),
    (claim(status="planned"), []),
    (claim(chapter="07-before-alexnet"), []),
    (claim(verdict="stands", fact="", fact_vi=""), [PROOF]),
]
BAD = [
    (claim(), [], "no cell of 06-cnn-and-lenet.md has the tag claim-x"),
    (claim(how="experiment"), [], "no cell of 06-cnn-and-lenet.md"),
    (claim(how="cite", source=("lecun1998",)), [], "cites none of its sources"),
    (claim(how="define"), [], "say where it is defined"),
    (claim(how="define", defined="notation#sec-nowhere"), [], "names no label"),
    (claim(how="cite"), [], "needs its primary source"),
    (claim(how="cite", source=("nobody1900",), status="planned"), [], "not in book/data/references.bib"),
    (claim(claim_vi=""), [PROOF], "claim and claim_vi"),
    (claim(fact_vi=""), [PROOF], "fact in one language only"),
    (claim(fact="", fact_vi=""), [PROOF], "needs fact and fact_vi"),
    (claim(status="planned"), [PROOF], "it is there already"),
    (claim(status="planned", chapter="07-before-alexnet"), [], "its chapter does not exist"),
    (claim(status="later"), [PROOF], "unknown status"),
    (claim(verdict="maybe"), [PROOF], "unknown verdict"),
    (claim(how="guess"), [], "unknown how"),
    (claim(chapter="99-nothing"), [], "no chapter '99-nothing'"),
    (claim(), [PROOF, code("assert x", "claim-y")], "claim-y: no such claim"),
    (claim(chapter="07-before-alexnet"), [PROOF], "belongs to chapter 07-before-alexnet"),
    (claim(), [code("print(x)", "claim-x")], "asserts nothing"),
    (claim(), [code("assert True", "claim-x")], "asserts nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("entry", "cells"), GOOD)
def test_good_claims_pass(entry: Claim, cells: list[Cell]) -> None:
    assert list(problems([entry], {CHAPTER: cells}, BIBLIOGRAPHY)) == []


@pytest.mark.parametrize(("entry", "cells", "message"), BAD)
def test_a_planted_fault_is_caught(entry: Claim, cells: list[Cell], message: str) -> None:
    found = list(problems([entry], {CHAPTER: cells}, BIBLIOGRAPHY))
    assert any(message in line for line in found), found
    assert all(line.startswith(("book/data/claims.yml:3: ", "book/chapters/06-cnn-and-lenet.md:9: ")) for line in found)


def test_an_id_may_stand_once() -> None:
    assert any("stands twice" in line for line in problems([claim(), claim()], {CHAPTER: [PROOF]}, BIBLIOGRAPHY))


def test_unknown_fields_are_refused() -> None:
    with pytest.raises(ValueError, match=r"claims.yml:2: unknown field verdikt"):
        read_claims("\n- {id: a, chapter: b, verdict: c, how: d, verdikt: e}")


def test_what_can_fail() -> None:
    assert asserts("assert x == 1  # «một|one»")
    assert asserts('d2l.band("a", x, 0, 1)')
    assert not asserts("print(1)")
    assert not asserts("assert True")


def test_the_claims_of_the_book_are_in_order() -> None:
    claims = load_claims()
    assert len(claims) >= 98
    assert list(problems(claims, read_chapters(), load_references())) == []


def test_a_cell_without_its_tag_is_missed_in_the_real_book() -> None:
    chapters = {
        path: [
            dataclasses.replace(cell, tags=tuple(tag for tag in cell.tags if tag != "claim-fc-exponential"))
            for cell in cells
        ]
        for path, cells in read_chapters().items()
    }
    found = list(problems(load_claims(), chapters, load_references()))
    assert len(found) == 1
    assert "fc-exponential: no cell of 06-cnn-and-lenet.md" in found[0]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_shows_every_claim_its_verdict_and_its_proof(lang: str) -> None:
    text = fact_page(lang)
    for entry in load_claims():
        assert f'<a id="fact-{entry.id}"></a>**{facts.VERDICTS[entry.verdict][lang]}.**' in text
        assert entry.said(lang) in text
        assert entry.right(lang) in text
    assert f"(../../notebooks/{lang}/06-cnn-and-lenet.ipynb#sec-06-dense)" in text
    assert "(#sec-01-depth)" in text  # where a term is defined
    unwritten = {c.chapter for c in load_claims()} - {path.stem for path in CHAPTERS.glob("*.md")}
    assert text.count(facts.WORDS[lang]["so far"]) == len(unwritten)
    assert Path(facts.CLAIMS).is_file()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_claim_that_its_chapter_does_not_reach_yet_says_so(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    planned = facts.WORDS[lang]["planned"].format("06")
    assert planned not in fact_page(lang)
    early = dataclasses.replace(load_claims()[0], id="early", chapter=CHAPTER.stem, how="compute", status="planned", defined="")
    monkeypatch.setattr(facts, "load_claims", lambda: [early])
    assert planned in fact_page(lang)
