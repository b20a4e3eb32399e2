"""What a reader has done, kept in a small JSON file of the reader's own: no network, both languages share it.

The file maps the id of an exercise or quiz question to ``"right"`` or ``"tried"``.
"""

import contextlib
import json
import os
import re
import sys
from pathlib import Path

from ..fetch import write_atomically

RANK = {"tried": 1, "right": 2}


def path() -> Path:
    """Return the file: ``$D2L_VN_PROGRESS``, or one where this operating system keeps the user's data."""
    if given := os.environ.get("D2L_VN_PROGRESS"):
        return Path(given).expanduser()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / "d2l_vn" / "progress.json"


def load() -> dict[str, str]:
    """Return what is known; of a damaged file, all entries that can still be read. Never raises."""
    try:
        return _parse(path().read_bytes())[0]
    except (OSError, RuntimeError):  # RuntimeError: there is no home folder
        return {}


def record(key: str, state: str) -> None:
    """Note that ``key`` was tried or done; what is done stays done. Where nothing can be written, nothing happens."""
    from filelock import FileLock, Timeout

    with contextlib.suppress(OSError, RuntimeError, NotImplementedError, Timeout):
        file = path()
        file.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{file}.lock", timeout=2):
            content = file.read_bytes() if file.exists() else b"{}"
            known, damaged = _parse(content)
            if RANK.get(known.get(key, ""), 0) >= RANK[state]:
                return
            if damaged:
                write_atomically(file.with_name(f"{file.name}.bad"), content)
            text = json.dumps(known | {key: state}, indent=1, sort_keys=True, ensure_ascii=False)
            write_atomically(file, text.encode())


def _parse(content: bytes) -> tuple[dict[str, str], bool]:
    """Return the entries, and whether the file was damaged."""
    text = content.decode("utf-8", errors="replace")
    try:
        entries = json.loads(text)
        if isinstance(entries, dict) and all(isinstance(v, str) for v in entries.values()):
            return entries, False
    except (ValueError, RecursionError):
        pass
    return dict(re.findall(r'"([\w.-]+)"\s*:\s*"(right|tried)', text)), True
