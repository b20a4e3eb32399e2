// What all explorables share: elements, numbers, words, drawing, theme. No framework, nothing to fetch.

// ---- words and numbers ----

export const languageOf = (model) =>
  String(model.get("language") || document.documentElement.lang || "vi").startsWith("en") ? "en" : "vi";

// At most `digits` decimals, a decimal comma in Vietnamese, a true minus; powers of ten only where they are shorter.
export function format(x, lang, digits = 3) {
  const text = Math.abs(x) < 1e7 && (x === 0 || Math.abs(x) >= 10 ** -digits)
    ? String(Number(x.toFixed(digits))) : String(Number(x.toPrecision(4)));
  return inLanguage(text, lang);
}
const inLanguage = (text, lang) => (lang === "vi" ? text.replace(".", ",") : text).replaceAll("-", "−");

// Always that many decimals: numbers below one another stay in line.
export const fixed = (x, lang, digits) => inLanguage(x.toFixed(digits), lang);

export const LARGEST = 1e6; // whatever is larger teaches nothing and overflows its cell
const NUMBER = /^[+-]?(\d+[.,]?\d*|[.,]\d+)(e[+-]?\d{1,3})?$/i;

// What a person types: "2", "0,5", "0.5", "1/9", "−1". NaN if it is no number.
export function parse(text) {
  const parts = text.trim().replaceAll("−", "-").split("/").map((part) => part.trim());
  if (parts.length > 2 || !parts.every((part) => NUMBER.test(part))) return NaN;
  const [a, b = 1] = parts.map((part) => Number(part.replace(",", ".")));
  return a / b;
}

export const isNumber = (x) => typeof x === "number" && Number.isFinite(x) && Math.abs(x) <= LARGEST;
export const isWhole = (x, low, high) => Number.isInteger(x) && x >= low && x <= high;
export const isPair = (x, low, high) => Array.isArray(x) && x.length === 2 && x.every((i) => isWhole(i, low, high));
export const clamp = (x, low, high) => Math.min(Math.max(x, low), high);

// Which entries of a state, from a page, a link or Python, cannot be used; `valid` has a test for each entry.
export const problemsBy = (valid) => (state) => Object.keys(state).filter((key) => !Object.hasOwn(valid, key) || !valid[key](state[key], state));
export const isLanguage = (x) => ["", "vi", "en"].includes(x);

// What every explorable says: names of tools, and what a field refuses, and why.
const COMMON = {
  vi: {
    less: (x) => `${x}: bớt 1`, more: (x) => `${x}: thêm 1`,
    link: "Chép liên kết", linked: "Đã chép liên kết tới đúng trạng thái này.", restart: "Về ban đầu", full: "Toàn màn hình",
    empty: "Ô đang trống: hãy nhập một số. Giá trị cũ được giữ lại.",
    word: (x) => `“${x}” không phải là số. Giá trị cũ được giữ lại.`,
    huge: (x, limit) => `“${x}” quá lớn: hãy nhập số từ −${limit} đến ${limit}.`,
    range: (x, low, high) => `“${x}” không dùng được: hãy nhập số nguyên từ ${low} đến ${high}.`,
    outside: (x, low, high) => `“${x}” nằm ngoài khoảng cho phép: hãy nhập số từ ${low} đến ${high}.`,
    bad: (names) => `Không dùng được giá trị của ${names}; giá trị mặc định được dùng thay.`,
  },
  en: {
    less: (x) => `${x}: one less`, more: (x) => `${x}: one more`,
    link: "Copy link", linked: "The link to exactly this state is copied.", restart: "Start again", full: "Full screen",
    empty: "The cell is empty: enter a number. The old value is kept.",
    word: (x) => `“${x}” is not a number. The old value is kept.`,
    huge: (x, limit) => `“${x}” is too large: enter a number from −${limit} to ${limit}.`,
    range: (x, low, high) => `“${x}” cannot be used: enter a whole number from ${low} to ${high}.`,
    outside: (x, low, high) => `“${x}” is out of range: enter a number from ${low} to ${high}.`,
    bad: (names) => `The value of ${names} cannot be used; the default is used instead.`,
  },
};

// The number in a field, or null; tell() says what is wrong, or nothing.
export function numberFrom(field, lang, tell, { low = -LARGEST, high = LARGEST, whole = false } = {}) {
  const x = parse(field.value), typed = field.value.trim().slice(0, 30), words = COMMON[lang];
  const wrong = !typed ? words.empty : Number.isNaN(x) ? words.word(typed)
    : whole && !isWhole(x, low, high) ? words.range(typed, low, high)
    : !isNumber(x) ? words.huge(typed, format(LARGEST, lang))
    : x < low || x > high ? words.outside(typed, format(low, lang), format(high, lang)) : "";
  mark(field, Boolean(wrong));
  tell(wrong);
  if (!wrong) delete field.dataset.holds; // taken: it is written as such numbers are
  return wrong ? null : x;
}

// Put a number into its field when it is another than before: else somebody may be typing there.
export function hold(field, x, words) {
  if (field.dataset.holds === String(x)) return;
  mark(field, false);
  field.value = words;
  field.dataset.holds = x;
}

// Tells which entries of a state cannot be used, when that changes: a drawing more takes no other message away.
export function refusal(lang, tell) {
  let before = "";
  return (bad) => {
    const names = bad.join(", ");
    if (names !== before) tell(names && COMMON[lang].bad(names));
    before = names;
  };
}

export function mark(field, wrong) {
  if (wrong) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
}

// 2, 3, 4, 8 -> "3–5, 9": what is counted from 0 as the reader counts it.
export function ranges(list) {
  const parts = [];
  for (const i of list) {
    if (parts.at(-1)?.[1] === i - 1) parts.at(-1)[1] = i;
    else parts.push([i, i]);
  }
  return parts.map(([a, b]) => (a === b ? a + 1 : `${a + 1}–${b + 1}`)).join(", ");
}

// ---- elements: text is always set as text, never as HTML ----

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null && child !== false));
  return element;
}

export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  set(element, attributes);
  element.append(...children);
  return element;
}
export const set = (element, attributes) => { for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value); };
export const line = (kind, x1, y1, x2, y2) => svg("line", { class: kind, x1, y1, x2, y2 });
export const label = (anchor, x, y, words) => svg("text", { "text-anchor": anchor, x, y }, words);

export const button = (words, onclick) => h("button", { type: "button", onclick }, words);

// A labelled choice: [what to place, the select]. "yours" is shown when nothing else fits, and cannot be chosen.
export function choose(label, options, onchange) {
  const select = h("select", { "aria-label": label, onchange: () => onchange(select.value) },
    ...Object.entries(options).map(([value, words]) => h("option", { value, hidden: value === "yours" }, words)));
  return [h("label", {}, h("span", {}, label), select), select];
}

// A whole number with a button on either side; the number itself can be typed.
export function stepper({ label, low, high, lang, tell, set }) {
  let now = low;
  const input = h("input", { type: "text", inputmode: "numeric", "aria-label": label, autocomplete: "off", onchange: () => {
    const x = numberFrom(input, lang, tell, { low, high, whole: true });
    if (x !== null) set(x);
  } });
  const buttons = [["−", "less", -1], ["+", "more", 1]].map(([sign, name, by]) =>
    h("button", { type: "button", "aria-label": COMMON[lang][name](label), onclick: () => { tell(""); mark(input, false); set(clamp(now + by, low, high)); } }, sign));
  const show = (x) => {
    now = x;
    hold(input, x, x);
    buttons[0].disabled = x <= low;
    buttons[1].disabled = x >= high;
  };
  const element = h("div", { class: "d2l-x-stepper", role: "group", "aria-label": label }, h("span", {}, label), h("div", {}, buttons[0], input, buttons[1]));
  return { element, show };
}

// What stands below every explorable: its state as a link (on a page: a notebook has no address of its own), a fresh
// start, the full screen of a projector.
export function toolbar({ model, root, lang, tell, shown, restart }) {
  const t = COMMON[lang];
  const address = h("input", { type: "text", readonly: true, hidden: true, "aria-label": t.link });
  const copy = async () => {
    address.value = model.link(shown());
    try {
      await navigator.clipboard.writeText(address.value);
      tell(t.linked);
    } catch { // not allowed to copy: show it, ready to be copied by hand
      address.hidden = false;
      address.select();
    }
  };
  const full = () => (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen());
  return h("div", { class: "d2l-x-row" }, model.link && button(t.link, copy), button(t.restart, () => { tell(""); restart(); }),
    document.fullscreenEnabled && button(t.full, full), address);
}

// Rows of numbers, on coloured cells if there is a colour; the whole number is shown on demand.
export function table(rows, lang, label, colour, show = (x) => format(x, lang, 2)) {
  const look = (x) => colour && `background: ${css(colour(x))}; color: ${ink(colour(x))}`;
  const chars = Math.max(2, ...rows.flat().map((x) => show(x).length));
  return h("table", { "aria-label": label, style: `--chars: ${chars}` }, h("tbody", {},
    ...rows.map((row) => h("tr", {}, ...row.map((x) => h("td", { title: String(x), style: look(x) }, show(x)))))));
}
export const longest = (rows, lang) => Math.max(2, ...rows.flat(2).map((x) => format(x, lang, 2).length));

// ---- drawing ----

// Blue below zero, orange above, white at zero: told apart by colour-blind readers. t from -1 to 1.
export function diverging(t) {
  const end = t < 0 ? [0, 90, 160] : [200, 85, 0];
  const a = Math.abs(clamp(t, -1, 1)) ** 0.8;
  return end.map((c) => Math.round(250 + (c - 250) * a));
}

// From dark blue through grey to yellow, ever brighter: seen alike by all readers, and in grey. t from 0 to 1; as above,
// a power shows what is small.
export function sequential(t) {
  const stops = [[0, 32, 76], [124, 123, 120], [255, 234, 70]], place = clamp(t, 0, 1) ** 0.7 * 2, i = Math.min(Math.floor(place), 1);
  return stops[i].map((c, j) => Math.round(c + (stops[i + 1][j] - c) * (place - i)));
}

export const css = (rgb) => `rgb(${rgb.join(" ")})`;

// Black or white, whichever is read better on a colour: at least 4.5 to 1, by the luminance of WCAG.
const luminance = (rgb) => rgb.map((c) => (c <= 10 ? c / 3294 : ((c / 255 + 0.055) / 1.055) ** 2.4)).reduce((sum, x, i) => sum + x * [0.2126, 0.7152, 0.0722][i], 0);
export const ink = (rgb) => (luminance(rgb) > 0.179 ? "#000" : "#fff");

// Fit a canvas of rows x columns cells into a box, sharp on every screen; the side of a cell and what to draw with.
export function fit(canvas, rows, columns, width, height) {
  const ratio = window.devicePixelRatio || 1;
  const side = Math.max(1, Math.floor(Math.min(width / columns, height / rows, 96) * ratio)) / ratio; // whole pixels: no seams
  const size = [columns * side, rows * side];
  const [w, h] = size.map((x) => Math.round(x * ratio));
  if (canvas.width !== w || canvas.height !== h) {
    [canvas.width, canvas.height] = [w, h];
    [canvas.style.width, canvas.style.height] = size.map((x) => `${x}px`);
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = "#8893a0"; // shows between cells
  context.fillRect(0, 0, ...size);
  return { context, side };
}

// A number in the middle of a cell, where it fits.
export function write(context, text, x, y, side, colour, halo) {
  const size = Math.min(side * 0.45, (side * 1.5) / text.length, 20);
  if (size < 7) return;
  context.fillStyle = colour;
  context.font = `${size}px system-ui, sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  if (halo) {
    context.strokeStyle = halo;
    context.lineWidth = size / 3;
    context.strokeText(text, x + side / 2, y + side / 2 + size * 0.05);
    context.fillStyle = colour;
  }
  context.fillText(text, x + side / 2, y + side / 2 + size * 0.05);
}

// A table of numbers as coloured cells in a square box, with what show() says of them where it fits.
export function paint(canvas, rows, box, colour, show = () => "") {
  const { context, side } = fit(canvas, rows.length, rows[0].length, box, Math.max(box, 160));
  const edge = side > 9 ? 0.5 : 0;
  rows.forEach((row, r) => row.forEach((x, c) => {
    const tones = colour(x);
    context.fillStyle = css(tones);
    context.fillRect(c * side, r * side, side - edge, side - edge);
    if (side >= 18) write(context, show(x), c * side, r * side, side, ink(tones));
  }));
  return { context, side };
}

// The cells from one to another, without the first.
export function path(from, to) {
  const far = Math.max(...to.map((x, axis) => Math.abs(x - from[axis])), 1);
  return Array.from({ length: far }, (_, i) => to.map((x, axis) => Math.round(from[axis] + ((x - from[axis]) * (i + 1)) / far)));
}

// A frame that shows on every colour: yellow on black.
export function frame(context, x, y, width, height) {
  for (const [colour, line] of [["#111", 5], ["#ffd400", 2.5]]) {
    context.strokeStyle = colour;
    context.lineWidth = line;
    context.strokeRect(x + 2.5, y + 2.5, width - 5, height - 5);
  }
}

// Crossed out, by a pattern, so that it does not rest on colour.
export function hatch(context, x, y, side) {
  context.fillStyle = "rgb(255 236 224)";
  context.fillRect(x, y, side, side);
  context.strokeStyle = "#b34700";
  context.lineWidth = Math.max(1, side / 16);
  context.beginPath();
  for (let i = 1; i <= 3; i++) {
    const d = (side * i) / 2;
    context.moveTo(x + Math.max(0, d - side), y + Math.min(d, side));
    context.lineTo(x + Math.min(d, side), y + Math.max(0, d - side));
  }
  context.stroke();
}

// The cell under a pointer, even when a drag has left the canvas.
export function cellAt(event, canvas, rows, columns) {
  const box = canvas.getBoundingClientRect();
  const place = (at, start, length, n) => clamp(Math.floor(((at - start) / length) * n), 0, n - 1);
  return [place(event.clientY, box.top, box.height, rows), place(event.clientX, box.left, box.width, columns)];
}

// Calls step() at intervals until it says no; changed() whenever it starts or ends. Only while it runs is there a timer.
export function makePlayer(step, changed) {
  let timer = null;
  const stop = () => { clearTimeout(timer); timer = null; changed(); };
  function toggle(pause) {
    if (timer !== null) { stop(); return; }
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches ? Math.max(pause, 1200) : pause;
    const tick = () => { timer = step() ? setTimeout(tick, calm) : null; changed(); };
    timer = setTimeout(tick, calm);
    changed();
  }
  return { toggle, stop, running: () => timer !== null };
}

// ---- surroundings ----

export const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

// What render() of an explorable does: a place in `el`, and in it what build(model, root) makes, anew in another language.
// build returns a function that ends it.
export const renderBy = (title, build) => ({ model, el }) => {
  // JupyterLab's own shortcuts must not take the arrow keys.
  const root = h("div", { class: "d2l-x", role: "group", "data-lm-suppress-shortcuts": "true" });
  el.append(root);
  let end;
  const again = () => {
    end?.();
    root.lang = languageOf(model);
    root.setAttribute("aria-label", title[root.lang]);
    end = build(model, root);
  };
  model.on("change:language", again);
  again();
  return () => { end(); model.off("change:language", again); };
};

// Talk to the model: read its state, put changes into it; update() runs once for all that changes in one turn.
export function talk(model, keys, update) {
  const later = soon(update), events = keys.map((key) => `change:${key}`);
  for (const event of events) model.on(event, later);
  return {
    later,
    read: () => Object.fromEntries([...keys, "language"].map((key) => [key, model.get(key)]).filter(([, x]) => x != null)),
    put(changes, save = true) {
      for (const [key, value] of Object.entries(changes)) model.set(key, value);
      if (save) model.save_changes();
      later();
    },
    hangUp: () => { for (const event of events) model.off(event, later); },
  };
}

// Several calls in one turn, one run.
export function soon(run) {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    queueMicrotask(() => { waiting = false; run(); });
  };
}

// The book says its theme on <html>; notebooks and editors show theirs in the colour behind the explorable.
function isDark(element) {
  const said = document.documentElement.dataset.theme;
  if (said === "light" || said === "dark") return said === "dark";
  for (let node = element.parentElement; node; node = node.parentElement) {
    const [r, g, b, a = 1] = getComputedStyle(node).backgroundColor.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
    if (a > 0.5) return 0.299 * r + 0.587 * g + 0.114 * b < 128;
  }
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

// Call `draw` whenever theme or width change; returns what ends it. Nothing runs in between. Sentences that come and go
// change the height, and so does what a page does to its classes while it scrolls: neither is a reason to draw.
export function follow(root, draw) {
  let width;
  const look = () => {
    const dark = isDark(root);
    if (width === (width = root.clientWidth) && root.dataset.dark === String(dark)) return;
    root.dataset.dark = dark;
    draw();
  };
  const themes = new MutationObserver(look);
  for (const element of [document.documentElement, document.body])
    themes.observe(element, { attributeFilter: ["class", "data-theme", "theme", "data-jp-theme-light", "data-jp-theme-name"] });
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", look);
  const sizes = new ResizeObserver(look); // also tells when the explorable first comes into the page
  sizes.observe(root);
  return () => { themes.disconnect(); sizes.disconnect(); scheme.removeEventListener("change", look); };
}
