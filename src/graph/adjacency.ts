import { type DesignInput, hostMatrix } from '../backend/residentMatrix.ts';
import { refuse } from '../core/checks.ts';
import { CscMatrix } from '../core/cscMatrix.ts';
import { CsrMatrix } from '../core/csrMatrix.ts';

/** A graph by rows: entry (i, j) is the weight of the edge from node i to node j. Values are not looked at. */
export function adjacency(G: DesignInput): CsrMatrix {
  const matrix = hostMatrix(G, 'G');
  if (matrix.rows !== matrix.cols) {
    throw new RangeError(`G: expected a square matrix, one row and one column per node, got ${matrix.rows} x ${matrix.cols}`);
  }
  if (matrix instanceof CsrMatrix) return matrix;
  return matrix instanceof CscMatrix ? matrix.toCsr() : CsrMatrix.fromDense(matrix);
}

/** A graph that is only looked at here and there: other formats would have to be converted as a whole. */
export function localAdjacency(G: unknown): CsrMatrix {
  if (!(G instanceof CsrMatrix)) refuse(G, 'G', 'a CsrMatrix (local methods never convert a whole graph)', false);
  return adjacency(G);
}
