"""Chapter 05: channels first, one window, stride and padding, the flip, several channels, a kernel that learns; and the quiz."""

# What students are given inside a function, and see in its solution, is as plain as in the chapter.
# mypy: allow-untyped-defs, allow-untyped-calls

from collections.abc import Callable
from random import Random
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

import d2l_vn as d2l

from .engine import exercise
from .quiz import Choice, Question, Quiz

CHAPTER = "05-images-and-convolution"


def _matrix(random: Random, *shape: int) -> Any:
    """Return nested lists of quarters, none whole or 0: exact in every precision, and no two cells look alike."""
    if not shape:
        return random.choice((-1, 1)) * (random.randint(0, 15) + random.choice((0.25, 0.5, 0.75)))
    return [_matrix(random, *shape[1:]) for _ in range(shape[0])]


def _correlate(X: Tensor, K: Tensor, s: int = 1) -> Tensor:
    """Return the sums of products of K with the windows of X at every s-th position, over the last two axes."""
    h, w = K.shape[-2:]
    windows = X.unfold(-2, h, s).unfold(-2, w, s)
    return (windows * K[..., None, None, :, :]).sum(dim=(-2, -1))


# Channels first


def _images(random: Random) -> list[Any]:
    """Return pictures with no pixel quite white, so that dividing by the largest value is seen."""

    def image(rows: int, columns: int) -> Any:
        return [[[random.randint(1, 250) for _ in range(3)] for _ in range(columns)] for _ in range(rows)]

    sizes = [(random.randint(2, 5), random.randint(2, 5)) for _ in range(7)]
    return [([[[51, 102, 204]]],), ([[[51, 102, 204], [153, 0, 240]]],)] + [
        (image(*size),) for size in ((2, 2), (2, 3), (3, 2), (4, 3), *sizes)]


@exercise(
    "05-channels-first",
    cases=_images,
    tensors="image",
    hints=[
        ("Có hai việc: đổi thứ tự ba trục, và đưa các số về khoảng từ 0 đến 1.",
         "There are two things to do: to put the three axes in another order, and to bring the numbers into the range from 0 to 1."),
        ("`permute` nhận số của các trục cũ, theo thứ tự mới: trục nào của `image` là trục kênh, và nó phải đứng ở đâu?",
         "`permute` takes the numbers of the old axes in their new order: which axis of `image` is that of the channels, and where must it stand?"),
        ("Số lớn nhất mà một điểm ảnh *có thể* nhận là 255, dù ảnh này sáng hay tối. Phép `/` cho số thực.",
         "The largest number that a pixel *can* have is 255, whether this picture is bright or dark. `/` gives real numbers."),
    ],
    wrong=[
        (lambda image: image.reshape(3, *image.shape[:2]) / 255,
         "Kích thước đúng, nhưng `reshape` giữ nguyên thứ tự các số rồi chỉ cắt lại: số đỏ, lục, lam của các điểm ảnh bị trộn vào nhau.",
         "The shape is right, but `reshape` keeps the numbers in their order and only cuts them anew: the reds, greens and blues of the pixels are mixed up."),
        (lambda image: image.reshape(3, *image.shape[:2]),
         "Có hai lỗi: `reshape` trộn số của các kênh vào nhau, và các số vẫn đi từ 0 đến 255.",
         "Two mistakes: `reshape` mixes the numbers of the channels, and they still run from 0 to 255."),
        (lambda image: image.permute(2, 0, 1), "Thứ tự các trục đúng; các số vẫn đi từ 0 đến 255.",
         "The order of the axes is right; the numbers still run from 0 to 255."),
        (lambda image: image / 255, "Các số đã ở khoảng từ 0 đến 1; trục kênh vẫn đứng cuối.", "The numbers are in the range from 0 to 1; the axis of the channels is still the last."),
        (lambda image: image.permute(2, 1, 0) / 255, "Kênh đã đứng đầu, nhưng hàng và cột đổi chỗ cho nhau: ảnh bị lật qua đường chéo.",
         "The channels come first, but rows and columns have changed places: the picture is mirrored at its diagonal."),
        (lambda image: image.permute(1, 2, 0) / 255, "Bạn xoay vòng các trục ngược chiều: hàng bị đẩy xuống cuối, còn cột đứng đầu.",
         "You turned the axes round the wrong way: the rows have gone to the end, and the columns come first."),
        (lambda image: image.permute(1, 0, 2) / 255, "Bạn đổi chỗ hàng và cột; trục kênh vẫn đứng cuối.", "You swapped rows and columns; the axis of the channels is still the last."),
        (lambda image: image.permute(0, 2, 1) / 255, "Trục kênh mới ra giữa: bạn chỉ đổi chỗ nó với trục cột.", "The axis of the channels has only come to the middle: you swapped it with that of the columns."),
        (lambda image: image.permute(2, 0, 1) / 256, "Bạn chia cho 256; có 256 giá trị, nhưng giá trị lớn nhất là 255.",
         "You divided by 256; there are 256 values, but the largest of them is 255."),
        (lambda image: image.permute(2, 0, 1) // 255, "Phép `//` bỏ phần thập phân, nên hầu như mọi số đều thành 0.", "`//` drops what stands after the decimal point, so that nearly every number becomes 0."),
        (lambda image: image.permute(2, 0, 1) / image.max(), "Bạn chia cho số lớn nhất của chính ảnh này: ảnh tối sẽ sáng lên.",
         "You divided by the largest number of this very picture: a dark picture becomes brighter."),
        (lambda image: image.permute(2, 0, 1) / image.amax(dim=(0, 1))[:, None, None], "Bạn chia mỗi kênh cho số lớn nhất của kênh ấy: màu sắc sẽ thay đổi.",
         "You divided each channel by its own largest number: that changes the colours."),
        (lambda image: image.permute(2, 0, 1) / 127.5 - 1, "Các số của bạn đi từ −1 đến 1; cần từ 0 đến 1.", "Your numbers run from −1 to 1; they should run from 0 to 1."),
        (lambda image: image.permute(2, 0, 1).flip(0) / 255, "Kênh đỏ và kênh lam đổi chỗ cho nhau.", "The red channel and the blue one have changed places."),
        (lambda image: 1 - image.permute(2, 0, 1) / 255, "Bạn đảo sáng thành tối: 0 là đen, 1 là sáng nhất.", "You turned bright into dark: 0 is black, 1 is brightest."),
        (lambda image: image.float().mean(dim=2) / 255, "Bạn lấy trung bình ba kênh thành một; cả ba phải còn lại.", "You averaged the three channels into one; all three should remain."),
        (lambda image: image.permute(2, 0, 1)[0] / 255, "Bạn chỉ giữ kênh đầu tiên.", "You kept the first channel only."),
    ],
    why=("`permute` đổi thứ tự các trục: trục 2, tức là kênh, lên đầu, rồi đến hàng và cột. Số ở hàng i, cột j, kênh c của ảnh cũ nằm ở kênh c, hàng i, cột j của tensor mới. "
         "`reshape` cũng cho đúng kích thước ấy, nhưng đọc các số theo thứ tự cũ, nên kênh đầu tiên sẽ gồm cả đỏ, lục lẫn lam.",
         "`permute` puts the axes in another order: axis 2, the channels, comes first, then rows and columns. The number in row i, column j, channel c of the picture is in channel c, row i, column j of the tensor. "
         "`reshape` gives the same shape, but reads the numbers in their old order, so that its first channel would hold reds, greens and blues alike."),
)
def channels_first(image: Tensor) -> Tensor:
    return image.permute(2, 0, 1) / 255


# One window


def _positions(random: Random) -> list[Any]:
    """Return pictures so large that a window in the wrong place is inside them as well."""
    made = [(2, 2, 0, 0, 1), (2, 2, 1, 0, 1), (2, 2, 0, 1, 2), (3, 3, 1, 0, 2), (2, 3, 1, 2, 2), (2, 2, 1, 1, 3)]
    made += [(random.choice((2, 3)), random.choice((2, 3)), random.randint(0, 2), random.randint(0, 2), random.choice((1, 2, 2))) for _ in range(7)]
    cases = []
    for h, w, i, j, s in made:
        k, most = max(h, w), max(i, j)
        side = max((most + k - 1) * s + 1, most + s + k, most * k + k, most * s + k)
        cases.append((_matrix(random, side, side + random.randint(0, 1)), _matrix(random, h, w), i, j, s))
    return cases


def _at(corner: Callable[[int, int, int, Tensor], tuple[int, int]], step: bool = False,
        make: Callable[[Tensor, Tensor], Any] = lambda window, K: (window * K).sum()) -> Any:
    """Return what ``make`` gives of K and the window at another corner, its cells ``s`` apart if ``step``."""

    def one_window(X: Tensor, K: Tensor, i: int, j: int, s: int) -> Any:
        (top, left), d = corner(i, j, s, K), s if step else 1
        return make(X[top:top + K.shape[0] * d:d, left:left + K.shape[1] * d:d], K)

    return one_window


def _right_corner(i: int, j: int, s: int, K: Tensor) -> tuple[int, int]:
    return i * s, j * s


@exercise(
    "05-one-window",
    cases=_positions,
    tensors="X K",
    hints=[
        ("Vị trí (0, 0) bắt đầu ở góc trên bên trái. Sang vị trí kế bên, cửa sổ dịch `s` cột. Vậy vị trí thứ j bắt đầu ở cột nào?",
         "Position (0, 0) begins at the top left corner. To the next one, the window moves by `s` columns. So in which column does position j begin?"),
        ("`X[a:b, c:d]` cắt ra các hàng từ a đến b − 1 và các cột từ c đến d − 1. Cửa sổ phải có đúng kích thước của `K`.",
         "`X[a:b, c:d]` cuts out rows a to b − 1 and columns c to d − 1. The window must have just the shape of `K`."),
        ("Phép `*` nhân từng cặp số cùng chỗ; phép `@` là phép nhân ma trận, ở đây không dùng đến.",
         "`*` multiplies the numbers in the same place; `@` is the matrix product, which is not needed here."),
    ],
    wrong=[
        (_at(lambda i, j, s, K: (i, j)), "Bạn chưa dùng sải bước `s`: cửa sổ của bạn bắt đầu ở hàng i, cột j của ảnh.", "You did not use the stride `s`: your window begins in row i, column j of the picture."),
        (_at(lambda i, j, s, K: (i, j), step=True), "Bạn đặt sải bước vào nhầm chỗ: nó dời cả cửa sổ đi, chứ không làm thưa các ô bên trong.",
         "The stride is in the wrong place: it moves the whole window and does not spread the cells inside."),
        (_at(_right_corner, step=True), "Cửa sổ bắt đầu đúng chỗ, nhưng các ô bên trong bị thưa ra: bên trong cửa sổ, các ô đứng sát nhau.",
         "The window begins in the right place, but its cells are spread out: inside the window they are next to each other."),
        (_at(lambda i, j, s, K: (i * s, j)), "Hàng đúng; ở chiều cột, bạn quên sải bước.", "The rows are right; for the columns you forgot the stride."),
        (_at(lambda i, j, s, K: (i, j * s)), "Cột đúng; ở chiều hàng, bạn quên sải bước.", "The columns are right; for the rows you forgot the stride."),
        (_at(lambda i, j, s, K: (i + s, j + s)), "Bạn cộng sải bước vào vị trí; cứ thêm một vị trí là thêm một lần sải bước.", "You added the stride to the position; each further position is one more stride."),
        (_at(lambda i, j, s, K: (i * K.shape[0], j * K.shape[1])), "Cửa sổ của bạn mỗi lần dịch đi cả bề rộng của nó; sải bước là `s`.", "Your window moves by its whole width at a time; the stride is `s`."),
        (_at(lambda i, j, s, K: (j * s, i * s)), "Hàng và cột của vị trí đổi chỗ cho nhau: `i` là hàng, `j` là cột.", "Row and column of the position have changed places: `i` is the row, `j` the column."),
        (_at(_right_corner, make=lambda x, K: (x * K.flip(0, 1)).sum()), "Bạn đã lật hạt nhân; ở đây mỗi số nhân với trọng số cùng chỗ.", "You flipped the kernel; here each number is multiplied by the weight in the same place."),
        (_at(_right_corner, make=lambda x, K: (x * K.T).sum()), "Bạn đã chuyển vị hạt nhân. Chỉ hạt nhân vuông mới cho qua mà không báo lỗi.",
         "You transposed the kernel. Only a square one lets this pass without an error."),
        (_at(_right_corner, make=lambda x, K: (x @ K).sum()), "Bạn nhân hai ma trận; ở đây nhân từng cặp số cùng chỗ.", "You took the matrix product; here the numbers in the same place are multiplied."),
        (_at(_right_corner, make=lambda x, K: x * K), "Các tích đều đúng; còn phải cộng chúng lại.", "The products are right; they are still to be added up."),
        (_at(_right_corner, make=lambda x, K: (x * K).sum(0)), "Bạn mới cộng theo từng cột; kết quả là một số duy nhất.", "You added up the columns only; the result is a single number."),
        (_at(_right_corner, make=lambda x, K: (x * K).mean()), "Bạn lấy trung bình của các tích; cần tổng.", "You took the mean of the products; their sum is wanted."),
        (_at(_right_corner, make=lambda x, K: x.sum()), "Bạn cộng các số trong cửa sổ mà chưa dùng hạt nhân.", "You added up the numbers in the window and did not use the kernel."),
        (_at(_right_corner, make=lambda x, K: x.sum() * K.sum()), "Bạn cộng trước rồi mới nhân; phải nhân từng cặp số trước.", "You added first and multiplied afterwards; pair by pair, multiplying comes first."),
    ],
    why=("Góc trên bên trái của cửa sổ đứng ở hàng i·s, cột j·s. Từ đó cắt ra một mảnh cùng kích thước với hạt nhân, nhân từng cặp số cùng chỗ, rồi cộng. "
         "Sải bước chỉ quyết định cửa sổ đứng ở đâu; bên trong cửa sổ, không có gì thay đổi.",
         "The top left corner of the window is in row i·s, column j·s. Cut out a piece as large as the kernel from there, multiply the numbers in the same place, and add up. "
         "The stride only decides where the window stands; inside it nothing changes."),
)
def one_window(X: Tensor, K: Tensor, i: int, j: int, s: int) -> Tensor:
    h, w = K.shape
    top, left = i * s, j * s
    return (X[top:top + h, left:left + w] * K).sum()


# Stride and padding


def _strided(random: Random) -> list[Any]:
    """Return cases with at least two rows and two columns of positions; the stride often leaves some cells over."""
    made = [(3, 3, 2, 2, 1, 0), (3, 3, 2, 2, 1, 1), (4, 5, 2, 2, 2, 0), (4, 4, 2, 2, 2, 1), (5, 4, 3, 3, 1, 1), (6, 7, 3, 2, 2, 1), (5, 6, 2, 3, 3, 2)]
    while len(made) < 14:
        H, W, h, w, s, p = (random.randint(3, 6), random.randint(3, 6), random.choice((2, 3)), random.choice((2, 3)), random.choice((1, 2, 2, 3)), random.choice((0, 1, 1, 2)))
        if min(H - h, W - w) >= s:
            made.append((H, W, h, w, s, p))
    return [(_matrix(random, H, W), _matrix(random, h, w), s, p) for H, W, h, w, s, p in made]


def _padded(pad: Callable[[Tensor, int], Tensor]) -> Any:
    """Return the cross-correlation of what ``pad`` makes of X."""
    return lambda X, K, s, p: _correlate(pad(X, p), K, s)


def _positioned(change: Callable[[Tensor, Tensor, int], Tensor]) -> Any:
    """Return what ``change`` makes of the rightly padded X, K and the stride."""
    return lambda X, K, s, p: change(F.pad(X, (p,) * 4), K, s)


def _kernel(change: Callable[[Tensor], Tensor]) -> Any:
    """Return the cross-correlation with another kernel."""
    return lambda X, K, s, p: _correlate(F.pad(X, (p,) * 4), change(K), s)


def _unspaced(X: Tensor, K: Tensor, s: int) -> Tensor:
    """Take the right number of positions, but next to each other."""
    rows, columns = _correlate(X, K, s).shape
    return _correlate(X, K)[:rows, :columns]


def _counted_before(X: Tensor, K: Tensor, s: int, p: int) -> Tensor:
    """Count the positions by the sides that X had before it was padded."""
    rows, columns = _correlate(X, K, s).shape
    return _correlate(F.pad(X, (p,) * 4), K, s)[:rows, :columns]


def _one_ring(X: Tensor, K: Tensor, s: int, p: int) -> Tensor:
    return _correlate(F.pad(X, (min(p, 1),) * 4), K, s)


def _edges(X: Tensor, p: int) -> Tensor:
    return F.pad(X[None], (p,) * 4, mode="replicate")[0]


@exercise(
    "05-cross-correlate",
    cases=_strided,
    tensors="X K",
    hints=[
        ("Làm từng việc một: trước hết đệm `X` thành một ma trận lớn hơn, rồi quên `X` đi và chỉ làm việc với ma trận ấy.",
         "One thing at a time: first pad `X` to a larger matrix, then forget `X` and work with that matrix only."),
        ("Tạo bằng `torch.zeros(...)` một ma trận đủ chỗ cho `X` và viền ở cả bốn phía, rồi chép `X` vào giữa; hoặc dùng `F.pad`, với bốn số cho bốn phía: trái, phải, trên, dưới.",
         "Make a matrix with `torch.zeros(...)` that has room for `X` and the border on all four sides, and copy `X` into the middle; or use `F.pad` with four numbers for the four sides: left, right, top, bottom."),
        ("Tham số thứ ba của `range` là bước nhảy. Cửa sổ không được lọt ra ngoài: hàng cuối cùng mà nó có thể bắt đầu là số hàng trừ h.",
         "The third argument of `range` is the step. The window must not hang outside: the last row in which it can begin is the number of rows minus h."),
    ],
    wrong=[
        (_padded(lambda X, p: X), "Bạn quên phần đệm `padding`.", "You forgot the `padding`."),
        (_padded(lambda X, p: F.pad(X, (p, 0, p, 0))), "Bạn chỉ đệm ở phía trên và bên trái; đệm là một viền ở cả bốn phía.", "You padded above and on the left only; padding is a border on all four sides."),
        (_padded(lambda X, p: F.pad(X, (0, p, 0, p))), "Bạn chỉ đệm ở phía dưới và bên phải; đệm là một viền ở cả bốn phía.", "You padded below and on the right only; padding is a border on all four sides."),
        (_padded(lambda X, p: F.pad(X, (p, p))), "Bạn chỉ đệm thêm cột; các hàng ở trên và ở dưới cũng phải có.", "You padded with columns only; rows above and below belong to it as well."),
        (_padded(lambda X, p: F.pad(X, (0, 0, p, p))), "Bạn chỉ đệm thêm hàng; các cột bên trái và bên phải cũng phải có.", "You padded with rows only; columns on the left and right belong to it as well."),
        (_padded(lambda X, p: F.pad(X, (2 * p,) * 4)), "Viền của bạn rộng gấp đôi: mỗi phía chỉ thêm `padding` ô.", "Your border is twice as wide: each side gets only `padding` cells."),
        (_one_ring, "Bạn luôn đệm một vòng, dù `padding` lớn hơn.", "You always padded with one ring, even where `padding` is more."),
        (_padded(_edges), "Bạn đệm bằng các số ở mép ảnh; cần số 0.", "You padded with the numbers at the edge of the picture; zeros are wanted."),
        (_padded(lambda X, p: F.pad(X, (p,) * 4, value=1.0)), "Bạn đệm bằng số 1; cần số 0.", "You padded with 1; it should be 0."),
        (lambda X, K, s, p: F.pad(_correlate(X, K, s), (p,) * 4), "Bạn đặt các số 0 quanh đầu ra; chúng phải ở quanh đầu vào, trước khi cửa sổ trượt.",
         "You put the zeros around the output; they belong around the input, before the window slides."),
        (_positioned(lambda P, K, s: _correlate(P, K)), "Bạn chưa dùng sải bước `stride`: cửa sổ mỗi lần dịch một ô.", "You did not use the `stride`: your window moves by one cell at a time."),
        (_positioned(_unspaced), "Số vị trí đúng, nhưng cửa sổ của bạn mỗi lần chỉ dịch một ô: chúng phải cách nhau `stride` ô.", "The number of positions is right, but your window moves by one cell at a time: they should be `stride` cells apart."),
        (_positioned(lambda P, K, s: _correlate(P, K)[::s]), "Bạn chỉ dùng sải bước theo chiều dọc; nó cũng dùng cho chiều ngang.", "You used the stride downwards only; it holds across as well."),
        (_positioned(lambda P, K, s: _correlate(P, K)[:, ::s]), "Bạn chỉ dùng sải bước theo chiều ngang; nó cũng dùng cho chiều dọc.", "You used the stride across only; it holds downwards as well."),
        (_positioned(lambda P, K, s: _correlate(P, K)[::K.shape[0], ::K.shape[1]]), "Cửa sổ của bạn mỗi lần dịch đi cả bề rộng của nó; sải bước là `stride`.", "Your window moves by its whole width at a time; the stride is `stride`."),
        (_positioned(lambda P, K, s: _correlate(P, K, s)[:-1, :-1]), "Thiếu hàng cuối và cột cuối của đầu ra: vị trí đầu tiên cũng là một vị trí.", "The last row and column of the output are missing: the first position counts as well."),
        (_counted_before, "Bạn đếm số vị trí theo kích thước *trước khi* đệm, nên các vị trí cuối bị bỏ sót.", "You counted the positions by the size *before* padding, so that the last ones are missed."),
        (_kernel(lambda K: K.flip(0, 1)), "Bạn đã lật hạt nhân cả hai chiều: đó là tích chập, không phải tương quan chéo.", "You flipped the kernel both ways: that is convolution, not cross-correlation."),
        (_kernel(lambda K: K.flip(0)), "Bạn đã lật hạt nhân theo chiều dọc; mỗi số nhân với trọng số cùng chỗ.", "You flipped the kernel upside down; each number is multiplied by the weight in the same place."),
        (_kernel(lambda K: K.flip(1)), "Bạn đã lật hạt nhân theo chiều ngang; mỗi số nhân với trọng số cùng chỗ.", "You flipped the kernel left to right; each number is multiplied by the weight in the same place."),
        (_kernel(lambda K: K.T), "Hàng và cột của hạt nhân đổi chỗ cho nhau.", "Rows and columns of the kernel have changed places."),
        (_kernel(lambda K: torch.ones_like(K)), "Bạn cộng các số trong cửa sổ mà chưa dùng hạt nhân.", "You added up the numbers in the window and did not use the kernel."),
        (_kernel(lambda K: K / K.numel()), "Bạn lấy trung bình của các tích; cần tổng.", "You took the mean of the products; their sum is wanted."),
        (_positioned(lambda P, K, s: _correlate(P, K, s).T), "Bạn đổi chỗ hàng và cột của đầu ra: vòng lặp theo hàng phải nằm ngoài.", "Rows and columns of the output have changed places: the loop over rows must be the outer one."),
        (_positioned(lambda P, K, s: _correlate(P, K, s)[0, 0]), "Bạn chỉ trả về số đầu tiên: có `return` nào nằm trong vòng lặp không?", "You returned the first number only: is there a `return` inside the loop?"),
    ],
    why=("Đệm trước, rồi cho góc trên bên trái của cửa sổ nhảy từng `stride` ô. `range` dừng ở vị trí cuối cùng mà cửa sổ còn nằm gọn bên trong: phép làm tròn xuống trong công thức kích thước nằm sẵn ở đó. "
         "Khi sải bước không chia hết, vài hàng hay cột cuối không có cửa sổ nào ghé tới.",
         "Pad first, then let the top left corner of the window jump by `stride` cells. `range` ends at the last position where the window is still inside: the rounding down in the formula for the size is done there. "
         "Where the stride does not divide, no window comes to a few last rows or columns."),
)
def cross_correlate(X: Tensor, K: Tensor, stride: int, padding: int) -> Tensor:
    P = F.pad(X, (padding,) * 4)
    h, w = K.shape
    rows = range(0, P.shape[0] - h + 1, stride)
    columns = range(0, P.shape[1] - w + 1, stride)
    return torch.tensor([[(P[i:i + h, j:j + w] * K).sum() for j in columns] for i in rows])


# The flip


def _flips(random: Random) -> list[Any]:
    """Return kernels that no flip leaves as they are; the first picture has a single 1, and gives back the kernel."""
    dot = [[1.0 if i == j == 1 else 0.0 for j in range(3)] for i in range(3)]
    made = [(3, 3, 2, 2), (4, 4, 3, 3), (4, 3, 2, 3), (3, 5, 3, 2)]
    made += [(random.randint(3, 6), random.randint(3, 6), random.choice((2, 3)), random.choice((2, 3))) for _ in range(7)]
    return [(dot, [[1.0, 2.0], [3.0, 4.0]])] + [(_matrix(random, H, W), _matrix(random, h, w)) for H, W, h, w in made]


def _by(change: Callable[[Tensor], Tensor]) -> Any:
    return lambda X, K: _correlate(X, change(K))


@exercise(
    "05-convolve",
    cases=_flips,
    tensors="X K",
    hints=[
        ("Khi u tăng, chỉ số hàng của `K` tăng mà chỉ số hàng của `X` giảm. Hãy viết ra, với hạt nhân 2 × 2, trọng số nào nhân với số nào trong cửa sổ.",
         "As u grows, the row index of `K` grows and that of `X` falls. For a kernel of 2 × 2, write down which weight is multiplied by which number of the window."),
        ("Lật hạt nhân một lần, trước vòng lặp, rồi làm tương quan chéo như thường.", "Flip the kernel once, before the loop, then do an ordinary cross-correlation."),
        ("`K.flip(0)` đổi thứ tự các hàng, `K.flip(1)` đổi thứ tự các cột. Cần cả hai; chuyển vị là chuyện khác.",
         "`K.flip(0)` turns the order of the rows round, `K.flip(1)` that of the columns. Both are needed; a transpose is something else."),
    ],
    wrong=[
        (_by(lambda K: K), "Bạn chưa lật hạt nhân: đó là tương quan chéo.", "You did not flip the kernel: that is cross-correlation."),
        (_by(lambda K: K.flip(0)), "Bạn chỉ lật theo chiều dọc; còn chiều ngang.", "You flipped upside down only; left to right is missing."),
        (_by(lambda K: K.flip(1)), "Bạn chỉ lật theo chiều ngang; còn chiều dọc.", "You flipped left to right only; upside down is missing."),
        (_by(lambda K: K.T), "Bạn chuyển vị hạt nhân; lật cả hai chiều là quay nó nửa vòng, không phải đổi hàng thành cột.",
         "You transposed the kernel; to flip it both ways is to turn it by half a circle, not to make columns of rows."),
        (_by(lambda K: K.T.flip(0, 1)), "Bạn lật cả hai chiều rồi còn chuyển vị nữa.", "You flipped both ways and transposed as well."),
        (_by(lambda K: K.rot90()), "Bạn quay hạt nhân một phần tư vòng; cần nửa vòng.", "You turned the kernel by a quarter of a circle; half a circle is wanted."),
        (_by(lambda K: K.rot90(-1)), "Bạn quay hạt nhân một phần tư vòng theo chiều kim đồng hồ; cần nửa vòng.", "You turned the kernel clockwise by a quarter of a circle; half a circle is wanted."),
        (_by(lambda K: -K), "Bạn đổi dấu các trọng số; lật là đổi chỗ chúng.", "You changed the signs of the weights; to flip is to change their places."),
        (_by(lambda K: -K.flip(0, 1)), "Hạt nhân lật đúng, nhưng các trọng số còn bị đổi dấu.", "The kernel is flipped rightly, but the signs of its weights are changed as well."),
        (lambda X, K: _correlate(X.flip(0, 1), K), "Bạn lật ảnh thay cho hạt nhân: các số đều đúng, nhưng cả đầu ra bị quay nửa vòng.", "You flipped the picture in place of the kernel: the numbers are right, but the whole output is turned by half a circle."),
        (lambda X, K: _correlate(X, K).flip(0, 1), "Đầu ra của bạn là tương quan chéo bị quay nửa vòng: bạn lật đầu ra thay cho hạt nhân, hoặc lật cả ảnh lẫn hạt nhân.",
         "Your output is cross-correlation turned by half a circle: you flipped the output in place of the kernel, or both the picture and the kernel."),
        (lambda X, K: _correlate(F.pad(X, (K.shape[1] - 1,) * 2 + (K.shape[0] - 1,) * 2), K.flip(0, 1)), "Bạn giữ cả những vị trí mà cửa sổ lọt ra ngoài ảnh; ở đây không đệm.",
         "You kept the positions where the window hangs outside the picture, too; there is no padding here."),
    ],
    why=("Trong định nghĩa, chỉ số của K tăng còn chỉ số của X giảm, nên trọng số đầu tiên của K gặp số cuối cùng của cửa sổ. Lật K theo cả hai chiều rồi làm tương quan chéo thì được đúng phép ấy. "
         "Với ảnh chỉ có một điểm bằng 1, tích chập trả lại chính K, còn tương quan chéo trả lại K bị lật.",
         "In the definition the index of K grows while that of X falls, so the first weight of K meets the last number of the window. To flip K both ways and then cross-correlate is the same. "
         "A picture with a single 1 gives back K itself under convolution, and K flipped under cross-correlation."),
)
def convolve(X: Tensor, K: Tensor) -> Tensor:
    K = K.flip(0, 1)
    h, w = K.shape
    rows, columns = X.shape[0] - h + 1, X.shape[1] - w + 1
    return torch.tensor([[(X[i:i + h, j:j + w] * K).sum() for j in range(columns)] for i in range(rows)])


# Several channels


def _layers(random: Random) -> list[Any]:
    """Return layers with as many channels in as out first, where axes in the wrong order give numbers and not just an error."""
    made = [(2, 2, 3, 3, 2), (2, 2, 2, 3, 1), (2, 3, 3, 3, 2), (3, 2, 3, 4, 2), (3, 3, 4, 4, 3)]
    made += [(random.randint(2, 3), random.randint(2, 4), random.randint(3, 5), random.randint(3, 5), random.randint(1, 3)) for _ in range(6)]
    return [(_matrix(random, 1, 2, 2), _matrix(random, 1, 1, 1, 1), _matrix(random, 1))] + [
        (_matrix(random, c, H, W), _matrix(random, out, c, k, k), _matrix(random, out)) for c, out, H, W, k in made]


def _products(X: Tensor, K: Tensor) -> Tensor:
    """Return the sums over the window but not over the channels: (c_out, c_in, rows, columns)."""
    return torch.stack([_correlate(X, kernel) for kernel in K])


def _plain(change: Callable[[Tensor], Tensor] = lambda K: K) -> Any:
    """Return the right maps for another weight."""
    return lambda X, K, b: _products(X, change(K)).sum(1) + b[:, None, None]


def _maps(make: Callable[[Tensor, Tensor], Any]) -> Any:
    """Return what ``make`` gives of the sums over each window, channel by channel, and the bias."""
    return lambda X, K, b: make(_products(X, K), b[:, None, None])


@exercise(
    "05-multi-channel",
    cases=_layers,
    tensors="X K b",
    hints=[
        ("`K[o]` là hạt nhân thứ o, một khối (c_in, k, k): nó cho ra một bản đồ đặc trưng. Viết xong cho một hạt nhân, rồi lặp qua mọi o.",
         "`K[o]` is kernel number o, a block (c_in, k, k): it makes one feature map. Write this for one kernel, then loop over all o."),
        ("Cửa sổ ở (i, j) lấy mọi kênh, nên có cùng kích thước với `K[o]`. Nhân từng cặp số cùng chỗ, cộng *tất cả* lại, rồi cộng hệ số điều chỉnh của hạt nhân ấy một lần.",
         "The window at (i, j) takes all channels, so it has the same shape as `K[o]`. Multiply the numbers in the same place, add *all* of them up, then add the bias of this kernel once."),
        ("Muốn bớt một vòng lặp: cửa sổ nhân với cả `K` cho một khối (c_out, c_in, k, k); cộng theo ba trục cuối thì còn lại mỗi hạt nhân một số.",
         "To save a loop: the window times all of `K` is a block (c_out, c_in, k, k); summed over its last three axes, one number remains for each kernel."),
    ],
    wrong=[
        (_maps(lambda Y, b: Y.sum(1)), "Bạn quên các hệ số điều chỉnh `b`.", "You forgot the biases `b`."),
        (_maps(lambda Y, b: (Y + b[:, None]).sum(1)), "Bạn cộng hệ số điều chỉnh một lần cho mỗi kênh đi vào; mỗi bản đồ chỉ cộng một lần.", "You added the bias once for each channel that enters; it is added once to each map."),
        (_maps(lambda Y, b: Y.sum(1) + b[0]), "Mọi bản đồ của bạn dùng hệ số điều chỉnh đầu tiên; mỗi hạt nhân có hệ số riêng.", "All of your maps use the first bias; each kernel has a bias of its own."),
        (_maps(lambda Y, b: Y.sum(1) + b.sum()), "Bạn cộng cả tổng của `b` vào mọi bản đồ; mỗi hạt nhân có hệ số riêng.", "You added the sum of `b` to every map; each kernel has a bias of its own."),
        (_maps(lambda Y, b: Y.sum(1) - b), "Bạn trừ hệ số điều chỉnh; phải cộng.", "You subtracted the bias; it is added."),
        (_maps(lambda Y, b: Y.sum(1) + b * Y[0, 0].numel()), "Hệ số điều chỉnh được cộng dồn qua mọi vị trí; mỗi vị trí chỉ cộng một lần.", "The bias adds up over all positions; at each position it is added once."),
        (_maps(lambda Y, b: Y + b[:, None]), "Bạn giữ riêng từng kênh đi vào; phải cộng các kênh lại, mỗi hạt nhân chỉ cho một bản đồ.", "You kept each channel that enters apart; they are added up, and each kernel makes a single map."),
        (_maps(lambda Y, b: Y[:, 0] + b), "Bạn chỉ dùng kênh đi vào đầu tiên.", "You used only the first of the channels that enter."),
        (_maps(lambda Y, b: Y[:, -1] + b), "Bạn chỉ giữ lại kênh đi vào cuối cùng: có phép gán `=` nào lẽ ra là `+=` không?", "You kept only the last of the channels that enter: is there an `=` that should be `+=`?"),
        (_maps(lambda Y, b: Y.mean(1) + b), "Bạn lấy trung bình theo các kênh đi vào; cần tổng.", "You took the mean over the channels that enter; the sum is wanted."),
        (_maps(lambda Y, b: (Y.sum(1) + b).sum(0)), "Bạn cộng bản đồ của mọi hạt nhân thành một; mỗi hạt nhân có bản đồ riêng.", "You added the maps of all kernels up to one; each kernel has a map of its own."),
        (_maps(lambda Y, b: (Y.sum(1) + b)[0]), "Bạn chỉ trả về bản đồ của hạt nhân đầu tiên.", "You returned the map of the first kernel only."),
        (_maps(lambda Y, b: (Y.sum(1) + b).permute(1, 2, 0)), "Các số đều đúng, nhưng trục kênh đứng cuối; nó phải đứng đầu.", "The numbers are right, but the axis of the channels is the last; it should be the first."),
        (_maps(lambda Y, b: (Y.sum(1) + b).transpose(1, 2)), "Hàng và cột của mỗi bản đồ đổi chỗ cho nhau.", "Rows and columns of each map have changed places."),
        (_plain(lambda K: K[:, :1].expand_as(K)), "Bạn dùng trọng số của kênh đi vào đầu tiên cho mọi kênh; mỗi kênh có trọng số riêng.", "You used the weights of the first channel that enters for all of them; each has weights of its own."),
        (_plain(lambda K: K[:1].expand_as(K)), "Bạn dùng hạt nhân đầu tiên cho mọi bản đồ.", "You used the first kernel for all maps."),
        (_plain(lambda K: K.transpose(0, 1)), "Hai trục đầu của `K` đổi chỗ cho nhau: bản đồ đi ra đứng trước, kênh đi vào đứng sau. Chỉ khi hai số ấy bằng nhau thì mã mới chạy.",
         "The first two axes of `K` have changed places: maps that leave come first, channels that enter second. Only where there are as many of both does the code run at all."),
        (_plain(lambda K: K.flip(2, 3)), "Bạn đã lật các hạt nhân; mỗi số nhân với trọng số cùng chỗ.", "You flipped the kernels; each number is multiplied by the weight in the same place."),
        (_plain(lambda K: K.transpose(2, 3)), "Hàng và cột của các hạt nhân đổi chỗ cho nhau.", "Rows and columns of the kernels have changed places."),
        (_plain(lambda K: K / K[0, 0].numel()), "Bạn lấy trung bình trong cửa sổ; cần tổng.", "You took the mean over the window; the sum is wanted."),
    ],
    why=("Mỗi hạt nhân là một khối (c_in, k, k) và cho ra một bản đồ. Ở vị trí (i, j), mảnh cắt ra có kích thước (c_in, k, k); nhân với cả `K` thì được (c_out, c_in, k, k), và cộng theo ba trục cuối thì mỗi hạt nhân còn một số. "
         "Số kênh đi vào biến mất trong phép cộng; số kênh đi ra là số hạt nhân.",
         "Each kernel is a block (c_in, k, k) and makes one map. At position (i, j) the piece cut out has the shape (c_in, k, k); times all of `K` this is (c_out, c_in, k, k), and summed over the last three axes it leaves one number for each kernel. "
         "The channels that enter vanish in the sum; the number of channels that leave is the number of kernels."),
)
def multi_channel(X: Tensor, K: Tensor, b: Tensor) -> Tensor:
    k = K.shape[2]
    rows, columns = X.shape[1] - k + 1, X.shape[2] - k + 1
    Y = torch.zeros(len(K), rows, columns)
    for i in range(rows):
        for j in range(columns):
            Y[:, i, j] = (X[:, i:i + k, j:j + k] * K).sum((1, 2, 3)) + b
    return Y


# A kernel that learns


def _examples(random: Random) -> list[Any]:
    """Return X, Y, K and a rate; numbers small enough for the steps to be seen at six digits."""

    def small(*shape: int) -> Any:
        return (torch.tensor(_matrix(random, *shape)) / 4).tolist()

    made = [(3, 3, 2, 2), (4, 5, 3, 3), (4, 4, 2, 3), (5, 4, 3, 2), (6, 5, 2, 2)]
    made += [(random.randint(4, 6), random.randint(4, 6), random.choice((2, 3)), random.choice((2, 3))) for _ in range(5)]
    return [([[1.0, 2.0, 3.0]], [[4.0, 4.0]], [[0.0, 1.0]], 0.5)] + [
        (small(H, W), small(H - h + 1, W - w + 1), small(h, w), random.choice((0.125, 0.25, 0.5))) for H, W, h, w in made]


def _gradient(X: Tensor, E: Tensor) -> Tensor:
    return 2 * _correlate(X, E) / E.numel()


def _stepped(gradient: Callable[[Tensor, Tensor, Tensor], Tensor]) -> Any:
    """Return K after a step with another gradient, of X, the errors and K."""
    return lambda X, Y, K, lr: K - lr * gradient(X, _correlate(X, K) - Y, K)


def _instead(make: Callable[..., Any]) -> Any:
    """Return what ``make`` gives of K, the right gradient, the rate and the errors."""

    def kernel_step(X: Tensor, Y: Tensor, K: Tensor, lr: float) -> Any:
        E = _correlate(X, K) - Y
        return make(K, _gradient(X, E), lr, E)

    return kernel_step


def _twice(X: Tensor, Y: Tensor, K: Tensor, lr: float) -> Tensor:
    for _ in range(2):
        K = K - lr * _gradient(X, _correlate(X, K) - Y)
    return K


def _one_by_one(X: Tensor, Y: Tensor, K: Tensor, lr: float) -> Tensor:
    """Change one weight after the other, each with errors worked out anew."""
    K = K.clone()
    for u in range(K.shape[0]):
        for v in range(K.shape[1]):
            K[u, v] -= lr * _gradient(X, _correlate(X, K) - Y)[u, v]
    return K


@exercise(
    "05-kernel-step",
    cases=_examples,
    tensors="X Y K",
    hints=[
        ("Sai số ở vị trí (i, j) là dự đoán trừ đích. Trong dự đoán ấy, trọng số (u, v) nhân với số nào của `X`? Đó là mũi tên mang đạo hàm.",
         "The error at position (i, j) is prediction minus target. In this prediction, which number of `X` does weight (u, v) multiply? That is the arrow that carries the derivative."),
        ("Trọng số (u, v) có mặt ở *mọi* vị trí, nên đạo hàm theo nó là tổng, trên mọi (i, j), của sai số (i, j) nhân với số ở hàng i + u, cột j + v của `X`. Rồi đến số 2 của bình phương và phép chia của trung bình.",
         "Weight (u, v) is there at *every* position, so the derivative with respect to it is the sum, over all (i, j), of the error (i, j) times the number in row i + u, column j + v of `X`. Then come the 2 of the square and the division of the mean."),
        ("Tổng ấy trông quen không? Sai số trượt trên `X` như một hạt nhân. Có thể dùng lại `d2l.corr2d`.",
         "Does the sum look familiar? The errors slide over `X` like a kernel. `d2l.corr2d` can be used once more."),
    ],
    wrong=[
        (_stepped(lambda X, E, K: 2 * _correlate(X, E)), "Bạn quên chia cho n: mất mát là trung bình, không phải tổng.", "You forgot to divide by n: the loss is a mean, not a sum."),
        (_stepped(lambda X, E, K: _correlate(X, E) / E.numel()), "Bước của bạn chỉ dài một nửa: bạn quên số 2 mà phép bình phương để lại.", "Your step is half as long as it should be: you forgot the 2 that squaring leaves."),
        (_stepped(lambda X, E, K: _correlate(X, E)), "Bạn quên cả số 2 lẫn phép chia cho n.", "You forgot both the 2 and the division by n."),
        (_stepped(lambda X, E, K: 2 * _correlate(X, E) / K.numel()), "Bạn chia cho số trọng số; trung bình lấy trên các vị trí của đầu ra.", "You divided by the number of weights; the mean is over the positions of the output."),
        (_stepped(lambda X, E, K: 2 * _correlate(X, E) / X.numel()), "Bạn chia cho số ô của `X`; trung bình lấy trên các vị trí của đầu ra.", "You divided by the number of cells of `X`; the mean is over the positions of the output."),
        (_stepped(lambda X, E, K: 2 * _correlate(X, E) / len(E)), "Bạn chia cho số hàng của đầu ra; n là số vị trí, hàng nhân cột.", "You divided by the number of rows of the output; n is the number of positions, rows times columns."),
        (_instead(lambda K, g, lr, E: K + lr * g), "Sai dấu: bạn đi lên dốc. Hoặc bạn cộng gradient, hoặc sai số của bạn là đích trừ dự đoán.", "The sign is wrong: you went uphill. Either you added the gradient, or your error is target minus prediction."),
        (_instead(lambda K, g, lr, E: K - g), "Bạn quên tốc độ học `lr`.", "You forgot the learning rate `lr`."),
        (_instead(lambda K, g, lr, E: g), "Bạn trả về gradient; cần hạt nhân sau bước ấy.", "You returned the gradient; the kernel after the step is wanted."),
        (_instead(lambda K, g, lr, E: lr * g), "Bạn trả về bước đi; còn phải trừ nó khỏi `K`.", "You returned the step; it is still to be subtracted from `K`."),
        (_instead(lambda K, g, lr, E: -lr * g), "Bạn trả về bước đi; còn phải cộng nó với `K` cũ.", "You returned the step; it is still to be added to the old `K`."),
        (_instead(lambda K, g, lr, E: (E**2).mean()), "Bạn trả về mất mát; cần hạt nhân sau một bước.", "You returned the loss; the kernel after a step is wanted."),
        (_instead(lambda K, g, lr, E: K - lr * g.flip(0, 1)), "Gradient của bạn bị lật: chỉ số của `X` là i + u và j + v, cùng tăng với u và v.", "Your gradient is flipped: the indices of `X` are i + u and j + v, and they grow with u and v."),
        (_instead(lambda K, g, lr, E: K - lr * g.sum()), "Bạn trừ cùng một số khỏi mọi trọng số, tổng của cả gradient; mỗi trọng số có đạo hàm riêng.", "You subtracted one number from all weights, the sum of the whole gradient; each has a derivative of its own."),
        (_instead(lambda K, g, lr, E: K - lr * g.mean()), "Bạn trừ cùng một số khỏi mọi trọng số, trung bình của cả gradient; mỗi trọng số có đạo hàm riêng.", "You subtracted one number from all weights, the mean of the whole gradient; each has a derivative of its own."),
        (_instead(lambda K, g, lr, E: K - lr * g.sign()), "Bạn chỉ giữ dấu của gradient.", "You kept only the sign of the gradient."),
        (_stepped(lambda X, E, K: 2 * E.mean()), "Trong gradient của bạn không có `X`: mũi tên từ trọng số vào dự đoán mang một số của `X`.", "There is no `X` in your gradient: the arrow from a weight into the prediction carries a number of `X`."),
        (_stepped(lambda X, E, K: 2 * E.mean() * _correlate(X, torch.ones_like(E)) / E.numel()), "Bạn nhân hai trung bình với nhau; phải nhân ở từng vị trí trước, rồi mới lấy trung bình.", "You multiplied two means; multiply at each position first, then take the mean."),
        (_stepped(lambda X, E, K: 2 * E[0, 0] * X[:K.shape[0], :K.shape[1]] / E.numel()), "Bạn chỉ tính vị trí đầu tiên; mọi vị trí dùng chung hạt nhân, nên phải cộng trên tất cả.", "You used the first position only; all positions share the kernel, so add up over all of them."),
        (_stepped(lambda X, E, K: 2 * E[-1, -1] * X[-K.shape[0]:, -K.shape[1]:] / E.numel()), "Chỉ vị trí cuối cùng còn lại: có phép gán `=` nào lẽ ra là `+=` không?", "Only the last position is left: is there an `=` that should be `+=`?"),
        (_stepped(lambda X, E, K: _gradient(X, E**2)), "Sai số của bạn vẫn còn bình phương; lấy đạo hàm thì số mũ giảm đi 1.", "Your errors are still squared; a derivative lowers the exponent by 1."),
        (lambda X, Y, K, lr: K - lr * _gradient(X, _correlate(X, K)), "Bạn chưa dùng đích `Y`.", "You did not use the targets `Y`."),
        (lambda X, Y, K, lr: K + lr * _gradient(X, Y), "Bạn chưa dùng dự đoán: sai số là dự đoán trừ `Y`.", "You did not use the predictions: the error is prediction minus `Y`."),
        (lambda X, Y, K, lr: K - lr * _gradient(X, _correlate(X, K.flip(0, 1)) - Y), "Khi tính dự đoán, bạn đã lật hạt nhân.", "You flipped the kernel when you worked out the predictions."),
        (_twice, "Bạn đã đi hai bước; cần một bước.", "You took two steps; one is wanted."),
        (_one_by_one, "Bạn sửa `K` ngay trong lúc còn tính gradient: các trọng số sau dùng dự đoán của một hạt nhân khác.", "You changed `K` while you were still working out the gradient: later weights use the predictions of another kernel."),
    ],
    why=("Dự đoán ở (i, j) là tổng của K[u, v]·X[i + u, j + v], nên đạo hàm của mất mát theo K[u, v] là 2/n lần tổng, trên mọi vị trí, của E[i, j]·X[i + u, j + v]. Đó chính là tương quan chéo của X với bảng sai số E. "
         "Một trọng số dùng ở mọi vị trí thì nhận gradient từ mọi vị trí; nhờ thế một ảnh duy nhất đã cho hạt nhân rất nhiều ví dụ để học.",
         "The prediction at (i, j) is the sum of K[u, v]·X[i + u, j + v], so the derivative of the loss with respect to K[u, v] is 2/n times the sum, over all positions, of E[i, j]·X[i + u, j + v]. That is the cross-correlation of X with the table of errors E. "
         "A weight that is used at all positions receives gradient from all positions; so a single picture already gives the kernel many examples to learn from."),
)
def kernel_step(X: Tensor, Y: Tensor, K: Tensor, lr: float) -> Tensor:
    E = d2l.corr2d(X, K) - Y
    gradient = 2 * d2l.corr2d(X, E) / E.numel()
    return K - lr * gradient


quiz = Quiz(CHAPTER, [
    Question(("Một ảnh màu rộng 640 điểm ảnh và cao 480. Đọc bằng NumPy, nó là mảng kênh đứng cuối, `image`. Bạn gọi `torch.from_numpy(image).reshape(3, 480, 640)`. Kết quả là gì?",
              "A colour picture is 640 pixels wide and 480 high. Read by NumPy it is an array with the channels last, `image`. You call `torch.from_numpy(image).reshape(3, 480, 640)`. What comes out?"), [
        Choice(("Một lỗi: kích thước không khớp.", "An error: the shapes do not fit."),
               ("Số lượng các số vẫn khớp: 480 · 640 · 3 = 3 · 480 · 640. `reshape` chỉ đòi có thế, nên máy không báo gì.",
                "The count of the numbers does fit: 480 · 640 · 3 = 3 · 480 · 640. That is all `reshape` asks for, so there is no warning.")),
        Choice(("Đúng tensor mà PyTorch cần: kênh đứng đầu.", "Just the tensor that PyTorch needs, with the channels first."),
               ("Kích thước thì đúng. Nhưng các số vẫn nằm theo thứ tự cũ, đỏ, lục, lam, đỏ, lục, lam …; muốn đổi thứ tự trục phải dùng `permute(2, 0, 1)`.",
                "The shape is right. But the numbers are in their old order, red, green, blue, red, green, blue …; to reorder the axes takes `permute(2, 0, 1)`.")),
        Choice(("Một tensor đúng kích thước, nhưng mỗi “kênh” là một phần ba ảnh, lẫn cả ba màu.", "A tensor of the right shape, but each “channel” is a third of the picture with all three colours mixed."),
               ("`reshape` cắt dãy số thành ba đoạn bằng nhau. Đoạn đầu là 160 hàng trên cùng của ảnh, gồm cả đỏ, lục và lam. Máy không báo lỗi; chỉ khi vẽ ra, bạn mới thấy.",
                "`reshape` cuts the row of numbers into three equal pieces. The first is the top 160 rows of the picture, with reds, greens and blues. No error is reported; you only see it when you draw it."), right=True),
    ]),
    Question(("Đầu vào 32 × 32, hạt nhân 5 × 5, đệm 2, sải bước 2. Đầu ra có cạnh bao nhiêu?",
              "An input of 32 × 32, a kernel of 5 × 5, padding 2, stride 2. What is the side of the output?"), [
        Choice(("16", "16"), ("(32 − 5 + 2 · 2) / 2 = 15,5; làm tròn xuống được 15, cộng 1 là 16. Cửa sổ bắt đầu ở cột 0, 2, …, 30 của đầu vào đã đệm.",
                              "(32 − 5 + 2 · 2) / 2 = 15.5; rounded down that is 15, and 1 more is 16. The window begins at columns 0, 2, …, 30 of the padded input."), right=True),
        Choice(("15", "15"), ("Đó là số lần cửa sổ *dịch đi*. Vị trí đầu tiên chưa cần dịch, mà vẫn là một vị trí.", "That is how often the window *moves*. The first position takes no move, and it is a position all the same.")),
        Choice(("17", "17"), ("Bạn làm tròn lên. Vị trí thứ 17 bắt đầu ở cột 32 của đầu vào đã đệm, vốn chỉ rộng 36: cửa sổ cần năm cột mà chỉ còn bốn.",
                              "You rounded up. A position number 17 would begin at column 32 of the padded input, which is 36 wide: the window needs five columns, and four are left.")),
        Choice(("14", "14"), ("Đó là kết quả khi không đệm: (32 − 5) / 2 = 13,5, làm tròn xuống rồi cộng 1.", "That is the result without padding: (32 − 5) / 2 = 13.5, rounded down, and 1 more.")),
    ]),
    Question(("Bạn huấn luyện một tầng bằng thư viện, tức là bằng tương quan chéo. Rồi bạn chép các hạt nhân đã học sang một chương trình làm đúng phép tích chập của toán học. Điều gì xảy ra?",
              "You train a layer with a library, which means with cross-correlation. Then you copy the learned kernels to a program that does convolution as in mathematics. What happens?"), [
        Choice(("Không có gì khác: hai phép là một.", "Nothing changes: the two are the same."),
               ("Với cùng một hạt nhân, chúng chỉ cho cùng kết quả khi hạt nhân không đổi sau khi lật cả hai chiều, như bộ lọc làm mờ. Hạt nhân học được hiếm khi như thế.",
                "With the same kernel they agree only if it stays the same when flipped both ways, as a blur does. Learned kernels seldom do.")),
        Choice(("Kết quả thay đổi; phải lật mọi hạt nhân theo cả hai chiều trước khi chép.", "The results change; every kernel must be flipped both ways before it is copied."),
               ("Tích chập lật hạt nhân, nên lật sẵn một lần thì hai lần lật bù nhau. Còn nếu chương trình kia tự học từ đầu, nó sẽ học ra những hạt nhân đã lật, và tốt ngang nhau.",
                "Convolution flips the kernel, so flipping it beforehand makes up for that. If the other program learned from scratch, it would learn flipped kernels and be just as good."), right=True),
        Choice(("Kết quả thay đổi; phải chuyển vị mọi hạt nhân trước khi chép.", "The results change; every kernel must be transposed before it is copied."),
               ("Chuyển vị đổi hàng thành cột. Lật cả hai chiều là quay nửa vòng: số ở góc trên bên trái về góc dưới bên phải.",
                "A transpose makes columns of rows. To flip both ways is to turn by half a circle: the number at the top left goes to the bottom right.")),
        Choice(("Chương trình kia không dùng được: mạng học bằng tương quan chéo thì không thể chạy bằng tích chập.", "The other program is of no use: a network trained by cross-correlation cannot run by convolution."),
               ("Mỗi tương quan chéo là một tích chập với hạt nhân đã lật, nên phép nào làm được thì phép kia cũng làm được.",
                "Each cross-correlation is a convolution with the flipped kernel, so what one can do, the other can.")),
    ]),
    Question(("Trọng số của một tầng tích chập có kích thước (64, 3, 7, 7). Để tính *một* số của *một* bản đồ đặc trưng, tầng nhân bao nhiêu cặp số?",
              "The weight of a convolutional layer has the shape (64, 3, 7, 7). To compute *one* number of *one* feature map, how many pairs of numbers does it multiply?"), [
        Choice(("49", "49"), ("Đó là cửa sổ trên một kênh. Hạt nhân nhìn cả ba kênh đi vào.", "That is the window on one channel. The kernel looks at all three channels that enter.")),
        Choice(("64", "64"), ("64 là số hạt nhân, tức là số bản đồ đi ra. Một số của một bản đồ chỉ cần một hạt nhân.", "64 is the number of kernels, and of maps that leave. One number of one map takes one kernel only.")),
        Choice(("9 408", "9 408"), ("Đó là toàn bộ trọng số của tầng, 64 · 3 · 7 · 7. Ở mỗi vị trí, chúng cho ra 64 số, mỗi bản đồ một số.",
                                    "These are all the weights of the layer, 64 · 3 · 7 · 7. At each position they make 64 numbers, one for each map.")),
        Choice(("147", "147"), ("Một hạt nhân là một khối 3 · 7 · 7 = 147 trọng số. Mọi tích của cả ba kênh cộng lại thành một số.",
                                "One kernel is a block of 3 · 7 · 7 = 147 weights. All products of all three channels add up to one number."), right=True),
    ]),
    Question(("Mọi điểm của một ảnh xám đều bằng 90. Bạn làm mờ nó bằng hạt nhân 3 × 3 gồm toàn số 1/9, với một vòng đệm bằng các số không. Ở góc trên bên trái, đầu ra bằng bao nhiêu?",
              "All pixels of a grey picture are 90. You blur it with a kernel of 3 × 3 where each weight is 1/9, and with one ring of padding by zeros. What is the output at the top left corner?"), [
        Choice(("90, vì trung bình của những số bằng nhau là chính số ấy.", "90, as the mean of equal numbers is that number."),
               ("Ở giữa ảnh thì đúng thế. Ở góc, cửa sổ còn chứa cả những số 0 của phần đệm, và chúng cũng được tính vào trung bình.",
                "In the middle of the picture it is so. At the corner the window also holds zeros of the padding, and they enter the mean.")),
        Choice(("40, vì chỉ bốn trong chín ô của cửa sổ nằm trên ảnh.", "40, as only four of the nine cells of the window are on the picture."),
               ("4 · 90 / 9 = 40. Ở mép, ngoài các góc, có sáu ô trên ảnh, nên đầu ra là 60. Đệm bằng các số không giữ được kích thước, nhưng làm tối viền ảnh.",
                "4 · 90 / 9 = 40. On an edge, away from the corners, six cells are on the picture and the output is 60. Padding by zeros keeps the size, but darkens the border."), right=True),
        Choice(("10, vì ở góc chỉ có một điểm ảnh.", "10, as there is only one pixel at the corner."),
               ("Cửa sổ có tâm ở góc còn phủ thêm ba điểm ảnh khác: bên phải, bên dưới, và chéo xuống.", "The window whose middle is at the corner covers three more pixels: right, below, and diagonally down.")),
        Choice(("60, vì một phần ba cửa sổ nằm ngoài ảnh.", "60, as a third of the window is outside the picture."),
               ("Thế là ở giữa một mép. Ở góc, cửa sổ lọt ra theo cả hai chiều: chỉ còn hai hàng và hai cột.", "That is so along an edge. At the corner the window hangs outside in both directions: two rows and two columns are left.")),
    ]),
])
