"""One build of the site for all tests that look at it."""

import os
from pathlib import Path

import pytest
from filelock import FileLock

from book.tools.site import build


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both editions. Nothing may be written there: several test processes read it, and the first to come builds it."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # the folder of the run; each process has one of its own below it
    site = folder / "site"
    with FileLock(folder / "site.lock"):
        if not (site / "index.html").is_file():  # the last that is written
            build(site)
    return site
