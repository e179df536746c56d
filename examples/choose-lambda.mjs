// Document 3, section 8: choose lambda by cross-validation; at the minimum, or the simplest model within one standard error of it.
import { LassoCV } from 'spinifex';
import { normals } from './random.mjs';

const normal = normals(6);
const draw = (rows) => Array.from({ length: rows }, () => Array.from({ length: 200 }, normal));
const truth = (row) => 3 * row[7] - 2 * row[42] + row[99];
const [X, unseen] = [draw(150), draw(400)];
const y = X.map((row) => truth(row) + normal());
const answers = unseen.map(truth);

for (const rule of ['min', '1se']) {
  const chosen = new LassoCV({ folds: 10, rule, seed: 1 }).fit(X, y);
  const { lambda, support } = chosen.model;
  const k = chosen.path.points.findIndex((point) => point.lambda === lambda);
  const error = `${chosen.mean[k].toFixed(2)} +- ${chosen.standardError[k].toFixed(2)}`;
  console.log(`${rule}: lambda ${lambda.toFixed(3)}, error in the folds ${error}, ${support.length} features,`);
  console.log(`     explains ${(100 * chosen.model.score(unseen, answers)).toFixed(1)} % of the truth on new data`);
  if (rule === '1se') console.log('     features:', [...support].join(' '));
}
