"""Checkpoints: the state of a training after an epoch, kept so that no crash at any moment can spoil it."""

import io
import pickle
import zlib
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from .fetch import write_atomically
from .language import say


class CheckpointError(RuntimeError):
    """A checkpoint cannot be written, cannot be read, or belongs to another training."""


def save(path: Path, mark: dict[str, str], state: dict[str, Any]) -> None:
    """Write the state of a training with its fingerprint and the state of the random generators."""
    cuda = torch.cuda.get_rng_state_all() if torch.cuda.is_available() else []
    buffer = io.BytesIO()
    torch.save(state | {"fingerprint": mark, "rng": torch.get_rng_state(), "cuda_rng": cuda}, buffer)
    try:
        write_atomically(path, buffer.getbuffer())
    except OSError as error:
        raise CheckpointError(say(
            f"`checkpoint`: không ghi được {path} ({error.strerror}); checkpoint của epoch trước vẫn còn nguyên.",
            f"`checkpoint`: cannot write {path} ({error.strerror}); the checkpoint of the epoch before is intact.",
        )) from error


def load(path: Path, mark: dict[str, str], num_epochs: int) -> dict[str, Any] | None:
    """Return the state saved at ``path`` and set the random generators to it; None if there is none yet.

    Raises CheckpointError if the file is damaged, has another fingerprint (it says in what), or too many epochs.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            write_atomically(path, b"")  # to learn now, not after a long epoch, that nothing can be written here
            path.unlink()
            return None
        content = io.BytesIO(path.read_bytes())
    except OSError as error:
        raise CheckpointError(say(f"`checkpoint`: không dùng được {path} ({error.strerror})",
                                  f"`checkpoint`: cannot use {path} ({error.strerror})")) from error
    try:
        state: dict[str, Any] = torch.load(content, map_location="cpu", weights_only=True)
        saved: dict[str, str] = state["fingerprint"]
        done = len(state["history"]["train_loss"])
    except (OSError, RuntimeError, pickle.UnpicklingError, EOFError, LookupError, TypeError, ValueError) as error:
        raise CheckpointError(say(
            f"`checkpoint`: {path} không phải checkpoint nguyên vẹn của train_ch6; hãy xóa tệp hoặc chọn tên khác.",
            f"`checkpoint`: {path} is no intact checkpoint of train_ch6; delete it or choose another name.",
        )) from error
    keys = [key for key in {**saved, **mark} if saved.get(key) != mark.get(key)]
    differences = "".join(f"\n  {key}: {saved.get(key)} → {mark.get(key)}" for key in keys)
    if differences:
        raise CheckpointError(say(
            f"`checkpoint`: {path} thuộc về một lần huấn luyện khác. Khác ở (đã lưu → bây giờ):{differences}\n"
            "Hãy chọn tên khác, hoặc xóa tệp để huấn luyện từ đầu.",
            f"`checkpoint`: {path} belongs to another training. They differ in (saved → now):{differences}\n"
            "Choose another name, or delete the file to train from the start.",
        ))
    if done > num_epochs:
        raise CheckpointError(say(f"`num_epochs` là {num_epochs}, nhưng {path} đã có {done} epoch",
                                  f"`num_epochs` is {num_epochs}, but {path} already has {done} epochs"))
    torch.set_rng_state(state["rng"])
    if len(state["cuda_rng"]) == torch.cuda.device_count():
        torch.cuda.set_rng_state_all(state["cuda_rng"])
    return state


def fingerprint(net: nn.Module, train_iter: Any, test_iter: Any, **settings: Any) -> dict[str, str]:
    """Say in readable words what must be the same for a training to be continued: layers, data and settings."""
    layers = {f"net {name}": repr(m) for name, m in net.named_modules() if not list(m.children())}
    shapes = {f"net {name}": str(tuple(t.shape)) for name, t in net.state_dict().items()}
    data = {"train_iter": _describe(train_iter), "test_iter": _describe(test_iter)}
    return layers | shapes | data | {name: str(value) for name, value in settings.items()}


def _describe(batches: Any) -> str:
    """Describe a loader by its sizes and, where images and labels are tensors at hand, by a checksum of them."""
    dataset: Any = getattr(batches, "dataset", batches)
    tensors = [*getattr(dataset, "tensors", ()), getattr(dataset, "data", None), getattr(dataset, "targets", None)]
    checksum = 0
    for tensor in tensors:
        if isinstance(tensor, Tensor):
            checksum = zlib.crc32(tensor.cpu().contiguous().numpy().tobytes(), checksum)
    sizes = {"batches": len(batches), "batch_size": getattr(batches, "batch_size", None),
             "examples": len(dataset), "size": getattr(dataset, "size", None), "crc32": f"{checksum:08x}"}
    return ", ".join(f"{name} {value}" for name, value in sizes.items() if value is not None)
