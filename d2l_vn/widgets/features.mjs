import { lenet, receptiveField, STAGES } from "./lenet.mjs";
import { GARMENT_NAMES, picture, windowAt } from "./images.mjs";
import { ARROWS, button, cellAt, choose, clamp, diverging, fixed, follow, frame, h, isLanguage, isPair, isWhole, paint, problemsBy, refusal, renderBy, sequential, table, talk, toolbar } from "./common.mjs";

// What the trained LeNet makes of a garment: every feature map, the part of the picture behind each cell, the guess.
// Rows, columns and maps count from 0 here, from 1 for the reader.

// ---- what a state may hold ----

const SIDE = 28, FAR = 6; // of the picture; how far it can be shifted
const CLASSES = Object.keys(GARMENT_NAMES.vi); // in the order of the labels
const KEYS = ["garment", "shift", "stage", "map", "cell"];

const stageOf = (state) => STAGES.find(({ name }) => name === state.stage) ?? STAGES[0];
const VALID = {
  garment: (x) => CLASSES.includes(x),
  shift: (x) => isPair(x, -FAR, FAR),
  stage: (x) => STAGES.some(({ name }) => name === x),
  map: (x, state) => isWhole(x, 0, stageOf(state).maps - 1),
  cell: (x, state) => isPair(x, 0, stageOf(state).size - 1),
  language: isLanguage,
};
const problems = problemsBy(VALID);

function tidy(raw) {
  const fine = Object.fromEntries(KEYS.filter((key) => raw[key] != null && VALID[key](raw[key], raw)).map((key) => [key, raw[key]]));
  const middle = Math.floor(stageOf(fine).size / 2);
  return { garment: "sneaker", shift: [0, 0], stage: STAGES[0].name, map: 0, cell: [middle, middle], ...fine };
}

// ---- the explorable ----

function build(model, root) {
  const { lang } = root, say = (vi, en) => (lang === "vi" ? vi : en);
  const number = (x) => fixed(x, lang, 2), square = (n) => `${n} × ${n}`;
  const { read, put, later, hangUp } = talk(model, KEYS, () => update());
  const start = read();
  let state, image, net, guess, shown = ""; // what the model holds, tidied; the picture, and what the network makes of it
  let said = [];

  // -- words

  const title = ({ name, kernels }) => (kernels ? say(`Tích chập ${name.at(-1)} và ReLU`, `Convolution ${name.at(-1)} and ReLU`) : say(`Gộp cực đại ${name.at(-1)}`, `Max pooling ${name.at(-1)}`));
  const shape = ({ maps, size }) => say(`${maps} bản đồ ${square(size)}`, `${maps} maps ${square(size)}`);
  const mapName = (i) => say(`bản đồ ${i + 1}`, `map ${i + 1}`);
  const place = ([r, c]) => say(`hàng ${r + 1}, cột ${c + 1}`, `row ${r + 1}, column ${c + 1}`);
  const span = (a, b) => (a === b ? a + 1 : `${a + 1}–${b + 1}`);
  function moved([r, c]) {
    const across = c > 0 ? say(`sang phải ${c}`, `${c} right`) : c < 0 && say(`sang trái ${-c}`, `${-c} left`);
    const down = r > 0 ? say(`xuống ${r}`, `${r} down`) : r < 0 && say(`lên ${-r}`, `${-r} up`);
    const both = [across, down].filter(Boolean).join(", ");
    return both && say(`dời ${both}`, `shifted ${both}`);
  }

  // -- what stands on the page

  const tell = (words) => { message.textContent = words; };
  const refuse = refusal(lang, tell);
  const [garmentField, garmentSelect] = choose(say("Trang phục", "Garment"), GARMENT_NAMES[lang], (garment) => put({ garment }));
  const shift = ([r, c]) => put({ shift: [state.shift[0] + r, state.shift[1] + c].map((x) => clamp(x, -FAR, FAR)) });
  const directions = { ArrowLeft: ["←", say("Dời sang trái", "Shift left")], ArrowUp: ["↑", say("Dời lên", "Shift up")], ArrowDown: ["↓", say("Dời xuống", "Shift down")], ArrowRight: ["→", say("Dời sang phải", "Shift right")] };
  const shifts = Object.entries(directions).map(([key, [sign, words]]) => h("button", { type: "button", "aria-label": words, onclick: () => shift(ARROWS[key]) }, sign));
  const back = button(say("Về chỗ cũ", "Put it back"), () => put({ shift: [0, 0] }));
  const movedWords = h("span", { class: "d2l-x-note" });

  const message = h("p", { class: "d2l-x-message", role: "alert" });
  const live = h("p", { class: "d2l-x-hidden", role: "status", "aria-live": "polite" });
  const verdict = h("p", { class: "d2l-x-sum d2l-x-verdict" });

  const input = h("canvas", { tabindex: 0, role: "application", "data-part": "picture" });
  const output = h("canvas", { tabindex: 0, role: "application", "data-part": "output" });
  const inputCaption = h("figcaption"), outputCaption = h("figcaption");
  const figures = h("div", { class: "d2l-x-pictures" }, h("figure", {}, inputCaption, input), h("figure", {}, outputCaption, output));
  const here = h("p", { class: "d2l-x-here" }), sees = h("p", { class: "d2l-x-note" });
  const terms = h("div", { class: "d2l-x-term" }), sum = h("p");

  const stages = STAGES.map((stage) => {
    const open = (i) => put({ stage: stage.name, map: i, cell: state.cell.map((x) => Math.floor((x * stage.size) / stageOf(state).size)) }); // the cell stays where it was in the picture
    const maps = Array.from({ length: stage.maps }, (_, i) => h("button", { type: "button", role: "radio", "aria-label": mapName(i), onclick: () => open(i) },
      h("canvas", { width: stage.size, height: stage.size, "aria-hidden": "true" })));
    const walk = (event) => { // arrow keys choose among the maps of a stage, as among the radio buttons that they are
      const [down, across] = ARROWS[event.key] ?? [0, 0], next = maps.indexOf(event.target) + 8 * down + across;
      if (!down && !across) return;
      event.preventDefault();
      if (maps[next]) { maps[next].focus(); open(next); }
    };
    const top = h("span");
    const element = h("div", { class: "d2l-x-stage" },
      h("p", {}, title(stage), " ", h("b", {}, shape(stage))),
      h("div", { class: "d2l-x-legend d2l-x-bright", "aria-hidden": "true" }, h("span", {}, "0"), h("i"), top),
      h("div", { class: "d2l-x-maps", role: "radiogroup", "aria-label": `${title(stage)}: ${shape(stage)}`, onkeydown: walk }, ...maps));
    return { stage, maps, top, element };
  });
  const bars = CLASSES.map((name) => {
    const bar = h("i"), value = h("span");
    return { bar, value, element: h("li", {}, h("span", {}, GARMENT_NAMES[lang][name]), h("span", { "aria-hidden": "true" }, bar), value) };
  });

  root.replaceChildren(
    h("div", { class: "d2l-x-row d2l-x-top" }, garmentField),
    h("div", { class: "d2l-x-row", role: "group", "aria-label": say("Dời trang phục", "Shift the garment") }, ...shifts, back, movedWords),
    message, verdict, live,
    h("div", { class: "d2l-x-main d2l-x-flow" },
      h("div", {}, figures, here, sees),
      h("div", {}, h("p", { class: "d2l-x-note" }, say("Mỗi tầng một thang màu: xanh sẫm là 0, vàng là giá trị lớn nhất của tầng. Chọn một bản đồ để xem kĩ.", "Each layer has its own scale: dark blue is 0, yellow is the layer's largest value. Choose a map to look closer.")),
        ...stages.map(({ element }) => element)),
      h("div", {},
        h("p", {}, say("Trải phẳng thành 400 số, rồi ba tầng kết nối đầy đủ", "Flattened to 400 numbers, then three fully connected layers"), " ", h("b", {}, "120 → 84 → 10")),
        h("p", {}, say("Softmax: xác suất của mười lớp", "Softmax: probabilities of the ten classes")),
        h("ul", { class: "d2l-x-bars" }, ...bars.map(({ element }) => element))),
      h("div", {}, terms, sum)),
    toolbar({ model, root, lang, tell, shown: () => state, restart: () => put(tidy(start)) }));

  // -- pointer and keyboard on the two pictures

  const go = (cell, save = true) => put({ cell: cell.map((x) => clamp(x, 0, stageOf(state).size - 1)) }, save);
  input.addEventListener("keydown", (event) => {
    if (!ARROWS[event.key]) return;
    event.preventDefault();
    shift(ARROWS[event.key]);
  });
  output.addEventListener("keydown", (event) => {
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    go(state.cell.map((x, axis) => x + arrow[axis]));
  });
  let held = false;
  const drag = (event) => { if (held) go(cellAt(event, output, stageOf(state).size, stageOf(state).size), false); };
  output.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    held = true;
    try { output.setPointerCapture(event.pointerId); } catch { /* the pointer is gone already */ }
    drag(event);
  });
  output.addEventListener("pointermove", drag);
  for (const end of ["pointerup", "pointercancel"]) output.addEventListener(end, () => { if (held) model.save_changes(); held = false; });

  // -- drawing

  const peakOf = (stage) => Math.max(1e-9, ...net[stage.name].flat(2));

  function compute() { // only when the picture has changed
    if (shown === (shown = JSON.stringify([state.garment, state.shift]))) return;
    const bytes = windowAt(picture(state.garment, 1), -state.shift[0], -state.shift[1], SIDE)[0];
    image = bytes.map((row) => row.map((x) => x / 255)); // as the network was trained
    net = lenet(image);
    guess = net.probabilities.indexOf(Math.max(...net.probabilities));
    for (const { stage, maps, top } of stages) {
      const peak = peakOf(stage);
      top.textContent = number(peak);
      maps.forEach((map, i) => thumbnail(map.firstChild, net[stage.name][i].flat(), peak));
    }
    bars.forEach(({ bar, value, element }, i) => {
      bar.style.width = `${100 * net.probabilities[i]}%`;
      value.textContent = number(net.probabilities[i]);
      element.toggleAttribute("data-guess", i === guess);
    });
  }
  function thumbnail(canvas, values, peak) { // a pixel for each cell: the style makes it larger
    const context = canvas.getContext("2d"), pixels = context.createImageData(canvas.width, canvas.height);
    values.forEach((x, i) => pixels.data.set([...sequential(x / peak), 255], 4 * i));
    context.putImageData(pixels, 0, 0);
  }

  function drawPictures({ first, last }) {
    const stage = stageOf(state), peak = peakOf(stage), box = figures.firstChild.clientWidth;
    const picture = paint(input, image, box, (x) => new Array(3).fill(Math.round(255 * x)));
    const [y, x, rows, columns] = [...first, ...last.map((end, axis) => end - first[axis] + 1)].map((cells) => cells * picture.side);
    frame(picture.context, x, y, columns, rows);
    const show = stage.size > 14 ? undefined : (x) => fixed(x, lang, 1); // 784 numbers would only hide the picture
    const map = paint(output, net[stage.name][state.map], box, (x) => sequential(x / peak), show);
    const around = map.side < 16 ? 3 : 0; // a small cell is framed outside, to be seen
    frame(map.context, state.cell[1] * map.side - around, state.cell[0] * map.side - around, map.side + 2 * around, map.side + 2 * around);
  }

  // How the cell comes about: what the window holds, and what becomes of it.
  function drawTerms() {
    const stage = stageOf(state), { k, p, s, kernels, bias } = stage, i = STAGES.indexOf(stage), [r, c] = state.cell;
    const value = number(net[stage.name][state.map][r][c]);
    const window = windowAt(i ? net[STAGES[i - 1].name] : [image], r * s - p, c * s - p, k);
    terms.hidden = i > 0;
    if (!kernels) {
      sum.replaceChildren(say("Số lớn nhất trong cửa sổ ở tầng trước: ", "The largest number in the window on the layer before: "), `max(${window[state.map].flat().map(number).join("; ")}) = `, h("b", {}, value));
      return;
    }
    const weights = kernels[state.map].flat(2), total = window.flat(2).reduce((all, x, j) => all + x * weights[j], 0), b = bias[state.map];
    sum.replaceChildren(say(`Tổng ${weights.length} tích `, `Sum of ${weights.length} products `), number(total), say(" + hệ số điều chỉnh ", " + bias "), `(${number(b)}) = ${number(total + b)} → ReLU → `, h("b", {}, value));
    if (i > 0) return;
    const peak = Math.max(...weights.map(Math.abs)), part = (name, words, rows, colour) => h("div", { "data-part": name }, h("span", {}, words), table(rows, lang, words, colour, number));
    terms.replaceChildren(part("window", say("Cửa sổ", "Window"), window[0]), h("i", {}, "×"), part("kernel", say(`Hạt nhân ${state.map + 1}`, `Kernel ${state.map + 1}`), kernels[state.map][0], (x) => diverging(x / peak)));
  }

  function drawWords(stage, { first, last }) {
    const names = GARMENT_NAMES[lang], probability = number(net.probabilities[guess]), value = number(net[stage.name][state.map][state.cell[0]][state.cell[1]]);
    const right = CLASSES[guess] === state.garment;
    verdict.replaceChildren(say("Mạng đoán: ", "The network says: "), h("b", {}, names[CLASSES[guess]]), say(`, xác suất ${probability}. `, `, probability ${probability}. `),
      right ? say("Đúng.", "Right.") : h("span", { class: "d2l-x-warn" }, say(`Sai: nhãn là ${names[state.garment]}.`, `Wrong: the label is ${names[state.garment]}.`)));
    movedWords.textContent = moved(state.shift) || say("chưa dời", "not shifted");
    inputCaption.replaceChildren(say("Ảnh vào ", "Input "), h("b", {}, square(SIDE)));
    outputCaption.replaceChildren(`${title(stage)}, ${mapName(state.map)} `, h("b", {}, square(stage.size)));
    input.setAttribute("aria-label", say(`Ảnh vào: ${names[state.garment]}. Phím mũi tên dời trang phục.`, `Input: ${names[state.garment]}. Arrow keys shift the garment.`));
    output.setAttribute("aria-label", say(`${outputCaption.textContent}. Phím mũi tên dời ô đang xem.`, `${outputCaption.textContent}. Arrow keys move the cell.`));
    const [rows, columns] = first.map((a, axis) => span(a, last[axis]));
    const region = say(`hàng ${rows}, cột ${columns}`, `rows ${rows}, columns ${columns}`);
    here.replaceChildren(say(`Ô ${place(state.cell)}: `, `Cell in ${place(state.cell)}: `), h("b", {}, value));
    sees.textContent = say(`Vùng tiếp nhận của ô này (khung trên ảnh vào): ${region}.`, `Its receptive field (framed in the input): ${region}.`);
    announce([
      say(`${[names[state.garment], moved(state.shift)].filter(Boolean).join(", ")}: mạng đoán ${names[CLASSES[guess]]}, xác suất ${probability}`, `${[names[state.garment], moved(state.shift)].filter(Boolean).join(", ")}: the network says ${names[CLASSES[guess]]}, probability ${probability}`),
      `${title(stage)}, ${mapName(state.map)}`,
      say(`ô ${place(state.cell)}: ${value}; vùng tiếp nhận: ${region}`, `cell in ${place(state.cell)}: ${value}; receptive field: ${region}`),
    ]);
  }
  function announce(sentences) { // the first that is new: guess, map, cell
    live.textContent = sentences.find((words, i) => words !== said[i]) ?? live.textContent;
    said = sentences;
  }

  function update() {
    const raw = read(), bad = problems(raw);
    refuse(bad);
    state = tidy(raw);
    compute();
    const stage = stageOf(state), field = receptiveField(stage.name, state.cell);
    garmentSelect.value = state.garment;
    Object.keys(directions).forEach((key, i) => { shifts[i].disabled = ARROWS[key].some((by, axis) => by && state.shift[axis] === by * FAR); });
    for (const { stage: { name }, maps } of stages)
      maps.forEach((map, i) => {
        const on = name === state.stage && i === state.map;
        map.setAttribute("aria-checked", on);
        map.tabIndex = on || (i === 0 && name !== state.stage) ? 0 : -1;
      });
    drawWords(stage, field);
    drawTerms();
    drawPictures(field);
  }

  update();
  const unfollow = follow(root, later);
  return () => {
    unfollow();
    hangUp();
  };
}

export default { render: renderBy({ vi: "Bản đồ đặc trưng của mạng LeNet", en: "Feature maps of LeNet" }, build), problems };
