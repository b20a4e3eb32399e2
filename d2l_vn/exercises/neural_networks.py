"""Chapter 01: a neuron, its boundary, parameters, a layer in matrices, nn.Linear as one matrix, a whole network; and the quiz."""

import math
from collections.abc import Callable
from itertools import pairwise
from random import Random
from typing import Any

import torch
from torch import Tensor

from .engine import exercise
from .quiz import Choice, Question, Quiz

CHAPTER = "01-neural-networks"


def _matrix(random: Random, *shape: int) -> Any:
    """Return nested lists of quarters, none whole or 0: ``torch.tensor`` makes real numbers of them, copied or not."""
    if not shape:
        return random.choice((-1, 1)) * random.choice((0.25, 0.5, 0.75, 1.25, 1.5))
    return [_matrix(random, *shape[1:]) for _ in range(shape[0])]


# One neuron


def _neurons(random: Random) -> list[Any]:
    small = [([2.0], [1.5], -1.0), ([2.0, 1.0], [0.5, 1.0], -1.0), ([2.0, 1.0], [-1.0, 0.5], 0.25), ([1.0, 3.0], [2.0, -1.0], 0.5)]
    return small + [(_matrix(random, n), _matrix(random, n), _matrix(random)) for n in (2, 3, 3, 4, 4, 5)]


def _sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def _sum(x: list[float], w: list[float]) -> float:
    return sum(w_i * x_i for w_i, x_i in zip(w, x, strict=True))


@exercise(
    "01-neuron",
    cases=_neurons,
    hints=[
        ("Làm trước trên giấy với `neuron([2, 1], [0.5, 1], -1)`: tổng có trọng số là mấy, cộng hệ số điều chỉnh thì được mấy?",
         "First do `neuron([2, 1], [0.5, 1], -1)` on paper: what is the weighted sum, and what does it become with the bias?"),
        ("Bắt đầu `z` từ hệ số điều chỉnh, rồi dùng vòng lặp `for i in range(len(x))`: mỗi vòng cộng thêm một tích vào `z`.",
         "Start `z` at the bias, then use a loop `for i in range(len(x))` that adds one product to `z` each time."),
        ("Sigmoid chỉ áp dụng một lần, sau vòng lặp. `math.exp(-z)` tính e mũ −z; mẫu số có hai số hạng nên cần ngoặc.",
         "The sigmoid comes once, after the loop. `math.exp(-z)` is e to the power of −z; the denominator has two terms and needs brackets."),
    ],
    wrong=[
        (lambda x, w, b: _sum(x, w) + b, "Bạn trả về z, tức là chưa qua sigmoid.", "You returned z, which has not been through the sigmoid yet."),
        (lambda x, w, b: _sigmoid(_sum(x, w)), "Bạn quên hệ số điều chỉnh `b`.", "You forgot the bias `b`."),
        (lambda x, w, b: _sum(x, w), "Bạn mới có tổng có trọng số: còn thiếu hệ số điều chỉnh `b` và sigmoid.",
         "You only have the weighted sum: the bias `b` and the sigmoid are missing."),
        (lambda x, w, b: _sigmoid(_sum(x, w)) + b, "Bạn cộng `b` sau khi đã qua sigmoid; `b` thuộc về z.",
         "You added `b` after the sigmoid; `b` belongs to z."),
        (lambda x, w, b: _sigmoid(_sum(x, w) + len(x) * b), "Bạn cộng `b` một lần cho mỗi đầu vào; mỗi nơ-ron chỉ có một hệ số điều chỉnh.",
         "You added `b` once for each input; a neuron has only one bias."),
        (lambda x, w, b: _sigmoid(_sum(x, w) + 2 * b), "Bạn cộng `b` hai lần.", "You added `b` twice."),
        (lambda x, w, b: _sigmoid(-_sum(x, w) - b), "Kết quả của bạn giảm khi z tăng; sigmoid thì tăng theo z. Hãy xem lại dấu của số mũ.",
         "Your result falls as z grows, but the sigmoid rises. Look at the sign of the exponent."),
        (lambda x, w, b: 1 / 1 + math.exp(-_sum(x, w) - b), "Kết quả lớn hơn 1: trong `1 / 1 + math.exp(-z)`, phép chia được làm trước phép cộng.",
         "The result is above 1: in `1 / 1 + math.exp(-z)` the division comes before the addition."),
        (lambda x, w, b: _sigmoid(w[0] * x[0] + b), "Bạn chỉ dùng đầu vào đầu tiên: có `return` nào nằm trong vòng lặp không?",
         "You used the first input only: is there a `return` inside the loop?"),
        (lambda x, w, b: _sigmoid(w[-1] * x[-1] + b), "Bạn chỉ dùng đầu vào cuối cùng: có phép gán `=` nào lẽ ra là `+=` không?",
         "You used the last input only: is there an `=` that should be `+=`?"),
        (lambda x, w, b: _sigmoid(sum(w) * sum(x) + b), "Bạn nhân tổng các trọng số với tổng các đầu vào; mỗi đầu vào có trọng số riêng.",
         "You multiplied the sum of the weights by the sum of the inputs; each input has a weight of its own."),
        (lambda x, w, b: _sigmoid(sum(w) + sum(x) + b), "Bạn cộng trọng số với đầu vào; chúng phải được nhân với nhau.",
         "You added weights and inputs; they are to be multiplied."),
        (lambda x, w, b: sum(_sigmoid(w_i * x_i) for w_i, x_i in zip(w, x, strict=True)) + b,
         "Bạn cho từng tích qua sigmoid rồi mới cộng; sigmoid chỉ áp dụng một lần, cho cả tổng.",
         "You put each product through the sigmoid before adding; it is applied only once, to the whole sum."),
        (lambda x, w, b: _sum(x, w) + b > 0, "Bạn chỉ trả lời z có dương hay không; sigmoid cho một số nằm giữa 0 và 1.",
         "You only say whether z is positive; the sigmoid gives a number between 0 and 1."),
        (lambda x, w, b: math.tanh(_sum(x, w) + b), "Bạn dùng tanh, cho giá trị từ −1 đến 1; ở đây là sigmoid.",
         "You used tanh, whose values lie between −1 and 1; here it is the sigmoid."),
        (lambda x, w, b: [w_i * x_i for w_i, x_i in zip(w, x, strict=True)], "Bạn trả về danh sách các tích; một nơ-ron chỉ cho ra một số.",
         "You returned the list of products; a neuron gives just one number."),
    ],
    why=("Bắt đầu `z` từ `b` thì hệ số điều chỉnh được cộng đúng một lần, dù có bao nhiêu đầu vào. Với x = (2; 1), trọng số (0,5; 1) và `b` bằng −1, ta được z = 1 và ŷ ≈ 0,7311: "
         "đó là nút ẩn đầu tiên của mạng tính tay trong chương này.",
         "As `z` starts at `b`, the bias is added just once, however many inputs there are. With x = (2, 1), weights (0.5, 1) and `b` equal to −1, z = 1 and ŷ ≈ 0.7311: "
         "the first hidden unit of the network that this chapter computes by hand."),
)
def neuron(x: list[float], w: list[float], b: float) -> float:
    z = b
    for i in range(len(x)):
        z = z + w[i] * x[i]
    return 1 / (1 + math.exp(-z))


# Its boundary


def _lines(random: Random) -> list[Any]:
    small = [(-3, 1, 2, 1), (1, 2, 4, 1), (2, -1, -4, 3), (-1, 2, 1, 0)]
    return small + [tuple(random.choice((-1, 1)) * (random.randint(1, 8) + 0.5) for _ in range(4)) for _ in range(10)]


@exercise(
    "01-boundary",
    cases=_lines,
    hints=[
        ("Sigmoid bằng 0,5 khi z bằng bao nhiêu? Hãy nhìn lại bảng giá trị của nó.", "For which z is the sigmoid 0.5? Look at its table of values again."),
        ("Viết điều kiện ấy thành một phương trình theo `x2`, vì mọi số khác đều đã biết.",
         "Write this condition as an equation for `x2`, as all other numbers are known."),
        ("Làm trên giấy với `boundary(-3, 1, 2, 1)`: −3 + 1 · 1 + 2 · x2 = 0. Chuyển vế rồi chia; sau đó thay các con số bằng tên.",
         "On paper, with `boundary(-3, 1, 2, 1)`: −3 + 1 · 1 + 2 · x2 = 0. Take terms to the other side and divide; then put names for the numbers."),
    ],
    wrong=[
        (lambda w0, w1, w2, x1: (w0 + w1 * x1) / w2, "Sai dấu: một số hạng chuyển sang vế kia thì đổi dấu.",
         "The sign is wrong: a term that goes to the other side changes its sign."),
        (lambda w0, w1, w2, x1: -w1 * x1 / w2, "Bạn quên `w0`: đường biên không nhất thiết đi qua gốc tọa độ.",
         "You forgot `w0`: the boundary need not go through the origin."),
        (lambda w0, w1, w2, x1: -w0 / w2, "Kết quả của bạn không phụ thuộc vào `x1`: đó là chỗ đường thẳng cắt trục tung.",
         "Your result does not depend on `x1`: this is where the line crosses the vertical axis."),
        (lambda w0, w1, w2, x1: -w1 / w2, "Bạn trả về hệ số góc của đường thẳng; cần `x2` của điểm có hoành độ `x1`.",
         "You returned the slope of the line; the `x2` of the point at `x1` is wanted."),
        (lambda w0, w1, w2, x1: -(w0 + w1 * x1), "Bạn quên rằng `x2` còn được nhân với `w2`.", "You forgot that `x2` is multiplied by `w2`."),
        (lambda w0, w1, w2, x1: -(w0 + w1 * x1) * w2, "Bạn nhân với `w2` chứ không chia cho nó.", "You multiplied by `w2` and did not divide by it."),
        (lambda w0, w1, w2, x1: (0.5 - w0 - w1 * x1) / w2, "Bạn cho z bằng 0,5; nhưng 0,5 là ŷ, tức là giá trị sau sigmoid.",
         "You set z to 0.5; but 0.5 is ŷ, the value after the sigmoid."),
        (lambda w0, w1, w2, x1: (1 - w0 - w1 * x1) / w2, "Bạn cho z bằng 1; ở đó ŷ đã lớn hơn 0,5.",
         "You set z to 1; there ŷ is already above 0.5."),
        (lambda w0, w1, w2, x1: -w0 - w1 * x1 / w2, "Thiếu ngoặc: bạn chỉ chia số hạng cuối cho `w2`, còn `w0` thì không.",
         "Brackets are missing: you divided only the last term by `w2`, but not `w0`."),
        (lambda w0, w1, w2, x1: (-w0 + w1 * x1) / w2, "Chỉ có `w0` đổi dấu; tích `w1 * x1` cũng sang vế kia.",
         "Only `w0` changed its sign; the product `w1 * x1` goes to the other side as well."),
        (lambda w0, w1, w2, x1: (w0 - w1 * x1) / w2, "`w0` chưa đổi dấu, dù cũng sang vế kia.",
         "`w0` has kept its sign, though it goes to the other side as well."),
        (lambda w0, w1, w2, x1: -(w0 + w2 * x1) / w1, "Bạn đổi chỗ `w1` và `w2`: `x1` đi với `w1`, còn `x2` đi với `w2`.",
         "You exchanged `w1` and `w2`: `x1` goes with `w1`, and `x2` with `w2`."),
        (lambda w0, w1, w2, x1: -(w0 + w1 * x1) // w2, "Bạn làm tròn xuống: phép `//` bỏ phần thập phân.",
         "You rounded down: `//` drops what stands after the decimal point."),
        (lambda w0, w1, w2, x1: w0 + w1 * x1, "Bạn trả về z tại điểm có `x2` bằng 0; cần tìm `x2` để z bằng 0.",
         "You returned z at the point where `x2` is 0; the `x2` that makes z equal to 0 is wanted."),
    ],
    why=("ŷ = 0,5 đúng khi z = 0, vì e mũ 0 bằng 1. Giải w0 + w1 · x1 + w2 · x2 = 0 theo `x2` là xong. Kết quả là một hàm bậc nhất của `x1`, "
         "nên đường biên của một nơ-ron là một đường thẳng.",
         "ŷ = 0.5 just when z = 0, as e to the power of 0 is 1. It remains to solve w0 + w1 · x1 + w2 · x2 = 0 for `x2`. The result is a linear function of `x1`, "
         "so the boundary of a neuron is a straight line."),
)
def boundary(w0: float, w1: float, w2: float, x1: float) -> float:
    return -(w0 + w1 * x1) / w2


# Parameters


def _networks(random: Random) -> list[Any]:
    return [(sizes,) for sizes in ([2, 1], [2, 3, 1], [1, 4, 2], [784, 10], [3, 5, 4, 2])] + [
        ([random.randint(2, 40) for _ in range(random.randint(3, 5))],) for _ in range(8)]


def _counted(count: Callable[[int, int], int], layers: slice = slice(None)) -> Any:
    """Add up what is counted in each layer from its inputs and its units, or in some of the layers only."""
    return lambda sizes: sum(count(m, h) for m, h in list(pairwise(sizes))[layers])


@exercise(
    "01-count-parameters",
    cases=_networks,
    hints=[
        ("Mạng `[2, 3, 1]` có mấy tầng có trọng số? Với từng tầng, hãy viết ra kích thước của W và của b.",
         "How many layers of the network `[2, 3, 1]` have weights? For each of them, write down the shapes of W and of b."),
        ("Một tầng có m giá trị đi vào và h nút thì W có m hàng, h cột, còn b có h số.",
         "A layer with m values entering and h units has a W of m rows and h columns, and a b of h numbers."),
        ("Dùng vòng lặp trên `i` từ 1: tầng thứ `i` nhận `sizes[i - 1]` giá trị và có `sizes[i]` nút.",
         "Use a loop over `i` from 1: layer number `i` takes `sizes[i - 1]` values and has `sizes[i]` units."),
    ],
    wrong=[
        (_counted(lambda m, h: m * h), "Bạn quên các hệ số điều chỉnh.", "You forgot the biases."),
        (_counted(lambda m, h: m * h + m), "Bạn đếm mỗi giá trị đi vào một hệ số điều chỉnh; chúng thuộc về các nút của tầng.",
         "You counted one bias for each value that enters; biases belong to the units of the layer."),
        (_counted(lambda m, h: m * h + 1), "Bạn chỉ đếm một hệ số điều chỉnh cho cả tầng; mỗi nút có một hệ số riêng.",
         "You counted a single bias for the whole layer; each unit has its own."),
        (_counted(lambda m, h: m * h + m + h), "Bạn cộng cả số giá trị đi vào lẫn số nút; chỉ mỗi nút có một hệ số điều chỉnh.",
         "You added both the values that enter and the units; only units have a bias, one each."),
        (lambda sizes: _counted(lambda m, h: m * h)(sizes) + sum(sizes), "Bạn cho cả các đầu vào của mạng hệ số điều chỉnh; ở đó không có gì được tính.",
         "You gave biases to the inputs of the network, too; nothing is computed there."),
        (lambda sizes: sum(sizes), "Bạn đếm các nút; tham số là trọng số và hệ số điều chỉnh.",
         "You counted units; the parameters are weights and biases."),
        (lambda sizes: sum(sizes[1:]), "Bạn chỉ đếm các hệ số điều chỉnh, còn thiếu trọng số.", "You counted only the biases; the weights are missing."),
        (lambda sizes: math.prod(sizes), "Bạn nhân mọi số với nhau; các tầng thì cộng lại, vì mỗi tầng có trọng số riêng.",
         "You multiplied all the numbers; layers add up, as each has weights of its own."),
        (_counted(lambda m, h: (m + 1) * h, slice(1)), "Bạn chỉ đếm tầng đầu tiên: có `return` nào nằm trong vòng lặp không?",
         "You counted the first layer only: is there a `return` inside the loop?"),
        (_counted(lambda m, h: (m + 1) * h, slice(-1, None)), "Bạn chỉ đếm tầng cuối cùng: có phép gán `=` nào lẽ ra là `+=` không?",
         "You counted the last layer only: is there an `=` that should be `+=`?"),
        (_counted(lambda m, h: (m + 1) * h, slice(0, -1)), "Bạn bỏ sót tầng đầu ra.", "You left out the output layer."),
        (_counted(lambda m, h: (m + 1) * h, slice(1, None)), "Bạn bỏ sót tầng có trọng số đầu tiên; chỉ tầng đầu vào là không có tham số.",
         "You left out the first layer with weights; only the input layer has no parameters."),
        (lambda sizes: sum((sizes[0] + 1) * h for h in sizes[1:]), "Bạn cho mọi tầng nhận thẳng đầu vào của mạng; mỗi tầng nhận giá trị của tầng trước.",
         "You let every layer take the input of the network; each takes the values of the layer before."),
    ],
    why=("Một tầng có m giá trị đi vào và h nút thì có m · h trọng số và h hệ số điều chỉnh, tức là (m + 1) · h tham số. Mạng `[2, 3, 1]` có 9 + 4 = 13, "
         "còn bộ phân loại `[784, 10]` của chương 00 có 7 850.",
         "A layer with m values entering and h units has m · h weights and h biases, which makes (m + 1) · h parameters. The network `[2, 3, 1]` has 9 + 4 = 13, "
         "and the classifier `[784, 10]` of chapter 00 has 7 850."),
)
def count_parameters(sizes: list[int]) -> int:
    total = 0
    for i in range(1, len(sizes)):
        total = total + (sizes[i - 1] + 1) * sizes[i]
    return total


# A layer


def _layers(random: Random) -> list[Any]:
    """Return batches with a layer for each; (examples, inputs, units) mostly differ, so that no shape fits by chance."""
    small = [([[1.5]], [[0.5]], [0.25]), ([[1.5, -0.5]], [[0.5], [1.25]], [-0.25]),
             ([[0.5, 1.5]], [[0.5, -1.5, 1.25], [1.25, 0.5, -0.5]], [-1.0, 0.0, 0.5]),
             ([[0.5, 1.5], [-0.5, 2.5]], [[0.5, -1.5], [1.25, 0.5]], [0.5, -1.0])]
    shapes = [(3, 2, 1), (4, 2, 3)] + [(random.randint(2, 5), random.randint(2, 4), random.randint(2, 4)) for _ in range(8)]
    return small + [(_matrix(random, n, m), _matrix(random, m, h), _matrix(random, h)) for n, m, h in shapes]


@exercise(
    "01-layer",
    cases=_layers,
    tensors="X W b",
    hints=[
        ("Tính kích thước trước: `X` là N × m, `W` là m × h. Tích ma trận của chúng có mấy hàng, mấy cột, và `b` dài bao nhiêu?",
         "Shapes first: `X` is N × m, `W` is m × h. How many rows and columns has their matrix product, and how long is `b`?"),
        ("`A @ B` là tích ma trận, `A * B` nhân từng phần tử. Một vector cộng vào một ma trận thì được cộng vào từng hàng.",
         "`A @ B` is the matrix product, `A * B` multiplies element by element. A vector added to a matrix is added to each row."),
        ("`torch.sigmoid` nhận cả một tensor và áp dụng sigmoid cho từng số.",
         "`torch.sigmoid` takes a whole tensor and applies the sigmoid to each number."),
    ],
    wrong=[
        (lambda X, W, b: X @ W + b, "Bạn trả về Z, tức là giá trị trước sigmoid.", "You returned Z, the values before the sigmoid."),
        (lambda X, W, b: torch.sigmoid(X @ W), "Bạn quên hệ số điều chỉnh `b`.", "You forgot the bias `b`."),
        (lambda X, W, b: X @ W, "Bạn mới có tích ma trận: còn thiếu `b` và sigmoid.",
         "You only have the matrix product: `b` and the sigmoid are missing."),
        (lambda X, W, b: torch.sigmoid(X @ W) + b, "Bạn cộng `b` sau sigmoid; `b` thuộc về Z.", "You added `b` after the sigmoid; `b` belongs to Z."),
        (lambda X, W, b: torch.sigmoid(X @ (W + b)), "Bạn cộng `b` vào `W`, nên nó bị nhân với dữ liệu.",
         "You added `b` to `W`, and so it gets multiplied by the data."),
        (lambda X, W, b: torch.sigmoid(X @ W + 2 * b), "Bạn cộng `b` hai lần.", "You added `b` twice."),
        (lambda X, W, b: torch.sigmoid(X @ W + X.shape[1] * b), "Bạn cộng `b` một lần cho mỗi đầu vào; mỗi nút chỉ cộng một lần.",
         "You added `b` once for each input; each unit adds it only once."),
        (lambda X, W, b: torch.sigmoid(X @ W + b[0]), "Bạn dùng hệ số điều chỉnh của nút đầu cho mọi nút; nút thứ j có `b[j]`.",
         "You used the bias of the first unit for all units; unit j has `b[j]`."),
        (lambda X, W, b: torch.sigmoid(X @ W + b.sum()), "Bạn cộng mọi hệ số điều chỉnh vào từng nút; nút thứ j chỉ có `b[j]`.",
         "You added all biases to every unit; unit j has `b[j]` alone."),
        (lambda X, W, b: torch.sigmoid(-(X @ W) - b), "Kết quả của bạn giảm khi Z tăng; sigmoid thì tăng theo Z. Hãy xem lại dấu của số mũ.",
         "Your result falls as Z grows, but the sigmoid rises. Look at the sign of the exponent."),
        (lambda X, W, b: 1 / 1 + torch.exp(-(X @ W) - b), "Kết quả lớn hơn 1: trong `1 / 1 + torch.exp(-Z)`, phép chia được làm trước phép cộng.",
         "The results are above 1: in `1 / 1 + torch.exp(-Z)` the division comes before the addition."),
        (lambda X, W, b: torch.sigmoid(X @ W + b).T, "Hàng và cột đổi chỗ cho nhau: mỗi hàng phải là một mẫu.",
         "Rows and columns have changed places: each row is to be an example."),
        (lambda X, W, b: torch.sigmoid(X @ W + b)[0], "Bạn chỉ trả về một hàng, của mẫu đầu tiên; cần một ma trận, mỗi hàng một mẫu.",
         "You returned a single row, that of the first example; a matrix is wanted, with a row for each example."),
        (lambda X, W, b: torch.sigmoid(X @ W + b)[:, 0], "Bạn chỉ trả về giá trị của nút đầu tiên; cần một ma trận, mỗi cột một nút.",
         "You returned the values of the first unit only; a matrix is wanted, with a column for each unit."),
        (lambda X, W, b: torch.sigmoid(X[:, :1] @ W[:1] + b), "Bạn chỉ dùng đầu vào đầu tiên của mỗi mẫu.",
         "You used only the first input of each example."),
    ],
    why=("Tích ma trận làm một lúc mọi tổng có trọng số: ô ở hàng i, cột j là mẫu thứ i qua nút thứ j. `b` có h số nên được cộng vào từng hàng, rồi sigmoid áp dụng cho từng ô.",
         "The matrix product does all the weighted sums at once: the entry in row i, column j is example i at unit j. As `b` has h numbers, it is added to each row; then the sigmoid is applied to each entry."),
)
def layer(X: Tensor, W: Tensor, b: Tensor) -> Tensor:
    Z = X @ W + b
    return torch.sigmoid(Z)


# What nn.Linear stores, as one matrix


def _linears(random: Random) -> list[Any]:
    small = [([[1.5, 2.0]], [0.5]), ([[1.5], [2.0]], [0.5, -1.0]), ([[0.5, 1.0], [-1.0, 2.0]], [0.25, 3.0])]
    sizes = [(3, 2), (1, 3), (2, 4), *((random.randint(2, 5), random.randint(2, 5)) for _ in range(8))]
    return small + [(_matrix(random, h, m), _matrix(random, h)) for h, m in sizes]


def _over(top: Tensor, bottom: Tensor) -> Tensor:
    """Lay one over the other, a vector as a row."""
    return torch.vstack([top, bottom])


@exercise(
    "01-one-matrix",
    cases=_linears,
    tensors="weight bias",
    hints=[
        ("Nhân hàng (1, x1, …, xm) với cột j của ma trận cần tìm, viết ra từng số hạng. Số nào của cột ấy được nhân với 1?",
         "Multiply the row (1, x1, …, xm) by column j of the matrix you look for, term by term. Which number of the column is multiplied by 1?"),
        ("Hàng j của `weight` chứa trọng số của nút j; ở kết quả, chúng phải nằm trên cột j. `A.T` là ma trận chuyển vị của `A`.",
         "Row j of `weight` holds the weights of unit j; in the result they must stand in column j. `A.T` is the transpose of `A`."),
        ("`bias` là một vector; `v.reshape(1, -1)` biến vector `v` thành ma trận một hàng. `torch.cat([A, B])` đặt các hàng của `A` lên trên các hàng của `B`.",
         "`bias` is a vector; `v.reshape(1, -1)` makes a matrix of one row from a vector `v`. `torch.cat([A, B])` puts the rows of `A` on top of the rows of `B`."),
    ],
    wrong=[
        (lambda weight, bias: _over(bias, weight.T).T, "Mỗi hàng của bạn là một nút, như cách PyTorch lưu; ở đây mỗi cột là một nút.",
         "Each of your rows is a unit, as PyTorch stores it; here each column is a unit."),
        (lambda weight, bias: _over(weight.T, bias), "Các hệ số điều chỉnh của bạn ở hàng cuối; nhưng số 1 đứng đầu trong (1, x1, …, xm).",
         "Your biases are in the last row; but in (1, x1, …, xm) the 1 comes first."),
        (lambda weight, bias: _over(weight.T, bias).T, "Mỗi hàng của bạn là một nút, và hệ số điều chỉnh đứng cuối; ở đây mỗi cột là một nút, và số 1 đứng đầu.",
         "Each of your rows is a unit, with its bias last; here each column is a unit, and the 1 comes first."),
        (lambda weight, bias: weight.T, "Bạn quên các hệ số điều chỉnh.", "You forgot the biases."),
        (lambda weight, bias: weight, "Bạn trả về `weight` như PyTorch lưu: chưa chuyển vị, và chưa có hệ số điều chỉnh.",
         "You returned `weight` as PyTorch stores it: not transposed, and without the biases."),
        (lambda weight, bias: _over(torch.ones_like(bias), weight.T), "Bạn thêm một hàng số 1 vào trọng số. Số 1 được thêm vào dữ liệu; thứ được thêm vào trọng số là các hệ số điều chỉnh.",
         "You added a row of ones to the weights. Ones are added to the data; what the weights get is the biases."),
        (lambda weight, bias: _over(torch.ones_like(bias), weight.T).T, "Bạn thêm một cột số 1 vào `weight`. Số 1 được thêm vào dữ liệu; thứ được thêm vào trọng số là các hệ số điều chỉnh.",
         "You added a column of ones to `weight`. Ones are added to the data; what the weights get is the biases."),
        (lambda weight, bias: weight.T + bias, "Bạn cộng hệ số điều chỉnh vào trọng số, nên chúng bị nhân với dữ liệu; chúng phải là một hàng riêng.",
         "You added the biases to the weights, and so they get multiplied by the data; they are a row of their own."),
        (lambda weight, bias: _over(bias, weight.reshape(weight.shape[1], weight.shape[0])),
         "Kích thước đúng nhưng thứ tự sai: `reshape` đọc các số theo từng hàng rồi xếp lại, nó không chuyển vị.",
         "The shape is right, but not the order: `reshape` reads the numbers row by row and lays them out again; it does not transpose."),
        (lambda weight, bias: _over(bias, _over(bias, weight.T)), "Hàng hệ số điều chỉnh có mặt hai lần.",
         "The row of biases is there twice."),
    ],
    why=("Cột j của ma trận này là hệ số điều chỉnh rồi đến các trọng số của nút j, nên (1, x1, …, xm) nhân với nó đúng bằng z của nút ấy. "
         "Ở đây hệ số điều chỉnh là trọng số của số 1. Vì vậy không cộng `bias` thêm lần nữa: làm thế là có nó hai lần.",
         "Column j of this matrix is the bias of unit j followed by its weights, so (1, x1, …, xm) times it is just the z of that unit. "
         "Here the bias is the weight of the 1. So `bias` is not added once more: that would be to have it twice."),
)
def one_matrix(weight: Tensor, bias: Tensor) -> Tensor:
    W = weight.T
    return torch.cat([bias.reshape(1, -1), W])


# A whole network


def _forwards(random: Random) -> list[Any]:
    """Return batches, each with a network of one to four layers."""
    small = [([[0.5]], [[[[1.5]], [-0.25]]]), ([[0.5]], [[[[1.5]], [-0.25]], [[[-0.5]], [0.75]]])]
    networks = [[2, 1], [2, 3, 1], [2, 3, 2], [3, 1, 4, 2]]
    networks += [[random.randint(1, 4) for _ in range(random.randint(3, 5))] for _ in range(9)]
    return small + [
        (_matrix(random, random.randint(1, 3), sizes[0]),
         [[_matrix(random, m, h), _matrix(random, h)] for m, h in pairwise(sizes)])
        for sizes in networks]


def _step(A: Tensor, W: Tensor, b: Tensor) -> Tensor:
    return torch.sigmoid(A @ W + b)


def _values(X: Tensor, layers: Any, step: Any = _step, last: Any = None) -> list[Tensor]:
    """Return the input and what each layer makes of it, one thing done differently in each layer or in the last."""
    values = [X]
    for i, (W, b) in enumerate(layers, 1):
        do = last if last and i == len(layers) else step
        values.append(do(values[-1], torch.tensor(W), torch.tensor(b)))
    return values


def _linear(A: Tensor, W: Tensor, b: Tensor) -> Tensor:
    return A @ W + b


@exercise(
    "01-forward",
    cases=_forwards,
    tensors="X",
    hints=[
        ("Đầu ra của tầng này là đầu vào của tầng sau. Giữ nó trong một biến `A`, lúc đầu chính là `X`, rồi gán lại ở mỗi vòng.",
         "What leaves one layer enters the next. Keep it in a variable `A`, which is `X` at first, and assign to it again each time."),
        ("`for W, b in layers:` lấy ra từng cặp. Cả hai còn là danh sách, nên trước khi nhân, hãy đổi thành tensor bằng `torch.tensor(W)`.",
         "`for W, b in layers:` takes out pair after pair. Both are still lists, so turn them into tensors with `torch.tensor(W)` before you multiply."),
        ("Trong vòng lặp là đúng phép tính của một tầng, như ở bài 4. `return` phải nằm ngoài vòng lặp.",
         "Inside the loop is just what one layer computes, as in exercise 4. The `return` stands outside the loop."),
    ],
    wrong=[
        (lambda X, layers: _values(X, layers, _linear)[-1], "Bạn quên sigmoid ở mọi tầng; khi ấy cả mạng chỉ còn là một tầng.",
         "You forgot the sigmoid in every layer; the whole network is then no more than a single layer."),
        (lambda X, layers: _values(X, layers, last=_linear)[-1], "Tầng cuối thiếu sigmoid: bạn trả về Z của nó.",
         "The last layer lacks its sigmoid: you returned its Z."),
        (lambda X, layers: _values(X, layers, _linear, _step)[-1], "Bạn chỉ dùng sigmoid ở tầng cuối; các tầng ẩn cũng cần.",
         "You used the sigmoid in the last layer only; the hidden layers need it, too."),
        (lambda X, layers: _values(X, layers, lambda A, W, b: torch.sigmoid(A @ W))[-1], "Bạn quên các hệ số điều chỉnh.", "You forgot the biases."),
        (lambda X, layers: _values(X, layers, lambda A, W, b: torch.sigmoid(A @ W) + b)[-1], "Bạn cộng hệ số điều chỉnh sau sigmoid.",
         "You added the biases after the sigmoid."),
        (lambda X, layers: _values(X, layers, lambda A, W, b: torch.sigmoid(A @ (W + b)))[-1],
         "Bạn cộng hệ số điều chỉnh vào trọng số, nên chúng bị nhân với giá trị của tầng trước.",
         "You added the biases to the weights, and so they get multiplied by the values of the layer before."),
        (lambda X, layers: _values(X, layers, lambda A, W, b: torch.sigmoid(-(A @ W) - b))[-1],
         "Kết quả của mỗi tầng giảm khi Z tăng; sigmoid thì tăng theo Z. Hãy xem lại dấu của số mũ.",
         "The result of each layer falls as Z grows, but the sigmoid rises. Look at the sign of the exponent."),
        (lambda X, layers: _values(torch.sigmoid(X), layers)[-1], "Bạn cho cả `X` qua sigmoid; dữ liệu đi thẳng vào tầng đầu tiên.",
         "You put `X` through the sigmoid as well; the data enter the first layer as they are."),
        (lambda X, layers: _values(X, layers)[1], "Bạn chỉ tính tầng đầu tiên: có `return` nào nằm trong vòng lặp không?",
         "You computed the first layer only: is there a `return` inside the loop?"),
        (lambda X, layers: _values(X, layers)[-2], "Bạn bỏ sót tầng cuối cùng.", "You left out the last layer."),
        (lambda X, layers: _values(X, layers)[1:], "Bạn trả về giá trị của mọi tầng; chỉ cần của tầng cuối cùng.",
         "You returned the values of every layer; only those of the last are wanted."),
        (lambda X, layers: _values(X, layers)[-1].T, "Hàng và cột đổi chỗ cho nhau: mỗi hàng phải là một mẫu.",
         "Rows and columns have changed places: each row is to be an example."),
        (lambda X, layers: _values(X, layers)[-1][0], "Bạn chỉ trả về một hàng, của mẫu đầu tiên; cần một ma trận, mỗi hàng một mẫu.",
         "You returned a single row, that of the first example; a matrix is wanted, with a row for each example."),
        (lambda X, layers: _values(X, layers)[-1].flatten(), "Bạn xếp mọi kết quả thành một hàng dài; cần một ma trận, mỗi hàng một mẫu.",
         "You laid all results out in one long row; a matrix is wanted, with a row for each example."),
        (lambda X, layers: _values(X, layers)[-1].round(), "Bạn làm tròn thành 0 hoặc 1; cần chính các giá trị sau sigmoid.",
         "You rounded to 0 or 1; the values after the sigmoid themselves are wanted."),
    ],
    why=("`A` lúc đầu là dữ liệu; mỗi tầng thay nó bằng giá trị mới, và `A` sau tầng cuối là đầu ra của mạng. Hàm này chạy được với mạng sâu bao nhiêu cũng được, "
         "miễn là số cột của `A` bằng số hàng của `W` ở từng tầng.",
         "`A` is the data at first; each layer replaces it by new values, and `A` after the last layer is the output of the network. The function works for any depth, "
         "as long as `A` has as many columns as `W` has rows in each layer."),
)
def forward(X: Tensor, layers: list[list[Any]]) -> Tensor:
    A = X
    for W, b in layers:
        Z = A @ torch.tensor(W) + torch.tensor(b)
        A = torch.sigmoid(Z)
    return A


quiz = Quiz(CHAPTER, [
    Question(("Một mạng có 4 đầu vào, rồi một tầng 5 nút, một tầng 3 nút, và 1 nút ở đầu ra. Theo cách đếm của sách, mạng này có mấy tầng?",
              "A network has 4 inputs, then a layer of 5 units, a layer of 3 units, and 1 unit at the output. How many layers does it have, as this book counts?"), [
        Choice(("Hai.", "Two."),
               ("Có hai tầng ẩn, nhưng tầng đầu ra cũng là một tầng: nó cũng có trọng số và hệ số điều chỉnh.",
                "There are two hidden layers, but the output layer is a layer as well: it has weights and a bias, too.")),
        Choice(("Ba.", "Three."),
               ("Ta đếm những tầng có trọng số: tầng 5 nút, tầng 3 nút và tầng đầu ra. Mạng có ba ma trận trọng số, cỡ 4 × 5, 5 × 3 và 3 × 1.",
                "We count the layers that have weights: that of 5 units, that of 3 units and the output layer. There are three weight matrices, of 4 × 5, 5 × 3 and 3 × 1."), right=True),
        Choice(("Bốn.", "Four."),
               ("Bạn đã đếm cả tầng đầu vào. Ở đó không có phép tính nào: các số chỉ được đưa vào.",
                "You counted the input layer as well. Nothing is computed there: the numbers are only handed in.")),
    ]),
    Question(("Một nơ-ron tính z = w1·x1 + w2·x2 + w3·1 + b: số 1 được thêm vào làm đầu vào thứ ba, mà `b` vẫn còn. Điều nào đúng?",
              "A neuron computes z = w1·x1 + w2·x2 + w3·1 + b: a 1 is added as a third input, and yet `b` is still there. What is true?"), [
        Choice(("Nó vẽ được những đường biên mà z = w1·x1 + w2·x2 + b không vẽ được.", "It can draw boundaries that z = w1·x1 + w2·x2 + b cannot."),
               ("Số thứ ba không mang thông tin gì về mẫu, vì nó luôn bằng 1. Với mỗi cặp w3 và b, chỉ cần một hệ số điều chỉnh bằng w3 + b là ra đúng z ấy.",
                "The third number says nothing about the example, as it is always 1. For every pair w3 and b, a single bias equal to w3 + b gives the very same z.")),
        Choice(("Hệ số điều chỉnh bị triệt tiêu, nên đường biên phải đi qua gốc tọa độ.", "The bias cancels out, so the boundary must go through the origin."),
               ("Hai số ấy cộng lại chứ không khử nhau; chỉ khi w3 = −b thì tổng mới bằng 0.",
                "The two add up, and do not cancel; only where w3 = −b is their sum 0.")),
        Choice(("Chỉ tổng w3 + b có tác dụng, nên một trong hai là thừa.", "Only the sum w3 + b matters, so one of the two is superfluous."),
               ("Tăng w3 thêm 1 và bớt b đi 1 thì z không đổi với bất cứ mẫu nào. Mỗi nơ-ron chỉ cần một hệ số điều chỉnh: hoặc là trọng số của số 1, hoặc là b.",
                "Raise w3 by 1 and lower b by 1, and z stays the same for every example. A neuron needs just one bias: either the weight of the 1, or b."), right=True),
    ]),
    Question(("Bạn nhân cả ba số w0, w1, w2 của một nơ-ron với 10. Điều gì thay đổi?",
              "You multiply all three numbers w0, w1, w2 of a neuron by 10. What changes?"), [
        Choice(("Đường biên dời ra xa gốc tọa độ gấp 10 lần.", "The boundary moves 10 times as far from the origin."),
               ("Đường biên là nơi z = 0, mà 10·z = 0 ở đúng những điểm ấy. Chỉ nhân riêng w0 với 10 thì đường thẳng mới dời đi.",
                "The boundary is where z = 0, and 10·z = 0 at just the same points. Only if w0 alone were multiplied by 10 would the line move.")),
        Choice(("Đường biên ở nguyên chỗ cũ, nhưng ŷ chuyển từ gần 0 sang gần 1 trong một dải hẹp hơn.", "The boundary stays, but ŷ goes from near 0 to near 1 within a narrower strip."),
               ("Ở mọi điểm, z lớn gấp 10 lần nhưng giữ nguyên dấu. Điểm có z = 0,4 thì ŷ khoảng 0,6; với z = 4, ŷ khoảng 0,98.",
                "At every point z is 10 times as large, with the same sign. Where z was 0.4, ŷ was about 0.6; with z = 4 it is about 0.98."), right=True),
        Choice(("Không có gì thay đổi, vì chỉ tỉ số giữa các trọng số có tác dụng.", "Nothing, as only the ratios of the weights matter."),
               ("Các tỉ số quyết định đường biên, nhưng không quyết định ŷ ở ngoài đường biên: tại đó z đã lớn gấp 10 lần.",
                "The ratios fix the boundary, but not ŷ away from it, where z is now 10 times as large.")),
    ]),
    Question(("`y_hat` có kích thước (8, 1), `y` có kích thước (8,). Bạn viết `((y_hat - y) ** 2).mean()`. PyTorch làm gì?",
              "`y_hat` has the shape (8, 1), `y` has the shape (8,). You write `((y_hat - y) ** 2).mean()`. What does PyTorch do?"), [
        Choice(("Nó trả về trung bình của 64 số, phần lớn so hai mẫu khác nhau.", "It returns the mean of 64 numbers, most of which compare two different examples."),
               ("Cột 8 số trừ hàng 8 số ra bảng 8 × 8: mỗi dự đoán bị so với mọi nhãn. Không có lỗi nào được báo, nên hãy in kích thước ra trước khi tin kết quả.",
                "A column of 8 minus a row of 8 makes a table of 8 × 8: each prediction is compared with every label. No error is reported, so print the shapes before you trust the result."), right=True),
        Choice(("Nó trả về trung bình của 8 số, mỗi mẫu một số.", "It returns the mean of 8 numbers, one for each example."),
               ("Đó là điều bạn muốn, nhưng chỉ đúng khi hai bên cùng kích thước, chẳng hạn sau `y_hat.squeeze(1)`.",
                "That is what you want, but it only happens if both have the same shape, for example after `y_hat.squeeze(1)`.")),
        Choice(("Nó báo lỗi, vì hai kích thước khác nhau.", "It reports an error, as the two shapes differ."),
               ("Khác nhau nhưng vẫn ghép được: PyTorch coi (8,) là một hàng rồi lặp lại hàng và cột cho vừa nhau. Một lỗi báo ra ở đây sẽ dễ chịu hơn nhiều.",
                "They differ, yet they can be combined: PyTorch takes (8,) as a row and repeats row and column until they fit. An error would be far kinder here.")),
    ]),
    Question(("Các điểm của một lớp nằm trong một hình tròn, các điểm của lớp kia bao quanh nó ở mọi phía. Mạng nhỏ nhất nào, với sigmoid ở mọi nút, khoanh kín được hình tròn?",
              "The points of one class lie in a disc, those of the other all around it. Which is the smallest network, with a sigmoid in every unit, that can enclose the disc?"), [
        Choice(("Mạng 2-1-1: một nút ẩn là đủ, vì đã có hai tầng.", "2-1-1: one hidden unit is enough, as there are two layers."),
               ("Tầng ẩn chỉ đưa ra một số, và ŷ chỉ phụ thuộc vào số ấy. Ở đâu z của nút ẩn không đổi thì ŷ cũng không đổi, mà những nơi ấy là các đường thẳng song song; đường biên vẫn là một đường thẳng.",
                "The hidden layer gives a single number, and ŷ depends on that alone. Where z of the hidden unit stays the same, so does ŷ, and those places are parallel lines; the boundary is still a straight line.")),
        Choice(("Mạng 2-2-1: hai nút ẩn, mỗi nút chặn một phía.", "2-2-1: two hidden units, each closing one side."),
               ("Với hai đường thẳng, từ bên trong luôn có một hướng đi mãi mà không nút ẩn nào làm ŷ giảm: vùng ấy hở.",
                "With two lines there is always a direction in which you can leave for ever without either hidden unit lowering ŷ: the region is open.")),
        Choice(("Mạng 2-3-1: ba nút ẩn.", "2-3-1: three hidden units."),
               ("Ba đường thẳng khép thành một tam giác, và nút đầu ra chỉ cho ŷ lớn ở nơi nằm về phía trong của cả ba. Sigmoid làm tròn các góc.",
                "Three lines close to a triangle, and the output unit gives a large ŷ only on the inner side of all three. The sigmoid rounds off the corners."), right=True),
    ]),
])
