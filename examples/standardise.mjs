// Document 3, section 8: the penalty looks at the size of weights, so the unit of a feature decides unless columns are standardised.
import { Lasso } from 'spinifex';
import { normals } from './random.mjs';

// Two features matter equally. The second is a length, given in metres or in kilometres.
const normal = normals(8);
const data = Array.from({ length: 100 }, () => [normal(), normal()]);
const y = data.map(([a, b]) => a + b + 0.1 * normal());
const units = { 'in km': 1, 'in m': 1000, 'in 1000 km': 0.001 };

for (const standardize of [false, true]) {
  console.log(standardize ? 'standardised:' : 'as given:');
  for (const [unit, factor] of Object.entries(units)) {
    const X = data.map(([a, b]) => [a, factor * b]);
    const { coef, support } = new Lasso({ lambda: 0.1, standardize, tol: 1e-12 }).fit(X, y);
    const effects = [coef[0], factor * coef[1]].map((w) => w.toFixed(2));
    console.log(`  second feature ${unit}:`.padEnd(30), `effects ${effects.join(', ')}  (${support.length} in use)`);
  }
}
