"""The shared networks: sizes from the literature, shapes from the formula."""

import itertools

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

import d2l_vn

F = nn.functional


def count(net):
    return sum(p.numel() for p in net.parameters())


def test_lenet():
    net = d2l_vn.lenet()
    by_layer = (6 * 25 + 6) + (16 * 6 * 25 + 16) + (400 * 120 + 120) + (120 * 84 + 84) + (84 * 10 + 10)
    assert count(net) == by_layer == 61706
    assert net(torch.rand(3, 1, 28, 28)).shape == (3, 10)
    modern = d2l_vn.lenet(nn.ReLU, nn.MaxPool2d)
    assert [type(m) for m in modern if not isinstance(m, (nn.Conv2d, nn.Linear, nn.Flatten))] == [
        nn.ReLU, nn.MaxPool2d, nn.ReLU, nn.MaxPool2d, nn.ReLU, nn.ReLU]


def test_alexnet():
    net = d2l_vn.alexnet()
    assert count(net) == 46764746
    shapes = []
    for layer in net:
        layer.register_forward_hook(lambda m, i, out: shapes.append(tuple(out.shape[1:])))
    with torch.no_grad():
        net(torch.rand(1, 1, 224, 224))
    convolved = [s for s, m in zip(shapes, net, strict=True) if isinstance(m, (nn.Conv2d, nn.MaxPool2d))]
    assert convolved == [(96, 54, 54), (96, 26, 26), (256, 26, 26), (256, 12, 12), (384, 12, 12), (384, 12, 12),
                         (256, 12, 12), (256, 5, 5)]
    assert shapes[-1] == (10,)
    after = [type(b) for a, b in itertools.pairwise(net) if isinstance(a, (nn.Conv2d, nn.Linear))]
    assert after == [nn.ReLU] * 7  # after every layer with weights but the last
    assert [type(m) for m in net[-3:]] == [nn.ReLU, nn.Dropout, nn.Linear] and isinstance(net[-5], nn.Dropout)


def test_residual_is_its_formula():
    X = torch.randn(2, 3, 7, 6)
    for block in (d2l_vn.Residual(3, 3), d2l_vn.Residual(3, 5, use_1x1conv=True, strides=2)):
        block.eval()
        Y = F.relu(block.bn1(F.conv2d(X, block.conv1.weight, block.conv1.bias, stride=block.conv1.stride, padding=1)))
        Y = block.bn2(F.conv2d(Y, block.conv2.weight, block.conv2.bias, padding=1))
        shortcut = X if block.conv3 is None else F.conv2d(X, block.conv3.weight, block.conv3.bias, stride=2)
        assert torch.allclose(block(X), F.relu(Y + shortcut), atol=1e-6)
        assert (block(X) >= 0).all()
    assert block(X).shape == (2, 5, 4, 3)


def test_init_cnn_is_xavier_s_rule():
    net = nn.Sequential(nn.Linear(300, 500), nn.Conv2d(20, 30, 5), nn.BatchNorm2d(4))
    bias = net[0].bias.clone()
    nn.init.constant_(net[0].weight, 7.0)
    net.apply(d2l_vn.init_cnn)
    for weight, fans in ((net[0].weight, 800), (net[1].weight, 50 * 25)):
        bound = (6 / fans) ** 0.5
        assert 0.98 * bound < weight.abs().max() <= bound and abs(weight.mean()) < 0.02 * bound
    assert torch.equal(net[0].bias, bias) and (net[2].weight == 1).all()


@given(H=st.integers(1, 9), W=st.integers(1, 9), h=st.integers(1, 9), w=st.integers(1, 9), seed=st.integers(0, 999))
@settings(max_examples=100, deadline=None)
def test_corr2d(H, W, h, w, seed):
    g = torch.Generator().manual_seed(seed)
    X, K = torch.randint(-9, 10, (H, W), generator=g).float(), torch.randint(-9, 10, (h, w), generator=g).float()
    if h > H or w > W:
        with pytest.raises(ValueError, match=r"`K`.*no larger"):
            d2l_vn.corr2d(X, K)
        return
    expected = [[sum(X[i + a, j + b] * K[a, b] for a in range(h) for b in range(w)) for j in range(W - w + 1)]
                for i in range(H - h + 1)]
    assert torch.equal(d2l_vn.corr2d(X, K), torch.tensor(expected))
    assert torch.equal(d2l_vn.corr2d(X, K), F.conv2d(X[None, None], K[None, None])[0, 0])


def test_corr2d_can_be_learnt_through():
    K = torch.zeros(1, 2, requires_grad=True)
    d2l_vn.corr2d(torch.ones(3, 3), K).sum().backward()
    assert torch.equal(K.grad, torch.full((1, 2), 6.0))


def test_linreg():
    X, w = torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([[1.0], [10.0]])
    assert torch.equal(d2l_vn.linreg(X, w, 0.5), torch.tensor([[21.5], [43.5]]))
