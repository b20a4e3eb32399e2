"""How good a net is: accuracy and loss on a data set."""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import torch
from torch import Tensor, nn

from .language import require

Net = Callable[[Tensor], Tensor]  # a module, or in the first chapters a plain function
Loss = Callable[[Tensor, Tensor], Tensor]  # of scores and labels; one value for each example, or their mean


def accuracy(y_hat: Tensor, y: Tensor) -> float:
    """Return the number of right predictions for labels y, shape (B,).

    ``y_hat`` holds scores, (B, classes), of which the largest in each row is the prediction; or predicted labels, (B,).
    """
    return float(count_hits(y_hat, y))


def count_hits(y_hat: Tensor, y: Tensor) -> Tensor:
    """Do the same as ``accuracy``, but leave the number where it is, so that a GPU need not wait for it."""
    if y_hat.ndim > 1 and y_hat.shape[1] > 1:
        y_hat = y_hat.argmax(dim=1)
    return (y_hat.to(y.dtype).reshape(y.shape) == y).sum()


def evaluate_accuracy(net: Net, data_iter: Iterable[Any]) -> float:
    """Return the share of examples, from 0 to 1, that a module or function classifies rightly, wherever it computes."""
    return evaluate_accuracy_gpu(net, data_iter)


def evaluate_accuracy_gpu(net: Net, data_iter: Iterable[Any], device: torch.device | str | None = None) -> float:
    """Return the share of examples, from 0 to 1, that ``net``, giving scores of shape (B, classes), classifies rightly.

    A module computes in evaluation mode and is left as it was. The batches are moved to ``device``, by default to
    where the parameters of ``net`` are. Raises ValueError if ``data_iter`` is empty.
    """
    device = device or device_of(net)
    hits, n = torch.zeros((), dtype=torch.int64, device=device), 0
    with mode(net, training=False), torch.no_grad():
        for X, y in data_iter:
            hits += count_hits(net(X.to(device)), y.to(device))
            n += len(y)
    check_not_empty("data_iter", n)
    return int(hits) / n


def evaluate_loss(net: Net, data_iter: Iterable[Any], loss: Loss) -> float:
    """Return the mean loss of the examples of ``data_iter``; ``loss`` may give a value for each example, or their mean.

    Labels of as many numbers as ``net`` gives (regression) are brought to the same shape. Raises ValueError if
    ``data_iter`` is empty.
    """
    total, n, device = 0.0, 0, device_of(net)
    with mode(net, training=False), torch.no_grad():
        for X, y in data_iter:
            y_hat, y = net(X.to(device)), y.to(device)
            total += float(loss(y_hat, y.reshape(y_hat.shape) if y.numel() == y_hat.numel() else y).mean()) * len(y)
            n += len(y)
    check_not_empty("data_iter", n)
    return total / n


@contextlib.contextmanager
def mode(net: Net, training: bool) -> Iterator[None]:
    """Put a module in training or evaluation mode, and afterwards each of its parts back in the mode it was in."""
    before = [(m, m.training) for m in net.modules()] if isinstance(net, nn.Module) else []
    if isinstance(net, nn.Module):
        net.train(training)
    try:
        yield
    finally:
        for module, was_training in before:
            module.training = was_training


def device_of(net: Net) -> torch.device:
    """Return where the parameters of a net are; those of a plain function are taken to be on the CPU, as in d2l."""
    parameters = list(net.parameters()) if isinstance(net, nn.Module) else []
    return parameters[0].device if parameters else torch.device("cpu")


def check_not_empty(name: str, count: int) -> None:
    """Raise ValueError if the loader called ``name`` has no batches."""
    require(count, f"`{name}` không có batch nào", f"`{name}` has no batches")
