"""The package as a whole: its names, its weight, its languages, and the calls of a chapter."""

import ast
import inspect
import io
import math
import re
import tokenize
from pathlib import Path

import pytest
import torch
from torch import nn

import d2l_vn

from .conftest import start

PACKAGE = Path(d2l_vn.__file__).parent
CORE = sorted(PACKAGE.glob("*.py"))
API = """use_svg_display set_figsize set_axes plot show_images Timer Accumulator Animator get_dataloader_workers
get_fashion_mnist_labels load_array load_data_fashion_mnist synthetic_data linreg squared_loss sgd data_iter accuracy
evaluate_accuracy evaluate_accuracy_gpu evaluate_loss train_epoch_ch3 train_ch3 predict_ch3 train_ch6 corr2d try_gpu
try_all_gpus Residual init_cnn plt set_language band lenet alexnet""".split()  # noqa: SIM905


def test_every_name_is_there_and_documented():
    assert set(API) <= set(d2l_vn.__all__) and len(set(d2l_vn.__all__)) == len(d2l_vn.__all__)
    for name in d2l_vn.__all__:
        value = getattr(d2l_vn, name)
        assert inspect.getdoc(value), name
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = d2l_vn.no_such_name


def test_help_of_train_ch6_says_what_one_needs():
    text = inspect.getdoc(d2l_vn.train_ch6)
    for name in inspect.signature(d2l_vn.train_ch6).parameters:
        assert f"\n    {name}: " in text, name
    for word in ("(B, classes)", "Returns:", "Raises:", "FloatingPointError", "CheckpointError", "ValueError", "Source:"):
        assert word in text


def lines_of_code(path):
    """Count lines that hold code: not blank ones, comments and docstrings."""
    source = path.read_text("utf-8")
    skip = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING, tokenize.ENDMARKER}
    lines = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in skip:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
            lines -= set(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    return len(lines)


def test_core_is_small():
    assert sum(map(lines_of_code, CORE)) < 1200


def test_import_is_light():
    """A process that imports the package, and makes and evaluates a net, has loaded none of the heavy libraries."""
    code = """
import sys, torch
before = set(sys.modules)
import d2l_vn
d2l_vn.evaluate_accuracy(d2l_vn.lenet(), [(torch.rand(2, 1, 28, 28), torch.tensor([0, 1]))])
new = {m.split(".")[0] for m in set(sys.modules) - before}
print(*sorted(new & {"anywidget", "torchvision", "matplotlib", "IPython", "filelock", "PIL"}))
d2l_vn.plt.figure
print("matplotlib.pyplot" in sys.modules)
"""
    out, err = start("-c", code).communicate(timeout=120)
    assert out.splitlines() == ["", "True"], err


def test_version_can_be_read_without_running_the_package():
    assigned = [n.value for n in ast.parse((PACKAGE / "__init__.py").read_text("utf-8")).body
                if isinstance(n, ast.Assign) and n.targets[0].id == "__version__"]
    assert [ast.literal_eval(value) for value in assigned] == [d2l_vn.__version__]


def test_language(monkeypatch):
    def message():
        with pytest.raises(ValueError) as caught:
            d2l_vn.load_data_fashion_mnist(-1)
        return "vi" if "phải là" in str(caught.value) else "en" if "must be" in str(caught.value) else "?"

    monkeypatch.setattr(d2l_vn.language, "_chosen", None)
    assert message() == "vi"
    monkeypatch.setenv("D2L_VN_LANG", "en")
    assert message() == "en"
    d2l_vn.set_language("vi")
    assert message() == "vi"
    d2l_vn.set_language("en")
    monkeypatch.setenv("D2L_VN_LANG", "vi")
    assert message() == "en"
    with pytest.raises(ValueError, match=r"`lang`.*'fr'"):
        d2l_vn.set_language("fr")


def test_what_is_said_is_said_in_both_languages():
    """The Vietnamese words hold Vietnamese letters, the English ones none; both mention the same values and names."""
    letters = re.compile("[ăâđêôơưáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ]")
    pairs = 0
    for path in CORE:
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = getattr(getattr(call, "func", None), "id", "")
            if name not in ("say", "require") or isinstance(call.args[-1], ast.Name):
                continue
            vi, en = (ast.unparse(a) for a in call.args[-2:])
            place = f"{path.name}:{call.lineno}"
            assert letters.search(vi.lower()), place
            assert not letters.search(en.lower()), place
            assert sorted(set(re.findall(r"\\{[^{}]*\\}|`\\w+`", vi))) == sorted(set(re.findall(r"\\{[^{}]*\\}|`\\w+`", en))), place
            assert not re.search(r"\\b(lớp ẩn|tầng lớp|đào tạo|tỷ lệ học)\\b", vi), place
            pairs += 1
    assert pairs > 40


@pytest.mark.parametrize("value, low, high, fine", [
    (0.8731, 0.85, 0.89, True), (0.85, 0.85, 0.89, True), (0.89, 0.85, 0.89, True), (0.8499, 0.85, 0.89, False),
    (0.8901, 0.85, 0.89, False), (math.nan, 0, 1, False), (math.inf, 0, math.inf, True), (-2, -3, -1, True)])
def test_band(value, low, high, fine, capsys, monkeypatch):
    line = f"lenet = {value:.4f} ∈ [{low:.4f}, {high:.4f}] (full)"
    if fine:
        d2l_vn.band("lenet", value, low, high)
    else:
        with pytest.raises(AssertionError, match="∉"):
            d2l_vn.band("lenet", value, low, high)
    assert capsys.readouterr().out == line + "\n"
    monkeypatch.setenv("D2L_VN_FAST", "1")
    if math.isfinite(value):
        d2l_vn.band("lenet", torch.tensor(value), low, high)
        assert capsys.readouterr().out.endswith("] (fast)\n")
    else:
        with pytest.raises(AssertionError):
            d2l_vn.band("lenet", value, low, high)


def test_band_line_to_the_letter(capsys):
    d2l_vn.band("a b", 0.87314, 0.85, 0.89)
    assert capsys.readouterr().out == "a b = 0.8731 ∈ [0.8500, 0.8900] (full)\n"


def test_devices(monkeypatch):
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 0)
    assert d2l_vn.try_gpu() == torch.device("cpu") and d2l_vn.try_all_gpus() == [torch.device("cpu")]
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    assert d2l_vn.try_gpu() == torch.device("cuda:0") and d2l_vn.try_gpu(1) == torch.device("cuda:1")
    assert d2l_vn.try_gpu(2) == torch.device("cpu")
    assert d2l_vn.try_all_gpus() == [torch.device("cuda:0"), torch.device("cuda:1")]


def test_lenet_chapter_calls(monkeypatch):
    """What a chapter on LeNet written for d2l 0.17 calls, on the real images: it runs, and the net learns."""
    import d2l_vn as d2l

    monkeypatch.setenv("D2L_VN_FAST", "1")
    images = torch.rand(1, 1, 28, 28)
    net = nn.Sequential(
        nn.Conv2d(1, 6, kernel_size=5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, kernel_size=5), nn.ReLU(),
        nn.MaxPool2d(2), nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))
    for layer in net:
        images = layer(images)
    assert images.shape == (1, 10)
    train_iter, test_iter = d2l.load_data_fashion_mnist(batch_size=16)
    untrained = d2l.evaluate_accuracy_gpu(net, test_iter)
    lr, num_epochs = 0.1, 1
    d2l.train_ch6(net, train_iter, test_iter, num_epochs, lr, d2l.try_gpu())
    assert d2l.evaluate_accuracy_gpu(net, test_iter) > max(0.4, untrained)
    timer, metric = d2l.Timer(), d2l.Accumulator(2)
    for X, y in test_iter:
        metric.add(d2l.accuracy(net(X), y), y.numel())
    assert timer.stop() > 0 and metric[0] / metric[1] == pytest.approx(d2l.evaluate_accuracy(net, test_iter))
    animator = d2l.Animator(xlabel="epoch", xlim=[1, num_epochs], legend=["train loss", "train acc", "test acc"])
    animator.add(1, (0.5, 0.6, None))
    labels = d2l.get_fashion_mnist_labels(y)
    axes = d2l.show_images(X[:8].reshape(8, 28, 28), 2, 4, titles=labels[:8])
    assert [ax.get_title() for ax in axes] == labels[:8]
    d2l.plt.close("all")
