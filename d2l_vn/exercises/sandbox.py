"""A sandbox for programs nobody has read: no network, nothing to write to, limits of time, memory and output.

Bubblewrap shows the program only Python, its libraries and this package. Without bubblewrap, namespaces made by
``unshare`` do: all files are then read-only, but those that the caller may read can be read.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from ..language import say

PACKAGE = Path(__file__).parents[1]
RESULT_BYTES = 8 << 20
# The one file the program can write is its standard output, opened before. Capabilities go last, and for good: in a
# namespace of its own the program would otherwise be free to make things writable again.
NAMESPACES = """set -e
mount --make-rprivate /
cut -d ' ' -f 5 /proc/self/mountinfo | while read -r place; do
  place=$(printf '%b' "$place")
  mount -o remount,bind,ro "$place" 2>/dev/null || true
  if [ -w "$place" ]; then exit 1; fi
done
mount -t tmpfs -o size=16m,mode=1777 tmpfs /dev/shm
exec setpriv --bounding-set=-all --inh-caps=-all --no-new-privs "$@"
"""
# Run inside before anything else is: it says ok only if a file outside and the network are out of reach.
PROBE = """
import pathlib, socket, sys
try:
    pathlib.Path(sys.argv[1]).write_text("escaped")
    sys.exit("writes outside")
except OSError:
    pass
try:
    socket.create_connection(("127.0.0.1", int(sys.argv[2])), timeout=2)
    sys.exit("reaches the network")
except OSError:
    print("ok")
"""


class SandboxError(RuntimeError):
    """This machine has no sandbox; the message says what to install."""


def bubblewrap(command: list[str]) -> list[str]:
    """Return a command that runs ``command`` in bubblewrap."""
    libraries = [Path(p) for p in sys.path if Path(p).name in ("site-packages", "dist-packages")]
    system = [Path(p) for p in ("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/alternatives")]
    places = [*system, Path(sys.prefix), Path(sys.base_prefix), *libraries, PACKAGE]
    binds = [part for p in dict.fromkeys(map(str, places)) for part in ("--ro-bind-try", p, p)]
    return ["bwrap", "--unshare-all", "--unshare-user", "--cap-drop", "ALL", "--die-with-parent", "--new-session",
            # a /tmp of its own comes first: what is bound may lie below it
            "--size", str(16 << 20), "--tmpfs", "/tmp", *binds,  # noqa: S108
            "--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/", *command]


def namespaces(command: list[str]) -> list[str]:
    """Return a command that runs ``command`` in user, mount, process and network namespaces."""
    return ["unshare", "--user", "--map-root-user", "--mount", "--net", "--pid", "--ipc", "--uts", "--fork",
            "--kill-child", "--mount-proc", "sh", "-c", NAMESPACES, "sh", *command]


KINDS: dict[str, Callable[[list[str]], list[str]]] = {"bubblewrap": bubblewrap, "namespaces": namespaces}


def choose() -> str:
    """Return the first kind of sandbox that holds on this machine, having tried to break out of it."""
    for kind in KINDS:
        if not why_not(kind):
            return kind
    reasons = "".join(f"\n  {kind}: {why_not(kind)}" for kind in KINDS)
    raise SandboxError(say(
        f"Không có sandbox nào dùng được nên không chấm: mã của sinh viên không được chạy trần trên máy này.{reasons}\n"
        "Trên Linux, hãy cài bubblewrap (Debian, Ubuntu: sudo apt install bubblewrap; Fedora: sudo dnf install bubblewrap). "
        "Trên Windows hãy dùng WSL 2; trên macOS hãy dùng một máy ảo Linux.",
        f"No sandbox works here, so nothing is graded: students' code must not run bare on this machine.{reasons}\n"
        "On Linux install bubblewrap (Debian, Ubuntu: sudo apt install bubblewrap; Fedora: sudo dnf install bubblewrap). "
        "On Windows use WSL 2, on macOS a virtual machine with Linux.",
    ))


def why_not(kind: str) -> str:
    """Return "" if this kind of sandbox holds here, else what is wrong with it."""
    import socket

    program = KINDS[kind]([])[0]
    if shutil.which(program) is None:
        return say(f"không có lệnh {program}", f"there is no command {program}")
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as server:
        target, port = Path(folder) / "escaped", server.getsockname()[1]
        try:
            said = run(kind, ["-c", PROBE, str(target), str(port)], b"", 30)
        except OSError as error:
            return str(error)
        if target.exists() or said != b"ok\n":
            return say("không cách li được ở đây (có thể nhân hệ điều hành cấm user namespace)",
                       "does not isolate here (the kernel may forbid user namespaces)")
    return ""


def run(kind: str, arguments: list[str], data: bytes, seconds: float) -> bytes | None:
    """Run this Python in a sandbox; return what it wrote to its output file, or None if its time ran out."""
    environment = {
        "PATH": os.environ.get("PATH", os.defpath), "HOME": "/", "LANG": "C.UTF-8",
        "PYTHONPATH": os.pathsep.join([str(PACKAGE.parent), *filter(None, sys.path)]), "PYTHONDONTWRITEBYTECODE": "1",
        "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": "", "D2L_VN_LANG": say("vi", "en"),
    }
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as result:
        given.write(data)
        given.seek(0)
        process = subprocess.Popen(  # noqa: S603 (the command is made above)
            KINDS[kind]([sys.executable, *arguments]), stdin=given, stdout=result, stderr=subprocess.DEVNULL,
            env=environment, cwd="/", start_new_session=True)
        try:
            process.wait(seconds)
            in_time = True
        except subprocess.TimeoutExpired:
            in_time = False
        finally:
            # What the sandbox started dies with its first process, wherever it hides.
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        result.seek(0)
        return result.read(RESULT_BYTES) if in_time else None
