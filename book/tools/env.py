"""Make an environment of the book, once: `python3 book/tools/env.py book` or `full`. Standard library only.

    book    .venv-book   builds the site from the committed notebooks, no torch
    full    .venv        runs and tests everything, d2l for comparison included

The versions are those of locks/, checked by hash. Nothing is done while the locks are as they were.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NEWEST, OLDEST = (3, 14), (3, 11)
LOCKS = {"book": ["uv.txt", "book.txt"], "full": ["uv.txt", "full.txt", "d2l.txt", "d2l-017.txt"]}
FOLDERS = {"book": ".venv-book", "full": ".venv"}


def stop(vietnamese: str, english: str) -> None:
    """End with one sentence in each language."""
    sys.exit(f"{vietnamese}\n{english}")


def right_python() -> None:
    """Go on with a Python that the locks are for, or say which to install."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return
    names = [f"python3.{minor}" for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]
    for found in filter(None, map(shutil.which, names)):
        if subprocess.run([found, "-c", ""], check=False).returncode == 0:
            os.execv(found, [found, *sys.argv])
    stop(
        f"Cần Python 3.11 đến 3.14; máy này đang dùng {sys.version.split()[0]}. Hãy cài một bản rồi chạy lại.",
        f"Python 3.11 to 3.14 is needed; this machine runs {sys.version.split()[0]}. Install one and run this again.",
    )


def make_venv(folder: Path) -> Path:
    """A fresh virtual environment; the path of its Python."""
    try:
        import ensurepip  # noqa: F401 -- Debian and Ubuntu ship Python without it
        import venv
    except ImportError:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        stop(
            f"Thiếu mô-đun venv của Python. Trên Debian hay Ubuntu: sudo apt install python{version}-venv, rồi chạy lại.",
            f"Python's venv module is missing. On Debian or Ubuntu: sudo apt install python{version}-venv, then run this again.",
        )
    shutil.rmtree(folder, ignore_errors=True)
    venv.create(folder, with_pip=True)
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def run(*command: str) -> None:
    """Run one installation step; a failure ends with what most likely helps."""
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        stop(
            "Cài đặt không thành (lí do ở ngay trên). Hãy xem lại mạng; nếu nó báo không có bản dựng sẵn (wheel) "
            "thì hãy dùng Python 64 bit, bản 3.11 đến 3.14, hoặc cài trình biên dịch (Debian, Ubuntu: sudo apt install build-essential).",
            "The installation failed (the reason is just above). Check the network; if it says that there is no ready-made "
            "wheel, use a 64-bit Python, 3.11 to 3.14, or install a compiler (Debian, Ubuntu: sudo apt install build-essential).",
        )


def install(kind: str, folder: Path) -> None:
    """uv by pip, everything else by uv: seconds instead of minutes."""
    python = str(make_venv(folder))
    lock = {name: str(ROOT / "locks" / name) for name in LOCKS[kind]}
    run(
        python,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--require-hashes",
        "-r",
        lock["uv.txt"],
    )
    # the certificates of the system, as pip uses: proxies of universities and firms have their own
    uv = (python, "-m", "uv", "pip", "install", "--quiet", "--system-certs", "--python", python)
    run(*uv, "--require-hashes", "-r", lock[f"{kind}.txt"])
    if kind == "full":
        # d2l pins old versions of everything, so it comes without its dependencies (see requirements-d2l.txt)
        run(*uv, "--require-hashes", "--no-deps", "-r", lock["d2l.txt"])
        old = ROOT / "_build" / "d2l-0.17"
        run(*uv, "--require-hashes", "--no-deps", "--target", str(old), "-r", lock["d2l-017.txt"])
        run(*uv, "--no-deps", "--no-build-isolation", "--editable", str(ROOT))


def main() -> None:
    """Make the environment unless it is there and the locks have not changed."""
    if len(sys.argv) != 2 or sys.argv[1] not in LOCKS:
        sys.exit(__doc__)
    right_python()
    kind = sys.argv[1]
    folder, stamp = ROOT / FOLDERS[kind], ROOT / FOLDERS[kind] / "made-from"
    content = b"".join((ROOT / "locks" / name).read_bytes() for name in LOCKS[kind]) + sys.version.encode()
    wanted = hashlib.sha256(content).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    print(f"Đang tạo {folder.name}, chỉ một lần | making {folder.name}, once …", flush=True)
    install(kind, folder)
    stamp.write_text(wanted)


if __name__ == "__main__":
    main()
