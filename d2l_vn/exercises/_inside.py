"""What runs in the sandbox: read cells and cases, run each exercise in a process of its own, write outputs as JSON.

The first process runs nothing of the student's. It imports what is slow once; a fork of it then executes the setup
cell and the cells of one exercise and calls ``collect``, so that an exercise that hangs or crashes spoils no other.
"""

import contextlib
import ctypes
import json
import linecache
import os
import re
import resource
import select
import signal
import sys
import time
from pathlib import Path
from typing import Any

from .catalogue import find
from .engine import Exercise
from .values import quoted

LIMIT = 1 << 20  # bytes of one exercise's outputs
MEMORY = 2 << 30  # bytes beyond what Python and torch take


def main() -> None:
    """Read a job from standard input, write outputs by exercise to standard output."""
    # No other process of the sandbox may look into this one, or open its files by way of /proc.
    ctypes.CDLL(None).prctl(4, 0)  # PR_SET_DUMPABLE
    job = json.load(sys.stdin)
    results = {}
    for id, work in job["exercises"].items():
        results[id] = apart(find(id), job["setup"] + work["cells"], work["cases"], job["seconds"])
    json.dump(results, sys.stdout)


def apart(exercise: Exercise, cells: list[str], cases: list[Any], seconds: float) -> Any:
    """Run one exercise in a process of its own; return what it sent back, or None."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException):
            os.close(reader)
            os.setsid()
            null = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(null, stream)
            limit(seconds)
            outputs = json.dumps(outputs_of(exercise, cells, cases, seconds)).encode()
            while outputs:
                outputs = outputs[os.write(writer, outputs):]
        os._exit(0)
    os.close(writer)
    content, end = b"", time.monotonic() + seconds + 1
    while len(content) <= LIMIT and (left := end - time.monotonic()) > 0 and select.select([reader], [], [], left)[0]:
        block = os.read(reader, 1 << 16)
        if not block:
            break
        content += block
    slow = time.monotonic() >= end
    os.close(reader)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return [{"status": "slow"}] if slow else None


def limit(seconds: float) -> None:
    """Bound what this process and its children may take."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    bounds = {
        resource.RLIMIT_AS: pages * resource.getpagesize() + MEMORY, resource.RLIMIT_FSIZE: 1 << 20,
        resource.RLIMIT_CORE: 0, resource.RLIMIT_NOFILE: 128, resource.RLIMIT_NPROC: 128,
        resource.RLIMIT_CPU: int(seconds) + 2,
    }
    for what, value in bounds.items():
        hard = resource.getrlimit(what)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(what, (value, value))


def outputs_of(exercise: Exercise, cells: list[str], cases: list[Any], seconds: float) -> list[Any]:
    """Execute cells and call ``collect`` on what they define."""
    space: dict[str, Any] = {"__name__": "__main__"}
    for i, cell in enumerate(cells):
        code = re.sub(r"^(\s*)[%!].*$", r"\1pass", cell, flags=re.M)  # what only a notebook understands
        name = f"<cell {i}>"
        linecache.cache[name] = (len(code), None, code.splitlines(keepends=True), name)  # so that feedback quotes the line
        try:
            exec(compile(code, name, "exec"), space)  # noqa: S102 (this is what the sandbox is for)
        except BaseException as error:
            return [{"status": "error", "name": quoted(type(error).__name__), "text": quoted(str(error))}]
    if not callable(space.get(exercise.name)):
        return [{"status": "error", "name": "NameError", "text": exercise.name}]
    return exercise.collect_all(space[exercise.name], cases, seconds / 2)


if __name__ == "__main__":
    main()
