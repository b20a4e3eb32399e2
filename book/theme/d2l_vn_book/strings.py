"""The interface in Vietnamese. Sphinx and the themes have gaps, and a few translations nobody would say."""

import json
from gettext import NullTranslations

from sphinx.application import Sphinx
from sphinx.locale import translators

SPHINX = {
    "About these documents": "Về cuốn sách này",
    "Announcement": "Thông báo",
    "Back to top": "Về đầu trang",
    "Breadcrumb": "Đường dẫn",
    "Copyright": "Bản quyền",
    "Error": "Lỗi",
    "General Index": "Bảng tra",
    "Hide Search Matches": "Thôi tô đậm từ tìm được",
    "Home": "Trang bìa",
    "Index": "Bảng tra",
    "Navigation": "Điều hướng",
    "On this page": "Trong trang này",
    "Preparing search...": "Đang chuẩn bị tìm…",
    "Search": "Tìm kiếm",
    "Search Page": "Trang tìm kiếm",
    "Search Results": "Kết quả tìm kiếm",
    "Search finished, found ${resultCount} page(s) matching the search query.": "Tìm thấy ${resultCount} trang.",
    "Searching": "Đang tìm",
    "Section Navigation": "Các mục",
    "Site navigation": "Điều hướng",
    "Skip to main content": "Tới nội dung chính",
    "Table of Contents": "Mục lục",
    "light/dark": "Giao diện sáng, tối hoặc theo máy",
    "next": "Tiếp theo",
    "next page": "Trang tiếp theo",
    "previous": "Trang trước",
    "previous page": "Trang trước",
    "search": "tìm kiếm",
    ", in ": ", trong ",
    "Please activate JavaScript to enable the search functionality.": "Hãy bật JavaScript để tìm kiếm.",
    "Your search did not match any documents. Please make sure that all words are spelled correctly and that you've "
    "selected enough categories.": "Không tìm thấy trang nào. Hãy thử ít từ hơn, hoặc kiểm tra lại chính tả.",
    "© Copyright %(copyright)s.": "© %(copyright)s.",
}
BOOK_THEME = {
    "By": "Biên soạn:",
    "Contents": "Nội dung",
    "Copyright": "Bản quyền",
    "Download notebook file": "Tải tệp sổ tay",
    "Download source file": "Tải tệp nguồn",
    "Download this page": "Tải trang này",
    "Fullscreen mode": "Toàn màn hình",
    "Launch interactive content": "Chạy trang này",
    "Launch on": "Mở bằng",
    "Print to PDF": "In ra PDF",
    "Source repository": "Kho mã nguồn",
    "Toggle primary sidebar": "Mở hoặc đóng mục lục",
    "Toggle secondary sidebar": "Mở hoặc đóng mục lục của trang",
}


class Dictionary(NullTranslations):
    """A catalogue of messages that lives in this file: what it lacks is asked of the fallback."""

    def __init__(self, messages: dict[str, str]) -> None:
        super().__init__()
        self.messages = messages

    def gettext(self, message: str) -> str:
        # Templates break lines inside a message; the catalogue does not.
        return self.messages.get(" ".join(message.split()), "") or super().gettext(message)


def install(app: Sphinx) -> None:
    """Put our words before those of Sphinx and of the theme."""
    if app.config.language != "vi":
        return
    for catalogue, messages in (("sphinx", SPHINX), ("booktheme", BOOK_THEME)):
        ours, theirs = Dictionary(messages), translators.get(("general", catalogue))
        if theirs is not None:
            ours.add_fallback(theirs)
        translators["general", catalogue] = ours
    app.translator = translators["general", "sphinx"]  # the one that templates use


def write_javascript(app: Sphinx, exception: Exception | None) -> None:
    """Give the search page its words; Sphinx loads translations.js on every page."""
    if exception or app.builder.format != "html" or app.config.language != "vi":
        return
    catalogue = {"locale": "vi", "messages": SPHINX, "plural_expr": "0"}
    text = f"Documentation.addTranslations({json.dumps(catalogue, ensure_ascii=False)});\n"
    (app.outdir / "_static" / "translations.js").write_text(text, encoding="utf-8")
