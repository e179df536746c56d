// p < 1 in practice: iteratively reweighted L1 (Candes, Wakin and Boyd 2008) finds the sparser solution where L1 alone fails.
import { basisPursuit } from 'spinifex';
import { normals } from './random.mjs';

// 24 equations for 60 unknowns, 8 of which are not 0.
function puzzle(seed) {
  const normal = normals(seed);
  const A = Array.from({ length: 24 }, () => Array.from({ length: 60 }, normal));
  const truth = Array.from({ length: 60 }, (_, j) => (j % 7 === 0 && j < 56 ? normal() : 0));
  return { A, truth, b: A.map((row) => row.reduce((sum, v, j) => sum + v * truth[j], 0)) };
}

/** min sum |x_j| / s_j subject to A x = b: columns times s_j, then x_j = s_j z_j. */
const weighted = ({ A, b }, s) =>
  basisPursuit(
    A.map((row) => row.map((v, j) => v * s[j])),
    b,
  ).x.map((z, j) => z * s[j]);
const count = (x) => x.filter((v) => Math.abs(v) > 1e-6).length;
const isTruth = ({ truth }, x) => x.every((v, j) => Math.abs(v - truth[j]) < 1e-6);

const puzzles = Array.from({ length: 20 }, (_, k) => puzzle(1000 + k));
let solutions = puzzles.map((one) => weighted(one, new Float64Array(60).fill(1)));
const failed = puzzles.findIndex((one, k) => !isTruth(one, solutions[k]));
for (let round = 0; round <= 4; round++) {
  // Large unknowns become cheap and small ones dear: a tangent to log |x|, whose balls are as sharp as those of p near 0.
  if (round > 0)
    solutions = puzzles.map((one, k) =>
      weighted(
        one,
        solutions[k].map((v) => Math.abs(v) + 0.1),
      ),
    );
  const solved = puzzles.filter((one, k) => isTruth(one, solutions[k])).length;
  const name = round === 0 ? 'L1 alone:' : `reweighted ${round} x:`;
  console.log(name.padEnd(15), `${solved} of 20 solved; in puzzle ${failed} ${count(solutions[failed])} unknowns are not 0`);
}
