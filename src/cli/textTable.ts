/** Columns of text, aligned: numbers, from column `from` up to `to`, to the right, and words to the left. */
export function textTable(rows: readonly (readonly string[])[], from = 1, to = Number.POSITIVE_INFINITY): string {
  const widths = rows[0].map((_, j) => Math.max(...rows.map((row) => row[j].length)));
  const line = (row: readonly string[]) =>
    row.map((cell, j) => (j >= from && j < to ? cell.padStart(widths[j]) : cell.padEnd(widths[j]))).join('  ');
  return rows.map((row) => line(row).trimEnd()).join('\n');
}

/** A number with `digits` significant digits and nothing else. */
export function short(value: number, digits = 6): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(digits))) : String(value);
}

/** `3 columns`, `1 column`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
