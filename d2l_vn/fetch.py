"""Find the four files of Fashion-MNIST: in `$D2L_VN_DATA`, in the reader's cache, or on a mirror.

Nothing is used before its length and its SHA-256 have been checked, wherever it comes from.
"""

import hashlib
import http.client
import os
import sys
import urllib.request
from pathlib import Path

from .language import say
from .progress import ProgressLine

# Name: (bytes, SHA-256) of the files published at https://github.com/zalandoresearch/fashion-mnist
FILES = {
    "train-images-idx3-ubyte.gz": (26421880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
    "train-labels-idx1-ubyte.gz": (29515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
    "t10k-images-idx3-ubyte.gz": (4422102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
    "t10k-labels-idx1-ubyte.gz": (5148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
}
MIRRORS = (
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion",
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com",
)
TIMEOUT = 20.0  # seconds of silence after which a mirror is given up


class DataError(RuntimeError):
    """The data cannot be had; the message says what was tried and what to do."""


def fashion_mnist_files() -> dict[str, bytes]:
    """Return the verified contents of the four ``.gz`` files by name, fetching what is missing into the cache.

    Raises DataError if a file in ``$D2L_VN_DATA`` is missing or wrong, no mirror helps, or the cache cannot be used.
    """
    given = os.environ.get("D2L_VN_DATA")
    if given:
        return {name: _read_given(Path(given).expanduser() / name) for name in FILES}
    cache = cache_dir()
    try:
        found = {name: content for name in FILES if (content := _read_cached(cache / name))}
        missing = [name for name in FILES if name not in found]
        return found | _fetch_all(missing, cache) if missing else found
    except (OSError, NotImplementedError) as error:  # NotImplementedError: a file system without locks
        raise DataError(say(
            f"Không dùng được thư mục đệm {cache}: {error}. Thư mục này chưa có đủ bốn tệp của Fashion-MNIST. Hãy giải "
            "phóng chỗ trên đĩa hoặc cấp quyền ghi rồi chạy lại; hoặc đặt D2L_VN_DATA trỏ tới thư mục đã có bốn tệp.",
            f"The cache folder {cache} cannot be used: {error}. It does not hold all four files of Fashion-MNIST. Free "
            "some space or allow writing there and run this again; or set D2L_VN_DATA to a folder that has the files.",
        )) from error


def cache_dir() -> Path:
    """Return the reader's own cache folder for Fashion-MNIST, where this operating system keeps such things."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "d2l_vn" / "fashion-mnist"


def write_atomically(path: Path, content: bytes | memoryview) -> None:
    """Write a file so that, whenever this process is killed, the old one or the new one is there whole."""
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def _fault(name: str, content: bytes) -> str | None:
    """Say what is wrong with the contents of a file, or None."""
    size, digest = FILES[name]
    if len(content) != size:
        return say(f"dài {len(content)} byte thay vì {size}", f"is {len(content)} bytes long instead of {size}")
    if hashlib.sha256(content).hexdigest() != digest:
        return say("có SHA-256 sai", "has the wrong SHA-256")
    return None


def _read_given(path: Path) -> bytes:
    content = b""
    try:
        content = path.read_bytes()
        fault = _fault(path.name, content)
    except OSError as error:
        fault = say(f"không đọc được ({error.strerror})", f"cannot be read ({error.strerror})")
    if fault:
        raise DataError(say(
            f"Tệp {path} {fault}. D2L_VN_DATA trỏ tới thư mục này nên không có gì được tải về: hãy đặt đúng tệp "
            "vào đó, hoặc bỏ biến D2L_VN_DATA để dữ liệu được tải về tự động.",
            f"The file {path} {fault}. D2L_VN_DATA points to this folder, so nothing is downloaded: put the right file "
            "there, or unset D2L_VN_DATA to have the data downloaded.",
        ))
    return content


def _read_cached(path: Path) -> bytes | None:
    """Return the contents of a file in the cache, or None where it is missing or wrong."""
    content = path.read_bytes() if path.exists() else b""
    return None if _fault(path.name, content) else content


def _fetch_all(names: list[str], cache: Path) -> dict[str, bytes]:
    """Fetch files into the cache; of several processes that want them at once, one does it and the others wait."""
    from filelock import FileLock  # here, because a machine that has the data need not have filelock

    cache.mkdir(parents=True, exist_ok=True)
    mirrors = [*os.environ.get("D2L_VN_MIRRORS", "").split(), *MIRRORS]
    with FileLock(cache / "lock"):
        # Looked at again: another process may have fetched them while this one waited for the lock.
        return {name: _read_cached(cache / name) or _fetch(cache / name, mirrors) for name in names}


def _fetch(target: Path, mirrors: list[str]) -> bytes:
    """Fetch one file from the first mirror that has it whole; that mirror comes first for the next file."""
    name, tried = target.name, []
    if target.exists():
        target.replace(target.with_name(f"{name}.bad"))
        print(say(f"{target} bị hỏng: đã đổi tên thành {name}.bad, sẽ tải lại",
                  f"{target} is damaged: it is now called {name}.bad and will be fetched again"))
    for mirror in list(mirrors):
        url = f"{mirror.rstrip('/')}/{name}"
        try:
            content = _download(url, FILES[name][0])
            fault = _fault(name, content)
        except (OSError, http.client.HTTPException, ValueError) as error:
            fault = str(error) or type(error).__name__
        if fault is None:
            mirrors.remove(mirror)
            mirrors.insert(0, mirror)
            write_atomically(target, content)
            return content
        tried.append(f"\n  {url}: {fault}")
    raise DataError(say(
        f"Không tải được {name}. Tệp này không có trong thư mục đệm {target.parent}; đã thử:{''.join(tried)}\n"
        "Hãy kiểm tra kết nối mạng rồi chạy lại; hoặc tải bốn tệp bằng cách khác và đặt D2L_VN_DATA trỏ tới thư mục "
        "chứa chúng; hoặc thêm một địa chỉ khác vào D2L_VN_MIRRORS.",
        f"{name} could not be fetched. The cache folder {target.parent} does not have it; tried:{''.join(tried)}\n"
        "Check the network and run this again; or get the four files in another way and set D2L_VN_DATA to the "
        "folder that holds them; or add another address to D2L_VN_MIRRORS.",
    ))


def _download(url: str, size: int) -> bytes:
    """Return what an address serves, with a progress bar; stop at more than ``size`` bytes."""
    content, line = bytearray(), ProgressLine()
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT) as reply:  # noqa: S310 (file:// is allowed on purpose)
            while len(content) <= size and (block := reply.read(1 << 16)):
                content += block
                done = len(content) / size
                line.show(f"{Path(url).name} [{'█' * round(20 * done):·<20}] {done:4.0%} {size / 1e6:.1f} MB")
    finally:
        line.close()
    return bytes(content)
