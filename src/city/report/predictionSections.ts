import { numberText, percentText } from '../../plot/index.ts';
import type { CityReport } from '../cityReport.ts';
import { splitWords } from './cityReportCharts.ts';
import { evaluationTables } from './evaluationTables.ts';
import { type Html, html } from './html.ts';
import { zoneNames } from './namesOf.ts';
import { absent, equation, type FigureOf, figures, paragraph, type Section } from './section.ts';
import { table } from './table.ts';

const LIST = 12;

/** Words for what a prediction rests on. */
const bases = {
  entry: 'it was observed',
  warm: 'other trips from the origin and to the destination',
  feature: 'attributes of the places',
  graph: 'neighbouring places',
  prior: 'averages alone',
} as const;

/** Green: the routes that were unknown, and how well such predictions do. */
export function predictionSections(report: CityReport, figure: FigureOf): Section[] {
  return [
    {
      id: 'predictions',
      branch: 'green',
      title: 'Unknown routes, predicted',
      place: 'Predictions · equations 24 to 27',
      formula: 'x(F, D) = U · V',
      body: html`${equation(html`<i>x</i>(F, D) = <i>U</i><sub>F</sub> · <i>V</i><sub>D</sub>`, 'What the origin is like times what the destination is like. The numbers below add gravity to it: sizes and distance.')}${predicted(report, figure)}`,
    },
    {
      id: 'evaluation',
      branch: 'green',
      title: 'How good are such predictions?',
      place: 'Predictions · judged on held-out trips',
      formula: 'skill = 1 − D / D(gravity)',
      body: html`${paragraph(
        'Known trips are hidden, predicted from the rest and compared; every method gets only what it could know. Where there are several seeds, ± is one standard error.',
        'Our row is marked, the best value of a column has a star, and rows that beat us stay.',
      )}${report.evaluate ? evaluationTables(report.evaluate, figure) : absent(report, 'evaluate')}`,
    },
  ];
}

/** How many of the held-out routes such intervals did hold. */
function held({ evaluate = [] }: CityReport): string {
  const shares = evaluate.flatMap(({ split, methods }) => {
    const mean = methods.find(({ ours }) => ours)?.coverage.mean ?? Number.NaN;
    return Number.isNaN(mean) ? [] : [`${percentText(mean)} (${splitWords[split]})`];
  });
  return shares.length === 0 ? '' : ` On routes that were hidden from it, it held ${shares.join(' and ')}.`;
}

function predicted(report: CityReport, figure: FigureOf): Html {
  const { factorize, city } = report;
  if (!factorize) return absent(report, 'factorize');
  const { predictions } = factorize;
  if (predictions.length === 0) return paragraph('Every route of this city was observed, so there was nothing to predict.');
  const kinds = [...new Set(predictions.map(({ basis }) => basis))];
  const names = new Map(city.zones.map(({ id }, k) => [id, zoneNames(city)[k]]));
  const nameOf = (id: (typeof predictions)[number]['origin']) => names.get(id) ?? String(id);
  const strongest = [...predictions].sort((a, b) => b.value - a.value).slice(0, LIST);
  return html`${paragraph(
    `${numberText(predictions.length)} ${predictions.length === 1 ? 'route was' : 'routes were'} predicted. Each says on what it rests, and how far it may be off:`,
    `the interval should hold nine of ten new observations.${held(report)}`,
  )}<ul>${kinds.map((basis) => html`<li>${numberText(predictions.filter((p) => p.basis === basis).length)} × <code>${basis}</code>: ${bases[basis]}</li>`)}</ul>
${figures(figure('strongest-routes'), figure('routes-predicted'))}${table({
  caption: `The ${strongest.length} strongest predicted routes`,
  head: ['Route', 'Trips', '90 % interval', 'Rests on'],
  words: [3],
  rows: strongest.map(({ origin, destination, value, lower, upper, basis }) => ({
    cells: [
      `${nameOf(origin)} → ${nameOf(destination)}`,
      numberText(value),
      `${numberText(lower)} to ${numberText(upper)}`,
      html`<code>${basis}</code>`,
    ],
  })),
})}`;
}
