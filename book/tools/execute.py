"""Execute the notebooks whose code has changed, the two languages side by side, one thread each.

    python -m book.tools.execute              every stale notebook
    python -m book.tools.execute NAME …       these chapters (file stem), stale or not

One torch thread, because the number of threads changes the order of sums: the same count, the same bits.
"""

import argparse
import importlib.metadata
import os
import platform
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from book.tools import NOTEBOOKS, ROOT
from book.tools.notebooks import code_cells, is_stale, load, write

CELL_TIMEOUT = 1800  # seconds: the longest experiment of a chapter takes a few minutes
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
PACKAGES = ("torch", "torchvision", "numpy", "matplotlib")


def environment() -> dict[str, str]:
    """One thread; figures whose bytes depend on their content alone."""
    return os.environ | {
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "SOURCE_DATE_EPOCH": "0",  # the date that matplotlib writes into SVG
        "MATPLOTLIBRC": str(ROOT / "book" / "theme" / "matplotlibrc"),  # the salt of SVG ids
        "PYTHONPATH": str(ROOT),
    }


def execute(path: Path) -> None:
    """Run one notebook from its first cell and save it; on an error the file on disk stays as it was."""
    notebook = nbformat.read(path, as_version=4)
    for cell in code_cells(notebook):
        cell.outputs, cell.execution_count = [], None
    client = NotebookClient(
        notebook, timeout=CELL_TIMEOUT, kernel_name="python3", record_timing=False, coalesce_streams=True,
        resources={"metadata": {"path": str(path.parent)}},
    )
    client.execute()
    notebook.metadata.pop("widgets", None)
    for cell in code_cells(notebook):
        for output in cell.outputs:
            output.get("data", {}).pop(WIDGET_VIEW, None)
    notebook.metadata["language_info"] = {"name": "python"}  # not the patch version of whoever ran it
    notebook.metadata["d2l_vn"]["run"] = {
        "fast": os.environ.get("D2L_VN_FAST") == "1",
        "threads": 1,
        "python": platform.python_version(),
        "versions": {name: importlib.metadata.version(name).partition("+")[0] for name in PACKAGES},
    }
    write(notebook, path)


def execute_apart(path: Path) -> bool:
    """The same in a process of its own; says how it went and how long it took."""
    start = time.monotonic()
    command = [sys.executable, "-m", "book.tools.execute", "--one", str(path)]
    done = subprocess.run(command, cwd=ROOT, env=environment(), check=False)
    verdict = "executed" if done.returncode == 0 else "FAILED, left as it was:"
    print(f"{verdict} {path.relative_to(ROOT)} ({time.monotonic() - start:.0f} s)", flush=True)
    return done.returncode == 0


def stale(paths: list[Path]) -> list[Path]:
    """Those that wait for execution."""
    return [path for path in paths if (notebook := load(path)) is not None and is_stale(notebook)]


def main() -> None:
    """Execute what is stale, or what is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        try:
            execute(arguments.one)
        except CellExecutionError as error:
            sys.exit(f"{arguments.one}: {error}")
        return
    paths = sorted(NOTEBOOKS.glob("*/*.ipynb"), key=lambda path: (path.stem, path))
    unknown = set(arguments.names) - {path.stem for path in paths}
    if unknown:
        sys.exit(f"no such chapter: {', '.join(sorted(unknown))}")
    chosen = [path for path in paths if path.stem in arguments.names] if arguments.names else stale(paths)
    with ThreadPoolExecutor(max_workers=2) as pool:
        ok = list(pool.map(execute_apart, chosen))
    print(f"{sum(ok)} of {len(chosen)} stale notebook(s) executed" if chosen else "no notebook is stale")
    sys.exit(0 if all(ok) else 1)


if __name__ == "__main__":
    main()
