"""Chapter 04: one path, two paths, a numerical gradient, one neuron, a hidden layer in matrices, a graph; and the quiz."""

# What students are given inside a function, and see in its solution, is as plain as in the chapter.
# mypy: allow-untyped-defs, allow-untyped-calls
# ruff: noqa: B905

import math
from collections.abc import Callable
from itertools import accumulate
from random import Random
from typing import Any

import torch
from torch import Tensor

from .engine import exercise
from .quiz import Choice, Question, Quiz

CHAPTER = "04-backpropagation"


def _matrix(random: Random, *shape: int) -> Any:
    """Return nested lists of quarters, none whole or 0: ``torch.tensor`` makes real numbers of them, copied or not."""
    if not shape:
        return random.choice((-1, 1)) * random.choice((0.25, 0.5, 0.75, 1.25, 1.5, 2.25))
    return [_matrix(random, *shape[1:]) for _ in range(shape[0])]


def _sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


# One path


def _single(random: Random) -> list[Any]:
    small = [(0.5, -0.25, 1.5, 1.0), (-0.5, 0.25, 1.5, 0.0), (0.25, 0.5, -1.5, 0.0)]
    made = [(_matrix(random), _matrix(random), _matrix(random), float(k % 2)) for k in range(9)]
    return [(0.5, 0.5, 0.5, 0.0), *small, *made, (-2.25, -2.25, -2.25, 1.0)]


def _from(make: Callable[..., Any]) -> Any:
    """Return what ``make(a, w, b, x, y)`` gives, where a is the prediction."""
    return lambda w, b, x, y: make(_sigmoid(w * x + b), w, b, x, y)


def _by_z(slope: Callable[..., float]) -> Any:
    """Return both derivatives by the derivative with respect to z, ``slope(a, z, y)``."""

    def chain(w: float, b: float, x: float, y: float) -> Any:
        d = slope(_sigmoid(w * x + b), w * x + b, y)
        return d * x, d

    return chain


def _dz(a: float, y: float) -> float:
    return 2 * (a - y) * a * (1 - a)


@exercise(
    "04-chain",
    cases=_single,
    tolerance=1e-5,
    hints=[
        ("Vẽ đồ thị: w đi vào z, z đi vào a, a đi vào L. Trên mỗi mũi tên, viết đạo hàm tại chỗ của nó.",
         "Draw the graph: w goes into z, z into a, a into L. On each arrow write its local derivative."),
        ("Ba đạo hàm tại chỗ: của (a − y)² theo a, của sigmoid theo z, và của w·x + b theo w. Dọc theo một đường thì nhân.",
         "Three local derivatives: of (a − y)² with respect to a, of the sigmoid with respect to z, and of w·x + b with respect to w. Along a path, multiply."),
        ("Đường của b chỉ khác ở mũi tên đầu tiên. Hãy tính đạo hàm theo z một lần, rồi dùng nó cho cả hai kết quả.",
         "The path of b differs in its first arrow only. Find the derivative with respect to z once and use it for both results."),
    ],
    wrong=[
        (_by_z(lambda a, z, y: 2 * (a - y)), "Thiếu một mũi tên: đường đi từ a về z mang đạo hàm của sigmoid.",
         "One arrow is missing: the way from a back to z carries the derivative of the sigmoid."),
        (_by_z(lambda a, z, y: a - y), "a − y là đạo hàm theo z khi mất mát là entropy chéo; ở đây mất mát là bình phương.",
         "a − y is the derivative with respect to z for cross-entropy; here the loss is a square."),
        (_by_z(lambda a, z, y: (a - y) * a * (1 - a)), "Kết quả chỉ bằng một nửa: bạn quên số 2 mà phép bình phương để lại.",
         "Half of what it should be: you forgot the 2 that squaring leaves."),
        (_by_z(lambda a, z, y: -_dz(a, y)), "Sai dấu: trong ngoặc là a − y.", "The sign is wrong: it is a − y in the brackets."),
        (_by_z(lambda a, z, y: 2 * (a - y) * a), "Đạo hàm của sigmoid thiếu thừa số 1 − a.", "The derivative of the sigmoid lacks its factor 1 − a."),
        (_by_z(lambda a, z, y: 2 * (a - y) * (1 - a)), "Đạo hàm của sigmoid thiếu thừa số a.", "The derivative of the sigmoid lacks its factor a."),
        (_by_z(lambda a, z, y: 2 * (a - y) * _sigmoid(a) * (1 - _sigmoid(a))), "Bạn đưa a qua sigmoid lần nữa: a đã là kết quả của sigmoid.",
         "You put a through the sigmoid once more: a has been through it already."),
        (_by_z(lambda a, z, y: 2 * (a - y) * z * (1 - z)), "Bạn tính z(1 − z); đạo hàm của sigmoid viết theo giá trị sau khi qua sigmoid.",
         "You took z(1 − z); the derivative of the sigmoid is written in terms of its output."),
        (_by_z(lambda a, z, y: 2 * (a - y) * (1 - a * a)), "1 − a² là đạo hàm của tanh, không phải của sigmoid.", "1 − a² is the derivative of tanh, not of the sigmoid."),
        (_by_z(lambda a, z, y: 2 * (z - y)), "Bạn bỏ qua sigmoid: dự đoán là a, không phải z.", "You left the sigmoid out: the prediction is a, not z."),
        (_by_z(lambda a, z, y: a * (1 - a)), "Thiếu mũi tên cuối cùng: đạo hàm của bình phương theo a.", "The last arrow is missing: the derivative of the square with respect to a."),
        (_by_z(lambda a, z, y: (a - y) ** 2 * a * (1 - a)), "Hiệu của bạn vẫn còn bình phương; lấy đạo hàm thì số mũ giảm đi 1.",
         "Your difference is still squared; a derivative lowers the exponent by 1."),
        (_from(lambda a, w, b, x, y: (2 * (a - y) + a * (1 - a) + x, 2 * (a - y) + a * (1 - a) + 1)), "Bạn cộng các đạo hàm tại chỗ; dọc theo một đường thì phải nhân.",
         "You added the local derivatives; along a path they are multiplied."),
        (_from(lambda a, w, b, x, y: (_dz(a, y), _dz(a, y))), "Kết quả thứ hai đúng; kết quả thứ nhất thiếu mũi tên từ w vào z, mang đạo hàm `x`.",
         "The second result is right; the first lacks the arrow from w to z, which carries `x`."),
        (_from(lambda a, w, b, x, y: (_dz(a, y) * x, _dz(a, y) * x)), "Kết quả thứ nhất đúng; trong kết quả thứ hai có một thừa số `x` không thuộc về nó: b được cộng vào, không nhân với gì.",
         "The first result is right; the second has a factor `x` that does not belong there: b is added and multiplied by nothing."),
        (_from(lambda a, w, b, x, y: (_dz(a, y) * x, _dz(a, y) * b)), "Kết quả thứ nhất đúng; ở kết quả thứ hai, đạo hàm của w·x + b theo b không phải là b.",
         "The first result is right; in the second, the derivative of w·x + b with respect to b is not b."),
        (_from(lambda a, w, b, x, y: (_dz(a, y) * w, _dz(a, y))), "Kết quả thứ nhất là đạo hàm theo x; đề bài hỏi theo w.",
         "The first result is the derivative with respect to x; it is asked for with respect to w."),
        (lambda w, b, x, y: (_dz(_sigmoid(w * x), y) * x, _dz(_sigmoid(w * x), y)), "Bạn quên `b` khi tính z.", "You forgot `b` when you worked out z."),
        (_from(lambda a, w, b, x, y: (_dz(a, y), _dz(a, y) * x)), "Hai kết quả đổi chỗ cho nhau: đạo hàm theo w đứng trước.",
         "The two results have changed places: the derivative with respect to w comes first."),
        (_from(lambda a, w, b, x, y: _dz(a, y) * x), "Bạn chỉ trả về đạo hàm theo w; còn thiếu đạo hàm theo b.", "You returned the derivative with respect to w only; that for b is missing."),
        (_from(lambda a, w, b, x, y: (a - y) ** 2), "Bạn trả về chính mất mát; cần hai đạo hàm của nó.", "You returned the loss itself; two derivatives of it are wanted."),
    ],
    why=("Đường từ w là w → z → a → L, với các đạo hàm tại chỗ x, a(1 − a) và 2(a − y). Đường từ b chỉ khác ở mũi tên đầu: 1 thay cho x. "
         "Phần chung, đạo hàm theo z, chỉ tính một lần. Với mất mát này, thừa số a(1 − a) ở lại: khi mạng sai mà rất chắc chắn, a(1 − a) gần bằng 0 và mạng hầu như không học. "
         "Với entropy chéo, thừa số ấy bị khử.",
         "The path from w is w → z → a → L, with the local derivatives x, a(1 − a) and 2(a − y). The path from b differs in its first arrow: 1 in place of x. "
         "What they share, the derivative with respect to z, is worked out once. With this loss the factor a(1 − a) stays: where the network is wrong and very sure, a(1 − a) is nearly 0, and it hardly learns. "
         "With cross-entropy that factor cancels."),
)
def chain(w: float, b: float, x: float, y: float) -> tuple[float, float]:
    a = 1 / (1 + math.exp(-(w * x + b)))
    dz = 2 * (a - y) * a * (1 - a)
    return dz * x, dz


# Two paths


def _shared(random: Random) -> list[Any]:
    made = [(_matrix(random), _matrix(random)) for _ in range(9)]
    return [(0.5, 0.5), (1.5, 0.5), (2.0, -1.5), *made, (-2.25, -2.25)]


def _paths(make: Callable[..., Any]) -> Any:
    """Return what ``make`` gives of w, x, both values, and the slopes of the sigmoid at both."""

    def shared_weight(w: float, x: float) -> Any:
        h1 = _sigmoid(w * x)
        h2 = _sigmoid(w * h1)
        return make(w, x, h1, h2, h1 * (1 - h1), h2 * (1 - h2))

    return shared_weight


@exercise(
    "04-shared-weight",
    cases=_shared,
    tolerance=1e-5,
    hints=[
        ("Vẽ đồ thị và đếm: từ w có mấy đường tới h₂? Một đường đi thẳng vào phép nhân thứ hai, đường kia đi vòng qua h₁.",
         "Draw the graph and count: how many paths lead from w to h₂? One goes straight into the second product, the other through h₁."),
        ("Dọc theo mỗi đường thì nhân; hai đường thì cộng. Cả hai đường đều kết thúc bằng đạo hàm của sigmoid thứ hai, h₂(1 − h₂).",
         "Along each path multiply; over the two paths add. Both end with the derivative of the second sigmoid, h₂(1 − h₂)."),
        ("Trong tích w·h₁: đạo hàm theo w là h₁, đạo hàm theo h₁ là w. Đường thứ hai còn phải đi tiếp từ h₁ về w.",
         "In the product w·h₁ the derivative with respect to w is h₁, and with respect to h₁ it is w. The second path goes on, from h₁ back to w."),
    ],
    wrong=[
        (_paths(lambda w, x, h1, h2, s1, s2: s2 * h1), "Bạn chỉ tính đường đi thẳng; w còn tác động qua h₁.", "You took the direct path only; w also acts through h₁."),
        (_paths(lambda w, x, h1, h2, s1, s2: s2 * w * s1 * x), "Bạn chỉ tính đường đi vòng qua h₁; w còn đi thẳng vào phép nhân thứ hai.",
         "You took only the path through h₁; w also goes straight into the second product."),
        (_paths(lambda w, x, h1, h2, s1, s2: s2 * h1 * s2 * w * s1 * x), "Bạn nhân hai đường với nhau; nhiều đường thì cộng.", "You multiplied the two paths; several paths are added."),
        (_paths(lambda w, x, h1, h2, s1, s2: s2 * h1 * w * s1 * x), "Bạn nhân mọi đạo hàm tại chỗ thành một tích; mỗi đường có tích riêng, rồi cộng lại.",
         "You multiplied all local derivatives into one product; each path has a product of its own, and these are added."),
        (_paths(lambda w, x, h1, h2, s1, s2: s2 * (h1 - w * s1 * x)), "Bạn trừ hai đường cho nhau; nhiều đường thì cộng.", "You subtracted one path from the other; several paths are added."),
        (_paths(lambda w, x, h1, h2, s1, s2: s2 * (h1 + w * s1 * x) / 2), "Bạn lấy trung bình hai đường; chúng cộng lại, không chia.", "You took the mean of the two paths; they add up, with no division."),
        (_paths(lambda w, x, h1, h2, s1, s2: s2 * (h1 + s1 * x)), "Đường đi vòng thiếu một mũi tên: từ h₁ vào tích w·h₁.", "The path through h₁ lacks an arrow: from h₁ into the product w·h₁."),
        (_paths(lambda w, x, h1, h2, s1, s2: s2 * (h1 + w * s1)), "Đường đi vòng thiếu mũi tên đầu tiên: từ w vào tích w·x.", "The path through h₁ lacks its first arrow: from w into the product w·x."),
        (_paths(lambda w, x, h1, h2, s1, s2: s2 * (h1 + w * x)), "Đường đi vòng thiếu đạo hàm của sigmoid thứ nhất.", "The path through h₁ lacks the derivative of the first sigmoid."),
        (_paths(lambda w, x, h1, h2, s1, s2: h1 + w * s1 * x), "Cả hai đường đều thiếu đạo hàm của sigmoid thứ hai.", "Both paths lack the derivative of the second sigmoid."),
        (_paths(lambda w, x, h1, h2, s1, s2: h1 + s2 * w * s1 * x), "Đường đi thẳng thiếu đạo hàm của sigmoid thứ hai; hai đường cùng đi qua nó.",
         "The direct path lacks the derivative of the second sigmoid; both paths go through it."),
        (_paths(lambda w, x, h1, h2, s1, s2: s2 * h1 + w * s1 * x), "Đường đi vòng thiếu đạo hàm của sigmoid thứ hai; hai đường cùng đi qua nó.",
         "The path through h₁ lacks the derivative of the second sigmoid; both paths go through it."),
        (_paths(lambda w, x, h1, h2, s1, s2: s2 * (1 + w * s1 * x)), "Đường đi thẳng thiếu thừa số h₁: w nhân với h₁.", "The direct path lacks the factor h₁: w is multiplied by h₁."),
        (_paths(lambda w, x, h1, h2, s1, s2: s2 * (h1 + w * s2 * x)), "Bạn dùng đạo hàm của sigmoid thứ hai ở cả hai chỗ; sigmoid thứ nhất có đạo hàm riêng, tại h₁.",
         "You used the derivative of the second sigmoid in both places; the first has its own, at h₁."),
        (_paths(lambda w, x, h1, h2, s1, s2: s1 * (h1 + w * s1 * x)), "Bạn dùng đạo hàm của sigmoid thứ nhất ở cả hai chỗ; sigmoid thứ hai có đạo hàm riêng, tại h₂.",
         "You used the derivative of the first sigmoid in both places; the second has its own, at h₂."),
        (_paths(lambda w, x, h1, h2, s1, s2: s2 * w * s1 * x + s1 * x), "Phần thứ hai của bạn là đạo hàm của h₁ theo w; nó đã nằm trong đường đi vòng.",
         "Your second part is the derivative of h₁ with respect to w; that is inside the path through h₁ already."),
        (_paths(lambda w, x, h1, h2, s1, s2: s2 * w * s1 * w), "Đó là đạo hàm theo x; đề bài hỏi theo w.", "That is the derivative with respect to x; it is asked for with respect to w."),
        (_paths(lambda w, x, h1, h2, s1, s2: h2), "Bạn trả về chính h₂; cần đạo hàm của nó.", "You returned h₂ itself; its derivative is wanted."),
        (_paths(lambda w, x, h1, h2, s1, s2: (s2 * h1, s2 * w * s1 * x)), "Bạn tính đúng cả hai đường; còn phải cộng chúng lại.", "Both paths are right; they are still to be added."),
    ],
    why=("Đường đi thẳng: h₂(1 − h₂)·h₁. Đường đi vòng: h₂(1 − h₂)·w·h₁(1 − h₁)·x. Nhích w một chút thì cả hai đường cùng hoạt động, nên hai số cộng lại. "
         "Một trọng số dùng chung ở nhiều nơi là chuyện thường: một bộ lọc trượt trên ảnh dùng cùng một trọng số ở mọi vị trí, và gradient của nó là tổng trên mọi vị trí.",
         "The direct path: h₂(1 − h₂)·h₁. The path through h₁: h₂(1 − h₂)·w·h₁(1 − h₁)·x. Nudge w and both are at work, so the two numbers add up. "
         "Weights that are used in many places are common: a filter that slides over an image uses the same weight at each position, and its gradient is the sum over all of them."),
)
def shared_weight(w: float, x: float) -> float:
    h1 = 1 / (1 + math.exp(-w * x))
    h2 = 1 / (1 + math.exp(-w * h1))
    direct = h2 * (1 - h2) * h1
    around = h2 * (1 - h2) * w * h1 * (1 - h1) * x
    return direct + around


# A gradient by differences


def _points(random: Random) -> list[Any]:
    """Return steps so large that a central difference is neither the derivative nor a difference to one side."""
    small = [([0.5], [1.5], 1.0, 0.5), ([0.5, -0.25], [1.5, 0.5], 0.0, 0.5), ([0.5, 0.25], [-1.5, 2.25], 1.0, 0.25)]
    return small + [(_matrix(random, n), _matrix(random, n), float(k % 2), random.choice((0.25, 0.5, 0.75)))
                    for k, n in enumerate((2, 2, 3, 3, 3, 4, 4, 5))]


def _loss(w: list[float], x: list[float], y: float) -> float:
    z = sum(a * b for a, b in zip(w, x, strict=True))
    return math.log(1 + math.exp(z)) - y * z


def _moved(w: list[float], j: int, step: float) -> list[float]:
    return [v + step if i == j else v for i, v in enumerate(w)]


def _each(make: Callable[..., float]) -> Any:
    """Return a list of ``make(at, h)``, where ``at(t)`` is the loss with the entry in question moved by t."""
    return lambda w, x, y, h: [make(lambda t, j=j: _loss(_moved(w, j, t), x, y), h) for j in range(len(w))]


def _central(at: Callable[[float], float], h: float) -> float:
    return (at(h) - at(-h)) / (2 * h)


def _unrestored(w: list[float], x: list[float], y: float, h: float) -> list[float]:
    """Move each entry up, then down, and leave it there."""
    gradient, now = [], list(w)
    for j in range(len(w)):
        up, now = _moved(now, j, h), _moved(now, j, -h)
        gradient.append((_loss(up, x, y) - _loss(now, x, y)) / (2 * h))
    return gradient


def _together(w: list[float], x: list[float], y: float, h: float) -> list[float]:
    """Move all entries at once."""
    up, down = ([v + step for v in w] for step in (h, -h))
    return [(_loss(up, x, y) - _loss(down, x, y)) / (2 * h)] * len(w)


_right_numbers = _each(_central)


@exercise(
    "04-numerical-gradient",
    cases=_points,
    tolerance=1e-5,
    hints=[
        ("Với mỗi j, cần hai giá trị của `loss`: một khi số thứ j tăng thêm `h`, một khi nó giảm đi `h`. Các số khác giữ nguyên.",
         "For each j two values of `loss` are needed: one with number j larger by `h`, one with it smaller by `h`. All others stay."),
        ("`up = w` không tạo ra danh sách mới: sửa `up` là sửa luôn `w`. `list(w)` mới tạo ra một bản sao.",
         "`up = w` makes no new list: to change `up` is to change `w`. It is `list(w)` that makes a copy."),
        ("Hai điểm cách nhau bao xa? Hãy chia hiệu của hai mất mát cho khoảng cách ấy, và đặt nó trong ngoặc.",
         "How far apart are the two points? Divide the difference of the losses by that distance, and put it in brackets."),
    ],
    wrong=[
        (_each(lambda at, h: (at(h) - at(0)) / h), "Bạn chỉ nhích về một phía; hiệu hai phía chính xác hơn nhiều.", "You moved to one side only; a central difference is far more exact."),
        (_each(lambda at, h: (at(0) - at(-h)) / h), "Bạn chỉ nhích về phía dưới; phải nhích về cả hai phía.", "You moved downwards only; move to both sides."),
        (_each(lambda at, h: (at(h) - at(-h)) / h), "Kết quả gấp đôi: hai điểm cách nhau 2h, không phải h.", "Twice too large: the two points are 2h apart, not h."),
        (_each(lambda at, h: (at(h) - at(0)) / (2 * h)), "Bạn chia cho 2h, nhưng hai điểm của bạn chỉ cách nhau h: có phải số thứ j mới trở về chỗ cũ chứ chưa xuống thấp hơn?",
         "You divided by 2h, but your two points are only h apart: did number j go back to where it was, and no lower?"),
        (_each(lambda at, h: (at(h) - at(-h)) / 2 * h), "Thiếu ngoặc ở mẫu số: `/ 2 * h` chia cho 2 rồi *nhân* với h.", "Brackets are missing in the denominator: `/ 2 * h` divides by 2 and then *multiplies* by h."),
        (_each(lambda at, h: at(h) - at(-h)), "Bạn quên chia cho khoảng cách giữa hai điểm.", "You forgot to divide by the distance between the two points."),
        (_each(lambda at, h: (at(h) - at(-h)) / 2), "Bạn chia cho 2; khoảng cách giữa hai điểm là 2h.", "You divided by 2; the two points are 2h apart."),
        (_each(lambda at, h: (at(-h) - at(h)) / (2 * h)), "Sai dấu: lấy giá trị ở điểm trên trừ giá trị ở điểm dưới.", "The sign is wrong: it is the value at the upper point minus that at the lower."),
        (_each(lambda at, h: (at(h / 2) - at(-h / 2)) / h), "Bạn nhích h/2 về mỗi phía; đề bài nhích cả `h`.", "You moved h/2 to each side; the task moves by all of `h`."),
        (_each(lambda at, h: (at(h) - 2 * at(0) + at(-h)) / h**2), "Đó là đạo hàm bậc hai; cần đạo hàm bậc nhất.", "That is the second derivative; the first is wanted."),
        (_unrestored, "Bạn sửa `w` tại chỗ mà không trả lại: từ số thứ hai trở đi, bạn đo ở một điểm khác.",
         "You changed `w` in place and did not put it back: from the second number on, you measure at another point."),
        (_together, "Bạn nhích mọi số cùng một lúc; mỗi lần chỉ nhích một số, các số khác giữ nguyên.", "You moved all numbers at once; move one at a time and leave the others."),
        (lambda w, x, y, h: [0.0] * len(w), "Mọi hiệu đều bằng 0: hai danh sách của bạn là cùng một danh sách, nên hai lần gọi `loss` cho cùng một giá trị.",
         "All differences are 0: your two lists are one and the same, so both calls of `loss` give the same value."),
        (lambda w, x, y, h: [(_sigmoid(sum(a * b for a, b in zip(w, x, strict=True))) - y) * v for v in x],
         "Đó là đạo hàm tính bằng công thức; bài này hỏi con số mà hiệu hai phía cho, với đúng `h` ấy.",
         "That is the derivative by formula; asked for is the number that the central difference gives, with this very `h`."),
        (lambda w, x, y, h: [(_loss(w, _moved(x, j, h), y) - _loss(w, _moved(x, j, -h), y)) / (2 * h) for j in range(len(w))],
         "Bạn nhích `x`; trọng số là `w`.", "You moved `x`; the weights are `w`."),
        (lambda w, x, y, h: [(_loss(_moved(w, j, h * w[j]), x, y) - _loss(_moved(w, j, -h * w[j]), x, y)) / (2 * h) for j in range(len(w))],
         "Bạn nhân số thứ j với 1 ± h; phải cộng và trừ `h`.", "You multiplied number j by 1 ± h; add and subtract `h`."),
        (lambda w, x, y, h: _right_numbers(w, x, y, h)[0], "Bạn chỉ trả về số đầu tiên: có `return` nào nằm trong vòng lặp không?",
         "You returned the first number only: is there a `return` inside the loop?"),
        (lambda w, x, y, h: sum(_right_numbers(w, x, y, h)), "Bạn cộng các đạo hàm riêng lại; gradient là cả danh sách.", "You added up the partial derivatives; the gradient is the whole list."),
        (lambda w, x, y, h: list(accumulate(_right_numbers(w, x, y, h))), "Mỗi số của bạn cộng dồn cả những số trước nó: có biến nào không bắt đầu lại ở mỗi vòng không?",
         "Each of your numbers adds up those before it: is there a variable that does not start anew each time round?"),
        (lambda w, x, y, h: [_loss(_moved(w, j, h), x, y) for j in range(len(w))], "Bạn trả về các mất mát; cần hiệu của chúng, chia cho khoảng cách.",
         "You returned losses; their differences are wanted, divided by the distance."),
    ],
    why=("Mỗi số một lần: nhích lên, nhích xuống, lấy hiệu rồi chia cho 2h. Sai số tỉ lệ với h², còn nhích về một phía thì sai số tỉ lệ với h. "
         "Cách này đúng cho mọi hàm mà không cần biết công thức, nên rất hợp để kiểm tra; nhưng nó gọi `loss` hai lần cho mỗi trọng số, nên không ai dùng nó để huấn luyện.",
         "One number at a time: up, down, the difference, divided by 2h. The error goes as h², while to one side only it goes as h. "
         "This works for any function without a formula, which makes it a good check; but it calls `loss` twice for each weight, so nobody trains with it."),
)
def numerical_gradient(w: list[float], x: list[float], y: float, h: float) -> list[float]:
    def loss(w):
        z = sum(w_j * x_j for w_j, x_j in zip(w, x))
        return math.log(1 + math.exp(z)) - y * z

    gradient = []
    for j in range(len(w)):
        up, down = list(w), list(w)
        up[j] += h
        down[j] -= h
        gradient.append((loss(up) - loss(down)) / (2 * h))
    return gradient


# One neuron, a batch


def _neurons(random: Random) -> list[Any]:
    small = [([[1.5]], [1.0], [0.5], -0.25), ([[0.5], [-1.5]], [0.0, 1.0], [1.5], 0.25), ([[0.5, 1.5], [-0.5, 2.25]], [1.0, 0.0], [0.5, -0.25], 0.5)]
    return small + [(_matrix(random, n, d), [float((i + k) % 2) for i in range(n)], _matrix(random, d), _matrix(random))
                    for k, (n, d) in enumerate(((3, 1), (3, 2), (2, 3), (4, 2), (3, 4), (5, 3), (4, 3)))]


def _neuron(make: Callable[..., Any]) -> Any:
    """Return what ``make`` gives of the predictions, X, y and the number of examples."""
    return lambda X, y, w, b: make(torch.sigmoid(X @ w + b), X, y, len(X))


def _with(error: Callable[[Tensor, Tensor], Tensor]) -> Any:
    """Return the gradients with another derivative with respect to z than the difference of prediction and label."""
    return _neuron(lambda a, X, y, n: (X.T @ error(a, y) / n, error(a, y).mean()))


def _forward_without(make: Callable[..., Tensor]) -> Any:
    """Return the gradients with other predictions."""
    return lambda X, y, w, b: (X.T @ (make(X, w, b) - y) / len(X), (make(X, w, b) - y).mean())


@exercise(
    "04-neuron-gradient",
    cases=_neurons,
    tensors="X y w",
    hints=[
        ("Đi xuôi trước: `X @ w` cho mỗi mẫu một tổng có trọng số. Sau sigmoid, mỗi mẫu có một dự đoán.",
         "First go forward: `X @ w` gives a weighted sum for each example. After the sigmoid each has a prediction."),
        ("Với sigmoid và entropy chéo, đạo hàm theo z của một mẫu rất gọn: dự đoán trừ nhãn. Từ z về w_j là mũi tên nào?",
         "With a sigmoid and cross-entropy, the derivative with respect to z for one example is short: prediction minus label. Which arrow leads from z to w_j?"),
        ("Số thứ j của gradient là trung bình, trên các mẫu, của sai số nhân với cột j của `X`. Nhân với `X.T` làm phép tổng ấy cho mọi j cùng lúc.",
         "Number j of the gradient is the mean, over the examples, of the error times column j of `X`. Multiplying by `X.T` does that sum for all j at once."),
    ],
    wrong=[
        (_neuron(lambda a, X, y, n: (X.T @ (a - y), (a - y).sum())), "Bạn quên 1/N ở cả hai kết quả: J là trung bình, không phải tổng.",
         "You forgot 1/N in both results: J is a mean, not a sum."),
        (_neuron(lambda a, X, y, n: (X.T @ (a - y), (a - y).mean())), "Gradient theo b đúng; gradient theo w thiếu 1/N.", "The gradient for b is right; that for w lacks 1/N."),
        (_neuron(lambda a, X, y, n: (X.T @ (a - y) / n, (a - y).sum())), "Gradient theo w đúng; gradient theo b thiếu 1/N.", "The gradient for w is right; that for b lacks 1/N."),
        (_neuron(lambda a, X, y, n: (X.T @ (a - y) / X.shape[1], (a - y).sum() / X.shape[1])), "Bạn chia cho số đặc trưng; trung bình lấy trên các mẫu, và mỗi mẫu là một hàng.",
         "You divided by the number of features; the mean is over the examples, and these are the rows."),
        (_neuron(lambda a, X, y, n: (X.T @ (a - y) / X.numel(), (a - y).mean())), "Gradient theo b đúng; ở gradient theo w, bạn chia cho số ô của `X` thay vì số hàng.",
         "The gradient for b is right; in that for w you divided by the number of entries of `X`, not of its rows."),
        (_with(lambda a, y: y - a), "Sai dấu: đạo hàm theo z là dự đoán trừ nhãn, không phải ngược lại.", "The sign is wrong: the derivative with respect to z is prediction minus label, not the other way round."),
        (_with(lambda a, y: (a - y) * a * (1 - a)), "Thừa thừa số a(1 − a): với entropy chéo, nó đã bị khử.", "The factor a(1 − a) is one too many: with cross-entropy it has cancelled."),
        (_with(lambda a, y: 2 * (a - y)), "Thừa số 2: không có phép bình phương nào ở đây.", "There is a 2 too many: nothing is squared here."),
        (_with(lambda a, y: 2 * (a - y) * a * (1 - a)), "Đó là gradient của bình phương sai số; ở đây mất mát là entropy chéo.", "That is the gradient of the squared error; here the loss is cross-entropy."),
        (_with(lambda a, y: a), "Bạn chưa dùng nhãn `y`.", "You have not used the labels `y`."),
        (_with(lambda a, y: a * (1 - a)), "Bạn mới có đạo hàm của sigmoid; còn thiếu đạo hàm của mất mát theo dự đoán.",
         "You only have the derivative of the sigmoid; that of the loss with respect to the prediction is missing."),
        (_with(lambda a, y: (a - y) / (a * (1 - a))), "Đó là đạo hàm theo dự đoán; còn thiếu mũi tên qua sigmoid, về z.", "That is the derivative with respect to the prediction; the arrow through the sigmoid, back to z, is missing."),
        (_with(lambda a, y: (a > 0.5).to(a) - y), "Bạn làm tròn dự đoán thành 0 hoặc 1; gradient cần chính xác suất.", "You rounded the predictions to 0 or 1; the gradient needs the probability itself."),
        (_forward_without(lambda X, w, b: X @ w + b), "Dự đoán của bạn chưa qua sigmoid.", "Your predictions have not been through the sigmoid."),
        (_forward_without(lambda X, w, b: torch.sigmoid(X @ w)), "Bạn quên `b` khi đi xuôi.", "You forgot `b` on the way forward."),
        (_neuron(lambda a, X, y, n: ((a - y).mean() * X.mean(0), (a - y).mean())), "Gradient theo b đúng. Với w, bạn nhân hai trung bình với nhau; phải nhân trong từng mẫu trước, rồi mới lấy trung bình.",
         "The gradient for b is right. For w you multiplied two means; multiply within each example first, then take the mean."),
        (_neuron(lambda a, X, y, n: ((a - y)[:, None] * X, a - y)), "Bạn trả về gradient của từng mẫu; còn phải lấy trung bình theo các hàng.", "You returned the gradients of the single examples; their mean over the rows is still to be taken."),
        (_neuron(lambda a, X, y, n: ((a - y)[:, None] * X / n, (a - y) / n)), "Bạn đã chia cho N nhưng chưa cộng các mẫu lại.", "You divided by N, but did not add up the examples."),
        (_neuron(lambda a, X, y, n: (X.T @ (a - y) / n, a - y)), "Gradient theo w đúng; gradient theo b phải là một số: trung bình trên các mẫu.",
         "The gradient for w is right; that for b is a single number: the mean over the examples."),
        (_neuron(lambda a, X, y, n: (((a - y)[:, None] * X).mean(), (a - y).mean())), "Gradient theo b đúng; ở gradient theo w, bạn trộn cả các cột: mỗi trọng số có một số riêng.",
         "The gradient for b is right; in that for w you mixed the columns: each weight has a number of its own."),
        (_neuron(lambda a, X, y, n: (X.T @ (a - y) / n, (X.T @ (a - y) / n).mean())), "Gradient theo w đúng; gradient theo b không liên quan gì tới `X`: mũi tên từ b mang số 1.",
         "The gradient for w is right; that for b has nothing to do with `X`: the arrow from b carries a 1."),
        (_neuron(lambda a, X, y, n: ((a - y).mean(), X.T @ (a - y) / n)), "Hai kết quả đổi chỗ cho nhau: gradient theo w đứng trước.", "The two results have changed places: the gradient for w comes first."),
        (_neuron(lambda a, X, y, n: X.T @ (a - y) / n), "Bạn chỉ trả về gradient theo w; còn thiếu b.", "You returned the gradient for w only; that for b is missing."),
        (_neuron(lambda a, X, y, n: -(y * a.log() + (1 - y) * (1 - a).log()).mean()), "Bạn trả về chính mất mát; cần gradient của nó.", "You returned the loss itself; its gradient is wanted."),
    ],
    why=("Mỗi mẫu cho một sai số a − y. Mũi tên từ w_j vào z mang x_j, nên mẫu ấy góp (a − y)·x_j; mũi tên từ b mang số 1. Trung bình trên các mẫu là xong. "
         "`X.T @ error` có kích thước (d, N) nhân (N,), tức là (d,): đúng kích thước của w. Gradient luôn có kích thước của tham số mà nó thuộc về.",
         "Each example gives an error a − y. The arrow from w_j into z carries x_j, so the example contributes (a − y)·x_j; the arrow from b carries a 1. The mean over the examples is all that remains. "
         "`X.T @ error` has shape (d, N) times (N,), which is (d,): just the shape of w. A gradient always has the shape of the parameter that it belongs to."),
)
def neuron_gradient(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[Tensor, Tensor]:
    error = torch.sigmoid(X @ w + b) - y
    return X.T @ error / len(X), error.mean()


# A hidden layer


def _networks(random: Random) -> list[Any]:
    """Return networks; the first are square, so that a factor in the wrong place gives numbers and not just an error."""

    def network(n: int, d: int, h: int, start: int) -> Any:
        labels = [[float((i + start) % 2)] for i in range(n)]
        return (_matrix(random, n, d), _matrix(random, d, h), _matrix(random, h), _matrix(random, h, 1), _matrix(random, 1), labels)

    return [network(*sizes, k) for k, sizes in enumerate(((2, 2, 2), (2, 2, 2), (3, 2, 2), (3, 3, 3), (2, 3, 2), (2, 2, 3), (3, 2, 4), (4, 3, 2), (5, 2, 3)))]


def _layers(make: Callable[..., Any]) -> Any:
    """Return what ``make(X, A, W2, D, n)`` gives: A the hidden values, D the differences of prediction and label."""

    def layer_gradients(X: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor, y: Tensor) -> Any:
        A = torch.sigmoid(X @ W1 + b1)
        return make(X, A, W2, torch.sigmoid(A @ W2 + b2) - y, len(X))

    return layer_gradients


def _four(X: Tensor, A: Tensor, D1: Tensor, D2: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    return X.T @ D1, D1.sum(0), A.T @ D2, D2.sum(0)


def _hidden(A: Tensor, W2: Tensor, D2: Tensor) -> Tensor:
    return (D2 @ W2.T) * A * (1 - A)


def _changed(change: Callable[..., Any]) -> Any:
    """Return what ``change(X, A, D1, D2, W2)`` makes of the right derivatives with respect to both z."""
    return _layers(lambda X, A, W2, D, n: change(X, A, _hidden(A, W2, D / n), D / n, W2))


def _other_hidden(hidden: Callable[..., Tensor]) -> Any:
    """Return the four gradients with other derivatives at the hidden layer, ``hidden(A, W2, D2)``."""
    return _layers(lambda X, A, W2, D, n: _four(X, A, hidden(A, W2, D / n), D / n))


def _other_output(output: Callable[..., Tensor]) -> Any:
    """Return the four gradients with other derivatives at the output, ``output(D, X, A)``, the rest following from them."""
    return _layers(lambda X, A, W2, D, n: _four(X, A, _hidden(A, W2, output(D, X, A)), output(D, X, A)))


def _output_slope(X: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor, y: Tensor) -> Any:
    A = torch.sigmoid(X @ W1 + b1)
    P = torch.sigmoid(A @ W2 + b2)
    D2 = (P - y) * P * (1 - P) / len(X)
    return _four(X, A, _hidden(A, W2, D2), D2)


@exercise(
    "04-layer-gradients",
    cases=_networks,
    tensors="X W1 b1 W2 b2 y",
    hints=[
        ("Đi ngược từng bước và viết kích thước bên cạnh: `D2`, đạo hàm theo z của tầng ra, là N × 1; `D1`, của tầng ẩn, là N × h. Nhớ chia cho N, một lần, ngay ở `D2`.",
         "Go backwards step by step and write the shapes beside it: `D2`, with respect to z of the output layer, is N × 1; `D1`, of the hidden layer, is N × h. Divide by N once, in `D2`."),
        ("Từ `D2` sang `D1`: nhân ma trận với `W2` chuyển vị, *rồi* nhân từng phần tử với đạo hàm của sigmoid, viết theo `A1`. Xong hết những việc ấy mới nhân với `X`.",
         "From `D2` to `D1`: a matrix product with `W2` transposed, *then* element by element with the derivative of the sigmoid, in terms of `A1`. Only when all that is done comes `X`."),
        ("Gradient của một ma trận trọng số: những gì đi *vào* tầng, chuyển vị, nhân với đạo hàm theo z của tầng. Hệ số điều chỉnh có mặt trong mọi mẫu, nên gradient của nó là tổng theo các hàng.",
         "The gradient of a weight matrix: what goes *into* the layer, transposed, times the derivatives with respect to its z. A bias is there in every example, so its gradient is the sum over the rows."),
    ],
    wrong=[
        (_other_output(lambda D, X, A: D), "Bạn quên 1/N ở cả bốn gradient: mất mát là trung bình trên các mẫu.", "You forgot 1/N in all four gradients: the loss is a mean over the examples."),
        (_layers(lambda X, A, W2, D, n: (X.T @ _hidden(A, W2, D), _hidden(A, W2, D).mean(0), A.T @ D, D.mean(0))), "Hai gradient của hệ số điều chỉnh đúng; hai gradient của trọng số thiếu 1/N.",
         "The gradients of both biases are right; those of both weight matrices lack 1/N."),
        (_layers(lambda X, A, W2, D, n: (X.T @ _hidden(A, W2, D) / n, _hidden(A, W2, D).sum(0), A.T @ D / n, D.sum(0))), "Hai gradient của trọng số đúng; hai gradient của hệ số điều chỉnh thiếu 1/N.",
         "The gradients of both weight matrices are right; those of both biases lack 1/N."),
        (_layers(lambda X, A, W2, D, n: _four(X, A, _hidden(A, W2, D), D / n)), "Tầng ra đúng; ở tầng ẩn, bạn đi ngược từ hiệu chưa chia cho N.",
         "The output layer is right; for the hidden layer you went back from differences not divided by N."),
        (_changed(lambda X, A, D1, D2, W2: _four(X, A, D1 / len(X), D2)), "Tầng ra đúng; ở tầng ẩn, bạn chia cho N hai lần.", "The output layer is right; in the hidden layer you divided by N twice."),
        (_changed(lambda X, A, D1, D2, W2: (X.T @ D1, D1.mean(0), A.T @ D2, D2.mean(0))), "Hai gradient của trọng số đúng; ở hệ số điều chỉnh, bạn chia cho N hai lần.",
         "The gradients of both weight matrices are right; for the biases you divided by N twice."),
        (_other_output(lambda D, X, A: D / X.shape[1]), "Bạn chia cho số cột của `X`; mỗi mẫu là một hàng, nên N là số hàng.", "You divided by the number of columns of `X`; examples are rows, so N is the number of rows."),
        (_other_output(lambda D, X, A: D / A.shape[1]), "Bạn chia cho số nút ẩn; trung bình lấy trên các mẫu.", "You divided by the number of hidden units; the mean is over the examples."),
        (_other_output(lambda D, X, A: -D / len(X)), "Sai dấu: đạo hàm theo z của tầng ra là dự đoán trừ nhãn.", "The sign is wrong: the derivative with respect to z of the output layer is prediction minus label."),
        (_output_slope, "Ở tầng ra, bạn thừa thừa số ŷ(1 − ŷ): với entropy chéo, nó đã bị khử.", "In the output layer you have a factor ŷ(1 − ŷ) too many: with cross-entropy it has cancelled."),
        (_other_hidden(lambda A, W2, D2: D2 @ W2.T), "Tầng ra đúng; tầng ẩn thiếu đạo hàm của sigmoid, a(1 − a).", "The output layer is right; the hidden layer lacks the derivative of the sigmoid, a(1 − a)."),
        (_other_hidden(lambda A, W2, D2: (D2 @ W2.T) * A), "Tầng ra đúng; ở tầng ẩn, đạo hàm của sigmoid thiếu thừa số 1 − a.", "The output layer is right; in the hidden layer the derivative of the sigmoid lacks its factor 1 − a."),
        (_other_hidden(lambda A, W2, D2: (D2 @ W2.T) * (1 - A)), "Tầng ra đúng; ở tầng ẩn, đạo hàm của sigmoid thiếu thừa số a.", "The output layer is right; in the hidden layer the derivative of the sigmoid lacks its factor a."),
        (_other_hidden(lambda A, W2, D2: (D2 @ W2.T) * A * 1 - A), "Thiếu ngoặc: `A1 * 1 - A1` nhân trước rồi mới trừ.", "Brackets are missing: `A1 * 1 - A1` multiplies first and subtracts afterwards."),
        (_other_hidden(lambda A, W2, D2: (D2 @ W2.T) * (1 - A**2)), "Tầng ra đúng; ở tầng ẩn, 1 − a² là đạo hàm của tanh.", "The output layer is right; in the hidden layer, 1 − a² is the derivative of tanh."),
        (_other_hidden(lambda A, W2, D2: (D2 @ W2.T) * torch.sigmoid(A) * (1 - torch.sigmoid(A))), "Tầng ra đúng; ở tầng ẩn, bạn đưa `A1` qua sigmoid lần nữa.",
         "The output layer is right; in the hidden layer you put `A1` through the sigmoid once more."),
        (_other_hidden(lambda A, W2, D2: D2 * A * (1 - A)), "Tầng ra đúng; tầng ẩn thiếu `W2`: từ nút ra về mỗi nút ẩn, đường đi qua một trọng số.",
         "The output layer is right; the hidden layer lacks `W2`: from the output back to each hidden unit the path goes through a weight."),
        (_layers(lambda X, A, W2, D, n: (X.T @ (D / n) @ W2.T * A * (1 - A), _hidden(A, W2, D / n).sum(0), A.T @ D / n, D.sum(0) / n)),
         "Gradient của `W1` thiếu ngoặc: máy nhân từ trái sang phải, nên `X.T` nhân trước khi có a(1 − a). Chỉ khi số mẫu bằng số đặc trưng thì kích thước mới khớp.",
         "The gradient of `W1` lacks brackets: from left to right, `X.T` is multiplied before a(1 − a) comes in. Only with as many examples as features do the shapes fit at all."),
        (_changed(lambda X, A, D1, D2, W2: (X @ D1, D1.sum(0), A.T @ D2, D2.sum(0))), "Ở gradient của `W1`, `X` chưa được chuyển vị. Chỉ khi số mẫu bằng số đặc trưng thì kích thước mới khớp.",
         "In the gradient of `W1`, `X` is not transposed. Only with as many examples as features do the shapes fit at all."),
        (_changed(lambda X, A, D1, D2, W2: (X.T @ D1, D1.sum(0), A @ D2, D2.sum(0))), "Ở gradient của `W2`, `A1` chưa được chuyển vị. Chỉ khi số mẫu bằng số nút ẩn thì kích thước mới khớp.",
         "In the gradient of `W2`, `A1` is not transposed. Only with as many examples as hidden units do the shapes fit at all."),
        (_changed(lambda X, A, D1, D2, W2: (D1.T @ X, D1.sum(0), A.T @ D2, D2.sum(0))), "Gradient của `W1` bị chuyển vị: hai thừa số đổi chỗ.",
         "The gradient of `W1` is transposed: its two factors have changed places."),
        (_changed(lambda X, A, D1, D2, W2: (X.T @ D1, D1.sum(0), D2.T @ A, D2.sum(0))), "Gradient của `W2` bị chuyển vị: đó là công thức khi mỗi mẫu là một cột.",
         "The gradient of `W2` is transposed: that is the formula for examples as columns."),
        (_changed(lambda X, A, D1, D2, W2: (D1.T @ X, D1.sum(0), D2.T @ A, D2.sum(0))), "Hai gradient của trọng số đều bị chuyển vị: mỗi gradient có kích thước của chính tham số ấy.",
         "The gradients of both weight matrices are transposed: each has the shape of its own parameter."),
        (_changed(lambda X, A, D1, D2, W2: (X.T @ D1, D1, A.T @ D2, D2)), "Hai gradient của hệ số điều chỉnh còn một hàng cho mỗi mẫu: chưa cộng các mẫu lại.",
         "The gradients of both biases still have a row for each example: the examples are not added up."),
        (_changed(lambda X, A, D1, D2, W2: (X.T @ D1, D1, A.T @ D2, D2.sum(0))), "Gradient của `b1` còn một hàng cho mỗi mẫu: chưa cộng các mẫu lại.", "The gradient of `b1` still has a row for each example: the examples are not added up."),
        (_changed(lambda X, A, D1, D2, W2: (X.T @ D1, D1.sum(1), A.T @ D2, D2.sum(0))), "Ở gradient của `b1`, bạn cộng theo các nút; phải cộng theo các mẫu.", "In the gradient of `b1` you added over the units; add over the examples."),
        (_changed(lambda X, A, D1, D2, W2: (X.T @ D1, D1.sum(), A.T @ D2, D2.sum())), "`sum()` cộng tất cả lại; mỗi nút ẩn có một hệ số điều chỉnh riêng.", "`sum()` adds up everything; each hidden unit has a bias of its own."),
        (_changed(lambda X, A, D1, D2, W2: (X.T @ D1, D1.sum(0, keepdim=True), A.T @ D2, D2.sum(0, keepdim=True))), "Các số đều đúng, nhưng hai gradient của hệ số điều chỉnh là ma trận một hàng; `b1` và `b2` là dãy số.",
         "The numbers are right, but the gradients of both biases are matrices of one row; `b1` and `b2` are rows of numbers."),
        (_changed(lambda X, A, D1, D2, W2: (X.T @ D1, D1.sum(0), X.T @ D2, D2.sum(0))), "Ở gradient của `W2`, bạn dùng `X`; thứ đi vào tầng ra là `A1`.", "In the gradient of `W2` you used `X`; what goes into the output layer is `A1`."),
        (_changed(lambda X, A, D1, D2, W2: (A.T @ D2, D2.sum(0), X.T @ D1, D1.sum(0))), "Bạn trả về tầng ra trước; thứ tự là `W1`, `b1`, `W2`, `b2`.", "You returned the output layer first; the order is `W1`, `b1`, `W2`, `b2`."),
        (_changed(lambda X, A, D1, D2, W2: (X.T @ D1, A.T @ D2, D1.sum(0), D2.sum(0))), "Bạn trả về hai ma trận trước; thứ tự là `W1`, `b1`, `W2`, `b2`.", "You returned both matrices first; the order is `W1`, `b1`, `W2`, `b2`."),
        (_changed(lambda X, A, D1, D2, W2: (D1, D2)), "Bạn trả về đạo hàm theo z của hai tầng; còn phải đi tiếp tới bốn tham số.", "You returned the derivatives with respect to z of both layers; go on to the four parameters."),
    ],
    why=("`D2` (N × 1) và `D1` (N × h) là đạo hàm theo z của hai tầng. Kích thước quyết định gần hết: gradient của `W1` là d × h, mà `X` là N × d và `D1` là N × h, nên chỉ có `X.T @ D1` là vừa. "
         "Phép cộng trên các mẫu nằm sẵn trong phép nhân ma trận; với hệ số điều chỉnh, ta phải tự cộng. Dấu ngoặc giữ cho phép nhân từng phần tử xong trước khi nhân với `X.T`.",
         "`D2` (N × 1) and `D1` (N × h) are the derivatives with respect to z of both layers. The shapes decide nearly everything: the gradient of `W1` is d × h, `X` is N × d and `D1` is N × h, so only `X.T @ D1` fits. "
         "The sum over the examples is inside the matrix product; for the biases we must add up ourselves. The brackets see to it that the product element by element is done before `X.T` comes."),
)
def layer_gradients(
    X: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor, y: Tensor
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    A1 = torch.sigmoid(X @ W1 + b1)
    Y_hat = torch.sigmoid(A1 @ W2 + b2)
    D2 = (Y_hat - y) / len(X)
    D1 = (D2 @ W2.T) * A1 * (1 - A1)
    return X.T @ D1, D1.sum(0), A1.T @ D2, D2.sum(0)


# A graph that finds its derivatives


def _graphs(random: Random) -> list[Any]:
    """Return numbers for which the last value stays where tanh has a slope."""
    made: list[Any] = [(0.5, 0.5, 0), (0.5, 0.25, 1), (-0.5, 0.5, 1), (0.5, -0.25, 2)]
    while len(made) < 12:
        a, b = (random.choice((-1, 1)) * random.choice((0.25, 0.4, 0.5, 0.6, 0.75)) for _ in range(2))
        n = random.choice((1, 2, 2, 3))
        if 0.02 < a * a * ((1 + a) * (1 + b)) ** n < 1.2:
            made.append((a, b, n))
    return made


class _Value:
    """A number with the values that it was made of and the local derivatives."""

    def __init__(self, data: float, parents: Any = (), slopes: Any = ()) -> None:
        self.data, self.grad, self.parents, self.slopes = data, 0.0, parents, slopes

    def __add__(self, other: "_Value") -> "_Value":
        return _Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other: "_Value") -> "_Value":
        return _Value(self.data * other.data, (self, other), (other.data, self.data))

    def give(self, overwrite: bool = False, bare: bool = False) -> None:
        """Pass the gradient on to the parents."""
        for parent, slope in zip(self.parents, self.slopes, strict=True):
            part = slope if bare else self.grad * slope
            parent.grad = part if overwrite else parent.grad + part


def _ordered(last: _Value, again: bool = False) -> list[_Value]:
    """Return all values, parents before children; ``again``: once for each path."""
    order: list[_Value] = []

    def visit(value: _Value) -> None:
        if again or value not in order:
            for parent in value.parents:
                visit(parent)
            if again or value not in order:
                order.append(value)

    visit(last)
    return order


def _in_order(last: _Value) -> None:
    for value in reversed(_ordered(last)):
        value.give()


def _at_once(last: _Value, seen: set[_Value] | None = None) -> None:
    """Pass on at once what has come so far, then go to the parents; ``seen``: but to each only once."""
    last.give()
    for parent in last.parents:
        if seen is None or parent not in seen:
            if seen is not None:
                seen.add(parent)
            _at_once(parent, seen)


def _stack(last: _Value) -> None:
    """Take values from the top of a stack, each once."""
    waiting, seen = [last], {last}
    while waiting:
        value = waiting.pop()
        value.give()
        for parent in value.parents:
            if parent not in seen:
                seen.add(parent)
                waiting.append(parent)


def _all_by(**how: bool) -> Callable[[_Value], None]:
    """Return the right walk, where each value passes on in another way."""

    def walk(last: _Value) -> None:
        for value in reversed(_ordered(last)):
            value.give(**how)

    return walk


def _repeated(last: _Value) -> None:
    for value in reversed(_ordered(last, again=True)):
        value.give()


def _tanh(slope: Callable[[float, float], float] = lambda t, z: 1 - t * t, data: Callable[[float], float] = math.tanh) -> Any:
    """Return the operation tanh with another slope of its value t and its input z, or another value."""

    def make(value: _Value) -> _Value:
        t = data(value.data)
        return _Value(t, (value,), (slope(t, value.data),))

    return make


def _walk(
    walk: Callable[[_Value], None] = _in_order, tanh: Callable[[_Value], _Value] | None = None, seed: Callable[[float], float] = lambda data: 1.0,
    give: Callable[..., Any] = lambda L, a, b: (L.data, a.grad, b.grad),
) -> Any:
    """Return what becomes of the graph with another walk, another tanh, another start, or other results."""

    def gradients(a: float, b: float, n: int) -> Any:
        A, B = _Value(a), _Value(b)
        L = A * A
        for _ in range(n):
            L = L + L * B
            L = L * A + L
        L = (tanh or _tanh())(L)
        L.grad = seed(L.data)
        walk(L)
        return give(L, A, B)

    return gradients


@exercise(
    "04-gradients",
    cases=_graphs,
    tolerance=1e-5,
    hints=[
        ("`tanh` chỉ cần một dòng `return Value(...)`, theo mẫu của `__mul__`: giá trị, các giá trị đi vào (chỉ có một), các đạo hàm tại chỗ. Với t = tanh(z), đạo hàm là 1 − t².",
         "`tanh` needs one line `return Value(...)` after the pattern of `__mul__`: the value, the values that go in (just one), the local derivatives. With t = tanh(z) the derivative is 1 − t²."),
        ("Một giá trị chỉ được chia gradient cho các giá trị đi vào nó khi *đã nhận đủ* từ mọi nơi dùng nó. Vậy cần một danh sách mọi giá trị, trong đó giá trị nào cũng đứng sau những giá trị đi vào nó; rồi đi ngược danh sách.",
         "A value may pass its gradient on to those that went into it only once it has *received everything* from all places that use it. So make a list of all values in which each stands after those that went into it; then go through it backwards."),
        ("Hàm đệ quy `visit(value)`: đã ghé rồi thì thôi; chưa thì ghi nhớ, ghé mọi `value.parents`, rồi mới thêm chính nó vào danh sách. Bắt đầu đường về với `L.grad = 1`, và cộng dồn bằng `+=`.",
         "A recursive function `visit(value)`: if it has been here before, nothing; else note it, visit all of `value.parents`, and only then append it to the list. Start the way back with `L.grad = 1`, and add up with `+=`."),
    ],
    wrong=[
        (_walk(seed=lambda data: 0.0), "Mọi gradient bằng 0, tức là chẳng có gì về tới `a` và `b`: đường về chưa có số nào để bắt đầu, hoặc đi nhầm chiều, hoặc bị đứt ở `tanh`.",
         "All gradients are 0, so nothing came back to `a` and `b`: the way back has no number to start from, or runs the wrong way, or is broken at `tanh`."),
        (_walk(seed=lambda data: data), "Bạn bắt đầu đường về bằng giá trị của `L`; đạo hàm của `L` theo chính nó là bao nhiêu?",
         "You started the way back with the value of `L`; what is the derivative of `L` with respect to itself?"),
        (_walk(_all_by(overwrite=True)), "Giá trị nào được dùng nhiều lần thì chỉ giữ phần gradient đến sau cùng: bạn ghi đè, thay vì cộng dồn.",
         "A value that is used several times keeps only the part of its gradient that comes last: you overwrite in place of adding up."),
        (_walk(_all_by(bare=True)), "Bạn chỉ cộng các đạo hàm tại chỗ; mỗi đạo hàm ấy phải nhân với gradient của giá trị phía sau.",
         "You added up bare local derivatives; each is multiplied by the gradient of the value behind it."),
        (_walk(_at_once), "Kết quả quá lớn khi một giá trị có nhiều đường: mỗi lần ghé lại, nó chia tiếp cả những phần đã chia rồi.",
         "Too much where a value has several paths: at each visit it passes on again what it had passed on before."),
        (_walk(_repeated), "Danh sách của bạn chứa một giá trị nhiều lần, nên nó chia gradient của mình nhiều lần.", "Your list holds values several times, and they pass on their gradient several times."),
        (_walk(lambda L: _at_once(L, set())), "Bạn chia gradient ngay khi ghé một giá trị: có giá trị chia đi khi chưa nhận đủ từ mọi đường.",
         "You pass the gradient on as soon as you come to a value: some do so before they have received it from all paths."),
        (_walk(_stack), "Bạn lấy từ đỉnh của chồng: có giá trị chia gradient khi những nơi khác dùng nó còn chưa chia.",
         "You take from the top of a stack: some values pass on before other places that use them have done so."),
        (_walk(tanh=_tanh(lambda t, z: 1.0)), "Đạo hàm tại chỗ của `tanh` không phải là 1.", "The local derivative of `tanh` is not 1."),
        (_walk(tanh=_tanh(lambda t, z: 1 - z * z)), "Đạo hàm của tanh là 1 − t², với t là *kết quả* của tanh; bạn dùng số đi vào.", "The derivative of tanh is 1 − t², where t is the *result* of tanh; you used what goes in."),
        (_walk(tanh=_tanh(lambda t, z: t * (1 - t))), "t(1 − t) là đạo hàm của sigmoid, không phải của tanh.", "t(1 − t) is the derivative of the sigmoid, not of tanh."),
        (_walk(tanh=_tanh(lambda t, z: 1 - t)), "Trong đạo hàm của tanh, bạn quên bình phương.", "You forgot the square in the derivative of tanh."),
        (_walk(tanh=_tanh(lambda t, z: 1 - math.tanh(t) ** 2)), "Bạn lấy tanh hai lần khi tính đạo hàm: t đã là kết quả của tanh.", "You took tanh twice in the derivative: t is the result of tanh already."),
        (_walk(tanh=lambda value: value), "`tanh` của bạn trả lại chính giá trị đi vào.", "Your `tanh` returns the very value that went in."),
        (_walk(tanh=_tanh(lambda t, z: t * (1 - t), data=_sigmoid)), "Bạn viết sigmoid; đề bài hỏi `tanh`.", "You wrote the sigmoid; `tanh` was asked for."),
        (_walk(give=lambda L, a, b: (a.grad, b.grad)), "Hai gradient đúng; còn thiếu `L.data` ở đầu.", "Both gradients are right; `L.data` is missing at the head."),
        (_walk(give=lambda L, a, b: (L.grad, a.grad, b.grad)), "Số đầu tiên là `L.grad`, lúc nào cũng bằng 1; cần `L.data`.", "The first number is `L.grad`, which is always 1; `L.data` is wanted."),
        (_walk(give=lambda L, a, b: (L.data, b.grad, a.grad)), "Hai gradient đổi chỗ cho nhau: `a` đứng trước.", "The two gradients have changed places: `a` comes first."),
        (_walk(give=lambda L, a, b: (L.data, a.data, b.data)), "Bạn trả về chính `a` và `b`; cần gradient theo chúng.", "You returned `a` and `b` themselves; the gradients with respect to them are wanted."),
    ],
    why=("Mỗi giá trị nhớ mình được tính từ đâu và các đạo hàm tại chỗ. `visit` xếp mọi giá trị sao cho giá trị nào cũng đứng sau những giá trị đi vào nó; đi ngược danh sách ấy, đến lượt giá trị nào thì nó đã nhận đủ. "
         "Mỗi mũi tên chỉ được đi qua một lần, dù cứ thêm một vòng thì số đường từ `a` tới `L` tăng hơn bốn lần. Với n bằng vài trăm, `visit` gọi chính nó sâu quá mức Python cho phép; các thư viện thật không đệ quy ở đây.",
         "Each value remembers what it was made of and the local derivatives. `visit` sorts them so that each stands after those that went into it; backwards through that list, each has received everything by the time it is its turn. "
         "Each arrow is used just once, although the number of paths from `a` to `L` grows more than fourfold with each round. With n of a few hundred, `visit` calls itself more deeply than Python allows; real libraries do not recurse here."),
)
def gradients(a: Any, b: Any, n: int) -> Any:
    class Value:
        def __init__(self, data, parents=(), slopes=()):
            self.data, self.grad = data, 0.0
            self.parents, self.slopes = parents, slopes

        def __add__(self, other):
            return Value(self.data + other.data, (self, other), (1.0, 1.0))

        def __mul__(self, other):
            return Value(self.data * other.data, (self, other), (other.data, self.data))

        def tanh(self):
            t = math.tanh(self.data)
            return Value(t, (self,), (1 - t**2,))

    a, b = Value(a), Value(b)
    L = a * a
    for _ in range(n):
        L = L + L * b
        L = L * a + L
    L = L.tanh()

    order, seen = [], set()

    def visit(value):
        if value not in seen:
            seen.add(value)
            for parent in value.parents:
                visit(parent)
            order.append(value)

    visit(L)
    L.grad = 1.0
    for value in reversed(order):
        for parent, slope in zip(value.parents, value.slopes):
            parent.grad += value.grad * slope
    return L.data, a.grad, b.grad


quiz = Quiz(CHAPTER, [
    Question(("Trong một lớp `Value` tự viết, tổng `out = a + b` gửi gradient về bằng phép gán `a.grad = out.grad; b.grad = out.grad`, thay cho `+=`. Bạn tính `L = a + a`, rồi đi ngược từ `L.grad = 1`. `a.grad` bằng bao nhiêu, và đúng ra là bao nhiêu?",
              "In a home-made class `Value`, the sum `out = a + b` passes its gradient back by assignment, `a.grad = out.grad; b.grad = out.grad`, in place of `+=`. You compute `L = a + a` and go back from `L.grad = 1`. What is `a.grad`, and what should it be?"), [
        Choice(("Bằng 1, và như thế là đúng: phép cộng chuyển nguyên gradient về.", "It is 1, and rightly so: addition passes the gradient back as it is."),
               ("Trên mỗi mũi tên thì đúng thế. Nhưng từ a có hai mũi tên vào phép cộng: nhích a thêm 0,001 thì L tăng 0,002.",
                "That is true of each arrow. But two arrows lead from a into the sum: nudge a by 0.001, and L grows by 0.002.")),
        Choice(("Bằng 2, và như thế là đúng: hai lần gán, mỗi lần 1.", "It is 2, and rightly so: two assignments of 1 each."),
               ("Gán lần thứ hai ghi đè lên lần thứ nhất: sau cả hai lần, trong đó vẫn chỉ có 1.", "The second assignment writes over the first: after both of them there is still just a 1.")),
        Choice(("Bằng 1; đúng ra là 2.", "It is 1; it should be 2."),
               ("Hai đường từ a tới L, mỗi đường góp 1. Phép gán chỉ giữ đường đến sau cùng. Nếu mỗi giá trị chỉ được dùng một lần thì lỗi này không lộ ra.",
                "There are two paths from a to L, each worth 1. Assignment keeps only the one that comes last. While each value is used just once, this mistake does not show."), right=True),
        Choice(("Bằng 0; đúng ra là 2.", "It is 0; it should be 2."),
               ("Phép gán vẫn đưa một gradient về: số 1 của đường đến sau cùng.", "The assignment does bring a gradient back: the 1 of the path that comes last.")),
    ]),
    Question(("Một batch có 64 ảnh, mỗi ảnh là một hàng 784 số. Tầng ẩn có 256 nút, tầng ra có 10. D₂, kích thước 64 × 10, là đạo hàm theo z của tầng ra, và ⊙ là nhân từng phần tử. Công thức nào cho gradient theo W₁?",
              "A batch has 64 images, each a row of 784 numbers. The hidden layer has 256 units, the output layer 10. D₂, of shape 64 × 10, is the derivative with respect to z of the output layer, and ⊙ is the product element by element. Which formula gives the gradient for W₁?"), [
        Choice(("Xᵀ [(D₂ W₂ᵀ) ⊙ A₁ ⊙ (1 − A₁)]", "Xᵀ [(D₂ W₂ᵀ) ⊙ A₁ ⊙ (1 − A₁)]"),
               ("D₂ W₂ᵀ là (64 × 10)(10 × 256) = 64 × 256, vừa với A₁. Rồi Xᵀ, 784 × 64, cho 784 × 256: đúng kích thước của W₁.",
                "D₂ W₂ᵀ is (64 × 10)(10 × 256) = 64 × 256, which fits A₁. Then Xᵀ, 784 × 64, gives 784 × 256: just the shape of W₁."), right=True),
        Choice(("Xᵀ D₂ W₂ᵀ ⊙ A₁ ⊙ (1 − A₁), từ trái sang phải", "Xᵀ D₂ W₂ᵀ ⊙ A₁ ⊙ (1 − A₁), from left to right"),
               ("Từ trái sang phải, Xᵀ D₂ W₂ᵀ đã là 784 × 256, không nhân từng phần tử với A₁, kích thước 64 × 256, được. Dấu ngoặc quyết định.",
                "From left to right Xᵀ D₂ W₂ᵀ is 784 × 256 already, and there is no product element by element with A₁, which is 64 × 256. The brackets decide.")),
        Choice(("[(D₂ W₂ᵀ) ⊙ A₁ ⊙ (1 − A₁)] Xᵀ", "[(D₂ W₂ᵀ) ⊙ A₁ ⊙ (1 − A₁)] Xᵀ"),
               ("Phần trong ngoặc là 64 × 256, Xᵀ là 784 × 64: theo thứ tự ấy, hai ma trận không nhân với nhau được. Đó là thứ tự của quy ước viết mỗi mẫu thành một cột.",
                "What is in brackets is 64 × 256, Xᵀ is 784 × 64: in this order the two cannot be multiplied. It is the order for examples written as columns.")),
        Choice(("A₁ᵀ D₂", "A₁ᵀ D₂"),
               ("Đó là gradient theo W₂: (256 × 64)(64 × 10) = 256 × 10.", "That is the gradient for W₂: (256 × 64)(64 × 10) = 256 × 10.")),
    ]),
    Question(("Một mạng có 100 000 tham số. Bạn cần cả gradient trên một batch. Tính bằng hiệu hai phía, mỗi lần nhích một tham số, thì tốn bao nhiêu so với lan truyền ngược?",
              "A network has 100 000 parameters. You need the whole gradient on one batch. By central differences, nudging one parameter at a time, what does it cost compared with backpropagation?"), [
        Choice(("Xấp xỉ nhau: đằng nào cũng cần một số cho mỗi tham số.", "About the same: either way a number for each parameter is needed."),
               ("Cả hai cùng cho ra 100 000 số. Nhưng hiệu hai phía đi xuôi lại cả mạng cho từng số một, còn lan truyền ngược tính phần chung của các đường một lần cho tất cả.",
                "Both give 100 000 numbers. But central differences go forward through the whole network anew for each of them, while backpropagation works out what the paths share once for all.")),
        Choice(("Gấp đôi, vì mỗi tham số phải nhích cả hai phía.", "Twice as much, as each parameter is moved to both sides."),
               ("Hai lần đi xuôi là giá của *một* tham số. Có 100 000 tham số.", "Two passes forward are the price of *one* parameter. There are 100 000.")),
        Choice(("Nhiều hơn hàng chục nghìn lần: 200 000 lần đi xuôi, so với một lần xuôi và một lần ngược.", "Tens of thousands of times as much: 200 000 passes forward, against one forward and one backward."),
               ("Đếm phép nhân thì lượt ngược tốn khoảng gấp hai lượt xuôi, nên cả lan truyền ngược chỉ bằng chừng ba lượt xuôi, dù có bao nhiêu tham số. Vì thế hiệu hai phía chỉ để kiểm tra, trên vài tham số.",
                "Counted in multiplications, a pass backward costs about two forward, so backpropagation costs about three in all, however many parameters there are. That is why differences serve as a check only, on a few parameters."), right=True),
    ]),
    Question(("Chương trình huấn luyện của bạn lấy *tổng* mất mát trên batch, rồi trừ đi tốc độ học η nhân với gradient. Với batch 32 mẫu, nó chạy tốt. Bạn đổi sang batch 128 mẫu, ngoài ra giữ nguyên mọi thứ. Mỗi bước thay đổi thế nào?",
              "Your training program takes the *sum* of the losses over the batch, then subtracts the learning rate η times the gradient. With batches of 32 it works well. You change to batches of 128 and leave all else as it is. What becomes of the steps?"), [
        Choice(("Không thay đổi: gradient nào cũng chỉ là ước lượng của cùng một thứ.", "Nothing: each gradient is just an estimate of the same thing."),
               ("Điều đó đúng với trung bình. Tổng thì cộng thêm một phần cho mỗi mẫu, nên nó ước lượng một thứ lớn gấp bốn.", "That is true of the mean. The sum adds a part for each example, so it estimates something four times as large.")),
        Choice(("Dài gấp khoảng bốn lần, như thể tốc độ học được nhân với 4.", "They are about four times as long, as if the learning rate had been multiplied by 4."),
               ("Tổng bằng N lần trung bình, nên bước là η·N lần gradient trung bình, và N tăng bốn lần. Tốc độ học vốn ổn có thể thành quá lớn. Với trung bình, η giữ nguyên ý nghĩa khi batch đổi cỡ.",
                "The sum is N times the mean, so a step is η·N times the mean gradient, and N has grown fourfold. A rate that was fine may now be too large. With the mean, η keeps its meaning when the batch changes size."), right=True),
        Choice(("Ngắn đi bốn lần, vì nhiễu của từng mẫu triệt tiêu nhau.", "They are four times shorter, as the noise of the examples cancels."),
               ("Nhiễu đúng là triệt tiêu bớt, nhưng phần chung của các gradient thì cộng lại, và tổng lớn lên.", "Part of the noise does cancel, but what the gradients have in common adds up, and the sum grows.")),
        Choice(("Dài gấp đôi, vì nhiễu tỉ lệ với căn bậc hai của số mẫu.", "They are twice as long, as noise goes as the square root of the number of examples."),
               ("Căn bậc hai nói về nhiễu của tổng. Bản thân gradient, tức là phần mà mọi mẫu cùng góp vào, tăng theo chính số mẫu.", "The square root is about the noise of the sum. The gradient itself, to which all examples contribute, grows with their number.")),
    ]),
    Question(("Một nút sigmoid ở đầu ra cho ŷ = 0,999, trong khi nhãn là 0: sai, mà rất chắc chắn. Với entropy chéo, |∂L/∂z| = 0,999. Nếu mất mát là ½(ŷ − y)² thì |∂L/∂z| vào khoảng bao nhiêu?",
              "A sigmoid unit at the output gives ŷ = 0.999 where the label is 0: wrong, and very sure of it. With cross-entropy |∂L/∂z| = 0.999. If the loss is ½(ŷ − y)², about how large is |∂L/∂z|?"), [
        Choice(("Cũng 0,999: 2 nhân ½ bằng 1, còn lại ŷ − y.", "0.999 as well: 2 times ½ is 1, and ŷ − y is left."),
               ("Đó là đạo hàm theo ŷ. Từ ŷ về z còn một mũi tên, mang đạo hàm của sigmoid.", "That is the derivative with respect to ŷ. One more arrow leads from ŷ back to z, and it carries the derivative of the sigmoid.")),
        Choice(("Khoảng 0,25: đạo hàm của sigmoid.", "About 0.25: the derivative of the sigmoid."),
               ("0,25 là mức lớn nhất của đạo hàm ấy, khi ŷ = 0,5. Ở đây nó là 0,999 · 0,001.", "0.25 is the most that derivative can be, where ŷ = 0.5. Here it is 0.999 · 0.001.")),
        Choice(("Khoảng 500: gần bão hòa thì gradient lớn vọt lên.", "About 500: near saturation the gradient shoots up."),
               ("Ngược lại: bão hòa nghĩa là nhích z mà ŷ hầu như đứng yên, nên gradient gần bằng 0.", "It is the other way round: saturated means that ŷ hardly moves when z is nudged, so the gradient is nearly 0.")),
        Choice(("Khoảng 0,001: nhỏ hơn gần một nghìn lần.", "About 0.001: nearly a thousand times smaller."),
               ("0,999 · 0,999 · 0,001 ≈ 0,001: đạo hàm của sigmoid bóp nghẹt tín hiệu đúng ở chỗ mạng sai nặng nhất. Với entropy chéo, đạo hàm theo ŷ là 1/(1 − ŷ) = 1000, và nó khử đúng thừa số ấy.",
                "0.999 · 0.999 · 0.001 ≈ 0.001: the derivative of the sigmoid chokes the signal just where the network is most wrong. With cross-entropy the derivative with respect to ŷ is 1/(1 − ŷ) = 1000, and that cancels this very factor."), right=True),
    ]),
])
