import { button, choose, fixed, follow, format, h, isLanguage, isWhole, problemsBy, refusal, renderBy, stepper, talk, toolbar } from "./common.mjs";

// A convolutional network, layer by layer: the shape that each layer gives, what it costs, how much of the picture it sees.
// Layers count from 0 here, from 1 for the reader. ReLU and dropout change no shape and have no parameters, so that they
// are no layers here.

// ---- what a state may hold ----

const MOST = 8192, SIDE = 1024, FAR = 31, DEEP = 32; // channels, outputs, pictures; pixels; of a window; layers
const WINDOW = { kernel: [1, FAR], stride: [1, FAR], padding: [0, FAR] };
const NUMBERS = { conv: { out: [1, MOST], ...WINDOW, groups: [1, MOST] }, max: WINDOW, average: WINDOW, linear: { out: [1, MOST] } };

// What is left out of a layer is what PyTorch takes for it.
function filled(layer) {
  const all = { stride: layer.kind === "conv" ? 1 : layer.kernel, padding: 0, groups: 1, ...layer };
  return Object.fromEntries(["kind", ...Object.keys(NUMBERS[layer.kind])].map((name) => [name, all[name]]));
}
const conv = (out, kernel, stride = 1, padding = 0, groups = 1) => ({ kind: "conv", out, kernel, stride, padding, groups });
const pool = (kind, kernel, stride) => ({ kind, kernel, stride, padding: 0 });
const linear = (out) => ({ kind: "linear", out });

export const NETWORKS = {
  lenet: { input: [1, 28, 28], layers: [conv(6, 5, 1, 2), pool("average", 2, 2), conv(16, 5), pool("average", 2, 2), linear(120), linear(84), linear(10)] },
  alexnet: { input: [1, 224, 224], layers: [conv(96, 11, 4, 1), pool("max", 3, 2), conv(256, 5, 1, 2), pool("max", 3, 2),
    conv(384, 3, 1, 1), conv(384, 3, 1, 1), conv(256, 3, 1, 1), pool("max", 3, 2), linear(4096), linear(4096), linear(10)] },
  alexnet2012: { input: [3, 227, 227], layers: [conv(96, 11, 4), pool("max", 3, 2), conv(256, 5, 1, 2, 2), pool("max", 3, 2),
    conv(384, 3, 1, 1), conv(384, 3, 1, 1, 2), conv(256, 3, 1, 1, 2), pool("max", 3, 2), linear(4096), linear(4096), linear(1000)] },
};
const NEW = { conv: conv(64, 3, 1, 1), max: pool("max", 2, 2), average: pool("average", 2, 2), linear: linear(10) };
const KEYS = ["input", "layers", "layer", "batch"];
const product = (numbers) => numbers.reduce((all, n) => all * n, 1);
const sum = (numbers) => numbers.reduce((all, n) => all + n, 0);
const swap = (list, i, ...x) => [...list.slice(0, i), ...x, ...list.slice(i + 1)]; // the i-th for others, or for none

const isNetwork = (x) => typeof x === "string" && Object.hasOwn(NETWORKS, x);
const isLayer = (x) => x !== null && typeof x === "object" && typeof x.kind === "string" && Object.hasOwn(NUMBERS, x.kind)
  && Object.keys(x).every((name) => name === "kind" || Object.hasOwn(NUMBERS[x.kind], name))
  && Object.entries(NUMBERS[x.kind]).every(([name, [low, high]]) => isWhole(filled(x)[name], low, high));
const isLayers = (x) => isNetwork(x) || (Array.isArray(x) && x.length <= DEEP && x.every(isLayer));
const layersOf = ({ layers }) => (isLayers(layers) && !isNetwork(layers) ? layers.map(filled) : NETWORKS[isNetwork(layers) ? layers : "alexnet"].layers);
const VALID = {
  input: (x) => Array.isArray(x) && x.length === 3 && x.every((n, axis) => isWhole(n, 1, axis ? SIDE : MOST)),
  layers: isLayers,
  layer: (x, state) => isWhole(x, -1, layersOf(state).length - 1), // whose numbers are shown; −1: none
  batch: (x) => isWhole(x, 1, MOST),
  language: isLanguage,
};
const problems = problemsBy(VALID);

function tidy(raw) {
  const fine = Object.fromEntries(KEYS.filter((key) => raw[key] != null && VALID[key](raw[key], raw)).map((key) => [key, raw[key]]));
  const layers = layersOf(fine), { input } = NETWORKS[fine.layers ?? "alexnet"] ?? NETWORKS.lenet;
  return { input, layer: Math.min(0, layers.length - 1), batch: 64, ...fine, layers };
}

// ---- what the layers give and cost: all compared with PyTorch by the tests ----

// Why a window cannot slide over that many channels and such sides, with the numbers that say so; or nothing.
function obstacle({ kind, out, kernel, padding, groups = 1 }, channels, sides) {
  const padded = sides.map((n) => n + 2 * padding), most = Math.floor(kernel / 2);
  if (!sides.length) return ["flat"];
  if (channels % groups) return ["channelsIn", channels, groups];
  if (kind === "conv" && out % groups) return ["channelsOut", out, groups];
  if (kind !== "conv" && padding > most) return ["padding", padding, kernel, most];
  if (Math.min(...padded) < kernel) return ["small", kernel, ...padded];
  return null;
}

// For every layer its output's shape, its parameters, its multiply-adds for one picture, the side of its receptive field
// in pixels (Infinity: all) and how many rows and columns of its input no window covers. A layer that cannot be has an
// obstacle, and those after it have nothing.
export function measure({ input, layers }) {
  let [channels, ...sides] = input, field = 1, jump = 1, stopped = false;
  return layers.map((layer) => {
    const { kind, out, kernel, stride, padding, groups } = layer;
    if (stopped) return {};
    if (kind === "linear") {
      const inputs = product([channels, ...sides]);
      [channels, sides] = [out, []];
      return { shape: [out], inputs, parameters: (inputs + 1) * out, operations: inputs * out, field: Infinity };
    }
    const wrong = obstacle(layer, channels, sides);
    if (wrong) {
      stopped = true;
      return { wrong };
    }
    const before = sides;
    sides = before.map((n) => Math.floor((n + 2 * padding - kernel) / stride) + 1);
    // Row i lies in the last window that begins at or before it, or in none.
    const unread = before.map((n, axis) => Array.from({ length: n }, (_, i) => i + padding)
      .filter((at) => at >= Math.min(Math.floor(at / stride), sides[axis] - 1) * stride + kernel).length);
    field += (kernel - 1) * jump;
    jump *= stride;
    const weights = kind === "conv" ? (out * channels * kernel ** 2) / groups : 0;
    if (kind === "conv") channels = out;
    return { shape: [channels, ...sides], parameters: weights && weights + out, operations: weights * product(sides), field, unread };
  });
}

const BYTES = 4, COPIES = 3; // of a float32; of each parameter: weight, gradient, momentum

// What a step of training keeps in memory, in bytes: for the parameters, and for the outputs of each layer.
export const memory = ({ batch }, made) => ({
  parameters: BYTES * COPIES * sum(made.map(({ parameters }) => parameters)),
  outputs: made.map(({ shape }) => BYTES * batch * product(shape)),
});

// ---- the explorable ----

function build(model, root) {
  const { lang } = root, say = (vi, en) => (lang === "vi" ? vi : en);
  const { read, put, hangUp } = talk(model, KEYS, () => update());
  const start = read();
  let state; // what the model holds, tidied

  // -- words

  function whole(n) {
    if (Number.isSafeInteger(n)) return String(n).replace(/\B(?=(\d{3})+$)/g, "\u202f");
    const power = Math.floor(Math.log10(n)); // larger than any network: not every digit is known
    return `≈ ${format(n / 10 ** power, lang, 2)} × 10${String(power).replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit])}`;
  }
  function size(bytes) {
    const [unit, name, digits] = [[1e12, "TB", 2], [1e9, "GB", 2], [1e6, "MB", 1], [1e3, "kB", 1]].find(([unit]) => bytes >= unit) ?? [1, "byte", 0];
    return `${fixed(bytes / unit, lang, digits)} ${name}`;
  }
  const percent = (x) => `${format(100 * x, lang, 1)}%`;
  const by = (numbers) => numbers.map(whole).join(" × ");
  const KIND = { conv: say("Tích chập", "Convolution"), max: say("Gộp cực đại", "Max pooling"), average: say("Gộp trung bình", "Average pooling"), linear: say("Kết nối đầy đủ", "Fully connected") };
  const nameOf = ({ kind, kernel }) => KIND[kind] + (kernel ? ` ${by([kernel, kernel])}` : "");
  const detailsOf = ({ kind, out, stride, padding, groups }, { inputs }) => (kind === "linear" ? (inputs ? `${whole(inputs)} → ${whole(out)}` : "")
    : [stride > 1 && say(`sải bước ${stride}`, `stride ${stride}`), padding > 0 && say(`đệm ${padding}`, `padding ${padding}`), groups > 1 && say(`${whole(groups)} nhóm`, `${whole(groups)} groups`)].filter(Boolean).join(", "));
  const fieldOf = (side) => (side === Infinity ? say("cả ảnh", "whole picture") : by([side, side]));

  const OBSTACLES = {
    flat: () => say("Sau tầng kết nối đầy đủ không còn hàng và cột để đặt cửa sổ: hãy chuyển tầng này lên trước.", "After a fully connected layer there are no rows and columns left for a window: move this layer up."),
    channelsIn: (channels, groups) => say(`${whole(channels)} kênh vào không chia đều được cho ${whole(groups)} nhóm.`, `${whole(channels)} input channels cannot be divided evenly among ${whole(groups)} groups.`),
    channelsOut: (channels, groups) => say(`${whole(channels)} kênh ra không chia đều được cho ${whole(groups)} nhóm.`, `${whole(channels)} output channels cannot be divided evenly among ${whole(groups)} groups.`),
    padding: (padding, kernel, most) => say(`Đệm ${padding} lớn hơn nửa cửa sổ ${by([kernel, kernel])}: tầng gộp chỉ nhận đệm tối đa ${most}.`, `Padding ${padding} is more than half the ${by([kernel, kernel])} window: pooling takes at most ${most}.`),
    small: (kernel, ...padded) => say(`Không đặt được cửa sổ nào: cửa sổ ${by([kernel, kernel])} lớn hơn đầu vào, kể cả đệm chỉ có ${by(padded)}, nên cỡ đầu ra bằng 0 hoặc âm.`, `No window fits: the ${by([kernel, kernel])} window is larger than the input, which is ${by(padded)} with its padding, so the output size is zero or negative.`),
  };
  function warningOf({ kernel, stride }, { wrong, unread }) {
    if (wrong) return OBSTACLES[wrong[0]](...wrong.slice(1));
    if (!unread?.some(Boolean)) return "";
    const names = [[say("hàng", "row"), say("hàng", "rows")], [say("cột", "column"), say("cột", "columns")]];
    const lost = unread.map((n, axis) => n && `${n} ${names[axis][n > 1 ? 1 : 0]}`).filter(Boolean).join(say(" và ", " and "));
    return stride > kernel ? say(`Sải bước lớn hơn cửa sổ: ${lost} bị bỏ sót.`, `The stride is larger than the window: ${lost} left out.`)
      : say(`Cửa sổ không vừa khít: ${lost} ở mép bị bỏ sót.`, `The window does not fit evenly: ${lost} left out at the edge.`);
  }

  // -- what stands on the page

  const tell = (words) => { message.textContent = words; };
  const refuse = refusal(lang, tell);
  const [networkField, networkSelect] = choose(say("Mạng", "Network"), { yours: say("của bạn", "your own"), lenet: "LeNet", alexnet: say("AlexNet (sách)", "AlexNet (book)"), alexnet2012: "AlexNet 2012" },
    (name) => { tell(""); put({ layers: name, input: NETWORKS[name].input, layer: 0 }); });
  const inputs = [say("Kênh", "Channels"), say("Cao", "Height"), say("Rộng", "Width")].map((label, axis) =>
    stepper({ label, low: 1, high: axis ? SIDE : MOST, lang, tell, set: (x) => put({ input: swap(state.input, axis, x) }) }));
  const batch = stepper({ label: "Batch", low: 1, high: MOST, lang, tell, set: (x) => put({ batch: x }) });
  const message = h("p", { class: "d2l-x-message", role: "alert" });
  const live = h("p", { class: "d2l-x-hidden", role: "status", "aria-live": "polite" });

  const COLUMNS = [say("Đầu ra", "Output"), say("Tham số", "Parameters"), say("Phép nhân cộng", "Multiply-adds"), say("Vùng tiếp nhận", "Receptive field"), say("Bộ nhớ", "Memory")];
  const cellsOf = () => COLUMNS.map((name) => h("td", { "data-name": name }));
  const wide = (kind, ...children) => h("td", { class: `d2l-x-wide ${kind}`, colspan: COLUMNS.length + 1 }, ...children);
  const body = h("tbody"), sums = cellsOf();
  const table = h("table", {}, h("thead", {}, h("tr", {}, ...[say("Tầng", "Layer"), ...COLUMNS].map((name) => h("th", { scope: "col" }, name)))), body,
    h("tfoot", {}, h("tr", {}, h("th", { scope: "row" }, say("Cả mạng", "Whole network")), ...sums)));
  const additions = Object.entries(KIND).map(([kind, words]) => button(`+ ${words}`, () => add(NEW[kind])));
  const shares = [say("Tham số", "Parameters"), say("Phép nhân cộng", "Multiply-adds")].map((name) => ({ name, bar: h("div", { role: "img" }) }));
  const keys = ["conv", "linear"].map((kind) => ({ kind, words: h("span") }));
  const figure = h("figure", { class: "d2l-x-shares" }, ...shares.flatMap(({ name, bar }) => [h("span", {}, name), bar]),
    h("figcaption", { class: "d2l-x-keys" }, ...keys.map(({ kind, words }) => h("span", { class: "d2l-x-key" }, h("i", { "data-kind": kind }), words))));
  const cost = h("p", { class: "d2l-x-cost" });

  root.replaceChildren(
    h("div", { class: "d2l-x-row d2l-x-top d2l-x-digits" }, networkField, ...inputs.map(({ element }) => element), batch.element), message, live,
    h("div", { class: "d2l-x-stack" }, table),
    h("div", { class: "d2l-x-row", role: "group", "aria-label": say("Thêm một tầng sau tầng đang mở", "Add a layer after the open one") }, ...additions),
    figure, cost,
    h("p", { class: "d2l-x-note" }, say(
      "Bấm vào một tầng để sửa. Số trên dải màu là số thứ tự của tầng. ReLU và dropout không đổi kích thước và không có tham số, nên không có hàng riêng. Một phép nhân cộng gồm một phép nhân và một phép cộng, tính cho một ảnh; phép so sánh và phép cộng khi gộp không tính. Vùng tiếp nhận đo bằng điểm ảnh của ảnh vào, kể cả phần đệm; “cả ảnh” không gồm những gì bị bỏ sót. Bộ nhớ là của các đầu ra cho cả batch; chưa kể ảnh vào, những gì dropout và gộp cực đại phải nhớ thêm, và vùng nhớ tạm. 1 MB là một triệu byte.",
      "Click a layer to change it. Numbers on the bars are those of the layers. ReLU and dropout change no shape and have no parameters, so they have no row. A multiply-add is one multiplication and one addition, counted for one picture; what pooling compares and adds is not counted. Receptive fields are in pixels of the input, padding included; the “whole picture” is without what was left out. Memory is that of the outputs for the whole batch, without the input, what dropout and max pooling keep besides, and scratch space. 1 MB is a million bytes.")),
    toolbar({ model, root, lang, tell, shown: () => state, restart: () => put(tidy(start)) }));

  // -- changing the layers

  function change(layers, layer) {
    tell("");
    put({ layers, layer });
  }
  function add(one) {
    const at = state.layer < 0 ? state.layers.length : state.layer + 1;
    change([...state.layers.slice(0, at), one, ...state.layers.slice(at)], at);
  }
  const move = (way) => () => {
    const { layers, layer } = state, other = layer + way;
    change(swap(swap(layers, layer, layers[other]), other, layers[layer]), other);
  };
  const up = button(say("↑ Lên", "↑ Up"), move(-1)), down = button(say("↓ Xuống", "↓ Down"), move(1));
  const remove = button(say("Bỏ tầng này", "Remove"), () => change(swap(state.layers, state.layer), Math.min(state.layer, state.layers.length - 2)));
  const fields = h("div", { class: "d2l-x-row d2l-x-top d2l-x-digits" });
  const editor = h("tr", { "data-open": true }, wide("d2l-x-edit", fields, h("div", { class: "d2l-x-row", role: "group" }, up, down, remove)));

  const labelOf = (kind, name) => ({ out: kind === "conv" ? say("Kênh ra", "Channels out") : say("Đầu ra", "Outputs"), kernel: kind === "conv" ? say("Hạt nhân", "Kernel") : say("Cửa sổ", "Window"),
    stride: say("Sải bước", "Stride"), padding: say("Đệm", "Padding"), groups: say("Nhóm", "Groups") }[name]);
  let steppers = {}, edited = "";
  function drawEditor() {
    const { layers, layer } = state, open = layers[layer];
    editor.hidden = !open;
    if (!open) return;
    if (edited !== (edited = `${open.kind} ${layer}`)) { // of another layer: nothing that was typed stays
      steppers = Object.fromEntries(Object.entries(NUMBERS[open.kind]).map(([name, [low, high]]) => [name, stepper({ label: labelOf(open.kind, name), low, high, lang, tell,
        set: (x) => put({ layers: swap(state.layers, state.layer, { ...state.layers[state.layer], [name]: x }) }) })]));
      fields.replaceChildren(...Object.values(steppers).map(({ element }) => element));
    }
    for (const [name, { show }] of Object.entries(steppers)) show(open[name]);
    up.disabled = layer === 0;
    down.disabled = layer === layers.length - 1;
    if (rows[layer].below.nextSibling === editor) return;
    const focused = editor.querySelector(":focus");
    rows[layer].below.after(editor); // what is moved loses the focus
    focused?.focus();
  }

  // -- drawing: rows are made and taken away at the end, so that the focus stays

  const rows = [];
  function makeRow(i) {
    const name = h("b"), details = h("span"), warning = h("small"), cells = cellsOf();
    const toggle = h("button", { type: "button", onclick: () => { tell(""); put({ layer: state.layer === i ? -1 : i }); } }, name, " ", details);
    return { name, details, warning, cells, toggle, element: h("tr", {}, h("th", { scope: "row" }, toggle), ...cells), below: h("tr", {}, wide("", warning)) };
  }
  const fill = (cells, words) => cells.forEach((cell, i) => { cell.textContent = words?.[i] ?? ""; });

  function update() {
    const raw = read();
    refuse(problems(raw));
    state = tidy(raw);
    const { layers, layer } = state, made = measure(state), fine = made.every(({ shape }) => shape), reached = made.filter(({ shape }) => shape);
    const kept = memory(state, reached);
    const total = { parameters: sum(reached.map(({ parameters }) => parameters)), operations: sum(reached.map(({ operations }) => operations)) };
    const words = made.map(({ shape, parameters, operations, field }, i) => shape && [by(shape), whole(parameters), whole(operations), fieldOf(field), size(kept.outputs[i])]);
    const warnings = layers.map((one, i) => warningOf(one, made[i]));

    networkSelect.value = Object.keys(NETWORKS).find((name) => JSON.stringify([NETWORKS[name].input, NETWORKS[name].layers]) === JSON.stringify([state.input, layers])) ?? "yours";
    inputs.forEach(({ show }, axis) => show(state.input[axis]));
    batch.show(state.batch);
    for (const { element, below } of rows.splice(layers.length)) { element.remove(); below.remove(); }
    while (rows.length < layers.length) {
      const row = makeRow(rows.length);
      rows.push(row);
      body.append(row.element, row.below);
    }
    rows.forEach(({ name, details, warning, cells, toggle, element, below }, i) => {
      name.textContent = `${i + 1}. ${nameOf(layers[i])}`;
      details.textContent = detailsOf(layers[i], made[i]);
      warning.textContent = warnings[i];
      warning.className = made[i].wrong ? "d2l-x-warn" : "";
      toggle.setAttribute("aria-expanded", i === layer);
      for (const one of [element, below]) one.toggleAttribute("data-open", i === layer);
      below.hidden = !warnings[i];
      fill(cells, words[i]);
    });
    fill(sums, fine ? ["", whole(total.parameters), whole(total.operations), "", size(sum(kept.outputs))] : []);
    for (const one of additions) one.disabled = layers.length === DEEP;
    drawEditor();
    drawShares(made, total, fine);

    const open = layers[layer], stop = made.findIndex(({ wrong }) => wrong);
    const stopped = !fine && say(`Mạng dừng ở tầng ${stop + 1}.`, `The network stops at layer ${stop + 1}.`);
    cost.className = fine ? "d2l-x-cost" : "d2l-x-cost d2l-x-warn";
    cost.replaceChildren(...(fine ? costOf(total, kept) : [stopped]));
    const said = open && `${say("Tầng", "Layer")} ${layer + 1}, ${nameOf(open).toLowerCase()}${words[layer] ? `: ${COLUMNS.map((name, i) => `${name.toLowerCase()} ${words[layer][i]}`).join(", ")}` : ""}. ${warnings[layer]}`;
    const all = fine ? say(`Cả mạng, ${layers.length} tầng: ${whole(total.parameters)} tham số, ${whole(total.operations)} phép nhân cộng.`, `The whole network, ${layers.length} layers: ${whole(total.parameters)} parameters, ${whole(total.operations)} multiply-adds.`)
      : `${stopped} ${stop === layer ? "" : warnings[stop]}`;
    const heard = [said, all].filter(Boolean).join(" ").replace(/ +/g, " ").trim();
    if (live.textContent !== heard) live.textContent = heard;
  }

  function drawShares(made, total, fine) {
    const { layers, layer } = state;
    figure.hidden = !fine || !total.parameters;
    if (figure.hidden) return;
    const part = (kind, key) => percent(sum(made.filter((_, i) => layers[i].kind === kind).map((one) => one[key])) / total[key]);
    const shareOf = ({ kind }) => say(`${KIND[kind]}: ${part(kind, "parameters")} tham số, ${part(kind, "operations")} phép nhân cộng`, `${KIND[kind]}: ${part(kind, "parameters")} of the parameters, ${part(kind, "operations")} of the multiply-adds`);
    for (const key of keys) key.words.textContent = shareOf(key);
    ["parameters", "operations"].forEach((key, i) => {
      const { name, bar } = shares[i], share = made.map((one) => one[key] / total[key]);
      const names = layers.map((one, at) => `${at + 1}. ${nameOf(one)}: ${percent(share[at])}`);
      bar.setAttribute("aria-label", `${name}: ${names.filter((_, at) => share[at]).join("; ")}`);
      bar.replaceChildren(...layers.flatMap(({ kind }, at) => (share[at] ? [h("i", { "data-kind": kind, "data-open": at === layer, title: names[at], style: `flex-grow: ${100 * share[at]}` }, share[at] > 0.09 && String(at + 1))] : [])));
    });
  }

  function costOf({ parameters }, kept) {
    const outputs = sum(kept.outputs), bold = (words) => h("b", {}, words);
    return [say("Tham số ở dạng float32: ", "Parameters as float32: "), bold(size(BYTES * parameters)),
      say(`. Một bước huấn luyện với batch ${whole(state.batch)} giữ `, `. A training step with a batch of ${whole(state.batch)} keeps `), bold(size(kept.parameters + outputs)),
      say(`: ${size(kept.parameters)} cho trọng số, gradient và động lượng (12 byte mỗi tham số), ${size(outputs)} cho đầu ra của mọi tầng, dùng lại ở lượt truyền ngược (4 byte mỗi số).`,
        `: ${size(kept.parameters)} for weights, gradients and momentum (12 bytes a parameter), ${size(outputs)} for the outputs of all layers, which the backward pass needs (4 bytes a number).`)];
  }

  update();
  const unfollow = follow(root, update);
  return () => {
    unfollow();
    hangUp();
  };
}

export default { render: renderBy({ vi: "Dựng một mạng tích chập", en: "Build a convolutional network" }, build), problems };
