/**
 * Readers of flags: each gets the text after the flag and returns its value, or throws a `UsageError` with what was expected.
 * @module
 */
import { UsageError } from './errors.ts';

/** One flag of a sub-command. */
export interface Flag {
  /** As commander writes it: `'--lambda <number>'`; a value in angle brackets is needed, none means yes or no. */
  flags: string;
  description: string;
  /** From the text to the value. Default: the text itself. */
  read?: (text: string) => unknown;
  /** Shown in the help; commands know their defaults themselves. */
  fallback?: string;
}

/** A number, by default any finite one. */
export function number(expected = 'a number', accept: (value: number) => boolean = Number.isFinite): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (Number.isFinite(value) && accept(value)) return value;
    throw new UsageError(`expected ${expected}, got "${text}"`);
  };
}

export const nonNegative = number('a number >= 0', (value) => value >= 0);

/** An integer >= `low`. */
export function integer(low: number): (text: string) => number {
  return number(`an integer >= ${low}`, (value) => Number.isSafeInteger(value) && value >= low);
}

/** One of the listed words. */
export function choice<const T extends string>(choices: readonly T[]): (text: string) => T {
  return (text) => {
    if ((choices as readonly string[]).includes(text)) return text as T;
    throw new UsageError(`expected ${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}, got "${text}"`);
  };
}

/** Words between commas. */
export function list(text: string): string[] {
  const words = text.split(',').map((word) => word.trim());
  if (words.includes('')) throw new UsageError(`expected names between commas, got "${text}"`);
  return words;
}
