import { MinMaxScaler } from '../../preprocessing/index.ts';
import type { AttributeTable, NormalizedAttributes } from '../cityReport.ts';

/**
 * Equation 3 of the guide, x' = (x - min) / (max - min), for every column.
 *
 * @example
 * const { values, names } = normalizeAttributes(attributeTable(city));
 */
export function normalizeAttributes(table: AttributeTable): NormalizedAttributes {
  const scaling = new MinMaxScaler().fit(table.values);
  return { table, minimum: scaling.minimum, maximum: scaling.maximum, values: scaling.transform(table.values) };
}
