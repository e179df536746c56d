import { bytesOf, valuesAt } from '../backend/kernelForms.ts';
import type { Alternation, Factorization } from './alternation.ts';
import { readGraph, type Side } from './side.ts';

/** Penalty on the factors beside the ridge: l1 sum |x|, and a lower bound of 0. */
export interface FactorPenalty {
  l1: number;
  nonNegative: boolean;
}

export interface Objective {
  /** Loss over the entries plus all penalties. */
  objective: number;
  /** Loss over the entries. */
  loss: number;
}

/** The objective at the factors as they are. `constant`: what the loss of an implicit factorisation has beside them. */
export function objectiveOf(factorization: Factorization, { l1 }: FactorPenalty, constant: number): Objective {
  const { forms, layout, rows, columns, implicit } = factorization;
  const { stride } = layout;
  let loss = forms.entryLoss(
    rows.count,
    rows.indptr,
    rows.indices,
    rows.weight,
    rows.moment,
    Number(implicit),
    rows.factors,
    columns.factors,
    stride,
  );
  if (implicit) loss += constant + unobservedLoss(factorization);
  let penalty = 0;
  for (const side of [rows, columns]) {
    penalty += ridgeOf(factorization, side);
    if (side.graph) penalty += graphPenalty(factorization, side);
    if (l1 > 0) penalty += l1 * norm1(factorization, side);
  }
  penalty += (factorization.rowPrior?.penalty() ?? 0) + (factorization.columnPrior?.penalty() ?? 0);
  return { objective: loss + penalty, loss };
}

function ridgeOf({ forms, layout }: Factorization, side: Side): number {
  const { rank, stride, biased } = layout;
  return forms.ridgePenalty(
    side.count,
    side.factors,
    stride,
    rank,
    Number(biased),
    side.ownSlot,
    side.ridge,
    side.biasRidge,
    side.prior,
  );
}

/** sum over all pairs of (x_i . y_j)^2 = <X'X, Y'Y>. */
function unobservedLoss({ frame, forms, layout, rows, columns }: Factorization): number {
  const { rank, stride } = layout;
  const gram = (side: Side): number => {
    const out = frame.f64(rank * rank);
    forms.tallGram(side.factors, stride, rank, side.factors, stride, rank, side.count, out, rank);
    return out;
  };
  const [a, b] = [gram(rows), gram(columns)];
  const loss = frame.kernels.dot(a, b, rank * rank);
  frame.release(a);
  frame.release(b);
  return loss;
}

function norm1({ frame, precision, layout }: Factorization, side: Side): number {
  const { rank, stride } = layout;
  const z = valuesAt(frame.heap, precision, side.factors, side.count * stride);
  let s = 0;
  for (let i = 0; i < side.count; i++) for (let t = 0; t < rank; t++) s += Math.abs(z[i * stride + t]);
  return s;
}

function graphPenalty({ frame, precision, layout }: Factorization, side: Side): number {
  const { rank, stride, biased } = layout;
  const { heap } = frame;
  const n = side.count;
  const { indptr, indices, data } = readGraph(frame, side);
  const z = valuesAt(heap, precision, side.factors, n * stride);
  const p = side.prior ? valuesAt(heap, precision, side.prior, n * stride) : undefined;
  const slots = biased ? [...Array(rank).keys(), side.ownSlot] : [...Array(rank).keys()];
  let s = 0;
  for (let i = 0; i < n; i++) {
    for (let e = indptr[i]; e < indptr[i + 1]; e++) {
      const l = indices[e];
      if (l <= i) continue;
      for (const t of slots) {
        const [a, b] = [i * stride + t, l * stride + t];
        const d = z[a] - z[b] - (p ? p[a] - p[b] : 0);
        s += data[e] * d * d;
      }
    }
  }
  return s;
}

/**
 * Length of the gradient at the factors as they are, relative to what the entries alone contribute to it; with an L1 penalty or bounds, of the
 * shortest subgradient that respects them. Priors of features count as fixed: their own regression has just been solved.
 */
export function relativeGradient(factorization: Factorization, alternation: Alternation, penalty: FactorPenalty): number {
  const { frame, precision, layout, rows, columns } = factorization;
  const { rank, stride } = layout;
  let square = 0;
  let scale = 0;
  for (const [side, other] of [
    [rows, columns],
    [columns, rows],
  ]) {
    const out = frame.uninitialised(side.count * stride * bytesOf(precision));
    scale += alternation.residuals(side, other, out);
    const r = valuesAt(frame.heap, precision, out, side.count * stride);
    const z = valuesAt(frame.heap, precision, side.factors, side.count * stride);
    for (let i = 0; i < side.count; i++) {
      for (let t = 0; t < stride; t++) {
        const p = i * stride + t;
        const g = t < rank ? stationary(r[p], z[p], penalty) : r[p];
        square += g * g;
      }
    }
    frame.release(out);
  }
  return scale > 0 ? Math.sqrt(square / scale) : Math.sqrt(square);
}

/** How far half the negative gradient `r` is from what optimality at `z` allows. */
function stationary(r: number, z: number, { l1, nonNegative }: FactorPenalty): number {
  const t = l1 / 2;
  if (nonNegative) return z > 0 ? r - t : Math.max(0, r - t);
  if (z !== 0) return r - (z > 0 ? t : -t);
  return Math.max(0, Math.abs(r) - t);
}
