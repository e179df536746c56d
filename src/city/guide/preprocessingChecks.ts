import { DenseMatrix } from '../../core/denseMatrix.ts';
import { MinMaxScaler, minMax } from '../../preprocessing/index.ts';
import type { GuideCheck } from '../guideCheck.ts';
import { annotated, compare, text } from './compare.ts';
import { COMBINATION, NORMALIZED, RAW, STRENGTHS } from './guideNumbers.ts';

/** Section 3: Tables 1 and 2, equations 3 to 6. */
export function preprocessingChecks(): GuideCheck[] {
  const traffic = RAW.map((row) => row[0]);
  const scaling = new MinMaxScaler().fit(RAW);
  const normalized = scaling.transform(RAW).toRows();
  const overMaximum = [0, 1].map((j) => minMax([0, ...RAW.map((row) => row[j])]).slice(1));
  return [
    compare(
      'Table 1',
      'Smallest and largest traffic, distance and cost',
      [20, 10, 150, 100, 100, 200],
      [...scaling.minimum, ...scaling.maximum],
    ),
    compare(
      'equation 3',
      'Min-max scaling of the traffic of Table 1',
      traffic.map((x) => (x - 20) / (100 - 20)),
      minMax(traffic),
    ),
    compare(
      'Table 2',
      'Table 1 after equation 3',
      NORMALIZED,
      normalized,
      'Table 2 is not equation 3 applied to Table 1: equation 3 sends the smallest number of every column to 0 and the largest to 1, ' +
        'while Table 2 divides traffic and distance by their largest number, and its costs follow from neither.',
    ),
    compare(
      'Table 2',
      'Traffic and distance as x / max, which is min-max scaling with a 0 among the numbers',
      [0, 1].map((j) => NORMALIZED.map((row) => row[j])),
      overMaximum,
    ),
    compare(
      'equation 4',
      'Combined score with weights 1, 2, 3, from Table 2',
      handCombined([1, 2, 3]),
      combined(NORMALIZED, [1, 2, 3]),
    ),
    compare('equation 5', 'Combined score of A, B, C from Table 2', handCombined(COMBINATION), combined(NORMALIZED, COMBINATION)),
    annotated(
      compare(
        'equation 6',
        'Input vector: the combined score of A, B, C',
        STRENGTHS,
        combined(NORMALIZED, COMBINATION),
        'The input vector is the traffic column of Table 2, not equation 5: distance and cost, half of the weights, do not enter it.',
      ),
      `from Table 2, ${text(combined(normalized, COMBINATION))} from equation 3`,
    ),
  ];
}

/** Equation 4 as a product with the columns traffic, 1 - distance, 1 - cost. */
function combined(normalized: number[][], weights: readonly number[]): Float64Array {
  return DenseMatrix.from(normalized.map(([t, d, c]) => [t, 1 - d, 1 - c])).matvec(weights);
}

function handCombined([w1, w2, w3]: number[]): number[] {
  return NORMALIZED.map(([t, d, c]) => w1 * t + w2 * (1 - d) + w3 * (1 - c));
}
