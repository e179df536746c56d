// The guide's city network: which roads from A, B, C explain the routes to D and E, and which can be closed?
import { Lasso, lassoPath, softThreshold } from 'spinifex';

// Known routes (equation 1): rows F, G, H; columns A, B, C.
const routes = [
  [0.9, 0.8, 0.7],
  [0.6, 0.7, 0.5],
  [0.4, 0.5, 0.6],
];
// Routes to D and E as the guide's hidden factors give them (section 7): fast and cheap natures of F, G, H times those of D, E.
const natures = [
  [0.9, 0.2],
  [0.6, 0.5],
  [0.3, 0.8],
];
const destinations = { D: [0.9, 0.1], E: [0.2, 0.9] };
const cities = ['A', 'B', 'C'];
const fixed = (value, digits = 3) => value.toFixed(digits).padStart(digits + 4);

console.log('One step of L1 (equation 13, eta lambda = 0.1) on the roads into D:');
const before = [2.0, 0.2, -0.1];
const after = softThreshold(before, 0.1);
for (const [k, city] of cities.entries()) {
  console.log(`  ${city} -> D  ${fixed(before[k], 1)} -> ${fixed(after[k], 1)}${after[k] === 0 ? '   closed' : ''}`);
}

for (const [name, nature] of Object.entries(destinations)) {
  const known = natures.map(([fast, cheap]) => fast * nature[0] + cheap * nature[1]);
  const path = lassoPath(routes, known, { nLambdas: 6, lambdaMinRatio: 0.001, tol: 1e-12 });
  console.log(`\nRoutes to ${name} from routes to A, B, C (lasso path; a road with weight 0 is closed):`);
  console.log('    lambda        A       B       C   explained   gap');
  for (const { lambda, devianceRatio, certificate } of path.points) {
    const weights = Array.from(path.at(lambda).coef, (w) => (w === 0 ? '      0 ' : `${fixed(w)} `)).join('');
    console.log(
      `  ${lambda.toExponential(2)}  ${weights}  ${(100 * devianceRatio).toFixed(1).padStart(6)} %   ${certificate.gap.toExponential(0)}`,
    );
  }
  const { coef, intercept, support, certificate } = new Lasso({ lambda: path.lambdas[2], tol: 1e-12 }).fit(routes, known);
  const open = Array.from(support, (j) => `${coef[j] < 0 ? '-' : '+'} ${Math.abs(coef[j]).toFixed(3)} ${cities[j]}`).join(' ');
  console.log(`  ${name} = ${intercept.toFixed(3)} ${open}: ${support.length} of 3 roads open,`);
  console.log(
    `  certified: no weights are better by more than ${certificate.gap.toExponential(0)} of the null loss (${certificate.status}).`,
  );
}
