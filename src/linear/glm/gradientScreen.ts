import type { MathKernels, Pointer } from '../../backend/kernels.ts';
import type { GlmProblem } from './glmProblem.ts';

/** Columns whose bound does not exclude them are evaluated one by one, unless they are more than this share of all. */
const MOST_LISTED = 0.2;
/** Rounding allowed for in distances: a wider radius is safe, only less sharp. */
const ROUNDING = 1e-12;
/** Columns this close below their threshold are evaluated, too. */
const RELATIVE = 1e-9;

/**
 * Gradients g_j = x_j'u of the columns that may reach their threshold: |x_j'u| <= |x_j'u_ref| + ||x_j|| ||u - u_ref|| excludes the others without
 * touching them. u sums to zero where there is an intercept, so that columns count from their means.
 */
export class GradientScreen {
  readonly #problem: GlmProblem;
  readonly gradient: Pointer;
  readonly #reference: Pointer;
  readonly #centre: Pointer;
  readonly #norm: Pointer;
  readonly #skip: Pointer;
  readonly #difference: Pointer;
  readonly #list: Pointer;
  readonly #values: Pointer;
  /** Thresholds by column, to be multiplied by that of `scaleOf`. */
  readonly #threshold: Pointer;
  #known = false;

  constructor(problem: GlmProblem) {
    const { frame, heap, n, p } = problem;
    this.#problem = problem;
    this.gradient = frame.f64(p);
    this.#reference = frame.f64(n);
    this.#centre = frame.f64(p);
    this.#norm = problem.norm;
    this.#difference = frame.f64(n);
    this.#list = frame.i32(p);
    this.#values = frame.f64(p);
    this.#skip = frame.zeros(p);
    this.#threshold = entryFactors(problem);
    const second = heap.f64(problem.second, p);
    const skip = heap.u8(this.#skip, p);
    for (let j = 0; j < p; j++) if (second[j] === 0) skip[j] = 1;
  }

  /** Evaluates the columns at zero that could leave it at lambda, and perhaps others, at u; returns which, `always` among them. */
  look(u: Pointer, lambda: number, mass: number, always: Int32Array): Int32Array {
    const { kernels, heap, columns, n, p } = this.#problem;
    if (!this.#known) return this.#lookAtAll(u);
    heap.f64(this.#difference, n).set(heap.f64(u, n));
    kernels.axpy(-1, this.#reference, this.#difference, n);
    const radius = kernels.norm2(this.#difference, n) + ROUNDING * kernels.norm2(u, n);
    const skip = heap.u8(this.#skip, p);
    for (const j of always) skip[j] = 1;
    const count = kernels.screen(
      p,
      this.#skip,
      this.#centre,
      this.#norm,
      radius,
      this.#limit(lambda, mass),
      this.#threshold,
      this.#list,
    );
    for (const j of always) skip[j] = 0;
    if (count + always.length > MOST_LISTED * p) return this.#lookAtAll(u);
    heap.i32(this.#list + count * 4, always.length).set(always);
    const found = heap.i32(this.#list, count + always.length).slice();
    columns.dots(this.#list, found.length, u, this.#values);
    const [g, values] = [heap.f64(this.gradient, p), heap.f64(this.#values, found.length)];
    for (let k = 0; k < found.length; k++) g[found[k]] = values[k];
    return found;
  }

  /** |g_j| beyond which a coefficient at zero leaves it. */
  threshold(j: number, lambda: number, mass: number): number {
    return lambda === Infinity
      ? Infinity
      : this.#limit(lambda, mass) * this.#problem.heap.f64(this.#threshold, this.#problem.p)[j];
  }

  #limit(lambda: number, mass: number): number {
    const { penalty, kernels } = this.#problem;
    return (penalty.code === 3 ? entryOf(penalty.shape, lambda, mass, kernels) : lambda) * (1 - RELATIVE);
  }

  /** The next look is at all columns. */
  forget(): void {
    this.#known = false;
  }

  #lookAtAll(u: Pointer): Int32Array {
    const { heap, columns, n, p } = this.#problem;
    columns.dots(0, p, u, this.gradient);
    heap.f64(this.#reference, n).set(heap.f64(u, n));
    heap.f64(this.#centre, p).set(heap.f64(this.gradient, p));
    this.#known = true;
    const skip = heap.u8(this.#skip, p);
    const all = heap.i32(this.#list, p);
    let count = 0;
    for (let j = 0; j < p; j++) if (!skip[j]) all[count++] = j;
    return all.slice(0, count);
  }
}

/**
 * rho'(0+) l1_j, times lambda the gradient at which a coefficient leaves zero. For Lp it is infinite, and the coefficient jumps instead, where
 * |g| = c (lambda l1)^(1/(2-p)) (v mass)^((1-p)/(2-p)): the part that depends on the column.
 */
function entryFactors({ frame, heap, kernels, penalty, p, l1, spread, second }: GlmProblem): Pointer {
  if (penalty.code < 3) return l1;
  const [factor, own, bend] = [heap.f64(frame.put(frame.read(l1, p)), p), heap.f64(l1, p), heap.f64(second, p)];
  const sd = spread ? heap.f64(spread, p) : undefined;
  for (let j = 0; j < p; j++) {
    if (own[j] === 0 || own[j] === Infinity) continue;
    // On the scale of s b the strength is l1 / s and the curvature v / s^2, and g counts s times.
    const s = sd ? sd[j] : 1;
    factor[j] =
      penalty.code === 4
        ? own[j] / penalty.shape
        : (s * entryOf(penalty.shape, own[j] / s, bend[j] / (s * s), kernels)) / entryOf(penalty.shape, 1, 1, kernels);
  }
  return factor.byteOffset;
}

/** |g| at which argmin over b of v/2 b^2 - g b + t |b|^p leaves zero. */
function entryOf(power: number, t: number, v: number, { exp, log }: MathKernels): number {
  const b = exp(log((2 * t * (1 - power)) / v) / (2 - power));
  return v * b + t * power * exp((power - 1) * log(b));
}
