import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { arena } from '../../src/backend/arena.ts';
import { backend, currentBackend, setBackend } from '../../src/backend/backend.ts';
import { uploadColumns } from '../../src/backend/columns.ts';
import { CscMatrix } from '../../src/core/cscMatrix.ts';
import { DenseMatrix } from '../../src/core/denseMatrix.ts';
import { asMatrix } from '../../src/core/matrixInput.ts';
import { Random } from '../../src/core/random.ts';
import { ActiveSet } from '../../src/linear/activeSet.ts';
import type { Certificate } from '../../src/linear/certificate.ts';
import { Coefficients } from '../../src/linear/coefficients.ts';
import type { PenaltyShape } from '../../src/linear/penaltyFactors.ts';
import { Problem } from '../../src/linear/problem.ts';
import type { Solver } from '../../src/linear/solver.ts';
import { Admm } from '../../src/linear/solvers/admm.ts';
import { CoordinateDescent } from '../../src/linear/solvers/coordinateDescent.ts';
import { ProximalGradient } from '../../src/linear/solvers/proximalGradient.ts';
import { RowBlocks } from '../../src/linear/solvers/rowBlocks.ts';
import { StochasticGradient } from '../../src/linear/solvers/stochasticGradient.ts';
import { Subgradient } from '../../src/linear/solvers/subgradient.ts';
import { ColumnSweeps, GramSweeps } from '../../src/linear/solvers/sweeps.ts';

interface Method {
  create: (problem: Problem) => Solver;
  maxEpochs: number;
}

/** These reach any accuracy; */
const exact: Record<string, Method> = {
  cd: { create: (problem) => new CoordinateDescent(problem), maxEpochs: 100_000 },
  ista: { create: (problem) => new ProximalGradient(problem, false), maxEpochs: 20_000 },
  fista: { create: (problem) => new ProximalGradient(problem, true), maxEpochs: 200_000 },
  admm: { create: (problem) => new Admm(problem), maxEpochs: 100_000 },
};
/** these come close. */
const rough: Record<string, Method> = {
  subgradient: { create: (problem) => new Subgradient(problem), maxEpochs: 10_000 },
  sgd: { create: (problem) => new StochasticGradient(problem, 7), maxEpochs: 1_000 },
};
const methods: Record<string, Method> = { ...exact, ...rough };

/** Plain data of a problem, as the caller has them. */
interface Sample {
  rows: number[][];
  y: Float64Array;
  sparse: boolean;
  shape: PenaltyShape;
  weights?: Float64Array;
}

interface Choice {
  n: number;
  p: number;
  sparse: boolean;
  fitIntercept: boolean;
  standardize: boolean;
  weighted: boolean;
  bounds: 'none' | 'positive' | 'box';
  l1Ratio: number;
  factors: boolean;
  duplicate: boolean;
  seed: number;
}

const choice: fc.Arbitrary<Choice> = fc.record({
  n: fc.integer({ min: 4, max: 30 }),
  p: fc.integer({ min: 1, max: 40 }),
  sparse: fc.boolean(),
  fitIntercept: fc.boolean(),
  standardize: fc.boolean(),
  weighted: fc.boolean(),
  bounds: fc.constantFrom('none', 'positive', 'box'),
  l1Ratio: fc.constantFrom(1, 0.5, 0),
  factors: fc.boolean(),
  duplicate: fc.boolean(),
  seed: fc.integer({ min: 0, max: 2 ** 30 }),
});

const plain: Choice = {
  n: 30,
  p: 12,
  sparse: false,
  fitIntercept: true,
  standardize: false,
  weighted: false,
  bounds: 'none',
  l1Ratio: 1,
  factors: false,
  duplicate: false,
  seed: 3,
};

/** More rows than columns, and no means that make columns alike. */
function wellConditioned(options: Choice): Choice {
  const { n, p, fitIntercept, sparse } = options;
  return { ...options, n: n + 10, p: Math.min(p, 12), fitIntercept: fitIntercept || !sparse };
}

/** Columns of very different scale around different means; a few of them carry the response. */
function sample(options: Choice): Sample {
  const { n, p, sparse, fitIntercept, standardize, l1Ratio } = options;
  const random = new Random(options.seed);
  const value = () => random.uniform() + random.uniform() + random.uniform() - 1.5;
  const scales = Array.from({ length: p }, () => [0.1, 1, 20][random.integer(3)]);
  const centres = Array.from({ length: p }, () => (sparse ? 0 : 2 * value()));
  const rows = Array.from({ length: n }, () =>
    scales.map((scale, j) => (sparse && random.uniform() < 0.6 ? 0 : scale * (centres[j] + value()))),
  );
  if (options.duplicate && p > 1) for (const row of rows) row[p - 1] = row[0];
  const y = Float64Array.from(rows, (row) => 3 + row[0] / scales[0] - (2 * row[p >> 1]) / scales[p >> 1] + value());
  const shape: PenaltyShape = { l1Ratio, fitIntercept, standardize };
  if (options.factors)
    shape.penaltyFactors = Float64Array.from({ length: p }, (_, j) => (j < 3 ? [0, 1, Infinity][j] : 0.5 + random.uniform()));
  if (options.bounds !== 'none') {
    shape.lower = Float64Array.from(scales, (scale) => (options.bounds === 'box' ? -0.3 / scale : 0));
    shape.upper = Float64Array.from(scales, (scale) => (options.bounds === 'box' ? 0.5 / scale : Infinity));
  }
  const weights = options.weighted
    ? Float64Array.from({ length: n }, (_, i) => (i === 1 ? 0 : 0.2 + random.uniform()))
    : undefined;
  return { rows, y, sparse, shape, weights };
}

/** Columns of unit variance, each correlated with the one before; ten of them carry the response. */
function correlated(n: number, p: number, rho: number): Sample {
  const random = new Random(1);
  const value = () => Array.from({ length: 12 }, () => random.uniform()).reduce((a, b) => a + b, -6);
  const rows = Array.from({ length: n }, () => {
    let last = value();
    return Array.from({ length: p }, () => (last = rho * last + Math.sqrt(1 - rho * rho) * value()));
  });
  const y = Float64Array.from(rows, (row) =>
    row.filter((_, j) => j % (p / 10) === 0).reduce((a, b, k) => a + (k % 3 === 0 ? -b : b), value()),
  );
  return { rows, y, sparse: false, shape: { l1Ratio: 1, fitIntercept: true, standardize: false } };
}

/** A sum over the rows with weights that sum to 1. */
function mean({ rows, weights }: Sample, value: (row: number[], i: number) => number): number {
  const total = weights ? weights.reduce((a, b) => a + b, 0) : rows.length;
  return rows.reduce((sum, row, i) => sum + ((weights ? weights[i] : 1) / total) * value(row, i), 0);
}

/** The objective of coefficients, written down directly from its definition. */
function objective(data: Sample, lambda: number, coef: Float64Array): number {
  const { y, shape } = data;
  const fitted = (row: number[]) => row.reduce((sum, x, j) => sum + x * coef[j], 0);
  const intercept = shape.fitIntercept ? mean(data, (row, i) => y[i] - fitted(row)) : 0;
  let value = 0.5 * mean(data, (row, i) => (y[i] - intercept - fitted(row)) ** 2);
  for (let j = 0; j < coef.length; j++) {
    if (coef[j] === 0) continue;
    const centre = mean(data, (row) => row[j]);
    const spread = shape.standardize ? Math.sqrt(mean(data, (row) => (row[j] - centre) ** 2)) : 1;
    const factor = lambda * (shape.penaltyFactors ? shape.penaltyFactors[j] : 1);
    value += factor * (shape.l1Ratio * spread * Math.abs(coef[j]) + 0.5 * (1 - shape.l1Ratio) * (spread * coef[j]) ** 2);
  }
  return value;
}

function withProblem<T>(data: Sample, body: (problem: Problem) => T): T {
  const dense = DenseMatrix.from(data.rows);
  return arena(currentBackend(), (frame) => {
    const matrix = asMatrix(data.sparse ? CscMatrix.fromDense(dense) : dense);
    return body(new Problem(frame, uploadColumns(frame, matrix), data.y, data.shape, data.weights));
  });
}

/** A tenth of the strength that keeps every penalised coefficient at zero; something of that size where there is no L1 part. */
function strength(problem: Problem): number {
  return (new ActiveSet(problem).steepest() || 1) / 10;
}

/** The other kind of solver; where columns tie under bounds its gap may stay open, and says so. */
function activeSet(problem: Problem, lambda: number): Certificate {
  return new ActiveSet(problem).solve({ lambda, tol: 1e-12, maxEpochs: 10_000 });
}

function full(solver: Solver, p: number): Float64Array {
  const out = new Float64Array(p);
  const { index, values } = solver.coefficients();
  index.forEach((j, k) => {
    out[j] = values[k];
  });
  return out;
}

const started = backend();
afterAll(() => setBackend(started));

describe.each(['wasm', 'js'] as const)('on the %s backend', (name) => {
  beforeAll(() => setBackend(name));

  test.each(Object.entries(exact))('%s reaches a gap of 1e-10 and the objective of the active set', (label, method) => {
    fc.assert(
      fc.property(choice, (options) => {
        const data = sample(options);
        withProblem(data, (problem) => {
          const lambda = strength(problem);
          const { nullLoss } = problem;
          const expected = activeSet(problem, lambda);
          const solver = method.create(problem);
          const trace: number[] = [];
          const record = (value: number) => trace.push(value);
          const certificate = solver.solve({ lambda, tol: 1e-10, maxEpochs: method.maxEpochs, record });
          const excess = certificate.primal - expected.primal;
          // Plain ISTA may need a million passes where columns are nearly dependent; the gap is a bound all the same.
          if (label !== 'ista') expect(certificate).toMatchObject({ converged: true, status: 'converged' });
          // With one bound and no penalty there is no cheap dual point: the gap is then an estimate.
          const slack = options.factors && options.bounds === 'positive' ? 1e-2 : 1e-9;
          expect(excess).toBeLessThanOrEqual((certificate.gap + slack) * nullLoss);
          expect(excess).toBeGreaterThanOrEqual(-(expected.gap + 1e-9) * nullLoss);
          expect(certificate.epochs).toBe(trace.length);
          expect(Math.abs((trace.at(-1) ?? certificate.primal) - certificate.primal)).toBeLessThanOrEqual(1e-14 * nullLoss);
          checkCoefficients(data, lambda, full(solver, options.p), certificate.primal);
        });
      }),
      { numRuns: label === 'ista' ? 25 : 60 },
    );
  });

  test.each([
    { n: 200, p: 100, limits: { cd: 60, ista: 500, fista: 200, admm: 150, sgd: 150 } },
    { n: 100, p: 300, limits: { cd: 120, ista: 20_000, fista: 1500, admm: 500, sgd: 5000 } },
  ])('correlated columns, $n x $p: a gap of 1e-10 within a known number of passes', ({ n, p, limits }) => {
    withProblem(correlated(n, p, 0.5), (problem) => {
      const lambda = new ActiveSet(problem).steepest() / 20;
      for (const [label, most] of Object.entries(limits)) {
        const certificate = methods[label].create(problem).solve({ lambda, tol: 1e-10, maxEpochs: most });
        expect(certificate, label).toMatchObject({ converged: true });
      }
    });
  });

  test.each(Object.entries(rough))('%s comes within its documented rate', (label, { create, maxEpochs }) => {
    fc.assert(
      fc.property(choice, (options) => {
        // The subgradient method crawls along directions of little curvature: it gets problems without any.
        const data = sample(label === 'subgradient' ? wellConditioned(options) : options);
        withProblem(data, (problem) => {
          const lambda = strength(problem);
          const expected = activeSet(problem, lambda);
          const solver = create(problem);
          const trace: number[] = [];
          const certificate = solver.solve({ lambda, tol: 1e-4, maxEpochs, record: (value) => trace.push(value) });
          expect(certificate.epochs).toBe(trace.length);
          expect(certificate.primal - expected.primal).toBeLessThanOrEqual(0.02 * problem.nullLoss);
          expect(certificate.primal - expected.primal).toBeGreaterThanOrEqual(-(1e-12 + expected.gap) * problem.nullLoss);
          expect(Math.abs((trace.at(-1) ?? certificate.primal) - certificate.primal)).toBeLessThanOrEqual(
            1e-14 * problem.nullLoss,
          );
          checkCoefficients(data, lambda, full(solver, data.rows[0].length), certificate.primal);
        });
      }),
      { numRuns: 20 },
    );
  });

  test.each(Object.entries(methods))(
    '%s soft-thresholds the correlations of orthogonal columns',
    (label, { create, maxEpochs }) => {
      const rows = [
        [1, 1, 1],
        [-1, 1, -1],
        [1, -1, -1],
        [-1, -1, 1],
      ];
      const y = Float64Array.from(rows, (row) => 2 * row[0] - 0.5 * row[1] + 0.1 * row[2] + 4);
      const data: Sample = { rows, y, sparse: false, shape: { l1Ratio: 1, fitIntercept: true, standardize: false } };
      withProblem(data, (problem) => {
        const solver = create(problem);
        solver.solve({ lambda: 0.25, tol: 1e-12, maxEpochs });
        const coef = full(solver, 3);
        const digits = label === 'subgradient' ? 1 : 6;
        expect(coef[0]).toBeCloseTo(1.75, digits);
        expect(coef[1]).toBeCloseTo(-0.25, digits);
        expect(coef[2]).toBeCloseTo(0, digits);
        if (label !== 'subgradient') expect(coef[2]).toBe(0);
      });
    },
  );

  test.each(Object.entries(methods))('%s solves least squares at lambda = 0', (label, { create, maxEpochs }) => {
    for (const [factors, bounds] of [
      [false, 'none'],
      [true, 'none'],
      [true, 'positive'],
    ] as const) {
      const data = sample({ ...plain, factors, bounds });
      withProblem(data, (problem) => {
        const expected = activeSet(problem, 0);
        const solver = create(problem);
        const certificate = solver.solve({ lambda: 0, tol: 1e-8, maxEpochs });
        expect(certificate.primal).toBeGreaterThanOrEqual(expected.primal - 1e-12 * problem.nullLoss);
        expect(certificate.primal - expected.primal).toBeLessThanOrEqual((label in exact ? 1e-8 : 0.01) * problem.nullLoss);
        expect(full(solver, 12).every(Number.isFinite)).toBe(true);
        if (factors) expect(full(solver, 12)[2]).toBe(0);
      });
    }
  });

  test.each(Object.entries(methods))('%s starts from its last solution', (_, { create, maxEpochs }) => {
    withProblem(sample(plain), (problem) => {
      const lambda = strength(problem);
      const solver = create(problem);
      const run = { lambda, tol: 0.02, maxEpochs };
      const cold = solver.solve(run);
      expect(cold.converged).toBe(true);
      expect(cold.epochs).toBeGreaterThan(0);
      const before = solver.coefficients();
      expect(solver.solve(run)).toMatchObject({ epochs: 0, primal: cold.primal });
      expect(solver.coefficients()).toEqual(before);
      expect(solver.solve({ ...run, lambda: lambda / 2 }).converged).toBe(true);
      expect(solver.solve({ ...run, lambda: 20 * lambda }).converged).toBe(true);
    });
  });

  test.each(Object.entries(methods))('%s stops after maxEpochs passes and says so', (_, { create }) => {
    withProblem(sample(plain), (problem) => {
      for (const maxEpochs of [0, 1, 7]) {
        const trace: number[] = [];
        const run = { lambda: strength(problem) / 100, tol: 1e-15, maxEpochs, record: (value: number) => trace.push(value) };
        const certificate = create(problem).solve(run);
        expect(certificate).toMatchObject({ converged: false, status: 'maxEpochs', epochs: maxEpochs });
        expect(trace).toHaveLength(maxEpochs);
        if (maxEpochs > 0) expect(trace.at(-1)).toBeCloseTo(certificate.primal, 12);
      }
    });
  });

  test.each(Object.entries(exact))('%s stops where 64-bit arithmetic ends', (_, { create }) => {
    withProblem(sample({ ...plain, p: 8 }), (problem) => {
      const certificate = create(problem).solve({ lambda: strength(problem), tol: 0, maxEpochs: 1_000_000 });
      expect(['converged', 'machinePrecision']).toContain(certificate.status);
      expect(certificate.gap).toBeLessThan(1e-14);
    });
  });

  test.each(Object.entries(methods))('%s leaves a constant response at zero, without a pass', (_, { create }) => {
    const data = { ...sample(plain), y: new Float64Array(30).fill(2.5) };
    withProblem(data, (problem) => {
      const solver = create(problem);
      expect(solver.solve({ lambda: 0.1, tol: 1e-10, maxEpochs: 10 })).toMatchObject({ converged: true, epochs: 0, primal: 0 });
      expect(solver.coefficients().index).toHaveLength(0);
    });
  });

  test.each(Object.entries(methods))('%s returns the same bits again', (_, { create }) => {
    const solve = () =>
      withProblem(sample({ ...plain, sparse: true, weighted: true }), (problem) => {
        const solver = create(problem);
        return {
          certificate: solver.solve({ lambda: strength(problem), tol: 1e-12, maxEpochs: 60 }),
          coef: solver.coefficients(),
        };
      });
    expect(solve()).toEqual(solve());
  });

  test('epochs over columns and on the Gram matrix move alike', () => {
    for (const weighted of [false, true]) {
      withProblem(sample({ ...plain, weighted, factors: true, bounds: 'box' }), (problem) => {
        const { heap, p } = problem;
        const lambda = strength(problem);
        const traces = [ColumnSweeps, GramSweeps].map((Sweeps) => {
          const state = new Coefficients(problem);
          const sweeps = new Sweeps(problem, state);
          const objectives = [sweeps.sync(lambda)];
          for (let k = 0; k < 5; k++) {
            sweeps.epoch(lambda, k > 0);
            objectives.push(sweeps.sync(lambda));
          }
          return { objectives, coef: [...heap.f64(state.coef, p)] };
        });
        const [columns, gram] = traces;
        columns.objectives.forEach((value, k) => {
          expect(Math.abs(value - gram.objectives[k])).toBeLessThan(1e-12 * problem.nullLoss);
        });
        columns.coef.forEach((value, j) => {
          expect(value).toBeCloseTo(gram.coef[j], 8);
        });
      });
    }
  });

  test('row blocks add up to the full product', () => {
    for (const options of [plain, { ...plain, sparse: true, weighted: true }, { ...plain, n: 70, fitIntercept: false }]) {
      withProblem(sample(options), (problem) => {
        const { frame, heap, kernels, n, p } = problem;
        const blocks = new RowBlocks(problem, 5);
        const step = Float64Array.from({ length: p }, (_, j) => (j % 3) - 1);
        const d = frame.put(step);
        const sum = frame.f64(p);
        for (let k = 0; k < blocks.count; k++) blocks.subtract(k, d, sum);
        kernels.scale(-1 / blocks.count, sum, p);
        const image = frame.f64(n);
        const expected = frame.f64(p);
        problem.addColumns(
          Int32Array.from(step, (_, j) => j),
          step,
          image,
        );
        problem.correlate(image, 0, p, expected);
        const found = frame.read(sum, p);
        const scale = kernels.normMax(expected, p);
        heap.f64(expected, p).forEach((value, j) => {
          expect(Math.abs(found[j] - value)).toBeLessThan(1e-12 * scale);
        });
      });
    }
  });

  test('a finished job leaves nothing in linear memory', () => {
    const { heap } = currentBackend();
    const before = heap.inUse;
    for (const { create } of Object.values(methods)) {
      withProblem(sample(plain), (problem) => create(problem).solve({ lambda: strength(problem), tol: 1e-6, maxEpochs: 50 }));
    }
    expect(heap.inUse).toBe(before);
  });
});

/** Within bounds, zero where the factor is infinite, and worth what the certificate says. */
function checkCoefficients(data: Sample, lambda: number, coef: Float64Array, primal: number): void {
  const { lower, upper, penaltyFactors } = data.shape;
  for (let j = 0; j < coef.length; j++) {
    expect(coef[j]).toBeGreaterThanOrEqual(lower ? lower[j] : -Infinity);
    expect(coef[j]).toBeLessThanOrEqual(upper ? upper[j] : Infinity);
    if (penaltyFactors?.[j] === Infinity) expect(coef[j]).toBe(0);
  }
  expect(objective(data, lambda, coef) / primal).toBeCloseTo(1, 8);
}
