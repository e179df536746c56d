import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { City, Link } from '../../src/city/city.ts';
import { conserveFlow } from '../../src/city/links/conserveFlow.ts';
import { determinedLinks } from '../../src/city/links/determinedLinks.ts';
import { type EvaluateLinksOptions, evaluateLinks } from '../../src/city/links/evaluateLinks.ts';
import { geh, gehShare } from '../../src/city/links/geh.ts';
import { holdOutLinks } from '../../src/city/links/holdOutLinks.ts';
import { leakingAttributes } from '../../src/city/links/leakingAttributes.ts';
import { linkStudy } from '../../src/city/links/linkStudy.ts';
import { LINK_METHODS, type LinkMethod, predictLinks } from '../../src/city/links/predictLinks.ts';
import { type SyntheticCity, syntheticCity } from '../../src/city/synthetic/syntheticCity.ts';
import { Random } from '../../src/core/random.ts';
import { CsrMatrix, DenseMatrix } from '../../src/index.ts';
import { Hash } from '../linear/hash.ts';

const city = syntheticCity({ zones: 30, seed: 4 });

/** The same city, all trips known: every cell stored, so that margins are known. */
function surveyed(given: SyntheticCity): City {
  const n = given.zones.length;
  const indptr = Int32Array.from({ length: n + 1 }, (_, i) => i * n);
  const indices = Int32Array.from({ length: n * n }, (_, p) => p % n);
  return { ...given, trips: new CsrMatrix({ rows: n, cols: n, indptr, indices, data: given.truth.trips.data }) };
}

/** A random graph with flows that balance. */
const anyFlow = fc
  .record({ seed: fc.nat(10000), places: fc.integer({ min: 3, max: 7 }), extra: fc.integer({ min: 0, max: 8 }) })
  .map(({ seed, places: n, extra }) => {
    const random = new Random(seed);
    const ends = Array.from({ length: n - 1 + extra }, (_, e): [number, number] =>
      e < n - 1 ? [e + 1, random.integer(e + 1)] : [random.integer(n), random.integer(n)],
    );
    const traffic = Float64Array.from(ends, () => random.integer(100));
    const balance = new Float64Array(n);
    ends.forEach(([a, b], e) => {
      balance[a] += traffic[e];
      balance[b] -= traffic[e];
    });
    const network = {
      from: Int32Array.from(ends, ([a]) => a),
      to: Int32Array.from(ends, ([, b]) => b),
      places: Array.from({ length: n }, (_, id) => ({ id })),
    };
    for (let i = 0; i < n; i++) if (random.uniform() < 0.2) balance[i] = Number.NaN;
    const unknown = Int32Array.from(ends.keys()).filter(() => random.uniform() < 0.6);
    return { network, traffic, balance, unknown };
  });

describe('conservation', () => {
  test('bridges are exactly the links whose traffic no two solutions share', () => {
    fc.assert(
      fc.property(anyFlow, ({ network, balance, unknown }) => {
        const determined = determinedLinks(network, balance, unknown);
        // A link is determined when its unit vector is in the row space of the balances: rank does not grow by it.
        const rows = Array.from(balance.keys()).filter((i) => !Number.isNaN(balance[i]));
        const A = rows.map((i) => Array.from(unknown, (e) => (network.from[e] === i ? 1 : 0) - (network.to[e] === i ? 1 : 0)));
        const without = rank(A);
        unknown.forEach((_, k) => {
          const unit = Array.from(unknown, (_, l) => (l === k ? 1 : 0));
          expect(determined[k] === 1).toBe(rank([...A, unit]) === without);
        });
      }),
      { numRuns: 200 },
    );
  });

  test('traffic balances, is not negative, and is exact where it is determined', () => {
    fc.assert(
      fc.property(anyFlow, ({ network, traffic, balance, unknown }) => {
        const seen = traffic.slice();
        for (const e of unknown) seen[e] = Number.NaN;
        const estimate = new Float64Array(unknown.length).fill(40);
        const variance = Float64Array.from(unknown, (e) => 1 + (e % 3));
        const found = conserveFlow(network, seen, balance, unknown, estimate, variance);
        const determined = determinedLinks(network, balance, unknown);
        const net = new Float64Array(network.places.length);
        traffic.forEach((v, e) => {
          const k = unknown.indexOf(e);
          const flow = k < 0 ? v : found[k];
          expect(flow).toBeGreaterThanOrEqual(0);
          if (k >= 0 && determined[k] === 1) expect(flow).toBeCloseTo(v, 6);
          net[network.from[e]] += flow;
          net[network.to[e]] -= flow;
        });
        balance.forEach((value, i) => {
          if (!Number.isNaN(value)) expect(net[i]).toBeCloseTo(value, 5);
        });
      }),
      { numRuns: 300 },
    );
  });

  test('nothing that balances is nearer to the estimate', () => {
    // Two parallel roads from s to t that must carry 10: 3 + 1 (d/2) and 5 + 1 (d/2) with equal variances, thirds with 1 and 2.
    const network = { from: Int32Array.of(0, 0), to: Int32Array.of(1, 1), places: [{ id: 's' }, { id: 't' }] };
    const nothing = Float64Array.of(Number.NaN, Number.NaN);
    const solve = (estimate: number[], variance: number[]) =>
      conserveFlow(
        network,
        nothing,
        Float64Array.of(10, -10),
        Int32Array.of(0, 1),
        Float64Array.from(estimate),
        Float64Array.from(variance),
      );
    expect(Array.from(solve([3, 5], [1, 1]))).toEqual([4, 6]);
    expect(solve([3, 4], [1, 2])[0]).toBeCloseTo(4, 12);
    const [none, all] = solve([0, 30], [1, 1]);
    expect(none).toBe(0);
    expect(all).toBeCloseTo(10, 12);
  });
});

describe('leakingAttributes', () => {
  test('finds what is computed from traffic, whatever its name', () => {
    const planted = (value: (link: Link) => number): City => ({
      ...city,
      links: city.links.map((link) => ({ ...link, attributes: { ...link.attributes, planted: value(link) } })),
    });
    const reasonFor = (value: (link: Link) => number) =>
      leakingAttributes(planted(value)).find(({ name }) => name === 'planted')?.reason;
    expect(leakingAttributes(city)).toEqual([{ name: 'cost', reason: 'what one pays to pass at this traffic' }]);
    expect(reasonFor(({ traffic = 0, capacity = 1 }) => traffic / capacity)).toBe('computed from traffic / capacity');
    expect(reasonFor(({ cost }) => cost)).toBe('computed from the BPR time at this traffic');
    expect(reasonFor(({ cost, toll = 0, distance }) => cost - toll + 0.1 * toll + 0.04 * distance)).toBe(
      'computed from the BPR time at this traffic',
    );
    expect(reasonFor(({ traffic = 0 }) => 24 * traffic + 100)).toBe('computed from traffic');
    expect(reasonFor(({ traffic = 0 }) => Math.log1p(traffic))).toBe('rises or falls with the traffic throughout');
    expect(reasonFor(({ distance, cost, toll = 0 }) => distance / (cost - toll))).toBe('computed from the speed at this traffic');
    expect(reasonFor(({ freeFlowTime = 0, distance }) => 2 * freeFlowTime - distance)).toBeUndefined();
    expect(reasonFor(({ capacity = 0 }) => capacity ** 2)).toBeUndefined();
  });

  test('are kept from every method', () => {
    const study = linkStudy(city);
    const names = study.features.map(({ name }) => name);
    expect(names).not.toContain('cost');
    expect(names).toEqual(
      expect.arrayContaining(['distance', 'capacity', 'lanes', 'type 1', 'betweenness', 'distance to the centre']),
    );
    // What the features say does not change when the traffic does.
    const quiet = linkStudy({ ...city, links: city.links.map((link) => ({ ...link, traffic: 1, cost: 1 })) });
    expect(quiet.features).toEqual(study.features);
    expect(quiet.assigned).toEqual(study.assigned);
  });
});

describe('evaluateLinks', () => {
  test('ours is ahead of every baseline, on single links and on neighbourhoods', () => {
    for (const split of ['link', 'neighbourhood'] as const) {
      const { methods, heldOut, hidden, leaks, determined } = evaluateLinks(city, { split });
      expect(methods[0].method).toBe('regression + conservation');
      expect(methods).toHaveLength(Object.keys(LINK_METHODS).length);
      expect(leaks[0].name).toBe('cost');
      for (let s = 0; s < 5; s++) {
        expect(heldOut[s] / city.links.length).toBeGreaterThan(0.19);
        expect(hidden[s]).toBeGreaterThanOrEqual(heldOut[s]);
        expect(determined[s]).toBeLessThan(0.2);
      }
      const median = methods.find(({ method }) => method === 'class median');
      expect(methods[0].wape.mean).toBeLessThan(0.5 * (median?.wape.mean ?? 0));
      expect(methods[0].rmsePercentByVolume.reduce((sum, { count }) => sum + count, 0)).toBe(heldOut.reduce((a, b) => a + b, 0));
    }
  });

  test('knowing all trips, conservation determines most single links unless their ways back are hidden', () => {
    const { determined, determinedWithReverse } = evaluateLinks(surveyed(city), {
      seeds: [0, 1],
      methods: ['conservation'],
      fraction: 0.1,
    });
    for (const share of determined) expect(share).toBeLessThan(0.1);
    for (const share of determinedWithReverse) expect(share).toBeGreaterThan(0.6);
  });

  test('margins are known, too, where cells without trips were left out of the file', () => {
    const sparse: City = { ...city, trips: CsrMatrix.fromDense(city.truth.trips) };
    const full = evaluateLinks(surveyed(city), { seed: 0, methods: ['conservation'] });
    const { determinedWithReverse, methods } = evaluateLinks(sparse, { seed: 0, methods: ['conservation'] });
    expect(determinedWithReverse).toEqual(full.determinedWithReverse);
    expect(methods).toEqual(full.methods);
    // Of trips that were observed in part, margins say nothing.
    expect(evaluateLinks(city, { seed: 0, methods: ['conservation'] }).determinedWithReverse[0]).toBeLessThan(0.3);
  });

  test('counts with errors are not forced to balance', () => {
    const random = new Random(1);
    const counted: City = {
      ...surveyed(city),
      links: city.links.map((link) => ({ ...link, traffic: Math.round((link.traffic ?? 0) * (0.9 + 0.2 * random.uniform())) })),
    };
    const { methods, determinedWithReverse } = evaluateLinks(counted, {
      seed: 0,
      methods: ['regression', 'regression + conservation'],
    });
    expect(determinedWithReverse).toEqual([0]);
    expect(methods[0].rmse).toEqual(methods[1].rmse);
  });

  test('no method sees the traffic of a hidden link', () => {
    const hidden = [3, 10, 40, 41];
    const scrambled = {
      ...city,
      links: city.links.map((link, e) => (hidden.includes(e) ? { ...link, traffic: 99999, cost: 1 } : link)),
    };
    for (const method of Object.keys(LINK_METHODS) as LinkMethod[]) {
      expect(predictLinks(scrambled, { unknown: hidden, method })).toEqual(predictLinks(city, { unknown: hidden, method }));
    }
  });

  test('the way back of a judged link is hidden, too', () => {
    const study = linkStudy(city);
    const { test: judged, hidden } = holdOutLinks(study, new Uint8Array(city.links.length).fill(1), 'link', 0.2, 1);
    const all = new Set(hidden);
    for (const e of judged) expect(all.has(study.reverse[e])).toBe(true);
    for (const e of hidden) expect(judged.includes(e) || judged.includes(study.reverse[e])).toBe(true);
  });

  test('centroid connectors are not judged', () => {
    const connected: City = {
      ...city,
      links: city.links.map((link, e) => (e < 6 ? { ...link, freeFlowTime: 0, traffic: 1e6 } : link)),
    };
    const evaluation = evaluateLinks(connected, { seed: 0, methods: ['class median'] });
    expect(evaluation.connectors).toBe(6);
    expect(evaluation.methods[0].rmse.mean).toBeLessThan(1e4);
  });

  test('GEH is there for hourly traffic only', () => {
    const daily = { ...city, hourly: false };
    const options: EvaluateLinksOptions = { seed: 0, methods: ['class median'] };
    expect(evaluateLinks(city, options).methods[0].gehShare?.mean).toBeGreaterThan(0);
    expect(evaluateLinks(daily, options).methods[0]).not.toHaveProperty('gehShare');
  });

  test('says what is wrong', () => {
    const silent = { ...city, links: city.links.map(({ traffic: _, ...link }) => link) };
    expect(() => evaluateLinks(silent)).toThrow('city: expected at least 10 links with traffic that are no centroid connectors');
    expect(() => predictLinks(silent)).toThrow('city: expected at least one link with known traffic');
    expect(() => evaluateLinks(city, { fraction: 1 })).toThrow(new RangeError('fraction: expected a number in (0, 1), got 1'));
    expect(() => evaluateLinks(city, { split: 'column' as never })).toThrow(
      'split: expected one of "link", "neighbourhood", got "column" (string)',
    );
    expect(() => evaluateLinks(city, { seeds: [] })).toThrow(new RangeError('seeds: expected at least one seed'));
    expect(() => evaluateLinks(city, { methods: ['magic' as never] })).toThrow(/^methods\[0\]: expected one of "class median", /);
    expect(() => predictLinks(city, { unknown: [9999] })).toThrow(/^unknown\[0\] is 9999: expected an integer in 0\.\./);
    const negative = { ...city, links: city.links.map((link, e) => (e === 3 ? { ...link, traffic: -5 } : link)) };
    expect(() => evaluateLinks(negative)).toThrow(new RangeError('links[3].traffic: expected a number >= 0, got -5'));
    expect(() => evaluateLinks(city, { signal: AbortSignal.abort() })).toThrow(/abort/i);
  });
});

describe('predictLinks', () => {
  test('predicts the links without traffic, and knows which are arithmetic', () => {
    const all = surveyed(city);
    const gone = new Set([5, 80, 81]);
    const partial = { ...all, links: all.links.map(({ traffic, ...link }, e) => (gone.has(e) ? link : { ...link, traffic })) };
    const predictions = predictLinks(partial);
    expect(predictions.map(({ link }) => link)).toEqual([5, 80, 81]);
    const [alone, there, back] = predictions;
    expect([alone.from, alone.to]).toEqual([city.links[5].from, city.links[5].to]);
    expect(alone.determined).toBe(true);
    expect(alone.value).toBeCloseTo(city.links[5].traffic ?? 0, 6);
    expect([there.determined, back.determined]).toEqual([false, false]);
    // Their difference is determined.
    expect(there.value - back.value).toBeCloseTo((city.links[80].traffic ?? 0) - (city.links[81].traffic ?? 0), 6);
    expect(predictLinks(city)).toEqual([]);
  });

  test('is the same on every engine', () => {
    const values = predictLinks(syntheticCity(), { unknown: [1, 20, 21, 300] }).map(({ value }) => value);
    expect(new Hash().add(values).text).toBe('673a0f07');
  });

  test('works with nothing but traffic, distance and cost', () => {
    const bare: City = {
      zones: city.zones.map(({ id }) => ({ id })),
      junctions: city.junctions?.map(({ id }) => ({ id })),
      links: city.links.map(({ from, to, distance, cost, traffic }) => ({ from, to, distance, cost, traffic })),
    };
    for (const method of Object.keys(LINK_METHODS) as LinkMethod[]) {
      for (const { value } of predictLinks(bare, { unknown: [0, 1, 2], method })) expect(value).toBeGreaterThanOrEqual(0);
    }
  });
});

describe('GEH', () => {
  test('is the textbook number', () => {
    expect(geh(1100, 1000)).toBeCloseTo(Math.sqrt((2 * 100 ** 2) / 2100), 12);
    expect(geh(0, 0)).toBe(0);
    expect(geh(0, 12.5)).toBe(5);
    expect(() => geh(-1, 5)).toThrow(new RangeError('modelled: expected a number >= 0, got -1'));
  });

  test('refuses where it means nothing', () => {
    const modelled = city.links.map(({ traffic = 0 }) => traffic);
    expect(gehShare(city, modelled)).toBe(1);
    expect(
      gehShare(
        city,
        modelled.map((v) => v + 200),
        { limit: 1e-9 },
      ),
    ).toBe(0);
    const daily = { ...city, hourly: false };
    expect(() => gehShare(daily, modelled)).toThrow(
      'GEH needs vehicles per hour, but city.hourly is not true; force: true computes it nevertheless',
    );
    expect(gehShare(daily, modelled, { force: true })).toBe(1);
    const nothing = new DenseMatrix(new Float64Array(900), 30, 30);
    expect(() => gehShare(city, nothing)).toThrow(/^GEH is for hourly link flows; /);
    // Why: predicting no trips at all passes for most cells.
    expect(gehShare(city, nothing, { force: true })).toBeGreaterThan(0.5);
  });
});

/** Rank of a small matrix of small integers, by Gaussian elimination. */
function rank(rows: number[][]): number {
  const A = rows.map((row) => row.slice());
  let found = 0;
  for (let j = 0; j < (A[0]?.length ?? 0); j++) {
    const pivot = A.findIndex((row, i) => i >= found && Math.abs(row[j]) > 1e-9);
    if (pivot < 0) continue;
    [A[found], A[pivot]] = [A[pivot], A[found]];
    for (let i = found + 1; i < A.length; i++) {
      const factor = A[i][j] / A[found][j];
      A[i] = A[i].map((value, k) => value - factor * A[found][k]);
    }
    found++;
  }
  return found;
}
