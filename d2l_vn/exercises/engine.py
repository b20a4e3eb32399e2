"""The exercise: a small object made of a reference solution, hints, cases and a catalogue of wrong answers.

``cases`` gives plain inputs, ``collect`` runs an answer on them, ``judge`` runs nothing of the student's. ``check``
composes the three in a notebook; the grader runs ``collect`` in a sandbox and ``judge`` in its own process.
"""

import ast
import inspect
import linecache
import math
import random
import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from ..language import say
from . import store, view
from .limits import TooSlow, has_timer, quiet, time_limit
from .values import Output, plain, quoted, same, shape_text, shapes, shown, transposed, written

Answer = Callable[..., Any]
Case = dict[str, Any]  # the arguments by name: numbers, strings and nested lists of numbers
Words = tuple[str, str]  # Vietnamese, English
SEED = 2012
SECONDS = 5.0  # for one call of a student's function


@dataclass(frozen=True)
class Verdict:
    """What there is to say about an answer: the step at which it failed, or ``right``, and the feedback."""

    status: str  # blank, wrong, error, slow, type, shape, value, right
    text: str

    @property
    def right(self) -> bool:
        """Whether the answer passed."""
        return self.status == "right"


@dataclass(frozen=True)
class Wrong:
    """A wrong answer that students give, and what to tell them: no more than names the mistake."""

    answer: Answer
    vi: str
    en: str


class Exercise:
    """One exercise; made by the decorator ``exercise`` from its reference solution."""

    def __init__(
        self, id: str, reference: Answer, inputs: Callable[[random.Random], Iterable[Sequence[Any]]],
        hints: Sequence[Words], wrong: Sequence[Wrong], why: Words, tensors: str, tolerance: float,
    ) -> None:
        self.id, self.reference, self.name = id, reference, reference.__name__
        self.hints, self.wrong, self.why = hints, wrong, why
        self._inputs, self._tensors, self._tolerance = inputs, tensors.split(), tolerance
        self._hints_given, self._asked = 0, False

    def __repr__(self) -> str:
        return say(f"Bài tập {self.id}: check({self.name}), hint(), solution()",
                   f"Exercise {self.id}: check({self.name}), hint(), solution()")

    # The three steps

    def cases(self, seed: int) -> list[Case]:
        """Return the inputs, plain data, the smallest first."""
        names = list(inspect.signature(self.reference).parameters)
        made = [dict(zip(names, inputs, strict=True)) for inputs in self._inputs(random.Random(seed))]  # noqa: S311
        return sorted(made, key=lambda case: _size(list(case.values())))

    def collect(self, answer: Answer, case: Case, seconds: float = SECONDS) -> Output:
        """Run an answer on one case; return plain data whatever happens, but for an interrupt from the keyboard."""
        arguments = [torch.tensor(v) if name in self._tensors else _copy(v) for name, v in case.items()]
        try:
            with quiet() as sink, time_limit(seconds):
                try:
                    value = answer(*arguments)
                except NotImplementedError:
                    value = ...
                return {**plain(value), "printed": sink.used}
        except TooSlow:
            return {"status": "slow"}
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # SystemExit, too, must not end the notebook
            return _failure(error, answer)

    def judge(self, cases: Sequence[Case], outputs: Sequence[Output]) -> Verdict:
        """Say what is right or wrong with the outputs of an answer, of which one may be missing after a slow one."""
        if outputs[0]["status"] == "blank":
            return Verdict("blank", say("Bạn chưa làm bài này. Hãy viết mã vào hàm, thay cho `return ...`.",
                                        "Not attempted yet. Write your code in the function, in place of `return ...`."))
        expected = [self.collect(self.reference, case) for case in cases]
        fits = [same(a, b, self._tolerance) for a, b in zip(outputs, expected, strict=False)]
        if all(fits) and len(fits) == len(cases):
            return Verdict("right", say(f"Đúng: hàm qua cả {len(cases)} trường hợp.",
                                        f"Right: the function passes all {len(cases)} cases."))
        first = fits.index(False)
        example = self._example(cases[first], outputs[first], expected[first])
        if (mistake := self._named(cases, outputs)) is not None:
            return Verdict("wrong", f"{say(mistake.vi, mistake.en)}\n{example}")
        output, wanted = outputs[first], expected[first]
        if output["status"] != "value":
            return Verdict(*_no_value(output, self._call(cases[first]), wanted))
        if shapes(output) != shapes(wanted):
            return Verdict("shape", f"{_wrong_shape(output, wanted)}\n{example}")
        if odd := _not_finite(output, wanted):
            return Verdict("value", f"{odd}\n{example}")
        if any(output["status"] != "value" for output in outputs):
            return Verdict("value", example)
        values = [transposed(output) for output in outputs]
        flipped = all(same(a, b, self._tolerance) for a, b in zip(values, expected, strict=True))
        return Verdict("value", example if not flipped else example + "\n" + say(
            "Các số đều đúng nhưng hàng và cột đổi chỗ cho nhau: bạn có chuyển vị không?",
            "The numbers are right, but rows and columns have changed places: did you transpose?"))

    # For the student

    def check(self, answer: Answer) -> None:
        """Say whether an answer (the function itself) is right, and if not, why."""
        if not callable(answer):
            view.show(say(f"Hãy đưa chính hàm, không gọi nó: `check({self.name})`. Bạn vừa đưa một `{type(answer).__name__}`.",
                          f"Pass the function itself, do not call it: `check({self.name})`. You passed a `{type(answer).__name__}`."),
                      "wrong")
            return
        if not has_timer():
            view.show(say("Ở đây không có tín hiệu hẹn giờ: nếu hàm chạy mãi không dừng, hãy bấm nút ngắt kernel.",
                          "There is no timer signal here: if the function never ends, interrupt the kernel."))
        cases = self.cases(SEED)
        verdict = self.judge(cases, self.collect_all(answer, cases))
        self._asked |= verdict.right  # who has solved it need not be asked before seeing the solution
        if verdict.status != "blank":
            store.record(self.id, "right" if verdict.right else "tried")
        signs = {"right": "✔ ", "blank": ""}
        moods = {"right": "right", "blank": "info"}
        view.show(signs.get(verdict.status, "✘ ") + verdict.text, moods.get(verdict.status, "wrong"))

    def collect_all(self, answer: Answer, cases: Sequence[Case], seconds: float = SECONDS) -> list[Output]:
        """Run an answer on one case after another, up to the first that takes too long."""
        outputs = []
        for case in cases:
            outputs.append(self.collect(answer, case, seconds))
            if outputs[-1]["status"] == "slow":
                break
        return outputs

    def hint(self) -> None:
        """Give one more hint each time."""
        self._hints_given = min(self._hints_given + 1, len(self.hints))
        lines = [f"{i}/{len(self.hints)}. {say(*words)}" for i, words in enumerate(self.hints[: self._hints_given], 1)]
        if self._hints_given == len(self.hints):
            lines.append(say("Đó là tất cả gợi ý. Vẫn chưa ra thì xem `solution()`.",
                             "These are all the hints. If it still does not work, see `solution()`."))
        view.show("\n".join(lines))

    def solution(self) -> None:
        """Ask once whether it is time; the second call shows code and explanation."""
        if not self._asked:
            self._asked = True
            view.show(say("Bạn đã tự thử chưa? Muốn xem lời giải, hãy gọi `solution()` một lần nữa.",
                          "Have you tried it yourself? To see the solution, call `solution()` once more."))
            return
        view.show(say(*self.why), code=self.source())

    def source(self) -> str:
        """Return the code of the reference solution, without decorator, docstring and type hints."""
        text = textwrap.dedent(inspect.getsource(self.reference))
        function = next(node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef))
        body = function.body[1:] if ast.get_docstring(function) else function.body
        lines = text.splitlines()[body[0].lineno - 1 : function.end_lineno]
        return f"def {self.name}({', '.join(inspect.signature(self.reference).parameters)}):\n" + "\n".join(lines)

    # The words of the feedback

    def _named(self, cases: Sequence[Case], outputs: Sequence[Output]) -> Wrong | None:
        """Return the catalogued mistake that gives the very same outputs."""
        if len(outputs) < len(cases):
            return None
        for mistake in self.wrong:
            if all(same(a, self.collect(mistake.answer, case), self._tolerance)
                   for a, case in zip(outputs, cases, strict=True)):
                return mistake
        return None

    def _call(self, case: Case) -> str:
        """Write a call that can be copied and run."""
        values = {name: f"torch.tensor({written(v)})" if name in self._tensors else written(v) for name, v in case.items()}
        return f"`{self.name}({', '.join(f'{name}={value}' for name, value in values.items())})`"

    def _example(self, case: Case, output: Output, expected: Output) -> str:
        if output["status"] != "value":
            return _no_value(output, self._call(case), expected)[1]
        got, right = shown(output), shown(expected)
        return say(f"Với {self._call(case)}, hàm trả về `{got}`; đúng ra là `{right}`.",
                   f"For {self._call(case)} the function returns `{got}`; right is `{right}`.")


def exercise(
    id: str, *, cases: Callable[[random.Random], Iterable[Sequence[Any]]], hints: Sequence[Words],
    wrong: Sequence[tuple[Answer, str, str]], why: Words, tensors: str = "", tolerance: float = 1e-4,
) -> Callable[[Answer], Exercise]:
    """Make an exercise of a reference solution.

    Args:
        id: number of the chapter and name, ``06-output-size``; the stub cell has the tag ``exercise-06-output-size``.
        cases: gives the arguments of each call, plain data, small and large, the special ones first.
        hints: one after the other, in both languages; none holds the solution.
        wrong: wrong answers, each a function with what to tell the student in Vietnamese and in English.
        why: the explanation that stands above the solution.
        tensors: names of the arguments that students get as tensors.
        tolerance: relative, and absolute for numbers below 1; whole numbers are compared exactly.
    """
    return lambda reference: Exercise(
        id, reference, cases, hints, [Wrong(*entry) for entry in wrong], why, tensors, tolerance)


def _size(value: Any) -> tuple[int, float]:
    """Order cases: few numbers before many, small before large."""
    if isinstance(value, list | tuple):
        sizes = [_size(item) for item in value]
        return sum(n for n, _ in sizes), sum(size for _, size in sizes)
    return 1, float(abs(value)) if isinstance(value, int | float) else 0.0


def _copy(value: Any) -> Any:
    return [_copy(item) for item in value] if isinstance(value, list | tuple) else value


def _failure(error: BaseException, answer: Answer) -> Output:
    """Describe an exception, and the last line of the student's own code it passed."""
    output: Output = {"status": "error", "name": quoted(type(error).__name__), "text": ""}
    try:
        output["text"] = quoted(str(error))
        file, trace = inspect.unwrap(answer).__code__.co_filename, error.__traceback__
        while trace:
            if trace.tb_frame.f_code.co_filename == file:
                output["line"] = trace.tb_lineno
            trace = trace.tb_next
        if "line" in output:
            output["source"] = quoted(linecache.getline(file, output["line"]))
    except Exception:  # noqa: S110 (an exception may raise another when it is asked for its words)
        pass
    return output


def _no_value(output: Output, call: str, expected: Output) -> tuple[str, str]:
    """Return status and feedback for an output that holds no numbers."""
    status, what = output["status"], _expected_kind(shapes(expected))
    if status == "slow":
        return "slow", say(f"Với {call}, hàm chạy quá lâu nên bị ngắt: có vòng lặp nào không bao giờ dừng không?",
                           f"For {call} the function took too long and was stopped: is there a loop that never ends?")
    if status == "error":
        where = ""
        if "line" in output:
            code = f": `{output['source']}`" if output.get("source") else ""
            where = say(f" ở dòng {output['line']}{code}", f" in line {output['line']}{code}")
        name = f"`{output['name']}: {output['text']}`"
        return "error", say(f"Với {call}, mã báo lỗi{where}.\n{name}", f"For {call} the code fails{where}.\n{name}")
    if status == "none" and output["printed"]:
        return "type", say(f"Với {call}, hàm in ra bằng `print` nhưng không trả về gì. `print` chỉ cho bạn xem giá trị; `return` mới đưa nó ra khỏi hàm. Cần {what}.",
                           f"For {call} the function prints something but returns nothing. `print` only shows you a value; `return` hands it back. Expected {what}.")
    if status in ("none", "blank"):
        return "type", say(f"Với {call}, hàm không trả về gì: bạn có quên `return` không? Cần {what}.",
                           f"For {call} the function returns nothing: did you forget `return`? Expected {what}.")
    return "type", say(f"Với {call}, hàm trả về kiểu `{output['name']}`; cần {what}.",
                       f"For {call} the function returns a `{output['name']}`; expected {what}.")


def _expected_kind(wanted: list[list[int]]) -> str:
    """Say in words what a function should have returned; a beginner's list of numbers is not called a tensor."""
    if len(wanted) > 1:
        return say(f"{len(wanted)} kết quả, chẳng hạn {len(wanted)} danh sách", f"{len(wanted)} results, {len(wanted)} lists for example")
    if not wanted[0]:
        return say("một số", "a number")
    if len(wanted[0]) == 1:
        return say(f"một dãy {wanted[0][0]} số, danh sách hay tensor đều được",
                   f"a row of {wanted[0][0]} numbers, a list or a tensor")
    return say(f"một tensor kích thước {shape_text(wanted[0])}", f"a tensor of shape {shape_text(wanted[0])}")


def _not_finite(output: Output, expected: Output) -> str:
    """Explain the first NaN or infinity that should not be there, "" if there is none."""
    pairs = [pair for a, b in zip(output["parts"], expected["parts"], strict=True)
             for pair in zip(a["values"], b["values"], strict=False)]
    odd = next((a for a, b in pairs if not math.isfinite(a) and math.isfinite(b)), 0.0)
    if math.isnan(odd):
        return say("Kết quả có `nan`, nghĩa là “không phải số”: thường do chia 0 cho 0, trừ hai vô cực cho nhau, hoặc lấy logarit của số âm.",
                   "The result holds `nan`, “not a number”: mostly from dividing 0 by 0, subtracting infinities, or the logarithm of a negative number.")
    if math.isinf(odd):
        return say("Kết quả có `inf`, nghĩa là vô cực: thường do chia cho 0, lấy logarit của 0, hoặc e mũ một số quá lớn.",
                   "The result holds `inf`, infinity: mostly from dividing by 0, the logarithm of 0, or e to the power of a number too large.")
    return ""


def _wrong_shape(output: Output, expected: Output) -> str:
    """Name the difference between two shapes."""
    got, right = shapes(output), shapes(expected)
    if len(right) == 1 and len(right[0]) == 2 and len(got) > 1 and all(len(row) == 1 for row in got):  # a list of rows
        lengths = ", ".join(str(row[0]) for row in got)
        return say(f"Các hàng của kết quả dài ngắn khác nhau ({lengths}); mọi hàng của một ma trận phải dài bằng nhau.",
                   f"The rows of the result differ in length ({lengths}); all rows of a matrix are equally long.")
    if len(got) != len(right):
        return say(f"Hàm trả về {len(got)} giá trị, cần {len(right)}.", f"The number of values that the function returns is {len(got)}, not {len(right)}.")
    a, b = next((a, b) for a, b in zip(got, right, strict=True) if a != b)
    if not b:
        text = say(f"Kích thước {shape_text(a)}; cần một số duy nhất.", f"Shape {shape_text(a)}; expected a single number.")
    else:
        text = say(f"Kích thước {shape_text(a)}, cần {shape_text(b)}.", f"Shape {shape_text(a)}, expected {shape_text(b)}.")
    if len(a) > 1 and a == b[::-1]:
        text += say(" Bạn có chuyển vị không?", " Did you transpose?")
    return text
