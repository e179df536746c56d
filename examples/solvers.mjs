// Document 3, section 4: every method for the lasso reaches the same optimum; how fast is another matter.
import { Lasso } from 'spinifex';
import { normals } from './random.mjs';

const normal = normals(2);
const X = Array.from({ length: 100 }, () => {
  const common = normal();
  return Array.from({ length: 20 }, () => normal() + 0.5 * common);
});
const y = X.map((row) => 2 * row[0] - 1.5 * row[3] + row[7] + normal());

const lambda = 0.1;
const optimum = new Lasso({ lambda, tol: 1e-14 }).fit(X, y).certificate.primal;
console.log('distance to the optimum after passes:     1        3       10       30      100   passes   weights at 0');
for (const [solver, name] of Object.entries({
  subgradient: 'subgradient descent',
  ista: 'proximal gradient (ISTA)',
  fista: 'accelerated (FISTA)',
  cd: 'coordinate descent',
  admm: 'ADMM',
  sgd: 'SGD, proximal updates',
  auto: 'auto (Newton on the support)',
})) {
  const { certificate, history, support } = new Lasso({ lambda, solver, tol: 1e-7, maxEpochs: 20000, history: true }).fit(X, y);
  const after = [1, 3, 10, 30, 100].map((pass) => {
    const objective = history[Math.min(pass, history.length) - 1];
    return Math.max(objective - optimum, 0)
      .toExponential(0)
      .padStart(7);
  });
  const zeros = 20 - support.length;
  console.log(
    `${name.padEnd(34)} ${after.join('  ')}  ${String(certificate.epochs).padStart(7)}   ${String(zeros).padStart(2)}  ${certificate.status}`,
  );
}
