"""The recorded experiments: what they count, and that one run does not change another."""

import pytest
import torch

from book.experiments.activation_race import CONTENDERS, Racer

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
