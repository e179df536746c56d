import { isNumberArray, refuse, refuseEntry } from '../../core/checks.ts';
import { encodeLabels, type Label } from '../../core/labels.ts';
import type { VectorInput } from '../../core/matrixInput.ts';
import { type BlockPenalty, times } from './blockPenalty.ts';
import type { Blocks } from './blockProblem.ts';

/** Groups of columns: one label per column (groups in ascending order of their labels), or lists of column numbers. */
export type GroupsInput = ArrayLike<Label> | readonly ArrayLike<number>[];

/**
 * Columns of each group; every one of p columns must be in exactly one.
 * @throws TypeError for other kinds; RangeError for a column in two groups or none (named)
 */
export function groupColumns(groups: GroupsInput, p: number): Int32Array[] {
  if (!isNumberArray(groups)) refuse(groups, 'groups', 'one label per column, or lists of columns', false);
  const source: ArrayLike<unknown> = groups;
  if (!isNumberArray(source[0])) return byLabel(groups as ArrayLike<Label>, p);
  const owner = new Int32Array(p).fill(-1);
  const lists = Array.from(source as ArrayLike<ArrayLike<number>>, (list, g) => {
    if (!isNumberArray(list)) refuse(list, `groups[${g}]`, 'a list of columns', false);
    if (list.length === 0) throw new RangeError(`groups[${g}]: expected at least one column`);
    return Int32Array.from(list, (j, c) => {
      if (!(Number.isInteger(j) && j >= 0 && j < p)) refuseEntry(j, `groups[${g}][${c}]`, `a column number in 0..${p - 1}`);
      if (owner[j] >= 0) throw new RangeError(`groups: column ${j} is in group ${owner[j]} and again in group ${g}`);
      owner[j] = g;
      return j;
    }).sort();
  });
  const missing = owner.indexOf(-1);
  if (missing >= 0) throw new RangeError(`groups: column ${missing} is in no group`);
  return lists;
}

function byLabel(labels: ArrayLike<Label>, p: number): Int32Array[] {
  if (labels.length !== p) throw new RangeError(`groups: expected one label per column of X (${p}), got ${labels.length}`);
  const { classes, index } = encodeLabels(labels, 'groups', p, 1);
  const lists: number[][] = classes.map(() => []);
  for (const [j, g] of index.entries()) lists[g].push(j);
  return lists.map((list) => Int32Array.from(list));
}

/** Blocks of one column each, all with this penalty times their factor. */
export function singleColumns(p: number, penalty: BlockPenalty, factors?: VectorInput): Blocks {
  const factor = factors === undefined ? new Float64Array(p).fill(1) : weightsOf(factors, 'penaltyFactors', p, 'column of X');
  const columns = Array.from({ length: p }, (_, j) => Int32Array.of(j));
  return { columns, penalties: Array.from(factor, (each) => times(penalty, each)) };
}

/** One factor >= 0 or Infinity each. */
export function weightsOf(values: VectorInput, title: string, count: number, unit: string): Float64Array {
  if (!isNumberArray(values)) refuse(values, title, `${count} numbers`, false);
  if (values.length !== count) throw new RangeError(`${title}: expected one value per ${unit} (${count}), got ${values.length}`);
  return Float64Array.from(values, (x, k) => {
    if (typeof x !== 'number' || !(x >= 0)) refuseEntry(x, `${title}[${k}]`, 'a number >= 0 or Infinity');
    return x;
  });
}
