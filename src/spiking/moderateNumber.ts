import { numberIn, positiveNumber } from '../core/checks.ts';

/** A positive number that single precision holds, with room for its square. */
export function moderateNumber(value: unknown, title: string): number {
  return numberIn(positiveNumber(value, title), title, 1e-18, 1e18);
}
