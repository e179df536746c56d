/**
 * The penalty of one block of coefficients, a ||b||_2 + l1 ||b||_1 + l2 / 2 ||b||^2, with lambda inside: the lasso has l1 alone, the group lasso a
 * alone, the sparse-group lasso both (Simon et al. 2013).
 */
export interface BlockPenalty {
  a: number;
  l1: number;
  l2: number;
}

export function isFree({ a, l1, l2 }: BlockPenalty): boolean {
  return a === 0 && l1 === 0 && l2 === 0;
}

/** A penalty times lambda or a factor; what is zero stays so, whatever the factor. */
export function times({ a, l1, l2 }: BlockPenalty, factor: number): BlockPenalty {
  const part = (value: number) => (value === 0 || factor === 0 ? 0 : value * factor);
  return { a: part(a), l1: part(l1), l2: part(l2) };
}

export function blockValue({ a, l1, l2 }: BlockPenalty, b: ArrayLike<number>): number {
  let square = 0;
  let sum = 0;
  for (let c = 0; c < b.length; c++) {
    square += b[c] * b[c];
    sum += Math.abs(b[c]);
  }
  return square === 0 ? 0 : a * Math.sqrt(square) + l1 * sum + 0.5 * l2 * square;
}

/** || S(v, t) ||_2: a block stays at zero when this is at most a, for v its negative gradient and t its l1. */
export function shrunkNorm(v: ArrayLike<number>, t: number): number {
  let square = 0;
  for (let c = 0; c < v.length; c++) {
    const excess = Math.abs(v[c]) - t;
    if (excess > 0) square += excess * excess;
  }
  return Math.sqrt(square);
}

/**
 * Largest s with || S(s v, l1) ||_2 <= a, the reciprocal of the dual norm of v (an epsilon-norm: Ndiaye et al. 2016). Newton from the right: the left
 * side is convex and grows with s. Infinity for v = 0.
 */
export function largestScale(v: ArrayLike<number>, { a, l1 }: BlockPenalty): number {
  let most = 0;
  for (let c = 0; c < v.length; c++) most = Math.max(most, Math.abs(v[c]));
  if (most === 0) return Infinity;
  if (a === 0) return l1 / most;
  let s = (a + l1) / most;
  for (let k = 0; k < 100; k++) {
    let square = 0;
    let slope = 0;
    for (let c = 0; c < v.length; c++) {
      const size = Math.abs(v[c]);
      const excess = s * size - l1;
      if (excess <= 0) continue;
      square += excess * excess;
      slope += excess * size;
    }
    const norm = Math.sqrt(square);
    const next = s - ((norm - a) * norm) / slope;
    if (!(next < s)) break;
    s = next;
  }
  return s;
}

/** Convex conjugate at v; 0 for a v that only rounding puts outside. */
export function blockConjugate(penalty: BlockPenalty, v: ArrayLike<number>): number {
  if (penalty.l2 === 0) return 0;
  return Math.max(shrunkNorm(v, penalty.l1) - penalty.a, 0) ** 2 / (2 * penalty.l2);
}

/** Largest entry of the distance of the negative gradient v from the subdifferential at b: 0 when optimal. */
export function blockViolation({ a, l1, l2 }: BlockPenalty, b: ArrayLike<number>, v: ArrayLike<number>): number {
  let square = 0;
  for (let c = 0; c < b.length; c++) square += b[c] * b[c];
  if (square === 0) return Math.max(shrunkNorm(v, l1) - a, 0);
  const pull = l2 + a / Math.sqrt(square);
  let worst = 0;
  for (let c = 0; c < b.length; c++) {
    const rest = v[c] - pull * b[c];
    worst = Math.max(worst, b[c] === 0 ? Math.max(Math.abs(rest) - l1, 0) : Math.abs(rest - (b[c] > 0 ? l1 : -l1)));
  }
  return worst;
}
