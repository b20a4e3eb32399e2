"""Write garments.mjs, the few pictures that explorables share: ``python -m d2l_vn.widgets.garments``.

Each is the first image of its class in the test set of Fashion-MNIST, its 28 x 28 bytes in base64, row by row.
"""

import base64
import json

from d2l_vn.data import load_data_fashion_mnist

from .join import HERE

CLASSES = {"boot": 9, "bag": 8, "tshirt": 0, "trouser": 1, "dress": 3, "sneaker": 7}
HEAD = """// Made by `python -m d2l_vn.widgets.garments`: the first test image of six classes of Fashion-MNIST, 28 x 28 bytes each.
// H. Xiao, K. Rasul, R. Vollgraf, arXiv:1708.07747, 2017; MIT licence.
"""


def main() -> None:
    """Take the images from the data set."""
    images = load_data_fashion_mnist(1, device="cpu")[1].dataset
    pictures = {}
    for name, label in CLASSES.items():
        first = int((images.targets == label).nonzero()[0, 0])
        pictures[name] = base64.b64encode(bytes(images.data[first].flatten().tolist())).decode()
    text = f"{HEAD}export const GARMENTS = {json.dumps(pictures, indent=2)};\n"
    (HERE / "garments.mjs").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
