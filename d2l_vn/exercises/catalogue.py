"""Find chapters and exercises, and say what is done: a new module in this folder is found by itself."""

import importlib
import pkgutil
from types import ModuleType

from ..language import say
from . import store, view
from .engine import Exercise
from .quiz import Quiz


def chapters() -> dict[str, ModuleType]:
    """Return the modules of exercises by the name of their chapter, such as ``06-cnn-and-lenet``, in order."""
    package = __name__.rpartition(".")[0]
    folder = importlib.import_module(package).__path__
    names = [info.name for info in pkgutil.iter_modules(folder) if not info.name.startswith("_")]
    modules = [importlib.import_module(f"{package}.{name}") for name in names]
    found = {module.CHAPTER: module for module in modules if hasattr(module, "CHAPTER")}
    return dict(sorted(found.items()))


def exercises(module: ModuleType) -> dict[str, Exercise]:
    """Return the exercises of a chapter by id, in the order in which the module defines them."""
    return {value.id: value for value in vars(module).values() if isinstance(value, Exercise)}


def find(id: str) -> Exercise:
    """Return an exercise by its id, such as ``06-output-size``; raises KeyError if there is none."""
    return {key: value for module in chapters().values() for key, value in exercises(module).items()}[id]


def progress() -> None:
    """Show what is done, chapter by chapter: exercises and quiz questions."""
    done, lines = store.load(), []
    for name, module in chapters().items():
        marks = [(key, done.get(key, "")) for key in exercises(module)]
        quiz = getattr(module, "quiz", None)
        right = sum(done.get(key) == "right" for key in quiz.keys) if isinstance(quiz, Quiz) else 0
        total = len(quiz.keys) if isinstance(quiz, Quiz) else 0
        solved = sum(state == "right" for _, state in marks)
        lines.append(say(f"`{name}`: bài tập {solved}/{len(marks)}, câu hỏi {right}/{total}",
                         f"`{name}`: exercises {solved}/{len(marks)}, questions {right}/{total}"))
        signs = {"right": "✔", "tried": "…"}
        lines.append(" · ".join(f"{signs.get(state, '○')} {key}" for key, state in marks))
    lines.append(say(f"✔ xong, … đã thử, ○ chưa làm. Ghi trong `{store.path()}`, chỉ trên máy này.",
                     f"✔ done, … tried, ○ not yet. Kept in `{store.path()}`, on this machine only."))
    view.show("\n".join(lines))
