import { describe, expect, test } from 'vitest';
import { CsrMatrix, l1PageRank, type PageRankOptions, pageRank, setBackend, undirected } from '../../src/index.ts';
import file from '../fixtures/golden/pagerank.json';
import { l1Distance } from './graphs.ts';

interface Edges {
  nodes: number;
  source: number[];
  target: number[];
  weight: number[];
}

interface PageRankCase {
  name: string;
  graph: string;
  alpha: number;
  weighted: boolean;
  dangling: 'personalization' | 'uniform';
  personalization?: number[];
  scores: number[];
}

interface L1Case {
  name: string;
  graph: string;
  alpha: number;
  rho: number;
  seeds: number[];
  q: number[];
  p: number[];
  support: number;
  volume: number;
  objective: number;
}

const graphs = file.graphs as Record<string, Edges>;
const graph = ({ nodes, source, target, weight }: Edges) =>
  CsrMatrix.fromCoo(nodes, nodes, { row: source, col: target, value: weight });
const cases = file.cases as unknown as ({ kind: string } & PageRankCase & L1Case)[];
const pageRanks: PageRankCase[] = cases.filter(({ kind }) => kind === 'pagerank');
const l1: L1Case[] = cases.filter(({ kind }) => kind === 'l1-pagerank');

describe.each(['wasm', 'js'] as const)('golden cases on the %s backend', (name) => {
  test('are all of the file', () => expect([pageRanks.length, l1.length]).toEqual([19, 4]));

  test.each(pageRanks)('$name', ({ graph: which, alpha: damping, weighted, dangling, personalization, scores }) => {
    setBackend(name);
    try {
      const G = graph(graphs[which]);
      const options: PageRankOptions = { damping, weighted, dangling, tol: 1e-12 };
      if (personalization) options.personalization = personalization;
      for (const solver of ['auto', 'gauss-seidel', 'power'] as const) {
        const result = pageRank(G, { ...options, solver });
        expect(l1Distance(result.scores, scores)).toBeLessThanOrEqual(result.errorBound + 1e-15);
        expect(result).toMatchObject({ converged: true, status: 'converged' });
        expect(result.errorBound).toBeLessThanOrEqual(1e-12);
      }
    } finally {
      setBackend('wasm');
    }
  });

  test.each(l1)('$name', ({ graph: which, alpha, rho, seeds, q, p, support, volume, objective }) => {
    setBackend(name);
    try {
      const indices = seeds.flatMap((weight, i) => (weight > 0 ? [i] : []));
      const values = indices.map((i) => seeds[i]);
      const result = l1PageRank(undirected(graph(graphs[which])), { seeds: { indices, values }, alpha, rho });
      const largest = Math.max(...q);
      const found = [result.q.toDense(), result.scores.toDense()];
      for (let i = 0; i < q.length; i++) {
        expect(Math.abs(found[0][i] - q[i])).toBeLessThanOrEqual(1e-8 * largest);
        expect(Math.abs(found[1][i] - p[i])).toBeLessThanOrEqual(1e-8 * Math.max(...p));
        expect(found[0][i] > 0).toBe(q[i] > 0);
      }
      expect(result.support).toHaveLength(support);
      expect(result.volume).toBeCloseTo(volume, 10);
      expect(Math.abs(result.objective - objective)).toBeLessThanOrEqual(1e-14);
      expect(result.kkt).toBeLessThanOrEqual(1e-8);
    } finally {
      setBackend('wasm');
    }
  });
});

describe('the six nodes of Langville and Meyer', () => {
  const edges = [
    [1, 2],
    [1, 3],
    [3, 1],
    [3, 2],
    [3, 5],
    [4, 5],
    [4, 6],
    [5, 4],
    [5, 6],
    [6, 4],
  ];
  const from = (list: number[][]) =>
    CsrMatrix.fromCoo(6, 6, {
      row: list.map(([i]) => i - 1),
      col: list.map(([, j]) => j - 1),
      value: list.map(() => 1),
    });
  const rounded = (scores: Float64Array) => Array.from(scores, (score) => Number(score.toFixed(4)));

  test('with their dangling node sent to all nodes', () => {
    const all = [1, 2, 3, 4, 5, 6].map((j) => [2, j]);
    const expected = [0.0372, 0.054, 0.0415, 0.3751, 0.206, 0.2862];
    expect(rounded(pageRank(from(edges), { damping: 0.9 }).scores)).toEqual(expected);
    expect(rounded(pageRank(from([...edges, ...all]), { damping: 0.9 }).scores)).toEqual(expected);
  });

  test('with walks from the dangling node given weights of their own (networkx)', () => {
    const { scores } = pageRank(from(edges), { damping: 0.9, dangling: [0, 1, 2, 3, 4, 5].map((i) => (i < 4 ? 0 : 1)) });
    const closed = pageRank(from([...edges, [2, 5], [2, 6]]), { damping: 0.9 }).scores;
    expect(l1Distance(scores, closed)).toBeLessThanOrEqual(2e-10);
  });
});
