"""Write garments.mjs, the pictures that explorables share: ``python -m d2l_vn.widgets.garments``.

Each is the first image of its class in the test set of Fashion-MNIST, its 28 x 28 bytes in base64, row by row.
"""

import base64

from d2l_vn.data import load_data_fashion_mnist

from .join import write_data

CLASSES = ("tshirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot")  # as labelled
COMMENT = """\
Made by `python -m d2l_vn.widgets.garments`: the first test image of each class of Fashion-MNIST, 28 x 28 bytes each.
H. Xiao, K. Rasul, R. Vollgraf, arXiv:1708.07747, 2017; MIT licence."""


def main() -> None:
    """Take the images from the data set."""
    images = load_data_fashion_mnist(1, device="cpu")[1].dataset
    pictures = {}
    for label, name in enumerate(CLASSES):
        first = int((images.targets == label).nonzero()[0, 0])
        pictures[name] = base64.b64encode(bytes(images.data[first].flatten().tolist())).decode()
    write_data("garments", COMMENT, pictures)


if __name__ == "__main__":
    main()
