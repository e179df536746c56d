import { afterAll, describe, expect, test } from 'vitest';
import { currentBackend } from '../../src/backend/backend.ts';
import {
  type BackendName,
  forwardPush,
  l1PageRank,
  l1PageRankPath,
  type PageRankOptions,
  type Progress,
  pageRank,
  setBackend,
  sweepCut,
  undirected,
} from '../../src/index.ts';
import { Hash } from '../linear/hash.ts';
import { csr, ringOfCliques, weightsOf } from './graphs.ts';

afterAll(() => setBackend('wasm'));

const G = csr(weightsOf({ n: 40, density: 0.15, seed: 5, equal: false, symmetric: false }));
const U = undirected(G);
const solvers = ['auto', 'gauss-seidel', 'power', 'cg'] as const;

describe('linear memory', () => {
  test.each(['wasm', 'js'] as const)('is where it was after 500 rankings on the %s backend', (name) => {
    setBackend(name);
    const { heap } = currentBackend();
    const start = heap.inUse;
    for (let k = 0; k < 500; k++) {
      pageRank(U, { solver: solvers[k % 4], weighted: k % 3 > 0, dangling: 'uniform', personalization: { indices: [k % 40] } });
      l1PageRank(U, { seeds: 0, alpha: 0.2, rho: 1e-3 });
    }
    expect(heap.inUse).toBe(start);
    setBackend('wasm');
  });

  test('holds the indices once and some vectors per node', () => {
    const ring = ringOfCliques(500, 20);
    const { heap } = currentBackend();
    heap.peak = heap.inUse;
    const before = heap.inUse;
    pageRank(ring);
    const staging = 2 ** 15 * 12;
    expect(heap.peak - before).toBeLessThanOrEqual(4 * ring.nnz + 120 * ring.rows + staging);
  });
});

describe('progress and signals', () => {
  test.each(solvers)("a ranking by '%s' reports up to a full bar, and can be stopped anywhere", (solver) => {
    const options: PageRankOptions = { solver, damping: 0.95 };
    const steps: (Progress & { error: number })[] = [];
    const watched = pageRank(U, { ...options, onProgress: (step) => steps.push(step), signal: new AbortController().signal });
    expect(watched).toEqual(pageRank(U, options));
    expect(steps.length).toBeGreaterThan(3);
    for (const { done, total } of steps) expect(done).toBeLessThanOrEqual(total);
    const last = steps[steps.length - 1];
    expect([last.done, last.total, last.error]).toEqual([watched.iterations, watched.iterations, watched.errorBound]);

    const { heap } = currentBackend();
    const before = heap.inUse;
    const stop = new AbortController();
    const reason = new Error('enough');
    const onProgress = ({ done }: Progress) => {
      if (done === 3) stop.abort(reason);
    };
    expect(() => pageRank(U, { ...options, onProgress, signal: stop.signal })).toThrow(reason);
    expect(heap.inUse).toBe(before);
  });

  test('a path reports every rho', () => {
    const steps: (Progress & { rho: number })[] = [];
    const { rhos } = l1PageRankPath(U, { seeds: 0, alpha: 0.2, nRhos: 7, onProgress: (step) => steps.push(step) });
    expect(steps.map(({ done, total, rho }) => [done, total, rho])).toEqual(Array.from(rhos, (rho, k) => [k + 1, 7, rho]));
  });

  test('an aborted signal stops the local methods before they begin', () => {
    const signal = AbortSignal.abort(new Error('no'));
    const local = { seeds: 0, alpha: 0.2, signal };
    expect(() => forwardPush(U, { ...local, epsilon: 1e-3 })).toThrow('no');
    expect(() => l1PageRank(U, { ...local, rho: 1e-3 })).toThrow('no');
    expect(() => l1PageRankPath(U, local)).toThrow('no');
    expect(() => pageRank(U, { signal })).toThrow('no');
  });
});

/** The same bits on every engine: Node and Chromium must both find these; see test/linear/sameBits.test.ts. */
const hashes: Record<BackendName, Record<string, string>> = {
  wasm: { auto: 'bcfbe8b0', cg: '7abe3442', 'gauss-seidel': 'bcfbe8b0', local: 'a5ea1954', power: '4b9ad44e' },
  js: { auto: 'e2c9c8ba', cg: '88107236', 'gauss-seidel': 'e2c9c8ba', local: 'f9cd0797', power: '3a61c97c' },
};

describe.each(['wasm', 'js'] as const)('on the %s backend', (name) => {
  test('scores have the same bits on every engine', () => {
    setBackend(name);
    const found: Record<string, string> = {};
    for (const solver of solvers) {
      const hash = new Hash();
      for (const seed of [1, 2, 3]) {
        const traits = { n: 60, density: 0.1, seed, equal: seed === 2, symmetric: false };
        const W = csr(weightsOf(traits));
        const graph = solver === 'cg' ? undirected(W) : W;
        const { scores, errorBound } = pageRank(graph, { solver, dangling: 'uniform', personalization: { indices: [7, 9] } });
        hash.add(scores).add([errorBound]);
        hash.add(pageRank(graph, { solver, weighted: false, damping: 0.97 }).scores);
      }
      found[solver] = hash.text;
    }
    const ring = ringOfCliques(20, 6);
    const hash = new Hash();
    for (const { scores, kkt, work } of l1PageRankPath(ring, { seeds: [3, 40], alpha: 0.15 }).points) {
      hash.add(scores.indices).add(scores.values).add([kkt, work]);
    }
    const push = forwardPush(ring, { seeds: 3, alpha: 0.15, epsilon: 1e-5 });
    hash.add(push.scores.values).add(push.residual.values).add(sweepCut(ring, push.scores).profile);
    found.local = hash.text;
    setBackend('wasm');
    expect(found).toEqual(hashes[name]);
  });
});
