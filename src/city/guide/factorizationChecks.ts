import { CsrMatrix } from '../../core/csrMatrix.ts';
import { FactorizationModel, MatrixFactorization } from '../../factorization/index.ts';
import type { GuideCheck } from '../guideCheck.ts';
import { annotated, compare, text } from './compare.ts';
import { DESTINATIONS, ROUTES, SOURCES } from './guideNumbers.ts';

const [F, D, E] = [0, 3, 4];

/** Section 7 from the guide's factors, as a model. */
export function guideFactors(): FactorizationModel {
  return FactorizationModel.fromFactors({ rowFactors: SOURCES, columnFactors: DESTINATIONS });
}

/** Section 7: equations 23 to 27 and the tables of factors. */
export function factorizationChecks(): GuideCheck[] {
  const model = guideFactors();
  const [u, v] = [model.rowFactors.toRows(), model.columnFactors.toRows()];
  const terms = (destination: number) => u[F].map((factor, k) => factor * v[destination][k]);
  const fitted = new MatrixFactorization({ rank: 2, lambda: 1e-6, biases: false, precision: 'f64', seed: 1 })
    .fit(CsrMatrix.fromDense(ROUTES))
    .predictAll()
    .toRows();
  const best = model.recommend(F, 2, { exclude: [0, 1, 2] });
  return [
    compare('section 7.2, U', 'Fast and cheap nature of F, G, H', SOURCES, u),
    compare('section 7.2, V', 'Fast and cheap nature of A, B, C, D, E', DESTINATIONS, v),
    annotated(
      compare(
        'equation 23',
        'Known routes (1) and the product of the factors of 7.2',
        ROUTES,
        ROUTES.map((row, i) => row.map((_, j) => model.predict(i, j))),
        'The factors of 7.2 are an example and were not fitted to the routes (1), which a fit of the same rank meets much better.',
      ),
      `from the guide's factors, ${text(fitted)} from fitted ones`,
    ),
    compare(
      'equation 24',
      'Factors of F and D',
      [
        [0.9, 0.2],
        [0.9, 0.1],
      ],
      [u[F], v[D]],
    ),
    compare('equation 25', 'F -> D: two products and their sum', [0.81, 0.02, 0.83], [...terms(D), model.predict(F, D)]),
    compare(
      'equation 26',
      'Factors of F and E',
      [
        [0.9, 0.2],
        [0.2, 0.9],
      ],
      [u[F], v[E]],
    ),
    compare('equation 27', 'F -> E: two products and their sum', [0.18, 0.18, 0.36], [...terms(E), model.predict(F, E)]),
    compare('section 7.4', 'Unknown destinations of F (D is 3, E is 4), the best first', [D, E], best.columns),
  ];
}
