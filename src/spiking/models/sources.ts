import { integerVector, nonNegativeNumber, optionsObject, vector } from '../../core/checks.ts';

export interface PoissonSourceModel {
  readonly kind: 'poissonSource';
  readonly rate: number;
}

/**
 * A population of independent spike sources: in each step a source spikes with probability 1 - exp(-rate dt), so at most once.
 *
 * @param options.rate in Hz, >= 0
 * @throws TypeError or RangeError for another rate
 */
export function poissonSource(options: { rate: number }): PoissonSourceModel {
  optionsObject(options, 'poissonSource', ['rate']);
  return Object.freeze({ kind: 'poissonSource' as const, rate: nonNegativeNumber(options.rate, 'rate') });
}

export interface SpikeSourceModel {
  readonly kind: 'spikeSource';
  readonly time: Float64Array;
  readonly neuron: Int32Array;
}

/**
 * A population that spikes as listed, in any order.
 *
 * @param options.time when, in ms: multiples of dt, > 0 (a spike of step k has the time of the end of the step, (k + 1) dt)
 * @param options.neuron which neuron of the population, one for each time
 * @throws TypeError or RangeError for lists of unequal length, and numbers that are not finite or integers
 */
export function spikeSource(options: { time: ArrayLike<number>; neuron: ArrayLike<number> }): SpikeSourceModel {
  optionsObject(options, 'spikeSource', ['time', 'neuron']);
  const time = vector(options.time, 'time');
  const neuron = integerVector(options.neuron, 'neuron', 0, 2147483647, time.length);
  return Object.freeze({ kind: 'spikeSource' as const, time, neuron });
}
