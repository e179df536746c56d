/**
 * One side of one row: spectralSide.mjs {wasm|js} JOB TOL DIR prints { ms, residual }. A process of its own, because a wasm memory that has
 * grown makes V8 check every typed array for having been detached, which slows JavaScript loops down.
 */
import { join } from 'node:path';
import { CsrMatrix, DenseMatrix, Pca, setBackend, TruncatedSvd } from '../dist/index.js';
import { bestOf } from './harness.mjs';
import { readNpy } from './npy.mjs';

const [, , backend, job, tol, data] = process.argv;
setBackend(backend);
const array = (set, key) => readNpy(join(data, set, `${key}.npy`));

function svd() {
  const [rows, cols] = array('sparse_text', 'shape').data;
  const part = (key) => array('sparse_text', key).data;
  const X = new CsrMatrix({ rows, cols, indptr: part('indptr'), indices: part('indices'), data: part('data') });
  return () => new TruncatedSvd({ components: 50, tol: Number(tol) }).fit(X);
}

function pca() {
  const { shape, data: values } = array('dense_tall', 'X');
  const X = new DenseMatrix(values, ...shape);
  return () => new Pca({ components: 10, tol: Number(tol) }).fit(X);
}

const { ms, result } = bestOf({ svd, pca }[job](), { budgetMs: 3000, most: 5 });
console.log(JSON.stringify({ ms, residual: result.certificate.residual }));
