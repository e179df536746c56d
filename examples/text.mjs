// Document 3, section 8: which words tell a good review from a bad one? Sparse counts, least squares on +1 and -1.
import { CsrMatrix, LassoCV } from 'spinifex';
import { uniforms } from './random.mjs';

// 600 invented reviews: words of an opinion among 2000 words of everything else.
const uniform = uniforms(10);
const opinions = { wonderful: 1, excellent: 1, moving: 1, boring: -1, awful: -1, waste: -1 };
const words = [...Object.keys(opinions), ...Array.from({ length: 2000 }, (_, k) => `word${k}`)];
const pick = (list) => list[Math.floor(list.length * uniform())];
const entries = { row: [], col: [], value: [] };
const labels = Array.from({ length: 600 }, (_, i) => {
  const liked = uniform() < 0.5 ? 1 : -1;
  const fitting = Object.keys(opinions).filter((word) => opinions[word] === liked);
  const review = Array.from({ length: 30 }, () => words[6 + Math.floor(2000 * uniform() ** 2)]);
  if (uniform() < 0.7) review.push(pick(fitting));
  if (uniform() < 0.2) review.push(pick(Object.keys(opinions)));
  for (const word of review) {
    entries.row.push(i);
    entries.col.push(words.indexOf(word));
    entries.value.push(1);
  }
  return liked;
});
const X = CsrMatrix.fromCoo(600, words.length, entries);

const { model } = new LassoCV({ rule: '1se', seed: 1, nLambdas: 50 }).fit(X, labels);
console.log(X.nnz, 'counts in', X.rows, 'reviews of', X.cols, 'words;', model.support.length, 'words kept:');
const order = [...model.support].sort((i, j) => model.coef[j] - model.coef[i]);
for (const j of order) console.log(`  ${model.coef[j] > 0 ? '+' : '-'}${Math.abs(model.coef[j]).toFixed(2)}  ${words[j]}`);
const right = model.predict(X).filter((score, i) => Math.sign(score) === labels[i]).length;
console.log('right on', right, 'of 600 reviews');
