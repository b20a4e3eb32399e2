"""Search in Vietnamese, with or without diacritics: both index and query are folded to bare letters."""

import unicodedata

from sphinx.search import SearchLanguage, languages

from book.tools.terms import fold


class SearchVietnamese(SearchLanguage):
    """Words are syllables between spaces; the stem of a syllable is its letters without marks."""

    lang = "vi"
    language_name = "Vietnamese"
    # The stemmer, and summaries that begin where a word was found, whether or not it was typed with marks.
    js_stemmer_code = r"""
var Stemmer = function () {
  this.stemWord = (word) => word.toLowerCase().replace(/đ/g, "d").normalize("NFD").replace(/\p{Mn}/gu, "");
};
if (typeof Search !== "undefined") {
  // One bare letter for each letter, so that offsets in the folded text are offsets in the text.
  const bare = (text) =>
    Array.from(text, (letter) => letter.toLowerCase().replace("đ", "d").normalize("NFD")[0]).join("");
  Search.makeSearchSummary = (html, keywords) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const article = page.querySelector("article.bd-article") || page.body;
    article.querySelectorAll("script, style, .headerlink").forEach((element) => element.remove());
    const text = article.textContent.normalize("NFC").replace(/\s+/g, " ").trim();
    if (!text) return null;
    const folded = bare(text);
    const phrase = new URLSearchParams(location.search).get("q") ?? "";
    const find = (words) => words.map((word) => folded.indexOf(bare(word.normalize("NFC")))).filter((i) => i >= 0);
    const whole = find([phrase.trim()]);
    const places = whole.length ? whole : find([...keywords]);
    const start = places.length ? Math.max(Math.min(...places) - 100, 0) : 0;
    const summary = document.createElement("p");
    summary.classList.add("context");
    summary.textContent = `${start ? "… " : ""}${text.slice(start, start + 240).trim()} …`;
    return summary;
  };
}
"""

    def split(self, text: str) -> list[str]:
        """Compose letters and marks first: the word pattern would cut decomposed ones apart."""
        return super().split(unicodedata.normalize("NFC", text))

    def stem(self, word: str) -> str:
        """The same folding as in the browser."""
        return fold(word)


def install() -> None:
    """Sphinx has no Vietnamese search of its own."""
    languages["vi"] = SearchVietnamese
