"""Figures: curves that grow while a model trains, curves, images. Matplotlib is loaded when the first one is drawn."""

import io
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import cycle
from typing import TYPE_CHECKING, Any, Self

import torch
from torch import Tensor

from .language import require, say
from .progress import INTERVAL, ProgressLine, kernel
from .records import History

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# The colours of Okabe and Ito, told apart by colour-blind readers, with line styles that tell neighbours apart in
# print; seven colours and four styles make 28 different curves.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
STYLES = ("-", "--", "-.", ":")
Range = Sequence[float] | None


def use_svg_display() -> None:
    """Show pyplot's figures as SVG in Jupyter; do nothing elsewhere."""
    if kernel():
        from matplotlib_inline.backend_inline import set_matplotlib_formats

        set_matplotlib_formats("svg")  # type: ignore[no-untyped-call]


def set_figsize(figsize: tuple[float, float] = (3.5, 2.5)) -> None:
    """Set the size of pyplot's figures, (width, height) in inches."""
    from matplotlib import pyplot as plt

    use_svg_display()
    plt.rcParams["figure.figsize"] = figsize


def set_axes(
    axes: "Axes", xlabel: str | None, ylabel: str | None, xlim: Range, ylim: Range, xscale: str, yscale: str,
    legend: Sequence[str] | None,
) -> None:
    """Set labels, limits, scales (``"linear"`` or ``"log"``), legend and grid of matplotlib axes; None leaves as is."""
    axes.set(xscale=xscale, yscale=yscale, xlabel=xlabel or "", ylabel=ylabel or "")
    if xlim is not None:
        axes.set_xlim(xlim[0], xlim[1])
    if ylim is not None:
        axes.set_ylim(ylim[0], ylim[1])
    if legend:
        axes.legend(legend)
    axes.grid(True)


def plot(
    X: Any, Y: Any = None, xlabel: str | None = None, ylabel: str | None = None, legend: Sequence[str] | None = None,
    xlim: Range = None, ylim: Range = None, xscale: str = "linear", yscale: str = "linear",
    fmts: Sequence[str] = STYLES, figsize: tuple[float, float] = (3.5, 2.5), axes: "Axes | None" = None,
) -> None:
    """Draw one or several curves with pyplot.

    Args:
        X: abscissae of one curve (a list, array or tensor of numbers), which all curves share, or a list of such.
        Y: ordinates, likewise; without Y, X holds the ordinates, and the abscissae are 0, 1, 2 …
        xlabel, ylabel, legend, xlim, ylim, xscale, yscale: as for ``set_axes``.
        fmts: matplotlib format of each curve; they are used again when there are more curves.
        figsize: (width, height) in inches.
        axes: matplotlib axes, cleared first; None takes pyplot's current ones.

    Raises ValueError if X and Y hold different numbers of curves.
    """
    from matplotlib import pyplot as plt

    set_figsize(figsize)
    axes = plt.gca() if axes is None else axes
    ys = _curves(X if Y is None else Y)
    xs = [range(len(y)) for y in ys] if Y is None else _curves(X)
    if len(xs) == 1:
        xs *= len(ys)
    require(len(xs) == len(ys), f"`X` có {len(xs)} đường nhưng `Y` có {len(ys)} đường",
            f"`X` holds {len(xs)} curves, but `Y` holds {len(ys)}")
    _draw(axes, xs, ys, fmts)
    set_axes(axes, xlabel, ylabel, xlim, ylim, xscale, yscale, legend)


def show_images(
    imgs: Iterable[Any], num_rows: int, num_cols: int, titles: Sequence[str] | None = None, scale: float = 1.5
) -> Any:
    """Show images in a grid, row by row, and return its matplotlib axes, an array of num_rows * num_cols.

    Args:
        imgs: tensors or arrays of shape (H, W), (1, H, W), (3, H, W) or (H, W, 3), or PIL images.
        num_rows, num_cols: size of the grid.
        titles: text above each image; there may be fewer titles than images.
        scale: width and height of a cell in inches.
    """
    from matplotlib import pyplot as plt

    size = num_cols * scale, num_rows * scale
    _, grid = plt.subplots(num_rows, num_cols, figsize=size, squeeze=False, layout="constrained")  # room for titles
    axes = grid.ravel()
    for ax in axes:
        ax.set_axis_off()
    for i, (ax, img) in enumerate(zip(axes, imgs, strict=False)):
        img = _array(img)
        if getattr(img, "ndim", 0) == 3 and img.shape[0] in (1, 3):  # channels first, as PyTorch has them
            img = img[0] if img.shape[0] == 1 else img.transpose(1, 2, 0)
        ax.imshow(img, cmap="gray")
        if titles and i < len(titles):
            ax.set_title(titles[i])
    return axes


def show_boundary(net: Callable[[Tensor], Tensor], X: Tensor, y: Tensor, axes: "Axes | None" = None) -> None:
    """Colour the plane by the probability of class 1, from purple to orange, with the line of 0.5 and the points X.

    Args:
        net: takes points of shape (N, 2) on the CPU, gives probabilities of shape (N, 1).
        X: points of shape (N, 2); the picture reaches a tenth of their range beyond them.
        y: their classes, 0 (white circles) or 1 (black triangles), of shape (N,).
        axes: matplotlib axes; None takes pyplot's current ones.
    """
    from matplotlib import pyplot as plt

    use_svg_display()
    axes = plt.gca() if axes is None else axes
    low, high = X.min(dim=0).values, X.max(dim=0).values
    margin = (high - low) / 10
    columns, rows = (torch.linspace(a, b, 121) for a, b in zip(low - margin, high + margin, strict=True))
    grid = torch.stack(torch.meshgrid(columns, rows, indexing="xy"), dim=-1)
    with torch.no_grad():
        probability = _array(net(grid.reshape(-1, 2)).reshape(grid.shape[:2]))
    columns, rows = _array(columns), _array(rows)
    axes.pcolormesh(columns, rows, probability, cmap="PuOr_r", vmin=-0.5, vmax=1.5, shading="nearest", rasterized=True)
    if probability.min() < 0.5 < probability.max():  # matplotlib warns of a line that is not there
        axes.contour(columns, rows, probability, levels=[0.5], colors="black", linewidths=1.5)
    for label, marker, colour in ((0, "o", "white"), (1, "^", "black")):
        points = _array(X[y == label])
        axes.scatter(points[:, 0], points[:, 1], s=14, marker=marker, color=colour, edgecolors="black", linewidths=0.7)


class Animator:
    """Curves that grow point by point; the arguments are those of ``plot``, with rows and columns of axes.

    In Jupyter one figure is updated in place, at most four times a second, and so seldom that drawing takes less than
    a twentieth of the time; the last points are drawn when the cell ends, at the latest. Elsewhere nothing is shown,
    but ``animator.fig`` is there to be saved. Curves are drawn on the first axes.
    """

    def __init__(
        self, xlabel: str | None = None, ylabel: str | None = None, legend: Sequence[str] | None = None,
        xlim: Range = None, ylim: Range = None, xscale: str = "linear", yscale: str = "linear",
        fmts: Sequence[str] = STYLES, nrows: int = 1, ncols: int = 1, figsize: tuple[float, float] = (3.5, 2.5),
    ) -> None:
        self.X: list[list[float]] = []
        self.Y: list[list[float]] = []
        self._xlabel, self._look = xlabel, (ylabel, xlim, ylim, xscale, yscale, legend)
        self._fmts, self._grid, self._figsize = fmts, (nrows, ncols), figsize
        self._fig: Any = None
        self._handle: Any = None
        self.note = ""  # stands in place of the horizontal axis's label while it is not empty
        self._next = 0.0  # time before which nothing is redrawn
        self._waiting = False  # for the end of the cell, to draw the last points

    @property
    def fig(self) -> Any:
        """The matplotlib figure with all points so far; pyplot does not know it, so it is never shown twice."""
        if self._fig is None:
            from matplotlib.figure import Figure

            width, height = self._figsize
            self._fig = Figure(self._figsize, facecolor="white")
            self._fig.subplots(*self._grid)
            # Margins in inches: matplotlib's own layouts depend on how often a figure has been drawn before.
            self._fig.subplots_adjust(0.65 / width, 0.5 / height, 1 - 0.15 / width, 1 - 0.15 / height)
        _draw(self._fig.axes[0], self.X, self.Y, self._fmts)
        set_axes(self._fig.axes[0], self.note or self._xlabel, *self._look)
        return self._fig

    @property
    def axes(self) -> list["Axes"]:
        """The axes of the figure, row by row."""
        return list(self.fig.axes)

    def add(self, x: Any, y: Any) -> None:
        """Add a point to each curve: ``x`` is one abscissa or one for each, ``y`` likewise; None adds no point."""
        ys = list(y) if _many(y) else [y]
        xs = list(x) if _many(x) else [x] * len(ys)
        self.X += [[] for _ in ys[len(self.X) :]]
        self.Y += [[] for _ in ys[len(self.Y) :]]
        for i, (a, b) in enumerate(zip(xs, ys, strict=True)):
            if a is not None and b is not None:
                self.X[i].append(float(a))
                self.Y[i].append(float(b))
        shell = kernel()
        if shell and time.monotonic() >= self._next:
            self.draw()
        elif shell and not self._waiting:
            self._waiting = True
            shell.events.register("post_execute", self.draw)

    def draw(self) -> None:
        """Show all points now, if a notebook is watching."""
        shell = kernel()
        if shell is None:
            return
        from IPython.display import Image, display

        start = time.monotonic()
        if self._waiting:
            self._waiting = False
            shell.events.unregister("post_execute", self.draw)
        png = io.BytesIO()
        self.fig.savefig(png, format="png", dpi=144, metadata={"Software": None})
        image = Image(png.getvalue(), width=round(96 * self._figsize[0]))  # type: ignore[no-untyped-call]
        if self._handle is None:
            self._handle = display(image, display_id=True)  # type: ignore[no-untyped-call]
        else:
            self._handle.update(image)
        end = time.monotonic()
        self._next = end + max(INTERVAL, 20 * (end - start))


class TrainingView:
    """What the reader sees while a model trains: one line with the time that remains, in Jupyter under the curves."""

    def __init__(self, num_epochs: int, past: History) -> None:
        self._epochs, self._first, self._start = num_epochs, len(past), time.monotonic()
        self._line = ProgressLine()
        legend = [say("mất mát huấn luyện", "train loss"), say("độ chính xác huấn luyện", "train accuracy"),
                  say("độ chính xác kiểm tra", "test accuracy")]
        self._animator = Animator("epoch", legend=legend, xlim=(0, num_epochs), figsize=(5, 3.2)) if kernel() else None
        for point in past.curve:
            self.add(*point)
        for epoch, test_acc in enumerate(past.test_acc, start=1):
            self.add(epoch, None, None, test_acc)

    def add(self, epoch: float, loss: float | None, train_acc: float | None, test_acc: float | None = None) -> None:
        """Add a point to the curves."""
        if self._animator:
            self._animator.add(epoch, (loss, train_acc, test_acc))

    def tell(self, epoch: float, loss: float) -> None:
        """Say how far the training has come; ``epoch`` counts finished epochs and the part done of this one."""
        left = round((time.monotonic() - self._start) * (self._epochs - epoch) / (epoch - self._first))
        time_left = f"{left // 3600}:{left // 60 % 60:02}:{left % 60:02}"
        text = say(f"epoch {epoch:.2f}/{self._epochs}, mất mát {loss:.3f}, còn {time_left}",
                   f"epoch {epoch:.2f}/{self._epochs}, loss {loss:.3f}, {time_left} left")
        if self._animator:
            self._animator.note = text
            self._animator.add(epoch, (None, None, None))
        else:
            self._line.show(text)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        """Draw what is not drawn yet, take the line away; an interruption from the keyboard ends here."""
        if self._animator:
            self._animator.note = ""  # the figure that stays says nothing about time
            self._animator.draw()
        self._line.close()
        if kind is KeyboardInterrupt:
            print(say("Đã dừng theo yêu cầu; kết quả của các epoch đã xong được giữ lại.",
                      "Stopped as you asked; what the finished epochs gave is kept."))
        return kind is KeyboardInterrupt


def _array(values: Any) -> Any:
    """Bring a tensor to where matplotlib can read it; leave anything else as it is."""
    return values.detach().cpu().numpy() if torch.is_tensor(values) else values


def _many(values: Any) -> bool:
    """Say whether this is a sequence, not one number (tensors and arrays of no dimension are numbers)."""
    return hasattr(values, "__len__") and getattr(values, "ndim", 1) > 0


def _curves(values: Any) -> list[Any]:
    """Return a list of curves from one curve or a sequence of curves."""
    values = _array(values)
    return [_array(v) for v in values] if len(values) and _many(values[0]) else [values]


def _draw(axes: "Axes", xs: Sequence[Any], ys: Sequence[Any], fmts: Sequence[str]) -> None:
    """Clear the axes and draw curves; a curve of one point gets a dot, because a line of one point is invisible."""
    axes.cla()
    axes.set_prop_cycle(color=COLOURS)
    for x, y, fmt in zip(xs, ys, cycle(fmts), strict=False):
        axes.plot(x, y, fmt, marker="o" if len(y) == 1 else None)
