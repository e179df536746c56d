/** A kind of flaw that a reader found and mended, with how often and where it happened. */
export interface Repair {
  /** Stable name, e.g. `'duplicate-link'`, `'empty-field'`, `'missing-semicolon'`. */
  kind: string;
  /** Which source: `'net'`, `'trips'`, `'flow'`, `'node'`, `'links'`, `'places'`... */
  source: string;
  count: number;
  /** The first lines (counted from 1) where it happened, at most ten. */
  lines: readonly number[];
  /** What was done, for people: `'a link given twice: the first one is kept'`. */
  description: string;
}
