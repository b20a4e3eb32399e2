"""Explorables are ordinary ES modules that import one another; a notebook takes the text of one module only.

So the text of what is imported is put in its place: no build step, and nothing to fetch. Standard library only,
because the book is built where torch is not installed.
"""

import json
import re
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
IMPORT = re.compile(r'^import \{[^}]*\} from "\./(\w+)\.mjs";\n', re.M)
EXPORT = re.compile(r"^export (?!default)", re.M)
INNERMOST = re.compile(r"\[[^\[\]]*\]")  # a list of numbers: it takes one line


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


def read_data(name: str) -> Any:
    """Return what ``name.mjs``, a module of data, holds."""
    text = (HERE / f"{name}.mjs").read_text("utf-8")
    return json.loads(text[text.index(" = ") + 3 : text.rindex(";")])


def write_data(name: str, comment: str, data: Any) -> None:
    """Write ``name.mjs``, a module of data: a comment, and one constant that has its name."""
    lines = "".join(f"// {line}\n" for line in comment.splitlines())
    values = INNERMOST.sub(lambda found: json.dumps(json.loads(found[0])), json.dumps(data, indent=2))
    text = f"{lines}export const {name.upper()} = {values};\n"
    (HERE / f"{name}.mjs").write_text(text, encoding="utf-8", newline="\n")
