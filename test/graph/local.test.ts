import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  CsrMatrix,
  forwardPush,
  l1PageRank,
  l1PageRankPath,
  pageRank,
  type SparseVector,
  sweepCut,
  undirected,
} from '../../src/index.ts';
import { Dice } from '../linear/problems.ts';
import { csr, exactPageRank, judgeL1, l1Distance, ringOfCliques, scaled, traits, weightsOf } from './graphs.ts';

const runs = { seed: 20250102, numRuns: 150 };
const alphas = fc.constantFrom(0.05, 0.15, 0.5, 0.9);
const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);

/** An undirected graph and seeds that have edges; undefined where there are none. */
function undirectedProblem(graph: Parameters<typeof weightsOf>[0]) {
  const W = weightsOf({ ...graph, symmetric: true });
  for (let i = 0; i < graph.n; i++) for (let j = 0; j < i; j++) W[i][j] = W[j][i] = W[i][j] && W[j][i];
  const degree = W.map(sum);
  const linked = degree.flatMap((d, i) => (d > 0 ? [i] : []));
  if (linked.length === 0) return undefined;
  const dice = new Dice(graph.seed);
  const s = new Array(graph.n).fill(0);
  for (let k = 0; k < 2; k++) s[linked[dice.integer(linked.length)]] += 0.2 + dice.unit();
  const seeds = { indices: s.map((_, i) => i), values: s };
  return { W, G: csr(W), degree, s: scaled(s), seeds, volume: sum(degree) };
}

describe('forwardPush', () => {
  test('splits the seeds into scores and a residual below epsilon per degree', () => {
    const property = fc.property(
      traits,
      alphas,
      fc.constantFrom(0.1, 1e-3, 1e-6),
      fc.boolean(),
      (graph, alpha, epsilon, lazy) => {
        const W = weightsOf(graph);
        const seed = graph.seed % graph.n;
        const push = forwardPush(csr(W), { seeds: seed, alpha, epsilon, lazy });
        expect(sum(push.scores.values) + sum(push.residual.values)).toBeCloseTo(1, 12);
        expect(push.errorBound).toBeCloseTo(sum(push.residual.values), 14);
        const r = push.residual.toDense();
        r.forEach((value, i) => {
          if (value > 0) expect(value).toBeLessThan(epsilon * sum(W[i]));
        });
        // A node without edges keeps what it has, as with a loop.
        const closed = W.map((row, i) => row.map((w, j) => (sum(row) > 0 ? w : Number(i === j))));
        const slow = closed.map((row, i) => scaled(row).map((w, j) => (lazy ? (w + Number(i === j)) / 2 : w)));
        const s = r.map(() => 0);
        s[seed] = 1;
        const exact = exactPageRank(slow, 1 - alpha, Array.from(s), Array.from(s));
        expect(l1Distance(push.scores.toDense(), exact)).toBeLessThanOrEqual(push.errorBound + 1e-12);
        for (const [k, value] of push.scores.values.entries())
          expect(value).toBeLessThanOrEqual(exact[push.scores.indices[k]] + 1e-12);
      },
    );
    fc.assert(property, runs);
  });

  test('touches about 1 / (alpha epsilon) edges, whatever the size of the graph', () => {
    const work = [100, 1000, 4000].map((cliques) => {
      const push = forwardPush(ringOfCliques(cliques, 8), { seeds: 0, alpha: 0.1, epsilon: 1e-4 });
      expect(push.work).toBeLessThanOrEqual(3 / (0.1 * 1e-4));
      return push.work;
    });
    expect(new Set(work).size).toBe(1);
  });

  test('is the personalised PageRank of the walk that is not lazy', () => {
    const G = ringOfCliques(10, 5);
    const exact = pageRank(G, { damping: 0.8, personalization: { indices: [3] }, tol: 1e-13 }).scores;
    const { scores, errorBound } = forwardPush(G, { seeds: [3], alpha: 0.2, epsilon: 1e-10, lazy: false });
    expect(l1Distance(scores.toDense(), exact)).toBeLessThanOrEqual(errorBound + 1e-12);
    expect(errorBound).toBeLessThan(1e-7);
  });
});

describe('sweepCut', () => {
  test('finds the clique of its seed', () => {
    const G = ringOfCliques(2, 6);
    for (const scores of [
      forwardPush(G, { seeds: 10, alpha: 0.1, epsilon: 1e-5 }).scores,
      l1PageRank(G, { seeds: 10, alpha: 0.1, rho: 1e-3 }).scores,
    ]) {
      const cut = sweepCut(G, scores);
      expect(Array.from(cut.nodes)).toEqual([6, 7, 8, 9, 10, 11]);
      expect(cut.volume).toBe(6 * 5 + 2);
      expect(cut.conductance).toBeCloseTo(2 / 32, 14);
    }
  });

  test('computes the conductance of every prefix', () => {
    const property = fc.property(traits, (graph) => {
      const problem = undirectedProblem(graph);
      if (!problem) return;
      const { W, G, degree, volume } = problem;
      const dice = new Dice(graph.seed);
      const scores = dice.vector(graph.n, () => (dice.chance(0.7) ? dice.unit() : 0));
      scores[degree.findIndex((d) => d > 0)] = 0.5;
      const { order, profile, conductance, nodes } = sweepCut(G, scores);
      const ranks = Array.from(order, (i) => scores[i] / degree[i]);
      expect(ranks).toEqual([...ranks].sort((a, b) => b - a));
      const inside = new Set<number>();
      order.forEach((node, k) => {
        inside.add(node);
        const held = sum([...inside].map((i) => degree[i]));
        const cut = sum([...inside].flatMap((i) => W[i].filter((_, j) => !inside.has(j))));
        const rest = Math.min(held, volume - held);
        expect(profile[k]).toBeCloseTo(rest > 1e-9 ? cut / rest : 1, 9);
      });
      expect(conductance).toBe(Math.min(...profile));
      expect(Array.from(nodes)).toEqual(Array.from(order.slice(0, nodes.length)).sort((a, b) => a - b));
    });
    fc.assert(property, runs);
  });
});

describe('l1PageRank', () => {
  test('meets the optimality conditions on the whole graph, as it says', () => {
    const property = fc.property(traits, alphas, fc.constantFrom(0.3, 0.03, 1e-3, 1e-5), (graph, alpha, share) => {
      const problem = undirectedProblem(graph);
      if (!problem) return;
      const { W, G, s, seeds, volume } = problem;
      const rho = share / Math.min(volume, 50);
      const result = l1PageRank(G, { seeds, alpha, rho });
      const judged = judgeL1(W, s, alpha, rho, result.q.toDense());
      expect(result.converged).toBe(true);
      expect(judged.kkt).toBeLessThanOrEqual(1e-8);
      expect(Math.abs(judged.objective - result.objective)).toBeLessThanOrEqual(1e-14);
      expect(result.volume * rho).toBeLessThanOrEqual(1 + 1e-9);
      expect(result.volume).toBeCloseTo(sum(Array.from(result.support, (i) => sum(W[i]))), 9);
      expect(Array.from(result.support)).toEqual(Array.from(result.scores.indices));
      expect(Math.min(1, ...result.scores.values)).toBeGreaterThan(0);
    });
    fc.assert(property, runs);
  });

  test('becomes the lazy personalised PageRank for small rho', () => {
    const G = ringOfCliques(6, 4);
    const { scores } = l1PageRank(G, { seeds: 2, alpha: 0.3, rho: 1e-9 });
    const push = forwardPush(G, { seeds: 2, alpha: 0.3, epsilon: 1e-12 });
    expect(l1Distance(scores.toDense(), push.scores.toDense())).toBeLessThan(1e-6);
  });

  test('works as much on a large graph as on a small one, also beside a hub', () => {
    const work = [64, 512, 4096].map(
      (cliques) => l1PageRank(ringOfCliques(cliques, 8), { seeds: 80, alpha: 0.15, rho: 1e-4 }).work,
    );
    expect(new Set(work).size).toBe(1);
    const star = [1e3, 1e4, 1e5].map((n) => {
      const leaves = Array.from({ length: n }, (_, i) => i + 1);
      const G = undirected(
        CsrMatrix.fromCoo(n + 2, n + 2, {
          row: [...leaves.map(() => 0), 1],
          col: [...leaves, n + 1],
          value: new Array(n + 1).fill(1),
        }),
      );
      return l1PageRank(G, { seeds: 1, alpha: 0.15, rho: 1e-2 }).work;
    });
    expect(new Set(star).size).toBe(1);
    expect(star[0]).toBeLessThan(500);
  });

  test('does not look at what it cannot reach', () => {
    const { indptr, indices, data, rows } = ringOfCliques(100, 8);
    const bad = Float64Array.from(data);
    bad[bad.length / 2] = NaN;
    const G = new CsrMatrix({ rows, cols: rows, indptr, indices, data: bad });
    expect(l1PageRank(G, { seeds: 8, alpha: 0.15, rho: 1e-3 }).converged).toBe(true);
  });
});

describe('l1PageRankPath', () => {
  test('starts empty, and each support holds the one before', () => {
    const property = fc.property(traits, alphas, (graph, alpha) => {
      const problem = undirectedProblem(graph);
      if (!problem) return;
      const { W, G, s, seeds, degree } = problem;
      const { rhos, points } = l1PageRankPath(G, { seeds, alpha, nRhos: 12 });
      expect(rhos[0]).toBeCloseTo(Math.max(...s.map((weight, i) => (weight > 0 ? weight / degree[i] : 0))), 12);
      expect(points[0].support).toHaveLength(0);
      expect(points[1].support.length).toBeGreaterThan(0);
      points.forEach(({ rho, support, q, scores, converged, kkt }, k) => {
        expect(rho).toBe(rhos[k]);
        expect(converged).toBe(true);
        expect(kkt).toBeLessThanOrEqual(1e-8);
        expect(judgeL1(W, s, alpha, rho, q.toDense()).kkt).toBeLessThanOrEqual(2e-8);
        if (k === 0) return;
        const before = points[k - 1];
        for (const node of before.support) {
          expect(support.includes(node)).toBe(true);
          expect(scores.get(node)).toBeGreaterThanOrEqual(before.scores.get(node) * (1 - 1e-9));
        }
      });
    });
    fc.assert(property, { ...runs, numRuns: 60 });
  });

  test('meets each single solution', () => {
    const G = ringOfCliques(40, 5);
    const rhos = [1e-4, 0.05, 1e-3, 1e-2];
    const path = l1PageRankPath(G, { seeds: [7, 8], alpha: 0.2, rhos });
    expect(Array.from(path.rhos)).toEqual([0.05, 1e-2, 1e-3, 1e-4]);
    for (const point of path.points) {
      const single = l1PageRank(G, { seeds: [7, 8], alpha: 0.2, rho: point.rho });
      expect(point.support).toEqual(single.support);
      expectNear(point.scores, single.scores);
    }
  });

  function expectNear(a: SparseVector, b: SparseVector): void {
    expect(l1Distance(a.toDense(), b.toDense())).toBeLessThanOrEqual(1e-9);
  }
});
