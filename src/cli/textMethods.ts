/**
 * The classifiers of texts, as data: each is fitted along a grid of strengths.
 * @module
 */
import type { CsrMatrix } from '../core/csrMatrix.ts';
import type { Label } from '../core/labels.ts';
import { type GlmPath, type GlmPathOptions, logisticPath, svmPath } from '../linear/index.ts';
import { ComplementNaiveBayes } from '../text/index.ts';
import type { BinaryTextModel, TextModel } from './textModel.ts';

/** Fits of one method, from strong to weak. */
export interface Along {
  lambdas: Float64Array;
  /** How many terms each uses. */
  terms: Int32Array;
  /** The models of one strength, for `TextModel`. */
  at(k: number): TextModel['classifiers'];
}

/** What a fit along a grid takes. */
export interface AlongOptions {
  /** The grid; without one it is made. */
  lambdas?: Float64Array;
  nLambdas: number;
  lambdaMinRatio?: number;
  balanced: boolean;
  /** Relative duality gap to reach. */
  tol: number;
  signal: AbortSignal;
  step(): void;
}

/** A way to classify texts. */
export interface TextMethod {
  title: string;
  /** Whether it has a penalty. */
  penalised: boolean;
  fit(X: CsrMatrix, labels: readonly Label[], classes: readonly Label[], options: AlongOptions): Along;
}

export const TEXT_METHODS: Readonly<Record<'svm' | 'logistic' | 'naive-bayes', TextMethod>> = {
  svm: { title: 'L1 support vector machine', penalised: true, fit: linear(svmPath as PathOf) },
  logistic: { title: 'L1 logistic regression', penalised: true, fit: linear(logisticPath as PathOf) },
  'naive-bayes': {
    title: 'Complement naive Bayes',
    penalised: false,
    fit(X, labels, _classes, { step }) {
      const model = new ComplementNaiveBayes().fit(X, labels);
      step();
      return { lambdas: Float64Array.of(0), terms: Int32Array.of(X.cols), at: () => [model] };
    },
  },
};

type BinaryPath = GlmPath<ArrayLike<Label>, BinaryTextModel>;
type PathOf = (X: CsrMatrix, labels: ArrayLike<Label>, options: GlmPathOptions & { classWeight?: 'balanced' }) => BinaryPath;

/** A path for two classes; for more, one of each class against the others, on the grid of the one that starts first. */
function linear(pathOf: PathOf): TextMethod['fit'] {
  return (X, labels, classes, { lambdas, nLambdas, lambdaMinRatio, balanced, tol, signal, step }) => {
    const problems = classes.length === 2 ? [labels] : classes.map((label) => labels.map((each) => (each === label ? 1 : 0)));
    const common = { signal, tol, ...(balanced && { classWeight: 'balanced' as const }) };
    const grid = { nLambdas, ...(lambdaMinRatio !== undefined && { lambdaMinRatio }) };
    const largest = (y: readonly Label[]) => pathOf(X, y, { ...common, nLambdas: 1 }).lambdas[0];
    let first = 0;
    if (lambdas === undefined && problems.length > 1) {
      const starts = problems.map(largest);
      first = starts.indexOf(Math.max(...starts));
    }
    const walk = (k: number, known: Float64Array | undefined) =>
      pathOf(X, problems[k], { ...common, ...(known ? { lambdas: known } : grid), onProgress: step });
    const leading = walk(first, lambdas);
    const paths = problems.map((_, k) => (k === first ? leading : walk(k, leading.lambdas)));
    return {
      lambdas: leading.lambdas,
      terms: Int32Array.from(leading.lambdas, (_, k) => usedBy(paths, k)),
      at: (k) => paths.map((path) => path.at(leading.lambdas[k])),
    };
  };
}

function usedBy(paths: readonly BinaryPath[], k: number): number {
  const used = new Set<number>();
  for (const { coefs } of paths) for (let e = coefs.indptr[k]; e < coefs.indptr[k + 1]; e++) used.add(coefs.indices[e]);
  return used.size;
}
