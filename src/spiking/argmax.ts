/** Position of the largest of `length` values from `from` on, the first one among equals. */
export function argmax(values: ArrayLike<number>, from: number, length: number): number {
  let best = 0;
  for (let c = 1; c < length; c++) if (values[from + c] > values[from + best]) best = c;
  return best;
}
