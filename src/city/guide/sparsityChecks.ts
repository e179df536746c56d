import { CsrMatrix } from '../../core/csrMatrix.ts';
import { Random } from '../../core/random.ts';
import { Lasso, type LinearModel, Ridge } from '../../linear/index.ts';
import type { GuideCheck } from '../guideCheck.ts';
import { claim, compare, text } from './compare.ts';
import { INCIDENCE } from './guideNumbers.ts';

const EMPTY =
  'The marks of this table were lost in the document; ours are measured on four attributes, two of them nearly the same.';

/** Sections 11 and 12: equation 45 and the table of 12.4. */
export function sparsityChecks(): GuideCheck[] {
  const X = CsrMatrix.fromDense(INCIDENCE);
  return [
    compare('equation 45', 'The sparse matrix, as it comes back from its stored entries', INCIDENCE, X.toDense().toRows()),
    claim('equation 45', 'Entries that are stored', '6 of 15', `${X.nnz} of ${X.rows * X.cols}`, X.nnz === 6),
    ...comparison(),
  ];
}

/** Section 12.4: lasso and ridge on x1, x2 close to x1, x3 and a useless x4. */
function comparison(): GuideCheck[] {
  const [l1, l2] = fits(1);
  const [l1Again, l2Again] = fits(2);
  const zeros = ({ coef }: LinearModel) => coef.filter((w) => w === 0).length;
  const pair = ({ coef }: LinearModel) => text(Array.from(coef.subarray(0, 2), (w) => Math.round(100 * w) / 100));
  const moved = (a: LinearModel, b: LinearModel) => Math.max(...a.coef.map((w, j) => Math.abs(w - b.coef[j]))).toFixed(2);
  const row = (situation: string, title: string, ofL1: string, ofL2: string) =>
    claim('section 12.4', `${situation}: ${title}`, '(empty)', `L1 ${ofL1}, L2 ${ofL2}`, false, EMPTY);
  return [
    row('Feature selection', 'weights that are exactly 0', `${zeros(l1)} of 4`, `${zeros(l2)} of 4`),
    row('Correlated features', 'weights of two attributes that are nearly the same', pair(l1), pair(l2)),
    row('Simple model', 'attributes in use', String(l1.support.length), String(l2.support.length)),
    row(
      'Stability',
      'largest change of a weight when the small differences of those two are drawn again',
      moved(l1, l1Again),
      moved(l2, l2Again),
    ),
  ];
}

function fits(seed: number): [l1: LinearModel, l2: LinearModel] {
  const shared = new Random(0);
  const own = new Random(seed);
  const centred = (random: Random) => random.uniform() - 0.5;
  const X = Array.from({ length: 60 }, () => {
    const x1 = centred(shared);
    return [x1 + 0.05 * centred(own), x1 + 0.05 * centred(own), centred(shared), centred(shared)];
  });
  const y = X.map((row) => row[0] + row[1] + row[2] + 0.2 * centred(shared));
  return [new Lasso({ lambda: 0.02 }).fit(X, y), new Ridge({ lambda: 0.02 }).fit(X, y)];
}
