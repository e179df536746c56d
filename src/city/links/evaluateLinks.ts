import { integerIn, integerVector, isNumberArray, numberIn, oneOf, optionsObject } from '../../core/checks.ts';
import { SpinifexError } from '../../core/errors.ts';
import type { RunOptions } from '../../core/progress.ts';
import { withTimeLeft } from '../../core/timeLeft.ts';
import type { City } from '../city.ts';
import type { Score } from '../evaluation.ts';
import { determinedLinks } from './determinedLinks.ts';
import { geh } from './geh.ts';
import { holdOutLinks, type LinkSplit } from './holdOutLinks.ts';
import { linkStudy } from './linkStudy.ts';
import { nodeBalance } from './nodeBalance.ts';
import { knownTraffic, LINK_METHODS, type LinkMethod } from './predictLinks.ts';

/** Options of `evaluateLinks`. */
export interface EvaluateLinksOptions extends RunOptions {
  /** @default 'link' */
  split?: LinkSplit;
  /** Share of the links that is held out, in (0, 1). @default 0.2 */
  fraction?: number;
  /** One evaluation each. @default [0, 1, 2, 3, 4] */
  seeds?: ArrayLike<number>;
  /** The same for a single seed. */
  seed?: number;
  /** @default all; `'assigned trips'` is left out for cities without trips or free-flow times */
  methods?: readonly LinkMethod[];
}

/** How one method predicted the held-out links. */
export interface LinkMethodScores {
  method: LinkMethod;
  ours: boolean;
  /** What the method was given beside the known traffic. */
  knows: readonly string[];
  rmse: Score;
  /** 100 RMSE / mean of what was held out. */
  rmsePercent: Score;
  /** The same within classes of traffic: quartiles of all known traffic. */
  rmsePercentByVolume: readonly { from: number; to: number; count: number; score: Score }[];
  mae: Score;
  /** Sum of absolute errors over sum of traffic. */
  wape: Score;
  /** Share of links with a GEH below 5; absent where traffic is not hourly. */
  gehShare?: Score;
}

/** Every method on one kind of split, over several seeds. */
export interface LinkEvaluation {
  split: LinkSplit;
  fraction: number;
  seeds: readonly number[];
  /** Links judged, per seed. */
  heldOut: readonly number[];
  /** Links hidden from the methods, per seed: those that are judged, and their ways back. */
  hidden: readonly number[];
  /** Share of the judged links that conservation alone determines from the known ones, per seed. */
  determined: readonly number[];
  /** The same if the ways back of the judged links were known: what random hold-outs without the leak rule would be worth. */
  determinedWithReverse: readonly number[];
  /** Centroid connectors, which are neither judged nor learnt from. */
  connectors: number;
  /** Attributes that no method was given. */
  leaks: readonly { name: string; reason: string }[];
  /** The best (by RMSE) first. */
  methods: readonly LinkMethodScores[];
}

/**
 * How well each method predicts the traffic of links that were hidden from it. Rules against leaks: `cost`, v/c and whatever else is computed from
 * traffic are no features (`leakingAttributes`); the way back of a judged link is hidden, too; centroid connectors are not judged; and the share of
 * links that conservation determines exactly is reported, because predicting those is arithmetic.
 *
 * @throws SpinifexError `NO_TRAFFIC` where fewer than 10 links, connectors aside, have known traffic
 * @throws TypeError, RangeError for options of the wrong kind or out of range
 * @example
 * const { methods } = evaluateLinks(city, { split: 'neighbourhood', fraction: 0.2, seeds: [0, 1, 2] });
 * methods[0].method; // 'regression + conservation'
 */
export function evaluateLinks(city: City, options?: EvaluateLinksOptions): LinkEvaluation {
  const given = optionsObject(options, 'evaluateLinks', [
    'split',
    'fraction',
    'seeds',
    'seed',
    'methods',
    'signal',
    'onProgress',
  ]);
  const split = oneOf(given.split ?? 'link', 'split', ['link', 'neighbourhood']);
  const fraction = numberIn(given.fraction ?? 0.2, 'fraction', 0, 1, '()');
  const seeds = readSeeds(given);
  const names = Object.keys(LINK_METHODS) as LinkMethod[];
  const asked = (given.methods ?? names).map((name, k) => oneOf(name, `methods[${k}]`, names));
  const report = withTimeLeft(given.onProgress);
  const full = knownTraffic(city);
  const study = linkStudy(city, given.signal);
  const methods = asked.filter((name) => name !== 'assigned trips' || study.assigned !== undefined);
  const candidates = study.connector.map((connector, e) => (connector === 0 && !Number.isNaN(full[e]) ? 1 : 0));
  if (candidates.reduce((a, b) => a + b, 0) < 10) {
    throw new SpinifexError('NO_TRAFFIC', 'city: expected at least 10 links with traffic that are no centroid connectors');
  }
  const bounds = quartiles(full.filter((_, e) => candidates[e] === 1));
  const runs = methods.map((): Measures[] => []);
  const rounds = Array.from(seeds, (seed, s) => {
    const { test, hidden } = holdOutLinks(study, candidates, split, fraction, seed);
    const actual = Float64Array.from(test, (e) => full[e]);
    const traffic = full.slice();
    for (const e of hidden) traffic[e] = Number.NaN;
    const unknown = Int32Array.from(traffic.keys()).filter((e) => Number.isNaN(traffic[e]));
    if (unknown.length === traffic.length) throw new SpinifexError('NO_TRAFFIC', 'fraction: nothing is left to learn from');
    const at = new Map(Array.from(unknown, (e, k) => [e, k]));
    methods.forEach((method, m) => {
      given.signal?.throwIfAborted();
      const values = LINK_METHODS[method].predict(study, traffic, unknown);
      const predicted = Float64Array.from(test, (e) => values[at.get(e) as number]);
      runs[m].push(measure(actual, predicted, bounds));
      report?.({ done: s * methods.length + m + 1, total: seeds.length * methods.length });
    });
    const reversed = full.slice();
    for (const e of test) reversed[e] = Number.NaN;
    return {
      heldOut: test.length,
      hidden: hidden.length,
      determined: determinedShare(study, traffic, test),
      determinedWithReverse: determinedShare(study, reversed, test),
    };
  });
  const scores = methods.map((method, m) => summary(method, runs[m], bounds, city.hourly === true));
  return {
    split,
    fraction,
    seeds: Array.from(seeds),
    heldOut: rounds.map((round) => round.heldOut),
    hidden: rounds.map((round) => round.hidden),
    determined: rounds.map((round) => round.determined),
    determinedWithReverse: rounds.map((round) => round.determinedWithReverse),
    connectors: study.connector.reduce((a, b) => a + b, 0),
    leaks: study.leaks,
    methods: scores.sort((a, b) => a.rmse.mean - b.rmse.mean),
  };
}

function readSeeds({ seeds, seed }: EvaluateLinksOptions): Int32Array {
  if (seed !== undefined) return Int32Array.of(integerIn(seed, 'seed', 0, 2147483647));
  const list = integerVector(seeds ?? [0, 1, 2, 3, 4], 'seeds', 0, 2147483647);
  if (list.length === 0 || !isNumberArray(seeds ?? [])) throw new RangeError('seeds: expected at least one seed');
  return list;
}

function determinedShare(study: ReturnType<typeof linkStudy>, traffic: Float64Array, test: Int32Array): number {
  const unknown = Int32Array.from(traffic.keys()).filter((e) => Number.isNaN(traffic[e]));
  const determined = determinedLinks(study.network, nodeBalance(study, traffic), unknown);
  const judged = new Set(test);
  return unknown.reduce((sum, e, k) => sum + (judged.has(e) ? determined[k] : 0), 0) / test.length;
}

/** Bounds of four classes of traffic with equally many links. */
function quartiles(values: Float64Array): number[] {
  const sorted = values.slice().sort();
  return [0, 0.25, 0.5, 0.75, 1].map((share) => sorted[Math.round(share * (sorted.length - 1))]);
}

interface Measures {
  rmse: number;
  rmsePercent: number;
  mae: number;
  wape: number;
  gehShare: number;
  classes: { count: number; rmsePercent: number }[];
}

function measure(actual: Float64Array, predicted: Float64Array, bounds: readonly number[]): Measures {
  const errors = actual.map((value, k) => predicted[k] - value);
  const absolute = errors.reduce((sum, error) => sum + Math.abs(error), 0);
  const total = actual.reduce((a, b) => a + b, 0);
  const everything = Array.from(actual.keys());
  const classOf = (value: number) => Math.min(3, Math.max(0, bounds.filter((bound) => value >= bound).length - 1));
  return {
    rmse: rootMeanSquare(errors, everything),
    rmsePercent: percent(errors, actual, everything),
    mae: absolute / actual.length,
    wape: absolute / total,
    gehShare: everything.filter((k) => geh(predicted[k], actual[k]) < 5).length / actual.length,
    classes: [0, 1, 2, 3].map((quarter) => {
      const own = everything.filter((k) => classOf(actual[k]) === quarter);
      return { count: own.length, rmsePercent: percent(errors, actual, own) };
    }),
  };
}

function rootMeanSquare(errors: Float64Array, which: readonly number[]): number {
  return Math.sqrt(which.reduce((sum, k) => sum + errors[k] ** 2, 0) / which.length);
}

function percent(errors: Float64Array, actual: Float64Array, which: readonly number[]): number {
  return (100 * rootMeanSquare(errors, which)) / (which.reduce((sum, k) => sum + actual[k], 0) / which.length);
}

function summary(method: LinkMethod, runs: readonly Measures[], bounds: readonly number[], hourly: boolean): LinkMethodScores {
  const { knows, ours } = LINK_METHODS[method];
  return {
    method,
    ours,
    knows,
    rmse: score(runs.map((run) => run.rmse)),
    rmsePercent: score(runs.map((run) => run.rmsePercent)),
    rmsePercentByVolume: [0, 1, 2, 3].map((quarter) => ({
      from: bounds[quarter],
      to: bounds[quarter + 1],
      count: runs.reduce((sum, run) => sum + run.classes[quarter].count, 0),
      score: score(runs.map((run) => run.classes[quarter].rmsePercent).filter((value) => Number.isFinite(value))),
    })),
    mae: score(runs.map((run) => run.mae)),
    wape: score(runs.map((run) => run.wape)),
    ...(hourly ? { gehShare: score(runs.map((run) => run.gehShare)) } : {}),
  };
}

function score(values: readonly number[]): Score {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardError: Math.sqrt(squares / (values.length - 1) / values.length) };
}
