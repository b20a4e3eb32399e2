"""Where tensors live: the graphics card if there is one."""

import torch


def try_gpu(i: int = 0) -> torch.device:
    """Return GPU number ``i`` if it exists, otherwise the CPU."""
    return torch.device("cuda", i) if torch.cuda.device_count() > i else torch.device("cpu")


def try_all_gpus() -> list[torch.device]:
    """Return every GPU, or ``[cpu]`` where there is none."""
    return [torch.device("cuda", i) for i in range(torch.cuda.device_count())] or [torch.device("cpu")]
