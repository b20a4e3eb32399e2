"""Chapter 07: the length of HOG, hinge loss, power, time, top-k error, votes, a histogram, a bag of words; and the quiz."""

# What students are given inside a function, and see in its solution, is as plain as in the chapter.
# mypy: allow-untyped-defs, allow-untyped-calls

import math
from collections.abc import Callable
from random import Random
from typing import Any

import torch
from torch import Tensor

from .engine import exercise
from .quiz import Choice, Question, Quiz

CHAPTER = "07-before-alexnet"


def _row(random: Random, n: int) -> list[float]:
    """Return different quarters, none whole or 0: exact in every precision."""
    return random.sample([whole + part for whole in range(-9, 9) for part in (0.25, 0.5, 0.75)], n)


# The length of HOG


def _pictures(random: Random) -> list[Any]:
    """Return sides that cells often do not divide; a block has at least one place."""
    made = [(28, 7, 2, 9), (28, 4, 2, 9), (30, 8, 2, 9), (28, 7, 1, 9), (28, 4, 3, 12), (64, 8, 2, 9), (29, 7, 4, 6)]
    while len(made) < 16:
        side, cell, block, bins = random.randint(40, 130), random.randint(3, 16), random.randint(1, 4), random.choice((6, 8, 9, 12, 18))
        if side // cell >= block:
            made.append((side, cell, block, bins))
    return made


def _long(count: Callable[[int, int, int, int], Any]) -> Any:
    """Return what ``count`` makes of the cells in a row, the positions in a row, the cells in a block's row and the bins."""
    return lambda side, cell, block, bins: count(side // cell, side // cell - block + 1, block, bins)


@exercise(
    "07-hog-length",
    cases=_pictures,
    hints=[
        ("Trước hết đếm trên một hàng: có bao nhiêu ô nguyên vẹn? Rồi khối đứng được ở bao nhiêu chỗ?",
         "Count along one row first: how many whole cells are there? Then, in how many places can a block stand?"),
        ("Khối trượt từng ô một, như cửa sổ có sải bước 1 ở chương 05. Bốn ô cạnh nhau, khối rộng hai ô: khối có ba chỗ đứng.",
         "The block moves by one cell, as a window of stride 1 does in chapter 05. Four cells in a row, blocks two cells wide: there are three places."),
        ("Ở mỗi chỗ đứng, khối chép lại mọi ô bên trong nó, mỗi ô `bins` số. Nhớ rằng cả ảnh lẫn khối đều có hai chiều.",
         "At each place the block copies all the cells inside it, `bins` numbers each. Remember that both picture and block have two dimensions."),
    ],
    wrong=[
        (lambda side, cell, block, bins: (side / cell - block + 1)**2 * block**2 * bins, "Bạn quên làm tròn xuống: phần ảnh không đủ một ô thì bỏ đi.",
         "You forgot to round down: what does not fill a cell is left out."),
        (lambda side, cell, block, bins: (-(-side // cell) - block + 1)**2 * block**2 * bins, "Bạn làm tròn lên: ô bị cắt ở mép ảnh không được tính.",
         "You rounded up: a cell that the edge of the picture cuts does not count."),
        (_long(lambda c, n, b, bins: (c // b)**2 * b**2 * bins), "Các khối của bạn không chồng lên nhau; khối trượt mỗi lần một ô, nên một ô thuộc về nhiều khối.",
         "Your blocks do not overlap; a block moves by one cell at a time, so that a cell belongs to several of them."),
        (_long(lambda c, n, b, bins: c**2 * bins), "Bạn đếm mỗi ô một lần; một ô có mặt trong mọi khối chứa nó.", "You counted each cell once; a cell is there in every block that holds it."),
        (_long(lambda c, n, b, bins: c**2 * b**2 * bins), "Bạn cho khối bắt đầu ở mọi ô; những khối sát mép phải và mép dưới sẽ lọt ra ngoài.",
         "You let a block begin at every cell; those at the right and lower edges would hang outside."),
        (_long(lambda c, n, b, bins: (n - 1)**2 * b**2 * bins), "Mỗi hàng thiếu một chỗ đứng: chỗ đầu tiên cũng được tính.", "Each row is one place short: the first place counts as well."),
        (_long(lambda c, n, b, bins: n * b**2 * bins), "Bạn mới đếm một hàng khối; ảnh có hai chiều.", "You counted a single row of blocks; the picture has two dimensions."),
        (_long(lambda c, n, b, bins: n**2 * b * bins), "Khối của bạn chỉ có một hàng ô; nó là hình vuông.", "Your block has a single row of cells; it is a square."),
        (_long(lambda c, n, b, bins: n**2 * bins), "Mỗi khối của bạn chỉ cho `bins` số; khối giữ riêng từng ô bên trong.", "Each of your blocks gives only `bins` numbers; a block keeps the cells inside it apart."),
        (_long(lambda c, n, b, bins: n**2 * b**2), "Bạn quên rằng mỗi ô là một dãy `bins` số.", "You forgot that each cell is a row of `bins` numbers."),
        (_long(lambda c, n, b, bins: n**2 * b**2 * 9), "Bạn luôn tính 9 hướng; số hướng là `bins`.", "You always counted 9 directions; their number is `bins`."),
        (lambda side, cell, block, bins: (side // cell - 1)**2 * 4 * bins, "Khối của bạn luôn là 2 × 2 ô; cạnh của nó là `block`.", "Your block is always 2 × 2 cells; its side is `block`."),
        (_long(lambda c, n, b, bins: n**2), "Bạn trả về số khối; cần số các số mà chúng cho ra.", "You returned the number of blocks; how many numbers they give is wanted."),
        (lambda side, cell, block, bins: (side - cell * block + 1)**2 * block**2 * bins, "Khối của bạn trượt từng điểm ảnh; nó phải trượt từng ô.", "Your block moves by one pixel; it should move by one cell."),
    ],
    why=("Ảnh cạnh 28 với ô cạnh 7 có 4 ô mỗi hàng, nên khối cạnh 2 có 3 chỗ đứng mỗi hàng: 3 · 3 khối, mỗi khối 2 · 2 ô, mỗi ô 9 số, tất cả là 324. "
         "Với ô cạnh 4, số ấy là 6 · 6 · 2 · 2 · 9 = 1 296. Một ô ở giữa ảnh được chép lại trong bốn khối, mỗi lần được chuẩn hóa cùng với những ô khác.",
         "A picture of side 28 with cells of side 7 has 4 cells in a row, so blocks of side 2 have 3 places in a row: 3 · 3 blocks of 2 · 2 cells of 9 numbers, 324 in all. "
         "With cells of side 4 it is 6 · 6 · 2 · 2 · 9 = 1 296. A cell in the middle is copied into four blocks, each time normalised together with other cells."),
)
def hog_length(side: int, cell: int, block: int, bins: int) -> int:
    cells = side // cell
    positions = cells - block + 1
    return positions**2 * block**2 * bins


# Hinge loss


def _scores(random: Random) -> list[Any]:
    """Return scores on both sides of 0 and of the margin."""
    few = [([2.0], [1]), ([0.5], [1]), ([-1.5], [1]), ([2.5], [-1]), ([0.25, -3.5], [-1, -1]), ([2.0, 0.5, -1.0, 1.0], [1, 1, -1, -1])]
    many = [([value / 3 for value in _row(random, n)], [random.choice((-1, 1)) for _ in range(n)]) for n in (random.randint(3, 8) for _ in range(8))]
    return [*few, *many]


def _losses(loss: Callable[[Tensor], Tensor]) -> Any:
    """Return the mean of another loss of y·s."""
    return lambda s, y: loss(y * s).mean()


def _hinged(make: Callable[[Tensor], Any]) -> Any:
    """Return what ``make`` gives of the right losses of the examples."""
    return lambda s, y: make((1 - y * s).clamp(min=0))


@exercise(
    "07-hinge",
    cases=_scores,
    tensors="s y",
    hints=[
        ("Tính tích `y * s` trước. Nó dương khi điểm số đúng phía, và lớn khi điểm số đúng phía mà còn xa ranh giới.",
         "Work out the product `y * s` first. It is positive when the score is on the right side, and large when it is far from the boundary as well."),
        ("Mẫu có tích từ 1 trở lên thì không mất gì. Tích là 0,25 thì thiếu mất bao nhiêu? Tích là −2 thì sao?",
         "An example whose product is 1 or more loses nothing. By how much does a product of 0.25 fall short? And one of −2?"),
        ("Chặn dưới *từng mẫu* ở 0, chẳng hạn bằng `clamp(min=0)`, rồi mới lấy trung bình trên *mọi* mẫu.",
         "Keep *each example* from going below 0, for instance by `clamp(min=0)`, and only then take the mean over *all* of them."),
    ],
    wrong=[
        (_losses(lambda m: (1 - m).clamp(min=0)**2), "Bạn đã bình phương, như `LinearSVC` làm; ở bài này thì không bình phương.", "You squared, as `LinearSVC` does; in this exercise there is no square."),
        (lambda s, y: (1 - s).clamp(min=0).mean(), "Bạn quên nhãn `y`: với nhãn −1, điểm số âm mới là đúng phía.", "You forgot the labels `y`: for a label of −1, negative scores are on the right side."),
        (lambda s, y: (1 - y * s).mean(), "Bạn quên chặn dưới ở 0: mẫu đúng phía và ở xa không được kéo mất mát xuống.", "You did not stop at 0: an example far out on the right side must not lower the loss."),
        (_losses(lambda m: (-m).clamp(min=0)), "Bạn quên số 1: mẫu đúng phía mà quá gần ranh giới vẫn phải chịu mất mát.", "You forgot the 1: an example on the right side but too near the boundary has a loss as well."),
        (_losses(lambda m: (1 + m).clamp(min=0)), "Sai dấu: bạn phạt những mẫu đúng phía.", "The sign is wrong: you punish the examples on the right side."),
        (_losses(lambda m: (m - 1).clamp(min=0)), "Bạn trừ ngược: bạn phạt những mẫu đúng phía và ở xa.", "You subtracted the wrong way round: you punish the examples far out on the right side."),
        (_losses(lambda m: (1 - m).clamp(max=0)), "Bạn lấy số nhỏ hơn trong hai số; cần số lớn hơn.", "You took the smaller of the two numbers; the larger is wanted."),
        (_losses(lambda m: (1 - m).abs()), "Bạn lấy trị tuyệt đối: mẫu đúng phía và ở xa không bị phạt.", "You took the absolute value: an example far out on the right side is not punished."),
        (_hinged(lambda loss: loss.sum()), "Bạn trả về tổng; cần trung bình trên các mẫu.", "You returned the sum; the mean over the examples is wanted."),
        (_hinged(lambda loss: loss), "Bạn trả về mất mát của từng mẫu; còn phải lấy trung bình.", "You returned the loss of each example; their mean is wanted."),
        (_hinged(lambda loss: loss.sum() / max(1, int((loss > 0).sum()))), "Bạn chỉ chia cho số mẫu có mất mát; trung bình lấy trên mọi mẫu.", "You divided by the number of examples that have a loss; the mean is over all of them."),
        (_hinged(lambda loss: loss.max()), "Bạn trả về mất mát lớn nhất; cần trung bình.", "You returned the largest loss; the mean is wanted."),
        (lambda s, y: (1 - y * s).mean().clamp(min=0), "Bạn lấy trung bình trước rồi mới chặn ở 0; phải chặn từng mẫu trước.", "You took the mean first and stopped at 0 afterwards; each example should be stopped first."),
        (lambda s, y: (y * s <= 0).float().mean(), "Bạn trả về tỉ lệ mẫu sai phía; mất mát còn kể cả khoảng cách.", "You returned the share of examples on the wrong side; the loss also counts how far they are."),
        (lambda s, y: (y * s < 1).float().mean(), "Bạn trả về tỉ lệ mẫu có mất mát; cần trung bình của chính các mất mát.", "You returned the share of examples that have a loss; the mean of the losses themselves is wanted."),
        (_losses(lambda m: torch.log1p((-m).exp())), "Đó là mất mát của hồi quy logistic: nó không bao giờ bằng 0 hẳn.", "That is the loss of logistic regression, which is never quite 0."),
        (_losses(lambda m: (1 - m)**2), "Đó là bình phương sai số: nó phạt cả mẫu đúng phía và ở xa.", "That is the squared error: it punishes examples far out on the right side as well."),
    ],
    why=("Tích y·s từ 1 trở lên thì mẫu đúng phía và đủ xa, mất mát bằng 0. Dưới 1, mất mát là phần còn thiếu, 1 − y·s: nhỏ khi mẫu đúng phía mà hơi gần, lớn dần khi mẫu lấn sang phía kia. "
         "Mỗi mất mát là một hàm lồi theo s, vì nó là số lớn hơn trong hai hàm có đồ thị thẳng; `LinearSVC` dùng bình phương của nó, vẫn lồi mà trơn hơn.",
         "Where y·s is 1 or more, an example is on the right side and far enough, and its loss is 0. Below 1 the loss is what is missing, 1 − y·s: small for an example on the right side but a little near, and larger the further it is on the other side. "
         "Each loss is a convex function of s, being the larger of two functions with straight graphs; `LinearSVC` uses its square, which is convex, too, and smoother."),
)
def hinge(s: Tensor, y: Tensor) -> Tensor:
    return (1 - y * s).clamp(min=0).mean()


# Work at equal power


def _clocks(random: Random) -> list[Any]:
    """Return slowdowns whose powers are far from whole, or exactly so: rounding down is safe however it is computed."""
    made = [(2, 1), (2, 3), (4, 2), (4, 1.5), (3.5, 1), (1.5, 2), (2.5, 2), (2.5, 3), (4, 2.5)]
    return made + [(random.choice((1.5, 2, 2.5, 3.5, 4, 4.5, 5.5, 8)), random.choice((1, 1.5, 2, 2.5, 3))) for _ in range(8)]


@exercise(
    "07-work-at-equal-power",
    cases=_clocks,
    hints=[
        ("Lấy công suất của lõi nhanh làm đơn vị. Một lõi chậm, ở 1/`slowdown` xung nhịp, tốn mấy phần đơn vị ấy?",
         "Take the power of the fast core as the unit. What part of it does a slow core take, at 1/`slowdown` of the clock?"),
        ("Vậy cùng một công suất nuôi được bao nhiêu lõi chậm? Không có nửa lõi: `int(...)` bỏ phần thập phân của một số dương.",
         "So how many slow cores does the same power feed? There is no half core: `int(...)` drops what stands after the point of a positive number."),
        ("Mỗi lõi chậm chỉ làm được 1/`slowdown` công việc của lõi nhanh, trong cùng một thời gian.",
         "In the same time, each slow core does only 1/`slowdown` of the work of the fast one."),
    ],
    wrong=[
        (lambda a, p: int(a**p), "Bạn trả về số lõi; mỗi lõi chậm còn làm được ít việc hơn lõi nhanh.", "You returned the number of cores; each slow core does less work than the fast one."),
        (lambda a, p: a**(p - 1), "Bạn dùng cả phần lẻ của một lõi; số lõi là số nguyên.", "You used a part of a core; cores come in whole numbers."),
        (lambda a, p: int(a**(p - 1)), "Bạn làm tròn công việc; phải làm tròn số lõi, còn công việc thì để nguyên.", "You rounded the work; round the number of cores and leave the work as it is."),
        (lambda a, p: int(a**p) // a, "Số lõi đúng; phép chia cuối của bạn bỏ phần thập phân của công việc.", "The number of cores is right; your last division drops what stands after the point of the work."),
        (lambda a, p: math.ceil(a**p) / a, "Bạn làm tròn số lõi lên: chúng sẽ tốn nhiều công suất hơn mức cho phép.", "You rounded the number of cores up: they would take more power than there is."),
        (lambda a, p: round(a**p) / a, "Bạn làm tròn số lõi đến số gần nhất, nên có khi chúng tốn quá mức cho phép.", "You rounded the cores to the nearest number, so that at times they take more power than there is."),
        (lambda a, p: int(a) / a, "Bạn lấy số lõi bằng `slowdown`; lõi chậm tốn ít hơn thế nhiều khi `exponent` lớn hơn 1.", "You took `slowdown` cores; where `exponent` is above 1, slow cores take much less than that."),
        (lambda a, p: int(a**2) / a, "Bạn luôn bình phương; số mũ là `exponent`.", "You always squared; the power is `exponent`."),
        (lambda a, p: int(a * p) / a, "Bạn nhân với `exponent`; đó là số mũ.", "You multiplied by `exponent`; it is a power to raise to."),
        (lambda a, p: int(p**a) / a, "Cơ số và số mũ đổi chỗ cho nhau.", "The base and the exponent have changed places."),
        (lambda a, p: int(a**p) * a, "Bạn nhân với `slowdown`: lõi chậm làm ít việc hơn, không phải nhiều hơn.", "You multiplied by `slowdown`: a slow core does less work, not more."),
        (lambda a, p: a**-p, "Bạn trả về công suất của một lõi chậm; cần công việc của tất cả các lõi.", "You returned the power of one slow core; the work of all of them is wanted."),
        (lambda a, p: int(a**p) / a**p, "Bạn trả về tổng công suất của các lõi; cần tổng công việc.", "You returned the power of all the cores; their work is wanted."),
        (lambda a, p: 1 / a, "Bạn trả về công việc của một lõi chậm; có nhiều lõi như thế.", "You returned the work of one slow core; there are many of them."),
    ],
    why=("Lõi chậm tốn `slowdown**-exponent` công suất của lõi nhanh, nên cùng công suất ấy nuôi được `slowdown**exponent` lõi, làm tròn xuống. Tất cả cùng làm thì được số lõi chia cho `slowdown`. "
         "Với bình phương và xung nhịp bằng một phần tư: 16 lõi, 4 lần công việc. Nếu công suất chỉ tỉ lệ thuận với xung nhịp thì chẳng được gì, và công việc phải chia được cho các lõi.",
         "A slow core takes `slowdown**-exponent` of the power of the fast one, so the same power feeds `slowdown**exponent` of them, rounded down. Together they do that number divided by `slowdown`. "
         "With the square and a quarter of the clock: 16 cores, 4 times the work. Where power is only proportional to the clock nothing is gained, and the work must be such that cores can share it."),
)
def work_at_equal_power(slowdown: float, exponent: float) -> float:
    cores = int(slowdown**exponent)
    return cores / slowdown


# The shortest time


def _tasks(random: Random) -> list[Any]:
    """Return tasks of some seconds, ruled by arithmetic or by memory in turn; no rate is 1 but in the smallest."""
    giga = 10**9
    made = [(6 * giga, 4 * giga, 2, 1), (6 * giga, 2 * giga, 1, 4), (16_000 * giga, 5 * giga, 100, 20), (10 * giga, 120 * giga, 100, 20)]
    for i in range(10):
        peak, bandwidth = random.randint(3, 16) * 10, random.randint(5, 45)
        long, short = random.randint(30, 90), random.randint(2, 20)
        arithmetic, memory = (long, short) if i % 2 else (short, long)
        made.append((arithmetic * peak * giga + random.randint(1, 9) * giga // 8, memory * bandwidth * giga + random.randint(1, 9) * giga // 8, peak, bandwidth))
    return made


def _two(make: Callable[[float, float], Any]) -> Any:
    """Return what ``make`` gives of the right seconds of arithmetic and of memory."""
    return lambda operations, num_bytes, peak, bandwidth: make(operations / peak / 1e9, num_bytes / bandwidth / 1e9)


@exercise(
    "07-shortest-seconds",
    cases=_tasks,
    hints=[
        ("Có hai thời gian: thời gian để tính, nếu dữ liệu đã ở sẵn trong lõi, và thời gian để chở các byte, nếu không phải tính gì.",
         "There are two times: that of the arithmetic, if the data were in the core already, and that of carrying the bytes, if nothing had to be computed."),
        ("Coi chừng đơn vị: 3 GFLOP/s là 3 tỉ phép tính mỗi giây, 3 GB/s là 3 tỉ byte mỗi giây; viết trong Python là `3e9`.",
         "Mind the units: 3 GFLOP/s are 3 billion operations a second, 3 GB/s are 3 billion bytes a second; Python writes `3e9`."),
        ("Hai việc diễn ra cùng lúc. Nồi cơm chín trong 30 phút, nồi canh trong 20 phút, hai bếp: bao lâu thì ăn được?",
         "Both go on at the same time. Rice takes 30 minutes, soup 20, and there are two stoves: when can you eat?"),
    ],
    wrong=[
        (_two(lambda a, m: a + m), "Bạn cộng hai thời gian; hai việc diễn ra cùng lúc.", "You added the two times; both go on at the same time."),
        (_two(min), "Bạn lấy thời gian ngắn hơn; việc kia vẫn chưa xong.", "You took the shorter time; the other work is not done by then."),
        (_two(lambda a, m: (a + m) / 2), "Bạn lấy trung bình hai thời gian; phải đợi việc lâu hơn.", "You took the mean of the two times; the longer one has to be waited for."),
        (_two(lambda a, m: a), "Bạn chỉ tính các phép tính; có khi bộ nhớ mới là chỗ phải đợi.", "You counted the arithmetic only; at times it is the memory that has to be waited for."),
        (_two(lambda a, m: m), "Bạn chỉ tính bộ nhớ; có khi các phép tính mới là chỗ phải đợi.", "You counted the memory only; at times it is the arithmetic that has to be waited for."),
        (_two(lambda a, m: max(a, m) * 1e9), "Bạn quên rằng G trong GFLOP/s và GB/s là một tỉ.", "You forgot that the G of GFLOP/s and GB/s is a billion."),
        (_two(lambda a, m: max(a * 1e9, m)), "Với các phép tính, bạn quên rằng G là một tỉ; với byte thì nhớ.", "For the arithmetic you forgot that G is a billion; for the bytes you did not."),
        (_two(lambda a, m: max(a, m * 1e9)), "Với các byte, bạn quên rằng G là một tỉ; với phép tính thì nhớ.", "For the bytes you forgot that G is a billion; for the arithmetic you did not."),
        (_two(lambda a, m: max(a, m) * 1e3), "Kết quả của bạn tính bằng mili giây; cần giây.", "Your result is in milliseconds; seconds are wanted."),
        (_two(lambda a, m: max(a, m * 1e9 / 2**30)), "Một GB ở đây là một tỉ byte, không phải 2**30 byte.", "A GB here is a billion bytes, not 2**30."),
        (_two(lambda a, m: max(a, 8 * m)), "Bạn đổi byte ra bit; băng thông cũng tính bằng byte.", "You turned bytes into bits; the bandwidth is in bytes as well."),
        (_two(lambda a, m: max(a, 4 * m)), "Bạn nhân với 4 byte mỗi số; `num_bytes` đã là số byte rồi.", "You multiplied by 4 bytes a number; `num_bytes` counts bytes already."),
        (_two(lambda a, m: 1 / max(a, m)), "Bạn lấy tốc độ chia cho lượng việc; phải chia ngược lại.", "You divided the speed by the amount of work; it is the other way round."),
        (lambda f, b, peak, bandwidth: max(f / bandwidth, b / peak) / 1e9, "Hai tốc độ đổi chỗ cho nhau: `peak` dành cho các phép tính, `bandwidth` dành cho các byte.",
         "The two speeds have changed places: `peak` is for operations, `bandwidth` for bytes."),
        (lambda f, b, peak, bandwidth: max(f * peak, b * bandwidth) / 1e9, "Bạn nhân với tốc độ; thời gian là lượng việc chia cho tốc độ.", "You multiplied by the speed; time is the amount of work divided by the speed."),
        (lambda f, b, peak, bandwidth: min(peak, f / b * bandwidth), "Bạn trả về tốc độ đạt được, bằng GFLOP/s; cần thời gian.", "You returned the speed that is reached, in GFLOP/s; the time is wanted."),
    ],
    why=("Các phép tính cần ít nhất `operations / (peak * 1e9)` giây, các byte cần ít nhất `num_bytes / (bandwidth * 1e9)` giây. Hai việc chạy cùng lúc, nên phải đợi việc lâu hơn. "
         "Nhân hai ma trận lớn thì phép tính quyết định; cộng hai vector dài thì bộ nhớ quyết định, và lõi nhanh hơn cũng không giúp được gì.",
         "The arithmetic takes at least `operations / (peak * 1e9)` seconds, the bytes at least `num_bytes / (bandwidth * 1e9)` seconds. Both go on together, so the longer one decides. "
         "For a product of large matrices that is the arithmetic; for the sum of two long vectors it is the memory, and faster cores are of no help."),
)
def shortest_seconds(operations: int, num_bytes: int, peak: float, bandwidth: float) -> float:
    arithmetic = operations / (peak * 1e9)
    memory = num_bytes / (bandwidth * 1e9)
    return max(arithmetic, memory)


# Top-k error


def _ranked(random: Random) -> list[Any]:
    """Return rows of different logits, with a label that is found and one that is not."""
    few = [([[2.5, 1.25, 0.5]], [1], 1), ([[2.5, 1.25, 0.5]], [1], 2), ([[0.5, 2.5, 1.25]], [0], 2), ([[0.5, 1.25, 2.5, -0.75], [2.25, 0.25, 1.5, 0.75]], [1, 3], 2)]
    for _ in range(8):
        n, classes = random.randint(3, 7), random.randint(4, 7)
        k = random.randint(1, classes - 2)
        few.append(([_row(random, classes) for _ in range(n)], [random.randrange(classes) for _ in range(n)], k))
    return [*few, ([_row(random, 5) for _ in range(4)], [random.randrange(5) for _ in range(4)], 5)]


def _found(logits: Tensor, y: Tensor, k: int) -> Tensor:
    return (logits.topk(min(k, logits.shape[1]), dim=1).indices == y[:, None]).any(dim=1)


def _missed(make: Callable[[Tensor], Any]) -> Any:
    """Return what ``make`` gives of whether each label was found (as 0 or 1)."""
    return lambda logits, y, k: make(_found(logits, y, k).float())


def _share(found: Callable[[Tensor, Tensor, int], Tensor]) -> Any:
    """Return the share that another way of searching does not find."""
    return lambda logits, y, k: 1 - found(logits, y, k).float().mean()


@exercise(
    "07-error-top-k",
    cases=_ranked,
    tensors="logits y",
    hints=[
        ("Với mỗi hàng, hãy lấy ra `k` lớp có logit lớn nhất, rồi hỏi: nhãn của hàng ấy có nằm trong đó không?",
         "For each row, take the `k` classes of the largest logits, then ask: is the label of that row among them?"),
        ("`logits.topk(3)` cho cả các giá trị lẫn vị trí của chúng; vị trí chính là số thứ tự của lớp. Hoặc `argsort(descending=True)`, rồi giữ các cột đầu.",
         "`logits.topk(3)` gives both the values and their positions; a position is the number of a class. Or use `argsort(descending=True)` and keep the first columns."),
        ("Đếm những hàng *không* có nhãn trong danh sách, rồi chia cho số hàng. Muốn so cả bảng một lúc, hãy dựng `y` thành một cột.",
         "Count the rows whose label is *not* in the list, then divide by the number of rows. To compare the whole table at once, stand `y` up as a column."),
    ],
    wrong=[
        (_missed(lambda found: found.mean()), "Bạn trả về tỉ lệ mẫu *có* nhãn trong danh sách; lỗi là phần còn lại.", "You returned the share of examples whose label *is* in the list; the error is the rest."),
        (_missed(lambda found: (1 - found).sum()), "Bạn trả về số mẫu; cần tỉ lệ.", "You returned the number of examples; their share is wanted."),
        (_missed(lambda found: found.sum()), "Bạn trả về số mẫu có nhãn trong danh sách; cần tỉ lệ mẫu không có.", "You returned the number of examples whose label is in the list; the share of the others is wanted."),
        (_missed(lambda found: 100 * (1 - found.mean())), "Kết quả của bạn là phần trăm; cần một số từ 0 đến 1.", "Your result is a percentage; a number from 0 to 1 is wanted."),
        (_missed(lambda found: 1 - found), "Bạn trả về kết quả của từng mẫu; còn phải lấy trung bình.", "You returned the result of each example; their mean is wanted."),
        (_share(lambda logits, y, k: _found(logits, y, 1)), "Bạn chỉ xét lớp đứng đầu; phải xét cả `k` lớp đứng đầu.", "You only looked at the first class; the first `k` are to be looked at."),
        (_share(lambda logits, y, k: _found(-logits, y, k)), "Bạn lấy `k` logit nhỏ nhất: sắp xếp tăng dần thì những lớp đứng đầu nằm ở cuối.",
         "You took the `k` smallest logits: in ascending order the best classes come last."),
        (_share(lambda logits, y, k: _found(logits, y, k + 1)), "Danh sách của bạn dài thêm một lớp: nhãn đứng thứ `k` + 1 là không được.", "Your list is one class too long: a label in place `k` + 1 is not good enough."),
        (_share(lambda logits, y, k: _found(logits, y, k - 1) if k > 1 else torch.zeros(len(y))), "Danh sách của bạn ngắn mất một lớp: nhãn đứng thứ `k` vẫn được.",
         "Your list is one class too short: a label in place `k` is good enough."),
        (_share(lambda logits, y, k: logits.topk(k, dim=1).indices[:, -1] == y), "Bạn chỉ xét lớp đứng thứ `k`; những lớp đứng trên nó cũng được.", "You only looked at the class in place `k`; those above it are fine, too."),
        (_share(lambda logits, y, k: logits.argsort(dim=1, descending=True)[range(len(y)), y] < k),
         "Bạn đọc nhầm `argsort`: nó cho biết lớp nào đứng ở mỗi hạng, không cho biết mỗi lớp đứng hạng mấy.",
         "You misread `argsort`: it tells which class is in each place, not in which place each class is."),
        (_share(lambda logits, y, k: torch.isin(y, logits.topk(k, dim=1).indices)), "Bạn tìm nhãn trong danh sách của *mọi* hàng; mỗi nhãn chỉ được tìm trong hàng của nó.",
         "You looked for each label in the lists of *all* rows; it may only be looked for in its own."),
        (_share(lambda logits, y, k: (logits.topk(k, dim=1).values == y[:, None]).any(dim=1)), "Bạn so nhãn với giá trị của logit; phải so với số thứ tự của lớp.",
         "You compared the labels with the values of the logits; compare them with the numbers of the classes."),
        (_share(lambda logits, y, k: logits.topk(k, dim=1).indices == y[:, None]), "Bạn chia cho mọi chỗ trong các danh sách; mỗi mẫu chỉ tính một lần, dù danh sách dài bao nhiêu.",
         "You divided by all places of the lists; each example counts once, however long its list is."),
    ],
    why=("`topk` cho số thứ tự của k lớp có logit lớn nhất trong mỗi hàng. Dựng y thành một cột thì phép `==` so nhãn của mỗi hàng với cả danh sách của hàng ấy; `any` hỏi có chỗ nào trùng không. "
         "Không cần softmax, vì nó giữ nguyên thứ tự. Với k bằng số lớp, lỗi luôn là 0.",
         "`topk` gives the numbers of the k classes of the largest logits in each row. With y stood up as a column, `==` compares the label of each row with the whole list of that row; `any` asks whether there is a match. "
         "No softmax is needed, as it keeps the order. With k as large as the number of classes, the error is always 0."),
)
def error_top_k(logits: Tensor, y: Tensor, k: int) -> Tensor:
    top = logits.topk(k).indices
    found = (top == y[:, None]).any(dim=1)
    return 1 - found.float().mean()


# Votes


def _polls(random: Random) -> list[Any]:
    return [(0.75, 1), (0.75, 3), (0.25, 3), (0.5, 5), (0.625, 7)] + [(random.randint(9, 31) / 32, random.choice((3, 5, 7, 9, 11, 15))) for _ in range(9)]


def _poll(term: Callable[[float, int, int], float] = lambda p, n, k: math.comb(n, k) * p**k * (1 - p)**(n - k), less: int = 0, end: int = 1) -> Any:
    """Return the sum of ``term`` from ``less`` below a majority to all voters, or to all but one with ``end`` 0."""
    return lambda p, n: sum(term(p, n, k) for k in range(n // 2 + 1 - less, n + end))


@exercise(
    "07-majority-right",
    cases=_polls,
    hints=[
        ("Với 3 người, đa số là 2 hoặc 3. Với 5 người thì sao? Đa số đúng nghĩa là số người đúng là một trong những số ấy; hãy cộng xác suất của chúng.",
         "Of 3 people, a majority is 2 or 3. And of 5? That the majority is right means that the number of people who are right is one of these; add up their probabilities."),
        ("Xác suất để *đúng* người thứ nhất và người thứ hai trả lời đúng, còn người thứ ba trả lời sai, là `p * p * (1 - p)`. Có bao nhiêu cách chọn ra hai người đúng ấy?",
         "That the first and the second person are right and the third one is wrong has the probability `p * p * (1 - p)`. In how many ways can the two who are right be chosen?"),
        ("`from math import comb`, rồi `comb(5, 3)` cho số cách chọn 3 trong 5 người: 10. Hàm `range` dừng *trước* số thứ hai.",
         "`from math import comb`, then `comb(5, 3)` gives the number of ways to choose 3 of 5 people: 10. `range` stops *before* its second number."),
    ],
    wrong=[
        (lambda p, n: p, "Bạn trả về xác suất của một người; cần xác suất của đa số.", "You returned the probability for one voter; that for the majority is wanted."),
        (lambda p, n: p**n, "Bạn tính xác suất để *mọi* người đều đúng; chỉ cần quá nửa.", "You computed the probability that *all* are right; more than half is enough."),
        (lambda p, n: 1 - (1 - p)**n, "Bạn tính xác suất để có *ít nhất một* người đúng; cần quá nửa.", "You computed the probability that *at least one* is right; more than half is wanted."),
        (lambda p, n: p**(n // 2 + 1), "Bạn nhân xác suất của vừa đủ người đúng mà không hỏi đó là những ai, và những người kia ra sao.",
         "You multiplied the probabilities of just enough voters, without asking which ones they are and what becomes of the others."),
        (_poll(end=-1_000), "Tổng của bạn rỗng: `range` đi từ số nhỏ đến số lớn.", "Your sum is empty: `range` runs from the small number to the large one."),
        (_poll(lambda p, n, k: math.comb(n, k) * p**k * (1 - p)**(n - k) * (k == n // 2 + 1)), "Bạn chỉ tính đa số sít sao nhất; đa số lớn hơn cũng được.",
         "You counted the closest majority only; larger ones count as well."),
        (_poll(less=1), "Bạn tính cả trường hợp thiếu một người nữa mới quá nửa: với 3 người, 1 người đúng chưa phải là đa số.", "You included the case that is one voter short: of 3 people, 1 is no majority."),
        (_poll(end=0), "Bạn bỏ sót trường hợp mọi người đều đúng: `range` dừng trước số thứ hai.", "You left out the case that everybody is right: `range` stops before its second number."),
        (_poll(lambda p, n, k: p**k * (1 - p)**(n - k)), "Bạn quên rằng có nhiều cách chọn ra những người đúng.", "You forgot that there are many ways to choose those who are right."),
        (_poll(lambda p, n, k: math.comb(n, k) * p**k), "Bạn quên những người còn lại: họ phải trả lời sai.", "You forgot the others: they have to be wrong."),
        (_poll(lambda p, n, k: math.comb(n, k) * p**k * (1 - p)), "Bạn nhân với xác suất sai của một người; mọi người còn lại đều phải sai.", "You multiplied by the probability that one is wrong; all the others have to be."),
        (_poll(lambda p, n, k: math.comb(n, k) * p**(n - k) * (1 - p)**k), "Đúng và sai đổi chỗ cho nhau: bạn tính xác suất để đa số *sai*.", "Right and wrong have changed places: you computed the probability that the majority is *wrong*."),
        (_poll(lambda p, n, k: math.comb(n, k) / 2**n), "Bạn coi mọi người đều đoán mò, đúng một nửa; xác suất đúng là `p`.", "You let everybody guess and be right half of the time; the probability is `p`."),
        (lambda p, n: p * n, "Bạn trả về số người đúng trung bình; cần xác suất.", "You returned how many are right on average; a probability is wanted."),
        (lambda p, n: float(p > 0.5), "Đa số không chắc chắn đúng, dù mỗi người đúng nhiều hơn sai.", "A majority is not sure to be right, even where each voter is right more often than wrong."),
    ],
    why=("Xác suất để đúng k trong n người trả lời đúng là `comb(n, k) * p**k * (1 - p)**(n - k)`; cộng từ quá nửa đến tất cả. Với p = 0,75, một người đúng 75 lần trong 100, đa số của ba người đúng khoảng 84 lần, vì 3 · 0,140625 + 0,421875 = 0,84375. "
         "Với p dưới 0,5 thì càng đông càng tệ. Và người thật không độc lập: một tấm ảnh khó đánh lừa nhiều người cùng một kiểu.",
         "That just k of n voters are right has the probability `comb(n, k) * p**k * (1 - p)**(n - k)`; add up from more than half to all. With p = 0.75 one person is right 75 times in 100, the majority of three about 84 times, as 3 · 0.140625 + 0.421875 = 0.84375. "
         "With p below 0.5, the more the worse. And real people are not independent: a hard picture misleads many of them in the same way."),
)
def majority_right(p: float, voters: int) -> float:
    from math import comb

    needed = voters // 2 + 1
    return sum(comb(voters, k) * p**k * (1 - p)**(voters - k) for k in range(needed, voters + 1))


# A histogram of directions


def _degrees(gx: float, gy: float) -> float:
    return math.degrees(math.atan2(gy, gx)) % 180


def _cells(random: Random) -> list[Any]:
    """Return cells whose directions are not just at the limit of two bins, but for 0 and 180 degrees, which are exact."""

    def pixel() -> tuple[float, float]:
        while True:
            gx, gy = (random.randint(-24, 24) / 4 for _ in range(2))
            if gx and gy and 0.2 < _degrees(gx, gy) % 20 < 19.8:
                return gx, gy

    def cell(rows: int, columns: int, *given: tuple[float, float]) -> Any:
        made = [*given, *(pixel() for _ in range(rows * columns - len(given)))]
        random.shuffle(made)
        return tuple([[made[i * columns + j][axis] for j in range(columns)] for i in range(rows)] for axis in (0, 1))

    few = [([[gx]], [[gy]]) for gx, gy in ((3.0, 4.0), (-3.0, 4.0), (3.0, -4.0), (-2.0, 0.0), (0.0, -2.0), (4.0, -7.0), (4.25, -7.25))]
    return [*few, ([[3.0, 0.0], [0.0, -1.0]], [[4.0, 2.0], [0.0, 0.0]]), cell(2, 2), cell(2, 3, (0.0, 0.0)), cell(3, 3, (1.0, 0.0)), cell(4, 4, (0.0, 0.0), (0.0, 2.5)), cell(4, 4)]


def _binned(degrees: Callable[[Tensor, Tensor], Tensor] = lambda gx, gy: torch.atan2(gy, gx).rad2deg() % 180,
            size: Callable[[Tensor, Tensor], Tensor] = lambda gx, gy: (gx**2 + gy**2).sqrt(),
            place: Callable[[float], float] = lambda d: d // 20, add: bool = True) -> Any:
    """Return the histogram of a cell with one thing done differently."""

    def cell_histogram(gx: Tensor, gy: Tensor) -> Tensor:
        histogram = torch.zeros(9)
        for m, d in zip(size(gx, gy).flatten(), degrees(gx, gy).flatten(), strict=True):
            i = int(place(float(d))) % 9
            histogram[i] = histogram[i] + m if add else m
        return histogram

    return cell_histogram


def _changed(change: Callable[[Tensor], Tensor]) -> Any:
    """Return what ``change`` makes of the right histogram."""
    return lambda gx, gy: change(_binned()(gx, gy))


def _shared(gx: Tensor, gy: Tensor) -> Tensor:
    """Give each magnitude to the two bins whose middles are nearest, the more the nearer."""
    histogram = torch.zeros(9)
    for x, y in zip(gx.flatten().tolist(), gy.flatten().tolist(), strict=True):
        low, part = divmod(_degrees(x, y) / 20 - 0.5, 1)
        histogram[int(low) % 9] += math.hypot(x, y) * (1 - part)
        histogram[int(low + 1) % 9] += math.hypot(x, y) * part
    return histogram


@exercise(
    "07-cell-histogram",
    cases=_cells,
    tensors="gx gy",
    hints=[
        ("Độ lớn của điểm ảnh là cạnh huyền của tam giác vuông có hai cạnh là `gx` và `gy`. Hướng là góc mà `torch.atan2(gy, gx)` cho, bằng radian, từ −π đến π.",
         "The magnitude of a pixel is the hypotenuse of the right triangle with the sides `gx` and `gy`. Its direction is the angle that `torch.atan2(gy, gx)` gives, in radians, from −π to π."),
        ("Đổi ra độ bằng `rad2deg`. Hai hướng ngược nhau tính là một: −30° là 150°, và 180° là 0°. Trong Python, `-30 % 180` bằng 150.",
         "Turn it into degrees with `rad2deg`. Opposite directions count as one: −30° is 150°, and 180° is 0°. In Python, `-30 % 180` is 150."),
        ("Bắt đầu từ chín số 0. Với mỗi điểm ảnh, số thứ tự của khoảng là phần nguyên khi chia góc cho 20; *cộng thêm* độ lớn vào khoảng ấy.",
         "Start from nine zeros. For each pixel, the number of its bin is the whole part of the angle divided by 20; *add* the magnitude to that bin."),
    ],
    wrong=[
        (_binned(size=lambda gx, gy: torch.ones_like(gx)), "Bạn đếm điểm ảnh; mỗi điểm ảnh góp bằng độ lớn của nó.", "You counted the pixels; each adds its magnitude."),
        (_binned(size=lambda gx, gy: ((gx != 0) | (gy != 0)).float()), "Bạn đếm những điểm ảnh có hướng; mỗi điểm ảnh góp bằng độ lớn của nó.", "You counted the pixels that have a direction; each adds its magnitude."),
        (_binned(size=lambda gx, gy: gx**2 + gy**2), "Bạn cộng bình phương của độ lớn: còn thiếu căn bậc hai.", "You added squares of magnitudes: the square root is missing."),
        (_binned(size=lambda gx, gy: gx.abs() + gy.abs()), "Độ lớn là cạnh huyền, không phải tổng hai cạnh góc vuông.", "The magnitude is the hypotenuse, not the sum of the two other sides."),
        (_binned(size=lambda gx, gy: gx + gy), "Bạn cộng hai hiệu lại; độ lớn là cạnh huyền, và không bao giờ âm.", "You added the two differences; the magnitude is the hypotenuse, and never negative."),
        (_binned(lambda gx, gy: torch.atan2(gx, gy).rad2deg() % 180), "Hai hiệu đổi chỗ cho nhau trong `atan2`: số đi trước là hiệu theo chiều dọc.", "The two differences have changed places in `atan2`: the vertical one comes first."),
        (_binned(lambda gx, gy: torch.atan2(-gy, gx).rad2deg() % 180), "Bạn đổi dấu `gy`: ở đây trục dọc chỉ xuống, như thứ tự các hàng.", "You changed the sign of `gy`: the vertical axis points down here, as the rows are counted."),
        (_binned(lambda gx, gy: torch.atan2(gy, gx).rad2deg().abs()), "Bạn lấy trị tuyệt đối của góc: −30° thành 30°, mà hướng ngược của nó là 150°.", "You took the absolute value of the angle: −30° became 30°, while the opposite direction is 150°."),
        (_binned(lambda gx, gy: torch.atan2(gy.abs(), gx.abs()).rad2deg()), "Góc của bạn không bao giờ quá 90°: bạn mất dấu của hai hiệu.", "Your angles never exceed 90°: the signs of the two differences are lost."),
        (_binned(lambda gx, gy: torch.atan2(gy, gx).rad2deg() % 360, place=lambda d: d // 40), "Bạn chia cả vòng tròn 360° thành chín khoảng; hai hướng ngược nhau phải tính là một.",
         "You divided the full circle of 360° into nine bins; opposite directions should count as one."),
        (_binned(lambda gx, gy: torch.atan2(gy, gx).rad2deg() + 180, place=lambda d: d // 40), "Bạn cộng 180° rồi chia cả vòng tròn thành chín khoảng; hai hướng ngược nhau phải tính là một.",
         "You added 180° and divided the full circle into nine bins; opposite directions should count as one."),
        (_binned(lambda gx, gy: torch.atan2(gy, gx) % torch.pi), "Góc của bạn còn tính bằng radian, nên mọi điểm ảnh rơi vào khoảng đầu tiên.", "Your angles are still in radians, so that all pixels fall into the first bin."),
        (_binned(place=lambda d: round(d / 20)), "Bạn làm tròn đến số gần nhất; khoảng đầu tiên đi từ 0° đến 20°, nên phải làm tròn xuống.", "You rounded to the nearest number; the first bin runs from 0° to 20°, so round down."),
        (_shared, "Bạn chia độ lớn cho hai khoảng gần nhất, như bài báo về HOG; ở đây nó vào trọn một khoảng.", "You shared the magnitude between the two nearest bins, as the paper on HOG does; here it goes into one."),
        (_binned(add=False), "Bạn ghi đè: điểm ảnh sau xóa mất điểm ảnh trước trong cùng một khoảng. Có phép gán `=` nào lẽ ra là `+=` không?",
         "You wrote over it: a later pixel replaces an earlier one in its bin. Is there an `=` that should be `+=`?"),
        (_changed(lambda h: h / h.sum()), "Bạn chia cho tổng; ở bài này chưa chuẩn hóa.", "You divided by the sum; nothing is normalised in this exercise yet."),
        (_changed(lambda h: h / (h**2).sum().sqrt()), "Bạn đã chuẩn hóa dãy chín số; việc đó là của khối, ở bước sau.", "You normalised the nine numbers; that is done by the blocks, in the next step."),
        (lambda gx, gy: _binned()(gx, gy) / gx.numel(), "Bạn chia cho số điểm ảnh; cần tổng các độ lớn.", "You divided by the number of pixels; the sum of the magnitudes is wanted."),
        (_changed(lambda h: h.flip(0)), "Các khoảng bị xếp ngược: khoảng đầu tiên phải là từ 0° đến 20°.", "The bins are in reverse order: the first should be that from 0° to 20°."),
    ],
    why=("Độ lớn nói cạnh rõ đến đâu, hướng nói nó quay về phía nào. Phép `% 180` gộp hai hướng ngược nhau làm một: nét sáng trên nền tối và nét tối trên nền sáng cho cùng một kết quả. "
         "Chín số ấy thay cho mọi điểm ảnh của ô. Chúng không còn nhớ nét nào nằm ở đâu trong ô.",
         "The magnitude tells how clear an edge is, the direction which way it is turned. `% 180` makes one of two opposite directions: a bright line on dark ground and a dark line on bright ground give the same. "
         "These nine numbers stand for all the pixels of the cell. They no longer know which line was where in it."),
)
def cell_histogram(gx: Tensor, gy: Tensor) -> Tensor:
    gx, gy = gx.flatten(), gy.flatten()
    magnitude = (gx**2 + gy**2).sqrt()
    direction = torch.atan2(gy, gx).rad2deg() % 180
    histogram = torch.zeros(9)
    for i in range(len(gx)):
        histogram[int(direction[i] // 20)] += magnitude[i]
    return histogram


# A bag of words


def _bags(random: Random) -> list[Any]:
    """Return patches with one nearest word each; in some cases a word in the middle, or the last, has no patch."""

    def nearest(patch: list[float], words: list[list[float]]) -> int:
        """Return the number of the nearest word, -1 if another one is about as near."""
        far = [sum((a - b)**2 for a, b in zip(patch, word, strict=True)) for word in words]
        order = sorted(range(len(words)), key=far.__getitem__)
        return order[0] if far[order[1]] - far[order[0]] > 0.5 else -1

    def bag(n: int, m: int, d: int, unused: int = -1) -> Any:
        words: list[list[float]] = [_row(random, d) for _ in range(m)]
        chosen: list[list[float]] = []
        while len(chosen) < n:
            patch = _row(random, d)
            if nearest(patch, words) not in (-1, unused):
                chosen.append(patch)
        return chosen, words

    few = [([[0.5, 1.25]], [[0.25, 1.5], [4.5, 3.25]]), ([[4.25, 2.5]], [[0.25, 1.5], [4.5, 3.25]]),
           ([[0.5, 0.25], [0.75, 0.5], [3.5, 4.25]], [[0.25, 0.25], [4.25, 4.5]])]
    sizes = [bag(4, 3, 2, 1), bag(5, 3, 2, 2), bag(6, 4, 3, 3), bag(7, 4, 2, 1), *(bag(random.randint(5, 9), random.randint(3, 4), random.randint(2, 4)) for _ in range(6))]
    return few + sizes


def _squares(patches: Tensor, words: Tensor) -> Tensor:
    return ((patches[:, None] - words)**2).sum(2)


def _counted(choose: Callable[[Tensor, Tensor], Tensor]) -> Any:
    """Return the shares of the words that ``choose`` gives to the patches."""
    return lambda patches, words: torch.bincount(choose(patches, words), minlength=len(words)) / len(patches)


def _tallied(make: Callable[[Tensor, Tensor], Any]) -> Any:
    """Return what ``make`` gives of the right counts and of the numbers of the nearest words."""

    def bag_of_words(patches: Tensor, words: Tensor) -> Any:
        number = _squares(patches, words).argmin(1)
        return make(torch.bincount(number, minlength=len(words)).float(), number)

    return bag_of_words


@exercise(
    "07-bag-of-words",
    cases=_bags,
    tensors="patches words",
    hints=[
        ("Bắt đầu với một mảnh: khoảng cách từ nó đến từng từ là căn của tổng bình phương các hiệu. Muốn biết từ nào gần nhất thì có cần lấy căn không?",
         "Begin with one patch: its distance from each word is the root of the sum of the squared differences. To know which word is nearest, is the root needed?"),
        ("`argmin` cho vị trí của số nhỏ nhất. Vị trí ấy là số thứ tự của từ; hãy cộng 1 vào ô của từ đó, trong một dãy số 0 dài bằng số từ.",
         "`argmin` gives the position of the smallest number. That is the number of the word; add 1 to the place of this word, in a row of zeros as long as there are words."),
        ("Cuối cùng, chia cho số mảnh. Không muốn viết vòng lặp: `patches[:, None] - words` cho mọi hiệu một lúc, và `torch.bincount` đếm số thứ tự; hãy xem `minlength` để làm gì.",
         "At the end, divide by the number of patches. To avoid loops: `patches[:, None] - words` gives all differences at once, and `torch.bincount` counts numbers; find out what its `minlength` is for."),
    ],
    wrong=[
        (_tallied(lambda counts, number: counts), "Bạn trả về số mảnh; cần tỉ lệ, để ảnh nhiều mảnh và ảnh ít mảnh so được với nhau.", "You returned numbers of patches; shares are wanted, so that pictures with many patches and with few can be compared."),
        (_tallied(lambda counts, number: counts / len(counts)), "Bạn chia cho số từ; phải chia cho số mảnh.", "You divided by the number of words; divide by the number of patches."),
        (_tallied(lambda counts, number: counts / (counts**2).sum().sqrt()), "Bạn chia cho độ dài của vector; các tỉ lệ phải có tổng bằng 1.", "You divided by the length of the vector; shares should add up to 1."),
        (_tallied(lambda counts, number: counts / counts.max()), "Bạn chia cho số lớn nhất; các tỉ lệ phải có tổng bằng 1.", "You divided by the largest number; shares should add up to 1."),
        (_tallied(lambda counts, number: (counts > 0).float()), "Bạn chỉ ghi từ nào có mặt; cần biết nó chiếm bao nhiêu phần.", "You only noted which words occur; what share each has is wanted."),
        (_tallied(lambda counts, number: (counts > 0).float() / len(number)), "Mỗi từ chỉ được đếm một lần: có phép gán `=` nào lẽ ra là `+=` không?", "Each word was counted only once: is there an `=` that should be `+=`?"),
        (_tallied(lambda counts, number: number), "Bạn trả về từ của từng mảnh; còn phải đếm.", "You returned the word of each patch; they are still to be counted."),
        (_tallied(lambda counts, number: torch.bincount(number) / len(number)), "Các từ cuối không có mảnh nào thì bị mất: kết quả phải dài bằng số từ.", "Last words without a patch are missing: the result must be as long as there are words."),
        (_tallied(lambda counts, number: counts[counts > 0] / len(number)), "Những từ không có mảnh nào bị bỏ đi: chúng phải giữ chỗ, với tỉ lệ 0.", "Words without a patch were left out: they keep their place, with a share of 0."),
        (_tallied(lambda counts, number: counts.sort(descending=True).values / len(number)), "Bạn xếp các tỉ lệ theo độ lớn; chúng phải theo thứ tự của các từ.", "You sorted the shares by size; they belong in the order of the words."),
        (_counted(lambda patches, words: _squares(patches, words).argmax(1)), "Bạn lấy từ ở xa nhất.", "You took the word farthest away."),
        (_counted(lambda patches, words: _squares(patches, words).argmin(0)), "Bạn tìm cho mỗi từ mảnh gần nhất; phải tìm cho mỗi mảnh từ gần nhất.", "You looked for the nearest patch of each word; look for the nearest word of each patch."),
        (_counted(lambda patches, words: (patches[:, None] - words).sum(2).argmin(1)), "Bạn cộng các hiệu mà quên bình phương: hiệu âm và hiệu dương bù cho nhau.", "You added the differences and forgot to square: negative and positive ones cancel."),
        (_counted(lambda patches, words: (patches[:, None] - words).sum(2).abs().argmin(1)), "Bạn cộng trước rồi mới bỏ dấu: hiệu âm và hiệu dương đã bù cho nhau mất rồi.", "You added first and dropped the sign afterwards: negative and positive differences have cancelled by then."),
        (_counted(lambda patches, words: (patches @ words.T).argmax(1)), "Bạn lấy từ có tích vô hướng lớn nhất: những từ có số lớn sẽ luôn được chọn, dù ở xa.", "You took the word of the largest dot product: words with large numbers win, however far away."),
        (_counted(lambda patches, words: (patches[:, None] - words)[..., 0].abs().argmin(1)), "Bạn chỉ so số đầu tiên của mỗi mảnh.", "You compared only the first number of each patch."),
        (lambda patches, words: (-_squares(patches, words)).softmax(1).mean(0), "Bạn chia mỗi mảnh cho nhiều từ; ở đây nó thuộc về một từ duy nhất.", "You shared each patch among several words; here it belongs to one only."),
        (lambda patches, words: _squares(patches, words).sqrt().mean(0), "Bạn trả về khoảng cách trung bình đến từng từ; phải đếm xem mỗi mảnh gần từ nào nhất.", "You returned the mean distance from each word; count which word each patch is nearest to."),
        (_counted(lambda patches, words: torch.zeros(len(patches), dtype=torch.long)), "Mọi mảnh của bạn rơi vào từ đầu tiên.", "All your patches fall to the first word."),
    ],
    why=("Mỗi mảnh được thay bằng từ gần nó nhất; bình phương khoảng cách và khoảng cách có cùng thứ tự, nên không cần lấy căn. Đếm rồi chia cho số mảnh thì được các tỉ lệ, tổng bằng 1. "
         "Xáo trộn các mảnh, kết quả không đổi: cái túi không nhớ mảnh nào nằm ở đâu trong ảnh.",
         "Each patch is replaced by the word nearest to it; squared distances have the same order as distances, so no root is needed. Counted and divided by the number of patches they are shares, which add up to 1. "
         "Shuffle the patches and the result stays the same: the bag does not know which patch was where in the picture."),
)
def bag_of_words(patches: Tensor, words: Tensor) -> Tensor:
    distances = ((patches[:, None] - words)**2).sum(dim=2)
    nearest = distances.argmin(dim=1)
    return torch.bincount(nearest, minlength=len(words)) / len(patches)


quiz = Quiz(CHAPTER, [
    Question(("Ảnh 28 × 28 → HOG → SVM tuyến tính. Với C đã cho, huấn luyện SVM là một bài toán lồi. Điều đó bảo đảm được gì?",
              "A picture of 28 × 28 → HOG → linear SVM. With C given, training the SVM is a convex problem. What does that guarantee?"), [
        Choice(("HOG tìm được cho dữ liệu này là những đặc trưng tốt nhất.", "That the HOG found for these data is the best kind of features."),
               ("HOG không được tìm từ dữ liệu: cỡ ô, 9 hướng, cách chuẩn hóa đều do người chọn trước, không nhìn nhãn nào. Chỉ bước cuối, trọng số và hệ số điều chỉnh của SVM, là học từ nhãn.",
                "HOG is not found from the data: people chose the size of the cells, the 9 directions and the normalisation beforehand, without a look at any label. Only the last step, weights and bias of the SVM, learns from labels.")),
        Choice(("Đã huấn luyện đến nơi thì dù khởi đầu từ đâu, hàm mục tiêu cũng xuống cùng một giá trị thấp nhất.", "That training carried to its end brings the objective down to the same lowest value, wherever it starts."),
               ("Hàm lồi không có cực tiểu nào kém cực tiểu toàn cục, nên không phải lo chọn điểm khởi đầu. Đó là giá trị thấp nhất của bước cuối, với những đặc trưng đã chọn sẵn; LeNet thì học cả đặc trưng, và mất sự bảo đảm này.",
                "A convex function has no minimum worse than the global one, so there is no need to worry where to start. It is the lowest value for the last step, with features that were fixed before; LeNet learns its features as well, and loses this guarantee."), right=True),
        Choice(("SVM đoán đúng mọi ảnh của tập huấn luyện.", "That the SVM gets all pictures of the training set right."),
               ("Mất mát thấp nhất không nhất thiết là 0: nếu không siêu phẳng nào tách được hai lớp, luôn còn ảnh bị đoán sai.",
                "The lowest loss need not be 0: if no hyperplane separates two classes, some pictures stay wrong.")),
        Choice(("Không mạng nơ-ron nào hơn được SVM trên dữ liệu này.", "That no neural network can beat the SVM on these data."),
               ("Sự bảo đảm chỉ so với những SVM tuyến tính khác trên cùng đặc trưng. Mô hình khác, đặc trưng khác thì phải đo.",
                "The guarantee compares with other linear SVMs on the same features only. Another model, or other features, must be measured.")),
    ]),
    Question(("HOG trên ảnh 28 × 28: với ô 7 × 7, vector dài 324; với ô 4 × 4, vector dài 1 296. Ô 7 × 7 làm mất điều gì mà ô 4 × 4 còn giữ?",
              "HOG on pictures of 28 × 28: with cells of 7 × 7 the vector has 324 numbers, with cells of 4 × 4 it has 1 296. What do cells of 7 × 7 lose that cells of 4 × 4 keep?"), [
        Choice(("Những hàng và cột cuối của ảnh, vì 28 không chia hết cho 7.", "The last rows and columns of the picture, as 28 is not a multiple of 7."),
               ("28 = 4 · 7 = 7 · 4: cả hai cỡ ô đều phủ kín ảnh.", "28 = 4 · 7 = 7 · 4: cells of either size cover the whole picture.")),
        Choice(("Hướng của các cạnh nghiêng.", "The directions of slanted edges."),
               ("Cả hai đều chia 180° thành 9 khoảng, mỗi khoảng 20°.", "Both divide 180° into 9 bins of 20°.")),
        Choice(("Độ sáng của ảnh.", "The brightness of the picture."),
               ("HOG nào cũng bỏ độ sáng: hiệu của hai điểm ảnh không đổi khi cả hai cùng sáng lên, và chuẩn hóa trong khối bỏ nốt phần tỉ lệ.",
                "HOG of any kind drops it: the difference of two pixels stays when both become brighter by the same amount, and normalising in blocks removes the factor, too.")),
        Choice(("Chỗ của từng nét bên trong ô.", "Where in the cell each line is."),
               ("Một ô chỉ giữ 9 tổng. Ô 7 × 7 trộn 49 điểm ảnh vào 9 số ấy, ô 4 × 4 chỉ trộn 16, nên vị trí còn lại chính xác hơn. Với vật thể hay xê dịch thì ô lớn lại có thể lợi hơn: nó không để ý đến một xê dịch nhỏ.",
                "A cell keeps 9 sums only. One of 7 × 7 mixes 49 pixels into these 9 numbers, one of 4 × 4 just 16, so places remain more exact. For objects that move about, large cells may be the better choice: they do not mind a small shift."), right=True),
    ]),
    Question(("Một bộ phân loại không nhìn ảnh: nó chọn ngẫu nhiên năm lớp khác nhau trong mười lớp. Lỗi top-5 của nó vào khoảng bao nhiêu?",
              "A classifier does not look at the picture: it chooses five different classes out of ten at random. About what is its top-5 error?"), [
        Choice(("50%", "50%"),
               ("Nhãn đúng nằm trong năm lớp được chọn với xác suất 5/10. Vì thế, với mười lớp, lỗi top-5 hầu như không nói lên điều gì; với 1 000 lớp, chọn bừa như thế sai khoảng 99,5% số lần.",
                "The right label is among the five with a probability of 5/10. So with ten classes the top-5 error says hardly anything; with 1 000 classes such a choice is wrong about 99.5% of the time."), right=True),
        Choice(("90%", "90%"), ("Đó là lỗi top-1: đoán một lớp trong mười thì sai chín phần mười. Ở đây được đoán năm lớp.", "That is the top-1 error: one guess out of ten is wrong nine times in ten. Here there are five guesses.")),
        Choice(("99,5%", "99.5%"), ("Đó là khi có 1 000 lớp: 1 − 5/1 000.", "That is with 1 000 classes: 1 − 5/1 000.")),
        Choice(("0%", "0%"), ("Lỗi top-10 mới chắc chắn bằng 0, vì khi ấy mọi lớp đều được chọn.", "It is the top-10 error that is sure to be 0, as all classes are chosen then.")),
    ]),
    Question(("Một bài viết nói: “ImageNet năm 2009 có 1 triệu ảnh, 1 000 lớp, 1 000 ảnh mỗi lớp.” Nên sửa thế nào?",
              "An article says: “ImageNet of 2009 had 1 million images in 1 000 classes, 1 000 of each.” How should it be mended?"), [
        Choice(("Không cần sửa.", "There is nothing to mend."),
               ("Bài báo năm 2009 mô tả nhiều hơn thế, và các loại không có số ảnh bằng nhau. 1 000 lớp là chuyện của cuộc thi, bắt đầu năm 2010.",
                "The paper of 2009 describes more than that, and the categories do not have equally many images. The 1 000 classes belong to the challenge, which began in 2010.")),
        Choice(("Năm 2009: 3,2 triệu ảnh thuộc 5 247 loại. Cuộc thi năm 2012: 1 000 lớp, 1 281 167 ảnh huấn luyện.", "In 2009: 3.2 million images in 5 247 categories. The challenge of 2012: 1 000 classes, 1 281 167 training images."),
               ("Đó là hai tập khác nhau: cuộc thi dùng một phần của ImageNet. Và mỗi lớp của cuộc thi có từ 732 đến 1 300 ảnh huấn luyện, không đúng 1 000.",
                "These are two different sets: the challenge uses a part of ImageNet. And each class of the challenge has from 732 to 1 300 training images, not just 1 000."), right=True),
        Choice(("Chỉ sửa số ảnh: năm 2009 có hơn 14 triệu.", "Mend only the number of images: in 2009 there were more than 14 million."),
               ("Về sau ImageNet mới lớn đến thế, với khoảng 22 000 loại. Năm 2009 nó có 3,2 triệu ảnh.", "ImageNet grew to that size later, with about 22 000 categories. In 2009 it had 3.2 million images.")),
        Choice(("Thêm rằng 150 000 ảnh nữa được dùng để kiểm tra, trong cuộc thi năm 2012.", "Add that 150 000 more images were used for the test, in the challenge of 2012."),
               ("Con số 150 000 trong bài báo AlexNet là tập kiểm tra của năm 2010. Năm 2012 có 50 000 ảnh để kiểm định và 100 000 để kiểm tra; và câu về năm 2009 vẫn sai.",
                "The 150 000 of the AlexNet paper are the test set of 2010. In 2012 there were 50 000 images for validation and 100 000 for the test; and the sentence on 2009 is still wrong.")),
    ]),
    Question(("Một bảng so sánh ghi: GPU V100 đạt 120 TFLOP/s, một CPU cùng năm đạt 2 TFLOP/s, vậy GPU nhanh gấp 60 lần. V100 có 5 120 lõi CUDA, CPU ấy có 28 lõi. Điều nào đúng?",
              "A table says: a V100 GPU reaches 120 TFLOP/s, a CPU of the same year 2 TFLOP/s, so the GPU is 60 times as fast. The V100 has 5 120 CUDA cores, that CPU has 28 cores. What is right?"), [
        Choice(("Đúng 60 lần, với mọi chương trình.", "It is 60 times, for every program."),
               ("Đỉnh chỉ đạt được khi dữ liệu đến kịp và công việc chia được cho mọi lõi. Cộng hai vector dài thì băng thông của bộ nhớ quyết định.",
                "A peak is reached only if data arrive in time and the work can be shared by all cores. For the sum of two long vectors, the bandwidth of the memory decides.")),
        Choice(("Phải là khoảng 183 lần, vì 5 120 / 28 ≈ 183.", "It should be about 183 times, as 5 120 / 28 ≈ 183."),
               ("Hai loại lõi không ngang nhau: một lõi CPU có xung nhịp cao hơn và mỗi nhịp tính được nhiều số một lúc; một lõi CUDA mỗi nhịp chỉ làm một phép nhân cộng.",
                "These cores are not alike: a CPU core has a higher clock and handles many numbers in one tick; a CUDA core does a single multiply-add.")),
        Choice(("120 là của lõi tensor, với độ chính xác số học hỗn hợp. Với float32, V100 có đỉnh 15,7 TFLOP/s, tức là gần 8 lần.", "The 120 are those of tensor cores, in mixed precision. In float32 the V100 peaks at 15.7 TFLOP/s, which is nearly 8 times."),
               ("So đỉnh với đỉnh thì phải cùng một độ chính xác số học: 15,7 / 2 = 7,85. Và đỉnh vẫn là đỉnh: muốn biết chương trình của bạn nhanh lên bao nhiêu thì phải đo.",
                "To compare peaks, take the same precision: 15.7 / 2 = 7.85. And a peak is only a peak: how much faster your own program becomes must be measured."), right=True),
        Choice(("Không so được: GPU chỉ vẽ hình, không tính toán.", "They cannot be compared: a GPU draws pictures and does not compute."),
               ("Vẽ hình cũng là tính toán. Từ năm 2007, với CUDA, ai cũng viết được chương trình khác cho GPU của NVIDIA.",
                "Drawing is computing as well. Since 2007, with CUDA, anybody can write other programs for the GPUs of NVIDIA.")),
    ]),
])
