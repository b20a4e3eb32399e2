"""The claims of book/data/claims.yml: is each translated, sourced and proved? And the fact-check page made of them.

python -m book.tools.facts             check the claims against chapters and bibliography
"""

import ast
import json
import re
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from book.tools import CHAPTERS, DATA, LANGUAGES, NOTEBOOKS, ROOT
from book.tools.markers import choose
from book.tools.references import CITATION, citation, load_references
from book.tools.source import LABEL, Cell, SourceError, read

CLAIMS = DATA / "claims.yml"
TITLES = DATA / "chapters.yml"
TAG = "claim-"
VERDICTS = {
    "stands": {"vi": "Đúng", "en": "Stands"},
    "wrong": {"vi": "Sai", "en": "Wrong"},
    "loose": {"vi": "Đúng ý, chưa đúng lời", "en": "Right in spirit, loose in words"},
    "dated": {"vi": "Từng đúng, nay đã cũ", "en": "Was right, now dated"},
}
KINDS = ("compute", "experiment", "define", "cite")
FIELDS = {
    "id", "chapter", "verdict", "how", "source", "defined", "status", "claim", "claim_vi", "fact", "fact_vi",
}  # fmt: skip
WORDS = {
    "vi": {
        "proof": "Chứng minh",
        "defined": "Định nghĩa",
        "taught": "Xem",
        "sources": "Nguồn",
        "section": "mục “{}”",
        "planned": "chương {} chưa viết đến điều này",
        "chapter": "Chương {}. {}",
        "so far": "Chương này chưa viết.",
    },
    "en": {
        "proof": "Proof",
        "defined": "Definition",
        "taught": "See",
        "sources": "Sources",
        "section": "section “{}”",
        "planned": "chapter {} does not reach this yet",
        "chapter": "Chapter {}. {}",
        "so far": "This chapter is not written yet.",
    },
}


@dataclass(frozen=True)
class Claim:
    """One entry of claims.yml."""

    id: str
    chapter: str
    verdict: str
    how: str
    claim: str = ""
    claim_vi: str = ""
    fact: str = ""
    fact_vi: str = ""
    source: tuple[str, ...] = ()
    defined: str = ""
    status: str = ""
    line: int = 0

    @property
    def where(self) -> str:
        """File and line, for messages."""
        return f"book/data/claims.yml:{self.line}: {self.id}"

    def said(self, lang: str) -> str:
        """The claim as it circulates."""
        return self.claim_vi if lang == "vi" else self.claim

    def right(self, lang: str) -> str:
        """What is right, where there is something to add."""
        return self.fact_vi if lang == "vi" else self.fact


@dataclass(frozen=True)
class Proof:
    """A cell with a claim's tag, and the section in which it stands."""

    path: Path
    cell: Cell
    label: str


def read_claims(text: str) -> list[Claim]:
    """The claims of one file; unknown fields raise ValueError, missing texts are left to the check."""
    claims = []
    root = yaml.compose(text)
    for node, entry in zip(root.value if root else (), yaml.safe_load(text) or (), strict=True):
        unknown = set(entry) - FIELDS
        if unknown:
            raise ValueError(
                f"book/data/claims.yml:{node.start_mark.line + 1}: unknown field {', '.join(sorted(unknown))}"
            )
        values = entry | {"source": tuple(entry.get("source", ())), "line": node.start_mark.line + 1}
        claims.append(Claim(**values))
    return claims


def load_claims() -> list[Claim]:
    """Every claim of the book."""
    return read_claims(CLAIMS.read_text(encoding="utf-8"))


@cache
def load_titles() -> dict[str, dict[str, str]]:
    """The titles of all chapters, written or not."""
    return dict(yaml.safe_load(TITLES.read_text(encoding="utf-8")))


def read_chapters() -> dict[Path, list[Cell]]:
    """The chapters as they stand; what is wrong between them is the matter of book.tools.source."""
    return {path: read(path) for path in sorted(CHAPTERS.glob("*.md"))}


def read_notebooks(lang: str) -> dict[Path, list[Cell]]:
    """The same from the committed notebooks of one edition, of which the site is made."""
    result = {}
    for path in sorted((NOTEBOOKS / lang).glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        result[path] = [
            Cell(cell["cell_type"], "".join(cell["source"]), 0, tuple(cell["metadata"].get("tags", ())))
            for cell in cells
        ]
    return result


def find_proofs(chapters: dict[Path, list[Cell]]) -> Iterator[tuple[str, Proof]]:
    """(claim id, proof) for every tag claim-<id>."""
    for path, cells in chapters.items():
        label = ""
        for cell in cells:
            if cell.kind == "markdown":
                label = ([name for name in LABEL.findall(cell.text) if name.startswith("sec-")] or [label])[-1]
            for tag in cell.tags:
                if tag.startswith(TAG):
                    yield tag.removeprefix(TAG), Proof(path, cell, label)


def asserts(code: str) -> bool:
    """Whether the code can fail: an assert of more than a constant, or a band."""
    for node in ast.walk(ast.parse(choose(code, "vi"))):
        if isinstance(node, ast.Assert) and not isinstance(node.test, ast.Constant):
            return True
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "band":
            return True
    return False


def cited_in(cells: list[Cell]) -> dict[str, str]:
    """The sources that a chapter cites, and the section of the first citation."""
    found: dict[str, str] = {}
    label = ""
    for cell in cells:
        if cell.kind == "markdown":
            for match in re.finditer(f"{LABEL.pattern}|{CITATION.pattern}", cell.text):
                if match[2]:
                    found.setdefault(match[2], label)
                elif match[1].startswith("sec-"):
                    label = match[1]
    return found


def label_exists(place: str, chapters: dict[Path, list[Cell]], pages: Path = ROOT / "book" / "vi") -> bool:
    """Whether `page#label` names a label of a page or of a chapter."""
    name, _, label = place.partition("#")
    page = pages / f"{name}.md"
    texts = [page.read_text(encoding="utf-8")] if page.is_file() else []
    texts += [cell.text for path, cells in chapters.items() if path.stem == name for cell in cells]
    return any(label in LABEL.findall(text) for text in texts)


def entry_problems(claim: Claim, bibliography: Collection[str]) -> Iterator[str]:
    """What is wrong with one entry alone."""
    if claim.chapter not in load_titles():
        yield f"no chapter {claim.chapter!r} in book/data/chapters.yml"
    if claim.verdict not in VERDICTS:
        yield f"unknown verdict {claim.verdict!r}: use one of {', '.join(VERDICTS)}"
    if claim.how not in KINDS:
        yield f"unknown how {claim.how!r}: use one of {', '.join(KINDS)}"
    if claim.status not in ("", "planned"):
        yield f"unknown status {claim.status!r}: only 'planned', or none"
    if not claim.claim or not claim.claim_vi:
        yield "claim and claim_vi are needed: write both"
    if bool(claim.fact) != bool(claim.fact_vi):
        yield "fact in one language only: write the other"
    if claim.verdict != "stands" and not claim.fact:
        yield f"verdict {claim.verdict!r} needs fact and fact_vi: say what is right"
    if claim.how == "cite" and not claim.source:
        yield "a historical claim needs its primary source: add `source: [key]`"
    for key in claim.source:
        if key not in bibliography:
            yield f"source {key!r} is not in book/data/references.bib"


def teaching_problems(claim: Claim, chapters: dict[Path, list[Cell]], proofs: list[Proof]) -> Iterator[str]:
    """Whether an existing chapter does what the claim asks of it, or is marked as not doing so yet."""
    cells = next((cells for path, cells in chapters.items() if path.stem == claim.chapter), None)
    if claim.defined and not label_exists(claim.defined, chapters):
        yield f"defined: {claim.defined} names no label"
    if cells is None:
        if claim.status:
            yield "status planned, but its chapter does not exist: delete the line"
        return
    if claim.how in ("compute", "experiment"):
        taught, missing = bool(proofs), f"no cell of {claim.chapter}.md has the tag {TAG}{claim.id}"
    elif claim.how == "cite":
        taught, missing = (
            bool(set(claim.source) & set(cited_in(cells))),
            f"{claim.chapter}.md cites none of its sources",
        )
    else:
        taught, missing = bool(claim.defined), "say where it is defined: `defined: page#label`"
    if claim.status == "planned" and taught and claim.how != "cite":
        yield "status planned, but it is there already: delete the line"
    elif not claim.status and not taught:
        yield f"{missing}; or mark it `status: planned`"


def problems(claims: list[Claim], chapters: dict[Path, list[Cell]], bibliography: Collection[str]) -> Iterator[str]:
    """A line for everything that is wrong with claims, and with the cells that claim to prove them."""
    known = {claim.id: claim for claim in claims}
    proofs = list(find_proofs(chapters))
    for claim in claims:
        if known[claim.id] is not claim:
            yield f"{claim.where}: the id stands twice: rename one"
        mine = [proof for name, proof in proofs if name == claim.id and proof.path.stem == claim.chapter]
        yield from (f"{claim.where}: {text}" for text in entry_problems(claim, bibliography))
        yield from (f"{claim.where}: {text}" for text in teaching_problems(claim, chapters, mine))
    for name, proof in proofs:
        where = f"book/chapters/{proof.path.name}:{proof.cell.line}: {TAG}{name}"
        if name not in known:
            yield f"{where}: no such claim in book/data/claims.yml"
        elif known[name].chapter != proof.path.stem:
            yield f"{where}: the claim belongs to chapter {known[name].chapter}"
        if proof.cell.kind != "code" or not asserts(proof.cell.text):
            yield f"{where}: the cell asserts nothing: add an assert or d2l.band that fails if the verdict is wrong"


def fact_page(lang: str) -> str:
    """Markdown of all claims by chapter: the claim, the verdict, what is right, where it is proved."""
    claims, chapters = load_claims(), read_notebooks(lang)
    proofs: dict[str, Proof] = {}
    for name, proof in find_proofs(chapters):
        proofs.setdefault(name, proof)
    written = {path.stem: cells for path, cells in chapters.items()}
    sections = []
    for stem, titles in load_titles().items():
        mine = [claim for claim in claims if claim.chapter == stem]
        if mine:
            title = WORDS[lang]["chapter"].format(stem[:2], titles[lang])
            text = f'<a id="sec-facts-{stem[:2]}"></a>\n## {title}\n\n'
            text += "" if stem in written else f"*{WORDS[lang]['so far']}*\n\n"
            sections.append(text + "\n\n".join(_card(claim, lang, proofs.get(claim.id), written) for claim in mine))
    return "\n\n".join(sections)


def _card(claim: Claim, lang: str, proof: Proof | None, written: dict[str, list[Cell]]) -> str:
    """One claim as a card."""
    lines = [f'<a id="fact-{claim.id}"></a>**{VERDICTS[claim.verdict][lang]}.**', f"> {claim.said(lang)}"]
    if claim.right(lang):
        lines.append(claim.right(lang))
    end = [_place(claim, lang, proof, written)]
    if claim.source:
        links = ", ".join(f"[{citation(key, lang)}](references.md#cite-{key})" for key in claim.source)
        end.append(f"*{WORDS[lang]['sources']}:* {links}.")
    if any(end):
        lines.append(" ".join(filter(None, end)))
    body = "\n\n".join(lines)
    return f'<div class="fact fact-{claim.verdict}">\n\n{body}\n\n</div>'


def _place(claim: Claim, lang: str, proof: Proof | None, written: dict[str, list[Cell]]) -> str:
    """Where the claim is proved, defined or told; or that its chapter does not get there yet."""
    words, number = WORDS[lang], claim.chapter[:2]
    if claim.defined:
        name, _, label = claim.defined.partition("#")
        page = ROOT / "book" / lang / f"{name}.md"
        text = page.read_text(encoding="utf-8") if page.is_file() else _text(written[name])
        link = f"[{words['section'].format(_title(text, label))}](#{label})"
        return f"*{words['defined']}:* {link}."
    if claim.chapter not in written:
        return ""  # said once for the whole chapter
    cells = written[claim.chapter]
    cited = cited_in(cells)
    if proof:
        kind, label = "proof", proof.label
    elif claim.how == "cite" and claim.status != "planned" and set(claim.source) & set(cited):
        kind, label = "taught", next(cited[key] for key in claim.source if key in cited)
    else:
        return f"*{words['proof']}:* {words['planned'].format(number)}."
    link = words["section"].format(_title(_text(cells), label))
    return f"*{words[kind]}:* [{link}](../../notebooks/{lang}/{claim.chapter}.ipynb#{label})."


def _text(cells: list[Cell]) -> str:
    return "\n\n".join(cell.text for cell in cells if cell.kind == "markdown")


def _title(text: str, label: str) -> str:
    """The heading below a label."""
    found = re.search(rf'<a id="{label}"></a>\s*\n#+ (.*)', text)
    return found[1].strip() if found else label


def main() -> None:
    """Check the claims; the exit code says whether all is well."""
    try:
        claims, chapters = load_claims(), read_chapters()
    except (SourceError, ValueError) as error:
        sys.exit(str(error))
    found = list(problems(claims, chapters, load_references()))
    if found:
        sys.exit("\n".join(found) + f"\n{len(found)} problem(s) with the claims")
    proved = {name for name, _ in find_proofs(chapters)}
    print(f"{len(claims)} claims in {len(LANGUAGES)} languages, {len(proved)} proved in {len(chapters)} chapter(s)")


if __name__ == "__main__":
    main()
