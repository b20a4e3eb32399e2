"""The marble on a landscape: gradient descent with and without momentum, for one variable."""

from typing import Any

import traitlets

from .explorable import Explorable, between, one_of
from .join import join

LANDSCAPES = ["parabola", "hilly"]
LIMITS = {"lr": (0.001, 4.0), "momentum": (0.0, 0.99), "start": (-2.5, 2.5), "steps": (0, 200)}


class Marble(Explorable):
    """Steps of gradient descent with momentum: ``v = momentum * v - lr * slope(w)``, then ``w = w + v``.

    Args:
        landscape: ``"parabola"``, w²/2, or ``"hilly"``, with three valleys, one of them the lowest.
        lr: learning rate, from 0.001 to 4.
        momentum: the part of the velocity that a step keeps, from 0 to 0.99.
        start: w before the first step, from -2.5 to 2.5.
        steps: how many steps have been made, from 0 to 200.
        language: ``"vi"`` or ``"en"``.

    All of these can be changed later, and read back after the reader has changed them; the place follows from them.
    Raises ValueError or TraitError for what cannot be shown.
    """

    _module = "marble"
    _esm = join(_module)
    landscape = traitlets.Unicode("parabola", help="name of the function").tag(sync=True)
    lr = traitlets.Float(0.1, help="learning rate").tag(sync=True)
    momentum = traitlets.Float(0.0, help="the part of the velocity that a step keeps").tag(sync=True)
    start = traitlets.Float(-1.0, help="w before the first step").tag(sync=True)
    steps = traitlets.Int(0, help="how many steps have been made").tag(sync=True)

    @traitlets.validate("landscape")
    def _check_landscape(self, proposal: Any) -> str:
        return one_of("landscape", proposal["value"], LANDSCAPES)

    @traitlets.validate("lr", "momentum", "start", "steps")
    def _check_number(self, proposal: Any) -> Any:
        name = proposal["trait"].name
        return between(name, proposal["value"], *LIMITS[name])
