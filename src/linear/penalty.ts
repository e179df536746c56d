/**
 * The penalty of one coefficient, phi(b) = l1 |b| + l2/2 b^2 on lower <= b <= upper (lambda is already inside l1 and l2).
 * lower <= 0 <= upper.
 */
export interface CoefficientPenalty {
  l1: number;
  l2: number;
  lower: number;
  upper: number;
}

/** phi(b), for a b inside its bounds. */
export function penaltyValue(at: CoefficientPenalty, b: number): number {
  return at.l1 * Math.abs(b) + 0.5 * at.l2 * b * b;
}

/** Convex conjugate phi*(v) = max over b of v b - phi(b); Infinity where the maximum does not exist. */
export function penaltyConjugate(at: CoefficientPenalty, v: number): number {
  const excess = Math.abs(v) - at.l1;
  if (excess <= 0) return 0;
  const end = v > 0 ? at.upper : -at.lower;
  if (end === 0) return 0;
  const b = at.l2 > 0 ? Math.min(excess / at.l2, end) : end;
  return b === Infinity ? Infinity : excess * b - 0.5 * at.l2 * b * b;
}

/** Whether phi*(v) is infinite beyond |v| = l1 on the side of v: then a dual point must stay within. */
export function isHard(at: CoefficientPenalty, v: number): boolean {
  return at.l2 === 0 && (v > 0 ? at.upper : -at.lower) === Infinity;
}

/** Distance of the negative gradient g from the subdifferential of phi at b: 0 when optimal. */
export function penaltyViolation(at: CoefficientPenalty, b: number, g: number): number {
  const pull = g - at.l2 * b;
  if (b === 0) {
    if (pull > 0) return at.upper > 0 ? Math.max(pull - at.l1, 0) : 0;
    return at.lower < 0 ? Math.max(-pull - at.l1, 0) : 0;
  }
  const rest = pull - (b > 0 ? at.l1 : -at.l1);
  if (b === at.upper) return Math.max(-rest, 0);
  if (b === at.lower) return Math.max(rest, 0);
  return Math.abs(rest);
}
