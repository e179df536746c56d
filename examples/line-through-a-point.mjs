// "L1 for dummies": one point does not fix a line y = a x + b. Which of all the lines has the smallest L1 norm |a| + |b|?
import { basisPursuit } from 'spinifex';

const show = ({ x, unique, certificate }) =>
  `a = ${x[0].toFixed(3)}, b = ${x[1].toFixed(3)}  |a| + |b| = ${certificate.primal.toFixed(3)}  ${unique ? 'the only one' : 'not the only one'}`;

// Point [10, 5]: 10 a + b = 5. The diamond |a| + |b| = c touches this line at a tip.
console.log('10 a + b = 5:  ', show(basisPursuit([[10, 1]], [5])));
// Point [1, 1000]: a + b = 1000 is parallel to an edge of the diamond, and every point of that edge is as good.
const edge = basisPursuit([[1, 1]], [1000]);
console.log('a + b = 1000:  ', `|a| + |b| = ${edge.certificate.primal}  ${edge.unique ? 'the only one' : 'not the only one'}`);
// A little off parallel, and it is a tip again.
console.log('1.01 a + b = 5:', show(basisPursuit([[1.01, 1]], [5])));

// Growing the diamond by hand: the smallest c at which it reaches the line 10 a + b = 5.
for (const c of [0.1, 0.3, 0.5, 0.7]) {
  const reach = Math.max(
    ...[
      [c, 0],
      [0, c],
      [-c, 0],
      [0, -c],
    ].map(([a, b]) => 10 * a + b),
  );
  console.log(`  c = ${c}: 10 a + b reaches ${reach.toFixed(1)}${reach >= 5 ? ', touches' : ''}`);
}
// [0.1, 0.1] has a smaller norm than [1000, 0], but it is no solution: loss and norm count together.
console.log('10 * 0.1 + 0.1 =', (10 * 0.1 + 0.1).toFixed(1), 'is not 5');
