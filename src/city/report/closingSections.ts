import type { CityReport } from '../cityReport.ts';
import { type Html, html } from './html.ts';
import { absent, paragraph, type Section } from './section.ts';
import { table } from './table.ts';

/** Grey: the guide's numbers beside ours, what was skipped, and where methods come from. */
export function closingSections(report: CityReport): Section[] {
  return [
    {
      id: 'guide',
      branch: 'grey',
      title: 'The guide, checked',
      place: 'Equations and tables of the guide',
      formula: 'guide = ours?',
      body: walk(report),
    },
    {
      id: 'skipped',
      branch: 'grey',
      title: 'What was skipped, and why',
      place: 'Limits',
      formula: `${report.skipped.length} stages`,
      body:
        report.skipped.length === 0
          ? paragraph('Nothing: the city had data for every stage.')
          : html`<ul>${report.skipped.map(({ stage, reason }) => html`<li><strong>${stage}</strong>: ${reason}</li>`)}</ul>`,
    },
    {
      id: 'notes',
      branch: 'grey',
      title: 'Sources and methods',
      place: 'Notes',
      formula: `seed ${report.seed}`,
      body: notes(report),
    },
  ];
}

function walk(report: CityReport): Html {
  const { guide } = report;
  if (!guide) return absent(report, 'guide');
  const agreed = guide.filter(({ agrees }) => agrees).length;
  const rows = (checks: typeof guide) =>
    table({
      caption: 'The guide’s numbers and ours',
      head: ['Where', 'What', 'Guide', 'Computed', 'Agrees', 'Why not'],
      words: [1, 2, 3, 4, 5],
      rows: checks.map(({ place, title, guide, computed, agrees, why }) => ({
        cells: [
          place,
          title,
          guide,
          computed,
          agrees ? '✓ yes' : html`<span class="no">differs</span>`,
          html`<span class="why">${why}</span>`,
        ],
      })),
    });
  const differ = guide.filter(({ agrees }) => !agrees);
  return html`${paragraph(
    `${agreed} of ${guide.length} numbers and statements of the guide are what the library computes.`,
    differ.length > 0 ? 'Where they differ, both are here, with the reason.' : '',
  )}${differ.length > 0 ? rows(differ) : undefined}${
    agreed > 0
      ? html`<details><summary>The ${agreed} that agree</summary>${rows(guide.filter(({ agrees }) => agrees))}</details>\n`
      : undefined
  }`;
}

const sources = [
  [
    'L1 regression',
    'Tibshirani, Regression shrinkage and selection via the lasso, JRSS B 58 (1996); Friedman, Hastie and Tibshirani, J. Stat. Software 33 (2010)',
  ],
  [
    'Choice of lambda',
    'cross-validation and the one-standard-error rule: Breiman et al., Classification and Regression Trees (1984)',
  ],
  [
    'Unknown routes',
    'the partial matrix technique: Kirby, Leeds ITS working paper 111 (1979); gravity as Poisson regression: Flowerdew and Aitkin (1982)',
  ],
  ['Common part', 'Lenormand, Bassolas and Ramasco, J. Transport Geography 51 (2016)'],
  ['Sparse components', 'Yuan and Zhang, Truncated power method, JMLR 14 (2013); Zou, Hastie and Tibshirani (2006)'],
  ['PageRank', 'Page, Brin, Motwani and Winograd (1999)'],
  ['Energy', 'Horowitz, Computing’s energy problem, ISSCC (2014)'],
] as const;

function notes({ seed, city }: CityReport): Html {
  return html`${paragraph(
    `Everything random follows from seed ${seed}: the same input and seed give the same page, on every machine.`,
    city.hourly
      ? 'Traffic is vehicles of one hour.'
      : 'Traffic is not known to be hourly, so GEH, which is made for hourly flows, is not used.',
  )}<ul>${sources.map(([what, where]) => html`<li><strong>${what}</strong>: ${where}.</li>`)}</ul>${paragraph(
    'Equation numbers are those of the guide “L1 Regularization, Matrix Factorization and Spiking Neural Networks in City Networks”. Predictions describe this data; they are no forecast of what a new road would do.',
  )}`;
}
