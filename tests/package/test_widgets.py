"""Explorables on the side of Python: what can be set, what is refused, what a page gets, what happens without anywidget."""

import html
import json
import re
from pathlib import Path

import numpy as np
import pytest
import torch

import d2l_vn
from d2l_vn.widgets import garments, weights

from .conftest import start

anywidget = pytest.importorskip("anywidget")
REFUSAL = (ValueError, pytest.importorskip("traitlets").TraitError)
EXAMPLE = [[1, 2, 3, 4, 8], [7, 0, 9, 18, 12], [5, 4, 6, 0, 9], [10, 5, 22, 33, 6], [8, 80, 66, 6, 55]]


ROOT = Path(__file__).resolve().parents[2]


def convolution(**state):
    return d2l_vn.widgets.Convolution(**state)


def features(**state):
    return d2l_vn.widgets.Features(**state)


def network(**state):
    return d2l_vn.widgets.Network(**state)


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
    with pytest.raises(REFUSAL):
        convolution(**state)
    w = convolution()
    before = w.state()
    for name, value in state.items():
        with pytest.raises(REFUSAL):
            setattr(w, name, value)
    assert w.state() == before


@pytest.mark.parametrize("state", [
    {"garment": "hat"}, {"garment": 7}, {"shift": [0, 7]}, {"shift": [1]}, {"shift": [0.5, 0]}, {"stage": "conv3"}, {"map": 6}, {"map": -1},
    {"stage": "pool2", "map": 16}, {"stage": "pool2", "cell": [5, 0]}, {"cell": [0, 28]}, {"cell": [0]}, {"language": "fr"}])
def test_feature_maps_that_do_not_exist_are_refused(state):
    with pytest.raises(REFUSAL):
        features(**state)
    w = features()
    before = w.state()
    assert before == {"garment": "sneaker", "shift": [0, 0], "stage": "conv1", "map": 0, "cell": [14, 14], "language": "en"}
    name, value = list(state.items())[-1]
    w.stage = state["stage"] if len(state) > 1 else "conv1"
    with pytest.raises(REFUSAL):
        setattr(w, name, value)
    w.stage = "conv1"
    assert w.state() == before | ({"cell": [2, 2]} if len(state) > 1 else {})


def test_what_is_wrong_with_feature_maps_is_said_in_both_languages(monkeypatch):
    with pytest.raises(ValueError, match=r"choose one of .*'sneaker', 'bag', 'boot'"):
        features(garment="hat")
    with pytest.raises(ValueError, match="`map` must be from 0 to 5"):
        features(map=12)
    monkeypatch.setattr(d2l_vn.language, "_chosen", "vi")
    with pytest.raises(ValueError, match="`cell` phải nằm trong khoảng từ 0 đến 4"):
        features(stage="pool2", cell=[0, 5])


def test_a_stage_without_the_map_and_cell_starts_with_its_first_map_and_middle_cell():
    w = features(stage="conv2", map=12)
    assert w.cell == [5, 5]
    w.stage = "pool2"
    assert (w.map, w.cell) == (12, [2, 2])
    w.stage = "pool1"
    assert (w.map, w.cell) == (0, [2, 2])
    w.set_state({"stage": "conv2", "map": 15, "cell": [9, 0]})  # as the page sends it
    assert (w.stage, w.map, w.cell) == ("conv2", 15, [9, 0])


CHAPTER = {"x": [2, 1], "weights": [[[0.5, -1, 1], [1, 0.5, -0.5]], [[1], [2], [-1]]], "biases": [[-1, 0, 0.5], [0.5]],
           "activation": "sigmoid", "output": "sigmoid", "node": [1, 0], "language": "en"}


def test_a_network_takes_the_layers_of_torch_and_gives_back_lists():
    assert network().state() == CHAPTER
    layers = [torch.nn.Linear(4, 5), torch.nn.Linear(5, 2)]
    w = network(weights=[layer.weight.T for layer in layers], biases=[layer.bias for layer in layers], x=np.arange(4), node=[2, 1])
    assert w.weights == [layer.weight.T.tolist() for layer in layers] and w.biases == [layer.bias.tolist() for layer in layers]
    assert w.x == [0, 1, 2, 3] and json.loads(json.dumps(w.state())) == w.state()
    assert network(weights=np.ones((1, 3, 2))).state() == CHAPTER | {"weights": [[[1, 1]] * 3], "biases": [[0, 0]], "x": [0, 0, 0]}


def test_new_weights_keep_what_fits():
    w = network(node=[1, 2])
    w.weights = [[[1, 1, 1], [1, 1, 1]], [[3], [2], [1]]]
    assert (w.x, w.biases, w.node) == (CHAPTER["x"], CHAPTER["biases"], [1, 2])
    w.weights = [[[1, 2]]]
    assert (w.x, w.biases, w.node) == ([0], [[0, 0]], [1, 0])
    w.set_state({key: CHAPTER[key] for key in ("node", "biases", "x", "weights")})  # as the page sends it, in any order
    assert w.state() == CHAPTER


@pytest.mark.parametrize("state", [
    {"x": [1]}, {"x": [1, 2, 3]}, {"x": ["a", 1]}, {"x": 7}, {"x": [[1, 2]]}, {"x": [float("nan"), 0]}, {"x": [0, 1e7]}, {"weights": []}, {"weights": "abc"},
    {"weights": [[[1], [2, 3]]]}, {"weights": [[[1, 2]], [[1]]]}, {"weights": [[]]}, {"weights": [[[]]]}, {"weights": [np.ones((5, 1))]},
    {"weights": [np.ones((1, 6))]}, {"weights": [np.ones((1, 1))] * 4}, {"weights": [[1, 2]]}, {"weights": None}, {"weights": [[[float("inf")]]]},
    {"biases": [[0, 0], [0]]}, {"biases": [[0, 0, 0]]}, {"biases": [0]}, {"biases": [["b", 0, 0], [0]]}, {"activation": "softmax"}, {"output": "tanh"},
    {"node": [3, 0]}, {"node": [2, 1]}, {"node": [-1, 0]}, {"node": [1]}, {"language": "fr"}])
def test_networks_that_cannot_be_drawn_are_refused(state):
    with pytest.raises(REFUSAL):
        network(**state)
    w = network()
    for name, value in state.items():
        with pytest.raises(REFUSAL):
            setattr(w, name, value)
    assert w.state() == CHAPTER


def test_what_is_wrong_with_a_network_is_said_in_both_languages(monkeypatch):
    with pytest.raises(ValueError, match=r"`biases` must have \[3, 1\] numbers"):
        network(biases=[[0], [0]])
    with pytest.raises(ValueError, match=r"The tables here have the sizes \[\(1, 2\), \(1, 1\)\]"):
        network(x=[1], weights=[[[1, 2]], [[1]]])
    monkeypatch.setattr(d2l_vn.language, "_chosen", "vi")
    with pytest.raises(ValueError, match="`x` phải có 2 số"):
        network(x=[1])


def test_the_rounded_network_is_as_good_as_the_recorded_one():
    net, images = weights.load(), d2l_vn.load_data_fashion_mnist(1000, device="cpu")[1]
    accuracy = d2l_vn.evaluate_accuracy(net, images)
    recorded = json.loads((ROOT / "book" / "data" / "results" / "lenet-relu-seed0.json").read_text("utf-8"))
    assert accuracy == pytest.approx(recorded["test_accuracy"], abs=0.005)
    assert sum(parameter.numel() for parameter in net.parameters()) == recorded["parameters"] == 61706
    comment = (ROOT / "d2l_vn" / "widgets" / "weights.mjs").read_text("utf-8").partition("export")[0]
    assert f"{recorded['test_accuracy']:.2%}" in comment and f"{accuracy:.2%} with the numbers below" in comment


def test_rounding_loses_at_most_half_a_step():
    weight, bias = torch.randn(6, 3, 5, 5), torch.randn(6)
    rounded, same = weights.unpack(json.loads(json.dumps(weights.pack(weight, bias))))
    step = weight.flatten(1).abs().amax(1)[:, None, None, None] / 127
    assert bool(((rounded - weight).abs() <= 0.501 * step).all())
    torch.testing.assert_close(same, bias, rtol=1e-4, atol=0)


def test_the_pictures_are_the_first_of_their_classes():
    images = d2l_vn.load_data_fashion_mnist(1, device="cpu")[1].dataset
    for label, name in enumerate(garments.CLASSES):
        first = images.data[(images.targets == label).nonzero()[0, 0]]
        assert convolution(image=name).image == [first.tolist()]


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


# ---- activation functions ----


def activations(**state):
    return d2l_vn.widgets.Activations(**state)


@pytest.mark.parametrize("state", [
    {"function": "softmax"}, {"function": 7}, {"function": ["relu"]}, {"x": 6.5}, {"x": -7}, {"x": "0"}, {"x": float("nan")}, {"alpha": -0.1},
    {"alpha": 1.5}, {"alpha": float("inf")}, {"layers": 0}, {"layers": 21}, {"layers": 2.5}, {"language": "fr"}])
def test_activations_that_cannot_be_shown_are_refused(state):
    with pytest.raises(REFUSAL):
        activations(**state)
    w = activations()
    before = w.state()
    assert before == {"function": "sigmoid", "x": 0.0, "alpha": 0.01, "layers": 10, "language": "en"}
    with pytest.raises(REFUSAL):
        setattr(w, *next(iter(state.items())))
    assert w.state() == before


def test_what_is_wrong_with_an_activation_is_said_in_both_languages(monkeypatch):
    with pytest.raises(ValueError, match=r"`function` cannot be 'softmax'; choose one of .*'leaky_relu', 'elu'"):
        activations(function="softmax")
    with pytest.raises(ValueError, match="`layers` must be from 1 to 20"):
        activations(layers=50)
    monkeypatch.setattr(d2l_vn.language, "_chosen", "vi")
    with pytest.raises(ValueError, match="`x` phải nằm trong khoảng từ -6 đến 6"):
        activations(x=7)


def test_alpha_is_at_first_that_of_torch_and_a_chosen_one_stays():
    for name, layer in (("leaky_relu", torch.nn.LeakyReLU().negative_slope), ("elu", torch.nn.ELU().alpha)):
        assert activations(function=name).alpha == layer
    w = activations()
    w.function = "elu"
    assert w.alpha == 1
    w.function = "leaky_relu"
    assert w.alpha == 0.01
    w.alpha = 0.3
    w.function = "elu"
    assert w.alpha == 0.3
    w.set_state({"function": "leaky_relu", "alpha": 0.01})  # as the page sends it
    assert (w.function, w.alpha) == ("leaky_relu", 0.01)
    assert activations(function="elu", alpha=0.2).alpha == 0.2


# ---- the marble ----


def marble(**state):
    return d2l_vn.widgets.Marble(**state)


@pytest.mark.parametrize("state", [
    {"landscape": "mountain"}, {"landscape": 7}, {"lr": 0}, {"lr": 4.1}, {"lr": float("nan")}, {"lr": "fast"}, {"momentum": 1}, {"momentum": -0.1},
    {"start": 2.6}, {"start": float("inf")}, {"steps": -1}, {"steps": 201}, {"steps": 1.5}, {"language": "fr"}])
def test_marbles_that_cannot_be_shown_are_refused(state):
    with pytest.raises(REFUSAL):
        marble(**state)
    w = marble()
    before = w.state()
    assert before == {"landscape": "parabola", "lr": 0.1, "momentum": 0.0, "start": -1.0, "steps": 0, "language": "en"}
    with pytest.raises(REFUSAL):
        setattr(w, *next(iter(state.items())))
    assert w.state() == before


def test_what_is_wrong_with_a_marble_is_said_in_both_languages(monkeypatch):
    with pytest.raises(ValueError, match=r"`landscape` cannot be 'mountain'; choose one of .*'hilly'"):
        marble(landscape="mountain")
    with pytest.raises(ValueError, match=r"`lr` must be from 0\.001 to 4"):
        marble(lr=5)
    monkeypatch.setattr(d2l_vn.language, "_chosen", "vi")
    with pytest.raises(ValueError, match=r"`momentum` phải nằm trong khoảng từ 0 đến 0\.99"):
        marble(momentum=1)


# ---- backpropagation ----


def backprop(**state):
    return d2l_vn.widgets.Backprop(**state)


PATH = {"graph": "path", "step": 0, "values": {"w": 1.5, "x": 2, "b": 0.5, "y": 1}, "node": "", "language": "en"}


@pytest.mark.parametrize("state", [
    {"graph": "circle"}, {"graph": 7}, {"step": 13}, {"step": -1}, {"step": 1.5}, {"values": {"z": 1}}, {"values": {"w": 5.1}}, {"values": {"w": "fast"}},
    {"values": {"w": float("nan")}}, {"values": {"w": None}}, {"values": {"w": torch.ones(2)}}, {"values": [1]}, {"values": None}, {"node": "z1"}, {"node": 7},
    {"language": "fr"}])
def test_graphs_that_cannot_be_shown_are_refused(state):
    with pytest.raises(REFUSAL):
        backprop(**state)
    w = backprop()
    assert w.state() == PATH
    with pytest.raises(REFUSAL):
        setattr(w, *next(iter(state.items())))
    assert w.state() == PATH


def test_numbers_of_a_graph_may_be_tensors_and_the_rest_keep_theirs():
    w = backprop(graph="network", values={"w11_2": torch.tensor([0.25]), "y": np.float32(1)}, step=23, node="w11_2")
    assert w.values["w11_2"] == 0.25 and w.values["y"] == 1 and w.values["w12_1"] == -1 and len(w.values) == 12
    assert json.loads(json.dumps(w.state())) == w.state()
    w.values = {"b_2": 3}
    assert w.values["b_2"] == 3 and w.values["w11_2"] == 2  # the book's number again
    with pytest.raises(ValueError, match="`y` must be a number from 0 to 1"):
        w.values = {"y": 2}


def test_another_graph_keeps_what_fits_it():
    w = backprop(step=9, node="e")
    w.graph = "network"
    assert (w.step, w.node, len(w.values)) == (9, "", 12)
    w.graph = "paths"
    assert (w.step, w.node, w.values) == (0, "", {"x": 2, "y": 4})
    w.set_state({"node": "z1", "step": 20, "values": w.values | {"x": 1}, "graph": "paths"} | {"node": "u", "step": 8})  # as the page sends it
    assert (w.step, w.node, w.values) == (8, "u", {"x": 1, "y": 4})
    w.set_state({"node": "", "step": 0, "values": PATH["values"], "graph": "path"})
    assert w.state() == PATH


def test_what_is_wrong_with_a_graph_is_said_in_both_languages(monkeypatch):
    with pytest.raises(ValueError, match=r"`graph` cannot be 'circle'; choose one of .*'network'"):
        backprop(graph="circle")
    with pytest.raises(ValueError, match="`step` must be from 0 to 8"):
        backprop(graph="paths", step=9)
    monkeypatch.setattr(d2l_vn.language, "_chosen", "vi")
    with pytest.raises(ValueError, match="`w` phải là số từ -5 đến 5"):
        backprop(values={"w": 6})
    with pytest.raises(ValueError, match=r"`values` chỉ có thể chứa \['x', 'y'\]"):
        backprop(graph="paths", values={"w": 1})


# ---- a stack of layers ----


def stack(**state):
    return d2l_vn.widgets.Stack(**state)


CONV = {"kind": "conv", "out": 6, "kernel": 5, "stride": 1, "padding": 0, "groups": 1}
ALEXNET = {"layers": "alexnet", "input": [1, 224, 224], "layer": 0, "batch": 64, "language": "en"}


@pytest.mark.parametrize("state", [
    {"layers": "vgg"}, {"layers": 7}, {"layers": None}, {"layers": {"kind": "linear"}}, {"layers": ["conv"]}, {"layers": [{"kind": "linear", "out": 1}] * 33},
    {"layers": [{"kind": "softmax"}]}, {"layers": [{"kind": ["linear"], "out": 1}]}, {"layers": [{"out": 1}]}, {"layers": [{"kind": "linear"}]},
    {"layers": [{"kind": "linear", "out": 0}]}, {"layers": [{"kind": "linear", "out": 8193}]}, {"layers": [{"kind": "linear", "out": 1.5}]},
    {"layers": [{"kind": "linear", "out": True}]}, {"layers": [{"kind": "linear", "out": 1, "kernel": 3}]}, {"layers": [{"kind": "conv", "out": 6}]},
    {"layers": [CONV | {"groups": None}]}, {"layers": [CONV | {"kernel": 32}]}, {"layers": [{"kind": "max", "kernel": 2, "stride": 0}]}, {"layers": [{"kind": "max"}]},
    {"input": [1, 28]}, {"input": [0, 28, 28]}, {"input": [1, 1025, 28]}, {"input": [1, 28, 28.5]}, {"input": "lenet"}, {"layer": 11}, {"layer": -2}, {"layer": 0.5},
    {"batch": 0}, {"batch": 8193}, {"language": "fr"}])
def test_stacks_that_cannot_be_shown_are_refused(state):
    with pytest.raises(REFUSAL):
        stack(**state)
    w = stack()
    assert w.state() == ALEXNET
    with pytest.raises(REFUSAL):
        setattr(w, *next(iter(state.items())))
    assert w.state() == ALEXNET


def test_a_stack_takes_what_torch_leaves_out_and_gives_back_all():
    w = stack(layers=({"kind": "conv", "out": 6, "kernel": 5}, {"kind": "average", "kernel": 3, "padding": 1}, {"kind": "linear", "out": 10}), layer=-1)
    assert w.layers == [CONV, {"kind": "average", "kernel": 3, "stride": 3, "padding": 1}, {"kind": "linear", "out": 10}]
    assert (w.input, w.layer) == ([1, 28, 28], -1) and json.loads(json.dumps(w.state())) == w.state()
    assert stack(layers="alexnet2012").input == [3, 227, 227] and stack(layers="lenet", input=[3, 32, 32]).input == [3, 32, 32]
    assert stack(layers=[]).layer == -1
    assert stack(layers=[CONV | {"groups": 4}]).layers[0]["groups"] == 4  # what does not fit is shown, with its reason


def test_other_layers_keep_the_open_one_where_there_is_one():
    w = stack(layer=9)
    w.layers = "lenet"
    assert (w.layer, w.input) == (6, [1, 224, 224])
    w.layers = [CONV]
    assert w.layer == 0
    w.layers = []
    assert w.layer == -1
    w.set_state({"layer": 10, "input": [3, 227, 227], "layers": "alexnet2012"})  # as the page sends it
    assert w.state() == ALEXNET | {"layers": "alexnet2012", "input": [3, 227, 227], "layer": 10}


def test_the_names_and_limits_of_a_stack_are_those_of_its_module():
    text = (Path(d2l_vn.widgets.__file__).parent / "stack.mjs").read_text("utf-8")
    from d2l_vn.widgets.stack import DEEP, FAR, MOST, NETWORKS, SIDE

    assert f"const MOST = {MOST}, SIDE = {SIDE}, FAR = {FAR}, DEEP = {DEEP};" in text
    made = re.findall(r"^  (\w+): \{ input: (\[[\d, ]+\]), layers: \[(.*?)\] \}", text, re.M | re.S)
    assert {name: (json.loads(given), len(re.findall(r"\w+\(", layers))) for name, given, layers in made} == NETWORKS


def test_what_is_wrong_with_a_stack_is_said_in_both_languages(monkeypatch):
    with pytest.raises(ValueError, match=r"`layers` cannot be 'vgg'; choose one of .*'alexnet2012'"):
        stack(layers="vgg")
    with pytest.raises(ValueError, match="`stride` of a layer `max` must be a whole number from 1 to 31"):
        stack(layers=[{"kind": "max", "kernel": 2, "stride": 0}])
    monkeypatch.setattr(d2l_vn.language, "_chosen", "vi")
    with pytest.raises(ValueError, match=r"tầng `linear` chỉ có thể chứa \['out'\]"):
        stack(layers=[{"kind": "linear", "out": 1, "kernel": 3}])
    with pytest.raises(ValueError, match="`input` phải nằm trong khoảng từ 1 đến 1024"):
        stack(input=[1, 5000, 28])
