/** Kernel rows of matrix factorisation; see kernelRows.mjs for their shape. */
import { Random, sparseRows } from './data.mjs';

const [F64, F32] = [Float64Array, Float32Array];
const [ROWS, COLS, EACH] = [3000, 2000, 150];

const once = (make) => {
  let value;
  return () => (value ??= make());
};
const ratings = once(() => sparseRows(ROWS, COLS, EACH, 61));
const floats = (Kind, n, seed, scale = 1) => Kind.from(new Random(seed).normals(n, scale));

const simple = (name, target, wire) => ({
  name,
  target,
  data: () => ({}),
  wire(m) {
    const [run, ...out] = wire(m);
    return { run, out };
  },
});

/** Entries, factors and scratch of one half-sweep. */
function half(m, Kind, rank, biased) {
  const A = ratings();
  const stride = Math.ceil((rank + 2 * biased) / 8) * 8;
  const width = Math.ceil((rank + biased) / 4) * 4;
  const batch = 64;
  const Y = floats(Kind, COLS * stride, 62, 0.3);
  if (biased) for (let j = 0; j < COLS; j++) Y[j * stride + rank] = 1;
  const ridge = m.put(new F64(ROWS).fill(5));
  return {
    entries: [m.put(A.indptr), m.put(A.indices), 0, m.put(Kind.from(A.data))],
    Y: m.put(Y),
    stride,
    shape: [rank, biased, biased ? rank : rank + 1, biased ? rank + 1 : rank],
    ridge,
    Z: m.zeros(Kind, ROWS * stride),
    buffer: m.zeros(Kind, batch * (width + 1)),
    batch,
    gram: m.zeros(F64, width * width),
    rhs: m.zeros(F64, width),
    scratch: m.zeros(Kind, 3 * stride),
    size: ROWS * stride,
  };
}

const cholesky = (suffix, Kind, rank) =>
  simple(`ALS half-sweep (SYRK and Cholesky) ${suffix.toLowerCase()}, ${ROWS} rows x ${EACH} entries, rank ${rank}`, 3, (m) => {
    const h = half(m, Kind, rank, 1);
    const run = () =>
      m.kernels[`alternate${suffix}`](
        ...[0, ROWS, ...h.entries, h.Y, h.stride, ...h.shape, 0, h.ridge, h.ridge, 0, 0, h.Z, h.buffer, h.batch, h.gram, h.rhs],
      );
    return [run, Kind, h.Z, h.size];
  });

const conjugate = simple(`CG(3) half-sweep f32, ${ROWS} rows x ${EACH} entries, rank 32`, 3, (m) => {
  const h = half(m, F32, 32, 0);
  const factors = m.view(F32, h.Z, h.size);
  const run = () => {
    factors.fill(0);
    m.kernels.alternateCgF32(0, ROWS, ...h.entries, h.Y, h.stride, ...h.shape, 0, h.ridge, h.ridge, 0, 0, h.Z, 3, h.scratch);
  };
  return [run, F32, h.Z, h.size];
});

const tall = (suffix, Kind) =>
  simple(`tall-skinny A'A ${suffix.toLowerCase()}, 20000 x 64`, 3, (m) => {
    const A = m.put(floats(Kind, 20_000 * 64, 63));
    const out = m.zeros(F64, 64 * 64);
    const view = m.view(F64, out, 64 * 64);
    const run = () => {
      view.fill(0);
      m.kernels[`tallGram${suffix}`](A, 64, 64, A, 64, 64, 20_000, out, 64);
    };
    return [run, F64, out, 64 * 64];
  });

const products = simple(`factor products of ${ROWS * EACH} entries f32, rank 32`, 3, (m) => {
  const h = half(m, F32, 32, 0);
  const X = m.put(floats(F32, ROWS * h.stride, 64));
  const out = m.zeros(F32, ROWS * EACH);
  const [indptr, indices] = h.entries;
  return [() => m.kernels.entryProductsF32(ROWS, indptr, indices, X, h.Y, h.stride, out), F32, out, ROWS * EACH];
});

const rankOne = simple(`coordinate descent on one factor f32, ${ROWS * EACH} entries`, undefined, (m) => {
  const A = ratings();
  const [indptr, indices, residual] = [m.put(A.indptr), m.put(A.indices), m.put(F32.from(A.data))];
  const [v, ridge, u] = [m.put(floats(F32, COLS, 65)), m.put(new F64(ROWS).fill(1)), m.zeros(F32, ROWS)];
  return [() => m.kernels.rankOneUpdateF32(ROWS, indptr, indices, 0, residual, v, ridge, 0, 0.1, -Infinity, u), F32, u, ROWS];
});

export const factorizationRows = [
  tall('F64', F64),
  tall('F32', F32),
  cholesky('F32', F32, 32),
  cholesky('F64', F64, 32),
  conjugate,
  products,
  rankOne,
];
