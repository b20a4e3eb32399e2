"""The two markers of the source: «tiếng Việt|English» in code, ‹result.key:.2f› in text."""

import ast
import io
import json
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean
from typing import Any

WORDS = re.compile(r"«([^«»]*)»")
VALUE = re.compile(r"‹([^‹›]*)›")
THIN_SPACE = "\N{NARROW NO-BREAK SPACE}"  # between groups of three digits, in both languages


def choose(text: str, lang: str) -> str:
    """Keep the words of one language: «mất mát|loss» becomes "mất mát" for vi, "loss" for en."""
    return WORDS.sub(lambda m: m[1].split("|")[("vi", "en").index(lang)], text)


def choose_all(value: Any, lang: str) -> Any:
    """The same in every string of nested cell metadata."""
    if isinstance(value, dict):
        return {key: choose_all(item, lang) for key, item in value.items()}
    if isinstance(value, list):
        return [choose_all(item, lang) for item in value]
    return choose(value, lang) if isinstance(value, str) else value


def word_problems(text: str) -> Iterator[tuple[int, str]]:
    """(offset, complaint) for each marker that is not closed or has not exactly one |."""
    for match in WORDS.finditer(text):
        if match[1].count("|") != 1:
            yield match.start(), f"{match[0]} needs exactly one | between Vietnamese and English"
    rest = WORDS.sub(lambda m: " " * len(m[0]), text)
    for match in re.finditer("[«»]", rest):
        yield match.start(), "» without its «" if match[0] == "»" else "« without its »: close it"


def code_problems(code: str) -> Iterator[tuple[int, str]]:
    """(line, complaint), from 0, for code whose markers are wrong or that is no valid Python."""
    complaints = list(word_problems(code))
    if complaints:
        yield from ((code.count("\n", 0, offset), complaint) for offset, complaint in complaints)
        return
    for lang in ("vi", "en"):
        try:
            ast.parse(choose(code, lang))
        except SyntaxError as error:
            yield (error.lineno or 1) - 1, f"not valid Python in the {lang} edition: {error.msg}"
            return
    spans = list(_word_spans(code))
    for match in WORDS.finditer(code):
        if not any(start <= match.start() and match.end() <= end for start, end in spans):
            line = code.count("\n", 0, match.start())
            yield line, f"{match[0]} must stand within one comment or one string"


def _word_spans(code: str) -> Iterator[tuple[int, int]]:
    """Offsets of every comment and string; f-strings are one token up to 3.11 and several after."""
    starts = [0]
    for line in code.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    depth, begin = 0, 0
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        start = starts[token.start[0] - 1] + token.start[1]
        end = starts[token.end[0] - 1] + token.end[1]
        name = tokenize.tok_name[token.type]
        if name == "FSTRING_START":
            depth, begin = depth + 1, begin if depth else start
        elif name == "FSTRING_END":
            depth -= 1
            if not depth:
                yield begin, end
        elif name in ("STRING", "COMMENT") and not depth:
            yield start, end


class Results:
    """The recorded measurements in book/data/results, one JSON file a run, read when asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def value(self, key: str) -> Any:
        """`lenet-relu.test_accuracy` is the key test_accuracy of lenet-relu.json; KeyError says what is missing.

        `lenet-relu-seed*.test_accuracy` is the mean over lenet-relu-seed0.json, lenet-relu-seed1.json …
        """
        name, *path = key.split(".")
        if name.endswith("*"):
            names = [file.stem for file in sorted(self.folder.glob(f"{name[:-1]}[0-9].json"))]
            if len(names) < 2:
                raise KeyError(f"{name} needs two recorded results or more")
            return fmean(self.value(".".join([one, *path])) for one in names)
        file = self.folder / f"{name}.json"
        if not file.is_file():
            raise KeyError(f"no recorded result {file.name}")
        value = json.loads(file.read_text(encoding="utf-8"))
        for part in path:
            try:
                value = value[int(part)] if isinstance(value, list) else value[part]
            except (KeyError, IndexError, ValueError, TypeError):
                raise KeyError(f"{file.name} has no {part!r} on the way to {key}") from None
        return value

    def fill(self, text: str, lang: str) -> str:
        """Replace each ‹key:format› by the recorded value, written as the language writes numbers."""

        def written(match: re.Match[str]) -> str:
            key, _, spec = match[1].partition(":")
            return number(format(self.value(key.strip()), spec), lang)

        return VALUE.sub(written, text)


def number(text: str, lang: str) -> str:
    """1,234.5 as the pages write it: thin space between thousands, decimal comma in Vietnamese."""
    if not re.fullmatch(r"[-+]?[\d,]*\.?\d*(e[-+]?\d+)?%?", text):
        return text
    text = text.replace(",", THIN_SPACE)
    return text.replace(".", ",") if lang == "vi" else text
