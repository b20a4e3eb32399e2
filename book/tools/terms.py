"""The glossary: its terms, where a text uses them, and the glossary page made from them."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from book.tools import DATA

GLOSSARY = DATA / "glossary.yml"
TOPICS = {
    "data": ("Dữ liệu và đánh giá", "Data and evaluation"),
    "network": ("Mạng và các tầng", "Networks and layers"),
    "convolution": ("Ảnh và tích chập", "Images and convolution"),
    "training": ("Huấn luyện", "Training"),
    "overfitting": ("Quá khớp và cách chống", "Overfitting and what helps"),
    "maths": ("Toán", "Mathematics"),
    "machine": ("Máy tính", "Computers"),
}
LABELS = {
    "also": {"vi": "Cũng gặp", "en": "Also met in Vietnamese"},
    "avoid": {"vi": "Nên tránh", "en": "Better avoided in Vietnamese"},
}


@dataclass(frozen=True)
class Avoid:
    """A form that the Vietnamese text must not use, and the context that makes it wrong."""

    form: str
    after: tuple[str, ...] = ()  # only where one of these stands just before it
    before: tuple[str, ...] = ()  # ... or one of these just after it
    unless: tuple[str, ...] = ()  # not where one of these stands in the same sentence


@dataclass(frozen=True)
class Term:
    """One entry of the glossary."""

    en: str
    vi: str
    topic: str
    def_vi: str
    def_en: str
    keep: bool = False
    everyday: bool = False
    also: tuple[str, ...] = ()
    also_en: tuple[str, ...] = ()
    note: str = ""
    note_en: str = ""
    avoid: tuple[Avoid, ...] = ()

    @property
    def slug(self) -> str:
        """The anchor on the glossary page: term-fully-connected-layer."""
        return "term-" + re.sub(r"[^a-z0-9]+", "-", self.en.lower()).strip("-")

    @property
    def english(self) -> str:
        """The English term without the words in brackets that tell meanings apart."""
        return re.sub(r" \(.*\)$", "", self.en)

    def forms(self, lang: str) -> list[str]:
        """The words by which a text in this language uses the term."""
        return [self.vi] if lang == "vi" else [self.english, *self.also_en]

    def definition(self, lang: str) -> str:
        """What the term means."""
        return self.def_vi if lang == "vi" else self.def_en


def read_term(entry: dict[str, Any]) -> Term:
    """One entry of the file, its `avoid` items made alike."""
    items = [item if isinstance(item, dict) else {"form": item} for item in entry.get("avoid", [])]
    avoid = tuple(
        Avoid(item["form"], *(tuple(item.get(key, ())) for key in ("after", "before", "unless"))) for item in items
    )
    lists = {key: tuple(entry.get(key, ())) for key in ("also", "also_en")}
    return Term(**(entry | lists | {"avoid": avoid}))


@cache
def load_terms() -> tuple[Term, ...]:
    """Every term of glossary.yml."""
    return tuple(read_term(entry) for entry in yaml.safe_load(GLOSSARY.read_text(encoding="utf-8")))


def whole(form: str) -> str:
    """A pattern for a phrase that is not part of a longer word, however its spaces are written."""
    return rf"(?<![\w-]){re.escape(form)}(?!\w)".replace(r"\ ", r"\s+")


def _plural(form: str) -> str:
    """A pattern for an English noun in singular or plural."""
    if form.endswith("matrix"):
        return re.escape(form[:-1]) + "(?:x|ces)"
    if form.endswith("y") and form[-2] not in "aeiou":
        return re.escape(form[:-1]) + "(?:y|ies)"
    return re.escape(form) + ("(?:es)?" if form.endswith(("s", "x", "ch", "sh")) else "s?")


@cache
def _pattern(terms: tuple[Term, ...], lang: str) -> tuple[re.Pattern[str], dict[str, Term]]:
    """One pattern for all terms, longer forms first, and the term of each of its groups."""
    pairs = sorted(((form, term) for term in terms for form in term.forms(lang)), key=lambda pair: -len(pair[0]))
    groups = {f"t{i}": term for i, (_, term) in enumerate(pairs)}
    written = [re.escape(form) if lang == "vi" else _plural(form) for form, _ in pairs]
    parts = "|".join(f"(?P<t{i}>{form})" for i, form in enumerate(written)).replace(r"\ ", r"\s+")
    return re.compile(rf"(?<![\w-])(?:{parts})(?!\w)", re.I), groups


def uses(text: str, lang: str, terms: tuple[Term, ...] | None = None) -> Iterator[tuple[int, int, Term]]:
    """(start, end, term) for every use, the longest term where several begin."""
    pattern, groups = _pattern(load_terms() if terms is None else terms, lang)
    for match in pattern.finditer(text):
        yield match.start(), match.end(), groups[str(match.lastgroup)]


def fold(text: str) -> str:
    """tích chập -> tich chap. NFD parts letters from their marks, except đ, which is a letter of its own."""
    parts = unicodedata.normalize("NFD", text.lower().replace("đ", "d").replace("Đ", "d"))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def glossary_page(lang: str) -> str:
    """Markdown of the whole glossary: topics, and in each the terms in the order of the language."""
    sections = []
    for topic, titles in TOPICS.items():
        terms = [term for term in load_terms() if term.topic == topic]
        terms.sort(key=lambda term: fold(term.vi if lang == "vi" else term.en))
        title = titles[("vi", "en").index(lang)]
        entries = [_glossary_entry(term, lang) for term in terms]
        sections.append(f'<a id="sec-glossary-{topic}"></a>\n## {title}\n\n' + "\n\n".join(entries))
    return "\n\n".join(sections)


def _glossary_entry(term: Term, lang: str) -> str:
    """One term: both languages, definition, other forms, the reason for the choice."""
    vi, en = f'<span lang="vi">{term.vi}</span>', f'<span lang="en">{term.english}</span>'
    head, other = (term.vi, en) if lang == "vi" else (term.en, vi)
    text = f'<a id="{term.slug}"></a>**{head}**' + (f" ({other})" if term.vi != term.en else "")
    text += f". {term.definition(lang)}"
    bad = [item.form for item in term.avoid if item.form not in term.also]
    for label, forms in (("also", term.also), ("avoid", bad)):
        if forms:
            listed = ", ".join(f'“<span lang="vi">{form}</span>”' for form in forms)
            text += f" *{LABELS[label][lang]}:* {listed}."
    note = term.note if lang == "vi" else term.note_en
    return text + (f" {note}" if note else "")
