import { integerIn, refuse, vector } from '../../core/checks.ts';
import { SpinifexError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';

/** A matrix that is only known by what it does: a transform, a convolution, a projection. */
export interface LinearOperator {
  /** Length of A x. */
  readonly rows: number;
  /** Length of x. */
  readonly cols: number;
  /** A x: `rows` numbers. The argument is a copy and may be overwritten. */
  matvec(x: Float64Array): ArrayLike<number>;
  /** A'y: `cols` numbers. */
  rmatvec(y: Float64Array): ArrayLike<number>;
}

/** Random pairs of vectors on which the two halves must agree. */
const TRIALS = 2;

/** The two halves of an operator, what they return checked for length and finite numbers. */
export class CheckedOperator {
  readonly rows: number;
  readonly cols: number;
  readonly #operator: LinearOperator;

  /** @throws TypeError, RangeError for anything but two sizes >= 1 and two functions */
  constructor(operator: LinearOperator) {
    if (typeof operator !== 'object' || operator === null) {
      refuse(operator, 'operator', '{ rows, cols, matvec(x), rmatvec(y) }', false);
    }
    this.rows = integerIn(operator.rows, 'operator.rows', 1);
    this.cols = integerIn(operator.cols, 'operator.cols', 1);
    for (const half of ['matvec', 'rmatvec'] as const) {
      if (typeof operator[half] !== 'function') refuse(operator[half], `operator.${half}`, 'a function', false);
    }
    this.#operator = operator;
  }

  /** A x */
  matvec(x: Float64Array): Float64Array {
    return vector(this.#operator.matvec(x.slice()), 'operator.matvec(x)', this.rows);
  }

  /** A'y */
  rmatvec(y: Float64Array): Float64Array {
    return vector(this.#operator.rmatvec(y.slice()), 'operator.rmatvec(y)', this.cols);
  }

  /**
   * Whether rmatvec is the transpose of matvec: y'(A x) = (A'y)'x on random vectors.
   * @throws SpinifexError `NOT_ADJOINT` with the two numbers where they differ by more than `tolerance` times the lengths of the vectors
   */
  checkAdjoint(tolerance: number, random: Random): void {
    for (let trial = 0; trial < TRIALS; trial++) {
      const x = symmetric(this.cols, random);
      const y = symmetric(this.rows, random);
      const image = this.matvec(x);
      const back = this.rmatvec(y);
      const forward = dot(y, image);
      const backward = dot(back, x);
      const scale = Math.sqrt(Math.max(dot(y, y) * dot(image, image), dot(x, x) * dot(back, back)));
      if (Math.abs(forward - backward) <= tolerance * scale) continue;
      throw new SpinifexError(
        'NOT_ADJOINT',
        `operator: rmatvec is not the transpose of matvec: for random x and y, y'(A x) = ${forward}, but (A'y)'x = ${backward}`,
      );
    }
  }
}

/** n numbers on [-1, 1). */
export function symmetric(n: number, random: Random): Float64Array {
  return Float64Array.from({ length: n }, () => 2 * random.uniform() - 1);
}

/** a'b, in ascending order. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
