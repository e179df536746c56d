import type { MathKernels } from '../backend/kernels.ts';
import type { Random } from '../core/random.ts';
import type { PopulationState } from './populationState.ts';

const TWO32 = 4294967296;
/** Below this mean, skipping the neurons without an event costs less than a draw for each. */
const RARE = 0.05;
/** Above it exp(-mean) loses digits and then everything. */
export const LARGEST_MEAN = 500;

/** Independent Poisson input to every neuron of a population, and where its random numbers stand. */
export interface PoissonDrive {
  readonly target: PopulationState;
  readonly receptor: number;
  readonly weight: number;
  /** 1 / log P(no event) where neurons without an event are skipped, else 0. */
  readonly inverse: number;
  /** The count that table[0] stands for. */
  readonly first: number;
  /** A draw u (32 bits) means `first` plus the lowest k with u <= table[k]. */
  readonly table: Uint32Array;
  /** guide[u >>> 24] is a k to start from. */
  readonly guide: Int32Array;
  state: Uint32Array;
  gap: number;
}

/** Where a draw of 32 bits leads: counts with a Poisson distribution, to the nearest 2^-32 of probability. */
export function poissonDrive(
  target: PopulationState,
  receptor: number,
  weight: number,
  mean: number,
  random: Random,
  kernels: Pick<MathKernels, 'exp' | 'log'>,
): PoissonDrive {
  const rare = mean < RARE;
  const none = kernels.exp(-mean);
  const scale = rare ? 1 / seriesWithoutNone(mean) : none;
  const table: number[] = [];
  let first = -1;
  let sum = 0;
  let term = 1;
  for (let k = 0; ; k++) {
    if (k > 0) term *= mean / k;
    if (k > 0 || !rare) sum += term * scale;
    const last = Math.round(sum * TWO32) - 1;
    if (last < 0) continue;
    if (first < 0) first = k;
    table.push(Math.min(last, TWO32 - 1));
    // Past the mean, terms that no longer change the sum have less than 2^-32 left.
    if (last >= TWO32 - 1 || (k > mean && term * scale * TWO32 < 1e-3)) break;
  }
  table[table.length - 1] = TWO32 - 1;
  const guide = new Int32Array(256);
  for (let byte = 0, k = 0; byte < 256; byte++) {
    while (table[k] < byte * 2 ** 24) k++;
    guide[byte] = k;
  }
  return {
    target,
    receptor,
    weight,
    inverse: rare ? -1 / mean : 0,
    first,
    table: Uint32Array.from(table),
    guide,
    gap: rare ? Math.floor(kernels.log(1 - random.uniform()) / -mean) : 0,
    state: random.state(),
  };
}

/** exp(mean) - 1 for small means: what the probabilities of one event or more share. */
function seriesWithoutNone(mean: number): number {
  let sum = 1;
  for (let k = 20; k >= 2; k--) sum = 1 + (mean * sum) / k;
  return mean * sum;
}
