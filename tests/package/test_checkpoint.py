"""Checkpoints: going on is as if nothing had happened; whatever happens, the last epoch is safe."""

import multiprocessing
import os
import pickle
import signal
import time
from dataclasses import asdict

import pytest
import torch
from torch import nn

import d2l_vn
from d2l_vn import fetch

CPU = torch.device("cpu")
EXACT = ("train_loss", "train_acc", "test_acc", "curve")


def make_net(width=6, activation=nn.ReLU):
    """A net with everything that has a state or draws random numbers."""
    return nn.Sequential(nn.Conv2d(1, 3, 5, stride=3), nn.BatchNorm2d(3), activation(), nn.Flatten(), nn.Dropout(0.3),
                         nn.Linear(192, width), activation(), nn.Linear(width, 10))


def train(num_epochs, checkpoint=None, net=None, batch_size=16, **settings):
    net = net or make_net()
    loaders = d2l_vn.load_data_fashion_mnist(batch_size, settings.pop("resize", None), CPU)
    arguments = {"lr": 0.2} | settings
    return net, d2l_vn.train_ch6(net, *loaders, num_epochs, device=CPU, checkpoint=checkpoint, **arguments)


def same(a, b):
    return all(torch.equal(x, y) for x, y in zip(a.state_dict().values(), b.state_dict().values(), strict=True))


@pytest.mark.parametrize("stops", [(1,), (2, 3), (1, 2, 3)])
def test_continued_training_equals_an_uninterrupted_one(small, tmp_path, stops):
    torch.manual_seed(1)
    whole, expected = train(5)
    torch.manual_seed(1)
    for stop in (*stops, 5):
        net, history = train(stop, tmp_path / "new" / "run.pt")  # a new net each time, and a folder that is not there
        torch.rand(stop)  # the process goes on to other things
    assert same(net, whole)
    assert {k: asdict(history)[k] for k in EXACT} == {k: asdict(expected)[k] for k in EXACT}
    assert len(history.seconds) == 5


def test_random_numbers_after_the_training_are_the_same_too(small, tmp_path):
    torch.manual_seed(1)
    train(3)
    expected = torch.rand(3)
    torch.manual_seed(1)
    train(2, tmp_path / "c")
    torch.manual_seed(99)
    train(3, tmp_path / "c")
    assert torch.equal(torch.rand(3), expected)


def test_finished_training_is_not_repeated(small, tmp_path, capsys):
    first, history = train(2, tmp_path / "c")
    summary = capsys.readouterr().out
    again, repeated = train(2, tmp_path / "c")
    assert same(first, again) and repeated == history and capsys.readouterr().out == summary


def test_fewer_epochs_than_there_are(small, tmp_path):
    train(2, tmp_path / "c")
    with pytest.raises(d2l_vn.CheckpointError, match=r"`num_epochs` is 1.*already has 2"):
        train(1, tmp_path / "c")


@pytest.mark.parametrize("change, named", [
    ({"net": make_net(width=7)}, "192, out_features=6.* → .*192, out_features=7"),
    ({"net": make_net(activation=nn.Sigmoid)}, "ReLU.* → Sigmoid"),
    ({"net": nn.Sequential(nn.Flatten(), nn.Linear(784, 10))}, "in_features=784"),
    ({"lr": 0.3}, "lr: 0.2 → 0.3"), ({"precision": "bf16"}, "precision: None → bf16"),
    ({"batch_size": 8}, "train_iter: .*batch_size 16.* → .*batch_size 8"),
    ({"resize": (28, 29)}, r"train_iter: .*\(28, 28\).* → .*\(28, 29\)"),
])
def test_checkpoint_of_another_training_is_refused(small, tmp_path, change, named):
    train(1, tmp_path / "c")
    before = (tmp_path / "c").read_bytes()
    with pytest.raises(d2l_vn.CheckpointError, match=f"(?s)belongs to another training.*{named}"):
        train(2, tmp_path / "c", **change)
    assert (tmp_path / "c").read_bytes() == before


def test_checkpoint_of_other_data_is_refused(tmp_path):
    net = nn.Sequential(nn.Linear(3, 2))
    X, y = torch.rand(8, 3), torch.arange(8) % 2
    changed = X.clone()
    changed[5, 1] += 1e-3
    for data, fine in ((X, True), (X, True), (changed, False)):
        loader = d2l_vn.load_array((data, y), 4)
        if fine:
            d2l_vn.train_ch6(net, loader, loader, 1, 0.1, CPU, tmp_path / "c")
        else:
            with pytest.raises(d2l_vn.CheckpointError, match="crc32"):
                d2l_vn.train_ch6(net, loader, loader, 2, 0.1, CPU, tmp_path / "c")


class Trap:
    """What a pickle may do to whoever opens it."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (os.mkdir, (str(self.path),))


@pytest.mark.parametrize("content", [b"", b"not a checkpoint", pickle.dumps({"net": 1}), "cut", "other", "trap"])
def test_damaged_or_hostile_file(small, tmp_path, content):
    path = tmp_path / "c"
    if content == "cut":
        train(1, path)
        path.write_bytes(path.read_bytes()[:-400])
    elif content == "other":
        torch.save(make_net().state_dict(), path)
    elif content == "trap":
        torch.save({"net": Trap(tmp_path / "sprung")}, path)
    else:
        path.write_bytes(content)
    before = path.read_bytes()
    with pytest.raises(d2l_vn.CheckpointError, match="no intact checkpoint"):
        train(2, path)
    assert not (tmp_path / "sprung").exists() and path.read_bytes() == before


def test_place_that_cannot_be_written_is_noticed_before_training(small, tmp_path):
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file" / "run.pt", tmp_path, "/proc/self/run.pt"):  # not even root can write there
        trained = []
        net = make_net()
        net.register_forward_hook(lambda *_, trained=trained: trained.append(1))
        with pytest.raises(d2l_vn.CheckpointError, match="`checkpoint`: cannot use"):
            train(1, path, net)
        assert not trained


def test_full_disk(small, tmp_path, full_disk):
    path = tmp_path / "c"
    first, _ = train(1, path)
    before = path.read_bytes()
    with full_disk(), pytest.raises(d2l_vn.CheckpointError, match=r"cannot write .*File too large.*intact"):
        train(2, path)
    assert path.read_bytes() == before and sorted(p.name for p in tmp_path.iterdir()) == ["c", "given"]
    assert same(train(1, path)[0], first)


def train_apart(files, folder, epochs, path):
    """Train in another process, and leave what came out beside the checkpoint."""
    fetch.FILES = files
    os.environ["D2L_VN_DATA"] = folder
    torch.set_num_threads(1)
    torch.manual_seed(1)
    net, history = train(epochs, path)
    torch.save({"net": net.state_dict(), "loss": history.train_loss, "test": history.test_acc}, f"{path}.end")


def test_killed_at_any_moment(small, tmp_path):
    """SIGKILL again and again, at moments that are never the same: the run still ends as if nothing had happened."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        pytest.skip("no forkserver here")
    apart = multiprocessing.get_context("forkserver")
    apart.set_forkserver_preload(["torch", "torch._dynamo"])  # imported once for all processes
    epochs, path = 120, tmp_path / "run.pt"
    torch.manual_seed(1)
    whole, expected = train(epochs)
    done = [0]
    while not (tmp_path / "run.pt.end").exists():
        process = apart.Process(target=train_apart, args=(fetch.FILES, os.environ["D2L_VN_DATA"], epochs, str(path)))
        process.start()
        if len(done) < 6:
            seen = path.stat().st_mtime_ns if path.exists() else 0
            while process.is_alive() and (path.stat().st_mtime_ns if path.exists() else 0) == seen:
                time.sleep(0.001)
            time.sleep(0.0137 * len(done))  # somewhere in a later epoch, or in the middle of saving it
            process.kill()
        process.join(60)
        assert process.exitcode in (0, -signal.SIGKILL) and (len(done) < 6 or process.exitcode == 0)
        done.append(len(torch.load(path, weights_only=True)["history"]["train_loss"]))
    assert done == sorted(done) and len(set(done)) > 4  # it was killed in the middle, and came further each time
    end = torch.load(f"{path}.end", weights_only=True)
    assert end["loss"] == expected.train_loss and end["test"] == expected.test_acc
    assert all(torch.equal(a, b) for a, b in zip(end["net"].values(), whole.state_dict().values(), strict=True))
