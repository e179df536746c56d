/**
 * Class labels: what a classifier is given and what it predicts.
 * @module
 */
import { integerIn, isNumberArray, refuse } from './checks.ts';
import { seen } from './seen.ts';

/** The name of a class: a finite number or a string. */
export type Label = number | string;

/** One label per row, all of them numbers or all of them strings. */
export type LabelInput<L extends Label = Label> = ArrayLike<L>;

/** Labels with their classes. */
export interface EncodedLabels<L extends Label = Label> {
  /** The distinct labels, ascending: numbers by value, strings by code units. */
  classes: L[];
  /** For each row, the position of its label in `classes`. */
  index: Int32Array;
}

/** An error message lists so many classes. */
const LISTED = 8;

/**
 * Numbers the classes of training data.
 *
 * @param labels finite numbers (-0 counts as 0) or strings, not mixed
 * @param title the name that error messages use
 * @param rows how many labels there must be, where that is known
 * @param atLeast how many classes there must be
 * @default title 'y', atLeast 2
 * @throws TypeError for other kinds, holes and mixtures; RangeError for NaN or infinities, a wrong length, too few classes
 */
export function encodeLabels<L extends Label>(labels: LabelInput<L>, title = 'y', rows?: number, atLeast = 2): EncodedLabels<L> {
  const source = checkLabels(labels, title, rows, undefined);
  integerIn(atLeast, 'atLeast', 1);
  const numbers = new Map<L, number>();
  for (let i = 0; i < source.length; i++) numbers.set(source[i], 0);
  const classes = Array.from(numbers.keys()).sort(ascending);
  if (classes.length < atLeast) {
    const found = classes.length === 0 ? 'none' : `${classes.length}: ${listed(classes)}`;
    throw new RangeError(`${title}: expected at least ${atLeast} different labels, got ${found}`);
  }
  return { classes, index: lookUp(source, classes) };
}

/**
 * The class numbers of other data (validation, test) by the classes of the training data.
 *
 * @param classes distinct labels, as `encodeLabels` returns them
 * @throws TypeError for other kinds than the classes are of; RangeError for a wrong length, and for a label that is none of
 * the classes
 */
export function labelIndices<L extends Label>(
  labels: LabelInput<L>,
  classes: readonly L[],
  title = 'y',
  rows?: number,
): Int32Array {
  const source = checkLabels(labels, title, rows, typeof classes[0] as 'number' | 'string');
  const index = lookUp(source, classes);
  const stranger = index.indexOf(-1);
  if (stranger >= 0) {
    throw new RangeError(`${title}[${stranger}] is ${quoted(source[stranger])}: expected one of the classes ${listed(classes)}`);
  }
  return index;
}

/** The labels themselves: so many, all of one kind, the given one or that of the first. */
function checkLabels<L extends Label>(
  labels: LabelInput<L>,
  title: string,
  rows: number | undefined,
  kind: 'number' | 'string' | undefined,
): LabelInput<L> {
  if (!isNumberArray(labels)) refuse(labels, title, 'an array of labels (all numbers or all strings)', false);
  const source: ArrayLike<unknown> = labels;
  if (rows !== undefined && source.length !== rows) {
    throw new RangeError(`${title}: expected ${rows} labels, one for each row, got ${source.length}`);
  }
  const asOthers = kind === undefined ? `, as ${title}[0]` : ', as the classes';
  const wanted = kind ?? (typeof source[0] === 'string' ? 'string' : 'number');
  for (let i = 0; i < source.length; i++) {
    const label = source[i];
    if (typeof label === wanted && (wanted === 'string' || Number.isFinite(label))) continue;
    const place = `${title}[${i}] is ${seen(label)}`;
    if (typeof label === 'number' && wanted === 'number') throw new RangeError(`${place}: expected a finite number`);
    if (kind === undefined && i === 0) throw new TypeError(`${place}: expected a finite number or a string`);
    throw new TypeError(`${place}: expected a ${wanted}${asOthers}`);
  }
  return labels;
}

/** The position of each label in `classes`, -1 where it is none of them. */
function lookUp<L extends Label>(labels: LabelInput<L>, classes: readonly L[]): Int32Array {
  const positions = new Map(classes.map((label, position) => [label, position]));
  const index = new Int32Array(labels.length);
  for (let i = 0; i < index.length; i++) index[i] = positions.get(labels[i]) ?? -1;
  return index;
}

/** Numbers by value, strings by code units: `localeCompare` would depend on the machine. */
function ascending(a: Label, b: Label): number {
  return a < b ? -1 : 1;
}

function quoted(label: Label): string {
  return typeof label === 'string' ? JSON.stringify(label) : String(label);
}

function listed(classes: readonly Label[]): string {
  const more = classes.length > LISTED ? `, ... (${classes.length} in all)` : '';
  return classes.slice(0, LISTED).map(quoted).join(', ') + more;
}
