"""References: book/data/references.bib, written out in either language."""

import re
from functools import cache
from typing import Any

from pybtex.database import parse_file

from book.tools import DATA

# The few words that a reference needs besides what the .bib file says.
WORDS = {
    "vi": {"and": "và", "others": "và cộng sự", "In": "Trong", "pages": "tr.", "link": "bản trực tuyến"},
    "en": {"and": "and", "others": "et al.", "In": "In", "pages": "pp.", "link": "online"},
}
CITATION = re.compile(r"\]\(#cite-([\w-]+)\)")


@cache
def load_references() -> dict[str, Any]:
    """The entries of references.bib by key."""
    return dict(parse_file(str(DATA / "references.bib")).entries)


def reference(key: str, lang: str) -> str:
    """One entry as Markdown: authors (year). Title. *Where*, volume(number), pages. [online](url)"""
    entry = load_references()[key]
    fields, words = {name: _plain(value) for name, value in entry.fields.items()}, WORDS[lang]
    people = [
        " ".join(p.first_names + p.middle_names + p.prelast_names + p.last_names) for p in entry.persons["author"]
    ]
    authors = _plain(people[0] if len(people) == 1 else f"{', '.join(people[:-1])} {words['and']} {people[-1]}")
    text = f"{authors} ({fields['year']}). {fields['title']}."
    where = fields.get("journal") or fields.get("booktitle") or fields.get("howpublished")
    if where:
        issue = fields.get("volume", "") + (f"({fields['number']})" if "number" in fields else "")
        pages = f"{words['pages']} {fields['pages'].replace('--', '–')}" if "pages" in fields else ""
        lead = f"{words['In']} " if "booktitle" in fields else ""
        text += f" {lead}*{where}*" + "".join(f", {part}" for part in (issue, pages) if part) + "."
    url = f"https://doi.org/{fields['doi']}" if "doi" in fields else fields.get("url")
    return f"{text} [{words['link']}]({url})" if url else text


def citation(key: str, lang: str) -> str:
    """The words of a citation: Nair and Hinton, 2010; LeCun et al., 1998."""
    entry = load_references()[key]
    names = [_plain(" ".join(person.prelast_names + person.last_names)) for person in entry.persons["author"]]
    words = WORDS[lang]
    who = f"{names[0]} {words['others']}" if len(names) > 2 else f" {words['and']} ".join(names)
    return f"{who}, {entry.fields['year']}"


def _plain(value: str) -> str:
    """Drop the braces that protect capitals in .bib files."""
    return re.sub(r"[{}]", "", value)


def reference_list(keys: list[str], lang: str) -> str:
    """A Markdown list, by author and year, each entry with the anchor that citations lead to."""
    ordered = sorted(keys, key=lambda key: (load_references()[key].persons["author"][0].last_names, key))
    return "\n".join(f'- <a id="cite-{key}"></a>{reference(key, lang)}' for key in ordered)
