"""Explorables on the side of Python: what can be set, what is refused, what a page gets, what happens without anywidget."""

import html
import json
import re

import numpy as np
import pytest
import torch

import d2l_vn

from .conftest import start

anywidget = pytest.importorskip("anywidget")
EXAMPLE = [[1, 2, 3, 4, 8], [7, 0, 9, 18, 12], [5, 4, 6, 0, 9], [10, 5, 22, 33, 6], [8, 80, 66, 6, 55]]


def convolution(**state):
    return d2l_vn.widgets.Convolution(**state)


def test_arrays_tensors_and_lists_are_taken_and_given_back_as_lists():
    w = convolution(kernel=np.array([[1, 2], [3, 4]]), stride=2)
    assert w.image == [EXAMPLE] and w.kernel == [[[1, 2], [3, 4]]]
    w.image = torch.rand(3, 4, 6)
    assert w.channels == 3 and w.kernel == [[[1, 2], [3, 4]]] * 3
    w.kernel = torch.ones(3, 1, 1)
    w.channels = 1
    assert np.shape(w.image) == (1, 4, 6) and w.kernel == [[[1]]]
    w.image = "boot"
    assert np.shape(w.image) == (1, 28, 28) and np.max(w.image) == 255
    w.channels = 3
    assert np.shape(w.image) == (3, 28, 28) and np.shape(w.kernel) == (3, 1, 1)


@pytest.mark.parametrize("state", [
    {"image": []}, {"image": [1, 2]}, {"image": [[1, 2], [3]]}, {"image": np.zeros((65, 5))}, {"image": np.zeros((2, 5, 5))}, {"image": "nobody"},
    {"image": [[float("nan")]]}, {"image": [[float("inf")]]}, {"image": [["x"]]}, {"image": None}, {"kernel": [[1, 2]]}, {"kernel": np.zeros((12, 12))},
    {"kernel": [[1e7]]}, {"stride": 0}, {"stride": 1.5}, {"padding": -1}, {"position": [1]}, {"position": [-1, 0]}, {"channels": 2}, {"language": "fr"}])
def test_what_cannot_be_shown_is_refused(state):
    with pytest.raises((ValueError, d2l_vn.widgets.explorable.traitlets.TraitError)):
        convolution(**state)
    w = convolution()
    before = w.state()
    for name, value in state.items():
        with pytest.raises((ValueError, d2l_vn.widgets.explorable.traitlets.TraitError)):
            setattr(w, name, value)
    assert w.state() == before


def test_a_change_from_the_page_arrives_as_a_whole():
    w = convolution()
    w.set_state({"channels": 3, "image": [[[1, 2]], [[3, 4]], [[5, 6]]], "kernel": [[[1]], [[2]], [[3]]]})
    assert (w.channels, w.image, w.kernel) == (3, [[[1, 2]], [[3, 4]], [[5, 6]]], [[[1]], [[2]], [[3]]])


def test_notebook_and_page_get_the_same_state_and_no_address():
    shown = convolution(image="bag", kernel=[[1 / 3]], language="en")._repr_mimebundle_()[0]
    again = convolution(image="bag", kernel=[[1 / 3]], language="en")._repr_mimebundle_()[0]
    assert "application/vnd.jupyter.widget-view+json" in shown
    assert shown["text/plain"] == "Convolution()" and shown["text/html"] == again["text/html"]
    place = re.fullmatch(r'<div class="d2l-explorable" data-explorable="convolution" data-state="([^"]*)">([^<]*)</div>', shown["text/html"])
    state = json.loads(html.unescape(place[1]))
    assert set(state) == {"image", "kernel", "stride", "padding", "flip", "channels", "position", "language"}
    assert state["kernel"] == [[[1 / 3]]] and len(shown["text/html"]) < 8000


def test_the_language_is_that_of_the_package(monkeypatch):
    monkeypatch.setattr(d2l_vn.language, "_chosen", "en")
    assert convolution().language == "en"


def test_without_anywidget_there_is_a_sentence():
    code = """
import sys
sys.modules["anywidget"] = None
import d2l_vn
d2l_vn.set_language("vi")
w = d2l_vn.widgets.Convolution(stride=2)
w.kernel = [[1]]
print(w, w.stride)
d2l_vn.set_language("en")
print(w)
"""
    out, err = start("-c", code).communicate(timeout=120)
    assert "pip install anywidget" in out and "cần gói anywidget" in out and "needs the package anywidget" in out, err
    assert err == ""
