import { CsrMatrix, DenseMatrix, type Matrix } from '../../src/index.ts';
import golden from '../fixtures/golden/spectral.json';

export interface SpectralCase {
  name: string;
  data: string;
  kind: 'pca' | 'svd';
  standardize?: boolean;
  mean?: number[];
  scale?: number[] | null;
  rank?: number;
  variances?: number[];
  totalVariance?: number;
  ratios?: number[];
  singularValues: number[];
  components: number[][];
  separation: number[];
  scores?: number[][];
  allSingularValuesSquaredSum?: number;
}

export const cases = golden.cases as unknown as SpectralCase[];

interface Data {
  X?: number[][];
  csr?: { rows: number; cols: number; indptr: number[]; indices: number[]; data: number[] };
}

/** A data set of the golden file; see the `source` field there. */
export function goldenData(name: string): Matrix {
  const found = (golden.data as unknown as Record<string, Data>)[name];
  if (found.X) return DenseMatrix.from(found.X);
  return new CsrMatrix(found.csr!);
}
