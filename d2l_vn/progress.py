"""One line that says how far a long task has come, and the question whether a notebook is watching."""

import sys
import time
from typing import Any

INTERVAL = 0.25  # seconds between two updates, of lines and of figures: an eye needs no more than four a second


def kernel() -> Any | None:
    """Return the IPython shell if this code runs in a Jupyter kernel (JupyterLab, Colab, nbclient …), else None."""
    ipython = sys.modules.get("IPython")  # a kernel has it loaded; importing it elsewhere would cost half a second
    shell = ipython.get_ipython() if ipython else None
    return shell if hasattr(shell, "kernel") else None


class ProgressLine:
    """A line on standard error that is rewritten in place, at most four times a second, and goes away at the end."""

    def __init__(self) -> None:
        self._last, self._width = -INTERVAL, 0

    def show(self, text: str) -> None:
        """Replace the line by ``text``, unless it was replaced a moment ago."""
        if time.monotonic() - self._last >= INTERVAL:
            sys.stderr.write("\r" + text.ljust(self._width))
            sys.stderr.flush()
            self._last, self._width = time.monotonic(), len(text)

    def close(self) -> None:
        """Wipe the line."""
        if self._width:
            sys.stderr.write("\r" + " " * self._width + "\r")
            sys.stderr.flush()
