import { optionsObject } from '../core/checks.ts';
import type { Chart } from './chart.ts';
import { colours } from './colours.ts';
import { type ChartOptions, draw, FONT_SIZE, WIDTH } from './drawing.ts';
import { areaY, axisX, axisY, dot, line, ruleX, text } from './library.ts';
import { numberText } from './numberText.ts';
import { thin } from './thin.ts';

const MARGIN = { left: 58, right: 34 };
/** Pixels between the middles of two words above the drawing. */
const ROOM = 48;

/** Options of `crossValidationCurve`. */
export interface CrossValidationCurveOptions extends ChartOptions {
  /** What was measured on held-out rows. @default 'mean squared error' */
  metric?: string;
  /** Whether large or small values of it are good. @default 'min' */
  best?: 'min' | 'max';
  /** What the model has more of where lambda is small. @default 'columns' */
  columns?: string;
}

/** What of a cross-validation is drawn; every `...CV` of the library returns it. */
export interface CrossValidationCurveInput {
  readonly path: { readonly lambdas: Float64Array; readonly points: readonly { readonly df: number }[] };
  readonly mean: Float64Array;
  readonly standardError: Float64Array;
  readonly lambdaMin: number;
  readonly lambda1se: number;
}

/**
 * The metric of a cross-validation on held-out rows against lambda, with one standard error on both sides, and the two lambdas that rules choose.
 *
 * @example crossValidationCurve(new LogisticRegressionCV({ metric: 'auc' }).fit(X, y), { metric: 'AUC', best: 'max' }).svg
 */
export function crossValidationCurve(cv: CrossValidationCurveInput, options: CrossValidationCurveOptions = {}): Chart {
  const {
    id = 'cross-validation',
    metric = 'mean squared error',
    best: good = 'min',
    columns = 'columns',
    title = `${good === 'min' ? 'Error' : 'Success'} on rows that the fit has not seen`,
  } = optionsObject(options, 'crossValidationCurve', ['id', 'title', 'metric', 'best', 'columns']);
  const top = good === 'min' ? 'smallest' : 'largest';
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
      ? [{ ...best, label: top }]
      : [
          { ...simple, label: '1 s.e.' },
          { ...best, label: top },
        ];
  const label = {
    x: 'lambda',
    frameAnchor: 'top',
    dy: -14,
    text: 'label',
    fontSize: FONT_SIZE - 1,
    textAnchor: 'middle',
  } as const;
  // Words above lines that are close are moved apart.
  const decades = Math.log(path.lambdas[0] / path.lambdas[path.lambdas.length - 1]);
  const apart = (Math.log(lambda1se / lambdaMin) / decades) * (WIDTH - MARGIN.left - MARGIN.right);
  const shift = marked.length > 1 && apart < ROOM ? Math.round(ROOM - apart) : 0;
  return draw({
    id,
    title,
    description:
      `Cross-validated ${metric} along ${points.length} values of lambda. The ${top}, ${numberText(best.mean)} (standard error ` +
      `${numberText(best.high - best.mean)}), is at lambda ${numberText(lambdaMin)} with ${best.df} ${columns}; the largest lambda within one standard ` +
      `error is ${numberText(lambda1se)} with ${simple.df} ${columns} and ${good === 'min' ? 'an error' : 'a value'} of ${numberText(simple.mean)}.`,
    columns: ['lambda', metric, 'standard error', `${columns} in the model`],
    rows: points.map(({ lambda, mean, high, df }) => [lambda, mean, high - mean, df]),
    plot: {
      width: WIDTH,
      height: 320,
      marginLeft: MARGIN.left,
      marginRight: MARGIN.right,
      marginTop: 44,
      marginBottom: 42,
      x: { type: 'log', reverse: true },
      y: { nice: true },
      marks: [
        axisX({ ticks: 4, tickFormat: numberText, label: 'penalty λ (weaker →)', labelAnchor: 'center', labelArrow: 'none' }),
        axisY({ ticks: 5, tickFormat: numberText, label: metric, labelArrow: 'none' }),
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
              `λ ${numberText(p.lambda)}: ${good === 'min' ? 'error' : metric} ${numberText(p.mean)} ± ${numberText(p.high - p.mean)}, ${p.df} ${columns}`,
          },
        ),
        ruleX(marked, { x: 'lambda', stroke: 'currentColor', strokeDasharray: '3 3' }),
        ...(shift > 0
          ? [text(marked.slice(0, 1), { ...label, dx: -shift }), text(marked.slice(1), label)]
          : [text(marked, label)]),
      ],
    },
  });
}
