"""The explorable that stacks the layers of a convolutional network."""

from collections.abc import Mapping
from typing import Any

import traitlets

from d2l_vn.language import require

from .explorable import Explorable, between, one_of
from .join import join

# As in stack.mjs: what can be set in each kind of layer, from which number to which; and the networks with a name.
MOST, SIDE, FAR, DEEP = 8192, 1024, 31, 32
WINDOW = {"kernel": (1, FAR), "stride": (1, FAR), "padding": (0, FAR)}
NUMBERS = {"conv": {"out": (1, MOST), **WINDOW, "groups": (1, MOST)}, "max": WINDOW, "average": WINDOW, "linear": {"out": (1, MOST)}}
NETWORKS = {"lenet": ([1, 28, 28], 7), "alexnet": ([1, 224, 224], 11), "alexnet2012": ([3, 227, 227], 11)}  # input, layers


class Stack(Explorable):
    """A convolutional network, layer by layer: shapes, parameters, multiply-adds, memory, receptive fields.

    Args:
        layers: ``"lenet"``, ``"alexnet"`` (the book's), ``"alexnet2012"``, or a list of at most 32 layers:
            ``{"kind": "conv", "out": 96, "kernel": 11, "stride": 4, "padding": 1, "groups": 1}``, ``{"kind": "max",
            "kernel": 3, "stride": 2, "padding": 0}``, ``"average"`` likewise, and ``{"kind": "linear", "out": 10}``,
            before the first of which the output is flattened. stride, padding and groups are at first as in PyTorch.
        input: channels, height and width; at first those of the network, or of Fashion-MNIST.
        layer: whose numbers are shown, from 0; -1 for none.
        batch: how many pictures a step of training takes.
        language: ``"vi"`` or ``"en"``.

    All of these can be changed later, and read back after the reader has changed them. Layers that do not fit together
    are shown with the reason. Raises ValueError or TraitError for what cannot be shown.
    """

    _module = "stack"
    _esm = join(_module)
    layers: traitlets.TraitType[Any, Any] = traitlets.TraitType("alexnet", help="a name or a list").tag(sync=True)
    input = traitlets.List(traitlets.Int(), minlen=3, maxlen=3, help="channels, height, width").tag(sync=True)
    layer = traitlets.Int(0, help="whose numbers are shown").tag(sync=True)
    batch = traitlets.Int(64, help="pictures in a step").tag(sync=True)

    def _depth(self) -> int:
        return NETWORKS[self.layers][1] if isinstance(self.layers, str) else len(self.layers)

    @traitlets.default("input")
    def _input(self) -> list[int]:
        return NETWORKS[self.layers if isinstance(self.layers, str) else "lenet"][0]

    @traitlets.validate("layers")
    def _check_layers(self, proposal: Any) -> str | list[dict[str, Any]]:
        value = proposal["value"]
        if isinstance(value, str):
            return one_of("layers", value, NETWORKS)
        require(isinstance(value, list | tuple) and len(value) <= DEEP, f"`layers` phải là tên hoặc danh sách tối đa {DEEP} tầng",
                f"`layers` must be a name or a list of at most {DEEP} layers")
        return [_layer(one) for one in value]

    @traitlets.validate("input")
    def _check_input(self, proposal: Any) -> list[int]:
        return [between("input", n, 1, SIDE if axis else MOST) for axis, n in enumerate(proposal["value"])]

    @traitlets.validate("layer")
    def _check_layer(self, proposal: Any) -> int:
        return between("layer", int(proposal["value"]), -1, self._depth() - 1)

    @traitlets.validate("batch")
    def _check_batch(self, proposal: Any) -> int:
        return between("batch", int(proposal["value"]), 1, MOST)

    @traitlets.observe("layers")
    def _follow_layers(self, change: Any) -> None:
        self.layer = min(self.layer, self._depth() - 1)


def _layer(value: Any) -> dict[str, Any]:
    """Return a layer with all its numbers; raises ValueError for what is none."""
    require(isinstance(value, Mapping), "mỗi tầng trong `layers` phải là một `dict`", "each layer in `layers` must be a `dict`")
    kind = one_of("kind", value.get("kind"), NUMBERS)
    require(set(value) <= {"kind", *NUMBERS[kind]}, f"tầng `{kind}` chỉ có thể chứa {list(NUMBERS[kind])}",
            f"a layer `{kind}` can hold only {list(NUMBERS[kind])}")
    numbers = {"stride": 1 if kind == "conv" else value.get("kernel"), "padding": 0, "groups": 1, **value}
    for name, (low, high) in NUMBERS[kind].items():
        require(type(numbers.get(name)) is int and low <= numbers[name] <= high,
                f"`{name}` của tầng `{kind}` phải là số nguyên từ {low} đến {high}",
                f"`{name}` of a layer `{kind}` must be a whole number from {low} to {high}")
    return {"kind": kind, **{name: numbers[name] for name in NUMBERS[kind]}}
