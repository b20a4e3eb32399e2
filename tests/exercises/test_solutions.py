"""The solutions edition: every stub replaced, and setup, exercises and checks run from the first to the last."""

import nbformat
import pytest
from nbclient import NotebookClient

from book.tools import CHAPTERS, LANGUAGES, solutions
from book.tools.markers import Results
from book.tools.notebooks import code_cells, make
from book.tools.source import read
from d2l_vn.exercises import chapters
from d2l_vn.exercises.catalogue import exercises


@pytest.mark.parametrize("chapter", chapters())
def test_solutions_run(chapter, tmp_path):
    """The heavy cells of the chapter are left out: exercise cells depend on the setup cell only."""
    code = [cell for cell in read(CHAPTERS / f"{chapter}.md") if cell.kind == "code"]
    for lang in LANGUAGES:
        notebook, _ = make(chapter, code, lang, Results(tmp_path))
        assert solutions.solve(notebook) == len(exercises(chapters()[chapter]))
        assert not any("return ..." in cell.source for cell in code_cells(notebook))
    notebook.cells = [cell for cell in code_cells(notebook)
                      if {"setup"} & set(tags := cell.metadata.get("tags", [])) or ".check(" in cell.source
                      or any(tag.startswith("exercise-") for tag in tags)]
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    checks = [cell for cell in notebook.cells if ".check(" in cell.source]
    assert len(checks) == len(exercises(chapters()[chapter]))
    for cell in checks:
        data = cell.outputs[0]["data"]
        assert data["text/plain"].startswith("✔ Right") and "border-left" in data["text/html"]


def test_written_where_it_is_not_committed(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(solutions, "ROOT", tmp_path)
    monkeypatch.setattr(solutions, "DATA", tmp_path)
    monkeypatch.setattr(solutions, "make", lambda *args: (nbformat.v4.new_notebook(), []))
    monkeypatch.setattr("sys.argv", ["solutions", next(iter(chapters()))])
    solutions.main()
    assert len(list(tmp_path.glob("_build/solutions/*/*.ipynb"))) == 2
    monkeypatch.setattr("sys.argv", ["solutions", "77-none"])
    with pytest.raises(SystemExit, match="no such chapter"):
        solutions.main()
