import { finiteNumber, refuse } from '../../core/checks.ts';
import type { CombinedAttributes, NormalizedAttributes } from '../cityReport.ts';

/** How much each attribute counts; a negative weight: less is better, the attribute enters as 1 - x'. */
export type AttributeWeights = Readonly<Record<string, number>>;

/** Equation 5 of the guide. */
const GUIDE_WEIGHTS: AttributeWeights = { traffic: 0.5, distance: -0.3, cost: -0.2 };

/**
 * Equation 4 of the guide: score = sum of weight times x', or times 1 - x' where less is better. Attributes that a city does not have are left out, and the
 * other weights scaled up to the same sum.
 *
 * @param weights @default { traffic: 0.5, distance: -0.3, cost: -0.2 } (equation 5)
 */
export function combineAttributes({ table, values }: NormalizedAttributes, weights = GUIDE_WEIGHTS): CombinedAttributes {
  for (const [name, weight] of Object.entries(weights)) finiteNumber(weight, `weights.${name}`);
  const present = Object.entries(weights).filter(([name, weight]) => weight !== 0 && table.names.includes(name));
  if (present.length === 0) refuse(Object.keys(weights), 'weights', `some of the attributes ${table.names.join(', ')}`, true);
  const total = (entries: readonly (readonly [string, number])[]) => entries.reduce((s, [, weight]) => s + Math.abs(weight), 0);
  const scale = total(Object.entries(weights)) / total(present);
  const terms = present.map(([name, weight]) => ({ name, weight: Math.abs(weight) * scale, lessIsBetter: weight < 0 }));
  const columns = terms.map(({ name }) => table.names.indexOf(name));
  const score = new Float64Array(values.rows);
  for (let i = 0; i < values.rows; i++) {
    for (const [t, { weight, lessIsBetter }] of terms.entries()) {
      const x = values.data[i * values.cols + columns[t]];
      score[i] += weight * (lessIsBetter ? 1 - x : x);
    }
  }
  return { terms, score };
}
