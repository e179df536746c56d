import { numberText, percentText } from '../../plot/index.ts';
import type { CityReport } from '../cityReport.ts';
import { connectionWord } from './connectionWord.ts';
import { type Html, html } from './html.ts';
import type { Branch } from './section.ts';

interface Finding {
  branch: Branch;
  number: string;
  words: string;
}

/** What the city is and what was found, in numbers. */
export function summary(report: CityReport): Html {
  return html`<ul class="numbers">${findings(report).map(({ branch, number, words }) => html`<li class="${branch}"><b>${number}</b><span>${words}</span></li>\n`)}</ul>\n`;
}

function findings({ city, factorize, prune, select, spike, sparsify }: CityReport): Finding[] {
  const { zones, links, trips, repairs = [] } = city;
  const first = sparsify?.rows[0]?.report;
  const last = sparsify?.rows[sparsify.rows.length - 1]?.report;
  const mended = repairs.reduce((a, { count }) => a + count, 0);
  return [
    {
      branch: 'blue',
      number: numberText(zones.length),
      words: links.length > 0 ? `zones, ${numberText(links.length)} directed roads` : 'zones; the source has no roads',
    },
    ...(trips
      ? [
          {
            branch: 'blue' as const,
            number: percentText(zones.length > 0 ? trips.nnz / (zones.length * zones.length) : 0),
            words: `of the route matrix is known (${numberText(trips.nnz)} cells)`,
          },
        ]
      : []),
    ...(factorize
      ? [
          {
            branch: 'green' as const,
            number: numberText(factorize.predictions.length),
            words: factorize.predictions.length === 1 ? 'unknown route predicted' : 'unknown routes predicted',
          },
        ]
      : []),
    ...(select
      ? [
          {
            branch: 'orange' as const,
            number: `${select.crossValidated.model.support.length} of ${select.names.length}`,
            words:
              select.crossValidated.model.support.length > 0
                ? 'attributes are kept to explain the traffic'
                : 'attributes help to explain the traffic',
          },
        ]
      : []),
    ...(prune && prune.roads.length > 0
      ? [
          {
            branch: 'orange' as const,
            number: numberText(prune.roads.length - prune.open),
            words: `of ${numberText(prune.roads.length)} ${connectionWord(city, prune)} closed by L1`,
          },
        ]
      : []),
    ...(spike
      ? [
          {
            branch: 'red' as const,
            number: `${numberText(spike.counts.filter((c) => c > 0).length)} of ${numberText(spike.counts.length)}`,
            words: 'zones fire when the demand comes in',
          },
        ]
      : []),
    ...(first && last && last.connections > 0
      ? [
          {
            branch: 'red' as const,
            number: `${numberText(first.connections / last.connections)} × fewer`,
            words: `connections with L1 and spikes; accuracy ${percentText(last.accuracy)}, without them ${percentText(first.accuracy)}`,
          },
        ]
      : []),
    {
      branch: 'brown',
      number: numberText(mended),
      words: mended === 1 ? 'flaw of the source mended' : 'flaws of the source mended',
    },
  ];
}
