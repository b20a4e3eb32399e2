"""What must hold for every exercise of every chapter; a new module is tested by being there."""

import ast
import json
import re
from pathlib import Path

import jupytext
import pytest

import d2l_vn
from book.tools import CHAPTERS, LANGUAGES
from book.tools.markers import choose
from d2l_vn.exercises import Quiz, chapters, find
from d2l_vn.exercises.catalogue import exercises
from d2l_vn.exercises.engine import SEED

from . import mutants

ALL = {id: exercise for module in chapters().values() for id, exercise in exercises(module).items()}
QUIZZES = {name: module.quiz for name, module in chapters().items()}
WRONG = [(id, i) for id, exercise in ALL.items() for i in range(len(exercise.wrong))]
LETTERS = re.compile("[ăâđêôơưáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ]", re.I)


def verdict(exercise, answer, seed=SEED):
    cases = exercise.cases(seed)
    return exercise.judge(cases, exercise.collect_all(answer, cases))


def code_of(chapter):
    return [cell for cell in jupytext.read(CHAPTERS / f"{chapter}.md").cells if cell.cell_type == "code"]


def stubs(chapter):
    return {tag.removeprefix("exercise-"): cell.source for cell in code_of(chapter)
            for tag in cell.metadata.get("tags", []) if tag.startswith("exercise-")}


def both_differ(pair):
    vi, en = pair
    assert vi and en and not LETTERS.search(en), pair
    assert vi != en or not re.search("[a-z]{3}", vi), pair
    assert LETTERS.search(vi) or not re.search("[A-Za-z]{3}", vi), pair
    assert sorted(set(re.findall("`[^`]+`", vi))) == sorted(set(re.findall("`[^`]+`", en))), pair
    assert not re.search(r"lớp (ẩn|tích chập|gộp|kết nối|đầu)|đào tạo|tỷ lệ|hoá", vi), pair


def test_there_are_exercises():
    assert len(chapters()) >= 1 and len(ALL) >= 8


@pytest.mark.parametrize("id", ALL)
def test_id_belongs_to_its_chapter_and_name(id):
    module = next(module for module in chapters().values() if id in exercises(module))
    assert id == f"{module.CHAPTER[:2]}-{ALL[id].name.replace('_', '-')}"
    assert getattr(module, ALL[id].name) is ALL[id] is find(id)


@pytest.mark.parametrize("chapter", chapters())
def test_chapter_has_a_stub_and_a_check_for_each_exercise(chapter):
    module, cells = chapters()[chapter], code_of(chapter)
    assert set(stubs(chapter)) == set(exercises(module))
    texts = [cell.source for cell in cells]
    for id, exercise in exercises(module).items():
        place = texts.index(stubs(chapter)[id])
        assert f".{exercise.name}.check({exercise.name})" in texts[place + 1]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("id", ALL)
def test_stub_runs_and_is_not_attempted(id, lang, capsys, monkeypatch):
    """Setup, stub and check cell, as a notebook runs them: kind words, nothing recorded, no exception."""
    chapter = next(name for name, module in chapters().items() if id in exercises(module))
    texts = [cell.source for cell in code_of(chapter)]
    setup = next(c.source for c in code_of(chapter) if "setup" in c.metadata.get("tags", []))
    place = texts.index(stubs(chapter)[id])
    space = {}
    for text in (setup, texts[place], texts[place + 1]):
        exec(choose(text, lang), space)
    assert capsys.readouterr().out.startswith({"vi": "Bạn chưa làm", "en": "Not attempted"}[lang])
    assert d2l_vn.exercises.store.load() == {}


@pytest.mark.parametrize("id", ALL)
def test_reference_passes_and_so_does_what_solution_shows(id):
    exercise = ALL[id]
    space = dict(exercise.reference.__globals__)
    exec(exercise.source(), space)
    assert ":" not in exercise.source().partition("\n")[0].rstrip(":")  # no type hints
    for seed in (SEED, 1, 2, 3):
        assert verdict(exercise, exercise.reference, seed).right
        assert verdict(exercise, space[exercise.name], seed).right


@pytest.mark.parametrize("id, i", WRONG)
def test_wrong_answer_fails_with_its_own_message(id, i):
    exercise, wrong = ALL[id], ALL[id].wrong[i]
    for lang, message in (("vi", wrong.vi), ("en", wrong.en)):
        d2l_vn.set_language(lang)
        result = verdict(exercise, wrong.answer)
        assert result.status == "wrong" and result.text.splitlines()[0] == message
    for seed in (1, 2, 3):
        assert verdict(exercise, wrong.answer, seed).text.splitlines()[0] == wrong.en


@pytest.mark.parametrize("id", ALL)
def test_wrong_answers_run_on_all_cases(id):
    """But for matrices that fit only in the first, smallest case: there a wrong answer fails as a student's does."""
    for wrong in ALL[id].wrong:
        first, *others = [ALL[id].collect(wrong.answer, case) for case in ALL[id].cases(SEED)]
        assert first["status"] == "value"
        for output in others:
            assert output["status"] == "value" or re.search("shapes|size of tensor", output["text"]), output


@pytest.mark.parametrize("id", ALL)
def test_words_exist_in_both_languages(id):
    exercise = ALL[id]
    assert len(exercise.hints) >= 2 and len(exercise.wrong) >= 3
    for pair in (*exercise.hints, exercise.why, *((wrong.vi, wrong.en) for wrong in exercise.wrong)):
        both_differ(pair)
    messages = [wrong.vi for wrong in exercise.wrong]
    assert len(set(messages)) == len(messages)


@pytest.mark.parametrize("id", ALL)
def test_hints_do_not_contain_the_solution(id):
    """No hint holds what a line of the solution assigns or returns, but for the shortest."""
    squeeze = re.compile(r"[\s`]")
    hints = squeeze.sub("", " ".join(text for pair in ALL[id].hints for text in pair))
    lines = [node.value for node in ast.walk(ast.parse(ALL[id].source())) if isinstance(node, ast.Assign | ast.Return)]
    parts = [part for line in lines for part in (line.elts if isinstance(line, ast.Tuple) else [line])]
    for text in (squeeze.sub("", ast.unparse(part)) for part in parts):
        assert len(text) < 12 or text not in hints, text


@pytest.mark.parametrize("id", ALL)
def test_cases_are_seeded_plain_and_small_ones_come_first(id):
    cases = ALL[id].cases(7)
    assert json.loads(json.dumps(cases)) == json.loads(json.dumps(ALL[id].cases(7)))
    assert cases != ALL[id].cases(8)
    assert len(json.dumps(cases[0])) <= len(json.dumps(cases[-1]))


@pytest.mark.parametrize("id", ALL)
def test_mutants_are_rejected(id):
    total, survivors = mutants.survey(ALL[id], seeds=5)
    assert total >= 3 and len(survivors) <= (1 - mutants.LEAST) * total, survivors


@pytest.mark.parametrize("chapter", QUIZZES)
def test_quiz(chapter):
    quiz = QUIZZES[chapter]
    assert isinstance(quiz, Quiz) and quiz.chapter == chapter and len(quiz.questions) == 5
    for question in quiz.questions:
        assert len(question.choices) >= 3 and sum(choice.right for choice in question.choices) == 1
        both_differ(question.text)
        for choice in question.choices:
            both_differ(choice.why)
        assert len({choice.text for choice in question.choices}) == len(question.choices)
    assert len({question.right for question in quiz.questions}) > 1  # not always the same letter
    assert any("quiz" in cell.source for cell in code_of(chapter))


def test_what_the_engine_says_it_says_in_both_languages():
    pairs = 0
    for path in Path(d2l_vn.exercises.__file__).parent.glob("*.py"):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if getattr(getattr(call, "func", None), "id", "") in ("say", "require") and not isinstance(call.args[-1], ast.Starred):
                vi, en = (ast.unparse(argument) for argument in call.args[-2:])
                if LETTERS.search(vi + en):
                    assert LETTERS.search(vi) and not LETTERS.search(en), f"{path.name}:{call.lineno}"
                    pairs += 1
    assert pairs > 40
