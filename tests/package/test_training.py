"""Training and evaluation: the arithmetic against loops written out by hand, and what is refused."""

import math
import signal
import threading
import warnings

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

import d2l_vn

CPU = torch.device("cpu")
F = nn.functional


def batches(n_batches=7, size=8, features=6, classes=3, seed=1):
    """Return batches as a plain list: anything that has a length and can be iterated over will do."""
    g = torch.Generator().manual_seed(seed)
    return [(torch.rand(size, features, generator=g), torch.randint(classes, (size,), generator=g)) for _ in range(n_batches)]


def small_net(*extra):
    return nn.Sequential(nn.Linear(6, 5), nn.Tanh(), *extra, nn.Linear(5, 3))


def by_hand(net, train, test, rates):
    """Train with the textbook's loop; return what each epoch gave, and the curve."""
    for layer in net:
        if isinstance(layer, nn.Linear):
            bound = math.sqrt(6 / sum(layer.weight.shape))
            layer.weight.data = torch.rand(layer.weight.shape) * 2 * bound - bound
    losses, train_accs, test_accs, curve = [], [], [], []
    for epoch, lr in enumerate(rates):
        net.train()
        total = right = seen = 0
        for i, (X, y) in enumerate(train):
            y_hat = net(X)
            loss = -F.log_softmax(y_hat, dim=1)[range(len(y)), y].sum() / len(y)
            grads = torch.autograd.grad(loss, list(net.parameters()))
            for p, g in zip(net.parameters(), grads, strict=True):
                p.data = p.data - lr * g
            total, seen = total + float(loss) * len(y), seen + len(y)
            right += sum(int(row.argmax()) == int(t) for row, t in zip(y_hat, y, strict=True))
            if (i + 1) % max(1, len(train) // 5) == 0 or i + 1 == len(train):
                curve.append((epoch + (i + 1) / len(train), total / seen, right / seen))
        net.eval()
        hits = [int(net(X[None]).argmax()) == int(t) for Xs, y in test for X, t in zip(Xs, y, strict=True)]
        losses.append(total / seen)
        train_accs.append(right / seen)
        test_accs.append(sum(hits) / len(hits))
    return losses, train_accs, test_accs, curve


@pytest.mark.parametrize("n_batches, lr", [(1, 0.5), (3, [0.5, 0.1, 0.7, 0.05]), (7, 0.5), (23, (1, 0.5, 0.5, 0.01))])
def test_train_ch6_is_the_textbook_loop(n_batches, lr):
    train, test = batches(n_batches), batches(2, seed=2)
    ours, reference = small_net(), small_net()
    reference.load_state_dict(ours.state_dict())
    torch.manual_seed(3)
    history = d2l_vn.train_ch6(ours, train, test, 4, lr, CPU)
    torch.manual_seed(3)
    losses, train_accs, test_accs, curve = by_hand(reference, train, test, [lr] * 4 if lr == 0.5 else lr)
    # Xavier's weights are drawn by another function here than there: the same numbers, up to rounding.
    assert history.train_loss == pytest.approx(losses, abs=1e-5)
    assert history.train_acc == pytest.approx(train_accs) and history.test_acc == pytest.approx(test_accs)
    assert [p for point in history.curve for p in point] == pytest.approx([p for point in curve for p in point], abs=1e-5)
    assert all(torch.allclose(a, b, atol=1e-5) for a, b in zip(ours.parameters(), reference.parameters(), strict=True))


def test_what_a_history_holds(capsys):
    history = d2l_vn.train_ch6(small_net(), batches(), batches(2), 3, 0.1, CPU)
    assert len(history) == len(history.seconds) == len(history.examples_per_second) == 3
    for seconds, speed in zip(history.seconds, history.examples_per_second, strict=True):
        assert 0 < 7 * 8 / seconds < speed  # the epoch's seconds hold the evaluation too, its speed does not
    out, err = capsys.readouterr()
    numbers = history.train_loss[-1], history.train_acc[-1], history.test_acc[-1], history.examples_per_second[-1]
    assert out == "loss {:.3f}, train accuracy {:.3f}, test accuracy {:.3f}, {:.0f} examples/s on cpu\n".format(*numbers)
    assert "\repoch 0." in err and " left" in err and err.split("\r")[-2].strip() == ""


def test_summary_in_vietnamese(capsys):
    d2l_vn.set_language("vi")
    d2l_vn.train_ch6(small_net(), batches(), batches(2), 1, 0.1, CPU)
    out, err = capsys.readouterr()
    assert "mất mát" in out and "độ chính xác kiểm tra" in out and "loss" not in out + err


def test_fast_mode_stops_after_one_epoch(monkeypatch):
    monkeypatch.setenv("D2L_VN_FAST", "1")
    assert len(d2l_vn.train_ch6(small_net(), batches(), batches(2), 5, 0.1, CPU)) == 1
    assert len(d2l_vn.train_ch3(small_net(), batches(), batches(2), F.cross_entropy, 5, sgd_of(small_net()))) == 1


def sgd_of(net, lr=0.1):
    return torch.optim.SGD(net.parameters(), lr=lr)


def test_convolutions_and_lazy_layers(small):
    train_iter, test_iter = d2l_vn.load_data_fashion_mnist(16)
    lazy = nn.Sequential(nn.LazyConv2d(4, 5), nn.LazyBatchNorm2d(), nn.ReLU(), nn.Flatten(), nn.Dropout(), nn.LazyLinear(10))
    lazy.eval()  # it is trained in training mode all the same
    history = d2l_vn.train_ch6(lazy, train_iter, test_iter, 3, 0.1, CPU)
    assert history.train_loss[-1] < history.train_loss[0] and lazy[5].in_features == 4 * 24 * 24
    assert int(lazy[1].num_batches_tracked) == 9  # three epochs of three batches: finding shapes did not count


def test_finding_shapes_does_not_shuffle_the_training_set():
    class Counted(list):
        times = 0

        def __iter__(self):
            self.times += 1
            return list.__iter__(self)

    train = Counted(batches())
    d2l_vn.train_ch6(nn.Sequential(nn.LazyLinear(3)), train, batches(2), 2, 0.1, CPU)
    assert train.times == 2


@pytest.mark.parametrize("training", [True, False])
def test_net_is_left_in_the_mode_it_was_in(training):
    net = small_net(nn.BatchNorm1d(5))
    net.train(training)
    net[2].training = not training  # a layer that someone has frozen, or thawed
    before = [m.training for m in net.modules()]
    d2l_vn.evaluate_accuracy(net, batches())
    d2l_vn.evaluate_loss(net, batches(), F.cross_entropy)
    d2l_vn.train_epoch_ch3(net, batches(), F.cross_entropy, sgd_of(net))
    d2l_vn.train_ch6(net, batches(), batches(), 1, 0.1, CPU)
    assert [m.training for m in net.modules()] == before


def test_evaluation_uses_the_evaluation_mode():
    net = nn.Sequential(nn.Dropout(0.999), nn.Flatten())
    scores = torch.eye(10)
    assert d2l_vn.evaluate_accuracy_gpu(net, [(scores, torch.arange(10))]) == 1.0


def test_precision_changes_the_layers_only():
    seen = []
    net = small_net()
    net[0].register_forward_hook(lambda m, i, out: seen.append(out.dtype))
    history = d2l_vn.train_ch6(net, batches(), batches(2), 2, 0.1, CPU, precision="bf16")
    assert set(seen) == {torch.bfloat16} and {p.dtype for p in net.parameters()} == {torch.float32}
    assert math.isfinite(history.train_loss[-1])


# What is refused -----------------------------------------------------------------------------------------------------


class NoLength:
    def __iter__(self):
        return iter(batches())


WRONG = {
    "epochs": ({"num_epochs": 0}, "`num_epochs`"),
    "negative epochs": ({"num_epochs": -2}, "`num_epochs`.*-2"),
    "fraction of epochs": ({"num_epochs": 1.5}, "`num_epochs`.*1.5"),
    "negative lr": ({"lr": -0.1}, "`lr`.*-0.1"),
    "zero lr": ({"lr": 0}, "`lr`"),
    "too few rates": ({"lr": [0.1]}, "`lr` has 1 rates for 2 epochs"),
    "wrong second rate": ({"lr": [0.1, -0.3]}, "`lr`.*-0.3"),
    "nan lr": ({"lr": math.nan}, "`lr`.*nan"),
    "no parameters": ({"net": nn.Flatten()}, "`net` has no parameters"),
    "no training batches": ({"train_iter": []}, "`train_iter` has no batches"),
    "no test batches": ({"test_iter": []}, "`test_iter` has no batches"),
    "no length": ({"train_iter": NoLength()}, "`train_iter` must know its number"),
    "label too large": ({"train_iter": [(torch.rand(2, 6), torch.tensor([0, 3]))]}, "`train_iter` has the label 3.*3 outputs"),
    "late wrong label": ({"train_iter": [*batches(4), (torch.rand(1, 6), torch.tensor([7]))]}, "`train_iter` has the label 7"),
    "negative label": ({"train_iter": [(torch.rand(2, 6), torch.tensor([0, -100]))]}, "`train_iter` has the label -100"),
    "float labels": ({"train_iter": [(torch.rand(2, 6), torch.rand(2))]}, "`train_iter` must give.*float32"),
    "one-hot labels": ({"train_iter": [(torch.rand(2, 6), torch.eye(2, 3).long())]}, r"`train_iter` must give.*\(2, 3\)"),
    "too few labels": ({"train_iter": [(torch.rand(2, 6), torch.tensor([0]))]}, r"`train_iter` must give.*\(2, 6\).*\(1,\)"),
    "lists": ({"train_iter": [([[0.0] * 6], [1])]}, "`train_iter` must give.*list"),
    "wrong features": ({"train_iter": batches(features=7)}, r"`net` cannot take X.*\(8, 7\).*`train_iter`"),
    "wrong dtype": ({"train_iter": [(torch.rand(2, 6).double(), torch.tensor([0, 1]))]}, "`net` cannot take X.*float64"),
    "wrong output": ({"net": nn.Sequential(small_net(), nn.Unflatten(1, (3, 1)))}, r"`net` must give scores.*\(8, 3, 1\)"),
    "device": ({"device": "cuda:77"}, "`device` cuda:77"),
    "precision": ({"precision": "fp8"}, "`precision`.*fp8"),
}


@pytest.mark.parametrize("what", WRONG)
def test_wrong_arguments_are_named(what, capsys):
    wrong, message = WRONG[what]
    right = {"net": small_net(), "train_iter": batches(), "test_iter": batches(2), "num_epochs": 2, "lr": 0.1, "device": CPU}
    with pytest.raises(ValueError, match=message):
        d2l_vn.train_ch6(**right | wrong)
    d2l_vn.set_language("vi")
    with pytest.raises(ValueError, match=message.split(" ")[0].split(".")[0]) as vietnamese:
        d2l_vn.train_ch6(**right | wrong)
    assert not any(word in str(vietnamese.value).split(":")[0] for word in ("must", "has ", "cannot"))


@given(label=st.integers(-5, 20), position=st.integers(0, 7), batch=st.integers(0, 3))
@settings(max_examples=40, deadline=None)
def test_any_wrong_label_anywhere_is_found(label, position, batch):
    train = batches(4)
    train[batch][1][position] = label
    if 0 <= label < 3:
        assert len(d2l_vn.train_ch6(small_net(), train, batches(1), 1, 0.1, CPU)) == 1
    else:
        with pytest.raises(ValueError, match=f"`train_iter` has the label {label}, "):
            d2l_vn.train_ch6(small_net(), train, batches(1), 1, 0.1, CPU)


@pytest.mark.parametrize("poison", [math.nan, math.inf])
@pytest.mark.parametrize("where", [1, 6, 7])
def test_loss_that_is_not_finite_stops_the_training(poison, where):
    train = batches(7)
    seen = []

    class Loader(list):
        def __iter__(self):
            seen.append(0)
            for i, (X, y) in enumerate(list.__iter__(self), start=1):
                yield (X * poison if len(seen) == 2 and i == where else X), y  # in the second epoch

    with pytest.raises(FloatingPointError, match=rf"nan in epoch 2, batch {where}\..*`lr` by ten.*\[0, 1\]"):
        d2l_vn.train_ch6(small_net(), Loader(train), batches(1), 5, 0.1, CPU)
    assert len(seen) == 2


def test_learning_rate_that_is_far_too_large_is_noticed():
    train = [(X * 1e18, y) for X, y in batches()]
    net = nn.Sequential(nn.Linear(6, 3))
    with pytest.raises(FloatingPointError, match="epoch 1, batch"):
        d2l_vn.train_ch6(net, train, batches(1), 5, 1e30, CPU)
    with pytest.raises(FloatingPointError, match="epoch 1, batch"):
        d2l_vn.train_ch3(net, train, batches(1), F.cross_entropy, 5, sgd_of(net, 1e30))


class InterruptedAt(list):
    """Batches during which the reader presses Ctrl-C: a real signal, in the given epoch."""

    def __init__(self, items, epoch):
        super().__init__(items)
        self.left = epoch

    def __iter__(self):
        self.left -= 1
        for i, item in enumerate(list.__iter__(self)):
            if self.left == 0 and i == 3:
                signal.raise_signal(signal.SIGINT)
            yield item


@pytest.mark.parametrize("epoch", [1, 3])
def test_interrupted_from_the_keyboard(epoch, capsys):
    assert threading.current_thread() is threading.main_thread()
    net = small_net()
    net.eval()
    history = d2l_vn.train_ch6(net, InterruptedAt(batches(), epoch), batches(1), 5, 0.1, CPU)
    assert len(history) == len(history.test_acc) == epoch - 1 and not net.training
    assert "Stopped as you asked" in capsys.readouterr().out
    history = d2l_vn.train_ch3(net, InterruptedAt(batches(), epoch), batches(1), F.cross_entropy, 5, sgd_of(net))
    assert len(history) == epoch - 1


# The first chapters --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reduction", ["none", "mean"])
def test_train_ch3_with_an_optimiser(reduction):
    train, test = batches(), batches(2, seed=2)
    net, reference = small_net(), small_net()
    reference.load_state_dict(net.state_dict())
    history = d2l_vn.train_ch3(net, train, test, nn.CrossEntropyLoss(reduction=reduction), 3, sgd_of(net))
    for epoch in range(3):
        total = 0.0
        for X, y in train:
            loss = F.cross_entropy(reference(X), y)
            reference.zero_grad()
            loss.backward()
            for p in reference.parameters():
                p.data -= 0.1 * p.grad
            total += float(loss) * len(y)
        assert history.train_loss[epoch] == pytest.approx(total / 56, abs=1e-6)
    assert torch.allclose(net[0].weight, reference[0].weight, atol=1e-6)


def test_train_ch3_from_scratch():
    """A net that is a plain function, with sgd: the gradient of the summed loss, divided by the batch."""
    train = batches(5, size=4)
    W, b = torch.zeros(6, 3, requires_grad=True), torch.zeros(3, requires_grad=True)

    def net(X):
        return torch.softmax(X @ W + b, dim=1)

    def loss(y_hat, y):
        return -torch.log(y_hat[range(len(y)), y])

    history = d2l_vn.train_ch3(net, train, train, loss, 2, lambda batch_size: d2l_vn.sgd([W, b], 0.3, batch_size))
    W2 = torch.zeros(6, 3)
    b2 = torch.zeros(3)
    for _ in range(2):
        for X, y in train:
            error = torch.softmax(X @ W2 + b2, dim=1) - F.one_hot(y, 3)  # the gradient of cross-entropy, known by hand
            W2 -= 0.3 * X.T @ error / 4
            b2 -= 0.3 * error.sum(dim=0) / 4
    assert torch.allclose(W, W2, atol=1e-6) and torch.allclose(b, b2, atol=1e-6)
    assert history.train_loss[1] < history.train_loss[0] and W.grad.abs().sum() == 0


def test_alexnet_steps_by_hand():
    # The paper's rule for one weight, in plain Python; the learning rate falls after the second step.
    w, v, tensor = 1.0, 0.0, torch.tensor([1.0], dtype=torch.double, requires_grad=True)
    updater = d2l_vn.AlexNetSGD([tensor], lr=0.1, momentum=0.8, weight_decay=0.05)
    for lr in (0.1, 0.1, 0.01, 0.01):
        updater.lr = lr
        v = 0.8 * v - 0.05 * lr * w - lr * 3 * w**2
        w = w + v
        (tensor**3).sum().backward()
        updater.step()
        assert tensor.item() == pytest.approx(w, abs=1e-12) and tensor.grad.item() == 0


def test_alexnet_steps_are_those_of_torch_until_the_rate_changes():
    nets = [nn.Linear(5, 3).double() for _ in range(2)]
    nets[1].load_state_dict(nets[0].state_dict())
    ours = d2l_vn.AlexNetSGD(nets[0].parameters(), lr=0.1)
    theirs = torch.optim.SGD(nets[1].parameters(), lr=0.1, momentum=0.9, weight_decay=0.0005)

    def distance_after(steps):
        for _ in range(steps):
            X, y = torch.randn(8, 5).double(), torch.randint(3, (8,))
            theirs.zero_grad()
            for net in nets:
                nn.functional.cross_entropy(net(X), y).backward()
            ours.step()
            theirs.step()
        return max((p - q).abs().max() for p, q in zip(*(net.parameters() for net in nets), strict=True))

    assert distance_after(20) < 1e-12
    ours.lr = theirs.param_groups[0]["lr"] = 0.01
    assert distance_after(1) > 1e-3


def test_alexnet_leaves_what_has_no_gradient():
    used, unused = torch.ones(2, requires_grad=True), torch.ones(2, requires_grad=True)
    updater = d2l_vn.AlexNetSGD([unused, used], lr=0.1)
    used.sum().backward()
    updater.step()
    assert unused.tolist() == [1, 1] and used.tolist() == pytest.approx([0.89995, 0.89995])


def test_regression_epoch_and_loss():
    X = torch.arange(6.0).reshape(6, 1)
    y = 2 * X + 1
    net = nn.Linear(1, 1)
    nn.init.zeros_(net.weight)
    nn.init.zeros_(net.bias)
    expected = float((y**2).mean())
    for labels in (y, y.reshape(-1)):
        for reduction in ("none", "mean"):
            loop = d2l_vn.load_array((X, labels), 4, is_train=False)
            with warnings.catch_warnings():
                warnings.simplefilter("error")  # torch warns when shapes (B, 1) and (B,) meet
                assert d2l_vn.evaluate_loss(net, loop, nn.MSELoss(reduction=reduction)) == pytest.approx(expected)
    loss, _ = d2l_vn.train_epoch_ch3(net, d2l_vn.load_array((X, y), 6), nn.MSELoss(), sgd_of(net, 0.01))
    assert loss == pytest.approx(expected)
    assert torch.equal(d2l_vn.squared_loss(torch.tensor([[3.0], [1.0]]), torch.tensor([1.0, 2.0])), torch.tensor([[2.0], [0.5]]))


def test_empty_loaders():
    for call in (lambda: d2l_vn.evaluate_accuracy(small_net(), []), lambda: d2l_vn.evaluate_loss(small_net(), [], F.cross_entropy)):
        with pytest.raises(ValueError, match="`data_iter` has no batches"):
            call()
    with pytest.raises(ValueError, match="`train_iter` has no batches"):
        d2l_vn.train_epoch_ch3(small_net(), [], F.cross_entropy, None)


@given(st.lists(st.integers(0, 4), min_size=1, max_size=30), st.lists(st.integers(0, 4), min_size=30, max_size=30))
def test_accuracy_counts(guesses, truth):
    truth = truth[: len(guesses)]
    right = sum(a == b for a, b in zip(guesses, truth, strict=True))
    scores = F.one_hot(torch.tensor(guesses), 5).float()
    assert d2l_vn.accuracy(scores, torch.tensor(truth)) == right
    assert d2l_vn.accuracy(torch.tensor(guesses), torch.tensor(truth)) == right
    cuts = [slice(i, i + 7) for i in range(0, len(truth), 7)]
    loader = [(scores[cut], torch.tensor(truth)[cut]) for cut in cuts]
    assert d2l_vn.evaluate_accuracy(lambda X: X, loader) == pytest.approx(right / len(truth))


def test_timer_and_accumulator(monkeypatch):
    ticks = iter([0.0, 1.0, 10.0, 12.0])
    monkeypatch.setattr("d2l_vn.records.time.perf_counter", lambda: next(ticks))
    timer = d2l_vn.Timer()
    assert math.isnan(timer.avg())
    assert timer.stop() == 1.0
    timer.start()
    timer.stop()
    assert (timer.sum(), timer.avg(), timer.cumsum()) == (3.0, 1.5, [1.0, 3.0])
    sums = d2l_vn.Accumulator(2)
    sums.add(1, torch.tensor(2.5))
    sums.add(3, 0)
    assert (sums[0], sums[1]) == (4.0, 2.5)
    sums.reset()
    assert sums.data == [0.0, 0.0]
    with pytest.raises(ValueError):
        sums.add(1)
