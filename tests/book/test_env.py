"""The environments are made once, from the locks; what is missing on the machine gets a sentence."""

import runpy
import shutil
import sys
from pathlib import Path

import pytest

from book.tools import ROOT

SCRIPT = ROOT / "book" / "tools" / "env.py"


@pytest.fixture
def env(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict:
    """The script's functions, at work in a copy of what they read."""
    shutil.copytree(ROOT / "locks", tmp_path / "locks")
    monkeypatch.setattr(sys, "argv", ["env.py", "book"])
    functions = runpy.run_path(str(SCRIPT))
    functions["main"].__globals__["ROOT"] = tmp_path
    return functions


def spy(env: dict, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Count installations instead of making them."""
    made: list[str] = []

    def install(kind: str, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        made.append(kind)

    monkeypatch.setitem(env["main"].__globals__, "install", install)
    return made


def test_nothing_is_done_while_the_locks_are_unchanged(env: dict, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made = spy(env, monkeypatch)
    env["main"]()
    env["main"]()
    assert made == ["book"]
    with (tmp_path / "locks" / "book.txt").open("a") as lock:
        lock.write("# a new version\n")
    env["main"]()
    assert made == ["book", "book"]


def test_an_installation_that_failed_is_tried_again(env: dict, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(kind: str, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        raise SystemExit("no network")

    monkeypatch.setitem(env["main"].__globals__, "install", fail)
    with pytest.raises(SystemExit, match="no network"):
        env["main"]()
    made = spy(env, monkeypatch)
    env["main"]()
    assert made == ["book"]


def test_an_old_python_is_told_which_one_to_install(env: dict, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 1))
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(SystemExit, match=r"(?s)Cần Python 3\.11.*Python 3\.11 to 3\.14 is needed"):
        env["main"]()


def test_a_missing_venv_gets_the_package_to_install(env: dict, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)  # as on Debian without python3-venv
    with pytest.raises(SystemExit, match=rf"(?s)sudo apt install python3\.{sys.version_info[1]}-venv.*missing"):
        env["main"]()


def test_a_failed_step_names_network_wheels_and_compiler(env: dict) -> None:
    with pytest.raises(SystemExit, match=r"(?s)mạng.*build-essential.*network.*build-essential"):
        env["run"](sys.executable, "-c", "raise SystemExit(1)")
    env["run"](sys.executable, "-c", "")  # and a step that works says nothing


def test_the_locks_hold_hashes_and_what_the_requirements_ask_for() -> None:
    for requirements, lock in (("requirements.txt", "full.txt"), ("requirements-book.txt", "book.txt")):
        text = (ROOT / "locks" / lock).read_text()
        pins = {line.split("==")[0].split(";")[0].strip().lower() for line in text.splitlines() if line[:1].isalnum()}
        wanted = [line.split("#")[0].strip() for line in (ROOT / requirements).read_text().splitlines()]
        names = {line.split("==")[0].lower() for line in wanted if line[:1].isalnum()}
        assert names <= pins
        for line in wanted:
            assert "==" not in line or f"\n{line}" in f"\n{text}"
        blocks = [block for block in text.replace("\\\n", " ").splitlines() if block[:1].isalnum()]
        assert all("--hash=sha256:" in block for block in blocks)
