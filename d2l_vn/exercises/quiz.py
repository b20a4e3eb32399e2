"""The quiz of a chapter: a widget in a notebook and on the page, plain text where there are no widgets."""

import html
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..language import require, say
from ..progress import kernel
from . import store, view

MODULE = Path(__file__).parents[1] / "widgets" / "quiz.mjs"
Words = tuple[str, str]  # Vietnamese, English


@dataclass(frozen=True)
class Choice:
    """A possible answer, and why it is right or wrong; one of each question is right."""

    text: Words
    why: Words
    right: bool = False


@dataclass(frozen=True)
class Question:
    """A question with its choices, which are lettered a, b, c …"""

    text: Words
    choices: Sequence[Choice]

    @property
    def right(self) -> int:
        """The position of the right choice."""
        return next(i for i, choice in enumerate(self.choices) if choice.right)


class Quiz:
    """A few questions. The last line of a cell shows them; ``quiz.answer(1, "b")`` answers without a mouse."""

    def __init__(self, chapter: str, questions: Sequence[Question]) -> None:
        self.chapter, self.questions = chapter, questions
        self.keys = [f"{chapter[:2]}-quiz-{i}" for i in range(1, len(questions) + 1)]

    def answer(self, number: int, letter: str) -> None:
        """Answer question ``number`` (from 1) with choice ``letter``; say whether it is right, and why."""
        n = len(self.questions)
        letter = str(letter).strip().lower()
        require(isinstance(number, int) and number in range(1, n + 1), f"`number` phải từ 1 đến {n}, không phải {number!r}",
                f"`number` must be from 1 to {n}, not {number!r}")
        choices = self.questions[number - 1].choices
        letters = "abcdefgh"[: len(choices)]
        require(letter in tuple(letters), f"`letter` phải là một trong các chữ {', '.join(letters)}, không phải {letter!r}",
                f"`letter` must be one of {', '.join(letters)}, not {letter!r}")
        choice = choices[letters.index(letter)]
        self._record(number - 1, choice.right)
        view.show((say("✔ Đúng. ", "✔ Right. ") if choice.right else say("✘ Chưa đúng. ", "✘ Not right. "))
                  + say(*choice.why), "right" if choice.right else "wrong")

    def state(self) -> dict[str, Any]:
        """Return what the widget needs, as plain data in the chosen language."""
        return {
            "quiz": self.chapter[:2],
            "lang": say("vi", "en"),
            "questions": [
                {"text": say(*question.text), "right": question.right,
                 "choices": [{"text": say(*choice.text), "why": say(*choice.why)} for choice in question.choices]}
                for question in self.questions
            ],
        }

    def __repr__(self) -> str:
        lines = []
        for i, question in enumerate(self.questions, 1):
            lines.append(f"{i}. {say(*question.text)}")
            lines += [f"   {letter}) {say(*choice.text)}"
                      for letter, choice in zip("abcdefgh", question.choices, strict=False)]
        lines.append(say('Trả lời, chẳng hạn: quiz.answer(1, "b")', 'To answer, for example: quiz.answer(1, "b")'))
        return "\n".join(lines)

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        bundle: dict[str, Any] = {"text/plain": repr(self), "text/html": self.as_html()}
        if kernel() is not None and (widget := self._widget()) is not None:
            bundle |= widget._repr_mimebundle_()[0]
            bundle["text/plain"] = repr(self)  # not the widget's own
        return bundle

    def as_html(self) -> str:
        """Return the quiz for a static page: the data for the widget, and the questions where no script runs."""
        state = html.escape(json.dumps(self.state(), ensure_ascii=False), quote=True)
        questions = "".join(
            f"<li>{view.rich(say(*question.text))}<ol type=\"a\">"
            + "".join(f"<li>{view.rich(say(*choice.text))}</li>" for choice in question.choices) + "</ol></li>"
            for question in self.questions)
        line = say("Trả lời, chẳng hạn: `quiz.answer(1, \"b\")`", "To answer, for example: `quiz.answer(1, \"b\")`")
        return (f'<div class="d2l-explorable" data-explorable="quiz" data-state="{state}"><ol>{questions}</ol>'
                f"<p>{view.rich(line)}</p></div>")

    def _record(self, i: int, right: bool) -> None:
        store.record(self.keys[i], "right" if right else "tried")

    def _widget(self) -> Any | None:
        """Return a live widget that notes what is answered; None without anywidget."""
        try:
            import anywidget
            import traitlets
        except ImportError:
            return None
        names = {name: traitlets.Any(value).tag(sync=True) for name, value in self.state().items()}
        answers = traitlets.Dict().tag(sync=True)
        kind = type("QuizWidget", (anywidget.AnyWidget,), {"_esm": MODULE, "answers": answers, **names})
        widget = kind()

        def note(change: Any) -> None:
            for i, chosen in change["new"].items():
                if str(i).isdigit() and int(i) < len(self.questions):
                    self._record(int(i), chosen == self.questions[int(i)].right)

        widget.observe(note, names="answers")
        return widget
