"""Exercises that answer, quizzes and progress: one module per chapter, and the engine they share.

In a notebook, under a stub cell::

    from d2l_vn.exercises import cnn_and_lenet as ex
    ex.output_size.check(output_size)     # right or not, and why
    ex.output_size.hint()                 # one more each time
    ex.output_size.solution()             # asks once, then shows code and explanation

For teachers: ``python -m d2l_vn.exercises grade --help``.
"""

from .catalogue import chapters, find, progress
from .engine import Exercise, Verdict, exercise
from .quiz import Choice, Question, Quiz

__all__ = ["Choice", "Exercise", "Question", "Quiz", "Verdict", "chapters", "exercise", "find", "progress"]
