import type { Pointer } from '../backend/kernels.ts';
import type { Problem } from './problem.ts';
import { SupportFactor } from './supportFactor.ts';
import type { WorkingSet } from './workingSet.ts';

/** Where a slot stands: resting at zero or a bound, in the support, */
const RESTING = 0;
const FREE = 1;
/** or without gain from entering although it seems to violate optimality: not looked at until something moves. */
const LEFT_OUT = 2;

/** A relation between columns has no part in a column that carries less than this share of it. */
const NEGLIGIBLE = 1e-9;

/** A step that lowers the objective by a smaller share of the null loss is rounding. */
const STILL = 1e-15;

/** The stationarity that is enough, relative to what rounding leaves in a gradient. */
const ROUNDING = 1e-13;

/** Newton steps on the support of a working set: signs and bounds are kept by stopping at the first coefficient that reaches one. */
export class SupportNewton {
  readonly #problem: Problem;
  readonly #set: WorkingSet;
  readonly #factor: SupportFactor;
  #state = new Uint8Array(0);
  /** Sign of a free coefficient, 0 where there is no L1 penalty. */
  #sign = new Int8Array(0);
  #lambda = 0;

  constructor(problem: Problem, set: WorkingSet) {
    this.#problem = problem;
    this.#set = set;
    this.#factor = new SupportFactor(problem, set);
  }

  /** Free coefficients. */
  get size(): number {
    return this.#factor.slots.length;
  }

  /** Slots of the free coefficients, in the order of the factor. */
  get slots(): readonly number[] {
    return this.#factor.slots;
  }

  /** (G_AA + lambda L2)^-1 b over `slots`. */
  solve(b: Float64Array): Float64Array {
    return this.#factor.solve(b);
  }

  /** A free or left-out slot has nothing to gain by entering. */
  isSettled(slot: number): boolean {
    return this.#state[slot] === FREE || this.#state[slot] === LEFT_OUT;
  }

  /** Makes room for slots that joined the working set. */
  extend(): void {
    if (this.#state.length >= this.#set.size) return;
    const room = this.#set.coef.length;
    const state = new Uint8Array(room);
    const sign = new Int8Array(room);
    state.set(this.#state);
    sign.set(this.#sign);
    this.#state = state;
    this.#sign = sign;
  }

  /** Whether a slot holds a coefficient, or would if it could. */
  isInvolved(slot: number): boolean {
    return this.#state[slot] !== RESTING || this.#set.coef[slot] !== 0;
  }

  /** The working set has forgotten slots that were not involved: these are the new numbers. */
  renumber(moved: Int32Array): void {
    for (let k = 0; k < moved.length; k++) {
      if (moved[k] < 0) continue;
      this.#state[moved[k]] = this.#state[k];
      this.#sign[moved[k]] = this.#sign[k];
    }
    this.#state.fill(RESTING, this.#set.size);
    this.#factor.renumber(moved);
  }

  begin(lambda: number): void {
    this.#lambda = lambda;
    this.reconsider();
    // A dropped slot rests where it is: its gradient is a combination of the others', so it is optimal while they are.
    for (const slot of this.#factor.setLambda(lambda)) this.#state[slot] = RESTING;
  }

  /** Something has changed: slots that were left out may have something to gain now. */
  reconsider(): void {
    for (let k = 0; k < this.#set.size; k++) if (this.#state[k] === LEFT_OUT) this.#state[k] = RESTING;
  }

  /** Steps until the support is stationary, calling `stepped` after each; returns how many linear systems were solved, and whether that moved anything. */
  run(stepped?: () => void): { solves: number; moved: boolean } {
    const set = this.#set;
    let solves = 0;
    let full = 0;
    let moved = false;
    // What q has not been told yet: between two blocked steps only the support's own gradient is needed, and that is known to be linear.
    const before = set.coef.slice(0, set.size);
    let rest = this.#gradient();
    while (this.size > 0) {
      const { slots } = this;
      const step = this.#factor.solve(rest);
      solves++;
      const { share, blocked } = this.#reach(slots, step);
      for (let k = 0; k < slots.length; k++) set.coef[slots[k]] += share * step[k];
      moved ||= share * dot(rest, step) > STILL * this.#problem.nullLoss;
      const released = this.#settle(slots, step, blocked, share === 0);
      if (blocked < 0 || stepped) {
        this.#tell(before);
        stepped?.();
      }
      if (blocked >= 0) {
        rest = rest.map((g) => (1 - share) * g).filter((_, k) => !released.includes(k));
        for (let k = released.length - 1; k >= 0; k--) this.#factor.delete(released[k]);
        full = 0;
        continue;
      }
      rest = this.#gradient();
      if (++full >= 3 || this.#isStationary(rest)) break;
    }
    this.#tell(before);
    return { solves, moved };
  }

  /** q -= G (coef - before), and before = coef. */
  #tell(before: Float64Array): void {
    const { coef, size } = this.#set;
    const slots = new Int32Array(size);
    const change = new Float64Array(size);
    let count = 0;
    for (let k = 0; k < size; k++) {
      if (coef[k] === before[k]) continue;
      slots[count] = k;
      change[count++] = coef[k] - before[k];
      before[k] = coef[k];
    }
    this.#set.change(slots.subarray(0, count), change.subarray(0, count));
  }

  /** Lets violating slots enter the support; returns those that did. One that cannot enter alone is left out. */
  enter(slots: number[]): number[] {
    const entered: number[] = [];
    for (const slot of slots) {
      const up = this.#wantsUp(slot);
      const b = this.#set.coef[slot];
      const sign = b !== 0 ? Math.sign(b) : up ? 1 : -1;
      const relation = this.#factor.append(slot);
      if (relation) {
        const outcome = this.#trade(slot, up ? 1 : -1, relation);
        if (outcome === 'crossed') continue;
        if (outcome === 'useless' || this.#factor.append(slot) !== undefined) {
          if (entered.length === 0) this.leaveOut(slot);
          continue;
        }
      }
      this.#state[slot] = FREE;
      this.#sign[slot] = this.#set.l1[slot] > 0 ? sign : 0;
      entered.push(slot);
    }
    return entered;
  }

  /** Which way a resting slot would go: into its bounds, or against the gradient. */
  #wantsUp(slot: number): boolean {
    const { coef, l1, l2, lower, upper, q } = this.#set;
    const b = coef[slot];
    if (b !== 0 && b === upper[slot]) return false;
    if (b !== 0 && b === lower[slot]) return true;
    return q[slot] - (b === 0 ? 0 : this.#lambda * (l1[slot] * Math.sign(b) + l2[slot] * b)) > 0;
  }

  /** A slot that violates optimality only by rounding, or by a direction that changes nothing. */
  leaveOut(slot: number): void {
    this.#state[slot] = LEFT_OUT;
  }

  /** Whether the columns of the support and of these slots are linearly independent. */
  independentWith(slots: number[]): boolean {
    const before = this.size;
    const independent = slots.every((slot) => this.#factor.append(slot) === undefined);
    while (this.size > before) this.#factor.delete(this.size - 1);
    return independent;
  }

  /** -d b / d lambda on the present support: (G_AA + lambda L2)^-1 (l1 s + l2 b). */
  pathStep(): Float64Array {
    const { l1, l2, coef } = this.#set;
    return this.#factor.solve(Float64Array.from(this.slots, (slot) => l1[slot] * this.#sign[slot] + l2[slot] * coef[slot]));
  }

  /** d r / d lambda on the present support: Z_A pathStep into out; returns pathStep. */
  pathDirection(out: Pointer): Float64Array {
    const { columns } = this.#set;
    const step = this.pathStep();
    this.#problem.heap.f64(out, this.#problem.n).fill(0);
    this.#problem.addColumns(
      Int32Array.from(this.slots, (slot) => columns[slot]),
      step,
      out,
    );
    return step;
  }

  /** q - lambda (l1 s + l2 b) over the support: what a Newton step has to remove. */
  #gradient(): Float64Array {
    const { l1, l2, coef, q } = this.#set;
    const { slots } = this;
    const rest = new Float64Array(slots.length);
    for (let k = 0; k < rest.length; k++) {
      const slot = slots[k];
      const pull = (l1[slot] === 0 ? 0 : l1[slot] * this.#sign[slot]) + l2[slot] * coef[slot];
      rest[k] = q[slot] - (pull === 0 ? 0 : this.#lambda * pull);
    }
    return rest;
  }

  #isStationary(rest: Float64Array): boolean {
    const scale = ROUNDING * Math.sqrt(2 * this.#problem.nullLoss);
    const second = this.#problem.heap.f64(this.#problem.second, this.#problem.p);
    return this.slots.every((slot, k) => Math.abs(rest[k]) <= scale * Math.sqrt(second[this.#set.columns[slot]]));
  }

  /** How much of the step can be taken, and the position of the coefficient that stops it (-1: none does). */
  #reach(slots: readonly number[], step: Float64Array, most = 1): { share: number; blocked: number } {
    let share = most;
    let blocked = -1;
    for (let k = 0; k < slots.length; k++) {
      const room = this.#roomOf(slots[k], step[k]);
      if (room < share) {
        share = room;
        blocked = k;
      }
    }
    return { share, blocked };
  }

  /** Pins the coefficients that stopped the step (`still`: a step of length zero) to the exact value they reached; returns their positions. */
  #settle(slots: readonly number[], step: Float64Array, blocked: number, still: boolean): number[] {
    if (blocked < 0) return [];
    const { coef, lower, upper } = this.#set;
    const released: number[] = [];
    for (let k = 0; k < slots.length; k++) {
      const slot = slots[k];
      if (k !== blocked && !(still && this.#roomOf(slot, step[k]) === 0)) continue;
      const up = step[k] > 0;
      const towardsZero = this.#sign[slot] !== 0 && up !== this.#sign[slot] > 0;
      coef[slot] = towardsZero && (up ? upper[slot] >= 0 : lower[slot] <= 0) ? 0 : up ? upper[slot] : lower[slot];
      this.#state[slot] = RESTING;
      released.push(k);
    }
    return released;
  }

  /** Multiple of `step` after which the coefficient reaches zero from the side of its sign, or a bound; Infinity if never. */
  #roomOf(slot: number, step: number): number {
    if (step === 0) return Infinity;
    const { coef, lower, upper } = this.#set;
    const sign = this.#sign[slot];
    const zero = sign !== 0 && step > 0 !== sign > 0 ? -coef[slot] / step : Infinity;
    const bound = (step > 0 ? upper[slot] - coef[slot] : lower[slot] - coef[slot]) / step;
    return Math.max(0, Math.min(zero, bound));
  }

  /**
   * The column of `slot` is sum a_i z~_i over the support. Moving its coefficient by t and the others by -t a leaves the fit unchanged and
   * changes the penalty linearly. Go until one of the support reaches zero or a bound, which then leaves (`'traded'`: the slot can enter in
   * its place), or the slot itself does (`'crossed'`: it stays there). `'useless'`: nothing to gain.
   */
  #trade(slot: number, direction: number, relation: Float64Array): 'traded' | 'crossed' | 'useless' {
    const set = this.#set;
    const { coef, l1, lower, upper } = set;
    const { slots } = this;
    const size = Math.sqrt(set.gramRow(slot)[slot]);
    const step = relation.map((a, k) => {
      const own = Math.abs(a) * Math.sqrt(set.gramRow(slots[k])[slots[k]]);
      return own > NEGLIGIBLE * size ? -direction * a : 0;
    });
    let slope = l1[slot] * (coef[slot] === 0 ? 1 : Math.sign(coef[slot]) * direction);
    let scale = l1[slot];
    for (const [k, other] of slots.entries()) {
      slope += l1[other] * this.#sign[other] * step[k];
      scale += l1[other] * Math.abs(step[k]);
    }
    if (!(slope < -NEGLIGIBLE * scale)) return 'useless';
    const { share, blocked } = this.#reach(slots, step, Infinity);
    const zero = coef[slot] !== 0 && Math.sign(coef[slot]) !== direction ? Math.abs(coef[slot]) : Infinity;
    const own = Math.min(zero, direction > 0 ? upper[slot] - coef[slot] : coef[slot] - lower[slot]);
    const length = Math.min(share, own);
    if (length === Infinity) return 'useless';
    const before = coef.slice(0, set.size);
    for (const [k, other] of slots.entries()) coef[other] += length * step[k];
    if (own <= share) {
      coef[slot] = own === zero ? 0 : direction > 0 ? upper[slot] : lower[slot];
      this.#state[slot] = RESTING;
      this.#tell(before);
      return 'crossed';
    }
    coef[slot] += length * direction;
    // One leaves for the one that comes; others that reach zero with it are found by the next step.
    const [released] = this.#settle(slots, step, blocked, false);
    this.#tell(before);
    this.#factor.delete(released);
    return 'traded';
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let k = 0; k < a.length; k++) total += a[k] * b[k];
  return total;
}
