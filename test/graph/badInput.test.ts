import { describe, expect, test } from 'vitest';
import { currentBackend } from '../../src/backend/backend.ts';
import {
  CsrMatrix,
  forwardPush,
  l1PageRank,
  l1PageRankPath,
  pageRank,
  SpinifexError,
  sweepCut,
  undirected,
} from '../../src/index.ts';

/** An undirected triangle with a tail, a node without edges, and edges of different weights. */
const rows = [
  [0, 2, 1, 0, 0],
  [2, 0, 3, 0, 0],
  [1, 3, 0, 4, 0],
  [0, 0, 4, 0, 0],
  [0, 0, 0, 0, 0],
];
const G = CsrMatrix.fromDense(rows);

function spoilt(i: number, j: number, value: number): CsrMatrix {
  return CsrMatrix.fromDense(rows.map((row, k) => row.map((w, l) => (k === i && l === j ? value : w))));
}

type Kind = new (...given: never[]) => Error;

/** The message must match, and no memory may stay behind. */
function expectRefused(body: () => unknown, kind: Kind, message: RegExp | string): void {
  const { heap } = currentBackend();
  const before = heap.inUse;
  let error: unknown;
  try {
    body();
  } catch (thrown) {
    error = thrown;
  }
  expect(error, 'nothing was thrown').toBeInstanceOf(Error);
  expect((error as Error).message).toMatch(message);
  expect(Object.getPrototypeOf(error)).toBe(kind.prototype);
  expect(heap.inUse).toBe(before);
}

const any = (value: unknown) => value as never;
const seeds = 0;
const local = { seeds, alpha: 0.15 };
const locals: [string, (G: CsrMatrix, more?: object) => unknown][] = [
  ['forwardPush', (G, more) => forwardPush(G, { ...local, epsilon: 1e-4, ...more })],
  ['l1PageRank', (G, more) => l1PageRank(G, { ...local, rho: 1e-3, ...more })],
  ['l1PageRankPath', (G, more) => l1PageRankPath(G, { ...local, ...more })],
];

describe('pageRank refuses', () => {
  test('weights that are negative, infinite or not numbers, and says where they are', () => {
    const solvers = ['auto', 'power', 'cg'] as const;
    for (const solver of solvers) {
      for (const weighted of [true, false]) {
        const run = (value: number) => () => pageRank(spoilt(1, 2, value), { solver, weighted });
        expectRefused(run(-1), RangeError, 'G[1][2] is -1: expected an edge weight >= 0');
        expectRefused(run(Number.NaN), RangeError, 'G[1][2] is NaN: expected a finite edge weight >= 0');
        expectRefused(run(Infinity), RangeError, 'G[1][2] is Infinity: expected a finite edge weight >= 0');
        expectRefused(run(-Infinity), RangeError, 'G[1][2] is -Infinity');
      }
    }
    const single = CsrMatrix.fromCoo(2, 2, { row: [0, 1], col: [1, 0], value: Float32Array.of(1, NaN) });
    expectRefused(() => pageRank(single), RangeError, 'G[1][0] is NaN');
    expectRefused(
      () =>
        pageRank([
          [0, 1],
          [NaN, 0],
        ]),
      RangeError,
      'G[1][0] is NaN',
    );
  });

  test('what is not a square matrix', () => {
    const wide = CsrMatrix.fromDense([[0, 1, 0]]);
    expectRefused(() => pageRank(wide), RangeError, 'G: expected a square matrix, one row and one column per node, got 1 x 3');
    for (const value of [undefined, null, 3, 'G', {}, new Float64Array(4)]) {
      expectRefused(
        () => pageRank(any(value)),
        TypeError,
        /^G: expected a DenseMatrix, CsrMatrix, CscMatrix or an array of rows/,
      );
    }
  });

  test('options of the wrong kind or amount', () => {
    const run = (options: object) => () => pageRank(G, options);
    expectRefused(run({ alpha: 0.85 }), TypeError, /pageRank: unknown option "alpha"; known options: damping/);
    for (const damping of [0, 1, -0.1, 1.5, NaN]) expectRefused(run({ damping }), RangeError, /^damping: expected a number in/);
    expectRefused(run({ damping: '0.85' }), TypeError, /^damping/);
    expectRefused(run({ tol: -1 }), RangeError, /^tol/);
    expectRefused(run({ weighted: 1 }), TypeError, /^weighted: expected true or false/);
    expectRefused(run({ solver: 'arnoldi' }), RangeError, /^solver: expected one of "auto"/);
    expectRefused(run({ maxIterations: 0 }), RangeError, /^maxIterations/);
    expectRefused(run({ dangling: 'leak' }), RangeError, /^dangling: expected one of "personalization"/);
    expectRefused(run({ dangling: 3 }), TypeError, /^dangling: expected weights/);
    expectRefused(run({ onProgress: 3 }), TypeError, /^onProgress/);
  });

  test('weights of nodes that do not fit', () => {
    const run = (personalization: unknown) => () => pageRank(G, { personalization: any(personalization) });
    expectRefused(run([1, 2]), RangeError, 'personalization: expected 5 numbers, got 2');
    expectRefused(run([0, 0, 0, 0, 0]), RangeError, 'personalization: expected at least one positive weight');
    expectRefused(run([1, 0, -1, 0, 0]), RangeError, 'personalization[2] is -1');
    expectRefused(run([1, 0, NaN, 0, 0]), RangeError, 'personalization[2] is NaN');
    expectRefused(run('uniform'), TypeError, /^personalization: expected weights/);
    expectRefused(run(new Map([[5, 1]])), RangeError, /^personalization keys\[0\] is 5: expected an integer in 0..4/);
    expectRefused(run(new Map()), RangeError, /^personalization values: expected at least one positive weight/);
    expectRefused(run({ indices: [1, 2], values: [1] }), RangeError, /^personalization.values: expected 2 numbers, got 1/);
    expectRefused(run({ indices: [] }), RangeError, /^personalization: expected at least one node/);
    expectRefused(run({ indices: [0.5] }), RangeError, /^personalization.indices\[0\] is 0.5/);
  });

  test("a directed graph for 'cg', and names the first edge without its reverse", () => {
    const message = /^G\[2\]\[3\] is 4 but G\[3\]\[2\] is 0: solver 'cg' needs an undirected graph/;
    expectRefused(() => pageRank(spoilt(3, 2, 0), { solver: 'cg' }), SpinifexError, message);
    expectRefused(() => pageRank(spoilt(3, 2, 5), { solver: 'cg' }), SpinifexError, /^G\[2\]\[3\] is 4 but G\[3\]\[2\] is 5/);
    expect(pageRank(spoilt(3, 2, 5), { solver: 'cg', weighted: false }).converged).toBe(true);
    expect(pageRank(G, { solver: 'cg' }).converged).toBe(true);
  });
});

describe.each(locals)('%s refuses', (title, run) => {
  test('what is not a square CsrMatrix', () => {
    expectRefused(() => run(any(rows)), TypeError, 'G: expected a CsrMatrix (local methods never convert a whole graph)');
    expectRefused(() => run(any(G.toCsc())), TypeError, /^G: expected a CsrMatrix/);
    expectRefused(() => run(CsrMatrix.fromDense([[1, 2]])), RangeError, /^G: expected a square matrix/);
  });

  test('weights that are negative or not finite, where it meets them', () => {
    expectRefused(() => run(spoilt(0, 1, -2)), RangeError, 'G[0][1] is -2: expected an edge weight >= 0');
    expectRefused(() => run(spoilt(0, 2, NaN)), RangeError, 'G[0][2] is NaN: expected a finite edge weight >= 0');
  });

  test('seeds that do not fit', () => {
    expectRefused(() => run(G, { seeds: 5 }), RangeError, /^seeds: expected an integer in 0..4, got 5/);
    expectRefused(() => run(G, { seeds: -1 }), RangeError, /^seeds/);
    expectRefused(() => run(G, { seeds: [] }), RangeError, /^seeds: expected at least one node/);
    expectRefused(() => run(G, { seeds: [0, 7] }), RangeError, /^seeds.indices\[1\] is 7/);
    expectRefused(
      () => run(G, { seeds: { indices: [0], values: [0] } }),
      RangeError,
      /^seeds.values: expected at least one positive/,
    );
    expectRefused(() => run(G, { seeds: { indices: [0], values: [-1] } }), RangeError, /^seeds.values\[0\] is -1/);
    expectRefused(() => run(G, { seeds: undefined }), TypeError, /^seeds: expected/);
    expectRefused(() => run(G, { seeds: 'D' }), TypeError, /^seeds: expected/);
  });

  test('other options of the wrong kind or amount', () => {
    expectRefused(() => run(G, { damping: 0.85 }), TypeError, `${title}: unknown option "damping"`);
    for (const alpha of [0, 1, NaN, undefined])
      expectRefused(() => run(G, { alpha }), alpha === undefined ? TypeError : RangeError, /^alpha/);
  });
});

describe('the methods on undirected graphs refuse', () => {
  test('an edge without its reverse, where they meet it', () => {
    const directed = spoilt(1, 0, 0);
    for (const [title, run] of locals.slice(1)) {
      expectRefused(() => run(directed), SpinifexError, /^G\[0\]\[1\] is 2 but G\[1\]\[0\] is 0: L1-regularised PageRank needs/);
      expectRefused(() => run(spoilt(1, 0, 2.5)), SpinifexError, /^G\[0\]\[1\] is 2 but G\[1\]\[0\] is 2.5/);
      expect(title).toMatch(/^l1/);
    }
    expectRefused(
      () => sweepCut(directed, [1, 0, 0, 0, 0]),
      SpinifexError,
      /^G\[0\]\[1\] is 2 but G\[1\]\[0\] is 0: sweepCut needs/,
    );
    expect(sweepCut(directed, [0, 0, 0, 1, 0]).nodes).toEqual(Int32Array.of(3));
  });

  test('a seed without edges', () => {
    for (const [, run] of locals.slice(1))
      expectRefused(() => run(G, { seeds: [0, 4] }), RangeError, 'seeds: node 4 has no edges');
    const push = forwardPush(G, { seeds: 4, alpha: 0.15, epsilon: 1e-3 });
    expect(push).toMatchObject({ errorBound: 0, scores: { indices: Int32Array.of(4), values: Float64Array.of(1) } });
  });

  test('a strength that is not positive', () => {
    for (const rho of [0, -1, NaN, Infinity]) expectRefused(() => l1PageRank(G, { ...local, rho }), RangeError, /^rho: expected/);
    expectRefused(() => l1PageRankPath(G, { ...local, rhos: [] }), RangeError, 'rhos: expected at least one number');
    expectRefused(() => l1PageRankPath(G, { ...local, rhos: [1, 0] }), RangeError, 'rhos[1] is 0: expected a number > 0');
    expectRefused(() => l1PageRankPath(G, { ...local, nRhos: 0 }), RangeError, /^nRhos/);
    expectRefused(() => l1PageRankPath(G, { ...local, rhoMinRatio: 1 }), RangeError, /^rhoMinRatio/);
    expectRefused(() => forwardPush(G, { ...local, epsilon: 0 }), RangeError, /^epsilon/);
  });

  test('scores that do not fit the graph', () => {
    expectRefused(() => sweepCut(G, [1, 2]), RangeError, 'scores: expected 5 numbers, got 2');
    expectRefused(() => sweepCut(G, [1, -2, 0, 0, 0]), RangeError, 'scores[1] is -2');
    expectRefused(() => sweepCut(G, any(3)), TypeError, /^scores: expected a SparseVector/);
    expectRefused(
      () => sweepCut(G, [0, 0, 0, 0, 1]),
      RangeError,
      /^scores: expected a positive score of at least one node with an edge/,
    );
    const { scores } = forwardPush(G, { ...local, epsilon: 0.1 });
    expectRefused(() => sweepCut(CsrMatrix.fromDense([[1]]), scores), RangeError, 'scores: expected a vector of length 1, got 5');
    expectRefused(() => scores.get(5), RangeError, /^i: expected an integer in 0..4/);
  });
});

test('undirected refuses what is not a square matrix', () => {
  expectRefused(() => undirected([[1, 2]]), RangeError, /^G: expected a square matrix/);
});
