import { positiveNumber } from '../core/checks.ts';

/** Steps are counted in 32 bits by the kernels. */
const MOST_STEPS = 2 ** 31 - 2;

/** The grid of time steps of a network. Step k goes from k dt to (k + 1) dt. */
export class TimeGrid {
  /** The length of a step in ms. */
  readonly dt: number;
  /** Steps per ms where that is an integer, so that step 3 of 0.1 ms is 0.3 and not 0.30000000000000004. */
  readonly #perMs: number | undefined;

  constructor(dt: number) {
    this.dt = positiveNumber(dt, 'dt');
    const perMs = Math.round(1 / dt);
    this.#perMs = 1 / perMs === dt ? perMs : undefined;
  }

  /** The time in ms after this many steps. */
  timeAfter(steps: number): number {
    return this.#perMs === undefined ? steps * this.dt : steps / this.#perMs;
  }

  /** How many steps a time takes: a multiple of dt, unless it is to be rounded. */
  stepsOf(time: number, title: string, rounded = false): number {
    const ratio = time / this.dt;
    const steps = Math.round(ratio);
    if (steps > MOST_STEPS)
      throw new RangeError(`${title}: expected at most ${MOST_STEPS} steps of dt = ${this.dt}, got ${time}`);
    if (!rounded && Math.abs(ratio - steps) > 1e-6) {
      throw new RangeError(`${title}: expected a multiple of dt = ${this.dt}, got ${time} (nearest: ${this.timeAfter(steps)})`);
    }
    return steps;
  }

  /** A time constant that the grid resolves: dt <= tau. */
  resolved(tau: number, title: string): number {
    if (this.dt <= tau) return tau;
    throw new RangeError(
      `${title}: expected at least dt = ${this.dt}, got ${tau}: one step would span more than the time constant ` +
        `(choose dt <= ${Number((tau / 10).toPrecision(3))} or so)`,
    );
  }

  /** `steps` more after `step`, if they can still be counted. */
  endAfter(step: number, steps: number): number {
    if (step + steps <= MOST_STEPS) return step + steps;
    throw new RangeError(
      `duration: a network counts at most ${MOST_STEPS} steps, ${step} of them are over and ${steps} were asked for`,
    );
  }
}
