"""Where tensors live: on the graphics card if there is one."""

import torch

from .language import say


def try_gpu(i: int = 0) -> torch.device:
    """Return GPU number ``i`` if it exists, otherwise the CPU."""
    return torch.device("cuda", i) if torch.cuda.device_count() > i else torch.device("cpu")


def try_all_gpus() -> list[torch.device]:
    """Return every GPU, or ``[cpu]`` where there is none."""
    return [torch.device("cuda", i) for i in range(torch.cuda.device_count())] or [torch.device("cpu")]


def find_device(device: torch.device | str | None) -> torch.device:
    """Return the device asked for, by default what ``try_gpu`` finds; raise ValueError if it cannot be used."""
    try:
        found = try_gpu() if device is None else torch.device(device)
        torch.empty(0, device=found)
    except (RuntimeError, AssertionError) as error:  # AssertionError: PyTorch was built without CUDA
        raise ValueError(say(f"`device` {device} không dùng được: {error}",
                             f"`device` {device} cannot be used: {error}")) from error
    return found
