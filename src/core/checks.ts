/**
 * Checks at the door: each takes `(value, title, ...)`, returns the value, and throws a `TypeError` for the wrong kind or a
 * `RangeError` for the wrong amount. The message names the argument, what was expected, what was seen, and where.
 * Success paths build no strings.
 * @module
 */
import { seen } from './seen.ts';

/** Throws: a `RangeError` where `value` is of the kind that was asked for, a `TypeError` otherwise. */
export function refuse(value: unknown, title: string, expected: string, rightKind: boolean): never {
  const message = `${title}: expected ${expected}, got ${seen(value)}`;
  throw rightKind ? new RangeError(message) : new TypeError(message);
}

/** Throws for one number inside a container: `X[12][3] is NaN: expected a finite number`. */
export function refuseEntry(value: unknown, place: string, expected: string): never {
  const message = `${place} is ${seen(value)}: expected ${expected}`;
  throw typeof value === 'number' ? new RangeError(message) : new TypeError(message);
}

function refuseNumber(value: unknown, title: string, expected: string): never {
  refuse(value, title, expected, typeof value === 'number');
}

/** A number that is neither NaN nor infinite. */
export function finiteNumber(value: unknown, title: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  refuseNumber(value, title, 'a finite number');
}

/** A finite number >= 0. */
export function nonNegativeNumber(value: unknown, title: string): number {
  if (typeof value === 'number' && value >= 0 && value !== Infinity) return value;
  refuseNumber(value, title, value === Infinity ? 'a finite number >= 0' : 'a number >= 0');
}

/** A finite number > 0. */
export function positiveNumber(value: unknown, title: string): number {
  if (typeof value === 'number' && value > 0 && value !== Infinity) return value;
  refuseNumber(value, title, value === Infinity ? 'a finite number > 0' : 'a number > 0');
}

/** Which ends belong to an interval. */
export type Ends = '[]' | '[)' | '(]' | '()';

/** A number between `low` and `high`; `ends` says which of the two are allowed themselves. Infinite bounds are open. */
export function numberIn(value: unknown, title: string, low: number, high: number, ends: Ends = '[]'): number {
  if (
    typeof value === 'number' &&
    Number.isFinite(value) &&
    (value > low || (value === low && ends[0] === '[')) &&
    (value < high || (value === high && ends[1] === ']'))
  ) {
    return value;
  }
  refuseNumber(value, title, `a number in ${ends[0]}${low}, ${high}${ends[1]}`);
}

/** An integer with `low <= value <= high`. */
export function integerIn(value: unknown, title: string, low: number, high: number = Number.MAX_SAFE_INTEGER): number {
  if (Number.isInteger(value) && (value as number) >= low && (value as number) <= high) return value as number;
  refuseNumber(value, title, integerText(low, high));
}

function integerText(low: number, high: number): string {
  return high === Number.MAX_SAFE_INTEGER ? `an integer >= ${low}` : `an integer in ${low}..${high}`;
}

/** `true` or `false`; truthy values of another kind are refused. */
export function booleanFlag(value: unknown, title: string): boolean {
  if (typeof value === 'boolean') return value;
  refuse(value, title, 'true or false', false);
}

/** One of the listed values. */
export function oneOf<const T extends string | number>(value: unknown, title: string, choices: readonly T[]): T {
  if (choices.includes(value as T)) return value as T;
  const known = choices.map((choice) => JSON.stringify(choice)).join(', ');
  const rightKind = choices.some((choice) => typeof choice === typeof value);
  refuse(value, title, `one of ${known}`, rightKind);
}

/** Whether a value is a plain array or a typed array of numbers (not a `DataView`, not big integers). */
export function isNumberArray(value: unknown): value is ArrayLike<number> {
  if (Array.isArray(value)) return true;
  return (
    ArrayBuffer.isView(value) && !(value instanceof DataView || value instanceof BigInt64Array || value instanceof BigUint64Array)
  );
}

/** A plain or typed array, of `length` entries where that is given; the entries are not looked at. */
export function numberArray(value: unknown, title: string, length?: number): ArrayLike<number> {
  if (!isNumberArray(value)) {
    refuse(value, title, length === undefined ? 'an array of numbers' : `an array of ${length} numbers`, false);
  }
  if (length !== undefined && value.length !== length) {
    throw new RangeError(`${title}: expected ${length} numbers, got ${value.length}`);
  }
  return value;
}

/** A fresh `Float64Array` with the same entries, all of them finite numbers. */
export function vector(value: unknown, title: string, length?: number): Float64Array {
  const source = numberArray(value, title, length);
  const out = new Float64Array(source.length);
  for (let i = 0; i < out.length; i++) {
    const entry = source[i];
    if (!Number.isFinite(entry)) refuseEntry(entry, `${title}[${i}]`, 'a finite number');
    out[i] = entry;
  }
  return out;
}

/** A fresh `Float64Array` of weights: finite, none negative, at least one positive. */
export function nonNegativeVector(value: unknown, title: string, length?: number): Float64Array {
  const out = vector(value, title, length);
  let largest = 0;
  for (let i = 0; i < out.length; i++) {
    if (out[i] < 0) refuseEntry(out[i], `${title}[${i}]`, 'a number >= 0');
    if (out[i] > largest) largest = out[i];
  }
  if (largest === 0) throw new RangeError(`${title}: expected at least one positive weight`);
  return out;
}

/** A fresh `Int32Array` with the same entries, all of them integers in `low..high` (within 32 bits). */
export function integerVector(value: unknown, title: string, low: number, high: number, length?: number): Int32Array {
  const source = numberArray(value, title, length);
  const out = new Int32Array(source.length);
  for (let i = 0; i < out.length; i++) {
    const entry = source[i];
    if (!(Number.isInteger(entry) && entry >= low && entry <= high)) {
      refuseEntry(entry, `${title}[${i}]`, Number.isInteger(entry) ? integerText(low, high) : 'an integer');
    }
    out[i] = entry;
  }
  return out;
}

/** An options object that names known options only, their values unchecked; `undefined` counts as no options. */
export function optionsObject<T extends object>(value: T | undefined, title: string, known: readonly (keyof T & string)[]): T {
  if (value === undefined) return {} as T;
  if (!isPlainObject(value)) refuse(value, title, 'an options object', false);
  for (const name of Object.keys(value)) {
    if (!(known as readonly string[]).includes(name)) {
      throw new TypeError(`${title}: unknown option "${name}"; known options: ${known.join(', ')}`);
    }
  }
  return value;
}

/** Whether a value is a literal `{...}` (of any realm), rather than an array, a class instance or a primitive. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
