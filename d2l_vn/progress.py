"""One line that says how far a long task has come, and the question whether a notebook is watching."""

import math
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
    """A line on standard error that is rewritten in place and goes away at the end."""

    def __init__(self) -> None:
        # Four times a second where somebody watches; a log file needs less.
        self._interval = INTERVAL if sys.stderr.isatty() or kernel() else 20 * INTERVAL
        self._last, self._width = -math.inf, 0

    def show(self, text: str) -> None:
        """Replace the line by ``text``, unless it was replaced a moment ago."""
        if time.monotonic() - self._last >= self._interval:
            sys.stderr.write("\r" + text.ljust(self._width))
            sys.stderr.flush()
            self._last, self._width = time.monotonic(), len(text)

    def close(self) -> None:
        """Wipe the line."""
        if self._width:
            sys.stderr.write("\r" + " " * self._width + "\r")
            sys.stderr.flush()
