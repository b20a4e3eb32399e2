"""Training: `train_ch3` for the first chapters, `train_ch6` for convolutional networks on any device."""

import contextlib
import math
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from . import checkpoint as checkpoints
from .data import check_whole, get_fashion_mnist_labels
from .device import find_device
from .evaluation import Loss, Net, check_not_empty, count_hits, device_of, evaluate_accuracy_gpu, mode
from .fast import is_fast
from .language import require, say
from .models import init_cnn
from .plotting import TrainingView, show_images
from .progress import INTERVAL
from .records import Accumulator, History


class Batches(Protocol):
    """Anything that gives batches ``X, y`` each time it is iterated over, and knows how many: a DataLoader, a list …"""

    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[Any]: ...


def squared_loss(y_hat: Tensor, y: Tensor) -> Tensor:
    """Return (ŷ - y)² / 2 for each example, in the shape of ``y_hat``."""
    return (y_hat - y.reshape(y_hat.shape)) ** 2 / 2


def sgd(params: Iterable[Tensor], lr: float, batch_size: int) -> None:
    """Take a step of stochastic gradient descent for gradients summed over a batch; set the gradients to zero."""
    with torch.no_grad():
        for param in params:
            if param.grad is not None:
                param -= lr * param.grad / batch_size
                param.grad.zero_()


class AlexNetSGD:
    """Stochastic gradient descent with momentum and weight decay as AlexNet was trained, the learning rate inside v.

    Each step makes ``v = momentum * v - lr * weight_decay * w - lr * gradient``, then ``w = w + v``. While ``lr`` is
    constant this gives the weights of ``torch.optim.SGD``; after ``lr`` has been changed it does not.

    Args:
        params: tensors that require gradients, such as ``net.parameters()``.
        lr: learning rate; the attribute of that name may be changed at any time.
        momentum: the part of the velocity that a step keeps.
        weight_decay: the part of each weight, times ``lr``, that a step takes away.

    Source:
        A. Krizhevsky, I. Sutskever, G. E. Hinton, "ImageNet classification with deep convolutional neural networks",
        2012, section 5.
    """

    def __init__(
        self, params: Iterable[Tensor], lr: float, momentum: float = 0.9, weight_decay: float = 0.0005
    ) -> None:
        self.params, self.lr = list(params), lr
        self.momentum, self.weight_decay = momentum, weight_decay
        self.velocities = [torch.zeros_like(w) for w in self.params]

    @torch.no_grad()
    def step(self) -> None:
        """Move the parameters by one step along their gradients, and set the gradients to zero."""
        for w, v in zip(self.params, self.velocities, strict=True):
            if w.grad is not None:
                v.mul_(self.momentum).sub_(self.lr * (self.weight_decay * w + w.grad))
                w.add_(v)
                w.grad.zero_()


def train_epoch_ch3(net: Net, train_iter: Iterable[Any], loss: Loss, updater: Any) -> tuple[float, float]:
    """Train for one epoch; return mean training loss and training accuracy, each example counted before its step.

    Args:
        net: a module, or a function of X whose parameters lie on the CPU; gives scores of shape (B, classes).
        train_iter: batches ``X, y``: y int64 of shape (B,).
        loss: of scores and labels; gives one value for each example, or their mean.
        updater: an optimiser of PyTorch, which gets the gradient of the mean loss; or a function of the batch size,
            such as one that calls ``sgd``, which gets the gradient of the sum.

    Raises FloatingPointError if the loss became NaN or infinite, ValueError if ``train_iter`` is empty.
    """
    return _train_epoch_ch3(net, train_iter, loss, updater, epoch=1)[:2]


def train_ch3(
    net: Net, train_iter: Iterable[Any], test_iter: Iterable[Any], loss: Loss, num_epochs: int, updater: Any
) -> History:
    """Train a classifier for ``num_epochs`` (one, if ``D2L_VN_FAST=1``), each as in ``train_epoch_ch3``; show curves.

    Returns the history of the finished epochs, also when interrupted from the keyboard. Raises FloatingPointError if
    the loss became NaN or infinite (it says when), ValueError for an argument that cannot be used (it says which).
    """
    check_whole("num_epochs", num_epochs)
    num_epochs, history = 1 if is_fast() else num_epochs, History()
    with TrainingView(num_epochs, history) as view:
        for epoch in range(1, num_epochs + 1):
            start = time.perf_counter()
            train_loss, train_acc, n = _train_epoch_ch3(net, train_iter, loss, updater, epoch)
            trained = time.perf_counter()
            test_acc = evaluate_accuracy_gpu(net, test_iter)
            history.curve.append((epoch, train_loss, train_acc))
            history.add(train_loss, train_acc, test_acc, time.perf_counter() - start, n / (trained - start))
            view.add(epoch, train_loss, train_acc, test_acc)
            view.tell(epoch, train_loss)
    return history


def predict_ch3(net: Net, test_iter: Iterable[Any], n: int = 6) -> None:
    """Show the first ``n`` images of ``test_iter`` (Fashion-MNIST, any size) under their true and predicted names."""
    X, y = next(iter(test_iter))
    with mode(net, training=False), torch.no_grad():
        y_hat = net(X[:n].to(device_of(net))).argmax(dim=1)
    names = zip(get_fashion_mnist_labels(y[:n]), get_fashion_mnist_labels(y_hat), strict=True)
    show_images(X[:n].reshape(-1, *X.shape[-2:]), 1, len(y_hat), titles=[f"{true}\n{guess}" for true, guess in names])


def train_ch6(
    net: nn.Module, train_iter: Batches, test_iter: Batches, num_epochs: int, lr: float | Sequence[float],
    device: torch.device | str | None = None, checkpoint: str | Path | None = None, precision: str | None = None,
) -> History:
    """Train a classifier by stochastic gradient descent on the cross-entropy, and show its curves.

    Linear and convolutional layers first get new weights by Xavier's uniform rule (``init_cnn``); the steps are those
    of ``torch.optim.SGD(net.parameters(), lr)``. In Jupyter one figure grows while the net learns, elsewhere a line
    says how long it will take; at the end one line gives loss, accuracies and speed.

    Args:
        net: gives scores of shape (B, classes). It is moved to ``device`` and left in the mode (training or
            evaluation) it was in; lazy layers get their shapes from the first test batch.
        train_iter: training batches ``X, y``: X as ``net`` takes it, y int64 of shape (B,) from 0 to classes - 1.
        test_iter: test batches, likewise.
        num_epochs: how often to go through the training set; once, if ``D2L_VN_FAST=1``.
        lr: learning rate, or a list of them, one for each epoch.
        device: where to train; None takes the GPU if there is one.
        checkpoint: file that keeps the state after each epoch. If it is there already, the same call goes on from it
            (``num_epochs`` may have grown): on the CPU to the same bits as a training that was never interrupted.
        precision: None trains in float32; ``"bf16"`` lets ``torch.autocast`` compute layers in bfloat16 where that is
            safe, which is faster on recent processors and GPUs.

    Returns:
        The history of the finished epochs (``history.test_acc[-1]`` …), also when interrupted from the keyboard.

    Raises:
        FloatingPointError: the loss became NaN or infinite; the message names epoch and batch.
        CheckpointError: ``checkpoint`` cannot be read or written, or belongs to another net, data or setting.
        ValueError: an argument cannot be used; the message names it.

    Source:
        Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-based learning applied to document recognition", 1998;
        name and arguments are those of "Dive into Deep Learning".
    """
    check_whole("num_epochs", num_epochs)
    rates = list(lr) if isinstance(lr, Sequence) else [lr] * num_epochs
    _check_arguments(net, train_iter, test_iter, num_epochs, rates, precision)
    num_epochs, history = 1 if is_fast() else num_epochs, History()
    device = find_device(device)
    net.to(device)
    _give_shapes(net, test_iter, device)
    net.apply(init_cnn)
    if checkpoint is not None:
        path, mark = Path(checkpoint), checkpoints.fingerprint(net, train_iter, test_iter, lr=lr, precision=precision)
        state = checkpoints.load(path, mark, num_epochs)
        if state:
            net.load_state_dict(state["net"])
            history = History(**state["history"])
    with mode(net, training=True), TrainingView(num_epochs, history) as view:
        while len(history) < num_epochs:
            start = time.perf_counter()
            rate = rates[len(history)]
            train_loss, train_acc, n = _train_epoch_ch6(net, train_iter, rate, device, precision, history, view)
            trained = time.perf_counter()
            with _autocast(device, precision):
                test_acc = evaluate_accuracy_gpu(net, test_iter, device)
            history.add(train_loss, train_acc, test_acc, time.perf_counter() - start, n / (trained - start))
            view.add(len(history), None, None, test_acc)
            if checkpoint is not None:
                checkpoints.save(path, mark, {"net": net.state_dict(), "history": asdict(history)})
    if len(history):
        loss, train_acc, test_acc = history.train_loss[-1], history.train_acc[-1], history.test_acc[-1]
        speed = history.examples_per_second[-1]
        print(say(f"mất mát {loss:.3f}, độ chính xác huấn luyện {train_acc:.3f}, độ chính xác kiểm tra {test_acc:.3f}, "
                  f"{speed:.0f} mẫu/giây trên {device}",
                  f"loss {loss:.3f}, train accuracy {train_acc:.3f}, test accuracy {test_acc:.3f}, "
                  f"{speed:.0f} examples/s on {device}"))
    return history


class _Meter:
    """Loss and accuracy of an epoch so far; batches stay on the device until ``read``, so that a GPU need not wait."""

    def __init__(self, epoch: int) -> None:
        self.epoch, self.batches, self.sums = epoch, 0, Accumulator(3)
        self._losses: list[Tensor] = []
        self._hits: list[Tensor] = []
        self._sizes: list[int] = []

    def add(self, loss: Tensor, y_hat: Tensor, y: Tensor) -> None:
        self._losses.append(loss.detach())
        self._hits.append(count_hits(y_hat.detach(), y))
        self._sizes.append(len(y))

    def read(self) -> tuple[float, float, int]:
        """Return mean loss, accuracy and number of examples; raise FloatingPointError if a loss was not finite."""
        losses, hits = (torch.stack(values).tolist() if values else [] for values in (self._losses, self._hits))
        for loss, right, n in zip(losses, hits, self._sizes, strict=True):
            self.batches += 1
            if not math.isfinite(loss):
                place = f"epoch {self.epoch}, batch {self.batches}"
                raise FloatingPointError(say(
                    f"Mất mát thành {loss} ở {place}. Thường do tốc độ học quá lớn: hãy giảm `lr` mười lần; hoặc "
                    "do dữ liệu: X không được có NaN hay vô hạn, giá trị nên nằm trong khoảng [0, 1].",
                    f"The loss became {loss} in {place}. Mostly the learning rate is too large: divide `lr` by "
                    "ten; or it is the data: X must not hold NaN or infinity, its values should lie in [0, 1].",
                ))
            self.sums.add(loss * n, right, n)
        self._losses, self._hits, self._sizes = [], [], []
        check_not_empty("train_iter", int(self.sums[2]))
        return self.sums[0] / self.sums[2], self.sums[1] / self.sums[2], int(self.sums[2])


def _train_epoch_ch3(
    net: Net, train_iter: Iterable[Any], loss: Loss, updater: Any, epoch: int
) -> tuple[float, float, int]:
    meter, device = _Meter(epoch), device_of(net)
    with mode(net, training=True):
        for X, y in train_iter:
            X, y = X.to(device), y.to(device)
            y_hat = net(X)
            value = loss(y_hat, y)
            if isinstance(updater, torch.optim.Optimizer):
                updater.zero_grad()
                value.mean().backward()  # type: ignore[no-untyped-call]
                updater.step()
            else:
                value.sum().backward()  # type: ignore[no-untyped-call]
                updater(len(X))
            meter.add(value.mean(), y_hat, y)
            meter.read()
    return meter.read()


def _train_epoch_ch6(
    net: nn.Module, train_iter: Batches, lr: float, device: torch.device, precision: str | None,
    history: History, view: TrainingView,
) -> tuple[float, float, int]:
    """Train for one epoch; return mean loss, accuracy and number of examples."""
    epoch, num_batches, loss = len(history), len(train_iter), nn.CrossEntropyLoss()
    parameters = list(net.parameters())
    every = max(1, num_batches // 5)  # batches between two points of the curves
    meter, last_read = _Meter(epoch + 1), time.monotonic()
    for i, (X, y) in enumerate(train_iter, start=1):
        with _autocast(device, precision):
            y_hat = _first_scores("train_iter", net, X, y, device) if i == 1 else net(X.to(device))
            if i == 1 or y.device.type == "cpu":  # on a GPU, where looking means waiting, the first batch has to do
                _check_labels(y, y_hat.shape[1])
            y = y.to(device)
            value = loss(y_hat, y)
        net.zero_grad()
        value.backward()
        # This is torch.optim.SGD, to the bit. But that has no state worth keeping without momentum, and the first one
        # made in a process imports torch's compiler, for three seconds or more.
        with torch.no_grad():
            for parameter in parameters:
                if parameter.grad is not None:
                    parameter.add_(parameter.grad, alpha=-lr)
        meter.add(value, y_hat, y)
        point = i % every == 0 or i == num_batches
        if point or time.monotonic() - last_read > INTERVAL:
            train_loss, train_acc, _ = meter.read()
            progress, last_read = epoch + i / num_batches, time.monotonic()
            view.tell(progress, train_loss)
            if point:
                history.curve.append((progress, train_loss, train_acc))
                view.add(progress, train_loss, train_acc)
    if device.type == "cuda":
        torch.cuda.synchronize(device)  # so that the last steps count in the speed
    return meter.read()


def _autocast(device: torch.device, precision: str | None) -> contextlib.AbstractContextManager[Any]:
    return contextlib.nullcontext() if precision is None else torch.autocast(device.type, dtype=torch.bfloat16)


def _give_shapes(net: nn.Module, test_iter: Batches, device: torch.device) -> None:
    """Let lazy layers learn their shapes from a test batch (a training batch would cost a shuffle)."""
    if any(isinstance(p, nn.parameter.UninitializedParameter) for p in net.parameters()):
        with mode(net, training=False), torch.no_grad():
            X, y = next(iter(test_iter))
            _first_scores("test_iter", net, X, y, device)


def _check_arguments(
    net: nn.Module, train_iter: Batches, test_iter: Batches, num_epochs: int, rates: list[float], precision: str | None
) -> None:
    require(isinstance(net, nn.Module) and list(net.parameters()),
            "`net` không có tham số nào để huấn luyện", "`net` has no parameters to train")
    for name, batches in (("train_iter", train_iter), ("test_iter", test_iter)):
        require(hasattr(batches, "__len__"), f"`{name}` phải cho biết số batch, `len({name})`",
                f"`{name}` must know its number of batches, `len({name})`")
        check_not_empty(name, len(batches))
    require(len(rates) == num_epochs,
            f"`lr` có {len(rates)} tốc độ học cho {num_epochs} epoch", f"`lr` has {len(rates)} rates for {num_epochs} epochs")
    for rate in rates:
        require(math.isfinite(rate) and rate > 0,
                f"`lr` phải là số dương, không phải {rate!r}", f"`lr` must be a positive number, not {rate!r}")
    require(precision in (None, "bf16"), f'`precision` phải là None hoặc "bf16", không phải {precision!r}',
            f'`precision` must be None or "bf16", not {precision!r}')


def _first_scores(name: str, net: nn.Module, X: Any, y: Any, device: torch.device) -> Tensor:
    """Return net(X), having checked that batch and net fit together."""
    got = ", ".join(f"{v.dtype} {tuple(v.shape)}" if isinstance(v, Tensor) else type(v).__name__ for v in (X, y))
    require(isinstance(X, Tensor) and isinstance(y, Tensor) and y.dtype == torch.int64 and y.shape == X.shape[:1],
            f"`{name}` phải cho X, tensor kích thước (B, …), và y, tensor int64 kích thước (B,), không phải {got}",
            f"`{name}` must give X, a tensor of shape (B, …), and y, int64 of shape (B,), not {got}")
    try:
        y_hat: Tensor = net(X.to(device))
    except torch.cuda.OutOfMemoryError:
        raise
    except RuntimeError as error:
        raise ValueError(say(f"`net` không nhận được X {X.dtype} kích thước {tuple(X.shape)} của `{name}`: {error}",
                             f"`net` cannot take X, {X.dtype} {tuple(X.shape)}, of `{name}`: {error}")) from error
    require(y_hat.ndim == 2 and len(y_hat) == len(y),
            f"`net` phải cho điểm số kích thước ({len(y)}, số lớp), không phải {tuple(y_hat.shape)}",
            f"`net` must give scores of shape ({len(y)}, classes), not {tuple(y_hat.shape)}")
    return y_hat


def _check_labels(y: Tensor, classes: int) -> None:
    for label in (int(y.min()), int(y.max())):
        require(0 <= label < classes,
                f"`train_iter` có nhãn {label}, nhưng `net` có {classes} đầu ra: nhãn phải từ 0 đến {classes - 1}",
                f"`train_iter` has the label {label}, but `net` has {classes} outputs: it must be 0 to {classes - 1}")
