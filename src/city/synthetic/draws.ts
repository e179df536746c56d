import { currentBackend } from '../../backend/backend.ts';
import { Random } from '../../core/random.ts';

/** Poisson means above this are drawn in parts, so that exp(-mean) stays a normal number. */
const PART = 500;

/** Random numbers of several distributions from one seeded stream, the same bits on every engine. */
export class Draws {
  readonly random: Random;
  readonly #kernels = currentBackend().kernels;
  #spare: number | undefined;

  constructor(seed: number, stream: number) {
    this.random = new Random(seed, stream);
  }

  /** In [low, high). */
  uniform(low = 0, high = 1): number {
    return low + (high - low) * this.random.uniform();
  }

  /** Standard normal (Marsaglia's polar method). */
  normal(): number {
    const held = this.#spare;
    if (held !== undefined) {
      this.#spare = undefined;
      return held;
    }
    for (;;) {
      const u = 2 * this.random.uniform() - 1;
      const v = 2 * this.random.uniform() - 1;
      const q = u * u + v * v;
      if (q === 0 || q >= 1) continue;
      const scale = Math.sqrt((-2 * this.#kernels.log(q)) / q);
      this.#spare = v * scale;
      return u * scale;
    }
  }

  /** exp(sigma z) with a standard normal z: median 1. */
  logNormal(sigma: number): number {
    return this.#kernels.exp(sigma * this.normal());
  }

  /** Gamma with mean `shape` (Marsaglia and Tsang 2000). */
  gamma(shape: number): number {
    const { exp, log } = this.#kernels;
    if (shape < 1) return this.gamma(shape + 1) * exp(log(1 - this.random.uniform()) / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const z = this.normal();
      const root = 1 + c * z;
      if (root <= 0) continue;
      const v = root * root * root;
      if (log(1 - this.random.uniform()) < 0.5 * z * z + d * (1 - v + log(v))) return d * v;
    }
  }

  /** Poisson, by inversion; takes time in proportion to the mean. */
  poisson(mean: number): number {
    let count = 0;
    for (let rest = mean; rest > 0; rest -= PART) count += this.#smallPoisson(Math.min(rest, PART));
    return count;
  }

  /** Negative binomial with variance mean + mean^2 / dispersion; Poisson for an infinite dispersion. */
  negativeBinomial(mean: number, dispersion: number): number {
    if (mean === 0) return 0;
    return this.poisson(dispersion === Infinity ? mean : (this.gamma(dispersion) * mean) / dispersion);
  }

  #smallPoisson(mean: number): number {
    let probability = this.#kernels.exp(-mean);
    let left = this.random.uniform() - probability;
    let count = 0;
    while (left >= 0 && probability > 0) {
      probability *= mean / ++count;
      left -= probability;
    }
    return count;
  }
}
