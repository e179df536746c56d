import { arena } from '../backend/arena.ts';
import { currentBackend } from '../backend/backend.ts';
import { bytesOf, type Precision } from '../backend/kernelForms.ts';
import { Alternation, factorForms } from './alternation.ts';
import { CoordinateDescent } from './coordinateDescent.ts';
import { biasSlot, type FactorLayout, type Floats } from './factorLayout.ts';
import type { FactorPenalty } from './objective.ts';
import { placeSide, type Side } from './side.ts';

/** One new row (or column) against fixed factors of the other side. */
export interface FoldInSetup {
  layout: FactorLayout;
  precision: Precision;
  implicit: boolean;
  which: 'row' | 'column';
  /** Factors of the other side, rows of the layout. */
  others: Floats;
  indices: Int32Array;
  weight: Floats | undefined;
  moment: Floats;
  ridge: number;
  biasRidge: number;
  /** Where its factors are drawn to, a row of the layout. */
  prior: Float64Array | undefined;
  penalty: FactorPenalty;
}

/** Sweeps of coordinate descent for one row, where a penalty or a bound rules out the closed form. */
const SWEEPS = 200;

/** The minimiser for the new row, exactly as a half-sweep of the fit would find it: a row of the layout. */
export function foldIn(setup: FoldInSetup): Floats {
  const { layout, precision, implicit, which, others, indices, weight, moment, penalty } = setup;
  return arena(currentBackend(), (frame) => {
    const { stride, biased } = layout;
    const Kind = precision === 'f32' ? Float32Array : Float64Array;
    const start = new Kind(stride);
    if (biased) start[biasSlot(layout, which === 'row' ? 'column' : 'row')] = 1;
    const one = placeSide(
      frame,
      layout,
      which,
      { indptr: Int32Array.of(0, indices.length), indices, weight, moment },
      start,
      { ridge: Float64Array.of(setup.ridge), biasRidge: Float64Array.of(setup.biasRidge) },
      undefined,
    );
    if (setup.prior) one.prior = frame.put(Kind.from(setup.prior));
    const count = others.length / stride;
    const none = new Kind(0);
    const across: Side = placeSide(
      frame,
      layout,
      which === 'row' ? 'column' : 'row',
      { indptr: new Int32Array(count + 1), indices: new Int32Array(0), weight: undefined, moment: none },
      others,
      { ridge: new Float64Array(count), biasRidge: new Float64Array(count) },
      undefined,
    );
    const factorization = {
      frame,
      forms: factorForms(frame, precision),
      precision,
      layout,
      implicit,
      rows: which === 'row' ? one : across,
      columns: which === 'row' ? across : one,
    };
    if (penalty.l1 > 0 || penalty.nonNegative) {
      const descent = new CoordinateDescent(factorization, penalty);
      descent.fit(one, SWEEPS);
    } else new Alternation(factorization).solve(one, across);
    const bytes = stride * bytesOf(precision);
    return new Kind(frame.heap.u8(one.factors, bytes).slice().buffer);
  });
}
