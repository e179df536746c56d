/**
 * Commuting between the counties of New York (logarithms of flows): destinations without a single observed entry, predicted from population and
 * coordinates. 12 of 62 columns are held out, by 5 seeds.
 */
import { readFileSync } from 'node:fs';
import { CsrMatrix, MatrixFactorization } from '../dist/index.js';
import { Random } from './data.mjs';

const SEEDS = [1, 2, 3, 4, 5];
const HELD = 12;
/** Half the width of a nominal 90 % interval in standard errors. */
const NINETY = 1.645;
const RECIPE = { rank: 10, lambda: 6 };

const { population, longitude, latitude, origin, destination, flow } = JSON.parse(
  readFileSync(new URL('../test/fixtures/ny-commuting.json', import.meta.url), 'utf8'),
);
const features = population.map((people, k) => [people, longitude[k], latitude[k]]);

const METHODS = [
  ['means alone (no features)', {}],
  ['linear features of columns', { columnFeatures: features, featureKernel: 'linear' }],
  ['smooth features of columns', { columnFeatures: features }],
  ['smooth features of rows and columns', { columnFeatures: features, rowFeatures: features }],
];

export function coldStartRows() {
  const rows = METHODS.map(([name, options]) => {
    const errors = [];
    const covered = [];
    let basis;
    for (const seed of SEEDS) {
      const result = heldOutColumns(seed, options);
      errors.push(result.rmse);
      covered.push(result.coverage);
      basis = result.basis;
    }
    return { name, basis, rmse: mean(errors), coverage: mean(covered), least: Math.min(...covered), most: Math.max(...covered) };
  });
  const [fallback] = rows;
  for (const row of rows) row.gain = 1 - row.rmse / fallback.rmse;
  const best = rows.at(-1);
  best.target = { gain: 0.25, coverage: [0.8, 0.97] };
  best.reached = best.gain >= 0.25 && best.least >= 0.8 && best.most <= 0.97;
  return rows;
}

function heldOutColumns(seed, options) {
  const n = population.length;
  const random = new Random(seed);
  const order = Array.from({ length: n }, (_, k) => ({ k, at: random.unit() })).sort((a, b) => a.at - b.at);
  const held = new Set(order.slice(0, HELD).map(({ k }) => k));
  const part = (inside) => flow.map((_, e) => e).filter((e) => held.has(destination[e]) === inside);
  const [test, train] = [part(true), part(false)];
  const R = CsrMatrix.fromCoo(n, n, {
    row: train.map((e) => origin[e]),
    col: train.map((e) => destination[e]),
    value: train.map((e) => Math.log(flow[e])),
  });
  const model = new MatrixFactorization({ ...RECIPE, seed, ...options }).fit(R);
  const cells = model.predictEntries(
    test.map((e) => origin[e]),
    test.map((e) => destination[e]),
  );
  const error = test.map((e, k) => cells.value[k] - Math.log(flow[e]));
  return {
    rmse: Math.sqrt(mean(error.map((x) => x * x))),
    coverage: mean(error.map((x, k) => Number(Math.abs(x) <= NINETY * cells.standardError[k]))),
    basis: cells.basis[0],
  };
}

const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
