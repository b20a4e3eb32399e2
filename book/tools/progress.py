"""The progress page: every exercise and quiz of the notebooks, with a place for what book.js finds done."""

import json
import re
from html import unescape

import nbformat

from book.tools import NOTEBOOKS

EXERCISE = re.compile(r'<a id="(sec-(\d\d)-exercise-([\w-]+))"></a>\s*#+ (.+)')
TITLE = re.compile(r'<a id="sec-\d\d"></a>\s*# (.+)')
QUIZ = re.compile(r'data-explorable="quiz" data-state="([^"]*)"')
WORDS = {
    "vi": {"quiz": "Câu hỏi ôn tập", "tick": "đã làm xong"},
    "en": {"quiz": "Review questions", "tick": "done"},
}


def progress_list(lang: str) -> str:
    """A section for each chapter: a box to tick for each exercise, a count for the quiz, with links."""
    words, parts = WORDS[lang], []
    for path in sorted((NOTEBOOKS / lang).glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        text = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
        number, here = path.stem[:2], f"../../notebooks/{lang}/{path.name}"
        items = [
            f'- <input type="checkbox" disabled data-progress="{number}-{name}" aria-label="{title}: {words["tick"]}"> '
            f"[{title}]({here}#{label})"
            for label, number, name, title in EXERCISE.findall(text)
        ]
        outputs = "".join(output.get("data", {}).get("text/html", "") for cell in notebook.cells for output in cell.get("outputs", []))
        if quiz := QUIZ.search(outputs):
            count = len(json.loads(unescape(quiz[1]))["questions"])
            items.append(
                f'- <output data-progress-quiz="{number}" data-count="{count}">0/{count}</output> '
                f"[{words['quiz']}]({here}#sec-{number}-quiz)"
            )
        if items and (heading := TITLE.search(text)):
            parts.append(f'<a id="sec-progress-{number}"></a>\n## {number}. {heading[1]}\n\n' + "\n".join(items))
    return "\n\n".join(parts)
