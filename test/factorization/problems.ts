import { MatrixFactorization, type MatrixFactorizationOptions } from '../../src/index.ts';
import { Dice } from '../linear/problems.ts';
import type { Problem } from './oracle.ts';
import { csr, ratings, ring } from './ratings.ts';

export interface Variant {
  problem: Problem;
  options: Omit<MatrixFactorizationOptions, 'lambda'>;
}

const dice = new Dice(41);
const [m, n] = [14, 11];
const full = csr(ratings(dice, m, n, { share: 0.7 }));
/** Rows 3 and 9 and column 5 have no entry. */
const holey = csr(ratings(dice, m, n, { share: 0.7, emptyRows: [3, 9], emptyColumns: [5] }));
const weights = dice.vector(full.nnz, () => (dice.chance(0.1) ? 0 : 0.2 + dice.unit()));
const [rowFeatures, columnFeatures] = [dice.matrix(m, 2), dice.matrix(n, 3)];
const [rowGraph, columnGraph] = [ring(dice, m), ring(dice, n)];
const linear = { featureKernel: 'linear' } as const;
const both = { rowFeatures, columnFeatures, featureLambda: 0.7 };

/** Every kind of objective with every solver that takes it; options that the objective does not depend on stand apart. */
export const variants: Record<string, Variant> = {
  plain: { problem: { R: full, lambda: 0.5 }, options: { rank: 3 } },
  'without biases': { problem: { R: full, lambda: 0.5, biases: false }, options: { rank: 3 } },
  'with free biases': { problem: { R: full, lambda: 0.5, biasLambda: 0 }, options: { rank: 2 } },
  'with other biases': { problem: { R: holey, lambda: 0.5, biasLambda: 2 }, options: { rank: 2 } },
  'with scaled lambda': { problem: { R: holey, lambda: 0.05, scaleLambda: true }, options: { rank: 3 } },
  'with weights': { problem: { R: full, lambda: 0.3, weights }, options: { rank: 3 } },
  'with weights and scaled lambda': { problem: { R: full, lambda: 0.1, weights, scaleLambda: true }, options: { rank: 2 } },
  'by conjugate gradients': { problem: { R: holey, lambda: 0.5 }, options: { rank: 4, solver: 'cg' } },
  'by one conjugate gradient step': {
    problem: { R: full, lambda: 0.5, weights },
    options: { rank: 4, solver: 'cg', cgSteps: 1 },
  },
  'by coordinate descent': { problem: { R: holey, lambda: 0.5, biasLambda: 0.1 }, options: { rank: 3, solver: 'ccd' } },
  'by coordinate descent with weights': { problem: { R: full, lambda: 0.4, weights }, options: { rank: 3, solver: 'ccd' } },
  'with L1': { problem: { R: holey, lambda: 0.2, l1: 3 }, options: { rank: 4 } },
  'with L1 and weights': { problem: { R: full, lambda: 0, biasLambda: 0.3, l1: 1, weights }, options: { rank: 4 } },
  'with factors >= 0': { problem: { R: holey, lambda: 0.3, nonNegative: true }, options: { rank: 3 } },
  'with L1 and factors >= 0': {
    problem: { R: full, lambda: 0.1, l1: 1, nonNegative: true, biases: false },
    options: { rank: 4 },
  },
  'with column features': { problem: { R: holey, lambda: 1, columnFeatures }, options: { rank: 2, ...linear } },
  'with features of both sides': { problem: { R: holey, lambda: 1, ...both }, options: { rank: 3, ...linear } },
  'with features and other biases': {
    problem: { R: holey, lambda: 1, biasLambda: 0.3, scaleLambda: true, ...both },
    options: { rank: 2, ...linear },
  },
  'with features by conjugate gradients': {
    problem: { R: holey, lambda: 1, ...both },
    options: { rank: 3, ...linear, solver: 'cg' },
  },
  'with features by coordinate descent': {
    problem: { R: holey, lambda: 1, ...both },
    options: { rank: 3, ...linear, solver: 'ccd' },
  },
  'with features and L1': { problem: { R: holey, lambda: 1, l1: 1, ...both }, options: { rank: 3, ...linear } },
  'with a graph': { problem: { R: holey, lambda: 0.3, columnGraph, graphLambda: 2 }, options: { rank: 3 } },
  'with two graphs by conjugate gradients': {
    problem: { R: holey, lambda: 0.3, rowGraph, columnGraph },
    options: { rank: 3, solver: 'cg' },
  },
  'with features and graphs': {
    problem: { R: holey, lambda: 1, ...both, rowGraph, columnGraph },
    options: { rank: 2, ...linear },
  },
};

export const cases = Object.entries(variants);

export function fitted({ problem, options }: Variant, more: Partial<MatrixFactorizationOptions> = {}) {
  const { R, weights, ...rest } = problem;
  return new MatrixFactorization({ ...rest, ...options, ...more }).fit(R, weights ? { weights } : undefined);
}
