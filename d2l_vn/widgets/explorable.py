"""What all explorables share on the side of Python: language, checks, and what a page without a kernel shows."""

import json
import math
from collections.abc import Iterable
from html import escape
from typing import Any, TypeVar

import anywidget
import torch
import traitlets

from d2l_vn.language import require, say

from .join import HERE

LARGEST = 1e6  # as in common.mjs
Planes = list[list[list[float]]]
Number = TypeVar("Number", int, float)


class Explorable(anywidget.AnyWidget):
    """The base class: a class says which module it shows, and has a trait for everything that one may set."""

    _css = (HERE / "explorable.css").read_text("utf-8")
    _module = ""  # the name of the module; _esm is join of it
    language = traitlets.Enum(["vi", "en"], help="language of its words; at first that of the package").tag(sync=True)

    @traitlets.default("language")
    def _language(self) -> str:
        return say("vi", "en")

    def state(self) -> dict[str, Any]:
        """Return what it shows, as JSON knows it."""
        own = set(self.traits(sync=True)) - set(anywidget.AnyWidget.class_trait_names())
        return {name: getattr(self, name) for name in sorted(own) if not name.startswith("_")}

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Show the live widget and, where no kernel runs, a place in which the page of the book starts the same."""
        bundle: Any = super()._repr_mimebundle_(**kwargs)
        data = {**bundle[0], "text/plain": f"{type(self).__name__}()"}  # no address: the same in every run
        if not _in_colab():  # which would show the HTML and not the widget
            data["text/html"] = self.html()
        return data, *bundle[1:]

    def html(self) -> str:
        """Return the place for this explorable in a page; adapter.js of the book's theme fills it."""
        words = say("Hình tương tác: chạy ô này, hoặc xem trang web của sách.",
                    "An explorable: run this cell, or see the page of the book.")
        state = escape(json.dumps(self.state(), separators=(",", ":"), ensure_ascii=False))
        return f'<div class="d2l-explorable" data-explorable="{self._module}" data-state="{state}">{words}</div>'


def one_of(name: str, value: Any, names: Iterable[str]) -> str:
    """Return ``value`` as text; raise ValueError unless it is one of ``names``."""
    require(value in (known := list(names)), f"`{name}` không thể là {value!r}; hãy chọn trong {known}",
            f"`{name}` cannot be {value!r}; choose one of {known}")
    return str(value)


def between(name: str, value: Number, low: float, high: float) -> Number:
    """Return ``value``; raise ValueError unless it lies from ``low`` to ``high``."""
    require(low <= value <= high, f"`{name}` phải nằm trong khoảng từ {low:g} đến {high:g}",
            f"`{name}` must be from {low:g} to {high:g}")
    return value


def planes(name: str, value: Any, side: int) -> Planes:
    """Return numbers as nested lists [channel][row][column]; a table of numbers is one channel.

    Raises ValueError unless there are 1 or 3 channels of at most ``side`` x ``side`` numbers, none larger than a
    million.
    """
    try:
        X = torch.as_tensor(value, dtype=torch.float64)
    except (TypeError, ValueError, RuntimeError):
        X = torch.empty(0)
    X = X[None] if X.ndim == 2 else X
    fine = X.ndim == 3 and X.shape[0] in (1, 3) and all(1 <= n <= side for n in X.shape[1:])
    require(fine, f"`{name}` phải là bảng số (hàng, cột) hoặc (kênh, hàng, cột), có 1 hoặc 3 kênh, tối đa {side} x {side}",
            f"`{name}` must be a table of numbers (rows, columns) or (channels, rows, columns), 1 or 3 channels, "
            f"at most {side} x {side}")
    require(bool((X.abs() <= LARGEST).all()), f"`{name}` chứa NaN hoặc số lớn hơn một triệu",
            f"`{name}` holds NaN or a number larger than a million")
    return [[[_short(x) for x in row] for row in plane] for plane in X.tolist()]


def _short(x: float) -> float:
    """Write whole numbers without a fraction: a picture then takes half the room."""
    return int(x) if math.floor(x) == x else x


def _in_colab() -> bool:
    import sys

    return "google.colab" in sys.modules
