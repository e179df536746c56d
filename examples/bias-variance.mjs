// Document 3, section 5: a large lambda is biased, a small one follows the noise; the error on new data is smallest between.
import { lassoPath } from 'spinifex';
import { normals } from './random.mjs';

const normal = normals(4);
const [n, p] = [60, 50];
const draw = (rows) => Array.from({ length: rows }, () => Array.from({ length: p }, normal));
const truth = (row) => 2 * row[0] - 2 * row[1] + row[2] + row[3];
const test = draw(500);
const lambdas = [2, 1, 0.5, 0.25, 0.12, 0.06, 0.03, 0.01, 0.001];

// 40 training sets of the same kind: how far is the average prediction off, and how much do predictions differ?
const fits = Array.from({ length: 40 }, () => {
  const X = draw(n);
  const y = X.map((row) => truth(row) + 2 * normal());
  const path = lassoPath(X, y, { lambdas });
  return lambdas.map((lambda) => ({ train: meanSquare(path.predict(X, lambda), y), seen: path.predict(test, lambda) }));
});
function meanSquare(a, b) {
  return a.reduce((sum, v, i) => sum + (v - b[i]) ** 2, 0) / a.length;
}

console.log(' lambda   train error   bias^2   variance   bias^2 + variance');
lambdas.forEach((lambda, k) => {
  const mean = test.map((_, i) => fits.reduce((sum, fit) => sum + fit[k].seen[i], 0) / fits.length);
  const bias = meanSquare(mean, test.map(truth));
  const variance = fits.reduce((sum, fit) => sum + meanSquare(fit[k].seen, mean), 0) / fits.length;
  const train = fits.reduce((sum, fit) => sum + fit[k].train, 0) / fits.length;
  const columns = [
    lambda.toFixed(3).padStart(7),
    train.toFixed(2).padStart(9),
    bias.toFixed(2).padStart(9),
    variance.toFixed(2).padStart(8),
  ];
  console.log(columns.join('  '), (bias + variance).toFixed(2).padStart(12));
});
