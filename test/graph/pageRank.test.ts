import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CsrMatrix, DenseMatrix, pageRank, undirected } from '../../src/index.ts';
import { Dice } from '../linear/problems.ts';
import { csr, distribution, exactPageRank, l1Distance, scaled, traits, weightsOf } from './graphs.ts';

const runs = { seed: 20250101, numRuns: 150 };
const damping = fc.constantFrom(0.05, 0.5, 0.85, 0.97);
const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);

describe('pageRank', () => {
  test.each(['auto', 'gauss-seidel', 'power'] as const)("by '%s' is within its error bound of the exact scores", (solver) => {
    const property = fc.property(traits, damping, fc.constantFrom('none', 'same', 'uniform', 'own'), (graph, alpha, rule) => {
      const W = weightsOf(graph);
      const { n } = graph;
      const dice = new Dice(graph.seed + 7);
      const uniform = new Array(n).fill(1 / n);
      const [v, own] = [distribution(dice, n), distribution(dice, n)];
      const dangling = rule === 'uniform' ? 'uniform' : rule === 'own' ? own : 'personalization';
      const personalization = rule === 'none' ? undefined : v;
      const result = pageRank(csr(W), {
        damping: alpha,
        tol: 1e-11,
        solver,
        dangling,
        ...(personalization ? { personalization } : {}),
      });
      const to = rule === 'none' ? uniform : scaled(v);
      const u = rule === 'uniform' ? uniform : rule === 'own' ? scaled(own) : to;
      const exact = exactPageRank(W, alpha, to, u);
      expect(l1Distance(result.scores, exact)).toBeLessThanOrEqual(result.errorBound + 1e-14 / (1 - alpha));
      expect(result.errorBound).toBeLessThanOrEqual(1e-11);
      expect(result.converged).toBe(true);
      expect(Math.abs(sum(result.scores) - 1)).toBeLessThanOrEqual(1e-14 * (n + 1));
      expect(Math.min(...result.scores)).toBeGreaterThanOrEqual(0);
    });
    fc.assert(property, runs);
  });

  test("by 'cg' on undirected graphs is within its error bound of the exact scores", () => {
    const property = fc.property(traits, damping, fc.boolean(), (graph, alpha, own) => {
      const W = weightsOf({ ...graph, symmetric: true });
      for (let i = 0; i < graph.n; i++) for (let j = 0; j < i; j++) W[i][j] = W[j][i] = W[i][j] && W[j][i];
      const v = distribution(new Dice(graph.seed), graph.n);
      const result = pageRank(csr(W), {
        damping: alpha,
        tol: 1e-11,
        solver: 'cg',
        personalization: v,
        dangling: own ? 'uniform' : 'personalization',
      });
      const u = own ? new Array(graph.n).fill(1 / graph.n) : scaled(v);
      expect(l1Distance(result.scores, exactPageRank(W, alpha, scaled(v), u))).toBeLessThanOrEqual(result.errorBound + 1e-13);
      expect(result).toMatchObject({ converged: true, solver: 'cg' });
    });
    fc.assert(property, runs);
  });

  test('follows its nodes through any renumbering', () => {
    const property = fc.property(traits, (graph) => {
      const W = weightsOf(graph);
      const dice = new Dice(graph.seed);
      const order = W.map((_, i) => i);
      for (let i = order.length - 1; i > 0; i--) {
        const k = dice.integer(i + 1);
        [order[i], order[k]] = [order[k], order[i]];
      }
      const one = pageRank(csr(W), { tol: 1e-13 });
      const other = pageRank(csr(order.map((i) => order.map((j) => W[i][j]))), { tol: 1e-13 });
      const back = new Float64Array(W.length);
      order.forEach((i, k) => {
        back[i] = other.scores[k];
      });
      expect(l1Distance(one.scores, back)).toBeLessThanOrEqual(one.errorBound + other.errorBound);
    });
    fc.assert(property, runs);
  });

  test('does not change with the scale of the weights, of all or of one node', () => {
    const property = fc.property(traits, fc.constantFrom(1e-300, 1e-160, 0.3, 7, 1e160, 1e300), (graph, factor) => {
      const W = weightsOf(graph);
      const plain = pageRank(csr(W), { tol: 1e-12 });
      const all = pageRank(csr(W.map((row) => row.map((w) => w * factor))), { tol: 1e-12 });
      const one = pageRank(csr(W.map((row, i) => (i === 0 ? row.map((w) => w * factor) : row))), { tol: 1e-12 });
      for (const { scores, errorBound } of [all, one]) {
        expect(l1Distance(scores, plain.scores)).toBeLessThanOrEqual(plain.errorBound + errorBound);
      }
    });
    fc.assert(property, runs);
  });

  test('takes an entry of 0 for no edge, and a repeated edge for its sum', () => {
    for (const weighted of [true, false]) {
      const row = [0, 0, 1, 2, 0, 3, 3];
      const col = [1, 2, 2, 0, 1, 0, 3];
      const with0 = CsrMatrix.fromCoo(4, 4, {
        row: [...row, 1, 2, 2],
        col: [...col, 0, 1, 3],
        value: [1, 2, 1, 1, 1, 3, 1, 0, 0, 0],
      });
      const without = CsrMatrix.fromCoo(4, 4, { row, col, value: [1, 2, 1, 1, 1, 3, 1] });
      expect(with0.nnz).toBe(without.nnz + 3);
      expect(pageRank(with0, { weighted })).toEqual(pageRank(without, { weighted }));
    }
    const zeros = CsrMatrix.fromCoo(2, 2, { row: [0, 1], col: [1, 0], value: [0, 0] });
    expect(Array.from(pageRank(zeros).scores)).toEqual([0.5, 0.5]);
  });

  test('reads the same graph from every format', () => {
    const W = weightsOf({ n: 20, density: 0.2, seed: 3, equal: false, symmetric: false });
    const expected = pageRank(csr(W));
    expect(pageRank(W)).toEqual(expected);
    expect(pageRank(csr(W).toCsc())).toEqual(expected);
    expect(pageRank(DenseMatrix.from(W))).toEqual(expected);
    const single = CsrMatrix.fromCoo(2, 2, { row: [0, 0, 1], col: [0, 1, 0], value: Float32Array.of(0.1, 0.7, 2) });
    const double = CsrMatrix.fromCoo(2, 2, { row: [0, 0, 1], col: [0, 1, 0], value: Float64Array.from(single.data) });
    expect(l1Distance(pageRank(single).scores, pageRank(double).scores)).toBeLessThanOrEqual(2e-10);
  });

  test('takes weights of nodes as an array, a Map or a sparse list', () => {
    const G = csr(weightsOf({ n: 6, density: 0.4, seed: 5, equal: false, symmetric: false }));
    const expected = pageRank(G, { personalization: [0, 3, 0, 0, 1, 0] });
    expect(
      pageRank(G, {
        personalization: new Map([
          [4, 1],
          [1, 3],
        ]),
      }),
    ).toEqual(expected);
    expect(pageRank(G, { personalization: { indices: [1, 4], values: [3, 1] } })).toEqual(expected);
    const seeds = pageRank(G, { personalization: { indices: [1, 4] } });
    expect(seeds).toEqual(pageRank(G, { personalization: [0, 1, 0, 0, 1, 0] }));
  });

  test('is 1 on one node, with or without a loop, and even without edges', () => {
    for (const W of [[[0]], [[5]]]) expect(pageRank(W)).toMatchObject({ scores: Float64Array.of(1), converged: true });
    expect(
      Array.from(
        pageRank([
          [0, 0],
          [0, 0],
        ]).scores,
      ),
    ).toEqual([0.5, 0.5]);
  });

  test('keeps exact zeros where no walk arrives', () => {
    const G = CsrMatrix.fromCoo(4, 4, { row: [0, 1, 2], col: [1, 0, 3], value: [1, 1, 1] });
    const { scores } = pageRank(G, { personalization: { indices: [0] } });
    expect([scores[2], scores[3]]).toEqual([0, 0]);
  });

  test('gives way to conjugate gradients on an undirected graph that converges slowly, and only there', () => {
    const n = 2000;
    const ring = CsrMatrix.fromCoo(n, n, {
      row: Array.from({ length: n }, (_, i) => i),
      col: Array.from({ length: n }, (_, i) => (i * 7 + 1) % n),
      value: new Array(n).fill(1),
    });
    const options = { damping: 0.99, personalization: { indices: [5] } };
    const slow = pageRank(undirected(ring), options);
    expect(slow).toMatchObject({ solver: 'cg', converged: true });
    const sweeps = pageRank(undirected(ring), { ...options, solver: 'gauss-seidel' });
    expect(sweeps).toMatchObject({ solver: 'gauss-seidel', converged: true });
    expect(slow.iterations).toBeLessThan(sweeps.iterations / 2);
    expect(l1Distance(slow.scores, sweeps.scores)).toBeLessThanOrEqual(slow.errorBound + sweeps.errorBound);
    expect(pageRank(ring, options)).toMatchObject({ solver: 'gauss-seidel', converged: true });
  });

  test('says so when it ran out of passes, or of digits', () => {
    const W = weightsOf({ n: 30, density: 0.15, seed: 11, equal: false, symmetric: true });
    for (const solver of ['gauss-seidel', 'power', 'cg'] as const) {
      const G = undirected(csr(W));
      const exact = pageRank(G, { tol: 1e-13, damping: 0.95 }).scores;
      const short = pageRank(G, { solver, maxIterations: 3, damping: 0.95 });
      expect(short).toMatchObject({ converged: false, status: 'maxIterations', iterations: 3, solver });
      expect(l1Distance(short.scores, exact)).toBeLessThanOrEqual(short.errorBound + 1e-13);
      expect(short.errorBound).toBeGreaterThan(1e-10);
      expect(Math.abs(sum(short.scores) - 1)).toBeLessThan(1e-14);
      const most = pageRank(G, { solver, tol: 0, damping: 0.95 });
      expect(most).toMatchObject({ converged: false, status: 'machinePrecision' });
      expect(most.errorBound).toBeLessThan(1e-12);
    }
  });
});

describe('undirected', () => {
  test('is the sum with the transposed matrix, loops once', () => {
    const property = fc.property(traits, (graph) => {
      const W = weightsOf(graph);
      const U = undirected(csr(W)).toDense();
      for (let i = 0; i < graph.n; i++) {
        for (let j = 0; j < graph.n; j++) expect(U.get(i, j)).toBe(i === j ? W[i][i] : W[i][j] + W[j][i]);
      }
    });
    fc.assert(property, { seed: 1, numRuns: 40 });
  });
});
