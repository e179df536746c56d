import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { KMeans, KMeansModel } from '../../src/cluster/index.ts';
import { type BackendName, backend, CsrMatrix, DenseMatrix, setBackend } from '../../src/index.ts';
import { contents, FORMATS, stored } from '../linear/formats.ts';
import { Dice } from '../linear/problems.ts';
import { blobs, counts, naiveLloyd } from './samples.ts';

afterAll(() => setBackend('wasm'));

const problem = fc.record({
  seed: fc.integer({ min: 1, max: 1e6 }),
  n: fc.integer({ min: 20, max: 300 }),
  p: fc.integer({ min: 1, max: 12 }),
  k: fc.integer({ min: 1, max: 12 }),
  format: fc.constantFrom(...FORMATS),
  sparse: fc.boolean(),
  weighted: fc.boolean(),
  spherical: fc.boolean(),
  twins: fc.boolean(),
});

function close(a: ArrayLike<number>, b: ArrayLike<number>, tolerance = 1e-9): void {
  expect(a.length).toBe(b.length);
  for (let i = 0; i < b.length; i++) expect(Math.abs(a[i] - b[i])).toBeLessThanOrEqual(tolerance * (1 + Math.abs(b[i])));
}

describe("Lloyd's algorithm", () => {
  test.each(['wasm', 'js'] as const)(
    'bounds change no label, whatever the storage, the weights and the geometry, on %s',
    (name) => {
      setBackend(name);
      fc.assert(
        fc.property(problem, ({ seed, n, p, k, format, sparse, weighted, spherical, twins }) => {
          const dice = new Dice(seed);
          // Noise, and no orthogonal directions: ties would be decided by rounding.
          const rows = sparse
            ? counts(dice, n, p).map((row) => row.map((v, j) => (v + (j < 2 ? 1 : 0)) * (1 + 0.1 * dice.normal())))
            : blobs(dice, n, p, k);
          if (spherical && p === 1) return;
          const weights = weighted ? rows.map((_, i) => (i % 7 === 3 ? 0 : 0.5 + dice.integer(4))) : undefined;
          const start = rows.filter((_, i) => i % 7 !== 3).slice(0, k);
          // Equal centres leave clusters empty.
          if (twins) start.splice(0, start.length >> 1, ...start.slice(0, start.length >> 1).map(() => start[start.length - 1]));
          const expected = naiveLloyd(rows, start, { ...(weights ? { weights } : {}), spherical });
          const X = stored(rows, format);
          const before = contents(X);
          const model = new KMeans({ clusters: k, initialCentres: start, spherical }).fit(
            X,
            weights ? { sampleWeight: weights } : {},
          );
          expect(Array.from(model.labels)).toEqual(expected.labels);
          expect(model.iterations).toBe(expected.iterations);
          close(model.centres.data, expected.centres.flat());
          expect(Math.abs(model.inertia - expected.inertia)).toBeLessThanOrEqual(1e-9 * (1 + expected.inertia));
          expect(model.predict(X)).toEqual(model.labels);
          expect(contents(X)).toEqual(before);
        }),
        { seed: 7, numRuns: 80 },
      );
    },
  );

  test('rows and centres that are the same many times over are tied to the lower index, and empty clusters are refilled', () => {
    const rows = [
      [0, 0],
      [0, 0],
      [0, 0],
      [4, 0],
      [4, 0],
      [0, 8],
      [0, 8],
      [4, 8],
    ];
    const start = [
      [0, 0],
      [0, 0],
      [0, 0],
      [0, 0],
    ];
    for (const format of FORMATS) {
      const model = new KMeans({ clusters: 4, initialCentres: start }).fit(stored(rows, format));
      const { labels, iterations } = naiveLloyd(rows, start);
      expect(Array.from(model.labels)).toEqual(labels);
      expect(model.iterations).toBe(iterations);
      expect(model.inertia).toBe(0);
      expect(new Set(model.labels).size).toBe(4);
    }
  });

  test('clusters far from the origin lose no digit', () => {
    const rows = blobs(new Dice(3), 200, 5, 4, 0.3);
    const start = rows.slice(0, 4);
    const move = (v: number) => v + 2 ** 26;
    const near = rows.map((row) => row.map((v) => move(v) - 2 ** 26));
    const model = new KMeans({ clusters: 4, initialCentres: start.map((row) => row.map(move)) }).fit(
      rows.map((row) => row.map(move)),
    );
    const expected = naiveLloyd(
      near,
      start.map((row) => row.map((v) => move(v) - 2 ** 26)),
    );
    expect(Array.from(model.labels)).toEqual(expected.labels);
    expect(Math.abs(model.inertia / expected.inertia - 1)).toBeLessThan(1e-12);
  });

  test.each([1e-160, 1e160])('numbers whose squares leave the range are clustered alike (times %d)', (factor) => {
    const rows = blobs(new Dice(4), 100, 3, 5);
    const scaled = rows.map((row) => row.map((v) => v * factor));
    const labels = (X: number[][]) => new KMeans({ clusters: 5, initialCentres: X.slice(0, 5) }).fit(X).labels;
    expect(labels(scaled)).toEqual(labels(rows));
  });

  test('the order of rows and of columns changes names only', () => {
    const dice = new Dice(5);
    const rows = blobs(dice, 150, 6, 5);
    const order = dice.permutation(150);
    const run = (X: number[][], start: number[][]) => new KMeans({ clusters: 5, initialCentres: start }).fit(X);
    const plain = run(rows, rows.slice(0, 5));
    const shuffled = run(
      order.map((i) => rows[i]),
      rows.slice(0, 5),
    );
    expect(Array.from(shuffled.labels)).toEqual(order.map((i) => plain.labels[i]));
    const turn = (row: number[]) => [...row].reverse();
    const turned = run(rows.map(turn), rows.slice(0, 5).map(turn));
    expect(turned.labels).toEqual(plain.labels);
    close(turned.centres.data, plain.centres.toRows().flatMap(turn));
  });

  test('one cluster is the weighted mean, n clusters have no inertia', () => {
    const rows = blobs(new Dice(6), 30, 3, 2);
    const sampleWeight = rows.map((_, i) => 1 + (i % 3));
    const one = new KMeans({ clusters: 1 }).fit(rows, { sampleWeight });
    const total = sampleWeight.reduce((a, b) => a + b, 0);
    close(
      one.centres.data,
      [0, 1, 2].map((j) => rows.reduce((sum, row, i) => sum + sampleWeight[i] * row[j], 0) / total),
    );
    const all = new KMeans({ clusters: 30 }).fit(rows);
    expect(all.inertia).toBe(0);
    expect(new Set(all.labels).size).toBe(30);
  });

  test('a weight of two is a row given twice', () => {
    const rows = blobs(new Dice(8), 80, 4, 3);
    const start = rows.slice(0, 3);
    const weighted = new KMeans({ clusters: 3, initialCentres: start }).fit(rows, {
      sampleWeight: rows.map((_, i) => 1 + (i % 2)),
    });
    const repeated = new KMeans({ clusters: 3, initialCentres: start }).fit(
      rows.flatMap((row, i) => (i % 2 ? [row, row] : [row])),
    );
    close(weighted.centres.data, repeated.centres.data);
    expect(Math.abs(weighted.inertia / repeated.inertia - 1)).toBeLessThan(1e-12);
  });
});

describe('k-means++', () => {
  test('never expands sparse rows', () => {
    const [n, p] = [400, 400_000];
    const dice = new Dice(14);
    const row = Int32Array.from({ length: 8 * n }, (_, e) => e >> 3);
    const col = row.map((i) => (i % 4) * 1000 + dice.integer(20));
    const X = CsrMatrix.fromCoo(n, p, { row, col, value: row.map(() => 1) });
    const { labels, centres } = new KMeans({ clusters: 4, restarts: 3 }).fit(X);
    expect(new Set(labels.slice(0, 4)).size).toBe(4);
    expect(labels).toEqual(labels.map((_, i) => labels[i % 4]));
    expect(centres.cols).toBe(p);
  });

  test('finds clusters that lie apart, from any seed', () => {
    const rows = blobs(new Dice(9), 400, 8, 10, 0.01);
    for (let seed = 0; seed < 10; seed++) {
      const { labels } = new KMeans({ clusters: 10, seed }).fit(rows);
      rows.forEach((_, i) => {
        expect(labels[i]).toBe(labels[i % 10]);
      });
      expect(new Set(labels).size).toBe(10);
    }
  });

  test('takes as many clusters as there are distinct rows', () => {
    const rows = Array.from({ length: 40 }, (_, i) => [i % 4, (i % 4) ** 2]);
    for (const format of FORMATS) expect(new KMeans({ clusters: 4, seed: 2 }).fit(stored(rows, format)).inertia).toBe(0);
  });

  test('restarts return the best of their runs, the first of which is the run without restarts', () => {
    const rows = blobs(new Dice(10), 200, 2, 12);
    const inertia = (restarts: number) => new KMeans({ clusters: 12, restarts, seed: 3 }).fit(rows).inertia;
    expect(inertia(8)).toBeLessThanOrEqual(inertia(3));
    expect(inertia(3)).toBeLessThanOrEqual(inertia(1));
    expect(inertia(8)).toBeLessThan(inertia(1));
  });

  test('gives the same bits on both backends', () => {
    const rows = blobs(new Dice(11), 300, 7, 6);
    const run = (name: BackendName, format: (typeof FORMATS)[number], spherical: boolean) => {
      setBackend(name);
      return JSON.stringify(new KMeans({ clusters: 6, seed: 5, spherical }).fit(stored(rows, format)));
    };
    for (const format of FORMATS)
      for (const flag of [true, false]) expect(run('js', format, flag)).toBe(run('wasm', format, flag));
    expect(backend()).toBe('wasm');
  });
});

describe('a fitted k-means', () => {
  const rows = blobs(new Dice(12), 120, 4, 3);

  test('survives JSON', () => {
    for (const spherical of [false, true]) {
      const model = new KMeans({ clusters: 3, spherical }).fit(rows);
      const back = KMeansModel.fromJSON(JSON.stringify(model));
      expect(JSON.stringify(back)).toBe(JSON.stringify(model));
      expect(back.predict(rows)).toEqual(model.labels);
    }
    expect(() => KMeansModel.fromJSON('{}')).toThrow('KMeans model: "spinifex" is missing');
  });

  test('transforms rows to distances, whose smallest is that of the label', () => {
    const model = new KMeans({ clusters: 3 }).fit(rows);
    const centres = model.centres.toRows();
    const expected = rows.map((row) => centres.map((c) => Math.hypot(...row.map((v, j) => v - c[j]))));
    for (const format of FORMATS) close(model.transform(stored(rows, format)).data, expected.flat(), 1e-12);
    expect(expected.map((d) => d.indexOf(Math.min(...d)))).toEqual(Array.from(model.labels));
    const cosines = new KMeans({ clusters: 3, spherical: true }).fit(rows);
    const dot = (a: number[], b: number[]) => a.reduce((sum, v, j) => sum + v * b[j], 0);
    const directions = cosines.centres.toRows();
    for (const c of directions) expect(Math.abs(dot(c, c) - 1)).toBeLessThan(1e-14);
    close(
      cosines.transform(rows).data,
      rows.flatMap((row) => directions.map((c) => 1 - dot(row, c) / Math.sqrt(dot(row, row)))),
      1e-12,
    );
  });

  test('says how it ended: tolerance, or too many iterations', () => {
    const many = blobs(new Dice(13), 500, 2, 1);
    const run = (options: object) => new KMeans({ clusters: 20, seed: 1, ...options }).fit(many);
    const full = run({});
    expect(full.certificate).toMatchObject({ converged: true, status: 'converged', shift: expect.any(Number), tol: 0 });
    const short = run({ maxIterations: 2 });
    expect(short.certificate).toMatchObject({ converged: false, status: 'maxIterations' });
    expect(short.iterations).toBe(2);
    const loose = run({ tol: 0.05 });
    expect(loose.certificate).toMatchObject({ converged: true, status: 'tolerance', tol: 0.05 });
    expect(loose.iterations).toBeLessThan(full.iterations);
    for (const model of [short, loose, full]) expect(model.predict(many)).toEqual(model.labels);
    expect(full.inertia).toBeLessThanOrEqual(loose.inertia);
    expect(loose.inertia).toBeLessThanOrEqual(short.inertia);
  });

  test('reports progress and can be stopped', () => {
    const seen: number[] = [];
    const model = new KMeans({ clusters: 3 }).fit(rows, { onProgress: ({ done, total }) => seen.push(done / total) });
    expect(seen.length).toBe(model.iterations + 1);
    expect(seen[seen.length - 1]).toBe(1);
    const stop = new AbortController();
    const run = () =>
      new KMeans({ clusters: 3 }).fit(rows, { signal: stop.signal, onProgress: () => stop.abort(new Error('enough')) });
    expect(run).toThrow('enough');
  });

  test('takes 32-bit matrices', () => {
    const single = new DenseMatrix(Float32Array.from(rows.flat()), 120, 4);
    expect(new KMeans({ clusters: 3 }).fit(single).labels).toEqual(new KMeans({ clusters: 3 }).fit(rows).labels);
  });
});
