import { Pca, SparsePca } from '../../spectral/index.ts';
import type { NormalizedAttributes, PrincipalDirections } from '../cityReport.ts';

const MOST_COMPONENTS = 3;
const NONZEROS = 3;

/** Equations 28 to 31 of the guide: the directions in which the normalised, standardised attributes vary most, and the same with at most three attributes each. */
export function findDirections({ table, values }: NormalizedAttributes): PrincipalDirections {
  const varying = table.names
    .map((_, j) => j)
    .filter((j) => {
      for (let i = 1; i < values.rows; i++) if (values.data[i * values.cols + j] !== values.data[j]) return true;
      return false;
    });
  const X = Array.from({ length: values.rows }, (_, i) => varying.map((j) => values.data[i * values.cols + j]));
  const components = Math.min(MOST_COMPONENTS, varying.length, values.rows - 1);
  const nonzeros = Math.min(NONZEROS, varying.length);
  return {
    names: varying.map((j) => table.names[j]),
    pca: new Pca({ components, standardize: true }).fit(X),
    sparse: new SparsePca({ components, nonzeros, standardize: true }).fit(X),
  };
}
