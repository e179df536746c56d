// Document 3, section 10: two features, and the lasso finds theta_1 = 0, theta_2 = 0.5.
import { Lasso, LinearRegression, lambdaMax } from 'spinifex';

// The response is 0.6 x2 and a little noise; x1 is along for the ride.
const X = [
  [1, 2],
  [-1, 2],
  [1, -2],
  [-1, -2],
];
const y = [1.3, 1.1, -1.1, -1.3];

const { coef } = new LinearRegression().fit(X, y);
console.log('least squares:', [...coef].map((w) => w.toFixed(2)).join(', '));
for (const lambda of [0.05, 0.1, 0.4, 1, 2.4]) {
  const model = new Lasso({ lambda, tol: 1e-14 }).fit(X, y);
  console.log(
    `lambda ${lambda.toFixed(2)}:  `,
    [...model.coef].map((w) => w.toFixed(2)).join(', '),
    ` features in use: ${model.support.length}`,
  );
}
console.log('nothing is left from lambda', lambdaMax(X, y).toFixed(2), 'on');
