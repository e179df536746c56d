import { describe, expect, test } from 'vitest';
import type { City, Link } from '../../src/city/city.ts';
import type { AttributeTable } from '../../src/city/cityReport.ts';
import { attributeTable } from '../../src/city/pipeline/attributeTable.ts';
import { cityPipeline } from '../../src/city/pipeline/cityPipeline.ts';
import { combineAttributes } from '../../src/city/pipeline/combineAttributes.ts';
import { factorRoutes } from '../../src/city/pipeline/factorRoutes.ts';
import { findDirections } from '../../src/city/pipeline/findDirections.ts';
import { normalizeAttributes } from '../../src/city/pipeline/normalizeAttributes.ts';
import { pruneRoads } from '../../src/city/pipeline/pruneRoads.ts';
import { rankPlaces } from '../../src/city/pipeline/rankPlaces.ts';
import { selectAttributes } from '../../src/city/pipeline/selectAttributes.ts';
import { sparsifyTraffic } from '../../src/city/pipeline/sparsifyTraffic.ts';
import { spikeCity } from '../../src/city/pipeline/spikeCity.ts';
import { syntheticCity } from '../../src/city/synthetic/syntheticCity.ts';
import { CsrMatrix, DenseMatrix, Lasso, lambdaMax, type RunOptions } from '../../src/index.ts';
import { Hash } from '../linear/hash.ts';
import { Dice } from '../linear/problems.ts';
import { scattered, tripMatrix } from './routeSamples.ts';

const city = syntheticCity({ zones: 14, seed: 1 });
const STAGES = [
  'normalize',
  'combine',
  'select',
  'prune',
  'factorize',
  'directions',
  'rank',
  'spike',
  'sparsify',
  'evaluate',
  'guide',
];

const tableOf = (names: string[], rows: number[][], item: AttributeTable['item'] = 'link'): AttributeTable => ({
  item,
  from: rows.map((_, i) => i),
  to: rows.map((_, i) => i + 1),
  names,
  values: DenseMatrix.from(rows),
});

describe('the whole pipeline', () => {
  const reports: { done: number; total: number; stage: string }[] = [];
  const report = cityPipeline(city, { seed: 1, onProgress: (at) => reports.push({ ...at }) });

  test('does every stage, in order, and says so', () => {
    expect(report.skipped).toEqual([]);
    for (const name of STAGES) expect(report).toHaveProperty(name, expect.anything());
    expect(reports.map(({ stage }) => stage)).toEqual([...STAGES, 'guide']);
    expect(reports.map(({ done }) => done)).toEqual(STAGES.map((_, k) => k).concat(STAGES.length));
    for (const { done, total } of reports) expect(done).toBeLessThanOrEqual(total);
    expect(report.evaluate!.map(({ split }) => split)).toEqual(['entry', 'column']);
  });

  test('has the same bits on every engine', () => {
    const hash = new Hash();
    const { factorize, select, prune, evaluate, rank, spike, sparsify, directions } = report;
    for (const { value, lower, upper, standardError } of factorize!.predictions) hash.add([value, lower, upper, standardError]);
    hash.add(factorize!.origins.data).add(factorize!.destinations.data);
    hash.add(select!.crossValidated.model.coef).add(prune!.roads.map(({ weight }) => weight));
    for (const { methods } of evaluate!) for (const { rmse, skill, cpc } of methods) hash.add([rmse.mean, skill.mean, cpc.mean]);
    hash.add(rank!.scores).add(spike!.spikes.time).add(spike!.spikes.neuron);
    hash.add(directions!.pca.components.data).add(directions!.sparse.components.data);
    hash.add(sparsify!.path.map(({ report: { accuracy } }) => accuracy));
    expect(hash.text).toBe('1b76c488');
  });

  test('stops at a signal', () => {
    const controller = new AbortController();
    const stop = new Error('enough');
    const seen: string[] = [];
    const onProgress = ({ stage }: { stage: string }) => {
      seen.push(stage);
      if (stage === 'prune') controller.abort(stop);
    };
    expect(() => cityPipeline(city, { onProgress, signal: controller.signal })).toThrow(stop);
    expect(seen.at(-1)).toMatch(/prune|factorize/);
  });

  test.each([
    [{ evaluationSeeds: [0, -1] }, 'evaluationSeeds[1]: expected an integer >= 0, got -1'],
    [{ weights: { traffic: Number.NaN } }, 'weights.traffic: expected a finite number, got NaN'],
    [{ weights: { beauty: 1 } }, 'weights: expected some of the attributes traffic'],
    [{ evaluate: 1 }, 'evaluate: expected true or false, got 1'],
    [{ stages: [] }, 'stages'],
  ])('refuses %j', (options, message) => {
    expect(() => cityPipeline(city, options as never)).toThrow(message);
  });
});

describe('stages that a city has no data for are skipped, with the reason', () => {
  const skipped = (poor: City, options = {}) =>
    Object.fromEntries(cityPipeline(poor, { evaluate: false, ...options }).skipped.map(({ stage, reason }) => [stage, reason]));
  const ring = (n: number, of: (i: number) => Partial<Link>): City => ({
    zones: Array.from({ length: n }, (_, id) => ({ id })),
    links: Array.from({ length: n }, (_, i) => ({ from: i, to: (i + 1) % n, distance: 1, cost: 1, ...of(i) })),
  });

  test('no zones, one zone, and roads without traffic', () => {
    const routes = 'expected at least 50 observed routes between zones, got 0';
    const rows = 'expected at least 20 links or routes with traffic, got 0';
    const poor = {
      normalize: 'no link or route has traffic',
      combine: 'nothing to combine',
      select: rows,
      prune: routes,
      factorize: routes,
      directions: rows,
      sparsify: rows,
      evaluate: routes,
    };
    const nowhere = 'expected links or trips, got neither';
    expect(skipped({ zones: [], links: [] })).toEqual({ ...poor, rank: nowhere, spike: nowhere });
    expect(skipped({ zones: [{ id: 'a' }], links: [] })).toEqual({ ...poor, rank: nowhere, spike: nowhere });
    expect(skipped(ring(5, () => ({})))).toEqual(poor);
  });

  test('no trips', () => {
    const { trips: _, ...roads } = city;
    expect(Object.keys(skipped(roads))).toEqual(['prune', 'factorize', 'evaluate']);
  });

  test('no links: the routes stand in for them, and only what was not asked for is left out', () => {
    const places: City = { zones: scattered(10, 1), links: [], trips: tripMatrix(10, (i, j) => (3 * i + 5 * j) % 17) };
    expect(skipped(places)).toEqual({ evaluate: 'it was not asked for' });
  });

  test('traffic that is the same everywhere, or that nothing explains', () => {
    const same = 'the traffic is the same everywhere';
    expect(skipped(ring(25, (i) => ({ traffic: 5, cost: i })))).toMatchObject({ select: same, directions: same, sparsify: same });
    const nothing = 'there is no attribute beside the traffic that may explain it and differs between rows';
    expect(skipped(ring(25, (traffic) => ({ traffic })))).toMatchObject({ select: nothing, sparsify: nothing });
  });

  test('zero trips, and traffic that is zero nearly everywhere', () => {
    const zero: City = { zones: scattered(9, 1), links: [], trips: tripMatrix(9, () => 0) };
    expect(Object.keys(skipped(zero))).toEqual(['select', 'directions', 'sparsify', 'evaluate']);
    const rare = ring(30, (i) => ({ traffic: i < 26 ? 0 : i, cost: 1 + (i % 7), distance: 1 + (i % 4) }));
    expect(Object.keys(skipped(rare))).toEqual(['prune', 'factorize', 'evaluate']);
  });

  test('trips to one destination leave nothing to judge held-out columns by', () => {
    const trips = tripMatrix(
      60,
      (i) => i % 7,
      (i, j) => j === 0 && i > 0,
    );
    const report = cityPipeline({ zones: scattered(60, 1), links: [], trips }, { unknown: [] });
    expect(report.evaluate!.map(({ split }) => split)).toEqual(['entry']);
  });
});

describe('normalise and combine', () => {
  const table = tableOf(
    ['traffic', 'distance', 'cost'],
    [
      [100, 2, 5],
      [300, 4, 5],
      [200, 10, 5],
    ],
  );

  test('equations 3 to 5 by hand; a constant column is 0', () => {
    const normalized = normalizeAttributes(table);
    expect([...normalized.values.data]).toEqual([0, 0, 0, 1, 0.25, 0, 0.5, 1, 0]);
    const { score, terms } = combineAttributes(normalized);
    expect(terms).toEqual([
      { name: 'traffic', weight: 0.5, lessIsBetter: false },
      { name: 'distance', weight: 0.3, lessIsBetter: true },
      { name: 'cost', weight: 0.2, lessIsBetter: true },
    ]);
    const wanted = [0.3 + 0.2, 0.5 + 0.3 * 0.75 + 0.2, 0.25 + 0.2];
    for (const [i, s] of wanted.entries()) expect(score[i]).toBeCloseTo(s, 12);
  });

  test('weights of what is not there go to the others', () => {
    const { terms, score } = combineAttributes(normalizeAttributes(table), { traffic: 0.5, beauty: 0.25, distance: -0.25 });
    expect(terms.map(({ weight }) => weight)).toEqual([2 / 3, 1 / 3].map((w) => expect.closeTo(w, 12)));
    expect(Math.max(...score)).toBeLessThanOrEqual(1);
  });

  test('do not touch the table', () => {
    const before = [...table.values.data];
    combineAttributes(normalizeAttributes(table));
    expect([...table.values.data]).toEqual(before);
  });
});

describe('the table of attributes', () => {
  test('has links with traffic as rows, and what differs between them as columns', () => {
    const links = [
      { from: 1, to: 2, distance: 3, cost: 4, traffic: 5, capacity: 9 },
      { from: 2, to: 1, distance: 3, cost: 4 },
      { from: 2, to: 1, distance: 3, cost: 4, traffic: 7, capacity: 9 },
    ];
    const { item, from, names, values } = attributeTable({ zones: [{ id: 1 }, { id: 2 }], links });
    expect([item, [...from], [...names], [...values.data]]).toEqual([
      'link',
      [1, 2],
      ['traffic', 'distance', 'cost'],
      [5, 3, 4, 7, 3, 4],
    ]);
  });

  test('of routes calls distances distance and costs cost', () => {
    const zones = [0, 3, 7].map((x, i) => ({
      id: i,
      x,
      y: 0,
      attributes: { jobs: 10 * (i + 1), odd: i === 0 ? Number.NaN : i },
    }));
    const trips = tripMatrix(3, (i, j) => i + j);
    const plain = attributeTable({ zones, links: [], trips });
    expect(plain.names).toEqual(['traffic', 'distance', 'jobs (origin)', 'jobs (destination)']);
    expect([...plain.values.data].slice(0, 4)).toEqual([1, 3, 10, 20]);
    const links = zones.map(({ id }) => ({ from: id, to: (id + 1) % 3, distance: 1, cost: 2 + id }));
    const roads = attributeTable({ zones, links, trips });
    expect(roads.names).toEqual(['traffic', 'distance', 'cost', 'jobs (origin)', 'jobs (destination)']);
    expect([...roads.values.data].slice(0, 3)).toEqual([1, 3, 2]);
  });

  test('needs links with traffic or trips', () => {
    expect(() => attributeTable({ zones: [{ id: 1 }], links: [] })).toThrow(
      new RangeError('city: expected links with traffic or observed routes between zones, got neither'),
    );
  });
});

describe('selected attributes', () => {
  const dice = new Dice(1);
  const rows = Array.from({ length: 60 }, () => {
    const [wide, small, noise] = [10 ** (3 * dice.unit()), 1 + dice.unit(), 1 + dice.unit()];
    return [Math.exp(Math.log(wide) + 2 * small) - 1, wide, small, noise];
  });
  const nowhere: City = { zones: [], links: [] };

  test('are those that explain the traffic; wide ones as logarithms', () => {
    const table = tableOf(['traffic', 'wide', 'small', 'noise'], rows, 'route');
    const { names, crossValidated, explained } = selectAttributes(nowhere, table);
    expect(names).toEqual(['log wide', 'small', 'noise']);
    expect(explained).toBeGreaterThan(0.95);
    const { coef } = crossValidated.model;
    expect(Math.abs(coef[0])).toBeGreaterThan(10 * Math.abs(coef[2]));
  });

  test('may be called log of something themselves', () => {
    const table = tableOf(
      ['traffic', 'log wide', 'small', 'noise'],
      rows.map(([t, w, s, z]) => [t, Math.log(w) - 3, s, z]),
      'route',
    );
    const selected = selectAttributes(nowhere, table);
    expect(selected.names).toEqual(['log wide', 'small', 'noise']);
    const { task, rows: reports } = sparsifyTraffic(table, selected, 0);
    expect(task).toMatch('the number of trips on a route');
    expect(reports[0].report.accuracy).toBeGreaterThan(0.6);
  });

  test('need an attribute beside the traffic', () => {
    expect(() =>
      selectAttributes(
        nowhere,
        tableOf(
          ['traffic', 'cost'],
          [
            [1, 2],
            [3, 2],
          ],
          'route',
        ),
      ),
    ).toThrow('table: expected an attribute beside the traffic that differs between its rows, got none');
  });
});

describe('pruned roads', () => {
  test('are a lasso for every zone', () => {
    const n = 14;
    const { roads, open, lambdaRatio } = pruneRoads(city, 0.2);
    expect(lambdaRatio).toBe(0.2);
    expect(open).toBe(roads.filter(({ weight }) => weight !== 0).length);
    expect(open).toBeGreaterThan(0);
    expect(open).toBeLessThan(roads.length);
    const known = Array.from({ length: n }, () => new Array<number>(n).fill(Number.NaN));
    const { indptr, indices, data } = city.trips!;
    for (let i = 0; i < n; i++) {
      for (let e = indptr[i]; e < indptr[i + 1]; e++) if (indices[e] !== i) known[indices[e]][i] = Math.log(1 + data[e]);
    }
    const filled = known.map((column) => {
      const seen = column.filter((v) => !Number.isNaN(v));
      return column.map((v) => (Number.isNaN(v) ? seen.reduce((a, b) => a + b, 0) / Math.max(1, seen.length) : v));
    });
    for (let to = 0; to < n; to++) {
      const into = roads.filter((road) => road.to === to);
      const origins = known[to].flatMap((v, o) => (Number.isNaN(v) ? [] : [o]));
      if (origins.length < 5) {
        for (const { weight } of into) expect(weight).toBe(0);
        continue;
      }
      const X = origins.map((o) => into.map(({ from }) => filled[from][o]));
      const y = origins.map((o) => filled[to][o]);
      const lambda = 0.2 * lambdaMax(X, y, { standardize: true });
      const { coef } = new Lasso({ lambda, standardize: true, tol: 1e-10 }).fit(X, y);
      for (const [c, { weight }] of into.entries()) expect(weight).toBeCloseTo(coef[c], 3);
    }
  });

  test('are fewer where L1 is stronger, and its strength is a share', () => {
    expect(pruneRoads(city, 0.6).open).toBeLessThan(pruneRoads(city, 0.05).open);
    for (const bad of [0, 1, -1])
      expect(() => pruneRoads(city, bad)).toThrow(`lambdaRatio: expected a number in (0, 1), got ${bad}`);
  });
});

describe('factors of the routes', () => {
  test('place zones so that origins times destinations is the best approximation of rank two', () => {
    const { model, origins, destinations, predictions } = factorRoutes(city, []);
    expect(predictions).toEqual([]);
    const product = (a: DenseMatrix, i: number, b: DenseMatrix, j: number) => {
      let s = 0;
      for (let f = 0; f < a.cols; f++) s += a.get(i, f) * b.get(j, f);
      return s;
    };
    const gram = [0, 0, 0];
    let [whole, rest] = [0, 0];
    for (let i = 0; i < 14; i++) {
      for (let j = 0; j < 14; j++) {
        const exact = product(model.rowFactors, i, model.columnFactors, j);
        whole += exact ** 2;
        rest += (exact - product(origins, i, destinations, j)) ** 2;
      }
      gram[0] += origins.get(i, 0) ** 2;
      gram[1] += origins.get(i, 0) * origins.get(i, 1);
      gram[2] += destinations.get(i, 0) ** 2;
    }
    // Directions are orthogonal, and both ends have the same length.
    expect(Math.abs(gram[1])).toBeLessThan(1e-6 * gram[0]);
    expect(gram[0]).toBeCloseTo(gram[2], 6);
    expect(rest).toBeLessThan(0.5 * whole);
  });
});

test('directions leave out what is constant', () => {
  const dice = new Dice(5);
  const table = tableOf(
    ['traffic', 'same', 'cost'],
    Array.from({ length: 30 }, () => [dice.unit(), 4, dice.unit()]),
  );
  const { names, pca, sparse } = findDirections(normalizeAttributes(table));
  expect(names).toEqual(['traffic', 'cost']);
  expect(pca.components.rows).toBe(2);
  expect(sparse.components.rows).toBe(2);
});

describe('ranked places', () => {
  const ranks = (G: number[][]) => {
    const n = G.length;
    let r = new Array<number>(n).fill(1 / n);
    for (let sweep = 0; sweep < 500; sweep++) {
      const next = new Array<number>(n).fill(0);
      for (let i = 0; i < n; i++) {
        const sum = G[i].reduce((a, b) => a + b, 0);
        for (let j = 0; j < n; j++) next[j] += 0.85 * r[i] * (sum > 0 ? G[i][j] / sum : 1 / n) + (0.15 * r[i]) / n;
      }
      r = next;
    }
    return r;
  };

  test('are PageRank along roads, junctions and traffic included, and zones alone are listed', () => {
    const zones = [{ id: 'a' }, { id: 'b' }];
    const link = (from: string, to: string, traffic: number) => ({ from, to, traffic, distance: 1, cost: 1 });
    const links = [
      link('a', 'j', 3),
      link('j', 'b', 2),
      link('j', 'a', 1),
      link('b', 'a', 4),
      link('a', 'b', 1),
      link('a', 'b', 1),
    ];
    const { scores, order } = rankPlaces({ zones, junctions: [{ id: 'j' }], links });
    const wanted = ranks([
      [0, 2, 3],
      [4, 0, 0],
      [1, 2, 0],
    ]);
    expect(scores).toHaveLength(2);
    for (const i of [0, 1]) expect(scores[i]).toBeCloseTo(wanted[i], 6);
    expect([...order]).toEqual([0, 1]);
  });

  test('without roads follow the trips between zones', () => {
    const trips = tripMatrix(
      3,
      (i, j) => (i === j ? 900 : 1 + i + 3 * j),
      () => true,
    );
    const { scores } = rankPlaces({ zones: [{ id: 1 }, { id: 2 }, { id: 3 }], links: [], trips });
    const wanted = ranks([0, 1, 2].map((i) => [0, 1, 2].map((j) => (i === j ? 0 : 1 + i + 3 * j))));
    for (const i of [0, 1, 2]) expect(scores[i]).toBeCloseTo(wanted[i], 6);
  });

  test('need roads or trips', () => {
    expect(() => rankPlaces({ zones: [{ id: 1 }], links: [] })).toThrow('city.trips: expected trips between zones, got none');
  });
});

describe('a spiking city', () => {
  const three: City = { zones: [{ id: 'a' }, { id: 'b' }, { id: 'c' }], links: [{ from: 'a', to: 'b', distance: 1, cost: 1 }] };

  const push = CsrMatrix.fromCoo(3, 3, { row: [0], col: [1], value: [1] });

  test('without roads into a zone, it fires as its equation says', () => {
    // From 0 the membrane reaches the threshold after 10 ms log(d / (d - 0.7)), rests for 2 ms, and starts again.
    for (const demand of [0.5, 0.69, 0.75, 1, 2]) {
      const { counts, spikes, threshold } = spikeCity(three, { demand: [demand, 0, 0], roads: push, durationMs: 200 });
      expect(threshold).toBe(0.7);
      if (demand < 0.7) {
        expect([...counts]).toEqual([0, 0, 0]);
        continue;
      }
      const climb = 10 * Math.log(demand / (demand - 0.7));
      expect(Math.abs(spikes.time[0] - climb)).toBeLessThanOrEqual(1);
      const period = climb + 2;
      expect(Math.abs(counts[0] - 200 / period)).toBeLessThanOrEqual(1 + 0.1 * (200 / period));
    }
  });

  test('zones push the next ones, a closed road does not', () => {
    const closed = CsrMatrix.fromCoo(3, 3, { row: [0], col: [1], value: [-1] });
    const demand = [2, 0.6, 0.6];
    const [open, shut] = [push, closed].map((roads) => spikeCity(three, { demand, roads }).counts);
    expect(open[1]).toBeGreaterThan(0);
    expect(open[2]).toBe(0);
    expect(shut[0]).toBe(open[0]);
    expect(shut[1]).toBe(0);
  });

  test('takes the root of the trips that start in a zone as its demand', () => {
    const trips = tripMatrix(3, (i) => [50, 8, 0][i]);
    const { demand, counts } = spikeCity({ ...three, trips });
    expect([...demand]).toEqual([1, 0.4, 0].map((v) => expect.closeTo(v, 12)));
    expect(counts[0]).toBeGreaterThan(0);
  });

  test.each([
    [{ demand: [1, 2] }, 'demand'],
    [
      { roads: CsrMatrix.fromCoo(2, 2, { row: [0], col: [1], value: [1] }) },
      'roads: expected 3 x 3, one row and column for each zone, got 2 x 2',
    ],
    [{ roads: 7 }, 'roads: expected a CsrMatrix, got 7'],
    [{ threshold: 0 }, 'threshold: expected a number > 0, got 0'],
    [{ volume: 3 }, 'volume'],
  ])('refuses %j', (options, message) => {
    expect(() => spikeCity(three, options as RunOptions)).toThrow(message);
  });
});
