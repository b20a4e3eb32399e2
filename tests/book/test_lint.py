"""Each rule passes good text and catches a planted fault, with the line and what to write instead."""

import re
import unicodedata
from pathlib import Path

import pytest

from book.tools import terms
from book.tools.lint import RULES, Finding, check
from book.tools.source import Cell
from book.tools.texts import (
    Document,
    Passage,
    blocks,
    chapter,
    data,
    everything,
    find_bands,
    markers,
    page,
    python,
    script,
)

PATH = Path("01-test.md")


def text(vi: str, en: str = "", kind: str = "prose", document: str = "page", bands: tuple = ()) -> Document:
    """A file with one text."""
    return Document(PATH, (Passage(kind, vi, en, 1),), document, bands, vi)


def found(document: Document, rule: str) -> list[Finding]:
    return [finding for finding in check(document) if finding.rule == rule]


# rule: (texts that must pass, [(text that must fail, part of the suggestion)]); a text is vi, or (vi, en, kind, document)
CASES: dict[str, tuple[list, list]] = {
    "forbidden-form": (
        [
            "Mạng nơ-ron tích chập có dropout.",
            "Có nơi viết *“mạng thần kinh phức tạp”*, và đó là lỗi dịch máy.",
            "> **Thường được dạy, nhưng sai.** “Mạng thần kinh có trọng lượng.” Không phải thế.",
            "Nhà trường đào tạo sinh viên lại.",
            "Phần mềm có nhiều tính năng.",
            "Tôi nặng 60 kg trọng lượng.",
            "Mã `mạng thần kinh` là chuỗi.",
        ],
        [
            ("Một mạng thần kinh nhỏ.", "mạng nơ-ron"),
            ("Đó là mạng thần kinh\nphức tạp.", "mạng nơ-ron tích chập"),
            ("Ta đào tạo mô hình.", "huấn luyện"),
            ("Trích xuất tính năng từ ảnh.", "đặc trưng"),
            ("Kĩ thuật bỏ học và lớp bỏ học.", "dropout"),
            (("trọng lượng", "weight", "label", "chapter"), "trọng số"),
            ("Nút **thiên vị** có “mạng thần kinh”.", "mạng nơ-ron"),
        ],
    ),
    "layer": (
        ["Mỗi tầng ẩn có 10 nút, và có 10 lớp.", "Ảnh thuộc lớp nào? Lớp học bắt đầu.", "Có nơi nói *“lớp ẩn”*."],
        [
            ("Một lớp ẩn.", "tầng ẩn"),
            ("Lớp tích chập đầu tiên.", "tầng tích chập"),
            ("Ở lớp thứ k.", "tầng thứ k"),
            ("Sau lớp 2.", "tầng 2"),
            (("lớp gộp", "pooling layer", "label", "chapter"), "tầng gộp"),
            (("Số lớp mạng là {}", "{} layers", "message", "code"), "tầng mạng"),
        ],
    ),
    "english-left": (
        [
            "LeNet dùng sigmoid; PyTorch gọi batch là minibatch, và CNN chạy trên Fashion-MNIST.",
            "Hàm kích hoạt (*activation function*) và mất mát (*loss*, số đo).",
            "Theo Xavier Glorot, ta cho hai con trai ra khoe hoa.",
            "Gọi `train_ch6` với `lr`, xem [trang này](training.md#loss) và https://example.org/training.",
            "Viết là *normalisation*.",
            ("cần chạy python -m d2l_vn.train", "run python -m d2l_vn.train", "message", "code"),
        ],
        [
            ("Ta dùng learning rate nhỏ.", "learning"),
            ("Training mất một phút.", "Training"),
            ("Chỉ còn loss là giảm.", "loss"),
            (("train loss", "train loss", "label", "chapter"), "train"),
            ("Đây là the mạng.", "the"),
            (("Không đọc được file {}", "Cannot read {}", "message", "code"), "file"),
        ],
    ),
    "no-diacritics": (
        ["Độ chính xác tăng.", "Ta cho hai con ra.", "Hàm (*do chinh xac*) là trích."],
        [
            (("do chinh xac", "accuracy", "label", "chapter"), "độ chính xác"),
            ("Mang hoc rat nhanh sau do.", "marks"),
            ("Điều này khong đúng.", "marks"),
            (("Da ghi vao tep nay", "Written", "message", "code"), "marks"),
        ],
    ),
    "spelling": (
        ["Chuẩn hóa theo tỉ lệ; quý vị, thủy, khỏe, của hoa, lí do, hoàn, toán, khoảng.", "Có nơi viết *“hoá”*."],
        [
            ("Chuẩn hoá dữ liệu.", "hóa"),
            ("Sức khoẻ tốt.", "khỏe"),
            ("Thuỷ tinh.", "Thủy"),
            ("Tỷ lệ lỗi.", "tỉ lệ"),
            ("Mô đun này.", "mô-đun"),
            (("ký hiệu", "symbol", "message", "code"), "kí hiệu"),
        ],
    ),
    "first-use": (
        [
            ("Hàm kích hoạt (*activation function*) đứng sau. Hàm kích hoạt ấy", "", "prose", "chapter"),
            ("**Tích chập** (*convolution*, viết tắt là conv).", "", "prose", "chapter"),
            ("Batch và tensor, dropout.", "", "prose", "chapter"),
            ("Một tầng gộp (*pooling layer*). Sau tầng ấy là phép gộp.", "", "prose", "chapter"),
            ("# Hàm kích hoạt\n\n`hàm kích hoạt` và $x$.", "", "prose", "chapter"),
            ("Hàm kích hoạt.", "", "prose", "page"),
        ],
        [
            (("Ta gọi hàm kích hoạt (*activation function*).\n\nĐạo hàm của nó.", "", "prose", "chapter"), "(*derivative*)"),
            (("Sau hàm kích hoạt là tầng (*layer*).", "", "prose", "chapter"), "(*activation function*)"),
        ],
    ),
    "decomposed": (
        ["Tích chập."],
        [(unicodedata.normalize("NFD", "Tích chập."), "NFC")],
    ),
    "end-punctuation": (
        [
            "Một câu.\n\n- mục một;\n- mục hai.\n\n| a | b |\n|---|---|\n\n**Hình 1.** Ba đường.",
            "Ta có\n\n<a id=\"eq-x\"></a>\n\n$$x = 1.$$\n\nvà “thế này.” Rồi *thế kia.*",
            "# Tiêu đề\n\n[Bắt đầu đọc](x.md)\n\n[glossary]\n\n```python\nx = 1\n\ny\n```",
            ("Đã ghi {}.", "Wrote {}.", "message", "code"),
            ("mất mát", "loss", "label", "chapter"),
        ],
        [
            ("Một câu không có dấu", "full stop"),
            ("Danh sách:\n\n- mục một\n- mục hai.", "mục một"),
            (("Đã ghi {}", "Wrote {}.", "message", "code"), "only one language"),
        ],
    ),
    "pair-numbers": (
        [
            ("Mất mát 2,30 với 60\u202f000 ảnh.", "Loss 2.30 with 60\u202f000 images."),
            ("Toàn số 0, tháng 3.", "All zeros, in March."),
            ("Có 0,5, 1,25 và 3.", "There are 0.5, 1.25 and 3."),
            ("Mã `x[1]` và $x = 2$.", "Code and no formula."),
        ],
        [
            (("Mất mát 2,30.", "A loss of 2.31."), "2.30 only in vi; 2.31 only in en"),
            (("Một câu.\n\nCó 60\u202f000 ảnh.", "One.\n\nThere are 60,000 images."), "60000 only in vi"),
            (("Hình có 28 hàng", "A figure with 82 rows", "label", "chapter"), "28 only in vi"),
        ],
    ),
    "pair-formulas": (
        [
            ("$\\sigma(0) = 0{,}5$ và $2\\,416$.", "$2416$ and $\\sigma(0) = 0.5$."),
            ("Mã `$x`.", "Code."),
        ],
        [
            (("$x = 0{,}5$.", "$x = 0.6$."), "x=0.5 only in vi; x=0.6 only in en"),
            (("Câu.\n\n$$y = \\sigma(z)$$", "A sentence.\n\n$$y = \\tanh(z)$$"), "only in"),
            (("$x = 0,5$.", "$x = 0.5$."), "only in"),
        ],
    ),
    "pair-links": (
        [("[a b](../../notebooks/vi/06.ipynb) <a id=\"sec-a\"></a>", "<a id=\"sec-a\"></a> [c](../../notebooks/en/06.ipynb)")],
        [
            (("[a b](x.md).", "A b."), "x.md only in vi"),
            (("A.", "A.<a id=\"sec-b\"></a>"), "sec-b only in en"),
        ],
    ),
    "thousands": (
        ["Có 60\u202f000 ảnh trong 12 tệp, năm 1998 hay 2026.", "Mã `range(10 000)` và $60\\,000$.", "Hạt giống 0 và 128 ảnh."],
        [
            ("Có 60 000 ảnh.", "60\u202f000"),
            ("Có 46 764 746 tham số.", "46\u202f764\u202f746"),
            (("Sáu mươi nghìn.", "There are 60\u00a0000 pictures."), "60\u202f000"),
        ],
    ),
    "measured-value": (
        [
            ("Độ chính xác là ‹lenet.test_accuracy:.3f›.", "", "prose", "chapter"),
            ("Độ chính xác vào khoảng 0,85.", "", "prose", "chapter", (("lenet.test_accuracy", 0.8, 0.9),)),
            ("Lỗi là 15,3% [Krizhevsky và cộng sự, 2012](#cite-krizhevsky2012).", "", "prose", "chapter"),
            ("Độ chính xác của phép đoán mò là $0{,}1$, tức là $10\\%$.", "", "prose", "chapter"),
            ("> **Thường được dạy, nhưng sai.** “Độ chính xác 99,9% là đủ.” Không.", "", "prose", "chapter"),
            ("Tốc độ học 0,9 là khá lớn.", "", "prose", "chapter"),
            ("Lúc đầu là 0,5. Độ chính xác tăng.", "", "prose", "chapter"),
        ],
        [
            (("Độ chính xác đạt 0,873.", "", "prose", "chapter"), "accuracy"),
            (("Tỉ lệ lỗi giảm 3%.", "", "prose", "chapter"), "error"),
            (("Một epoch mất 5,2 giây.", "", "prose", "page"), "time"),
            (("GPU nhanh gấp 7,5 lần.", "", "prose", "chapter"), "speed"),
            (("Mô hình chiếm 1,5 GB.", "", "prose", "chapter"), "memory"),
            (("Đường độ chính xác dừng ở 0,95.", "", "label", "chapter", (("lenet.test_accuracy", 0.8, 0.9),)), "0,95"),
        ],
    ),
}  # fmt: skip


def made(case: str | tuple) -> Document:
    return text(case, case) if isinstance(case, str) else text(*case)


GOOD = [(rule, case) for rule, (good, _) in CASES.items() for case in good]
BAD = [(rule, case, message) for rule, (_, bad) in CASES.items() for case, message in bad]


@pytest.mark.parametrize(("rule", "case"), GOOD)
def test_good_text_passes(rule: str, case: str | tuple) -> None:
    assert not found(made(case), rule)


@pytest.mark.parametrize(("rule", "case", "message"), BAD)
def test_a_planted_fault_is_caught(rule: str, case: str | tuple, message: str) -> None:
    hits = found(made(case), rule)
    assert any(message in finding.text for finding in hits), hits
    assert re.match(rf"01-test\.md:\d+: {rule}: ", str(hits[0]))


def test_every_rule_has_examples_of_both_kinds_and_one_sentence_of_explanation() -> None:
    assert set(CASES) == set(RULES)
    for name, rule in RULES.items():
        assert all(CASES[name]), name
        assert rule.__doc__ and "\n" not in rule.__doc__ and rule.__doc__.endswith("."), name


def test_findings_name_the_line() -> None:
    document = text("Một câu.\n\nHai câu.\nMột lớp ẩn.", document="chapter")
    assert [finding.line for finding in found(document, "layer")] == [4]


def test_every_kind_of_file_is_read_with_its_lines() -> None:
    code = 'raise E(\n    say(f"Lớp ẩn {x}",\n        "Hidden layer {}"))\nd = {"vi": "lớp gộp", "en": "pool"}\nf(vi="mạng neural", en="net")\n'
    assert [(p.line, p.vi) for p in python(PATH, code).passages] == [
        (2, "Lớp ẩn {}"),
        (4, "lớp gộp"),
        (5, "mạng neural"),
    ]
    words = script(Path("x.mjs"), 'const a = 1;\nsay("lớp ẩn", "hidden");\nconst t = {vi: `mạng ${n}`, en: "net"};\n')
    assert [(p.line, p.vi) for p in words.passages] == [(2, "lớp ẩn"), (3, "mạng {}")]
    assert [(p.line, p.vi, p.en) for p in markers('x\ny = "«mất mát|loss»"')] == [(2, "mất mát", "loss")]
    entries = data(Path("x.yml"), "- en: a\n  def_vi: Lớp ẩn.\n  def_en: Hidden.\n  note: Vì thế.\n")
    assert [(p.kind, p.line) for p in entries.passages] == [("prose", 2), ("note", 4)]
    assert list(find_bands('d2l.band("a.accuracy", x, 0.5, 1)')) == [("a.accuracy", 0.5, 1.0)]
    cells = [Cell("markdown", "Một.", 7, ("vi",)), Cell("markdown", "One.", 9, ("en",))]
    assert [(p.vi, p.en, p.line) for p in chapter(PATH, cells, "").passages] == [("Một.", "One.", 7)]
    assert found(page(PATH, "Một.", None), "pair-links")


def test_paragraphs_are_paired_and_code_stays_whole() -> None:
    assert [part for _, part in blocks("a\n\nb\n\n```\nc\n\nd\n```\n\ne")] == ["a", "b", "```\nc\n\nd\n```", "e"]


def test_the_book_is_read_whole() -> None:
    documents = list(everything())
    assert {document.kind for document in documents} == {"chapter", "page", "code", "data"}
    assert sum(len(document.passages) for document in documents) > 400


def test_all_texts_of_the_book_pass() -> None:
    assert [str(finding) for document in everything() for finding in check(document)] == []


def test_terms_are_found_whole_and_longest_first() -> None:
    def names(words: str, lang: str) -> list[str]:
        return [term.en for _, _, term in terms.uses(words, lang)]

    assert names("Mạng nơ-ron tích chập có tầng\ntích chập.", "vi") == [
        "convolutional neural network",
        "convolutional layer",
    ]
    assert names("Fully connected layers and matrices; losses, accuracies.", "en") == [
        "fully connected layer",
        "matrix",
        "loss",
        "accuracy",
    ]
    assert not names("unweighted, tầngx", "en")


def test_every_term_is_defined_in_both_languages_with_an_anchor_of_its_own() -> None:
    loaded = terms.load_terms()
    assert len({term.slug for term in loaded}) == len(loaded) > 130
    for term in loaded:
        assert term.topic in terms.TOPICS, term
        assert term.def_vi.endswith(".") and term.def_en.endswith("."), term
        assert bool(term.note) == bool(term.note_en), term
    for lang in ("vi", "en"):
        text = terms.glossary_page(lang)
        assert all(f'<a id="{term.slug}"></a>' in text for term in loaded)
        assert "lớp tích chập" in text
