"""What the benchmark compares: d2l 1.0.3, d2l_vn, and the bare arithmetic, brought to the same shape.

d2l gets the conditions it was written for: a notebook to draw in, its own loader with its own workers, whole epochs.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any

import torch
from torch import nn
from torch.utils.data import DataLoader, RandomSampler, Subset

import d2l_vn
from d2l_vn.fetch import fashion_mnist_files

ROOT = Path(__file__).resolve().parents[1]
DEVICE = d2l_vn.try_gpu()
RUN_AHEAD = 8  # batches that d2l's four workers prepare in advance, two each

Batch = tuple[torch.Tensor, torch.Tensor]


@dataclass(frozen=True)
class Training:
    """A call of train_ch6: the net, and how much of the data it sees."""

    key: str
    what: str
    net: Callable[[], nn.Module]
    lr: float
    batch_size: int
    resize: int | None
    epochs: int
    batches: int  # of an epoch
    test_batches: int


def now() -> float:
    """Return the time, once the GPU has finished what it was given."""
    if DEVICE.type == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter()


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Swallow what a contender prints, and the warnings about d2l's number of workers."""
    with (
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(action="ignore"),
    ):
        yield


def import_d2l() -> ModuleType | None:
    """Return d2l 1.0.3 if it is installed."""
    with contextlib.suppress(ImportError):
        if importlib.import_module("d2l").__version__ == "1.0.3":
            return importlib.import_module("d2l.torch")
    return None


def enter_notebook() -> bool:
    """Give both sides a notebook's shell, where figures are really drawn, though nobody sees them.

    Outside Jupyter d2l shows the words `Figure(350x250)` in place of each figure, which would flatter it.
    """
    try:
        import matplotlib
        from ipykernel.zmqshell import ZMQInteractiveShell
        from IPython.core.displaypub import CapturingDisplayPublisher
        from traitlets.config import Config
    except ImportError:
        return False
    matplotlib.use("agg")
    shell = ZMQInteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    shell.display_pub = CapturingDisplayPublisher()  # type: ignore[no-untyped-call]
    return True


def load_theirs(d2l: ModuleType, batch_size: int, resize: int | None) -> tuple[Any, Any]:
    """Call d2l's load_data_fashion_mnist, with our files in place of a download."""
    # It reads ../data, in torchvision's layout, and keeps everything in memory: the folder may go afterwards.
    with tempfile.TemporaryDirectory() as root, quiet():
        raw, work = Path(root, "data", "FashionMNIST", "raw"), Path(root, "work")
        raw.mkdir(parents=True)
        work.mkdir()
        for name, content in fashion_mnist_files().items():
            (raw / name).write_bytes(content)
        with contextlib.chdir(work):
            return d2l.load_data_fashion_mnist(batch_size, resize)  # type: ignore[no-any-return]


@dataclass(frozen=True)
class First:
    """The first batches of a loader of ours, in each epoch."""

    batches: Any
    n: int

    def __len__(self) -> int:
        return self.n

    def __iter__(self) -> Iterator[Batch]:
        return islice(iter(self.batches), self.n)


def first(loader: Any, n: int) -> Any:
    """Cut a loader to `n` batches an epoch."""
    if n >= len(loader):
        return loader
    if not isinstance(loader, DataLoader):
        return First(loader, n)
    # Of d2l's the data set is cut: its workers would otherwise prepare batches that nobody takes.
    few = Subset(loader.dataset, range(n * (loader.batch_size or 1)))
    shuffle = isinstance(loader.sampler, RandomSampler)
    with quiet():
        return DataLoader(few, loader.batch_size, shuffle, num_workers=loader.num_workers)


def images_per_second(loader: Any, batches: int) -> float:
    """Time whole passes for a second or more, or, if the loader has more than `batches`, so many at full speed."""
    images, start = 0, now()
    with quiet():
        while images == 0 or (batches >= len(loader) and now() - start < 1):
            iterator = iter(loader)
            if batches < len(loader):  # started and stopped in mid-flight, where d2l's workers are equally far ahead
                for _ in islice(iterator, RUN_AHEAD):
                    pass
                start = now()
            for X, y in islice(iterator, batches):
                X, y = X.to(DEVICE), y.to(DEVICE)
                images += len(X)
        return images / (now() - start)


def bare_steps(net: nn.Module, train: list[Batch], test: list[Batch], epochs: int, lr: float, device: object) -> None:
    """Do the arithmetic of train_ch6, and nothing else."""
    net.to(DEVICE)
    optimizer, loss = torch.optim.SGD(net.parameters(), lr=lr), nn.CrossEntropyLoss()
    for _ in range(epochs):
        net.train()
        for X, y in train:
            optimizer.zero_grad()
            loss(net(X), y).backward()
            optimizer.step()
        net.eval()
        with torch.no_grad():
            for X, _ in test:
                net(X)


def seconds_to_train(train: Callable[..., object], job: Training, loaders: tuple[Any, Any]) -> float:
    """Time one whole call of a training function, each from the same start."""
    torch.manual_seed(0)
    net = job.net()
    with quiet():
        start = now()
        train(net, *loaders, job.epochs, job.lr, DEVICE)
        seconds = now() - start
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close("all")
    return seconds


def seconds_to_import(statement: str) -> float:
    """Time an import in a fresh process that has torch already."""
    code = f"import time, torch; start = time.perf_counter(); {statement}; print(time.perf_counter() - start)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    return float(done.stdout)
