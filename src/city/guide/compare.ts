import type { GuideCheck } from '../guideCheck.ts';

/** One number, a list, or rows. */
export type Values = number | ArrayLike<number> | readonly ArrayLike<number>[];

/** Numbers further apart than this (relative to numbers above 1) are different numbers. */
const TOLERANCE = 1e-9;

/**
 * The guide's numbers beside the library's.
 * @param why one sentence for the case that they differ; left out where they do not
 */
export function compare(place: string, title: string, guide: Values, computed: Values, why = ''): GuideCheck {
  const [left, right] = [flat(guide), flat(computed)];
  const agrees = left.length === right.length && left.every((g, k) => close(g, right[k]));
  return { place, title, guide: text(guide), computed: text(computed), agrees, why: agrees ? '' : why };
}

/** The same check with words around the computed numbers. */
export function annotated(check: GuideCheck, words: string): GuideCheck {
  return { ...check, computed: `${check.computed} ${words}` };
}

function close(a: number, b: number): boolean {
  return Math.abs(a - b) <= TOLERANCE * Math.max(1, Math.abs(a));
}

/** `0.83`, `[1, 0.3, 0.2]`, or rows as `[1, 0; 0, 1]`: six digits, without trailing zeros. */
export function text(values: Values): string {
  if (typeof values === 'number') return shortened(values);
  const list = Array.from(values as ArrayLike<number | ArrayLike<number>>);
  const rows = list.map((row) => (typeof row === 'number' ? shortened(row) : Array.from(row, shortened).join(', ')));
  return `[${rows.join(typeof list[0] === 'number' ? ', ' : '; ')}]`;
}

function shortened(value: number): string {
  return Math.abs(value) < 1e-12 ? '0' : String(Number(value.toPrecision(6)));
}

function flat(values: Values): number[] {
  if (typeof values === 'number') return [values];
  return Array.from(values as ArrayLike<number | ArrayLike<number>>).flatMap((row) =>
    typeof row === 'number' ? [row] : Array.from(row),
  );
}

/** A statement of the guide that is no number, and what was found. */
export function claim(place: string, title: string, guide: string, computed: string, agrees: boolean, why = ''): GuideCheck {
  return { place, title, guide, computed, agrees, why: agrees ? '' : why };
}
