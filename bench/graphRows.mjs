/** One row per kernel of PageRank, on the R-MAT graphs of bench/graph.mjs; see kernelRows.mjs. */
import { Random } from './data.mjs';
import { compressed, rmat, transposed } from './graphs.mjs';

const F64 = Float64Array;
const I32 = Int32Array;

const once = (make) => {
  let value;
  return () => (value ??= make());
};

const small = once(() => compressed(rmat(16, 250_000, 1)));
const large = once(() => compressed(rmat(18, 2_900_000, 1)));
const ALPHA = 0.85;

/** The rows of a sweep, and vectors of random positive numbers. */
const problem = (make) => {
  const A = transposed(make());
  const random = new Random(7);
  const positive = () => F64.from({ length: A.rows }, () => random.unit() / A.rows);
  return { A, u: positive(), v: positive() };
};

function sweep(name, make, form, target) {
  return {
    name: `PageRank, Gauss-Seidel sweep, ${name}`,
    target,
    data: () => problem(make),
    wire(m, { A, u, v }) {
      const [indptr, indices, data] = [m.put(A.indptr), m.put(A.indices), form === 'Unit' ? 0 : m.put(A.data)];
      const [U, V, D] = [m.put(u), m.put(v), m.put(A.strength)];
      // Sweeps converge: they cost the same wherever they start.
      const run = () => m.kernels[`gaussSeidel${form}`](indptr, indices, data, 0, A.rows, ALPHA, V, D, U);
      for (let k = 0; k < 100; k++) run();
      return { run, out: [F64, U, A.rows] };
    },
  };
}

function residual(name, make) {
  return {
    name: `PageRank, residual, ${name}`,
    data: () => problem(make),
    wire(m, { A, u, v }) {
      const [indptr, indices] = [m.put(A.indptr), m.put(A.indices)];
      const [U, V, D, out, sums] = [m.put(u), m.put(v), m.put(A.strength), m.zeros(F64, A.rows), m.zeros(F64, 2)];
      const run = () => m.kernels.pageRankResidualUnit(indptr, indices, 0, A.rows, ALPHA, 0.15, V, 0, 0, D, U, out, sums);
      return { run, out: [F64, out, A.rows] };
    },
  };
}

/** What all kernels that build the rows by label share. */
function wired(m, A) {
  const n = A.rows;
  const p = {
    rows: [m.put(A.indptr), n, m.put(A.indices), 0, 0],
    incoming: m.zeros(I32, n),
    outgoing: m.zeros(I32, n),
    strength: m.zeros(F64, n),
    loop: m.zeros(F64, n),
    label: m.zeros(I32, n),
    next: m.zeros(I32, n),
    indptr: m.zeros(I32, n + 1),
    diagonal: m.zeros(F64, n),
    mass: m.zeros(F64, n),
    hanging: m.zeros(F64, n),
    counts: m.zeros(I32, 4),
    indices: m.zeros(I32, A.indices.length),
    inside: m.zeros(F64, n),
  };
  const count = () => {
    m.view(I32, p.incoming, n).fill(0);
    m.kernels.edgeCountUnit(...p.rows, p.incoming, p.outgoing, p.strength, p.loop);
  };
  const order = () => {
    const [counted, numbered] = [
      [p.incoming, p.outgoing, p.strength, p.loop],
      [p.label, p.next, p.indptr, p.diagonal, p.mass, p.hanging],
    ];
    m.kernels.pageRankOrder(n, ALPHA, ...counted, ...numbered, p.counts);
  };
  return { p, count, order };
}

const building = [
  ['edges counted', ({ count }) => count, ({ p }, A) => [I32, p.incoming, A.rows]],
  ['nodes ordered', ({ order }) => order, ({ p }, A) => [F64, p.diagonal, A.rows]],
  [
    'edges scattered by target',
    ({ p }, m, A) => {
      const next = m.view(I32, p.next, A.rows).slice();
      return () => {
        m.view(I32, p.next, A.rows).set(next);
        m.kernels.edgeScatterUnit(...p.rows, p.label, p.next, A.indices.length, p.indices, 0, p.inside);
      };
    },
    ({ p }, A) => [I32, p.indices, A.indices.length],
  ],
].map(([name, runOf, outOf]) => ({
  name: `PageRank, ${name}, 262144 nodes, 2.9M edges`,
  data: () => ({ A: large() }),
  wire(m, { A }) {
    const shared = wired(m, A);
    shared.count();
    shared.order();
    return { run: runOf(shared, m, A), out: outOf(shared, A) };
  },
}));

const range = {
  name: 'PageRank, range of 2.9M weights',
  data: () => ({ A: large() }),
  wire(m, { A }) {
    const [data, out] = [m.put(A.data), m.put(F64.of(Infinity, -Infinity))];
    return { run: () => m.kernels.weightRangeF64(data, A.data.length, out), out: [F64, out, 2] };
  },
};

const scores = {
  name: 'PageRank, scores by node, 262144 nodes',
  data: () => {
    const random = new Random(3);
    const label = I32.from({ length: 2 ** 18 }, (_, i) => i);
    for (let i = label.length - 1; i > 0; i--) {
      const k = random.integer(i + 1);
      [label[i], label[k]] = [label[k], label[i]];
    }
    return { label, mass: F64.from(label, () => random.unit()), u: F64.from(label, () => random.unit()) };
  },
  wire(m, { label, mass, u }) {
    const n = label.length;
    const [L, M, U, out] = [m.put(label), m.put(mass), m.put(u), m.zeros(F64, n)];
    return { run: () => m.kernels.pageRankScores(n, L, M, U, out), out: [F64, out, n] };
  },
};

export const graphRows = [
  sweep('65536 nodes, 250k edges', small, 'Unit', 2),
  sweep('262144 nodes, 2.9M edges', large, 'Unit', 2),
  sweep('262144 nodes, 2.9M weighted edges', large, 'F64'),
  residual('262144 nodes, 2.9M edges', large),
  ...building,
  range,
  scores,
];
