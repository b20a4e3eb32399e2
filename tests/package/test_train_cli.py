"""``python -m d2l_vn.train``: the same training, a record that says how it came about, and help in two languages."""

import json
import subprocess

import pytest
import torch

import d2l_vn
from d2l_vn import fetch
from d2l_vn.train import MODELS, main

from .conftest import ROOT, start


@pytest.fixture
def book(tmp_path, monkeypatch):
    """A repository like the book's, with a commit, and the current folder somewhere in it."""
    repository = tmp_path / "repository"
    inside = repository / "book" / "chapters"
    inside.mkdir(parents=True)
    (repository / "pyproject.toml").write_text('[project]\nname = "d2l-vn"\n')
    git = ["git", "-c", "user.name=n", "-c", "user.email=e@x", "-c", "commit.gpgsign=false"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "start"]):
        subprocess.run([*git, *command], cwd=repository, check=True, capture_output=True)
    monkeypatch.chdir(inside)
    return repository


ARGS = ["--model", "lenet-relu", "--epochs", "2", "--batch-size", "16", "--seed", "3", "--device", "cpu"]


def test_record(small, book):
    threads = torch.get_num_threads()
    try:
        assert main([*ARGS, "--threads", str(threads + 1), "--record", "trial-1"]) == 0
        assert torch.get_num_threads() == threads + 1
        torch.manual_seed(3)
        net = d2l_vn.lenet(torch.nn.ReLU, torch.nn.MaxPool2d)  # trained with as many threads: their number changes sums
        history = d2l_vn.train_ch6(net, *d2l_vn.load_data_fashion_mnist(16, device="cpu"), 2, 0.1, "cpu")
    finally:
        torch.set_num_threads(threads)
    record = json.loads((book / "book/data/results/trial-1.json").read_text("utf-8"))
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=book, capture_output=True, text=True, check=True).stdout.strip()
    expected = {"name": "trial-1", "commit": head, "seed": 3, "model": "lenet-relu", "num_epochs": 2, "batch_size": 16,
                "lr": 0.1, "drop": None, "shuffle_pixels": False, "resize": None, "device": "cpu", "parameters": 61706, "train_loss": history.train_loss[-1],
                "train_accuracy": history.train_acc[-1], "test_accuracy": history.test_acc[-1]}
    assert {key: record[key] for key in expected} == expected
    assert record["history"]["train_loss"] == history.train_loss and len(record["history"]["seconds"]) == 2
    assert record["duration_seconds"] == pytest.approx(sum(record["history"]["seconds"]), abs=0.01)
    assert record["examples_per_second"] == pytest.approx(sum(record["history"]["examples_per_second"]) / 2, abs=0.1)
    assert record["hardware"]["threads"] == threads + 1 and record["hardware"]["gpu"] is None
    assert record["versions"]["torch"] == torch.__version__ and record["date"].endswith("Z")
    assert set(record) == set(expected) | {"command", "date", "hardware", "versions", "duration_seconds", "history",
                                           "examples_per_second"}


def test_recorded_command_gives_the_same_numbers(small, book):
    assert main([*ARGS, "--record", "a", "--checkpoint", str(book / "private" / "c.pt")]) == 0
    path = book / "book/data/results/a.json"
    record = json.loads(path.read_text("utf-8"))
    assert "private" not in path.read_text("utf-8")
    words = record["command"].split()
    assert words[:3] == ["python", "-m", "d2l_vn.train"]
    for setting in ("--lr 0.1", "--batch-size 16", "--epochs 2", "--device cpu", "--seed 3", "--threads "):
        assert setting in record["command"]  # also those that were defaults
    path.unlink()
    assert main(words[3:]) == 0
    again = json.loads(path.read_text("utf-8"))
    assert again["history"]["train_loss"] == record["history"]["train_loss"] and again["command"] == record["command"]


def test_shuffled_pixels_and_a_smaller_rate_at_the_end(small, book):
    wanted = ["--drop", "1", "--shuffle-pixels"]
    assert main([*ARGS, *wanted, "--record", "a"]) == 0
    record = json.loads((book / "book/data/results/a.json").read_text("utf-8"))
    assert " --drop 1 " in record["command"] and " --shuffle-pixels --" in record["command"]
    assert record["drop"] == 1 and record["shuffle_pixels"] is True
    iterators = d2l_vn.load_data_fashion_mnist(16, device="cpu")
    torch.manual_seed(0)
    order = torch.randperm(784)
    for batches in iterators:
        for image in batches.dataset.data:
            image.view(-1).copy_(image.view(-1)[order])
    torch.manual_seed(3)
    net = d2l_vn.lenet(torch.nn.ReLU, torch.nn.MaxPool2d)
    history = d2l_vn.train_ch6(net, *iterators, 2, [0.1, 0.01], "cpu")
    assert record["history"]["train_loss"] == pytest.approx(history.train_loss, abs=1e-6)


def test_every_lenet_has_the_same_shapes_and_its_own_pooling():
    X = torch.rand(2, 1, 28, 28)
    pools = {}
    for name, (make, *_) in MODELS.items():
        if name.startswith("lenet"):
            net = make()
            assert [tuple(net[:i](X).shape[1:]) for i in (3, 6, 7)] == [(6, 14, 14), (16, 5, 5), (400,)]
            pools[name] = type(net[1]).__name__, type(net[2]).__name__, sum(p.numel() for p in net.parameters())
    assert pools == {
        "lenet": ("Sigmoid", "AvgPool2d", 61706), "lenet-sigmoid-max": ("Sigmoid", "MaxPool2d", 61706),
        "lenet-relu": ("ReLU", "MaxPool2d", 61706), "lenet-average": ("ReLU", "AvgPool2d", 61706),
        "lenet-overlapping": ("ReLU", "MaxPool2d", 61706),
        "lenet-strided": ("ReLU", "Conv2d", 61706 + 6 * (2 * 2 * 6 + 1) + 16 * (2 * 2 * 16 + 1)),
    }


def test_changed_tree_is_marked(small, book):
    (book / "pyproject.toml").write_text('[project]\nname = "d2l-vn"\n# changed\n')
    assert main([*ARGS, "--record", "a"]) == 0
    assert json.loads((book / "book/data/results/a.json").read_text("utf-8"))["commit"].endswith("-dirty")


@pytest.mark.parametrize("name", ["../a", "A", "a b", "", "-a", "a/b", "a" * 65, "ă"])
def test_bad_name_is_refused_before_training(small, book, name, capsys):
    assert main([*ARGS, f"--record={name}"]) == 1
    out, err = capsys.readouterr()
    assert "`--record`" in err and out == "" and not (book / "book" / "data").exists()


def test_fast_run_is_not_recorded(small, book, monkeypatch, capsys):
    monkeypatch.setenv("D2L_VN_FAST", "1")
    assert main([*ARGS, "--record", "a"]) == 1
    assert "fast run" in capsys.readouterr().err and not (book / "book" / "data").exists()


def test_record_outside_the_book(small, tmp_path, monkeypatch, capsys):
    (tmp_path / "pyproject.toml").write_text('name = "other"\n')
    monkeypatch.chdir(tmp_path)
    assert main([*ARGS, "--record", "a"]) == 1
    assert "book's repository" in capsys.readouterr().err


@pytest.mark.parametrize("extra, words", [
    (["--epochs", "0"], "`num_epochs`"), (["--lr", "-1"], "`lr`"), (["--lr", "0"], "`lr`"), (["--batch-size", "0"], "`batch_size`"),
    (["--resize", "-2"], "`resize`"), (["--threads", "0"], "`--threads`"),
    (["--drop", "0"], "`--drop`"), (["--drop", "2"], "`--drop`"),
    (["--device", "abacus"], "`device` abacus"), (["--device", "cuda:77"], "`device` cuda:77")])
def test_wrong_values(small, extra, words, capsys):
    assert main([*ARGS, *extra]) == 1
    err = capsys.readouterr().err
    assert err.startswith("error: ") and words in err and "Traceback" not in err


def test_missing_data(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("D2L_VN_DATA", str(tmp_path))
    assert main(ARGS) == 1
    assert "cannot be read" in capsys.readouterr().err


def test_checkpoint_goes_on(small, tmp_path, capsys):
    path = tmp_path / "c.pt"
    assert main([*ARGS, "--checkpoint", str(path)]) == 0
    ours = torch.load(path, weights_only=True)["history"]["train_loss"]
    assert main([*ARGS, "--checkpoint", str(path), "--epochs", "3"]) == 0
    longer = torch.load(path, weights_only=True)["history"]["train_loss"]
    assert len(ours) == 2 and len(longer) == 3 and longer[:2] == ours


@pytest.mark.parametrize("lang, words", [("vi", ("tốc độ học", "hạt giống", "tùy chọn")), ("en", ("learning rate", "random seed"))])
def test_help(lang, words, capsys):
    with pytest.raises(SystemExit) as left:
        main(["--help", "--lang", lang])
    out = capsys.readouterr().out
    assert left.value.code == 0 and all(word in out for word in words)
    for option in ("--model", "--epochs", "--lr", "--batch-size", "--resize", "--device", "--checkpoint", "--seed", "--record"):
        assert option in out


BARE = """
import sys
for name in ("matplotlib", "filelock", "IPython", "torchvision", "anywidget", "PIL"):
    sys.modules[name] = None  # importing it raises ImportError
from d2l_vn import fetch
import json, runpy
fetch.FILES = json.loads(sys.argv.pop())
runpy.run_module("d2l_vn.train", run_name="__main__")
"""


def test_machine_with_torch_only(small):
    process = start("-c", BARE, *ARGS, json.dumps(fetch.FILES), cwd=ROOT)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0 and "test accuracy" in out, err
