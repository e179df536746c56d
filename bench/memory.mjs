/**
 * Linear memory of one path of 100 lambdas at tol 1e-10, in a process of its own: memory.mjs SET {f64|f32} prints JSON. Wasm memory never
 * shrinks, so that its length at the end is the peak.
 */
import { correlatedColumns, denseResponse, sparseResponse, textRows } from './data.mjs';

let memory;
const { Instance } = WebAssembly;
WebAssembly.Instance = class extends Instance {
  constructor(...given) {
    super(...given);
    memory ??= this.exports.memory;
  }
};

const { CsrMatrix, DenseMatrix, lassoPath } = await import('../dist/index.js');

const dense = (n, p, rho, k, snr) => (Kind) => {
  const X = correlatedColumns(n, p, rho, 1);
  return {
    X: new DenseMatrix(Kind.from(X), n, p, 'column'),
    y: denseResponse(X, n, k, snr, 2),
    bytes: n * p * Kind.BYTES_PER_ELEMENT,
  };
};
const sets = {
  dense_wide: dense(500, 5000, 0.5, 50, 3),
  dense_gene: dense(100, 20_000, 0.9, 20, 5),
  dense_tall: dense(20_000, 300, 0.5, 30, 2),
  sparse_text: (Kind) => {
    const rows = textRows(10_000, 100_000, 60, 1);
    const X = new CsrMatrix({ ...rows, data: Kind.from(rows.data) });
    return { X, y: sparseResponse(rows, 200, 2, 2), bytes: X.nnz * (Kind.BYTES_PER_ELEMENT + 4) + 4 * (X.cols + 1) };
  },
};

const [, , set, kind] = process.argv;
const { X, y, bytes } = sets[set](kind === 'f32' ? Float32Array : Float64Array);
const path = (count) => lassoPath(X, y, { nLambdas: count, lambdaMinRatio: 0.01, tol: 1e-10 });
lassoPath([[0], [1]], [0, 1]);
const before = memory.buffer.byteLength;
const { points } = path(100);
const peak = memory.buffer.byteLength - before;
path(100);
const again = memory.buffer.byteLength - before;
const gap = Math.max(...points.map(({ certificate }) => certificate.gap));
console.log(JSON.stringify({ set, kind, rows: X.rows, cols: X.cols, bytes, peak, again, gap }));
