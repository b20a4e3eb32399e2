"""The recorded runs in book/data/results as a table, in either language."""

import json

from book.tools import DATA
from book.tools.markers import number

HEADINGS = {
    "vi": ("lần chạy", "thiết lập", "mất mát huấn luyện", "độ chính xác kiểm tra", "máy", "ngày"),
    "en": ("run", "setting", "training loss", "test accuracy", "machine", "date"),
}
WORDS = {
    "vi": {
        "lr": "tốc độ học {}",
        "drop": ", một phần mười sau epoch {}",
        "shuffled": ", điểm ảnh xáo trộn",
        "seed": "hạt giống",
        "threads": "luồng",
    },
    "en": {
        "lr": "learning rate {}",
        "drop": ", a tenth of it after epoch {}",
        "shuffled": ", pixels shuffled",
        "seed": "seed",
        "threads": "threads",
    },
}


def results_table(lang: str) -> str:
    """One row for each JSON file that `python -m d2l_vn.train --record` has written, by name."""
    words = WORDS[lang]
    rows = [HEADINGS[lang], ("---",) * len(HEADINGS[lang])]
    for file in sorted((DATA / "results").glob("*.json")):
        run = json.loads(file.read_text(encoding="utf-8"))
        if "test_accuracy" not in run:
            continue  # a benchmark, which has a table of its own
        hardware = run["hardware"]
        machine = hardware["gpu"] or f"{hardware['cpu']}, {hardware['threads']} {words['threads']}"
        rate = words["lr"].format(number(str(run["lr"]), lang))
        if run.get("drop"):  # earlier records have neither this nor the next
            rate += words["drop"].format(run["drop"])
        if run.get("shuffle_pixels"):
            rate += words["shuffled"]
        setting = f"{run['model']}, {run['num_epochs']} epoch, {rate}, {words['seed']} {run['seed']}"
        figures = (number(f"{run[key]:.3f}", lang) for key in ("train_loss", "test_accuracy"))
        rows.append((f"`{run['name']}`", setting, *figures, machine, run["date"][:10]))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


# Row of benchmarks/bench.py -> what it measures; the unit is images a second for loading, seconds for the rest.
BENCHMARKS = {
    "loader_28": ("nạp ảnh 28 × 28, ảnh/giây", "loading at 28 × 28, images/s"),
    "loader_96": ("nạp ảnh phóng to 96 × 96, ảnh/giây", "loading at 96 × 96, images/s"),
    "loader_224": ("nạp ảnh phóng to 224 × 224, ảnh/giây", "loading at 224 × 224, images/s"),
    "lenet": ("LeNet, cả lời gọi `train_ch6`, giây", "LeNet, the whole call of `train_ch6`, s"),
    "alexnet": ("AlexNet ở 224 × 224, cả lời gọi, giây", "AlexNet at 224 × 224, the whole call, s"),
    "lenet_bare": ("LeNet so với các bước trần, giây", "LeNet against bare steps, s"),
    "alexnet_bare": ("AlexNet so với các bước trần, giây", "AlexNet against bare steps, s"),
    "import": ("`import`, không kể torch, giây", "`import`, beyond torch, s"),
}
BENCHMARK_HEADINGS = {
    "vi": ("phép đo", "d2l hoặc bước trần", "d2l_vn", "tỉ số (thấp nhất đến cao nhất)", "mục tiêu", "đạt?"),
    "en": ("measurement", "d2l or bare steps", "d2l_vn", "ratio (lowest to highest)", "aim", "met?"),
}
MET = {"vi": {True: "đạt", False: "chưa", None: ""}, "en": {True: "yes", False: "no", None: ""}}
NOT_YET = {"vi": "*Chưa có lần đo nào được ghi.*", "en": "*No measurement has been recorded yet.*"}


def benchmark_table(lang: str, name: str) -> str:
    """The figures of one recorded benchmark, or a line that says that there are none."""
    file = DATA / "results" / f"{name}.json"
    if not file.is_file():
        return NOT_YET[lang]
    facts = json.loads(file.read_text(encoding="utf-8"))

    def figure(key: str) -> str:
        value = facts.get(key)
        return "" if value is None else number(f"{value:,.0f}" if value >= 100 else f"{value:.3g}", lang)

    rows = [BENCHMARK_HEADINGS[lang], ("---",) * len(BENCHMARK_HEADINGS[lang])]
    for key, words in BENCHMARKS.items():
        ratio = f"{figure(f'{key}_ratio')} ({figure(f'{key}_low')}–{figure(f'{key}_high')})"
        other = figure(f"{key}_bare" if key.endswith("_bare") else f"{key}_d2l")
        verdict = MET[lang][facts.get(f"{key}_met")]
        rows.append((words[lang == "en"], other, figure(f"{key}_d2l_vn"), ratio, figure(f"{key}_aim"), verdict))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


# What book/experiments/machine.py measures -> its name; GFLOP/s, the last GB/s.
MACHINE = {
    "product-64": ("nhân ma trận 64 × 64, GFLOP/s", "product of 64 × 64 matrices, GFLOP/s"),
    "product-256": ("nhân ma trận 256 × 256, GFLOP/s", "product of 256 × 256 matrices, GFLOP/s"),
    "product-1024": ("nhân ma trận 1024 × 1024, GFLOP/s", "product of 1024 × 1024 matrices, GFLOP/s"),
    "product-2048": ("nhân ma trận 2048 × 2048, GFLOP/s", "product of 2048 × 2048 matrices, GFLOP/s"),
    "product-4096": ("nhân ma trận 4096 × 4096, GFLOP/s", "product of 4096 × 4096 matrices, GFLOP/s"),
    "lenet-1": ("tầng tích chập 1 của LeNet, GFLOP/s", "LeNet's convolutional layer 1, GFLOP/s"),
    "lenet-2": ("tầng tích chập 2 của LeNet, GFLOP/s", "LeNet's convolutional layer 2, GFLOP/s"),
    "alexnet-2": ("tầng tích chập 2 của AlexNet, GFLOP/s", "AlexNet's convolutional layer 2, GFLOP/s"),
    "addition": ("cộng hai vector dài, GFLOP/s", "addition of two long vectors, GFLOP/s"),
    "bandwidth": ("băng thông bộ nhớ trong phép cộng ấy, GB/s", "memory bandwidth in that addition, GB/s"),
}
MACHINE_WORDS = {"vi": ("phép đo", "luồng", "*GPU: chưa đo*"), "en": ("measurement", "threads", "*GPU: not measured yet*")}


def machine_table(lang: str) -> str:
    """The recorded speeds of a processor and of a GPU side by side; what has not been measured has an empty column."""
    heading, threads, not_yet = MACHINE_WORDS[lang]
    cpu, gpu = (DATA / "results" / f"machine-{kind}.json" for kind in ("cpu", "gpu"))
    facts = [json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None for file in (cpu, gpu)]
    names = [f"{facts[0]['hardware']['cpu']}, {facts[0]['hardware']['threads']} {threads}" if facts[0] else "CPU",
             facts[1]["hardware"]["gpu"] if facts[1] else not_yet]
    rows = [(heading, *names), ("---",) * 3]
    for key, words in MACHINE.items():
        values = (fact["gflops"][key] if fact else None for fact in facts)
        rows.append((words[lang == "en"], *("" if value is None else number(f"{value:,.1f}", lang) for value in values)))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
