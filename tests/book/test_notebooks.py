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
        old, new = cell.text, re.sub("# «[^|]+", r"\g<0> thêm", cell.text, count=1)
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
    paths = [book / "notebooks" / lang / f"{CHAPTER}.ipynb" for lang in LANGUAGES]
    assert execute.stale(paths) == paths
    assert any("is not executed" in text for text in check(book))


def test_a_word_of_one_language_in_code_makes_only_that_edition_stale(book: Path) -> None:
    change(book, "word")
    make(book)
    assert waiting(book / "notebooks/vi" / f"{CHAPTER}.ipynb")
    assert not waiting(book / "notebooks/en" / f"{CHAPTER}.ipynb")


def test_setting_the_repository_changes_the_setup_cell_and_nothing_else(book: Path) -> None:
    config = book / "_config.yml"
    config.write_text(
        config.read_text(encoding="utf-8").replace('url: ""', "url: https://github.com/a/b/"), encoding="utf-8"
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

    def output(kind: str, **content: object) -> Callable[[NotebookNode], None]:
        made = nbformat.v4.new_output(kind, **content)
        return lambda notebook: notebooks.code_cells(notebook)[1].update(outputs=[made])

    def cell(index: int, **changes: object) -> Callable[[NotebookNode], None]:
        return lambda notebook: notebook.cells[index].update(changes)

    assert "fast mode" in complaints(lambda n: n.metadata["d2l_vn"]["run"].update(fast=True))
    assert "by hand" in complaints(lambda n: n.metadata["d2l_vn"].pop("run"))
    assert "out of order" in complaints(swap_counts)
    assert "error or a warning" in complaints(output("stream", name="stderr", text="Warning"))
    assert "error or a warning" in complaints(output("error", ename="E", evalue="", traceback=[]))
    assert "metadata or outputs differ" in complaints(lambda n: n.metadata.update(widgets={}))
    assert "cell 4 differs" in complaints(cell(3, metadata=nbformat.from_dict({"tags": ["other"]})))
    assert "cell 4 differs" in complaints(cell(3, id="other"))
    assert f"cell {len(good.cells)} differs" in complaints(cell(-1, source="other"))  # the references, made from citations
    assert "cells were added or removed" in complaints(lambda n: n.cells.pop())
    assert "cells were added or removed" in complaints(lambda n: n.cells.append(nbformat.v4.new_markdown_cell("more")))
    path.unlink()
    assert "the notebook does not exist" in "\n".join(check(book))
    notebooks.write(good, path)
    for name in ("99-left-over.ipynb", ".ipynb_checkpoints/99-left-over-checkpoint.ipynb"):
        notebooks.write(good, path.parent / name)
    assert check(book) == ["notebooks/vi/99-left-over.ipynb: no chapter makes this notebook; delete it or add the chapter"]


def executed(*sources: str) -> NotebookNode:
    """A notebook whose first cell is the setup cell, with outputs."""
    cells = [nbformat.v4.new_code_cell(source, execution_count=i) for i, source in enumerate(sources, 1)]
    cells[0].metadata["tags"] = ["setup"]
    return nbformat.v4.new_notebook(cells=cells, metadata={"d2l_vn": {"run": {"fast": False}}})


def test_outputs_are_kept_as_far_as_they_were_made_by_these_cells() -> None:
    def kept(new: NotebookNode) -> tuple[list[int | None], bool]:
        new = copy.deepcopy(new)
        new.metadata["d2l_vn"] = {}
        for cell in new.cells:
            cell.execution_count = None
        notebooks.keep_outputs(new, executed("import a", "b"))
        return [cell.execution_count for cell in new.cells], "run" in new.metadata["d2l_vn"]

    assert kept(executed("import a", "b")) == ([1, 2], True)
    assert kept(executed("import other", "b")) == ([1, 2], True)
    assert kept(executed("import a", "other")) == ([1, None], False)
    assert kept(executed("import a", "b", "c")) == ([1, 2, None], False)  # "run" speaks of all cells
    no_longer_setup = executed("import other", "b")
    no_longer_setup.cells[0].metadata.pop("tags")
    assert kept(no_longer_setup) == ([None, None], False)


def test_writing_leaves_either_the_old_or_the_new_notebook(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    notebooks.write(executed("a"), path)
    before = path.read_bytes()
    bad = executed("b")
    bad.cells[0].outputs = [{"output_type": "no such type"}]
    with pytest.raises(nbformat.ValidationError):
        notebooks.write(bad, path)
    assert path.read_bytes() == before
    assert before.endswith(b"}\n")
    assert list(tmp_path.iterdir()) == [path]


def run_main(book: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> object:
    """What the command exits with, None if it comes to its end."""
    monkeypatch.setattr(notebooks, "read_all", lambda: read_all(book / "chapters"))
    monkeypatch.setattr("sys.argv", ["notebooks", *arguments])
    try:
        notebooks.main()
    except SystemExit as stop:
        return stop.code
    return None


def test_the_command_checks_makes_and_complains(
    book: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    vi, en = (book / "notebooks" / lang / f"{CHAPTER}.ipynb" for lang in LANGUAGES)
    before = en.stat().st_mtime_ns
    assert run_main(book, monkeypatch, "--check") == 0
    vi.unlink()
    assert "the notebook does not exist" in str(run_main(book, monkeypatch, "--check"))
    assert not vi.exists()
    assert run_main(book, monkeypatch) is None
    assert capsys.readouterr().out == f"made notebooks/vi/{CHAPTER}.ipynb (waits to be executed)\n"
    assert vi.exists()
    assert en.stat().st_mtime_ns == before  # what is in step is not written again
    source(book).write_text("no chapter", encoding="utf-8")
    assert f"{CHAPTER}.md" in str(run_main(book, monkeypatch))


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
        lines = re.findall(r"^(.+) = (\S+) ∈ \[(\S+), (\S+)\] \((\w+)\)$", printed(cell), re.M)
        calls = len(re.findall(r"^\s*d2l\.band\(", cell.source, re.M))
        assert len(lines) >= calls if re.search(r"^\s+d2l\.band\(", cell.source, re.M) else len(lines) == calls, cell.source
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
