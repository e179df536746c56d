// Section 11 of the guide: algorithms of sparse matrices touch only what is stored. The same answers, less to store.
import { CsrMatrix, Lasso, Pca } from 'spinifex';
import { uniforms } from './random.mjs';

// Equation 45.
const city = CsrMatrix.fromDense([
  [1, 1, 0, 0, 0],
  [0, 1, 1, 0, 0],
  [1, 0, 1, 0, 0],
]);
console.log(
  'equation 45 stores',
  city.nnz,
  'of',
  city.rows * city.cols,
  'entries; X (1 2 3 4 5)’ =',
  [...city.matvec([1, 2, 3, 4, 5])].join(' '),
);

// 500 texts over 400 words, 1 % of the entries: the response depends on words 3 and 7.
const uniform = uniforms(5);
const entries = { row: [], col: [], value: [] };
for (let i = 0; i < 500; i++) {
  for (let k = 0; k < 4; k++) {
    entries.row.push(i);
    entries.col.push(Math.floor(400 * uniform() ** 3));
    entries.value.push(1);
  }
}
const sparse = CsrMatrix.fromCoo(500, 400, entries);
const dense = sparse.toDense();
const y = Array.from({ length: 500 }, (_, i) => 2 * sparse.get(i, 3) - sparse.get(i, 7) + 0.1 * uniform());

const [a, b] = [sparse, dense].map((X) => new Lasso({ lambda: 0.01, tol: 1e-12 }).fit(X, y));
const apart = Math.max(...a.coef.map((w, j) => Math.abs(w - b.coef[j])));
console.log('stored numbers: ', sparse.nnz, 'sparse,', dense.data.length, 'dense');
console.log('lasso:          ', 'words', [...a.support].join(', '), ' largest difference of the two below 1e-9:', apart < 1e-9);

// Centring would fill the matrix; the library subtracts means implicitly. The components themselves are dense (section 11.2).
const pca = new Pca({ components: 1 }).fit(sparse);
const nonzero = pca.components.data.filter((v) => v !== 0).length;
console.log('first component:', nonzero, 'of', sparse.cols, 'entries are not 0');
console.log('lasso weights:  ', a.support.length, 'of', sparse.cols, 'are not 0');
