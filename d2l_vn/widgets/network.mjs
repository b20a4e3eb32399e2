import { ARROWS, cellAt, choose, clamp, diverging, fit, follow, format, h, hold, isLanguage, isNumber, LARGEST, isWhole, numberFrom, problemsBy, refusal, renderBy, set, svg, talk, toolbar } from "./common.mjs";

// A small fully connected network as a graph: every weighted sum and activation, and what the network makes of a plane.
// As in the book a row is an example, so a layer is Z = AW + b: weights[k][i][j] leads from node i to node j of the next
// layer. Layers and nodes count from 0 here, with the inputs as layer 0; nodes count from 1 for the reader.

// ---- what the network computes ----

const FUNCTIONS = { sigmoid: (z) => 1 / (1 + Math.exp(-z)), tanh: Math.tanh, relu: (z) => Math.max(z, 0), none: (z) => z };

// Of every layer its z and its a, the inputs first; of every node a list, with a number for each example. The picture of
// the plane has thousands of examples, and node by node they are quick.
function forwardAll(columns, { weights, biases, activation, output }) {
  const layers = [{ z: columns, a: columns }];
  weights.forEach((rows, k) => {
    const before = layers[k].a, f = FUNCTIONS[k < weights.length - 1 ? activation : output];
    const z = biases[k].map((b, j) => {
      const sums = new Float64Array(columns[0].length).fill(b);
      before.forEach((a, i) => { for (let example = 0; example < sums.length; example++) sums[example] += a[example] * rows[i][j]; });
      return sums;
    });
    layers.push({ z, a: z.map((sums) => sums.map(f)) });
  });
  return layers;
}
export const forward = (state) => forwardAll(state.x.map((x) => [x]), state).map(({ z, a }) => ({ z: z.map(([only]) => only), a: a.map(([only]) => only) }));

// ---- what a state may hold ----

const LIMITS = { inputs: 4, nodes: 5, layers: 3 }; // the output is one of the layers
const FAR = 3, STEPS = 10, SIDE = 2 * FAR * STEPS + 1; // the plane: from −3 to 3 in tenths, a cell for each
const CELLS = Array.from({ length: SIDE * SIDE }, (_, at) => [Math.floor(at / SIDE), at % SIDE]);
const BY = 0.1; // what an arrow key adds

const SAMPLES = {
  chapter: { x: [2, 1], weights: [[[0.5, -1, 1], [1, 0.5, -0.5]], [[1], [2], [-1]]], biases: [[-1, 0, 0.5], [0.5]] },
  neuron: { x: [2, 1], weights: [[[0.5], [1]]], biases: [[-1]] }, // the first hidden node of the chapter's network, alone
  // Steep nodes for x2 > −1, 7·x1 + 4·x2 < 8 and −7·x1 + 4·x2 < 8; the output wants all three.
  triangle: { x: [0, 0], weights: [[[0, -7, 7], [8, -4, -4]], [[10], [10], [10]]], biases: [[8, 8, 8], [-25]] },
};
const REST = { activation: "sigmoid", output: "sigmoid", node: [1, 0] };
const KEYS = [...Object.keys(SAMPLES.chapter), ...Object.keys(REST)];

const isRow = (x, n) => Array.isArray(x) && x.length === n && x.every(isNumber);
const isWeights = (x) => Array.isArray(x) && isWhole(x.length, 1, LIMITS.layers) && x.every((rows, k) => Array.isArray(rows) && rows.length > 0
  && (k ? rows.length === x[k - 1][0].length : rows.length <= LIMITS.inputs)
  && Array.isArray(rows[0]) && isWhole(rows[0].length, 1, LIMITS.nodes) && rows.every((row) => isRow(row, rows[0].length)));
// How many nodes each layer has. Everything else in a state must fit its weights.
const sizesOf = ({ weights }) => {
  const [first, ...rest] = isWeights(weights) ? weights : SAMPLES.chapter.weights;
  return [first, ...rest].reduce((sizes, rows) => [...sizes, rows[0].length], [first.length]);
};
const VALID = {
  x: (x, state) => isRow(x, sizesOf(state)[0]),
  weights: isWeights,
  biases: (x, state) => Array.isArray(x) && x.length === sizesOf(state).length - 1 && x.every((row, k) => isRow(row, sizesOf(state)[k + 1])),
  activation: (x) => typeof x === "string" && Object.hasOwn(FUNCTIONS, x),
  output: (x) => x === "sigmoid" || x === "none",
  node: (x, state) => Array.isArray(x) && x.length === 2 && isWhole(x[0], 0, sizesOf(state).length - 1) && isWhole(x[1], 0, sizesOf(state)[x[0]] - 1),
  language: isLanguage,
};
const problems = problemsBy(VALID);

function tidy(raw) {
  const fine = Object.fromEntries(KEYS.filter((key) => raw[key] != null && VALID[key](raw[key], raw)).map((key) => [key, raw[key]]));
  const [inputs, ...sizes] = sizesOf(fine), zeros = { x: Array(inputs).fill(0), biases: sizes.map((n) => Array(n).fill(0)) };
  return { ...(fine.weights ? zeros : SAMPLES.chapter), ...REST, ...fine };
}

// ---- drawing ----

const RADIUS = 23, TOP = 52, STEP = 78; // of a node; to the middle of the first; from one to the next, with room for z

const lower = (n) => String(n).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]);
const raised = (n) => `⁽${"⁰¹²³"[n]}⁾`;

// The line on which the values of cells are zero, as segments: each square of four cells is two triangles, and a line that
// enters a triangle leaves it through another side.
function zeros(values) {
  const segments = [], below = (r, c) => values[r * SIDE + c] < 0;
  for (const [r, c] of CELLS) {
    if (r + 1 === SIDE || c + 1 === SIDE) continue;
    const first = below(r, c);
    if (below(r, c + 1) === first && below(r + 1, c) === first && below(r + 1, c + 1) === first) continue; // nearly all of them
    for (const [down, right] of [[1, 0], [0, 1]]) {
      const corners = [[r, c], [r + down, c + right], [r + 1, c + 1]], ends = [];
      corners.forEach((from, i) => {
        const to = corners[(i + 1) % 3], [v, w] = [from, to].map(([y, x]) => values[y * SIDE + x]);
        if (v < 0 !== w < 0) ends.push(from.map((at, axis) => at + ((to[axis] - at) * v) / (v - w)));
      });
      if (ends.length) segments.push(ends);
    }
  }
  return segments;
}

// ---- the explorable ----

function build(model, root) {
  const { lang } = root, say = (vi, en) => (lang === "vi" ? vi : en);
  const { read, put, later, hangUp } = talk(model, KEYS, () => update());
  const alter = (part, save = true) => put({ ...state, ...part }, save); // all of it: what was left out goes with the weights
  const start = read();
  let state, sizes, layers; // what the model holds, tidied; nodes of each layer; their z and a
  let changed = new Set(), earlier = "", said = ""; // nodes whose numbers the last act changed

  // -- words

  const number = (x) => format(x, lang, 4);
  function short(x) { // where there is little room: what is tiny is 0
    if (Math.abs(x) < 1e5) return format(Number(Number(x.toPrecision(4)).toFixed(3)), lang, 3);
    const power = Math.floor(Math.log10(Math.abs(x)));
    return `${format(x / 10 ** power, lang, 1)}e${power}`;
  }
  const equals = (x) => (Math.abs(x - Number(x.toFixed(4))) < 1e-9 ? "=" : "≈");
  const inBrackets = (x) => (x < 0 ? `(${number(x)})` : number(x));
  const last = () => sizes.length - 1;
  const level = (k) => (last() > 1 ? raised(k) : ""); // of one layer only, the number says nothing
  const hat = (j) => (sizes.at(-1) > 1 ? `ŷ${lower(j + 1)}` : "ŷ");
  const symbol = (k, i) => (k ? `a${lower(i + 1)}${level(k)}` : `x${lower(i + 1)}`);
  const nameOf = (k, i) => (k === 0 ? say(`đầu vào x${lower(i + 1)}`, `input x${lower(i + 1)}`) : k === last() ? say(`đầu ra ${hat(i)}`, `output ${hat(i)}`)
    : last() === 2 ? say(`tầng ẩn, nút ${i + 1}`, `hidden layer, unit ${i + 1}`) : say(`tầng ẩn ${k}, nút ${i + 1}`, `hidden layer ${k}, unit ${i + 1}`));
  const titleOf = (k) => (k === 0 ? say("Đầu vào", "Input") : k === last() ? say("Đầu ra", "Output") : last() === 2 ? say("Tầng ẩn", "Hidden layer") : say(`Tầng ẩn ${k}`, `Hidden ${k}`));
  const capital = (words) => words[0].toUpperCase() + words.slice(1);
  const signs = { sigmoid: "σ", tanh: "tanh", relu: "ReLU" };

  // -- what stands on the page

  const tell = (words) => { message.textContent = words; };
  const refuse = refusal(lang, tell);
  const none = say("không dùng (a = z)", "none (a = z)");
  const [sampleField, sampleSelect] = choose(say("Mạng", "Network"), { yours: say("của bạn", "your own"), chapter: say("mạng trong chương", "the chapter’s network"), neuron: say("một nơ-ron", "one neuron"), triangle: say("khoanh một tam giác", "encloses a triangle") },
    (name) => { tell(""); alter({ ...REST, ...SAMPLES[name] }); });
  const [hiddenField, hiddenSelect] = choose(say("Hàm kích hoạt ở tầng ẩn", "Activation, hidden"), { sigmoid: "sigmoid", tanh: "tanh", relu: "ReLU", none }, (activation) => alter({ activation }));
  const [outputField, outputSelect] = choose(say("Ở đầu ra", "Output"), { sigmoid: "sigmoid", none }, (output) => alter({ output }));

  const message = h("p", { class: "d2l-x-message", role: "alert" });
  const live = h("p", { class: "d2l-x-hidden", role: "status", "aria-live": "polite" });
  const graph = svg("svg", { class: "d2l-x-graph", role: "radiogroup", "aria-label": say("Mạng nơ-ron. Phím mũi tên chọn nút.", "The network. Arrow keys choose a unit.") });
  const line = (kind, words) => h("span", {}, h("i", { class: `d2l-x-${kind}` }), words);
  const legend = h("p", { class: "d2l-x-note d2l-x-signs" }, line("plus", say("trọng số dương", "positive weight")), line("minus", say("trọng số âm", "negative weight")),
    h("span", {}, say("nét càng dày, trọng số càng xa 0", "the thicker, the further from 0")), h("span", {}, h("mark", {}, say("vừa đổi", "just changed"))));
  const here = h("p", { class: "d2l-x-here" }), terms = h("div", { class: "d2l-x-term d2l-x-adds" }), sum = h("p", { class: "d2l-x-sum" });
  const help = h("p", { class: "d2l-x-note" }, say("Bấm vào một nút để xem và sửa. Trong ô số, phím ↑ và ↓ thêm bớt 0,1.", "Click a unit to see and change it. In a field, ↑ and ↓ add and take away 0.1."));

  const plane = h("canvas", { tabindex: 0, role: "application", "data-part": "plane" }), caption = h("figcaption");
  const ends = [h("span"), h("span")], planeNote = h("p", { class: "d2l-x-note" });
  const figure = h("figure", {}, caption, plane, h("div", { class: "d2l-x-legend", "aria-hidden": "true" }, ends[0], h("i"), ends[1]), planeNote);
  const aside = h("div", {}, figure);

  root.replaceChildren(
    h("div", { class: "d2l-x-row d2l-x-choices" }, sampleField, hiddenField, outputField), message, live,
    h("div", { class: "d2l-x-main" }, h("div", {}, graph, legend, here, terms, sum, help), aside),
    toolbar({ model, root, lang, tell, shown: () => state, restart: () => { shown = ""; put(tidy(start)); } }));

  // -- the graph: elements are made anew only when the network has another shape, so that the focus stays

  let nodes = [], edges = [], titles = [], shape = "";
  const open = (k, i) => alter({ node: [k, i] });

  function makeGraph() {
    titles = sizes.map((_, k) => svg("text", { class: "d2l-x-title" }, titleOf(k)));
    edges = sizes.slice(1).map((n, k) => Array.from({ length: sizes[k] }, () => Array.from({ length: n }, () => ({ line: svg("line"), label: svg("text", { class: "d2l-x-weight" }) }))));
    nodes = sizes.map((n, k) => Array.from({ length: n }, (_, i) => {
      const ring = svg("circle", { class: "d2l-x-ring", r: RADIUS + 4 }), disc = svg("circle", { r: RADIUS }), value = svg("text"), below = svg("text", { class: "d2l-x-below", dy: RADIUS + 15 });
      const element = svg("g", { class: "d2l-x-node", role: "radio" }, ring, disc, value, below);
      element.addEventListener("click", () => { open(k, i); element.focus(); });
      return { element, value, below };
    }));
    const all = edges.flat(2);
    graph.replaceChildren(...titles, ...all.map((edge) => edge.line), ...all.map((edge) => edge.label), ...nodes.flat().map((node) => node.element));
  }
  graph.addEventListener("keydown", (event) => { // as among radio buttons: what gets the focus is chosen
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    const k = clamp(state.node[0] + arrow[1], 0, last()), i = clamp(state.node[1] + arrow[0], 0, sizes[k] - 1);
    nodes[k][i].element.focus();
    open(k, i);
  });

  function drawGraph() {
    if (shape !== (shape = String(sizes))) makeGraph();
    const width = Math.min(graph.parentElement.clientWidth, 640), height = Math.max(...sizes) * STEP + TOP - 24;
    set(graph, { width, height, viewBox: `0 0 ${width} ${height}` });
    const edgeOf = RADIUS + 8, across = (k) => edgeOf + (k * (width - 2 * edgeOf)) / last();
    const down = (k, i) => TOP + ((Math.max(...sizes) - sizes[k]) / 2 + i) * STEP;
    titles.forEach((title, k) => set(title, { x: k === 0 ? 0 : k === last() ? width : across(k), y: 12, style: `text-anchor: ${k === 0 ? "start" : k === last() ? "end" : "middle"}` }));
    edges.forEach((layer, k) => layer.forEach((row, i) => row.forEach(({ line, label }, j) => {
      const w = state.weights[k][i][j], mine = state.node[0] === k + 1 && state.node[1] === j;
      const [x1, y1, x2, y2] = [across(k), down(k, i), across(k + 1), down(k + 1, j)];
      set(line, { x1, y1, x2, y2, "stroke-width": 0.75 + (5.25 * Math.abs(w)) / (Math.abs(w) + 2), class: `d2l-x-${w > 0 ? "plus" : w < 0 ? "minus" : "zero"}`, "data-mine": mine });
      label.textContent = mine ? number(w) : ""; // weights of one node only: all of them would cover one another
      const length = Math.hypot(x2 - x1, y2 - y1), t = (RADIUS + Math.min(30, (length - 2 * RADIUS) / 2)) / length;
      set(label, { x: x1 + (x2 - x1) * t, y: y1 + (y2 - y1) * t });
    })));
    nodes.forEach((layer, k) => layer.forEach(({ element, value, below }, i) => {
      const on = state.node[0] === k && state.node[1] === i, { z, a } = layers[k], text = short(a[i]);
      set(element, { transform: `translate(${across(k)} ${down(k, i)})`, tabindex: on ? 0 : -1, "aria-checked": on, "data-changed": changed.has(`${k} ${i}`),
        "aria-label": k ? `${nameOf(k, i)}: z = ${number(z[i])}, a = ${number(a[i])}` : `${nameOf(k, i)} = ${number(a[i])}` });
      value.textContent = text;
      value.style.fontSize = `${Math.min(13, (2.8 * RADIUS) / text.length)}px`;
      below.textContent = k ? `z = ${short(z[i])}` : symbol(0, i);
    }));
  }

  // -- the sum of the chosen unit, in which every number that is its own can be changed

  let fields = [], shown = "";
  const marked = (k, i, text) => (changed.has(`${k} ${i}`) ? h("mark", {}, text) : text);
  const replaced = (list, i, x) => list.map((old, at) => (at === i ? x : old));

  // What can be changed at the node: [name, meaning, its value, how to set it].
  function own() {
    const [k, i] = state.node, { weights } = state;
    if (!k) return [[symbol(0, i), say("giá trị đầu vào", "value of the input"), () => state.x[i], (to) => alter({ x: replaced(state.x, i, to) })]];
    const at = k - 1, change = (rows, j, to) => replaced(rows, j, replaced(rows[j], i, to));
    return [
      ...weights[at].map((_, j) => [`w${lower(`${j + 1}${i + 1}`)}${level(k)}`, say(`trọng số từ ${symbol(at, j)}`, `weight from ${symbol(at, j)}`),
        () => state.weights[at][j][i], (to) => alter({ weights: replaced(state.weights, at, change(state.weights[at], j, to)) })]),
      [`b${lower(i + 1)}${level(k)}`, say("hệ số điều chỉnh", "bias"), () => state.biases[at][i], (to) => alter({ biases: replaced(state.biases, at, replaced(state.biases[at], i, to)) })],
    ];
  }
  function makeTerms() {
    const [k] = state.node, part = (words, ...inside) => h("div", {}, h("span", {}, words), ...inside);
    fields = own().map(([name, meaning, get, change]) => {
      const input = h("input", { type: "text", autocomplete: "off", "aria-label": `${name}: ${meaning}`,
        onchange: () => { const to = numberFrom(input, lang, tell); if (to !== null) change(to); },
        onkeydown: (event) => {
          const by = { ArrowUp: BY, ArrowDown: -BY }[event.key], from = by && numberFrom(input, lang, tell);
          if (!by || from === null) return;
          event.preventDefault();
          const to = clamp(Number((from + by).toFixed(6)), -LARGEST, LARGEST);
          input.value = number(to); // before the model answers, so that a second key adds to this one
          change(to);
        } });
      return { name, get, input, factor: h("span") };
    });
    const parts = fields.map(({ name, input, factor }, j) => (k && j < fields.length - 1
      ? part(`${symbol(k - 1, j)} · ${name}`, h("div", {}, factor, " · ", input)) : part(name, h("div", {}, input))));
    terms.replaceChildren(...parts.flatMap((each, j) => (j ? [h("i", {}, "+"), each] : [each])));
  }
  function drawTerms() {
    const [k, i] = state.node, { z, a } = layers[k];
    if (shown !== (shown = `${sizes} | ${state.node}`)) makeTerms();
    here.textContent = capital(nameOf(k, i));
    fields.forEach(({ get, input, factor }, j) => {
      hold(input, get(), number(get()));
      if (k && j < fields.length - 1) factor.replaceChildren(marked(k - 1, j, number(layers[k - 1].a[j])));
    });
    sum.hidden = !k;
    if (!k) return;
    const sign = signs[k === last() ? state.output : state.activation], name = k === last() ? hat(i) : symbol(k, i);
    const products = fields.slice(0, -1).map(({ get }, j) => `${inBrackets(layers[k - 1].a[j])} · ${inBrackets(get())}`);
    const whole = h("b", {}, marked(k, i, number(a[i])));
    sum.replaceChildren(
      h("span", { class: "d2l-x-line" }, `z${lower(i + 1)}${level(k)} = ${[...products, inBrackets(fields.at(-1).get())].join(" + ")} ${equals(z[i])} `, h("b", {}, marked(k, i, number(z[i])))),
      h("span", { class: "d2l-x-line" }, sign ? `${name} = ${sign}(${number(z[i])}) ${equals(a[i])} ` : `${name} = z ${equals(a[i])} `, whole));
  }

  // -- the plane of two inputs

  const valueAt = (cell) => (cell - FAR * STEPS) / STEPS, cellOf = (x) => (x + FAR) * STEPS;
  const inside = () => state.x.every((x) => Math.abs(x) <= FAR);
  const move = (x, save = true) => alter({ x }, save);
  plane.addEventListener("keydown", (event) => {
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    const by = [arrow[1], -arrow[0]];
    move(state.x.map((x, axis) => (by[axis] ? clamp(Number((x + by[axis] * BY).toFixed(6)), -FAR, FAR) : x)));
  });
  let held = false;
  const drag = (event) => {
    if (!held) return;
    const [r, c] = cellAt(event, plane, SIDE, SIDE);
    move([valueAt(c), -valueAt(r) || 0], false); // || 0: no −0
  };
  plane.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    held = true;
    try { plane.setPointerCapture(event.pointerId); } catch { /* the pointer is gone already */ }
    drag(event);
  });
  plane.addEventListener("pointermove", drag);
  for (const end of ["pointerup", "pointercancel"]) plane.addEventListener(end, () => { if (held) model.save_changes(); held = false; });

  const pixels = document.createElement("canvas");
  pixels.width = pixels.height = SIDE;
  let made, reach, border, drawn = ""; // every layer in every cell; how far ŷ goes from 0.5; where it is 0.5

  function computePlane(out) { // only when the network has changed: not for every step of the point
    const { weights, biases, activation, output } = state;
    if (drawn === (drawn = JSON.stringify([weights, biases, activation, output, out]))) return;
    made = forwardAll([CELLS.map(([, c]) => valueAt(c)), CELLS.map(([r]) => -valueAt(r))], state);
    const y = made.at(-1).a[out].map((value) => value - 0.5);
    reach = output === "sigmoid" ? 0.5 : Math.max(1e-9, ...y.map(Math.abs));
    border = zeros(output === "sigmoid" ? made.at(-1).z[out] : y); // z crosses 0 where σ(z) crosses 0.5, and more gently
    const context = pixels.getContext("2d"), data = context.createImageData(SIDE, SIDE);
    y.forEach((value, at) => data.data.set([...diverging(value / reach), 255], 4 * at));
    context.putImageData(data, 0, 0);
  }

  function drawPlane() {
    aside.hidden = sizes[0] !== 2;
    if (aside.hidden) return;
    const [k, i] = state.node, out = k === last() ? i : 0, chosen = k > 0 && k < last();
    computePlane(out);
    const { context, side } = fit(plane, SIDE, SIDE, Math.min(aside.clientWidth, 400), 400), at = (cell) => (cell + 0.5) * side, whole = SIDE * side;
    figure.style.maxWidth = `${whole}px`;
    context.drawImage(pixels, 0, 0, whole, whole); // a pixel for each cell, made larger: smooth, because the output is

    const draw = (segments, ...pens) => {
      context.beginPath();
      for (const [[y1, x1], [y2, x2]] of segments) { context.moveTo(at(x1), at(y1)); context.lineTo(at(x2), at(y2)); }
      for (const [colour, thick] of pens) { context.strokeStyle = colour; context.lineWidth = thick; context.stroke(); }
    };
    const middle = cellOf(0), most = SIDE - 1;
    draw([[[middle, 0], [middle, most]], [[0, middle], [most, middle]]], ["rgb(0 0 0 / .25)", 1]); // the axes
    if (last() > 1) { // each node of the first hidden layer draws a line, where its z is 0
      context.setLineDash([5, 4]);
      for (let j = 0; j < sizes[1]; j++) {
        const [a, b] = state.weights[0].map((row) => row[j]), size = a * a + b * b, near = state.biases[0][j] / size;
        if (!size) continue;
        const far = 4 * FAR / Math.sqrt(size), ends = [-far, far].map((t) => [cellOf(b * near - t * a), cellOf(-a * near - t * b)]); // x2 points up, rows down
        draw([ends], ["rgb(0 0 0 / .6)", 1.2]);
      }
      context.setLineDash([]);
    }
    if (chosen) draw(zeros(made[k].z[i]), ["#111", 5], ["#ffd400", 2.5]);
    draw(border, ["#fff", 5], ["#111", 2.5]);
    if (inside()) {
      const [x, up] = state.x.map(cellOf);
      for (const [colour, radius] of [["#111", 7], ["#fff", 5], ["#111", 2.5]]) {
        context.fillStyle = colour;
        context.beginPath();
        context.arc(at(x), whole - at(up), radius, 0, 2 * Math.PI);
        context.fill();
      }
    }
    const point = `(${state.x.map(number).join("; ")})`, value = layers.at(-1).a[out];
    caption.replaceChildren(say(`${hat(out)} tại ${point}: `, `${hat(out)} at ${point}: `), h("b", {}, number(value)));
    plane.setAttribute("aria-label", say(`${caption.textContent}. Phím mũi tên dời điểm.`, `${caption.textContent}. Arrow keys move the point.`));
    [0.5 - reach, 0.5 + reach].forEach((end, j) => { ends[j].textContent = short(end); });
    planeNote.textContent = [
      say(`x₁ sang phải, x₂ lên trên, từ −3 đến 3. Đường đen: ${hat(out)} = 0,5.`, `x₁ to the right, x₂ upwards, from −3 to 3. Black line: ${hat(out)} = 0.5.`),
      last() > 1 && say("Đường đứt: z = 0 của từng nút ở tầng ẩn đầu tiên.", "Dashed: z = 0 of each unit in the first hidden layer."),
      chosen && say("Đường vàng: z = 0 của nút đang chọn.", "Yellow: z = 0 of the chosen unit."),
      !inside() && say("Điểm đang xét nằm ngoài hình.", "The point lies outside the picture."),
    ].filter(Boolean).join(" ");
  }

  // -- all of it

  // Which nodes have other numbers than before, if the network still has its shape.
  function compare() {
    const now = JSON.stringify([layers.map(({ z, a }) => z.map((x, i) => [x, a[i]])), state.weights, state.biases, state.activation, state.output]);
    if (now === earlier) return;
    const before = earlier ? JSON.parse(earlier) : null;
    earlier = now;
    changed = new Set();
    if (!before || String(before[0].map((layer) => layer.length)) !== String(sizes)) return;
    JSON.parse(now)[0].forEach((layer, k) => layer.forEach((pair, i) => { if (String(pair) !== String(before[0][k][i])) changed.add(`${k} ${i}`); }));
  }
  function announce() {
    const [k, i] = state.node, out = k === last() ? i : 0, ahead = k === last() ? "" : `; ${nameOf(last(), out)}: ${number(layers.at(-1).a[out])}`;
    const count = changed.size && say(`${changed.size} nút đổi giá trị. `, `${changed.size} ${changed.size > 1 ? "units have" : "unit has"} changed. `);
    const words = nodes[k][i].element.getAttribute("aria-label") + ahead;
    if (said !== (said = words)) live.textContent = (count || "") + capital(words);
  }

  function update() {
    const raw = read(), bad = problems(raw);
    refuse(bad);
    state = tidy(raw);
    sizes = sizesOf(state);
    layers = forward(state);
    compare();
    const same = ({ weights, biases }) => JSON.stringify([weights, biases]) === JSON.stringify([state.weights, state.biases]);
    sampleSelect.value = Object.keys(SAMPLES).find((name) => same(SAMPLES[name])) ?? "yours";
    hiddenSelect.value = state.activation;
    hiddenSelect.disabled = last() === 1;
    outputSelect.value = state.output;
    drawGraph();
    drawTerms();
    drawPlane();
    announce();
  }

  update();
  const unfollow = follow(root, later);
  return () => {
    unfollow();
    hangUp();
  };
}

export default { render: renderBy({ vi: "Một mạng nơ-ron nhỏ", en: "A small neural network" }, build), problems };
