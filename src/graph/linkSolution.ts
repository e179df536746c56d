import type { Pointer } from '../backend/kernels.ts';
import type { Iterations } from './iterations.ts';
import type { LinkSystem } from './linkSystem.ts';

/** After this many sweeps it is known how fast they converge. */
const TRIAL = 20;
/** An estimate of the L1 residual after a sweep, over the sum of the residuals that the sweep met (measured: 0.15 to 0.5). */
const AFTER_SWEEP = 0.5;
/** Sweeps after which it is judged whether the scaling helps. */
const WINDOW = 10;
/** A balance this close to 1 is the rounding of long sums. */
const ROUNDING = 1e-12;

/**
 * The solution of (D - alpha W') u = f for one right side f >= 0, as it comes about. Only the core is iterated: starts follow from f
 * alone, sinks from the core, and both are exact after one pass.
 */
export class LinkSolution {
  readonly u: Pointer;
  readonly #system: LinkSystem;
  readonly #f: Pointer;
  /** 1'(D - alpha W') on the core: what a change of u changes in the sum of the residuals. */
  readonly #balance: Pointer;
  /** What f and the starts send into the core. */
  readonly #inflow: number;
  #balanced = true;
  /** What the sweep at the start of this window met, and what the window must bring it down to. */
  #window = { sweeps: 0, goal: Infinity };
  #begun = false;

  constructor(system: LinkSystem, f: Pointer) {
    const { frame, n, core, active, alpha } = system;
    const { kernels: k } = frame;
    this.#system = system;
    this.#f = f;
    this.u = frame.f64(n);
    system.sweep(active, n, f, this.u);
    this.#balance = frame.f64(core);
    k.axpy(1, system.diagonal, this.#balance, core);
    k.axpy(-alpha, system.inside, this.#balance, core);
    const starts = active * 8;
    this.#inflow = k.sum(f, core) + alpha * k.dot(this.u + starts, system.inside + starts, n - active);
  }

  /**
   * Gauss-Seidel until the residual is estimated at `share` of the sum of x or less, or until passes run out. Before each sweep u is scaled
   * so that the residuals sum to 0 (aggregation to one node): it takes the error along the slowest direction, where mass is gained or
   * lost as a whole, out of the iteration. `giveUp(left)` may end it early.
   */
  gaussSeidel(share: number, passes: Iterations, giveUp: (left: number) => boolean = () => false): boolean {
    const { frame, core, active, mass, alpha } = this.#system;
    const { kernels: k } = frame;
    const { u } = this;
    const enough = Math.max(share, Number.EPSILON);
    let reached = false;
    for (let sweeps = 1; passes.next(); sweeps++) {
      if (this.#begun && this.#balanced) {
        const c = this.#inflow / k.dot(this.#balance, u, core);
        if (Math.abs(c - 1) > ROUNDING && c < Infinity) k.scale(c, u, core);
      }
      const met = alpha * this.#system.sweep(0, core, this.#f, u);
      this.#begun = true;
      this.#judge(met);
      const left = AFTER_SWEEP * met;
      // The sum of x lies between 1 and 1 / (1 - alpha): it matters towards the end only.
      const error = left * (1 - alpha) > enough ? left : left / Math.max(1, k.dot(mass, u, core));
      passes.report(error / (1 - alpha));
      reached = error <= enough;
      if (reached || (sweeps >= TRIAL && giveUp(passes.left(error, enough)))) break;
    }
    this.#system.sweep(core, active, this.#f, u);
    return reached;
  }

  /** Sweeps alone take a share 1 - alpha from the residual each; where the scaling, which nothing proves, keeps them from it, it stops. */
  #judge(met: number): void {
    const window = this.#window;
    if (++window.sweeps === WINDOW) {
      if (met > window.goal) this.#balanced = false;
      window.sweeps = 0;
    }
    if (window.sweeps > 0) return;
    window.goal = met;
    for (let k = 0; k < WINDOW; k++) window.goal *= this.#system.alpha;
  }

  /** Conjugate gradients with the diagonal as preconditioner, from the present u; D - alpha W must be symmetric. */
  conjugateGradient(share: number, passes: Iterations): boolean {
    const { frame, core, mass, diagonal, alpha } = this.#system;
    const { kernels: k } = frame;
    const { u } = this;
    const inverse = this.#system.inverse(diagonal, core);
    const [r, z, p, q] = [frame.f64(core), frame.f64(core), frame.f64(core), frame.f64(core)];
    this.#system.residual(core, 1, this.#f, 0, 0, u, r);
    const enough = Math.max(share, Number.EPSILON);
    let before = 1;
    let reached = false;
    for (let first = true; passes.next(); first = false) {
      k.multiply(inverse, r, z, core);
      const now = k.dot(r, z, core);
      if (now > 0) {
        k.scale(first ? 0 : now / before, p, core);
        k.axpy(1, z, p, core);
        // The kernel returns -(D - alpha W) p.
        this.#system.residual(core, 0, 0, 0, 0, p, q);
        const step = now / -k.dot(p, q, core);
        k.axpy(step, p, u, core);
        k.axpy(step, q, r, core);
      }
      before = now;
      const error = k.norm1(r, core) / Math.max(1, k.dot(mass, u, core));
      passes.report(error / (1 - alpha));
      reached = error <= enough || !(now > 0);
      if (reached) break;
    }
    for (const pointer of [q, p, z, r, inverse]) frame.release(pointer);
    return reached;
  }
}
