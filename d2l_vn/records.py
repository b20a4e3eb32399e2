"""What is written down while a model trains: times, sums, and the history of a training."""

import itertools
import math
import time
from dataclasses import dataclass, field
from typing import Any

from .progress import kernel


class Timer:
    """A stopwatch that remembers each of its runs, in seconds; it starts when it is made."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.start()

    def start(self) -> None:
        """Start a run."""
        self._tik = time.perf_counter()

    def stop(self) -> float:
        """End the run; return its length."""
        self.times.append(time.perf_counter() - self._tik)
        return self.times[-1]

    def avg(self) -> float:
        """Return the mean length of the runs, nan before the first one ended."""
        return self.sum() / len(self.times) if self.times else math.nan

    def sum(self) -> float:
        """Return the total length of the runs."""
        return sum(self.times)

    def cumsum(self) -> list[float]:
        """Return the total length after each run."""
        return list(itertools.accumulate(self.times))


class Accumulator:
    """Sums of ``n`` quantities: ``add`` takes one number for each, ``[i]`` reads a sum."""

    def __init__(self, n: int) -> None:
        self.data = [0.0] * n

    def add(self, *args: Any) -> None:
        """Add one number to each sum."""
        self.data = [a + float(b) for a, b in zip(self.data, args, strict=True)]

    def reset(self) -> None:
        """Set every sum to zero."""
        self.data = [0.0] * len(self.data)

    def __getitem__(self, idx: int) -> float:
        return self.data[idx]


@dataclass
class History:
    """What a training recorded; each list but ``curve`` has one entry for each finished epoch.

    Attributes:
        train_loss: mean loss of the epoch's training examples, each taken before its step.
        train_acc: share of these examples, from 0 to 1, that were classified rightly at that moment.
        test_acc: accuracy on the test set after the epoch, from 0 to 1.
        seconds: duration of the epoch, with loading, drawing and evaluation.
        examples_per_second: training examples a second, with loading and drawing, without evaluation.
        curve: points inside the epochs: (epochs so far, mean train loss, train accuracy of this epoch so far).
    """

    train_loss: list[float] = field(default_factory=list)
    train_acc: list[float] = field(default_factory=list)
    test_acc: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    examples_per_second: list[float] = field(default_factory=list)
    curve: list[tuple[float, float, float]] = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        self._cell = _running_cell()

    def __len__(self) -> int:
        return len(self.train_loss)

    def add(self, train_loss: float, train_acc: float, test_acc: float, seconds: float, speed: float) -> None:
        """Record an epoch."""
        self.train_loss.append(train_loss)
        self.train_acc.append(train_acc)
        self.test_acc.append(test_acc)
        self.seconds.append(seconds)
        self.examples_per_second.append(speed)

    def _ipython_display_(self) -> None:
        # A cell that ends in train_ch6(...) shows figure and summary already; any later cell gets to see the numbers.
        if self._cell != _running_cell():
            print(self)


def _running_cell() -> int | None:
    shell = kernel()
    return shell.execution_count if shell else None
