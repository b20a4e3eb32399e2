"""The engine: feedback in steps, nothing a student's code does breaks the notebook, progress survives damage."""

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import d2l_vn
from d2l_vn.exercises import chapters, engine, exercise, limits, progress, store, values, view
from d2l_vn.exercises import cnn_and_lenet as ex


@exercise(
    "99-twice",
    cases=lambda random: [([[1.0, 2.0, 3.0]], 2), ([[1.0, 0.0], [5.0, 7.0], [2.0, 2.0]], 3)],
    hints=[("một", "one"), ("hai", "two")],
    wrong=[(lambda X, n: X + n, "Bạn cộng thay vì nhân.", "You added instead of multiplying.")],
    why=("Nhân.", "Multiply."),
    tensors="X",
)
def twice(X: torch.Tensor, n: int) -> torch.Tensor:
    """Not shown."""
    return n * X  # all of it


def check(capsys, answer):
    twice.check(answer)
    return capsys.readouterr().out


def test_feedback_goes_in_steps(capsys):
    def one_short(X, n):
        Y = n * X
        return Y[:, :-1]

    def fails(X, n):
        wrong = 1
        return wrong / 0

    def not_yet(X, n):
        raise NotImplementedError

    for stub in (lambda X, n: ..., not_yet):
        assert check(capsys, stub).startswith("Bạn chưa làm bài này")
    assert store.load() == {}
    assert "`return` không?" in check(capsys, lambda X, n: None)
    assert "kiểu `str`; cần một tensor kích thước (1, 3)" in check(capsys, lambda X, n: "6")
    assert "kiểu `list`" in check(capsys, lambda X, n: ["a", object()])
    assert "Kích thước (3, 1), cần (1, 3). Bạn có chuyển vị không?" in check(capsys, lambda X, n: n * X.T)
    assert "Kích thước (1, 2), cần (1, 3).\n" in check(capsys, one_short)
    assert "Kích thước (), cần (1, 3).\n" in check(capsys, lambda X, n: 3)
    said = check(capsys, lambda X, n: 3 * X)
    assert "Với `twice(X=torch.tensor([[1, 2, 3]]), n=2)`, hàm trả về `[[3, 6, 9]]`; đúng ra là `[[2, 4, 6]]`." in said
    assert check(capsys, lambda X, n: X + n).startswith("✘ Bạn cộng thay vì nhân.\nVới `twice(")
    said = check(capsys, fails)
    assert "dòng " in said and "`return wrong / 0`" in said and "ZeroDivisionError: division by zero" in said
    assert store.load() == {"99-twice": "tried"}
    assert check(capsys, lambda X, n: X * n) == "✔ Đúng: hàm qua cả 2 trường hợp.\n"
    check(capsys, fails)
    assert store.load() == {"99-twice": "right"}
    d2l_vn.set_language("en")
    assert check(capsys, lambda X, n: X + n).startswith("✘ You added")
    assert "Pass the function itself" in check(capsys, 5)


def test_print_in_place_of_return_is_recognised(capsys):
    def prints(X, n):
        print(n * X)

    said = check(capsys, prints)
    assert "hàm in ra bằng `print` nhưng không trả về gì" in said and "`return` mới đưa nó ra" in said
    assert "Cần một tensor kích thước (1, 3)" in said
    assert check(capsys, lambda X, n: print() or n * X).startswith("✔")  # who prints as well is right
    assert "`print`" not in check(capsys, lambda X, n: None)
    assert "kiểu `str`" in check(capsys, lambda X, n: print() or "6")
    printed = twice.collect(prints, twice.cases(1)[0])
    assert values.is_sound(printed) and not values.is_sound({**printed, "printed": "x"})


def test_a_forgotten_return_says_what_was_expected_in_words_of_a_beginner(capsys):
    def told(reference):
        exercise("99-any", cases=lambda random: [(3,)], hints=[], wrong=[], why=("x", "x"))(reference).check(lambda n: None)
        return capsys.readouterr().out

    assert "Cần một số." in told(lambda n: n)
    assert "Cần một dãy 3 số, danh sách hay tensor đều được." in told(lambda n: [n, n, n])
    assert "Cần 2 kết quả, chẳng hạn 2 danh sách." in told(lambda n: ([n], [n, n]))
    assert "Cần một tensor kích thước (1, 2)." in told(lambda n: [[n, n]])


def test_ranges_are_lists_of_numbers():
    ranges, lists = (values.plain(pair) for pair in ((range(0), range(3)), ([], [0, 1, 2])))
    assert ranges["status"] == "value" and values.shapes(ranges) == [[0], [3]]
    assert values.same(ranges, lists, 1e-4)
    assert values.same(values.plain((range(2), range(2, 4))), values.plain([[0, 1], [2, 3]]), 1e-4)


def test_what_is_not_finite_is_named(capsys):
    nan = check(capsys, lambda X, n: X * n * 0 / 0)
    assert nan.startswith("✘ Kết quả có `nan`") and "trả về `[[nan, nan, nan]]`" in nan
    assert check(capsys, lambda X, n: torch.where(X > 2, X / 0, X * n)).startswith("✘ Kết quả có `inf`")
    assert check(capsys, lambda X, n: -X / 0).startswith("✘ Kết quả có `inf`")
    assert check(capsys, lambda X, n: X * 1e30).startswith("✘ Với")


def test_what_is_meant_to_be_infinite_is_not_named(capsys):
    @exercise("99-logs", cases=lambda random: [([0.0, 1.0],)], hints=[], wrong=[], why=("x", "x"), tensors="x")
    def logs(x: torch.Tensor) -> torch.Tensor:
        return x.log()

    logs.check(lambda x: x.log() + 1)
    assert capsys.readouterr().out.startswith("✘ Với `logs(")


def test_ragged_rows_are_named(capsys):
    @exercise("99-square", cases=lambda random: [([[1.0, 2.0], [3.0, 4.0]],)], hints=[], wrong=[], why=("x", "x"), tensors="X")
    def square(X: torch.Tensor) -> torch.Tensor:
        return X

    square.check(lambda X: [[1.0, 2.0], [3.0]])
    assert capsys.readouterr().out.startswith("✘ Các hàng của kết quả dài ngắn khác nhau (2, 1);")
    square.check(lambda X: (X, 3.0))
    assert capsys.readouterr().out.startswith("✘ Hàm trả về 2 giá trị, cần 1.")


@pytest.mark.parametrize("form", [
    lambda Y: Y.tolist(), lambda Y: Y.numpy(), lambda Y: Y.double(), lambda Y: Y.requires_grad_(), list,
    lambda Y: [list(row) for row in Y], lambda Y: tuple(map(tuple, Y.tolist())), lambda Y: Y + 1e-6,
    lambda Y: [np.float32(v) for v in Y] if Y.ndim == 1 else Y])
def test_answers_may_come_in_any_form(form, capsys):
    assert check(capsys, lambda X, n: form(X * n)).startswith("✔")


def test_several_arrays_of_different_shapes():
    output = values.plain((torch.ones(2, 2), 3.0))
    assert values.shapes(output) == [[2, 2], []] and values.is_sound(output)
    assert values.shown(output) == "([[1, 1], [1, 1]], 3)"


def test_whole_numbers_are_compared_exactly():
    assert not values.same(values.plain(61_707), values.plain(61_706), 1e-4)
    assert values.same(values.plain(61_706.0), values.plain(61_706), 1e-4)
    assert values.same(values.plain(2.40762), values.plain(2.40761), 1e-4)
    assert not values.same(values.plain(float("nan")), values.plain(2.0), 1e-4)


def test_an_answer_that_changes_its_arguments_spoils_nothing(capsys):
    assert check(capsys, lambda X, n: X.mul_(n)).startswith("✔")


class _HostileError(Exception):
    def __str__(self):
        raise RuntimeError("no words")


@pytest.mark.parametrize("error", [SystemExit(1), RecursionError(), MemoryError(), _HostileError(), GeneratorExit(), AssertionError("<b>\ud800\x1b[31m")])
def test_exceptions_do_not_break_the_notebook(error, capsys):
    def answer(X, n):
        raise error

    assert type(error).__name__ in check(capsys, answer)


def test_endless_loops_are_stopped(capsys, monkeypatch):
    if not limits.has_timer():
        pytest.skip("no timer signal on this platform")
    monkeypatch.setattr(engine.Exercise.collect, "__defaults__", (0.3,))
    monkeypatch.setattr(engine.Exercise.collect_all, "__defaults__", (0.3,))

    def loop(X, n):
        while True:
            print("x" * 1000)

    def stubborn(X, n):
        for _ in range(3):
            try:
                while True:
                    pass
            except BaseException:
                pass
        while True:
            pass

    for answer in (loop, stubborn):
        start = time.monotonic()
        said = check(capsys, answer)
        assert "chạy quá lâu" in said and len(said) < 500 and time.monotonic() - start < 3
    time.sleep(0.3)  # no late ring


def test_without_a_timer_it_says_so(capsys, monkeypatch):
    monkeypatch.delattr(limits.signal, "setitimer")
    assert check(capsys, lambda X, n: X * n).startswith("Ở đây không có tín hiệu hẹn giờ")


def test_hints_come_one_by_one_and_solution_asks_once(capsys):
    twice._hints_given, twice._asked = 0, False
    outputs = []
    for step in (twice.hint, twice.hint, twice.hint, twice.solution, twice.solution):
        step()
        outputs.append(capsys.readouterr().out)
    assert outputs[0] == "1/2. một\n" and outputs[1].startswith("1/2. một\n2/2. hai\nĐó là tất cả") and outputs[2] == outputs[1]
    assert "một lần nữa" in outputs[3] and "n * X" not in outputs[3]
    assert outputs[4] == "Nhân.\n\ndef twice(X, n):\n    return n * X  # all of it\n"


def test_html_is_escaped_and_leaves_colours_to_the_page():
    page = view.as_html("a <script>alert(1)</script> `x<y`\nb", "wrong", "if a < b: '</code>'")
    assert "<script" not in page and "<code>x&lt;y</code>" in page and "&lt;/code&gt;" in page
    assert "background" not in page and ";color" not in page and page.count("<p ") == 2


def test_in_a_kernel_html_is_shown(monkeypatch):
    from IPython import display

    shown = []
    monkeypatch.setattr(view, "kernel", lambda: object())
    monkeypatch.setattr(display, "display", lambda bundle, raw: shown.append(bundle))
    twice.check(lambda X, n: X * n)
    assert shown[0]["text/plain"].startswith("✔") and shown[0]["text/html"].startswith("<div style=")


# Progress


def test_progress_shows_what_is_done(capsys):
    store.record("06-output-size", "right")
    ex.quiz.answer(1, "b")
    ex.quiz.answer(2, "c")
    capsys.readouterr()
    progress()
    said = capsys.readouterr().out
    assert "bài tập 1/8, câu hỏi 1/5" in said and "✔ 06-output-size" in said and "○ 06-pool" in said
    assert [name for name in chapters() if name not in said] == []


@given(st.binary(max_size=40), st.integers(0, 200), st.booleans())
def test_damage_loses_nothing_readable(noise, place, cut):
    good = json.dumps({"06-output-size": "right", "06-pool": "tried", "06-quiz-1": "right"}, indent=1).encode()
    place = min(place, len(good))
    entries, _ = store._parse(good[:place] + noise + (b"" if cut else good[place:]))
    for key in ("06-output-size", "06-pool", "06-quiz-1"):
        if f'"{key}": "'.encode() in good[:place] and good.index(key.encode()) + len(key) + 12 <= place:
            assert entries[key] in ("right", "tried")
    assert all(isinstance(value, str) for value in entries.values())


def test_a_damaged_file_is_kept_beside(capsys):
    file = store.path()
    store.record("a", "right")
    file.write_bytes(file.read_bytes()[:-3] + b"\xff\x00{[")
    damaged = file.read_bytes()
    store.record("b", "tried")
    assert store.load() == {"a": "right", "b": "tried"}
    assert file.with_name("progress.json.bad").read_bytes() == damaged
    file.write_text("[" * 100_000)
    assert store.load() == {}
    store.record("c", "right")
    assert store.load() == {"c": "right"}


def test_what_cannot_be_written_never_raises(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    for place in (tmp_path, tmp_path / "file" / "progress.json"):
        monkeypatch.setenv("D2L_VN_PROGRESS", str(place))
        store.record("a", "right")
        assert store.load() == {}
        progress()


def test_entries_of_a_newer_version_stay():
    store.record("a", "right")
    store.path().write_text('{"a": "right", "new": "something"}')
    store.record("b", "tried")
    assert store.load() == {"a": "right", "b": "tried", "new": "something"}


def test_two_notebooks_may_write_at_once():
    def note(name):
        for i in range(20):
            store.record(f"{name}-{i}", "right")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(note, "ab"))
    assert len(store.load()) == 40


def test_the_core_knows_neither_exercises_nor_widgets():
    for path in Path(d2l_vn.__file__).parent.glob("[!_]*.py"):  # __init__.py names them, for `d2l_vn.widgets`
        assert not re.search("import.*(exercises|widget)|from .(exercises|widgets)", path.read_text("utf-8")), path
