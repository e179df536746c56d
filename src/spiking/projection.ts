import { CsrMatrix } from '../core/csrMatrix.ts';
import type { DelayedSynapses } from './delayedSynapses.ts';
import type { Population } from './population.ts';

/** The synapses of one `connect` call. */
export class Projection {
  readonly source: Population;
  readonly target: Population;
  readonly #parts: readonly DelayedSynapses[];

  /** Internal. */
  constructor(source: Population, target: Population, parts: readonly DelayedSynapses[]) {
    this.source = source;
    this.target = target;
    this.#parts = parts;
  }

  /** How many synapses. */
  get synapses(): number {
    return this.#parts.reduce((sum, { targets }) => sum + targets.length, 0);
  }

  /** Weights as they are now (source x target), copied; several synapses of one pair are summed. */
  get weights(): CsrMatrix {
    const row = new Int32Array(this.synapses);
    const col = new Int32Array(row.length);
    const value = new Float64Array(row.length);
    let at = 0;
    for (const { indptr, targets, weights, weight } of this.#parts) {
      col.set(targets, at);
      if (weights) value.set(weights, at);
      else value.fill(weight, at, at + targets.length);
      for (let s = 0; s + 1 < indptr.length; s++) row.fill(s, at + indptr[s], at + indptr[s + 1]);
      at += targets.length;
    }
    return CsrMatrix.fromCoo(this.source.size, this.target.size, { row, col, value });
  }
}
