"""Follow every link and anchor of the built site, and find whatever a page would fetch from another host.

python -m book.tools.links             check _build/site
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from book.tools.site import SITE

FETCHED = {
    "script": "src",
    "img": "src",
    "link": "href",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
}
NOT_FETCHED = {"canonical", "alternate", "index", "search", "next", "prev", "author", "license"}  # kinds of <link>


@dataclass
class Page(HTMLParser):
    """What one page names, leads to and fetches."""

    ids: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Sort the addresses of one tag."""
        given = {name: value or "" for name, value in attrs}
        self.ids.update(given[name] for name in ("id", "name") if name in given)
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif given.get(FETCHED.get(tag, "")):
            fetched = tag != "link" or not NOT_FETCHED & set(given.get("rel", "").split())
            (self.fetched if fetched else self.links).append(given[FETCHED[tag]])


def read_pages(site: Path) -> dict[Path, Page]:
    """Every page of the site; the themes' own templates under _static are none."""
    pages = {}
    for path in sorted(site.rglob("*.html")):
        if "_static" not in path.relative_to(site).parts:
            pages[path] = Page()
            pages[path].feed(path.read_text(encoding="utf-8"))
    return pages


def problems(site: Path) -> Iterator[str]:
    """A line for each link that leads nowhere and each file that comes from elsewhere."""
    pages = read_pages(site)
    for path, page in pages.items():
        name = path.relative_to(site)
        for address in page.fetched:
            if urlsplit(address).netloc:
                yield f"{name}: fetches {address} from another host"
        for address in page.links + page.fetched:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if target.is_dir():
                target /= "index.html"
            if not target.is_relative_to(site.resolve()) or not target.is_file():
                yield f"{name}: {address} leads nowhere"
            elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].ids:
                yield f"{name}: {address} has no such anchor"


def main() -> None:
    """Check the built site."""
    found = list(problems(SITE))
    sys.exit("\n".join(found) or 0)


if __name__ == "__main__":
    main()
