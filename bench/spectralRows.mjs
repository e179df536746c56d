/** Kernel rows of the spectral room; see kernelRows.mjs for their shape. */
import { Random, textRows } from './data.mjs';

const F64 = Float64Array;
const I32 = Int32Array;

const once = (make) => {
  let value;
  return () => (value ??= make());
};
const [N, P] = [4000, 300];
const tall = once(() => new Random(71).normals(N * P));
const means = once(() => new Random(72).normals(P));
const [DOCUMENTS, WORDS] = [5000, 20_000];
/** The words of documents: compressed columns are what the short side is gathered and scattered by. */
const words = once(() => {
  const { indptr, indices, data, rows } = textRows(DOCUMENTS, WORDS, 60, 73);
  const starts = new I32(WORDS + 1);
  for (const j of indices) starts[j + 1]++;
  for (let j = 0; j < WORDS; j++) starts[j + 1] += starts[j];
  const next = starts.slice();
  const [at, value] = [new I32(indices.length), new F64(indices.length)];
  for (let i = 0; i < rows; i++) {
    for (let e = indptr[i]; e < indptr[i + 1]; e++) {
      const slot = next[indices[e]]++;
      at[slot] = i;
      value[slot] = data[e];
    }
  }
  return { indptr: starts, indices: at, data: value };
});
const symmetric = once(() => {
  const n = 200;
  const X = new Random(74).normals(n * n);
  return { n, A: F64.from(X, (_, e) => X[e] + X[(e % n) * n + Math.floor(e / n)]) };
});

const simple = (name, target, wire) => ({
  name,
  target,
  data: () => ({}),
  wire(m) {
    const [run, ...out] = wire(m);
    return { run, out };
  },
});

const centred = (m, wire) => wire(m.put(tall()), m.put(means()), m.zeros(F64, 64 * P));
const slices = (m) => [m.put(words().indptr), m.put(words().indices), m.put(words().data), WORDS];

const sliceGram = (b, centring) =>
  simple(`sparse C C'U, ${DOCUMENTS} x ${WORDS}, 300k nonzeros, ${b} vectors${centring ? ', centred' : ''}`, 2, (m) => {
    const S = slices(m);
    const [U, out] = [m.put(new Random(75).normals(DOCUMENTS * b)), m.zeros(F64, DOCUMENTS * b)];
    const [M, total, shift] = centring
      ? [m.put(new Random(76).normals(WORDS, 1e-3)), m.put(new Random(77).normals(b)), m.zeros(F64, b)]
      : [0, 0, 0];
    const view = m.view(F64, out, DOCUMENTS * b);
    const run = () => {
      view.fill(0);
      m.kernels.sliceGramF64(...S, M, 0, U, b, total, out, shift);
    };
    return [run, F64, out, DOCUMENTS * b];
  });

export const spectralRows = [
  simple(`centred Gram matrix, ${N} x ${P} row-major`, 3, (m) =>
    centred(m, (X, mean, scratch) => {
      const out = m.zeros(F64, P * P);
      const view = m.view(F64, out, P * P);
      const run = () => {
        view.fill(0);
        m.kernels.centredGramF64(X, P, N, P, mean, 0, 0, out, scratch);
      };
      return [run, F64, out, P * P];
    }),
  ),
  simple(`centred C'C V, ${N} x ${P} row-major, 8 vectors`, 3, (m) =>
    centred(m, (X, mean, scratch) => {
      const [V, W, out] = [m.put(new Random(78).normals(P * 8)), m.zeros(F64, N * 8), m.zeros(F64, P * 8)];
      const view = m.view(F64, out, P * 8);
      const run = () => {
        view.fill(0);
        m.kernels.centredProductsF64(X, P, N, P, mean, 0, 0, V, W, 8, out, scratch);
      };
      return [run, F64, out, P * 8];
    }),
  ),
  simple(`column moments of a row-major matrix, ${N} x ${P}`, 3, (m) => {
    const [X, mean, second] = [m.put(tall()), m.zeros(F64, P), m.zeros(F64, P)];
    return [() => m.kernels.rowMomentsF64(X, P, N, P, mean, second), F64, second, P];
  }),
  simple('tall product W -= Q H, 10000 x 100 by 100 x 4', 3, (m) => {
    const [Q, H, W] = [m.put(new Random(79).normals(1e6)), m.put(new Random(80).normals(400)), m.zeros(F64, 40_000)];
    const view = m.view(F64, W, 40_000);
    const run = () => {
      view.fill(0);
      m.kernels.tallMultiply(Q, 100, 10_000, 100, H, 4, 4, -1, W, 4);
    };
    return [run, F64, W, 40_000];
  }),
  sliceGram(4, false),
  sliceGram(8, true),
  simple("CSR transposed times tall A'B, 20000 x 5000, 300k nonzeros, 16 columns", 2, (m) => {
    const S = slices(m);
    const [B, out] = [m.put(new Random(81).normals(WORDS * 16)), m.zeros(F64, DOCUMENTS * 16)];
    const view = m.view(F64, out, DOCUMENTS * 16);
    const run = () => {
      view.fill(0);
      m.kernels.sliceScatterF64(...S, B, 16, out);
    };
    return [run, F64, out, DOCUMENTS * 16];
  }),
  simple('shift and scale rows, 20000 x 16', undefined, (m) => {
    const [W, c, f] = [
      m.put(new Random(82).normals(320_000)),
      m.put(new Random(83).normals(16, 1e-9)),
      m.put(new F64(20_000).fill(1)),
    ];
    return [() => m.kernels.shiftRows(W, 20_000, 16, 0, c, f), F64, W, 16];
  }),
  simple('copy rows of 4 out of rows of 100, 10000', undefined, (m) => {
    const [Q, W] = [m.put(new Random(79).normals(1e6)), m.zeros(F64, 40_000)];
    return [() => m.kernels.copyRows(Q, 100, 10_000, 4, W, 4), F64, W, 40_000];
  }),
  simple('symmetric eigenproblem with vectors, 200 x 200', 3, (m) => {
    const { n, A } = symmetric();
    const at = m.zeros(F64, n * n);
    const [d, e, Z, scratch] = [m.zeros(F64, n), m.zeros(F64, n), m.zeros(F64, n * n), m.zeros(F64, 2 * n)];
    const view = m.view(F64, at, n * n);
    const run = () => {
      view.set(A);
      m.kernels.symmetricEigen(at, n, d, e, Z, scratch);
    };
    return [run, F64, d, n];
  }),
];
