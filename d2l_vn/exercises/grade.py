"""Grade submitted notebooks: only setup and exercise cells run, in a sandbox; judged is here, and by numbers alone."""

import collections
import csv
import io
import json
import os
import re
import secrets
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from ..fetch import write_atomically
from ..language import say
from . import sandbox
from .catalogue import chapters, exercises
from .engine import Case, Exercise, Verdict
from .values import is_sound

TAG = "exercise-"
LARGEST = 64 << 20  # bytes of a notebook
STARTUP = 120.0  # seconds for Python and torch to load in the sandbox


@dataclass
class Submission:
    """A student's notebook: the cells that matter, or the reason why it cannot be read."""

    name: str
    setup: list[str] = field(default_factory=list)
    cells: dict[str, list[str]] = field(default_factory=dict)
    note: str = ""


@dataclass
class Marks:
    """What the grader found: a verdict per exercise, and a note where the notebook as a whole went wrong."""

    name: str
    verdicts: dict[str, Verdict]
    note: str = ""


def grade(
    paths: Sequence[Path], chapter: str | None = None, seed: int | None = None, seconds: float = 10.0,
    kind: str | None = None,
) -> list[Marks]:
    """Grade notebooks, one sandbox each.

    Args:
        paths: the notebooks.
        chapter: number or name of the chapter; None takes that of most notebooks.
        seed: of the random cases; None draws one that no notebook can know.
        seconds: for each exercise.
        kind: of the sandbox, ``bubblewrap`` or ``namespaces``; None takes the first that holds.

    Raises SandboxError if there is no sandbox, ValueError if no chapter fits.
    """
    kind = kind or sandbox.choose()
    seed = secrets.randbelow(1 << 31) if seed is None else seed
    submissions = [read(path, name) for path, name in zip(paths, names(paths), strict=True)]
    tasks = exercises(_module(chapter, submissions))
    cases = {id: task.cases(seed) for id, task in tasks.items()}
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        results = pool.map(lambda submission: run(submission, cases, seconds, kind), submissions)
        marks = []
        for submission, (outputs, note) in zip(submissions, results, strict=True):
            verdicts = {id: _verdict(task, cases[id], outputs.get(id), id in submission.cells) for id, task in tasks.items()}
            marks.append(Marks(submission.name, verdicts, note))
            right = sum(verdict.right for verdict in verdicts.values())
            print(f"{submission.name}: {right}/{len(tasks)} {note}".rstrip(), file=sys.stderr, flush=True)
    return marks


def run(submission: Submission, cases: dict[str, list[Case]], seconds: float, kind: str) -> tuple[dict[str, Any], str]:
    """Run one submission in a sandbox; return the outputs of its exercises, not yet to be trusted, and a note."""
    work = {id: {"cells": submission.cells[id], "cases": cases[id]} for id in cases if id in submission.cells}
    if not work:
        return {}, submission.note or say("không có cell bài tập nào", "no exercise cells")
    job = json.dumps({"setup": submission.setup, "exercises": work, "seconds": seconds}).encode()
    result = sandbox.run(kind, ["-m", f"{__package__}._inside"], job, STARTUP + len(work) * (seconds + 2))
    if result is None:
        return {}, say("quá thời gian, bị ngắt", "stopped, out of time")
    try:
        outputs = json.loads(result)
    except (ValueError, RecursionError):
        outputs = None
    if not isinstance(outputs, dict):
        return {}, say("không để lại kết quả: tiến trình chấm đã bị phá", "left no result: its process was broken")
    return outputs, submission.note


def _verdict(task: Exercise, cases: list[Any], outputs: Any, present: bool) -> Verdict:
    if not present:
        return Verdict("blank", say("Không tìm thấy cell của bài này.", "The cell of this exercise is missing."))
    sound = isinstance(outputs, list) and 0 < len(outputs) <= len(cases) and all(map(is_sound, outputs))
    if sound and len(outputs) < len(cases):
        last = outputs[-1]["status"]
        if last == "error" and len(outputs) == 1:
            text = f"{outputs[0].get('name', '')}: {outputs[0].get('text', '')}"
            return Verdict("error", say(f"Cell không chạy được: `{text}`", f"The cell does not run: `{text}`"))
        sound = last == "slow"
    if not sound:
        return Verdict("error", say("Không có kết quả đọc được: mã làm hỏng tiến trình chấm, chạy quá lâu hoặc tốn quá nhiều bộ nhớ.",
                                    "No readable result: the code broke its process, ran too long or took too much memory."))
    return task.judge(cases, outputs)


def read(path: Path, name: str) -> Submission:
    """Read the setup and exercise cells of a notebook; whatever is wrong with the file becomes a note."""
    try:
        if path.exists() and not path.is_file():  # a pipe would never end
            return Submission(name, note=say("không phải tệp", "not a file"))
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
        if len(content) > LARGEST:
            return Submission(name, note=say("tệp quá lớn", "the file is too large"))
        cells = json.loads(content)["cells"]
        codes = [(_tags(cell), _source(cell)) for cell in cells if cell["cell_type"] == "code"]
    except OSError as error:
        return Submission(name, note=say(f"không đọc được: {error.strerror}", f"cannot be read: {error.strerror}"))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return Submission(name, note=say("không phải sổ tay hợp lệ", "not a valid notebook"))
    found: dict[str, list[str]] = {}
    for tags, source in codes:
        for tag in tags:
            if isinstance(tag, str) and tag.startswith(TAG):
                found.setdefault(tag.removeprefix(TAG), []).append(source)
    return Submission(name, [source for tags, source in codes if "setup" in tags], found)


def _tags(cell: Any) -> list[Any]:
    tags = cell.get("metadata", {}).get("tags", [])
    return tags if isinstance(tags, list) else []


def _source(cell: Any) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def names(paths: Iterable[Path]) -> list[str]:
    """Return a name for each notebook: its file's, with its folder's in front where two are called the same."""
    paths = list(paths)
    count = collections.Counter(path.stem for path in paths)
    taken: dict[str, int] = {}
    result = []
    for path in paths:
        name = path.stem if count[path.stem] == 1 else f"{path.resolve().parent.name}-{path.stem}"
        name = re.sub(r"[^\w .()-]", "_", name)
        taken[name] = taken.get(name, 0) + 1
        result.append(name if taken[name] == 1 else f"{name} ({taken[name]})")
    return result


def _module(chapter: str | None, submissions: Sequence[Submission]) -> ModuleType:
    known = chapters()
    if chapter is not None:
        fits = [name for name in known if chapter in (name, name[:2])]
    else:
        owner = {id: name for name, module in known.items() for id in exercises(module)}
        count = collections.Counter(name for s in submissions for name in {owner[id] for id in s.cells if id in owner})
        fits = [name for name, _ in count.most_common(1)]
    if not fits:
        all_names = ", ".join(known)
        raise ValueError(say(f"Không sổ tay nào có bài tập của một chương đã biết; hãy chọn --chapter: {all_names}",
                             f"No notebook has exercises of a known chapter; choose --chapter: {all_names}"))
    return known[fits[0]]


def write(marks: Sequence[Marks], table: Path, folder: Path) -> None:
    """Write the table of marks, and a file of feedback per student."""
    ids = list(marks[0].verdicts)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([say("sinh viên", "student"), *ids, say("tổng", "total"), say("ghi chú", "note")])
    folder.mkdir(parents=True, exist_ok=True)
    for mark in marks:
        points = [int(verdict.right) for verdict in mark.verdicts.values()]
        # A name that begins like a formula is one to a spreadsheet.
        writer.writerow([f"'{mark.name}" if mark.name[:1] in "=+-@" else mark.name, *points, sum(points), mark.note])
        write_atomically(folder / f"{mark.name}.txt", feedback(mark).encode())
    write_atomically(table, text.getvalue().encode("utf-8-sig"))  # the mark tells Excel that this is UTF-8


def feedback(mark: Marks) -> str:
    """Return what the student gets to read."""
    right = sum(verdict.right for verdict in mark.verdicts.values())
    lines = [f"{mark.name}: {right}/{len(mark.verdicts)}", *([mark.note] if mark.note else []), ""]
    for id, verdict in mark.verdicts.items():
        lines += [f"{'✔' if verdict.right else '✘'} {id}", *(f"    {line}" for line in verdict.text.splitlines()), ""]
    # What is quoted from the student's program must not steer a terminal.
    return "".join(c for c in "\n".join(lines) if c.isprintable() or c == "\n")
