"""Speak to the reader: HTML that follows the page's colours in a notebook, plain text everywhere else."""

import html
import re

from ..progress import kernel

COLOURS = {"right": "#2e9e5b", "wrong": "#d9534f", "info": "#3b82c4"}  # of the bar only; readable on dark and light


def show(text: str, mood: str = "info", code: str = "") -> None:
    """Show a paragraph per line, with words in backticks as code, and below it a block of code."""
    plain = text + (f"\n\n{code}" if code else "")
    if kernel() is None:
        print(plain)
        return
    from IPython.display import display

    bundle = {"text/plain": plain, "text/html": as_html(text, mood, code)}
    display(bundle, raw=True)  # type: ignore[no-untyped-call]


def as_html(text: str, mood: str, code: str) -> str:
    """Return the same as HTML; everything is escaped, colours of text and background are left to the page."""
    paragraphs = "".join(f'<p style="margin:.3em 0">{rich(line)}</p>' for line in text.splitlines() if line)
    block = f'<pre style="margin:.5em 0;overflow-x:auto"><code>{html.escape(code)}</code></pre>' if code else ""
    style = f"border-left:.3em solid {COLOURS[mood]};padding:.1em .8em;margin:.4em 0"
    return f'<div style="{style}">{paragraphs}{block}</div>'


def rich(line: str) -> str:
    """Escape a line and turn `words` into code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(line))
