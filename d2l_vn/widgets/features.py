"""The features explorer."""

from typing import Any

import traitlets

from .explorable import Explorable, between, one_of
from .garments import CLASSES
from .join import join

STAGES = {"conv1": (6, 28), "pool1": (6, 14), "conv2": (16, 10), "pool2": (16, 5)}  # name: (maps, side of a map)
FAR = 6  # pixels that a garment can be shifted


class Features(Explorable):
    """The feature maps of the trained LeNet for one garment, computed in the page.

    Args:
        garment: one of ``"tshirt"``, ``"trouser"``, ``"pullover"``, ``"dress"``, ``"coat"``, ``"sandal"``,
            ``"shirt"``, ``"sneaker"``, ``"bag"``, ``"boot"``.
        shift: by how many pixels it is moved, [down, right], from -6 to 6.
        stage: whose map is looked at: ``"conv1"``, ``"pool1"``, ``"conv2"`` or ``"pool2"``.
        map: which map of the stage, from 0.
        cell: row and column, from 0, of the cell looked at.
        language: ``"vi"`` or ``"en"``.

    All of these can be changed later, and read back after the reader has changed them. A new stage keeps map and
    cell where it has them, else it starts with its first map and its middle cell. Raises ValueError or TraitError
    for what cannot be shown.
    """

    _module = "features"
    _esm = join(_module)
    garment = traitlets.Unicode("sneaker", help="name of the picture").tag(sync=True)
    shift = traitlets.List(traitlets.Int(), [0, 0], 2, 2, help="pixels down and to the right").tag(sync=True)
    stage = traitlets.Unicode("conv1", help="name of the stage").tag(sync=True)
    map = traitlets.Int(0, help="which of its maps").tag(sync=True)
    cell = traitlets.List(traitlets.Int(), minlen=2, maxlen=2, help="row and column in the map").tag(sync=True)

    @traitlets.default("cell")
    def _middle(self) -> list[int]:
        return [STAGES[self.stage][1] // 2] * 2

    @traitlets.validate("garment", "stage")
    def _check_name(self, proposal: Any) -> str:
        name = proposal["trait"].name
        return one_of(name, proposal["value"], CLASSES if name == "garment" else STAGES)

    @traitlets.validate("shift")
    def _check_shift(self, proposal: Any) -> list[int]:
        return [between("shift", x, -FAR, FAR) for x in proposal["value"]]

    @traitlets.validate("map")
    def _check_map(self, proposal: Any) -> int:
        return between("map", int(proposal["value"]), 0, STAGES[self.stage][0] - 1)

    @traitlets.validate("cell")
    def _check_cell(self, proposal: Any) -> list[int]:
        return [between("cell", x, 0, STAGES[self.stage][1] - 1) for x in proposal["value"]]

    @traitlets.observe("stage")
    def _follow_stage(self, change: Any) -> None:
        maps, side = STAGES[self.stage]
        if self.map >= maps:
            self.map = 0
        if max(self.cell) >= side:
            self.cell = self._middle()
