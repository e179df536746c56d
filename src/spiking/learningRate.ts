/** How the learning rate goes over the epochs. */
export type Schedule = 'cosine' | 'constant';

/** Share of the learning rate that is left after a share of the work. */
export function decayOf(schedule: Schedule, share: number): number {
  return schedule === 'cosine' ? halfCosine(share) : 1;
}

/** (1 + cos(pi share)) / 2 by the Taylor series, on the half of the wave where it is accurate: the same bits everywhere. */
function halfCosine(share: number): number {
  const x = (Math.PI * (share < 0.5 ? share : 1 - share)) ** 2;
  let term = 1;
  let sum = 1;
  for (let k = 2; k < 20; k += 2) {
    term *= -x / (k * (k - 1));
    sum += term;
  }
  return share < 0.5 ? (1 + sum) / 2 : (1 - sum) / 2;
}
