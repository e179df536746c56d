/** Where bi-conjugate Frank-Wolfe looks next (Mitradjieva and Lindberg 2013): directions conjugate to the last two in the Hessian. */
export class BiconjugateDirection {
  readonly #links: number;
  /** The targets of the last step and of the one before. */
  #last: Float64Array | undefined;
  #older: Float64Array | undefined;
  /** Which share of the way to the last target was gone. */
  #share = 0;

  constructor(links: number) {
    this.#links = links;
  }

  /** A point of the feasible set to move towards, from `x`, the all-or-nothing traffic `y`, and the costs and their slopes at x. */
  next(x: Float64Array, y: Float64Array, cost: Float64Array, slope: Float64Array): Float64Array {
    const target = this.#mixture(x, y, slope);
    let descent = 0;
    for (let e = 0; e < this.#links; e++) descent += cost[e] * (target[e] - x[e]);
    // Conjugacy rests on the last Hessian; where it leads uphill, plain Frank-Wolfe goes on.
    const out = descent < 0 ? target : y.slice();
    this.#older = descent < 0 ? this.#last : undefined;
    this.#last = out;
    return out;
  }

  /** The share of the way to the target that the line search went. */
  took(share: number): void {
    this.#share = share;
    // After a whole step the last direction says nothing about the new point.
    if (share > 0.999999) this.#last = this.#older = undefined;
  }

  #mixture(x: Float64Array, y: Float64Array, slope: Float64Array): Float64Array {
    const [s, r, share] = [this.#last, this.#older, this.#share];
    if (s === undefined) return y.slice();
    let [sy, ss, ty, tr] = [0, 0, 0, 0];
    for (let e = 0; e < this.#links; e++) {
      const h = slope[e];
      const toY = y[e] - x[e];
      const toS = s[e] - x[e];
      sy += toS * toY * h;
      ss += toS * toS * h;
      if (r === undefined) continue;
      // The last direction seen from here: share s + (1 - share) r - x.
      const old = share * s[e] + (1 - share) * r[e] - x[e];
      ty += old * toY * h;
      tr += old * (r[e] - s[e]) * h;
    }
    let mu = r === undefined || tr === 0 ? 0 : Math.max(0, -ty / tr);
    let nu = ss === 0 ? 0 : Math.max(0, -sy / ss + (mu * share) / (1 - share));
    if (!Number.isFinite(mu + nu)) mu = nu = 0;
    // At least 1 % of the direction is new.
    const old = Math.min(mu + nu, 99);
    const scale = mu + nu > 0 ? old / (mu + nu) : 0;
    const total = 1 + old;
    const [a, b, c] = [1 / total, (nu * scale) / total, (mu * scale) / total];
    const out = new Float64Array(this.#links);
    for (let e = 0; e < this.#links; e++) out[e] = a * y[e] + b * s[e] + (r === undefined ? 0 : c * r[e]);
    return out;
  }
}
