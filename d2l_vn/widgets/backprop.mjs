import { ARROWS, button, choose, clamp, follow, format, h, hold, isLanguage, isNumber, isWhole, line, makePlayer, numberFrom, problemsBy, refusal, renderBy, set, svg, talk, toolbar } from "./common.mjs";

// Backpropagation on a small computational graph: forward one value at a time, then backward one gradient at a time.

// ---- operations: value, local derivatives, and both as words ----

// The words take what goes in, and `b`, which puts a negative number in brackets; `out` is the result.
const OPERATIONS = {
  product: { value: ([p, q]) => p * q, words: ([p, q], b) => `${b(p)} · ${b(q)}`, slopes: ([p, q]) => [q, p], slopeWords: ([p, q]) => [q, p] },
  sum: { value: ([p, q]) => p + q, words: ([p, q], b) => `${b(p)} + ${b(q)}`, slopes: () => [1, 1], slopeWords: () => ["1", "1"] },
  next: { value: ([p]) => p + 1, words: ([p], b) => `${b(p)} + 1`, slopes: () => [1], slopeWords: () => ["1"] },
  difference: { value: ([p, q]) => p - q, words: ([p, q], b) => `${b(p)} − ${b(q)}`, slopes: () => [1, -1], slopeWords: () => ["1", "−1"] },
  square: { value: ([p]) => p * p, words: ([p], b) => `${b(p)}²`, slopes: ([p]) => [2 * p], slopeWords: ([p], b) => [`2 · ${b(p)}`] },
  // p · v + q · w + bias, each input before its weight
  neuron: {
    value: ([p, v, q, w, bias]) => p * v + q * w + bias, words: ([p, v, q, w, bias], b) => `${b(p)} · ${b(v)} + ${b(q)} · ${b(w)} + ${b(bias)}`,
    slopes: ([p, v, q, w]) => [v, p, w, q, 1], slopeWords: ([p, v, q, w]) => [v, p, w, q, "1"],
  },
  sigmoid: { value: ([z]) => 1 / (1 + Math.exp(-z)), words: ([z]) => `σ(${z})`, slopes: (_, a) => [a * (1 - a)], slopeWords: (_, b, a) => [`${a} · (1 − ${a})`] },
  entropy: { // binary cross-entropy of a probability p and a label y, which is data: no derivative is asked for
    value: ([p, y]) => -(y * Math.log(p) + (1 - y) * Math.log(1 - p)), words: ([p, y]) => `−[${y} · ln ${p} + (1 − ${y}) · ln(1 − ${p})]`,
    slopes: ([p, y]) => [(p - y) / (p * (1 - p)), 0], slopeWords: ([p, y]) => [`(${p} − ${y}) / (${p} · (1 − ${p}))`],
  },
};

// ---- the graphs ----

// values: what is given, with its numbers; nodes: operation and inputs, in the order of the forward pass, the last is what
// is derived; back: the order of the backward pass; places: [from the left, 0, to the right, 1; pixels down]. A weight lies on the edge
// whose value it multiplies: [from, to, how far along].
const GRAPHS = {
  path: {
    values: { w: 1.5, x: 2, b: 0.5, y: 1 },
    nodes: { u: ["product", "w", "x"], yhat: ["sum", "u", "b"], e: ["difference", "yhat", "y"], L: ["square", "e"] },
    back: ["L", "e", "yhat", "y", "u", "b", "w", "x"],
    places: { w: [0, 32], b: [1 / 3, 32], y: [2 / 3, 32], u: [0, 124], yhat: [1 / 3, 124], e: [2 / 3, 124], L: [1, 124], x: [0, 216] }, height: 248,
  },
  paths: {
    values: { x: 2, y: 4 },
    nodes: { u: ["next", "x"], v: ["product", "x", "y"], f: ["product", "u", "v"] },
    back: ["f", "u", "v", "x", "y"],
    places: { x: [0, 32], y: [0, 156], u: [0.5, 32], v: [0.5, 156], f: [1, 94] }, height: 188,
  },
  network: {
    values: { x1: 1, x2: 2, y: 0, w11_1: 0.5, w12_1: -1, w21_1: 0.2, w22_1: 0.6, b1_1: 0.1, b2_1: 0.3, w11_2: 2, w21_2: -1, b_2: -0.5 },
    nodes: {
      z1: ["neuron", "x1", "w11_1", "x2", "w21_1", "b1_1"], z2: ["neuron", "x1", "w12_1", "x2", "w22_1", "b2_1"], a1: ["sigmoid", "z1"], a2: ["sigmoid", "z2"],
      z: ["neuron", "a1", "w11_2", "a2", "w21_2", "b_2"], yhat: ["sigmoid", "z"], L: ["entropy", "yhat", "y"],
    },
    back: ["L", "yhat", "z", "w11_2", "w21_2", "b_2", "a1", "a2", "z1", "z2", "w11_1", "w21_1", "b1_1", "w12_1", "w22_1", "b2_1"],
    places: { x1: [0, 32], x2: [1, 32], z1: [0, 194], a1: [0.31, 194], a2: [0.69, 194], z2: [1, 194], b1_1: [0, 264], b2_1: [1, 264],
      b_2: [0, 384], z: [0.335, 384], yhat: [0.67, 384], L: [1, 384], y: [1, 454] }, height: 484,
    weights: { w11_1: ["x1", "z1", 0.5], w12_1: ["x1", "z2", 0.26], w21_1: ["x2", "z1", 0.26], w22_1: ["x2", "z2", 0.5], w11_2: ["a1", "z", 0.53], w21_2: ["a2", "z", 0.3] },
  },
};
const FAR = 5; // beyond it sigmoids are flat, and numbers do not fit their boxes
const bounds = (graph, name) => (graph === "network" && name === "y" ? [0, 1] : [-FAR, FAR]);
const stepsOf = ({ nodes, back }) => Object.keys(nodes).length + back.length;

// Every value, every local derivative, and the gradient of the last node: each node hands its own, times the local
// derivative, to what went into it, where it is added to what came on other paths.
export function compute({ graph, values }) {
  const { nodes } = GRAPHS[graph], order = Object.entries(nodes), value = { ...values }, slopes = {};
  for (const [name, [operation, ...from]] of order) {
    const inputs = from.map((input) => value[input]);
    value[name] = OPERATIONS[operation].value(inputs);
    slopes[name] = OPERATIONS[operation].slopes(inputs, value[name]);
  }
  const gradient = Object.fromEntries(Object.keys(value).map((name) => [name, 0]));
  gradient[order.at(-1)[0]] = 1;
  for (const [name, [, ...from]] of order.reverse()) from.forEach((input, i) => { gradient[input] += gradient[name] * slopes[name][i]; });
  return { value, slopes, gradient };
}

// ---- what a state may hold ----

const KEYS = ["graph", "values", "step", "node"];
const graphOf = ({ graph }) => GRAPHS[typeof graph === "string" && Object.hasOwn(GRAPHS, graph) ? graph : "path"];
const VALID = {
  graph: (x) => typeof x === "string" && Object.hasOwn(GRAPHS, x),
  values: (x, state) => x !== null && typeof x === "object" && !Array.isArray(x) && Object.entries(x).every(([name, value]) => {
    const [low, high] = bounds(state.graph, name);
    return Object.hasOwn(graphOf(state).values, name) && isNumber(value) && value >= low && value <= high;
  }),
  step: (x, state) => isWhole(x, 0, stepsOf(graphOf(state))),
  node: (x, state) => x === "" || (typeof x === "string" && [graphOf(state).values, graphOf(state).nodes].some((all) => Object.hasOwn(all, x))),
  language: isLanguage,
};
const problems = problemsBy(VALID);

function tidy(raw) {
  const fine = Object.fromEntries(KEYS.filter((key) => raw[key] != null && VALID[key](raw[key], raw)).map((key) => [key, raw[key]]));
  return { graph: "path", step: 0, node: "", ...fine, values: { ...graphOf(fine).values, ...fine.values } };
}

// ---- drawing: the unit is the pixel, so that words have one size on every screen ----

const [WIDE, HIGH] = [58, 56]; // of a box: name, value, gradient
const PAUSE = 1800; // milliseconds: time to read a line

// w11_2 -> w₁₁⁽²⁾
function symbol(name) {
  const [head, layer] = name.replace("yhat", "ŷ").split("_");
  return head.replace(/\d/g, (digit) => "₀₁₂"[digit]) + (layer ? `⁽${"⁰¹²"[layer]}⁾` : "");
}

// ---- the explorable ----

function build(model, root) {
  const { lang } = root, say = (vi, en) => (lang === "vi" ? vi : en);
  const { read, put, later, hangUp } = talk(model, KEYS, () => update());
  const start = read();
  let state, graph, made, forward, total, top; // top: what is derived, L or f

  // -- words

  // Four decimals, or a power of ten where they would hide what is small; a sigmoid close to 1 is not 1.
  function number(x) {
    if (x === 0 || (Math.abs(x) >= 5e-4 && Math.abs(x) < 1e5)) return format(x, lang, x > 0.9999 && x < 1 ? 9 : 4);
    const [digits, power] = x.toExponential(2).split("e");
    return `${format(Number(digits), lang, 2)}\u00a0×\u00a010${String(Number(power)).replace(/./g, (c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)])}`;
  }
  function short(x) { // as much as a box holds
    const digits = [10, 100, 1000, 10000].filter((most) => Math.abs(x) >= most).length;
    return format(Number(x.toFixed(4 - digits)), lang, 4 - digits);
  }
  const bracket = (text) => (text.startsWith("−") ? `(${text})` : text);
  const equals = (x) => (Math.abs(x - Number(x.toFixed(4))) < 1e-9 ? "=" : "≈");
  const d = (name, over = top) => `∂${symbol(over)}/∂${symbol(name)}`;
  const users = (name) => Object.entries(graph.nodes).flatMap(([user, [, ...from]]) => from.flatMap((input, i) => (input === name ? [{ user, i }] : [])));
  const entropy = say("Entropy chéo nhị phân so", "Binary cross-entropy compares");

  const DOES = {
    product: ([p, q]) => say(`Nhân ${p} với ${q}.`, `Multiply ${p} by ${q}.`),
    sum: ([p, q]) => say(`Cộng ${p} với ${q}.`, `Add ${p} and ${q}.`),
    next: ([p]) => say(`Cộng thêm 1 vào ${p}.`, `Add 1 to ${p}.`),
    difference: ([p, q]) => say(`Lấy ${p} trừ ${q}.`, `Take ${q} away from ${p}.`),
    square: ([p]) => say(`Bình phương ${p}.`, `Square ${p}.`),
    neuron: () => say("Nhân từng giá trị đi vào với trọng số của nó, cộng lại, rồi thêm hệ số điều chỉnh.", "Multiply each incoming value by its weight, add up, then add the bias."),
    sigmoid: ([z]) => say(`Đưa ${z} qua sigmoid.`, `Put ${z} through the sigmoid.`),
    entropy: ([p, y]) => say(`${entropy} ${p} với nhãn ${y}.`, `${entropy} ${p} with the label ${y}.`),
  };

  // Each calculation is what is done, then lines of symbols and numbers.
  function forwardWords(name) {
    if (!graph.nodes[name]) return [say(`${symbol(name)} được cho trước.`, `${symbol(name)} is given.`), `${symbol(name)} = ${number(made.value[name])}`];
    const [operation, ...from] = graph.nodes[name], { words } = OPERATIONS[operation], symbols = from.map(symbol), x = made.value[name];
    return [DOES[operation](symbols), `${symbol(name)} = ${words(symbols, bracket)}`, `= ${words(from.map((input) => number(made.value[input])), bracket)} ${equals(x)} ${number(x)}`];
  }
  function backwardWords(name) {
    const g = made.gradient[name], end = `${equals(g)} ${number(g)}`;
    if (name === top) return [say(`Lượt truyền ngược bắt đầu ở ${top}: đạo hàm của ${top} theo chính nó bằng 1.`, `The backward pass starts at ${top}: the derivative of ${top} with respect to itself is 1.`), `${d(top)} = 1`];
    const ways = users(name), direct = ways[0].user === top;
    const local = ({ user, i }) => {
      const [operation, ...from] = graph.nodes[user], { slopeWords } = OPERATIONS[operation], x = made.slopes[user][i];
      const symbols = slopeWords(from.map(symbol), bracket, symbol(user))[i], numbers = slopeWords(from.map((input) => number(made.value[input])), bracket, number(made.value[user]))[i];
      return `${d(name, user)} = ${symbols}${symbols === numbers ? "" : ` = ${numbers}`}${numbers === number(x) ? "" : ` ${equals(x)} ${number(x)}`}`;
    };
    const does = direct ? say(`${symbol(name)} đi thẳng vào ${top}: gradient là đạo hàm của chính bước này.`, `${symbol(name)} goes straight into ${top}: the gradient is the derivative of this step.`)
      : ways.length === 1 ? say("Gradient đã truyền về tới đây, nhân với đạo hàm của chính bước này.", "The gradient that has come back so far, times the derivative of this step.")
      : say(`${symbol(name)} ảnh hưởng đến ${top} theo ${ways.length} đường: nhân trên từng đường, rồi cộng các tích.`, `${symbol(name)} acts on ${top} along ${ways.length} paths: multiply along each path, then add the products.`);
    const lines = direct ? ways.map(local) : [...ways.map(local), `${d(name)} = ${ways.map(({ user }) => `${d(user)} · ${d(name, user)}`).join(" + ")}`,
      `= ${ways.map(({ user, i }) => `${bracket(number(made.gradient[user]))} · ${bracket(number(made.slopes[user][i]))}`).join(" + ")} ${end}`];
    // The sigmoid and the cross-entropy cancel: what is left is worth knowing.
    if (state.graph === "network" && name === "z") lines.push(say(`Rút gọn: ${d("z")} = ŷ − y = ${number(made.value.yhat)} − ${number(made.value.y)} ${end}`, `In short: ${d("z")} = ŷ − y = ${number(made.value.yhat)} − ${number(made.value.y)} ${end}`));
    return [does, ...lines];
  }

  // -- how far the reader is

  const known = (name) => name in graph.values || forward.indexOf(name) < state.step;
  const derived = (name) => graph.back.includes(name) && graph.back.indexOf(name) < state.step - forward.length;
  const current = () => (state.step === 0 ? "" : state.step <= forward.length ? forward[state.step - 1] : graph.back[state.step - forward.length - 1]);
  const backward = () => state.step > forward.length;

  const player = makePlayer(() => {
    if (document.hidden || !root.isConnected) return false;
    go(state.step + 1, false);
    return state.step < total;
  }, () => { if (!player.running()) model.save_changes(); later(); });
  const stop = () => { if (player.running()) player.stop(); };
  function go(step, save = true) { // what follows is drawn at once: the player asks whether to go on
    put({ step: clamp(step, 0, total), node: "" }, save);
    update();
  }
  const by = (many) => () => { stop(); tell(""); go(state.step + many); };
  const play = () => {
    tell("");
    if (!player.running() && state.step === total) go(0);
    player.toggle(PAUSE);
  };

  // -- what stands on the page

  const tell = (words) => { message.textContent = words; };
  const refuse = refusal(lang, tell);
  const [graphField, graphSelect] = choose(say("Đồ thị", "Graph"), { path: "L = (w · x + b − y)²", paths: "f = (x + 1) · (x · y)", network: say("mạng nơ-ron 2-2-1", "2-2-1 network") },
    (name) => { stop(); tell(""); put({ graph: name, values: GRAPHS[name].values, step: 0, node: "" }); });
  const message = h("p", { class: "d2l-x-message", role: "alert" });
  const live = h("p", { class: "d2l-x-hidden", role: "status", "aria-live": "polite" });
  const picture = svg("svg", { class: "d2l-x-flowchart", role: "radiogroup", "aria-label": say("Đồ thị tính toán. Phím mũi tên chọn một ô.", "Computational graph. Arrow keys choose a box.") });
  const legend = h("p", { class: "d2l-x-keys d2l-x-note" });
  const first = button(say("Về đầu", "To the start"), () => by(-total)()), back = button(say("Lùi", "Back"), by(-1)), next = button(say("Bước tới", "Step"), by(1)), playing = button("", play);
  const here = h("p", { class: "d2l-x-here" }), sums = h("div", { class: "d2l-x-sums" });
  const change = h("div", { class: "d2l-x-change" });

  root.replaceChildren(
    h("div", { class: "d2l-x-row d2l-x-choices" }, graphField), message, live,
    h("div", { class: "d2l-x-main" },
      h("figure", {}, picture, legend),
      h("div", {}, h("div", { class: "d2l-x-row d2l-x-top4", role: "group" }, next, back, playing, first), here, sums, change,
        h("p", { class: "d2l-x-note" }, say("Bấm vào một ô trong hình để xem phép tính của nó; ô nét đứt thì sửa được số.", "Click a box in the picture to see its calculation; a number in a dashed box can be changed.")))),
    toolbar({ model, root, lang, tell, shown: () => state, restart: () => { stop(); put(tidy(start)); } }));

  // -- changing a number: a choice, a slider and a field for whichever is chosen

  let leaf, leafSelect, slider, field;
  function makeChange() {
    const names = Object.keys(graph.values), alter = (x, save) => put({ values: { ...state.values, [leaf]: x } }, save);
    const [leafField, select] = choose(say("Sửa", "Change"), Object.fromEntries(names.map((name) => [name, symbol(name)])), (name) => { stop(); put({ node: name }); });
    [leaf, leafSelect] = [names[0], select];
    slider = h("input", { type: "range", step: 0.1, oninput: () => alter(Number(slider.value), false), onchange: () => model.save_changes() });
    field = h("input", { type: "text", autocomplete: "off", onchange: () => {
      const [low, high] = bounds(state.graph, leaf), x = numberFrom(field, lang, tell, { low, high });
      if (x !== null) alter(x);
    } });
    change.replaceChildren(leafField, slider, field);
  }
  function drawChange() {
    if (state.node in graph.values) leaf = state.node;
    const x = state.values[leaf], [min, max] = bounds(state.graph, leaf), words = say(`giá trị của ${symbol(leaf)}`, `value of ${symbol(leaf)}`);
    leafSelect.value = leaf;
    set(slider, { min, max, "aria-label": words, "aria-valuetext": number(x) });
    slider.value = x;
    field.setAttribute("aria-label", words);
    if (field.dataset.of !== (field.dataset.of = leaf)) delete field.dataset.holds; // another number, perhaps as large
    hold(field, x, number(x));
  }

  // -- the graph: elements are made anew only for another graph, so that the focus stays

  let boxes = {}, edges = [], shape = "";
  const open = (name) => { stop(); put({ node: name }); };
  function makeGraph() {
    const { nodes, values, weights = {} } = graph;
    boxes = Object.fromEntries([...Object.keys(values), ...Object.keys(nodes)].map((name) => {
      const rect = svg("rect", { width: WIDE, height: HIGH, x: -WIDE / 2, y: -HIGH / 2, rx: name in nodes ? 6 : 14 });
      const [title, value, gradient] = [["d2l-x-name", -17], ["", 0], ["d2l-x-gradient", 16]].map(([kind, dy]) => svg("text", { class: kind, dy }));
      title.textContent = symbol(name);
      const element = svg("g", { class: "d2l-x-box", role: "radio", "data-given": name in values, "data-name": name }, rect, title, value, gradient);
      element.addEventListener("click", () => { open(name); element.focus(); });
      return [name, { element, value, gradient }];
    }));
    edges = Object.entries(nodes).flatMap(([to, [, ...from]]) => from.flatMap((name, i) => (weights[name] ? []
      : [{ from: name, to, i, weight: Object.keys(weights).find((w) => weights[w][0] === name && weights[w][1] === to), stroke: line("", 0, 0, 0, 0), tip: svg("path"), words: svg("text", { class: "d2l-x-factor" }) }])));
    picture.replaceChildren(...edges.flatMap(({ stroke, tip }) => [stroke, tip]), ...Object.values(boxes).map(({ element }) => element), ...edges.map(({ words }) => words));
    const key = (kind, sample, words) => h("span", { class: "d2l-x-key" }, h("i", { class: kind }, sample), words);
    legend.replaceChildren(key("", format(1.5, lang), say("giá trị", "value")), key("d2l-x-gradient", format(2.5, lang), say(`gradient: đạo hàm của ${top} theo ô đó`, `gradient: derivative of ${top} with respect to the box`)),
      ...(state.graph === "network" ? [] : [key("d2l-x-factor", "×2", say("đạo hàm của một bước", "derivative of one step"))]));
  }
  picture.addEventListener("keydown", (event) => { // as among radio buttons: what gets the focus is chosen
    const arrow = ARROWS[event.key], names = Object.keys(boxes);
    if (!arrow) return;
    event.preventDefault();
    const name = names[(names.indexOf(chosen()) + arrow[0] + arrow[1] + names.length) % names.length];
    boxes[name].element.focus();
    open(name);
  });
  const chosen = () => state.node || current() || Object.keys(boxes)[0];

  function drawGraph() {
    const { places, weights = {}, height } = graph, width = Math.min(picture.parentElement.clientWidth, 640);
    const now = state.node || current(), pass = derived(now) ? "backward" : "forward";
    set(picture, { width, height, viewBox: `0 0 ${width} ${height}` });
    const at = (name) => {
      const [from, to, t] = weights[name] ?? [];
      if (from) return at(from).map((x, axis) => x + (at(to)[axis] - x) * t);
      return [WIDE / 2 + 2 + places[name][0] * (width - WIDE - 4), places[name][1]];
    };
    // What the calculation reads: what goes into a node, or what hands gradients back to it.
    const reads = new Set(derived(now) ? users(now).map(({ user }) => user) : graph.nodes[now]?.slice(1));
    for (const [name, { element, value, gradient }] of Object.entries(boxes)) {
      const v = known(name) ? short(made.value[name]) : "", g = derived(name) ? short(made.gradient[name]) : "";
      value.textContent = v;
      gradient.textContent = g;
      const words = (v ? `${symbol(name)} = ${number(made.value[name])}` : say(`${symbol(name)}, chưa tính`, `${symbol(name)}, not computed yet`)) + (g ? `; ${d(name)} = ${number(made.gradient[name])}` : "");
      set(element, { transform: `translate(${at(name)})`, tabindex: name === chosen() ? 0 : -1, "aria-checked": name === now, "aria-label": words,
        "data-now": name === now ? pass : "", "data-read": reads.has(name) });
    }
    for (const { from, to, i, weight, stroke, tip, words } of edges) {
      const [[x1, y1], [x2, y2]] = [at(from), at(to)], [dx, dy] = [x2 - x1, y2 - y1], length = Math.hypot(dx, dy);
      const reach = Math.min(WIDE / 2 / Math.abs(dx), HIGH / 2 / Math.abs(dy)), [x, y] = [x2 - dx * reach, y2 - dy * reach]; // where it meets the box
      const [ux, uy] = [(7 * dx) / length, (7 * dy) / length];
      const way = (derived(now) ? now === from || now === weight : now === to) ? pass : "still";
      set(stroke, { x1, y1, x2: x - ux / 2, y2: y - uy / 2, class: `d2l-x-wire d2l-x-${way}` });
      set(tip, { d: `M${x} ${y}L${x - ux - uy / 2} ${y - uy + ux / 2}L${x - ux + uy / 2} ${y - uy - ux / 2}Z`, class: `d2l-x-end d2l-x-${way}` });
      // The local derivative stands beside the edge that it belongs to, once it has been used.
      words.textContent = state.graph !== "network" && derived(from) ? `×${format(Number(made.slopes[to][i].toFixed(2)), lang, 2)}` : "";
      const flat = dy === 0;
      set(words, { x: (x1 + x2) / 2 + (flat ? 0 : 6), y: (y1 + y2) / 2 - (flat ? (Math.abs(dx) < 130 ? HIGH / 2 + 8 : 9) : dx ? 9 : 0), style: `text-anchor: ${flat ? "middle" : "start"}` });
    }
  }

  function drawWords() {
    const now = current(), name = state.node || now, parts = [];
    if (name && known(name) && (state.node || !backward())) parts.push(forwardWords(name));
    if (name && derived(name) && (state.node || backward())) parts.push(backwardWords(name));
    const pass = backward() ? say("lượt truyền ngược", "backward pass") : say("lượt truyền xuôi", "forward pass");
    const where = state.step ? say(`Bước ${state.step} trên ${total}, ${pass}`, `Step ${state.step} of ${total}, ${pass}`) : say(`Bước 0 trên ${total}`, `Step 0 of ${total}`);
    here.textContent = state.node ? `${where} · ${say("ô", "box")} ${symbol(name)}` : where;
    if (!name) parts.push([say("Các số trong ô nét đứt được cho trước. Bấm “Bước tới” để tính dần từng giá trị.", "The numbers in dashed boxes are given. Press “Step” to compute one value after another.")]);
    else if (!parts.length) parts.push([say(`${symbol(name)} chưa được tính ở bước này.`, `${symbol(name)} has not been computed at this step.`)]);
    sums.replaceChildren(...parts.map(([does, ...lines]) => h("div", {}, h("p", {}, does), ...lines.map((words, i) => (i === lines.length - 1 ? h("b", { class: "d2l-x-line" }, words) : h("span", { class: "d2l-x-line" }, words))))));
    const words = `${here.textContent}. ${parts.flat().join(" ")}`;
    if (!player.running() && live.textContent !== words) live.textContent = words; // a run is told when it ends
  }

  function update() {
    const raw = read();
    refuse(problems(raw));
    state = tidy(raw);
    graph = GRAPHS[state.graph];
    forward = Object.keys(graph.nodes);
    top = forward.at(-1);
    total = stepsOf(graph);
    made = compute(state);
    if (shape !== (shape = state.graph)) { makeGraph(); makeChange(); }
    graphSelect.value = state.graph;
    playing.textContent = player.running() ? say("Dừng", "Pause") : say("Chạy", "Play");
    back.disabled = first.disabled = state.step === 0;
    next.disabled = state.step === total;
    drawGraph();
    drawWords();
    drawChange();
  }

  update();
  const unfollow = follow(root, update);
  // Scrolled away, nothing runs; behind another tab the player ends by itself.
  const seen = new IntersectionObserver((entries) => { if (!entries.at(-1).isIntersecting) stop(); });
  seen.observe(root);
  return () => {
    stop();
    seen.disconnect();
    unfollow();
    hangUp();
  };
}

export default { render: renderBy({ vi: "Lan truyền ngược trên đồ thị tính toán", en: "Backpropagation on a computational graph" }, build), problems };
