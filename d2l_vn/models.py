"""The networks, whole or in parts, that several chapters share."""

import torch
from torch import Tensor, nn

from .language import require


def lenet(activation: type[nn.Module] = nn.Sigmoid, pooling: type[nn.Module] = nn.AvgPool2d) -> nn.Sequential:
    """Return LeNet-5 for images (B, 1, 28, 28), with 10 outputs and 61,706 parameters.

    Padding 2 in the first layer makes up for the 32 x 32 images of the paper; the output layer is linear.
    ``activation`` and ``pooling`` are classes of layers, as ``nn.ReLU`` and ``nn.MaxPool2d``.

    Source:
        Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-based learning applied to document recognition",
        Proceedings of the IEEE 86(11), 1998.
    """
    return nn.Sequential(
        nn.Conv2d(1, 6, kernel_size=5, padding=2), activation(), pooling(kernel_size=2, stride=2),
        nn.Conv2d(6, 16, kernel_size=5), activation(), pooling(kernel_size=2, stride=2),
        nn.Flatten(),
        nn.Linear(16 * 5 * 5, 120), activation(),
        nn.Linear(120, 84), activation(),
        nn.Linear(84, 10),
    )


def alexnet() -> nn.Sequential:
    """Return AlexNet for grey images (B, 1, 224, 224), with 10 outputs and 46,764,746 parameters.

    It is the network of 2012 with one input channel, without groups and local response normalisation, and with
    padding 1 in the first layer so that 224 x 224 images fit.

    Source:
        A. Krizhevsky, I. Sutskever, G. E. Hinton, "ImageNet classification with deep convolutional neural networks",
        Advances in Neural Information Processing Systems 25, 2012.
    """
    return nn.Sequential(
        nn.Conv2d(1, 96, kernel_size=11, stride=4, padding=1), nn.ReLU(), nn.MaxPool2d(kernel_size=3, stride=2),
        nn.Conv2d(96, 256, kernel_size=5, padding=2), nn.ReLU(), nn.MaxPool2d(kernel_size=3, stride=2),
        nn.Conv2d(256, 384, kernel_size=3, padding=1), nn.ReLU(),
        nn.Conv2d(384, 384, kernel_size=3, padding=1), nn.ReLU(),
        nn.Conv2d(384, 256, kernel_size=3, padding=1), nn.ReLU(), nn.MaxPool2d(kernel_size=3, stride=2),
        nn.Flatten(),
        nn.Linear(256 * 5 * 5, 4096), nn.ReLU(), nn.Dropout(0.5),
        nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout(0.5),
        nn.Linear(4096, 10),
    )


class Residual(nn.Module):
    """The residual block of ResNet: two 3 x 3 convolutions with batch normalisation, added to their input.

    It takes X of shape (B, input_channels, H, W) and gives (B, num_channels, ⌈H/strides⌉, ⌈W/strides⌉). Where the two
    shapes differ, ``use_1x1conv`` is needed: a 1 x 1 convolution then brings X to the output's shape.

    Source:
        K. He, X. Zhang, S. Ren, J. Sun, "Deep residual learning for image recognition", CVPR 2016.
    """

    def __init__(self, input_channels: int, num_channels: int, use_1x1conv: bool = False, strides: int = 1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(input_channels, num_channels, kernel_size=3, padding=1, stride=strides)
        self.conv2 = nn.Conv2d(num_channels, num_channels, kernel_size=3, padding=1)
        self.conv3 = nn.Conv2d(input_channels, num_channels, kernel_size=1, stride=strides) if use_1x1conv else None
        self.bn1, self.bn2 = nn.BatchNorm2d(num_channels), nn.BatchNorm2d(num_channels)

    def forward(self, X: Tensor) -> Tensor:
        """Return the block's output for X."""
        Y = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(X)))))
        return torch.relu(Y + (self.conv3(X) if self.conv3 else X))


def init_cnn(module: nn.Module) -> None:
    """Give a linear or convolutional layer weights by Xavier's uniform rule; meant for ``net.apply(init_cnn)``.

    Source:
        X. Glorot, Y. Bengio, "Understanding the difficulty of training deep feedforward neural networks", AISTATS 2010.
    """
    if type(module) in (nn.Linear, nn.Conv2d):
        nn.init.xavier_uniform_(module.weight)  # type: ignore[arg-type]


def linreg(X: Tensor, w: Tensor, b: Tensor | float) -> Tensor:
    """Return Xw + b: linear regression for X of shape (n, d) and w of shape (d, 1)."""
    return X @ w + b


def corr2d(X: Tensor, K: Tensor) -> Tensor:
    """Return the cross-correlation of X, shape (H, W), with the kernel K, (h, w): shape (H - h + 1, W - w + 1).

    Raises ValueError if X or K is not a matrix, or K is larger than X.
    """
    require(X.ndim == K.ndim == 2 and X.shape[0] >= K.shape[0] and X.shape[1] >= K.shape[1],
            f"`K` {tuple(K.shape)} phải là ma trận không lớn hơn ma trận `X` {tuple(X.shape)}",
            f"`K` {tuple(K.shape)} must be a matrix no larger than the matrix `X` {tuple(X.shape)}")
    windows = X.unfold(0, K.shape[0], 1).unfold(1, K.shape[1], 1)  # a view of shape (H - h + 1, W - w + 1, h, w)
    return (windows * K).sum(dim=(2, 3))
