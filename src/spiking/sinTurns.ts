const TWO_PI = 6.283185307179586;
/** 2 pi minus the double above. */
const TWO_PI_LOW = 2.4492935982947064e-16;

/**
 * sin(2 pi u) for a finite u in turns, within 4e-16, the same bits on every engine.
 *
 * In turns the reduction is exact: u minus its nearest integer, then folded at the quarter turns to r in [-1/4, 1/4]. There
 * sin(2 pi r) = 2 pi r + r^3 q(r^2), with q the minimax polynomial of degree 7 (Remez; its own error is 2e-19).
 */
export function sinTurns(u: number): number {
  const turn = u - Math.floor(u + 0.5);
  // Which fold applies is random, so a branch would cost more than both.
  const r = Math.max(Math.min(turn, 0.5 - turn), -0.5 - turn);
  const s = r * r;
  let q = 0.1007828273697187;
  q = q * s - 0.717704341112247;
  q = q * s + 3.819924992035394;
  q = q * s - 15.094641505045917;
  q = q * s + 42.058693920174555;
  q = q * s - 76.70585975273711;
  q = q * s + 81.60524927607291;
  q = q * s - 41.341702240399755;
  return r * TWO_PI + r * (s * q + TWO_PI_LOW);
}
