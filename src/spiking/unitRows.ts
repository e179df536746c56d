import { refuseEntry } from '../core/checks.ts';
import type { Matrix } from '../core/matrixInput.ts';
import { rowReader } from './rowReader.ts';

/** As `rowReader`, for values that all have to lie in [0, 1]. */
export function unitRowReader(X: Matrix): (i: number) => Float64Array {
  const read = rowReader(X);
  return (i) => {
    const row = read(i);
    for (let j = 0; j < row.length; j++) {
      if (row[j] >= 0 && row[j] <= 1) continue;
      const advice = Number.isFinite(row[j]) ? ' (scale it first, for example each column by its minimum and maximum)' : '';
      refuseEntry(row[j], `X[${i}][${j}]`, `a number in [0, 1]${advice}`);
    }
    return row;
  };
}
