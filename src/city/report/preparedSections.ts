import { numberText } from '../../plot/index.ts';
import type { CityReport } from '../cityReport.ts';
import { type Html, html } from './html.ts';
import { placeNames } from './namesOf.ts';
import { absent, beside, equation, type FigureOf, figures, paragraph, type Section } from './section.ts';
import { table } from './table.ts';

const EXAMPLES = 5;

/** Brown: normalisation and combination. */
export function preparedSections(report: CityReport, figure: FigureOf): Section[] {
  return [
    {
      id: 'normalize',
      branch: 'brown',
      title: 'Normalise',
      place: 'Preprocessing · equation 3',
      formula: 'x′ = (x − min) / (max − min)',
      body: html`${equation(html`<i>x</i>′ = (<i>x</i> − min <i>x</i>) / (max <i>x</i> − min <i>x</i>)`, 'Every attribute is stretched to 0…1, so that kilometres and minutes can be compared.')}${normalized(report)}`,
    },
    {
      id: 'combine',
      branch: 'brown',
      title: 'Combine',
      place: 'Preprocessing · equations 4 to 6',
      formula: 'x = Σ w · x′',
      body: html`${equation(combination(report), 'A weighted sum; where less is better, one minus the value counts.')}${combined(report, figure)}`,
    },
  ];
}

function normalized(report: CityReport): Html {
  const { normalize } = report;
  if (!normalize) return absent(report, 'normalize');
  const { table: source, minimum, maximum, values } = normalize;
  const p = source.names.length;
  const called = placeNames(report.city);
  const constant = source.names.filter((_, j) => minimum[j] === maximum[j]);
  return html`${paragraph(
    `${p} attributes of ${numberText(source.values.rows)} ${source.item}s.`,
    constant.length > 0 ? `${constant.join(', ')} ${constant.length === 1 ? 'is' : 'are'} the same everywhere and became 0.` : '',
  )}${[
    table({
      caption: 'Attributes before normalisation',
      head: ['Attribute', 'Smallest (→ 0)', 'Largest (→ 1)'],
      rows: source.names.map((name, j) => ({ cells: [name, numberText(minimum[j]), numberText(maximum[j])] })),
    }),
    table({
      caption: `The first ${source.item}s after it`,
      head: [source.item, ...source.names],
      rows: Array.from({ length: Math.min(EXAMPLES, values.rows) }, (_, i) => ({
        cells: [
          `${called.get(source.from[i])} → ${called.get(source.to[i])}`,
          ...source.names.map((_, j) => values.data[values.order === 'row' ? i * p + j : j * values.rows + i].toFixed(2)),
        ],
      })),
    }),
  ]}`;
}

function combination({ combine }: CityReport): Html {
  if (!combine) return html`<i>x</i> = Σ <i>w</i> · <i>x</i>′`;
  const terms = combine.terms.map(
    ({ name, weight, lessIsBetter }, k) =>
      html`${k > 0 ? ' + ' : ''}${numberText(weight)} · ${lessIsBetter ? `(1 − ${name})` : name}`,
  );
  return html`<i>x</i> = ${terms}`;
}

function combined(report: CityReport, figure: FigureOf): Html {
  const { combine } = report;
  if (!combine) return absent(report, 'combine');
  const sorted = [...combine.score].sort((a, b) => a - b);
  return beside(
    paragraph(
      `Half of the scores lie between ${numberText(sorted[Math.floor(sorted.length / 4)])} and ${numberText(sorted[Math.floor((3 * sorted.length) / 4)])}; the best is ${numberText(sorted[sorted.length - 1])}.`,
      'The weights are a choice, not a finding: the next stages learn theirs from data.',
    ),
    figures(figure('combined-score')),
  );
}
