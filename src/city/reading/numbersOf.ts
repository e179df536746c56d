/** The numbers of one row by name, those that are there; undefined where none is. */
export function numbersOf(
  columns: readonly (readonly [name: string, values: Float64Array])[],
  row: number,
): Record<string, number> | undefined {
  let out: Record<string, number> | undefined;
  for (const [name, values] of columns) {
    if (Number.isNaN(values[row])) continue;
    out ??= {};
    out[name] = values[row];
  }
  return out;
}
