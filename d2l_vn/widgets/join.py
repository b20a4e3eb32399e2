"""Explorables are ordinary ES modules that import one another; a notebook takes the text of one module only.

So the text of what is imported is put in its place: no build step, and nothing to fetch. Standard library only,
because the book is built where torch is not installed.
"""

import re
from pathlib import Path

HERE = Path(__file__).parent
IMPORT = re.compile(r'^import \{[^}]*\} from "\./(\w+)\.mjs";\n', re.M)
EXPORT = re.compile(r"^export (?!default)", re.M)


def names() -> list[str]:
    """Return the names of all explorables: the modules that have something to export by default."""
    return sorted(path.stem for path in HERE.glob("*.mjs") if "\nexport default " in path.read_text("utf-8"))


def join(name: str) -> str:
    """Return one module that imports nothing: ``name.mjs``, and before it, once each, what it imports."""
    parts: dict[str, str] = {}

    def add(name: str) -> None:
        text = (HERE / f"{name}.mjs").read_text("utf-8")
        for part in IMPORT.findall(text):
            if part not in parts:
                add(part)
        parts[name] = EXPORT.sub("", IMPORT.sub("", text))

    add(name)
    return "".join(parts.values())
