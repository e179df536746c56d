import { numberText, percentText } from '../../plot/index.ts';
import type { CityReport } from '../cityReport.ts';
import { type Html, html } from './html.ts';
import { nameOf } from './namesOf.ts';
import { absent, beside, equation, type FigureOf, figures, paragraph, type Section } from './section.ts';

/** Purple: hidden factors, principal directions, PageRank. */
export function mathematicsSections(report: CityReport, figure: FigureOf): Section[] {
  return [
    {
      id: 'factorize',
      branch: 'purple',
      title: 'Hidden factors',
      place: 'Mathematics · equation 23',
      formula: 'X ≈ U Vᵀ',
      body: html`${equation(html`<i>X</i> ≈ <i>U V</i><sup>T</sup>`, 'A few numbers per origin and per destination whose products give back the known routes, and fill in the others.')}${factors(report, figure)}`,
    },
    {
      id: 'directions',
      branch: 'purple',
      title: 'Principal directions',
      place: 'Mathematics · equations 28 to 31',
      formula: 'Σ v = λ v',
      body: html`${equation(html`Σ <i>v</i> = <i>λ v</i>, with Σ = <i>X</i><sup>T</sup><i>X</i> / (<i>n</i> − 1)`, 'Directions v in which the attributes vary most; λ is how much.')}${directions(report, figure)}`,
    },
    {
      id: 'rank',
      branch: 'purple',
      title: 'Important places',
      place: 'Mathematics · PageRank, section 11.1',
      formula: 'r = d Pᵀ r + (1 − d) v',
      body: html`${equation(html`<i>r</i> = <i>d P</i><sup>T</sup> <i>r</i> + (1 − <i>d</i>) <i>v</i>`, `Where a traveller who follows ${report.city.links.length > 0 ? 'roads' : 'known routes'} at random spends the time.`)}${ranks(report, figure)}`,
    },
  ];
}

function factors(report: CityReport, figure: FigureOf): Html {
  const { factorize } = report;
  if (!factorize) return absent(report, 'factorize');
  const { model } = factorize;
  return html`${paragraph(
    `${model.rank} factors; the sweeps ${model.certificate.converged ? `settled after ${model.certificate.sweeps}` : `were stopped after ${model.certificate.sweeps}`}.`,
    'The chart shows the two strongest. Factors have no names of their own: what they mean can only be read from the places that lie far out.',
  )}${figures(figure('factors', true))}`;
}

function directions(report: CityReport, figure: FigureOf): Html {
  if (!report.directions) return absent(report, 'directions');
  const { names, pca, sparse } = report.directions;
  if (names.length === 1) return paragraph(`There is one attribute, ${names[0]}, so there is only one direction.`);
  const dense = [...pca.explainedVarianceRatio];
  const share = (ratios: ArrayLike<number>) => percentText(Array.from(ratios).reduce((a, b) => a + b, 0));
  return beside(
    paragraph(
      `${dense.length} components carry ${share(dense)} of the variance of ${names.length} attributes (${dense.map(percentText).join(', ')}).`,
      `Sparse components use ${sparse.supports.map((s) => s.length).join(', ')} attributes and still carry ${share(sparse.explainedVarianceRatio)}: easier to name, a little less exact.`,
    ),
    figures(figure('principal-directions')),
  );
}

function ranks(report: CityReport, figure: FigureOf): Html {
  const { rank, city } = report;
  if (!rank) return absent(report, 'rank');
  const first = Array.from(rank.order.slice(0, 3), (k) => `${nameOf(city.zones[k])} (${numberText(rank.scores[k])})`);
  return beside(
    paragraph(
      `First: ${first.join(', ')}. The scores sum to 1 over all places${(city.junctions ?? []).length > 0 ? ', junctions among them,' : ''} and are exact to within ${numberText(rank.errorBound)}.`,
      `A place ranks high when many ${city.links.length > 0 ? 'roads lead' : 'trips go'} there from places that rank high themselves.`,
    ),
    figures(figure('page-rank')),
  );
}
