// Section 12 of the guide: L1 where few of many features matter, L2 where all of them do a little.
import { LassoCV, Ridge } from 'spinifex';
import { normals } from './random.mjs';

function contest(title, { features, useful }) {
  const normal = normals(11);
  const rows = (n) => Array.from({ length: n }, () => Array.from({ length: features }, normal));
  const [X, unseen] = [rows(200), rows(200)];
  const weight = 3 / Math.sqrt(useful);
  const truth = (row) => row.slice(0, useful).reduce((sum, x) => sum + weight * x, 0);
  const y = X.map((row) => truth(row) + normal());
  const answers = unseen.map((row) => truth(row) + normal());

  const l1 = new LassoCV({ folds: 5, nLambdas: 40, seed: 1 }).fit(X, y).model;
  // Ridge at the best of its lambdas, which is more than it could know.
  const ridges = [0.03, 0.1, 0.3, 1, 3, 10].map((lambda) => new Ridge({ lambda }).fit(X, y));
  const l2 = ridges.reduce((best, model) => (model.score(unseen, answers) > best.score(unseen, answers) ? model : best));
  const explained = (model) => `${(100 * model.score(unseen, answers)).toFixed(0)} %`;
  console.log(title);
  console.log(`  L1 explains ${explained(l1)} of new data with ${l1.support.length} features,`);
  console.log(`  L2 explains ${explained(l2)} with ${l2.support.length}.`);
}

contest('1000 features, 20 of them useful:', { features: 1000, useful: 20 });
contest('100 features, all useful:', { features: 100, useful: 100 });
