// Document 3, sections 6 and 8: 80 patients, 5000 genes, 5 of which matter. More unknowns than data, and still found.
import { lassoPath } from 'spinifex';
import { normals } from './random.mjs';

const normal = normals(12);
const [patients, genes] = [80, 5000];
const X = Array.from({ length: patients }, () => Array.from({ length: genes }, normal));
const relevant = [100, 900, 1700, 3200, 4800];
const y = X.map((row) => relevant.reduce((sum, j, k) => sum + (k % 2 ? -2 : 2) * row[j], 0) + 0.5 * normal());

const path = lassoPath(X, y, { nLambdas: 50, lambdaMinRatio: 0.05 });
console.log('lambda  genes  of the five');
for (const k of [2, 6, 10, 20, 30, 40]) {
  const { lambda, df } = path.points[k];
  const found = [...path.at(lambda).support].filter((j) => relevant.includes(j)).length;
  console.log(lambda.toFixed(2).padStart(6), String(df).padStart(6), String(found).padStart(12));
}
// With more genes than patients more than one set can fit; the certificate says whether this solution is the only one.
const last = path.points[49];
console.log(
  'smallest lambda: at most one gene per patient:',
  last.df <= patients,
  '- unique:',
  path.at(last.lambda).certificate.unique,
);
