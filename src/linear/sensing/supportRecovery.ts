import { nonNegativeNumber, optionsObject, vector } from '../../core/checks.ts';
import type { VectorInput } from '../../core/matrixInput.ts';

/** How much of a sparse signal was found. */
export interface SupportRecovery {
  /** Share of the entries found that are in the truth; 1 where none were found. */
  precision: number;
  /** Share of the truth's entries that were found; 1 where it has none. */
  recall: number;
  /** Twice the hits over the entries found and the entries there are; 1 where there are neither. */
  f1: number;
  /** ||x - truth||_2 / ||truth||_2; for a truth of zeros 0 or Infinity. */
  relativeError: number;
}

/**
 * Compares a recovered signal with the true one, by entries and by distance.
 *
 * @param options.threshold entries of x up to this size count as not found
 * @default threshold 0
 * @throws TypeError, RangeError for vectors of the wrong kind or of two lengths
 * @example
 * supportRecovery([0.9, 0, 0.1], [1, 0, 0]).precision; // 0.5
 */
export function supportRecovery(x: VectorInput, truth: VectorInput, options?: { threshold?: number }): SupportRecovery {
  const { threshold = 0 } = optionsObject(options, 'supportRecovery', ['threshold']);
  nonNegativeNumber(threshold, 'threshold');
  const wanted = vector(truth, 'truth');
  const found = vector(x, 'x', wanted.length);
  let [hits, claims, entries, distance, length] = [0, 0, 0, 0, 0];
  for (let j = 0; j < found.length; j++) {
    const claimed = Math.abs(found[j]) > threshold;
    if (claimed) claims++;
    if (wanted[j] !== 0) entries++;
    if (claimed && wanted[j] !== 0) hits++;
    distance += (found[j] - wanted[j]) ** 2;
    length += wanted[j] ** 2;
  }
  const relativeError = distance === 0 ? 0 : Math.sqrt(distance / length);
  return {
    precision: claims > 0 ? hits / claims : 1,
    recall: entries > 0 ? hits / entries : 1,
    f1: claims + entries > 0 ? (2 * hits) / (claims + entries) : 1,
    relativeError,
  };
}
