import { optionsObject } from '../core/checks.ts';
import type { LinearPath } from '../linear/index.ts';
import type { Chart } from './chart.ts';
import { faint, seriesStyle } from './colours.ts';
import { type ChartOptions, draw, FONT_SIZE, WIDTH } from './drawing.ts';
import { spreadLabels } from './labels.ts';
import { axisX, axisY, dot, line, ruleX, ruleY, text } from './library.ts';
import { numberText } from './numberText.ts';
import { shorten } from './shorten.ts';
import { thin } from './thin.ts';

/** What of a path is drawn; every path of the library has it. */
export interface CoefficientPathInput extends Pick<LinearPath, 'lambdas' | 'coefs'> {
  at(lambda: number): { readonly coef: Float64Array };
}

/** Options of `coefficientPath`. */
export interface CoefficientPathOptions extends ChartOptions {
  /** Names of the columns of X. @default 'column 0', 'column 1', ... */
  names?: readonly string[];
  /** The lambda that was chosen: a dashed line. */
  chosen?: number;
  /** How many columns are drawn: those that come in with the largest coefficients. @default 12 */
  most?: number;
}

const MARGIN = { left: 56, right: 124, top: 44, bottom: 42 };
const HEIGHT = 320;

/**
 * Coefficients against lambda on a logarithmic axis, strong penalties on the left: which columns come in, and when.
 *
 * @example coefficientPath(lassoPath(X, y), { names: ['distance', 'cost'], chosen: 0.1 }).svg
 */
export function coefficientPath(path: CoefficientPathInput, options: CoefficientPathOptions = {}): Chart {
  const {
    id = 'coefficient-path',
    title = 'Which columns L1 lets in',
    names,
    chosen,
    most = 12,
  } = optionsObject(options, 'coefficientPath', ['id', 'title', 'names', 'chosen', 'most']);
  const { lambdas, coefs } = path;
  const L = lambdas.length;
  const columns = new Map<number, Float64Array>();
  for (let k = 0; k < L; k++) {
    for (let e = coefs.indptr[k]; e < coefs.indptr[k + 1]; e++) {
      if (coefs.data[e] === 0) continue;
      const j = coefs.indices[e];
      if (!columns.has(j)) columns.set(j, new Float64Array(L));
      columns.get(j)![k] = coefs.data[e];
    }
  }
  const nameOf = (j: number) => names?.[j] ?? `column ${j}`;
  const largest = (values: Float64Array) => values.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  const drawn = [...columns].sort((a, b) => largest(b[1]) - largest(a[1]) || a[0] - b[0]).slice(0, most);
  const entered = [...drawn].sort((a, b) => a[1].findIndex((v) => v !== 0) - b[1].findIndex((v) => v !== 0) || a[0] - b[0]);

  const all = drawn.flatMap(([, values]) => [...values]);
  const [low, high] = [Math.min(0, ...all), Math.max(0, ...all)];
  const pad = 0.04 * (high - low || 1);
  const domain: [number, number] = [low - pad, high + pad];
  const inside = HEIGHT - MARGIN.top - MARGIN.bottom;
  const pixel = (v: number) => MARGIN.top + ((domain[1] - v) / (domain[1] - domain[0])) * inside;
  const at = spreadLabels(
    drawn.map(([, values]) => pixel(values[L - 1])),
    FONT_SIZE + 2,
    MARGIN.top,
    HEIGHT - MARGIN.bottom,
  );
  const shown = thin(L, 24);
  const last = lambdas[L - 1];

  const series = drawn.flatMap(([j, values], k) => {
    const style = seriesStyle(k);
    const points = [...values].map((coef, l) => ({ lambda: lambdas[l], coef }));
    return [
      line(points, { x: 'lambda', y: 'coef', strokeWidth: 2, ...style }),
      dot(
        shown.filter((l) => values[l] !== 0).map((l) => points[l]),
        {
          x: 'lambda',
          y: 'coef',
          r: 2.5,
          fill: style.stroke,
          title: (p: { lambda: number; coef: number }) => `${nameOf(j)}: ${numberText(p.coef)} at λ ${numberText(p.lambda)}`,
        },
      ),
      text([{ lambda: last, coef: values[L - 1] }], {
        x: 'lambda',
        y: 'coef',
        dx: 10,
        dy: Math.round(at[k] - pixel(values[L - 1])),
        text: () => shorten(nameOf(j)),
        textAnchor: 'start',
        fill: style.stroke,
        fontWeight: 600,
        fontSize: FONT_SIZE - 1,
      }),
    ];
  });
  const inModel = chosen === undefined ? [] : support(path, chosen).map(nameOf);
  const description =
    `Coefficients of ${columns.size} of ${coefs.rows} columns along ${L} values of lambda, from ${numberText(lambdas[0])} (no column) to ` +
    `${numberText(last)}. Columns come in in this order: ${entered.map(([j]) => nameOf(j)).join(', ') || 'none'}.` +
    (chosen === undefined
      ? ''
      : ` At the chosen lambda ${numberText(chosen)} ${inModel.length} are in: ${inModel.join(', ') || 'none'}.`) +
    (columns.size > drawn.length ? ` The ${drawn.length} largest are drawn.` : '');
  return draw({
    id,
    title,
    description,
    columns: ['lambda', ...drawn.map(([j]) => nameOf(j))],
    rows: [...lambdas].map((lambda, l) => [lambda, ...drawn.map(([, values]) => values[l])]),
    plot: {
      width: WIDTH,
      height: HEIGHT,
      marginLeft: MARGIN.left,
      marginRight: MARGIN.right,
      marginTop: MARGIN.top,
      marginBottom: MARGIN.bottom,
      x: { type: 'log', reverse: true },
      y: { domain },
      marks: [
        ruleY([0], { stroke: faint }),
        axisX({ ticks: 4, tickFormat: numberText, label: 'penalty λ (weaker →)', labelAnchor: 'center', labelArrow: 'none' }),
        axisY({ ticks: 5, tickFormat: numberText, label: 'coefficient', labelArrow: 'none' }),
        ...(chosen === undefined || !(chosen > 0) ? [] : chosenRule(chosen)),
        ...series,
      ],
    },
  });
}

function chosenRule(lambda: number) {
  return [
    ruleX([lambda], { stroke: 'currentColor', strokeDasharray: '3 3', title: () => `chosen λ ${numberText(lambda)}` }),
    text([lambda], { x: (d: number) => d, frameAnchor: 'top', dy: -14, text: () => 'chosen', fontSize: FONT_SIZE - 1 }),
  ];
}

function support(path: CoefficientPathInput, lambda: number): number[] {
  return [...path.at(lambda).coef.entries()].filter(([, b]) => b !== 0).map(([j]) => j);
}
