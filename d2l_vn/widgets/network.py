"""The network explorer."""

from typing import Any

import torch
import traitlets

from d2l_vn.language import require

from .explorable import LARGEST, Explorable
from .join import join

X = [2.0, 1.0]
WEIGHTS = [[[0.5, -1.0, 1.0], [1.0, 0.5, -0.5]], [[1.0], [2.0], [-1.0]]]
BIASES = [[-1.0, 0.0, 0.5], [0.5]]
INPUTS, NODES, LAYERS = 4, 5, 3  # at most; the output is one of the layers


class Network(Explorable):
    """A small fully connected network as a graph, with every unit's weighted sum and activation.

    Args:
        x: the inputs, at most 4 numbers.
        weights: a table for each layer, (units before it) x (units in it), at most 3 layers of at most 5 units: a layer
            is Z = AW + b. ``torch.nn.Linear`` keeps the transpose, so that it is ``linear.weight.T`` here.
        biases: a list for each layer.
        activation: of the hidden layers, ``"sigmoid"``, ``"tanh"``, ``"relu"`` or ``"none"``.
        output: of the last layer, ``"sigmoid"`` or ``"none"``.
        node: the unit looked at, [layer, unit], both from 0; layer 0 are the inputs.
        language: ``"vi"`` or ``"en"``.

    Numbers may be lists, arrays or tensors. All of these can be changed later, and read back, as lists, after the
    reader has changed them. New weights of another shape keep what fits; else x and biases become zeros, and the unit
    the first of its network. Raises ValueError or TraitError for what cannot be shown.
    """

    _module = "network"
    _esm = join(_module)
    x: traitlets.TraitType[Any, Any] = traitlets.TraitType(help="[input]").tag(sync=True)
    weights: traitlets.TraitType[Any, Any] = traitlets.TraitType(help="[layer][from][to]").tag(sync=True)
    biases: traitlets.TraitType[Any, Any] = traitlets.TraitType(help="[layer][node]").tag(sync=True)
    activation = traitlets.Enum(["sigmoid", "tanh", "relu", "none"], "sigmoid", help="of hidden layers").tag(sync=True)
    output = traitlets.Enum(["sigmoid", "none"], "sigmoid", help="of the last layer").tag(sync=True)
    node = traitlets.List(traitlets.Int(min=0), [1, 0], 2, 2, help="layer and node looked at").tag(sync=True)

    @traitlets.default("weights")
    def _weights(self) -> list[list[list[float]]]:
        return WEIGHTS

    @traitlets.default("x")
    def _x(self) -> list[float]:
        return X if self.weights == WEIGHTS else [0.0] * self._sizes()[0]

    @traitlets.default("biases")
    def _biases(self) -> list[list[float]]:
        return BIASES if self.weights == WEIGHTS else [[0.0] * n for n in self._sizes()[1:]]

    def _sizes(self) -> list[int]:
        """How many units each layer has, the inputs first."""
        tables = _tables(self.weights)  # checked here too: what is set together is checked in any order
        return [len(tables[0]), *(rows.shape[1] for rows in tables)]

    @traitlets.validate("weights")
    def _check_weights(self, proposal: Any) -> list[Any]:
        return [rows.tolist() for rows in _tables(proposal["value"])]

    @traitlets.validate("biases")
    def _check_biases(self, proposal: Any) -> list[Any]:
        layers, sizes = [_numbers("biases", row, 1) for row in _listed(proposal["value"])], self._sizes()[1:]
        require([len(row) for row in layers] == sizes, f"`biases` phải có số phần tử ở từng tầng là {sizes}, như `weights`",
                f"`biases` must have {sizes} numbers in its layers, as `weights` do")
        return [row.tolist() for row in layers]

    @traitlets.validate("x")
    def _check_x(self, proposal: Any) -> list[float]:
        row, n = _numbers("x", proposal["value"], 1), self._sizes()[0]
        require(len(row) == n, f"`x` phải có {n} số, bằng số hàng của bảng trọng số đầu tiên",
                f"`x` must hold {n} numbers, as many as the first table of weights has rows")
        return list(row.tolist())

    @traitlets.validate("node")
    def _check_node(self, proposal: Any) -> list[int]:
        layer, i = proposal["value"]
        sizes = self._sizes()
        require(layer < len(sizes) and i < sizes[layer], f"`node` phải là [tầng, nút], đếm từ 0, trong mạng có số nút là {sizes}",
                f"`node` must be [layer, unit], both from 0, in a network with {sizes} units")
        return [layer, i]

    @traitlets.observe("weights")
    def _follow_weights(self, change: Any) -> None:
        sizes = self._sizes()
        if len(self.x) != sizes[0]:
            self.x = [0.0] * sizes[0]
        if [len(row) for row in self.biases] != sizes[1:]:
            self.biases = [[0.0] * n for n in sizes[1:]]
        if self.node[0] >= len(sizes) or self.node[1] >= sizes[self.node[0]]:
            self.node = [1, 0]


def _tables(value: Any) -> list[torch.Tensor]:
    """Return the tables of weights; raises ValueError unless they follow one another and are not too many or too large."""
    tables = [_numbers("weights", rows, 2) for rows in _listed(value)]
    sizes = [tuple(rows.shape) for rows in tables]
    fine = 1 <= len(sizes) <= LAYERS and 1 <= sizes[0][0] <= INPUTS and all(1 <= n <= NODES for _, n in sizes)
    require(fine and all(sizes[k][1] == sizes[k + 1][0] for k in range(len(sizes) - 1)),
            f"`weights` phải gồm 1 đến {LAYERS} bảng số, số cột của bảng trước là số hàng của bảng sau; tối đa {INPUTS} đầu vào, "
            f"mỗi tầng 1 đến {NODES} nút. Các bảng ở đây có cỡ {sizes}",
            f"`weights` must be 1 to {LAYERS} tables, the columns of one as many as the rows of the next; at most {INPUTS} inputs, "
            f"1 to {NODES} units a layer. The tables here have the sizes {sizes}")
    return tables


def _listed(value: Any) -> list[Any]:
    """Return the layers, whatever holds them; nothing where there are none."""
    return [] if isinstance(value, str | dict) or not hasattr(value, "__iter__") else list(value)


def _numbers(name: str, value: Any, axes: int) -> torch.Tensor:
    """Return numbers as a tensor with so many axes; raises ValueError unless all are finite and at most a million."""
    try:
        numbers = torch.as_tensor(value, dtype=torch.float64).detach()
    except (TypeError, ValueError, RuntimeError):
        numbers = torch.empty(0)
    require(numbers.ndim == axes and bool((numbers.abs() <= LARGEST).all()),
            f"`{name}` phải gồm các {'bảng' if axes == 2 else 'dãy'} số, không số nào quá một triệu",
            f"`{name}` must be made of {'tables' if axes == 2 else 'lists'} of numbers, none larger than a million")
    return numbers
