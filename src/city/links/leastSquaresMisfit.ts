/** Share of the spread of y that the columns and a constant cannot explain, sqrt(1 - R^2); 0 for a constant y. Modified Gram-Schmidt, twice. */
export function leastSquaresMisfit(y: Float64Array, columns: readonly Float64Array[]): number {
  const basis: Float64Array[] = [];
  for (const column of [new Float64Array(y.length).fill(1), ...columns]) {
    const rest = column.slice();
    const before = norm(rest);
    without(rest, basis);
    const after = norm(rest);
    // What earlier columns already span is rounding.
    if (after <= 1e-10 * before) continue;
    basis.push(rest.map((value) => value / after));
  }
  const centred = y.slice();
  without(centred, basis.slice(0, 1));
  const spread = norm(centred);
  if (spread === 0) return 0;
  without(centred, basis);
  return norm(centred) / spread;
}

function without(vector: Float64Array, basis: readonly Float64Array[]): void {
  for (let round = 0; round < 2; round++) {
    for (const direction of basis) {
      let share = 0;
      for (let i = 0; i < vector.length; i++) share += vector[i] * direction[i];
      for (let i = 0; i < vector.length; i++) vector[i] -= share * direction[i];
    }
  }
}

function norm(vector: Float64Array): number {
  let sum = 0;
  for (const value of vector) sum += value * value;
  return Math.sqrt(sum);
}
