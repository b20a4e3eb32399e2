import { average, convolve, GARMENT_NAMES, IMAGES, isPlanes, KERNELS, nameOf, picture, preset, readImage, resized, turn, unread, windowAt } from "./images.mjs";
import { ARROWS, button, cellAt, choose, clamp, css, diverging, fit, follow, format, frame, h, hatch, hold, ink, isLanguage, isPair, isWhole, longest, makePlayer, mark, numberFrom, paint, path, problemsBy, ranges, refusal, renderBy, stepper, table, talk, toolbar, write } from "./common.mjs";

// The convolution explorer: an image, a kernel, a window that slides, and the sum it leaves at each place.
// Rows and columns count from 0 here, from 1 for the reader.

// ---- what a state may hold ----

const LIMITS = { side: 64, kernel: 11, stride: 11, padding: 10 };
const DEFAULTS = { image: "example", kernel: [KERNELS.example], stride: 1, padding: 0, flip: false, position: [0, 0] };
const KEYS = [...Object.keys(DEFAULTS), "channels"];

const VALID = {
  image: (x) => IMAGES.includes(x) || isPlanes(x, LIMITS.side),
  kernel: (x) => isPlanes(x, LIMITS.kernel) && x[0].length === x[0][0].length,
  stride: (x) => isWhole(x, 1, LIMITS.stride),
  padding: (x) => isWhole(x, 0, LIMITS.padding),
  flip: (x) => typeof x === "boolean",
  position: (x) => isPair(x, 0, 2 * LIMITS.side),
  channels: (x) => x === 1 || x === 3,
  language: isLanguage,
};
export const problems = problemsBy(VALID);

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
    image: "Ảnh", yours: "ảnh của bạn",
    images: { example: "ví dụ 5 × 5", ...GARMENT_NAMES.vi, shapes: "ba hình ba màu", blank: "trống 12 × 12" },
    kernel: "Hạt nhân", kernels: { yours: "của bạn", example: "ví dụ", same: "giữ nguyên", blur: "làm mờ", sharpen: "làm nét", vertical: "cạnh dọc", horizontal: "cạnh ngang", edges: "mọi cạnh", shift: "dời ảnh", red: "tìm màu đỏ" },
    stride: "Sải bước", padding: "Đệm", side: "Cỡ hạt nhân",
    three: "3 kênh", channel: ["đỏ", "lục", "lam"], all: "cả ba", show: "Xem kênh",
    flip: "Lật hạt nhân (tích chập đúng nghĩa)", flipped: "Hạt nhân đã lật",
    correlation: "Đang tính tương quan chéo (các thư viện học sâu gọi phép này là tích chập).", convolution: "Đang tính tích chập đúng nghĩa: hạt nhân xoay 180° rồi mới trượt.",
    input: "Ảnh vào", output: "Bản đồ đặc trưng",
    inputKeys: "Phím mũi tên dời cửa sổ; ở chế độ vẽ, mũi tên dời con trỏ và phím cách tô ô.", outputKeys: "Phím mũi tên dời cửa sổ.",
    first: "Về đầu", back: "Lùi", next: "Bước tới", play: "Chạy", stop: "Dừng",
    move: "Kéo cửa sổ", paint: "Vẽ", brush: "Giá trị tô", mode: "Chuột và tay trên ảnh vào",
    window: "Cửa sổ", products: "Tích", here: (r, c) => `Đang tính ô hàng ${r}, cột ${c} của đầu ra`, sum: "Tổng",
    live: (r, c, x) => `hàng ${r}, cột ${c}: tổng ${x}`, weight: (r, c, channel) => `hạt nhân ${channel}, hàng ${r}, cột ${c}`.replace(" ,", ","), cell: (r, c, x) => `ô hàng ${r}, cột ${c}: ${x}`, pad: "đệm",
    size: "Kích thước đầu ra", rows: "hàng", columns: "cột", bites: (x, y) => `Phần lẻ của ${x} bị bỏ, chỉ còn ${y}: bước thêm một lần nữa thì cửa sổ lọt ra ngoài.`,
    allRead: "Mọi ô của ảnh đều được đọc.", missed: (where, n) => `${where} không bao giờ được đọc: ${n} ô, các ô gạch chéo.`,
    row: (list) => `hàng ${list}`, column: (list) => `cột ${list}`, and: " và ", gaps: " Sải bước dài hơn hạt nhân nên giữa hai cửa sổ có khe hở.",
    tooBig: (k, n) => `Hạt nhân ${k} × ${k} lớn hơn ảnh (cạnh ngắn, đã tính đệm, là ${n}): không đặt được cửa sổ nào. Hãy thêm đệm hoặc giảm cỡ hạt nhân.`,
    numbers: "Sửa ảnh bằng số", numbersHelp: "Mỗi hàng một dòng, các số cách nhau bằng dấu cách; dòng trống ngăn cách các kênh.", use: "Dùng các số này",
    values: "Bảng giá trị của đầu ra",
    notNumber: (x) => `“${x}” không phải là số dùng được. Ảnh cũ được giữ lại.`,
    ragged: () => "Các hàng phải dài bằng nhau.", planes: () => "Cần 1 hoặc 3 kênh cùng kích thước.", tooMany: (n) => `Ảnh có tối đa ${n} × ${n} ô.`,
  },
  en: {
    image: "Image", yours: "your own",
    images: { example: "5 × 5 example", ...GARMENT_NAMES.en, shapes: "three coloured shapes", blank: "blank 12 × 12" },
    kernel: "Kernel", kernels: { yours: "your own", example: "example", same: "identity", blur: "blur", sharpen: "sharpen", vertical: "vertical edges", horizontal: "horizontal edges", edges: "all edges", shift: "shift", red: "find red" },
    stride: "Stride", padding: "Padding", side: "Kernel size",
    three: "3 channels", channel: ["red", "green", "blue"], all: "all three", show: "Show channel",
    flip: "Flip the kernel (true convolution)", flipped: "Flipped kernel",
    correlation: "This is cross-correlation, which libraries call convolution.", convolution: "This is true convolution: the kernel is turned by 180° before it slides.",
    input: "Input", output: "Feature map",
    inputKeys: "Arrow keys move the window; while painting they move the cursor, and the space bar paints.", outputKeys: "Arrow keys move the window.",
    first: "To the start", back: "Back", next: "Step", play: "Play", stop: "Stop",
    move: "Drag the window", paint: "Paint", brush: "Paint value", mode: "Mouse and finger on the input",
    window: "Window", products: "Products", here: (r, c) => `Computing row ${r}, column ${c} of the output`, sum: "Sum",
    live: (r, c, x) => `row ${r}, column ${c}: sum ${x}`, weight: (r, c, channel) => `kernel ${channel}, row ${r}, column ${c}`.replace(" ,", ","), cell: (r, c, x) => `cell in row ${r}, column ${c}: ${x}`, pad: "padding",
    size: "Output size", rows: "rows", columns: "columns", bites: (x, y) => `The fraction of ${x} is dropped, ${y} is left: the next window would stick out.`,
    allRead: "Every cell of the image is read.", missed: (where, n, many) => `${where} ${many ? "are" : "is"} never read: ${n} cells, hatched in the input.`,
    row: (list, many) => `${many ? "rows" : "row"} ${list}`, column: (list, many) => `${many ? "columns" : "column"} ${list}`, and: " and ", gaps: " The stride is longer than the kernel, which leaves gaps between windows.",
    tooBig: (k, n) => `A kernel of size ${k} is larger than the image (whose shorter side, with padding, is ${n}): no window fits. Add padding or take a smaller kernel.`,
    numbers: "Edit the image as numbers", numbersHelp: "One line per row, numbers separated by spaces; an empty line between channels.", use: "Use these numbers",
    values: "Table of output values",
    notNumber: (x) => `“${x}” is not a number that can be used. The old image is kept.`,
    ragged: () => "All rows must have the same length.", planes: () => "There must be 1 or 3 channels of the same size.", tooMany: (n) => `An image has at most ${n} × ${n} cells.`,
  },
};

// ---- the explorable ----

function build(model, root) {
  const { lang } = root, t = WORDS[lang];
  let state, result; // what the model holds, tidied; its feature map
  let painting = false, cursor = [0, 0], brush = null, shown = -1, hover = "";

  // -- talking to the model

  const { read, put, later, hangUp } = talk(model, KEYS, () => update());
  const tell = (words) => { message.textContent = words; };
  const refuse = refusal(lang, tell);
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
  const player = makePlayer(() => step(1) && root.isConnected, () => later());
  const { stop } = player;
  const play = () => {
    const [rows, columns] = places(), [r, c] = position();
    if (rows && !player.running() && r === rows - 1 && c === columns - 1) go(0, 0);
    if (rows) player.toggle(clamp(20000 / (rows * columns), 60, 500));
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
  ]) steppers[key] = stepper({ label: t[key], low, high,
    lang, tell, set });

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
  const brushInput = h("input", { type: "text", inputmode: "decimal", autocomplete: "off", onchange: () => setBrush() });
  const setBrush = () => { const x = number(brushInput); if (x !== null) brush = x; later(); };
  const brushField = h("label", {}, h("span", {}, t.brush), brushInput);
  const [channelField, channelSelect] = choose(t.show, { "-1": t.all, ...t.channel }, (x) => { shown = Number(x); later(); });

  const numbers = h("textarea", { rows: 6, spellcheck: "false", "aria-label": t.numbers });
  const numbersBox = h("details", { ontoggle: () => later() }, h("summary", {}, t.numbers), h("p", { class: "d2l-x-note" }, t.numbersHelp), numbers, h("div", { class: "d2l-x-row" }, button(t.use, useNumbers)));
  const values = h("div", { class: "d2l-x-scroll" });
  const valuesBox = h("details", { ontoggle: () => later() }, h("summary", {}, t.values), values);

  const tools = toolbar({ model, root, lang, tell,
    shown: () => ({ ...state, image: nameOf(state.image) ?? state.image, position: position() }),
    restart: () => { stop(); brush = null; const first = tidy(start); put({ ...first, channels: first.image.length }); },
  });

  root.replaceChildren(
    h("div", { class: "d2l-x-row d2l-x-top" }, imageField, three, steppers.stride.element, steppers.padding.element, steppers.side.element),
    message,
    h("div", { class: "d2l-x-main" },
      h("div", {}, figures, readout, steps, h("div", { class: "d2l-x-row", role: "group", "aria-label": t.mode }, ...modes, brushField, channelField)),
      h("div", {}, size, coverage, here, terms, sums, live, h("div", { class: "d2l-x-row" }, kernelField, h("label", { class: "d2l-x-check" }, flip, h("span", {}, t.flip))), meaning)),
    numbersBox, valuesBox,
    tools);

  // -- what is typed

  const number = (field) => numberFrom(field, lang, tell);

  function useNumbers() {
    const { image, wrong, word } = readImage(numbers.value, LIMITS.side);
    mark(numbers, Boolean(wrong));
    tell(wrong === "word" ? t.notNumber(word.slice(0, 30)) : wrong ? t[wrong](LIMITS.side) : "");
    if (image) put({ image, channels: image.length, kernel: image.map((_, i) => state.kernel[i] ?? state.kernel[0]), position: [0, 0] });
  }

  // -- pointer and keyboard on the two pictures

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
  const say = (cell) => announce(t.cell(cell[0] + 1, cell[1] + 1, valueAt(cell)));
  const valueAt = (cell) => (!isInside(cell) ? `0 (${t.pad})` : (shown < 0 ? state.image : [state.image[shown]]).map((plane) => format(plane[cell[0]][cell[1]], lang)).join(" | "));

  let held = null; // the last cell of a drag on the input, or "output"
  function grab(event) {
    if (event.button) return;
    stop();
    if (painting && brushInput.value !== format(value(), lang)) setBrush(); // typed, and straight to the image
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
        for (const between of path(held, cell)) if (isInside(between)) dab(cursor = between, false); // a fast drag skips cells
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
        const edge = side > 9 ? 0.5 : 0;
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
        if (side >= 18 && (state.channels === 1 || shown >= 0)) write(context, format(state.image[Math.max(shown, 0)][y][x], lang, 1), left, top, side, missed ? "#111" : ink(tones), missed && "#ffece0");
      }
    if (result.length) frame(context, c * state.stride * side, r * state.stride * side, k * side, k * side);
    if (painting) {
      context.setLineDash([4, 3]);
      frame(context, (cursor[1] + p) * side, (cursor[0] + p) * side, side, side);
      context.setLineDash([]);
    }
  }
  function drawOutput([r, c]) {
    output.hidden = legend.hidden = !result.length;
    if (!result.length) return;
    let peak = 1e-9;
    for (const row of result) for (const x of row) peak = Math.max(peak, Math.abs(x));
    const { context, side } = paint(output, result, figures.lastChild.clientWidth, (x) => diverging(x / peak), (x) => format(x, lang, 1));
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
      return h("span", { class: "d2l-x-line" }, `${t.size}${name}: ⌊(${n} − ${k} + 2·${p}) / ${s}⌋ + 1 = `, inner, ` + 1 = `, h("b", {}, format(whole + 1, lang)),
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

  // Window, kernel, products, a row for each channel. The kernel's fields are made anew only when its size changes,
  // so that typing is not disturbed.
  let parts = [], shape = "", before = "";
  function makeTerms(k) {
    parts = state.kernel.map((_, channel) => {
      const fields = Array.from({ length: k }, (_, i) => Array.from({ length: k }, (_, j) => h("input", {
        type: "text", autocomplete: "off", "aria-label": t.weight(i + 1, j + 1, state.channels > 1 ? t.channel[channel] : ""),
        onchange: (event) => typed(event.target, channel, i, j), onkeydown: (event) => walk(event, channel, i, j),
      })));
      const grid = h("table", {}, h("tbody", {}, ...fields.map((row) => h("tr", {}, ...row.map((field) => h("td", {}, field))))));
      const [view, used, products] = ["view", "used", "products"].map((part) => h("div", { "data-part": part }));
      const row = h("div", { class: "d2l-x-term" }, state.channels > 1 ? h("b", {}, t.channel[channel]) : null,
        view, h("i", {}, "×"), h("div", { "data-part": "kernel" }, h("span", {}, t.kernel), grid), h("i", { "data-part": "turn" }, "↻"), used, h("i", {}, "="), products);
      return { fields, grid, view, used, products, row };
    });
    terms.replaceChildren(...parts.map((part) => part.row));
  }
  function drawTerms([r, c], asText) {
    const k = state.kernel[0].length;
    if (shape !== (shape = `${state.channels} ${k}`)) makeTerms(k);
    const changed = before !== (before = asText), used = state.flip ? turn(state.kernel) : state.kernel;
    const view = windowAt(state.image, r * state.stride - state.padding, c * state.stride - state.padding, k);
    const products = view.map((plane, channel) => plane.map((row, i) => row.map((x, j) => x * used[channel][i][j])));
    const fill = (place, words, rows) => place.replaceChildren(h("span", {}, words), table(rows, lang, words));
    parts.forEach((part, channel) => {
      part.fields.flat().forEach((field, i) => {
        if (changed) delete field.dataset.holds;
        hold(field, state.kernel[channel].flat()[i], format(state.kernel[channel].flat()[i], lang));
      });
      part.grid.style.setProperty("--chars", longest(state.kernel, lang));
      fill(part.view, t.window, view[channel]);
      fill(part.used, t.flipped, used[channel]);
      fill(part.products, t.products, products[channel]);
    });
    root.classList.toggle("d2l-x-flipped", state.flip);
    root.classList.toggle("d2l-x-nothing", !result.length);
    if (!result.length) return;
    const total = format(result[r][c], lang);
    here.textContent = t.here(r + 1, c + 1);
    const each = products.map((plane) => format(plane.flat().reduce((a, b) => a + b, 0), lang));
    sums.replaceChildren(`${t.sum}: `, each.length > 1 ? `${each.join(" + ").replaceAll("+ −", "− ")} = ` : "", h("b", {}, total));
    if (!player.running() && !painting) announce(t.live(r + 1, c + 1, total));
  }
  const announce = (words) => { if (live.textContent !== words) live.textContent = words; };
  function typed(field, channel, i, j) {
    const x = number(field);
    if (x === null) return;
    put({ kernel: state.kernel.map((plane, a) => plane.map((row, b) => row.map((old, d) => (a === channel && b === i && d === j ? x : old)))) });
  }
  function walk(event, channel, i, j) { // up and down go from cell to cell, as in a spreadsheet
    const by = { ArrowUp: -1, ArrowDown: 1, Enter: 1 }[event.key];
    const next = by && parts[channel].fields[i + by]?.[j];
    if (!by) return;
    event.preventDefault();
    if (next) { next.focus(); next.select(); } else event.target.dispatchEvent(new Event("change"));
  }

  function update() {
    const raw = read(), bad = problems(raw);
    refuse(bad.map((key) => t[key] ?? key));
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
    kernelSelect.lastChild.hidden = kernelSelect.lastChild.disabled = state.channels === 1; // red needs colours
    three.setAttribute("aria-pressed", state.channels === 3);
    steppers.stride.show(state.stride);
    steppers.padding.show(state.padding);
    steppers.side.show(k);
    flip.checked = state.flip;
    meaning.textContent = state.flip ? t.convolution : t.correlation;
    modes.forEach((mode, i) => mode.setAttribute("aria-pressed", painting === Boolean(i)));
    root.classList.toggle("d2l-x-painting", painting);
    brushField.hidden = !painting;
    hold(brushInput, value(), format(value(), lang));
    channelField.hidden = state.channels === 1;
    channelSelect.value = shown;
    playing.textContent = player.running() ? t.stop : t.play;
    inputCaption.replaceChildren(`${t.input} `, h("b", {}, `${n} × ${m}${state.padding ? `, ${t.padding.toLowerCase()} ${state.padding}` : ""}`));
    outputCaption.replaceChildren(`${t.output} `, h("b", {}, places().join(" × ")));
    input.setAttribute("aria-label", `${inputCaption.textContent}. ${t.inputKeys}`);
    output.setAttribute("aria-label", `${outputCaption.textContent}. ${t.outputKeys}`);
    sizeWords();
    coverageWords(...missed);
    drawTerms(at, asText);
    drawInput(at, ...missed);
    drawOutput(at);
    if (numbersBox.open && document.activeElement !== numbers && !numbers.hasAttribute("aria-invalid"))
      numbers.value = state.image.map((plane) => plane.map((row) => row.map((x) => format(x, lang)).join(" ")).join("\n")).join("\n\n");
    if (valuesBox.open) values.replaceChildren(table(result, lang, t.values));
  }

  update();
  const unfollow = follow(root, later);
  return () => {
    stop();
    unfollow();
    hangUp();
  };
}

export default { render: renderBy({ vi: "Phép tích chập, từng bước", en: "Convolution, step by step" }, build), problems };
