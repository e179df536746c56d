// "L1 for dummies": the king demands the same GDP from fewer people. Along the path of lambda, what does each survivor produce?
import { lassoPath } from 'spinifex';
import { normals } from './random.mjs';

// 100 citizens, 5 of whom know what they are doing.
const normal = normals(9);
const X = Array.from({ length: 120 }, () => Array.from({ length: 100 }, normal));
const y = X.map((row) => row.slice(0, 5).reduce((sum, x) => sum + x, 0) + 0.5 * normal());

const path = lassoPath(X, y, { nLambdas: 60, lambdaMinRatio: 1e-3 });
console.log('harshness   population   GDP     GDP per capita');
for (const k of [59, 45, 35, 28, 20, 12, 6]) {
  const { lambda, df, devianceRatio } = path.points[k];
  const gdp = 100 * devianceRatio;
  const line = [
    lambda.toFixed(3).padStart(9),
    String(df).padStart(10),
    `${gdp.toFixed(1)} %`.padStart(10),
    `${(gdp / df).toFixed(2)} %`.padStart(13),
  ];
  console.log(line.join('  '));
}
const wise = path.points.findLast(({ df }) => df === 5);
console.log('the five who know:', [...path.at(wise.lambda).support].join(' '));
