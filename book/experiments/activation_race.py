"""The race of chapter 02, ReLU against tanh against sigmoid: `python -m book.experiments.activation_race`.

The network is the LeNet of chapter 06 with max pooling, trained by plain stochastic gradient descent on 50,000
images; the initial weights are Xavier's, and for "relu-he" He's. Each contender gets the learning rate from RATES with
the best accuracy on the other 10,000 training images after CHOICE_EPOCHS epochs, averaged over the seeds. Then it is counted how many
updates pass until the training error, averaged over the last WINDOW batches, has fallen to each of ERRORS. The test
set is not used.
"""

import json
import platform
import statistics
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from itertools import count
from typing import Any

import torch
from torch import Tensor, nn

import d2l_vn as d2l
from book.tools import DATA
from d2l_vn.train import describe_commit, describe_hardware

RATES = [0.03, 0.1, 0.3, 0.5, 1.0, 3.0]
SEEDS = [0, 1, 2]
CHOICE_EPOCHS, MAX_EPOCHS, BATCH_SIZE, WINDOW = 5, 60, 256, 100
ERRORS = {"updates_25": 0.25, "updates_15": 0.15}


def init_he(module: nn.Module) -> None:
    """Give a linear or convolutional layer weights by He's uniform rule."""
    if isinstance(module, nn.Linear | nn.Conv2d):
        nn.init.kaiming_uniform_(module.weight, nonlinearity="relu")


CONTENDERS: dict[str, tuple[type[nn.Module], Callable[[nn.Module], None]]] = {
    "relu": (nn.ReLU, d2l.init_cnn), "relu-he": (nn.ReLU, init_he), "tanh": (nn.Tanh, d2l.init_cnn),
    "sigmoid": (nn.Sigmoid, d2l.init_cnn),
}


class Racer:
    """A network on its way: its batches, and the share of wrong guesses in each batch so far."""

    def __init__(self, name: str, lr: float, seed: int, X: Tensor, y: Tensor) -> None:
        activation, init = CONTENDERS[name]
        torch.manual_seed(seed)
        self.net = d2l.lenet(activation, nn.MaxPool2d)
        self.net.apply(init)
        self.X, self.y, self.lr, self.errors = X, y, lr, list[float]()
        self.order = torch.Generator().manual_seed(seed)  # its own, so that no racer changes another's batches

    def train_epoch(self) -> None:
        for indices in torch.randperm(len(self.y), generator=self.order).split(BATCH_SIZE):
            X, y = self.X[indices], self.y[indices]
            y_hat = self.net(X)
            nn.functional.cross_entropy(y_hat, y).backward()
            d2l.sgd(self.net.parameters(), self.lr, batch_size=1)  # the loss is a mean already
            self.errors.append((y_hat.argmax(dim=1) != y).float().mean().item())

    def updates_to(self, error: float) -> int | None:
        """Return after how many updates the mean error of the last WINDOW batches is at most ``error``."""
        for end in range(WINDOW, len(self.errors) + 1):
            if statistics.fmean(self.errors[end - WINDOW : end]) <= error:
                return end
        return None

    def accuracy(self, X: Tensor, y: Tensor) -> float:
        with torch.no_grad():
            return (self.net(X).argmax(dim=1) == y).float().mean().item()


def run(name: str) -> dict[str, Any]:
    """Choose the learning rate of one contender, then let it race with every seed."""
    torch.set_num_threads(1)
    train_iter, _ = d2l.load_data_fashion_mnist(60_000, device="cpu")
    torch.manual_seed(0)
    X, y = next(iter(train_iter))  # all of them, shuffled
    X, y, X_valid, y_valid = X[:50_000], y[:50_000], X[50_000:], y[50_000:]
    accuracies = []  # one list for each learning rate, with one number for each seed
    for lr in RATES:
        racers = [Racer(name, lr, seed, X, y) for seed in SEEDS]
        for racer in racers:
            for _ in range(CHOICE_EPOCHS):
                racer.train_epoch()
        accuracies.append([racer.accuracy(X_valid, y_valid) for racer in racers])
        print(name, lr, accuracies[-1], file=sys.stderr, flush=True)
    means = [statistics.fmean(values) for values in accuracies]
    best = RATES[means.index(max(means))]
    result: dict[str, Any] = {"lr": best, "valid_accuracy": accuracies, "mean": {"valid_accuracy": means}}
    racers = [Racer(name, best, seed, X, y) for seed in SEEDS]
    for racer in racers:
        for epoch in count(1):
            racer.train_epoch()
            if racer.updates_to(min(ERRORS.values())) or epoch == MAX_EPOCHS:
                break
    for key, error in ERRORS.items():
        result[key] = [racer.updates_to(error) for racer in racers]
        result["mean"][key] = None if None in result[key] else statistics.fmean(result[key])
    print(name, {key: result[key] for key in ("lr", *ERRORS)}, file=sys.stderr, flush=True)
    return result


def main() -> None:
    """Run the whole experiment, two contenders at a time, and write `activation-race.json`."""
    started, target = datetime.now(UTC), DATA / "results" / "activation-race.json"
    commit = describe_commit(target)  # now: it may have moved on when the results are there
    with ProcessPoolExecutor(max_workers=2) as pool:
        result: dict[str, Any] = dict(zip(CONTENDERS, pool.map(run, CONTENDERS), strict=True))
    ratio: dict[str, float | None] = {}  # how many times as many updates as ReLU
    for key in ERRORS:
        for name in CONTENDERS:
            slow, fast = result[name]["mean"][key], result["relu"]["mean"][key]
            ratio[f"{name}_{key}"] = slow / fast if slow and fast else None
    record = {
        "name": "activation-race", "command": "python -m book.experiments.activation_race",
        "commit": commit, "date": started.strftime("%Y-%m-%dT%H:%M:%SZ"), "seeds": SEEDS,
        "rates": RATES, "choice_epochs": CHOICE_EPOCHS, "batch_size": BATCH_SIZE, "window": WINDOW,
        "hardware": describe_hardware(torch.device("cpu")),
        "versions": {"python": platform.python_version(), "torch": str(torch.__version__), "d2l_vn": d2l.__version__},
        "duration_seconds": round((datetime.now(UTC) - started).total_seconds(), 1), **result,
        "ratio": ratio,
    }
    target.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
