import type { Pointer } from '../../backend/kernels.ts';
import type { Problem } from '../problem.ts';

/** A column depends on others when what is left of its square is below this share of it. */
const DEPENDENT = 1e-10;
const FIRST_ROOM = 32;

/** Least squares on a growing set of columns, by a Cholesky factor R'R = Z_A'Z_A that grows with it. */
export class SupportFit {
  /** In order of entry. */
  readonly columns: number[] = [];
  coef = new Float64Array(0);
  /** y~ - Z_A coef */
  readonly residual: Pointer;
  readonly #problem: Problem;
  #room = 0;
  #factor: Pointer = 0;
  #list: Pointer = 0;
  #vector: Pointer = 0;
  readonly #packed: Pointer;

  constructor(problem: Problem) {
    const { frame, heap, response, n } = problem;
    this.#problem = problem;
    this.residual = frame.put(heap.f64(response, n));
    this.#packed = frame.uninitialised(n * 8);
    this.#grow(FIRST_ROOM);
  }

  /** ||y~ - Z_A coef|| */
  get norm(): number {
    return this.#problem.kernels.norm2(this.residual, this.#problem.n);
  }

  /** Takes in column j with coefficient 0; false, and nothing happens, where it depends on those that are in. */
  add(j: number): boolean {
    const { kernels, heap, columns, p, second } = this.#problem;
    const m = this.columns.length;
    const square = heap.f64(second, p)[j];
    if (square === 0) return false;
    if (m === this.#room) this.#grow(2 * m);
    this.#problem.pack(j, this.#packed);
    columns.dots(this.#list, m, this.#packed, this.#vector);
    const rest = kernels.choleskyAppend(this.#factor, m, this.#room, this.#vector, square, DEPENDENT);
    if (!(rest > DEPENDENT * square)) return false;
    heap.i32(this.#list, m + 1)[m] = j;
    this.columns.push(j);
    const longer = new Float64Array(m + 1);
    longer.set(this.coef);
    this.coef = longer;
    return true;
  }

  /** coef += (Z_A'Z_A)^-1 Z_A'r: the least-squares solution, and once more is iterative refinement. */
  refit(): void {
    const { kernels, heap } = this.#problem;
    const m = this.columns.length;
    if (m === 0) return;
    this.#problem.correlate(this.residual, this.#list, m, this.#vector);
    kernels.choleskySolve(this.#factor, m, this.#room, this.#vector);
    const step = heap.f64(this.#vector, m);
    this.coef = this.coef.map((b, k) => b + step[k]);
    this.#problem.residual(Int32Array.from(this.columns), this.coef, this.residual);
  }

  /** All p coefficients. */
  spread(): Float64Array {
    const x = new Float64Array(this.#problem.p);
    for (const [k, j] of this.columns.entries()) x[j] = this.coef[k];
    return x;
  }

  #grow(room: number): void {
    const { frame, heap } = this.#problem;
    const m = this.columns.length;
    const old = [this.#factor, this.#list, this.#vector];
    const factor = frame.uninitialised(room * room * 8);
    for (let k = 0; k < m; k++)
      heap.f64(factor + (k * room + k) * 8, m - k).set(heap.f64(this.#factor + (k * this.#room + k) * 8, m - k));
    this.#factor = factor;
    this.#vector = frame.f64(room);
    this.#list = frame.i32(room);
    heap.i32(this.#list, m).set(this.columns);
    for (const pointer of old) frame.release(pointer);
    this.#room = room;
  }
}
