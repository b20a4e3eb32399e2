"""Figures: what is drawn, how often, and what a notebook shows of it in the end."""

import base64
import io
import struct

import numpy as np
import pytest
import torch
from PIL import Image

import d2l_vn
from d2l_vn import plotting, progress

plt = pytest.importorskip("matplotlib.pyplot")


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def lines(axes):
    return [(list(line.get_xdata()), list(line.get_ydata())) for line in axes.get_lines()]


def test_plot_draws_every_curve():
    ys = [[i, i + 1] for i in range(30)]
    d2l_vn.plot([5, 6], ys, "time", "height", legend=[str(i) for i in range(30)], ylim=[0, 40])
    axes = plt.gca()
    assert lines(axes) == [([5, 6], y) for y in ys]
    looks = {(line.get_color(), line.get_linestyle()) for line in axes.get_lines()[:28]}
    assert len(looks) == 28  # told apart by colour and style together
    assert all(a.get_linestyle() != b.get_linestyle() for a, b in zip(axes.get_lines(), axes.get_lines()[1:], strict=False))
    assert (axes.get_xlabel(), axes.get_ylabel(), axes.get_ylim()) == ("time", "height", (0, 40))
    assert [t.get_text() for t in axes.get_legend().get_texts()] == [str(i) for i in range(30)]


@pytest.mark.parametrize("X, Y, expected", [
    ([1, 4], None, [([0, 1], [1, 4])]),
    ([[1, 4], [2, 3, 5]], None, [([0, 1], [1, 4]), ([0, 1, 2], [2, 3, 5])]),
    ([1, 2], [3, 4], [([1, 2], [3, 4])]),
    ([1, 2], [[3, 4], [5, 6]], [([1, 2], [3, 4]), ([1, 2], [5, 6])]),
    ([[1, 2], [7, 8]], [[3, 4], [5, 6]], [([1, 2], [3, 4]), ([7, 8], [5, 6])]),
    (range(2), np.array([3, 4]), [([0, 1], [3, 4])]),
    (torch.tensor([1.0, 2.0], requires_grad=True), [torch.tensor([3.0, 4.0], requires_grad=True), (5, 6)],
     [([1, 2], [3, 4]), ([1, 2], [5, 6])]),
    (torch.tensor([1.0, 2.0]), torch.tensor([[3.0, 4.0], [5.0, 6.0]]), [([1, 2], [3, 4]), ([1, 2], [5, 6])]),
])
def test_plot_takes_numbers_in_any_wrapping(X, Y, expected):
    d2l_vn.plot(X, Y)
    assert lines(plt.gca()) == expected


def test_show_boundary_draws_the_line_of_one_half_and_both_classes():
    X, y = torch.tensor([[-1.0, 2.0], [1.0, 4.0], [0.0, 3.0]]), torch.tensor([0.0, 1.0, 1.0])
    _, (left, right) = plt.subplots(1, 2)
    d2l_vn.show_boundary(lambda points: torch.sigmoid(points[:, :1] - 2 * points[:, 1:] + 5.5), X, y, left)
    mesh, contour, circles, triangles = left.collections
    (line,) = [path.vertices for path in contour.get_paths()]
    assert np.allclose(line[:, 0] - 2 * line[:, 1] + 5.5, 0, atol=1e-3)
    assert np.allclose(line[:, 0].min(), -1.2, atol=1e-6) and np.allclose(line[:, 0].max(), 1.2, atol=1e-6)
    at_corner = mesh.get_array()[0, 0]  # lower left: (-1.2, 1.8)
    assert at_corner == pytest.approx(1 / (1 + np.exp(1.2 + 3.6 - 5.5)))
    assert circles.get_offsets().tolist() == [[-1, 2]] and triangles.get_offsets().tolist() == [[1, 4], [0, 3]]
    d2l_vn.show_boundary(lambda points: torch.full((len(points), 1), 0.3), X, y, right)
    assert len(right.collections) == 3  # no line where no probability is one half


def test_plot_on_given_axes_and_other_options():
    _, axes = plt.subplots(1, 2)
    d2l_vn.plot([1, 10], [1, 100], xscale="log", yscale="log", fmts=["g:"], figsize=(4, 2), axes=axes[0])
    line = axes[0].get_lines()[0]
    assert (axes[0].get_xscale(), axes[0].get_yscale(), line.get_color(), line.get_linestyle()) == ("log", "log", "g", ":")
    assert not axes[1].get_lines() and plt.rcParams["figure.figsize"] == [4, 2]
    with pytest.raises(ValueError, match="`X` holds 3 curves, but `Y` holds 2"):
        d2l_vn.plot([[1], [2], [3]], [[1], [2]])


def test_show_images():
    grey = np.arange(6).reshape(2, 3)
    colour = torch.rand(3, 4, 5)
    imgs = [torch.tensor(grey), torch.tensor(grey)[None], grey, colour, Image.fromarray(grey.astype(np.uint8))]
    axes = d2l_vn.show_images(imgs, 2, 3, titles=["one", "two"])
    shown = [ax.images[0].get_array() if ax.images else None for ax in axes]
    assert len(axes) == 6 and shown[5] is None
    for i in (0, 1, 2, 4):
        assert np.array_equal(np.asarray(shown[i]), grey)
    assert np.allclose(shown[3], colour.permute(1, 2, 0))
    assert [ax.get_title() for ax in axes[:3]] == ["one", "two", ""]
    assert not any(ax.axison for ax in axes)
    single = d2l_vn.show_images([grey], 1, 1)
    assert np.array_equal(np.asarray(single[0].images[0].get_array()), grey)


def test_predict_ch3_shows_both_names():
    X = torch.rand(4, 1, 28, 28)
    loader = [(X, torch.tensor([0, 1, 2, 3]))]
    d2l_vn.predict_ch3(lambda X: torch.eye(10)[[0, 9, 2, 8][: len(X)]], loader, n=3)
    axes = plt.gcf().axes
    assert [ax.get_title() for ax in axes] == ["t-shirt\nt-shirt", "trouser\nankle boot", "pullover\npullover"]
    assert np.allclose(axes[1].images[0].get_array(), X[1, 0])


def test_animator_without_a_notebook_shows_nothing_but_has_a_figure(capsys):
    animator = d2l_vn.Animator("epoch", legend=["a", "b", "c"], xlim=[1, 3])
    animator.add(1, (0.5, None, 2))
    animator.add([2, 3, 4], (0.25, 0.75, torch.tensor(1.5)))
    assert lines(animator.axes[0]) == [([1, 2], [0.5, 0.25]), ([3], [0.75]), ([1, 4], [2, 1.5])]
    assert animator.axes[0].get_lines()[1].get_marker() == "o"  # one point alone is a dot
    animator.add(5, [1, 2, 3])
    assert len(lines(animator.axes[0])[0][0]) == 3
    assert capsys.readouterr() == ("", "") and not plt.get_fignums()
    with pytest.raises(ValueError):
        animator.add([1, 2], [1, 2, 3])
    one = d2l_vn.Animator()
    one.add(1, 2.5)
    assert lines(one.axes[0]) == [([1], [2.5])]
    assert len(d2l_vn.Animator(nrows=2, ncols=3).axes) == 6


class Shell:
    """A stand-in for IPython in a kernel: it keeps what is displayed, and calls hooks when a cell ends."""

    kernel, execution_count = object(), 1

    def __init__(self):
        self.events, self.hooks, self.shown = self, [], []

    def register(self, event, hook):
        assert event == "post_execute"
        self.hooks.append(hook)

    def unregister(self, event, hook):
        self.hooks.remove(hook)

    def end_of_cell(self):
        for hook in list(self.hooks):
            hook()

    def display(self, image, display_id):
        assert display_id is True
        self.shown.append(image)
        return self

    def update(self, image):
        self.shown.append(image)


@pytest.fixture
def shell(monkeypatch):
    display = pytest.importorskip("IPython.display")
    shell = Shell()
    monkeypatch.setattr(plotting, "kernel", lambda: shell)
    monkeypatch.setattr(display, "display", shell.display)
    return shell


def test_redraws_are_few_and_the_last_points_are_always_shown(shell, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(plotting.time, "monotonic", lambda: now[0])  # drawing takes no time on this clock
    animator = d2l_vn.Animator()
    for i in range(200):  # two seconds, a hundred points each
        now[0] += 0.01
        animator.add(i, i)
    assert 8 <= len(shell.shown) <= 9
    shell.end_of_cell()
    frames = len(shell.shown)
    last = shell.shown[-1].data
    animator.draw()
    assert shell.shown[-1].data == last and not shell.hooks  # the last frame held every point
    shell.end_of_cell()
    assert len(shell.shown) == frames + 1


def test_slow_drawing_takes_a_twentieth_of_the_time(shell, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(plotting.time, "monotonic", lambda: now[0])

    def slow(*args):
        now[0] += 0.5

    monkeypatch.setattr(plotting, "_draw", slow)
    animator = d2l_vn.Animator()
    start = now[0]
    while now[0] < start + 60:
        now[0] += 0.1
        animator.add(now[0], 1)
    assert len(shell.shown) * 0.5 <= 60 / 20 + 0.5


def test_picture_is_opaque_and_always_the_same(shell):
    pictures = []
    for _ in range(2):
        animator = d2l_vn.Animator("epoch", legend=["mất mát"])
        animator.add(1, 2)
        pictures.append(shell.shown[-1].data)
    assert pictures[0] == pictures[1]
    image = Image.open(io.BytesIO(pictures[0])).convert("RGBA")
    assert image.getextrema()[3] == (255, 255) and image.getpixel((0, 0)) == (255, 255, 255, 255)


def test_training_figure_tells_the_time_left_until_the_end(shell, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(plotting.time, "monotonic", lambda: now[0])
    with plotting.TrainingView(10, d2l_vn.History()) as view:
        now[0] += 6
        view.tell(0.5, 2.3)  # in the first epoch, long before the first point of a curve
        label = view._animator.axes[0].get_xlabel()
        assert label == "epoch 0.50/10, loss 2.300, 0:01:54 left" and len(shell.shown) == 1
        view.add(1, 2.0, 0.5, 0.25)
    axes = view._animator.axes[0]
    assert axes.get_xlabel() == "epoch" and lines(axes) == [([1], [2.0]), ([1], [0.5]), ([1], [0.25])]
    names = [text.get_text() for text in axes.get_legend().get_texts()]
    assert names == ["train loss", "train accuracy", "test accuracy"] and len(shell.shown) == 2


@pytest.mark.parametrize("watched, updates", [(True, 40), (False, 2)])  # in ten seconds
def test_progress_line_is_calm(monkeypatch, capsys, watched, updates):
    now = [50.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(progress.sys.stderr, "isatty", lambda: watched, raising=False)
    line = progress.ProgressLine()
    for i in range(500):
        line.show("x" * (60 - i // 10))
        now[0] += 0.02
    line.close()
    written = capsys.readouterr().err.split("\r")[1:]
    assert len(written) - 2 == pytest.approx(updates, abs=2)
    screen = ""
    for text in written:
        screen = text + screen[len(text) :]
        assert screen.rstrip() == text.rstrip()  # no rest of a longer text stays behind a shorter one
    assert written[-1] == screen.strip() == ""


NOTEBOOK = [
    "import torch, d2l_vn as d2l\n"
    "def batches(n): return [(torch.rand(4, 3), torch.tensor([0, 1, 0, 1])) for _ in range(n)]\n"
    "def net(): return torch.nn.Sequential(torch.nn.Linear(3, 2))",
    "history = d2l.train_ch6(net(), batches(400), batches(2), 3, 0.1)",
    "d2l.train_ch6(net(), batches(4), batches(2), 1, 0.1)",
    "history",
    "animator = d2l.Animator()\nfor i in range(500): animator.add(i, i)",
    "animator.draw()\nlen(animator.X[0])",
    "d2l.plot([1, 2], [3, 4])",
    "n = net()\nh = d2l.train_ch3(n, batches(5), batches(2), torch.nn.functional.cross_entropy, 2, torch.optim.SGD(n.parameters(), 0.1))",
]


def test_in_a_notebook(monkeypatch):
    """A real kernel: what a saved notebook keeps of a training is one figure and one line."""
    nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
    pytest.importorskip("ipykernel")
    cells = [nbformat.v4.new_code_cell(source) for source in NOTEBOOK]
    notebook = nbformat.v4.new_notebook(cells=cells)
    monkeypatch.delenv("MPLBACKEND", raising=False)
    nbclient.NotebookClient(notebook, timeout=120, coalesce_streams=True).execute(cwd=str(d2l_vn.fetch.Path(d2l_vn.__file__).parents[1]))
    outputs = [[o.output_type for o in cell.outputs] for cell in notebook.cells]
    figure, text = "display_data", "stream"
    assert outputs == [[], [figure, text], [figure, text], [text], [figure], ["execute_result"], [figure], [figure]]
    assert all(o.name == "stdout" for cell in notebook.cells for o in cell.outputs if o.output_type == text)
    assert all(cell.outputs[1].text.count("\n") == 1 for cell in notebook.cells[1:3])  # one line, and no History after it
    assert notebook.cells[3].outputs[0].text.startswith("History(train_loss=[")
    png = base64.b64decode(notebook.cells[1].outputs[0].data["image/png"])
    assert struct.unpack(">II", png[16:24]) == (720, 460) and "image/svg+xml" in notebook.cells[6].outputs[0].data
    # what stands in the saved notebook is the frame with all the points: drawing it once more changes nothing
    shown = notebook.cells[4].outputs[0].data["image/png"]
    assert base64.b64decode(shown)[:4] == b"\x89PNG"
    offline = d2l_vn.Animator()
    offline.X, offline.Y = [[float(i) for i in range(500)]], [[float(i) for i in range(500)]]
    expected = io.BytesIO()
    offline.fig.savefig(expected, format="png", dpi=144, metadata={"Software": None})
    assert base64.b64decode(shown) == expected.getvalue()
