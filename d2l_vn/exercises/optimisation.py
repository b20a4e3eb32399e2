"""Chapter 03: a derivative, descent, the rate that is too large, momentum, a step of SGD, a falling learning rate; and the quiz."""

import math
from collections.abc import Callable
from itertools import pairwise
from random import Random
from typing import Any

import torch
from torch import Tensor

from .engine import exercise
from .quiz import Choice, Question, Quiz

CHAPTER = "03-optimisation"


def _row(random: Random, n: int) -> list[float]:
    """Return quarters, none whole or 0: ``torch.tensor`` makes real numbers of them, copied or not."""
    return [random.choice((-1, 1)) * random.choice((0.25, 0.5, 0.75, 1.25, 1.5, 2.25)) for _ in range(n)]


def _curvatures(random: Random, n: int) -> list[float]:
    """Return positive numbers, no two alike."""
    return random.sample((0.25, 0.5, 0.75, 1.25, 1.5, 2.25, 2.5, 3.5), n)


# The derivative of the loss


def _pairs(random: Random) -> list[Any]:
    small = [(0.5, [1.5], [2.5]), (-0.5, [-1.5], [0.5]), (0.5, [0.5, 1.5], [1.5, -0.5]), (1.5, [0.5, -2.5], [0.25, -0.5])]
    return small + [(_row(random, 1)[0], _row(random, n), _row(random, n)) for n in (3, 3, 4, 4, 5, 6)]


def _of(make: Callable[[Tensor, Tensor], Any]) -> Any:
    """Return a function of the differences and the inputs."""
    return lambda w, x, y: make(w * x - y, x)


@exercise(
    "03-derivative",
    cases=_pairs,
    tensors="x y",
    hints=[
        ("Bắt đầu với một cặp: đạo hàm của ½(w·x − y)² theo w là gì? Dùng quy tắc dây chuyền: bên trong ngoặc, w nhân với số nào?",
         "Start with one pair: what is the derivative of ½(w·x − y)² with respect to w? Use the chain rule: inside the brackets, which number multiplies w?"),
        ("Số 2 từ phép bình phương gặp số ½ ở phía trước. Còn 1/N thì vẫn ở đó: J là một nửa trung bình các bình phương.",
         "The 2 that comes from squaring meets the ½ in front. The 1/N is still there: J is half the mean of the squares."),
        ("`x` và `y` là tensor, nên `w * x` nhân cả dãy một lúc; `.mean()` cho trung bình của một tensor.",
         "`x` and `y` are tensors, so `w * x` multiplies the whole row at once; `.mean()` gives the mean of a tensor."),
    ],
    wrong=[
        (_of(lambda d, x: (d * x).sum()), "Bạn quên 1/N: J chia cho số cặp, nên đạo hàm của nó cũng thế.",
         "You forgot 1/N: J divides by the number of pairs, and so does its derivative."),
        (_of(lambda d, x: 2 * (d * x).mean()), "Kết quả gấp đôi: số 2 từ phép bình phương phải gặp số ½ của J.",
         "Twice too large: the 2 that comes from squaring meets the ½ of J."),
        (_of(lambda d, x: (d * x).mean() / 2), "Kết quả chỉ bằng một nửa: bạn giữ số ½ của J, nhưng quên số 2 mà phép bình phương để lại.",
         "Half of what it should be: you kept the ½ of J, but forgot the 2 that squaring leaves."),
        (_of(lambda d, x: 2 * (d * x).sum()), "Hai chỗ sai: số 2 phải gặp số ½ của J, và còn thiếu 1/N.",
         "Two mistakes: the 2 meets the ½ of J, and 1/N is missing."),
        (_of(lambda d, x: (d * x).sum() / 2), "Hai chỗ sai: số ½ còn đó dù phép bình phương để lại số 2, và còn thiếu 1/N.",
         "Two mistakes: the ½ is still there although squaring leaves a 2, and 1/N is missing."),
        (_of(lambda d, x: -(d * x).mean()), "Sai dấu: trong J, hiệu là w·x − y. Đây là đạo hàm, chưa phải bước đi.",
         "The sign is wrong: the difference in J is w·x − y. This is the derivative, not yet the step."),
        (_of(lambda d, x: -(d * x).sum()), "Hai chỗ sai: dấu của hiệu w·x − y, và còn thiếu 1/N.", "Two mistakes: the sign of the difference w·x − y, and 1/N is missing."),
        (_of(lambda d, x: d.mean()), "Thiếu thừa số `x`: khi w tăng thêm một chút, dự đoán tăng gấp x lần chút ấy.",
         "The factor `x` is missing: when w grows a little, the prediction grows x times as much."),
        (_of(lambda d, x: d.sum()), "Hai chỗ sai: thiếu thừa số `x` của quy tắc dây chuyền, và thiếu 1/N.",
         "Two mistakes: the factor `x` of the chain rule is missing, and so is 1/N."),
        (_of(lambda d, x: 2 * d.mean()), "Hai chỗ sai: thiếu thừa số `x` của quy tắc dây chuyền, và số 2 phải gặp số ½ của J.",
         "Two mistakes: the factor `x` of the chain rule is missing, and the 2 meets the ½ of J."),
        (_of(lambda d, x: d.mean() * x.mean()), "Bạn nhân hai trung bình với nhau; phải nhân trong từng cặp trước, rồi mới lấy trung bình.",
         "You multiplied two means; multiply within each pair first, then take the mean."),
        (_of(lambda d, x: (d**2).mean() / 2), "Bạn trả về chính mất mát J; cần đạo hàm của nó.", "You returned the loss J itself; its derivative is wanted."),
        (_of(lambda d, x: (d**2 * x).mean()), "Hiệu của bạn vẫn còn bình phương; lấy đạo hàm thì số mũ giảm đi 1.",
         "Your difference is still squared; a derivative lowers the exponent by 1."),
        (lambda w, x, y: ((w * x - y) * w).mean(), "Bạn nhân hiệu với w; đạo hàm theo w của w·x là số kia.",
         "You multiplied the difference by w; the derivative of w·x with respect to w is the other number."),
        (lambda w, x, y: ((w * x - y) * y).mean(), "Bạn nhân hiệu với `y`; trong hiệu, w không đi cùng số ấy.",
         "You multiplied the difference by `y`; that is not what goes with w in the difference."),
        (lambda w, x, y: (w * x * x).mean(), "Bạn bỏ mất nhãn `y`.", "You lost the labels `y`."),
        (lambda w, x, y: (w * x - y * x).mean(), "Bạn mở ngoặc thiếu: số hạng w·x cũng phải nhân với `x`.",
         "You multiplied out one term only: w·x is multiplied by `x` as well."),
        (_of(lambda d, x: d * x), "Bạn trả về một số cho mỗi cặp; cần trung bình của chúng.", "You returned a number for each pair; their mean is wanted."),
        (_of(lambda d, x: (d * x)[0]), "Bạn chỉ dùng cặp đầu tiên: có `return` nào nằm trong vòng lặp không?",
         "You used the first pair only: is there a `return` inside the loop?"),
        (_of(lambda d, x: (d * x).sum() / 3), "Bạn luôn chia cho 3; số cặp là độ dài của `x`.", "You always divide by 3; the number of pairs is the length of `x`."),
    ],
    why=("Với một cặp, ½(w·x − y)² có đạo hàm (w·x − y)·x: số 2 và số ½ khử nhau, còn x là đạo hàm của phần trong ngoặc. "
         "Lấy trung bình trên N cặp là xong. Muốn tìm đáy, cho kết quả bằng 0: w bằng tổng các x·y chia cho tổng các x².",
         "For one pair, ½(w·x − y)² has the derivative (w·x − y)·x: the 2 and the ½ cancel, and x is the derivative of what is in the brackets. "
         "The mean over the N pairs is all that remains. For the bottom, set it to 0: w is the sum of all x·y divided by the sum of all x²."),
)
def derivative(w: float, x: Tensor, y: Tensor) -> Tensor:
    return ((w * x - y) * x).mean()


# Gradient descent


def _slides(random: Random) -> list[Any]:
    """Return parabolas with rates that are small, fine, and too large."""
    small = [(-1.0, 1.0, 0.0, 0.5, 2), (2.0, 0.5, 1.0, 1.0, 1), (-1.0, 2.0, 0.0, 0.5, 3), (3.0, 2.0, 1.0, 1.25, 2), (-1.5, 1.0, -0.5, 2.0, 4)]
    return small + [
        (_row(random, 1)[0], random.choice((0.5, 1.5, 2.0, 3.0)), random.choice((-2.0, -1.0, 1.0, 2.0)), random.choice((0.1, 0.25, 0.4, 0.75)),
         random.randint(3, 6)) for _ in range(8)]


def _slope(w: float, a: float, c: float) -> float:
    return a * (w - c)


def _slide(step: Callable[..., float], change: Callable[[list[float]], Any] = list) -> Any:
    """Return a function that goes from w to what ``step(w, a, c, lr)`` gives, and changes the list in the end."""

    def descend(w: float, a: float, c: float, lr: float, steps: int) -> Any:
        positions = [w]
        for _ in range(steps):
            positions.append(step(positions[-1], a, c, lr))
        return change(positions)

    return descend


def _down(w: float, a: float, c: float, lr: float) -> float:
    return w - lr * _slope(w, a, c)


@exercise(
    "03-descend",
    cases=_slides,
    hints=[
        ("Đạo hàm của J theo w là gì? Tại w bằng `c`, nó phải bằng 0.", "What is the derivative of J with respect to w? Where w equals `c`, it must be 0."),
        ("Ở mỗi vòng lặp, tính lại đạo hàm tại vị trí *hiện tại*, rồi trừ đi `lr` lần đạo hàm ấy.",
         "Each time round the loop, take the derivative anew at the *present* position, then subtract `lr` times that derivative."),
        ("Trước vòng lặp, danh sách đã có sẵn một số. Sau k vòng, nó có k + 1 số.", "Before the loop the list already holds one number. After k rounds it holds k + 1."),
    ],
    wrong=[
        (_slide(_down, lambda p: p[1:]), "Thiếu vị trí xuất phát ở đầu danh sách.", "The start is missing at the head of the list."),
        (_slide(_down, lambda p: p[:-1]), "Thiếu vị trí cuối cùng: sau `steps` bước có steps + 1 vị trí.",
         "The last position is missing: after `steps` steps there are steps + 1 positions."),
        (lambda w, a, c, lr, steps: _slide(_down)(w, a, c, lr, steps + 1), "Bạn đi thừa một bước.", "You made one step too many."),
        (_slide(_down, lambda p: [p[0], *p[:-1]]), "Vị trí xuất phát có mặt hai lần, còn vị trí cuối cùng thì thiếu: bạn ghi vị trí trước khi bước.",
         "The start is there twice, and the last position is missing: you note the position before the step."),
        (_slide(_down, lambda p: p[-1]), "Bạn chỉ trả về vị trí cuối cùng; cần mọi vị trí, kể từ chỗ xuất phát.",
         "You returned the last position only; all are wanted, from the start on."),
        (_slide(_down, lambda p: p[1]), "Bạn chỉ trả về vị trí sau bước thứ nhất: có `return` nào nằm trong vòng lặp không?",
         "You returned the position after the first step only: is there a `return` inside the loop?"),
        (_slide(_down, lambda p: p[::-1]), "Danh sách bị ngược: vị trí xuất phát phải đứng đầu.", "The list is the wrong way round: the start comes first."),
        (_slide(lambda w, a, c, lr: w + lr * _slope(w, a, c)), "Bạn đi cùng chiều với đạo hàm, nên leo lên dốc: mỗi bước phải đi ngược dấu của nó.",
         "You went along with the derivative, and so uphill: a step goes against its sign."),
        (_slide(lambda w, a, c, lr: w + lr), "Bước nào của bạn cũng bằng `lr`; một bước tỉ lệ với độ dốc, và dấu của nó cũng do độ dốc quyết định.",
         "Each of your steps is `lr`; a step is proportional to the slope, and its sign comes from the slope, too."),
        (_slide(lambda w, a, c, lr: w - lr), "Bước nào của bạn cũng lùi đi `lr`; độ dốc không có tác dụng gì.",
         "Each of your steps goes back by `lr`; the slope plays no part."),
        (_slide(lambda w, a, c, lr: w - math.copysign(lr, _slope(w, a, c))), "Bạn chỉ dùng dấu của độ dốc; độ lớn của nó cũng quyết định bước dài hay ngắn.",
         "You used the sign of the slope only; its size also decides how long a step is."),
        (lambda w, a, c, lr, steps: [w - k * lr * _slope(w, a, c) for k in range(steps + 1)],
         "Bạn dùng mãi độ dốc ở chỗ xuất phát; phải tính lại nó ở mỗi vị trí.", "You kept using the slope at the start; take it anew at each position."),
        (_slide(lambda w, a, c, lr: w - lr * a * w), "Bạn quên `c`: đáy của parabol này không nằm ở 0.", "You forgot `c`: the bottom of this parabola is not at 0."),
        (_slide(lambda w, a, c, lr: w - lr * (w - c)), "Bạn quên `a`: parabol càng hẹp thì càng dốc.", "You forgot `a`: the narrower the parabola, the steeper it is."),
        (_slide(lambda w, a, c, lr: w - lr * 2 * _slope(w, a, c)), "Đạo hàm của bạn gấp đôi: số 2 từ phép bình phương phải gặp số ½ của J.",
         "Your derivative is twice too large: the 2 that comes from squaring meets the ½ of J."),
        (_slide(lambda w, a, c, lr: w - lr * _slope(w, a, c) / 2), "Đạo hàm của bạn chỉ bằng một nửa: phép bình phương để lại số 2.",
         "Your derivative is half of what it should be: squaring leaves a 2."),
        (_slide(lambda w, a, c, lr: w - lr * a / 2 * (w - c) ** 2), "Bạn trừ đi chính giá trị của J; bước đi dùng đạo hàm của nó.",
         "You subtracted the value of J itself; a step uses its derivative."),
        (_slide(lambda w, a, c, lr: w - _slope(w, a, c)), "Bạn quên tốc độ học `lr`.", "You forgot the learning rate `lr`."),
        (_slide(lambda w, a, c, lr: -lr * _slope(w, a, c)), "Bạn thay vị trí bằng bước đi; bước đi được cộng vào vị trí cũ.",
         "You replaced the position by the step; the step is added to the old position."),
        (_slide(lambda w, a, c, lr: w - _slope(w, a, c) / lr), "Bạn chia cho `lr`; tốc độ học lớn thì bước phải dài.", "You divided by `lr`; a large learning rate means long steps."),
        (lambda w, a, c, lr, steps: [_slope(p, a, c) for p in _slide(_down)(w, a, c, lr, steps)], "Bạn trả về các độ dốc; cần các vị trí.",
         "You returned the slopes; the positions are wanted."),
        (lambda w, a, c, lr, steps: [a / 2 * (p - c) ** 2 for p in _slide(_down)(w, a, c, lr, steps)], "Bạn trả về các giá trị của J; cần các vị trí.",
         "You returned the values of J; the positions are wanted."),
    ],
    why=("J′(w) = a(w − c), nên mỗi bước nhân khoảng cách w − c với 1 − η·a, trong đó η là `lr`. Khi η·a bằng 1, một bước là tới đáy; "
         "lớn hơn 1 thì nhảy qua bên kia; lớn hơn 2 thì mỗi lần nhảy lại xa đáy hơn.",
         "J′(w) = a(w − c), so each step multiplies the distance w − c by 1 − η·a, where η is `lr`. If η·a is 1, a single step gets to the bottom; "
         "above 1 it jumps to the other side; above 2 each jump ends further from the bottom."),
)
def descend(w: float, a: float, c: float, lr: float, steps: int) -> list[float]:
    positions = [w]
    for _ in range(steps):
        w = w - lr * a * (w - c)
        positions.append(w)
    return positions


# How large may the learning rate be?


def _ravines(random: Random) -> list[Any]:
    small = [([2.5],), ([0.5],), ([0.5, 2.5],), ([2.5, 0.5],), ([1.5, 1.5],), ([1.5, 3.5, 0.5],), ([2.5, 0.25, 0.75],)]
    return small + [(_curvatures(random, n),) for n in (3, 3, 4, 4, 5, 5, 6)]


def _rates(limit: Callable[[Tensor], Any], factor: Callable[[Tensor, Any], Any]) -> Any:
    """Return a function that gives a limit and, of the limit, a factor."""
    return lambda a: (limit(a), factor(a, limit(a)))


def _limit(a: Tensor) -> Any:
    return 2 / a.max()


def _slowest(a: Tensor, limit: Any) -> Any:
    return 1 - limit / 2 * a.min()


@exercise(
    "03-rate-limit",
    cases=_ravines,
    tensors="a",
    hints=[
        ("Theo hướng j, mỗi bước nhân khoảng cách với 1 − η·a_j. Với η nào thì số ấy còn nằm giữa −1 và 1?",
         "In direction j each step multiplies the distance by 1 − η·a_j. For which η does that number still lie between −1 and 1?"),
        ("Điều kiện phải đúng với *mọi* hướng, nên hướng khắt khe nhất quyết định. `a.max()` và `a.min()` cho số lớn nhất và nhỏ nhất.",
         "The condition must hold in *every* direction, so the strictest one decides. `a.max()` and `a.min()` give the largest and the smallest number."),
        ("Với η bằng nửa giới hạn, mọi thừa số nằm từ 0 trở lên và nhỏ hơn 1. Hướng chậm nhất là hướng có thừa số gần 1 nhất.",
         "With η at half the limit all factors are at least 0 and below 1. The slowest direction is the one whose factor is nearest to 1."),
    ],
    wrong=[
        (_rates(lambda a: 2 / a.min(), _slowest), "Bạn lấy giới hạn của hướng phẳng nhất; với tốc độ học ấy, hướng cong nhất đã phân kì.",
         "You took the limit of the flattest direction; at that rate the most curved one already diverges."),
        (_rates(lambda a: 2 / a.min(), lambda a, limit: 1 - limit / 2 * a.max()), "Bạn đổi vai hai hướng ở cả hai kết quả: hướng cong nhất giới hạn tốc độ học, hướng phẳng nhất chậm nhất.",
         "You exchanged the two directions in both results: the most curved bounds the learning rate, the flattest is the slowest."),
        (_rates(lambda a: 2 / a.mean(), _slowest), "Bạn dùng trung bình của `a` cho giới hạn; chỉ cần một hướng phân kì là hỏng.",
         "You used the mean of `a` for the limit; a single direction that diverges is enough to fail."),
        (_rates(lambda a: 2 / a.sum(), _slowest), "Bạn dùng tổng của `a` cho giới hạn; mỗi hướng có giới hạn riêng, không cộng với nhau.",
         "You used the sum of `a` for the limit; each direction has a limit of its own, and they do not add up."),
        (_rates(lambda a: 1 / a.max(), _slowest), "Giới hạn của bạn chỉ bằng một nửa: lớn hơn 1/a thì nhảy qua bên kia đáy, nhưng vẫn lại gần.",
         "Your limit is half of what it should be: above 1/a a step jumps across the bottom, but still comes closer."),
        (_rates(lambda a: 1 / a.max(), lambda a, limit: 1 - limit * a.min()), "Kết quả thứ hai đúng, nhưng số thứ nhất là nửa giới hạn: với nó, hướng cong nhất tới đáy trong một bước.",
         "The second result is right, but the first is half the limit: with it the most curved direction gets to the bottom in one step."),
        (_rates(lambda a: a.max() / 2, _slowest), "Phân số của giới hạn bị đảo ngược: càng dốc thì tốc độ học phải càng nhỏ.",
         "The fraction of the limit is upside down: the steeper, the smaller the learning rate must be."),
        (_rates(lambda a: 2 * a.max(), _slowest), "Bạn nhân với độ cong lớn nhất; càng dốc thì tốc độ học phải càng nhỏ.",
         "You multiplied by the largest curvature; the steeper, the smaller the learning rate must be."),
        (_rates(lambda a: 2 / a, lambda a, limit: 1 - a / a.max()), "Bạn trả về một giới hạn và một thừa số cho mỗi hướng; cần hai số, đúng cho mọi hướng.",
         "You returned a limit and a factor for each direction; two numbers are wanted, valid for all directions."),
        (_rates(_limit, lambda a, limit: 1 - a / a.max()), "Giới hạn đúng, nhưng bạn trả về thừa số của mọi hướng; cần thừa số của hướng chậm nhất.",
         "The limit is right, but you returned the factors of all directions; that of the slowest is wanted."),
        (_rates(_limit, lambda a, limit: 1 - limit * a.min()), "Giới hạn đúng, nhưng bạn tính thừa số tại chính giới hạn; đề bài hỏi tại một nửa của nó.",
         "The limit is right, but you took the factor at the limit itself; it is asked for at half of it."),
        (_rates(_limit, lambda a, limit: abs(1 - limit * a.min())), "Giới hạn đúng, nhưng bạn lấy trị tuyệt đối của thừa số tại chính giới hạn; đề bài hỏi tại một nửa của nó.",
         "The limit is right, but you took the absolute value of the factor at the limit itself; it is asked for at half of it."),
        (_rates(_limit, lambda a, limit: 1), "Giới hạn đúng. Thừa số 1 là của hướng cong nhất tại chính giới hạn; đề bài hỏi tại một nửa của nó.",
         "The limit is right. A factor of 1 belongs to the most curved direction at the limit itself; it is asked for at half of it."),
        (_rates(_limit, lambda a, limit: 0), "Giới hạn đúng, nhưng bạn lấy thừa số của hướng cong nhất, hướng tới đáy ngay trong một bước.",
         "The limit is right, but you took the factor of the most curved direction, which gets to the bottom in a single step."),
        (_rates(_limit, lambda a, limit: a.min() / a.max()), "Giới hạn đúng, nhưng kết quả thứ hai là phần khoảng cách *mất đi* ở mỗi bước; cần phần còn lại.",
         "The limit is right, but the second result is the part of the distance that each step *takes away*; what is left is wanted."),
        (_rates(_limit, lambda a, limit: a.max() / a.min()), "Giới hạn đúng, nhưng kết quả thứ hai là tỉ số giữa hai độ cong; cần số mà mỗi bước nhân vào khoảng cách.",
         "The limit is right, but the second result is the ratio of the two curvatures; the number by which a step multiplies the distance is wanted."),
        (_rates(_limit, lambda a, limit: limit / 2 * a.min() - 1), "Giới hạn đúng, nhưng thừa số bị ngược dấu: nó là 1 trừ đi η·a.",
         "The limit is right, but the factor has the wrong sign: it is 1 minus η·a."),
        (_rates(_limit, lambda a, limit: (1 - a.min() / a.max()) ** 2), "Giới hạn đúng, nhưng kết quả thứ hai là thừa số của mất mát; cần thừa số của khoảng cách.",
         "The limit is right, but the second result is the factor of the loss; that of the distance is wanted."),
        (_rates(_limit, lambda a, limit: 1 - a.mean() / a.max()), "Giới hạn đúng, nhưng bạn dùng trung bình của `a` cho thừa số; cần hướng chậm nhất.",
         "The limit is right, but you used the mean of `a` for the factor; the slowest direction is wanted."),
        (_rates(lambda a: 2 / a[0], lambda a, limit: 1 - a[-1] / a[0]), "Bạn coi `a` được xếp từ lớn đến nhỏ; các hướng có thể đứng theo thứ tự nào cũng được.",
         "You took `a` to be sorted from large to small; the directions may come in any order."),
        (_rates(lambda a: 2 / a[-1], lambda a, limit: 1 - a[0] / a[-1]), "Bạn coi `a` được xếp từ nhỏ đến lớn; các hướng có thể đứng theo thứ tự nào cũng được.",
         "You took `a` to be sorted from small to large; the directions may come in any order."),
        (lambda a: (_slowest(a, _limit(a)), _limit(a)), "Hai kết quả đổi chỗ cho nhau: giới hạn đứng trước.", "The two results have changed places: the limit comes first."),
        (_limit, "Bạn chỉ trả về giới hạn; còn thiếu thừa số của hướng chậm nhất.", "You returned the limit only; the factor of the slowest direction is missing."),
    ],
    why=("Khoảng cách theo hướng j nhân với 1 − η·a_j ở mỗi bước, và co lại khi 0 < η < 2/a_j. Hướng dốc nhất cho điều kiện chặt nhất: η < 2/a_max. "
         "Với η = 1/a_max, hướng ấy tới đáy trong một bước, còn hướng phẳng nhất chỉ nhân với 1 − a_min/a_max. "
         "Độ cong chênh nhau 100 lần thì số ấy là 0,99: phải hơn hai trăm bước khoảng cách mới còn một phần mười.",
         "The distance in direction j is multiplied by 1 − η·a_j at each step, and shrinks if 0 < η < 2/a_j. The steepest direction gives the tightest condition: η < 2/a_max. "
         "With η = 1/a_max that direction gets to the bottom in one step, while the flattest is only multiplied by 1 − a_min/a_max. "
         "If the curvatures differ by a factor of 100, that is 0.99: it takes more than two hundred steps until a tenth of the distance is left."),
)
def rate_limit(a: Tensor) -> tuple[Tensor, Tensor]:
    limit = 2 / a.max()
    slowest = 1 - limit / 2 * a.min()
    return limit, slowest


# Momentum


def _rolls(random: Random) -> list[Any]:
    small = [([-1.5], [0.5], 0.5, 0.5, 1), ([-1.5], [0.5], 0.5, 0.5, 2), ([-0.5], [1.5], 0.5, 0.9, 3), ([-1.5, 0.5], [0.5, 1.5], 0.25, 0.5, 2)]
    return small + [
        (_row(random, n), _curvatures(random, n), random.choice((0.1, 0.2, 0.4)), random.choice((0.25, 0.5, 0.8, 0.9)), random.randint(3, 4))
        for n in (1, 2, 2, 2, 3, 3)]


def _roll(step: Callable[..., tuple[Any, Any]], start: Callable[..., Any] | None = None, change: Callable[[list[Tensor]], Any] = list) -> Any:
    """Return a function that goes on by ``step(w, v, a, lr, momentum)``, which gives the next w and v, and changes the list in the end."""

    def roll(w: Tensor, a: Tensor, lr: float, momentum: float, steps: int) -> Any:
        v = start(w, a, lr) if start else torch.zeros_like(w)
        positions = [w]
        for _ in range(steps):
            w, v = step(w, v, a, lr, momentum)
            positions.append(w)
        return change(positions)

    return roll


def _by_velocity(velocity: Callable[..., Any]) -> Any:
    """Return a step that finds the new velocity by ``velocity(w, v, a, lr, momentum)`` and subtracts it."""

    def step(w: Tensor, v: Tensor, *rest: Any) -> tuple[Tensor, Tensor]:
        v = velocity(w, v, *rest)
        return w - v, v

    return step


def _velocity(w: Tensor, v: Tensor, a: Tensor, lr: float, momentum: float) -> Tensor:
    return momentum * v + lr * a * w


def _after(move: Callable[..., Any]) -> Any:
    """Return a step with the right velocity, and ``move(w, new v, old v, a, lr, momentum)`` as the next position."""

    def step(w: Tensor, v: Tensor, a: Tensor, lr: float, momentum: float) -> tuple[Tensor, Tensor]:
        new = _velocity(w, v, a, lr, momentum)
        return move(w, new, v, a, lr, momentum), new

    return step


def _late(w: Tensor, v: Tensor, a: Tensor, lr: float, momentum: float) -> tuple[Tensor, Tensor]:
    """Move first, with the old velocity, then find the new one where the move has ended."""
    w = w - v
    return w, _velocity(w, v, a, lr, momentum)


_right_roll = _by_velocity(_velocity)


@exercise(
    "03-roll",
    cases=_rolls,
    tensors="w a",
    hints=[
        ("Cần hai biến đi qua vòng lặp: vị trí `w` và vận tốc `v`. Trước vòng lặp, `v` bằng bao nhiêu?",
         "Two variables go through the loop: the position `w` and the velocity `v`. What is `v` before the loop?"),
        ("Gradient của J tại `w` là tensor gồm các số a_j·w_j. Phép nhân hai tensor trong PyTorch làm đúng việc ấy.",
         "The gradient of J at `w` is the tensor of the numbers a_j·w_j. Multiplying two tensors in PyTorch does just that."),
        ("Mỗi vòng: tính vận tốc mới trước, rồi dùng vận tốc *mới* để dời `w`. Đừng viết `w -= v`: lệnh ấy sửa luôn tensor đã nằm trong danh sách.",
         "Each time round: first the new velocity, then use the *new* velocity to move `w`. Do not write `w -= v`: that changes the very tensor that is already in the list."),
    ],
    wrong=[
        (_roll(_right_roll, change=lambda p: [p[-1]] * len(p)), "Mọi vị trí trong danh sách đều bằng nhau: bạn sửa `w` tại chỗ, nên danh sách chứa cùng một tensor nhiều lần.",
         "All positions in the list are the same: you changed `w` in place, and the list holds one tensor many times."),
        (_roll(_by_velocity(lambda w, v, a, lr, momentum: lr * a * w)), "Vận tốc của bạn không giữ lại gì từ bước trước: đó là hạ gradient thường.",
         "Your velocity keeps nothing of the step before: that is plain gradient descent."),
        (_roll(_by_velocity(lambda w, v, a, lr, momentum: v + lr * a * w)), "Bạn giữ lại toàn bộ vận tốc cũ; `momentum` cho biết giữ lại bao nhiêu phần.",
         "You kept all of the old velocity; `momentum` says what part of it to keep."),
        (_roll(_by_velocity(lambda w, v, a, lr, momentum: momentum * v + a * w)), "Bạn quên tốc độ học `lr`.", "You forgot the learning rate `lr`."),
        (_roll(_by_velocity(lambda w, v, a, lr, momentum: lr * (momentum * v + a * w))), "Bạn nhân cả vận tốc cũ với `lr`; tốc độ học chỉ nhân với gradient.",
         "You multiplied the old velocity by `lr` as well; the learning rate multiplies the gradient only."),
        (_roll(_after(lambda w, new, old, a, lr, momentum: w - lr * new)), "Bạn dùng `lr` hai lần: khi tính vận tốc, rồi lại khi dời vị trí.",
         "You used `lr` twice: in the velocity, and again when you moved."),
        (_roll(_after(lambda w, new, old, a, lr, momentum: w + new)), "Bạn leo lên dốc vì sai một dấu: trong quy ước này, gradient được *cộng* vào vận tốc, rồi vận tốc bị *trừ* khỏi `w`.",
         "One sign is wrong, so you climb: by this convention the gradient is *added* to the velocity, and the velocity is *subtracted* from `w`."),
        (_roll(_by_velocity(lambda w, v, a, lr, momentum: lr * a * w - momentum * v)), "Dấu của động lượng bị ngược: vận tốc cũ phải cộng thêm, không phải trừ đi.",
         "The momentum has the wrong sign: the old velocity is added, not subtracted."),
        (_roll(_by_velocity(lambda w, v, a, lr, momentum: momentum * v + (1 - momentum) * lr * a * w)), "Bạn nhân gradient với 1 − γ; đó là trung bình trượt, không phải quy tắc của chương này.",
         "You multiplied the gradient by 1 − γ; that is a moving average, not the rule of this chapter."),
        (_roll(_by_velocity(lambda w, v, a, lr, momentum: momentum * (v + lr * a * w))), "Bạn nhân cả gradient mới với `momentum`; nó chỉ nhân với vận tốc cũ.",
         "You multiplied the new gradient by `momentum` as well; it multiplies the old velocity only."),
        (_roll(_late), "Bạn dời `w` trước khi tính vận tốc mới, nên bước đầu tiên đứng yên.", "You moved `w` before you found the new velocity, so the first step goes nowhere."),
        (_roll(_after(lambda w, new, old, a, lr, momentum: w - old)), "Bạn dời `w` bằng vận tốc cũ, dù đã tính vận tốc mới.", "You moved `w` by the old velocity, although you had found the new one."),
        (_roll(_after(lambda w, new, old, a, lr, momentum: w - new - lr * a * w)), "Gradient được dùng hai lần: nó đã nằm trong vận tốc.",
         "The gradient is used twice: it is in the velocity already."),
        (_roll(_after(lambda w, new, old, a, lr, momentum: w - momentum * new - lr * a * w)), "Đó là động lượng Nesterov; ở đây, `w` chỉ trừ đi chính vận tốc mới.",
         "That is Nesterov's momentum; here `w` just loses the new velocity itself."),
        (_roll(_by_velocity(lambda w, v, a, lr, momentum: momentum * v + lr * a * (w - momentum * v))), "Bạn tính gradient ở một điểm phía trước, như Nesterov; ở đây, nó được tính tại chính `w`.",
         "You took the gradient at a point further on, as Nesterov does; here it is taken at `w` itself."),
        (_roll(_right_roll, lambda w, a, lr: lr * a * w), "Vận tốc ban đầu của bạn không bằng 0.", "Your first velocity does not start from 0."),
        (_roll(_by_velocity(lambda w, v, a, lr, momentum: momentum * v + 2 * lr * a * w)), "Gradient của bạn gấp đôi: số 2 từ phép bình phương phải gặp số ½ của J.",
         "Your gradient is twice too large: the 2 that comes from squaring meets the ½ of J."),
        (_roll(_by_velocity(lambda w, v, a, lr, momentum: momentum * v + lr * w)), "Bạn quên các độ cong `a` trong gradient.", "You forgot the curvatures `a` in the gradient."),
        (_roll(_by_velocity(lambda w, v, a, lr, momentum: momentum * v + lr * a)), "Gradient của bạn không phụ thuộc vào vị trí: đạo hàm của ½·a·w² còn chứa w.",
         "Your gradient does not depend on the position: the derivative of ½·a·w² still holds w."),
        (_roll(_right_roll, change=lambda p: p[1:]), "Thiếu vị trí xuất phát ở đầu danh sách.", "The start is missing at the head of the list."),
        (_roll(_right_roll, change=lambda p: p[:-1]), "Thiếu vị trí cuối cùng: sau `steps` bước có steps + 1 vị trí.",
         "The last position is missing: after `steps` steps there are steps + 1 positions."),
        (_roll(_right_roll, change=lambda p: p[-1]), "Bạn chỉ trả về vị trí cuối cùng; cần mọi vị trí, kể từ chỗ xuất phát.",
         "You returned the last position only; all are wanted, from the start on."),
        (lambda w, a, lr, momentum, steps: _roll(_right_roll)(w, a, lr, momentum, steps + 1), "Bạn đi thừa một bước.", "You made one step too many."),
        (_roll(_right_roll, change=lambda p: [torch.zeros_like(p[0])] + [a - b for a, b in pairwise(p)]),
         "Bạn trả về các vận tốc; cần các vị trí.", "You returned the velocities; the positions are wanted."),
    ],
    why=("Mỗi vòng, vận tốc giữ lại γ lần chính nó và nhận thêm η lần gradient, rồi vị trí trừ đi vận tốc. "
         "Viết η ra ngoài vận tốc (v = γv + g, w = w − ηv) cũng cho đúng các vị trí này, miễn là η không đổi. "
         "`w = w - v` tạo ra một tensor mới; `w -= v` thì sửa tensor cũ, và mọi vị trí đã ghi bị sửa theo.",
         "Each time round the velocity keeps γ times itself and takes in η times the gradient; then the position loses the velocity. "
         "With η outside the velocity (v = γv + g, w = w − ηv) the positions are just the same, as long as η is constant. "
         "`w = w - v` makes a new tensor; `w -= v` changes the old one, and with it every position noted so far."),
)
def roll(w: Tensor, a: Tensor, lr: float, momentum: float, steps: int) -> list[Tensor]:
    v, positions = torch.zeros_like(w), [w]
    for _ in range(steps):
        v = momentum * v + lr * a * w
        w = w - v
        positions.append(w)
    return positions


# One step of SGD, as PyTorch does it


def _states(random: Random) -> list[Any]:
    """Return weights, velocities and gradients, with a decay that is far larger than usual, so that it shows."""
    small = [([1.5], [0.5], [-0.5], 0.5, 0.5, 0.25), ([-1.5], [-0.25], [2.5], 0.25, 0.9, 0.5), ([0.5, -2.5], [1.5, 0.75], [-0.5, 1.25], 0.1, 0.5, 0.1)]
    return small + [
        (_row(random, n), _row(random, n), _row(random, n), random.choice((0.1, 0.2, 0.4)), random.choice((0.25, 0.5, 0.8, 0.9)),
         random.choice((0.05, 0.1, 0.2, 0.3))) for n in (1, 2, 2, 3, 3, 4, 4)]


def _step(velocity: Callable[..., Any], weight: Callable[..., Any] = lambda w, old, v, g, lr, mu, wd: w - lr * v, change: Callable[[Any, Any], Any] = lambda w, v: (w, v)) -> Any:
    """Return a step: ``velocity(w, v, g, lr, mu, wd)``, then ``weight`` of the same with both velocities, then what is returned."""

    def sgd_step(w: Tensor, v: Tensor, g: Tensor, lr: float, momentum: float, weight_decay: float) -> Any:
        new = velocity(w, v, g, lr, momentum, weight_decay)
        return change(weight(w, v, new, g, lr, momentum, weight_decay), new)

    return sgd_step


def _torch(w: Tensor, v: Tensor, g: Tensor, lr: float, mu: float, wd: float) -> Tensor:
    return mu * v + g + wd * w


def _undecayed(w: Tensor, v: Tensor, g: Tensor, lr: float, mu: float, wd: float) -> Tensor:
    return mu * v + g


@exercise(
    "03-sgd-step",
    cases=_states,
    tensors="w v g",
    hints=[
        ("Ba việc mà đề bài kể, mỗi việc một dòng, theo đúng thứ tự ấy: gradient đã cộng suy giảm, vận tốc mới, trọng số mới.",
         "The three things that the task names, a line each, in that order: the gradient with decay added, the new velocity, the new weights."),
        ("Suy giảm trọng số là gradient của (λ/2)·w²: nó cộng vào gradient λ lần cái gì?", "Weight decay is the gradient of (λ/2)·w²: it adds λ times what to the gradient?"),
        ("`lr` chỉ xuất hiện một lần, ở dòng cuối cùng. Hàm trả về hai tensor: `return w, v`.",
         "`lr` appears just once, in the last line. The function returns two tensors: `return w, v`."),
    ],
    wrong=[
        (_step(lambda w, v, g, lr, mu, wd: mu * v - wd * lr * w - lr * g, lambda w, old, v, g, lr, mu, wd: w + v),
         "Đó là quy tắc của AlexNet: tốc độ học nằm trong vận tốc, và vận tốc được cộng vào. Bài này hỏi cách của PyTorch.",
         "That is AlexNet's rule: the learning rate is inside the velocity, and the velocity is added. Here it is PyTorch's that is asked for."),
        (_step(lambda w, v, g, lr, mu, wd: mu * v + lr * (g + wd * w), lambda w, old, v, g, lr, mu, wd: w - v),
         "Bạn để `lr` trong vận tốc; PyTorch để nó ở ngoài, ở bước dời trọng số.", "You put `lr` inside the velocity; PyTorch keeps it outside, where the weights move."),
        (_step(lambda w, v, g, lr, mu, wd: mu * v + lr * (g + wd * w)), "Bạn dùng `lr` hai lần: trong vận tốc, rồi lại khi dời trọng số.",
         "You used `lr` twice: in the velocity, and again when you moved the weights."),
        (_step(_torch, lambda w, old, v, g, lr, mu, wd: w - v), "Bạn quên tốc độ học `lr`.", "You forgot the learning rate `lr`."),
        (_step(_torch, lambda w, old, v, g, lr, mu, wd: w + lr * v), "Sai dấu khi dời trọng số: vận tốc ở đây hướng lên dốc, nên phải trừ nó đi.",
         "The weights move with the wrong sign: the velocity points uphill here, so it is subtracted."),
        (_step(lambda w, v, g, lr, mu, wd: mu * v - g - wd * w), "Bạn trừ gradient trong vận tốc rồi lại trừ vận tốc: hai dấu trừ khử nhau.",
         "You subtracted the gradient in the velocity and then subtracted the velocity: the two minus signs cancel."),
        (_step(_undecayed), "Bạn quên suy giảm trọng số `weight_decay`.", "You forgot the `weight_decay`."),
        (_step(lambda w, v, g, lr, mu, wd: g + wd * w), "Bạn quên vận tốc cũ `v` và `momentum`.", "You forgot the old velocity `v` and the `momentum`."),
        (_step(lambda w, v, g, lr, mu, wd: v + g + wd * w), "Bạn giữ lại toàn bộ vận tốc cũ; `momentum` cho biết giữ lại bao nhiêu phần.",
         "You kept all of the old velocity; `momentum` says what part of it to keep."),
        (_step(lambda w, v, g, lr, mu, wd: g), "Bạn chỉ trừ đi `lr` lần gradient: đó là SGD đơn thuần, không có động lượng, cũng không có suy giảm.",
         "You just subtracted `lr` times the gradient: that is bare SGD, with neither momentum nor decay."),
        (_step(lambda w, v, g, lr, mu, wd: mu * v + g - wd * w), "Dấu của suy giảm bị ngược: như thế trọng số bị đẩy ra xa 0.",
         "The decay has the wrong sign: this pushes the weights away from 0."),
        (_step(lambda w, v, g, lr, mu, wd: mu * v + g + wd * v), "Bạn cho vận tốc suy giảm; phần cộng thêm phải tỉ lệ với trọng số `w`.",
         "You let the velocity decay; what is added must be proportional to the weights `w`."),
        (_step(lambda w, v, g, lr, mu, wd: mu * v + g + wd * g), "Bạn nhân `weight_decay` với gradient; nó phải nhân với trọng số.",
         "You multiplied `weight_decay` by the gradient; it multiplies the weights."),
        (_step(lambda w, v, g, lr, mu, wd: mu * v + g + wd), "Bạn cộng chính `weight_decay` vào gradient; phần cộng thêm phải tỉ lệ với trọng số.",
         "You added `weight_decay` itself to the gradient; what is added must be proportional to the weights."),
        (_step(lambda w, v, g, lr, mu, wd: mu * v + g + wd / 2 * w**2), "Bạn cộng chính phần phạt (λ/2)·w²; cần gradient của nó.",
         "You added the penalty (λ/2)·w² itself; its gradient is wanted."),
        (_step(lambda w, v, g, lr, mu, wd: mu * v + g + 2 * wd * w), "Suy giảm gấp đôi: phần phạt là (λ/2)·w², nên số 2 bị khử.",
         "The decay is twice too large: the penalty is (λ/2)·w², so the 2 cancels."),
        (_step(lambda w, v, g, lr, mu, wd: mu * v + g + wd * w / 2), "Suy giảm chỉ bằng một nửa: lấy đạo hàm của w² thì có thêm số 2.",
         "The decay is half of what it should be: the derivative of w² brings a 2."),
        (_step(lambda w, v, g, lr, mu, wd: mu * v + g + wd * lr * w), "Suy giảm bị nhân với `lr` hai lần: một lần trong vận tốc, một lần khi dời trọng số.",
         "The decay is multiplied by `lr` twice: in the velocity, and when the weights move."),
        (_step(_undecayed, lambda w, old, v, g, lr, mu, wd: w - lr * v - lr * wd * w), "Suy giảm của bạn không đi qua vận tốc; ở PyTorch, nó được cộng vào gradient trước đã.",
         "Your decay does not go through the velocity; in PyTorch it is first added to the gradient."),
        (_step(_undecayed, lambda w, old, v, g, lr, mu, wd: (1 - wd) * w - lr * v), "Suy giảm của bạn không đi qua vận tốc, cũng không nhân với `lr`.",
         "Your decay does not go through the velocity, and is not multiplied by `lr`."),
        (_step(_undecayed, lambda w, old, v, g, lr, mu, wd: (1 - lr * wd) * (w - lr * v)), "Bạn cho trọng số suy giảm sau khi đã dời; suy giảm phải vào gradient, trước khi tính vận tốc.",
         "You let the weights decay after they had moved; the decay goes into the gradient, before the velocity."),
        (_step(lambda w, v, g, lr, mu, wd: mu * v + (1 - mu) * (g + wd * w)), "Bạn nhân gradient với 1 − γ; PyTorch không làm thế, trừ khi đặt `dampening`.",
         "You multiplied the gradient by 1 − γ; PyTorch does not, unless `dampening` is set."),
        (_step(lambda w, v, g, lr, mu, wd: mu * (v + g + wd * w)), "Bạn nhân cả gradient với `momentum`; nó chỉ nhân với vận tốc cũ.",
         "You multiplied the gradient by `momentum` as well; it multiplies the old velocity only."),
        (_step(_torch, lambda w, old, v, g, lr, mu, wd: w - lr * old), "Bạn dời trọng số bằng vận tốc cũ; phải dùng vận tốc mới.",
         "You moved the weights by the old velocity; the new one is to be used."),
        (_step(_torch, lambda w, old, v, g, lr, mu, wd: w - lr * (g + wd * w + mu * v)), "Đó là động lượng Nesterov, `nesterov=True`; đề bài hỏi quy tắc thường.",
         "That is Nesterov's momentum, `nesterov=True`; the plain rule is asked for."),
        (lambda w, v, g, lr, mu, wd: (w - lr * _torch(w, v, g, lr, mu, wd), v), "Trọng số đúng, nhưng bạn trả về vận tốc cũ: bước sau sẽ không nhớ gì của bước này.",
         "The weights are right, but you returned the old velocity: the next step will remember nothing of this one."),
        (_step(_torch, change=lambda w, v: (v, w)), "Hai kết quả đổi chỗ cho nhau: trọng số đứng trước.", "The two results have changed places: the weights come first."),
        (_step(_torch, change=lambda w, v: w), "Bạn chỉ trả về trọng số; bước sau còn cần vận tốc.", "You returned the weights only; the next step needs the velocity as well."),
        (_step(_torch, change=lambda w, v: v), "Bạn chỉ trả về vận tốc; còn thiếu trọng số mới.", "You returned the velocity only; the new weights are missing."),
    ],
    why=("Thứ tự: suy giảm vào gradient, gradient vào vận tốc, vận tốc nhân với `lr` rồi mới trừ khỏi trọng số. "
         "Vì `lr` nằm ngoài vận tốc, hạ `lr` là mọi bước ngắn lại ngay. Ở AlexNet, tốc độ học nằm trong vận tốc, nên những bước cũ còn kéo dài theo tốc độ học cũ.",
         "The order: decay goes into the gradient, the gradient into the velocity, and the velocity times `lr` is taken off the weights. "
         "As `lr` is outside the velocity, lowering `lr` shortens every step at once. In AlexNet's rule it is inside, and old steps live on at the old rate."),
)
def sgd_step(w: Tensor, v: Tensor, g: Tensor, lr: float, momentum: float, weight_decay: float) -> tuple[Tensor, Tensor]:
    g = g + weight_decay * w
    v = momentum * v + g
    w = w - lr * v
    return w, v


# When the learning rate falls


def _errors(random: Random) -> list[Any]:
    """Return histories of validation errors with ties, short rises and long stretches without a new best."""
    small = [([0.5, 0.4], 0.1, 1), ([0.5, 0.5, 0.4], 0.1, 1), ([0.5, 0.6, 0.55], 0.1, 1), ([0.5, 0.4, 0.4, 0.4, 0.3], 0.1, 2),
             ([0.5, 0.3, 0.4, 0.35, 0.32, 0.31], 0.5, 2), ([0.5, 0.4, 0.45, 0.3, 0.35, 0.28, 0.3, 0.27], 0.5, 2),
             ([0.5, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6], 0.5, 2), ([0.5, 0.6, 0.6, 0.4, 0.6, 0.5, 0.6, 0.3], 0.5, 2)]
    for patience in (1, 2, 2, 2, 3, 3, 3, 4):
        level, history = 60, []
        for _ in range(random.randint(9, 14)):
            level = max(10, level - random.choice((0, 0, 0, 4, 8)))
            history.append((level + random.choice((0, 0, 1, 3, 6))) / 100)
        small.append((history, random.choice((0.1, 0.2, 0.5, 1.0)), patience))
    return small


def _schedule(
    better: Callable[[float, float, float], bool] = lambda error, best, last: error < best, drop: Callable[[float, float], float] = lambda lr, first: lr / 10,
    full: Callable[[int, int], bool] = lambda waited, patience: waited == patience, restarts: bool = True, clears: bool = True,
    forgets: bool = False, early: bool = False, worst: float = math.inf, seen: bool = False, after: bool = False,
) -> Any:
    """Return the schedule with something different: what counts as better, the drop, when to drop, or what is forgotten."""

    def plateau(errors: list[float], lr: float, patience: int) -> list[float]:
        rates, first, best, waited = [], lr, errors[0] if seen else worst, 0
        last = best
        for error in errors:
            if not early:
                rates.append(lr)
            if better(error, best, last):
                best, waited = error, 0 if restarts else waited
            else:
                waited += 1
            last = error
            if full(waited, patience):
                lr, waited, best = drop(lr, first), 0 if clears else waited, worst if forgets else best
            if early:
                rates.append(lr)
        return [*rates, lr] if after else rates

    return plateau


@exercise(
    "03-plateau",
    cases=_errors,
    tolerance=1e-7,
    hints=[
        ("Làm bằng tay với `errors = [0.5, 0.4, 0.4, 0.4, 0.3]` và `patience = 2`: sau epoch nào thì đã chờ đủ 2 epoch? Epoch nào là epoch đầu tiên dùng tốc độ học mới?",
         "By hand, with `errors = [0.5, 0.4, 0.4, 0.4, 0.3]` and `patience = 2`: after which epoch have 2 epochs been waited? Which epoch is the first to use the new rate?"),
        ("Phải nhớ ba thứ: tốc độ học hiện tại, lỗi nhỏ nhất từ đầu đến giờ, và đã chờ mấy epoch. Lỗi nhỏ nhất có thể bắt đầu từ vô cực, `float(\"inf\")`.",
         "Three things to remember: the present learning rate, the smallest error so far, and how many epochs have been waited. The smallest error may start at infinity, `float(\"inf\")`."),
        ("Trong mỗi vòng lặp: ghi tốc độ học trước, rồi mới xem lỗi. Việc chia cho 10 chỉ có tác dụng từ epoch sau. Chia xong, đếm lại từ đầu.",
         "Each time round: first note the rate, then look at the error. Dividing by 10 takes effect from the next epoch on. After dividing, start counting anew."),
    ],
    wrong=[
        (_schedule(early=True), "Bạn hạ tốc độ học sớm một epoch: lỗi của một epoch chỉ biết được khi epoch ấy đã xong.",
         "You lowered the rate one epoch early: the error of an epoch is known only when that epoch is over."),
        (_schedule(full=lambda waited, patience: waited > patience), "Bạn chờ thêm một epoch: hạ tốc độ học khi đã chờ đủ `patience` epoch, không phải quá `patience`.",
         "You wait one epoch more: the rate falls once `patience` epochs have been waited, not more than `patience`."),
        (_schedule(full=lambda waited, patience: waited >= max(1, patience - 1)), "Bạn chờ thiếu một epoch.", "You wait one epoch less than you should."),
        (_schedule(full=lambda waited, patience: waited >= patience, clears=False), "Sau khi chia, bạn không đếm lại từ đầu, nên epoch nào không tốt hơn cũng bị chia tiếp.",
         "After dividing you do not start counting anew, so each further epoch without progress divides again."),
        (_schedule(clears=False), "Sau khi chia, bạn không đếm lại từ đầu, nên số đếm vượt qua `patience` và không bao giờ bằng nó lần nữa, trừ khi lỗi lại giảm.",
         "After dividing you do not start counting anew, so the count runs past `patience` and never equals it again, unless the error improves."),
        (_schedule(restarts=False), "Khi lỗi giảm xuống mức mới, bạn không đếm lại từ đầu: các epoch chờ phải liền nhau.",
         "When the error reaches a new low, you do not start counting anew: the epochs waited must follow one another."),
        (_schedule(lambda error, best, last: error < last), "Bạn so với epoch liền trước; phải so với lỗi nhỏ nhất từ đầu đến giờ.",
         "You compare with the epoch before; compare with the smallest error so far."),
        (_schedule(lambda error, best, last: error <= best), "Bạn coi lỗi bằng mức nhỏ nhất là có giảm; bằng nhau thì chưa phải là giảm.",
         "You take an error equal to the smallest as an improvement; equal is not smaller."),
        (_schedule(lambda error, best, last: error <= last), "Hai chỗ sai: bạn so với epoch liền trước, và coi bằng nhau là có giảm.",
         "Two mistakes: you compare with the epoch before, and take equal as an improvement."),
        (_schedule(lambda error, best, last: error > best, worst=-math.inf), "Bạn coi lỗi lớn hơn là tốt hơn; điều đó đúng với độ chính xác, không đúng với lỗi.",
         "You take a larger error as better; that is true of accuracy, not of errors."),
        (_schedule(lambda error, best, last: False), "Bạn chia đều đặn sau mỗi `patience` epoch, dù lỗi có giảm hay không.",
         "You divide regularly after every `patience` epochs, whether the error improves or not."),
        (_schedule(full=lambda waited, patience: False), "Tốc độ học của bạn không bao giờ thay đổi.", "Your learning rate never changes."),
        (_schedule(seen=True), "Bạn lấy lỗi đầu tiên làm mức nhỏ nhất rồi so nó với chính nó: epoch đầu tiên bị đếm là không giảm.",
         "You took the first error as the smallest and then compared it with itself: the first epoch is counted as no improvement."),
        (_schedule(forgets=True), "Sau khi chia, bạn quên mức nhỏ nhất, nên epoch kế tiếp luôn được coi là có giảm.",
         "After dividing you forget the smallest error, so the next epoch always passes as an improvement."),
        (_schedule(drop=lambda lr, first: first / 10), "Bạn luôn lấy tốc độ học ban đầu chia cho 10, nên từ lần thứ hai trở đi nó không giảm nữa.",
         "You always divide the first learning rate by 10, so from the second time on it falls no further."),
        (_schedule(drop=lambda lr, first: lr * 0.9), "Bạn bớt đi một phần mười; phải chia cho 10, tức là chỉ giữ lại một phần mười.",
         "You took a tenth away; divide by 10, that is, keep a tenth."),
        (_schedule(drop=lambda lr, first: lr * 10), "Bạn nhân với 10; khi lỗi thôi giảm thì tốc độ học phải nhỏ đi.", "You multiplied by 10; when the error stops improving, the rate gets smaller."),
        (_schedule(drop=lambda lr, first: lr / 2), "Bạn chia cho 2; đề bài chia cho 10.", "You divided by 2; the task divides by 10."),
        (_schedule(after=True), "Danh sách thừa một số: tốc độ học của epoch chưa diễn ra.", "The list has one number too many: the rate of an epoch that has not taken place."),
        (lambda errors, lr, patience: _schedule()(errors, lr, patience)[-1], "Bạn chỉ trả về một số; cần tốc độ học của từng epoch.",
         "You returned a single number; the rate of each epoch is wanted."),
    ],
    why=("Mỗi epoch: ghi tốc độ học đang dùng, so lỗi với mức nhỏ nhất, rồi đếm. Chờ đủ `patience` epoch liền mà không có mức mới thì chia, và đếm lại từ đầu. "
         "`torch.optim.lr_scheduler.ReduceLROnPlateau` làm gần như thế, nhưng chờ lâu hơn một epoch: nó chia khi số epoch chờ *vượt quá* `patience`. "
         "Nó cũng chỉ công nhận một mức mới nếu lỗi giảm thêm ít nhất một phần vạn, trừ khi bạn đặt `threshold=0`.",
         "Each epoch: note the rate in use, compare the error with the smallest, count. After `patience` epochs in a row without a new low, divide and start counting anew. "
         "`torch.optim.lr_scheduler.ReduceLROnPlateau` does almost that, but waits one epoch longer: it divides when the epochs waited *exceed* `patience`. "
         "And it accepts a new low only if the error has fallen by at least one part in ten thousand, unless you set `threshold=0`."),
)
def plateau(errors: list[float], lr: float, patience: int) -> list[float]:
    rates, best, waited = [], float("inf"), 0
    for error in errors:
        rates.append(lr)
        waited = 0 if error < best else waited + 1
        best = min(best, error)
        if waited == patience:
            lr, waited = lr / 10, 0
    return rates


quiz = Quiz(CHAPTER, [
    Question(("Trên một parabol có J″ = 4, bạn hạ gradient với tốc độ học 0,4. Từ bước này sang bước khác, điểm w đi thế nào?",
              "On a parabola with J″ = 4 you run gradient descent with a learning rate of 0.4. How does w move from step to step?"), [
        Choice(("Nó tiến dần về đáy từ một phía.", "It comes closer to the bottom from one side."),
               ("Như thế thì thừa số 1 − η·J″ phải dương, tức là η < 0,25. Ở đây thừa số ấy là 1 − 0,4·4 = −0,6.",
                "For that the factor 1 − η·J″ would have to be positive, with η < 0.25. Here it is 1 − 0.4·4 = −0.6.")),
        Choice(("Nó nhảy qua lại hai bên đáy, mỗi lần một gần hơn.", "It jumps from side to side of the bottom, closer each time."),
               ("Thừa số là 1 − 0,4·4 = −0,6: dấu trừ đổi phía, còn 0,6 làm khoảng cách co lại. Hội tụ với mọi η dưới 2/4 = 0,5.",
                "The factor is 1 − 0.4·4 = −0.6: the minus changes sides, and 0.6 shrinks the distance. Any η below 2/4 = 0.5 converges."), right=True),
        Choice(("Nó nhảy qua lại hai bên đáy, mỗi lần một xa hơn.", "It jumps from side to side of the bottom, further each time."),
               ("Điều đó chỉ xảy ra khi thừa số nhỏ hơn −1, tức là η > 0,5. Nhảy qua đáy chưa phải là phân kì.",
                "That only happens if the factor is below −1, with η > 0.5. To jump across the bottom is not yet to diverge.")),
        Choice(("Nó tới đáy ngay sau một bước.", "It is at the bottom after a single step."),
               ("Muốn thế, thừa số phải bằng 0, tức là η = 1/4 = 0,25.", "For that the factor would have to be 0, with η = 1/4 = 0.25.")),
    ]),
    Question(("Bạn huấn luyện một mô hình hồi quy tuyến tính bằng hạ gradient từ năm điểm xuất phát, thật lâu và với tốc độ học vừa phải. Cả năm lần ra cùng một mất mát, nhưng các trọng số cuối cùng khác nhau. Giải thích nào đúng?",
              "You train a linear regression by gradient descent from five starts, for a long time and with a fair learning rate. All five end at the same loss, but with different weights. Which explanation is right?"), [
        Choice(("Có năm cực tiểu riêng biệt, tình cờ sâu bằng nhau.", "There are five separate minima that happen to be equally deep."),
               ("Mất mát này lồi: giữa hai điểm thấp nhất, nó không thể nhô lên. Cả đoạn thẳng nối hai bộ trọng số cũng thấp như thế.",
                "This loss is convex: between two lowest points it cannot rise. The whole line between two of these sets of weights is just as low.")),
        Choice(("Hạ gradient bị kẹt ở những cực tiểu khác nhau; cần động lượng.", "Gradient descent is stuck in different local minima; it needs momentum."),
               ("Hàm lồi không có cực tiểu nào cao hơn đáy. Hơn nữa, nếu bị kẹt ở những chỗ khác nhau thì năm mất mát hẳn đã khác nhau.",
                "A convex function has no minimum above its bottom. Besides, stuck at different places, the five losses would hardly be equal.")),
        Choice(("Các đầu vào phụ thuộc nhau, nên đáy thung lũng bằng phẳng, nhưng vẫn chỉ có một thung lũng.", "The inputs depend on one another, so the floor of the valley is flat, but it is one valley."),
               ("Chẳng hạn một đầu vào có mặt hai lần: chỉ tổng hai trọng số của nó có tác dụng. Bớt bên này, thêm bên kia thì dự đoán không đổi, và mất mát cũng thế.",
                "Say that one input is there twice: only the sum of its two weights matters. Take from one and give to the other, and neither the predictions nor the loss will change."), right=True),
    ]),
    Question(("Bạn huấn luyện bằng các batch 32 mẫu với tốc độ học không đổi. Mất mát giảm nhanh, rồi chỉ dao động quanh một mức cao hơn đáy. Cách nào sau đây hạ được mức ấy?",
              "You train on batches of 32 with a constant learning rate. The loss falls fast, then only hovers above the bottom. Which of these lowers the level at which it hovers?"), [
        Choice(("Chạy thêm nhiều epoch với tốc độ học ấy.", "Many more epochs at the same rate."),
               ("Gradient của batch vẫn nhiễu ngay tại đáy, nên bước nào cũng hất trọng số ra khỏi đó. Với η không đổi, chạy lâu bao nhiêu thì mức dao động vẫn thế.",
                "The gradient of a batch is noisy even at the bottom, so each step throws the weights off it again. With a constant η, the level stays however long you train.")),
        Choice(("Dùng batch 8 mẫu thay cho 32.", "Batches of 8 in place of 32."),
               ("Nhiễu của gradient tỉ lệ với 1/√B: batch nhỏ hơn bốn lần thì nhiễu lớn gấp đôi, nên mức dao động cao hơn.",
                "The noise of the gradient goes as 1/√B: a batch four times smaller has twice the noise, and the level gets higher.")),
        Choice(("Thêm động lượng 0,9, giữ nguyên tốc độ học.", "Adding a momentum of 0.9 at the same rate."),
               ("Động lượng cộng dồn các bước, dài tới gấp 1/(1 − 0,9) = 10 lần. Giữ nguyên η thì gần đáy ta dao động mạnh hơn, không yếu đi.",
                "Momentum adds up steps, to as much as 1/(1 − 0.9) = 10 times the length. At the same η we hover more widely near the bottom, not less.")),
        Choice(("Hạ tốc độ học.", "A lower learning rate."),
               ("Bước ngắn hơn thì mỗi batch chỉ hất trọng số đi một quãng ngắn hơn. Đổi lại, đường tới đáy lâu hơn; vì vậy ta bắt đầu với η lớn và hạ nó sau.",
                "With shorter steps each batch throws the weights less far. In exchange the way down takes longer, which is why we start with a large η and lower it later."), right=True),
    ]),
    Question(("Viên bi lăn xuống một sườn thẳng, nơi J′(w) = −1 ở mọi điểm, với η = 0,1 và γ = 0,9, lúc đầu v = 0. Sau thật nhiều bước, mỗi bước dài bao nhiêu?",
              "The marble rolls down a straight slope, where J′(w) = −1 everywhere, with η = 0.1 and γ = 0.9, starting from v = 0. After very many steps, how long is each?"), [
        Choice(("0,1: gradient không đổi thì bước cũng không đổi.", "0.1: the gradient is constant, and so are the steps."),
               ("Đó là bước đầu tiên. Bước thứ hai đã là 0,9·0,1 + 0,1 = 0,19.", "That is the first step. The second is already 0.9·0.1 + 0.1 = 0.19.")),
        Choice(("1: dài gấp mười lần bước đầu tiên.", "1: ten times as long as the first."),
               ("Các bước là 0,1·(1 + 0,9 + 0,81 + …), và tổng trong ngoặc tiến đến 1/(1 − 0,9) = 10. Thử lại: sau một bước dài 1, bước kế tiếp dài 0,9·1 + 0,1 = 1.",
                "The steps are 0.1·(1 + 0.9 + 0.81 + …), and the sum in brackets tends to 1/(1 − 0.9) = 10. To check: after a step of 1 the next is 0.9·1 + 0.1 = 1."), right=True),
        Choice(("Dài vô hạn: bước nào cũng dài hơn bước trước.", "There is no bound: each step is longer than the one before."),
               ("Vế sau đúng, nhưng phần tăng thêm mỗi lần chỉ còn 0,9 lần trước đó, nên các bước có giới hạn. Chỉ khi γ = 1 chúng mới lớn mãi.",
                "Each is indeed longer, but what is added is each time 0.9 of what was added before, so the steps have a limit. Only with γ = 1 would they grow for ever.")),
        Choice(("0,19: gradient mới cộng với chín phần mười bước trước.", "0.19: the new gradient's part and nine tenths of the step before."),
               ("Đó là bước thứ hai. Bước thứ ba lại giữ chín phần mười của bước ấy: 0,9·0,19 + 0,1 = 0,271.",
                "That is the second step. The third again keeps nine tenths of it: 0.9·0.19 + 0.1 = 0.271.")),
    ]),
    Question(("Trên một sườn thẳng, gradient ở đâu cũng bằng nhau và khác 0. Hai viên bi đã lăn vài bước với η = 0,1 và γ = 0,9, không có suy giảm trọng số: một viên theo quy tắc của AlexNet, một viên theo `torch.optim.SGD`. Giờ cả hai hạ η xuống 0,01. Bước kế tiếp của viên nào dài hơn?",
              "On a straight slope the gradient is the same everywhere, and not 0. Two marbles have rolled a few steps with η = 0.1 and γ = 0.9, without weight decay: one by AlexNet's rule, one by `torch.optim.SGD`. Now both lower η to 0.01. Whose next step is longer?"), [
        Choice(("Viên theo AlexNet, vì vận tốc của nó còn chứa các bước tính với η = 0,1.", "That of AlexNet's rule, as its velocity still holds steps made with η = 0.1."),
               ("Ở đó, η nằm trong vận tốc, nên phần cũ 0,9·v chưa bị chia cho 10. PyTorch nhân η với cả vận tốc, nên ngay lập tức, cả bước chỉ còn một phần mười so với khi không hạ η.",
                "There η is inside the velocity, so the old part 0.9·v has not been divided by 10. PyTorch multiplies all of the velocity by η, so at once the whole step is a tenth of what it would have been."), right=True),
        Choice(("Viên theo PyTorch, vì vận tốc của nó không nhân với η nên lớn hơn.", "That of PyTorch, as its velocity is not multiplied by η and so is larger."),
               ("Vận tốc của PyTorch đúng là lớn hơn, nhưng nó còn được nhân với η mới, 0,01, trước khi viên bi dời đi.",
                "PyTorch's velocity is indeed larger, but it is multiplied by the new η, 0.01, before the marble moves.")),
        Choice(("Bằng nhau, vì hai quy tắc tương đương.", "They are equal, as the two rules are equivalent."),
               ("Chúng chỉ tương đương khi η không đổi, như trong những bước đầu ở đây. Khi η thay đổi, mỗi quy tắc xử lí phần vận tốc cũ một cách khác.",
                "They are equivalent only while η is constant, as in the first steps here. When η changes, each treats the old part of the velocity in its own way.")),
    ]),
])
