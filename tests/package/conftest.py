"""What the tests of the package share: a small Fashion-MNIST, and an environment without the settings of whoever tests."""

import contextlib
import gzip
import hashlib
import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from d2l_vn import fetch, language

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def settings(monkeypatch):
    """English messages, full runs, no mirrors but the test's own."""
    for name in ("D2L_VN_FAST", "D2L_VN_MIRRORS", "D2L_VN_LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(language, "_chosen", "en")
    torch.manual_seed(0)


def idx(values: torch.Tensor) -> bytes:
    """Pack bytes as a gzipped IDX file."""
    header = struct.pack(f">HBB{values.ndim}I", 0, 8, values.ndim, *values.shape)
    return gzip.compress(header + values.to(torch.uint8).numpy().tobytes(), mtime=0)


def small_files(n_train: int = 40, n_test: int = 20, seed: int = 0) -> dict[str, bytes]:
    """Return four files like the real ones, with few images; labels run 0, 1 … 9, 0, 1 …"""
    generator = torch.Generator().manual_seed(seed)
    files = {}
    for part, n in (("train", n_train), ("t10k", n_test)):
        files[f"{part}-images-idx3-ubyte.gz"] = idx(torch.randint(0, 256, (n, 28, 28), generator=generator))
        files[f"{part}-labels-idx1-ubyte.gz"] = idx(torch.arange(n) % 10)
    return files


def sums(files: dict[str, bytes]) -> dict[str, tuple[int, str]]:
    return {name: (len(content), hashlib.sha256(content).hexdigest()) for name, content in files.items()}


def write(folder: Path, files: dict[str, bytes]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def small(tmp_path, monkeypatch):
    """Make the loader take small files for the real ones, and give it a folder with them in $D2L_VN_DATA."""
    files = small_files()
    monkeypatch.setattr(fetch, "FILES", sums(files))
    monkeypatch.setenv("D2L_VN_DATA", str(write(tmp_path / "given", files)))
    return files


@pytest.fixture
def full_disk():
    """Return a context in which the system refuses to write more than a kilobyte to a file, as a full disk would."""
    resource = pytest.importorskip("resource", reason="this system has no limit for the size of files")

    @contextlib.contextmanager
    def limit():
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1024, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

    return limit


def start(*command, cwd: Path | None = None, **env: str) -> "subprocess.Popen[str]":
    """Start Python with arguments, in a process of its own that finds this package and speaks English."""
    whole = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "D2L_VN_LANG": "en"} | env
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, *command], cwd=cwd, env=whole, stdout=pipe, stderr=pipe, text=True)
