import { LinearRegression } from '../../linear/index.ts';
import type { GuideCheck } from '../guideCheck.ts';
import { compare } from './compare.ts';
import { ROUTES } from './guideNumbers.ts';
import { ROUTES_TO_D } from './regressionChecks.ts';

/** Section 15, Table 5 row by row: the numbers of the equations that it repeats, and the one that it changes. */
export function summaryChecks(checks: readonly GuideCheck[]): GuideCheck[] {
  const repeated = (row: string, place: string): GuideCheck => {
    const check = checks.find((one) => one.place === place)!;
    return { ...check, place: 'Table 5', title: `${row} (${place})` };
  };
  const { coef, intercept } = new LinearRegression().fit(ROUTES.slice(0, 2), ROUTES_TO_D.slice(0, 2));
  const bare = ROUTES.map((row) => row.reduce((sum, x, j) => sum + x * coef[j], 0));
  return [
    compare(
      'Table 5',
      'Linear model: XW for F, G, H',
      bare,
      bare.map((f) => f + intercept),
      'Table 5 drops the bias b of equation 7, which is 0 only where columns and response have mean 0.',
    ),
    repeated('L1 loss', 'equation 8'),
    repeated('Gradient update', 'equation 46'),
    repeated('Soft thresholding', 'equation 13'),
    repeated('Matrix factorization', 'equation 23'),
    repeated('Eigen equation', 'equation 28'),
    repeated('SNN firing', 'equation 32'),
    repeated('Covariance', 'equation 29'),
    repeated('Normalization', 'equation 3'),
  ];
}
