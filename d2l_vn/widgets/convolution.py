"""The convolution explorer."""

import base64
from typing import Any

import torch
import traitlets

from d2l_vn.language import require

from .explorable import Explorable, Planes, planes
from .join import join, read_data

EXAMPLE = [[1, 2, 3, 4, 8], [7, 0, 9, 18, 12], [5, 4, 6, 0, 9], [10, 5, 22, 33, 6], [8, 80, 66, 6, 55]]
TINT = (1, 0.6, 0.2)  # as in convolution.mjs: a grey picture coloured orange


class Convolution(Explorable):
    """A window slides over an image; window, kernel, products and sum are seen together.

    Args:
        image: numbers (rows, columns) or (channels, rows, columns), 1 or 3 channels, at most 64 x 64, or ``"example"``
            or a garment: ``"tshirt"``, ``"trouser"``, ``"pullover"``, ``"dress"``, ``"coat"``, ``"sandal"``,
            ``"shirt"``, ``"sneaker"``, ``"bag"``, ``"boot"``.
        kernel: numbers (k, k), used for every channel, or (channels, k, k), k at most 11.
        stride, padding: as for ``torch.nn.functional.conv2d``.
        flip: turn the kernel by 180 degrees first, which is true convolution.
        channels: 1 or 3; follows the image.
        position: row and column, from 0, of the window's place in the feature map.
        language: ``"vi"`` or ``"en"``.

    All of these can be changed later, and read back after the reader has changed them; image and kernel are then
    nested lists [channel][row][column]. Raises ValueError or TraitError for what cannot be shown.
    """

    _module = "convolution"
    _esm = join(_module)
    image: traitlets.TraitType[Any, Any] = traitlets.TraitType(help="[channel][row][column]").tag(sync=True)
    kernel: traitlets.TraitType[Any, Any] = traitlets.TraitType(help="[channel][row][column]").tag(sync=True)
    stride = traitlets.Int(1, min=1, max=11, help="sải bước").tag(sync=True)
    padding = traitlets.Int(0, min=0, max=10, help="đệm").tag(sync=True)
    flip = traitlets.Bool(False, help="true convolution").tag(sync=True)
    channels = traitlets.Enum([1, 3], 1, help="1 or 3").tag(sync=True)
    position = traitlets.List(traitlets.Int(min=0), [0, 0], 2, 2, help="row and column of the window").tag(sync=True)

    @traitlets.default("image")
    def _image(self) -> Planes:
        return planes("image", EXAMPLE, 64)

    @traitlets.default("kernel")
    def _kernel(self) -> Planes:
        return [[[1, 0, 1], [0, 1, 0], [1, 0, 1]]]

    @traitlets.validate("image")
    def _check_image(self, proposal: Any) -> Planes:
        value = proposal["value"]
        return planes("image", _named(value) if isinstance(value, str) else value, 64)

    @traitlets.validate("kernel")
    def _check_kernel(self, proposal: Any) -> Planes:
        kernel = planes("kernel", proposal["value"], 11)
        require(len(kernel[0]) == len(kernel[0][0]), "`kernel` phải vuông", "`kernel` must be square")
        return [kernel[min(i, len(kernel) - 1)] for i in range(self.channels)]

    @traitlets.observe("image")
    def _follow_image(self, change: Any) -> None:
        self.channels = len(self.image)

    @traitlets.observe("channels")
    def _follow_channels(self, change: Any) -> None:
        if len(self.image) != self.channels:
            grey = torch.tensor(self.image, dtype=torch.float64).mean(0)
            self.image = torch.stack([(grey * tint).round() for tint in TINT]) if self.channels == 3 else grey.round()
        if len(self.kernel) != self.channels:
            self.kernel = self.kernel[: self.channels] * (self.channels if len(self.kernel) == 1 else 1)


def _named(name: str) -> Any:
    """Return a picture that the explorables share."""
    garments = read_data("garments")
    known = ["example", *garments]
    require(name in known, f"không có ảnh {name!r}; hãy chọn trong {known}", f"no image {name!r}; choose one of {known}")
    return EXAMPLE if name == "example" else torch.tensor(list(base64.b64decode(garments[name]))).reshape(28, 28)
