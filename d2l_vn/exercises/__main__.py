"""The command line: ``python -m d2l_vn.exercises grade submissions/*.ipynb -o marks.csv``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ..language import say, set_language
from . import progress
from .grade import grade, write
from .sandbox import SandboxError


def main(argv: Sequence[str] | None = None) -> int:
    """Do as the arguments say, those of ``sys.argv`` by default; return the exit status."""
    argv = sys.argv[1:] if argv is None else list(argv)
    first = argparse.ArgumentParser(add_help=False)
    first.add_argument("--lang", choices=("vi", "en"))
    lang = first.parse_known_args(argv)[0].lang  # looked at first: the help is in this language
    if lang:
        set_language(lang)
    parser = argparse.ArgumentParser(prog="python -m d2l_vn.exercises")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("progress", help=say("cho biết đã làm được những gì", "say what is done"))
    grader = commands.add_parser("grade", help=say("chấm các sổ tay đã nộp", "grade submitted notebooks"))
    add = grader.add_argument
    add("notebooks", nargs="+", type=Path)
    add("-o", "--output", type=Path, required=True, help=say("bảng điểm, tệp CSV", "table of marks, a CSV file"))
    add("--feedback", type=Path, help=say("thư mục nhận xét, mỗi sinh viên một tệp (mặc định: cạnh bảng điểm)",
                                          "folder of feedback, a file per student (default: beside the table)"))
    add("--chapter", help=say("số của chương, chẳng hạn 06 (mặc định: chương của đa số sổ tay)",
                              "number of the chapter, as 06 (default: that of most notebooks)"))
    add("--seed", type=int, help=say("hạt giống của các trường hợp thử (mặc định: ngẫu nhiên)",
                                     "seed of the cases (default: random)"))
    add("--seconds", type=float, default=10.0, help=say("thời gian cho mỗi bài (mặc định: 10 giây)",
                                                        "time for each exercise (default: 10 seconds)"))
    add("--lang", choices=("vi", "en"), help=say("ngôn ngữ của nhận xét", "language of the feedback"))
    args = parser.parse_args(argv)
    if args.command == "progress":
        progress()
        return 0
    try:
        marks = grade(args.notebooks, args.chapter, args.seed, args.seconds)
        write(marks, args.output, args.feedback or args.output.with_name(f"{args.output.stem}-feedback"))
    except (SandboxError, ValueError, OSError) as error:
        print(say(f"lỗi: {error}", f"error: {error}"), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
