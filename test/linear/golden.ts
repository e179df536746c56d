/** The golden cases in the words of the package; see the `source` fields in test/fixtures/golden. */
import cvFile from '../fixtures/golden/cv.json';
import dataFile from '../fixtures/golden/data.json';
import lassoFile from '../fixtures/golden/lasso.json';
import pathFile from '../fixtures/golden/path.json';
import type { Setup } from './oracle.ts';

interface GoldenOptions {
  lambda?: number;
  l1Ratio: number;
  intercept: boolean;
  standardize: boolean;
  weights?: number[];
  penaltyFactors?: number[];
  lower?: (number | null)[];
  upper?: (number | null)[];
  positive?: boolean;
}

interface Golden {
  name: string;
  data: string;
  options: GoldenOptions;
}

export interface LassoCase extends Golden {
  coef: number[];
  intercept: number;
  objective: number;
  nullObjective: number;
  lambdaMax?: number;
  closedForm?: string;
  supportMargin?: number;
  coefTol: number | null;
  interceptTol?: number;
  fitted?: number[];
}

export interface PathCase extends Golden {
  lambda: number[];
  lambdaMax: number;
  ratio: number;
  df: number[];
  devRatio: number[];
  at: number[];
  coef: number[][];
  intercept: number[];
  objective: number[];
  nullObjective: number;
  supportMargin: number;
  coefTol: number;
  interceptTol: number;
}

export interface CvCase extends Golden {
  lambda: number[];
  fold: number[];
  cvm: number[];
  cvsd: number[];
  lambdaMin: number;
  lambda1se: number;
}

export const lassoCases = lassoFile.cases as unknown as LassoCase[];
export const pathCases = pathFile.cases as unknown as PathCase[];
export const cvCases = cvFile.cases as unknown as CvCase[];

interface Stored {
  X?: number[][];
  csr?: { rows: number; cols: number; indptr: number[]; indices: number[]; data: number[] };
  y: number[];
}

const stored = dataFile.data as unknown as Record<string, Stored>;

export function dataOf({ data }: Golden): { rows: number[][]; y: number[] } {
  const { X, csr, y } = stored[data];
  if (X) return { rows: X, y };
  const { rows, cols, indptr, indices, data: values } = csr!;
  const dense = Array.from({ length: rows }, () => new Array<number>(cols).fill(0));
  for (let i = 0; i < rows; i++) for (let e = indptr[i]; e < indptr[i + 1]; e++) dense[i][indices[e]] = values[e];
  return { rows: dense, y };
}

export function setupOf(golden: Golden): Setup {
  const { lambda = 0, l1Ratio, intercept, standardize, weights, penaltyFactors, lower, upper, positive } = golden.options;
  return {
    ...dataOf(golden),
    lambda,
    l1Ratio,
    standardize,
    penaltyFactors,
    positive,
    fitIntercept: intercept,
    sampleWeight: weights,
    lower: lower?.map((b) => b ?? -Infinity),
    upper: upper?.map((b) => b ?? Infinity),
  };
}
