/** The golden cases in the words of the package; see the `source` fields in test/fixtures/golden. */
import logisticFile from '../fixtures/golden/logistic.json';
import poissonFile from '../fixtures/golden/poisson.json';
import svmFile from '../fixtures/golden/svm.json';
import type { GlmSetup, LossName } from './oracle.ts';

export interface GlmCase {
  name: string;
  data: string;
  family: 'binomial' | 'poisson' | 'squared_hinge';
  options: {
    lambda: number;
    l1Ratio: number;
    intercept: boolean;
    standardize: boolean;
    weights?: number[];
    penaltyFactors?: number[];
    offset?: number[];
  };
  coef: number[];
  intercept: number;
  objective: number;
  nullObjective: number;
  lambdaMax?: number;
  supportMargin?: number;
  coefTol: number;
  interceptTol?: number;
}

interface Stored {
  X?: number[][];
  csr?: { rows: number; cols: number; indptr: number[]; indices: number[]; data: number[] };
  y: number[];
}

interface GoldenFile {
  data: Record<string, Stored>;
  cases: GlmCase[];
}

const files = [logisticFile, svmFile, poissonFile] as unknown as GoldenFile[];
const LOSSES: Record<GlmCase['family'], LossName> = { binomial: 'logistic', squared_hinge: 'squaredHinge', poisson: 'poisson' };

/** All cases with their problems. */
export const goldenCases = files.flatMap(({ data, cases }) =>
  cases.map((golden) => ({ golden, setup: setupOf(golden, data[golden.data]) })),
);

function setupOf({ family, options }: GlmCase, { X, csr, y }: Stored): GlmSetup {
  const { lambda, l1Ratio, intercept, standardize, weights, penaltyFactors, offset } = options;
  const rows = X ?? dense(csr!);
  return {
    loss: LOSSES[family],
    rows,
    y,
    lambda,
    l1Ratio,
    fitIntercept: intercept,
    standardize,
    sampleWeight: weights,
    penaltyFactors,
    offset,
  };
}

function dense({ rows, cols, indptr, indices, data }: NonNullable<Stored['csr']>): number[][] {
  const out = Array.from({ length: rows }, () => new Array<number>(cols).fill(0));
  for (let i = 0; i < rows; i++) for (let e = indptr[i]; e < indptr[i + 1]; e++) out[i][indices[e]] = data[e];
  return out;
}
