"""Data sets and the batches cut from them: Fashion-MNIST, and small sets made on the spot."""

import gzip
import math
import os
import struct
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils import data

from .device import find_device
from .fast import is_fast
from .fetch import DataError, fashion_mnist_files
from .language import require, say

_announced = False


class ImageSet(data.Dataset[tuple[Tensor, int]]):
    """Grey images and their labels, held as bytes; ``image_set[i]`` is a pair (X of shape (1, H, W), y).

    Attributes:
        data: images, uint8, shape (N, height, width).
        targets: labels, int64, shape (N,).
        size: (H, W) to which images are resized when they are served.
    """

    def __init__(self, images: Tensor, labels: Tensor, size: tuple[int, int] | None = None) -> None:
        self.data, self.targets, self.size = images, labels, size or tuple(images.shape[1:])
        # The filter of PIL, which torchvision's Resize uses, is linear in rows and in columns: two matrices do it.
        self._down = _filter(images.shape[1], self.size[0]).to(images.device)
        self._across = _filter(images.shape[2], self.size[1]).to(images.device)

    def __len__(self) -> int:
        return len(self.data)

    def __getitem__(self, i: int) -> tuple[Tensor, int]:
        X, y = self.batch(torch.tensor([range(len(self))[i]]))
        return X[0], int(y)

    def batch(self, index: Tensor) -> tuple[Tensor, Tensor]:
        """Return images (B, 1, H, W), float32 in [0, 1], and labels (B,), int64, for B positions."""
        X = self.data[index].unsqueeze(1).to(torch.float32)
        if X.shape[2:] != self.size:
            X = (self._down @ (X @ self._across.T)).round_()  # whole levels again, as a resized image file has them
        return X.div_(255), self.targets[index]


class ImageBatches:
    """Batches of an ``ImageSet``, in order or shuffled anew each time; the last one may be smaller.

    It is used like a ``torch.utils.data.DataLoader`` (``for X, y in …``, ``len``, ``.dataset``, ``.batch_size``),
    but cuts, converts and resizes whole batches at once, on the device where the images lie.
    """

    def __init__(self, dataset: ImageSet, batch_size: int, shuffle: bool) -> None:
        self.dataset, self.batch_size, self.shuffle = dataset, batch_size, shuffle

    def __len__(self) -> int:
        return math.ceil(len(self.dataset) / self.batch_size)

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        n = len(self.dataset)
        # Drawn on the CPU, so that one seed gives one order on every device, and at once, as a DataLoader does.
        order = torch.randperm(n) if self.shuffle else torch.arange(n)
        return map(self.dataset.batch, torch.split(order.to(self.dataset.data.device), self.batch_size))


def load_data_fashion_mnist(
    batch_size: int, resize: int | tuple[int, int] | None = None, device: torch.device | str | None = None
) -> tuple[ImageBatches, ImageBatches]:
    """Return the 60,000 training and the 10,000 test images of Fashion-MNIST as batches.

    The files come from ``$D2L_VN_DATA`` if it is set, else from the user's cache, else from a mirror (those listed in
    ``$D2L_VN_MIRRORS`` first), and are verified. With ``D2L_VN_FAST=1`` only the first 200 training and 100 test
    images of each class are served.

    Args:
        batch_size: images in a batch; the last batch may be smaller.
        resize: side, or (height, width), in pixels, to which images are brought, with the pixels that torchvision's
            ``Resize`` and ``ToTensor`` give; None keeps 28 x 28.
        device: where the images are kept, as bytes (55 MB), and batches are made; None takes the GPU if there is one.

    Returns:
        ``(train_iter, test_iter)``, each giving pairs ``X, y``: X float32 in [0, 1] of shape (B, 1, H, W), y int64 of
        shape (B,) from 0 to 9. The training images are shuffled anew for each epoch, reproducibly under
        ``torch.manual_seed``; the test images keep their order.

    Raises:
        ValueError: ``batch_size`` or ``resize`` is not a positive whole number, or ``device`` is not there.
        DataError: the data cannot be had; the message says what was tried and what to do.

    Source:
        H. Xiao, K. Rasul, R. Vollgraf, "Fashion-MNIST: a novel image dataset for benchmarking machine learning
        algorithms", arXiv:1708.07747, 2017.
    """
    global _announced
    check_whole("batch_size", batch_size)
    height, width = resize if isinstance(resize, tuple | list) and len(resize) == 2 else (resize, resize)
    if resize is not None:
        check_whole("resize", height)
        check_whole("resize", width)
    place, files, sets = find_device(device), fashion_mnist_files(), []
    for part, per_class in (("train", 200), ("t10k", 100)):
        images, labels = (_parse_idx(name, files[name]) for name in files if name.startswith(part))
        if len(images) != len(labels):
            raise DataError(say(f"{part}-*.gz có {len(images)} ảnh nhưng {len(labels)} nhãn",
                                f"{part}-*.gz hold {len(images)} images, but {len(labels)} labels"))
        if is_fast():
            keep = torch.cat([(labels == label).nonzero()[:per_class, 0] for label in range(10)]).sort().values
            images, labels = images[keep], labels[keep]
        sets.append(ImageSet(images.to(place), labels.long().to(place), (height, width) if height and width else None))
    if is_fast() and not _announced:
        _announced = True
        print(say(f"D2L_VN_FAST: {len(sets[0])} ảnh huấn luyện, {len(sets[1])} ảnh kiểm tra, huấn luyện một epoch",
                  f"D2L_VN_FAST: {len(sets[0])} training images, {len(sets[1])} test images, training for one epoch"))
    return ImageBatches(sets[0], batch_size, shuffle=True), ImageBatches(sets[1], batch_size, shuffle=False)


def get_fashion_mnist_labels(labels: Tensor | Sequence[int]) -> list[str]:
    """Return the names, in the chosen language, of Fashion-MNIST classes given as numbers from 0 to 9."""
    names = say(
        "áo phông, quần dài, áo chui đầu, váy liền, áo khoác, xăng đan, áo sơ mi, giày thể thao, túi xách, bốt cổ thấp",
        "t-shirt, trouser, pullover, dress, coat, sandal, shirt, sneaker, bag, ankle boot",
    ).split(", ")
    return [names[int(i)] for i in labels]


def get_dataloader_workers() -> int:
    """Return how many processes a DataLoader should read with: one for each core this process may use, at most 4."""
    affinity = getattr(os, "sched_getaffinity", None)  # missing on macOS and Windows
    return min(4, len(affinity(0)) if affinity else os.cpu_count() or 1)


def load_array(data_arrays: Sequence[Tensor], batch_size: int, is_train: bool = True) -> data.DataLoader[Any]:
    """Return a DataLoader over the rows of tensors that belong together, shuffled if ``is_train``."""
    check_whole("batch_size", batch_size)
    return data.DataLoader(data.TensorDataset(*data_arrays), batch_size, shuffle=is_train)


def synthetic_data(w: Tensor, b: float, num_examples: int) -> tuple[Tensor, Tensor]:
    """Draw X, (num_examples, len(w)), from N(0, 1); return it with y = Xw + b + noise of N(0, 0.01²), a column."""
    check_whole("num_examples", num_examples)
    X = torch.randn(num_examples, len(w))
    y = X @ w.reshape(-1, 1) + b
    return X, y + 0.01 * torch.randn_like(y)


def data_iter(batch_size: int, features: Tensor, labels: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield batches of rows of ``features`` and ``labels`` in random order; the last one may be smaller."""
    check_whole("batch_size", batch_size)
    for index in torch.split(torch.randperm(len(features)), batch_size):
        yield features[index], labels[index]


def check_whole(name: str, value: object) -> None:
    """Raise ValueError unless the argument called ``name`` is a positive whole number."""
    require(isinstance(value, int) and not isinstance(value, bool) and value > 0,
            f"`{name}` phải là số nguyên dương, không phải {value!r}",
            f"`{name}` must be a positive whole number, not {value!r}")


def _filter(n: int, m: int) -> Tensor:
    """Return the (m, n) matrix that resamples n pixels to m: what the bilinear filter makes of each unit vector."""
    unit = torch.eye(n).reshape(1, 1, n, n)
    return nn.functional.interpolate(unit, (m, n), mode="bilinear", antialias=True)[0, 0]


def _parse_idx(name: str, content: bytes) -> Tensor:
    """Unpack a gzipped IDX file of bytes; its name says how many dimensions it must have (idx3, idx1).

    IDX, as at http://yann.lecun.com/exdb/mnist: two zero bytes, the type (8: byte), the number of dimensions, each size
    as a big-endian 32-bit number, then the values.
    """
    dims = int(name.split("-idx")[1][0])
    try:
        raw = gzip.decompress(content)
        magic, *shape = struct.unpack_from(f">{1 + dims}I", raw)
    except (OSError, EOFError, zlib.error, struct.error) as error:
        raise DataError(say(f"{name} không phải tệp IDX nén gzip: {error}",
                            f"{name} is no gzipped IDX file: {error}")) from error
    values = torch.frombuffer(bytearray(raw), dtype=torch.uint8)[4 + 4 * dims :]
    if magic != 0x800 + dims or len(values) != math.prod(shape):
        raise DataError(say(f"{name} hỏng: magic {magic:#x}, kích thước {shape}, {len(values)} byte dữ liệu",
                            f"{name} is broken: magic {magic:#x}, shape {shape}, {len(values)} bytes of data"))
    return values.reshape(shape)
