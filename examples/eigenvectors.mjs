// Section 8 of the guide: in which directions do traffic, distance and cost of the cities vary?
import { covariance, Pca, SparsePca, symmetricEigen } from 'spinifex';

const names = ['traffic', 'distance', 'cost'];
const cities = [
  [100, 10, 200],
  [30, 60, 180],
  [20, 100, 150],
];
const show = (v) => Array.from(v, (x, j) => `${x < 0 ? '-' : '+'} ${Math.abs(x).toFixed(2)} ${names[j]}`).join(' ');

// On the scale of the table the widest column wins: distance in km and cars per hour have nothing to do with each other.
const raw = symmetricEigen(covariance(cities));
console.log('raw:          ', show(raw.vectors.toRows()[0]));

// Standardised attributes have a correlation matrix; its eigenvalues sum to 3.
const pca = new Pca({ components: 2, standardize: true }).fit(cities);
const shares = Array.from(pca.explainedVarianceRatio, (share) => `${(100 * share).toFixed(1)} %`);
pca.components.toRows().forEach((v, k) => {
  console.log(`direction ${k + 1}:  `, show(v), `explains ${shares[k]}`);
});

// The score of each city along the first direction: A is busy, near and dear; C is the opposite.
console.log('scores of A, B, C:', Array.from(pca.transform(cities).toRows(), ([z]) => z.toFixed(2)).join(', '));

// L1 for directions: one that uses two attributes only.
const sparse = new SparsePca({ components: 1, nonzeros: 2, standardize: true }).fit(cities);
const used = Array.from(sparse.supports[0], (j) => names[j]);
console.log('two attributes:', used.join(' and '), `explain ${(100 * sparse.explainedVarianceRatio[0]).toFixed(1)} %`);
console.log('Sigma v = lambda v holds to 1e-12:', raw.certificate.residual < 1e-12 && pca.certificate.residual < 1e-12);
