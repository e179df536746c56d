// "L1 for dummies": balls |a|^p + |b|^p <= c growing until they touch the line a + 2 b = 2. Sharp ones touch it on an axis.
import { basisPursuit, Ridge } from 'spinifex';

/** The point of the line with the smallest |a|^p + |b|^p, by looking at 40001 of them. */
function touch(p) {
  let best = { size: Infinity };
  for (let k = 0; k <= 40000; k++) {
    const b = -1 + k / 10000;
    const a = 2 - 2 * b;
    const size = Math.abs(a) ** p + Math.abs(b) ** p;
    if (size < best.size) best = { a, b, size };
  }
  return best;
}

for (const p of [4, 2, 1.5, 1, 0.5, 0.25]) {
  const { a, b } = touch(p);
  console.log(`p = ${p}:`.padEnd(9), `touches at [${a.toFixed(3)}, ${b.toFixed(3)}]${a === 0 || b === 0 ? '  sparse' : ''}`);
}

// What the library solves: p = 1 exactly, p = 2 as the limit of the ridge.
console.log('basis pursuit:   ', `[${[...basisPursuit([[1, 2]], [2]).x].map((v) => v.toFixed(3)).join(', ')}]`);
const ridge = new Ridge({ lambda: 1e-9, fitIntercept: false, tol: 1e-14 }).fit([[1, 2]], [2]);
console.log('ridge, lambda 0+:', `[${[...ridge.coef].map((v) => v.toFixed(3)).join(', ')}]`);

// The price of p < 1: between two good points there are worse ones, so a method that only goes downhill can be trapped.
const along = (t) => Math.abs(2 - 2 * t) ** 0.5 + Math.abs(t) ** 0.5;
console.log('p = 0.5 on the line at b = 0, 0.5, 1:', [0, 0.5, 1].map((t) => along(t).toFixed(3)).join(', '));
