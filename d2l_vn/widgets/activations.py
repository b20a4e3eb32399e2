"""The explorer of activation functions."""

from typing import Any

import traitlets

from .explorable import Explorable, between, one_of
from .join import join

ALPHA = {"sigmoid": 0.01, "tanh": 0.01, "relu": 0.01, "leaky_relu": 0.01, "elu": 1.0, "identity": 0.01}
LIMITS = {"x": (-6.0, 6.0), "alpha": (0.0, 1.0), "layers": (1, 20)}


class Activations(Explorable):
    """Value and slope of an activation function at x, and the product of as many equal slopes as there are layers.

    Args:
        function: ``"sigmoid"``, ``"tanh"``, ``"relu"``, ``"leaky_relu"``, ``"elu"`` or ``"identity"``.
        x: where it is looked at, from -6 to 6.
        alpha: for leaky ReLU the slope left of 0, for ELU the factor of its left side, from 0 to 1; at first as in
            PyTorch, 0.01 and 1.
        layers: how many slopes are multiplied, from 1 to 20.
        language: ``"vi"`` or ``"en"``.

    All of these can be changed later, and read back after the reader has changed them. With another function, an
    alpha that nobody has chosen becomes that function's own. Raises ValueError or TraitError for what cannot be shown.
    """

    _module = "activations"
    _esm = join(_module)
    function = traitlets.Unicode("sigmoid", help="name of the function").tag(sync=True)
    x = traitlets.Float(0.0, help="where it is looked at").tag(sync=True)
    alpha = traitlets.Float(help="slope or factor of the left side").tag(sync=True)
    layers = traitlets.Int(10, help="how many slopes are multiplied").tag(sync=True)

    @traitlets.default("alpha")
    def _own_alpha(self) -> float:
        return ALPHA[self.function]

    @traitlets.validate("function")
    def _check_function(self, proposal: Any) -> str:
        return one_of("function", proposal["value"], ALPHA)

    @traitlets.validate("x", "alpha", "layers")
    def _check_number(self, proposal: Any) -> Any:
        name = proposal["trait"].name
        return between(name, proposal["value"], *LIMITS[name])

    @traitlets.observe("function")
    def _follow_function(self, change: Any) -> None:
        if self.alpha == ALPHA.get(change["old"]):
            self.alpha = ALPHA[self.function]
