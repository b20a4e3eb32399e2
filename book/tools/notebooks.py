"""Make the twin notebooks of every chapter, keeping the outputs of code that has not changed.

python -m book.tools.notebooks            write notebooks/vi and notebooks/en
python -m book.tools.notebooks --check    change nothing; name each cell that is out of step
"""

import argparse
import hashlib
import itertools
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import yaml
from nbformat import NotebookNode

from book.tools import DATA, LANGUAGES, NOTEBOOKS, ROOT
from book.tools.markers import Results, choose, choose_all
from book.tools.references import CITATION, reference_list
from book.tools.source import Cell, SourceError, read_all

REFERENCES_TITLE = {"vi": "Tài liệu tham khảo", "en": "References"}
NOT_INSTALLED = {
    "vi": "Hãy cài gói d2l_vn theo README của sách.",
    "en": "Install the package d2l_vn as the book's README says.",
}


def repository_url() -> str:
    """The address of the public repository, or "" while `repository.url` of _config.yml is not set."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    return str(config["repository"]["url"] or "").rstrip("/")


def setup_code(code: str, lang: str, url: str) -> str:
    """Add to the setup cell what a machine without d2l_vn needs: install it, or say how."""
    first = "import d2l_vn as d2l"
    cure = (
        f'    %pip install -q "d2l_vn @ git+{url}"\n    {first}'
        if url
        else f'    raise SystemExit("{NOT_INSTALLED[lang]}")'
    )
    return code.replace(first, f"try:\n    {first}\nexcept ModuleNotFoundError:\n{cure}")


def make(name: str, cells: list[Cell], lang: str, results: Results, url: str = "") -> tuple[NotebookNode, list[int]]:
    """The notebook of one edition, nothing executed, and for each of its cells the line in the source."""
    notebook = nbformat.v4.new_notebook(
        metadata={
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "d2l_vn": {"language": lang, "source": f"book/chapters/{name}.md"},
        }
    )
    lines = []
    for cell in cells:
        if cell.lang not in (None, lang):
            continue
        metadata = choose_all(cell.metadata, lang)
        if tags := [tag for tag in cell.tags if tag not in LANGUAGES]:
            metadata["tags"] = tags
        if cell.kind == "markdown":
            new = nbformat.v4.new_markdown_cell(results.fill(cell.text, lang), metadata=metadata)
        else:
            text = choose(cell.text, lang)
            new = nbformat.v4.new_code_cell(setup_code(text, lang, url) if "setup" in tags else text, metadata=metadata)
        notebook.cells.append(new)
        lines.append(cell.line)
    cited = dict.fromkeys(CITATION.findall("\n".join(cell.source for cell in notebook.cells)))
    if cited:
        text = f'<a id="sec-{name[:2]}-references"></a>\n## {REFERENCES_TITLE[lang]}\n\n{reference_list(list(cited), lang)}'
        notebook.cells.append(nbformat.v4.new_markdown_cell(text))
        lines.append(lines[-1])
    _set_ids(notebook)
    return notebook, lines


def _set_ids(notebook: NotebookNode) -> None:
    """An id from the content, and an ordinal where the same content stands twice: never random."""
    seen: dict[str, int] = {}
    for cell in notebook.cells:
        digest = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:12]
        seen[digest] = seen.get(digest, 0) + 1
        cell.id = f"{digest}-{seen[digest]}"


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """The cells that can be executed."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def is_setup(cell: NotebookNode) -> bool:
    """Whether this is the setup cell: it prints nothing, and a change of it makes nothing stale."""
    return "setup" in cell.metadata.get("tags", [])


def keep_outputs(new: NotebookNode, old: NotebookNode) -> None:
    """Take over the outputs of the old notebook up to the first code cell that has changed."""
    for cell, before in zip(code_cells(new), code_cells(old), strict=False):
        if cell.source != before.source and not (is_setup(cell) and is_setup(before)):
            return
        cell.outputs, cell.execution_count = before.outputs, before.execution_count
    if len(code_cells(new)) <= len(code_cells(old)) and "run" in old.metadata.get("d2l_vn", {}):
        new.metadata["d2l_vn"]["run"] = old.metadata["d2l_vn"]["run"]


def is_stale(notebook: NotebookNode) -> bool:
    """Whether any cell waits to be executed."""
    return any(cell.execution_count is None for cell in code_cells(notebook))


def write(notebook: NotebookNode, path: Path) -> None:
    """Save with sorted keys and a final newline, by way of a temporary file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    temporary.write_text(as_text(notebook), encoding="utf-8")
    temporary.replace(path)


def as_text(notebook: NotebookNode) -> str:
    """What is written to disk, to the byte."""
    nbformat.validate(notebook)
    return str(nbformat.writes(notebook, version=4)).rstrip("\n") + "\n"


def load(path: Path) -> NotebookNode | None:
    """The notebook on disk, if there is one."""
    return nbformat.read(path, as_version=4) if path.is_file() else None


def all_notebooks(
    chapters: dict[Path, list[Cell]],
) -> Iterator[tuple[Path, NotebookNode, NotebookNode | None, list[int]]]:
    """(path, as it should be with old outputs kept, as it is on disk, source lines) of every twin."""
    results, url = Results(DATA / "results"), repository_url()
    for chapter, lang in itertools.product(chapters, LANGUAGES):
        path = NOTEBOOKS / lang / f"{chapter.stem}.ipynb"
        new, lines = make(chapter.stem, chapters[chapter], lang, results, url)
        old = load(path)
        if old is not None:
            keep_outputs(new, old)
        yield path, new, old, lines


def differences(new: NotebookNode, old: NotebookNode | None) -> Iterator[tuple[int, str]]:
    """(cell index, complaint) for what on disk is not what the source makes."""
    if old is None:
        yield 0, "the notebook does not exist"
        return

    def shown(cell: NotebookNode) -> Any:
        return cell.cell_type, cell.source, cell.metadata, cell.get("id")

    for i, (cell, before) in enumerate(itertools.zip_longest(new.cells, old.cells)):
        if cell is None or before is None or shown(cell) != shown(before):
            gone = before is None or cell is None
            yield min(i, len(new.cells) - 1), "cells were added or removed" if gone else f"cell {i + 1} differs"
            return
    if as_text(new) != as_text(old):
        yield 0, "metadata or outputs differ"


def run_problems(notebook: NotebookNode) -> Iterator[tuple[int, str]]:
    """(cell index, complaint) for outputs that may not be committed."""
    expected = itertools.count(1)
    for i, cell in enumerate(notebook.cells):
        if cell.cell_type == "code" and cell.execution_count != next(expected):
            yield i, "is not executed, or out of order"
            return
    if notebook.metadata["d2l_vn"].get("run", {}).get("fast") is not False:
        yield 0, "was executed in fast mode, or by hand: only full runs are committed"
    for i, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            if output.output_type == "error" or output.get("name") == "stderr":
                yield i, "printed an error or a warning"


def check(chapters: dict[Path, list[Cell]]) -> list[str]:
    """Every complaint about the notebooks on disk, naming notebook, cell and source line."""
    complaints = []
    expected = set()
    for path, new, old, lines in all_notebooks(chapters):
        expected.add(path)
        name = path.relative_to(ROOT)
        for index, text in differences(new, old):
            complaints.append(f"{name}: {text} (book/chapters/{path.stem}.md:{lines[index]}); run: make notebooks")
        for index, text in run_problems(new):
            first = new.cells[index].source.partition("\n")[0]
            complaints.append(f"{name}: cell {index + 1} «{first}» {text}; run: make notebooks")
    for path in sorted(NOTEBOOKS.rglob("*.ipynb")):
        if path not in expected and ".ipynb_checkpoints" not in path.parts:
            complaints.append(f"{path.relative_to(ROOT)}: no chapter makes this notebook; delete it or add the chapter")
    return complaints


def main() -> None:
    """Make the notebooks, or check them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing, fail if anything is out of step")
    arguments = parser.parse_args()
    try:
        chapters = read_all()
    except SourceError as error:
        sys.exit(str(error))
    if arguments.check:
        complaints = check(chapters)
        sys.exit("\n".join(complaints) or 0)
    for path, new, old, _ in all_notebooks(chapters):
        if old is None or as_text(new) != as_text(old):
            write(new, path)
            print(f"made {path.relative_to(ROOT)}" + (" (waits to be executed)" if is_stale(new) else ""))


if __name__ == "__main__":
    main()
