/**
 * One row per kernel. `data` is what both sides share by seed; `wire` puts the data on a machine and returns the timed call and where its result lies; `plain` does the same with
 * the loops of plain.mjs. What a call changes in place, the call itself puts back, on every side.
 */
import { clusterRows } from './clusterRows.mjs';
import { Random, sparseRows } from './data.mjs';
import { factorizationRows } from './factorizationRows.mjs';
import { graphRows } from './graphRows.mjs';
import { spectralRows } from './spectralRows.mjs';

const F64 = Float64Array;
const F32 = Float32Array;
const I32 = Int32Array;

const once = (make) => {
  let value;
  return () => (value ??= make());
};

const square = once(() => sparseRows(20_000, 20_000, 50, 1));
const large = once(() => sparseRows(200_000, 200_000, 20, 2));
const single = (A) => ({ ...A, data: F32.from(A.data) });
const vector = (n, seed, scale = 1) => new Random(seed).normals(n, scale);

const putSparse = (m, A) => [m.put(A.indptr), m.put(A.indices), m.put(A.data)];

/** CSR A x, or CSC A'x: the same kernel family under two names. */
function sparseDots(name, target, make, kernel, native) {
  return {
    name,
    target,
    native,
    data: () => {
      const A = make();
      return { A, x: vector(A.cols, 3) };
    },
    wire(m, { A, x }) {
      const [indptr, indices, data] = putSparse(m, A);
      const [X, out] = [m.put(x), m.zeros(F64, A.rows)];
      const csr = kernel.startsWith('csr');
      const run = csr
        ? () => m.kernels[kernel](indptr, indices, data, A.rows, X, out)
        : () => m.kernels[kernel](indptr, indices, data, 0, A.rows, X, out);
      return { run, out: [F64, out, A.rows] };
    },
    plain(loops, { A, x }) {
      const out = new F64(A.rows);
      return { run: () => loops.csrMatvec(A, x, out), out };
    },
  };
}

function sparseScatter(name, kernel) {
  return {
    name,
    data: () => ({ A: square(), x: vector(20_000, 4) }),
    wire(m, { A, x }) {
      const [indptr, indices, data] = putSparse(m, A);
      const [X, y] = [m.put(x), m.zeros(F64, A.cols)];
      const view = m.view(F64, y, A.cols);
      const run = () => {
        view.fill(0);
        if (kernel === 'csrRmatvecF64') m.kernels.csrRmatvecF64(indptr, indices, data, A.rows, X, y);
        else m.kernels.cscCombineF64(indptr, indices, data, 0, X, A.rows, y);
      };
      return { run, out: [F64, y, A.cols] };
    },
    plain(loops, { A, x }) {
      const out = new F64(A.cols);
      const run = () => {
        out.fill(0);
        loops.csrRmatvec(A, x, out);
      };
      return { run, out };
    },
  };
}

function sparseTimesDense(k) {
  return {
    name: `CSR x dense, 20000 x 20000 (1M) times 20000 x ${k}`,
    data: () => ({ A: square(), B: vector(20_000 * k, 5) }),
    wire(m, { A, B }) {
      const [indptr, indices, data] = putSparse(m, A);
      const [right, out] = [m.put(B), m.zeros(F64, A.rows * k)];
      return { run: () => m.kernels.csrMultiplyF64(indptr, indices, data, A.rows, right, k, out), out: [F64, out, A.rows * k] };
    },
  };
}

/** Slices of A as columns: first epoch from 0, in which nearly every coefficient moves. */
const sparseEpoch = {
  name: 'sparse CD epoch, 20000 x 20000, 1M nonzeros',
  target: 2,
  data: () => {
    const A = square();
    const n = 20_000;
    const mean = new F64(A.rows);
    const second = new F64(A.rows);
    for (let j = 0; j < A.rows; j++) {
      let squares = 0;
      for (let e = A.indptr[j]; e < A.indptr[j + 1]; e++) {
        mean[j] += A.data[e] / n;
        squares += A.data[e] ** 2 / n;
      }
      second[j] = squares - mean[j] ** 2;
    }
    const u = vector(n, 6, 1 / n);
    return { A, n, p: A.rows, mean, second, u, lambda: 1e-2 / n, total: u.reduce((a, b) => a + b, 0) };
  },
  wire(m, d) {
    const [indptr, indices, data] = putSparse(m, d.A);
    return epochOn(m, d, (rest) => m.kernels.cscEpochF64(indptr, indices, data, d.n, 0, d.p, ...rest));
  },
  plain(loops, { A, n, p, mean, second, u, lambda, total }) {
    const [coef, residual] = [new F64(p), F64.from(u)];
    const run = () => {
      coef.fill(0);
      residual.set(u);
      return loops.sparseEpoch({ ...A, cols: p }, n, mean, second, lambda, coef, residual, total);
    };
    return { run, out: coef };
  },
};

const denseEpoch = {
  name: 'dense CD epoch, 1000 x 2000',
  target: 4,
  data: () => {
    const [n, p] = [1000, 2000];
    const X = vector(n * p, 7);
    const mean = new F64(p);
    const second = new F64(p);
    for (let j = 0; j < p; j++) {
      for (let i = 0; i < n; i++) mean[j] += X[j * n + i] / n;
      for (let i = 0; i < n; i++) second[j] += (X[j * n + i] - mean[j]) ** 2 / n;
    }
    const u = vector(n, 8, 1 / n);
    return { X, n, p, mean, second, u, lambda: 1e-9, total: u.reduce((a, b) => a + b, 0) };
  },
  wire(m, d) {
    const X = m.put(d.X);
    return epochOn(m, d, (rest) => m.kernels.denseEpochF64(X, d.n, d.n, 0, d.p, ...rest));
  },
  plain(loops, { X, n, p, mean, second, u, lambda, total }) {
    const [coef, residual] = [new F64(p), F64.from(u)];
    const run = () => {
      coef.fill(0);
      residual.set(u);
      return loops.denseEpoch(X, n, p, mean, second, lambda, coef, residual, total);
    };
    return { run, out: coef };
  },
};

function epochOn(m, { n, p, mean, second, u, lambda, total }, epoch) {
  const [MEAN, SECOND, L1, L2] = [m.put(mean), m.put(second), m.put(new F64(p).fill(1)), m.zeros(F64, p)];
  const [COEF, U, TOTAL] = [m.zeros(F64, p), m.put(u), m.zeros(F64, 1)];
  const [coef, residual, sum] = [m.view(F64, COEF, p), m.view(F64, U, n), m.view(F64, TOTAL, 1)];
  const rest = [0, MEAN, SECOND, lambda, L1, L2, 0, 0, COEF, U, TOTAL];
  const run = () => {
    coef.fill(0);
    residual.set(u);
    sum[0] = total;
    return epoch(rest);
  };
  return { run, out: [F64, COEF, p] };
}

const products = (n, p) => once(() => ({ X: vector(n * p, 9), n, p, u: vector(n, 10), w: vector(p, 11) }));
const dense = products(1000, 2000);
/** 320 kB: stays in the second-level cache, where the large one waits for memory. */
const cached = products(200, 200);

const denseDots = (name, target, Kind, kernel, make = dense) => ({
  name,
  target,
  data: () => ({ ...make(), X: Kind.from(make().X) }),
  wire(m, { X, n, p, u }) {
    const [x, U, out] = [m.put(X), m.put(u), m.zeros(F64, p)];
    return { run: () => m.kernels[kernel](x, n, n, 0, p, U, out), out: [F64, out, p] };
  },
  plain(loops, { X, n, p, u }) {
    const out = new F64(p);
    return { run: () => loops.denseDots(X, n, p, u, out), out };
  },
});

const denseCombine = (name, target, Kind, kernel, make = dense) => ({
  name,
  target,
  data: () => ({ ...make(), X: Kind.from(make().X) }),
  wire(m, { X, n, p, w }) {
    const [x, W, y] = [m.put(X), m.put(w), m.zeros(F64, n)];
    const view = m.view(F64, y, n);
    const run = () => {
      view.fill(0);
      m.kernels[kernel](x, n, n, 0, W, p, y);
    };
    return { run, out: [F64, y, n] };
  },
  plain(loops, { X, n, p, w }) {
    const out = new F64(n);
    const run = () => {
      out.fill(0);
      loops.denseCombine(X, n, p, w, out);
    };
    return { run, out };
  },
});

/** A row that needs nothing but a call: `wire(m)` returns [run, result kind, pointer, length]. */
const simple = (name, wire, plain) => ({
  name,
  data: () => undefined,
  wire(m) {
    const [run, ...out] = wire(m);
    return { run, out };
  },
  plain,
});

/** m x m, positive definite: random X'X with a raised diagonal. */
const positive = once(() => {
  const m = 500;
  const X = vector(m * m, 12);
  const A = new F64(m * m);
  for (let a = 0; a < m; a++) {
    for (let b = a; b < m; b++) {
      let s = a === b ? 1 : 0;
      for (let i = 0; i < m; i++) s += (X[a * m + i] * X[b * m + i]) / m;
      A[a * m + b] = s;
      A[b * m + a] = s;
    }
  }
  return { m, A };
});

const factorised = (machine, m) => {
  const R = machine.put(positive().A);
  machine.kernels.choleskyFactor(R, m, positive().m, 1e-12);
  return R;
};

const algebra = [
  simple('Gram block, 64 packed vectors by 2000 columns of 1000', (m) => {
    const { X, n, p } = dense();
    const [x, packed, out] = [m.put(X), m.put(X.subarray(0, 64 * n)), m.zeros(F64, 64 * p)];
    return [() => m.kernels.denseGramF64(packed, 64, x, n, n, 0, p, out, p), F64, out, 64 * p];
  }),
  simple("SYRK X'X, 2000 x 300", (m) => {
    const [x, out] = [m.put(dense().X.subarray(0, 600_000)), m.zeros(F64, 90_000)];
    return [() => m.kernels.syrkF64(x, 2000, 2000, 300, out), F64, out, 90_000];
  }),
  simple('dense times dense, 1000 x 2000 times 2000 x 8', (m) => {
    const { X, n, p } = dense();
    const [x, B, out] = [m.put(X), m.put(vector(p * 8, 13)), m.zeros(F64, n * 8)];
    return [() => m.kernels.denseMultiplyF64(x, n, n, p, B, 8, out), F64, out, n * 8];
  }),
  simple('Cholesky factor, 500', (machine) => {
    const { m, A } = positive();
    const R = machine.zeros(F64, m * m);
    const view = machine.view(F64, R, m * m);
    const run = () => {
      view.set(A);
      return machine.kernels.choleskyFactor(R, m, m, 1e-12);
    };
    return [run, F64, R, m * m];
  }),
  simple('Cholesky solve, 500', (machine) => {
    const { m } = positive();
    const R = factorised(machine, m);
    const rhs = vector(m, 14);
    const b = machine.put(rhs);
    const view = machine.view(F64, b, m);
    const run = () => {
      view.set(rhs);
      machine.kernels.choleskySolve(R, m, m, b);
    };
    return [run, F64, b, m];
  }),
  simple('Cholesky append a column, delete the first, 300', (machine) => {
    const { m: ld } = positive();
    const m = 300;
    const R = factorised(machine, m);
    // A dominant diagonal keeps the factor well posed however often this is repeated.
    const entering = vector(m, 15);
    const column = machine.put(entering);
    const view = machine.view(F64, column, m);
    const run = () => {
      view.set(entering);
      const pivot = machine.kernels.choleskyAppend(R, m, ld, column, 1e6, 1e-12);
      machine.kernels.choleskyDelete(R, m + 1, ld, 0);
      return pivot;
    };
    return [run, F64, R, m];
  }),
  simple('Gram CD epoch, 500', (machine) => {
    const { m, A } = positive();
    const c = vector(m, 16);
    const [G, q, coef] = [machine.put(A), machine.put(c), machine.zeros(F64, m)];
    const [L1, L2] = [machine.put(new F64(m).fill(1)), machine.zeros(F64, m)];
    const [gradient, b] = [machine.view(F64, q, m), machine.view(F64, coef, m)];
    const run = () => {
      gradient.set(c);
      b.fill(0);
      return machine.kernels.gramEpoch(G, m, m, q, 1e-3, L1, L2, 0, 0, coef);
    };
    return [run, F64, coef, m];
  }),
];

const columns = [
  simple('column moments, dense 1000 x 2000', (m) => {
    const { X, n, p } = dense();
    const [x, mean, second] = [m.put(X), m.zeros(F64, p), m.zeros(F64, p)];
    return [() => m.kernels.denseMomentsF64(x, n, n, p, 0, mean, second), F64, second, p];
  }),
  simple('column moments, CSC 20000 x 20000, 1M nonzeros', (m) => {
    const A = square();
    const [indptr, indices, data] = putSparse(m, A);
    const [mean, second] = [m.zeros(F64, A.rows), m.zeros(F64, A.rows)];
    const run = () => m.kernels.cscMomentsF64(indptr, indices, data, A.cols, A.rows, 0, mean, second);
    return [run, F64, second, A.rows];
  }),
  simple('rows to columns, 1000 x 2000', (m) => {
    const { X, n, p } = dense();
    const [block, out] = [m.put(X), m.zeros(F64, n * p)];
    return [() => m.kernels.denseFromRowsF64(block, n, p, out, n, 0), F64, out, n * p];
  }),
  simple('CSR to CSC, 20000 x 20000, 1M nonzeros', (m) => {
    const A = square();
    const [indptr, indices, data] = putSparse(m, A);
    const [next, outIndices, outData] = [m.zeros(I32, A.cols + 1), m.zeros(I32, A.data.length), m.zeros(F64, A.data.length)];
    const offsets = m.view(I32, next, A.cols + 1);
    const run = () => {
      offsets.fill(0);
      m.kernels.cscCount(indices, A.data.length, next + 4);
      for (let j = 0; j < A.cols; j++) offsets[j + 1] += offsets[j];
      m.kernels.cscScatterF64(indptr, A.rows, indices, data, 0, next, outIndices, outData);
    };
    return [run, F64, outData, A.data.length];
  }),
  simple('two products per column in one pass, dense 1000 x 2000', (m) => {
    const { X, n, p, u } = dense();
    const [x, U, V, outU, outV] = [m.put(X), m.put(u), m.put(vector(n, 17)), m.zeros(F64, p), m.zeros(F64, p)];
    return [() => m.kernels.denseDotsPairF64(x, n, n, 0, p, U, V, outU, outV), F64, outV, p];
  }),
  simple('two products per column in one pass, CSC 1M nonzeros', (m) => {
    const A = square();
    const [indptr, indices, data] = putSparse(m, A);
    const [U, V] = [m.put(vector(A.cols, 18)), m.put(vector(A.cols, 19))];
    const [outU, outV] = [m.zeros(F64, A.rows), m.zeros(F64, A.rows)];
    return [() => m.kernels.cscDotsPairF64(indptr, indices, data, 0, A.rows, U, V, outU, outV), F64, outV, A.rows];
  }),
  simple('screening by bounds, 100000 columns', (m) => {
    const p = 100_000;
    const random = new Random(20);
    const [centre, tail] = [m.put(random.normals(p, 0.3)), m.put(F64.from({ length: p }, () => random.unit()))];
    const [skip, l1, out] = [m.zeros(Uint8Array, p), m.put(new F64(p).fill(1)), m.zeros(I32, p)];
    return [() => m.kernels.screen(p, skip, centre, tail, 0.1, 0.9, l1, out), I32, out, p];
  }),
];

const N = 100_000;
const positives = once(() => vector(N, 21).map((x) => x * x + 1e-6));

const elementwise = (name, kernel, input, plainCall) =>
  simple(
    name,
    (m) => {
      const [x, out] = [m.put(input()), m.zeros(F64, N)];
      return [() => m.kernels[kernel](x, out, N), F64, out, N];
    },
    (loops) => {
      const [x, out] = [input(), new F64(N)];
      return { run: () => loops[plainCall](x, out), out };
    },
  );

const stream = (name, kernel) =>
  simple(name, (m) => {
    const seed = Uint32Array.of(1, 2, 3, 4);
    const [state, out] = [m.put(seed), m.zeros(F64, N)];
    const words = m.view(Uint32Array, state, 4);
    const run = () => {
      words.set(seed);
      m.kernels[kernel](state, out, N);
    };
    return [run, F64, out, N];
  });

const vectors = [
  elementwise('exp, 100000', 'expVector', () => vector(N, 22, 5), 'expVector'),
  elementwise('log, 100000', 'logVector', positives, 'logVector'),
  elementwise('log1p, 100000', 'log1pVector', positives, 'log1pVector'),
  stream('random uniform, 100000', 'randomUniform'),
  stream('random normal, 100000', 'randomNormal'),
  simple(
    'soft threshold, 10000',
    (m) => {
      const [x, out] = [m.put(vector(10_000, 23)), m.zeros(F64, 10_000)];
      return [() => m.kernels.softThreshold(x, 0.5, out, 10_000), F64, out, 10_000];
    },
    (loops) => {
      const [x, out] = [vector(10_000, 23), new F64(10_000)];
      return { run: () => loops.softThreshold(x, 0.5, out), out };
    },
  ),
  simple('proximal step, 10000', (m) => {
    const n = 10_000;
    const [z, g, metric] = [m.put(vector(n, 24)), m.put(vector(n, 25)), m.put(new F64(n).fill(0.7))];
    const [l1, l2, out] = [m.put(new F64(n).fill(1)), m.put(new F64(n).fill(0.1)), m.zeros(F64, n)];
    return [() => m.kernels.proximalStep(z, g, 0.5, metric, 0.3, l1, l2, 0, 0, out, n), F64, out, n];
  }),
  simple('dot, 10000', (m) => {
    const [x, y, out] = [m.put(vector(10_000, 26)), m.put(vector(10_000, 27)), m.zeros(F64, 1)];
    const view = m.view(F64, out, 1);
    return [() => (view[0] = m.kernels.dot(x, y, 10_000)), F64, out, 1];
  }),
  simple('axpy, 10000', (m) => {
    const [x, y] = [m.put(vector(10_000, 28)), m.put(vector(10_000, 29))];
    // Turn and turn about, so that y stays where it is.
    let a = 1e-3;
    return [() => m.kernels.axpy((a = -a), x, y, 10_000), F64, y, 10_000];
  }),
];

/**
 * Neurons driven over their threshold at random phases: period 100 steps, so that 1 % spike in every step, for ever. Membranes are distances
 * from rest, and the log of a run starts with the spikes whose neurons are refractory.
 */
const lif = {
  name: 'LIF step, 65536 neurons x 50 steps, 1 % spike per step',
  target: 8,
  plainDiffers: true,
  data: () => {
    const n = 65_536;
    const random = new Random(30);
    const [decay, rest, refractory] = [0.98, 1.172, 5];
    const phase = I32.from({ length: n }, () => random.integer(100));
    const v = F32.from(phase, (p) => rest * (1 - decay ** Math.max(0, p - refractory)));
    return { n, v, phase, decay, rest, refractory };
  },
  wire(m, { n, v, phase, decay, rest, refractory }) {
    const parameters = m.put(F64.of(1 - decay, 1 - rest, -rest, refractory + 1, 0, 0, 0, 0));
    const V = m.put(v.map((value) => value - rest));
    const recent = Array.from({ length: refractory }, (_, k) =>
      Array.from(phase.keys()).filter((i) => phase[i] === refractory - k),
    );
    const [INPUT, UNTIL, LOG] = [m.zeros(F32, n), m.put(new I32(n)), m.zeros(I32, 3 * n)];
    const starts = new I32(refractory + 51);
    let step = 0;
    let at = 0;
    recent.forEach((ids, k) => {
      m.view(I32, LOG + 4 * at, ids.length).set(ids);
      at += ids.length;
      starts[k + 1] = at;
    });
    const until = m.view(I32, UNTIL, n);
    for (let i = 0; i < n; i++) until[i] = refractory + 1 - phase[i];
    const log = m.view(I32, LOG, 3 * n);
    const run = () => {
      for (let t = 0; t < 50; t++) {
        at = m.kernels.lifStepF32(parameters, V, 0, 0, INPUT, 0, UNTIL, n, step++, LOG, starts[t], at);
        starts[t + refractory + 1] = at;
      }
      const offset = starts[50];
      const spikes = at - starts[refractory];
      log.copyWithin(0, offset, at);
      for (let k = 0; k <= refractory; k++) starts[k] = starts[50 + k] - offset;
      at -= offset;
      return spikes;
    };
    return { run, out: [F32, V, n] };
  },
  plain(loops, { n, v, phase, decay, rest, refractory }) {
    const [potential, wait] = [v.map((value) => value - rest), phase.map((p) => Math.max(0, refractory - p))];
    const [input, spikes] = [new F32(n), new I32(n)];
    const run = () => {
      let count = 0;
      for (let t = 0; t < 50; t++) count += loops.lifStep(potential, input, wait, decay, 0, 1 - rest, -rest, refractory, spikes);
      return count;
    };
    return { run, out: potential };
  },
};

/** Two receptors, no input, hardly a spike: what a step of the CUBA network spends most of its time on. */
const cuba = {
  name: 'CUBA-like step, 4000 neurons with two receptors',
  data: () => {
    const n = 4000;
    const random = new Random(33);
    const uniform = (low, high) => F32.from({ length: n }, () => low + (high - low) * random.unit());
    return { n, x: uniform(-11, -2), g0: uniform(0, 0.02), g1: uniform(-0.02, 0) };
  },
  wire(m, { n, x, g0, g1 }) {
    const P = m.put(F64.of(1 - Math.exp(-0.005), -1, -11, 50, 1 - Math.exp(-0.02), 1 - Math.exp(-0.01), 0, 0));
    const [X, G0, G1, UNTIL, LOG] = [m.put(x), m.put(g0), m.put(g1), m.put(new I32(n)), m.zeros(I32, n)];
    const [states, starts] = [[X, G0, G1].map((p) => m.view(F32, p, n)), [x, g0, g1]];
    const run = () => {
      states.forEach((state, k) => {
        state.set(starts[k]);
      });
      for (let t = 0; t < 10; t++) m.kernels.lifStepF32(P, X, G0, G1, 0, 0, UNTIL, n, t, LOG, 0, 0);
    };
    return { run, out: [F32, X, n] };
  },
};

const propagate = {
  name: 'spike propagation, 655 spikes x 100 targets of 65536',
  data: () => {
    const A = sparseRows(65_536, 65_536, 100, 31);
    const random = new Random(32);
    const spikes = I32.from({ length: 655 }, () => random.integer(65_536)).sort();
    return { A, weights: F32.from(A.data), spikes };
  },
  wire(m, { A, weights, spikes }) {
    const [SPIKES, indptr, targets, W, out] = [
      m.put(spikes),
      m.put(A.indptr),
      m.put(A.indices),
      m.put(weights),
      m.zeros(F32, 65_536),
    ];
    return { run: () => m.kernels.propagateF32(SPIKES, spikes.length, indptr, targets, W, 1, out), out: [F32, out, 65_536] };
  },
};

const floats = (n, seed, scale = 1) => F32.from(vector(n, seed, scale));

/** A batch of pictures through the first layer of a perceptron. */
const perceptron = once(() => {
  const [rows, k, width] = [128, 784, 1000];
  return {
    rows,
    k,
    width,
    X: floats(rows * k, 40),
    W: floats(k * width, 41, 0.04),
    D: floats(rows * width, 42),
    bias: floats(width, 43),
  };
});

/** The same with one synapse in ten, CSR by presynaptic neuron. */
const synapses = once(() => single(sparseRows(784, 1000, 100, 44)));

const affineRow = {
  name: 'batch through a dense layer f32, 128 x 784 times 784 x 1000',
  data: perceptron,
  wire(m, { rows, k, width, X, W, bias }) {
    const [x, w, b, out, panel] = [m.put(X), m.put(W), m.put(bias), m.zeros(F32, rows * width), m.zeros(F32, 8 * k)];
    return { run: () => m.kernels.affineF32(x, k, rows, k, w, width, b, out, panel), out: [F32, out, rows * width] };
  },
  plain(loops, { rows, k, width, X, W, bias }) {
    const out = new F32(rows * width);
    return { run: () => loops.affine(X, rows, k, W, width, bias, out), out };
  },
};

const batches = [
  affineRow,
  simple("weights' gradient X'D f32, 784 x 128 times 128 x 1000", (m) => {
    const { rows, k, width, X, D } = perceptron();
    const [x, d, out] = [m.put(X), m.put(D), m.zeros(F32, k * width)];
    return [() => m.kernels.affineGradientF32(x, k, rows, k, d, width, out), F32, out, k * width];
  }),
  simple('batch through a CSR layer f32, 128 x 784 times 784 x 1000, 10 % kept', (m) => {
    const { rows, k, width, X, bias } = perceptron();
    const [xt, b, out] = [m.put(X), m.put(bias), m.zeros(F32, rows * width)];
    const csr = putSparse(m, synapses());
    return [() => m.kernels.sparseAffineF32(xt, rows, k, ...csr, b, width, out), F32, out, rows * width];
  }),
  simple('gradient on the pattern of a CSR layer f32, 78400 synapses x 128 samples', (m) => {
    const { rows, k, X, D } = perceptron();
    const [xt, dt] = [m.put(X), m.put(D)];
    const [indptr, indices, out] = putSparse(m, synapses());
    const count = synapses().data.length;
    return [() => m.kernels.sparseGradientF32(xt, dt, rows, k, indptr, indices, out), F32, out, count];
  }),
  simple('transpose f32, 128 x 784', (m) => {
    const { rows, k, X } = perceptron();
    const [x, out] = [m.put(X), m.zeros(F32, rows * k)];
    return [() => m.kernels.transposeF32(x, k, rows, k, out, rows), F32, out, rows * k];
  }),
  simple('sum of rows f32, 128 x 1000', (m) => {
    const { rows, width, D } = perceptron();
    const [d, out] = [m.put(D), m.zeros(F32, width)];
    return [() => m.kernels.addRowsF32(d, rows, width, out), F32, out, width];
  }),
  simple('ReLU backwards f32, 128 x 1000', (m) => {
    const { rows, width, D } = perceptron();
    const [d, mask] = [m.put(D), m.put(floats(rows * width, 45))];
    return [() => m.kernels.rectifyF32(d, mask, rows * width), F32, d, rows * width];
  }),
  simple('softmax and its gradient f32, 25 steps x 128 samples x 10 classes', (m) => {
    const [z, out] = [m.put(floats(128 * 25 * 16, 46, 3)), m.zeros(F32, 128 * 25 * 16)];
    return [() => m.kernels.softmaxLossF32(z, 128 * 25, 16, 10, 3, 0.04, out), F32, out, 128 * 25 * 16];
  }),
];

/** 128 samples of 25 steps, 784 inputs of which a tenth fire, 256 neurons: what one batch of a spiking layer costs. */
const passage = once(() => {
  const [samples, steps, size, inputs] = [128, 25, 256, 784];
  const random = new Random(47);
  const offsets = new I32(samples * (steps + 1));
  const ids = [];
  for (let s = 0; s < samples; s++) {
    for (let t = 0; t < steps; t++) {
      offsets[s * (steps + 1) + t] = ids.length;
      for (let j = 0; j < inputs; j++) if (random.unit() < 0.1) ids.push(j);
    }
    offsets[s * (steps + 1) + steps] = ids.length;
  }
  const U = F32.from(vector(steps * size, 48, 0.6), (u) => u + 0.3);
  return {
    samples,
    steps,
    size,
    inputs,
    offsets,
    ids: I32.from(ids),
    U,
    W: floats(inputs * size, 49, 0.08),
    D: floats(steps * size, 50),
  };
});

/** Runs a call per sample, with pointers to its events. */
function perSample(m, call) {
  const { samples, steps, offsets, ids } = passage();
  const [OFFSETS, IDS] = [m.put(offsets), m.put(ids)];
  const events = Array.from({ length: samples }, (_, s) => m.put(Uint32Array.of(OFFSETS + 4 * s * (steps + 1), IDS, 0)));
  return () => {
    for (const event of events) call(event);
  };
}

const sizes = '25 steps x 256 neurons x 128 samples';
const denseBlock = (m, W) => m.put(Uint32Array.of(m.put(W), 0, 0, 0));
const csrBlock = (m, A) => m.put(Uint32Array.of(0, ...putSparse(m, A)));

const through = (name, block) =>
  simple(name, (m) => {
    const { steps, size } = passage();
    const [U, offsets, ids] = [m.zeros(F32, steps * size), m.zeros(I32, steps + 1), m.zeros(I32, steps * size)];
    const [synapses, drive] = [block(m), m.put(floats(size, 51, 0.1))];
    const run = perSample(m, (events) =>
      m.kernels.lifForwardF32(steps, size, 0.9, 1, 1, drive, events, synapses, 0, U, offsets, ids),
    );
    return [run, F32, U, steps * size];
  });

/** Errors are put back before every sample. */
const backwards = (name, shape, window) =>
  simple(name, (m) => {
    const { samples, steps, size, U, D } = passage();
    const [u, e, sum] = [m.put(U), m.put(D), m.zeros(F32, size)];
    const view = m.view(F32, e, steps * size);
    const run = () => {
      for (let s = 0; s < samples; s++) {
        view.set(D);
        m.kernels.lifBackwardF32(steps, size, size, 0.9, 1, 1, 0, shape, 5, 1, window, 1e-3, 0, 0, u, e, sum);
      }
    };
    return [run, F32, e, steps * size];
  });

const layers = [
  through(`spiking layer forwards f32, dense 784 x 256, ${sizes}`, (m) => denseBlock(m, passage().W)),
  through(`spiking layer forwards f32, CSR 10 %, ${sizes}`, (m) => csrBlock(m, single(sparseRows(784, 256, 26, 52)))),
  simple(`errors through synapses f32, dense 256 x 256, window 0.3, ${sizes}`, (m) => {
    const { samples, steps, size, U, D } = passage();
    const [u, d, out, block] = [m.put(U), m.put(D), m.zeros(F32, steps * size), denseBlock(m, floats(size * size, 53, 0.08))];
    const run = () => {
      for (let s = 0; s < samples; s++) m.kernels.spreadF32(steps, size, size, 1, 0.3, u, block, d, size, out);
    };
    return [run, F32, out, steps * size];
  }),
  backwards(`back through time f32, fast sigmoid, ${sizes}`, 0, Infinity),
  backwards(`back through time f32, sigmoid, window 0.3, ${sizes}`, 1, 0.3),
  simple(`gradient of events f32, dense 784 x 256, ${sizes}`, (m) => {
    const { steps, size, inputs, D } = passage();
    const [d, G] = [m.put(D), m.zeros(F32, inputs * size)];
    const block = m.put(Uint32Array.of(G, 0, 0, 0));
    return [perSample(m, (events) => m.kernels.eventGradientF32(steps, events, block, d, size)), F32, G, inputs * size];
  }),
  simple(`leak backwards f32, ${sizes}`, (m) => {
    const { samples, steps, size, D } = passage();
    const g = m.put(D);
    const view = m.view(F32, g, steps * size);
    const run = () => {
      for (let s = 0; s < samples; s++) {
        view.set(D);
        m.kernels.leakBackwardF32(steps, size, 0.9, g);
      }
    };
    return [run, F32, g, steps * size];
  }),
];

const WEIGHTS = 256_000;

/** Weights walk on from call to call: a step costs the same wherever they are. */
const adamRow = {
  name: 'proximal Adam f32, 256000 weights',
  data: () => ({ w: floats(WEIGHTS, 54, 0.05), g: floats(WEIGHTS, 55, 0.01) }),
  wire(m, { w, g }) {
    const [W, G, M, V] = [m.put(w), m.put(g), m.zeros(F32, WEIGHTS), m.zeros(F32, WEIGHTS)];
    const run = () => m.kernels.adamF32(W, G, M, V, WEIGHTS, 1e-3, 0.9, 0.999, 1, 1, 1e-8, 1e-3, 0, 0);
    return { run, out: [F32, W, WEIGHTS] };
  },
  plain(loops, { w, g }) {
    const [out, m, v] = [F32.from(w), new F32(WEIGHTS), new F32(WEIGHTS)];
    return { run: () => loops.adam(out, g, m, v, 1e-3, 0.9, 0.999, 1e-8, 1e-3), out };
  },
};

const optimisers = [
  adamRow,
  simple('proximal heavy ball f32, 256000 weights', (m) => {
    const [W, G, M] = [m.put(floats(WEIGHTS, 54, 0.05)), m.put(floats(WEIGHTS, 55, 0.01)), m.zeros(F32, WEIGHTS)];
    return [() => m.kernels.momentumF32(W, G, M, WEIGHTS, 1e-3, 0.9, 1e-3, 0, 0), F32, W, WEIGHTS];
  }),
  simple('group step f32, 1000 rows x 256 weights', (m) => {
    const [W, G, M, V] = [
      m.put(floats(WEIGHTS, 54, 0.05)),
      m.put(floats(WEIGHTS, 55, 0.01)),
      m.zeros(F32, WEIGHTS),
      m.zeros(F32, 1000),
    ];
    const run = () => m.kernels.groupStepF32(W, G, M, V, 1000, 0, 256, 1e-3, 0.9, 0.999, 1, 1, 1e-8, 1e-3, 0, 0);
    return [run, F32, W, WEIGHTS];
  }),
  simple('drop connections f32, 256000 weights, half of them', (m) => {
    const seed = Uint32Array.of(1, 2, 3, 4);
    const [W, mask, out, state] = [m.put(floats(WEIGHTS, 54)), m.zeros(F32, WEIGHTS), m.zeros(F32, WEIGHTS), m.put(seed)];
    const words = m.view(Uint32Array, state, 4);
    const run = () => {
      words.set(seed);
      m.kernels.dropConnectionsF32(W, WEIGHTS, 0.5, state, mask, out);
    };
    return [run, F32, out, WEIGHTS];
  }),
  simple('multiply in place f32, 256000 weights', (m) => {
    const [x, signs] = [m.put(floats(WEIGHTS, 54)), m.put(floats(WEIGHTS, 55).map(Math.sign))];
    return [() => m.kernels.multiplyByF32(x, signs, WEIGHTS), F32, x, WEIGHTS];
  }),
];

export const kernelRows = [
  sparseDots('CSR matvec f64, 20000 x 20000, 1M nonzeros', 2.5, square, 'csrMatvecF64', true),
  sparseDots('CSR matvec f64, 200000 x 200000, 4M nonzeros', undefined, large, 'csrMatvecF64', true),
  sparseDots('CSR matvec f32, 20000 x 20000, 1M nonzeros', undefined, () => single(square()), 'csrMatvecF32'),
  sparseDots("CSC transposed matvec A'x, 20000 x 20000, 1M nonzeros", 2, square, 'cscDotsF64'),
  sparseScatter("CSR transposed matvec A'x (scatter), 1M nonzeros", 'csrRmatvecF64'),
  sparseScatter('CSC matvec A x (scatter), 1M nonzeros', 'cscCombineF64'),
  sparseTimesDense(8),
  sparseEpoch,
  denseDots("dense X'u, 1000 x 2000", 4, F64, 'denseDotsF64'),
  denseCombine('dense X w, 1000 x 2000', 4, F64, 'denseCombineF64'),
  denseDots("dense X'u, f32, 1000 x 2000", undefined, F32, 'denseDotsF32'),
  denseCombine('dense X w, f32, 1000 x 2000', undefined, F32, 'denseCombineF32'),
  denseDots("dense X'u in cache, 200 x 200", undefined, F64, 'denseDotsF64', cached),
  denseCombine('dense X w in cache, 200 x 200', undefined, F64, 'denseCombineF64', cached),
  denseEpoch,
  ...algebra,
  ...columns,
  ...vectors,
  lif,
  cuba,
  propagate,
  ...batches,
  ...layers,
  ...optimisers,
  ...factorizationRows,
  ...graphRows,
  ...clusterRows,
  ...spectralRows,
];
