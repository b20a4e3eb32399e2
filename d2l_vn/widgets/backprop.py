"""Backpropagation, step by step, on a small computational graph."""

from typing import Any

import traitlets

from d2l_vn.language import require

from .explorable import Explorable, between, one_of
from .join import join

# As in backprop.mjs: what is given, with its numbers, and what is computed from it.
VALUES: dict[str, dict[str, float]] = {
    "path": {"w": 1.5, "x": 2, "b": 0.5, "y": 1},
    "paths": {"x": 2, "y": 4},
    "network": {"x1": 1, "x2": 2, "y": 0, "w11_1": 0.5, "w12_1": -1, "w21_1": 0.2, "w22_1": 0.6, "b1_1": 0.1, "b2_1": 0.3,
                "w11_2": 2, "w21_2": -1, "b_2": -0.5},
}
NODES = {"path": ["u", "yhat", "e", "L"], "paths": ["u", "v", "f"], "network": ["z1", "z2", "a1", "a2", "z", "yhat", "L"]}
STEPS = {"path": 12, "paths": 8, "network": 23}
FAR = 5.0


class Backprop(Explorable):
    """The forward pass through a small graph, one value at a time, then the backward pass, one gradient at a time.

    Args:
        graph: ``"path"``, L = (w x + b - y)²; ``"paths"``, f = (x + 1)(x y), where x acts along two paths; ``"network"``,
            two inputs, two hidden sigmoid units, a sigmoid output and the binary cross-entropy.
        step: how many steps have been made, from 0 to 12, 8 or 23.
        values: numbers for what is given, by name, from -5 to 5; what is left out keeps the book's number. The names are
            w, x, b, y; x, y; and x1, x2, y (from 0 to 1), w11_1 … w22_1, b1_1, b2_1, w11_2, w21_2, b_2: ``w12_1`` leads
            from input 1 to unit 2 of layer 1.
        node: the box whose calculation is shown, by name (computed ones are u, yhat, e, L; u, v, f; z1, z2, a1, a2, z,
            yhat, L), or ``""`` for that of the step.
        language: ``"vi"`` or ``"en"``.

    All of these can be changed later, and read back after the reader has changed them. Another graph keeps what fits it,
    else it begins at step 0 with the book's numbers. Raises ValueError or TraitError for what cannot be shown.
    """

    _module = "backprop"
    _esm = join(_module)
    graph = traitlets.Unicode("path", help="name of the graph").tag(sync=True)
    step = traitlets.Int(0, help="how many steps have been made").tag(sync=True)
    values: traitlets.TraitType[Any, Any] = traitlets.TraitType(help="numbers that are given, by name").tag(sync=True)
    node = traitlets.Unicode("", help="name of the box looked at").tag(sync=True)

    @traitlets.default("values")
    def _values(self) -> dict[str, float]:
        return dict(VALUES[self.graph])

    @traitlets.validate("graph")
    def _check_graph(self, proposal: Any) -> str:
        return one_of("graph", proposal["value"], VALUES)

    @traitlets.validate("step")
    def _check_step(self, proposal: Any) -> int:
        return between("step", int(proposal["value"]), 0, STEPS[self.graph])

    @traitlets.validate("values")
    def _check_values(self, proposal: Any) -> dict[str, float]:
        given, fits = proposal["value"], VALUES[self.graph]
        require(isinstance(given, dict) and set(given) <= set(fits), f"`values` chỉ có thể chứa {list(fits)}",
                f"`values` can hold only {list(fits)}")
        numbers = {}
        for name, value in given.items():
            low, high = (0.0, 1.0) if self.graph == "network" and name == "y" else (-FAR, FAR)
            try:
                numbers[name] = float(value)  # also of a tensor or an array with one number
            except (TypeError, ValueError, RuntimeError):
                numbers[name] = float("nan")
            require(low <= numbers[name] <= high, f"`{name}` phải là số từ {low:g} đến {high:g}",
                    f"`{name}` must be a number from {low:g} to {high:g}")
        return {**fits, **numbers}

    @traitlets.validate("node")
    def _check_node(self, proposal: Any) -> str:
        names = ["", *VALUES[self.graph], *NODES[self.graph]]
        require(proposal["value"] in names, f"`node` phải là một trong {names}", f"`node` must be one of {names}")
        return str(proposal["value"])

    @traitlets.observe("graph")
    def _follow_graph(self, change: Any) -> None:
        if set(self.values) != set(VALUES[self.graph]):
            self.values = VALUES[self.graph]
        if self.step > STEPS[self.graph]:
            self.step = 0
        if self.node not in ("", *VALUES[self.graph], *NODES[self.graph]):
            self.node = ""
