"""The quiz: text, data for the page, and the module in a real browser, by keyboard, in the dark."""

import html
import http.server
import json
import os
import re
import shutil
import threading

import pytest

import d2l_vn
from d2l_vn.exercises import quiz as quizzes
from d2l_vn.exercises import store
from d2l_vn.exercises.cnn_and_lenet import quiz


def test_as_text(capsys):
    text = repr(quiz)
    assert text.startswith("1. ") and "   c) " in text and 'quiz.answer(1, "b")' in text
    quiz.answer(1, "a")
    assert capsys.readouterr().out.startswith("✘ Chưa đúng. Khi ấy") and store.load() == {"06-quiz-1": "tried"}
    d2l_vn.set_language("en")
    quiz.answer(1, "b")
    assert capsys.readouterr().out.startswith("✔ Right. The right class") and store.load() == {"06-quiz-1": "right"}
    for number, letter in ((0, "a"), (6, "a"), (1, "d"), (1, ""), (1, 2)):
        with pytest.raises(ValueError, match="must be"):
            quiz.answer(number, letter)


def test_for_the_page():
    bundle = quiz._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}
    page = bundle["text/html"]
    match = re.match(r'<div class="d2l-explorable" data-explorable="quiz" data-state="([^"]*)">', page)
    assert json.loads(html.unescape(match[1])) == quiz.state()
    assert page.count("<li>") == 5 + sum(len(q.choices) for q in quiz.questions) and "<script" not in page
    assert bundle == quiz._repr_mimebundle_()  # no random ids: committed outputs stay the same


def test_in_a_kernel_there_is_a_widget_that_notes_answers(monkeypatch):
    pytest.importorskip("anywidget")
    monkeypatch.setattr(quizzes, "kernel", lambda: object())
    bundle = quiz._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle and "data-explorable" in bundle["text/html"]
    widget = quiz._widget()
    widget.answers = {"0": 0, "1": 0, "9": 1, "x": 2}
    assert store.load() == {"06-quiz-1": "tried", "06-quiz-2": "right"}


def test_module_is_small_and_needs_nothing():
    code = quizzes.MODULE.read_text("utf-8")
    assert len(code.encode()) <= 12 << 10 and "export function render({ model, el })" in code
    assert not re.search(r"\bimport\b|innerHTML|insertAdjacentHTML|document\.write|\beval\b|fetch\(|https?:", code)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    shutil.copy(quizzes.MODULE, folder / "quiz.mjs")
    (folder / "index.html").write_text("""<!doctype html><html lang="vi" data-theme="dark"><title>x</title>
<body style="background:#111;color:#eee"><main><h1>x</h1><div id="a"></div><div id="b"></div></main><script type="module">
import { render } from "./quiz.mjs";
window.states = []; window.draw = (id, state) => render({ el: document.getElementById(id), model: {
  get: (k) => state[k], set: (k, v) => { state[k] = v; states.push([k, v]); }, save_changes() {} } });
window.ready = true;
</script>""", "utf-8")

    class Handler(http.server.SimpleHTTPRequestHandler):
        extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, ".mjs": "text/javascript"}  # noqa: RUF012

        def __init__(self, *args):
            super().__init__(*args, directory=str(folder))

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/index.html"
    server.shutdown()


@pytest.fixture
def page(address):
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if not program:
        (pytest.fail if os.environ.get("D2L_VN_REQUIRE_ALL") == "1" else pytest.skip)("no browser")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page()
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.goto(address)
        page.wait_for_function("window.ready")
        yield page
        browser.close()


def test_in_a_browser(page):
    page.evaluate("state => draw('a', state)", quiz.state())
    d2l_vn.set_language("en")
    state = quiz.state()
    state["questions"][0]["text"] = "<img src=x onerror=alert(1)> `a<b`"
    page.evaluate("state => draw('b', state)", state)
    first = page.locator("#a fieldset").first
    assert page.locator("#a fieldset").count() == 5 and page.locator("#b img").count() == 0
    assert page.locator("#b legend code").first.text_content() == "a<b"
    # by keyboard: into the group, choose, on to the button, press
    first.get_by_role("button").click()
    assert first.get_by_role("status").text_content() == "Bạn chưa chọn đáp án."
    first.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert first.get_by_role("status").text_content().startswith("Chưa đúng. Khi ấy")
    assert page.evaluate("localStorage['d2l-vn-progress']") == '{"06-quiz-1":"tried"}'
    first.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert first.get_by_role("status").text_content().startswith("Đúng. Xác suất")
    assert page.evaluate("localStorage['d2l-vn-progress']") == '{"06-quiz-1":"right"}'
    assert page.evaluate("states.at(-1)") == ["answers", {"0": 1}]
    assert page.locator("#a > div > [role=status]").text_content() == "Đã trả lời đúng 1 trên 5 câu."
    # the other quiz on the page has radio groups of its own, and both languages share what is done
    assert page.locator("#b input:checked").count() == 0
    page.evaluate("state => draw('b', state)", state)
    assert page.locator("#b > div > [role=status]").text_content() == "1 of 5 questions answered right."
    assert first.get_by_role("group").count() == 0 and page.get_by_role("group").count() == 10
    assert page.errors == []


def test_what_is_stored_may_be_damaged(page):
    for damage in ("{", "[]", "null", "5"):
        page.evaluate("text => localStorage.setItem('d2l-vn-progress', text)", damage)
        page.evaluate("state => draw('a', state)", quiz.state())
        page.locator("#a input").first.check()
        page.locator("#a button").first.click()
        assert page.evaluate("localStorage['d2l-vn-progress']") == '{"06-quiz-1":"tried"}'
    assert page.errors == []


def test_passes_axe_in_the_dark_and_in_the_light(page):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page.evaluate("state => draw('a', state)", quiz.state())
    page.locator("#a input").first.check()
    page.locator("#a button").first.click()
    page.locator("#a input").nth(3).check()
    page.locator("#a button").nth(1).click()
    for theme, style in (("dark", "background:#111;color:#eee"), ("light", "background:#fff;color:#222")):
        page.evaluate("([t, s]) => { document.documentElement.dataset.theme = t; document.body.style = s; }", [theme, style])
        assert axe.Axe().run(page).response["violations"] == []
