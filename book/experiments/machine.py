"""The speed of a machine, as chapter 07 measures it: `python -m book.experiments.machine --device cpu --threads 1`.

Products of square matrices, three convolutional layers and the addition of two long vectors, in float32; each time the
fastest of TIMES. Writes `machine-cpu.json` or `machine-gpu.json`; needs nothing but torch.
"""

import argparse
import json
import platform
import time
from collections.abc import Callable
from datetime import UTC, datetime

import torch
from torch import nn

import d2l_vn as d2l
from book.tools import DATA
from d2l_vn.train import describe_commit, describe_hardware

TIMES = 7
SIDES = [64, 256, 1024, 2048, 4096]
CONVOLUTIONS = {  # channels in and out, sides of the input and of the kernel, images
    "lenet-1": (1, 6, 28, 5, 256), "lenet-2": (6, 16, 14, 5, 256), "alexnet-2": (96, 256, 26, 5, 16),
}
LENGTH = 10_000_000


def best_seconds(work: Callable[[], object], device: torch.device) -> float:
    """Return the shortest time that ``work`` took; a GPU is waited for."""
    def now() -> float:
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        return time.perf_counter()

    best = float("inf")
    for _ in range(TIMES):
        start = now()
        work()
        best = min(best, now() - start)
    return best


@torch.no_grad()
def measure(device: torch.device, sides: list[int] = SIDES, length: int = LENGTH) -> dict[str, float]:
    """Return GFLOP/s by kind of work, the highest of them as ``ceiling``, and the memory's GB/s as ``bandwidth``."""
    gflops: dict[str, float] = {}
    for n in sides:
        A, B = torch.rand(n, n, device=device), torch.rand(n, n, device=device)
        gflops[f"product-{n}"] = 2 * n**3 / best_seconds(lambda: A @ B, device) / 1e9  # noqa: B023 - called at once
    for name, (channels, kernels, side, k, batch) in CONVOLUTIONS.items():
        layer = nn.Conv2d(channels, kernels, k).to(device)
        X = torch.rand(batch, channels, side, side, device=device)
        operations = 2 * layer(X).numel() * channels * k * k
        gflops[name] = operations / best_seconds(lambda: layer(X), device) / 1e9  # noqa: B023
    a, b = torch.rand(length, device=device), torch.rand(length, device=device)
    total = torch.empty_like(a)
    seconds = best_seconds(lambda: torch.add(a, b, out=total), device)
    gflops["addition"] = length / seconds / 1e9
    return gflops | {"ceiling": max(gflops.values()), "bandwidth": 3 * 4 * length / seconds / 1e9}  # two read, one written


def main() -> None:
    """Measure the device asked for, and write its record."""
    parser = argparse.ArgumentParser(description="Measure how fast a device computes, and record it.")
    parser.add_argument("--device", default=None, help="cpu or cuda (default: the GPU if any)")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads(), help="CPU threads")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.backends.cudnn.allow_tf32 = False  # else convolutions on recent GPUs are not in float32
    device = torch.device(args.device) if args.device else d2l.try_gpu()
    target = DATA / "results" / f"machine-{'gpu' if device.type == 'cuda' else 'cpu'}.json"
    record = {
        "name": target.stem, "command": f"python -m book.experiments.machine --device {device} --threads {args.threads}",
        "commit": describe_commit(target), "date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "hardware": describe_hardware(device), "gflops": measure(device),
        "versions": {"python": platform.python_version(), "torch": str(torch.__version__), "d2l_vn": d2l.__version__},
    }
    target.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
