"""The loader: which images, in which order, with which pixels."""

import gzip
import struct

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from torchvision import transforms

import d2l_vn
from d2l_vn import data, fetch
from d2l_vn.data import ImageBatches, ImageSet

from .conftest import idx, small_files, sums, write


def test_real_data():
    """Read by hand from the files: the first labels, and the sum of the pixels of an image."""
    train_iter, test_iter = d2l_vn.load_data_fashion_mnist(256)
    raw = gzip.decompress(fetch.fashion_mnist_files()["t10k-images-idx3-ubyte.gz"])
    assert [len(train_iter.dataset), len(test_iter.dataset), len(train_iter), len(test_iter)] == [60000, 10000, 235, 40]
    X, y = next(iter(test_iter))
    assert (X.shape, X.dtype, y.shape, y.dtype) == ((256, 1, 28, 28), torch.float32, (256,), torch.int64)
    assert y[:5].tolist() == [9, 2, 1, 1, 6]  # ankle boot, pullover, trouser, trouser, shirt
    third = np.frombuffer(raw, np.uint8, 784, 16 + 2 * 784)
    assert torch.equal((X[2].reshape(-1) * 255).round(), torch.tensor(third).float())
    assert torch.bincount(train_iter.dataset.targets).tolist() == [6000] * 10


def test_epoch_holds_every_image_once_and_is_shuffled_anew(small):
    train_iter, test_iter = d2l_vn.load_data_fashion_mnist(16)
    first, second = ([(X.sum().item(), int(t)) for Xs, y in train_iter for X, t in zip(Xs, y, strict=True)] for _ in range(2))
    in_order = [(X.sum().item(), y) for X, y in train_iter.dataset]
    assert first != in_order and first != second
    assert sorted(first) == sorted(second) == sorted(in_order)
    assert [len(y) for _, y in train_iter] == [16, 16, 8]
    assert torch.equal(torch.cat([y for _, y in test_iter]), torch.arange(20) % 10)


def test_seed_decides_the_order(small):
    train_iter, _ = d2l_vn.load_data_fashion_mnist(7)
    orders = []
    for seed in (5, 5, 6):
        torch.manual_seed(seed)
        orders.append(torch.cat([X for X, _ in train_iter]))
    assert torch.equal(orders[0], orders[1]) and not torch.equal(orders[0], orders[2])


def test_evaluation_leaves_the_random_numbers_alone(small):
    _, test_iter = d2l_vn.load_data_fashion_mnist(7)
    before = torch.get_rng_state()
    list(test_iter)
    assert torch.equal(torch.get_rng_state(), before)


def test_changing_a_batch_does_not_change_the_data(small):
    _, test_iter = d2l_vn.load_data_fashion_mnist(20)
    X, y = next(iter(test_iter))
    kept = X.clone()
    X.zero_()
    y.zero_()
    again = next(iter(test_iter))
    assert torch.equal(again[0], kept) and again[1].any()


def test_dataset_is_a_sequence_of_pairs(small):
    dataset = d2l_vn.load_data_fashion_mnist(8, resize=32)[1].dataset
    X, y = dataset[-1]
    assert X.shape == (1, 32, 32) and y == 9 and len(dataset) == 20
    with pytest.raises(IndexError):
        dataset[20]
    batch = next(iter(torch.utils.data.DataLoader(dataset, batch_size=4)))  # as any DataLoader can use it
    assert torch.equal(batch[0], dataset.batch(torch.arange(4))[0])


@given(n=st.integers(1, 30), batch_size=st.integers(1, 40), shuffle=st.booleans())
@settings(max_examples=60, deadline=None)
def test_batches_of_any_size(n, batch_size, shuffle):
    images = torch.arange(n, dtype=torch.uint8)[:, None, None].expand(n, 2, 3)
    batches = ImageBatches(ImageSet(images, torch.arange(n)), batch_size, shuffle)
    got = list(batches)
    assert len(got) == len(batches) and all(len(y) == batch_size for _, y in got[:-1])
    labels = torch.cat([y for _, y in got])
    assert sorted(labels.tolist()) == list(range(n))
    pixels = torch.cat([X for X, _ in got])
    assert torch.equal(pixels, (labels / 255).reshape(-1, 1, 1, 1).expand(n, 1, 2, 3))


@given(height=st.integers(1, 70), width=st.integers(1, 70), seed=st.integers(0, 9999), kind=st.sampled_from("nsw"))
@settings(max_examples=80, deadline=None)
def test_pixels_are_those_of_torchvision(height, width, seed, kind):
    generator = torch.Generator().manual_seed(seed)
    noise = torch.randint(0, 256, (28, 28), generator=generator, dtype=torch.uint8)
    image = {"n": noise, "s": torch.arange(784).reshape(28, 28).div(784 / 256).to(torch.uint8), "w": noise // 128 * 255}[kind]
    convert = transforms.Compose([transforms.Resize((height, width)), transforms.ToTensor()])
    expected = convert(Image.fromarray(image.numpy()))
    X, _ = ImageSet(image[None], torch.tensor([0]), (height, width))[0]
    assert (X - expected).abs().max() <= 1 / 255 + 1e-6
    levels = X * 255
    assert torch.allclose(levels, levels.round(), atol=1e-3)


def test_resize_takes_a_side_or_a_pair(small):
    for resize, shape in ((28, (28, 28)), (32, (32, 32)), ((20, 40), (20, 40))):
        assert next(iter(d2l_vn.load_data_fashion_mnist(4, resize)[0]))[0].shape == (4, 1, *shape)


@pytest.mark.parametrize("name, value", [
    ("batch_size", 0), ("batch_size", -1), ("batch_size", 2.5), ("batch_size", True), ("batch_size", "8"),
    ("resize", 0), ("resize", -3), ("resize", (28, 0)), ("resize", (1, 2, 3)), ("resize", 28.0),
])
def test_wrong_sizes_are_named(small, name, value):
    with pytest.raises(ValueError, match=f"`{name}`.*{'' if isinstance(value, tuple) else value}"):
        d2l_vn.load_data_fashion_mnist(**{"batch_size": 4, name: value})


def test_fast_mode_serves_a_fixed_part(monkeypatch, capsys):
    monkeypatch.setenv("D2L_VN_FAST", "1")
    monkeypatch.setattr(data, "_announced", False)
    once, again = d2l_vn.load_data_fashion_mnist(64), d2l_vn.load_data_fashion_mnist(64)
    assert len(capsys.readouterr().out.splitlines()) == 1
    assert [len(b.dataset) for b in once] == [2000, 1000] and once[0].batch_size == 64
    assert torch.bincount(once[0].dataset.targets).tolist() == [200] * 10
    assert torch.bincount(once[1].dataset.targets).tolist() == [100] * 10
    assert torch.equal(once[0].dataset.data, again[0].dataset.data)
    monkeypatch.setenv("D2L_VN_FAST", "0")
    full = d2l_vn.load_data_fashion_mnist(64)[1].dataset
    seen, first = dict.fromkeys(range(10), 0), []
    for i, label in enumerate(full.targets.tolist()):
        seen[label] += 1
        if seen[label] <= 100:
            first.append(i)
    assert len(full) == 10000 and torch.equal(once[1].dataset.data, full.data[first])
    assert torch.equal(once[1].dataset.targets, full.targets[first])


@pytest.mark.parametrize("spoil, word", [
    (lambda raw: gzip.compress(struct.pack(">I", 0x0802) + raw[4:]), "0x802"),  # one dimension too few
    (lambda raw: gzip.compress(struct.pack(">I", 0x0D03) + raw[4:]), "0xd03"),  # floats
    (lambda raw: gzip.compress(raw[:-1]), "bytes of data"),
    (lambda raw: gzip.compress(raw + b"\0"), "bytes of data"),
    (lambda raw: gzip.compress(raw[:7]), "IDX"),
    (lambda raw: gzip.compress(raw)[:-9], "IDX"),
    (lambda raw: raw, "IDX"),
])
def test_broken_idx(small, tmp_path, monkeypatch, spoil, word):
    name = "t10k-images-idx3-ubyte.gz"
    files = small | {name: spoil(gzip.decompress(small[name]))}
    monkeypatch.setattr(fetch, "FILES", sums(files))  # right checksums of wrong contents
    write(tmp_path / "given", files)
    with pytest.raises(d2l_vn.DataError, match=f"{name}.*{word}"):
        d2l_vn.load_data_fashion_mnist(4)


def test_as_many_labels_as_images(small, tmp_path, monkeypatch):
    files = small_files() | {"t10k-labels-idx1-ubyte.gz": idx(torch.zeros(19))}
    monkeypatch.setattr(fetch, "FILES", sums(files))
    write(tmp_path / "given", files)
    with pytest.raises(d2l_vn.DataError, match="20 images, but 19 labels"):
        d2l_vn.load_data_fashion_mnist(4)


def test_labels_have_names_in_both_languages():
    english = d2l_vn.get_fashion_mnist_labels(torch.arange(10))
    d2l_vn.set_language("vi")
    vietnamese = d2l_vn.get_fashion_mnist_labels(range(10))
    assert english[0] == "t-shirt" and english[9] == "ankle boot" and vietnamese[1] == "quần dài"
    assert len(set(english)) == len(set(vietnamese)) == 10 and not set(english) & set(vietnamese)


def test_small_sets():
    w, b = torch.tensor([2.0, -3.4]), 4.2
    X, y = d2l_vn.synthetic_data(w, b, 4000)
    assert X.shape == (4000, 2) and y.shape == (4000, 1)
    noise = y[:, 0] - X @ w - b
    assert abs(noise.mean()) < 1e-3 and 0.0095 < noise.std() < 0.0105 and abs(X.std() - 1) < 0.05
    rows = list(d2l_vn.data_iter(64, X, y))
    assert [len(a) for a, _ in rows] == [64] * 62 + [32]
    assert torch.equal(torch.cat([a for a, _ in rows]).sort(dim=0).values, X.sort(dim=0).values)
    assert not torch.equal(torch.cat([a for a, _ in rows]), X)
    assert torch.equal(torch.cat([a for a, _ in d2l_vn.load_array((X, y), 64, is_train=False)]), X)
    assert not torch.equal(torch.cat([a for a, _ in d2l_vn.load_array((X, y), 64)]), X)
    assert 1 <= d2l_vn.get_dataloader_workers() <= 4
