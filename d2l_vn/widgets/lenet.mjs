import { WEIGHTS } from "./weights.mjs";
import { convolve, outputSize, windowAt } from "./images.mjs";

// The trained LeNet, computed in the page: what d2l_vn.lenet(nn.ReLU, nn.MaxPool2d) gives in Python; the tests compare
// every stage with PyTorch. Maps are lists [map][row][column].

// ---- parameters, as weights.py writes them: one row of weights and one bias for each output ----

const chunks = (list, size) => Array.from({ length: list.length / size }, (_, i) => list.slice(i * size, (i + 1) * size));

const LAYERS = WEIGHTS.map(({ shape: [outputs], scale, bias, values }) => {
  const bytes = Array.from(Int8Array.from(atob(values), (letter) => letter.charCodeAt(0))); // from -127 to 127
  return { bias, rows: chunks(bytes, bytes.length / outputs).map((row, i) => row.map((x) => x * scale[i])) };
});

// ---- the part that looks: kernel or window k, padding p, stride s ----

const kernels = ({ rows, bias }, k) => ({ bias, kernels: rows.map((row) => chunks(chunks(row, k), k)) });

export const STAGES = [
  { name: "conv1", k: 5, p: 2, s: 1, ...kernels(LAYERS[0], 5) },
  { name: "pool1", k: 2, p: 0, s: 2 },
  { name: "conv2", k: 5, p: 0, s: 1, ...kernels(LAYERS[1], 5) },
  { name: "pool2", k: 2, p: 0, s: 2 },
];
for (const [i, stage] of STAGES.entries()) { // what follows from these: sizes in and out, number of maps
  stage.from = i ? STAGES[i - 1].size : 28;
  stage.size = outputSize(stage.from, stage.k, stage.p, stage.s);
  stage.maps = stage.kernels?.length ?? STAGES[i - 1].maps;
}

const relu = (x) => Math.max(0, x);

function look(maps, { k, p, s, size, kernels, bias }) {
  if (kernels) return kernels.map((kernel, i) => convolve({ image: maps, kernel, stride: s, padding: p }).map((row) => row.map((x) => relu(x + bias[i]))));
  const largest = (map, r, c) => Math.max(...windowAt([map], r * s, c * s, k)[0].flat());
  return maps.map((map) => Array.from({ length: size }, (_, r) => Array.from({ length: size }, (_, c) => largest(map, r, c))));
}

// The part of the input that the cells of a stage see: first and last row and column, cut off at the border.
export function receptiveField(name, cell) {
  let [first, last] = [cell, cell];
  for (const { k, p, s, from } of STAGES.slice(0, STAGES.findIndex((stage) => stage.name === name) + 1).reverse()) {
    first = first.map((x) => Math.max(x * s - p, 0));
    last = last.map((x) => Math.min(x * s - p + k - 1, from - 1));
  }
  return { first, last };
}

// ---- the part that decides ----

const dense = (x, { rows, bias }) => rows.map((row, i) => row.reduce((sum, weight, j) => sum + weight * x[j], bias[i]));

function softmax(logits) {
  const powers = logits.map((x) => Math.exp(x - Math.max(...logits))); // the largest is 1: nothing overflows
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((x) => x / sum);
}

// Everything the network computes for one image, [row][column] from 0 to 1.
export function lenet(image) {
  const stages = {};
  let maps = [image];
  for (const stage of STAGES) maps = stages[stage.name] = look(maps, stage);
  const hidden1 = dense(maps.flat(2), LAYERS[2]).map(relu);
  const hidden2 = dense(hidden1, LAYERS[3]).map(relu);
  const logits = dense(hidden2, LAYERS[4]);
  return { ...stages, hidden1, hidden2, logits, probabilities: softmax(logits) };
}
