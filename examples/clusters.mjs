// Guide, section 11: clusters are among what stays dense. k-means on scattered points, on text without making it dense, and a mixture that knows how wide clusters are.
import { GaussianMixture, KMeans, TfidfVectorizer } from 'spinifex';
import { normals, uniforms } from './random.mjs';

const normal = normals(2);
const towns = [
  [0, 0],
  [6, 1],
  [2, 5],
];
const X = Array.from({ length: 300 }, (_, i) => towns[i % 3].map((at, k) => at + normal() * (k ? 1 : 0.5)));
const kMeans = new KMeans({ clusters: 3, seed: 1 }).fit(X);
console.log('centres near the three towns:');
const { data } = kMeans.centres;
for (const [x, y] of [0, 1, 2].map((k) => [data[2 * k], data[2 * k + 1]]).sort((a, b) => a[0] - b[0]))
  console.log(`  ${x.toFixed(1)} ${y.toFixed(1)}`);
console.log(`inertia ${kMeans.inertia.toFixed(0)}, ${kMeans.certificate.status} after ${kMeans.iterations} iterations`);

const counts = [1, 2, 3, 4, 5];
const bic = counts.map((components) => new GaussianMixture({ components, seed: 1 }).fit(X).bic(X));
console.log('components with the smallest BIC:', counts[bic.indexOf(Math.min(...bic))]);

// Documents about three subjects: spherical k-means on sparse TF-IDF rows finds them.
const uniform = uniforms(7);
const subjects = [
  ['river', 'bridge', 'flood', 'water'],
  ['goal', 'team', 'match', 'ball'],
  ['bread', 'oven', 'flour', 'salt'],
];
const documents = Array.from({ length: 90 }, (_, i) => {
  const own = Array.from({ length: 6 }, () => subjects[i % 3][Math.floor(4 * uniform())]);
  const other = Array.from({ length: 6 }, () => `word${Math.floor(200 * uniform())}`);
  return [...own, ...other].join(' ');
});
const { model, matrix } = new TfidfVectorizer({ minDf: 2 }).fitTransform(documents);
const text = new KMeans({ clusters: 3, spherical: true, restarts: 5, seed: 1 }).fit(matrix);
for (let k = 0; k < 3; k++) {
  const row = text.centres.data.subarray(k * matrix.cols, (k + 1) * matrix.cols);
  const top = [...row.keys()].sort((a, b) => row[b] - row[a]).slice(0, 4);
  console.log(
    'cluster:',
    top
      .map((j) => model.terms[j])
      .sort()
      .join(' '),
  );
}
