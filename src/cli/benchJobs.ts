import { CsrMatrix } from '../core/csrMatrix.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import { Random } from '../core/random.ts';
import { ImplicitFactorization } from '../factorization/index.ts';
import { pageRank } from '../graph/index.ts';
import { lassoPath } from '../linear/index.ts';
import { Pca } from '../spectral/index.ts';
import { cubaNetwork } from '../spiking/index.ts';

/** A typical job: data are made once, then it runs many times. */
export interface BenchJob {
  name: string;
  prepare(): () => ArrayLike<number>;
}

export const BENCH_JOBS: readonly BenchJob[] = [
  {
    name: 'lasso path, dense 500 x 1000, 50 lambdas',
    prepare() {
      const [X, y] = regression(dense(500, 1000, 1), 2);
      return () => lassoPath(X, y, { nLambdas: 50, lambdaMinRatio: 0.05 }).coefs.data;
    },
  },
  {
    name: 'lasso path, sparse 5000 x 10000, 50 lambdas',
    prepare() {
      const [X, y] = regression(sparse(5000, 10_000, 40, 3), 4);
      return () => lassoPath(X, y, { nLambdas: 50, lambdaMinRatio: 0.2 }).coefs.data;
    },
  },
  {
    name: 'implicit factorisation, 1000 x 1500, rank 32',
    prepare() {
      const counts = sparse(1000, 1500, 40, 5);
      const recipe = new ImplicitFactorization({ rank: 32, lambda: 0.1, alpha: 1, maxSweeps: 3, seed: 0 });
      return () => recipe.fit(counts).rowFactors.data;
    },
  },
  {
    name: 'principal components, dense 600 x 300, 10',
    prepare() {
      const X = dense(600, 300, 6);
      const recipe = new Pca({ components: 10, seed: 0 });
      return () => recipe.fit(X).explainedVariance;
    },
  },
  {
    name: 'PageRank, 50000 nodes, 500000 links',
    prepare() {
      const links = sparse(50_000, 50_000, 10, 7);
      return () => pageRank(links).scores;
    },
  },
  {
    name: 'spiking network (CUBA), 4000 neurons, 100 ms',
    prepare: () => () => cubaNetwork({ seed: 0 }).run(100).spikes.time,
  },
];

/** Numbers in [-1, 1). */
function dense(rows: number, cols: number, seed: number): DenseMatrix {
  const random = new Random(seed);
  return new DenseMatrix(
    Float64Array.from({ length: rows * cols }, () => 2 * random.uniform() - 1),
    rows,
    cols,
    'column',
  );
}

/** `perRow` entries in (0, 1] in every row, at random places. */
function sparse(rows: number, cols: number, perRow: number, seed: number): CsrMatrix {
  const random = new Random(seed);
  const entries = rows * perRow;
  return CsrMatrix.fromCoo(rows, cols, {
    row: Int32Array.from({ length: entries }, (_, e) => Math.floor(e / perRow)),
    col: Int32Array.from({ length: entries }, () => random.integer(cols)),
    value: Float64Array.from({ length: entries }, () => 1 - random.uniform()),
  });
}

/** A response that 20 of the columns and some noise make. */
function regression<M extends DenseMatrix | CsrMatrix>(X: M, seed: number): [M, Float64Array] {
  const random = new Random(seed);
  const coef = new Float64Array(X.cols);
  for (let k = 0; k < 20; k++) coef[random.integer(X.cols)] = 2 * random.uniform() - 1;
  return [X, X.matvec(coef).map((value) => value + 0.2 * random.uniform())];
}
