"""Train from the command line: ``python -m d2l_vn.train --help``; needs only torch and, to download, filelock."""

import argparse
import json
import os
import platform
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import torch
from torch import nn

from . import __version__
from .checkpoint import CheckpointError
from .data import load_data_fashion_mnist
from .device import find_device
from .fast import is_fast
from .fetch import DataError, write_atomically
from .language import require, say, set_language
from .models import alexnet, lenet
from .training import train_ch6


def _mlp() -> nn.Sequential:
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10))


def _lenet_pooled_by(pool1: nn.Module, pool2: nn.Module) -> nn.Sequential:
    net = lenet(nn.ReLU)
    net[2], net[5] = pool1, pool2
    return net


# Model: (what makes it, learning rate, batch size, side of the images in pixels) of the chapter that trains it.
MODELS: dict[str, tuple[Callable[[], nn.Sequential], float, int, int | None]] = {
    "softmax": (lambda: nn.Sequential(nn.Flatten(), nn.Linear(784, 10)), 0.1, 256, None),
    "mlp": (_mlp, 0.1, 256, None),
    "lenet": (lenet, 0.9, 256, None),
    "lenet-sigmoid-max": (lambda: lenet(nn.Sigmoid, nn.MaxPool2d), 0.9, 256, None),
    "lenet-relu": (lambda: lenet(nn.ReLU, nn.MaxPool2d), 0.1, 256, None),
    "lenet-average": (lambda: lenet(nn.ReLU, nn.AvgPool2d), 0.1, 256, None),
    # Padded, so that the maps have the sides that they have in the other networks: 14 and 5.
    "lenet-overlapping": (lambda: _lenet_pooled_by(nn.MaxPool2d(3, 2, 1), nn.MaxPool2d(3, 2, 1)), 0.1, 256, None),
    "lenet-strided": (lambda: _lenet_pooled_by(nn.Conv2d(6, 6, 2, 2), nn.Conv2d(16, 16, 2, 2)), 0.1, 256, None),
    "alexnet": (alexnet, 0.01, 128, 224),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Train as the arguments say, those of ``sys.argv`` by default; return the exit status."""
    try:
        return _run(_parse(sys.argv[1:] if argv is None else argv))
    except (ValueError, FloatingPointError, DataError, CheckpointError) as error:
        print(say(f"lỗi: {error}", f"error: {error}"), file=sys.stderr)
        return 1


def _parse(argv: Sequence[str]) -> argparse.Namespace:
    first = argparse.ArgumentParser(add_help=False)
    first.add_argument("--lang", choices=("vi", "en"))
    lang = first.parse_known_args(argv)[0].lang  # looked at first: the help is in this language
    if lang:
        set_language(lang)
    usage = say("%(prog)s [tùy chọn]", "%(prog)s [options]")
    parser = argparse.ArgumentParser("python -m d2l_vn.train", usage, add_help=False, description=say(
        "Huấn luyện một mạng trên Fashion-MNIST như train_ch6 trong sách.",
        "Train a network on Fashion-MNIST as train_ch6 does in the book."))
    add = parser.add_argument_group(say("tùy chọn", "options")).add_argument
    own = say("mặc định: như trong sách", "default: as in the book")
    device = say("cpu, cuda, cuda:1 … (mặc định: GPU nếu có)", "cpu, cuda, cuda:1 … (default: the GPU if any)")
    checkpoint = say("tệp giữ trạng thái sau mỗi epoch; đã có thì huấn luyện tiếp từ đó",
                     "file that keeps the state after each epoch; if it exists, go on from it")
    record = say("ghi kết quả vào book/data/results/NAME.json", "write the results to book/data/results/NAME.json")
    add("-h", "--help", action="help", help=say("in phần trợ giúp này rồi thoát", "print this help and exit"))
    add("--model", choices=MODELS, default="lenet", help=say("mạng (mặc định: lenet)", "network (default: lenet)"))
    add("--epochs", type=int, default=10, help=say("số epoch (mặc định: 10)", "number of epochs (default: 10)"))
    add("--lr", type=float, help=say(f"tốc độ học ({own})", f"learning rate ({own})"))
    add("--drop", type=int, metavar="EPOCH", help=say("sau epoch này, tốc độ học còn một phần mười",
                                                      "after this epoch, a tenth of the learning rate"))
    add("--batch-size", type=int, help=say(f"số ảnh trong một batch ({own})", f"images in a batch ({own})"))
    add("--resize", type=int, help=say(f"cạnh của ảnh, bằng điểm ảnh ({own})", f"side of the images, in pixels ({own})"))
    add("--shuffle-pixels", action="store_true", help=say("xáo trộn điểm ảnh của mọi ảnh theo cùng một thứ tự",
                                                          "shuffle the pixels of all images in one and the same order"))
    add("--device", help=device)
    add("--threads", type=int, help=say("số luồng CPU", "number of CPU threads"))
    add("--seed", type=int, default=0, help=say("hạt giống ngẫu nhiên (mặc định: 0)", "random seed (default: 0)"))
    add("--checkpoint", type=Path, help=checkpoint)
    add("--record", metavar="NAME", help=record)
    add("--lang", choices=("vi", "en"), help=say("ngôn ngữ của thông báo", "language of the messages"))
    args = parser.parse_args(argv)
    for name, default in zip(("lr", "batch_size", "resize"), MODELS[args.model][1:], strict=True):
        if getattr(args, name) is None:
            setattr(args, name, default)
    return args


def _run(args: argparse.Namespace) -> int:
    target = None if args.record is None else _record_path(args.record)  # checked before any long run
    if args.threads is not None:
        require(args.threads > 0, "`--threads` phải là số dương", "`--threads` must be positive")
        torch.set_num_threads(args.threads)
    device = find_device(args.device)
    torch.manual_seed(args.seed)
    net = MODELS[args.model][0]()
    train_iter, test_iter = load_data_fashion_mnist(args.batch_size, args.resize, device)
    if args.shuffle_pixels:
        order = torch.randperm(28 * 28, generator=torch.Generator().manual_seed(0))  # the same for every seed
        for part in (train_iter.dataset, test_iter.dataset):
            part.data = part.data.flatten(1)[:, order.to(device)].reshape(part.data.shape)
    lr = args.lr
    if args.drop is not None:
        require(0 < args.drop < args.epochs, f"`--drop` phải từ 1 đến {args.epochs - 1}, không phải {args.drop}",
                f"`--drop` must be 1 to {args.epochs - 1}, not {args.drop}")
        lr = [args.lr] * args.drop + [args.lr / 10] * (args.epochs - args.drop)
    started = datetime.now(UTC)
    history = train_ch6(net, train_iter, test_iter, args.epochs, lr, device, args.checkpoint)
    if len(history) < args.epochs and not is_fast():
        return 130  # interrupted from the keyboard
    if target:
        settings = vars(args) | {"device": device, "threads": torch.get_num_threads(), "checkpoint": None, "lang": None}
        words = [f"--{name.replace('_', '-')}" + ("" if value is True else f" {value}")
                 for name, value in settings.items() if value is not None and value is not False]
        record = {
            "name": args.record,
            # Every setting, so that no default can change under it, but no path, which might hold a person's name.
            "command": " ".join(["python -m d2l_vn.train", *words]),
            "commit": describe_commit(target), "date": started.strftime("%Y-%m-%dT%H:%M:%SZ"), "seed": args.seed,
            "model": args.model, "num_epochs": args.epochs, "batch_size": args.batch_size, "lr": args.lr,
            "drop": args.drop, "shuffle_pixels": args.shuffle_pixels, "resize": args.resize, "device": str(device), "hardware": describe_hardware(device),
            "versions": {"python": platform.python_version(), "torch": str(torch.__version__), "d2l_vn": __version__},
            "duration_seconds": round(sum(history.seconds), 2), "parameters": sum(p.numel() for p in net.parameters()),
            "train_loss": history.train_loss[-1], "train_accuracy": history.train_acc[-1],
            "test_accuracy": history.test_acc[-1], "examples_per_second": round(median(history.examples_per_second), 1),
            "history": {"train_loss": history.train_loss, "train_accuracy": history.train_acc,
                        "test_accuracy": history.test_acc, "seconds": history.seconds,
                        "examples_per_second": history.examples_per_second},
        }
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, (json.dumps(record, indent=2, ensure_ascii=False) + "\n").encode())
        print(say(f"đã ghi {target}", f"wrote {target}"))
    return 0


def _record_path(name: str) -> Path:
    """Return where the record called ``name`` goes: book/data/results in the repository around the current folder."""
    require(re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", name),
            f"`--record` chỉ gồm chữ thường không dấu, chữ số và dấu gạch nối, không phải {name!r}",
            f"`--record` takes lower-case letters, digits and hyphens only, not {name!r}")
    require(not is_fast(), "`--record`: bản chạy nhanh (D2L_VN_FAST) không được ghi lại",
            "`--record`: a fast run (D2L_VN_FAST) is not recorded")
    for folder in (Path.cwd(), *Path.cwd().parents):
        project = folder / "pyproject.toml"
        if project.is_file() and re.search(r'^name = "d2l-vn"$', project.read_text("utf-8"), re.MULTILINE):
            return folder / "book" / "data" / "results" / f"{name}.json"
    raise ValueError(say("`--record` cần chạy bên trong kho mã của sách (có pyproject.toml của d2l-vn)",
                         "`--record` must be run inside the book's repository (with the pyproject.toml of d2l-vn)"))


def describe_commit(target: Path) -> str | None:
    """Return the commit of the repository, with "-dirty" if tracked files differ from it; None without git."""
    command = ["git", "describe", "--always", "--abbrev=40", "--dirty", "--exclude=*"]
    folder = next(parent for parent in target.parents if parent.is_dir())
    try:
        return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return None


def describe_hardware(device: torch.device) -> dict[str, Any]:
    """Return the names of processor and GPU (None on the CPU), and the numbers of cores and threads."""
    cpuinfo = Path("/proc/cpuinfo")
    model = re.search(r"model name\s*: (.*)", cpuinfo.read_text()) if cpuinfo.exists() else None
    return {"cpu": model[1] if model else platform.processor() or platform.machine(), "cores": os.cpu_count(),
            "threads": torch.get_num_threads(),
            "gpu": torch.cuda.get_device_name(device) if device.type == "cuda" else None}


if __name__ == "__main__":
    sys.exit(main())
