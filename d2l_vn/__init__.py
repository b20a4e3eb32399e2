"""d2l_vn: the helper package of the course, with the names and the order of arguments of "Dive into Deep Learning".

Three calls carry most chapters::

    train_iter, test_iter = d2l_vn.load_data_fashion_mnist(batch_size=256)
    net = d2l_vn.lenet()
    history = d2l_vn.train_ch6(net, train_iter, test_iter, num_epochs=10, lr=0.9)

Messages are in Vietnamese or English: see ``set_language``. Matplotlib is loaded when the first figure is drawn.
"""

from typing import TYPE_CHECKING, Any

from .checkpoint import CheckpointError
from .data import (
    data_iter,
    get_dataloader_workers,
    get_fashion_mnist_labels,
    load_array,
    load_data_fashion_mnist,
    synthetic_data,
)
from .device import try_all_gpus, try_gpu
from .evaluation import accuracy, evaluate_accuracy, evaluate_accuracy_gpu, evaluate_loss
from .fast import band
from .fetch import DataError
from .language import set_language
from .models import Residual, alexnet, corr2d, init_cnn, lenet, linreg
from .plotting import Animator, plot, set_axes, set_figsize, show_boundary, show_images, use_svg_display
from .records import Accumulator, History, Timer
from .training import AlexNetSGD, predict_ch3, sgd, squared_loss, train_ch3, train_ch6, train_epoch_ch3

if TYPE_CHECKING:
    from matplotlib import pyplot as plt

__version__ = "0.1.0"
__all__ = [
    "Accumulator", "AlexNetSGD", "Animator", "CheckpointError", "DataError", "History", "Residual", "Timer", "accuracy",
    "alexnet", "band", "corr2d", "data_iter", "evaluate_accuracy", "evaluate_accuracy_gpu", "evaluate_loss",
    "get_dataloader_workers", "get_fashion_mnist_labels", "init_cnn", "lenet", "linreg", "load_array",
    "load_data_fashion_mnist", "plot", "plt", "predict_ch3", "set_axes", "set_figsize", "set_language", "sgd",
    "show_boundary", "show_images", "squared_loss", "synthetic_data", "train_ch3", "train_ch6", "train_epoch_ch3",
    "try_all_gpus", "try_gpu", "use_svg_display",
]


def __getattr__(name: str) -> Any:
    if name == "plt":  # pyplot takes half a second to import, and many programs draw nothing
        from matplotlib import pyplot

        return pyplot
    if name == "widgets":  # so is anywidget
        from importlib import import_module

        return import_module("d2l_vn.widgets")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
