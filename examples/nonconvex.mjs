// Documents 2 and 3, towards p = 0: a column that is nearly a mixture of the two that matter. The lasso takes it at every lambda, penalties that are not convex do not.
import { GeneralizedRegressionCV, generalizedPath, lassoPath } from 'spinifex';
import { normals } from './random.mjs';

// 200 rows, 60 columns. y = 2 x10 + 3 x20 + noise; x30 = (2 x10 + 2 x20 + noise) / 3 (Zhao and Yu 2006: no lambda of the lasso is right here).
const normal = normals(3);
const X = Array.from({ length: 200 }, () => {
  const row = Array.from({ length: 60 }, normal);
  row[30] = (2 * row[10] + 2 * row[20] + row[30]) / 3;
  return row;
});
const y = X.map((row) => 2 * row[10] + 3 * row[20] + 0.5 * normal());
const planted = '10,20';

console.log('lambdas, of 100, at which the support is exactly columns 10 and 20');
const exact = (path) => path.points.filter(({ lambda }) => path.at(lambda).support.join() === planted).length;
console.log('  lasso', exact(lassoPath(X, y)));
for (const penalty of ['mcp', 'scad', 'l1/2', 'l2/3', 'logSum']) {
  console.log(`  ${penalty}`, exact(generalizedPath(X, y, { loss: 'squared', penalty })));
}

console.log('lambda by cross-validation, one standard error:');
for (const penalty of ['l1', 'mcp']) {
  const { model } = new GeneralizedRegressionCV({ loss: 'squared', penalty, rule: '1se', seed: 1 }).fit(X, y);
  const found = [...model.support].map((j) => `${model.coef[j].toFixed(2)} x${j}`).join(' + ');
  console.log(
    `  ${penalty}: ${found} (${model.certificate.status}, conditions hold within ${model.certificate.kkt < 1e-5 ? '1e-5' : 'more'} lambda)`,
  );
}
