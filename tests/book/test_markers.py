"""The words of one edition, and recorded values in the number format of each language."""

import json
from pathlib import Path

import pytest

from book.tools.markers import Results, choose, choose_all, code_problems, number


def test_words_are_chosen_by_language() -> None:
    source = 'plt.xlabel("«epoch thứ|epoch no.»")  # «trục ngang|the axis»'
    assert choose(source, "vi") == 'plt.xlabel("epoch thứ")  # trục ngang'
    assert choose(source, "en") == 'plt.xlabel("epoch no.")  # the axis'
    assert choose_all({"alt": ["«hai|two»", 3]}, "en") == {"alt": ["two", 3]}


@pytest.mark.parametrize(
    "code",
    [
        'x = "«a|b»"',
        'f"«mất mát|loss» {x:.2f}"',
        'f"{x} «và|and» {y}"',
        '"""«dài\nhai dòng|long\ntwo lines»"""',
        "x = 1  # «chú thích|comment»",
        'print("«a|b»", "«c|d»")',
    ],
)
def test_good_markers_pass(code: str) -> None:
    assert not list(code_problems(code))


def test_a_quote_inside_the_words_is_found_in_the_edition_that_it_breaks() -> None:
    ((line, text),) = code_problems("x = 1\ny = '«một|it's»'")
    assert line == 1
    assert "en edition" in text


@pytest.mark.parametrize(
    ("text", "vi", "en"),
    [
        ("0.87", "0,87", "0.87"),
        ("46,764,746", "46\u202f764\u202f746", "46\u202f764\u202f746"),
        ("1,234.5", "1\u202f234,5", "1\u202f234.5"),
        ("87.1%", "87,1%", "87.1%"),
        ("-0.5", "-0,5", "-0.5"),
        ("2.15.0", "2.15.0", "2.15.0"),
        ("AMD EPYC, 2.4 GHz", "AMD EPYC, 2.4 GHz", "AMD EPYC, 2.4 GHz"),
    ],
)
def test_numbers_are_written_as_the_language_writes_them(text: str, vi: str, en: str) -> None:
    assert (number(text, "vi"), number(text, "en")) == (vi, en)


def test_recorded_values_fill_the_text(tmp_path: Path) -> None:
    (tmp_path / "lenet-relu.json").write_text(json.dumps({"test_accuracy": 0.8731, "history": {"loss": [2.3, 0.4]}}))
    results = Results(tmp_path)
    text = "‹lenet-relu.test_accuracy:.2f› ‹lenet-relu.history.loss.1› ‹lenet-relu.test_accuracy:.1%›"
    assert results.fill(text, "vi") == "0,87 0,4 87,3%"
    assert results.fill(text, "en") == "0.87 0.4 87.3%"


def test_a_star_is_the_mean_over_the_seeds(tmp_path: Path) -> None:
    for name, accuracy in {"mlp-seed0": 0.25, "mlp-seed1": 0.5, "mlp-seed2": 1.5, "mlp-seeds": 9, "mlp-drop-seed0": 9}.items():
        (tmp_path / f"{name}.json").write_text(json.dumps({"test_accuracy": accuracy}))
    results = Results(tmp_path)
    assert results.fill("‹mlp-seed*.test_accuracy:.2f›", "vi") == "0,75"
    for few in ("mlp-drop-seed*", "lenet-seed*"):  # one run has no mean, and none even less
        with pytest.raises(KeyError, match=r"seed\*"):
            results.value(f"{few}.test_accuracy")
