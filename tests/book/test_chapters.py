"""What a chapter writes in its cells and what d2l_vn offers under the same name are the same thing."""

import torch

import d2l_vn
from book.tools.source import CHAPTERS


def test_alexnet_sgd_of_chapter_03_is_that_of_d2l_vn():
    chapter = (CHAPTERS / "03-optimisation.md").read_text(encoding="utf-8")
    start = chapter.index("class AlexNetSGD:")
    shown = chapter[start : chapter.index("```", start)]
    assert sum(bool(line.strip()) for line in shown.splitlines()) == 11  # the chapter says: ten below the line “class”
    namespace = {"torch": torch}
    exec(shown, namespace)
    w = [torch.tensor([1.0, -2.0, 3.0], dtype=torch.double, requires_grad=True) for _ in range(2)]
    updaters = [namespace["AlexNetSGD"]([w[0]], lr=0.1), d2l_vn.AlexNetSGD([w[1]], lr=0.1)]
    for step in range(6):
        for one, updater in zip(w, updaters, strict=True):
            updater.lr = 0.1 if step < 3 else 0.01
            (one**3).sum().backward()
            updater.step()
        assert torch.equal(w[0], w[1])
