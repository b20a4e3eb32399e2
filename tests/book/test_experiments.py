"""The recorded experiments: what they count, and that one run does not change another."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

import d2l_vn as d2l
from book.experiments import before_alexnet, machine
from book.experiments.activation_race import CONTENDERS, Racer
from book.tools import results

IMAGES = torch.rand(520, 1, 28, 28, generator=torch.Generator().manual_seed(0))
LABELS = torch.arange(520) % 10


def racer(name: str = "relu", lr: float = 0.1, seed: int = 0) -> Racer:
    return Racer(name, lr, seed, IMAGES, LABELS)


def test_updates_are_counted_over_the_last_hundred_batches() -> None:
    one = racer()
    one.errors = [1.0] * 100 + [0.0] * 100
    assert (one.updates_to(0.25), one.updates_to(0.15), one.updates_to(0.0)) == (175, 185, 200)
    one.errors = [0.0] * 99
    assert one.updates_to(0.25) is None  # too few to tell
    one.errors = [0.5] * 300
    assert one.updates_to(0.25) is None


def test_a_racer_does_not_change_another() -> None:
    alone = racer()
    alone.train_epoch()
    first, other = racer(), racer("tanh", seed=1)
    other.train_epoch()
    first.train_epoch()
    assert first.errors == alone.errors and len(first.errors) == 3  # batches of 256, 256 and 8
    assert other.errors != alone.errors
    again = racer(seed=1)
    assert not torch.equal(again.net[0].weight, racer(seed=0).net[0].weight)


@pytest.mark.parametrize("name", CONTENDERS)
def test_initial_weights_are_those_that_the_name_says(name: str) -> None:
    layer = racer(name).net[9]  # 120 values in, 84 out
    bound = (6 / 120) ** 0.5 if name == "relu-he" else (6 / (120 + 84)) ** 0.5
    assert 0.98 * bound < layer.weight.abs().max() <= bound


def test_steps_are_those_of_gradient_descent() -> None:
    one, reference = racer(lr=0.3), racer(lr=0.3)
    one.train_epoch()
    optimizer = torch.optim.SGD(reference.net.parameters(), lr=0.3)
    for indices in torch.randperm(520, generator=torch.Generator().manual_seed(0)).split(256):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(reference.net(IMAGES[indices]), LABELS[indices]).backward()
        optimizer.step()
    for a, b in zip(one.net.parameters(), reference.net.parameters(), strict=True):
        assert torch.allclose(a, b, atol=1e-5)
    with torch.no_grad():
        right = (one.net(IMAGES).argmax(dim=1) == LABELS).sum().item()
    assert one.accuracy(IMAGES, LABELS) == pytest.approx(right / 520)


def test_each_split_keeps_another_sixth_for_validation() -> None:
    seen = torch.cat([before_alexnet.split(60, seed)[1] for seed in before_alexnet.SEEDS])
    assert seen.tolist() == list(range(30))
    for seed in before_alexnet.SEEDS:
        train, valid = before_alexnet.split(60, seed)
        assert sorted(torch.cat([train, valid]).tolist()) == list(range(60)) and len(valid) == 10


def test_features_are_pixels_or_hog() -> None:
    assert np.array_equal(before_alexnet.describe(IMAGES[:3], None), IMAGES[:3].flatten(1).numpy())
    coarse, fine = (before_alexnet.describe(IMAGES[:3], cell) for cell in (7, 4))
    assert coarse.shape == (3, 3 * 3 * 4 * 9) and fine.shape == (3, 6 * 6 * 4 * 9)
    assert np.allclose(before_alexnet.describe(IMAGES[:3] / 2, 7), coarse, atol=1e-5)  # brightness leaves no trace


@pytest.mark.parametrize("name, settings", [("lenet", {}), ("lenet-momentum", {"momentum": 0.9, "weight_decay": 5e-4})])
def test_networks_take_the_steps_that_the_chapter_names(name: str, settings: dict[str, float]) -> None:
    net = before_alexnet.train_net(name, IMAGES, LABELS, lr=0.05, num_epochs=1, seed=1)
    torch.manual_seed(1)
    reference = d2l.lenet(torch.nn.ReLU, torch.nn.MaxPool2d).apply(d2l.init_cnn)
    optimizer = torch.optim.SGD(reference.parameters(), lr=0.05, **settings)
    for indices in torch.randperm(520).split(128):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(reference(IMAGES[indices]), LABELS[indices]).backward()
        optimizer.step()
    for a, b in zip(net.parameters(), reference.parameters(), strict=True):
        assert torch.allclose(a, b, atol=1e-5)


def test_the_learning_rate_drops_but_not_for_plain_descent(monkeypatch: pytest.MonkeyPatch) -> None:
    def weights(name: str, lr: float) -> torch.Tensor:
        return before_alexnet.train_net(name, IMAGES, LABELS, lr, num_epochs=1, seed=0)[0].weight

    tenth, plain = weights("lenet-momentum", 0.005), weights("lenet", 0.05)
    monkeypatch.setattr(before_alexnet, "DROP", 0)
    assert torch.equal(weights("lenet-momentum", 0.05), tenth)
    assert torch.equal(weights("lenet", 0.05), plain)


def test_speeds_count_the_operations_that_are_done(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[int] = []

    def one_second(work: object, device: torch.device) -> float:
        with FlopCounterMode(display=False) as counter:
            work()  # type: ignore[operator]
        counted.append(counter.get_total_flops())
        return 1.0

    monkeypatch.setattr(machine, "best_seconds", one_second)
    speeds = machine.measure(torch.device("cpu"), sides=[8, 32], length=1000)
    expected = [2 * 8**3, 2 * 32**3, *counted[2:5]]
    assert counted[:2] == expected[:2]
    names = ["product-8", "product-32", *machine.CONVOLUTIONS]
    assert [round(speeds[name] * 1e9) for name in names] == expected
    assert speeds["addition"] * 1e9 == pytest.approx(1000) and speeds["bandwidth"] * 1e9 == pytest.approx(12 * 1000)
    assert speeds["ceiling"] == max(speeds[name] for name in names)


def test_the_fastest_of_several_times_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0, 5, 10, 12, 20, 29, 30, 34, 40, 49, 50, 59, 60, 69])  # seven runs; the second takes 2
    monkeypatch.setattr(machine.time, "perf_counter", lambda: next(clock))
    assert machine.best_seconds(lambda: None, torch.device("cpu")) == 2


def test_a_machine_that_was_not_measured_has_an_empty_column(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "DATA", tmp_path)
    (tmp_path / "results").mkdir()
    record = {"hardware": {"cpu": "Some CPU", "threads": 3, "gpu": None},
              "gflops": dict.fromkeys(results.MACHINE, 1234.56)}
    (tmp_path / "results" / "machine-cpu.json").write_text(json.dumps(record), encoding="utf-8")
    table = results.machine_table("en")
    assert table.splitlines()[0] == "| measurement | Some CPU, 3 threads | *GPU: not measured yet* |"
    assert table.count("| 1\u202f234.6 |  |") == len(results.MACHINE)
    record["hardware"]["gpu"] = "Some GPU"
    (tmp_path / "results" / "machine-gpu.json").write_text(json.dumps(record), encoding="utf-8")
    assert results.machine_table("vi").count("| 1\u202f234,6 | 1\u202f234,6 |") == len(results.MACHINE)
    assert "Some GPU" in results.machine_table("vi")
