/**
 * What a model is to say about rows: numbers, counts or labels, as a table has them.
 * @module
 */
import type { Label } from '../core/labels.ts';
import { DataError, UsageError } from './errors.ts';
import { inputName } from './readInput.ts';
import { columnOf, labelsOf, listed, type Table } from './tables.ts';

/** One per row. */
export type Targets = Float64Array | readonly Label[];

/** A kind of target. */
export interface TargetKind<Y extends Targets> {
  /** One column of a table. */
  read(table: Table, name: string, file: string): Y;
  /** The targets, made ready; `title` names file and column. @throws DataError where there is nothing to learn */
  check(y: Y, title: string): Y;
}

/** Numbers that are not all the same. */
export const numericTarget: TargetKind<Float64Array> = {
  read: (table, name, file) => columnOf(table, name, file),
  check(y, title) {
    if (y.every((value) => value === y[0])) throw new DataError(`${title} is ${y[0]} in every row; there is nothing to explain`);
    return y;
  },
};

/** Numbers >= 0 that are not all the same. */
export const countTarget: TargetKind<Float64Array> = {
  read(table, name, file) {
    const y = columnOf(table, name, file);
    const negative = y.findIndex((value) => value < 0);
    if (negative < 0) return y;
    throw new DataError(
      `${inputName(file)}, line ${table.lineOf(negative)}, column "${name}": expected a count >= 0, got ${y[negative]}`,
    );
  },
  check(y, title) {
    const negative = y.findIndex((value) => value < 0);
    if (negative >= 0) throw new DataError(`${title}, row ${negative + 1}: expected a count >= 0, got ${y[negative]}`);
    return numericTarget.check(y, title);
  },
};

/** Labels of two classes; of more where `one` names the class that is told from all others. */
export function twoClasses(one: string | undefined): TargetKind<Float64Array | readonly Label[]> {
  return {
    read: labelsOf,
    check(y, title) {
      const labels = one === undefined ? y : againstOthers(y, one, title);
      const classes = classesOf(labels, title);
      if (classes.length === 2) return labels;
      throw new DataError(
        `${title} has ${classes.length} different values (${listed(classes.map(quoted), 6)}), expected two classes; --class <label> tells one from all others`,
      );
    },
  };
}

/** The different labels, in the order of their first use. @throws DataError for one class only */
export function classesOf(labels: Targets, title: string): Label[] {
  const classes = [...new Set<Label>(labels)];
  if (classes.length === 1) throw new DataError(`${title} is ${quoted(classes[0])} in every row; there is nothing to tell apart`);
  return classes;
}

/** @throws DataError for a class of one row, which no cross-validation can both learn and hold out */
export function requireTwoOfEach(labels: Targets, title: string): void {
  const sizes = new Map<Label, number>();
  for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  for (const [label, size] of sizes) {
    if (size === 1)
      throw new DataError(`${title} is ${quoted(label)} in one row only; cross-validation needs two rows of each class`);
  }
}

/** A label in a sentence. */
export function quoted(label: Label): string {
  return typeof label === 'string' ? `"${label}"` : String(label);
}

function againstOthers(y: Targets, one: string, title: string): string[] {
  const words = Array.from<Label, string>(y, String);
  if (!words.includes(one)) throw new UsageError(`--class: ${title} has no "${one}"; it has ${listed([...new Set(words)], 6)}`);
  return words.map((word) => (word === one ? one : `not ${one}`));
}
