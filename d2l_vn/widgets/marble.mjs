import { button, choose, clamp, follow, format, h, isLanguage, isNumber, isWhole, label, line, makePlayer, problemsBy, refusal, renderBy, set, svg, talk, toolbar } from "./common.mjs";

// Gradient descent with momentum on a function of one variable: a marble, its trail, and J after each step.

// ---- the landscapes and the rule ----

// Sums and products only: every browser, and Python, rounds them alike, so that a link shows the same place even where
// the marble bounces about and the last digit of a sine would change its way.
export const LANDSCAPES = {
  parabola: { value: (w) => (w * w) / 2, slope: (w) => w, top: 3.6, ticks: [0, 1, 2, 3] },
  hilly: {
    value: (w) => (((w * w / 6 - 1.25) * w * w + 2) * w * w) / 5 + w / 10 + 0.5,
    slope: (w) => ((((w * w - 5) * w * w + 4) * w) / 5) + 0.1,
    top: 1.8, ticks: [0, 0.5, 1, 1.5],
  },
};
const VIEW = 2.7, START = 2.5, MOST = 200; // w in the picture and at the start; at most 200 steps
const LOST = 1000; // farther than any run goes that still comes back; w⁵ would soon overflow
const CALM = 0.001; // at rest: slope and velocity both smaller than this

// The places after 0, 1, …, steps steps, each with the velocity that led there; the last is the first that is lost.
export function positions({ landscape, lr, momentum, start, steps }) {
  const { slope } = LANDSCAPES[landscape], path = [{ w: start, v: 0 }];
  while (path.length <= steps && Math.abs(path.at(-1).w) <= LOST) {
    const { w, v } = path.at(-1), next = momentum * v - lr * slope(w);
    path.push({ w: w + next, v: next });
  }
  return path;
}

// Where the slope changes from falling to rising, the lowest first: by halving, from a grid on which no place is a root.
function valleys({ value, slope }) {
  const found = [];
  for (let left = -3.05; left < 3; left += 0.1) {
    let [low, high] = [left, left + 0.1];
    if (slope(low) >= 0 || slope(high) < 0) continue;
    for (let i = 0; i < 50; i++) {
      const middle = (low + high) / 2;
      if (slope(middle) < 0) low = middle; else high = middle;
    }
    found.push(high);
  }
  return found.sort((a, b) => value(a) - value(b));
}
export const MINIMA = Object.fromEntries(Object.entries(LANDSCAPES).map(([name, land]) => [name, valleys(land)]));

// What has become of the marble: "start", "moving", "outside" the picture, "lost", or at rest: "global", "local", "top".
// On the parabola it is known who never comes back: both roots of z² − (1 + γ − η) z + γ lie in the circle if η < 2(1 + γ).
export function fate({ landscape, lr, momentum }, path) {
  const { w, v } = path.at(-1), [lowest, ...others] = MINIMA[landscape];
  if (Math.abs(w) > (landscape === "parabola" && lr > 2 * (1 + momentum) ? VIEW : LOST)) return "lost";
  if (Math.abs(v) < CALM && Math.abs(LANDSCAPES[landscape].slope(w)) < CALM) {
    const near = (place) => Math.abs(w - place) < 0.05;
    return near(lowest) ? "global" : others.some(near) ? "local" : "top";
  }
  return path.length === 1 ? "start" : Math.abs(w) > VIEW ? "outside" : "moving";
}
const over = (end) => ["lost", "global", "local", "top"].includes(end);

// ---- what a state may hold ----

const KEYS = ["landscape", "lr", "momentum", "start", "steps"];
const within = (low, high) => (x) => isNumber(x) && x >= low && x <= high;
const VALID = {
  landscape: (x) => typeof x === "string" && Object.hasOwn(LANDSCAPES, x),
  lr: within(0.001, 4),
  momentum: within(0, 0.99),
  start: within(-START, START),
  steps: (x) => isWhole(x, 0, MOST),
  language: isLanguage,
};
const problems = problemsBy(VALID);

function tidy(raw) {
  const fine = Object.fromEntries(KEYS.filter((key) => raw[key] != null && VALID[key](raw[key])).map((key) => [key, raw[key]]));
  return { landscape: "parabola", lr: 0.1, momentum: 0, start: -1, steps: 0, ...fine };
}

// Rates that are worth a try, ever farther apart: a finger can choose 0.02 as well as 2.
const RATES = [0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.5, 1.8, 1.9, 2, 2.1, 2.5, 3, 3.5, 3.8, 3.9, 4];
const nearest = (x) => RATES.reduce((best, rate, i) => (Math.abs(rate - x) < Math.abs(RATES[best] - x) ? i : best), 0);

// ---- drawing: the unit is the pixel, so that words have one size on every screen ----

const arrow = (from, to, y) => [line("d2l-x-velocity", from, y, to, y), svg("path", { class: "d2l-x-tip", d: `M${to} ${y}l${Math.sign(from - to) * Math.min(8, Math.abs(to - from))} -5v10z` })];

const PAUSE = 160, GLIDE = 130; // milliseconds from step to step, and of the way between two places
const TRAIL = 12; // places that are still seen behind the marble

// ---- the explorable ----

function build(model, root) {
  const { lang } = root, say = (vi, en) => (lang === "vi" ? vi : en);
  const { read, put, later, hangUp } = talk(model, KEYS, () => update());
  const start = read();
  let state, path, end;

  // -- words

  const NAMES = { parabola: say("parabol", "parabola"), hilly: say("đồi nhiều thung lũng", "hills with several valleys") };
  const FORMULAS = { parabola: "w² / 2", hilly: "(w⁶/6 − 5w⁴/4 + 2w²) / 5 + w/10 + 1/2" };
  const SLOPES = { parabola: "w", hilly: "(w⁵ − 5w³ + 4w) / 5 + 1/10" };

  // Four decimals, or a power of ten for what has run away.
  function number(x, decimals = 4) {
    if (Math.abs(x) < 1e5) return format(Number(x.toFixed(decimals)), lang, decimals);
    const [digits, power] = x.toExponential(2).split("e+");
    return `${format(Number(digits), lang, 2)}\u00a0×\u00a010${power.replace(/\d/g, (c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c])}`;
  }
  const bracket = (x) => number(x).replace(/^−.*/, "($&)");

  function fateWords() {
    const { landscape, lr, momentum } = state, { value, slope } = LANDSCAPES[landscape], { w, v } = path.at(-1);
    const lowest = number(MINIMA[landscape][0], 2), bound = 2 * (1 + momentum);
    if (end === "start") return say("Viên bi đứng ở chỗ xuất phát, vận tốc bằng 0. Hãy bấm “Chạy” hoặc “Bước tới”.", "The marble stands at its start with velocity 0. Press “Play” or “Step”.");
    if (end === "lost") return say("Phân kì: viên bi đã văng khỏi hình và càng lúc càng xa.", "It diverges: the marble has left the picture and flies farther and farther.")
      + (landscape === "parabola" ? say(` Trên parabol này, điều đó xảy ra khi tốc độ học lớn hơn 2(1 + γ) = ${number(bound)}.`, ` On this parabola that happens when the learning rate exceeds 2(1 + γ) = ${number(bound)}.`) : "");
    if (end === "global") return say(`Viên bi đã dừng ở cực tiểu toàn cục, tại w ≈ ${lowest}.`, `The marble has come to rest in the global minimum, at w ≈ ${lowest}.`);
    if (end === "local") return say(`Viên bi đã dừng ở một cực tiểu, nhưng không phải cực tiểu toàn cục: tại w ≈ ${lowest}, J còn nhỏ hơn.`, `The marble has come to rest in a local minimum that is not the global one: J is lower at w ≈ ${lowest}.`);
    if (end === "top") return say("Viên bi đứng yên trên đỉnh: độ dốc ở đó gần bằng 0, nhưng đó không phải cực tiểu.", "The marble stands still on a hilltop: the slope there is almost 0, but it is no minimum.");
    const last = state.steps >= MOST ? say(` Hết ${MOST} bước mà viên bi vẫn chưa dừng.`, ` After ${MOST} steps it has still not come to rest.`) : "";
    if (end === "outside") return say("Viên bi đang ở ngoài hình, nhưng có thể còn quay lại.", "The marble is outside the picture, but it may come back.") + last;
    const before = path.at(-2).w;
    if (v * slope(before) < 0 && v * slope(w) > 0 && value(w) >= value(before)) return say("Bước vừa rồi vọt qua đáy và lên cao hơn ở sườn bên kia.", "The last step shot across the bottom and landed higher on the other side.") + last;
    if (v * slope(w) > 0 && momentum > 0) return say("Viên bi đang lăn lên dốc: động lượng thắng độ dốc.", "The marble is rolling uphill: momentum beats the slope.") + last;
    return say("Viên bi còn đang lăn.", "The marble is still moving.") + last;
  }

  // -- running: what ends a run by itself ends the timer too

  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  const player = makePlayer(() => {
    if (document.hidden || !root.isConnected) return false;
    forward(false);
    return !(state.steps >= MOST || over(end));
  }, () => { if (!player.running()) model.save_changes(); later(); });
  const stop = () => {
    cancelAnimationFrame(rolling?.frame);
    rolling = null;
    if (player.running()) player.stop();
  };

  // One step more. What follows from it is found at once: the player asks whether to go on.
  function forward(save) {
    const from = path.at(-1).w;
    put({ steps: Math.min(path.length, MOST) }, save);
    update();
    if (!save && !calm()) glide(from, path.at(-1).w);
  }
  const play = () => {
    tell("");
    if (!player.running() && (state.steps >= MOST || over(end))) { put({ steps: 0 }); update(); }
    if (player.running() || !over(end)) player.toggle(PAUSE);
  };

  // The marble rolls along the curve from one place to the next; the numbers are those of the place it goes to.
  let rolling = null, place; // place(w) puts the marble there
  function glide(from, to) {
    cancelAnimationFrame(rolling?.frame);
    const began = performance.now();
    const roll = (now) => {
      const part = clamp((now - began) / GLIDE, 0, 1), w = from + (to - from) * part;
      place(w);
      rolling = part < 1 ? { w, frame: requestAnimationFrame(roll) } : null;
    };
    roll(began);
  }

  // -- what stands on the page

  const tell = (words) => { message.textContent = words; };
  const refuse = refusal(lang, tell);
  // Another landscape or start is another run; with another rate or momentum as many steps are made again, to compare.
  const change = (changes, save) => { stop(); put(changes, save); };
  const [landscapeField, landscapeSelect] = choose(say("Địa hình", "Landscape"), NAMES, (landscape) => change({ landscape, steps: 0 }));

  // A kernel hears of a slider when it is let go, the page at once.
  function slider(words, low, high, step, set, at = (x) => x) {
    const output = h("output", { "aria-hidden": "true" });
    const input = h("input", { type: "range", min: low, max: high, step, "aria-label": words,
      oninput: () => change(set(Number(input.value)), false), onchange: () => model.save_changes() });
    const show = (x) => {
      input.value = at(x);
      output.textContent = format(x, lang, 4);
      input.setAttribute("aria-valuetext", output.textContent);
    };
    return { element: h("label", {}, h("span", {}, words), input, output), show };
  }
  const sliders = {
    lr: slider(say("Tốc độ học η", "Learning rate η"), 0, RATES.length - 1, 1, (i) => ({ lr: RATES[i] }), nearest),
    momentum: slider(say("Động lượng γ", "Momentum γ"), 0, 0.99, 0.01, (momentum) => ({ momentum })),
    start: slider(say("Xuất phát", "Start"), -START, START, 0.1, (w) => ({ start: w, steps: 0 })),
  };

  const message = h("p", { class: "d2l-x-message", role: "alert" });
  const live = h("p", { class: "d2l-x-hidden", role: "status", "aria-live": "polite" });
  const graph = svg("svg", { role: "img", "data-part": "graph" }), course = svg("svg", { role: "img", "data-part": "course" });
  const key = (words, ...marks) => h("span", { class: "d2l-x-key" }, svg("svg", { width: 28, height: 12, "aria-hidden": "true" }, ...marks), words);
  const formula = h("b"), courseCaption = h("figcaption");
  const playing = button("", play), next = button(say("Bước tới", "Step"), () => { stop(); forward(true); }), first = button(say("Về đầu", "To the start"), () => change({ steps: 0 }));
  const values = Object.fromEntries(["step", "w", "J", "slope", "v"].map((name) => [name, h("dd")]));
  const names = { step: say("bước", "step"), w: "w", J: "J(w)", slope: say("độ dốc J′(w)", "slope J′(w)"), v: say("vận tốc v", "velocity v") };
  const verdict = h("p", { class: "d2l-x-shape" }), sum = h("p", { class: "d2l-x-note" });

  root.replaceChildren(
    message, live,
    h("div", { class: "d2l-x-main" },
      h("div", {},
        landscapeField,
        h("div", { class: "d2l-x-sliders" }, ...Object.values(sliders).map(({ element }) => element)),
        h("figure", {}, h("figcaption", {}, "J(w) = ", formula), graph),
        h("p", { class: "d2l-x-keys" }, key(say("tiếp tuyến", "tangent"), line("d2l-x-tangent", 1, 6, 27, 6)), key(say("vận tốc", "velocity"), ...arrow(1, 27, 6)),
          key(say("chỗ xuất phát", "start"), svg("circle", { class: "d2l-x-from", cx: 20, cy: 6, r: 5 }))),
        h("div", { class: "d2l-x-row", role: "group" }, playing, next, first)),
      h("div", { class: "d2l-x-read" },
        h("dl", { class: "d2l-x-values" }, ...Object.entries(values).map(([name, dd]) => h("div", {}, h("dt", {}, names[name]), dd))),
        verdict, h("figure", {}, courseCaption, course),
        h("p", {}, say("Quy tắc: ", "The rule: "), h("b", {}, "v ← γ v − η J′(w)"), say(", rồi ", ", then "), h("b", {}, "w ← w + v"), "."), sum,
        h("details", {}, h("summary", {}, say("Giải thích", "Explanation")), help()))),
    toolbar({ model, root, lang, tell, shown: () => state, restart: () => { stop(); put(tidy(start)); } }));

  function help() {
    return h("div", { class: "d2l-x-read d2l-x-note" },
      ...Object.keys(NAMES).map((name) => h("p", {}, `${NAMES[name]}: J(w) = ${FORMULAS[name]}, J′(w) = ${SLOPES[name]}. `,
        name === "hilly" ? say(`Ba thung lũng: w ≈ ${bottoms(name)}; thung lũng đầu tiên thấp nhất.`, `Three valleys: w ≈ ${bottoms(name)}; the first is the lowest.`) : say("Hàm lồi, cực tiểu duy nhất tại w = 0.", "Convex, with its only minimum at w = 0."))),
      h("p", {}, say(`Viên bi được coi là đã dừng khi độ dốc và vận tốc đều nhỏ hơn ${format(CALM, lang)}, bỏ qua dấu. Nó được coi là phân kì khi w vượt quá ±${LOST}; trên parabol với η > 2(1 + γ) thì ngay khi nó ra khỏi hình. Mỗi lần chạy có tối đa ${MOST} bước.`, `The marble counts as being at rest when slope and velocity are both below ${format(CALM, lang)} in size, and as diverging when w is beyond ±${LOST}; on the parabola with η > 2(1 + γ), as soon as it leaves the picture. A run has at most ${MOST} steps.`)),
      h("p", {}, say("Đổi địa hình hay chỗ xuất phát thì chạy lại từ bước 0. Đổi tốc độ học hay động lượng thì số bước giữ nguyên, để bạn so sánh.", "Another landscape or start begins again at step 0. Another learning rate or momentum keeps the number of steps, so that you can compare.")));
  }
  function bottoms(name) { return [...MINIMA[name]].sort((a, b) => a - b).map((w) => number(w, 2)).join("; "); }

  // -- pointer on the graph; the keyboard has the sliders

  let held = false, under = null; // under(pixel) is the w there
  const drag = (event) => {
    if (held) change({ start: clamp(Math.round(10 * under(event.clientX - graph.getBoundingClientRect().left)) / 10, -START, START), steps: 0 }, false);
  };
  graph.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    held = true;
    try { graph.setPointerCapture(event.pointerId); } catch { /* the pointer is gone already */ }
    drag(event);
  });
  graph.addEventListener("pointermove", drag);
  for (const done of ["pointerup", "pointercancel"]) graph.addEventListener(done, () => { if (held) model.save_changes(); held = false; });

  // -- drawing: both graphs have the same axis of J

  const high = 260;
  const join = (points) => points.map((at) => at.map((c) => clamp(c, -9999, 9999).toFixed(2))).join("L");

  // Axes, and a window that hides what sticks out of them.
  function axes(graph, height, across, px, marks) {
    const { top: most, ticks } = LANDSCAPES[state.landscape], width = Math.max(graph.parentElement.clientWidth, 200);
    set(graph, { width, height, viewBox: `0 0 ${width} ${height}` });
    const [left, right, top, bottom] = [34, width - 12, 10, height - 26];
    const x = (w) => left + px(w) * (right - left), y = (J) => bottom - ((J + most / 20) / (most * 1.05)) * (bottom - top);
    const window = svg("svg", { x: left, y: top, width: right - left, height: bottom - top, viewBox: `${left} ${top} ${right - left} ${bottom - top}` });
    graph.replaceChildren(
      ...across.flatMap((w) => [line("d2l-x-grid", x(w), top, x(w), bottom), label("middle", x(w), bottom + 18, format(w, lang))]),
      ...ticks.flatMap((J) => [line(J ? "d2l-x-grid" : "d2l-x-axis", left, y(J), right, y(J)), label("end", left - 6, y(J) + 4, format(J, lang))]),
      window);
    window.append(...marks({ x, y, left, right, top, bottom }));
    return { x, y, left, right };
  }

  function drawGraph() {
    const { value, slope } = LANDSCAPES[state.landscape], { w, v } = path.at(-1);
    let marble;
    const { x, y, left, right } = axes(graph, high, [-2, -1, 0, 1, 2], (w) => (w + VIEW) / (2 * VIEW), ({ x, y, left, right, top }) => {
      const curve = Array.from({ length: 181 }, (_, i) => (i / 90 - 1) * VIEW).map((w) => [x(w), y(value(w))]);
      // As long on the screen whatever its slope.
      const rise = (-slope(w) * (y(0) - y(1))) / (x(1) - x(0)), run = 70 / Math.hypot(1, rise), [cx, cy] = [x(w), y(value(w))];
      const trail = path.slice(-TRAIL - 1, -1).map((at, i, all) => svg("circle", { class: "d2l-x-trail", cx: x(at.w), cy: y(value(at.w)), r: 4, opacity: (i + 1) / (all.length + 1) }));
      const gone = Math.abs(w) > VIEW, tip = clamp(x(w + v), left, right);
      marble = svg("circle", { class: "d2l-x-marble", r: 9 });
      return [
        svg("path", { class: "d2l-x-curve", d: `M${join(curve)}` }),
        svg("circle", { class: "d2l-x-from", cx: x(state.start), cy: y(value(state.start)), r: 6 }),
        ...trail, ...(gone ? [] : [line("d2l-x-tangent", cx - run, cy - run * rise, cx + run, cy + run * rise)]), marble,
        ...(gone || Math.abs(tip - cx) < 2 ? [] : arrow(cx, tip, Math.max(cy - 20, top + 8)))]; // above the marble: a short one is seen too
    });
    place = (w) => {
      marble.setAttribute("cx", clamp(x(w), -9999, 9999));
      marble.setAttribute("cy", clamp(y(value(w)), -9999, 9999));
    };
    place(rolling?.w ?? w);
    under = (at) => ((at - left) / (right - left)) * 2 * VIEW - VIEW;
    graph.setAttribute("aria-label", say(`Đồ thị của J với viên bi tại w = ${number(w)}.`, `Graph of J with the marble at w = ${number(w)}.`));
  }

  function drawCourse() {
    const { value } = LANDSCAPES[state.landscape], made = path.length - 1, [lowest] = MINIMA[state.landscape];
    const far = [20, 50, 100, MOST].find((n) => n >= made);
    axes(course, 170, [0, far / 2, far], (n) => (n / far + 0.02) / 1.04, ({ x, y, left, right }) => {
      const places = path.map(({ w }, n) => [x(n), y(value(w))]), [cx, cy] = places.at(-1);
      return [line("d2l-x-drop", left, y(value(lowest)), right, y(value(lowest))),
        svg("path", { class: "d2l-x-course", d: `M${join(places)}` }),
        svg("circle", { class: "d2l-x-marble", cx, cy: clamp(cy, -9999, 9999), r: 5 })];
    });
    courseCaption.textContent = say("J sau mỗi bước; đường chấm là J tại cực tiểu toàn cục", "J after each step; dotted: J at the global minimum");
    course.setAttribute("aria-label", say(`J sau mỗi bước, từ ${number(value(state.start))} ở bước 0 đến ${number(value(path.at(-1).w))} ở bước ${made}.`, `J after each step, from ${number(value(state.start))} at step 0 to ${number(value(path.at(-1).w))} at step ${made}.`));
  }

  function drawWords() {
    const { value, slope } = LANDSCAPES[state.landscape], { w, v } = path.at(-1), made = path.length - 1, v2 = state.momentum * v - state.lr * slope(w);
    const shown = { step: made, w: number(w), J: number(value(w)), slope: number(slope(w)), v: number(v) };
    for (const [name, dd] of Object.entries(values)) dd.textContent = shown[name];
    formula.textContent = FORMULAS[state.landscape];
    verdict.textContent = fateWords();
    verdict.classList.toggle("d2l-x-warn", end === "lost");
    sum.textContent = end === "lost" ? "" : say("Bước kế tiếp: ", "The next step: ") + `v = ${format(state.momentum, lang, 4)} · ${bracket(v)} − ${format(state.lr, lang, 4)} · ${bracket(slope(w))} = ${number(v2)}, w = ${number(w + v2)}.`;
    const words = say(`Bước ${made}: w = ${shown.w}, J = ${shown.J}. `, `Step ${made}: w = ${shown.w}, J = ${shown.J}. `) + verdict.textContent;
    if (!player.running() && live.textContent !== words) live.textContent = words; // a run is told when it ends
  }

  function update() {
    const raw = read(), bad = problems(raw);
    refuse(bad);
    state = tidy(raw);
    path = positions(state);
    end = fate(state, path);
    landscapeSelect.value = state.landscape;
    for (const [key, { show }] of Object.entries(sliders)) show(state[key]);
    playing.textContent = player.running() ? say("Dừng", "Pause") : say("Chạy", "Play");
    next.disabled = state.steps >= MOST || end === "lost";
    first.disabled = state.steps === 0;
    drawWords();
    drawGraph();
    drawCourse();
  }

  update();
  const unfollow = follow(root, later);
  // Out of sight, scrolled away or behind another tab, nothing runs.
  const seen = new IntersectionObserver((entries) => { if (!entries.at(-1).isIntersecting) stop(); });
  seen.observe(root);
  document.addEventListener("visibilitychange", stop);
  return () => {
    stop();
    seen.disconnect();
    document.removeEventListener("visibilitychange", stop);
    unfollow();
    hangUp();
  };
}

export default { render: renderBy({ vi: "Viên bi trên địa hình", en: "A marble on a landscape" }, build), problems };
