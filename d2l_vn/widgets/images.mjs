import { GARMENTS } from "./garments.mjs";
import { isNumber, isWhole, parse } from "./common.mjs";

// Images, and what a kernel makes of them. Both are lists [channel][row][column], counted from 0.

// ---- arithmetic, compared with PyTorch by the tests ----

export const outputSize = (n, k, padding, stride) => Math.max(0, Math.floor((n - k + 2 * padding) / stride) + 1);
export const turn = (kernel) => kernel.map((plane) => plane.map((row) => row.toReversed?.() ?? [...row].reverse()).reverse());

// The window whose upper left corner is at (top, left); what lies outside the image is 0.
export const windowAt = (image, top, left, k) =>
  image.map((plane) => Array.from({ length: k }, (_, i) => Array.from({ length: k }, (_, j) => plane[top + i]?.[left + j] ?? 0)));

export function convolve({ image, kernel, stride, padding, flip }) {
  const used = flip ? turn(kernel) : kernel;
  const [n, m, k] = [image[0].length, image[0][0].length, kernel[0].length];
  const [rows, columns] = [n, m].map((size) => outputSize(size, k, padding, stride));
  const output = Array.from({ length: rows }, () => new Array(columns).fill(0));
  for (let r = 0; r < rows; r++)
    for (let channel = 0; channel < image.length; channel++)
      for (let i = 0; i < k; i++) {
        const row = image[channel][r * stride - padding + i], weights = used[channel][i];
        if (!row) continue;
        for (let c = 0; c < columns; c++) {
          const left = c * stride - padding, end = Math.min(k, m - left); // what lies outside the image is 0
          let sum = 0;
          for (let j = Math.max(0, -left); j < end; j++) sum += row[left + j] * weights[j];
          output[r][c] += sum;
        }
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

// ---- images to choose from ----

export const GARMENT_NAMES = {
  vi: { tshirt: "áo phông", trouser: "quần dài", pullover: "áo chui đầu", dress: "váy liền", coat: "áo khoác", sandal: "xăng đan", shirt: "áo sơ mi", sneaker: "giày thể thao", bag: "túi xách", boot: "bốt cổ thấp" },
  en: { tshirt: "T-shirt", trouser: "trousers", pullover: "pullover", dress: "dress", coat: "coat", sandal: "sandal", shirt: "shirt", sneaker: "sneaker", bag: "bag", boot: "ankle boot" },
};

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
export const average = (planes) => planes[0].map((row, r) => row.map((_, c) => Math.round(planes.reduce((sum, p) => sum + p[r][c], 0) / planes.length)));
const colours = {
  example: () => [EXAMPLE, EXAMPLE[0].map((_, c) => EXAMPLE.map((row) => row[c])), [...EXAMPLE].reverse()],
  shapes,
};
export const IMAGES = Object.keys(greys);

const made = {};
export function picture(name, channels) {
  return (made[name + channels] ??= channels === 1 ? [greys[name]()]
    : colours[name]?.() ?? TINT.map((t) => greys[name]().map((row) => row.map((x) => Math.round(x * t)))));
}
const named = new WeakMap(); // an image is looked up once: it is replaced, never changed
export function nameOf(image) {
  if (!named.has(image)) {
    const text = JSON.stringify(image);
    named.set(image, IMAGES.find((name) => JSON.stringify(picture(name, image.length)) === text));
  }
  return named.get(image);
}

// ---- kernels to choose from ----

export const KERNELS = {
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
export const preset = (name, channels) => (name === "red" ? KERNELS.red : Array.from({ length: channels }, () => KERNELS[name]));

// ---- images that come from elsewhere ----

export const isPlanes = (x, side) =>
  Array.isArray(x) && (x.length === 1 || x.length === 3) && x.every((plane) => Array.isArray(plane) &&
    isWhole(plane.length, 1, side) && plane.length === x[0].length && plane.every((row) => Array.isArray(row) &&
      isWhole(row.length, 1, side) && row.length === x[0][0].length && row.every(isNumber)));

// The numbers that somebody typed: {image}, or {wrong} with the word that is no number, or what is wrong with the shape.
export function readImage(text, side) {
  const planes = text.trim().split(/\n\s*\n/).map((plane) => plane.split("\n").map((row) => row.trim().split(/[\s;]+/)));
  const word = planes.flat(2).find((x) => !isNumber(parse(x)));
  if (word !== undefined) return { wrong: "word", word };
  if (planes.some((plane) => plane.some((row) => row.length !== plane[0].length))) return { wrong: "ragged" };
  const image = planes.map((plane) => plane.map((row) => row.map(parse)));
  if (Math.max(...image.map((plane) => Math.max(plane.length, plane[0].length))) > side) return { wrong: "tooMany" };
  return isPlanes(image, side) ? { image } : { wrong: "planes" };
}

export function resized(plane, k) { // grows and shrinks around the middle
  const by = Math.floor((k - 1) / 2) - Math.floor((plane.length - 1) / 2);
  return Array.from({ length: k }, (_, i) => Array.from({ length: k }, (_, j) => plane[i - by]?.[j - by] ?? 0));
}
