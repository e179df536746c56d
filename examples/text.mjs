// Document 3, section 8: which words tell a good review from a bad one? TF-IDF, an L1 support vector machine, lambda by cross-validation.
import { ComplementNaiveBayes, LinearSvmCV, TfidfVectorizer } from 'spinifex';
import { uniforms } from './random.mjs';

// 600 invented reviews: words of an opinion among 2000 words of everything else.
const uniform = uniforms(10);
const opinions = { wonderful: 'good', excellent: 'good', moving: 'good', boring: 'bad', awful: 'bad', waste: 'bad' };
const pick = (list) => list[Math.floor(list.length * uniform())];
const reviews = Array.from({ length: 600 }, () => {
  const label = uniform() < 0.5 ? 'good' : 'bad';
  const words = Array.from({ length: 30 }, () => `word${Math.floor(2000 * uniform() ** 2)}`);
  if (uniform() < 0.7) words.push(pick(Object.keys(opinions).filter((word) => opinions[word] === label)));
  if (uniform() < 0.2) words.push(pick(Object.keys(opinions)));
  return { text: words.join(' '), label };
});
const [train, test] = [reviews.slice(0, 400), reviews.slice(400)];
const texts = (part) => part.map(({ text }) => text);
const labels = (part) => part.map(({ label }) => label);

const { model: vectorizer, matrix: X } = new TfidfVectorizer().fitTransform(texts(train));
console.log(X.nnz, 'weights in', X.rows, 'reviews of', X.cols, 'words');
const { model, mean, path, lambda1se } = new LinearSvmCV({ metric: 'accuracy', rule: '1se', folds: 5, seed: 1 }).fit(
  X,
  labels(train),
);
console.log(
  `accuracy in cross-validation ${mean[path.lambdas.indexOf(lambda1se)].toFixed(2)}; ${model.support.length} words kept, the strongest:`,
);
const order = [...model.support].sort((i, j) => model.coef[j] - model.coef[i]);
for (const j of [...order.slice(0, 3), ...order.slice(-3)])
  console.log(`  ${model.coef[j].toFixed(2).padStart(5)}  ${vectorizer.terms[j]}`);

const Z = vectorizer.transform(texts(test));
console.log(
  'new reviews: right by the words above',
  right(model),
  'of 200, naive Bayes on all words',
  right(new ComplementNaiveBayes().fit(X, labels(train))),
);

function right(classifier) {
  return classifier.predict(Z).filter((label, i) => label === test[i].label).length;
}
