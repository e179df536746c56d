const MOST_STEPS = 30;
/** Power steps approach from below: this much more is safe once they move less than a tenth of it. */
const MARGIN = 0.02;

/** A bound on the largest eigenvalue of the diagonal block from..to-1 of a symmetric matrix: never more than its trace, seldom 2 % too large. */
export function largestEigenvalue(gram: Float64Array, stride: number, from: number, to: number): number {
  const m = to - from;
  let trace = 0;
  for (let a = from; a < to; a++) trace += gram[a * stride + a];
  if (m === 1 || trace === 0) return trace;
  let v = new Float64Array(m);
  // Distinct entries, so that no symmetry of the block hides its leading vector.
  for (let a = 0; a < m; a++) v[a] = 1 + a / (7 * m);
  let value = 0;
  for (let k = 0; k < MOST_STEPS; k++) {
    const next = new Float64Array(m);
    let square = 0;
    let norm = 0;
    for (let a = 0; a < m; a++) {
      let sum = 0;
      for (let b = 0; b < m; b++) sum += gram[(from + a) * stride + from + b] * v[b];
      next[a] = sum;
      square += sum * sum;
      norm += v[a] * v[a];
    }
    const before = value;
    value = Math.sqrt(square / norm);
    if (value === 0) return trace;
    v = next.map((x) => x / value);
    if (value - before <= 0.1 * MARGIN * value) return Math.min(trace, (1 + MARGIN) * value);
  }
  return trace;
}
