"""Notebooks are executed in one environment, recorded as what they are, and left alone where they fail."""

import json
import platform
import tempfile
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from book.tools import ROOT, execute, notebooks

SETTINGS = """
import json, os, matplotlib, book.tools
names = ["OMP_NUM_THREADS", "MKL_NUM_THREADS", "SOURCE_DATE_EPOCH"]
print(json.dumps([[os.environ[name] for name in names], matplotlib.rcParams["svg.hashsalt"], os.getcwd()]))
"""
TWO_LINES = "print('one', flush=True)\nimport time; time.sleep(0.5)\nprint('two')"
SLIDER = "import ipywidgets\nipywidgets.IntSlider()"


@pytest.fixture
def folder() -> Iterator[Path]:
    """Inside the repository: there the command looks for notebooks."""
    (ROOT / "_build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "_build") as name:
        yield Path(name)


def new(path: Path, *sources: str) -> Path:
    """A notebook of these cells, and one that is empty but for what an earlier run left."""
    cells = [nbformat.v4.new_code_cell(source) for source in (*sources, "")]
    cells[-1].update(execution_count=7, outputs=[nbformat.v4.new_output("stream", text="old")])
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"d2l_vn": {"language": "vi"}})
    path.parent.mkdir(parents=True, exist_ok=True)
    notebooks.write(notebook, path)
    return path


def read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def test_a_run_is_complete_recorded_and_free_of_what_is_this_machines(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("D2L_VN_FAST", raising=False)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    path = new(folder / "a.ipynb", SETTINGS, TWO_LINES, SLIDER)
    assert execute.execute_apart(path)
    assert f"executed {path.relative_to(ROOT)} (" in capsys.readouterr().out
    notebook = read(path)
    settings, lines, slider, empty = notebook.cells
    variables, salt, place = json.loads(settings.outputs[0].text)
    assert variables == ["1", "1", "0"]
    assert salt == "d2l_vn"
    assert Path(place) == path.parent
    assert [output.text for output in lines.outputs] == ["one\ntwo\n"]
    assert list(slider.outputs[0].data) == ["text/plain"]
    assert (empty.outputs, empty.execution_count) == ([], None)
    assert [cell.execution_count for cell in notebook.cells[:3]] == [1, 2, 3]
    assert not any("execution" in cell.metadata for cell in notebook.cells)  # no times of day
    run = notebook.metadata["d2l_vn"].pop("run")
    assert notebook.metadata == {"d2l_vn": {"language": "vi"}, "language_info": {"name": "python"}}
    assert (run["fast"], run["threads"]) == (False, 1)
    assert run["python"] == platform.python_version()
    assert sorted(run["versions"]) == ["matplotlib", "numpy", "torch", "torchvision"]


def test_a_fast_run_is_recorded_as_one_and_versions_without_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("D2L_VN_FAST", "1")
    monkeypatch.setattr(execute.importlib.metadata, "version", lambda name: f"2.5.1.{name}+cpu")
    path = new(tmp_path / "a.ipynb")
    execute.execute(path)
    run = read(path).metadata["d2l_vn"]["run"]
    assert run["fast"] is True
    assert run["versions"]["torch"] == "2.5.1.torch"


def test_what_fails_stays_as_it_was(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = new(folder / "a.ipynb", "1 / 0")
    before = path.read_bytes()
    assert not execute.execute_apart(path)
    assert path.read_bytes() == before
    said = capfd.readouterr()
    assert "FAILED, left as it was" in said.out
    assert "ZeroDivisionError" in said.err


@pytest.mark.parametrize(
    ("arguments", "chosen", "status"),
    [
        ([], ["en/01-a", "vi/01-a"], 0),
        (["02-b"], ["en/02-b", "vi/02-b"], 0),
        (["03-fails", "02-b"], ["en/02-b", "vi/02-b", "en/03-fails", "vi/03-fails"], 1),
        (["02-b", "77-none"], [], "no such chapter: 77-none"),
    ],
)
def test_what_is_stale_or_named_is_executed(
    arguments: list[str], chosen: list[str], status: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("01-a", "02-b", "03-fails"):
        for lang in ("vi", "en"):
            notebook = read(new(tmp_path / lang / f"{name}.ipynb"))
            notebook.cells[0].execution_count = None if name == "01-a" else 1
            notebooks.write(notebook, tmp_path / lang / f"{name}.ipynb")
    done: list[str] = []

    def apart(path: Path) -> bool:
        done.append(f"{path.parent.name}/{path.stem}")
        return "fails" not in path.stem

    monkeypatch.setattr(execute, "NOTEBOOKS", tmp_path)
    monkeypatch.setattr(execute, "execute_apart", apart)
    monkeypatch.setattr("sys.argv", ["execute", *arguments])
    with pytest.raises(SystemExit) as stop:
        execute.main()
    assert stop.value.code == status
    assert sorted(done) == sorted(chosen)


def test_where_nothing_is_stale_nothing_happens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(execute, "NOTEBOOKS", tmp_path)
    monkeypatch.setattr("sys.argv", ["execute"])
    with pytest.raises(SystemExit) as stop:
        execute.main()
    assert stop.value.code == 0
    assert capsys.readouterr().out == "no notebook is stale\n"
