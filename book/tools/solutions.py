"""The solutions edition of a chapter: its notebooks with the stubs replaced by the reference solutions.

python -m book.tools.solutions 06-cnn-and-lenet     write _build/solutions/vi/… and _build/solutions/en/…

Generated on demand and never committed; nothing is executed.
"""

import argparse
import sys

from nbformat import NotebookNode

from book.tools import CHAPTERS, DATA, LANGUAGES, ROOT
from book.tools.markers import Results
from book.tools.notebooks import code_cells, make, repository_url, write
from book.tools.source import SourceError, read
from d2l_vn.exercises import find

TAG = "exercise-"


def solve(notebook: NotebookNode) -> int:
    """Put the reference solution in each stub; return how many there were."""
    stubs = 0
    for cell in code_cells(notebook):
        for tag in cell.metadata.get("tags", []):
            if tag.startswith(TAG):
                cell.source = find(tag.removeprefix(TAG)).source()
                stubs += 1
    return stubs


def main() -> None:
    """Write the solutions edition of the chapters that are named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="+", metavar="NAME")
    for name in parser.parse_args().names:
        path = CHAPTERS / f"{name}.md"
        if not path.is_file():
            sys.exit(f"no such chapter: {name}")
        try:
            cells = read(path)
        except SourceError as error:
            sys.exit(str(error))
        for lang in LANGUAGES:
            notebook, _ = make(name, cells, lang, Results(DATA / "results"), repository_url())
            stubs, target = solve(notebook), ROOT / "_build" / "solutions" / lang / f"{name}.ipynb"
            write(notebook, target)
            print(f"made {target.relative_to(ROOT)} ({stubs} solutions)")


if __name__ == "__main__":
    main()
