import { type Arena, arena } from '../backend/arena.ts';
import { foldLabels, kFold } from '../core/folds.ts';
import type { Job } from './job.ts';
import type { FitOptions } from './options.ts';

/** What a fold says about candidates that were fitted without it. */
export interface HeldOut {
  /** Weighted mean squared error (or other metric) of every candidate. */
  errors: Float64Array;
  /** Weight of the fold's rows. */
  weight: number;
  /** Coarsest relative gap. */
  gap: number;
}

/** Fold of every row, and how many there are. */
export function foldsOf(n: number, given: { folds: number; seed: number; foldIds?: ArrayLike<number> | undefined }) {
  const fold = given.foldIds === undefined ? kFold(n, given.folds, given.seed) : foldLabels(given.foldIds, n).fold;
  return { fold, count: fold.reduce((a, b) => Math.max(a, b), 0) + 1 };
}

/** Options for step k of `count` equal steps, so that progress runs over all of them. */
export function sharedProgress({ signal, onProgress }: FitOptions, count: number): (k: number) => FitOptions<{ lambda: number }> {
  return (k) => ({
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress: ({ done, total }) => onProgress({ done: k * total + done, total: count * total }) } : {}),
  });
}

/** Tells what a candidate predicts for all rows; `gap` is that of its fit. */
export type Judge = (candidate: number, fitted: ArrayLike<number>, gap: number) => void;

/** Judges candidates, fitted in `frame` with the row weights `kept` (zeros on fold k), on the rows of fold k. */
export function heldOut(
  job: Job,
  fold: Int32Array,
  k: number,
  candidates: number,
  body: (frame: Arena, kept: Float64Array, judge: Judge) => void,
): HeldOut {
  const { response } = job;
  const weights = job.sampleWeight ?? new Float64Array(response.length).fill(1);
  const rows = Int32Array.from(fold.keys()).filter((i) => fold[i] === k && weights[i] > 0);
  const weight = rows.reduce((total, i) => total + weights[i], 0);
  const errors = new Float64Array(candidates);
  if (weight === 0) return { errors, weight, gap: 0 };
  const kept = weights.map((w, i) => (fold[i] === k ? 0 : w));
  if (!kept.some((w) => w > 0)) throw new RangeError(`foldIds: without fold ${k} no row with a positive weight is left to fit`);
  return arena(job.frame.backend, (frame) => {
    let gap = 0;
    const judge: Judge = (candidate, fitted, at) => {
      gap = Math.max(gap, at);
      let total = 0;
      for (const i of rows) total += weights[i] * (response[i] - fitted[i]) ** 2;
      errors[candidate] = total / weight;
    };
    body(frame, kept, judge);
    return { errors, weight, gap };
  });
}

/** Mean error of every candidate over the folds, weighted by their rows' weights, and its standard error. */
export function overFolds(held: readonly HeldOut[]): { mean: Float64Array; standardError: Float64Array; foldGap: number } {
  const used = held.filter((fold) => fold.weight > 0);
  const total = used.reduce((sum, fold) => sum + fold.weight, 0);
  const mean = new Float64Array(held[0].errors.length);
  const standardError = new Float64Array(mean.length);
  for (const c of mean.keys()) {
    for (const { errors, weight } of used) mean[c] += (weight / total) * errors[c];
    for (const { errors, weight } of used) standardError[c] += (weight / total) * (errors[c] - mean[c]) ** 2;
    standardError[c] = Math.sqrt(standardError[c] / (used.length - 1));
  }
  return { mean, standardError, foldGap: used.reduce((most, fold) => Math.max(most, fold.gap), 0) };
}
