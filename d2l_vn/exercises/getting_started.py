"""Chapter 00: batches, memory, accuracy, the classes of a set of labels, a validation set; and the quiz."""

from collections import Counter
from random import Random
from typing import Any

from torch import Tensor

from .engine import exercise
from .quiz import Choice, Question, Quiz

CHAPTER = "00-getting-started"


# Batches


def _evenly(n: int, batch_size: int) -> list[int]:
    """Return n divided into as few batches as possible, all of almost the same size."""
    count = -(-n // batch_size)
    return [n // count + (i < n % count) for i in range(count)]


def _joined(n: int, batch_size: int) -> list[int]:
    """Return full batches, the last of which takes what is left over as well."""
    return [batch_size] * (n // batch_size - 1) + [batch_size + n % batch_size] if n >= batch_size else [n]


def _left_over(n: int, batch_size: int) -> list[int]:
    return [n % batch_size] if n % batch_size else []


@exercise(
    "00-batch-sizes",
    cases=lambda random: [(3, 4), (8, 4), (9, 4), (10, 4), (7, 1), (1000, 256)]
    + [(random.randint(5, 60), random.randint(2, 12)) for _ in range(10)],
    hints=[
        ("Làm thử bằng tay với 10 ảnh: lấy ra 4, còn 6; lấy ra 4, còn 2. Batch tiếp theo có mấy ảnh?",
         "Try it by hand with 10 pictures: take 4, 6 remain; take 4, 2 remain. How many pictures has the next batch?"),
        ("Phép `//` chia rồi bỏ phần lẻ: nó cho số batch đầy. Phép `%` cho số ảnh còn dư.",
         "`//` divides and drops the fraction: it gives the number of full batches. `%` gives how many pictures are left over."),
        ("`[7] * 3` là danh sách `[7, 7, 7]`; `append` thêm một phần tử vào cuối danh sách. Khi chia hết thì có gì để thêm không?",
         "`[7] * 3` is the list `[7, 7, 7]`; `append` adds an item at the end of a list. Is there anything to add when nothing is left over?"),
    ],
    wrong=[
        (lambda n, b: [b] * (n // b), "Bạn bỏ mất batch cuối, batch không đầy; ảnh trong đó cũng phải được dùng.",
         "You left out the last batch, the one that is not full; its pictures are to be used as well."),
        (lambda n, b: [b] * -(-n // b), "Bạn coi batch nào cũng đầy; batch cuối chỉ có những ảnh còn lại.",
         "You took every batch to be full; the last one has only the pictures that remain."),
        (lambda n, b: [b] * (n // b) + [n % b], "Khi chia hết, bạn thêm một batch không có ảnh nào.",
         "When nothing is left over, you added a batch without any picture."),
        (lambda n, b: [*_left_over(n, b), *[b] * (n // b)], "Bạn để batch nhỏ lên đầu; nó phải đứng cuối.",
         "You put the small batch first; it comes last."),
        (_joined, "Bạn dồn các ảnh còn dư vào batch đầy cuối cùng, nên batch ấy quá lớn; chúng là một batch riêng.",
         "You put the pictures left over into the last full batch, which gets too large; they are a batch of their own."),
        (_evenly, "Bạn chia ảnh cho đều các batch; ở đây mọi batch đều đầy, trừ batch cuối.",
         "You shared the pictures out evenly; here all batches are full but the last."),
        (lambda n, b: [*range(b, n, b), n], "Bạn trả về số ảnh đã dùng sau mỗi batch; cần số ảnh của riêng từng batch.",
         "You returned how many pictures have been used after each batch; the pictures of each batch alone are wanted."),
        (lambda n, b: [*range(0, n, b)], "Bạn trả về vị trí bắt đầu của từng batch; cần số ảnh của nó.",
         "You returned where each batch begins; how many pictures it has is wanted."),
        (lambda n, b: -(-n // b), "Bạn trả về số batch; cần danh sách số ảnh của từng batch.",
         "You returned how many batches there are; a list of their sizes is wanted."),
        (lambda n, b: n % b or b, "Bạn chỉ trả về số ảnh của batch cuối; cần danh sách cho mọi batch.",
         "You returned only the size of the last batch; a list for all batches is wanted."),
        (_left_over, "Bạn chỉ ghi batch còn dư; các batch đầy cũng phải có trong danh sách.",
         "You listed only what is left over; the full batches belong in the list, too."),
    ],
    why=("Có `n // batch_size` batch đầy. Nếu còn dư `n % batch_size` ảnh thì chúng thành batch cuối; nếu chia hết thì không có batch nào nữa. "
         "Với 60 000 ảnh, mỗi batch 256 ảnh, ta được 234 batch đầy và một batch 96 ảnh: cả thảy 235 batch.",
         "There are `n // batch_size` full batches. If `n % batch_size` pictures are left over, they are the last batch; if none are, there is no further batch. "
         "With 60 000 pictures in batches of 256 there are 234 full batches and one of 96 pictures: 235 in all."),
)
def batch_sizes(n: int, batch_size: int) -> list[int]:
    sizes = [batch_size] * (n // batch_size)
    if n % batch_size > 0:
        sizes.append(n % batch_size)
    return sizes


# Memory


def _numbers(shape: list[int], start: int = 1, times: int = 1) -> int:
    """Return the product of the sides, with another start or each side taken so many times."""
    for side in shape:
        start *= times * side
    return start


@exercise(
    "00-batch-bytes",
    cases=lambda random: [([3],), ([2, 3],), ([1, 28, 28],), ([256, 1, 28, 28],), ([256, 3, 224, 224],)]
    + [([random.randint(2, 30) for _ in range(random.randint(1, 4))],) for _ in range(10)],
    hints=[
        ("Trước hết hãy đếm xem tensor chứa bao nhiêu số. Một bảng 2 hàng, 3 cột có mấy số?",
         "First count the numbers in the tensor. How many are in a table of 2 rows and 3 columns?"),
        ("`shape` có thể dài ngắn tùy ý, nên hãy dùng vòng lặp, mỗi vòng nhân thêm một cạnh. Trước khi nhân, kết quả phải bằng mấy?",
         "`shape` may be short or long, so use a loop that multiplies by one side each time. What must the result be before anything is multiplied?"),
        ("Biết có bao nhiêu số rồi mới đổi ra byte, một lần, ở cuối.", "Turn the count into bytes once, at the end."),
    ],
    wrong=[
        (lambda shape: _numbers(shape), "Bạn trả về số phần tử của tensor; mỗi phần tử chiếm 4 byte.",
         "You returned how many numbers there are; each of them takes 4 bytes."),
        (lambda shape: 4 * sum(shape), "Bạn cộng các cạnh; bảng 2 hàng, 3 cột có 6 số, không phải 5.",
         "You added the sides; a table of 2 rows and 3 columns has 6 numbers, not 5."),
        (lambda shape: sum(shape), "Bạn cộng các cạnh lại, và cũng quên rằng mỗi số chiếm 4 byte.",
         "You added the sides, and forgot that each number takes 4 bytes."),
        (lambda shape: _numbers(shape, times=4), "Bạn nhân với 4 ở từng cạnh; mỗi số chỉ chiếm 4 byte một lần, dù tensor có mấy trục.",
         "You multiplied by 4 for each side; a number takes 4 bytes once, however many axes the tensor has."),
        (lambda shape: 32 * _numbers(shape), "Bạn đếm bằng bit; một byte có 8 bit, nên float32 chiếm 4 byte.",
         "You counted bits; a byte has 8 of them, so float32 takes 4 bytes."),
        (lambda shape: 8 * _numbers(shape), "8 byte là của float64, kiểu số thực của Python; ở đây là float32.",
         "8 bytes is what float64 takes, the real number of Python; here we have float32."),
        (lambda shape: _numbers(shape, start=0), "Bạn bắt đầu tích từ 0, nên nhân với gì cũng được 0.",
         "You started the product at 0, and so it stays 0 whatever you multiply by."),
        (lambda shape: 4 * shape[0], "Bạn chỉ dùng số đầu tiên của `shape`: có `return` nào nằm trong vòng lặp không?",
         "You used only the first number of `shape`: is there a `return` inside the loop?"),
        (lambda shape: 4 * shape[-1], "Bạn chỉ giữ lại số cuối cùng của `shape`: có phép gán nào làm mất tích đã tính không?",
         "You kept only the last number of `shape`: is there an assignment that loses the product so far?"),
        (lambda shape: 4 * _numbers(shape[1:]), "Bạn bỏ qua số đầu tiên của `shape`; đó là bộ nhớ của một ảnh, chưa phải của cả batch.",
         "You skipped the first number of `shape`; that is the memory of one picture, not of the batch."),
        (lambda shape: 4 * _numbers(shape) / 1000, "Bạn đổi ra kilobyte (1 000 byte); cần số byte.",
         "You turned the result into kilobytes (1 000 bytes); bytes are wanted."),
        (lambda shape: 4 * _numbers(shape) / 1024, "Bạn chia cho 1 024; cần số byte.",
         "You divided by 1 024; bytes are wanted."),
    ],
    why=("Tích của các cạnh cho biết tensor chứa bao nhiêu số; mỗi số chiếm 4 byte. Một batch kích thước `[256, 1, 28, 28]` chứa 200 704 số, "
         "tức là 802 816 byte. Cạnh của ảnh gấp đôi thì bộ nhớ gấp bốn.",
         "The product of the sides says how many numbers the tensor holds; each takes 4 bytes. A batch of shape `[256, 1, 28, 28]` holds 200 704 numbers, "
         "that is 802 816 bytes. Twice the side of the picture takes four times the memory."),
)
def batch_bytes(shape: list[int]) -> int:
    numbers = 1
    for side in shape:
        numbers = numbers * side
    return 4 * numbers


# Accuracy


def _guesses(random: Random) -> list[Any]:
    made = [([0, 1, 2, 2], [0, 1, 1, 2]), ([1, 0], [1, 0]), ([3], [5]), ([0, 1], [1, 0]), ([4, 0, 0], [0, 0, 4])]
    for _ in range(8):
        y = [random.randrange(10) for _ in range(random.randint(3, 12))]
        made.append((y, [label if random.random() < 0.6 else random.randrange(10) for label in y]))
    return made


@exercise(
    "00-accuracy",
    cases=_guesses,
    tensors="y y_hat",
    hints=[
        ("`==` so sánh hai tensor dài bằng nhau từng phần tử một. Hãy thử in `y == y_hat` ra xem.",
         "`==` compares two equally long tensors, number by number. Print `y == y_hat` to see."),
        ("`sum` coi `True` là 1 và `False` là 0, nên nó đếm được số ảnh đoán đúng.",
         "`sum` takes `True` as 1 and `False` as 0, so it can count the pictures guessed right."),
        ("Đếm được rồi thì còn phải chia. Cả thảy có bao nhiêu ảnh?", "When you have counted, you still have to divide. How many pictures are there in all?"),
    ],
    wrong=[
        (lambda y, y_hat: (y == y_hat).sum(), "Bạn trả về số ảnh đoán đúng; cần tỉ lệ, một số từ 0 đến 1.",
         "You returned how many are guessed right; their share is wanted, a number from 0 to 1."),
        (lambda y, y_hat: 100 * (y == y_hat).sum() / len(y), "Bạn đổi ra phần trăm; cần một số từ 0 đến 1.",
         "You turned it into a percentage; a number from 0 to 1 is wanted."),
        (lambda y, y_hat: (y != y_hat).sum() / len(y), "Đó là tỉ lệ đoán sai; cần tỉ lệ đoán đúng.",
         "That is the share guessed wrong; the share guessed right is wanted."),
        (lambda y, y_hat: (y != y_hat).sum(), "Bạn đếm số ảnh đoán sai; cần tỉ lệ đoán đúng.",
         "You counted the pictures guessed wrong; the share guessed right is wanted."),
        (lambda y, y_hat: (y == y_hat).sum() // len(y), "Kết quả chỉ bằng 1 khi mọi ảnh đều đoán đúng, còn lại đều bằng 0: bạn có dùng `//` hay `int` không?",
         "The result is 1 only if all pictures are guessed right, and 0 otherwise: did you use `//` or `int`?"),
        (lambda y, y_hat: ((y == y_hat).sum() / len(y)).round(), "Bạn làm tròn tỉ lệ thành 0 hoặc 1; hãy giữ phần thập phân.",
         "You rounded the share to 0 or 1; keep what stands after the decimal point."),
        (lambda y, y_hat: y == y_hat, "Bạn trả về câu trả lời đúng hay sai cho từng ảnh; cần một số cho tất cả.",
         "You returned right or wrong for each picture; one number for all of them is wanted."),
        (lambda y, y_hat: (y == y_hat).sum() / (y != y_hat).sum(), "Bạn chia cho số ảnh đoán sai; phải chia cho số ảnh cả thảy.",
         "You divided by the pictures guessed wrong; divide by all pictures."),
        (lambda y, y_hat: (y == y_hat).sum() / 10, "Bạn chia cho 10; mẫu số là số ảnh, không phải số lớp.",
         "You divided by 10; divide by the number of pictures, not of classes."),
        (lambda y, y_hat: (y - y_hat).float().abs().mean(), "Bạn trừ các nhãn cho nhau. Nhãn chỉ là số hiệu của lớp: nhầm 0 thành 9 cũng chỉ là một lần sai, như nhầm 0 thành 1.",
         "You subtracted labels. A label is only the number of a class: taking 0 for 9 is one mistake, just like taking 0 for 1."),
        (lambda y, y_hat: (y[0] == y_hat[0]) / len(y), "Bạn chỉ xét ảnh đầu tiên: có `return` nào nằm trong vòng lặp không?",
         "You looked at the first picture only: is there a `return` inside the loop?"),
        (lambda y, y_hat: (y[-1] == y_hat[-1]) / len(y), "Bạn chỉ tính ảnh cuối cùng: có phép gán `=` nào lẽ ra là `+=` không?",
         "You counted the last picture only: is there an `=` that should be `+=`?"),
    ],
    why=("So sánh từng nhãn, đếm những chỗ bằng nhau, rồi chia cho số ảnh. `(y == y_hat).float().mean()` cho cùng kết quả: trung bình của các số 0 và 1 chính là tỉ lệ số 1.",
         "Compare label by label, count where they agree, and divide by the number of pictures. `(y == y_hat).float().mean()` gives the same: the mean of zeros and ones is the share of ones."),
)
def accuracy(y: Tensor, y_hat: Tensor) -> Tensor:
    right = (y == y_hat).sum()
    return right / len(y)


# How many of each class


def _counted(y: Tensor, num_classes: int) -> list[int]:
    return [int((y == label).sum()) for label in range(num_classes)]


@exercise(
    "00-count-classes",
    cases=lambda random: [([0], 1), ([0, 1, 1], 2), ([2, 0, 2], 4), ([1, 1, 1], 3)]
    + [([random.randrange(classes) for _ in range(random.randint(4, 14))], classes)
       for classes in (random.randint(2, 6) for _ in range(8))],
    tensors="y",
    hints=[
        ("Bắt đầu từ một danh sách toàn số 0, mỗi lớp một số. Mỗi ảnh làm đúng một số tăng thêm 1.",
         "Start from a list of zeros, one for each class. Each picture makes just one of them grow by 1."),
        ("Nhãn của ảnh cho biết phải tăng số ở vị trí nào trong danh sách.",
         "The label of a picture says which place of the list is to grow."),
    ],
    wrong=[
        (lambda y, n: [min(count, 1) for count in _counted(y, n)], "Bạn chỉ ghi lớp nào có mặt; cần số ảnh của từng lớp. Có phép gán `=` nào lẽ ra là `+=` không?",
         "You only noted which classes occur; the number of pictures of each is wanted. Is there an `=` that should be `+=`?"),
        (lambda y, n: _counted(y, n)[: int(y.max()) + 1], "Danh sách của bạn dừng ở nhãn lớn nhất có trong `y`; nó phải có `num_classes` số, kể cả khi các lớp cuối không có ảnh.",
         "Your list stops at the largest label in `y`; it must have `num_classes` numbers, even if the last classes have no picture."),
        (lambda y, n: [count for count in _counted(y, n) if count], "Bạn bỏ qua lớp không có ảnh nào; số của lớp ấy là 0.",
         "You skipped classes without any picture; their number is 0."),
        (lambda y, n: list(Counter(y.tolist()).values()), "Thứ tự của bạn là thứ tự các lớp gặp trong `y`; phải bắt đầu từ nhãn 0, và lớp không có ảnh cũng có chỗ.",
         "Your order is the one in which the classes occur in `y`; start from label 0, and give classes without pictures a place as well."),
        (lambda y, n: sorted(_counted(y, n), reverse=True), "Bạn xếp các số từ lớn đến nhỏ; phải theo thứ tự của lớp.",
         "You sorted the numbers, largest first; they must stand in the order of the classes."),
        (lambda y, n: [count / len(y) for count in _counted(y, n)], "Bạn chia cho số ảnh cả thảy; cần số ảnh, không phải tỉ lệ.",
         "You divided by the number of all pictures; counts are wanted, not shares."),
        (lambda y, n: [*_counted(y, n)[1:], 0], "Mọi số lệch đi một chỗ: lớp được đánh số từ 0, không phải từ 1.",
         "All numbers are one place off: classes are numbered from 0, not from 1."),
        (lambda y, n: _counted(y, n)[1:], "Bạn bỏ sót các ảnh mang nhãn 0.", "You left out the pictures with label 0."),
        (lambda y, n: [label * count for label, count in enumerate(_counted(y, n))], "Bạn cộng các nhãn; mỗi ảnh chỉ được tính là 1, dù nhãn của nó là mấy.",
         "You added up labels; each picture counts as 1, whatever its label."),
        (lambda y, n: sum(count > 0 for count in _counted(y, n)), "Bạn trả về số lớp có mặt trong `y`; cần một danh sách, mỗi lớp một số.",
         "You returned how many classes occur in `y`; a list is wanted, one number for each class."),
        (lambda y, n: [1] * len(y), "Ảnh nào của bạn cũng được đếm riêng. Trong một `dict`, hai tensor chứa cùng một số vẫn là hai khóa khác nhau.",
         "You counted each picture by itself. In a `dict`, two tensors that hold the same number are still two different keys."),
        (lambda y, n: [(y == label).tolist() for label in range(n)], "Bạn cho biết từng ảnh có thuộc từng lớp hay không, nhưng chưa đếm.",
         "You say of each picture whether it belongs to each class, but do not count yet."),
        (lambda y, n: _counted(y[:1], n), "Bạn chỉ đếm ảnh đầu tiên: có `return` nào nằm trong vòng lặp không?",
         "You counted the first picture only: is there a `return` inside the loop?"),
    ],
    why=("Mỗi nhãn chọn một chỗ trong danh sách, và số ở chỗ ấy tăng thêm 1. Danh sách được tạo sẵn với `num_classes` số 0, nên lớp không có ảnh vẫn có mặt. "
         "PyTorch có sẵn hàm này: `torch.bincount(y, minlength=num_classes)`.",
         "Each label chooses a place in the list, and the number there grows by 1. The list is made with `num_classes` zeros, so a class without pictures has its place. "
         "PyTorch has this ready-made: `torch.bincount(y, minlength=num_classes)`."),
)
def count_classes(y: Tensor, num_classes: int) -> list[int]:
    counts = [0] * num_classes
    for label in y:
        counts[label] += 1
    return counts


# One picture of each class


def _every_class(random: Random) -> list[Any]:
    made: list[Any] = [([1, 0], 2), ([0, 0, 1], 2), ([2, 1, 2, 0, 1], 3)]
    for _ in range(8):
        classes = random.randint(2, 5)
        y = [*range(classes), *(random.randrange(classes) for _ in range(random.randint(2, 8)))]
        random.shuffle(y)
        made.append((y, classes))
    return made


def _places(y: Tensor, num_classes: int) -> list[list[int]]:
    """Return the positions of all pictures of each class."""
    return [(y == label).nonzero().flatten().tolist() for label in range(num_classes)]


@exercise(
    "00-one-of-each",
    cases=_every_class,
    tensors="y",
    hints=[
        ("Với mỗi lớp, lần lượt từ 0, hãy đi qua `y` từ đầu cho đến khi gặp nhãn của lớp ấy.",
         "For each class, from 0 on, go through `y` from the beginning until you meet the label of that class."),
        ("Vòng lặp `while` hợp với việc này: còn chưa gặp thì sang ảnh kế tiếp. Sang lớp mới thì phải tìm lại từ vị trí nào?",
         "A `while` loop suits this: as long as the label is another one, go on to the next picture. For the next class, from which position must you search?"),
    ],
    wrong=[
        (lambda y, n: [places[-1] for places in _places(y, n)], "Bạn lấy ảnh cuối cùng của mỗi lớp; cần ảnh đầu tiên.",
         "You took the last picture of each class; the first is wanted."),
        (lambda y, n: [places[0] + 1 for places in _places(y, n)], "Bạn đếm vị trí từ 1; trong Python, vị trí đầu tiên là 0.",
         "You counted positions from 1; in Python the first position is 0."),
        (lambda y, n: sorted(places[0] for places in _places(y, n)), "Thứ tự của bạn là thứ tự các lớp gặp trong `y`; vị trí của nhãn 0 phải đứng đầu.",
         "Your order is the one in which the classes occur in `y`; the position of label 0 must come first."),
        (lambda y, n: list(range(n)), "Bạn trả về chính các nhãn 0, 1, 2, …; cần vị trí của ảnh.",
         "You returned the labels 0, 1, 2, … themselves; the positions of pictures are wanted."),
        (_places, "Bạn trả về mọi vị trí của từng lớp; chỉ cần vị trí đầu tiên.",
         "You returned all positions of each class; only the first is wanted."),
        (lambda y, n: [places[:1] for places in _places(y, n)], "Mỗi vị trí của bạn nằm trong một danh sách hay tensor có một phần tử; cần chính con số ấy.",
         "Each of your positions sits in a list or tensor of one item; the number itself is wanted."),
        (lambda y, n: _places(y, n)[0][:1], "Bạn chỉ tìm nhãn 0: có `return` nào nằm trong vòng lặp không?",
         "You searched for label 0 only: is there a `return` inside the loop?"),
        (lambda y, n: _places(y, n)[-1][0], "Bạn chỉ trả về vị trí của lớp cuối cùng; cần một danh sách, mỗi lớp một vị trí.",
         "You returned the position of the last class only; a list is wanted, one position for each class."),
        (lambda y, n: [(y == label).tolist() for label in range(n)], "Bạn cho biết từng ảnh có thuộc từng lớp hay không, chưa cho biết vị trí.",
         "You say of each picture whether it belongs to each class, but not where it is."),
        (lambda y, n: [len(places) for places in _places(y, n)], "Bạn đếm số ảnh của từng lớp, như bài trước; ở đây cần vị trí.",
         "You counted the pictures of each class, as in the exercise before; here positions are wanted."),
    ],
    why=("Với mỗi lớp, bắt đầu lại từ vị trí 0 và đi tới cho đến khi gặp lớp ấy. Vì lớp nào cũng có mặt, vòng lặp chắc chắn dừng. "
         "Danh sách của Python cũng tìm được như thế: `y.tolist().index(3)` là vị trí đầu tiên của nhãn 3.",
         "For each class, start again at position 0 and go on until you meet it. As every class occurs, the loop is sure to end. "
         "A list of Python can search like this, too: `y.tolist().index(3)` is the first position of label 3."),
)
def one_of_each(y: Tensor, num_classes: int) -> list[int]:
    positions = []
    for label in range(num_classes):
        i = 0
        while y[i] != label:
            i += 1
        positions.append(i)
    return positions


# Training and validation


def _splits(random: Random) -> list[Any]:
    """Return sizes; never two halves, which would look like a matrix to the check, and never no training at all."""
    made = [(3, 1), (6, 0), (5, 3), (7, 2)]
    while len(made) < 14:
        n = random.randint(5, 14)
        num_valid = random.randint(0, n - 1)
        if n != 2 * num_valid:
            made.append((n, num_valid))
    return made


@exercise(
    "00-split",
    cases=_splits,
    hints=[
        ("`range(n)` đi qua mọi vị trí, và `list` biến nó thành danh sách. Có bao nhiêu ảnh ở lại để huấn luyện?",
         "`range(n)` runs through all positions, and `list` makes a list of it. How many pictures stay for training?"),
        ("Với danh sách `a`, `a[:3]` là ba phần tử đầu, `a[3:]` là phần còn lại.",
         "For a list `a`, `a[:3]` is its first three items, and `a[3:]` is the rest."),
        ("Hãy tự thử với `num_valid` bằng 0. Trong Python, -0 cũng là 0: `a[-0:]` là gì?",
         "Try `num_valid` equal to 0 yourself. In Python -0 is 0 as well: what is `a[-0:]`?"),
    ],
    wrong=[
        (lambda n, k: (list(range(n))[:-k], list(range(n))[-k:]),
         "Với `num_valid` bằng 0, mọi ảnh sang tập kiểm định: cắt ở -0 cũng là cắt ở 0, tức là ở đầu danh sách.",
         "With `num_valid` equal to 0 all pictures go to validation: to cut at -0 is to cut at 0, the beginning of the list."),
        (lambda n, k: (list(range(n))[: n - k], list(range(n))[-k:]),
         "Với `num_valid` bằng 0, mọi ảnh cũng có mặt ở tập kiểm định: phần bắt đầu từ -0 là cả danh sách.",
         "With `num_valid` equal to 0 all pictures are in validation as well: what starts at -0 is the whole list."),
        (lambda n, k: (list(range(n))[:-k], list(range(n))[n - k :]),
         "Với `num_valid` bằng 0, không còn ảnh nào để huấn luyện: phần đứng trước -0 là danh sách rỗng.",
         "With `num_valid` equal to 0 there is no picture left for training: what comes before -0 is an empty list."),
        (lambda n, k: (list(range(k, n)), list(range(k))), "Bạn lấy các ảnh đầu để kiểm định; phải lấy các ảnh cuối.",
         "You took the first pictures for validation; the last ones are to be taken."),
        (lambda n, k: (list(range(n - k, n)), list(range(n - k))), "Hai danh sách đổi chỗ cho nhau: huấn luyện trước, kiểm định sau.",
         "The two lists have changed places: training comes first, then validation."),
        (lambda n, k: (list(range(k)), list(range(k, n))), "`num_valid` là số ảnh để kiểm định; bạn dùng nó làm số ảnh để huấn luyện.",
         "`num_valid` is the number of pictures for validation; you used it as the number for training."),
        (lambda n, k: (n - k, k), "Bạn trả về số ảnh của hai phần; cần danh sách các vị trí.",
         "You returned how many pictures each part has; the lists of positions are wanted."),
        (lambda n, k: (list(range(1, n - k + 1)), list(range(n - k + 1, n + 1))), "Bạn đếm vị trí từ 1; vị trí đầu tiên là 0.",
         "You counted positions from 1; the first position is 0."),
        (lambda n, k: (list(range(n)), list(range(n - k, n))), "Ảnh kiểm định vẫn còn trong phần huấn luyện; không ảnh nào được ở cả hai bên.",
         "The pictures for validation are still in the training part; no picture may be on both sides."),
        (lambda n, k: (list(range(n))[: n - k + 1], list(range(n - k, n))), "Có một vị trí nằm ở cả hai bên.",
         "One position is on both sides."),
        (lambda n, k: (list(range(n - k)), list(range(n - k + 1, n))), "Có một vị trí không nằm ở bên nào.",
         "One position is on neither side."),
        (lambda n, k: (list(range(n - k - 1)), list(range(n - k - 1, n))), "Phần kiểm định thừa một vị trí, phần huấn luyện thiếu một.",
         "Validation has one position too many, training one too few."),
        (lambda n, k: (list(range(n - k)), list(range(n - 1, n - k - 1, -1))), "Các vị trí kiểm định của bạn đi giật lùi; hãy giữ thứ tự tăng dần.",
         "Your validation positions run backwards; keep them in increasing order."),
    ],
    why=("Phần huấn luyện giữ lại `n - num_valid` vị trí đầu. Cắt ở vị trí ấy thì đúng cả khi `num_valid` bằng 0, còn cắt ở `-num_valid` thì khi ấy sai. "
         "Ở đây ảnh giữ nguyên thứ tự. Nếu ảnh được xếp theo lớp, hãy xáo trước khi chia: không thì phần kiểm định chỉ gồm vài lớp cuối.",
         "Training keeps the first `n - num_valid` positions. To cut there is right even if `num_valid` is 0, when a cut at `-num_valid` goes wrong. "
         "Here the pictures keep their order. If they are sorted by class, shuffle before you divide, or validation gets the last few classes only."),
)
def split(n: int, num_valid: int) -> tuple[list[int], list[int]]:
    positions = list(range(n))
    return positions[:n - num_valid], positions[n - num_valid:]


quiz = Quiz(CHAPTER, [
    Question(("Một batch của Fashion-MNIST có kích thước `[256, 1, 28, 28]`. Số 1 cho biết điều gì?",
              "A batch of Fashion-MNIST has the shape `[256, 1, 28, 28]`. What does the 1 say?"), [
        Choice(("Mỗi ảnh có một nhãn.", "Each picture has one label."),
               ("Đúng là mỗi ảnh có một nhãn, nhưng nhãn không nằm trong tensor này: chúng ở một tensor khác, kích thước `[256]`.",
                "Each picture does have one label, but labels are not in this tensor: they are in another, of shape `[256]`.")),
        Choice(("Các giá trị nằm trong khoảng từ 0 đến 1.", "The values lie between 0 and 1."),
               ("Kích thước chỉ cho biết mỗi trục dài bao nhiêu, không nói gì về độ lớn của các giá trị.",
                "A shape only says how long each axis is, and nothing about the values themselves.")),
        Choice(("Mỗi điểm ảnh có một số, vì ảnh xám.", "There is one number for each pixel, as the pictures are grey."),
               ("Đó là số kênh. Ảnh xám chỉ có độ sáng; ảnh màu có ba số cho mỗi điểm ảnh, nên chỗ này sẽ là 3.",
                "This is the number of channels. Grey is brightness only; a colour picture has three numbers for each pixel, and this would be 3."), right=True),
    ]),
    Question(("Bạn nạp Fashion-MNIST với `resize=56`, nên mỗi ảnh có 56 × 56 điểm ảnh thay cho 28 × 28. Điều nào đúng?",
              "You load Fashion-MNIST with `resize=56`, so each picture has 56 × 56 pixels in place of 28 × 28. What is true?"), [
        Choice(("Một batch chiếm bộ nhớ gấp bốn, nhưng ảnh không có thêm chi tiết nào.", "A batch takes four times the memory, but the pictures show no new detail."),
               ("Số hàng và số cột đều gấp đôi, nên số điểm ảnh gấp bốn. Các điểm ảnh mới được tính từ những điểm ảnh cũ, nên không mang thêm thông tin.",
                "Rows and columns both double, so there are four times as many pixels. The new ones are computed from the old ones and add no information."), right=True),
        Choice(("Một batch chiếm bộ nhớ gấp đôi, vì cạnh của ảnh gấp đôi.", "A batch takes twice the memory, as the side of the picture doubles."),
               ("Cả hai cạnh cùng gấp đôi, nên số điểm ảnh gấp bốn.", "Both sides double, so there are four times as many pixels.")),
        Choice(("Ảnh rõ hơn, nên thấy được những chi tiết mà ảnh 28 × 28 không có.", "The pictures get sharper and show details that 28 × 28 pixels do not."),
               ("Phóng to không tạo ra chi tiết: tệp gốc chỉ có 28 × 28 điểm ảnh, và mọi điểm ảnh mới đều được tính từ chúng.",
                "Enlarging creates no detail: the file has only 28 × 28 pixels, and all the new ones are computed from these.")),
    ]),
    Question(("Trong tập kiểm tra, mỗi lớp có 1 000 ảnh. Một chương trình không nhìn ảnh mà lúc nào cũng trả lời “quần dài”. Độ chính xác của nó là bao nhiêu?",
              "In the test set each class has 1 000 pictures. A program does not look at the pictures and always answers “trouser”. What is its accuracy?"), [
        Choice(("Bằng 0, vì nó không học gì.", "0, as it has learned nothing."),
               ("Nó vẫn trả lời đúng cho mọi ảnh quần dài. Độ chính xác chỉ đếm câu trả lời đúng, không hỏi vì sao đúng.",
                "It is still right about every trouser. Accuracy only counts right answers and does not ask why they are right.")),
        Choice(("Một phần mười.", "One tenth."),
               ("Nó đúng với 1 000 trên 10 000 ảnh. Đây là mốc để so: bộ phân loại nào cũng phải hơn hẳn mức này mới đáng kể.",
                "It is right about 1 000 of 10 000 pictures. This is a mark to compare with: a classifier must do much better to be worth anything."), right=True),
        Choice(("Khoảng một nửa, vì mỗi câu trả lời chỉ có thể đúng hoặc sai.", "About a half, as each answer is either right or wrong."),
               ("Có hai khả năng không có nghĩa là chúng xảy ra nhiều như nhau: chín phần mười số ảnh không phải quần dài.",
                "Two possibilities need not be equally frequent: nine tenths of the pictures are not trousers.")),
    ]),
    Question(("Bạn huấn luyện năm bộ phân loại với năm tốc độ học, rồi chọn bộ có độ chính xác cao nhất trên tập kiểm tra. Có thể tin độ chính xác ấy không?",
              "You train five classifiers with five learning rates and choose the one with the highest accuracy on the test set. Can that accuracy be trusted?"), [
        Choice(("Có, vì không ảnh kiểm tra nào được dùng để huấn luyện.", "Yes, as no test picture was used in training."),
               ("Chúng không được dùng để chỉnh tham số, nhưng đã được dùng để chọn. Chọn cũng là một cách học từ những ảnh ấy.",
                "They did not adjust the parameters, but they did make the choice. To choose is a way of learning from these pictures, too.")),
        Choice(("Không, vì bộ phân loại đã học thuộc ảnh kiểm tra.", "No, as the classifier knows the test pictures by heart."),
               ("Khi huấn luyện, nó chưa hề thấy những ảnh ấy, nên không thể học thuộc. Sai lầm nằm ở cách bạn chọn.",
                "It never saw them in training, so it cannot know them by heart. The mistake is in how you chose.")),
        Choice(("Không hẳn: bạn đã chọn theo chính những ảnh ấy, nên con số dễ cao hơn thực tế.", "Not quite: you chose by these very pictures, so the figure is likely to be too high."),
               ("Bộ được chọn có thể chỉ gặp may với những ảnh này. Hãy chọn bằng tập kiểm định; tập kiểm tra để dành đến cuối, chỉ nhìn một lần.",
                "The one you chose may just have been lucky with these pictures. Choose with a validation set, and keep the test set for one look at the end."), right=True),
    ]),
    Question(("Các tham số của bộ phân loại nằm trên GPU, còn batch `X` nằm trên CPU. Điều gì xảy ra khi bạn đưa `X` vào bộ phân loại?",
              "The parameters of a classifier are on the GPU, and the batch `X` is on the CPU. What happens when you give `X` to the classifier?"), [
        Choice(("PyTorch tự chép `X` sang GPU.", "PyTorch copies `X` to the GPU by itself."),
               ("PyTorch không tự chép: việc chép tốn thời gian, nên bạn phải viết ra, chẳng hạn bằng `X.to(device)`.",
                "PyTorch does not: copying takes time, so you have to write it down, for example as `X.to(device)`.")),
        Choice(("PyTorch báo lỗi.", "PyTorch reports an error."),
               ("Muốn nhân với nhau, dữ liệu và tham số phải nằm trên cùng một thiết bị. Hãy chuyển một bên sang, chẳng hạn bằng `X.to(device)`.",
                "To be multiplied, data and parameters must be on one device. Move one of them, for example with `X.to(device)`."), right=True),
        Choice(("Phép tính chạy trên CPU, chỉ chậm hơn.", "The computation runs on the CPU, only more slowly."),
               ("PyTorch không tự chọn nơi tính: phép nhân chạy ở nơi có cả hai bên, mà ở đây không có nơi nào như thế.",
                "PyTorch does not choose a place: a product is computed where both sides are, and here there is no such place.")),
    ]),
])
