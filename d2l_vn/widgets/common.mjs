// What all explorables share: elements, numbers, words, drawing, theme. No framework, nothing to fetch.

// ---- words and numbers ----

export const languageOf = (model) =>
  String(model.get("language") || document.documentElement.lang || "vi").startsWith("en") ? "en" : "vi";

// At most `digits` decimals, a decimal comma in Vietnamese, a true minus; powers of ten only where they are shorter.
export function format(x, lang, digits = 3) {
  const text = Math.abs(x) < 1e7 && (x === 0 || Math.abs(x) >= 10 ** -digits)
    ? String(Number(x.toFixed(digits))) : String(Number(x.toPrecision(4)));
  return (lang === "vi" ? text.replace(".", ",") : text).replaceAll("-", "−");
}

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
export const clamp = (x, low, high) => Math.min(Math.max(x, low), high);

// ---- elements: text is always set as text, never as HTML ----

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

// A whole number with a button on either side; the number itself can be typed.
export function stepper({ label, less, more, low, high, set, refuse }) {
  const input = h("input", { type: "text", inputmode: "numeric", "aria-label": label, autocomplete: "off" });
  let now = low;
  const show = () => {
    input.value = now;
    input.removeAttribute("aria-invalid");
    buttons[0].disabled = now <= low;
    buttons[1].disabled = now >= high;
  };
  const buttons = [["−", less, -1], ["+", more, 1]].map(([sign, words, by]) =>
    h("button", { type: "button", "aria-label": words, onclick: () => set(clamp(now + by, low, high)) }, sign));
  input.addEventListener("change", () => {
    const x = parse(input.value);
    if (isWhole(x, low, high)) { input.removeAttribute("aria-invalid"); set(x); return; }
    input.setAttribute("aria-invalid", "true");
    refuse(input.value, low, high);
  });
  const element = h("div", { class: "d2l-x-stepper", role: "group", "aria-label": label }, h("span", {}, label), buttons[0], input, buttons[1]);
  return { element, show: (x) => { now = x; show(); } };
}

// ---- drawing ----

// Blue below zero, orange above, white at zero: told apart by colour-blind readers. t from -1 to 1.
export function diverging(t) {
  const end = t < 0 ? [0, 90, 160] : [200, 85, 0];
  const a = Math.abs(clamp(t, -1, 1)) ** 0.8;
  return end.map((c) => Math.round(250 + (c - 250) * a));
}

export const css = (rgb) => `rgb(${rgb.join(" ")})`;
export const ink = ([r, g, b]) => (0.299 * r + 0.587 * g + 0.114 * b > 140 ? "#111" : "#fff"); // readable on that colour

// Fit a canvas of rows x columns cells into a box, sharp on every screen; the side of a cell and what to draw with.
export function fit(canvas, rows, columns, width, height) {
  const side = Math.max(1, Math.min(width / columns, height / rows, 64));
  const ratio = window.devicePixelRatio || 1;
  const size = [columns * side, rows * side];
  const [w, h] = size.map((x) => Math.round(x * ratio));
  if (canvas.width !== w || canvas.height !== h) {
    [canvas.width, canvas.height] = [w, h];
    [canvas.style.width, canvas.style.height] = size.map((x) => `${x}px`);
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return { context, side };
}

// A number in the middle of a cell, where it fits.
export function write(context, text, x, y, side, colour) {
  const size = Math.min(side * 0.45, (side * 1.5) / text.length, 20);
  if (size < 7) return;
  context.fillStyle = colour;
  context.font = `${size}px system-ui, sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(text, x + side / 2, y + side / 2 + size * 0.05);
}

// A frame that shows on every colour: yellow on black.
export function frame(context, x, y, width, height) {
  for (const [colour, line] of [["#111", 5], ["#ffd400", 2.5]]) {
    context.strokeStyle = colour;
    context.lineWidth = line;
    context.strokeRect(x + 2.5, y + 2.5, width - 5, height - 5);
  }
}

// The cell under a pointer, even when a drag has left the canvas.
export function cellAt(event, canvas, rows, columns) {
  const box = canvas.getBoundingClientRect();
  const place = (at, start, length, n) => clamp(Math.floor(((at - start) / length) * n), 0, n - 1);
  return [place(event.clientY, box.top, box.height, rows), place(event.clientX, box.left, box.width, columns)];
}

// ---- surroundings ----

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

// Call `draw` whenever theme or width change; returns what ends it. Nothing runs in between.
export function follow(root, draw) {
  const theme = () => { root.dataset.dark = isDark(root); draw(); };
  const themes = new MutationObserver(theme);
  for (const element of [document.documentElement, document.body])
    themes.observe(element, { attributeFilter: ["class", "data-theme", "theme", "data-jp-theme-light", "data-jp-theme-name"] });
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", theme);
  const sizes = new ResizeObserver(theme); // also tells when the explorable first comes into the page
  sizes.observe(root);
  return () => { themes.disconnect(); sizes.disconnect(); scheme.removeEventListener("change", theme); };
}
