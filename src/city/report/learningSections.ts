import { numberText, percentText } from '../../plot/index.ts';
import type { CityReport } from '../cityReport.ts';
import { connectionWord } from './connectionWord.ts';
import { type Html, html } from './html.ts';
import { absent, beside, equation, type FigureOf, figures, paragraph, type Section } from './section.ts';
import { table } from './table.ts';

/** Orange: why L1 makes zeros, which attributes it keeps and which roads it closes. */
export function learningSections(report: CityReport, figure: FigureOf): Section[] {
  const roads = report.prune ? connectionWord(report.city, report.prune) : 'roads';
  return [
    {
      id: 'geometry',
      branch: 'orange',
      title: 'Why L1 makes zeros',
      place: 'Learning · equations 13 to 15, 46',
      formula: '|a| + |b| = c',
      body: html`${equation(html`minimise |<i>a</i>| + |<i>b</i>| so that 10<i>a</i> + <i>b</i> = 5`, 'One observation, two unknowns: every point of the line is a solution. Which one is sparse?')}${paragraph(
        'Let the diamond of all points with the same L1 norm grow until it touches the line. It has tips on the axes, so it nearly always touches with a tip first, and there one of the two numbers is 0.',
        'Only where the line is parallel to an edge, as a + b = 1000, does a whole edge touch; then the solution is not unique.',
      )}${figures(figure('l1-tip'), figure('l1-edge'))}${beside(html`<h3>Why not another norm?</h3>${paragraph(html`The smaller <i>p</i> in |<i>a</i>|<sup><i>p</i></sup> + |<i>b</i>|<sup><i>p</i></sup>, the sharper the spikes and the sparser the solution. But below p = 1 the shape is hollow: the problem is no longer convex, and a search may end in the wrong spike.`, 'At p = 2 there is no tip at all: ridge regression makes weights small, never zero. p = 1 is the only one that is both convex and pointed.')}`, figures(figure('norm-shapes')))}`,
    },
    {
      id: 'select',
      branch: 'orange',
      title: 'Which attributes matter',
      place: 'Learning · equations 7 to 15, 47',
      formula: 'MSE + λ Σ |w|',
      body: html`${equation(html`loss = (1 / 2<i>n</i>) ‖<i>Y</i> − <i>XW</i> − <i>b</i>‖² + <i>λ</i> Σ |<i>w</i>|`, 'The error, and a toll on every weight: what does not pay its toll is closed (weight 0).')}${selected(report, figure)}`,
    },
    {
      id: 'prune',
      branch: 'orange',
      title: `Which ${roads} L1 closes`,
      place: 'Learning · equations 16 to 22',
      formula: 'D = w·A + 0·B + 0·C',
      body: html`${equation(
        html`<i>D</i> = <i>w</i><sub>AD</sub> <i>A</i> + <i>w</i><sub>BD</sub> <i>B</i> + <i>w</i><sub>CD</sub> <i>C</i>`,
        roads === 'roads'
          ? 'Trips into each place are explained by trips into the places with a road to it; L1 keeps the roads that this needs.'
          : 'Trips into each place are explained by trips into the places with a road to it, or into the nearest ones where it has none; L1 keeps the connections that this needs.',
      )}${closed(report, figure, roads)}`,
    },
  ];
}

function selected(report: CityReport, figure: FigureOf): Html {
  const { select } = report;
  if (!select) return absent(report, 'select');
  const { names, response, crossValidated, explained, leaks } = select;
  const { model } = crossValidated;
  const kept = names.map((name, j) => ({ name, weight: model.coef[j] })).sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  const left = kept.filter(({ weight }) => weight !== 0);
  return html`${paragraph(
    html`At the chosen <i>λ</i> = ${numberText(model.lambda)}, ${left.length > 0 ? `${left.length} of ${names.length} attributes stay in: ${left.map(({ name }) => name).join(', ')}` : 'no attribute stays in: none helps on rows that the fit has not seen'}.`,
    left.length > 0 ? `The fit explains ${percentText(explained)} of the variance of ${response} in these data.` : '',
    `It is ${model.certificate.converged ? 'proved optimal' : 'not settled'} (relative gap ${numberText(model.certificate.gap)}).`,
  )}${
    leaks.length > 0
      ? paragraph(
          `Left out, because they give the answer away: ${leaks.map(({ name, reason }) => `${name} (${reason})`).join('; ')}.`,
        )
      : html``
  }${figures(figure('lasso-path'), figure('cross-validation'))}${table({
    caption: `Weights at the chosen lambda: what one unit of the attribute adds to ${response}`,
    head: ['Attribute', 'Weight', 'Kept'],
    words: [2],
    rows: kept.map(({ name, weight }) => ({ cells: [name, numberText(weight), weight === 0 ? 'closed' : 'yes'] })),
  })}`;
}

function closed(report: CityReport, figure: FigureOf, word: string): Html {
  const { prune } = report;
  if (!prune) return absent(report, 'prune');
  const { roads, open, lambdaRatio } = prune;
  if (roads.length === 0) {
    return html`<p class="absent"><strong>Not for this city.</strong> The source has neither roads nor positions, so it is not known which places are near.</p>\n`;
  }
  const shut = roads.length - open;
  return html`${paragraph(
    `L1 closes ${numberText(shut)} of ${numberText(roads.length)} ${word} (${percentText(roads.length > 0 ? shut / roads.length : 0)}) and keeps ${numberText(open)}.`,
    `Its strength is ${numberText(lambdaRatio)} of the one that would close all ${word} into a place.`,
    'What is closed is not needed to explain the trips; the city may need it all the same.',
  )}${figures(figure('pruned-roads', true))}`;
}
