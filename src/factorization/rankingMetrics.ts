import { currentBackend } from '../backend/backend.ts';
import { integerIn, optionsObject, refuse } from '../core/checks.ts';
import { CsrMatrix } from '../core/csrMatrix.ts';
import { checkFinite } from '../core/matrixInput.ts';
import type { Recommendation } from './topColumns.ts';

/** Anything that recommends columns to rows. */
export interface Recommender {
  recommendAll(k: number, options?: { rows?: ArrayLike<number> }): Recommendation[];
  readonly columnFactors: { readonly rows: number };
  readonly rowFactors: { readonly rows: number };
}

/** How well recommendations hit held-out columns, averaged over rows that have some. */
export interface RankingMetrics {
  /** Rows that were judged. */
  rows: number;
  /** Hits among the first k over min(k, number of held-out columns). */
  precision: number;
  /** Hits among the first k over the number of held-out columns. */
  recall: number;
  /** Mean average precision: precision at every hit among the first k, summed, over min(k, number of held-out columns). */
  map: number;
  /** Normalised discounted cumulative gain: sum over hits of 1 / log2(1 + place), over its largest possible value. */
  ndcg: number;
  /** Probability that a held-out column is ranked before one that is not, columns beyond the first k in random order. */
  auc: number;
}

/**
 * Precision, recall, MAP, NDCG and AUC at k of a model's recommendations (observed columns left out) against held-out entries; stored entries
 * > 0 are relevant.
 *
 * @param held m x n held-out entries
 * @throws TypeError, RangeError for a matrix of another shape or without positive entries
 */
export function rankingMetrics(model: Recommender, held: CsrMatrix, options?: { k?: number }): RankingMetrics {
  const { k = 10 } = optionsObject(options, 'rankingMetrics', ['k']);
  integerIn(k, 'k', 1);
  if (!(held instanceof CsrMatrix)) refuse(held, 'held', 'a CsrMatrix of held-out entries', false);
  checkFinite(held, 'held');
  const [m, n] = [model.rowFactors.rows, model.columnFactors.rows];
  if (held.rows !== m || held.cols !== n)
    throw new RangeError(`held: expected ${m} x ${n}, as the model, got ${held.rows} x ${held.cols}`);
  const { log } = currentBackend().kernels;
  const gain = Float64Array.from({ length: k }, (_, place) => log(2) / log(place + 2));
  const sum: RankingMetrics = { rows: 0, precision: 0, recall: 0, map: 0, ndcg: 0, auc: 0 };
  const judged = Array.from({ length: m }, (_, i) => i).filter((i) => relevantOf(held, i).size > 0);
  const lists = model.recommendAll(k, { rows: judged });
  for (const [r, i] of judged.entries()) {
    const relevant = relevantOf(held, i);
    const { columns } = lists[r];
    const reach = Math.min(k, relevant.size);
    let [hits, average, dcg, misses, ordered] = [0, 0, 0, 0, 0];
    for (const [place, j] of columns.entries()) {
      if (relevant.has(j)) {
        hits++;
        average += hits / (place + 1);
        dcg += gain[place];
      } else {
        misses++;
        ordered += hits;
      }
    }
    let ideal = 0;
    for (let place = 0; place < reach; place++) ideal += gain[place];
    // Pairs of a relevant and another column: those among the first k are in order as counted, the rest on average half.
    const others = n - relevant.size;
    const auc = others > 0 ? (ordered + ((hits + relevant.size) / 2) * (others - misses)) / (relevant.size * others) : 1;
    sum.rows++;
    sum.precision += hits / reach;
    sum.recall += hits / relevant.size;
    sum.map += average / reach;
    sum.ndcg += dcg / ideal;
    sum.auc += auc;
  }
  if (sum.rows === 0) throw new RangeError('held: expected at least one entry > 0');
  for (const name of ['precision', 'recall', 'map', 'ndcg', 'auc'] as const) sum[name] /= sum.rows;
  return sum;
}

function relevantOf({ indptr, indices, data }: CsrMatrix, i: number): Set<number> {
  const relevant = new Set<number>();
  for (let e = indptr[i]; e < indptr[i + 1]; e++) if (data[e] > 0) relevant.add(indices[e]);
  return relevant;
}
