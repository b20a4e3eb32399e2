"""Run a student's function within a time limit and without its prints, so that nothing it does breaks a notebook."""

import contextlib
import io
import signal
import threading
from collections.abc import Iterator
from typing import Any


def has_timer() -> bool:
    """Say whether an endless loop can be stopped here: Windows has no timer signal, nor has any but the main thread."""
    return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()


class TooSlow(BaseException):
    """The time is up; no ``Exception``, so that ``except Exception`` in the student's code does not swallow it."""


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TooSlow in the block after ``seconds``, and again and again until it ends; without a timer, do nothing."""
    if not has_timer():
        yield
        return
    running = True

    def ring(signum: int, frame: Any) -> None:
        if running:
            raise TooSlow

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.1)
    try:
        yield
    finally:
        running = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class Sink(io.TextIOBase):
    """Takes what is printed, and keeps no more than whether there was anything."""

    used = False

    def write(self, text: str) -> int:
        """Forget the text."""
        self.used = True
        return len(text)


@contextlib.contextmanager
def quiet() -> Iterator[Sink]:
    """Let prints vanish: a check calls a function many times, and an endless loop may print without end."""
    with contextlib.redirect_stdout(Sink()) as sink, contextlib.redirect_stderr(Sink()):
        yield sink
