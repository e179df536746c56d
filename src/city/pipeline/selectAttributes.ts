import { DenseMatrix } from '../../core/denseMatrix.ts';
import type { RunOptions } from '../../core/progress.ts';
import { LassoCV } from '../../linear/index.ts';
import type { City } from '../city.ts';
import type { AttributeTable, SelectedAttributes } from '../cityReport.ts';
import { type LeakingAttribute, leakingAttributes } from '../links/leakingAttributes.ts';
import { logOf } from '../routes/logExp.ts';
import { type Column, columnOf } from './attributeTable.ts';

const MOST_FOLDS = 10;
const WIDE = 10;
const LOG = 'log ';

/**
 * Which attributes explain the traffic: the lasso of log(1 + traffic) on the standardised attributes, its lambda by cross-validation with the one-standard-error rule. Attributes
 * that give the traffic away (`leakingAttributes`) are left out; those that spread over powers of ten enter as logarithms.
 *
 * @throws RangeError where no attribute is left
 */
export function selectAttributes(city: City, table: AttributeTable, seed = 0, run: RunOptions = {}): SelectedAttributes {
  const { columns, leaks } = explainingAttributes(city, table);
  if (columns.length === 0)
    throw new RangeError('table: expected an attribute beside the traffic that differs between its rows, got none');
  const n = table.values.rows;
  const X = new Float64Array(n * columns.length);
  for (const [j, { values }] of columns.entries()) X.set(values, j * n);
  const design = new DenseMatrix(X, n, columns.length, 'column');
  const y = columnOf(table, 'traffic').map((v) => logOf(1 + v));
  const folds = Math.min(MOST_FOLDS, n);
  const crossValidated = new LassoCV({ standardize: true, folds, rule: '1se', seed }).fit(design, y, run);
  return {
    names: columns.map(({ name }) => name),
    response: 'log(1 + traffic)',
    crossValidated,
    explained: crossValidated.model.score(design, y),
    leaks,
  };
}

/** Attributes that may explain the traffic, and those that give it away. */
export function explainingAttributes(city: City, table: AttributeTable): { columns: Column[]; leaks: LeakingAttribute[] } {
  const leaks = table.item === 'link' ? leakingAttributes(city).filter(({ name }) => table.names.includes(name)) : [];
  const leaking = new Set(leaks.map(({ name }) => name));
  const columns = table.names
    .filter((name) => name !== 'traffic' && !leaking.has(name))
    .map((name) => ({ name, values: columnOf(table, name) }))
    .filter(({ values }) => values.some((v) => v !== values[0]))
    .map(({ name, values }) => (isWide(values) ? { name: `${LOG}${name}`, values: values.map(logOf) } : { name, values }));
  return { columns, leaks };
}

/** The column of a name in `SelectedAttributes`. */
export function explainingColumn(table: AttributeTable, name: string): Float64Array {
  return table.names.includes(name) ? columnOf(table, name) : columnOf(table, name.slice(LOG.length)).map(logOf);
}

function isWide(values: Float64Array): boolean {
  let [low, high] = [Number.POSITIVE_INFINITY, 0];
  for (const v of values) [low, high] = [Math.min(low, v), Math.max(high, v)];
  return low > 0 && high > WIDE * low;
}
