import { finiteNumber, isNumberArray, isPlainObject, numberIn, positiveNumber, refuse, vector } from '../../core/checks.ts';

/** Synaptic time constants by receptor name, in the order given. */
export type Receptors = Readonly<Record<string, number>>;

/** One number for all neurons, or one for each. */
export type Current = number | Float64Array;

/** A start value for all neurons, or the ends of a uniform distribution. */
export type Start = number | readonly [low: number, high: number];

/** The receptor of models with one nameless synaptic time constant. */
export const ONLY = 'synapse';
/** The receptor that every model has: a spike moves v by its weight at once. */
export const DELTA = 'delta';

export function receptorsOf(value: unknown): Receptors {
  if (value === undefined) return Object.freeze({});
  if (typeof value === 'number') return Object.freeze({ [ONLY]: positiveNumber(value, 'tauSyn') });
  if (!isPlainObject(value)) refuse(value, 'tauSyn', 'a number > 0 or an object of numbers by receptor name', false);
  if (Object.hasOwn(value, DELTA)) throw new RangeError(`tauSyn: "${DELTA}" is the receptor without a time constant`);
  return Object.freeze(
    Object.fromEntries(Object.entries(value).map(([name, tau]) => [name, positiveNumber(tau, `tauSyn.${name}`)])),
  );
}

/** Voltages, currents and weights beyond this are mistakes, and single precision could not add them up. */
const LARGEST = 1e18;

/** A finite number that single precision holds with room to spare. */
export function boundedNumber(value: unknown, title: string): number {
  return numberIn(finiteNumber(value, title), title, -LARGEST, LARGEST);
}

export function currentOf(value: unknown): Current {
  if (!isNumberArray(value)) return boundedNumber(value ?? 0, 'current');
  const currents = vector(value, 'current');
  currents.forEach((current, i) => {
    boundedNumber(current, `current[${i}]`);
  });
  return currents;
}

export function startOf(value: unknown, otherwise: number): Start {
  if (value === undefined) return otherwise;
  if (!isNumberArray(value)) return boundedNumber(value, 'vInit');
  const [low, high] = vector(value, 'vInit', 2);
  if (low > high) throw new RangeError(`vInit: expected [low, high] with low <= high, got [${low}, ${high}]`);
  return Object.freeze([low, high] as const);
}

/** A threshold above the reset value. */
export function thresholdOf(value: unknown, reset: number): number {
  const threshold = finiteNumber(value, 'vThreshold');
  return numberIn(threshold, 'vThreshold (above vReset)', reset, Infinity, '()');
}
