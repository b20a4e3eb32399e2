// What every page needs beside the theme's own scripts.
document.addEventListener("DOMContentLoaded", () => {
  const lang = document.documentElement.lang;
  try { localStorage.setItem("language", lang); } catch { /* private mode: the choice is not kept */ }

  // The language switch keeps the section (labels are the same in both editions) and what was searched for.
  for (const link of document.querySelectorAll("a.language-switch"))
    link.addEventListener("click", () => { link.href = link.href.split(/[?#]/)[0] + sectionInView() + location.search; });

  // sphinx-copybutton and two buttons of the theme know no Vietnamese.
  if (lang === "vi") {
    for (const button of document.querySelectorAll("button.copybtn")) button.dataset.tooltip = "Chép mã";
    for (const button of document.querySelectorAll("button.primary-toggle")) button.title = "Mở hoặc đóng mục lục của sách";
    for (const button of document.querySelectorAll("button.secondary-toggle")) button.title = "Mở hoặc đóng mục lục của trang";
  }

  // Formulas and pictures grow after the browser has gone to #section: go there again, unless the reader has moved.
  let moved = false;
  for (const event of ["wheel", "touchmove", "keydown", "mousedown"])
    addEventListener(event, () => { moved = true; }, { once: true, passive: true });
  const settle = () => { if (!moved && location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView({ behavior: "instant" }); };
  window.MathJax?.startup?.promise.then(settle);
  addEventListener("load", settle);
});

// "#sec-…" of the last heading above the middle of the window; an anchor in the address wins while it is in view.
function sectionInView() {
  const named = location.hash && document.getElementById(location.hash.slice(1));
  if (named && named.getBoundingClientRect().bottom > 0 && named.getBoundingClientRect().top < innerHeight) return location.hash;
  const above = [...document.querySelectorAll("article section[id^='sec-']")]
    .filter((section) => section.getBoundingClientRect().top < innerHeight / 2);
  return above.length ? "#" + above.at(-1).id : "";
}

// The progress page. What is done is kept under the key that the quizzes use: { "06-pool": "right", … }.
document.addEventListener("DOMContentLoaded", () => {
  const KEY = "d2l-vn-progress";
  const load = () => {
    try {
      const entries = JSON.parse(localStorage.getItem(KEY));
      return entries && typeof entries === "object" && !Array.isArray(entries) ? entries : {};
    } catch { return {}; } // nothing kept, or nothing that can be read
  };
  const show = () => {
    const done = load();
    for (const box of document.querySelectorAll("input[data-progress]")) {
      box.disabled = false;
      box.checked = done[box.dataset.progress] === "right";
    }
    for (const count of document.querySelectorAll("output[data-progress-quiz]")) {
      const right = Object.keys(done).filter((key) => key.startsWith(`${count.dataset.progressQuiz}-quiz-`) && done[key] === "right");
      count.textContent = `${right.length}/${count.dataset.count}`;
    }
  };
  for (const box of document.querySelectorAll("input[data-progress]"))
    box.addEventListener("change", () => {
      const { [box.dataset.progress]: _, ...others } = load();
      const entries = box.checked ? { ...others, [box.dataset.progress]: "right" } : others;
      try { localStorage.setItem(KEY, JSON.stringify(entries)); } catch { /* private window: nothing is kept */ }
    });
  show();
  addEventListener("storage", show); // another page of the book has recorded something
});
