"""Chapter 06: sizes, parameters, pooling, a kernel on channels, cross-entropy, receptive field, confusion; and the quiz."""

from random import Random
from typing import Any

import torch
from torch import Tensor

from .engine import exercise
from .quiz import Choice, Question, Quiz

CHAPTER = "06-cnn-and-lenet"


def _matrix(random: Random, *shape: int) -> Any:
    """Return nested lists of quarters from -4 to 4: exact in every precision, and easy to read."""
    if not shape:
        return random.randint(-16, 16) / 4
    return [_matrix(random, *shape[1:]) for _ in range(shape[0])]


# Output size


def _windows(random: Random) -> list[Any]:
    one = [(n, [[k, p, s]]) for n, k, p, s in ((11, 2, 0, 2), (14, 5, 0, 1), (28, 5, 2, 1), (8, 3, 1, 2))]
    many = [(random.randint(20, 64), [[random.randint(1, 5), random.randint(0, 2), random.randint(1, 3)]
                                      for _ in range(random.randint(2, 3))]) for _ in range(12)]
    return [*one, (28, [[5, 2, 1], [2, 0, 2], [5, 0, 1], [2, 0, 2]]), *many]


def _sizes(step: Any) -> Any:
    def answer(n: Any, windows: Any) -> Any:
        for k, p, s in windows:
            n = step(n, k, p, s)
        return n

    return answer


@exercise(
    "06-output-size",
    cases=_windows,
    hints=[
        ("Với một cửa sổ, công thức (6.3) cho cạnh của đầu ra.", "For one window, formula (6.3) gives the side of the output."),
        ("Đầu ra của tầng này là đầu vào của tầng sau: dùng vòng lặp và gán lại `n`.",
         "What leaves one layer enters the next: use a loop and assign to `n` again."),
        ("Phép `//` chia rồi làm tròn xuống. Làm tròn ở từng tầng, không đợi đến cuối.",
         "`//` divides and rounds down. Round in each layer, do not wait until the end."),
    ],
    wrong=[
        (_sizes(lambda n, k, p, s: (n + 2 * p - k) / s + 1), "Bạn quên làm tròn xuống: cửa sổ không đứng được ở nửa ô.",
         "You forgot the floor: a window cannot stand on half a cell."),
        (_sizes(lambda n, k, p, s: -((k - n - 2 * p) // s) + 1), "Bạn làm tròn lên. Vị trí mà cửa sổ lọt ra ngoài thì không tính.",
         "You rounded up. A position where the window hangs outside does not count."),
        (_sizes(lambda n, k, p, s: round((n + 2 * p - k) / s) + 1), "Bạn làm tròn đến số gần nhất; công thức làm tròn xuống.",
         "You rounded to the nearest number; the formula rounds down."),
        (_sizes(lambda n, k, p, s: (n + 2 * p - k) // s), "Bạn quên cộng 1: vị trí đầu tiên của cửa sổ cũng là một vị trí.",
         "You forgot to add 1: the first position of the window counts as well."),
        (_sizes(lambda n, k, p, s: (n + p - k) // s + 1), "Bạn chỉ đệm một bên: mỗi vòng đệm thêm hai ô vào một hàng.",
         "You padded one side only: each ring of padding adds two cells to a row."),
        (_sizes(lambda n, k, p, s: (n - k) // s + 1), "Bạn quên phần đệm `p`.", "You forgot the padding `p`."),
        (_sizes(lambda n, k, p, s: n + 2 * p - k + 1), "Bạn quên sải bước `s`.", "You forgot the stride `s`."),
        (lambda n, windows: (n + 2 * windows[0][1] - windows[0][0]) // windows[0][2] + 1 if windows else n,
         "Bạn chỉ tính cửa sổ đầu tiên: có `return` nào nằm trong vòng lặp không?",
         "You used the first window only: is there a `return` inside the loop?"),
        (lambda n, windows: (n + 2 * windows[-1][1] - windows[-1][0]) // windows[-1][2] + 1 if windows else n,
         "Bạn chỉ tính cửa sổ cuối cùng: kết quả của mỗi tầng phải là đầu vào của tầng sau.",
         "You used the last window only: the result of each layer must enter the next."),
    ],
    why=("Mỗi tầng áp dụng công thức (6.3) cho kết quả của tầng trước. Phải làm tròn xuống ngay ở từng tầng, vì phần lẻ "
         "là những ô bị bỏ lại, tầng sau không nhìn thấy nữa.",
         "Each layer applies formula (6.3) to the result of the layer before. Rounding down belongs in every layer: what "
         "is rounded away are cells left over, which the next layer does not see."),
)
def output_size(n: int, windows: list[tuple[int, int, int]]) -> int:
    for k, p, s in windows:
        n = (n + 2 * p - k) // s + 1
    return n


# Parameters


@exercise(
    "06-conv-parameters",
    cases=lambda random: [(1, 1, 1), (6, 5, 1), (16, 5, 6), (96, 11, 3)]
    + [(random.randint(2, 64), random.choice([2, 3, 5, 7]), random.randint(2, 64)) for _ in range(10)],
    hints=[
        ("Trước hết hãy đếm trọng số của một hạt nhân: cửa sổ là một khối, không phải một bảng.",
         "First count the weights of one kernel: the window is a block, not a table."),
        ("Mỗi hạt nhân còn có thêm một hệ số điều chỉnh.", "Each kernel has one bias as well."),
    ],
    wrong=[
        (lambda K, k, d: K * k * k * d, "Bạn quên các hệ số điều chỉnh.", "You forgot the biases."),
        (lambda K, k, d: K * k * k * d + 1, "Mỗi hạt nhân có một hệ số điều chỉnh riêng; bạn chỉ đếm một cho cả tầng.",
         "Each kernel has a bias of its own; you counted one for the whole layer."),
        (lambda K, k, d: K * k * k * d + K * d, "Mỗi hạt nhân chỉ có một hệ số điều chỉnh, không phải mỗi kênh một cái.",
         "Each kernel has a single bias, not one for each channel."),
        (lambda K, k, d: K * k * k * d + d, "Hệ số điều chỉnh đi theo hạt nhân, mỗi hạt nhân một cái, không phải mỗi kênh đi vào một cái.",
         "Biases go with the kernels, one for each, not one for each channel that enters."),
        (lambda K, k, d: K * k * k, "Bạn quên số kênh `d` và quên cả các hệ số điều chỉnh.",
         "You forgot the channels `d`, and the biases as well."),
        (lambda K, k, d: K * (k * k + 1), "Bạn quên số kênh `d`: hạt nhân có trọng số riêng cho từng kênh đi vào.",
         "You forgot the channels `d`: a kernel has weights of its own for each channel that enters."),
        (lambda K, k, d: K * (k * d + 1), "Cửa sổ có k hàng và k cột, tức là `k * k` ô, không phải `k` ô.",
         "The window has k rows and k columns: `k * k` cells, not `k`."),
        (lambda K, k, d: k * k * d + 1, "Đó là tham số của một hạt nhân; tầng này có `K` hạt nhân.",
         "These are the parameters of one kernel; the layer has `K` of them."),
    ],
    why=("Một hạt nhân là một khối k × k × d trọng số cộng một hệ số điều chỉnh; tầng có K hạt nhân. Kích thước ảnh không ảnh hưởng gì.",
         "A kernel is a block of k × k × d weights plus one bias; the layer has K kernels. The size of the picture makes no difference."),
)
def conv_parameters(K: int, k: int, d: int) -> int:
    return K * (k * k * d + 1)


def _layers(n: int, d: int, classes: int, side: Any = None, bias: int = 1, depth: int = 16) -> list[int]:
    """Count the parameters of each layer as the exercise does, with one thing done differently."""
    m = (n // 2 - 4) // 2 if side is None else side(n)
    inputs = depth * m * m
    return [6 * (25 * d + 1), 16 * (25 * 6 + 1), (inputs + bias) * 120, (120 + bias) * 84, (84 + bias) * classes]


def _lenet(*arguments: Any, **change: Any) -> int:
    return sum(_layers(*arguments, **change))


def _lenet_without(layer: int) -> Any:
    return lambda *arguments: _lenet(*arguments) - _layers(*arguments)[layer]


@exercise(
    "06-lenet-parameters",
    cases=lambda random: [(28, 1, 10), (32, 3, 10), (29, 1, 26), (64, 3, 5)]
    + [(random.randint(16, 80), random.choice([1, 3, 4]), random.randint(2, 100)) for _ in range(10)],
    hints=[
        ("Chỉ năm tầng có tham số: hai tầng tích chập và ba tầng kết nối đầy đủ.",
         "Only five layers have parameters: two convolutional and three fully connected ones."),
        ("Ảnh đổi cỡ thì con số 400 cũng đổi. Với ảnh 28 × 28, nó là 16 · 5 · 5; hãy lần theo cạnh n qua bốn tầng có cửa sổ.",
         "With another picture the number 400 changes. For 28 × 28 it is 16 · 5 · 5; follow the side n through the four layers that have a window."),
        ("Hãy thử trên giấy với ảnh 30 × 30: theo công thức (6.3), cạnh sau bốn tầng lần lượt là 30, 15, 11 và 5. Rồi viết lại từng bước với n thay cho 30.",
         "Try a picture of 30 × 30 on paper: by formula (6.3) the side after the four layers is 30, 15, 11 and 5. Then write each step again with n for 30."),
    ],
    wrong=[
        (lambda n, d, classes: _lenet(n, d, classes, lambda n: 5), "Bạn giữ con số 400; nó chỉ đúng với ảnh 28 × 28.",
         "You kept the number 400, which is right for pictures of 28 × 28 only."),
        (lambda n, d, classes: _lenet(n, 1, classes), "Tầng tích chập đầu nhận `d` kênh, không phải lúc nào cũng 1.",
         "The first convolution takes `d` channels, not always 1."),
        (lambda n, d, classes: _lenet(n, d, 10), "Tầng cuối có `classes` đầu ra, không phải lúc nào cũng 10.",
         "The last layer has `classes` outputs, not always 10."),
        (lambda n, d, classes: _lenet(n, d, classes, bias=0), "Bạn quên hệ số điều chỉnh của các tầng kết nối đầy đủ.",
         "You forgot the biases of the fully connected layers."),
        (lambda n, d, classes: _lenet(n, d, classes) - 22, "Bạn quên hệ số điều chỉnh của hai tầng tích chập.",
         "You forgot the biases of the two convolutional layers."),
        (lambda n, d, classes: _lenet(n, d, classes, bias=0) - 22, "Bạn quên mọi hệ số điều chỉnh.", "You forgot all the biases."),
        (lambda n, d, classes: _lenet(n, d, classes, depth=1), "Trải phẳng là trải cả 16 bản đồ, không chỉ một.",
         "Flattening lines up all 16 maps, not just one."),
        (lambda n, d, classes: _lenet(n, d, classes, lambda n: ((n - 4) // 2 - 4) // 2),
         "Tầng tích chập đầu có đệm 2 nên giữ nguyên cạnh n.", "The first convolution has padding 2, so it keeps the side n."),
        (lambda n, d, classes: _lenet(n, d, classes, lambda n: n // 2 - 4), "Bạn quên tầng gộp thứ hai: nó lại chia đôi cạnh.",
         "You forgot the second pooling layer, which halves the side once more."),
        (lambda n, d, classes: _lenet(n, d, classes, lambda n: n - 4), "Bạn quên cả hai tầng gộp: mỗi tầng chia đôi cạnh.",
         "You forgot both pooling layers, each of which halves the side."),
        (lambda n, d, classes: _lenet(n, d, classes, lambda n: n // 4), "Tầng tích chập thứ hai không đệm: cạnh bớt đi 4.",
         "The second convolution has no padding: the side gets smaller by 4."),
        (lambda n, d, classes: _lenet(n, d, classes, lambda n: (n / 2 - 4) / 2), "Bạn quên làm tròn xuống ở các tầng gộp.",
         "You forgot to round down in the pooling layers."),
        (_lenet_without(0), "Bạn bỏ sót tầng tích chập thứ nhất.", "You left out the first convolutional layer."),
        (_lenet_without(1), "Bạn bỏ sót tầng tích chập thứ hai.", "You left out the second convolutional layer."),
        (_lenet_without(2), "Bạn bỏ sót tầng kết nối đầy đủ thứ nhất, tầng có 120 đầu ra.",
         "You left out the first fully connected layer, the one with 120 outputs."),
        (_lenet_without(3), "Bạn bỏ sót tầng kết nối đầy đủ thứ hai, tầng nối 120 với 84.",
         "You left out the second fully connected layer, the one from 120 to 84."),
        (_lenet_without(4), "Bạn bỏ sót tầng cuối cùng, tầng có `classes` đầu ra.",
         "You left out the last layer, the one with `classes` outputs."),
    ],
    why=("Cạnh đi từ n đến n // 2 sau tầng gộp đầu, bớt 4 ở tầng tích chập thứ hai rồi lại chia đôi. Từ đó ra số đầu vào của tầng "
         "kết nối đầy đủ thứ nhất; phần còn lại là công thức (6.1) và (6.2). Với ảnh 28 × 28, một kênh, mười lớp: 61 706.",
         "The side goes from n to n // 2 at the first pooling, loses 4 in the second convolution and is halved again. That gives the "
         "inputs of the first fully connected layer; the rest is formulas (6.1) and (6.2). For 28 × 28, one channel and ten classes: 61 706."),
)
def lenet_parameters(n: int, d: int, classes: int) -> int:
    side = (n // 2 - 4) // 2
    inputs = 16 * side * side
    conv = 6 * (5 * 5 * d + 1) + 16 * (5 * 5 * 6 + 1)
    linear = inputs * 120 + 120 + 120 * 84 + 84 + 84 * classes + classes
    return conv + linear


# Pooling


def _pooling(random: Random) -> list[Any]:
    sizes = [(random.randint(2, 6), random.randint(2, 6), random.randint(1, 2), random.randint(1, 3)) for _ in range(8)]
    shapes = [(2, 2, 2, 2), (2, 4, 2, 2), (5, 3, 3, 2), (5, 6, 3, 2), (7, 5, 2, 2), *sizes]
    return [([[1.0, 3.0], [2.0, 6.0]], 2, 2, kind) for kind in ("avg", "max")] + [
        (_matrix(random, rows, columns), k, s, kind) for rows, columns, k, s in shapes for kind in ("avg", "max")]


def _pool(X: Tensor, k: int, s: int, kind: str, avg: Any = torch.mean, max: Any = torch.max) -> Tensor:
    """Pool as the exercise does, with other functions in the place of mean and maximum."""
    windows = X.unfold(0, k, s).unfold(1, k, s)
    reduce = max if kind == "max" else avg
    return torch.stack([torch.stack([reduce(window) for window in row]) for row in windows])


@exercise(
    "06-pool",
    cases=_pooling,
    tensors="X",
    hints=[
        ("Mép trên của cửa sổ đứng ở hàng 0, s, 2s, …, và không xuống quá hàng `X.shape[0] - k`. Tham số thứ ba của `range` là bước nhảy.",
         "The top edge of the window stands at rows 0, s, 2s, …, and no lower than row `X.shape[0] - k`. The third argument of `range` is the step."),
        ("Cửa sổ có góc ở (i, j) là `X[i:i + k, j:j + k]`.", "The window whose corner is at (i, j) is `X[i:i + k, j:j + k]`."),
        ("Kết quả là một danh sách các hàng; danh sách lồng nhau hay tensor đều được.",
         "The result is a list of rows; nested lists and tensors are both fine."),
    ],
    wrong=[
        (lambda X, k, s, kind: _pool(X, k, s, kind, avg=torch.sum), "Với \"avg\", bạn trả về tổng; còn phải chia cho số ô của cửa sổ.",
         "For \"avg\" you returned the sum; it must be divided by the number of cells of the window."),
        (lambda X, k, s, kind: _pool(X, k, s, kind, avg=lambda w: w.sum() / k), "Cửa sổ có `k * k` ô; bạn chia tổng cho `k`.",
         "The window has `k * k` cells; you divided the sum by `k`."),
        (lambda X, k, s, kind: _pool(X, k, s, kind, avg=lambda w: w.mean().trunc()), "Bạn bỏ phần thập phân của trung bình: có `int` ở đâu đó không?",
         "You dropped what stands after the decimal point of the mean: is there an `int` somewhere?"),
        (lambda X, k, s, kind: _pool(X, k, s, kind, avg=lambda w: w.sum() // (k * k)), "Bạn làm tròn trung bình xuống: phép `//` bỏ phần thập phân, phép `/` thì giữ.",
         "You rounded the mean down: `//` drops what stands after the decimal point, `/` keeps it."),
        (lambda X, k, s, kind: _pool(X, k, s, kind, avg=torch.max), "Bạn luôn lấy số lớn nhất; hãy xét cả `kind == \"avg\"`.",
         "You always took the largest number; mind `kind == \"avg\"`."),
        (lambda X, k, s, kind: _pool(X, k, s, kind, max=torch.mean), "Bạn luôn lấy trung bình; hãy xét cả `kind == \"max\"`.",
         "You always took the mean; mind `kind == \"max\"`."),
        (lambda X, k, s, kind: _pool(X, k, s, kind, avg=torch.max, max=torch.mean), "Bạn đổi chỗ \"avg\" và \"max\".",
         "You have \"avg\" and \"max\" the wrong way round."),
        (lambda X, k, s, kind: _pool(X, k, 1, kind), "Cửa sổ của bạn mỗi lần dịch một ô; sải bước là `s`.",
         "Your window moves by one cell at a time; the stride is `s`."),
        (lambda X, k, s, kind: _pool(X, k, 1, kind)[:(X.shape[0] - k) // s + 1, :(X.shape[1] - k) // s + 1],
         "Số vị trí thì đúng, nhưng cửa sổ của bạn mỗi lần chỉ dịch một ô: vị trí thứ i bắt đầu ở hàng `i * s`.",
         "The number of positions is right, but your window moves by one cell at a time: position i begins at row `i * s`."),
        (lambda X, k, s, kind: _pool(X, k, k, kind), "Cửa sổ của bạn mỗi lần dịch `k` ô; sải bước là `s`.",
         "Your window moves by `k` cells at a time; the stride is `s`."),
        (lambda X, k, s, kind: _pool(X, k, s, kind, max=lambda w: w.abs().max()), "Số lớn nhất không phải là số có trị tuyệt đối lớn nhất: -5 nhỏ hơn 1.",
         "The largest number is not the one of largest absolute value: -5 is less than 1."),
        (lambda X, k, s, kind: _pool(X, k, s, kind, max=lambda w: w.max().clamp(min=0)), "Bạn bắt đầu tìm số lớn nhất từ 0; trong một cửa sổ, mọi số có thể đều âm.",
         "You started looking for the largest number at 0; all numbers of a window may be negative."),
        (lambda X, k, s, kind: _pool(X, k, s, kind, max=torch.argmax), "Với \"max\", bạn trả về vị trí của số lớn nhất; cần chính số ấy.",
         "For \"max\" you returned the position of the largest number; the number itself is wanted."),
        (lambda X, k, s, kind: _pool(X, k, s, kind).T, "Bạn đổi chỗ hàng và cột: vòng lặp theo hàng phải nằm ngoài.",
         "Rows and columns have changed places: the loop over rows must be the outer one."),
    ],
    why=("Hai vòng lặp chạy qua các góc của cửa sổ; ở mỗi góc, cắt cửa sổ ra rồi lấy trung bình hoặc số lớn nhất. Hàng và cột thừa ra bị bỏ lại, "
         "như trong công thức (6.3).",
         "Two loops run over the corners of the window; at each, cut the window out and take its mean or its largest number. Rows and columns "
         "that are left over are dropped, as in formula (6.3)."),
)
def pool(X: Tensor, k: int, s: int, kind: str) -> Tensor:
    reduce = torch.max if kind == "max" else torch.mean
    rows = range(0, X.shape[0] - k + 1, s)
    columns = range(0, X.shape[1] - k + 1, s)
    return torch.tensor([[reduce(X[i:i + k, j:j + k]) for j in columns] for i in rows])


# A kernel on several channels


def _channels(random: Random) -> list[Any]:
    sizes = [(random.randint(2, 4), random.randint(3, 6), random.randint(3, 6), random.randint(1, 3)) for _ in range(8)]
    small = ([[[1.0, 0.0], [2.0, 3.0]]], [[[1.0, 2.0], [0.0, -1.0]]], 0.5)
    return [small] + [(_matrix(random, d, rows, columns), _matrix(random, d, k, k), random.randint(-8, 8) / 4 + 0.125)
                      for d, rows, columns, k in ((2, 2, 2, 2), (2, 3, 4, 2), (4, 5, 5, 3), *sizes)]


def _slide(X: Tensor, K: Tensor, b: float) -> Tensor:
    """Return the products of window and weights summed over the window but not over the channels, plus b."""
    k = K.shape[1]
    windows = X.unfold(1, k, 1).unfold(2, k, 1)
    return (windows * K[:, None, None]).sum(dim=(3, 4)) + b


@exercise(
    "06-feature-map",
    cases=_channels,
    tensors="X K",
    hints=[
        ("`X` có kích thước (d, h, w), `K` có kích thước (d, k, k). Bản đồ đặc trưng có h - k + 1 hàng và w - k + 1 cột.",
         "`X` has the shape (d, h, w), `K` the shape (d, k, k). The feature map has h - k + 1 rows and w - k + 1 columns."),
        ("Cửa sổ có góc ở (i, j) lấy mọi kênh: `X[:, i:i + k, j:j + k]`. Nó có cùng kích thước với `K`.",
         "The window whose corner is at (i, j) takes all channels: `X[:, i:i + k, j:j + k]`. It has the same shape as `K`."),
        ("Nhân từng số tương ứng bằng `*`, cộng tất cả lại, rồi cộng hệ số điều chỉnh một lần.",
         "Multiply number by number with `*`, add everything up, then add the bias once."),
    ],
    wrong=[
        (lambda X, K, b: _slide(X, K, 0).sum(0), "Bạn quên hệ số điều chỉnh `b`.", "You forgot the bias `b`."),
        (lambda X, K, b: _slide(X, K, b).sum(0), "Bạn cộng hệ số điều chỉnh một lần cho mỗi kênh; chỉ cộng một lần.",
         "You added the bias once for each channel; it is added only once."),
        (lambda X, K, b: _slide(X, K.flip(1, 2), 0).sum(0) + b, "Bạn đã lật hạt nhân cả hai chiều, như tích chập của toán học; ở đây, hãy nhân mỗi số với trọng số cùng vị trí.",
         "You flipped the kernel both ways, as convolution in mathematics does; here, multiply each number by the weight in the same place."),
        (lambda X, K, b: _slide(X, K.flip(1), 0).sum(0) + b, "Bạn đã lật hạt nhân theo chiều dọc; hãy nhân mỗi số với trọng số cùng vị trí.",
         "You flipped the kernel upside down; multiply each number by the weight in the same place."),
        (lambda X, K, b: _slide(X, K.flip(2), 0).sum(0) + b, "Bạn đã lật hạt nhân theo chiều ngang; hãy nhân mỗi số với trọng số cùng vị trí.",
         "You flipped the kernel left to right; multiply each number by the weight in the same place."),
        (lambda X, K, b: _slide(X, K.transpose(1, 2), 0).sum(0) + b, "Hàng và cột của hạt nhân đổi chỗ cho nhau.",
         "Rows and columns of the kernel have changed places."),
        (lambda X, K, b: _slide(X, K, b), "Bạn trả về mỗi kênh một bản đồ; phải cộng các kênh lại thành một bản đồ.",
         "You returned a map for each channel; the channels must be added up to a single map."),
        (lambda X, K, b: _slide(X[:1], K[:1], b)[0], "Bạn chỉ dùng kênh đầu tiên.", "You used the first channel only."),
        (lambda X, K, b: _slide(X[-1:], K[-1:], b)[0], "Bạn chỉ giữ lại kênh cuối cùng: có phép gán `=` nào lẽ ra là `+=` không?",
         "You kept the last channel only: is there an `=` that should be `+=`?"),
        (lambda X, K, b: _slide(X, K[:1].expand_as(K), 0).sum(0) + b, "Bạn dùng trọng số của kênh đầu cho mọi kênh; mỗi kênh có trọng số riêng, `K[c]`.",
         "You used the weights of the first channel for all; each channel has its own, `K[c]`."),
        (lambda X, K, b: _slide(X, K, 0).mean(0) + b, "Bạn lấy trung bình theo kênh; cần tổng.",
         "You took the mean over the channels; the sum is wanted."),
        (lambda X, K, b: _slide(X, K, 0).sum(0) / K[0].numel() + b, "Bạn lấy trung bình trong cửa sổ; cần tổng.",
         "You took the mean over the window; the sum is wanted."),
    ],
    why=("Ở mỗi vị trí, nhân khối cửa sổ với khối trọng số, cộng mọi tích của mọi kênh rồi cộng hệ số điều chỉnh một lần. Một hạt nhân cho ra đúng một bản đồ.",
         "At each position multiply the block of the window by the block of weights, add up all products of all channels, and add the bias once. One kernel makes just one map."),
)
def feature_map(X: Tensor, K: Tensor, b: float) -> Tensor:
    k = K.shape[1]
    rows, columns = X.shape[1] - k + 1, X.shape[2] - k + 1
    return torch.tensor([[(X[:, i:i + k, j:j + k] * K).sum() + b for j in range(columns)] for i in range(rows)])


# Cross-entropy


def _scores(random: Random) -> list[Any]:
    sizes = [(random.randint(2, 4), random.randint(2, 5)) for _ in range(8)]
    return [([[2.0, 1.0, 0.0]], [0]), ([[0.0] * 10], [3]), ([[2.0, 1.0, 0.0]], [2])] + [
        (_matrix(random, n, classes), [random.randrange(classes) for _ in range(n)]) for n, classes in ((2, 3), *sizes)]


def _q(logits: Tensor, y: Tensor) -> Tensor:
    return logits.softmax(dim=1)[range(len(y)), y]


@exercise(
    "06-cross-entropy",
    cases=_scores,
    tensors="logits y",
    hints=[
        ("Ba bước: softmax từng hàng, lấy xác suất `q` của nhãn đúng trong từng hàng, rồi lấy trung bình của `-ln q`.",
         "Three steps: softmax of each row, the probability `q` of the right label in each row, then the mean of `-ln q`."),
        ("`logits.exp()` tính e mũ từng số; `sum(dim=1, keepdim=True)` cộng theo từng hàng và giữ hai trục để chia được.",
         "`logits.exp()` raises e to each number; `sum(dim=1, keepdim=True)` adds up each row and keeps both axes, so that you can divide."),
        ("Với ma trận `A` có ba hàng, `A[range(3), c]` lấy ra từ mỗi hàng một số, ở cột ghi trong `c`.",
         "For a matrix `A` of three rows, `A[range(3), c]` takes from each row one number, in the column given by `c`."),
    ],
    wrong=[
        (lambda logits, y: _q(logits, y).log().mean(), "Bạn quên dấu trừ: mất mát không bao giờ âm.",
         "You forgot the minus sign: the loss is never negative."),
        (lambda logits, y: -_q(logits, y).log().sum(), "Bạn trả về tổng; cần trung bình trên batch.",
         "You returned the sum; the mean over the batch is wanted."),
        (lambda logits, y: -_q(logits, y).log(), "Bạn trả về mất mát của từng ảnh; còn phải lấy trung bình.",
         "You returned the loss of each picture; their mean is wanted."),
        (lambda logits, y: _q(logits, y).mean(), "Bạn trả về trung bình của các xác suất; quên mất `-ln`.",
         "You returned the mean of the probabilities and forgot `-ln`."),
        (lambda logits, y: -_q(logits, y).mean(), "Bạn quên ln: có dấu trừ nhưng chưa lấy logarit.",
         "You forgot ln: there is a minus sign, but no logarithm."),
        (lambda logits, y: -logits.softmax(dim=1)[:, y].log().mean(), "`P[:, y]` lấy các cột `y` của mọi hàng; mỗi hàng chỉ cần một số: `P[range(len(y)), y]`.",
         "`P[:, y]` takes the columns `y` of every row; each row needs just one number: `P[range(len(y)), y]`."),
        (lambda logits, y: -_q(logits, y).mean().log(), "Bạn lấy trung bình trước rồi mới lấy ln; phải lấy `-ln q` của từng ảnh trước.",
         "You took the mean first and ln afterwards; take `-ln q` of each picture first."),
        (lambda logits, y: -logits[range(len(y)), y].mean(), "Bạn quên softmax: logit chưa phải là xác suất.",
         "You forgot the softmax: logits are not probabilities yet."),
        (lambda logits, y: -_q(logits, y).log2().mean(), "Bạn dùng logarit cơ số 2; ở đây là logarit tự nhiên.",
         "You used the logarithm to base 2; here it is the natural one."),
        (lambda logits, y: -_q(logits, y).log10().mean(), "Bạn dùng logarit cơ số 10; ở đây là logarit tự nhiên.",
         "You used the logarithm to base 10; here it is the natural one."),
        (lambda logits, y: -(logits.exp() / logits.exp().sum())[range(len(y)), y].log().mean(),
         "Bạn chia cho tổng của cả batch; mỗi hàng phải chia cho tổng của chính nó (`dim=1`).",
         "You divided by the sum of the whole batch; each row is divided by its own sum (`dim=1`)."),
        (lambda logits, y: -logits.softmax(dim=0)[range(len(y)), y].log().mean(),
         "Bạn cộng theo cột; softmax tính trên từng hàng (`dim=1`).", "You summed over columns; softmax is taken over each row (`dim=1`)."),
        (lambda logits, y: -logits.softmax(dim=1).max(dim=1).values.log().mean(),
         "Bạn lấy xác suất lớn nhất của mỗi hàng; cần xác suất của nhãn đúng.",
         "You took the largest probability of each row; that of the right label is wanted."),
    ],
    why=("Softmax biến mỗi hàng logit thành các xác suất; q là xác suất của nhãn đúng; mất mát là trung bình của -ln q. "
         "`nn.CrossEntropyLoss()` cho cùng kết quả.",
         "Softmax turns each row of logits into probabilities; q is the probability of the right label; the loss is the mean of -ln q. "
         "`nn.CrossEntropyLoss()` gives the same."),
)
def cross_entropy(logits: Tensor, y: Tensor) -> Tensor:
    P = logits.exp() / logits.exp().sum(dim=1, keepdim=True)
    q = P[range(len(y)), y]
    return -q.log().mean()


# Receptive field


def _stacks(random: Random) -> list[Any]:
    few = [[[3, 0, 2]], [[3, 1, 1], [3, 1, 1]], [[2, 0, 2], [3, 0, 1]], [[3, 0, 1], [2, 0, 2]], [[2, 0, 2], [2, 0, 2], [2, 0, 2]]]
    many = [[[random.randint(1, 7), random.randint(0, 3), random.randint(1, 3)] for _ in range(random.randint(3, 5))]
            for _ in range(12)]
    return [(windows,) for windows in [*few, [[5, 2, 1], [2, 0, 2], [5, 0, 1], [2, 0, 2]], *many]]


def _field(layer: Any, start: int = 1) -> Any:
    """Walk through the windows as the exercise does, with one thing done differently."""

    def answer(windows: Any) -> Any:
        side, step = start, 1
        for k, _, s in windows:
            side, step = layer(side, step, k, s)
        return side

    return answer


def _field_back(step: Any, turn: int = -1) -> Any:
    """Walk from the last window to the first, asking of how many cells so many cells were made."""

    def answer(windows: Any) -> Any:
        n = 1
        for k, p, s in windows[::turn]:
            n = step(n, k, p, s)
        return n

    return answer


@exercise(
    "06-receptive-field",
    cases=_stacks,
    hints=[
        ("Ghi hai số sau mỗi tầng: cạnh của vùng tiếp nhận, và khoảng cách trên ảnh vào giữa hai ô cạnh nhau của bản đồ. Trước tầng đầu tiên, cả hai đều bằng 1.",
         "Keep two numbers after each layer: the side of the receptive field, and how far apart on the input picture two neighbouring cells of the map are. Before the first layer both are 1."),
        ("Một cửa sổ cạnh `k` nhìn thấy `k` ô kề nhau của tầng trước. Từ ô đầu đến ô cuối là mấy bước, và mỗi bước dài bao nhiêu ô trên ảnh vào?",
         "A window of side `k` sees `k` neighbouring cells of the layer before. How many steps are there from the first to the last, and how many cells of the input picture does each step take?"),
        ("Với LeNet, khoảng cách ấy là 1, 1, 2, 2 ở trước từng tầng, nên cạnh đi từ 1 đến 5, 6, 14 rồi 16. Sải bước của một tầng chỉ ảnh hưởng đến các tầng sau nó.",
         "For LeNet this distance is 1, 1, 2, 2 before the layers, so the side goes from 1 to 5, 6, 14 and 16. The stride of a layer only matters to the layers after it."),
    ],
    wrong=[
        (_field(lambda side, step, k, s: (side + k - 1, step)), "Bạn quên sải bước: sau một tầng có sải bước 2, hai ô cạnh nhau cách nhau 2 ô trên ảnh vào.",
         "You forgot the strides: after a layer of stride 2, neighbouring cells are 2 cells apart on the input picture."),
        (_field(lambda side, step, k, s: (side + k * step, step * s)), "Bạn cộng `k` bước ở mỗi tầng; từ ô đầu đến ô thứ `k` của cửa sổ chỉ có k − 1 bước.",
         "You added `k` steps for each layer; from the first cell of the window to cell number `k` there are only k − 1 steps."),
        (_field(lambda side, step, k, s: (side + (k - 1) * step, step * s), start=0), "Kết quả thiếu 1: trước tầng đầu tiên, mỗi ô đã nhìn thấy chính nó.",
         "The result is 1 short: before the first layer, each cell already sees itself."),
        (_field(lambda side, step, k, s: (side + (k - 1) * step * s, step * s)), "Bạn nhân sải bước vào quá sớm: sải bước của một tầng chỉ làm thưa các ô mà tầng sau nhìn vào.",
         "You multiplied by the stride too early: the stride of a layer spreads the cells that the next layer sees."),
        (_field(lambda side, step, k, s: (side + (k - 1) * s, step)), "Ở mỗi tầng, bạn chỉ dùng sải bước của chính tầng ấy; cần tích các sải bước của những tầng đứng trước.",
         "For each layer you used the stride of that layer alone; the product of the strides of the layers before it is wanted."),
        (_field(lambda side, step, k, s: (side + (k - 1) * step, s)), "Bạn chỉ dùng sải bước của tầng ngay trước; các sải bước phải nhân dồn từ tầng đầu tiên.",
         "You used the stride of the layer just before only; the strides must be multiplied up from the first layer."),
        (_field(lambda side, step, k, s: (side + (k - 1) * step, step + s)), "Bạn cộng dồn các sải bước; phải nhân dồn.",
         "You added the strides up; they must be multiplied."),
        (_field(lambda side, step, k, s: (side + (k - 1) * step, step + s - 1)), "Bạn cộng dồn s − 1 của từng tầng; các sải bước phải nhân với nhau.",
         "You added up s − 1 of each layer; the strides must be multiplied together."),
        (_field(lambda side, step, k, s: (side * k, step)), "Bạn nhân các cạnh với nhau. Các cửa sổ kề nhau chồng lên nhau, nên vùng tiếp nhận lớn chậm hơn thế.",
         "You multiplied the sides together. Neighbouring windows overlap, so the receptive field grows more slowly."),
        (_field(lambda side, step, k, s: (side + k, step), start=0), "Bạn cộng các cạnh lại; hãy vẽ hai tầng nối tiếp, cửa sổ 3 × 3, rồi đếm.",
         "You added the sides up; draw two layers in a row, with windows of 3 × 3, and count."),
        (lambda windows: windows[0][0], "Bạn chỉ tính cửa sổ đầu tiên: có `return` nào nằm trong vòng lặp không?",
         "You used the first window only: is there a `return` inside the loop?"),
        (lambda windows: windows[-1][0], "Bạn chỉ tính cửa sổ cuối cùng: một ô của tầng trước cũng nhìn thấy nhiều ô của ảnh vào.",
         "You used the last window only: a cell of the layer before sees many cells of the input picture, too."),
        (_field_back(lambda n, k, p, s: (n - 1) * s + k, turn=1), "Lần ngược thì phải đi từ tầng cuối về tầng đầu; bạn đi xuôi.",
         "To walk back is to go from the last layer to the first; you went forward."),
        (_field_back(lambda n, k, p, s: n * s + k), "Lần ngược qua một tầng: `n` ô cạnh nhau chỉ cách nhau n − 1 lần sải bước, không phải `n` lần.",
         "Going back through a layer: from the first to the last of `n` neighbouring cells there are n − 1 strides, not `n`."),
        (_field_back(lambda n, k, p, s: (n - 1) * s + k - 2 * p), "Bạn trừ đi phần đệm; vùng tiếp nhận không phụ thuộc vào nó.",
         "You subtracted the padding; the receptive field does not depend on it."),
    ],
    why=("Đi qua từng tầng, cạnh tăng thêm k − 1 bước, mỗi bước dài bằng tích các sải bước của những tầng đứng trước. Với LeNet đến tầng gộp "
         "thứ hai: 5, 6, 14, 16. Dấu `_` nhận số vòng đệm, vì không cần đến. Cũng có thể lần ngược: `n` ô của một tầng nhìn thấy (n − 1) · s + k ô của tầng trước nó.",
         "Each layer adds k − 1 steps to the side, and a step is as long as the product of the strides of the layers before. For LeNet up to the "
         "second pooling: 5, 6, 14, 16. The `_` takes the rings of padding, which are not needed. One can also walk back: `n` cells of a layer see (n − 1) · s + k cells of the layer before it."),
)
def receptive_field(windows: list[tuple[int, int, int]]) -> int:
    side, step = 1, 1
    for k, _, s in windows:
        side = side + (k - 1) * step
        step = step * s
    return side


# Confusion matrix


def _labels(random: Random) -> list[Any]:
    sizes = [(random.randint(4, 12), random.randint(2, 4)) for _ in range(8)]
    return [([0, 1], [1, 1], 2), ([0, 0, 0], [0, 0, 1], 2), ([1, 1, 0], [0, 0, 2], 4)] + [
        ([random.randrange(n) for _ in range(count)], [random.randrange(n) for _ in range(count)], n) for count, n in sizes]


def _counts(y: Tensor, y_hat: Tensor, num_classes: int) -> Tensor:
    return torch.bincount(y * num_classes + y_hat, minlength=num_classes**2).reshape(num_classes, num_classes)


@exercise(
    "06-confusion",
    cases=_labels,
    tensors="y y_hat",
    hints=[
        ("Bắt đầu từ một ma trận toàn số 0, có `num_classes` hàng và `num_classes` cột; mỗi ảnh làm đúng một ô tăng thêm 1.",
         "Start from a matrix of zeros with `num_classes` rows and `num_classes` columns; each picture adds 1 to just one cell."),
        ("Ảnh thứ i có nhãn thật là `y[i]`, nhãn đoán là `y_hat[i]`. Nhãn thật chọn hàng; nhãn đoán chọn gì?",
         "Picture number i has the true label `y[i]` and the predicted label `y_hat[i]`. The true label chooses the row; what does the predicted one choose?"),
    ],
    wrong=[
        (lambda y, y_hat, n: _counts(y_hat, y, n), "Hàng và cột đổi chỗ cho nhau: hàng là lớp thật, cột là lớp được đoán.",
         "Rows and columns have changed places: rows are true classes, columns are predicted ones."),
        (lambda y, y_hat, n: _counts(y, y_hat, n).clamp(max=1), "Nhiều ảnh rơi vào cùng một ô mà bạn chỉ đếm một: viết `=` thay cho `+=`, hoặc cộng cho cả tensor nhãn một lúc, thì mỗi ô chỉ tăng một lần.",
         "Several pictures fall into one cell and you counted only one: with `=` in place of `+=`, or with whole tensors of labels as indices, each cell grows only once."),
        (lambda y, y_hat, n: _counts(y, y_hat, n) / _counts(y, y_hat, n).sum(dim=1, keepdim=True), "Bạn chia cho tổng của từng hàng; cần số ảnh, không phải tỉ lệ.",
         "You divided by the sum of each row; the numbers of pictures are wanted, not rates."),
        (lambda y, y_hat, n: _counts(y, y_hat, n) / _counts(y, y_hat, n).sum(dim=0), "Bạn chia cho tổng của từng cột; cần số ảnh, không phải tỉ lệ.",
         "You divided by the sum of each column; the numbers of pictures are wanted, not rates."),
        (lambda y, y_hat, n: _counts(y, y_hat, n) / len(y), "Bạn chia cho số ảnh; cần số ảnh trong từng ô, không phải tỉ lệ.",
         "You divided by the number of pictures; the count in each cell is wanted, not a rate."),
        (lambda y, y_hat, n: _counts(y, y_hat, n).diag().diag(), "Bạn chỉ đếm những ảnh đoán đúng; các ô ngoài đường chéo đếm những ảnh đoán sai.",
         "You only counted the pictures that were predicted right; the cells off the diagonal count the others."),
        (lambda y, y_hat, n: _counts(y, y_hat, n).diag(), "Bạn trả về số ảnh đoán đúng của từng lớp; cần cả ma trận.",
         "You returned how many pictures of each class were predicted right; the whole matrix is wanted."),
        (lambda y, y_hat, n: _counts(y, y_hat, n).fill_diagonal_(0), "Bạn bỏ những ảnh đoán đúng; chúng được đếm trên đường chéo.",
         "You left out the pictures that were predicted right; they are counted on the diagonal."),
        (lambda y, y_hat, n: _counts(y, y_hat, n).roll((-1, -1), (0, 1)), "Mọi số lệch đi một hàng và một cột: nhãn đếm từ 0, nên không trừ 1.",
         "Every number is one row and one column off: labels count from 0, so do not subtract 1."),
        (lambda y, y_hat, n: _counts(y, y_hat, n) + _counts(y, y_hat, n).T, "Mỗi ảnh được đếm hai lần, ở hàng i cột j và ở hàng j cột i; chỉ ô thứ nhất là đúng.",
         "You counted each picture twice, in row i, column j and in row j, column i; only the first is right."),
        (lambda y, y_hat, n: _counts(y, y_hat, n)[:1 + max(y.max(), y_hat.max()), :1 + max(y.max(), y_hat.max())],
         "Ma trận phải có `num_classes` hàng và cột, kể cả khi lớp cuối không có ảnh nào.",
         "The matrix must have `num_classes` rows and columns, even if there is no picture of the last class."),
    ],
    why=("Mỗi ảnh cộng 1 vào ô ở hàng của lớp thật và cột của lớp được đoán. Trên đường chéo là những ảnh đoán đúng; tổng của một hàng là số ảnh của lớp ấy.",
         "Each picture adds 1 to the cell in the row of its true class and the column of the predicted one. Pictures predicted right are on the diagonal; a row adds up to the pictures of its class."),
)
def confusion(y: Tensor, y_hat: Tensor, num_classes: int) -> Tensor:
    counts = torch.zeros(num_classes, num_classes, dtype=torch.long)
    for i in range(len(y)):
        counts[y[i], y_hat[i]] += 1
    return counts


quiz = Quiz(CHAPTER, [
    Question(("Trong gần suốt epoch đầu, mất mát đứng ở khoảng 2,30 với mười lớp trang phục. Điều đó cho biết gì?",
              "During most of the first epoch the loss stays at about 2.30, with ten classes of garments. What does this say?"), [
        Choice(("Mạng luôn đoán cùng một lớp với xác suất gần 1.", "The network always guesses one class, with a probability near 1."),
               ("Khi ấy chín phần mười số ảnh bị đoán sai, xác suất gán cho lớp đúng gần bằng 0, nên mất mát phải lớn hơn 2,30 rất nhiều.",
                "Nine tenths of the pictures would then be guessed wrong with a probability near 0 for the right class, and the loss would be far above 2.30.")),
        Choice(("Mạng chia xác suất gần đều cho mười lớp, bất kể ảnh nào.", "The network spreads its probability almost evenly over ten classes, whatever the picture."),
               ("Xác suất của lớp đúng là 0,1, nên mất mát là −ln 0,1, khoảng 2,30.",
                "The right class has the probability 0.1, so the loss is −ln 0.1, about 2.30."), right=True),
        Choice(("Độ chính xác của mạng là 2,30%.", "The accuracy of the network is 2.30%."),
               ("Mất mát không phải là phần trăm. Đoán bừa giữa mười lớp thì đúng khoảng 10%.",
                "A loss is no percentage. Guessing among ten classes is right about 10% of the time.")),
    ]),
    Question(("Một tầng tích chập có 10 hạt nhân 3 × 3 trên ảnh màu 32 × 32. Nếu ảnh to lên thành 64 × 64 thì số tham số của tầng thay đổi thế nào?",
              "A convolutional layer has 10 kernels of 3 × 3 on colour pictures of 32 × 32. How do its parameters change when the pictures become 64 × 64?"), [
        Choice(("Vẫn là 280.", "There are 280 as before."),
               ("10 · (3 · 3 · 3 + 1) = 280. Mọi vị trí dùng chung các hạt nhân, nên kích thước ảnh không có trong công thức (6.2).",
                "10 · (3 · 3 · 3 + 1) = 280. All positions share the kernels, so the size of the picture does not occur in formula (6.2)."), right=True),
        Choice(("Tăng gấp bốn, vì số điểm ảnh tăng gấp bốn.", "Four times as many, as there are four times as many pixels."),
               ("Bản đồ đặc trưng có nhiều giá trị hơn khoảng bốn lần, nhưng vẫn do mười hạt nhân ấy tính ra.",
                "The feature maps hold about four times as many values, but the same ten kernels compute them all.")),
        Choice(("Tăng gấp đôi, vì cạnh của ảnh tăng gấp đôi.", "Twice as many, as the side of the picture doubles."),
               ("Cạnh của ảnh quyết định số vị trí của cửa sổ, không quyết định số trọng số trong cửa sổ.",
                "The side decides how many positions the window has, not how many weights are in the window.")),
    ]),
    Question(("Gộp cực đại với cửa sổ 3 × 3, sải bước 2, không đệm, trên bản đồ 12 × 12. Đầu ra có cạnh bao nhiêu?",
              "Max pooling with a window of 3 × 3, stride 2, no padding, on a map of 12 × 12. What is the side of the output?"), [
        Choice(("6", "6"), ("Cửa sổ 2 × 2 với sải bước 2 thì chia đôi như thế. Ở đây cửa sổ rộng 3 mà không đệm: vị trí thứ sáu bắt đầu ở cột 11, nên cửa sổ lọt ra ngoài.",
                            "A window of 2 × 2 with stride 2 halves like that. Here the window is 3 wide and there is no padding: a sixth position would begin at column 11 and hang outside.")),
        Choice(("5,5", "5.5"), ("`(12 - 3) / 2 + 1` bằng 5,5, nhưng số vị trí là số nguyên: hãy làm tròn xuống.",
                                "`(12 - 3) / 2 + 1` is 5.5, but the number of positions is whole: round down.")),
        Choice(("5", "5"), ("Cửa sổ bắt đầu ở cột 1, 3, 5, 7 và 9; cột cuối cùng bị bỏ lại.",
                            "The window begins at columns 1, 3, 5, 7 and 9; the last column is left over."), right=True),
    ]),
    Question(("Một tầng kết nối đầy đủ có 1 000 nút đi ra. Số điểm ảnh đi vào tăng gấp đôi thì số trọng số tăng thế nào?",
              "A fully connected layer has 1 000 outgoing units. When twice as many pixels enter, how does the number of weights grow?"), [
        Choice(("Theo hàm mũ.", "Exponentially."),
               ("Theo hàm mũ nghĩa là cứ thêm một điểm ảnh, số trọng số lại được nhân với cùng một số lớn hơn 1. Ở đây mỗi điểm ảnh chỉ cộng thêm 1 000 trọng số.",
                "Exponential growth means that each additional pixel multiplies the number by the same factor above 1. Here each pixel only adds 1 000 weights.")),
        Choice(("Gấp bốn.", "Fourfold."),
               ("Gấp bốn nếu cả số đi vào lẫn số đi ra cùng gấp đôi; ở đây số nút đi ra giữ nguyên.",
                "It would be fourfold if inputs and outputs both doubled; here the outputs stay.")),
        Choice(("Gấp đôi.", "Twofold."),
               ("Số trọng số là tích của số đi vào và số đi ra; một thừa số gấp đôi thì tích gấp đôi.",
                "The number of weights is the product of inputs and outputs; when one factor doubles, so does the product."), right=True),
    ]),
    Question(("Vì sao với sigmoid, khác biệt giữa các ảnh co lại sau mỗi tầng của mạng vừa khởi tạo?",
              "Why, with the sigmoid, do the differences between pictures shrink from layer to layer in a fresh network?"), [
        Choice(("Vì độ dốc của sigmoid không bao giờ quá 0,25.", "Because the slope of the sigmoid is never above 0.25."),
               ("Qua mỗi sigmoid, một khác biệt chỉ còn không quá một phần tư, và trọng số ban đầu không đủ lớn để bù lại.",
                "Each sigmoid leaves at most a quarter of a difference, and the initial weights do not make up for that."), right=True),
        Choice(("Vì sigmoid biến mọi số âm thành 0.", "Because the sigmoid turns every negative number into 0."),
               ("Hàm làm thế là ReLU. Sigmoid đưa số âm về khoảng từ 0 đến 0,5.",
                "That is what ReLU does. The sigmoid brings negative numbers into the range from 0 to 0.5.")),
        Choice(("Vì tốc độ học quá nhỏ.", "Because the learning rate is too small."),
               ("Mạng vừa khởi tạo chưa học bước nào, nên tốc độ học chưa có vai trò gì.",
                "A fresh network has not taken a single step, so the learning rate plays no part yet.")),
    ]),
])
