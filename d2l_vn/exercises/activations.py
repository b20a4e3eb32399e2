"""Chapter 02: leaky ReLU, linear layers in one, what is left of a gradient, dead units, softmax, a gradient by hand; and the quiz."""

import math
from collections.abc import Callable
from random import Random
from typing import Any

import torch
from torch import Tensor

from .engine import exercise
from .quiz import Choice, Question, Quiz

CHAPTER = "02-activations"


def _matrix(random: Random, *shape: int) -> Any:
    """Return nested lists of quarters, none whole or 0: ``torch.tensor`` makes real numbers of them, copied or not."""
    if not shape:
        return random.choice((-1, 1)) * random.choice((0.25, 0.5, 0.75, 1.25, 1.5, 2.25))
    return [_matrix(random, *shape[1:]) for _ in range(shape[0])]


# Leaky ReLU


def _slopes(random: Random) -> list[Any]:
    small = [([-1.5], 0.1), ([2.5], 0.1), ([0.0], 0.1), ([0.5, -0.5], 0.25), ([[1.0, -4.5], [-1.0, 2.0]], 0.5)]
    return small + [(_matrix(random, random.randint(2, 3), random.randint(3, 4)), random.choice((0.01, 0.1, 0.2, 0.3, 0.5)))
                    for _ in range(8)]


def _sides(positive: Callable[[Tensor, float], Any], negative: Callable[[Tensor, float], Any]) -> Any:
    """Return a function made of two, one for each side of 0."""
    return lambda X, alpha: torch.where(X > 0, positive(X, alpha), negative(X, alpha))


def _same(X: Tensor, alpha: float) -> Tensor:
    return X


@exercise(
    "02-leaky-relu",
    cases=_slopes,
    tensors="X",
    hints=[
        ("Làm bằng tay với `alpha` bằng 0,1: số 3 biến thành mấy, số −2 biến thành mấy?",
         "By hand, with `alpha` equal to 0.1: what becomes of 3, and what of −2?"),
        ("`X` chứa nhiều số, nên `if X > 0` không biết phải hỏi số nào. `X > 0` cho một tensor cùng kích thước, gồm `True` và `False`.",
         "`X` holds many numbers, so `if X > 0` cannot know which of them to ask. `X > 0` gives a tensor of the same shape that consists of `True` and `False`."),
        ("`torch.where(C, A, B)` lấy số của `A` ở chỗ `C` là `True`, lấy số của `B` ở chỗ còn lại.",
         "`torch.where(C, A, B)` takes the number of `A` where `C` is `True`, and that of `B` elsewhere."),
    ],
    wrong=[
        (_sides(_same, lambda X, alpha: 0 * X), "Đó là ReLU: mọi số âm thành 0, và `alpha` không có tác dụng gì.",
         "That is ReLU: all negative numbers become 0, and `alpha` plays no part."),
        (lambda X, alpha: alpha * X, "Bạn nhân mọi số với `alpha`; phía dương phải giữ nguyên.",
         "You multiplied all numbers by `alpha`; those on the positive side stay as they are."),
        (_sides(lambda X, alpha: torch.ones_like(X), lambda X, alpha: torch.full_like(X, alpha)),
         "Bạn trả về độ dốc, tức là đạo hàm; cần giá trị của hàm.", "You returned the slope, which is the derivative; the value of the function is wanted."),
        (_sides(_same, lambda X, alpha: torch.full_like(X, alpha)), "Bạn cho mọi số âm thành `alpha`; `alpha` là độ dốc, không phải giá trị.",
         "You turned every negative number into `alpha`; `alpha` is a slope, not a value."),
        (_sides(_same, lambda X, alpha: torch.full_like(X, -alpha)), "Bạn cho mọi số âm thành −α; leaky ReLU không có giá trị nhỏ nhất.",
         "You turned every negative number into −α; leaky ReLU has no smallest value."),
        (_sides(_same, lambda X, alpha: -alpha * X), "Số âm của bạn hóa dương; ở phía âm, leaky ReLU vẫn âm.",
         "Your negative numbers become positive; on the negative side leaky ReLU stays negative."),
        (_sides(lambda X, alpha: alpha * X, _same), "Hai phía đổi chỗ cho nhau: bạn nhân các số dương với `alpha`.",
         "The two sides have changed places: you multiplied the positive numbers by `alpha`."),
        (_sides(_same, lambda X, alpha: X / alpha), "Ở phía âm, bạn chia cho `alpha`, nên đồ thị dốc hơn chứ không thoải hơn.",
         "On the negative side you divided by `alpha`, and so the graph gets steeper there, not flatter."),
        (_sides(_same, lambda X, alpha: X + alpha), "Ở phía âm, bạn cộng thêm `alpha`; `alpha` là độ dốc.",
         "On the negative side you added `alpha`; `alpha` is a slope."),
        (_sides(_same, lambda X, alpha: X - alpha), "Ở phía âm, bạn trừ đi `alpha`; `alpha` là độ dốc.",
         "On the negative side you subtracted `alpha`; `alpha` is a slope."),
        (lambda X, alpha: torch.relu(X) + alpha * X, "Bạn cộng α·x ở cả hai phía, nên số dương cũng bị thay đổi.",
         "You added α·x on both sides, and so positive numbers change as well."),
        (_sides(_same, lambda X, alpha: alpha * (torch.exp(X) - 1)), "Đó là ELU: ở phía âm, đồ thị của nó cong và bão hòa ở −α.",
         "That is ELU: on the negative side its graph is curved and saturates at −α."),
        (_sides(_same, _same), "Bạn trả về `X` mà không thay đổi gì.", "You returned `X` without any change."),
        (lambda X, alpha: X.abs(), "Bạn trả về trị tuyệt đối; số âm phải vẫn âm, nhưng nhỏ đi.",
         "You returned the absolute value; negative numbers stay negative, but get smaller in size."),
    ],
    why=("Ở phía dương, giữ nguyên số; ở phía âm, nhân với `alpha`. Vì `alpha` nhỏ hơn 1 nên `torch.maximum(X, alpha * X)` cũng cho kết quả ấy: "
         "với số dương thì x lớn hơn α·x, với số âm thì ngược lại.",
         "On the positive side numbers stay; on the negative side they are multiplied by `alpha`. As `alpha` is less than 1, `torch.maximum(X, alpha * X)` gives the same: "
         "for a positive number x is larger than α·x, for a negative one it is the other way round."),
)
def leaky_relu(X: Tensor, alpha: float) -> Tensor:
    return torch.where(X > 0, X, alpha * X)


# Two linear layers in one


def _linears(random: Random) -> list[Any]:
    """Return two layers, both of as many units as inputs: so the commonest mistakes run, and can be told apart."""
    small = [([[1.5]], [0.5], [[2.5]], [-0.5]), ([[1.0, 2.5], [0.0, 1.0]], [0.5, 0.0], [[1.0, -1.0], [3.0, 0.5]], [2.0, 0.5])]
    return small + [(_matrix(random, h, h), _matrix(random, h), _matrix(random, h, h), _matrix(random, h)) for h in (2, 2, 3, 3, 3, 4, 4)]


@exercise(
    "02-collapse",
    cases=_linears,
    tensors="W1 b1 W2 b2",
    hints=[
        ("Viết ra giấy: tầng thứ nhất cho XW1 + b1; đưa cả biểu thức ấy vào tầng thứ hai, rồi mở ngoặc.",
         "On paper: the first layer gives XW1 + b1; put all of that into the second layer, then multiply out."),
        ("Sau khi mở ngoặc có ba số hạng. Số hạng nào chứa X? Những số hạng còn lại là hệ số điều chỉnh mới.",
         "Multiplied out there are three terms. Which one holds X? The others are the new bias."),
        ("`A @ B` là tích ma trận, và thứ tự có ý nghĩa. Vector đứng bên trái, `v @ A`, được coi là một hàng.",
         "`A @ B` is the matrix product, and the order matters. A vector on the left, `v @ A`, is taken as a row."),
    ],
    wrong=[
        (lambda W1, b1, W2, b2: (W1 @ W2, b1 + b2), "Bạn cộng thẳng `b1` vào `b2`; nhưng những gì rời tầng thứ nhất, kể cả `b1`, còn phải đi qua tầng thứ hai.",
         "You added `b1` to `b2` as it is; but whatever leaves the first layer, `b1` included, still goes through the second."),
        (lambda W1, b1, W2, b2: (W2 @ W1, b1 @ W2 + b2), "Hai ma trận đứng sai thứ tự trong tích: dữ liệu gặp `W1` trước.",
         "The two matrices stand in the wrong order in their product: the data meet `W1` first."),
        (lambda W1, b1, W2, b2: (W2 @ W1, b2 @ W1 + b1), "Bạn đổi chỗ hai tầng: dữ liệu đi qua tầng có `W1` và `b1` trước.",
         "You exchanged the two layers: the data go through the one with `W1` and `b1` first."),
        (lambda W1, b1, W2, b2: (W2 @ W1, b1 + b2), "Hai chỗ sai: thứ tự của hai ma trận trong tích, và `b1` chưa đi qua tầng thứ hai.",
         "Two mistakes: the order of the matrices in their product, and `b1` has not been through the second layer."),
        (lambda W1, b1, W2, b2: (W2 @ W1, W2 @ b1 + b2), "Đó là công thức cho mẫu viết thành cột; ở đây mỗi mẫu là một hàng, nên dữ liệu đứng bên trái trọng số.",
         "That is the formula for examples written as columns; here each example is a row, so the data stand to the left of the weights."),
        (lambda W1, b1, W2, b2: (W1 @ W2, W2 @ b1 + b2), "Ma trận đúng, nhưng trong `W2 @ b1`, `b1` bị coi là một cột; ở đây nó là một hàng.",
         "The matrix is right, but in `W2 @ b1` the vector `b1` is taken as a column; here it is a row."),
        (lambda W1, b1, W2, b2: (W1 @ W2, b2), "Bạn bỏ mất `b1`.", "You lost `b1`."),
        (lambda W1, b1, W2, b2: (W1 @ W2, b1 @ W2), "Bạn bỏ mất `b2`.", "You lost `b2`."),
        (lambda W1, b1, W2, b2: (W1 @ W2, b1), "Hệ số điều chỉnh của bạn chỉ là `b1`: tầng thứ hai chưa làm gì với nó.",
         "Your bias is just `b1`: the second layer has not done anything with it."),
        (lambda W1, b1, W2, b2: (W1 @ W2, b2 @ W1 + b1), "Ma trận đúng, nhưng bạn cho `b2` đi qua tầng thứ nhất.",
         "The matrix is right, but you sent `b2` through the first layer."),
        (lambda W1, b1, W2, b2: (W1 @ W2, b1 @ W1 + b2), "Bạn nhân `b1` với `W1`; nhưng `b1` được cộng vào sau khi đã nhân với `W1`.",
         "You multiplied `b1` by `W1`; but `b1` is added after the multiplication by `W1`."),
        (lambda W1, b1, W2, b2: (W1 @ W2, (b1 + b2) @ W2), "Bạn nhân cả `b2` với `W2`; nhưng `b2` được cộng vào sau cùng.",
         "You multiplied `b2` by `W2` as well; but `b2` is added last of all."),
        (lambda W1, b1, W2, b2: (W1 * W2, b1 @ W2 + b2), "Bạn nhân hai ma trận theo từng phần tử: `*` không phải là tích ma trận.",
         "You multiplied the two matrices element by element: `*` is not the matrix product."),
        (lambda W1, b1, W2, b2: (W1 * W2, b1 * b2), "Bạn nhân mọi thứ theo từng phần tử; tích ma trận là một phép khác, và hệ số điều chỉnh thì được cộng.",
         "You multiplied everything element by element; the matrix product is something else, and biases are added."),
        (lambda W1, b1, W2, b2: (W1 @ W2, b1 * W2 + b2), "Ma trận đúng, nhưng giữa `b1` và `W2`, bạn nhân từng phần tử, nên ra một bảng; hệ số điều chỉnh là một vector.",
         "The matrix is right, but between `b1` and `W2` you multiplied element by element and got a table; the bias is a vector."),
        (lambda W1, b1, W2, b2: (W1 * W2, b1 * W2 + b2), "Bạn dùng `*`, phép nhân từng phần tử, ở cả hai chỗ cần tích ma trận.",
         "You used `*`, which multiplies element by element, in both places where a matrix product is wanted."),
        (lambda W1, b1, W2, b2: W1 @ W2 + b1 @ W2 + b2, "Bạn cộng ma trận và hệ số điều chỉnh làm một; cần hai kết quả riêng, vì chỉ ma trận được nhân với dữ liệu.",
         "You added the matrix and the bias into one; two results are wanted, as only the matrix is multiplied by the data."),
        (lambda W1, b1, W2, b2: (W1 + W2, b1 + b2), "Bạn cộng hai tầng; ở đây tầng sau nhận giá trị của tầng trước.",
         "You added the two layers; here the second takes the values of the first."),
        (lambda W1, b1, W2, b2: W1 @ W2, "Bạn chỉ trả về ma trận; còn thiếu hệ số điều chỉnh.", "You returned the matrix only; the bias is missing."),
        (lambda W1, b1, W2, b2: (b1 @ W2 + b2, W1 @ W2), "Hai kết quả đổi chỗ cho nhau: ma trận đứng trước.",
         "The two results have changed places: the matrix comes first."),
    ],
    why=("(XW1 + b1)W2 + b2 = X(W1W2) + (b1W2 + b2): vế phải có dạng của một tầng. Ba tầng thì gộp hai tầng đầu rồi gộp lần nữa, và cứ thế. "
         "Các ma trận không cần vuông, miễn là nhân được với nhau. Chỉ cần một hàm phi tuyến ở giữa là không mở ngoặc được nữa.",
         "(XW1 + b1)W2 + b2 = X(W1W2) + (b1W2 + b2): the right side has the form of one layer. With three layers, merge the first two, then merge again, and so on. "
         "The matrices need not be square, as long as they can be multiplied. One non-linear function in between, and nothing can be multiplied out any more."),
)
def collapse(W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor) -> tuple[Tensor, Tensor]:
    return W1 @ W2, b1 @ W2 + b2


# What is left of a gradient


def _chains(random: Random) -> list[Any]:
    """Return chains with weights so large that the product does not vanish: a wrong answer must show."""
    small = [([1.0], [0.0]), ([2.0], [1.0]), ([4.0, 4.0], [0.0, 0.0]), ([4.0, -6.0], [1.0, -2.0]), ([5.0, 3.0, 8.0], [-0.5, 0.5, 3.0])]
    for n in (2, 3, 3, 4, 4, 5):
        small.append(([random.choice((-1, 1)) * random.randint(6, 18) / 2 for _ in range(n)], [random.randint(-8, 8) / 4 + 0.125 for _ in range(n)]))
    return small


def _sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def _product(factor: Callable[[float, float], float], which: slice = slice(None)) -> Any:
    """Multiply one factor for each layer, or for some of the layers only."""
    return lambda w, z: math.prod(factor(w_k, z_k) for w_k, z_k in list(zip(w, z, strict=True))[which])


def _factor(w: float, z: float) -> float:
    return w * _sigmoid(z) * (1 - _sigmoid(z))


def _factors(w: list[float], z: list[float]) -> list[float]:
    return [_factor(w_k, z_k) for w_k, z_k in zip(w, z, strict=True)]


@exercise(
    "02-gradient-left",
    cases=_chains,
    tolerance=1e-6,
    hints=[
        ("Bắt đầu với một tầng: nếu giá trị đi vào tăng thêm một chút, z tăng gấp mấy lần chút ấy? Rồi σ(z) tăng gấp mấy lần mức tăng của z?",
         "Start with one layer: if what enters grows a little, how many times that does z grow? And how many times the growth of z does σ(z) grow?"),
        ("Quy tắc dây chuyền: các thừa số của từng tầng nhân với nhau. Một tích bắt đầu từ số mấy?",
         "The chain rule: the factors of the layers are multiplied. At which number does a product start?"),
        ("Đạo hàm của sigmoid tính được từ chính giá trị s = σ(z): đó là s nhân với phần còn thiếu cho đủ 1.",
         "The derivative of the sigmoid comes from its own value s = σ(z): s times what is missing to 1."),
    ],
    wrong=[
        (_product(lambda w, z: _factor(1, z)), "Bạn quên các trọng số: mỗi tầng còn nhân với `w` của nó.", "You forgot the weights: each layer multiplies by its `w` as well."),
        (_product(lambda w, z: w), "Bạn chỉ nhân các trọng số; mỗi tầng còn có độ dốc của sigmoid.",
         "You multiplied the weights only; each layer has the slope of the sigmoid as well."),
        (_product(lambda w, z: w * _sigmoid(z)), "Bạn dùng giá trị của sigmoid ở chỗ cần đạo hàm của nó.",
         "You used the value of the sigmoid where its derivative is wanted."),
        (_product(lambda w, z: _sigmoid(z)), "Bạn nhân các giá trị của sigmoid: đó không phải đạo hàm, và cũng thiếu các trọng số.",
         "You multiplied values of the sigmoid: these are no derivatives, and the weights are missing as well."),
        (_product(lambda w, z: w * (1 - _sigmoid(z))), "Đạo hàm của sigmoid có hai thừa số; bạn mới có 1 − σ(z).",
         "The derivative of the sigmoid has two factors; you only have 1 − σ(z)."),
        (_product(lambda w, z: w * (1 - math.tanh(z) ** 2)), "Đó là đạo hàm của tanh; ở đây là sigmoid.", "That is the derivative of tanh; here it is the sigmoid."),
        (_product(lambda w, z: w * (1 - _sigmoid(z) ** 2)), "Bạn đặt giá trị của sigmoid vào công thức đạo hàm của tanh.",
         "You put the value of the sigmoid into the formula for the derivative of tanh."),
        (_product(lambda w, z: w * z * (1 - z)), "Trong σ(z)(1 − σ(z)), bạn dùng chính z thay cho σ(z).",
         "In σ(z)(1 − σ(z)) you used z itself in place of σ(z)."),
        (_product(lambda w, z: _factor(w, _sigmoid(z))), "Bạn cho z qua sigmoid hai lần: đạo hàm được tính tại z, không phải tại σ(z).",
         "You put z through the sigmoid twice: the derivative is taken at z, not at σ(z)."),
        (_product(lambda w, z: w * _factor(1, w * z)), "Bạn nhân z với `w` thêm một lần nữa; trọng số đã có trong z.",
         "You multiplied z by `w` once more; the weight is already in z."),
        (_product(lambda w, z: w / 4), "Bạn lấy 1/4 cho mọi độ dốc; đó là số lớn nhất, chỉ đúng khi z bằng 0.",
         "You took 1/4 for every slope; that is the largest one, and right only where z is 0."),
        (_product(lambda w, z: w * _sigmoid(z) ** 2), "Bạn bình phương σ(z); một trong hai thừa số phải khác.",
         "You squared σ(z); one of the two factors is another."),
        (_product(lambda w, z: -_factor(w, z)), "Sai dấu ở mỗi tầng: sigmoid tăng theo z nên độ dốc của nó dương.",
         "The sign is wrong in each layer: the sigmoid grows with z, so its slope is positive."),
        (_product(lambda w, z: abs(_factor(w, z))), "Bạn bỏ mất dấu của các trọng số.", "You lost the signs of the weights."),
        (lambda w, z: sum(_factors(w, z)), "Bạn cộng các thừa số; theo quy tắc dây chuyền, chúng nhân với nhau.",
         "You added the factors; by the chain rule they are multiplied."),
        (lambda w, z: 0, "Kết quả lúc nào cũng bằng 0: tích của bạn có bắt đầu từ 0 không?", "The result is always 0: does your product start at 0?"),
        (_product(_factor, slice(1)), "Bạn chỉ dùng tầng đầu tiên: có `return` nào nằm trong vòng lặp không?",
         "You used the first layer only: is there a `return` inside the loop?"),
        (_product(_factor, slice(-1, None)), "Bạn chỉ dùng tầng cuối cùng: có phép gán nào làm mất tích đã tính không?",
         "You used the last layer only: is there an assignment that loses the product so far?"),
        (lambda w, z: _factors(w, z), "Bạn trả về danh sách các thừa số; cần tích của chúng.", "You returned the list of factors; their product is wanted."),
    ],
    why=("Mỗi tầng nhân gradient với `w` · σ(z)(1 − σ(z)). Thừa số thứ hai không bao giờ vượt quá 1/4. Với mười tầng, mọi trọng số bằng 1 và mọi z bằng 0, "
         "còn lại chưa tới một phần triệu. Trọng số lớn bù lại được, nhưng chúng cũng dễ đẩy z ra xa 0, nơi độ dốc còn nhỏ hơn nữa.",
         "Each layer multiplies the gradient by `w` · σ(z)(1 − σ(z)). The second factor is never above 1/4. With ten layers, all weights 1 and all z equal to 0, "
         "less than a millionth is left. Large weights can make up for it, but they also tend to push z away from 0, where the slope is smaller still."),
)
def gradient_left(w: list[float], z: list[float]) -> float:
    left = 1.0
    for i in range(len(w)):
        s = 1 / (1 + math.exp(-z[i]))
        left = left * w[i] * s * (1 - s)
    return left


# Dead units


def _units(random: Random) -> list[Any]:
    """Return pre-activations: some columns are never positive, some always, some now and then."""
    small = [([[-1.5]],), ([[0.5]],), ([[0.0]],), ([[-1.5], [1.5]],), ([[-1.5, 0.5]],), ([[-1.0, 2.0], [-3.0, -0.5]],),
             ([[1.5, -2.0, 0.0], [-1.5, -1.0, 0.0]],), ([[-2.0, -1.0, -0.5], [1.0, -3.0, -2.0], [-4.0, 0.0, 0.5]],)]
    kinds = {"dead": (-2.0, -1.5, -0.5, -0.25), "touching": (-1.0, -0.5, 0.0), "sparse": (-3.0, -2.0, -1.0, 0.25), "live": (0.25, 0.5, 2.0)}
    for _ in range(8):
        n, columns = random.randint(3, 6), []
        for kind in ("dead", "dead", "sparse", random.choice(list(kinds)), random.choice(list(kinds))):
            columns.append([random.choice(kinds[kind]) for _ in range(n)])
        random.shuffle(columns)
        small.append(([list(row) for row in zip(*columns, strict=True)],))
    return small


@exercise(
    "02-count-dead",
    cases=_units,
    tensors="Z",
    hints=[
        ("Kẻ bảng `[[-1, 2], [-3, -0.5]]` ra giấy. Nút nào có ít nhất một mẫu làm nó dương?",
         "Write the table `[[-1, 2], [-3, -0.5]]` on paper. Which unit is positive for at least one example?"),
        ("Một phép so sánh như `Z > 0` cho biết từng ô đúng hay sai. Với một nút, phải xét cả cột của nó.",
         "A comparison such as `Z > 0` says true or false for each entry. For a unit you must look at its whole column."),
        ("`all(dim=0)` hỏi từng cột xem mọi ô của nó có đúng không; `sum` đếm các `True`.",
         "`all(dim=0)` asks each column whether all its entries are true; `sum` counts what is `True`."),
    ],
    wrong=[
        (lambda Z: (Z <= 0).any(0).sum(), "Bạn đếm các nút tắt với ít nhất một mẫu; như thế là thưa, chưa phải chết.",
         "You counted units that are off for at least one example; that is sparse, not dead."),
        (lambda Z: (Z <= 0).all(1).sum(), "Bạn đếm theo hàng: số mẫu mà mọi nút đều tắt.", "You counted along the rows: the examples for which all units are off."),
        (lambda Z: (Z <= 0).sum(), "Bạn đếm các ô không dương; cần đếm các nút.", "You counted entries that are not positive; units are to be counted."),
        (lambda Z: (Z <= 0).float().mean(), "Bạn trả về tỉ lệ các ô không dương; cần số nút chết.",
         "You returned the share of entries that are not positive; the number of dead units is wanted."),
        (lambda Z: (Z <= 0).all(0).float().mean(), "Bạn trả về tỉ lệ nút chết; cần số nút.", "You returned the share of dead units; their number is wanted."),
        (lambda Z: (Z <= 0).sum(0), "Bạn đếm xem mỗi nút tắt với mấy mẫu; còn phải đếm số nút chết.",
         "You counted for how many examples each unit is off; how many units are dead is still to be counted."),
        (lambda Z: (Z <= 0).all(0), "Bạn cho biết từng nút có chết hay không, nhưng chưa đếm.", "You say of each unit whether it is dead, but do not count yet."),
        (lambda Z: (Z <= 0).all().long(), "Bạn hỏi một câu cho cả bảng: có phải mọi ô đều không dương; phải hỏi riêng từng cột.",
         "You asked one question of the whole table, whether no entry is positive; ask it of each column."),
        (lambda Z: (Z > 0).any(0).sum(), "Bạn đếm các nút còn sống.", "You counted the units that are alive."),
        (lambda Z: (Z > 0).all(0).sum(), "Bạn đếm các nút lúc nào cũng dương; nút chết là nút không bao giờ dương.",
         "You counted the units that are always positive; a dead unit is one that never is."),
        (lambda Z: (Z > 0).sum(), "Bạn đếm các ô dương.", "You counted the positive entries."),
        (lambda Z: (Z < 0).all(0).sum(), "Bạn coi 0 là dương; tại 0, ReLU cho 0, và theo quy ước của PyTorch, đạo hàm ở đó cũng bằng 0.",
         "You took 0 as positive; at 0 ReLU gives 0, and by the convention of PyTorch its derivative there is 0 as well."),
        (lambda Z: (Z.mean(0) <= 0).sum(), "Bạn xét tổng hoặc trung bình của mỗi cột; nó có thể âm dù vài mẫu làm nút ấy dương.",
         "You looked at the sum or mean of each column; it may be negative although some examples make the unit positive."),
        (lambda Z: (Z.sum(0) == 0).sum(), "Bạn tìm những cột có tổng bằng 0; nhưng `Z` chưa qua ReLU, nên số dương và số âm khử lẫn nhau.",
         "You looked for columns whose sum is 0; but `Z` has not been through ReLU, and positive and negative numbers cancel."),
        (lambda Z: (Z == 0).all(0).sum(), "Bạn tìm những cột toàn số 0; nhưng `Z` chưa qua ReLU, nên nút tắt thường có số âm.",
         "You looked for columns of zeros; but `Z` has not been through ReLU, so a unit that is off mostly has negative numbers."),
        (lambda Z: (Z[0] <= 0).sum(), "Bạn chỉ xét mẫu đầu tiên.", "You looked at the first example only."),
        (lambda Z: (Z[-1] <= 0).sum(), "Bạn chỉ xét mẫu cuối cùng.", "You looked at the last example only."),
        (lambda Z: (Z[:, 0] <= 0).all().long(), "Bạn chỉ xét nút đầu tiên: có `return` nào nằm trong vòng lặp không?",
         "You looked at the first unit only: is there a `return` inside the loop?"),
        (lambda Z: (Z <= 0).all(0).nonzero().flatten(), "Bạn trả về vị trí của các nút chết; cần số nút.",
         "You returned where the dead units are; their number is wanted."),
    ],
    why=("`Z <= 0` cho biết từng nút có tắt với từng mẫu hay không; `all(dim=0)` giữ lại những nút tắt với mọi mẫu; `sum` đếm chúng. "
         "Nhớ rằng “chết” là nói về những mẫu có trong `Z`: với một batch nhỏ, một nút thưa trông có thể như đã chết.",
         "`Z <= 0` says of each unit whether it is off for each example; `all(dim=0)` keeps those that are off for all; `sum` counts them. "
         "Mind that “dead” speaks of the examples in `Z`: on a small batch a sparse unit may look dead."),
)
def count_dead(Z: Tensor) -> Tensor:
    dead = (Z <= 0).all(dim=0)
    return dead.sum()


# Softmax


def _logits(random: Random) -> list[Any]:
    large = [([120.5, 0.5], 1.0), ([1000.5, 0.5], 1.0), ([1000.0, 1000.5], 1.0), ([1000.0, 1000.5], 2.0), ([-1000.5, -1001.0, -1000.0], 0.5)]
    small = [([0.5, 0.5], 1.0), ([1.5, 0.5], 1.0), ([2.5, 1.5, 0.5], 2.0), ([0.5, -0.5], 0.5)]
    return small + large + [(_matrix(random, random.randint(3, 6)), random.choice((0.5, 0.75, 1.5, 2.0, 4.0))) for _ in range(8)]


def _shifted(shift: Callable[[Tensor, float], Any], scale: Callable[[Tensor, float], Tensor] = lambda z, t: z / t) -> Any:
    """Return softmax with another number subtracted, or with another scale."""

    def softmax(z: Tensor, temperature: float) -> Tensor:
        e = torch.exp(scale(z, temperature) - shift(z, temperature))
        return e / e.sum()

    return softmax


def _safe(z: Tensor) -> Tensor:
    return torch.softmax(z, dim=0)


@exercise(
    "02-softmax",
    cases=_logits,
    tensors="z",
    hints=[
        ("Làm theo ba bước: chia cho nhiệt độ, lấy e mũ từng số, rồi chia cho tổng. `torch.exp` nhận cả một tensor.",
         "Three steps: divide by the temperature, take e to the power of each number, then divide by the sum. `torch.exp` takes a whole tensor."),
        ("Thử `torch.exp(torch.tensor(1000.0))`. Cộng hoặc trừ cùng một số ở mọi logit thì softmax không đổi: số nào là tiện nhất?",
         "Try `torch.exp(torch.tensor(1000.0))`. Softmax stays the same if one number is added to or subtracted from all logits: which number is the best one?"),
        ("Phải trừ sao cho số mũ lớn nhất, sau khi đã chia cho nhiệt độ, bằng 0. `s.max()` cho số lớn nhất của một tensor `s`.",
         "Subtract so that the largest exponent, after the division by the temperature, is 0. `s.max()` gives the largest number of a tensor `s`."),
    ],
    wrong=[
        (_shifted(lambda z, t: 0), "Với logit lớn, số mũ lớn quá sức chứa của số dấu phẩy động: e mũ 1000 thành vô cực, và vô cực chia cho vô cực thành `nan`.",
         "With large logits the exponents are more than floating point can hold: e to the power of 1000 becomes infinity, and infinity divided by infinity is `nan`."),
        (_shifted(lambda z, t: z.max()), "Bạn trừ số lớn nhất của `z` khỏi những số đã chia cho `temperature`; hai bên không cùng thang đo, nên số mũ lớn nhất không phải là 0.",
         "You subtracted the largest number of `z` from numbers already divided by `temperature`; the scales differ, and so the largest exponent is not 0."),
        (_shifted(lambda z, t: z.mean() / t), "Bạn trừ trung bình; số lớn nhất vẫn có thể ở xa phía trên trung bình, và e mũ của nó thành vô cực.",
         "You subtracted the mean; the largest number may still lie far above it, and e to that power becomes infinity."),
        (_shifted(lambda z, t: z.min() / t), "Bạn trừ số nhỏ nhất, nên mọi số mũ đều từ 0 trở lên, và số lớn nhất vẫn có thể thành vô cực.",
         "You subtracted the smallest number, so all exponents are 0 or more, and the largest may still give infinity."),
        (_shifted(lambda z, t: 0, lambda z, t: z), "Hai chỗ sai: bạn quên nhiệt độ `temperature`, và với logit lớn, e mũ tràn thành vô cực.",
         "Two mistakes: you forgot the `temperature`, and with large logits the exponential overflows to infinity."),
        (lambda z, t: torch.exp(z / t - (z / t).max()) / torch.exp(z / t).sum(), "Bạn chỉ trừ số lớn nhất ở tử; tử và mẫu phải được chia cho cùng một số.",
         "You subtracted the maximum in the numerator only; numerator and denominator must be divided by the same number."),
        (lambda z, t: torch.exp(z / t), "Bạn chỉ lấy e mũ: các kết quả cộng lại chưa bằng 1, và với logit lớn, chúng tràn thành vô cực.",
         "You took the exponential only: the results do not add up to 1, and with large logits they overflow to infinity."),
        (lambda z, t: _safe(z), "Bạn quên nhiệt độ `temperature`.", "You forgot the `temperature`."),
        (lambda z, t: _safe(z * t), "Bạn nhân với `temperature`: nhiệt độ cao phải làm các xác suất gần nhau hơn, không phải xa nhau hơn.",
         "You multiplied by `temperature`: a high temperature should bring the probabilities closer together, not further apart."),
        (lambda z, t: _safe(z) / t, "Bạn chia các xác suất cho `temperature`, nên tổng không còn bằng 1; nhiệt độ tác động lên logit.",
         "You divided the probabilities by `temperature`, so they no longer sum to 1; the temperature acts on the logits."),
        (lambda z, t: torch.exp((z - z.max()) / t), "Bạn chưa chia cho tổng: các kết quả cộng lại chưa bằng 1.",
         "You did not divide by the sum: the results do not add up to 1."),
        (lambda z, t: _safe(-z / t), "Logit nhỏ nhất của bạn lại có xác suất lớn nhất: số mũ ngược dấu.",
         "Your smallest logit gets the largest probability: the exponent has the wrong sign."),
        (lambda z, t: torch.log_softmax(z / t, dim=0), "Bạn trả về logarit của các xác suất.", "You returned the logarithms of the probabilities."),
        (lambda z, t: torch.sigmoid(z / t), "Bạn cho từng logit qua sigmoid; softmax so các logit với nhau, và kết quả có tổng bằng 1.",
         "You put each logit through the sigmoid; softmax compares the logits with one another, and its results sum to 1."),
        (lambda z, t: z / z.sum(), "Bạn chia chính các logit cho tổng của chúng: thiếu e mũ.", "You divided the logits themselves by their sum: the exponential is missing."),
        (lambda z, t: (z == z.max()).float(), "Bạn cho logit lớn nhất xác suất 1, các logit khác 0; softmax chia xác suất cho mọi lớp.",
         "You gave probability 1 to the largest logit and 0 to the others; softmax gives each class a share."),
        (lambda z, t: _safe(z / t).max(), "Bạn trả về một số, xác suất lớn nhất; cần xác suất của mọi lớp.",
         "You returned one number, the largest probability; those of all classes are wanted."),
        (lambda z, t: z.argmax(), "Bạn trả về vị trí của logit lớn nhất; cần xác suất của mọi lớp.",
         "You returned the position of the largest logit; the probabilities of all classes are wanted."),
    ],
    why=("Sau khi chia cho nhiệt độ và trừ số lớn nhất, mọi số mũ đều không dương và có ít nhất một số mũ bằng 0. Vì thế e mũ không bao giờ tràn, và tổng không bao giờ nhỏ hơn 1. "
         "Kết quả không đổi, vì tử và mẫu cùng được chia cho một số. Nhiệt độ cao làm các xác suất gần nhau, nhiệt độ thấp dồn chúng về logit lớn nhất.",
         "After the division by the temperature and the subtraction of the maximum, no exponent is positive, and at least one is 0. So the exponentials never overflow, and their sum is never below 1. "
         "The result is the same, as numerator and denominator are divided by one number. A high temperature brings the probabilities together, a low one moves them to the largest logit."),
)
def softmax(z: Tensor, temperature: float) -> Tensor:
    s = z / temperature
    e = torch.exp(s - s.max())
    return e / e.sum()


# The gradient of the cross-entropy


def _batches(random: Random) -> list[Any]:
    small = [([[0.5, 0.5]], [0]), ([[2.5, 1.5, 0.5]], [2]), ([[0.5, 0.5], [1.5, -0.5]], [0, 1]), ([[0.5, 1.5], [2.0, -1.0], [0.25, 0.5]], [1, 1, 0])]
    sizes = [(2, 3), (3, 3), (3, 2)] + [(random.randint(2, 4), random.randint(3, 5)) for _ in range(7)]
    return small + [(_matrix(random, n, classes), [random.randrange(classes) for _ in range(n)]) for n, classes in sizes]


def _parts(Z: Tensor, y: Tensor) -> tuple[Tensor, Tensor, int]:
    """Return the probabilities, the labels as rows of zeros with a one, and the number of examples."""
    return torch.softmax(Z, dim=1), torch.eye(Z.shape[1])[y], len(y)


def _by(change: Callable[[Tensor, Tensor, int], Tensor]) -> Any:
    return lambda Z, y: change(*_parts(Z, y))


def _all_rows(Z: Tensor, y: Tensor) -> Tensor:
    """Return the probabilities less 1 in each column that is a label, in every row."""
    P = torch.softmax(Z, dim=1)
    P[:, y] -= 1
    return P


def _down(Z: Tensor, y: Tensor) -> Tensor:
    """Return p − y with a softmax down the columns."""
    return torch.softmax(Z, dim=0) - torch.eye(Z.shape[1])[y]


@exercise(
    "02-loss-gradient",
    cases=_batches,
    tensors="Z y",
    hints=[
        ("Với một mẫu, gradient theo các logit là p − y, trong đó y là vector có số 1 ở lớp đúng. Làm bằng tay với `Z` là `[[0, 0]]` và `y` là `[0]`.",
         "For one example the gradient with respect to the logits is p − y, where y is the vector with a 1 at the true class. By hand: `Z` is `[[0, 0]]` and `y` is `[0]`."),
        ("Mỗi hàng của `Z` là một mẫu, nên softmax phải tính theo hàng. Mỗi hàng của xác suất có tổng bằng 1: hãy kiểm tra.",
         "Each row of `Z` is an example, so softmax goes along the rows. Each row of probabilities sums to 1: check it."),
        ("`A[range(n), y]` chọn ở hàng i phần tử thứ `y[i]`, và có thể dùng với `-=`. Cuối cùng, J là một trung bình.",
         "`A[range(n), y]` picks item `y[i]` of row i, and may be used with `-=`. Last of all, J is a mean."),
    ],
    wrong=[
        (_by(lambda P, Y, n: P - Y), "Đó là gradient của tổng các mất mát; J là trung bình trên cả batch.",
         "That is the gradient of the sum of the losses; J is the mean over the batch."),
        (_by(lambda P, Y, n: (Y - P) / n), "Sai dấu: theo kết quả của bạn, tăng logit của lớp đúng sẽ làm mất mát tăng.",
         "The sign is wrong: by your result, a larger logit of the true class would raise the loss."),
        (_by(lambda P, Y, n: Y - P), "Sai dấu, và đó là của tổng các mất mát; J là trung bình trên cả batch.",
         "The sign is wrong, and this is for the sum of the losses; J is the mean over the batch."),
        (_by(lambda P, Y, n: P / n), "Bạn chưa dùng nhãn `y`: kết quả giống nhau dù lớp nào là lớp đúng.",
         "You have not used the labels `y`: the result is the same whichever class is the true one."),
        (_by(lambda P, Y, n: P), "Bạn trả về các xác suất: chưa dùng nhãn `y`, chưa lấy trung bình.",
         "You returned the probabilities: the labels `y` are not used, and no mean is taken."),
        (_by(lambda P, Y, n: (P - Y) / P.numel()), "Bạn chia cho số ô của `Z`; trung bình lấy trên các mẫu, không lấy trên các lớp.",
         "You divided by the number of entries of `Z`; the mean is over the examples, not over the classes."),
        (_by(lambda P, Y, n: (P - Y) / P.shape[1]), "Bạn chia cho số lớp; trung bình lấy trên các mẫu.",
         "You divided by the number of classes; the mean is over the examples."),
        (_by(lambda P, Y, n: -Y / P / n), "Đó là đạo hàm theo các xác suất; cần đạo hàm theo các logit.",
         "That is the derivative with respect to the probabilities; the one with respect to the logits is wanted."),
        (_by(lambda P, Y, n: (P - Y) * Y / n), "Bạn chỉ giữ ô của lớp đúng; logit của các lớp khác cũng làm mất mát thay đổi.",
         "You kept only the entries of the true classes; the logits of the others change the loss as well."),
        (_by(lambda P, Y, n: (P - 1) / n), "Bạn trừ 1 ở mọi lớp; chỉ lớp đúng mới có số 1 ấy.", "You subtracted 1 for every class; only the true one has that 1."),
        (lambda Z, y: _all_rows(Z, y) / len(y), "`P[:, y]` chọn các cột ấy ở mọi hàng: bạn trừ 1 cả ở lớp đúng của những mẫu khác.",
         "`P[:, y]` picks these columns in every row: you subtracted 1 at the true classes of other examples as well."),
        (_all_rows, "`P[:, y]` chọn các cột ấy ở mọi hàng, nên bạn trừ 1 cả ở những chỗ khác; và J là trung bình, không phải tổng.",
         "`P[:, y]` picks these columns in every row, so you subtracted 1 elsewhere as well; and J is a mean, not a sum."),
        (lambda Z, y: (torch.softmax(Z, dim=1) - y[:, None]) / len(y), "Bạn trừ chính số hiệu của lớp; nhãn 2 chỉ nói rằng số 1 nằm ở cột 2.",
         "You subtracted the number of the class itself; a label 2 only says that the 1 is in column 2."),
        (lambda Z, y: _down(Z, y) / len(y), "Bạn tính softmax theo cột, tức là giữa các mẫu; nó phải tính theo hàng, giữa các lớp.",
         "Your softmax goes down the columns, between examples; it goes along the rows, between classes."),
        (_down, "Hai chỗ sai: softmax của bạn tính theo cột, giữa các mẫu, và J là trung bình, không phải tổng.",
         "Two mistakes: your softmax goes down the columns, between examples, and J is a mean, not a sum."),
        (lambda Z, y: (Z - torch.eye(Z.shape[1])[y]) / len(y), "Bạn trừ nhãn khỏi logit; p là các xác suất, tức là sau softmax.",
         "You subtracted the labels from the logits; p are the probabilities, after softmax."),
        (lambda Z, y: (torch.sigmoid(Z) - torch.eye(Z.shape[1])[y]) / len(y), "Bạn dùng sigmoid cho từng logit; ở đây là softmax.",
         "You put each logit through the sigmoid; here it is softmax."),
        (_by(lambda P, Y, n: -(P * Y).sum(1).log().mean()), "Bạn trả về chính mất mát; cần gradient của nó.", "You returned the loss itself; its gradient is wanted."),
        (_by(lambda P, Y, n: (P - Y).mean(0)), "Bạn lấy trung bình các hàng thành một; mỗi mẫu phải có một hàng của riêng nó.",
         "You took the mean of the rows and got a single one; each example has a row of its own."),
        (_by(lambda P, Y, n: P * (1 - P) / n), "Bạn dùng p(1 − p), công thức đạo hàm của sigmoid, và chưa dùng nhãn `y`.",
         "You used p(1 − p), the formula for the derivative of the sigmoid, and not the labels `y`."),
    ],
    why=("Mỗi hàng là p − y của một mẫu, rồi chia cho N vì J là trung bình. Mỗi hàng có tổng bằng 0: hạ gradient đẩy logit của lớp đúng lên bao nhiêu thì kéo các logit khác xuống cả thảy bấy nhiêu. "
         "Khi p gần với y, gradient gần bằng 0; đoán sai mà chắc chắn thì gradient của mẫu ấy gần lớn nhất.",
         "Each row is p − y of one example, divided by N as J is a mean. Each row sums to 0: as much as gradient descent pushes the logit of the true class up, it pulls the others down in all. "
         "Where p is near y, the gradient is near 0; for a guess that is wrong and sure of itself it is near its largest."),
)
def loss_gradient(Z: Tensor, y: Tensor) -> Tensor:
    P = torch.softmax(Z, dim=1)
    P[range(len(y)), y] -= 1
    return P / len(y)


quiz = Quiz(CHAPTER, [
    Question(("Bạn xếp mười tầng `nn.Linear(20, 20)` nối nhau, không có hàm kích hoạt nào ở giữa. So với một tầng `nn.Linear(20, 20)`, điều nào đúng?",
              "You put ten layers `nn.Linear(20, 20)` in a row, with no activation function in between. Compared with a single `nn.Linear(20, 20)`, what is true?"), [
        Choice(("Mười tầng biểu diễn được nhiều hàm hơn, vì có số tham số gấp mười.", "The ten layers can represent more functions, as they have ten times as many parameters."),
               ("Nhân mười ma trận với nhau vẫn chỉ ra một ma trận 20 × 20, và các hệ số điều chỉnh gộp lại thành một vector. Thêm tham số không có nghĩa là thêm hàm.",
                "Ten matrices multiplied still give one matrix of 20 × 20, and the biases merge into one vector. More parameters do not mean more functions.")),
        Choice(("Chúng biểu diễn đúng những hàm như nhau, nhưng huấn luyện có thể diễn ra khác nhau.", "They represent the very same functions, but training may go differently."),
               ("Mười tầng gộp được thành một; ngược lại, đặt chín tầng là ma trận đơn vị, với hệ số điều chỉnh bằng 0, thì tầng còn lại làm được mọi việc mà một tầng làm được. Nhưng hạ gradient thay đổi từng ma trận chứ không thay đổi thẳng tích của chúng, nên đường đi khác.",
                "Ten layers merge into one; the other way round, let nine of them be the identity, with biases of 0, and the remaining one can do all that a single layer can. But gradient descent changes each matrix, not their product directly, so the path is another."), right=True),
        Choice(("Chúng biểu diễn những hàm như nhau, nên huấn luyện cũng cho ra cùng một kết quả.", "They represent the same functions, so training gives the same result, too."),
               ("Vế đầu đúng. Nhưng gradient theo một ma trận là tích có mặt chín ma trận kia, nên các bước cập nhật khác hẳn với khi chỉ có một tầng.",
                "The first half is right. But the gradient with respect to one matrix is a product that holds the nine others, so the updates are quite unlike those of a single layer.")),
    ]),
    Question(("Một mạng có mười tầng, mỗi tầng một nút sigmoid, và mọi trọng số bằng 1. Đạo hàm của đầu ra theo đầu vào lớn nhất có thể là bao nhiêu?",
              "A network has ten layers of one sigmoid unit each, and all weights are 1. How large can the derivative of the output with respect to the input be at most?"), [
        Choice(("1/4, vì độ dốc của sigmoid lớn nhất là 1/4.", "1/4, as the slope of the sigmoid is at most 1/4."),
               ("Đó là với một tầng. Tầng nào cũng nhân thêm một độ dốc như thế.", "That is for one layer. Each layer multiplies by one more such slope.")),
        Choice(("10 · 1/4 = 2,5.", "10 · 1/4 = 2.5."),
               ("Theo quy tắc dây chuyền, các độ dốc nhân với nhau chứ không cộng lại.", "By the chain rule slopes are multiplied, not added.")),
        Choice(("1, vì nhân với trọng số 1 thì không làm gradient thay đổi.", "1, as multiplying by a weight of 1 leaves the gradient as it is."),
               ("Trọng số 1 đúng là không thay đổi gì, nhưng mỗi tầng còn nhân với độ dốc của sigmoid.",
                "The weight 1 does change nothing, but each layer multiplies by the slope of the sigmoid as well.")),
        Choice(("1/4 lũy thừa 10, chưa tới một phần triệu.", "1/4 to the power of 10, less than a millionth."),
               ("Mười thừa số, thừa số nào cũng không quá 1/4. Đó là trường hợp tốt nhất, khi mọi z bằng 0; nút bão hòa thì còn ít hơn nhiều.",
                "Ten factors, none above 1/4. This is the best case, with every z equal to 0; where units saturate, far less is left."), right=True),
    ]),
    Question(("Hai tầng ReLU đều được khởi tạo theo He. Tầng thứ nhất nhận 100 giá trị, tầng thứ hai nhận 400. Độ lệch chuẩn của các trọng số ở tầng thứ hai thế nào so với ở tầng thứ nhất?",
              "Two ReLU layers are both initialised by He's rule. The first takes 100 values, the second 400. How does the standard deviation of the weights in the second compare with that in the first?"), [
        Choice(("Bằng một nửa.", "It is half as large."),
               ("Phương sai là 2/m: m gấp bốn thì phương sai còn một phần tư, và độ lệch chuẩn, căn bậc hai của nó, còn một nửa. Tổng có trọng số có nhiều số hạng gấp bốn, nên từng số hạng phải nhỏ đi.",
                "The variance is 2/m: with four times m it is a quarter, and its square root, the standard deviation, is a half. The weighted sum has four times as many terms, so each of them must be smaller."), right=True),
        Choice(("Bằng một phần tư.", "It is a quarter as large."),
               ("Đó là phương sai. Độ lệch chuẩn là căn bậc hai của phương sai.", "That is the variance. The standard deviation is its square root.")),
        Choice(("Bằng nhau, vì cả hai tầng đều dùng ReLU.", "It is the same, as both layers use ReLU."),
               ("ReLU giải thích vì sao có số 2 trong 2/m, nhưng còn m. Nếu độ lệch chuẩn bằng nhau, giá trị z ở tầng thứ hai sẽ phân tán gấp đôi mức cần giữ.",
                "ReLU accounts for the 2 in 2/m, but there is the m as well. With equal standard deviations the values z of the second layer would spread twice as far as intended.")),
        Choice(("Gấp đôi, vì tầng lớn hơn cần trọng số lớn hơn.", "It is twice as large, as a larger layer needs larger weights."),
               ("Ngược lại: càng nhiều số hạng thì tổng càng phân tán, nên từng trọng số phải nhỏ đi.",
                "It is the other way round: the more terms, the further their sum spreads, so each weight must be smaller.")),
    ]),
    Question(("Sau khi huấn luyện, một nút ReLU có z dương với 3% số mẫu huấn luyện, và không dương với mọi mẫu còn lại. Điều nào đúng?",
              "After training, a ReLU unit has a positive z for 3% of the training examples, and for all others it is not positive. What is true?"), [
        Choice(("Nút này đã chết, vì hầu như lúc nào nó cũng tắt.", "The unit is dead, as it is off almost all the time."),
               ("Chết là tắt với mọi mẫu. Nút này vẫn nhận gradient từ 3% số mẫu kia.", "Dead means off for all examples. This unit still gets gradients from those 3%.")),
        Choice(("Nút này thưa chứ không chết: các trọng số của nó vẫn học được từ 3% số mẫu ấy.", "The unit is sparse, not dead: its weights can still learn from those 3% of the examples."),
               ("Có thể nó chỉ đáp ứng một loại ảnh hiếm gặp, và như thế vẫn có ích. Với một batch nhỏ, cả batch có thể làm nó tắt, nhưng đến batch khác nó lại nhận gradient.",
                "It may answer to one rare kind of picture only, and be useful for that. A small batch may leave it off throughout, but another batch will give it a gradient again."), right=True),
        Choice(("Với 97% số mẫu, cả mạng không học được gì, vì gradient qua nút này bằng 0.", "The whole network learns nothing from 97% of the examples, as the gradient through this unit is 0."),
               ("Chỉ con đường qua nút này bị chặn. Với những mẫu ấy, gradient vẫn đi qua các nút khác của cùng tầng, miễn là chúng đang bật.",
                "Only the path through this unit is closed. For these examples gradients still pass through the other units of the layer that are on.")),
    ]),
    Question(("Bài báo về AlexNet viết rằng trên CIFAR-10, một mạng bốn tầng dùng ReLU đạt lỗi huấn luyện 25% nhanh gấp sáu lần cũng mạng ấy dùng tanh. Từ câu ấy, bạn được phép kết luận gì?",
              "The AlexNet paper writes that on CIFAR-10 a network of four layers with ReLU reaches a training error of 25% six times faster than the same network with tanh. What may you conclude from that?"), [
        Choice(("Thay tanh bằng ReLU thì mạng nào cũng học nhanh hơn khoảng sáu lần.", "Any network learns about six times faster if ReLU replaces tanh."),
               ("Tỉ số ấy đo trên một mạng, một tập dữ liệu và một mức lỗi. Đổi một trong ba thì phải đo lại, như cuộc đua trong chương này.",
                "The ratio was measured on one network, one dataset and one level of error. Change any of the three and you must measure again, as the race in this chapter does.")),
        Choice(("Tính ReLU rẻ hơn tính tanh sáu lần.", "ReLU costs six times less to compute than tanh."),
               ("Câu ấy so số lượt huấn luyện cần có, không so thời gian tính một hàm kích hoạt.",
                "The sentence compares how much training is needed, not the time that one activation function takes to compute.")),
        Choice(("Trên tập kiểm tra, mạng ReLU ấy cũng chính xác hơn mạng tanh.", "On the test set, too, that ReLU network is more accurate than the tanh network."),
               ("Lỗi huấn luyện không nói gì về ảnh mới: một mạng học nhanh hơn có thể chỉ quá khớp sớm hơn.",
                "The training error says nothing of new pictures: a network that learns faster may just overfit sooner.")),
        Choice(("Với mạng ấy, dữ liệu ấy và những tốc độ học đã chọn, đến mức lỗi ấy thì ReLU cần huấn luyện ít hơn nhiều.", "For that network, those data and the learning rates chosen, ReLU needs much less training to get to that error."),
               ("Đó là điều đã đo. Bài báo cho biết tốc độ học được chọn riêng cho từng mạng; chọn cách khác thì tỉ số cũng có thể khác.",
                "That is what was measured. The paper says that the learning rate was chosen for each network separately; chosen in another way, the ratio may be another."), right=True),
    ]),
])
