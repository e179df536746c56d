import type { CsrMatrix } from '../core/csrMatrix.ts';
import type { DenseMatrix } from '../core/denseMatrix.ts';
import type { Job } from './command.ts';
import { DataError, UsageError } from './errors.ts';
import { choice, type Flag, list } from './flags.ts';
import { inputName } from './readInput.ts';
import {
  formatOf,
  holdsWords,
  listed,
  numbersOf,
  readLabelledRows,
  readTable,
  requireColumns,
  type TableFormat,
} from './tables.ts';
import { numericTarget, type TargetKind, type Targets } from './targets.ts';

/** Flags that say what to read from a file. */
export interface DataFlags {
  target?: string;
  features?: string[];
  ignore?: string[];
  format?: TableFormat;
}

export const DATA_FLAGS: readonly Flag[] = [
  { flags: '--target <name>', description: 'the column to explain (CSV; svmlight files have it first in each line)' },
  {
    flags: '--features <names>',
    description: 'columns to explain it with, between commas',
    read: list,
    fallback: 'all other numeric ones',
  },
  { flags: '--ignore <names>', description: 'columns to leave out, between commas', read: list },
  {
    flags: '--format <name>',
    description: 'csv or svmlight',
    read: choice(['csv', 'svmlight']),
    fallback: 'by the name of the file',
  },
];

/** Rows with names, and what is to be said about each of them. */
export interface Dataset<Y extends Targets = Float64Array> {
  X: DenseMatrix | CsrMatrix;
  y: Y;
  /** One per column of X. */
  features: readonly string[];
  target: string;
  /** For the summary: `'"traffic" on 5 columns, 120 rows of roads.csv'`. */
  title: string;
}

/** A file of rows as a regression problem. */
export function readDataset(job: Job<DataFlags>): Promise<Dataset> {
  return readRows(job, numericTarget);
}

/**
 * Reads a file of rows for a target of any kind.
 *
 * @throws DataError for columns that are missing or not numeric, and a target that cannot be used
 */
export async function readRows<Y extends Targets>(job: Job<DataFlags>, kind: TargetKind<Y>): Promise<Dataset<Y>> {
  const [file] = job.args;
  const format = formatOf(file, job.flags.format);
  const parts = format === 'svmlight' ? await sparseParts(file, job) : await denseParts(file, job, kind.read);
  const { target, features } = parts;
  const y = kind.check(parts.y as Y, `${inputName(file)}: the target "${target}"`);
  const size = `${features.length} column${features.length === 1 ? '' : 's'}, ${y.length} rows of ${inputName(file)}`;
  return { ...parts, y, title: `"${target}" on ${size}` };
}

type Parts<Y extends Targets> = Omit<Dataset<Y>, 'title'>;

async function sparseParts(file: string, { flags, terminal }: Job<DataFlags>): Promise<Parts<Float64Array>> {
  for (const name of ['target', 'features', 'ignore'] as const) {
    if (flags[name] !== undefined) throw new UsageError(`--${name}: svmlight files have no column names (${inputName(file)})`);
  }
  const { X, y } = await readLabelledRows(file, terminal);
  return { X, y, features: Array.from({ length: X.cols }, (_, j) => String(j + 1)), target: 'label' };
}

async function denseParts<Y extends Targets>(file: string, job: Job<DataFlags>, read: TargetKind<Y>['read']): Promise<Parts<Y>> {
  const table = await readTable(file, job.terminal);
  const { target, features, ignore = [] } = job.flags;
  if (target === undefined) throw new UsageError(`--target is needed: one of ${listed(table.names)}`);
  const named = [target, ...(features ?? []), ...ignore];
  requireColumns(table, named, file);
  if (features?.includes(target)) throw new UsageError(`--features: "${target}" is the target`);
  const twice = features?.find((name, k) => features.indexOf(name) < k);
  if (twice !== undefined) throw new UsageError(`--features: "${twice}" is named twice`);
  const rest = (features ?? table.names).filter((name) => name !== target && !ignore.includes(name));
  const words = features ? [] : rest.filter((name) => holdsWords(table, name));
  if (words.length > 0) job.note(`left out, because they hold words: ${listed(words)}`);
  const used = rest.filter((name) => !words.includes(name));
  if (used.length === 0)
    throw new DataError(`${inputName(file)}: no column is left to explain "${target}" with; found ${listed(table.names)}`);
  const y = read(table, target, file);
  return { X: numbersOf(table, used, file), y, features: used, target };
}
