"""Explorables: pictures to play with, in notebooks and on the pages of the book. Needs anywidget, loaded on first use.

Each is one ES module (``NAME.mjs``) and one class here; what they show can be set from Python and read back::

    explorer = d2l_vn.widgets.Convolution(image="boot", stride=2)
    explorer                                  # the last line of a cell shows it
    explorer.kernel = [[-1, 0, 1]] * 3
    explorer.image                            # what the reader has drawn
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from d2l_vn.language import say

if TYPE_CHECKING:
    from .activations import Activations
    from .backprop import Backprop
    from .convolution import Convolution
    from .features import Features
    from .marble import Marble
    from .network import Network
    from .stack import Stack

__all__ = ["Activations", "Backprop", "Convolution", "Features", "Marble", "Network", "Stack"]


class Missing:
    """Stands in for an explorable where anywidget is not installed: it shows a sentence and bothers nobody."""

    def __init__(self, **state: Any) -> None:
        self.__dict__.update(state)

    def __repr__(self) -> str:
        return say("Hình tương tác này cần gói anywidget. Hãy chạy `pip install anywidget` rồi khởi động lại kernel.",
                   "This explorable needs the package anywidget. Run `pip install anywidget`, then restart the kernel.")


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(import_module(f"{__name__}.{name.lower()}"), name)
    except ModuleNotFoundError as error:
        if error.name != "anywidget":
            raise
        return Missing
