// Document 3, section 6, medicine: which of 120 measurements matter, and how sure is that? Stability selection, intervals, criteria, groups.
import { debiasedLasso, GroupLasso, informationCriteria, lassoPath, RelaxedLassoCV, stabilitySelection } from 'spinifex';
import { normals } from './random.mjs';

const normal = normals(4);
const [patients, measurements] = [150, 120];
const X = Array.from({ length: patients }, () => Array.from({ length: measurements }, normal));
const y = X.map((row) => 2 * row[7] - 1.5 * row[30] + row[99] + normal());

const { stable, probabilities, errorBound } = stabilitySelection(X, y, { perFamilyErrorRate: 1, threshold: 0.7, seed: 1 });
console.log(
  'stable columns:',
  [...stable].map((j) => `${j} (${(100 * probabilities[j]).toFixed(0)} %)`).join(', '),
  `expected wrong ones at most ${errorBound.toFixed(1)}`,
);

const { columns, lower, upper, pValues } = debiasedLasso(X, y, { columns: [7, 30, 99, 100, 101] });
for (const [k, j] of [...columns].entries()) {
  console.log(
    `column ${String(j).padStart(3)}: 95 % within ${lower[k].toFixed(2)} to ${upper[k].toFixed(2)}, p ${pValues[k] < 1e-4 ? '< 0.0001' : pValues[k].toFixed(2)}`,
  );
}

const path = lassoPath(X, y);
const { lambdaEbic } = informationCriteria(path, { rows: patients, columns: measurements });
console.log('extended BIC keeps', [...path.at(lambdaEbic).support].join(' '));
const { model, gammaMin } = new RelaxedLassoCV({ seed: 1 }).fit(X, y);
console.log(
  `relaxed lasso: gamma ${gammaMin}, coefficients ${[7, 30, 99].map((j) => model.coef[j].toFixed(2)).join(' ')} (planted 2.00 -1.50 1.00)`,
);

// Measurements come in panels of six; a panel is bought whole or not at all.
const groups = Array.from({ length: measurements }, (_, j) => `panel ${Math.floor(j / 6)}`);
const bought = new GroupLasso({ lambda: 0.25, groups }).fit(X, y);
console.log('panels bought:', [...new Set([...bought.support].map((j) => groups[j]))].join(', '));
