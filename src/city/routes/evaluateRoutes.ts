import { integerIn, nonNegativeNumber, oneOf, optionsObject, refuse } from '../../core/checks.ts';
import type { RunOptions } from '../../core/progress.ts';
import { withTimeLeft } from '../../core/timeLeft.ts';
import { checkCity } from '../checkCity.ts';
import type { City } from '../city.ts';
import type { Evaluation, MethodScores, Score, Split } from '../evaluation.ts';
import { baselines } from './baselines.ts';
import { factorization } from './factorization.ts';
import { gravityFactorization } from './gravityFactorization.ts';
import { routeEntries } from './routeEntries.ts';
import type { RouteMethod } from './routeMethod.ts';
import { type RouteMetrics, routeMetrics } from './routeMetrics.ts';
import { settingOf } from './settingOf.ts';
import { type SplitEntries, splitEntries } from './splits.ts';

/** Options of `evaluateRoutes`. */
export interface EvaluateRoutesOptions extends RunOptions<{ method: string; seed: number }> {
  /** What is held out. @default 'entry' */
  split?: Split;
  /** About which share of it. @default 0.2 */
  fraction?: number;
  /** One split for each seed. @default [0, 1, 2, 3, 4] */
  seeds?: readonly number[];
  /** The same as `seeds: [seed]`. */
  seed?: number;
}

const SPLITS = ['entry', 'column', 'row', 'both', 'spatial'] as const;
const METHODS: readonly RouteMethod[] = [gravityFactorization, factorization, ...baselines];
const GRAVITY = 'gravity (doubly constrained Poisson)';
/** With fewer entries on either side nothing can be said. */
const LEAST_ENTRIES = 5;
const FRACTION = 0.2;

/**
 * How well routes are predicted that were observed but held out, by our predictor and by every baseline: each learns from the training entries alone and is given only
 * what it could know. Trips within a zone are left out. No held-out route is learnt from, nor, where single routes are held out, its way back.
 *
 * @throws SpinifexError `'NO_TRIPS'` for a city without trips; RangeError where a split leaves too little
 * @example
 * const { methods } = evaluateRoutes(city, { split: 'column', seeds: [0, 1, 2] });
 * methods[0].method; // the greatest skill on destinations that were never observed
 */
export function evaluateRoutes(city: City, options: EvaluateRoutesOptions = {}): Evaluation {
  const known = optionsObject(options, 'evaluateRoutes', ['split', 'fraction', 'seeds', 'seed', 'signal', 'onProgress']);
  const split = oneOf(known.split ?? 'entry', 'split', SPLITS);
  const fraction = nonNegativeNumber(known.fraction ?? FRACTION, 'fraction');
  if (!(fraction > 0 && fraction < 1)) refuse(fraction, 'fraction', 'a share between 0 and 1', true);
  const seeds = seedsOf(known);
  const entries = routeEntries(checkCity(city, 'trips').trips!);
  const setting = settingOf(city);
  const report = withTimeLeft(known.onProgress);
  const results = new Map<string, RouteMetrics[]>(METHODS.map(({ name }) => [name, []]));
  const heldOut: number[] = [];
  let done = 0;
  for (const seed of seeds) {
    const { train, test } = splitEntries(entries, setting, split, fraction, seed);
    if (!enough({ train, test })) {
      const left = `${train.row.length} to learn from and ${test.row.length} to predict`;
      throw new RangeError(
        `evaluateRoutes: split '${split}' of ${entries.row.length} routes leaves ${left}, expected at least ${LEAST_ENTRIES} of each`,
      );
    }
    heldOut.push(test.row.length);
    for (const method of METHODS) {
      known.signal?.throwIfAborted();
      const { value, lower, upper } = method.fit(train, setting, seed).predict(test.row, test.col);
      results.get(method.name)!.push(routeMetrics(test.value, value, lower && upper && { lower, upper }));
      report?.({ done: ++done, total: seeds.length * METHODS.length, method: method.name, seed });
    }
  }
  const gravity = results.get(GRAVITY)!;
  const methods = METHODS.map((method) => scoresOf(method, results.get(method.name)!, gravity));
  return {
    split,
    seeds,
    heldOut,
    methods: methods.sort((a, b) => Number(b.skill.mean > a.skill.mean) - Number(b.skill.mean < a.skill.mean)),
  };
}

/** Whether holding out a fifth leaves enough on either side, for each seed. */
export function canSplit(city: City, split: Split, seeds: readonly number[]): boolean {
  const entries = routeEntries(checkCity(city, 'trips').trips!);
  const setting = settingOf(city);
  return seeds.every((seed) => enough(splitEntries(entries, setting, split, FRACTION, seed)));
}

const enough = ({ train, test }: SplitEntries): boolean => Math.min(train.row.length, test.row.length) >= LEAST_ENTRIES;

function seedsOf({ seeds, seed }: EvaluateRoutesOptions): readonly number[] {
  if (seeds !== undefined && seed !== undefined) throw new TypeError('evaluateRoutes: expected either seed or seeds, got both');
  const list = seeds ?? (seed === undefined ? [0, 1, 2, 3, 4] : [seed]);
  if (!Array.isArray(list) || list.length === 0) refuse(list, 'seeds', 'a list of at least one seed', false);
  return list.map((s, k) => integerIn(s, seed === undefined ? `seeds[${k}]` : 'seed', 0));
}

function scoresOf(method: RouteMethod, runs: readonly RouteMetrics[], gravity: readonly RouteMetrics[]): MethodScores {
  const score = (of: (run: RouteMetrics, k: number) => number) => scoreOf(runs.map(of));
  const classes = new Map(runs.flatMap((run) => run.rmsePercentByVolume.map((c) => [c.from, c.to])));
  return {
    method: method.name,
    ours: method === gravityFactorization,
    knows: method.knows,
    rmse: score((run) => run.rmse),
    rmsePercent: score((run) => run.rmsePercent),
    rmsePercentByVolume: [...classes]
      .sort((a, b) => a[0] - b[0])
      .map(([from, to]) => {
        const found = runs.flatMap((run) => run.rmsePercentByVolume.filter((c) => c.from === from));
        return { from, to, count: found.reduce((s, c) => s + c.count, 0), score: scoreOf(found.map((c) => c.rmsePercent)) };
      }),
    mae: score((run) => run.mae),
    wape: score((run) => run.wape),
    cpc: score((run) => run.cpc),
    deviance: score((run) => run.deviance),
    skill: score((run, k) => (run.deviance === gravity[k].deviance ? 0 : 1 - run.deviance / gravity[k].deviance)),
    coverage: score((run) => run.coverage),
  };
}

function scoreOf(values: readonly number[]): Score {
  const n = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const squares = values.reduce((s, v) => s + (v - mean) ** 2, 0);
  return { mean, standardError: n > 1 ? Math.sqrt(squares / (n - 1) / n) : Number.NaN };
}
