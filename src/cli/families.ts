/**
 * The models that share one command each, as data: what they are fitted to, and how well they do.
 * @module
 */

import type { CsrMatrix } from '../core/csrMatrix.ts';
import type { DenseMatrix } from '../core/denseMatrix.ts';
import type { Label } from '../core/labels.ts';
import {
  type ClassOptions,
  type CrossValidatedGlm,
  type FitOptions,
  type GlmCvOptions,
  type GlmOptions,
  type GlmPath,
  type GlmPathOptions,
  LinearSvm,
  LinearSvmCV,
  LogisticRegression,
  LogisticRegressionCV,
  logisticPath,
  PoissonRegression,
  PoissonRegressionCV,
  poissonPath,
  svmPath,
} from '../linear/index.ts';
import { classJudgement, countJudgement } from './judgements.ts';
import type { Judgement, ShownModel } from './modelOutput.ts';
import { countTarget, type TargetKind, type Targets, twoClasses } from './targets.ts';

/** A fitted model of any family. */
export interface FamilyModel extends ShownModel {
  readonly classes?: readonly Label[];
  decision(X: DenseMatrix | CsrMatrix): Float64Array;
  predict(X: DenseMatrix | CsrMatrix): ArrayLike<Label>;
  toJSON(): object;
}

type Path = GlmPath<Targets, FamilyModel>;
type Matrix = DenseMatrix | CsrMatrix;

/** A command's models. */
export interface Family {
  /** Of the command. */
  name: string;
  title: string;
  summary: string;
  /** What is minimised. */
  objective: string;
  /** What the examples explain. */
  example: { file: string; target: string; what: string };
  /** Whether targets are labels. */
  labels: boolean;
  target(one: string | undefined): TargetKind<Targets>;
  /** Metrics of cross-validation: how each is called, and which end is good. The first is the default. */
  metrics: Readonly<Record<string, { title: string; best: 'min' | 'max' }>>;
  /** How well decision values agree with the targets of their rows. */
  judge(y: Targets, decision: Float64Array, classes: readonly Label[] | undefined, rows: string): Judgement;
  model(options: GlmOptions & ClassOptions & { lambda: number }): { fit(X: Matrix, y: Targets, run: FitOptions): FamilyModel };
  path(X: Matrix, y: Targets, options: GlmPathOptions & ClassOptions): Path;
  validation(options: GlmCvOptions & ClassOptions): {
    fit(X: Matrix, y: Targets, run: FitOptions): CrossValidatedGlm<Targets, FamilyModel>;
  };
}

const accuracyAndAuc = { accuracy: { title: 'accuracy', best: 'max' }, auc: { title: 'AUC', best: 'max' } } as const;

export const FAMILIES: readonly Family[] = [
  {
    name: 'logistic',
    title: 'Logistic regression',
    summary: 'tell two classes apart, with probabilities',
    objective: '1/n sum log(1 + exp(-t f)), t = 1 for the second class and -1 for the first,',
    example: { file: 'patients.csv', target: 'ill', what: 'which columns tell ill from healthy' },
    labels: true,
    target: twoClasses,
    metrics: { deviance: { title: 'deviance', best: 'min' }, ...accuracyAndAuc },
    judge: classJudgement('logistic'),
    model: (options) => new LogisticRegression(options),
    path: logisticPath as Family['path'],
    validation: (options) => new LogisticRegressionCV(options as object) as never,
  },
  {
    name: 'svm',
    title: 'Support vector machine',
    summary: 'tell two classes apart, with a wide margin',
    objective: '1/n sum max(0, 1 - t f)^2, t = 1 for the second class and -1 for the first,',
    example: { file: 'patients.csv', target: 'ill', what: 'the few columns that separate two classes' },
    labels: true,
    target: twoClasses,
    metrics: { deviance: { title: 'squared hinge loss', best: 'min' }, ...accuracyAndAuc },
    judge: classJudgement('svm'),
    model: (options) => new LinearSvm(options),
    path: svmPath as Family['path'],
    validation: (options) => new LinearSvmCV(options as object) as never,
  },
  {
    name: 'poisson',
    title: 'Poisson regression',
    summary: 'explain counts',
    objective: '1/n sum exp(f) - y f',
    example: { file: 'crossings.csv', target: 'accidents', what: 'which columns explain the number of accidents' },
    labels: false,
    target: () => countTarget as TargetKind<Targets>,
    metrics: {
      deviance: { title: 'deviance', best: 'min' },
      mse: { title: 'mean squared error', best: 'min' },
      mae: { title: 'mean absolute error', best: 'min' },
    },
    judge: countJudgement,
    model: (options) => new PoissonRegression(options) as never,
    path: poissonPath as never,
    validation: (options) => new PoissonRegressionCV(options as object) as never,
  },
];
