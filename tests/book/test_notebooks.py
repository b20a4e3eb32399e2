"""Twins are made from one source; a changed sentence executes nothing, changed code makes stale what follows."""

import copy
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from book.tools import CHAPTERS, DATA, LANGUAGES, NOTEBOOKS, execute, notebooks
from book.tools.markers import Results, choose
from book.tools.source import Cell, read_all

CHAPTER = "06-cnn-and-lenet"
ADDED = {"vi": "Một câu thêm vào.", "en": "A sentence more."}
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the chapters and of the committed notebooks, to change at will."""
    shutil.copytree(CHAPTERS, tmp_path / "chapters")
    shutil.copytree(NOTEBOOKS, tmp_path / "notebooks")
    monkeypatch.setattr(notebooks, "NOTEBOOKS", tmp_path / "notebooks")
    monkeypatch.setattr(notebooks, "ROOT", tmp_path)
    shutil.copy(CHAPTERS.parents[1] / "_config.yml", tmp_path)
    return tmp_path


def source(book: Path) -> Path:
    return book / "chapters" / f"{CHAPTER}.md"


def change(book: Path, kind: str) -> Cell:
    """Change one cell in the middle of the chapter: a sentence ("vi", "en"), a line of code, a word in a comment."""
    cells = read_all(book / "chapters")[source(book)]
    middle = cells[len(cells) // 2 :]
    if kind == "code":
        cell = next(c for c in middle if c.kind == "code" and "nbval-check-output" not in c.tags)
        old, new = cell.text, f"{cell.text}\nchanged = True"
    elif kind == "word":
        cell = next(c for c in middle if c.kind == "code" and re.search("# «", c.text))
        old = re.search("# «[^|]+", cell.text)[0]
        new = f"{old} thêm"
    else:
        cell = next(c for c in middle if c.lang == kind)
        old, new = cell.text, f"{cell.text}\n\n{ADDED[kind]}"
    text = source(book).read_text(encoding="utf-8")
    assert text.count(old) == 1
    source(book).write_text(text.replace(old, new), encoding="utf-8")
    return cell


def check(book: Path) -> list[str]:
    return notebooks.check(read_all(book / "chapters"))


def make(book: Path) -> None:
    for path, new, _, _ in notebooks.all_notebooks(read_all(book / "chapters")):
        notebooks.write(new, path)


def waiting(path: Path) -> list[int]:
    """Which code cells wait to be executed, counted from 0."""
    cells = notebooks.code_cells(nbformat.read(path, as_version=4))
    return [i for i, cell in enumerate(cells) if cell.execution_count is None]


def test_the_committed_notebooks_are_in_step(book: Path) -> None:
    assert check(book) == []


@pytest.mark.parametrize(("kind", "editions"), [("vi", ["vi"]), ("en", ["en"]), ("code", ["vi", "en"]), ("word", ["vi"])])
def test_a_change_that_was_not_made_is_named_by_cell_and_line(kind: str, editions: list[str], book: Path) -> None:
    cell = change(book, kind)
    complaints = [text for text in check(book) if "differs" in text]
    assert [text.split("/")[1] for text in complaints] == editions
    for text in complaints:
        index, line = map(int, re.search(r"cell (\d+) differs \(book/chapters/[\w-]+\.md:(\d+)\)", text).groups())
        assert line == cell.line
        lang = text.split("/")[1]
        on_disk = nbformat.read(book / "notebooks" / lang / f"{CHAPTER}.ipynb", as_version=4).cells[index - 1]
        assert on_disk.cell_type == cell.kind
        assert on_disk.source.splitlines()[-1] in choose(cell.text, lang)


def test_a_changed_label_is_named(book: Path) -> None:
    label = re.findall(r'<a id="(sec-[^"]+)"', source(book).read_text(encoding="utf-8"))[-1]
    source(book).write_text(source(book).read_text(encoding="utf-8").replace(label, f"{label}-x"), encoding="utf-8")
    assert len([text for text in check(book) if "differs" in text]) == 2


def test_a_changed_sentence_executes_nothing(book: Path) -> None:
    change(book, "vi")
    path = book / "notebooks/vi" / f"{CHAPTER}.ipynb"
    before = nbformat.read(path, as_version=4)
    make(book)
    after = nbformat.read(path, as_version=4)
    assert check(book) == []
    assert execute.stale([book / "notebooks" / lang / f"{CHAPTER}.ipynb" for lang in LANGUAGES]) == []
    assert [c.outputs for c in notebooks.code_cells(after)] == [c.outputs for c in notebooks.code_cells(before)]
    assert any(ADDED["vi"] in cell.source for cell in after.cells)


def test_changed_code_clears_the_outputs_from_there_on(book: Path) -> None:
    change(book, "code")
    make(book)
    for lang in LANGUAGES:
        path = book / "notebooks" / lang / f"{CHAPTER}.ipynb"
        cells = notebooks.code_cells(nbformat.read(path, as_version=4))
        first = next(i for i, cell in enumerate(cells) if "changed = True" in cell.source)
        assert waiting(path) == list(range(first, len(cells)))
        assert all(not cell.outputs for cell in cells[first:])
    assert any("is not executed" in text for text in check(book))


def test_a_word_of_one_language_in_code_makes_only_that_edition_stale(book: Path) -> None:
    change(book, "word")
    make(book)
    assert waiting(book / "notebooks/vi" / f"{CHAPTER}.ipynb")
    assert not waiting(book / "notebooks/en" / f"{CHAPTER}.ipynb")


def test_setting_the_repository_changes_the_setup_cell_and_nothing_else(book: Path) -> None:
    config = book / "_config.yml"
    config.write_text(
        config.read_text(encoding="utf-8").replace('url: ""', "url: https://github.com/a/b"), encoding="utf-8"
    )
    make(book)
    for lang in LANGUAGES:
        path = book / "notebooks" / lang / f"{CHAPTER}.ipynb"
        assert not waiting(path)
        setup = next(c for c in nbformat.read(path, as_version=4).cells if notebooks.is_setup(c))
        assert '%pip install -q "d2l_vn @ git+https://github.com/a/b"' in setup.source
    assert check(book) == []


def test_a_notebook_without_chapter_and_outputs_of_other_runs_are_refused(book: Path) -> None:
    path = book / "notebooks/vi" / f"{CHAPTER}.ipynb"
    good = nbformat.read(path, as_version=4)

    def complaints(damage: Callable[[NotebookNode], object]) -> str:
        notebook = copy.deepcopy(good)
        damage(notebook)
        notebooks.write(notebook, path)
        return "\n".join(check(book))

    def swap_counts(notebook: NotebookNode) -> None:
        first, second = notebooks.code_cells(notebook)[:2]
        first.execution_count, second.execution_count = 2, 1

    def error(notebook: NotebookNode) -> None:
        notebooks.code_cells(notebook)[1].outputs = [nbformat.v4.new_output("stream", name="stderr", text="Warning")]

    assert "fast mode" in complaints(lambda n: n.metadata["d2l_vn"]["run"].update(fast=True))
    assert "by hand" in complaints(lambda n: n.metadata["d2l_vn"].pop("run"))
    assert "out of order" in complaints(swap_counts)
    assert "error or a warning" in complaints(error)
    assert "metadata or outputs differ" in complaints(lambda n: n.metadata.update(widgets={}))
    notebooks.write(good, path)
    shutil.copy(path, path.with_name("99-left-over.ipynb"))
    assert "no chapter makes this notebook" in "\n".join(check(book))


def test_ids_come_from_content_and_ordinal(book: Path) -> None:
    cells = read_all(book / "chapters")[book / "chapters" / f"{CHAPTER}.md"]
    one, _ = notebooks.make(CHAPTER, cells, "vi", Results(DATA / "results"))
    two, _ = notebooks.make(CHAPTER, [cells[0], *cells[1:], cells[-2], cells[-1]], "vi", Results(DATA / "results"))
    assert [c.id for c in one.cells][:-1] == [c.id for c in two.cells][: len(one.cells) - 1]
    ids = [c.id for c in two.cells]
    assert len(ids) == len(set(ids))


def numbers(text: str) -> list[str]:
    """The numbers of a text, decimal commas as points."""
    return [number.replace(",", ".") for number in NUMBER.findall(text)]


def committed() -> list[str]:
    return sorted(path.stem for path in (NOTEBOOKS / "vi").glob("*.ipynb"))


def twin(name: str, lang: str) -> NotebookNode:
    return nbformat.read(NOTEBOOKS / lang / f"{name}.ipynb", as_version=4)


def printed(cell: NotebookNode) -> str:
    texts = [output.get("text", "") or output.get("data", {}).get("text/plain", "") for output in cell.outputs]
    return "\n".join(text for text in texts if not text.startswith("<Figure"))


@pytest.mark.parametrize("name", committed())
def test_twins_have_one_structure_and_one_set_of_labels(name: str) -> None:
    vi, en = (twin(name, lang) for lang in LANGUAGES)
    assert [(c.cell_type, c.metadata.get("tags")) for c in vi.cells] == [
        (c.cell_type, c.metadata.get("tags")) for c in en.cells
    ]
    for pattern in (r'<a id="([^"]+)"', r"\]\((?!http)([^)]+)\)", r"^#+ ", r"^> \*\*"):
        for a, b in zip(vi.cells, en.cells, strict=True):
            if a.cell_type == "markdown":
                assert sorted(re.findall(pattern, a.source, re.M)) == sorted(re.findall(pattern, b.source, re.M))


@pytest.mark.parametrize("name", committed())
def test_twins_agree_in_every_number_that_they_print(name: str) -> None:
    for a, b in zip(notebooks.code_cells(twin(name, "vi")), notebooks.code_cells(twin(name, "en")), strict=True):
        assert NUMBER.findall(re.sub(r'"[^"]*"|#.*', "", a.source)) == NUMBER.findall(
            re.sub(r'"[^"]*"|#.*', "", b.source)
        )
        if "timing" not in a.metadata.get("tags", []):
            assert numbers(printed(a)) == numbers(printed(b)), a.source


@pytest.mark.parametrize("name", committed())
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_bands_that_were_printed_hold(name: str, lang: str) -> None:
    for cell in notebooks.code_cells(twin(name, lang)):
        lines = re.findall(r"^(\S+) = (\S+) ∈ \[(\S+), (\S+)\] \((\w+)\)$", printed(cell), re.M)
        assert len(lines) == len(re.findall(r"^\s*d2l\.band\(", cell.source, re.M)), cell.source
        for band, value, low, high, mode in lines:
            assert mode == "full", band
            assert float(low) <= float(value) <= float(high), band


@pytest.mark.parametrize("name", committed())
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_picture_says_what_is_to_be_seen(name: str, lang: str) -> None:
    for cell in notebooks.code_cells(twin(name, lang)):
        pictures = [o for o in cell.outputs if any(kind.startswith("image/") for kind in o.get("data", {}))]
        alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
        assert not pictures or len(alt) > 20, cell.source
