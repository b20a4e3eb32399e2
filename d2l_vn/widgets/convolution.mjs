import { GARMENTS } from "./garments.mjs";
import { cellAt, clamp, css, diverging, fit, follow, format, frame, h, ink, isNumber, isWhole, LARGEST, languageOf, parse, stepper, write } from "./common.mjs";

// The convolution explorer: an image, a kernel, a window that slides, and the sum it leaves at each place.
// Images and kernels are lists [channel][row][column]; rows and columns count from 0 here, from 1 for the reader.

// ---- arithmetic, compared with PyTorch by the tests ----

export const outputSize = (n, k, padding, stride) => Math.max(0, Math.floor((n - k + 2 * padding) / stride) + 1);
const turn = (kernel) => kernel.map((plane) => plane.map((row) => row.toReversed?.() ?? [...row].reverse()).reverse());

// The window whose upper left corner is at (top, left); what lies outside the image is 0.
const windowAt = (image, top, left, k) =>
  image.map((plane) => Array.from({ length: k }, (_, i) => Array.from({ length: k }, (_, j) => plane[top + i]?.[left + j] ?? 0)));

export function convolve({ image, kernel, stride, padding, flip }) {
  const used = flip ? turn(kernel) : kernel;
  const [n, m, k] = [image[0].length, image[0][0].length, kernel[0].length];
  const [rows, columns] = [n, m].map((size) => outputSize(size, k, padding, stride));
  const output = Array.from({ length: rows }, () => new Array(columns).fill(0));
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++)
      for (let channel = 0; channel < image.length; channel++)
        for (let i = 0; i < k; i++) {
          const row = image[channel][r * stride - padding + i];
          if (!row) continue;
          for (let j = 0; j < k; j++) output[r][c] += (row[c * stride - padding + j] ?? 0) * used[channel][i][j];
        }
  return rows && columns ? output : [];
}

// Rows (or columns) of an image of n that no window covers.
export function unread(n, k, padding, stride) {
  const seen = new Array(n).fill(false);
  for (let w = 0; w < outputSize(n, k, padding, stride); w++)
    for (let i = 0; i < k; i++) seen[w * stride - padding + i] = true;
  return [...Array(n).keys()].filter((i) => !seen[i]);
}

// ---- images and kernels to choose from ----

const EXAMPLE = [[1, 2, 3, 4, 8], [7, 0, 9, 18, 12], [5, 4, 6, 0, 9], [10, 5, 22, 33, 6], [8, 80, 66, 6, 55]];
const TINT = [1, 0.6, 0.2]; // a grey picture coloured orange, so that its three channels differ

function shapes() { // a red disc, a green bar, a blue square
  const plane = (inside) => Array.from({ length: 14 }, (_, r) => Array.from({ length: 14 }, (_, c) => (inside(r, c) ? 230 : 20)));
  return [plane((r, c) => (r - 4) ** 2 + (c - 4) ** 2 < 10), plane((r, c) => c > 9 && c < 12 && r > 0 && r < 13), plane((r, c) => r > 8 && r < 13 && c > 1 && c < 6)];
}

const greys = {
  example: () => EXAMPLE,
  ...Object.fromEntries(Object.entries(GARMENTS).map(([name, bytes]) => [name, () => {
    const text = atob(bytes);
    return Array.from({ length: 28 }, (_, r) => Array.from({ length: 28 }, (_, c) => text.charCodeAt(28 * r + c)));
  }])),
  shapes: () => average(shapes()),
  blank: () => Array.from({ length: 12 }, () => new Array(12).fill(0)),
};
const average = (planes) => planes[0].map((row, r) => row.map((_, c) => Math.round(planes.reduce((sum, p) => sum + p[r][c], 0) / planes.length)));
const colours = {
  example: () => [EXAMPLE, EXAMPLE[0].map((_, c) => EXAMPLE.map((row) => row[c])), [...EXAMPLE].reverse()],
  shapes,
};
const IMAGES = Object.keys(greys);

const made = {};
function picture(name, channels) {
  return (made[name + channels] ??= channels === 1 ? [greys[name]()]
    : colours[name]?.() ?? TINT.map((t) => greys[name]().map((row) => row.map((x) => Math.round(x * t)))));
}
const nameOf = (image) => {
  const text = JSON.stringify(image);
  return IMAGES.find((name) => JSON.stringify(picture(name, image.length)) === text);
};

const KERNELS = {
  example: [[1, 0, 1], [0, 1, 0], [1, 0, 1]],
  same: [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
  blur: [[1, 1, 1], [1, 1, 1], [1, 1, 1]].map((row) => row.map((x) => x / 9)),
  sharpen: [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
  vertical: [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
  horizontal: [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
  edges: [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
  shift: [[0, 0, 0], [0, 0, 1], [0, 0, 0]],
  red: [[[1]], [[-0.5]], [[-0.5]]],
};
const preset = (name, channels) => (name === "red" ? KERNELS.red : Array.from({ length: channels }, () => KERNELS[name]));

// ---- what a state may hold ----

const LIMITS = { side: 64, kernel: 11, stride: 11, padding: 10 };
const DEFAULTS = { image: "example", kernel: [KERNELS.example], stride: 1, padding: 0, flip: false, position: [0, 0] };
const KEYS = [...Object.keys(DEFAULTS), "channels"];

const isPlanes = (x, side) =>
  Array.isArray(x) && (x.length === 1 || x.length === 3) && x.every((plane) => Array.isArray(plane) &&
    isWhole(plane.length, 1, side) && plane.length === x[0].length && plane.every((row) => Array.isArray(row) &&
      isWhole(row.length, 1, side) && row.length === x[0][0].length && row.every(isNumber)));
const VALID = {
  image: (x) => IMAGES.includes(x) || isPlanes(x, LIMITS.side),
  kernel: (x) => isPlanes(x, LIMITS.kernel) && x[0].length === x[0][0].length,
  stride: (x) => isWhole(x, 1, LIMITS.stride),
  padding: (x) => isWhole(x, 0, LIMITS.padding),
  flip: (x) => typeof x === "boolean",
  position: (x) => Array.isArray(x) && x.length === 2 && x.every((i) => isWhole(i, 0, 2 * LIMITS.side)),
  channels: (x) => x === 1 || x === 3,
  language: (x) => ["", "vi", "en"].includes(x),
};

// Which entries of a state, from a page, a link or Python, cannot be used.
export const problems = (state) => Object.keys(state).filter((key) => !Object.hasOwn(VALID, key) || !VALID[key](state[key]));

function tidy(raw) {
  const state = {};
  for (const key of KEYS) state[key] = raw[key] != null && VALID[key](raw[key]) ? raw[key] : DEFAULTS[key];
  if (typeof state.image === "string") state.image = picture(state.image, state.channels ?? 1);
  state.channels = state.image.length;
  state.kernel = Array.from({ length: state.channels }, (_, i) => state.kernel[i] ?? state.kernel[0]);
  return state;
}

// ---- words ----

const WORDS = {
  vi: {
    title: "Phép tích chập, từng bước", image: "Ảnh", yours: "ảnh của bạn",
    images: { example: "ví dụ 5 × 5", boot: "bốt cổ thấp", bag: "túi xách", tshirt: "áo phông", trouser: "quần dài", dress: "váy liền", sneaker: "giày thể thao", shapes: "ba hình ba màu", blank: "trống 12 × 12" },
    kernel: "Hạt nhân", kernels: { yours: "của bạn", example: "ví dụ", same: "giữ nguyên", blur: "làm mờ", sharpen: "làm nét", vertical: "cạnh dọc", horizontal: "cạnh ngang", edges: "mọi cạnh", shift: "dời ảnh", red: "tìm màu đỏ" },
    stride: "Sải bước", padding: "Đệm", side: "Cỡ hạt nhân", less: (x) => `${x}: bớt 1`, more: (x) => `${x}: thêm 1`,
    three: "3 kênh", channel: ["đỏ", "lục", "lam"], all: "cả ba", show: "Xem kênh",
    flip: "Lật hạt nhân (tích chập đúng nghĩa)", flipped: "Hạt nhân đã lật",
    correlation: "Đang tính tương quan chéo, phép mà các thư viện gọi là tích chập.", convolution: "Đang tính tích chập đúng nghĩa: hạt nhân xoay 180° rồi mới trượt.",
    input: (r, c) => `Ảnh vào ${r} × ${c}`, output: (r, c) => `Bản đồ đặc trưng ${r} × ${c}`, padded: (p) => `, đệm ${p}`,
    inputKeys: "Phím mũi tên dời cửa sổ; ở chế độ vẽ, mũi tên dời con trỏ và phím cách tô ô.", outputKeys: "Phím mũi tên dời cửa sổ.",
    first: "Về đầu", back: "Lùi", next: "Bước tới", play: "Chạy", stop: "Dừng",
    move: "Kéo cửa sổ", paint: "Vẽ", brush: "Giá trị tô", mode: "Chuột và tay trên ảnh vào",
    window: "Cửa sổ", products: "Tích", here: (r, c) => `Cửa sổ ở hàng ${r}, cột ${c}`, sum: "Tổng",
    live: (r, c, x) => `hàng ${r}, cột ${c}: tổng ${x}`, cell: (r, c, x) => `ô hàng ${r}, cột ${c}: ${x}`, pad: "đệm",
    size: "Kích thước đầu ra", rows: "hàng", columns: "cột", bites: (x, y) => `Phần lẻ của ${x} bị bỏ, chỉ còn ${y}: cửa sổ tiếp theo sẽ thò ra ngoài.`,
    allRead: "Mọi ô của ảnh đều được đọc.", missed: (where, n) => `${where} không bao giờ được đọc: ${n} ô, gạch chéo trong ảnh vào.`,
    row: (list) => `hàng ${list}`, column: (list) => `cột ${list}`, and: " và ", gaps: " Sải bước dài hơn hạt nhân nên giữa hai cửa sổ có khe hở.",
    tooBig: (k, n) => `Hạt nhân cỡ ${k} lớn hơn ảnh (kể cả đệm, cạnh ngắn là ${n}): không đặt được cửa sổ nào. Hãy thêm đệm hoặc giảm cỡ hạt nhân.`,
    numbers: "Sửa ảnh bằng số", numbersHelp: "Mỗi hàng một dòng, các số cách nhau bằng dấu cách; dòng trống ngăn cách các kênh.", use: "Dùng các số này",
    values: "Bảng giá trị của đầu ra", link: "Chép liên kết", linked: "Đã chép liên kết tới đúng trạng thái này.", reset: "Về ban đầu", full: "Toàn màn hình",
    empty: "Ô đang trống: hãy nhập một số. Giá trị cũ được giữ lại.", notNumber: (x) => `“${x}” không phải là số. Giá trị cũ được giữ lại.`, huge: (x) => `“${x}” quá lớn: hãy nhập số từ −${x.limit} đến ${x.limit}.`,
    range: (x, low, high) => `“${x}” không dùng được: hãy nhập số nguyên từ ${low} đến ${high}.`,
    ragged: "Các hàng phải dài bằng nhau.", planes: "Cần 1 hoặc 3 kênh cùng kích thước.", tooMany: (n) => `Ảnh có tối đa ${n} × ${n} ô.`,
    bad: (keys) => `Không dùng được giá trị của ${keys}; giá trị mặc định được dùng thay.`,
  },
  en: {
    title: "Convolution, step by step", image: "Image", yours: "your own",
    images: { example: "5 × 5 example", boot: "ankle boot", bag: "bag", tshirt: "T-shirt", trouser: "trousers", dress: "dress", sneaker: "sneaker", shapes: "three coloured shapes", blank: "blank 12 × 12" },
    kernel: "Kernel", kernels: { yours: "your own", example: "example", same: "identity", blur: "blur", sharpen: "sharpen", vertical: "vertical edges", horizontal: "horizontal edges", edges: "all edges", shift: "shift", red: "find red" },
    stride: "Stride", padding: "Padding", side: "Kernel size", less: (x) => `${x}: one less`, more: (x) => `${x}: one more`,
    three: "3 channels", channel: ["red", "green", "blue"], all: "all three", show: "Show channel",
    flip: "Flip the kernel (true convolution)", flipped: "Flipped kernel",
    correlation: "This is cross-correlation, which libraries call convolution.", convolution: "This is true convolution: the kernel is turned by 180° before it slides.",
    input: (r, c) => `Input ${r} × ${c}`, output: (r, c) => `Feature map ${r} × ${c}`, padded: (p) => `, padding ${p}`,
    inputKeys: "Arrow keys move the window; while painting they move the cursor, and the space bar paints.", outputKeys: "Arrow keys move the window.",
    first: "To the start", back: "Back", next: "Step", play: "Play", stop: "Stop",
    move: "Drag the window", paint: "Paint", brush: "Paint value", mode: "Mouse and finger on the input",
    window: "Window", products: "Products", here: (r, c) => `Window at row ${r}, column ${c}`, sum: "Sum",
    live: (r, c, x) => `row ${r}, column ${c}: sum ${x}`, cell: (r, c, x) => `cell in row ${r}, column ${c}: ${x}`, pad: "padding",
    size: "Output size", rows: "rows", columns: "columns", bites: (x, y) => `The fraction of ${x} is dropped, ${y} is left: the next window would stick out.`,
    allRead: "Every cell of the image is read.", missed: (where, n, many) => `${where} ${many ? "are" : "is"} never read: ${n} cells, hatched in the input.`,
    row: (list, many) => `${many ? "rows" : "row"} ${list}`, column: (list, many) => `${many ? "columns" : "column"} ${list}`, and: " and ", gaps: " The stride is longer than the kernel, which leaves gaps between windows.",
    tooBig: (k, n) => `A kernel of size ${k} is larger than the image (whose shorter side, with padding, is ${n}): no window fits. Add padding or take a smaller kernel.`,
    numbers: "Edit the image as numbers", numbersHelp: "One line per row, numbers separated by spaces; an empty line between channels.", use: "Use these numbers",
    values: "Table of output values", link: "Copy link", linked: "The link to exactly this state is copied.", reset: "Start again", full: "Full screen",
    empty: "The cell is empty: enter a number. The old value is kept.", notNumber: (x) => `“${x}” is not a number. The old value is kept.`, huge: (x) => `“${x}” is too large: enter a number from −${x.limit} to ${x.limit}.`,
    range: (x, low, high) => `“${x}” cannot be used: enter a whole number from ${low} to ${high}.`,
    ragged: "All rows must have the same length.", planes: "There must be 1 or 3 channels of the same size.", tooMany: (n) => `An image has at most ${n} × ${n} cells.`,
    bad: (keys) => `The value of ${keys} cannot be used; the default is used instead.`,
  },
};

// ---- the explorable ----

function table(planes, lang, label, chars) {
  return planes.map((plane) => h("table", { "aria-label": label, style: `--chars: ${chars}` },
    h("tbody", {}, ...plane.map((row) => h("tr", {}, ...row.map((x) => h("td", { title: String(x) }, format(x, lang, 2))))))));
}
const longest = (planes, lang) => Math.max(2, ...planes.flat(2).map((x) => format(x, lang, 2).length));

function build(model, root) {
  const lang = languageOf(model), t = WORDS[lang];
  root.lang = lang;
  let state, result; // what the model holds, tidied; its feature map
  let painting = false, cursor = [0, 0], brush = null, shown = -1, timer = null, hover = "";

  // -- talking to the model

  const read = () => Object.fromEntries([...KEYS, "language"].map((key) => [key, model.get(key)]).filter(([, x]) => x != null));
  const put = (changes, save = true) => {
    for (const [key, value] of Object.entries(changes)) model.set(key, value);
    if (save) model.save_changes();
    later();
  };
  let waiting = false; // several changes, one drawing
  const later = () => {
    if (waiting) return;
    waiting = true;
    queueMicrotask(() => { waiting = false; update(); });
  };
  const tell = (words) => { message.textContent = words; };
  const start = read();

  // -- the window

  const places = () => [result.length, result[0]?.length ?? 0];
  const position = () => { const [rows, columns] = places(); return [clamp(state.position[0], 0, rows - 1), clamp(state.position[1], 0, columns - 1)]; };
  const go = (r, c, save = true) => {
    const [rows, columns] = places();
    if (rows) put({ position: [clamp(r, 0, rows - 1), clamp(c, 0, columns - 1)] }, save);
  };
  const step = (by) => {
    const [rows, columns] = places(), [r, c] = position();
    const next = clamp(r * columns + c + by, 0, rows * columns - 1);
    if (rows) go(Math.floor(next / columns), next % columns);
    return next < rows * columns - 1;
  };
  const stop = () => { clearTimeout(timer); timer = null; later(); };
  const play = () => {
    if (timer !== null) { stop(); return; }
    const [rows, columns] = places(), [r, c] = position();
    if (!rows) return;
    if (r === rows - 1 && c === columns - 1) go(0, 0);
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const pause = calm ? 1200 : clamp(20000 / (rows * columns), 60, 500);
    const tick = () => { timer = step(1) && root.isConnected ? setTimeout(tick, pause) : null; };
    timer = setTimeout(tick, pause);
    later();
  };

  // -- painting

  const value = () => brush ?? (Math.max(...state.image.flat(2)) || 255);
  function dab([r, c], save) {
    const image = state.image.map((plane, i) => (shown < 0 || shown === i ? plane.map((row, y) => (y === r ? row.map((x, z) => (z === c ? value() : x)) : row)) : plane));
    state.image = image; // the next dab may come before the model has answered
    put({ image }, save);
  }
  const inside = ([r, c]) => [r - state.padding, c - state.padding];
  const isInside = ([r, c]) => r >= 0 && c >= 0 && r < state.image[0].length && c < state.image[0][0].length;
  const padded = () => [state.image[0].length + 2 * state.padding, state.image[0][0].length + 2 * state.padding];

  // -- what stands on the page

  const button = (words, onclick, more = {}) => h("button", { type: "button", onclick, ...more }, words);
  const choose = (label, options, onchange) => {
    const select = h("select", { "aria-label": label, onchange: () => onchange(select.value) }, ...Object.entries(options).map(([key, words]) => h("option", { value: key, hidden: key === "yours" }, words)));
    return [h("label", {}, h("span", {}, label), select), select];
  };
  const [imageField, imageSelect] = choose(t.image, { yours: t.yours, ...t.images }, (name) => put({ image: picture(name, state.channels), channels: state.channels, position: [0, 0] }));
  const three = button(t.three, () => setChannels(state.channels === 1 ? 3 : 1));
  function setChannels(channels) {
    const name = nameOf(state.image);
    const image = name ? picture(name, channels) : channels === 3 ? [0, 1, 2].map(() => state.image[0]) : [average(state.image)];
    shown = -1;
    put({ channels, image, kernel: Array.from({ length: channels }, (_, i) => state.kernel[i] ?? state.kernel[0]) });
  }
  const steppers = {};
  for (const [key, low, high, set] of [
    ["stride", 1, LIMITS.stride, (x) => put({ stride: x })],
    ["padding", 0, LIMITS.padding, (x) => put({ padding: x })],
    ["side", 1, LIMITS.kernel, (x) => put({ kernel: state.kernel.map((plane) => resized(plane, x)) })],
  ]) steppers[key] = stepper({ label: t[key], less: t.less(t[key]), more: t.more(t[key]), low, high,
    set: (x) => { tell(""); set(x); }, refuse: (x, a, b) => tell(x.trim() ? t.range(x, a, b) : t.empty) });
  function resized(plane, k) { // grows and shrinks around the middle
    const by = Math.floor((k - plane.length) / 2);
    return Array.from({ length: k }, (_, i) => Array.from({ length: k }, (_, j) => plane[i - by]?.[j - by] ?? 0));
  }

  const input = h("canvas", { tabindex: 0, role: "application", "data-part": "input" });
  const output = h("canvas", { tabindex: 0, role: "application", "data-part": "output" });
  const inputCaption = h("figcaption"), outputCaption = h("figcaption");
  const legend = h("div", { class: "d2l-x-legend", "aria-hidden": "true" }, h("span"), h("i"), h("span"));
  const figures = h("div", { class: "d2l-x-pictures" }, h("figure", {}, inputCaption, input), h("figure", {}, outputCaption, output, legend));
  const readout = h("p", { class: "d2l-x-readout" });

  const playing = button(t.play, play);
  const steps = h("div", { class: "d2l-x-row", role: "group" }, button(t.first, () => { stop(); go(0, 0); }), button(t.back, () => { stop(); step(-1); }), button(t.next, () => { stop(); step(1); }), playing);

  const size = h("p", { class: "d2l-x-size" }), coverage = h("p", { class: "d2l-x-coverage" });
  const here = h("p", { class: "d2l-x-here" }), sums = h("p", { class: "d2l-x-sum" });
  const live = h("p", { class: "d2l-x-hidden", role: "status", "aria-live": "polite" });
  const message = h("p", { class: "d2l-x-message", role: "alert" });
  const terms = h("div", { class: "d2l-x-terms" });

  const [kernelField, kernelSelect] = choose(t.kernel, t.kernels, (name) => { tell(""); put({ kernel: preset(name, state.channels) }); });
  const flip = h("input", { type: "checkbox", onchange: () => put({ flip: flip.checked }) });
  const meaning = h("p", { class: "d2l-x-note" });

  const modes = [[t.move, false], [t.paint, true]].map(([words, on]) => button(words, () => { painting = on; later(); }));
  const brushInput = h("input", { type: "text", inputmode: "decimal", autocomplete: "off", onchange: () => { const x = number(brushInput); if (x !== null) brush = x; later(); } });
  const brushField = h("label", {}, h("span", {}, t.brush), brushInput);
  const [channelField, channelSelect] = choose(t.show, { "-1": t.all, ...t.channel }, (x) => { shown = Number(x); later(); });

  const numbers = h("textarea", { rows: 6, spellcheck: "false", "aria-label": t.numbers });
  const numbersBox = h("details", { ontoggle: () => later() }, h("summary", {}, t.numbers), h("p", { class: "d2l-x-note" }, t.numbersHelp), numbers, h("div", { class: "d2l-x-row" }, button(t.use, useNumbers)));
  const values = h("div", { class: "d2l-x-scroll" });
  const valuesBox = h("details", { ontoggle: () => later() }, h("summary", {}, t.values), values);

  const linkBox = h("input", { type: "text", readonly: true, hidden: true, "aria-label": t.link });
  const link = model.link && button(t.link, async () => {
    const name = nameOf(state.image);
    linkBox.value = model.link({ image: name ?? state.image, channels: state.channels, kernel: state.kernel, stride: state.stride, padding: state.padding, flip: state.flip, position: position() });
    try { await navigator.clipboard.writeText(linkBox.value); tell(t.linked); } catch { linkBox.hidden = false; linkBox.select(); } // not allowed to copy: show it
  });
  const full = root.requestFullscreen && button(t.full, () => (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen()));
  const reset = button(t.reset, () => { stop(); tell(""); brush = null; const { channels, ...first } = tidy(start); put({ ...first, channels: first.image.length }); });

  root.replaceChildren(
    h("div", { class: "d2l-x-row d2l-x-top" }, imageField, three, steppers.stride.element, steppers.padding.element, steppers.side.element),
    message,
    h("div", { class: "d2l-x-main" },
      h("div", {}, figures, readout, steps, h("div", { class: "d2l-x-row", role: "group", "aria-label": t.mode }, ...modes, brushField, channelField)),
      h("div", {}, size, coverage, here, terms, sums, live, h("div", { class: "d2l-x-row" }, kernelField, h("label", { class: "d2l-x-check" }, flip, h("span", {}, t.flip))), meaning)),
    numbersBox, valuesBox,
    h("div", { class: "d2l-x-row" }, link, reset, full), linkBox);

  // -- what is typed

  function number(field) { // a number, or null with a message
    const x = parse(field.value);
    const wrong = !field.value.trim() ? t.empty : Number.isNaN(x) ? t.notNumber(field.value.slice(0, 30)) : !isNumber(x) ? t.huge(Object.assign(new String(field.value.slice(0, 30)), { limit: format(LARGEST, lang) })) : "";
    if (wrong) field.setAttribute("aria-invalid", "true"); else field.removeAttribute("aria-invalid");
    tell(wrong);
    return wrong ? null : x;
  }

  function useNumbers() {
    const planes = numbers.value.trim().split(/\n\s*\n/).map((plane) => plane.split("\n").map((row) => row.trim().split(/[\s;]+/)));
    const words = planes.flat(2);
    const odd = words.find((word) => !isNumber(parse(word)));
    const same = planes.every((plane) => plane.length === planes[0].length && plane.every((row) => row.length === planes[0][0].length));
    const wrong = !numbers.value.trim() ? t.empty : odd !== undefined ? t.notNumber(odd.slice(0, 30))
      : planes.some((plane) => plane.some((row) => row.length !== plane[0].length)) ? t.ragged
      : planes.length !== 1 && planes.length !== 3 || !same ? t.planes
      : Math.max(planes[0].length, planes[0][0].length) > LIMITS.side ? t.tooMany(LIMITS.side) : "";
    tell(wrong);
    if (wrong) { numbers.setAttribute("aria-invalid", "true"); return; }
    numbers.removeAttribute("aria-invalid");
    const image = planes.map((plane) => plane.map((row) => row.map(parse)));
    put({ image, channels: image.length, kernel: image.map((_, i) => state.kernel[i] ?? state.kernel[0]), position: [0, 0] });
  }

  // -- pointer and keyboard on the two pictures

  const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  function keys(event) {
    const arrow = ARROWS[event.key], brushing = painting && event.currentTarget === input;
    if (arrow && brushing) {
      cursor = [clamp(cursor[0] + arrow[0], 0, state.image[0].length - 1), clamp(cursor[1] + arrow[1], 0, state.image[0][0].length - 1)];
      say(cursor);
      later();
    } else if (arrow) { stop(); const [r, c] = position(); go(r + arrow[0], c + arrow[1]); }
    else if (event.key === "Home") { stop(); go(0, 0); }
    else if (event.key === "End") { stop(); go(Infinity, Infinity); }
    else if ((event.key === " " || event.key === "Enter") && brushing) { dab(cursor); say(cursor); }
    else return;
    event.preventDefault();
  }
  const say = (cell) => { live.textContent = t.cell(cell[0] + 1, cell[1] + 1, valueAt(cell)); };
  const valueAt = (cell) => (!isInside(cell) ? `0 (${t.pad})` : (shown < 0 ? state.image : [state.image[shown]]).map((plane) => format(plane[cell[0]][cell[1]], lang)).join(" | "));

  let held = null; // the last cell of a drag on the input, or "output"
  function grab(event) {
    if (event.button) return;
    stop();
    held = event.currentTarget === output ? "output" : inside(cellAt(event, input, ...padded()));
    try { event.currentTarget.setPointerCapture(event.pointerId); } catch { /* the pointer is gone already */ }
    drag(event);
  }
  function drag(event) {
    const onOutput = event.currentTarget === output;
    const [rows, columns] = places();
    if (onOutput && rows) {
      const cell = cellAt(event, output, rows, columns);
      hover = t.cell(cell[0] + 1, cell[1] + 1, format(result[cell[0]][cell[1]], lang));
      if (held) go(...cell, false);
    } else if (!onOutput) {
      const cell = inside(cellAt(event, input, ...padded()));
      hover = t.cell(cell[0] + 1, cell[1] + 1, valueAt(cell));
      if (held && painting) {
        const far = Math.max(Math.abs(cell[0] - held[0]), Math.abs(cell[1] - held[1]), 1);
        for (let i = 1; i <= far; i++) { // a fast drag skips cells: paint those between
          const between = cell.map((x, axis) => Math.round(held[axis] + ((x - held[axis]) * i) / far));
          if (isInside(between)) dab(cursor = between, false);
        }
        held = cell;
      } else if (held) {
        const half = (state.kernel[0].length - 1) / 2;
        go(...cell.map((x) => Math.round((x + state.padding - half) / state.stride)), false);
      }
    }
    readout.textContent = hover;
  }
  const release = () => { if (held) { held = null; model.save_changes(); } };
  for (const canvas of [input, output]) {
    canvas.addEventListener("keydown", keys);
    canvas.addEventListener("pointerdown", grab);
    canvas.addEventListener("pointermove", drag);
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) canvas.addEventListener(end, release);
    canvas.addEventListener("pointerleave", () => { readout.textContent = ""; });
    canvas.addEventListener("focus", later);
    canvas.addEventListener("blur", later);
  }

  // -- drawing

  function drawInput([r, c], missedRows, missedColumns) {
    const [rows, columns] = padded(), p = state.padding, k = state.kernel[0].length;
    const box = figures.firstChild.clientWidth;
    const { context, side } = fit(input, rows, columns, box, Math.max(box, 160));
    const all = state.image.flat(2);
    let low = 0, high = 1e-9;
    for (const x of all) { if (x < low) low = x; if (x > high) high = x; }
    const tone = (x) => Math.round(((x - low) / (high - low)) * 255);
    const dark = root.dataset.dark === "true";
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) {
        const [y, x] = [i - p, j - p], [top, left] = [i * side, j * side];
        const edge = side > 6 ? 0.5 : 0;
        if (!isInside([y, x])) {
          context.fillStyle = dark ? "#26303c" : "#e3eaf1";
          context.fillRect(left, top, side - edge, side - edge);
          write(context, "0", left, top, side, dark ? "#9fb0c3" : "#5a6b7d");
          continue;
        }
        const tones = [0, 1, 2].map((channel) => tone((state.image[shown < 0 ? channel : shown] ?? state.image[0])[y][x]));
        context.fillStyle = css(tones);
        context.fillRect(left, top, side - edge, side - edge);
        const missed = missedRows.includes(y) || missedColumns.includes(x);
        if (missed) hatch(context, left, top, side);
        if (side >= 18 && (state.channels === 1 || shown >= 0)) write(context, format(state.image[Math.max(shown, 0)][y][x], lang, 1), left, top, side, missed ? "#111" : ink(tones));
      }
    if (result.length) frame(context, c * state.stride * side, r * state.stride * side, k * side, k * side);
    if (painting) {
      context.setLineDash([4, 3]);
      frame(context, (cursor[1] + p) * side, (cursor[0] + p) * side, side, side);
      context.setLineDash([]);
    }
  }
  function hatch(context, x, y, side) { // a pattern, so that it does not rest on colour
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
  function drawOutput([r, c]) {
    const [rows, columns] = places();
    output.hidden = legend.hidden = !rows;
    if (!rows) return;
    const box = figures.lastChild.clientWidth;
    const { context, side } = fit(output, rows, columns, box, Math.max(box, 160));
    let peak = 1e-9;
    for (const row of result) for (const x of row) peak = Math.max(peak, Math.abs(x));
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) {
        const colour = diverging(result[i][j] / peak), edge = side > 6 ? 0.5 : 0;
        context.fillStyle = css(colour);
        context.fillRect(j * side, i * side, side - edge, side - edge);
        if (side >= 18) write(context, format(result[i][j], lang, 1), j * side, i * side, side, ink(colour));
      }
    frame(context, c * side, r * side, side, side);
    legend.firstChild.textContent = `−${format(peak, lang, 1)}`;
    legend.lastChild.textContent = format(peak, lang, 1);
  }

  function sizeWords() {
    const k = state.kernel[0].length, { padding: p, stride: s } = state;
    const axes = [state.image[0].length, state.image[0][0].length];
    const lines = (axes[0] === axes[1] ? axes.slice(0, 1) : axes).map((n, axis) => {
      const exact = (n - k + 2 * p) / s, whole = Math.floor(exact), bites = exact !== whole;
      const name = axes[0] === axes[1] ? "" : ` (${[t.rows, t.columns][axis]})`;
      const inner = h(bites ? "mark" : "span", {}, `⌊${format(exact, lang, 2)}⌋`);
      return h("span", { class: "d2l-x-line" }, `${t.size}${name}: ⌊(${n} − ${k} + 2·${p}) / ${s}⌋ + 1 = `, inner, ` + 1 = `, h("b", {}, String(outputSize(n, k, p, s))),
        bites && exact > 0 ? h("small", {}, ` ${t.bites(format(exact, lang, 2), whole)}`) : null);
    });
    size.replaceChildren(...lines);
  }
  function coverageWords(rows, columns) {
    const [n, m] = [state.image[0].length, state.image[0][0].length], k = state.kernel[0].length;
    const short = Math.min(...padded());
    const where = [rows.length && t.row(ranges(rows), rows.length > 1), columns.length && t.column(ranges(columns), columns.length > 1)].filter(Boolean).join(t.and);
    coverage.textContent = !result.length ? t.tooBig(k, short) : !where ? t.allRead
      : t.missed(where[0].toUpperCase() + where.slice(1), n * m - (n - rows.length) * (m - columns.length), rows.length + columns.length > 1) + (state.stride > k ? t.gaps : "");
    coverage.classList.toggle("d2l-x-warn", Boolean(where) || !result.length);
  }
  function ranges(list) { // 3, 4, 5, 9 -> "3–5, 9", counted from 1
    const parts = [];
    for (const i of list) if (parts.at(-1)?.[1] === i - 1) parts.at(-1)[1] = i; else parts.push([i, i]);
    return parts.map(([a, b]) => (a === b ? a + 1 : `${a + 1}–${b + 1}`)).join(", ");
  }

  // Window, kernel, products, one row for each channel. The kernel's fields stay, so that typing is not disturbed.
  let fields = [], shape = "";
  function drawTerms([r, c]) {
    const k = state.kernel[0].length, now = `${state.channels} ${k}`;
    if (shape !== now) {
      shape = now;
      fields = state.kernel.map((_, channel) => Array.from({ length: k }, (_, i) => Array.from({ length: k }, (_, j) =>
        h("input", { type: "text", inputmode: "text", autocomplete: "off", onchange: (event) => typed(event.target, channel, i, j), onkeydown: (event) => walk(event, channel, i, j),
          "aria-label": `${t.kernel}${state.channels > 1 ? ` ${t.channel[channel]}` : ""}, ${t.cell(i + 1, j + 1, "").replace(/[:\s]+$/, "")}` }))));
    }
    const used = state.flip ? turn(state.kernel) : state.kernel;
    const view = result.length ? windowAt(state.image, r * state.stride - state.padding, c * state.stride - state.padding, k) : null;
    const products = view?.map((plane, channel) => plane.map((row, i) => row.map((x, j) => x * used[channel][i][j])));
    const chars = longest(state.kernel, lang);
    const rows = state.kernel.map((plane, channel) => {
      plane.forEach((row, i) => row.forEach((x, j) => {
        const field = fields[channel][i][j];
        if (field !== document.activeElement && field !== root.getRootNode().activeElement || !field.hasAttribute("aria-invalid")) { field.value = format(x, lang); field.removeAttribute("aria-invalid"); }
      }));
      return { view: view && table([view[channel]], lang, t.window, longest([view[channel]], lang))[0], used: state.flip && table([used[channel]], lang, t.flipped, chars)[0], products: products && table([products[channel]], lang, t.products, longest([products[channel]], lang))[0] };
    });
    if (terms.childElementCount !== state.channels || terms.dataset.shape !== now) {
      terms.dataset.shape = now;
      terms.replaceChildren(...rows.map((_, channel) => h("div", { class: "d2l-x-term" },
        state.channels > 1 ? h("b", {}, t.channel[channel]) : null,
        h("div", { "data-part": "view" }), h("i", {}, "×"),
        h("div", {}, h("span", {}, t.kernel), h("table", { style: `--chars: ${chars}` }, h("tbody", {}, ...fields[channel].map((row) => h("tr", {}, ...row.map((field) => h("td", {}, field))))))),
        h("div", { "data-part": "used" }), h("i", {}, "="), h("div", { "data-part": "products" }))));
    }
    rows.forEach((row, channel) => {
      for (const [part, words] of [["view", t.window], ["used", t.flipped], ["products", t.products]]) {
        const place = terms.children[channel].querySelector(`[data-part=${part}]`);
        place.hidden = !row[part];
        if (row[part]) place.replaceChildren(h("span", {}, words), row[part]);
      }
      terms.children[channel].querySelector("table:has(input)").style.setProperty("--chars", Math.max(chars, 3));
    });
    if (!view) { here.textContent = sums.textContent = ""; return; }
    const total = format(result[r][c], lang);
    here.textContent = t.here(r + 1, c + 1);
    const parts = products.map((plane) => plane.flat().reduce((a, b) => a + b, 0));
    sums.replaceChildren(`${t.sum}: `, state.channels > 1 ? `${parts.map((x) => format(x, lang)).join(" + ")} = `.replaceAll("+ −", "− ") : "", h("b", {}, total));
    if (timer === null && !painting) {
      const words = t.live(r + 1, c + 1, total);
      if (live.textContent !== words) live.textContent = words;
    }
  }
  function typed(field, channel, i, j) {
    const x = number(field);
    if (x === null) return;
    put({ kernel: state.kernel.map((plane, a) => plane.map((row, b) => row.map((old, d) => (a === channel && b === i && d === j ? x : old)))) });
  }
  function walk(event, channel, i, j) { // up and down go from cell to cell, as in a spreadsheet
    const by = { ArrowUp: -1, ArrowDown: 1, Enter: 1 }[event.key];
    const next = by && fields[channel][i + by]?.[j];
    if (!by) return;
    event.preventDefault();
    if (next) { next.focus(); next.select(); } else event.target.dispatchEvent(new Event("change"));
  }

  function update() {
    const raw = read(), bad = problems(raw);
    if (bad.length) tell(t.bad(bad.map((key) => t[key] ?? key).join(", ")));
    state = tidy(raw);
    result = convolve(state);
    shown = Math.min(shown, state.channels - 1);
    cursor = [clamp(cursor[0], 0, state.image[0].length - 1), clamp(cursor[1], 0, state.image[0][0].length - 1)];
    const at = position(), k = state.kernel[0].length;
    const [n, m] = [state.image[0].length, state.image[0][0].length];
    const missed = [n, m].map((size) => (result.length ? unread(size, k, state.padding, state.stride) : []));
    imageSelect.value = nameOf(state.image) ?? "yours";
    const asText = JSON.stringify(state.kernel);
    kernelSelect.value = Object.keys(KERNELS).find((name) => JSON.stringify(preset(name, state.channels)) === asText) ?? "yours";
    for (const option of kernelSelect.options) if (option.value === "red") option.hidden = option.disabled = state.channels === 1;
    three.setAttribute("aria-pressed", state.channels === 3);
    steppers.stride.show(state.stride);
    steppers.padding.show(state.padding);
    steppers.side.show(k);
    flip.checked = state.flip;
    meaning.textContent = state.flip ? t.convolution : t.correlation;
    modes.forEach((mode, i) => mode.setAttribute("aria-pressed", painting === Boolean(i)));
    root.classList.toggle("d2l-x-painting", painting);
    brushField.hidden = !painting;
    if (!brushInput.hasAttribute("aria-invalid")) brushInput.value = format(value(), lang);
    channelField.hidden = state.channels === 1;
    channelSelect.value = shown;
    playing.textContent = timer === null ? t.play : t.stop;
    inputCaption.textContent = t.input(n, m) + (state.padding ? t.padded(state.padding) : "");
    outputCaption.textContent = t.output(...places());
    input.setAttribute("aria-label", `${inputCaption.textContent}. ${t.inputKeys}`);
    output.setAttribute("aria-label", `${outputCaption.textContent}. ${t.outputKeys}`);
    sizeWords();
    coverageWords(...missed);
    drawTerms(at);
    drawInput(at, ...missed);
    drawOutput(at);
    if (numbersBox.open && document.activeElement !== numbers && !numbers.hasAttribute("aria-invalid"))
      numbers.value = state.image.map((plane) => plane.map((row) => row.map((x) => format(x, lang)).join(" ")).join("\n")).join("\n\n");
    if (valuesBox.open) values.replaceChildren(...table([result], lang, t.values, longest([result], lang)));
  }

  const events = KEYS.map((key) => `change:${key}`);
  for (const event of events) model.on(event, later);
  update();
  const unfollow = follow(root, later);
  return () => {
    clearTimeout(timer);
    unfollow();
    for (const event of events) model.off(event, later);
  };
}

function render({ model, el }) {
  // JupyterLab's own shortcuts must not take the arrow keys.
  const root = h("div", { class: "d2l-x", role: "group", "data-lm-suppress-shortcuts": "true" });
  el.append(root);
  let end;
  const again = () => { end?.(); root.setAttribute("aria-label", WORDS[languageOf(model)].title); end = build(model, root); };
  model.on("change:language", again);
  again();
  return () => { end(); model.off("change:language", again); };
}

export default { render, problems };
