"""Write weights.mjs, the trained LeNet that runs in the page: ``python -m d2l_vn.widgets.weights`` (a few minutes).

Each layer with parameters is a dictionary. Its weights are whole numbers from -127 to 127, the bytes ``values`` in
base64, shape ``shape`` = (outputs, inputs, …), each output's times its own ``scale``; ``bias`` are numbers as they are.
"""

import base64
from typing import Any

import torch
from torch import Tensor, nn

from d2l_vn.data import load_data_fashion_mnist
from d2l_vn.evaluation import evaluate_accuracy
from d2l_vn.models import lenet
from d2l_vn.training import train_ch6

from .join import read_data, write_data

COMMENT = """\
Made by `python -m d2l_vn.widgets.weights`: the LeNet of chapter 06 with ReLU and max pooling, trained on Fashion-MNIST
(seed 0, 10 epochs, learning rate 0.1, batches of 256), each kernel and each row rounded to 8 bits. Right on the test
set: {before:.2%} of the images before rounding, {after:.2%} with the numbers below."""


def network() -> nn.Sequential:
    """Return the network of chapter 06 that the page computes, untrained."""
    return lenet(nn.ReLU, nn.MaxPool2d)


def pack(weight: Tensor, bias: Tensor) -> dict[str, Any]:
    """Round one layer's parameters and write them as text and numbers."""
    rows = weight.flatten(1)
    scale = rows.abs().amax(1) / 127
    values = (rows / scale[:, None]).round().to(torch.int8)
    return {"shape": list(weight.shape), "scale": _short(scale), "bias": _short(bias),
            "values": base64.b64encode(values.numpy().tobytes()).decode()}


def unpack(layer: dict[str, Any]) -> tuple[Tensor, Tensor]:
    """Return weight and bias, float32, of what ``pack`` made."""
    values = torch.frombuffer(bytearray(base64.b64decode(layer["values"])), dtype=torch.int8)
    rows = values.reshape(layer["shape"][0], -1) * torch.tensor(layer["scale"])[:, None]
    return rows.reshape(layer["shape"]), torch.tensor(layer["bias"])


def load() -> nn.Sequential:
    """Return the network with the rounded numbers of weights.mjs: the very one that runs in the page."""
    net = network()
    parameters = [parameter for layer in read_data("weights") for parameter in unpack(layer)]
    net.load_state_dict(dict(zip(net.state_dict(), parameters, strict=True)))
    return net


def main() -> None:
    """Train as chapter 06 does, round, write, and measure what was written."""
    torch.set_num_threads(1)  # the number of threads changes the order of sums
    torch.manual_seed(0)
    net = network()
    train_iter, test_iter = load_data_fashion_mnist(256, device="cpu")
    train_ch6(net, train_iter, test_iter, 10, 0.1, "cpu")
    parameters = [parameter.detach() for parameter in net.parameters()]
    layers = [pack(weight, bias) for weight, bias in zip(parameters[::2], parameters[1::2], strict=True)]
    write_data("weights", COMMENT, layers)  # once to be measured, and once more with what was measured
    before, after = (evaluate_accuracy(each, test_iter) for each in (net, load()))
    write_data("weights", COMMENT.format(before=before, after=after), layers)
    print(f"test accuracy: {before:.4f} before rounding, {after:.4f} after")


def _short(numbers: Tensor) -> list[float]:
    return [float(f"{x:.5g}") for x in numbers.tolist()]


if __name__ == "__main__":
    main()
