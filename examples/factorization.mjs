// Section 7 of the guide: nobody has gone to D or E yet; what are the routes there worth?
import { CsrMatrix, FactorizationModel, MatrixFactorization } from 'spinifex';

const sources = { F: [0.9, 0.2], G: [0.6, 0.5], H: [0.3, 0.8] };
const destinations = { A: [0.8, 0.3], B: [0.7, 0.4], C: [0.6, 0.5], D: [0.9, 0.1], E: [0.2, 0.9] };

// The guide writes the hidden factors (fast, cheap) down by hand.
const guide = FactorizationModel.fromFactors({
  rowFactors: Object.values(sources),
  columnFactors: Object.values(destinations),
});
console.log('By the guide’s factors:  F -> D', guide.predict(0, 3).toFixed(2), '  F -> E', guide.predict(0, 4).toFixed(2));

// A fit learns them from the known routes (equation 1). D and E have none, so their fast and cheap natures are given as features.
const known = CsrMatrix.fromCoo(3, 5, {
  row: [0, 0, 0, 1, 1, 1, 2, 2, 2],
  col: [0, 1, 2, 0, 1, 2, 0, 1, 2],
  value: [0.9, 0.8, 0.7, 0.6, 0.7, 0.5, 0.4, 0.5, 0.6],
});
const features = { columnFeatures: Object.values(destinations), featureKernel: 'linear', featureLambda: 0.01 };
const fitted = new MatrixFactorization({ rank: 2, lambda: 0.01, ...features }).fit(known);
const blind = new MatrixFactorization({ rank: 2, lambda: 0.01 }).fit(known);

console.log('Learnt from the known routes:');
for (const [i, from] of Object.keys(sources).entries()) {
  const { value, basis, standardError } = fitted.predictEntries([i, i], [3, 4]);
  const text = ['D', 'E'].map(
    (to, k) => `${from} -> ${to} ${value[k].toFixed(2)} +- ${standardError[k].toFixed(2)} (${basis[k]})`,
  );
  console.log(`  ${text.join('   ')}`);
}
console.log(
  'Without features D and E cannot be told apart:',
  blind.predict(0, 3) === blind.predict(0, 4),
  `(basis: ${blind.basis(0, 3)})`,
);
