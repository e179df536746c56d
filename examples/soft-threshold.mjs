// Document 3, section 9: the minimum of 1/2 (theta - z)^2 + lambda |theta|, by looking at every theta and by the formula.
import { Lasso, sign, softThreshold } from 'spinifex';

const lambda = 0.5;
const objective = (theta, z) => 0.5 * (theta - z) ** 2 + lambda * Math.abs(theta);

function onAGrid(z) {
  let best = 0;
  for (let k = -3000; k <= 3000; k++) if (objective(k / 1000, z) < objective(best, z)) best = k / 1000;
  return best;
}

console.log('    z   grid minimum   soft threshold   condition there');
for (const z of [-2, -0.7, -0.5, -0.2, 0, 0.3, 0.5, 0.8, 2]) {
  const theta = softThreshold(z, lambda);
  // Where theta is not 0 the derivative vanishes; at 0 the slope of the square must lie within [-lambda, lambda].
  const condition =
    theta === 0 ? `|${z}| <= ${lambda}` : `theta - z + lambda sign(theta) = ${(theta - z + lambda * sign(theta)).toFixed(1)}`;
  console.log(
    [z.toFixed(1).padStart(5), onAGrid(z).toFixed(3).padStart(12), theta.toFixed(3).padStart(14)].join('   '),
    `  ${condition}`,
  );
}

// A lasso with one column of ones and one row is this problem.
const { coef } = new Lasso({ lambda, fitIntercept: false, tol: 1e-14 }).fit([[1]], [2]);
console.log('lasso on x = 1, y = 2:', coef[0].toFixed(3));
