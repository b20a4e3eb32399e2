"""The comparison of chapter 07, features made by hand against learned ones: `python -m book.experiments.before_alexnet`.

Contenders: a linear SVM on raw pixels, on HOG with cells of 7 x 7 and of 4 x 4 pixels; LeNet with ReLU and max pooling
as in chapter 06; the same LeNet with momentum and a drop of the learning rate; a deeper network with the latter. All
learn from the same 50,000 training images; the other 10,000 choose C or the learning rate, with the first split. A
seed is a split (the validation images are another sixth of the training set) and, for networks, their initial weights
and the order of their batches. Accuracies are those on the 10,000 test images. Times are CPU seconds of one thread.
"""

import json
import platform
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from typing import Any

import numpy as np
import skimage
import sklearn
import torch
from skimage.feature import hog
from sklearn.svm import LinearSVC
from torch import Tensor, nn

import d2l_vn as d2l
from book.tools import DATA
from d2l_vn.train import describe_commit, describe_hardware

SEEDS = [0, 1, 2]
NUM_EPOCHS, CHOICE_EPOCHS, DROP, BATCH_SIZE = 10, 3, 8, 128
CELLS: dict[str, int | None] = {"raw": None, "hog7": 7, "hog4": 4}  # side of HOG's cells in pixels
CHOICES = {
    "raw": [0.01, 0.1, 1.0, 10.0], "hog7": [0.01, 0.1, 1.0, 10.0], "hog4": [0.01, 0.1, 1.0, 10.0],
    "lenet": [0.03, 0.1, 0.3], "lenet-momentum": [0.01, 0.03, 0.1], "deep": [0.01, 0.03, 0.1],
}


def deep_net() -> nn.Sequential:
    """Return the deeper network: six 3 x 3 convolutions with ReLU, a max pooling after each two, two linear layers."""
    layers: list[nn.Module] = []
    channels = 1
    for wider in (16, 32, 64):
        layers += [nn.Conv2d(channels, wider, kernel_size=3, padding=1), nn.ReLU(),
                   nn.Conv2d(wider, wider, kernel_size=3, padding=1), nn.ReLU(), nn.MaxPool2d(kernel_size=2, stride=2)]
        channels = wider
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(64 * 3 * 3, 128), nn.ReLU(), nn.Linear(128, 10))


def describe(images: Tensor, cell: int | None) -> np.ndarray[Any, Any]:
    """Return a row of features for each of the images (n, 1, 28, 28): their pixels, or HOG with cells of ``cell``."""
    pictures = images[:, 0].numpy()
    if cell is None:
        return pictures.reshape(len(pictures), -1)
    return np.array([hog(picture, pixels_per_cell=(cell, cell), cells_per_block=(2, 2)) for picture in pictures],
                    dtype=np.float32)


def split(n: int, seed: int) -> tuple[Tensor, Tensor]:
    """Return the numbers of the training and of the validation images: sixth number ``seed`` of ``n`` validates."""
    chosen = torch.arange(n) // (n // 6) == seed
    return (~chosen).nonzero().flatten(), chosen.nonzero().flatten()


def load() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return the 60,000 training images, shuffled with seed 0, their labels, and the 10,000 test images with theirs."""
    torch.manual_seed(0)
    train_iter, test_iter = d2l.load_data_fashion_mnist(60_000, device="cpu")
    return (*next(iter(train_iter)), *next(iter(test_iter)))


def run_svm(name: str, images: Tensor, labels: Tensor, X_test: Tensor, y_test: Tensor) -> dict[str, Any]:
    """Choose C for one kind of features, then train and test with every split."""
    start = time.process_time()
    X, y = describe(images, CELLS[name]), labels.numpy()
    describing = (time.process_time() - start) * 5 / 6  # what the 50,000 of a split take
    result: dict[str, Any] = {"features": X.shape[1], "valid_accuracy": [], "seconds_train": [], "seconds_predict": []}
    train, valid = split(len(y), SEEDS[0])
    for C in CHOICES[name]:
        result["valid_accuracy"].append(LinearSVC(C=C, dual=False).fit(X[train], y[train]).score(X[valid], y[valid]))
        print(name, C, result["valid_accuracy"][-1], file=sys.stderr, flush=True)
    result["chosen"] = CHOICES[name][int(np.argmax(result["valid_accuracy"]))]
    result["accuracy"] = []
    for seed in SEEDS:
        train, _ = split(len(y), seed)
        start = time.process_time()
        svm = LinearSVC(C=result["chosen"], dual=False).fit(X[train], y[train])
        result["seconds_train"].append(describing + time.process_time() - start)
        start = time.process_time()
        y_hat = svm.predict(describe(X_test, CELLS[name]))
        result["seconds_predict"].append(time.process_time() - start)
        result["accuracy"].append(float((y_hat == y_test.numpy()).mean()))
    return result


def train_net(name: str, X: Tensor, y: Tensor, lr: float, num_epochs: int, seed: int) -> nn.Sequential:
    """Return the network of that name after training; the learning rate drops to a tenth after DROP epochs."""
    torch.manual_seed(seed)
    net = deep_net() if name == "deep" else d2l.lenet(nn.ReLU, nn.MaxPool2d)
    net.apply(d2l.init_cnn)
    plain = name == "lenet"
    optimizer = d2l.AlexNetSGD(net.parameters(), lr, *((0.0, 0.0) if plain else ()))
    for epoch in range(num_epochs):
        if epoch == DROP and not plain:
            optimizer.lr = lr / 10
        for indices in torch.randperm(len(y)).split(BATCH_SIZE):
            nn.functional.cross_entropy(net(X[indices]), y[indices]).backward()
            optimizer.step()
    return net


def predict(net: nn.Sequential, X: Tensor) -> Tensor:
    """Return the class with the highest score for each image."""
    with torch.no_grad():
        return torch.cat([net(part).argmax(dim=1) for part in X.split(1000)])


def run_net(name: str, images: Tensor, labels: Tensor, X_test: Tensor, y_test: Tensor) -> dict[str, Any]:
    """Choose the learning rate of one network, then train and test it with every split."""
    result: dict[str, Any] = {"valid_accuracy": [], "seconds_train": [], "seconds_predict": [], "accuracy": []}
    train, valid = split(len(labels), SEEDS[0])
    for lr in CHOICES[name]:
        net = train_net(name, images[train], labels[train], lr, CHOICE_EPOCHS, SEEDS[0])
        result["valid_accuracy"].append((predict(net, images[valid]) == labels[valid]).float().mean().item())
        print(name, lr, result["valid_accuracy"][-1], file=sys.stderr, flush=True)
    result["chosen"] = CHOICES[name][int(np.argmax(result["valid_accuracy"]))]
    for seed in SEEDS:
        train, _ = split(len(labels), seed)
        start = time.process_time()
        net = train_net(name, images[train], labels[train], result["chosen"], NUM_EPOCHS, seed)
        result["seconds_train"].append(time.process_time() - start)
        start = time.process_time()
        y_hat = predict(net, X_test)
        result["seconds_predict"].append(time.process_time() - start)
        result["accuracy"].append((y_hat == y_test).float().mean().item())
    result["parameters"] = sum(p.numel() for p in net.parameters())
    return result


def run(name: str) -> dict[str, Any]:
    """Return all that is measured of one contender."""
    torch.set_num_threads(1)
    contend: Callable[..., dict[str, Any]] = run_svm if name in CELLS else run_net
    result = contend(name, *load())
    values = result["accuracy"]
    result["mean"] = {key: statistics.fmean(result[key]) for key in ("accuracy", "seconds_train", "seconds_predict")}
    result["low"], result["high"] = min(values), max(values)
    print(name, result, file=sys.stderr, flush=True)
    return result


def main() -> None:
    """Run every contender, two at a time, the longest first, and write `before-alexnet.json`."""
    started, target = datetime.now(UTC), DATA / "results" / "before-alexnet.json"
    commit = describe_commit(target)  # now: it may have moved on when the results are there
    names = list(CHOICES)[::-1]
    with ProcessPoolExecutor(max_workers=2) as pool:
        result: dict[str, Any] = dict(zip(names, pool.map(run, names), strict=True))
    record = {
        "name": "before-alexnet", "command": "python -m book.experiments.before_alexnet",
        "commit": commit, "date": started.strftime("%Y-%m-%dT%H:%M:%SZ"), "seeds": SEEDS,
        "num_epochs": NUM_EPOCHS, "choice_epochs": CHOICE_EPOCHS, "drop": DROP, "batch_size": BATCH_SIZE,
        "choices": CHOICES, "hardware": describe_hardware(torch.device("cpu")) | {"threads": 1},
        "versions": {"python": platform.python_version(), "torch": str(torch.__version__), "d2l_vn": d2l.__version__,
                     "scikit-image": skimage.__version__, "scikit-learn": sklearn.__version__},
        "duration_seconds": round((datetime.now(UTC) - started).total_seconds(), 1), **result,
    }
    target.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
