"""Where the data come from, and everything that can go wrong on the way: servers on localhost make it go wrong."""

import contextlib
import http.server
import json
import socket
import threading
import time

import pytest

import d2l_vn
from d2l_vn import fetch

from .conftest import small_files, start, sums, write

IMAGES = "train-images-idx3-ubyte.gz"


class Mirror:
    """An HTTP server on localhost that serves files, and does to one of them what ``fault`` says."""

    def __init__(self, files, fault=None, name=IMAGES):
        self.requests, self.sent = [], 0
        self.release = threading.Event()  # lets a stalled answer go at the end of the test
        mirror = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                asked = self.path.rsplit("/", 1)[-1]
                mirror.requests.append(asked)
                content, wrong = files.get(asked), asked == name
                if content is None or (wrong and fault == "refuse"):
                    self.send_error(404)
                    return
                if wrong and fault == "corrupt":
                    content = content[:50] + bytes([content[50] ^ 1]) + content[51:]
                self.send_response(200)
                if fault != "endless":
                    self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if wrong and fault in ("cut", "stall"):
                    self.wfile.write(content[: len(content) // 2])
                    self.wfile.flush()
                    if fault == "stall":
                        mirror.release.wait(20)
                elif wrong and fault == "endless":
                    for _ in range(1000):
                        self.wfile.write(content)
                        mirror.sent += len(content)
                else:
                    self.wfile.write(content)

            def log_message(self, *args):
                pass

            def handle(self):
                with contextlib.suppress(OSError):  # the reader has had enough
                    super().handle()

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self):
        self.release.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def mirror():
    """Start mirrors, each with a fault; stop them at the end."""
    started = []

    def start(files, fault=None, name=IMAGES):
        started.append(Mirror(files, fault, name))
        return started[-1]

    yield start
    for m in started:
        m.close()


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """Let small files be the true ones, with an empty cache and no mirror yet; return the cache folder."""
    monkeypatch.delenv("D2L_VN_DATA", raising=False)
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.setattr(fetch, "FILES", sums(small_files()))
    monkeypatch.setattr(fetch, "MIRRORS", ())
    monkeypatch.setattr(fetch, "TIMEOUT", 0.5)
    return fetch.cache_dir()


def closed_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{s.getsockname()[1]}"


def files_in(folder):
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.name != "lock"}


def test_given_folder_comes_first_and_nothing_is_downloaded(cache, mirror, tmp_path, monkeypatch):
    files, server = small_files(), mirror(small_files())
    monkeypatch.setattr(fetch, "MIRRORS", (server.url,))
    monkeypatch.setenv("D2L_VN_DATA", str(write(tmp_path / "given", files)))
    assert fetch.fashion_mnist_files() == files
    assert server.requests == [] and not cache.exists()


@pytest.mark.parametrize("spoil, word", [(lambda p: p.unlink(), "cannot be read"), (lambda p: p.write_bytes(b"x"), "1 bytes"),
                                         (lambda p: p.write_bytes(p.read_bytes()[::-1]), "SHA-256")])
def test_given_folder_with_a_wrong_file(cache, mirror, tmp_path, monkeypatch, spoil, word):
    server = mirror(small_files())
    monkeypatch.setattr(fetch, "MIRRORS", (server.url,))
    folder = write(tmp_path / "given", small_files())
    monkeypatch.setenv("D2L_VN_DATA", str(folder))
    spoil(folder / IMAGES)
    with pytest.raises(d2l_vn.DataError, match=f"{IMAGES} .*{word}"):
        fetch.fashion_mnist_files()
    assert server.requests == []


def test_cache_is_filled_once(cache, mirror, monkeypatch):
    server = mirror(small_files())
    monkeypatch.setattr(fetch, "MIRRORS", (server.url,))
    for _ in range(2):
        assert fetch.fashion_mnist_files() == small_files()
    assert sorted(server.requests) == sorted(small_files())
    assert files_in(cache) == small_files()


def test_mirrors_of_the_environment_come_first(cache, mirror, monkeypatch, tmp_path):
    usual = mirror(small_files())
    monkeypatch.setattr(fetch, "MIRRORS", (usual.url,))
    folder = write(tmp_path / "usb stick", small_files())
    monkeypatch.setenv("D2L_VN_MIRRORS", f"{closed_port()} {folder.as_uri()}/")
    assert fetch.fashion_mnist_files() == small_files()
    assert usual.requests == []


@pytest.mark.parametrize("fault", ["cut", "corrupt", "stall", "refuse", "endless"])
def test_faulty_mirror_is_passed_over(cache, mirror, monkeypatch, fault):
    bad, good = mirror(small_files(), fault), mirror(small_files())
    monkeypatch.setattr(fetch, "MIRRORS", (bad.url, good.url))
    assert fetch.fashion_mnist_files() == small_files()
    assert bad.requests == [IMAGES]  # it was asked, and for the other files not first
    assert files_in(cache) == small_files()  # and nothing of its answer stayed
    assert bad.sent < 500 * len(small_files()[IMAGES])  # nobody listened to an endless answer to its end


@pytest.mark.parametrize("fault, words", [("cut", "bytes long instead of"), ("corrupt", "SHA-256"), ("stall", "timed out"),
                                          ("refuse", "404"), ("endless", "bytes long instead of")])
def test_no_mirror_helps(cache, mirror, monkeypatch, fault, words):
    bad, closed = mirror(small_files(), fault), closed_port()
    monkeypatch.setattr(fetch, "MIRRORS", (bad.url, closed))
    with pytest.raises(d2l_vn.DataError) as caught:
        fetch.fashion_mnist_files()
    message = str(caught.value)
    assert words in message.split(f"{bad.url}/{IMAGES}")[1].splitlines()[0]
    assert closed in message and str(cache) in message and "D2L_VN_DATA" in message
    assert IMAGES not in files_in(cache)


def test_errors_are_in_the_language_of_the_reader(cache, monkeypatch):
    monkeypatch.setattr(fetch, "MIRRORS", (closed_port(),))
    d2l_vn.set_language("vi")
    with pytest.raises(d2l_vn.DataError, match=r"(?s)Không tải được train-images.*Hãy kiểm tra kết nối mạng") as caught:
        fetch.fashion_mnist_files()
    assert "could not" not in str(caught.value)


@pytest.mark.parametrize("spoil", [lambda c: c[:-10], lambda c: c[:40] + b"?" + c[41:], lambda c: b""])
def test_bad_file_in_the_cache_is_set_aside_and_fetched_again(cache, mirror, monkeypatch, spoil):
    server = mirror(small_files())
    monkeypatch.setattr(fetch, "MIRRORS", (server.url,))
    spoilt = spoil(small_files()[IMAGES])
    write(cache, small_files() | {IMAGES: spoilt})
    assert fetch.fashion_mnist_files() == small_files()
    assert server.requests == [IMAGES]
    assert files_in(cache) == small_files() | {f"{IMAGES}.bad": spoilt}


def test_bad_file_in_the_cache_is_never_used(cache, monkeypatch):
    monkeypatch.setattr(fetch, "MIRRORS", (closed_port(),))
    write(cache, small_files() | {IMAGES: small_files()[IMAGES][:-1]})
    with pytest.raises(d2l_vn.DataError, match="could not be fetched"):
        fetch.fashion_mnist_files()


# fetch.py without the rest of the package, which would import torch for seconds
FETCH = """
import json, sys, types
package = types.ModuleType("d2l_vn")
package.__path__ = [sys.argv[1]]
sys.modules["d2l_vn"] = package
from d2l_vn import fetch
fetch.FILES, fetch.MIRRORS, fetch.TIMEOUT = json.loads(sys.argv[2]), sys.argv[3:], 30
files = fetch.fashion_mnist_files()
assert list(files) == list(fetch.FILES) and all(fetch._fault(*item) is None for item in files.items())
"""


def fetch_apart(url, home):
    folder = str(fetch.Path(fetch.__file__).parent)
    places = {name: str(home) for name in ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME")}
    return start("-c", FETCH, folder, json.dumps(sums(small_files())), url, **places)


def test_several_processes_fetch_once(cache, mirror, tmp_path):
    server = mirror(small_files())
    processes = [fetch_apart(server.url, tmp_path / "home") for _ in range(4)]
    for process in processes:
        _, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
    assert sorted(server.requests) == sorted(small_files())


def test_killed_in_the_middle_of_a_download(cache, mirror, tmp_path, monkeypatch):
    slow, good = mirror(small_files(), "stall"), mirror(small_files())
    process = fetch_apart(slow.url, tmp_path / "home")
    end = time.monotonic() + 30
    while not slow.requests and time.monotonic() < end:
        time.sleep(0.02)
    process.kill()
    process.communicate(timeout=30)
    assert slow.requests == [IMAGES]
    monkeypatch.setattr(fetch, "MIRRORS", (good.url,))
    assert fetch.fashion_mnist_files() == small_files()


def test_cache_that_cannot_be_made(cache, mirror, monkeypatch):
    monkeypatch.setattr(fetch, "MIRRORS", (mirror(small_files()).url,))
    cache.parents[1].mkdir(parents=True)
    cache.parent.write_text("a file where the folder should be")  # even root cannot make a folder under it
    with pytest.raises(d2l_vn.DataError, match=r"cache folder .* cannot be used") as caught:
        fetch.fashion_mnist_files()
    assert str(cache) in str(caught.value) and "D2L_VN_DATA" in str(caught.value)


@pytest.mark.skipif(not fetch.Path("/proc/self").is_dir(), reason="needs a folder that even root cannot write to")
def test_read_only_folder(cache, mirror, monkeypatch):
    monkeypatch.setattr(fetch, "MIRRORS", (mirror(small_files()).url,))
    monkeypatch.setattr(fetch, "cache_dir", lambda: fetch.Path("/proc/self/d2l_vn"))
    with pytest.raises(d2l_vn.DataError, match="cache folder /proc/self/d2l_vn cannot be used"):
        fetch.fashion_mnist_files()


def test_read_only_cache_that_is_complete_is_used(cache, monkeypatch):
    write(cache, small_files())
    monkeypatch.setattr(fetch.Path, "mkdir", None)  # whoever wants to write fails
    monkeypatch.setattr(fetch, "write_atomically", None)
    assert fetch.fashion_mnist_files() == small_files()
    assert files_in(cache) == small_files() and not (cache / "lock").exists()


def test_full_disk(cache, mirror, monkeypatch, full_disk):
    monkeypatch.setattr(fetch, "MIRRORS", (mirror(small_files()).url,))
    with full_disk(), pytest.raises(d2l_vn.DataError, match=r"cannot be used: .*File too large.*Free some space"):
        fetch.fashion_mnist_files()
    assert files_in(cache) == {}  # no torn file, no temporary one
    assert fetch.fashion_mnist_files() == small_files()


def test_progress_bar(cache, mirror, monkeypatch, capsys):
    monkeypatch.setattr(fetch, "MIRRORS", (mirror(small_files()).url,))
    fetch.fashion_mnist_files()
    out, err = capsys.readouterr()
    assert out == "" and f"\r{IMAGES} [" in err and "100%" in err
    assert err.endswith("\r") and err.split("\r")[-2].strip() == ""  # wiped


def test_files_and_checksums_are_the_published_ones():
    """Length and first bytes of the real files, where they are at hand, against the table."""
    files = fetch.fashion_mnist_files()
    assert sum(len(c) for c in files.values()) == 30_878_645  # as the four files weigh together
    assert {name: c[:2] for name, c in files.items()} == dict.fromkeys(fetch.FILES, b"\x1f\x8b")
