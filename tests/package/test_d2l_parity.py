"""d2l_vn beside the real d2l: the same names, the same arguments, the same numbers.

Two editions are compared, each where it is installed (requirements-d2l.txt says how): 0.17.6, whose names we keep, in
a folder of its own ($D2L_VN_D2L017, or _build/d2l-0.17), and 1.0.3 as the installed package d2l. Where they and we are
meant to differ, the test says why.
"""

import contextlib
import copy
import importlib
import importlib.util
import inspect
import math
import os
import sys
from pathlib import Path

import pytest
import torch
from torch import nn

import d2l_vn
from d2l_vn import fetch

ROOT = Path(__file__).resolve().parents[2]
FOLDER_017 = Path(os.environ.get("D2L_VN_D2L017") or ROOT / "_build" / "d2l-0.17")
CLOSE = 1e-5
CPU = torch.device("cpu")

pytestmark = pytest.mark.filterwarnings("ignore:Converting a tensor with requires_grad")  # d2l does so


# The two editions ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def edition_017():
    """d2l 0.17.6, under a name of its own, because 1.0.3 is called d2l too."""
    source = FOLDER_017 / "d2l" / "torch.py"
    if not source.exists():
        pytest.skip(f"d2l 0.17.6 is not in {FOLDER_017}: see requirements-d2l.txt")
    pytest.importorskip("pandas", reason="d2l imports pandas: see requirements-d2l.txt")
    spec = importlib.util.spec_from_file_location("d2l_017_torch", source)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # d2l looks itself up there
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def edition_1():
    """d2l 1.0.3, as installed."""
    package = pytest.importorskip("d2l", reason="d2l 1.0.3 is not installed: see requirements-d2l.txt")
    if package.__version__ != "1.0.3":
        pytest.skip(f"d2l {package.__version__} is installed, not 1.0.3")
    return importlib.import_module("d2l.torch")


@pytest.fixture(params=["0.17.6", "1.0.3"])
def d2l(request):
    """Each of the editions in turn."""
    return request.getfixturevalue("edition_017" if request.param == "0.17.6" else "edition_1")


@pytest.fixture(autouse=True)
def calm():
    """Figures go nowhere, and sums are taken by one thread, in one order (conftest.py sees to full runs in English)."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    pyplot = pytest.importorskip("matplotlib.pyplot")
    pyplot.switch_backend("agg")
    yield
    pyplot.close("all")
    torch.set_num_threads(threads)


def subdue(module, monkeypatch):
    """Keep d2l from making an IPython shell, which would be there for every test that follows."""
    monkeypatch.setattr(module, "use_svg_display", lambda: None)


def record_curves(module, monkeypatch):
    """Put a recorder in place of d2l's Animator; return the list of points (x, ys) that it fills."""
    points = []

    class Recorder:
        def __init__(self, *args, **kwargs):
            pass

        def add(self, x, y):
            points.append((x, tuple(y)))

    monkeypatch.setattr(module, "Animator", Recorder)
    return points


def close(a, b):
    """Compare numbers to 1e-5, nan with nan."""
    return a == pytest.approx(b, abs=CLOSE, nan_ok=True)


# Names and arguments -------------------------------------------------------------------------------------------------

API = """
    use_svg_display set_figsize set_axes plot show_images Timer Accumulator Animator get_dataloader_workers
    get_fashion_mnist_labels load_array load_data_fashion_mnist synthetic_data linreg squared_loss sgd data_iter
    accuracy evaluate_accuracy evaluate_accuracy_gpu evaluate_loss train_epoch_ch3 train_ch3 predict_ch3 train_ch6
    corr2d try_gpu try_all_gpus Residual init_cnn plt
""".split()  # noqa: SIM905

# Default values that differ, and why.
OTHER_DEFAULTS = {
    ("plot", "fmts"): "d2l's four formats would drop a fifth curve, and two of its colours look alike to many readers",
    ("Animator", "fmts"): "as for plot",
}


def data_iter(batch_size, features, labels):
    """Stand for the function that d2l's chapter on linear regression defines, but its package leaves out."""


def check_arguments(name, ours, theirs):
    """Check that a call written for d2l means the same to us: its arguments first, in order; extras have defaults."""
    ours, theirs = (list(inspect.signature(f).parameters.values()) for f in (ours, theirs))
    assert [p.name for p in ours[: len(theirs)]] == [p.name for p in theirs]
    for own, other in zip(ours, theirs, strict=False):
        assert own.kind == other.kind, own.name
        if other.default is not other.empty and (name, own.name) not in OTHER_DEFAULTS:
            assert own.default == other.default, own.name
    for extra in ours[len(theirs) :]:
        assert extra.default is not extra.empty, f"{extra.name} is new and has no default"


@pytest.mark.parametrize("name", [name for name in API if name != "plt"])
def test_arguments(name, request):
    if name == "data_iter":
        theirs = data_iter
    else:  # init_cnn is younger than 0.17
        theirs = getattr(request.getfixturevalue("edition_1" if name == "init_cnn" else "edition_017"), name)
    ours = getattr(d2l_vn, name)
    check_arguments(name, ours, theirs)
    if inspect.isclass(theirs):
        for method, function in vars(theirs).items():
            if inspect.isfunction(function) and method != "__init__":
                check_arguments(f"{name}.{method}", getattr(ours, method), function)


@pytest.mark.parametrize("name", ["train_ch6", "load_data_fashion_mnist", "evaluate_accuracy_gpu", "sgd", "plot"])
def test_arguments_of_1_0_3(name, edition_1):
    theirs = inspect.signature(getattr(edition_1, name)).parameters
    assert list(inspect.signature(getattr(d2l_vn, name)).parameters)[: len(theirs)] == list(theirs)


def test_plt_is_pyplot():
    assert d2l_vn.plt is importlib.import_module("matplotlib.pyplot")


# train_ch6 -----------------------------------------------------------------------------------------------------------


def make_batches(num_batches, batch_size, seed, last=None):
    """Return noisy pictures of ten classes, 28 x 28, in batches; the last one may be smaller."""
    gen = torch.Generator().manual_seed(seed)
    patterns = torch.rand(10, 1, 28, 28, generator=torch.Generator().manual_seed(99))
    sizes = [batch_size] * (num_batches - 1) + [last or batch_size]
    labels = [torch.randint(10, (n,), generator=gen) for n in sizes]
    return [(0.5 * patterns[y] + 0.5 * torch.rand(len(y), 1, 28, 28, generator=gen), y) for y in labels]


def regularised_net():
    """Return a net that draws random numbers in every training step, and behaves differently in evaluation mode."""
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(4),
        nn.Flatten(), nn.Dropout(0.5), nn.Linear(4 * 7 * 7, 32), nn.ReLU(), nn.Dropout(0.2), nn.Linear(32, 10),
    )  # fmt: skip


def check_same_training(d2l, monkeypatch, net, loaders, num_epochs, lr):
    """Train with d2l and with us, from the same start; compare every point of the curves, and the weights."""
    points = record_curves(d2l, monkeypatch)
    theirs, ours = net, copy.deepcopy(net)
    torch.manual_seed(1)
    d2l.train_ch6(theirs, *loaders(), num_epochs, lr, CPU)
    torch.manual_seed(1)
    history = d2l_vn.train_ch6(ours, *loaders(), num_epochs, lr, CPU)

    inside = [(x, loss, acc) for x, (loss, acc, test_acc) in points if test_acc is None]
    assert len(inside) >= 5 * num_epochs
    assert len(history.curve) == len(inside)
    for own, other in zip(history.curve, inside, strict=True):
        assert close(own, other)
    ends = {x: (loss, acc) for x, loss, acc in inside if x == round(x)}
    assert close(history.train_loss, [ends[epoch + 1][0] for epoch in range(num_epochs)])
    assert close(history.train_acc, [ends[epoch + 1][1] for epoch in range(num_epochs)])
    assert close(history.test_acc, [ys[2] for _, ys in points if ys[2] is not None])
    for name, value in theirs.state_dict().items():
        assert torch.allclose(ours.state_dict()[name], value, rtol=0, atol=CLOSE), name
    return history


@pytest.mark.parametrize("num_batches", [5, 13])
@pytest.mark.parametrize(("make_net", "lr"), [(d2l_vn.lenet, 0.9), (regularised_net, 0.1)])
def test_train_ch6(d2l, monkeypatch, make_net, lr, num_batches):
    train, test = make_batches(num_batches, 32, seed=3, last=20), make_batches(3, 50, seed=4, last=11)
    torch.manual_seed(0)
    history = check_same_training(d2l, monkeypatch, make_net(), lambda: (train, test), 4, lr)
    assert history.train_loss[-1] != history.train_loss[0]  # it did train


def test_train_ch6_with_shuffled_loaders(d2l, monkeypatch):
    """The batches come from each side's own load_array, in an order that the seed decides."""
    X, y = (torch.cat(parts) for parts in zip(*make_batches(12, 32, seed=5), strict=True))
    torch.manual_seed(0)
    sides = iter((d2l, d2l_vn))

    def loaders():
        side = next(sides)
        return side.load_array((X, y), 32), side.load_array((X, y), 100, is_train=False)

    check_same_training(d2l, monkeypatch, regularised_net(), loaders, 3, 0.1)


def fashion_mnist_files():
    """Return the real files, or skip: they are not fetched for this."""
    if not (os.environ.get("D2L_VN_DATA") or (fetch.cache_dir() / "train-images-idx3-ubyte.gz").exists()):
        pytest.skip("Fashion-MNIST is neither in $D2L_VN_DATA nor in the cache")
    return fetch.fashion_mnist_files()


def test_train_ch6_on_fashion_mnist(d2l, monkeypatch):
    fashion_mnist_files()
    train_iter, test_iter = d2l_vn.load_data_fashion_mnist(128, device=CPU)
    torch.manual_seed(0)
    train = [batch for batch, _ in zip(train_iter, range(16), strict=False)]
    test = [batch for batch, _ in zip(test_iter, range(3), strict=False)]
    net = d2l_vn.lenet(nn.ReLU, nn.MaxPool2d)
    history = check_same_training(d2l, monkeypatch, net, lambda: (train, test), 2, 0.1)
    assert history.train_loss[1] < history.train_loss[0] < 2.4


# The functions of chapter 3 ------------------------------------------------------------------------------------------


class Softmax:
    """Softmax regression from scratch, as chapter 3 has it: a function, a loss and an updater, no module."""

    def __init__(self, package):
        gen = torch.Generator().manual_seed(0)
        self.W = (0.01 * torch.randn(784, 10, generator=gen)).requires_grad_()
        self.b = torch.zeros(10, requires_grad=True)
        self.package = package

    def net(self, X):
        scores = self.package.linreg(X.reshape(-1, 784), self.W, self.b).exp()
        return scores / scores.sum(1, keepdim=True)

    def loss(self, y_hat, y):
        return -torch.log(y_hat[range(len(y_hat)), y])

    def updater(self, batch_size):
        self.package.sgd([self.W, self.b], 0.1, batch_size)


class Concise:
    """The same with PyTorch's own parts."""

    def __init__(self, package):
        torch.manual_seed(0)
        self.net = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
        self.W = self.net[1].weight
        self.loss = nn.CrossEntropyLoss(reduction="none")
        self.updater = torch.optim.SGD(self.net.parameters(), lr=0.1)


@pytest.mark.parametrize("model", [Softmax, Concise])
def test_train_epoch_ch3(edition_017, model):
    train = make_batches(6, 64, seed=1, last=10)
    theirs, ours = model(edition_017), model(d2l_vn)
    for _ in range(3):
        expected = edition_017.train_epoch_ch3(theirs.net, train, theirs.loss, theirs.updater)
        assert close(d2l_vn.train_epoch_ch3(ours.net, train, ours.loss, ours.updater), expected)
    assert torch.allclose(ours.W, theirs.W, rtol=0, atol=CLOSE)


@pytest.mark.parametrize("model", [Softmax, Concise])
def test_train_ch3(edition_017, monkeypatch, model):
    train, test = make_batches(40, 64, seed=1), make_batches(3, 64, seed=2, last=17)
    points = record_curves(edition_017, monkeypatch)
    theirs, ours = model(edition_017), model(d2l_vn)
    with contextlib.suppress(AssertionError):  # d2l ends in asserts on how good the net became
        edition_017.train_ch3(theirs.net, train, test, theirs.loss, 4, theirs.updater)
    history = d2l_vn.train_ch3(ours.net, train, test, ours.loss, 4, ours.updater)
    assert [x for x, _ in points] == [1, 2, 3, 4]
    losses, train_accs, test_accs = zip(*(ys for _, ys in points), strict=True)
    assert close(history.train_loss, list(losses))
    assert close(history.train_acc, list(train_accs))
    assert close(history.test_acc, list(test_accs))


def test_mean_loss_is_a_mean(edition_017):
    """Meant to differ: given a loss that is a mean already, d2l divides it by the batch size once more."""
    train = make_batches(4, 50, seed=1)
    theirs, ours = Concise(edition_017), Concise(d2l_vn)
    mean = nn.CrossEntropyLoss()
    wrong, acc = edition_017.train_epoch_ch3(theirs.net, train, mean, theirs.updater)
    assert close(d2l_vn.train_epoch_ch3(ours.net, train, mean, ours.updater), (50 * wrong, acc))


def test_evaluate_accuracy(edition_017):
    torch.manual_seed(2)
    net, test = regularised_net(), make_batches(4, 60, seed=6, last=7)
    expected = edition_017.evaluate_accuracy(net, test)
    net.train()
    assert d2l_vn.evaluate_accuracy(net, test) == expected
    assert net.training  # meant to differ: d2l leaves the net in evaluation mode
    model = Softmax(d2l_vn)
    assert d2l_vn.evaluate_accuracy(model.net, test) == edition_017.evaluate_accuracy(model.net, test)


def test_evaluate_accuracy_gpu(d2l):
    torch.manual_seed(2)
    net, test = regularised_net(), make_batches(4, 60, seed=6, last=7)
    assert d2l_vn.evaluate_accuracy_gpu(net, test) == d2l.evaluate_accuracy_gpu(net, test)
    assert d2l_vn.evaluate_accuracy_gpu(net, test, CPU) == d2l.evaluate_accuracy_gpu(net, test, CPU)


def test_evaluate_loss(d2l):
    gen = torch.Generator().manual_seed(0)
    batches = [(torch.randn(n, 3, generator=gen), torch.randn(n, generator=gen)) for n in (8, 8, 3)]
    net = nn.Linear(3, 1)
    each = nn.MSELoss(reduction="none")
    assert close(d2l_vn.evaluate_loss(net, batches, each), float(d2l.evaluate_loss(net, batches, each)))
    # Of a loss that is a mean, d2l averages the batches, a small last one like the others; we average the examples.
    mean = nn.MSELoss()
    assert close(d2l_vn.evaluate_loss(net, batches[:2], mean), float(d2l.evaluate_loss(net, batches[:2], mean)))
    assert close(d2l_vn.evaluate_loss(net, batches, mean), d2l_vn.evaluate_loss(net, batches, each))


@pytest.mark.parametrize("labels", [torch.tensor([0, 2, 1, 1]), torch.tensor([0, 2, 1, 1], dtype=torch.int32)])
def test_accuracy(d2l, labels):
    scores = torch.tensor([[3.0, 1, 2], [0, 1, 2], [0, 1, 2], [0, 3, 2]])
    for y_hat in scores, scores.argmax(1), scores.double():
        assert d2l_vn.accuracy(y_hat, labels) == d2l.accuracy(y_hat, labels) == 3.0


def test_predict_ch3(edition_017):
    torch.manual_seed(3)
    net, test = nn.Sequential(nn.Flatten(), nn.Linear(784, 10)), make_batches(2, 20, seed=7)
    for package in edition_017, d2l_vn:
        package.predict_ch3(net, test, 5)
    theirs, ours = (d2l_vn.plt.figure(number).axes for number in d2l_vn.plt.get_fignums())
    assert [ax.get_title() for ax in ours] == [ax.get_title() for ax in theirs]
    for own, other in zip(ours, theirs, strict=True):
        assert (own.images[0].get_array() == other.images[0].get_array()).all()


# Small ones ----------------------------------------------------------------------------------------------------------


def test_linear_regression(d2l):
    w, b = torch.tensor([2.0, -3.4]), 4.2
    torch.manual_seed(0)
    X, y = d2l.synthetic_data(w, b, 100)
    torch.manual_seed(0)
    own_X, own_y = d2l_vn.synthetic_data(w, b, 100)
    assert torch.equal(own_X, X)
    assert own_y.shape == y.shape == (100, 1)
    assert torch.allclose(own_y, y, atol=CLOSE)

    w = w.reshape(2, 1)
    y_hat = d2l.linreg(X, w, b)
    assert torch.equal(d2l_vn.linreg(X, w, b), y_hat)
    for target in y, y.reshape(-1):
        assert torch.equal(d2l_vn.squared_loss(y_hat, target + 1), d2l.squared_loss(y_hat, target + 1))


def test_sgd(d2l):
    start, grad = torch.randn(4, 3), torch.randn(4, 3)
    ends = []
    for package in d2l, d2l_vn:
        param = start.clone().requires_grad_()
        param.grad = grad.clone()
        package.sgd([param], 0.03, 10)
        assert not param.grad.any()
        ends.append(param)
    assert torch.equal(*ends)


@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (3, 1), (1, 4), (6, 8)])
def test_corr2d(d2l, shape):
    X, K = torch.randn(6, 8), torch.randn(shape)
    assert torch.allclose(d2l_vn.corr2d(X, K), d2l.corr2d(X, K), atol=CLOSE)


def test_labels(d2l):
    for labels in torch.arange(10), [9, 0, 3], []:
        assert d2l_vn.get_fashion_mnist_labels(labels) == d2l.get_fashion_mnist_labels(labels)


def test_load_array(d2l):
    X, y = torch.arange(10.0).reshape(5, 2), torch.arange(5)
    for is_train in True, False:
        served = []
        for package in d2l, d2l_vn:
            torch.manual_seed(0)
            served.append([part for batch in package.load_array((X, y), 2, is_train) for part in batch])
        assert all(torch.equal(own, other) for own, other in zip(*served, strict=True))


def test_timer_and_accumulator(d2l):
    for package in d2l, d2l_vn:
        timer = package.Timer()
        assert timer.stop() == timer.times[0] >= 0
        timer.times = [1.0, 2.0, 4.5]
        assert (timer.avg(), timer.sum(), timer.cumsum()) == (2.5, 7.5, [1.0, 3.0, 7.5])
        metric = package.Accumulator(2)
        metric.add(1, torch.tensor(2.5))
        metric.add(3, 4)
        assert (metric[0], metric[1]) == (4.0, 6.5)
        metric.reset()
        assert metric.data == [0.0, 0.0]


def test_devices(edition_017):
    assert d2l_vn.try_gpu() == edition_017.try_gpu()
    assert d2l_vn.try_gpu(99) == edition_017.try_gpu(99) == CPU
    assert d2l_vn.try_all_gpus() == edition_017.try_all_gpus()


@pytest.mark.parametrize("arguments", [(3, 3), (3, 6, True, 2)])
def test_residual(edition_017, arguments):
    torch.manual_seed(0)
    theirs = edition_017.Residual(*arguments)
    torch.manual_seed(0)
    ours = d2l_vn.Residual(*arguments)
    assert ours.state_dict().keys() == theirs.state_dict().keys()
    X = torch.randn(2, 3, 8, 8)
    assert torch.allclose(ours(X), theirs(X), atol=CLOSE)


def test_init_cnn(edition_1):
    nets = d2l_vn.lenet(), d2l_vn.lenet()
    nets[1].load_state_dict(nets[0].state_dict())
    for package, net in zip((edition_1, d2l_vn), nets, strict=True):
        torch.manual_seed(5)
        net.apply(package.init_cnn)
    assert all(torch.equal(a, b) for a, b in zip(nets[0].parameters(), nets[1].parameters(), strict=True))


# Figures -------------------------------------------------------------------------------------------------------------


def seen(axes):
    """Return what a reader sees on the axes, colours apart."""
    legend = axes.get_legend()
    return {
        "lines": [line.get_xydata().tolist() for line in axes.lines],
        "labels": (axes.get_xlabel(), axes.get_ylabel()),
        "scales": (axes.get_xscale(), axes.get_yscale()),
        "limits": [round(end, 6) for end in (*axes.get_xlim(), *axes.get_ylim())],
        "legend": legend and [text.get_text() for text in legend.get_texts()],
    }


@pytest.mark.parametrize(
    ("args", "kwargs"),
    [
        (([1, 2, 3], [4, 5, 7]), {"xlabel": "x", "ylabel": "f(x)"}),
        (([4, 5, 7],), {}),
        (([[4, 5, 7], [1, 2, 1]],), {"legend": ["a", "b"]}),
        (([1, 2, 3], [[4, 5, 7], [1, 2, 1]]), {"xlim": [0, 5], "ylim": [1, 9]}),
        (([[1, 2, 3], [4, 5]], [[4, 5, 7], [1, 2]]), {"xscale": "log", "yscale": "log"}),
        ((torch.arange(1, 4), torch.tensor([4.0, 5, 7])), {"legend": ["f"], "figsize": (4, 2)}),
    ],
)
def test_plot(d2l, monkeypatch, args, kwargs):
    subdue(d2l, monkeypatch)
    pictures = []
    for package in d2l, d2l_vn:
        axes = d2l_vn.plt.figure().subplots()
        package.plot(*copy.deepcopy(args), **kwargs, axes=axes)
        pictures.append(seen(axes))
        assert d2l_vn.plt.rcParams["figure.figsize"] == list(kwargs.get("figsize", (3.5, 2.5)))
    assert pictures[0] == pictures[1]
    assert pictures[0]["lines"]


def test_plot_keeps_a_fifth_curve(d2l, monkeypatch):
    """Meant to differ: d2l has four formats, and drops what comes after."""
    subdue(d2l, monkeypatch)
    drawn = []
    for package in d2l, d2l_vn:
        axes = d2l_vn.plt.figure().subplots()
        package.plot([1, 2], [[i, i + 1] for i in range(6)], axes=axes)
        drawn.append(len(axes.lines))
    assert drawn == [4, 6]


def test_animator(d2l, monkeypatch, capsys):
    subdue(d2l, monkeypatch)
    pictures = []
    for package in d2l, d2l_vn:
        animator = package.Animator(xlabel="epoch", xlim=[1, 3], legend=["train loss", "train acc", "test acc"])
        for epoch in range(3):
            animator.add(epoch + 0.5, (1 / (epoch + 1), 0.2 * epoch, None))
            animator.add(epoch + 1, (None, None, 0.3 * epoch))
        pictures.append(seen(animator.fig.axes[0]) | {"data": (animator.X, animator.Y)})
    assert pictures[0] == pictures[1]
    assert not math.isnan(pictures[0]["lines"][2][0][1])


def test_show_images(d2l):
    images = list(torch.rand(5, 8, 8))
    for package in d2l, d2l_vn:
        axes = package.show_images(images, 2, 3, titles=list("abcde"), scale=2)
        assert len(axes) == 6
        assert [ax.get_title() for ax in axes[:5]] == list("abcde")
        assert all((ax.images[0].get_array() == img.numpy()).all() for ax, img in zip(axes, images, strict=False))
        assert list(axes[0].figure.get_size_inches()) == [6, 4]


# Data ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("resize", [None, 40])
def test_fashion_mnist(d2l, monkeypatch, tmp_path, resize):
    files = fashion_mnist_files()
    raw, work = tmp_path / "data" / "FashionMNIST" / "raw", tmp_path / "work"  # d2l reads ../data
    raw.mkdir(parents=True)
    work.mkdir()
    for name, content in files.items():
        (raw / name).write_bytes(content)
    monkeypatch.chdir(work)
    monkeypatch.setattr(d2l, "get_dataloader_workers", lambda: 0)
    theirs, ours = d2l.load_data_fashion_mnist(128, resize), d2l_vn.load_data_fashion_mnist(128, resize, CPU)
    for other, own in zip(theirs, ours, strict=True):
        assert (len(own), own.batch_size, len(own.dataset)) == (len(other), other.batch_size, len(other.dataset))
        assert torch.equal(own.dataset.data, other.dataset.data)
        assert torch.equal(own.dataset.targets, other.dataset.targets)
    for i, ((X, y), (own_X, own_y)) in enumerate(zip(theirs[1], ours[1], strict=True)):
        assert own_X.shape == X.shape
        assert (own_X.dtype, own_y.dtype) == (X.dtype, y.dtype)
        assert torch.equal(own_y, y)
        assert (own_X - X).abs().max() <= 1 / 255 + 1e-6
        if i == 20:  # 2,688 images of the test set, which keeps its order
            break
