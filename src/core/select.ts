/** values[index[0]], values[index[1]], ... */
export function select<T extends Float64Array | Int32Array>(values: T, index: ArrayLike<number>): T {
  const chosen = new (values.constructor as new (n: number) => T)(index.length);
  for (let k = 0; k < index.length; k++) chosen[k] = values[index[k]];
  return chosen;
}
