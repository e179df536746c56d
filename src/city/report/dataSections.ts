import { numberText, percentText } from '../../plot/index.ts';
import type { CityReport } from '../cityReport.ts';
import { isLoaded, isLocated } from './cityMap.ts';
import { html } from './html.ts';
import { beside, type FigureOf, figures, paragraph, type Section } from './section.ts';
import { table } from './table.ts';

/** Blue: the city as it was read, and what the reader had to mend. */
export function dataSections({ city }: CityReport, figure: FigureOf): Section[] {
  const { zones, junctions = [], links, trips, repairs = [] } = city;
  const cells = zones.length * zones.length;
  const sum = (trips?.data as Float64Array | undefined)?.reduce((a, b) => a + b, 0) ?? 0;
  const noRoads = links.length === 0;
  const mended = repairs.reduce((a, { count }) => a + count, 0);
  return [
    {
      id: 'network-section',
      branch: 'blue',
      title: 'The city',
      place: 'Known data · sections 2.1 to 2.3',
      formula: 'places, roads, trips',
      body: html`${paragraph(
        `${numberText(zones.length)} zones${junctions.length > 0 ? `, ${numberText(junctions.length)} junctions` : ''}${noRoads ? '' : ` and ${numberText(links.length)} directed roads`}.`,
        noRoads
          ? 'The source has no roads, so the map shows the strongest known routes. A route is a pair of an origin and a destination.'
          : `${links.some(({ traffic }) => traffic !== undefined) ? 'Wide roads carry much traffic; ' : ''}the colour says ${isLoaded(city) ? 'how full roads are' : 'what it costs to pass'}.`,
        isLocated(city) ? '' : 'The source has no positions: places stand on a circle.',
        'On every chart: point at a mark, or press Tab and then the arrow keys, to read its value.',
      )}${figures(figure('network', true))}${
        trips
          ? beside(
              paragraph(
                `${numberText(trips.nnz)} of ${numberText(cells)} cells of the route matrix are known (${percentText(cells > 0 ? trips.nnz / cells : 0)}); together they hold ${numberText(sum)} trips.`,
                'A cell that is missing is unknown, which is not the same as zero.',
                'Rows are origins, columns destinations; the diagonal holds trips within a zone, and a strong row or column is a place that many leave or go to.',
              ),
              figures(figure('routes-known')),
            )
          : paragraph('The source has no trips between zones, so the stages that need them were left out.')
      }`,
    },
    {
      id: 'repairs',
      branch: 'blue',
      title: 'What the reader mended',
      place: 'Known data · quality',
      formula: `${numberText(mended)} repairs`,
      body:
        repairs.length === 0
          ? paragraph('Nothing: every line of the source was as it should be.')
          : html`${paragraph(`${numberText(mended)} flaws were found and mended. No value was changed without being listed here.`)}${table(
              {
                caption: 'Repairs',
                head: ['Flaw', 'Source', 'Times', 'First lines', 'What was done'],
                words: [1, 3, 4],
                rows: repairs.map(({ kind, source, count, lines, description }) => ({
                  cells: [kind, source, numberText(count), lines.join(', '), html`<span class="why">${description}</span>`],
                })),
              },
            )}`,
    },
  ];
}
