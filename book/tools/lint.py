"""Is the Vietnamese right, and does each text say the same in both languages? One function per rule.

python -m book.tools.lint              every text of the book: file:line: rule: what to do

To quote a wrong form, write *“mạng thần kinh”*: italics around quotation marks. In a box “Thường được dạy, nhưng sai.”
plain “…” will do. A decimal that pen and paper give is written as a formula, $0{,}25$: it was not measured.
"""

import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from book.tools import DATA, ROOT
from book.tools.source import LABEL, SourceError, without_code
from book.tools.terms import Term, fold, load_terms, uses, whole
from book.tools.texts import ENGLISH, QUOTE, Document, Passage, blank, blocks, everything, paired, words


@dataclass(frozen=True)
class Finding:
    """One place that breaks a rule, and what to write instead."""

    path: Path
    line: int
    rule: str
    text: str

    def __str__(self) -> str:
        path = self.path.relative_to(ROOT) if self.path.is_relative_to(ROOT) else self.path
        return f"{path}:{self.line}: {self.rule}: {self.text}"


Rule = Callable[[Document], Iterator[tuple[int, str]]]
RULES: dict[str, Rule] = {}
OWN = ("prose", "label", "message")  # texts in the book's own words, with an English twin


def rule(function: Rule) -> Rule:
    """Add a function to the rules, under its own name."""
    RULES[function.__name__.replace("_", "-")] = function
    return function


@cache
def vocabulary() -> dict[str, Any]:
    """Names, loan words and spellings of words.yml."""
    return dict(yaml.safe_load((DATA / "words.yml").read_text(encoding="utf-8")))


def sentence_around(text: str, start: int, end: int) -> str:
    """The sentence in which a place lies."""
    ends = [match.end() for match in re.finditer(r"[.!?…;](?=\s)|\n[ \t]*\n|\n(?=[-|>])", text)]
    before = max([place for place in ends if place <= start], default=0)
    after = min([place for place in ends if place >= end], default=len(text))
    return text[before:after]


@rule
def forbidden_form(document: Document) -> Iterator[tuple[int, str]]:
    """No form that the glossary says to avoid, in the context that makes it wrong."""
    for passage in document.of(*OWN):
        text = unquoted(passage)
        for term in load_terms():
            for avoid in term.avoid:
                form = whole(avoid.form)
                after = rf"(?:{'|'.join(map(re.escape, avoid.after))})\s+" if avoid.after else ""
                before = rf"\s+(?:{'|'.join(map(re.escape, avoid.before))})(?!\w)" if avoid.before else ""
                context = "|".join(part for part in (after and after + form, before and form + before) if part) or form
                for match in re.finditer(context, text, re.I):
                    sentence = sentence_around(text, *match.span()).lower()
                    if not any(exception.lower() in sentence for exception in avoid.unless):
                        yield passage.line_of(match.start()), f"“{match[0]}”: write “{term.vi}” ({term.english})"


def unquoted(passage: Passage) -> str:
    """The words of a passage without quotations, those in boxes about common errors included."""
    text = passage.vi
    for box in re.finditer(r"^> \*\*Thường được dạy, nhưng sai\.\*\*.*(?:\n>.*)*", text, re.M):
        text = text[: box.start()] + blank(re.compile("“[^“”]*”"), box[0]) + text[box.end() :]
    return words(text)


LAYER = re.compile(
    r"(?<!\w)lớp\s+(?:mạng\s+)?(?:ẩn|tích chập|gộp|kết nối|đầu vào|đầu ra|vào|ra|cuối cùng|softmax|dropout|chuẩn hóa|nơ-ron|"
    r"thứ\s+\w+|\d+)(?!\w)|(?<!\w)(?:nhiều|các|mỗi|từng|số)\s+lớp\s+(?:của\s+)?mạng(?!\w)",
    re.I,
)


@rule
def layer(document: Document) -> Iterator[tuple[int, str]]:
    """A layer is “tầng”; “lớp” is the class of an example."""
    for passage in document.of(*OWN):
        for match in LAYER.finditer(unquoted(passage)):
            right = re.sub("lớp", "tầng", match[0], flags=re.I)
            yield (
                passage.line_of(match.start()),
                f"“{match[0]}”: a layer is “{right}”; for a class say “nhãn” or name it",
            )


ONSET = "(?:b|ch?|d|đ|gh?|gi|h|kh?|l|m|ngh?|nh?|ph?|qu|r|s|th?|tr|v|x)?"
LIKE = re.compile(
    rf"{ONSET}(?:(?:[aeiouy]|oa|oe|oo|uy|ue|ua|ie|uo|ye|uye)(?:c|ch|m|n|ng|nh|p|t)?|a[iouy]|eo|eu|i[aou]|ieu|oai|oay|o[aei]|"
    r"oeo|u[aeiouy]|uay|uoi|uou|uya|uyu|yeu)", re.I,
)  # fmt: skip
TONELESS = re.compile(
    rf"{ONSET}(?:(?:[aeiouy]|oa|oe|oo|uy)(?:m|n|ng|nh)?|a[iouy]|eo|i[aou]|oai|oay|o[aei]|oeo|u[aeiouy]|uay|uya|uyu)",
    re.I,
)  # what a syllable without any mark can look like
COMMON_BARE = {"khong", "duoc", "nhung", "nguoi", "cua", "mot", "voi", "nhieu", "truoc", "thuoc", "tich", "huan"}
TOKEN = re.compile(r"(?<![\w./\\@#=-])[A-Za-z][A-Za-z'’]*(?:-[A-Za-z]+)*(?![\w/\\=@(-]|\.\w)")


@rule
def english_left(document: Document) -> Iterator[tuple[int, str]]:
    """No English word in Vietnamese text, save names, loan words, terms that keep it, and (*English in brackets*)."""
    for passage in document.of(*OWN, "note"):
        text = blank(ENGLISH, words(passage.vi))
        if passage.kind != "prose":
            text = blank(re.compile('“[^“”]*”|"[^"]*"'), text)
        for match in TOKEN.finditer(text):
            word = match[0]
            if not _may_stand(word, text[: match.start()]):
                yield (
                    passage.line_of(match.start()),
                    f"“{word}”: say it in Vietnamese; a name or loan word goes into words.yml",
                )


def _may_stand(word: str, before: str) -> bool:
    """Whether a word of bare letters is Vietnamese, a name, or borrowed."""
    if word.lower() in COMMON_BARE or len(word) == 1 or re.search(r"[A-Z]", word[1:]):
        return True  # without its marks: another rule says so; a letter; a name like LeNet
    if word.lower() in _borrowed() or all(part.lower() in _borrowed() for part in word.split("-")):
        return True
    if word[0].isupper() and (
        word in vocabulary()["names"] or not re.search(r"(?:^|[.!?:…“(|>*#\n-])\s*[*_“(]*$", before)
    ):
        return True
    return word.lower() != "the" and all(TONELESS.fullmatch(part) for part in word.split("-"))


@cache
def _borrowed() -> frozenset[str]:
    """Every word of the terms that stay English, and the loan words."""
    kept = {part.lower() for term in load_terms() if term.keep for part in term.vi.split()}
    parts = {part.lower() for term in load_terms() for part in term.vi.split() if part.isascii()}
    return frozenset(kept | parts | {str(word).lower() for word in vocabulary()["loanwords"]})


@rule
def no_diacritics(document: Document) -> Iterator[tuple[int, str]]:
    """No Vietnamese written without its marks."""
    bare = {fold(term.vi): term.vi for term in load_terms() if " " in term.vi and fold(term.vi) != term.vi.lower()}
    for passage in document.of(*OWN):
        text = blank(ENGLISH, words(passage.vi))
        for form, right in bare.items():
            for match in re.finditer(whole(form), text, re.I):
                yield passage.line_of(match.start()), f"“{match[0]}”: write “{right}”"
        for match in TOKEN.finditer(text):
            if match[0].lower() in COMMON_BARE:
                yield passage.line_of(match.start()), f"“{match[0]}”: write it with its marks"
        for match in re.finditer(r"[^.!?:;…\n|]+", text):
            syllables = re.findall(r"[^\W\d_]+", match[0])
            bare_line = len(syllables) >= 4 and all(part.isascii() and LIKE.fullmatch(part) for part in syllables)
            if bare_line and (len(syllables) > 6 or not all(map(TONELESS.fullmatch, syllables))):
                yield passage.line_of(match.start()), f"“{match[0].strip()}”: write it with its marks"


OLD_TONE = re.compile(r"(?<![qQ\w])(\w*)(o[àáảãạ]|o[èéẻẽẹ]|(?<![qQ])u[ỳýỷỹỵ])(?!\w)", re.I)
MOVED = dict(
    zip(
        "àáảãạèéẻẽẹỳýỷỹỵ",
        ["òa", "óa", "ỏa", "õa", "ọa", "òe", "óe", "ỏe", "õe", "ọe", "ùy", "úy", "ủy", "ũy", "ụy"],
        strict=True,
    )
)


@rule
def spelling(document: Document) -> Iterator[tuple[int, str]]:
    """One spelling: hóa with the mark on o, tỉ lệ, kí hiệu and what else words.yml lists."""
    forms = vocabulary()["spelling"]
    listed = re.compile("|".join(whole(form) for form in sorted(forms, key=len, reverse=True)), re.I)
    for passage in document.of(*OWN, "note", "claim"):
        text = words(passage.vi)
        if passage.kind == "note":
            text = blank(re.compile("“[^“”]*”"), text)
        for match in OLD_TONE.finditer(text):
            if not match[1].lower().endswith("q"):
                yield passage.line_of(match.start()), f"“{match[0]}”: write “{match[1]}{MOVED[match[2][1].lower()]}”"
        for match in listed.finditer(text):
            right = forms[re.sub(r"\s+", " ", match[0].lower())]
            yield passage.line_of(match.start()), f"“{match[0]}”: write “{right}”"


WIDE = re.compile(r"(?<![\w.,])\d{1,3}(?:[ \u00a0\u2009]\d{3})+(?![\d.,]*\w)")


@rule
def thousands(document: Document) -> Iterator[tuple[int, str]]:
    """The space between groups of three digits is narrow and does not break a line (U+202F), in both languages."""
    for passage in document.of("prose", "label"):
        for language in (passage.vi, passage.en or ""):
            for match in WIDE.finditer(without_code(language)):
                right = re.sub(r"\s", "\u202f", match[0])
                place = match.start() if language is passage.vi else 0  # an English offset says nothing of Vietnamese lines
                yield passage.line_of(place), f"“{match[0]}”: write “{right}” with narrow no-break spaces (U+202F)"


@rule
def first_use(document: Document) -> Iterator[tuple[int, str]]:
    """The first use of a term in a chapter has its English in brackets: hàm kích hoạt (*activation function*)."""
    seen: set[str] = set()
    for passage in document.of("prose") if document.kind == "chapter" else ():
        text = blank(QUOTE, blank(re.compile(r"^#.*", re.M), without_code(passage.vi)))
        text = blank(re.compile(r"</?[a-zA-Z][^>]*>|(?<=\])\([^)\s]*\)"), text)
        for start, end, term in uses(blank(re.compile(r"\(\*[^()]*\)"), text), "vi"):
            if term.slug in seen or term.keep or term.everyday or term.vi.lower() == term.english.lower():
                continue
            seen.add(term.slug)
            if _has_english(text[end : end + 120], term):
                seen |= _parts_of(term)
            else:
                yield passage.line_of(start), f"“{text[start:end]}” for the first time: add (*{term.english}*)"


@cache
def _parts_of(term: Term) -> frozenset[str]:
    """Shorter terms that are introduced with it: after tầng gộp (*pooling layer*), tầng and gộp are known."""
    inside = [part for part in load_terms() if re.search(whole(part.vi), term.vi, re.I)]
    return frozenset(
        part.slug for part in inside if any(form[:6].lower() in term.english.lower() for form in part.forms("en"))
    )


def _has_english(after: str, term: Term) -> bool:
    """Whether the English follows at once in brackets."""
    match = re.match(r"[*_“”]{0,3}\s*\(([^()]*)\)", after)
    return bool(match) and any(form.lower() in match[1].lower() for form in term.forms("en")) if match else False


@rule
def decomposed(document: Document) -> Iterator[tuple[int, str]]:
    """Letters and marks are one character (Unicode NFC), not several."""
    for number, line in enumerate(document.raw.split("\n"), 1):
        composed = unicodedata.normalize("NFC", line)
        if line != composed:
            odd = next(i for i, (a, b) in enumerate(zip(line, composed, strict=False)) if a != b)
            yield (
                number,
                f"decomposed letters near “{composed[max(0, odd - 10) : odd + 10].strip()}”: save the file as NFC",
            )


STOPS = (".", "!", "?", ":", "…", ";")


@rule
def end_punctuation(document: Document) -> Iterator[tuple[int, str]]:
    """A paragraph or list item ends with a punctuation mark; a label or message does where its English does."""
    for passage in document.of("prose", "note"):
        parts = blocks(passage.vi)
        for i, (offset, text) in enumerate(parts):
            following = next((part for _, part in parts[i + 1 :] if not LABEL.fullmatch(part.strip())), "")
            for start, piece in _pieces(text):
                if not _stops(piece) and not following.startswith("$$"):
                    yield passage.line_of(offset + start), f"“…{piece[-30:]}”: end it with a full stop or another mark"
    for passage in document.of("label", "message"):
        if passage.en is not None and _stops(passage.vi) != _stops(passage.en):
            odd = "Vietnamese" if _stops(passage.en) else "English"
            yield passage.line_of(0), f"“…{passage.vi[-30:]}”: only one language ends with a mark; add it to the {odd}"


def _pieces(block: str) -> Iterator[tuple[int, str]]:
    """(offset, text) of the sentences' ends to look at: list items one by one; nothing of tables, code, headings, tags."""
    lines = blank(re.compile(r"^#.*$|^</?(?:details|summary|a|br)\b.*$", re.M), block)
    if not lines.strip() or re.match(r"\s*(?:```|\||\$\$|\[[^\]]*\](?:\([^)]*\))?\s*$)", lines):
        return
    starts = [match.start() for match in re.finditer(r"^[ \t]*(?:[-*]|\d+\.) ", lines, re.M)]
    if not starts or lines[: starts[0]].strip():
        starts.insert(0, 0)
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        if lines[start:end].strip():
            yield start, lines[start:end].rstrip()


def _stops(text: str) -> bool:
    """Whether a text ends with a mark, whatever closes after it."""
    text = text.rstrip().removesuffix("$$").rstrip() if text.rstrip().endswith("$$") else text.rstrip()
    return text.rstrip("*_”\")'’ ").endswith(STOPS) or text.endswith("$$")


NUMBER = re.compile(r"(?<![\w.,^_])\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?!\d)(?:[.,]\d+)?|(?<![\w^_])\d+(?:[.,]\d+)*")


def numbers(text: str) -> Counter[str]:
    """The numbers of a text, written in one way: no spaces between thousands, a point before decimals."""
    return Counter(re.sub(r"[\s\u00a0\u2009\u202f]", "", match[0]).replace(",", ".") for match in NUMBER.finditer(text))


NUMBER_WORDS = {
    "vi": ["không", "một|nhất", "hai", "ba", "bốn|tư", "năm", "sáu", "bảy", "tám", "chín", "mười"],
    "en": [
        "zeros?|nought",
        "ones?|first|once|January",
        "two|second|twice|February",
        "three|third|March",
        "four|fourth|April",
        "five|fifth|May",
        "six|sixth|June",
        "seven|seventh|July",
        "eight|eighth|August",
        "nine|ninth|September",
        "ten|tenth|October",
        "eleven|November",
        "twelve|December",
    ],
}


def _without_spelt(odd: Counter[str], other: str, lang: str) -> Counter[str]:
    """Those of the numbers that the other language does not have as a word either: số 0, a zero."""
    spelt = {str(n) for n, word in enumerate(NUMBER_WORDS[lang]) if re.search(rf"(?<!\w)(?:{word})(?!\w)", other, re.I)}
    return Counter({number: count for number, count in odd.items() if number not in spelt})


@rule
def pair_numbers(document: Document) -> Iterator[tuple[int, str]]:
    """The two languages of a pair have the same numbers."""
    for passage in document.of(*OWN, "claim"):
        for offset, vi, en in paired(passage):
            here, there = numbers(words(vi)), numbers(words(en))
            more, less = _without_spelt(here - there, en, "en"), _without_spelt(there - here, vi, "vi")
            yield from _differences(passage, offset, more, less, "numbers")


def _differences(
    passage: Passage, offset: int, vi: Counter[str], en: Counter[str], what: str
) -> Iterator[tuple[int, str]]:
    if vi != en:
        sides = [
            f"{', '.join(sorted(more.elements()))} only in {name}"
            for more, name in ((vi - en, "vi"), (en - vi, "en"))
            if more
        ]
        yield passage.line_of(offset), f"{what} differ: {'; '.join(sides)}"


def formulas(text: str) -> Counter[str]:
    """The formulas of a text, written in one way: decimals with a point, no thin spaces, no words."""
    text = re.sub(r"^(```+).*?^\1[ \t]*$|(`+)(?!`).+?(?<!`)\2(?!`)", "", text, flags=re.M | re.S)
    found = re.findall(r"\$\$(.+?)\$\$|\$([^$\n]+)\$", text, re.S)
    plain = (
        re.sub(r"\\[,;:!]|\\text\{[^}]*\}|\s", "", (block or inline).replace("{,}", ".")) for block, inline in found
    )
    return Counter(plain)


@rule
def pair_formulas(document: Document) -> Iterator[tuple[int, str]]:
    """The two languages of a pair have the same formulas, a decimal comma {,} in Vietnamese apart."""
    for passage in document.of(*OWN, "claim"):
        for offset, vi, en in paired(passage):
            yield from _differences(passage, offset, formulas(vi), formulas(en), "formulas")


@rule
def pair_links(document: Document) -> Iterator[tuple[int, str]]:
    """A page has a twin, with the same labels and links (chapters: book.tools.source)."""
    for passage in document.of("prose") if document.kind == "page" else ():
        if passage.en is None:
            yield 1, f"write book/en/{document.path.name} as well"
            continue
        for what, pattern in (("labels", LABEL), ("links", re.compile(r"\]\(([^)\s]+)\)"))):
            vi, en = (
                Counter(target.replace("/en/", "/vi/") for target in pattern.findall(text))
                for text in (passage.vi, passage.en)
            )
            odd = next(iter(vi - en), "")
            place = passage.vi.find(odd) if odd else 0
            yield from _differences(passage, place, vi, en, what)


MEASURED = {
    "accuracy": re.compile(r"độ chính xác(?! số học)|tỉ lệ (?:ảnh được )?(?:đoán|phân loại) đúng|accuracy", re.I),
    "error": re.compile(r"(?<!báo )lỗi|tỉ lệ (?:đoán|phân loại) sai|error", re.I),
    "time": re.compile(r"(?<!\w)giây|(?<!\w)phút(?!\w)|thời gian (?:chạy|tính|huấn luyện)|seconds", re.I),
    "speed": re.compile(r"tốc độ(?! học)|(?:nhanh|chậm) (?:hơn|gấp)|ảnh/giây|mẫu/giây|thông lượng|speed", re.I),
    "memory": re.compile(r"bộ nhớ|(?<!\w)[MG]i?B(?!\w)|byte|memory", re.I),
}
QUANTITY = re.compile(r"(?<![\w.,])\d+,\d+(?:\s?%)?|(?<![\w.,])\d+\s?%")


@rule
def measured_value(document: Document) -> Iterator[tuple[int, str]]:
    """A decimal or percentage beside accuracy, error, time, speed or memory is ‹recorded›, in a band, cited, or a formula."""
    for passage in document.of("prose", "label") if document.kind in ("chapter", "page") else ():
        text = unquoted(passage)
        for match in QUANTITY.finditer(text):
            sentence = sentence_around(text, *match.span())
            whole_sentence = sentence_around(passage.vi, *match.span())
            kinds = [kind for kind, pattern in MEASURED.items() if pattern.search(sentence)]
            if kinds and "#cite-" not in whole_sentence and not _in_band(match[0], kinds, document):
                yield (
                    passage.line_of(match.start()),
                    f"{match[0]} beside {', '.join(kinds)}: take it from a result (‹name.key:.2f›), assert a band, cite a source, "
                    "or write it as a formula if it is exact",
                )


def _in_band(written: str, kinds: list[str], document: Document) -> bool:
    """Whether a band of the chapter, named after such a quantity, holds the value."""
    value = float(written.rstrip("% ").strip().replace(",", ".")) / (100 if "%" in written else 1)
    return any(
        low <= value <= high and any(MEASURED[kind].search(name) or kind in name for kind in kinds)
        for name, low, high in document.bands
    )


def check(document: Document) -> list[Finding]:
    """Every finding in one file, by line."""
    found = {
        Finding(document.path, line, name, text)
        for name, function in RULES.items()
        for line, text in function(document)
    }
    return sorted(found, key=lambda finding: (finding.line, finding.rule, finding.text))


def main() -> None:
    """Check all texts; the exit code says whether all is well."""
    try:
        documents = list(everything())
    except SourceError as error:
        sys.exit(str(error))
    found = [finding for document in documents for finding in check(document)]
    if found:
        sys.exit("\n".join(map(str, found)) + f"\n{len(found)} finding(s)")
    texts = sum(len(document.passages) for document in documents)
    print(f"{texts} texts in {len(documents)} files, {len(RULES)} rules, no finding")


if __name__ == "__main__":
    main()
