import { optionsObject } from '../core/checks.ts';
import type { CrossValidated } from '../linear/index.ts';
import type { Chart } from './chart.ts';
import { colours } from './colours.ts';
import { type ChartOptions, draw, FONT_SIZE, WIDTH } from './drawing.ts';
import { areaY, axisX, axisY, dot, line, ruleX, text } from './library.ts';
import { numberText } from './numberText.ts';
import { thin } from './thin.ts';

/** Mean squared error on held-out rows against lambda, with one standard error on both sides, and the two lambdas that rules choose. */
export function crossValidationCurve(cv: CrossValidated, options: ChartOptions = {}): Chart {
  const { id = 'cross-validation', title = 'Error on rows that the fit has not seen' } = optionsObject(
    options,
    'crossValidationCurve',
    ['id', 'title'],
  );
  const { mean, standardError, lambdaMin, lambda1se, path } = cv;
  const points = Array.from(path.lambdas, (lambda, k) => ({
    lambda,
    mean: mean[k],
    low: mean[k] - standardError[k],
    high: mean[k] + standardError[k],
    df: path.points[k].df,
  }));
  const best = points.find(({ lambda }) => lambda === lambdaMin) ?? points[points.length - 1];
  const simple = points.find(({ lambda }) => lambda === lambda1se) ?? best;
  const marked =
    lambdaMin === lambda1se
      ? [{ ...best, label: 'smallest' }]
      : [
          { ...simple, label: '1 s.e.' },
          { ...best, label: 'smallest' },
        ];
  return draw({
    id,
    title,
    description:
      `Cross-validated mean squared error along ${points.length} values of lambda. The smallest, ${numberText(best.mean)} (standard error ` +
      `${numberText(best.high - best.mean)}), is at lambda ${numberText(lambdaMin)} with ${best.df} columns; the largest lambda within one standard ` +
      `error is ${numberText(lambda1se)} with ${simple.df} columns and an error of ${numberText(simple.mean)}.`,
    columns: ['lambda', 'mean squared error', 'standard error', 'columns in the model'],
    rows: points.map(({ lambda, mean, high, df }) => [lambda, mean, high - mean, df]),
    plot: {
      width: WIDTH,
      height: 320,
      marginLeft: 58,
      marginRight: 34,
      marginTop: 44,
      marginBottom: 42,
      x: { type: 'log', reverse: true },
      y: { nice: true },
      marks: [
        axisX({ ticks: 4, tickFormat: numberText, label: 'penalty λ (weaker →)', labelAnchor: 'center', labelArrow: 'none' }),
        axisY({ ticks: 5, tickFormat: numberText, label: 'mean squared error', labelArrow: 'none' }),
        areaY(points, { x: 'lambda', y1: 'low', y2: 'high', fill: colours.orange, fillOpacity: 0.18 }),
        line(points, { x: 'lambda', y: 'mean', stroke: colours.orange, strokeWidth: 2 }),
        dot(
          thin(points.length, 40).map((k) => points[k]),
          {
            x: 'lambda',
            y: 'mean',
            r: 2.5,
            fill: colours.orange,
            title: (p: (typeof points)[number]) =>
              `λ ${numberText(p.lambda)}: error ${numberText(p.mean)} ± ${numberText(p.high - p.mean)}, ${p.df} columns`,
          },
        ),
        ruleX(marked, { x: 'lambda', stroke: 'currentColor', strokeDasharray: '3 3' }),
        text(marked, {
          x: 'lambda',
          frameAnchor: 'top',
          dy: -14,
          text: 'label',
          fontSize: FONT_SIZE - 1,
          textAnchor: 'middle',
        }),
      ],
    },
  });
}
