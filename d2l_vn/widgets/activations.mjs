import { choose, clamp, follow, format, h, isLanguage, isNumber, isWhole, label, line, problemsBy, refusal, renderBy, set, svg, talk, toolbar } from "./common.mjs";

// Activation functions: value and slope at one place, and the factor that n equal slopes put on a gradient.

// ---- what a state may hold ----

const FAR = 6, DEEP = 20; // x from -6 to 6; at most 20 layers
const KEYS = ["function", "x", "alpha", "layers"];

// Value and slope as PyTorch computes them. At x = 0, where some have a corner, it takes the slope of the left side.
const sigmoid = (x) => 1 / (1 + Math.exp(-x));
export const FUNCTIONS = {
  sigmoid: { value: sigmoid, slope: (x) => sigmoid(x) * (1 - sigmoid(x)), bounded: true },
  tanh: { value: Math.tanh, slope: (x) => 1 - Math.tanh(x) ** 2, bounded: true },
  relu: { value: (x) => Math.max(0, x), slope: (x) => (x > 0 ? 1 : 0) },
  leaky_relu: { value: (x, alpha) => (x > 0 ? x : alpha * x), slope: (x, alpha) => (x > 0 ? 1 : alpha), alpha: 0.01 },
  elu: { value: (x, alpha) => (x > 0 ? x : alpha * Math.expm1(x)), slope: (x, alpha) => (x > 0 ? 1 : alpha * Math.exp(x)), alpha: 1 },
  identity: { value: (x) => x, slope: () => 1 },
};
const alphaOf = (name) => FUNCTIONS[name]?.alpha ?? 0.01; // what it is where nobody has chosen

const VALID = {
  function: (x) => typeof x === "string" && Object.hasOwn(FUNCTIONS, x),
  x: (x) => isNumber(x) && Math.abs(x) <= FAR,
  alpha: (x) => isNumber(x) && x >= 0 && x <= 1,
  layers: (x) => isWhole(x, 1, DEEP),
  language: isLanguage,
};
const problems = problemsBy(VALID);

function tidy(raw) {
  const fine = Object.fromEntries(KEYS.filter((key) => raw[key] != null && VALID[key](raw[key])).map((key) => [key, raw[key]]));
  return { function: "sigmoid", x: 0, alpha: alphaOf(fine.function), layers: 10, ...fine };
}

const superscript = (n) => String(n).replace(/./g, (c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)]);
const FLOOR = -20; // the scale of the bars ends at 10⁻²⁰, always: only then can two functions be compared by eye
const FLAT = 0.05; // below this slope the words say "almost flat"

// ---- the explorable ----

function build(model, root) {
  const { lang } = root, say = (vi, en) => (lang === "vi" ? vi : en);
  const { read, put, later, hangUp } = talk(model, KEYS, () => update());
  const start = read();
  let state;

  // -- words

  const NAMES = { sigmoid: "sigmoid", tanh: "tanh", relu: "ReLU", leaky_relu: "leaky ReLU", elu: "ELU", identity: say("f(x) = x (không kích hoạt)", "f(x) = x (no activation)") };
  const sides = (left) => say(`x nếu x > 0, ${left} nếu x ≤ 0`, `x if x > 0, ${left} if x ≤ 0`);
  const FORMULAS = { sigmoid: "1 / (1 + e⁻ˣ)", tanh: "(eˣ − e⁻ˣ) / (eˣ + e⁻ˣ)", relu: sides("0"), leaky_relu: sides("alpha · x"), elu: sides("alpha · (eˣ − 1)"), identity: "x" };

  // Five decimals, or a power of ten where they would hide what is small: tanh(6) is not 1, and its slope is not 0.
  function number(x) {
    if (x === 0 || Math.abs(x) >= 0.001) return format(x, lang, 5);
    const [digits, power] = x.toExponential(2).split("e");
    return `${format(Number(digits), lang, 2)}\u00a0×\u00a010${superscript(Number(power))}`;
  }

  function shapeWords({ function: name, x, alpha }, slope) {
    const is = number(slope);
    const steepest = say(`Đây là chỗ dốc nhất của ${NAMES[name]}: độ dốc ${is}.`, `This is where ${NAMES[name]} is steepest: its slope is ${is}.`);
    const between = say(`Đồ thị còn dốc, độ dốc ${is}. Càng xa 0, ${name === "elu" ? "về bên trái" : "về cả hai phía"}, nó càng nằm ngang: đó là bão hòa.`, `The graph still climbs, with slope ${is}. Farther from 0, ${name === "elu" ? "to the left" : "on either side"}, it levels off: that is saturation.`);
    const saturated = (end) => say(`Đồ thị gần như nằm ngang: độ dốc chỉ còn ${is}. ${NAMES[name]} đã bão hòa, giá trị sát ${end}.`, `The graph is almost flat: its slope is only ${is}. Here ${NAMES[name]} is saturated, its value close to ${end}.`);
    const right = say("Bên phải 0, đồ thị là đường thẳng: độ dốc đúng bằng 1, không bão hòa.", "To the right of 0 the graph is a straight line: its slope is exactly 1, with no saturation.");
    const corner = (what) => say(`Tại x = 0, đồ thị gãy góc nên không có đạo hàm. PyTorch quy ước lấy độ dốc phía trái: ${what}.`, `At x = 0 the graph has a corner and no derivative. PyTorch's convention is the slope of the left side: ${what}.`);
    const level = say("Đồ thị nằm ngang hẳn: độ dốc đúng bằng 0. Hàm bão hòa hoàn toàn, gradient không qua được.", "The graph is flat: its slope is exactly 0. The function is fully saturated, and no gradient gets through.");
    if (FUNCTIONS[name].bounded) return x === 0 ? steepest : slope < FLAT ? saturated(x > 0 ? 1 : name === "tanh" ? format(-1, lang) : 0) : between;
    if (name === "identity") return say("Đường thẳng, độ dốc ở đâu cũng bằng 1: không bao giờ bão hòa, nhưng nhiều tầng nối nhau cũng chỉ bằng một tầng.", "A straight line with slope 1 everywhere: it never saturates, but many layers in a row can do no more than one.");
    if (x > 0) return right;
    if (x === 0 && alpha === 1 && name !== "relu") return say("Tại x = 0, hai phía gặp nhau với cùng độ dốc 1: đồ thị không gãy góc.", "At x = 0 both sides meet with the same slope 1: there is no corner.");
    if (x === 0) return corner(name === "relu" || alpha === 0 ? "0" : `alpha = ${is}`);
    if (slope === 0) return level;
    if (name === "leaky_relu") return say(`Bên trái 0, đồ thị cũng là đường thẳng: độ dốc đúng bằng alpha, tức ${is}. Dù x âm đến đâu, nó cũng không nhỏ đi: không có bão hòa.`, `To the left of 0 the graph is a straight line too: its slope is exactly alpha, ${is}. It gets no smaller, however negative x is: there is no saturation.`);
    return Math.exp(x) < FLAT ? saturated(number(-alpha)) : between; // close to -alpha, whatever alpha is
  }

  function productWords({ x, layers }, product) {
    const at = number(x);
    const all = layers === 1
      ? say(`Với một tầng có giá trị trước kích hoạt x\u00a0=\u00a0${at}, riêng hàm kích hoạt nhân gradient với `, `In one layer whose pre-activation is x\u00a0=\u00a0${at}, the activation alone multiplies the gradient by `)
      : say(`Nếu cả ${layers} tầng đều có giá trị trước kích hoạt x\u00a0=\u00a0${at} thì riêng các hàm kích hoạt nhân gradient với `, `If all ${layers} layers had the same pre-activation x\u00a0=\u00a0${at}, the activations alone would multiply the gradient by `);
    return [all, h("b", {}, product), say(". Các trọng số cũng là thừa số, nhưng ở đây không tính đến.", ". The weights are factors too, but are left out here.")];
  }

  // -- what stands on the page

  const tell = (words) => { message.textContent = words; };
  const refuse = refusal(lang, tell);
  const [functionField, functionSelect] = choose(say("Hàm kích hoạt", "Function"), NAMES, (name) => {
    const own = state.alpha === alphaOf(state.function); // what the reader has chosen stays
    put({ function: name, alpha: own ? alphaOf(name) : state.alpha });
  });

  // A kernel hears of a slider when it is let go, the page at once.
  function slider(key, words, low, high, step) {
    const output = h("output", { "aria-hidden": "true" });
    const input = h("input", { type: "range", min: low, max: high, step, "aria-label": words,
      oninput: () => put({ [key]: Number(input.value) }, false), onchange: () => model.save_changes() });
    const show = (x) => {
      input.value = x;
      output.textContent = format(x, lang, 5);
      input.setAttribute("aria-valuetext", output.textContent);
    };
    return { element: h("label", {}, h("span", {}, words), input, output), show };
  }
  const sliders = {
    x: slider("x", "x", -FAR, FAR, 0.1),
    alpha: slider("alpha", "alpha", 0, 1, 0.01),
    layers: slider("layers", say("Số tầng", "Layers"), 1, DEEP, 1),
  };

  const message = h("p", { class: "d2l-x-message", role: "alert" });
  const live = h("p", { class: "d2l-x-hidden", role: "status", "aria-live": "polite" });
  const graph = svg("svg", { role: "img", "data-part": "graph" }), bars = svg("svg", { role: "img", "data-part": "bars" });
  const formula = h("b");
  const key = (kind, words) => h("span", { class: "d2l-x-key" }, svg("svg", { width: 28, height: 10, "aria-hidden": "true" }, line(kind, 1, 5, 27, 5)), words);
  const value = h("b"), slope = h("b"), shape = h("p", { class: "d2l-x-shape" }), product = h("p"), scale = h("p", { class: "d2l-x-note" });
  const barsCaption = h("figcaption");

  root.replaceChildren(
    message, live,
    h("div", { class: "d2l-x-main" },
      h("div", {},
        functionField,
        h("div", { class: "d2l-x-sliders" }, ...Object.values(sliders).map(({ element }) => element)),
        h("figure", {}, h("figcaption", {}, "f(x) = ", formula), graph),
        h("p", { class: "d2l-x-keys" }, key("d2l-x-curve", "f(x)"), key("d2l-x-slope", say("đạo hàm f′(x)", "derivative f′(x)")), key("d2l-x-tangent", say("tiếp tuyến tại x", "tangent at x")))),
      h("div", { class: "d2l-x-read" },
        h("p", { class: "d2l-x-sum" }, say("Giá trị ", "Value "), value, say(", độ dốc ", ", slope "), slope),
        shape, h("figure", {}, barsCaption, bars), product, scale)),
    toolbar({ model, root, lang, tell, shown: () => state, restart: () => put(tidy(start)) }));

  // -- pointer on the graph; the keyboard has the sliders

  let held = false, frameOf = null; // frameOf(pixel) is the x under it
  const drag = (event) => {
    if (held) put({ x: clamp(Math.round(10 * frameOf(event.clientX - graph.getBoundingClientRect().left)) / 10, -FAR, FAR) }, false);
  };
  graph.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    held = true;
    try { graph.setPointerCapture(event.pointerId); } catch { /* the pointer is gone already */ }
    drag(event);
  });
  graph.addEventListener("pointermove", drag);
  for (const end of ["pointerup", "pointercancel"]) graph.addEventListener(end, () => { if (held) model.save_changes(); held = false; });

  // -- drawing

  function sized(graph, height) { // the unit is the pixel, so that words have one size on every screen
    const width = Math.max(graph.parentElement.clientWidth, 200);
    set(graph, { width, height, viewBox: `0 0 ${width} ${height}` });
    return width;
  }

  function drawGraph({ value: f, slope: df, bounded }, y, m) {
    const { x, alpha } = state, height = 300, width = sized(graph, height);
    const low = bounded ? -1.25 : Math.min(-2, 2 * Math.floor(f(-FAR, alpha) / 2)), high = bounded ? 1.25 : FAR;
    const [left, right, top, bottom] = [34, width - 14, 14, height - 26];
    const px = (x) => left + ((x + FAR) / (2 * FAR)) * (right - left), py = (y) => bottom - ((y - low) / (high - low)) * (bottom - top);
    frameOf = (at) => ((at - left) / (right - left)) * 2 * FAR - FAR;

    const across = [-6, -4, -2, 0, 2, 4, 6], up = bounded ? [-1, -0.5, 0, 0.5, 1] : [-6, -4, -2, 0, 1, 2, 4, 6].filter((y) => y >= low);
    const grid = [
      ...across.flatMap((x) => [line(x ? "d2l-x-grid" : "d2l-x-axis", px(x), top, px(x), bottom), label("middle", px(x), bottom + 18, format(x, lang))]),
      ...up.flatMap((y) => [line(y ? "d2l-x-grid" : "d2l-x-axis", left, py(y), right, py(y)), label("end", left - 6, py(y) + 4, format(y, lang))]),
    ];
    // Both sides of 0 on their own: a derivative that jumps there has a gap, no slanting line.
    const side = (g, from, to) => Array.from({ length: 61 }, (_, i) => from + ((to - from) * i) / 60).map((x) => [px(x), py(g(x, alpha))]);
    const jumps = Math.abs(df(1e-9, alpha) - df(0, alpha)) > 1e-6;
    const curve = (kind, g, gap) => {
      const [a, b] = [side(g, -FAR, 0), side(g, 1e-9, FAR)].map((points) => points.map((at) => at.map((c) => c.toFixed(2))).join("L"));
      return svg("path", { class: kind, d: `M${a}${gap ? "M" : "L"}${b}` });
    };
    // As long on the screen whatever its slope, and no farther than the axes go.
    const rise = (-m * (py(0) - py(1))) / (px(1) - px(0)), reach = 80 / Math.hypot(1, rise), [cx, cy] = [px(x), py(y)];
    const room = (by) => Math.min(reach, by < 0 ? cx - left : right - cx, (by * rise > 0 ? bottom - cy : cy - top) / Math.abs(rise));
    const tangent = [-1, 1].flatMap((by) => [cx + by * room(by), cy + by * rise * room(by)]);
    graph.replaceChildren(...grid,
      curve("d2l-x-curve", f), curve("d2l-x-slope", df, jumps),
      line("d2l-x-drop", cx, Math.min(cy, py(m), py(0)), cx, Math.max(cy, py(m), py(0))),
      line("d2l-x-tangent", ...tangent),
      svg("rect", { class: "d2l-x-at-slope", x: cx - 6, y: py(m) - 6, width: 12, height: 12 }),
      svg("circle", { class: "d2l-x-at-value", cx, cy, r: 5.5 }));
    graph.setAttribute("aria-label", say(`Đồ thị của ${NAMES[state.function]} và đạo hàm. Tại x = ${number(x)}: giá trị ${number(y)}, độ dốc ${number(m)}.`, `Graph of ${NAMES[state.function]} and its derivative. At x = ${number(x)}: value ${number(y)}, slope ${number(m)}.`));
  }

  // Layer k has a bar as high as slope to the power k; what is below the scale, and an exact 0, are written and not drawn.
  function drawBars(m) {
    const height = 210, width = sized(bars, height), [left, right, top, bottom] = [46, width - 4, 12, height - 26];
    const slot = (right - left) / DEEP, py = (power) => top + (power / FLOOR) * (bottom - top);
    const parts = [0, -5, -10, -15, -20].flatMap((power) => [
      line(power > FLOOR ? "d2l-x-grid" : "d2l-x-axis", left, py(power), right, py(power)), label("end", left - 6, py(power) + 4, power ? `10${superscript(power)}` : "1")]);
    for (let k = 1; k <= DEEP; k++) {
      const x = left + (k - 1) * slot, power = k * Math.log10(m);
      if (k === 1 || k % 5 === 0) parts.push(label("middle", x + slot / 2, bottom + 18, k));
      if (k > state.layers) continue;
      if (power > FLOOR) parts.push(svg("rect", { class: "d2l-x-bar", "data-last": k === state.layers, x: x + slot * 0.12, y: py(power), width: slot * 0.76, height: bottom - py(power) }));
      else parts.push(label("middle", x + slot / 2, bottom - 4, m === 0 ? "0" : "▾"));
    }
    bars.replaceChildren(...parts);
  }

  function drawWords(y, m) {
    const { function: name, x, layers } = state, left = m ** layers;
    const result = left || m === 0 ? number(left) : say("một số nhỏ hơn 10⁻³⁰⁰", "a number below 10⁻³⁰⁰"); // not 0, but no double any more
    formula.textContent = FORMULAS[name];
    value.textContent = number(y);
    slope.textContent = number(m);
    shape.textContent = shapeWords(state, m);
    product.replaceChildren(...productWords(state, result));
    barsCaption.replaceChildren(say("Tích của các độ dốc sau 1, 2, …, n tầng (thang logarit): ", "Product of the slopes after 1, 2, …, n layers (log scale): "), h("b", {}, `f′(x)${superscript(layers)} = ${result}`));
    scale.textContent = m === 0 ? say("Thang logarit không có chỗ cho số 0, nên số 0 được ghi vào chỗ của cột.", "A log scale has no place for 0, so a 0 is written where the bar would be.")
      : layers * Math.log10(m) <= FLOOR ? say("Dấu ▾: nhỏ hơn 10⁻²⁰, cột không còn vẽ được trên thang này.", "The sign ▾: less than 10⁻²⁰, too small for a bar on this scale.") : "";
    bars.setAttribute("aria-label", barsCaption.textContent);
    const words = say(`${NAMES[name]}, x = ${number(x)}: giá trị ${number(y)}, độ dốc ${number(m)}; tích sau ${layers} tầng: ${result}`, `${NAMES[name]}, x = ${number(x)}: value ${number(y)}, slope ${number(m)}; product after ${layers} layer${layers > 1 ? "s" : ""}: ${result}`);
    if (live.textContent !== words) live.textContent = words;
  }

  function update() {
    const raw = read(), bad = problems(raw);
    refuse(bad);
    state = tidy(raw);
    const f = FUNCTIONS[state.function], y = f.value(state.x, state.alpha), m = f.slope(state.x, state.alpha);
    functionSelect.value = state.function;
    for (const [key, { show }] of Object.entries(sliders)) show(state[key]);
    sliders.alpha.element.hidden = f.alpha === undefined;
    drawWords(y, m);
    drawGraph(f, y, m);
    drawBars(m);
  }

  update();
  const unfollow = follow(root, later);
  return () => {
    unfollow();
    hangUp();
  };
}

export default { render: renderBy({ vi: "Hàm kích hoạt và độ dốc", en: "Activation functions and their slopes" }, build), problems };
