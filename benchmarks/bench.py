"""d2l 1.0.3 and d2l_vn side by side: `make bench`, or `python -m benchmarks.bench`.

Both run in turn (A B A B ...) in one process on the same Fashion-MNIST files, so that a machine that slows down for a
while slows both. Each figure is the median over the rounds; the spread runs from the lowest round to the highest. A
third contender, the bare steps, does the arithmetic of the same call (training steps, and forward passes for the
evaluation) on batches already in memory and nothing else: no loading, counting or drawing. It is the limit.

Without d2l (requirements-d2l.txt) its figures are skipped, without Jupyter nobody draws, and the heading says so.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.metadata
import json
import os
import platform
import statistics
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import torch

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # started as a file, Python would look for packages in benchmarks/

import d2l_vn  # noqa: E402
from benchmarks.contenders import (  # noqa: E402
    DEVICE,
    Training,
    bare_steps,
    enter_notebook,
    first,
    images_per_second,
    import_d2l,
    load_theirs,
    seconds_to_import,
    seconds_to_train,
)

THEIRS, OURS, BARE = "d2l", "d2l_vn", "bare"
CUDA = DEVICE.type == "cuda"

# Row -> (figure aimed at, whether it is a ceiling): on one GPU, or on two CPU cores.
AIMS = {"lenet": (10, False), "alexnet_bare": (1.2, True), "import": (0.2, True)}
if not CUDA:
    AIMS |= {"loader_28": (40, False), "loader_224": (4, False), "lenet": (3, False)}
    AIMS |= {"lenet_bare": (1.1, True), "alexnet_bare": (1.1, True)}

Figures = dict[str, list[float]]  # contender -> one figure a round


@dataclass(frozen=True)
class Row:
    """One line of the table: another contender's figures beside ours."""

    key: str
    what: str
    unit: str
    other: str
    figures: Figures

    @property
    def ratios(self) -> list[float]:
        """Round by round: how many times faster than d2l, or how many times the seconds of the bare steps."""
        pairs = zip(self.figures.get(self.other, []), self.figures[OURS], strict=False)
        ours_on_top = self.unit == "images/s" or self.other == BARE
        return [ours / other if ours_on_top else other / ours for other, ours in pairs]

    @property
    def results(self) -> list[float]:
        """What the aim is about: the ratio, but for the import our own seconds."""
        return self.figures[OURS] if self.key == "import" else self.ratios

    @property
    def met(self) -> bool | None:
        """Whether the aim is met; None without an aim or a result."""
        if self.key not in AIMS or not self.results:
            return None
        aim, ceiling = AIMS[self.key]
        result = statistics.median(self.results)
        return result <= aim if ceiling else result >= aim

    def cells(self) -> list[str]:
        """Write the row's cells."""
        sign = " s" if self.key == "import" else "x"
        aim, ceiling = AIMS.get(self.key, (None, False))
        return [
            self.what,
            self.unit,
            self.other,
            digits(self.figures.get(self.other)) or "skipped",
            digits(self.figures[OURS]),
            digits(self.results) + sign if self.results else "",
            f"{digits([min(self.results)])} to {digits([max(self.results)])}" if self.results else "",
            "" if aim is None else f"{'at most' if ceiling else 'at least'} {aim:g}{sign}",
            {None: "", True: "met", False: "MISSED"}[self.met],
        ]

    def facts(self) -> dict[str, Any]:
        """Return what a page may quote, such as loader_28_ratio, with its lowest and highest round."""
        found: dict[str, Any] = {OURS: statistics.median(self.figures[OURS]), "met": self.met}
        if self.key in AIMS:
            found["aim"] = AIMS[self.key][0]
        if self.ratios:
            found[self.other] = statistics.median(self.figures[self.other])
            found |= {"ratio": statistics.median(self.ratios), "low": min(self.ratios), "high": max(self.ratios)}
            found["spread"] = (found["high"] - found["low"]) / found["ratio"]
        return {f"{self.key}_{name}": float(f"{v:.5g}") if isinstance(v, float) else v for name, v in found.items()}


def digits(values: list[float] | None) -> str:
    """Write the median of some figures with three digits that count."""
    if not values:
        return ""
    value = statistics.median(values)
    return f"{value:.0f}" if value >= 100 else f"{value:#.3g}"


def in_turn(what: str, rounds: int, contenders: Mapping[str, Callable[[], float]]) -> Figures:
    """Run the contenders one after the other, `rounds` times."""
    figures: Figures = {name: [] for name in contenders}
    for i in range(rounds):
        for name, contender in contenders.items():
            print(f"round {i + 1} of {rounds}: {what}, {name}", file=sys.stderr, flush=True)
            figures[name].append(contender())
    return figures


def run(d2l: Any, quick: bool) -> Iterator[Row]:
    """Run the whole benchmark, a row at a time."""
    rounds = 1 if quick else 5 if CUDA else 3
    loads: dict[str, Callable[..., tuple[Any, Any]]] = {OURS: d2l_vn.load_data_fashion_mnist}
    calls: dict[str, Callable[..., Any]] = {OURS: d2l_vn.train_ch6}
    imports = {OURS: "import d2l_vn"}
    if d2l:
        loads = {THEIRS: partial(load_theirs, d2l)} | loads
        calls = {THEIRS: d2l.train_ch6} | calls
        imports = {THEIRS: "from d2l import torch"} | imports

    for side, batch_size, batches in (28, 256, 235), (96, 256, 60), (224, 128, 60):
        trains = {name: load(batch_size, None if side == 28 else side)[0] for name, load in loads.items()}
        timed = {name: partial(images_per_second, loader, 8 if quick else batches) for name, loader in trains.items()}
        what = f"loader, {side} x {side}"
        yield Row(f"loader_{side}", what, "images/s", THEIRS, in_turn(what, rounds, timed))

    lenet = Training("lenet", "LeNet", d2l_vn.lenet, 0.9, 256, None, 2, 10 if quick else 235, 10 if quick else 40)
    size = (4, 224, 1, 5, 1) if quick else (128, 224, 1, 100, 20) if CUDA else (64, 224, 1, 6, 1)
    alexnet = Training("alexnet", "AlexNet at 224", d2l_vn.alexnet, 0.01, *size)
    for job in lenet, alexnet:
        pairs = {name: load(job.batch_size, job.resize) for name, load in loads.items()}
        cut = {name: (first(a, job.batches), first(b, job.test_batches)) for name, (a, b) in pairs.items()}
        in_memory = list(cut[OURS][0]), list(cut[OURS][1])
        few = in_memory[0][:5], in_memory[1][:1]
        for call in calls.values():  # once unseen: what a process loads at its first step or figure counts for nobody
            seconds_to_train(call, replace(job, epochs=1), few)
        timed = {name: partial(seconds_to_train, calls[name], job, cut[name]) for name in calls}
        timed[BARE] = partial(seconds_to_train, bare_steps, job, in_memory)
        what = f"{job.what}, {job.epochs} x {len(in_memory[0])} batches of {job.batch_size}"
        figures = in_turn(what, rounds, timed)
        yield Row(job.key, what, "s", THEIRS, figures)
        yield Row(f"{job.key}_bare", what, "s", BARE, figures)

    timed = {name: partial(seconds_to_import, statement) for name, statement in imports.items()}
    in_turn("import, once unseen for the disk's sake", 1, timed)
    yield Row("import", "import, beyond torch", "s", THEIRS, in_turn("import", rounds, timed))


def conditions(d2l: Any, drawn: bool, quick: bool) -> dict[str, Any]:
    """Say what the figures were taken with: nothing that names the machine, all that explains its speed."""
    versions = {"python": platform.python_version(), "torch": torch.__version__, "d2l_vn": d2l_vn.__version__}
    for name in "torchvision", "numpy", "matplotlib":
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            versions[name] = importlib.metadata.version(name)
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text(encoding="utf-8").splitlines() if cpuinfo.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {
        "command": "python -m benchmarks.bench" + " --quick" * quick,
        "date": datetime.now(UTC).date().isoformat(),
        "cpu": names[0] if names else platform.processor() or platform.machine(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "gpu": torch.cuda.get_device_name() if CUDA else None,
        "threads": torch.get_num_threads(),
        "load_before": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        "versions": versions | ({"d2l": "1.0.3"} if d2l else {}),
        "drawn": drawn,
        "quick": quick,
    }


def heading(facts: dict[str, Any]) -> str:
    """Write the conditions in three lines."""
    where = f"{facts['gpu']}, " * CUDA + f"{facts['cpu']}, {facts['cores']} cores, {facts['threads']} threads"
    aims = "for one GPU" if CUDA else "for two CPU cores"
    notes = [f"aims are {aims}", f"load before the start {facts['load_before']}"]
    notes += ["THE MACHINE IS BUSY: wait, these figures will mean little"] * ((facts["load_before"] or 0) > 1)
    notes += ["a smoke run, no measurement"] * facts["quick"]
    notes += ["d2l 1.0.3 is not installed: skipped"] * ("d2l" not in facts["versions"])
    notes += ["no Jupyter: nothing is drawn"] * (not facts["drawn"])
    versions = ", ".join(f"{name} {version}" for name, version in facts["versions"].items())
    return f"{where}, {facts['date']}\n{versions}\n{'; '.join(notes)}"


def table(rows: list[Row]) -> str:
    """Lay the rows out in columns."""
    head = ["", "unit", "against", "theirs", "d2l_vn", "result", "lowest to highest", "aim", ""]
    cells = [head, *(row.cells() for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join("  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in cells)


def record(name: str, facts: dict[str, Any], rows: list[Row]) -> None:
    """Write book/data/results/NAME.json, whole or not at all: flat keys for pages to quote, and the table."""
    path = ROOT / "book" / "data" / "results" / f"{name}.json"
    for row in rows:
        facts |= row.facts()
    facts["table"] = [row.cells() for row in rows]
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".json.part")
    part.write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    part.replace(path)
    print(f"recorded in {path.relative_to(ROOT)}")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Time d2l 1.0.3 and d2l_vn side by side.")
    parser.add_argument("--quick", action="store_true", help="a smoke run: one round, little data")
    parser.add_argument("--record", metavar="NAME", help="write book/data/results/NAME.json")
    args = parser.parse_args()
    os.environ.pop("D2L_VN_FAST", None)  # it would leave d2l_vn a small part of the work
    if args.quick:
        AIMS.clear()  # fixed costs, such as the first figure's, would be judged
    d2l = import_d2l()
    facts = conditions(d2l, enter_notebook(), args.quick)
    print(heading(facts), flush=True)
    rows = list(run(d2l, args.quick))
    print("\n" + table(rows))
    if args.record:
        record(args.record, facts, rows)


if __name__ == "__main__":
    main()
