"""Fast mode, for tests: a small part of the data, one epoch, and bands that ask no more than a finite value."""

import math
import os


def is_fast() -> bool:
    """Say whether the environment variable ``D2L_VN_FAST`` asks for a short run; it is read at every call."""
    return os.environ.get("D2L_VN_FAST", "") not in ("", "0")


def band(name: str, value: float, low: float, high: float) -> None:
    """Print a measured value beside the band it belongs to, and check it.

    The line, the same in both languages, reads ``name = 0.8731 ∈ [0.8500, 0.8900] (full)``; in fast mode it ends in
    ``(fast)``. Raises AssertionError for a value that is not finite or, in a full run, outside ``[low, high]``.
    """
    fast = is_fast()
    line = f"{name} = {value:.4f} ∈ [{low:.4f}, {high:.4f}] ({'fast' if fast else 'full'})"
    print(line)
    if not (math.isfinite(value) if fast else low <= value <= high):
        raise AssertionError(line.replace("∈", "∉"))
