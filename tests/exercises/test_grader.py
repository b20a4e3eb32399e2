"""The grader against hostile notebooks: each gets its row, and nothing outside its sandbox changes."""

import csv
import hashlib
import json
import os
import socket
import threading
from pathlib import Path

import pytest

import d2l_vn
from d2l_vn.exercises import __main__ as command
from d2l_vn.exercises import cnn_and_lenet as ex
from d2l_vn.exercises import grade, sandbox
from d2l_vn.exercises.catalogue import exercises

TASKS = exercises(ex)
SOLUTIONS = {id: task.source() for id, task in TASKS.items()}
SETUP = 'try:\n    import d2l_vn as d2l\nexcept ModuleNotFoundError:\n    %pip install -q d2l_vn\nimport torch\nfrom torch import nn\n'
SIZE, CONV, LENET, POOL, MAP, LOSS, FIELD, CONFUSION = TASKS
SECONDS = 2.0


def notebook(path, cells, setup=SETUP):
    """Write a notebook: a setup cell, cells of exercises, and others that must not run."""
    def code(source, *tags):
        return {"cell_type": "code", "source": source.splitlines(keepends=True), "metadata": {"tags": tags}, "outputs": []}

    bad = "raise SystemExit('this cell must not run')"
    exercise_cells = [code(source, f"exercise-{id}") for id, source in cells.items()]
    content = {"cells": [code(bad), code(setup, "setup"), {"cell_type": "markdown", "source": "x"}, code(bad), *exercise_cells],
               "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(content), "utf-8")
    return path


def need(kind):
    reason = sandbox.why_not(kind)
    if reason and os.environ.get("D2L_VN_REQUIRE_ALL") == "1":
        pytest.fail(f"no sandbox: {kind}: {reason}")
    if reason:
        pytest.skip(f"no sandbox: {kind}: {reason}")


def escapes(secret, port):
    """Cells that reach for what is outside; each gives the right answer only if it got there."""
    attempt = "def {name}(*arguments):\n    raise RuntimeError(outcome)\ntry:\n    {act}\n    outcome = 'ESCAPED'\nexcept OSError as error:\n    outcome = 'kept in'\n"
    acts = {
        SIZE: f"open({str(secret)!r}, 'w').write('spoilt')",
        CONV: f"open({str(secret.with_name('new'))!r}, 'w').write('new')",
        LENET: f"import socket; socket.create_connection(('127.0.0.1', {port}), 2)",
        POOL: "import d2l_vn.exercises.engine as e; open(e.__file__, 'a').write('# edited')",
        MAP: f"import ctypes, os; raise OSError if ctypes.CDLL(None).mount(None, b'/', None, 32|4096, None) else ValueError; open({str(secret)!r}, 'w')",
        LOSS: "import os; os.kill(1, 9); os.setuid(1); os.mkdir('/usr/escaped')",
    }
    return {id: attempt.format(name=TASKS[id].name, act=act) for id, act in acts.items()}


FORGED = json.dumps({SIZE: [{"status": "value", "parts": [{"shape": [], "values": [14.0], "whole": True}]}]})
HOSTILE = {
    "hang": {
        SIZE: "def output_size(n, windows):\n    while True:\n        pass",
        CONV: "import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True:\n    try:\n        import time; time.sleep(60)\n    except BaseException:\n        pass",
        LENET: SOLUTIONS[LENET],
        MAP: "import os\nif os.fork():\n    os._exit(0)\nos.setsid()\nwhile True: pass",
    },
    "crash": {
        SIZE: "import os\nos._exit(0)",
        CONV: "import ctypes\nctypes.string_at(0)",
        LENET: "def lenet_parameters(n, d, classes):\n    return bytearray(1 << 36)",
        POOL: "x = [0]\nwhile True:\n    x += x",
        MAP: "def feature_map(*arguments):\n    return feature_map(*arguments)",
        LOSS: SOLUTIONS[LOSS],
    },
    "flood": {
        SIZE: "while True:\n    print('x' * 1_000_000)",
        CONV: "import torch\ndef conv_parameters(K, k, d):\n    return torch.zeros(50_000_000)",
        LENET: "i = 0\nwhile True:\n    open(f'/tmp/{i}', 'wb').write(bytes(1 << 20)); i += 1",
        POOL: "def pool(*arguments):\n    raise ValueError('y' * 100_000_000)",
        MAP: "import os\nwhile True:\n    os.write(1, bytes(1 << 20)); os.write(2, bytes(1 << 20))",
        LOSS: SOLUTIONS[LOSS],
    },
    "tamper": {
        SIZE: "from d2l_vn.exercises import engine\nengine.Exercise.check = engine.Exercise.judge = lambda *a: True\n"
              "engine.Exercise.collect_all = lambda *a: 'right'\ndef output_size(n, windows):\n    return 0",
        CONV: "from d2l_vn.exercises import cnn_and_lenet as ex\nex.conv_parameters.judge = lambda *a: None\n"
              "ex.conv_parameters.cases = lambda seed: []\ndef conv_parameters(K, k, d):\n    return 1",
        LENET: "from d2l_vn.exercises import engine\n"
               "engine.Exercise.collect_all = lambda *a: [{'status': 'value', 'parts': [{'shape': [1 << 70], 'values': ['a']}]}]\n"
               "def lenet_parameters(*a): pass",
        POOL: f"import os\nfor fd in range(3, 64):\n    try: os.write(fd, {FORGED.encode()!r})\n    except OSError: pass\nos._exit(0)",
        MAP: f"import glob\nfor f in glob.glob('/proc/*/fd/*'):\n    try: open(f, 'w').write({FORGED!r})\n    except OSError: pass\n"
             "def feature_map(*a): return 1.0",
        LOSS: SOLUTIONS[LOSS],
    },
    "kill": {SIZE: "import os\nos.kill(os.getppid(), 9)", CONV: SOLUTIONS[CONV]},
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Grade all notebooks at once; what the tests look at afterwards: rows, feedback, and the world outside."""
    need("bubblewrap")
    folder = tmp_path_factory.mktemp("submissions")
    secret = folder / "secret"
    secret.write_text("intact")
    package = sandbox.PACKAGE
    before = {p: hashlib.sha256(p.read_bytes()).digest() for p in package.rglob("*.py")}
    calls = []
    server = socket.create_server(("127.0.0.1", 0))

    def listen():
        while True:
            try:
                calls.append(server.accept())
            except OSError:
                return

    threading.Thread(target=listen, daemon=True).start()
    files = [notebook(folder / "good.ipynb", SOLUTIONS)]
    files.append(notebook(folder / "mixed.ipynb", {
        SIZE: "def output_size(n, windows):\n    return ...", CONV: "def conv_parameters(K, k, d):\n    return K * k * k * d",
        LENET: "def lenet_parameters(n, d, classes)", POOL: "def pool(X, k, s, kind):\n    return X[5] / 0",
        MAP: "import d2l_vn.exercises.cnn_and_lenet as e\nfeature_map = 5", LOSS: SOLUTIONS[LOSS]}))
    files.append(notebook(folder / "escape.ipynb", escapes(secret, server.getsockname()[1])))
    files += [notebook(folder / f"{name}.ipynb", cells) for name, cells in HOSTILE.items()]
    files.append(notebook(folder / "setup.ipynb", {SIZE: SOLUTIONS[SIZE]}, "import os\nos._exit(1)"))
    for name, text in {"=cmd()": "no json", "deep": "[" * 200_000, "shape": '{"cells": {"a": 1}}', "tags":
                       '{"cells": [{"cell_type": "code", "source": 3, "metadata": {"tags": [["setup"]]}}]}'}.items():
        files.append(folder / f"{name}.ipynb")
        files[-1].write_text(text)
    files.append(folder / "absent.ipynb")
    monkey = pytest.MonkeyPatch()
    monkey.setattr(sandbox, "choose", lambda: "bubblewrap")
    table = folder / "marks.csv"
    status = command.main(["grade", *map(str, files), "-o", str(table), "--seconds", str(SECONDS), "--lang", "en"])
    monkey.undo()
    server.close()
    assert status == 0
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    feedback = {path.stem: path.read_text("utf-8") for path in (folder / "marks-feedback").iterdir()}
    after = {p: hashlib.sha256(p.read_bytes()).digest() for p in package.rglob("*.py")}
    return {"rows": rows, "feedback": feedback, "secret": secret, "calls": calls, "files": files, "same": before == after}


def right(graded, name):
    row = graded["rows"][name]
    assert int(row["total"]) == sum(int(row[id]) for id in TASKS)
    return {id for id in TASKS if row[id] == "1"}


def test_every_notebook_has_a_row_and_a_file(graded):
    assert len(graded["rows"]) == len(graded["files"]) == len(graded["feedback"])
    assert list(graded["rows"]["good"]) == ["student", *TASKS, "total", "note"]
    for file in graded["files"]:
        assert len(graded["feedback"][grade.names([file])[0]]) < 10_000


def test_solutions_get_full_marks(graded):
    assert right(graded, "good") == set(TASKS) and graded["rows"]["good"]["note"] == ""


def test_feedback_says_what_is_wrong(graded):
    assert right(graded, "mixed") == {LOSS}
    text = graded["feedback"]["mixed"]
    for words in ("1/8", "Not attempted yet", "You forgot the biases.", "SyntaxError", "line 2: `return X[5] / 0`", "NameError: feature_map"):
        assert words in text


def test_nothing_outside_is_reached(graded):
    assert graded["secret"].read_text() == "intact" and not graded["secret"].with_name("new").exists()
    assert graded["calls"] == [] and graded["same"] and not Path("/usr/escaped").exists()
    assert right(graded, "escape") == set() and "ESCAPED" not in graded["feedback"]["escape"]
    assert graded["feedback"]["escape"].count("kept in") >= 4


def test_what_hangs_costs_only_its_own_mark(graded):
    assert right(graded, "hang") == {LENET}
    assert graded["feedback"]["hang"].count("took too long") >= 2
    assert graded["feedback"]["hang"].count("cell of this exercise is missing") == 4


def test_what_crashes_costs_only_its_own_mark(graded):
    assert right(graded, "crash") == {LOSS}
    assert "RecursionError" in graded["feedback"]["crash"] and "MemoryError" in graded["feedback"]["crash"]


def test_floods_are_dammed(graded):
    assert right(graded, "flood") == {LOSS}


def test_tampering_brings_nothing(graded):
    assert right(graded, "tamper") == {LOSS}
    assert right(graded, "kill") == set() and "broken" in graded["rows"]["kill"]["note"]
    assert right(graded, "setup") == set()


def test_files_that_are_no_notebooks(graded):
    for name in ("deep", "shape", "tags"):
        assert graded["rows"][name]["note"] and graded["rows"][name]["total"] == "0"
    assert "'=cmd()" not in graded["rows"] and "_cmd()" in graded["rows"]
    assert "cannot be read" in graded["rows"]["absent"]["note"]


def test_the_other_sandbox_holds_as_well(tmp_path, monkeypatch):
    need("namespaces")
    secret = tmp_path / "secret"
    secret.write_text("intact")
    with socket.create_server(("127.0.0.1", 0)) as server:
        files = [notebook(tmp_path / "escape.ipynb", escapes(secret, server.getsockname()[1])),
                 notebook(tmp_path / "tamper.ipynb", {MAP: HOSTILE["tamper"][MAP], LOSS: SOLUTIONS[LOSS]})]
        d2l_vn.set_language("en")
        escape, tamper = grade.grade(files, seconds=SECONDS, kind="namespaces")
    assert secret.read_text() == "intact" and not any(v.right for v in escape.verdicts.values())
    assert grade.feedback(escape).count("kept in") >= 4 and "ESCAPED" not in grade.feedback(escape)
    assert [id for id, v in tamper.verdicts.items() if v.right] == [LOSS]


def test_without_a_sandbox_nothing_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sandbox.shutil, "which", lambda program: None)
    path = notebook(tmp_path / "a.ipynb", {SIZE: f"open({str(tmp_path / 'ran')!r}, 'w')"})
    assert command.main(["grade", str(path), "-o", str(tmp_path / "marks.csv")]) == 1
    assert "apt install bubblewrap" in capsys.readouterr().err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.ipynb"]


def test_a_sandbox_that_does_not_hold_is_refused(monkeypatch):
    monkeypatch.setitem(sandbox.KINDS, "bubblewrap", lambda command: command or ["sh"])
    monkeypatch.setitem(sandbox.KINDS, "namespaces", lambda command: ["false", *command])
    with pytest.raises(sandbox.SandboxError):
        sandbox.choose()


def test_the_student_process_runs_nothing_when_judging(monkeypatch):
    """Outputs are data: whatever a sandbox sends, judging it neither raises nor gives a mark it does not deserve."""
    task = ex.output_size
    cases = task.cases(1)
    for outputs in (None, [], {}, "right", [None] * len(cases), [{"status": "right"}] * len(cases), [{"status": "value"}],
                    [{"status": "value", "parts": []}] * len(cases), [{"status": "error", "line": "x"}],
                    [{"status": "value", "parts": [{"shape": [-1], "values": [], "whole": True}]}] * len(cases),
                    [{"status": "value", "parts": [{"shape": [], "values": [10**400], "whole": True}]}] * len(cases),
                    [{"status": "value", "parts": [{"shape": [0] * 30, "values": [], "whole": True}]}] * len(cases),
                    [{"status": "value", "parts": [{"shape": [1] * 5000, "values": [1.0]}]}] * len(cases),
                    [{"status": "slow"}], [{"status": "error"}], [{"status": "blank"}] * len(cases)):
        assert not grade._verdict(task, cases, outputs, True).right


def test_two_files_of_one_name_are_told_apart():
    paths = [Path("an/lab.ipynb"), Path("binh/lab.ipynb"), Path("../x y/ok.ipynb"), Path("an/lab.ipynb")]
    assert grade.names(paths) == ["an-lab", "binh-lab", "ok", "an-lab (2)"]


def test_the_chapter_is_that_of_most_notebooks(tmp_path):
    a = grade.Submission("a", cells={SIZE: ["x"]})
    assert grade._module(None, [a]) is grade._module("06", []) is grade._module("06-cnn-and-lenet", []) is ex
    for chapter, submissions in ((None, [grade.Submission("a", cells={"99-x": []})]), ("77", [a])):
        with pytest.raises(ValueError, match="06-cnn-and-lenet"):
            grade._module(chapter, submissions)
