/** Seeded data of the benchmarks. */

/** mulberry32 with what the generators below need. */
export class Random {
  #state;
  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /** Uniform on [0, 1). */
  unit() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  integer(below) {
    return Math.floor(this.unit() * below);
  }

  normal() {
    return Math.sqrt(-2 * Math.log(1 - this.unit())) * Math.cos(2 * Math.PI * this.unit());
  }

  normals(n, scale = 1) {
    return Float64Array.from({ length: n }, () => scale * this.normal());
  }
}

/** Compressed rows with `each` distinct, sorted, uniformly drawn columns in every row and normal values. */
export function sparseRows(rows, cols, each, seed) {
  const random = new Random(seed);
  const indptr = Int32Array.from({ length: rows + 1 }, (_, o) => o * each);
  const indices = new Int32Array(rows * each);
  for (let o = 0; o < rows; o++) {
    const chosen = new Set();
    while (chosen.size < each) chosen.add(random.integer(cols));
    indices.set(Int32Array.from(chosen).sort(), o * each);
  }
  return { rows, cols, indptr, indices, data: random.normals(rows * each) };
}

/** Column-major normal columns; neighbours have correlation rho. */
export function correlatedColumns(n, p, rho, seed) {
  const random = new Random(seed);
  const X = new Float64Array(n * p);
  const s = Math.sqrt(1 - rho * rho);
  for (let i = 0; i < n; i++) X[i] = random.normal();
  for (let e = n; e < X.length; e++) X[e] = rho * X[e - n] + s * random.normal();
  return X;
}

/** Documents as rows: `words` draws of a column with popularity 1 / (rank + 10), exponential values, rows of norm 1. */
export function textRows(n, p, words, seed) {
  const random = new Random(seed);
  const mass = new Float64Array(p + 1);
  for (let j = 0; j < p; j++) mass[j + 1] = mass[j] + 1 / (j + 10);
  const draw = () => {
    const at = random.unit() * mass[p];
    let low = 0;
    for (let high = p; high - low > 1; ) {
      const middle = (low + high) >> 1;
      if (mass[middle] <= at) low = middle;
      else high = middle;
    }
    return low;
  };
  const indptr = new Int32Array(n + 1);
  const indices = [];
  const data = [];
  for (let i = 0; i < n; i++) {
    const row = new Map();
    for (let k = 0; k < words; k++) {
      const j = draw();
      row.set(j, (row.get(j) ?? 0) - Math.log(1 - random.unit()));
    }
    const norm = Math.hypot(...row.values());
    for (const j of [...row.keys()].sort((a, b) => a - b)) {
      indices.push(j);
      data.push(row.get(j) / norm);
    }
    indptr[i + 1] = indices.length;
  }
  return { rows: n, cols: p, indptr, indices: Int32Array.from(indices), data: Float64Array.from(data) };
}

/** k coefficients of size 0.5 to 2 and either sign, among the first `among` of p. */
function plantedCoefficients(random, p, k, among) {
  const w = new Float64Array(p);
  for (let left = k; left > 0; ) {
    const j = random.integer(among);
    if (w[j] !== 0) continue;
    w[j] = (random.unit() < 0.5 ? -1 : 1) * (0.5 + 1.5 * random.unit());
    left--;
  }
  return w;
}

function withNoise(random, z, snr) {
  const mean = z.reduce((a, b) => a + b, 0) / z.length;
  const deviation = Math.sqrt(z.reduce((a, b) => a + (b - mean) ** 2, 0) / z.length);
  return z.map((value) => value + (random.normal() * deviation) / snr);
}

/** Response to k planted columns of a column-major X. */
export function denseResponse(X, n, k, snr, seed) {
  const random = new Random(seed);
  const p = X.length / n;
  const w = plantedCoefficients(random, p, k, p);
  const z = new Float64Array(n);
  for (let j = 0; j < p; j++) if (w[j] !== 0) for (let i = 0; i < n; i++) z[i] += w[j] * X[j * n + i];
  return withNoise(random, z, snr);
}

/** Response to k planted columns of compressed rows, all among the frequent ones. */
export function sparseResponse({ rows, cols, indptr, indices, data }, k, snr, seed) {
  const random = new Random(seed);
  const w = plantedCoefficients(random, cols, k, Math.min(cols, 10 * k));
  const z = new Float64Array(rows);
  for (let i = 0; i < rows; i++) for (let e = indptr[i]; e < indptr[i + 1]; e++) z[i] += data[e] * w[indices[e]];
  return withNoise(random, z, snr);
}
