"""Read a chapter, and say by file and line what breaks the rules of the bilingual source.

A chapter is a MyST text notebook (jupytext opens it). Text cells carry the tag `vi` or `en`, each vi
cell followed at once by its en cell; code cells are shared and choose words by «tiếng Việt|English».
Notebooks hold plain Markdown only, so that Colab and GitHub show nothing raw.

    python -m book.tools.source            check every chapter and page
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from book.tools import CHAPTERS, DATA, LANGUAGES, ROOT
from book.tools.markers import VALUE, Results, code_problems, word_problems
from book.tools.references import load_references

TAGS = {
    "vi",  # this text cell belongs to the Vietnamese edition
    "en",  # ... to the English one
    "setup",  # imports; the installation on Colab is added to it
    "timing",  # prints times or speeds: twins may differ
    "nbval-check-output",  # nbval compares the output exactly
    "hide-input",  # the page folds the code (drawing code, mostly)
}
TAG_FAMILIES = (
    "claim-",  # claim-<id>: this cell proves an entry of claims.yml
    "exercise-",  # exercise-<id>: the stub of an exercise; the grader runs it
)
HTML = {"a", "br", "code", "details", "kbd", "sub", "summary", "sup"}
LABEL = re.compile(r'<a id="([^"]*)"></a>')
LABEL_NAME = re.compile(r"(sec|eq|fig|tab)-[a-z0-9-]+")
LINK = re.compile(r"(?<!!)\[([^\]\n]*)\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} ", re.M)


@dataclass(frozen=True)
class Problem:
    """One broken rule: where, what, and what to do."""

    path: Path
    line: int  # from 1
    text: str

    def __str__(self) -> str:
        path = self.path.relative_to(ROOT) if self.path.is_relative_to(ROOT) else self.path
        return f"{path}:{self.line}: {self.text}"


class SourceError(Exception):
    """Bad source; its text lists every problem found, one a line."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True)
class Cell:
    """One cell of a chapter: its text, and the line (from 1) on which the text begins."""

    kind: str  # "markdown" or "code"
    text: str
    line: int
    tags: tuple[str, ...] = ()
    metadata: dict[str, Any] = field(default_factory=dict)  # without the tags

    @property
    def lang(self) -> str | None:
        """The edition of a text cell; None for shared code."""
        return next((tag for tag in self.tags if tag in LANGUAGES), None)


def read(path: Path) -> list[Cell]:
    """The cells of one chapter; raises SourceError with all that is wrong in this file alone."""
    import jupytext  # here, because whoever only builds the site does not have it

    text = path.read_text(encoding="utf-8")
    try:
        notebook = jupytext.reads(text, fmt={"extension": ".md", "format_name": "myst"})
        starts = jupytext.myst.myst_to_notebook(text, add_source_map=True).metadata["source_map"]
    except Exception as error:  # jupytext has no common base class for what it raises
        raise SourceError([Problem(path, 1, f"jupytext cannot read this file: {error}")]) from None
    lines = text.splitlines()
    cells = []
    for raw, start in zip(notebook.cells, starts, strict=True):
        first = raw.source.splitlines()[0] if raw.source else ""
        while start < len(lines) and first and lines[start].strip() != first.strip():
            start += 1  # jupytext points at the fence or at blank lines before the text
        metadata = dict(raw.metadata)
        tags = tuple(metadata.pop("tags", ()))
        cells.append(Cell(raw.cell_type, raw.source, start + 1, tags, metadata))
    problems = list(_cell_problems(path, cells))
    if problems:
        raise SourceError(problems)
    return cells


def _cell_problems(path: Path, cells: list[Cell]) -> Iterator[Problem]:
    """What is wrong within one file, cell by cell."""
    labels: set[tuple[str | None, str]] = set()
    for i, cell in enumerate(cells):
        for tag in cell.tags:
            if tag not in TAGS and not tag.startswith(TAG_FAMILIES):
                known = ", ".join([*sorted(TAGS), *(f"{family}…" for family in TAG_FAMILIES)])
                yield Problem(path, cell.line, f"unknown tag {tag!r}: use one of {known}")
        for complaint in _metadata_complaints(cell.metadata):
            yield Problem(path, cell.line, complaint)
        if cell.kind == "code":
            if cell.lang:
                yield Problem(path, cell.line, f"code is shared: remove the tag {cell.lang!r} and use «…|…»")
            for line, complaint in code_problems(cell.text):
                yield Problem(path, cell.line + line, complaint)
            continue
        yield from _pair_problems(path, cells, i)
        for offset, complaint in text_problems(cell.text):
            yield Problem(path, cell.line + cell.text.count("\n", 0, offset), complaint)
        for match in LABEL.finditer(cell.text):
            if (cell.lang, match[1]) in labels:
                line = cell.line + cell.text.count("\n", 0, match.start())
                yield Problem(path, line, f"label {match[1]!r} stands twice: rename one in both languages")
            labels.add((cell.lang, match[1]))


def _pair_problems(path: Path, cells: list[Cell], i: int) -> Iterator[Problem]:
    """Each vi cell is followed at once by its en cell, with the same labels and link targets."""
    cell = cells[i]
    before = cells[i - 1].lang if i else None
    after = cells[i + 1] if i + 1 < len(cells) else None
    if cell.lang is None:
        yield Problem(path, cell.line, 'text without a language: begin the cell with +++ {"tags": ["vi"]} or ["en"]')
    elif cell.lang == "en" and before != "vi":
        yield Problem(path, cell.line, "en cell without its vi cell: write the Vietnamese just before it")
    elif cell.lang == "vi" and (after is None or after.lang != "en"):
        yield Problem(path, cell.line, "vi cell without its en cell: write the English just after it")
    elif cell.lang == "vi" and after is not None:
        for what, pattern in (("labels", LABEL), ("link targets", re.compile(r"\]\(([^)\s]+)\)"))):
            here, there = (sorted(pattern.findall(text)) for text in (cell.text, after.text))
            if here != there:
                odd = sorted(set(here) ^ set(there)) or here
                yield Problem(path, cell.line, f"{what} differ from the en cell at line {after.line}: {', '.join(odd)}")


def _metadata_complaints(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from (complaint for _, complaint in word_problems(value))
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _metadata_complaints(item)


def without_code(text: str) -> str:
    """The text with code blocks, inline code and formulas blanked out, offsets kept."""

    def blank(match: re.Match[str]) -> str:
        return re.sub(r"[^\n]", " ", match[0])

    text = re.sub(r"^(```+).*?^\1[ \t]*$", blank, text, flags=re.M | re.S)
    text = re.sub(r"(`+)(?!`).+?(?<!`)\1(?!`)", blank, text)
    return re.sub(r"\$\$.+?\$\$|\$[^$\n]+\$", blank, text, flags=re.S)


def text_problems(text: str) -> Iterator[tuple[int, str]]:
    """(offset, complaint) for whatever is not plain Markdown with our labels, links and leads."""
    for match in re.finditer(r"^[ \t]*(:::+|```+ *\{)", text, re.M):
        yield match.start(), "raw directive: use a blockquote with a bold lead, or a code cell"
    for match in re.finditer(r"\{[a-z][\w:.-]*\}(?=`)", text):
        yield match.start(), f"role {match[0]}: write a plain link or `code`"
    for match in re.finditer(r"^\([\w-]+\)=", text, re.M):
        yield match.start(), 'MyST label: write <a id="sec-…"></a> above the heading'
    plain = without_code(text)
    for match in re.finditer("[«»]", plain):
        yield match.start(), "« » belong to code cells; in text use “ ”"
    for match in re.finditer(r"</?([a-zA-Z][\w-]*)[^>]*>", plain):
        if match[1].lower() not in HTML:
            yield match.start(), f"raw HTML <{match[1]}>: only {', '.join(sorted(HTML))} show everywhere"
    for match in re.finditer(r"<a [^>]*>", plain):
        label = re.fullmatch(r'<a id="([^"]*)">', match[0])
        if not label or not LABEL_NAME.fullmatch(label[1]):
            yield match.start(), f'{match[0]}: a label is <a id="sec-…"></a> (or eq-, fig-, tab-; a-z, 0-9 and -)'
    for match in re.finditer(r"!\[", plain):
        yield match.start(), "picture in text: every picture is drawn by a code cell"
    for match in LINK.finditer(plain):
        if len(match[1].strip()) < 2:
            yield match.start(), f"link to {match[2]} has no words"
    for match in HEADING.finditer(plain):
        before = plain[: match.start()].rstrip()
        if not re.search(r'<a id="sec-[^"]*"></a>$', before):
            yield match.start(), 'heading without a label: put <a id="sec-…"></a> above it, so that links last'


def link_problems(chapters: dict[Path, list[Cell]]) -> Iterator[Problem]:
    """What is wrong between files: labels used twice, links and citations that lead nowhere."""
    bibliography = load_references()
    home: dict[str, Path] = {}
    for path, cells in chapters.items():
        for cell, match in _matches(cells, LABEL):
            if home.setdefault(match[1], path) != path:
                yield Problem(path, _line(cell, match), f"label {match[1]!r} also stands in {home[match[1]].name}")
    for path, cells in chapters.items():
        for cell, match in _matches(cells, LINK):
            file, _, anchor = match[2].partition("#")
            line = _line(cell, match)
            if re.match(r"[a-z]+:", match[2]):
                continue
            if anchor.startswith("cite-"):
                if anchor.removeprefix("cite-") not in bibliography:
                    yield Problem(path, line, f"citation {anchor!r} is not in book/data/references.bib")
                continue
            target = path if not file else path.with_name(file).with_suffix(".md") if file.endswith(".ipynb") else None
            if target is None or target not in chapters:
                yield Problem(path, line, f"link to {match[2]}: no such chapter (write NAME.ipynb#label)")
            elif anchor and home.get(anchor) != target:
                yield Problem(path, line, f"link to {match[2]}: no such label in {target.name}")


def value_problems(path: Path, cells: list[Cell], results: Results) -> Iterator[Problem]:
    """‹…› markers that name no recorded value."""
    for cell, match in _matches(cells, VALUE):
        try:
            results.fill(match[0], "en")
        except (KeyError, ValueError, TypeError) as error:
            yield Problem(path, _line(cell, match), f"{match[0]}: {error.args[0]}")


def _matches(cells: list[Cell], pattern: re.Pattern[str]) -> Iterator[tuple[Cell, re.Match[str]]]:
    for cell in cells:
        if cell.kind == "markdown":
            for match in pattern.finditer(without_code(cell.text)):
                yield cell, match


def _line(cell: Cell, match: re.Match[str]) -> int:
    return cell.line + cell.text.count("\n", 0, match.start())


def read_all(folder: Path = CHAPTERS) -> dict[Path, list[Cell]]:
    """Every chapter, checked alone and against the others; raises SourceError with all problems."""
    chapters, problems = {}, []
    for path in sorted(folder.glob("*.md")):
        try:
            chapters[path] = read(path)
        except SourceError as error:
            problems += error.problems
    results = Results(DATA / "results")
    problems += link_problems(chapters)
    for path, cells in chapters.items():
        problems += value_problems(path, cells, results)
    if problems:
        raise SourceError(problems)
    return chapters


def main() -> None:
    """Check the chapters; the exit code says whether all is well."""
    try:
        chapters = read_all()
    except SourceError as error:
        sys.exit(f"{error}\n{len(error.problems)} problem(s) in the source")
    print(f"{len(chapters)} chapter(s), no problem")


if __name__ == "__main__":
    main()
