import type { FactorizationParts } from './factorizationParts.ts';
import { biasSlot, type FactorLayout } from './factorLayout.ts';
import type { ObservedPattern } from './savedFactorization.ts';
import type { UncertainSide } from './uncertainty.ts';

/** One side of a fitted model as the uncertainty of its predictions sees it. */
export function uncertainSide(parts: FactorizationParts, layout: FactorLayout, which: 'row' | 'column'): UncertainSide {
  const { recipe, observed } = parts;
  const [part, factors, bias, pattern] =
    which === 'row'
      ? [parts.rows, parts.rowFactors, parts.rowBias, observed]
      : [parts.columns, parts.columnFactors, parts.columnBias, transposed(observed, parts.columnFactors.rows)];
  const { rank, stride } = layout;
  const m = rank + Number(recipe.biases);
  const count = factors.rows;
  const regressors = new Float64Array(count * m);
  const deviations = new Float64Array(count * m);
  const own = biasSlot(layout, which);
  for (let i = 0; i < count; i++) {
    for (let t = 0; t < m; t++) {
      const mine = t < rank ? factors.data[i * rank + t] : bias[i];
      regressors[i * m + t] = t < rank ? mine : 1;
      deviations[i * m + t] = mine - (part.expected ? part.expected[i * stride + (t < rank ? t : own)] : 0);
    }
  }
  const precision = (i: number): Float64Array => {
    const scale = recipe.scaleLambda ? pattern.indptr[i + 1] - pattern.indptr[i] : 1;
    let links = 0;
    if (part.graph) for (let e = part.graph.indptr[i]; e < part.graph.indptr[i + 1]; e++) links += part.graph.data[e];
    return Float64Array.from({ length: m }, (_, t) => links + scale * (t < rank ? recipe.lambda : recipe.biasLambda));
  };
  return { count, ...pattern, regressors, deviations, precision };
}

function transposed({ indptr, indices, weight }: ObservedPattern, cols: number): ObservedPattern {
  const rows = indptr.length - 1;
  const start = new Int32Array(cols + 1);
  for (const j of indices) start[j + 1]++;
  for (let j = 0; j < cols; j++) start[j + 1] += start[j];
  const next = start.slice();
  const across = new Int32Array(indices.length);
  const moved = weight && new Float64Array(indices.length);
  for (let i = 0; i < rows; i++) {
    for (let e = indptr[i]; e < indptr[i + 1]; e++) {
      const to = next[indices[e]]++;
      across[to] = i;
      if (moved) moved[to] = weight[e];
    }
  }
  return { indptr: start, indices: across, weight: moved };
}
