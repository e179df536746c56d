import { numberIn, refuse, refuseEntry } from '../core/checks.ts';
import { CsrMatrix } from '../core/csrMatrix.ts';
import { checkFinite } from '../core/matrixInput.ts';
import { Random } from '../core/random.ts';
import type { Observed } from './observedEntries.ts';

/** Held-out entries, or the share in (0, 1) of the entries to hold out. */
export type ValidationInput = CsrMatrix | number;

/** The entries to fit and those to judge by. A share is drawn at random, entry by entry, by the seed. */
export function heldOut(
  all: Observed,
  validation: ValidationInput | undefined,
  seed: number,
): { train: Observed; validation: CsrMatrix | undefined } {
  if (validation === undefined) return { train: all, validation: undefined };
  const { matrix, weights } = all;
  const { rows, cols } = matrix;
  if (validation instanceof CsrMatrix) {
    if (validation.rows !== rows || validation.cols !== cols) {
      throw new RangeError(`validation: expected ${rows} x ${cols}, as R, got ${validation.rows} x ${validation.cols}`);
    }
    checkFinite(validation, 'validation');
    if (validation.nnz === 0) throw new RangeError('validation: expected at least one entry');
    for (let i = 0; i < rows; i++) refuseShared(matrix, validation, i);
    return { train: all, validation };
  }
  if (typeof validation !== 'number') refuse(validation, 'validation', 'a CsrMatrix or a share of the entries', false);
  const share = numberIn(validation, 'validation', 0, 1, '()');
  const out = new Uint8Array(matrix.nnz);
  out.fill(1, 0, Math.min(matrix.nnz - 1, Math.max(1, Math.round(share * matrix.nnz))));
  new Random(seed, 2).shuffle(out);
  const part = (keep: number) => {
    const indptr = new Int32Array(rows + 1);
    const at: number[] = [];
    for (let i = 0; i < rows; i++) {
      for (let e = matrix.indptr[i]; e < matrix.indptr[i + 1]; e++) if (out[e] === keep) at.push(e);
      indptr[i + 1] = at.length;
    }
    const indices = Int32Array.from(at, (e) => matrix.indices[e]);
    const data = Float64Array.from(at, (e) => matrix.data[e]);
    const chosen = weights && Float64Array.from(at, (e) => weights[e]);
    return { matrix: new CsrMatrix({ rows, cols, indptr, indices, data }), weights: chosen };
  };
  return { train: part(0), validation: part(1).matrix };
}

/** An entry that is fitted says nothing about prediction. */
function refuseShared(train: CsrMatrix, validation: CsrMatrix, i: number): void {
  let e = train.indptr[i];
  for (let v = validation.indptr[i]; v < validation.indptr[i + 1]; v++) {
    while (e < train.indptr[i + 1] && train.indices[e] < validation.indices[v]) e++;
    if (e < train.indptr[i + 1] && train.indices[e] === validation.indices[v]) {
      refuseEntry(validation.data[v], `validation[${i}][${validation.indices[v]}]`, 'an entry that is not in R as well');
    }
  }
}
