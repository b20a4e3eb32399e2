// The quiz as an explorable: render({ model, el }) draws the questions that the model holds.
// Model: quiz ("06"), lang ("vi" or "en"), questions [{ text, right, choices: [{ text, why }] }]; it sets
// answers { question: choice }. What is done is kept in localStorage under "d2l-vn-progress", as in the
// reader's progress file: { "06-quiz-1": "right" or "tried" }, shared by both languages, sent nowhere.

const WORDS = {
  vi: { check: "Kiểm tra", right: "Đúng.", wrong: "Chưa đúng.", none: "Bạn chưa chọn đáp án.",
        question: "Câu", done: "đã trả lời đúng", score: (n, all) => `Đã trả lời đúng ${n} trên ${all} câu.` },
  en: { check: "Check", right: "Right.", wrong: "Not right.", none: "No answer is chosen yet.",
        question: "Question", done: "answered right", score: (n, all) => `${n} of ${all} questions answered right.` },
};

const STYLE = `
.d2l-quiz fieldset { border: 1px solid #8888; border-radius: .4em; margin: 0 0 1em; padding: .6em 1em .8em; min-width: 0; }
.d2l-quiz legend { font-weight: 600; padding: 0 .4em; float: left; width: 100%; margin-bottom: .4em; }
.d2l-quiz legend + * { clear: both; }
.d2l-quiz label { display: flex; gap: .6em; align-items: baseline; padding: .25em 0; cursor: pointer; }
.d2l-quiz input { flex: none; width: 1.1em; height: 1.1em; }
.d2l-quiz button { font: inherit; color: inherit; background: transparent; border: 1px solid currentColor;
  border-radius: .3em; padding: .3em .9em; margin-top: .4em; min-height: 2.4em; cursor: pointer; }
.d2l-quiz button:focus-visible, .d2l-quiz input:focus-visible { outline: 3px solid #3b82c4; outline-offset: 2px; }
.d2l-quiz [role=status] { margin: .5em 0 0; }
.d2l-quiz .right strong { color: #14693a; }
.d2l-quiz .wrong strong { color: #a3231b; }
[data-theme=dark] .d2l-quiz .right strong, [data-jp-theme-light=false] .d2l-quiz .right strong { color: #7fdca4; }
[data-theme=dark] .d2l-quiz .wrong strong, [data-jp-theme-light=false] .d2l-quiz .wrong strong { color: #ffaaa2; }
`;

const KEY = "d2l-vn-progress";
let drawn = 0; // names of radio groups must differ between two quizzes on a page

function load() {
  try {
    const entries = JSON.parse(localStorage.getItem(KEY));
    return entries && typeof entries === "object" && !Array.isArray(entries) ? entries : {};
  } catch { return {}; }
}

function record(key, right) {
  const entries = load();
  if (entries[key] === "right") return;
  entries[key] = right ? "right" : "tried";
  try { localStorage.setItem(KEY, JSON.stringify(entries)); } catch { /* private window: nothing is kept */ }
}

function make(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

// Words in backticks become code; all else is text.
function rich(node, text) {
  text.split("`").forEach((part, i) => node.append(i % 2 ? make("code", { textContent: part }) : part));
  return node;
}

export function render({ model, el }) {
  const words = WORDS[model.get("lang")] ?? WORDS.vi;
  const quiz = model.get("quiz"), questions = model.get("questions"), group = `d2l-quiz-${quiz}-${++drawn}`;
  const root = make("div", { className: "d2l-quiz" }, make("style", { textContent: STYLE }));
  root.lang = model.get("lang");
  const score = make("p");
  score.setAttribute("role", "status");
  const count = () => {
    const entries = load();
    const right = questions.filter((_, i) => entries[`${quiz}-quiz-${i + 1}`] === "right" || solved.has(i)).length;
    score.textContent = words.score(right, questions.length);
  };
  const solved = new Set();

  questions.forEach((question, i) => {
    const legend = rich(make("legend", {}, `${words.question} ${i + 1}. `), question.text);
    const set = make("fieldset", {}, legend);
    const inputs = question.choices.map((choice, j) => {
      const input = make("input", { type: "radio", name: `${group}-${i}`, value: String(j) });
      set.append(make("label", {}, input, rich(make("span"), choice.text)));
      return input;
    });
    const says = make("p");
    says.setAttribute("role", "status");
    const button = make("button", { type: "button", textContent: words.check });
    button.setAttribute("aria-label", `${words.check}: ${words.question} ${i + 1}`);
    button.addEventListener("click", () => {
      const chosen = inputs.findIndex((input) => input.checked);
      says.replaceChildren();
      says.className = "";
      if (chosen < 0) { says.textContent = words.none; return; }
      const right = chosen === question.right;
      says.className = right ? "right" : "wrong";
      says.append(make("strong", { textContent: right ? words.right : words.wrong }), " ");
      rich(says, question.choices[chosen].why);
      record(`${quiz}-quiz-${i + 1}`, right);
      if (right) solved.add(i);
      count();
      model.set?.("answers", { ...(model.get("answers") ?? {}), [i]: chosen });
      model.save_changes?.();
    });
    set.append(button, says);
    root.append(set);
  });
  count();
  root.append(score);
  el.replaceChildren(root);
}

export default { render };
