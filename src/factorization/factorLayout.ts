import { strideOf } from '../backend/kernelForms.ts';

/**
 * How a row of factors lies in memory: rows of the matrix are [k factors, bias, 1], columns [k factors, 1, bias], padded to the stride, so that
 * the product of two is the prediction. Without biases there are only the k factors.
 */
export interface FactorLayout {
  readonly rank: number;
  readonly biased: boolean;
  readonly stride: number;
}

export function factorLayout(rank: number, biased: boolean): FactorLayout {
  return { rank, biased, stride: strideOf(rank + (biased ? 2 : 0)) };
}

/** Slot of a side's own bias; the other side has 1 there. */
export const biasSlot = ({ rank }: FactorLayout, side: 'row' | 'column'): number => (side === 'row' ? rank : rank + 1);

export type Floats = Float64Array | Float32Array;

/** Factors (n x rank) and biases as rows of that layout. */
export function packFactors(layout: FactorLayout, side: 'row' | 'column', factors: Floats, bias: Floats): Floats {
  const { rank, biased, stride } = layout;
  const n = factors.length / rank;
  const out = factors instanceof Float32Array ? new Float32Array(n * stride) : new Float64Array(n * stride);
  for (let i = 0; i < n; i++) {
    for (let t = 0; t < rank; t++) out[i * stride + t] = factors[i * rank + t];
    if (!biased) continue;
    out[i * stride + rank] = 1;
    out[i * stride + rank + 1] = 1;
    out[i * stride + biasSlot(layout, side)] = bias[i];
  }
  return out;
}

/** The factors (n x rank) and biases in rows of that layout. */
export function unpackFactors(
  layout: FactorLayout,
  side: 'row' | 'column',
  packed: Floats,
): { factors: Floats; bias: Float64Array } {
  const { rank, biased, stride } = layout;
  const n = packed.length / stride;
  const factors = packed instanceof Float32Array ? new Float32Array(n * rank) : new Float64Array(n * rank);
  const bias = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let t = 0; t < rank; t++) factors[i * rank + t] = packed[i * stride + t];
    if (biased) bias[i] = packed[i * stride + biasSlot(layout, side)];
  }
  return { factors, bias };
}
