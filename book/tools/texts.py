"""What the lint reads: every Vietnamese text of the book beside its English, with file and line.

Chapters and pages, the «tiếng Việt|English» words of code and metadata, the messages of Python code
(`say(vi, en)`, `require(fine, vi, en)`, `vi=…, en=…`, `{"vi": …, "en": …}`), the words of explorables
(`say("…", "…")`, `vi: "…", en: "…"` in .mjs and .js), and the definitions and facts in book/data.
"""

import ast
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from book.tools import CHAPTERS, DATA, ROOT
from book.tools.markers import VALUE, WORDS, choose
from book.tools.source import Cell, read, without_code

Band = tuple[str, float, float]
QUOTE = re.compile(r"\*“[^“”]*”\*")  # *“mạng thần kinh”*: a wrong form is quoted
LIST_LINE = re.compile(r"^\[[\w-]+\]$", re.M)  # [glossary]: made when the site is built
HOLE = "{}"  # what a message fills in


@dataclass(frozen=True)
class Passage:
    """A Vietnamese text, its English twin, and the line (from 1) on which the Vietnamese begins."""

    kind: str  # "prose", "label" (figures, alt texts), "message", "note" (no twin) or "claim" (quotes others)
    vi: str
    en: str | None
    line: int

    def line_of(self, offset: int) -> int:
        """The line of a place in the Vietnamese text."""
        return self.line + self.vi.count("\n", 0, offset)


@dataclass(frozen=True)
class Document:
    """The texts of one file."""

    path: Path
    passages: tuple[Passage, ...]
    kind: str  # "chapter", "page", "code" or "data"
    bands: tuple[Band, ...] = ()  # what cells of a chapter assert
    raw: str = ""  # the whole file

    def of(self, *kinds: str) -> Iterator[Passage]:
        """The passages of these kinds."""
        return (passage for passage in self.passages if passage.kind in kinds)


def blank(pattern: re.Pattern[str], text: str) -> str:
    """The text with every match overwritten by spaces, offsets and lines kept."""
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)


HIDDEN = [
    re.compile(r"</?[a-zA-Z][^>]*>"),  # tags
    re.compile(r"(?<=\])\([^)\s]*\)"),  # where links lead
    re.compile(r"https?://\S+"),
    QUOTE,
    VALUE,
    LIST_LINE,
    re.compile(r"\{[^{}\n]*\}|%\(\w+\)s"),  # holes of messages
]
ENGLISH = re.compile(
    r"\(\*[^()]*\)|(?<!\*)\*[A-Za-z][A-Za-z ,.’'-]*\*(?!\*)"
)  # (*activation function*); *normalisation*


def words(text: str) -> str:
    """The text without code, formulas, tags, addresses, quotations and values, offsets kept."""
    text = without_code(text)
    for pattern in HIDDEN:
        text = blank(pattern, text)
    return text


def blocks(text: str) -> list[tuple[int, str]]:
    """(offset, text) of each paragraph: what stands between blank lines, code blocks in one piece."""
    holes = [match.span() for match in re.finditer(r"^(```+).*?^\1[ \t]*$", text, re.M | re.S)]
    result, start = [], 0
    for match in [*re.finditer(r"\n[ \t]*\n+", text), None]:
        if match and any(begin < match.start() < end for begin, end in holes):
            continue
        end = match.start() if match else len(text)
        if text[start:end].strip():
            result.append((start, text[start:end]))
        start = match.end() if match else end
    return result


def paired(passage: Passage) -> list[tuple[int, str, str]]:
    """(offset, Vietnamese, English) paragraph by paragraph, or the whole where their number differs."""
    if passage.en is None:
        return []
    vi, en = blocks(passage.vi), blocks(passage.en)
    if len(vi) != len(en):
        return [(0, passage.vi, passage.en)]
    return [(offset, text, other) for (offset, text), (_, other) in zip(vi, en, strict=True)]


def chapter(path: Path, cells: list[Cell], raw: str) -> Document:
    """A chapter: its pairs of text cells, the words in its code, the bands that it asserts."""
    passages = [
        Passage("prose", cell.text, after.text, cell.line)
        for cell, after in itertools.pairwise(cells)
        if cell.lang == "vi" and after.lang == "en"
    ]
    passages += markers(raw)
    bands = tuple(band for cell in cells if cell.kind == "code" for band in find_bands(cell.text))
    return Document(path, tuple(passages), "chapter", bands, raw)


def markers(raw: str) -> list[Passage]:
    """Every «tiếng Việt|English»."""
    found = []
    for match in WORDS.finditer(raw):
        vi, _, en = match[1].partition("|")
        found.append(Passage("label", vi, en, raw.count("\n", 0, match.start()) + 1))
    return found


def find_bands(code: str) -> Iterator[Band]:
    """The name and the two ends of every d2l.band(name, value, low, high)."""
    for node in ast.walk(ast.parse(choose(code, "vi"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "band":
            try:
                name, low, high = (ast.literal_eval(node.args[i]) for i in (0, 2, 3))
            except (ValueError, IndexError):
                continue
            yield str(name), float(low), float(high)


def page(path: Path, vi: str, en: str | None) -> Document:
    """A page, one passage."""
    return Document(path, (Passage("prose", vi, en, 1),), "page", (), vi)


def python(path: Path, code: str) -> Document:
    """The messages of a Python file."""
    passages = []
    for node in ast.walk(ast.parse(code)):
        for vi, en in _pairs(node):
            texts = _literal(vi), _literal(en)
            if texts[0] is not None and texts[1] is not None and vi is not None:
                passages.append(Passage("message", texts[0], texts[1], vi.lineno))
    return Document(path, tuple(sorted(passages, key=lambda passage: passage.line)), "code", (), code)


def _pairs(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """The Vietnamese and the English expression of one call or dictionary."""
    if isinstance(node, ast.Call):
        name = (
            node.func.id
            if isinstance(node.func, ast.Name)
            else node.func.attr
            if isinstance(node.func, ast.Attribute)
            else ""
        )
        if name in ("say", "require") and len(node.args) >= 2:
            yield node.args[-2], node.args[-1]
        named = {keyword.arg: keyword.value for keyword in node.keywords}
        if "vi" in named and "en" in named:
            yield named["vi"], named["en"]
    if isinstance(node, ast.Dict):
        entries = {
            key.value: value for key, value in zip(node.keys, node.values, strict=True) if isinstance(key, ast.Constant)
        }
        if "vi" in entries and "en" in entries:
            yield entries["vi"], entries["en"]


def _literal(node: ast.expr) -> str | None:
    """The words of a string or f-string, with {} for what is filled in; None for any other expression."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else HOLE for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _literal(node.left), _literal(node.right)
        return None if left is None or right is None else left + right
    return None


STRING = r'("(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|`(?:[^`\\]|\\.)*`)'
SCRIPT = [re.compile(rf"\bsay\(\s*{STRING}\s*,\s*{STRING}"), re.compile(rf"\bvi:\s*{STRING}\s*,\s*en:\s*{STRING}")]


def script(path: Path, code: str) -> Document:
    """The words of an explorable."""
    passages = markers(code)
    for pattern in SCRIPT:
        for match in pattern.finditer(code):
            vi, en = (re.sub(r"\$\{[^}]*\}", HOLE, text[1:-1]) for text in match.groups())
            passages.append(Passage("message", vi, en, code.count("\n", 0, match.start(1)) + 1))
    return Document(path, tuple(passages), "code", (), code)


DATA_TEXTS = [
    ("prose", "def_vi", "def_en"),
    ("prose", "fact_vi", "fact"),
    ("claim", "claim_vi", "claim"),
    ("note", "note", None),
]


def data(path: Path, raw: str) -> Document:
    """The texts of glossary.yml and claims.yml that become pages."""
    passages = []
    root = yaml.compose(raw)
    for entry in root.value if root else ():
        values = {key.value: value for key, value in entry.value}
        for kind, vi, en in DATA_TEXTS:
            if vi in values:
                other = values[en].value if en in values else None
                passages.append(Passage(kind, values[vi].value, other, values[vi].start_mark.line + 1))
    return Document(path, tuple(passages), "data", (), raw)


def everything() -> Iterator[Document]:
    """All the documents of the book."""
    for path in sorted(CHAPTERS.glob("*.md")):
        yield chapter(path, read(path), path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "book" / "vi").glob("*.md")):
        twin = ROOT / "book" / "en" / path.name
        yield page(path, path.read_text(encoding="utf-8"), twin.read_text(encoding="utf-8") if twin.is_file() else None)
    for folder in (ROOT / "d2l_vn", ROOT / "book" / "tools", ROOT / "book" / "theme"):
        for path in sorted(folder.rglob("*.py")):
            yield python(path, path.read_text(encoding="utf-8"))
        for path in sorted([*folder.rglob("*.mjs"), *folder.rglob("*.js")]):
            yield script(path, path.read_text(encoding="utf-8"))
    for name in ("glossary.yml", "claims.yml"):
        yield data(DATA / name, (DATA / name).read_text(encoding="utf-8"))
