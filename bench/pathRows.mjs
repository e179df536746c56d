/** The whole lasso path, 100 lambdas to lambda max / 100, every point at a gap of 1e-10: the same library on one backend or the other. */
import { correlatedColumns, denseResponse, sparseResponse, textRows } from './data.mjs';

const OPTIONS = { nLambdas: 100, lambdaMinRatio: 0.01, tol: 1e-10 };

async function open(backend, problem) {
  const library = await import('../dist/index.js');
  library.setBackend(backend);
  const { X, y } = problem(library);
  const run = () => library.lassoPath(X, y, OPTIONS);
  const { points } = run();
  const objectives = Float64Array.from(points, ({ certificate }) => certificate.primal);
  return { run, result: objectives, gap: Math.max(...points.map(({ certificate }) => certificate.gap)) };
}

const dense = ({ DenseMatrix }) => {
  const X = correlatedColumns(500, 5000, 0.5, 40);
  return { X: new DenseMatrix(X, 500, 5000, 'column'), y: denseResponse(X, 500, 50, 3, 41) };
};

const sparse = ({ CsrMatrix }) => {
  const rows = textRows(5000, 20_000, 60, 42);
  return { X: new CsrMatrix(rows), y: sparseResponse(rows, 100, 2, 43) };
};

export const pathRows = [
  { name: 'lasso path, dense 500 x 5000', open: (backend) => open(backend, dense) },
  { name: 'lasso path, sparse 5000 x 20000', open: (backend) => open(backend, sparse) },
];
