"""What all tests share: where the real data lie, and a quiet machine."""

import os
from pathlib import Path

# Before torch is imported: threads of several test processes on two cores only wait for one another.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "fashion-mnist"


@pytest.fixture(scope="session", autouse=True)
def fashion_mnist_folder():
    """Let the loader find the real files where they are at hand; elsewhere it uses its cache or a mirror."""
    if "D2L_VN_DATA" not in os.environ and SHARED.is_dir():
        os.environ["D2L_VN_DATA"] = str(SHARED)
