"""What an answer returned, as plain data that can be written as JSON, compared and shown.

An output is a dictionary with a ``status``: ``blank`` (still the stub), ``none`` (``printed`` says whether it printed
something instead), ``type``, ``error``, ``slow``, or ``value`` with ``parts``: one array
``{"shape": [...], "values": [...], "whole": bool}``, or several.
"""

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

Output = dict[str, Any]
LARGEST = 20_000  # numbers in an array: more is no answer to an exercise
LONGEST = 300  # characters of whatever is quoted from a student's program
PARTS = 16  # arrays in an output
STATUSES = ("blank", "none", "type", "error", "slow", "value")


def plain(value: Any) -> Output:
    """Turn what a function returned into plain data; tensors, NumPy arrays, numbers and nested lists are all fine."""
    if value is ...:
        return {"status": "blank"}
    if value is None:
        return {"status": "none"}
    try:
        try:
            arrays = [_tensor(value)]
        except (TypeError, ValueError, RuntimeError):  # several arrays of different shapes
            arrays = [_tensor(v) for v in value] if isinstance(value, tuple | list) and value else []
        if 0 < len(arrays) <= PARTS:
            return {"status": "value", "parts": [_part(array) for array in arrays]}
    except Exception:  # noqa: S110 (whatever goes wrong in a stranger's object, it is no number)
        pass
    return {"status": "type", "name": quoted(type(value).__name__)}


def quoted(text: str) -> str:
    """Cut a stranger's text to size and drop what does not print, so that it can be shown and saved anywhere."""
    return "".join(c if c.isprintable() else " " for c in text[:LONGEST]).strip()


def _tensor(value: Any) -> Tensor:
    if isinstance(value, Tensor):
        return value
    if isinstance(value, tuple | list) and any(isinstance(v, Tensor | tuple | list | range) for v in value):
        return torch.stack([_tensor(v) for v in value])
    return torch.as_tensor(value, dtype=torch.float64 if isinstance(value, float) else None)


def _part(array: Tensor) -> dict[str, Any]:
    if array.is_complex():
        raise TypeError
    whole, shape = not array.is_floating_point(), list(array.shape)
    values = array.detach().to("cpu", torch.float64).flatten().tolist() if array.numel() <= LARGEST else []
    return {"shape": shape, "values": values, "whole": whole}


def is_sound(output: Any) -> bool:
    """Say whether this is an output as ``plain`` and ``collect`` make them; asked of what comes out of a sandbox."""
    if not isinstance(output, dict) or output.get("status") not in STATUSES:
        return False
    if any(not isinstance(text := output.get(key, ""), str) or text != quoted(text) for key in ("name", "text", "source")):
        return False
    if type(line := output.get("line", 0)) is not int or not 0 <= line < 1 << 31:
        return False
    if output["status"] == "none" and type(output.get("printed")) is not bool:
        return False
    if output["status"] != "value":
        return True
    parts = output.get("parts")
    return isinstance(parts, list) and 0 < len(parts) <= PARTS and all(map(_is_sound_part, parts))


def _is_sound_part(part: Any) -> bool:
    return (
        isinstance(part, dict)
        and all(isinstance(part.get(key), list) and len(part[key]) <= LARGEST for key in ("shape", "values"))
        and len(part["shape"]) <= 8
        and all(type(n) is int and 0 <= n < 1 << 62 for n in part["shape"])
        and all(type(v) is float for v in part["values"])
        and len(part["values"]) in (0, math.prod(part["shape"]))
    )


def shapes(output: Output) -> list[list[int]]:
    """Return the shape of each part."""
    return [part["shape"] for part in output["parts"]]


def same(output: Output, expected: Output, tolerance: float) -> bool:
    """Compare two outputs; numbers within a relative and absolute tolerance, whole numbers (almost) exactly."""
    if output["status"] != "value" or expected["status"] != "value":
        return bool(output["status"] == expected["status"])
    return shapes(output) == shapes(expected) and all(
        near(a["values"], b["values"], 1e-9 if b["whole"] else tolerance)
        for a, b in zip(output["parts"], expected["parts"], strict=True)
    )


def near(values: Sequence[float], expected: Sequence[float], tolerance: float) -> bool:
    """Say whether two rows of numbers agree; NaN agrees with NaN."""
    return len(values) == len(expected) and all(
        a == b or abs(a - b) <= tolerance * max(1, abs(b)) or (math.isnan(a) and math.isnan(b))
        for a, b in zip(values, expected, strict=True)
    )


def transposed(output: Output) -> Output:
    """Return the output with each matrix transposed and all else as it is."""
    parts = []
    for part in output["parts"]:
        if len(part["shape"]) == 2 and part["values"]:
            rows, columns = part["shape"]
            values = [part["values"][i * columns + j] for j in range(columns) for i in range(rows)]
            part = {**part, "shape": [columns, rows], "values": values}
        parts.append(part)
    return {**output, "parts": parts}


def shown(output: Output) -> str:
    """Write a value in few characters: ``5``, ``[[1, 2.5], [0, 3]]``."""
    texts = [written(_nested(part["shape"], part["values"])) for part in output["parts"]]
    return texts[0] if len(texts) == 1 else f"({', '.join(texts)})"


def _nested(shape: list[int], values: list[float]) -> Any:
    if not shape:
        return values[0] if values else "…"
    step = len(values) // shape[0] if shape[0] else 0
    return [_nested(shape[1:], values[i * step : (i + 1) * step]) for i in range(min(shape[0], 50))] if step else []


def written(value: Any) -> str:
    """Write numbers and nested lists of them with six digits, cut where it gets too long."""

    def text(value: Any) -> str:
        if isinstance(value, list | tuple):
            return f"[{', '.join(map(text, value))}]"
        if isinstance(value, float | int):
            return str(int(value)) if math.isfinite(value) and value == int(value) and abs(value) < 1e15 else f"{value:.6g}"
        return repr(value)

    whole = text(value)
    return whole if len(whole) <= LONGEST else whole[: LONGEST - 1] + "…"


def shape_text(shape: list[int]) -> str:
    """Write a shape as Python does."""
    return str(tuple(shape))
