// Document 3, section 7: of two features that say the same, L1 picks one, L2 shares, the elastic net shares and still drops the useless.
import { ElasticNet, Lasso, Ridge } from 'spinifex';
import { normals } from './random.mjs';

function fits(seed) {
  const normal = normals(seed);
  const X = Array.from({ length: 80 }, () => {
    const common = normal();
    return [common + 0.05 * normal(), common + 0.05 * normal(), normal(), normal(), normal()];
  });
  const y = X.map((row) => row[0] + row[1] + row[2] + 0.5 * normal());
  return {
    'L1 (lasso)': new Lasso({ lambda: 0.2 }).fit(X, y),
    'L2 (ridge)': new Ridge({ lambda: 0.2 }).fit(X, y),
    'elastic net': new ElasticNet({ lambda: 0.3, l1Ratio: 0.5 }).fit(X, y),
  };
}

// Features 1 and 2 are nearly the same, 3 matters, 4 and 5 do not. Five samples of the same world.
const samples = [1, 2, 3, 4, 5].map(fits);
for (const name of Object.keys(samples[0])) {
  console.log(`${name}:`);
  for (const fit of samples) console.log('  ', [...fit[name].coef].map((w) => w.toFixed(2).padStart(5)).join(' '));
  const first = samples.map((fit) => fit[name].coef[0]);
  console.log('   feature 1 moves by', (Math.max(...first) - Math.min(...first)).toFixed(2));
}
