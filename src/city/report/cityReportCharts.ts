import { CsrMatrix } from '../../core/csrMatrix.ts';
import {
  accuracyAgainstConnections,
  type Chart,
  coefficientPath,
  crossValidationCurve,
  factorPlot,
  heatMap,
  intervals,
  l1Ball,
  normShapes,
  principalDirections,
  rankBars,
  spikeRaster,
} from '../../plot/index.ts';
import type { CityReport, FactoredRoutes } from '../cityReport.ts';
import type { Evaluation } from '../evaluation.ts';
import { cityMap, prunedMap } from './cityMap.ts';
import { placeNames, zoneNames } from './namesOf.ts';

/** How many predicted routes, links or places a list of the largest shows. */
const LIST = 15;

/**
 * The pictures of a report, in the order of the page: one or more per stage that the city has data for, and the geometry of L1, which
 * every city has. Ids are unique and stable.
 */
export function cityReportCharts(report: CityReport): Chart[] {
  const { city, combine, normalize, select, prune, factorize, directions, rank, spike, sparsify, evaluate = [] } = report;
  const names = zoneNames(city);
  const called = placeNames(city);
  return [
    cityMap(city),
    ...(city.trips ? [heatMap(city.trips, { ...matrixNames(names), id: 'routes-known', title: 'Known routes' })] : []),
    ...(combine && normalize
      ? [
          rankBars(
            normalize.table.from.map((from, k) => `${called.get(from)} → ${called.get(normalize.table.to[k])}`),
            combine.score,
            {
              id: 'combined-score',
              title: `${normalize.table.item === 'link' ? 'Roads' : 'Routes'} with the best combined score`,
              unit: 'score',
              colour: 'brown',
              most: LIST,
            },
          ),
        ]
      : []),
    l1Ball([10, 1], 5),
    l1Ball([1, 1], 1000),
    normShapes(),
    ...(select
      ? [
          coefficientPath(select.crossValidated.path, {
            id: 'lasso-path',
            title: 'Which attributes L1 lets in',
            names: select.names,
            chosen: select.crossValidated.model.lambda,
          }),
          crossValidationCurve(select.crossValidated),
        ]
      : []),
    ...(prune && prune.roads.length > 0 ? [prunedMap(city, prune.roads)] : []),
    ...(factorize ? factorCharts(report, factorize, names) : []),
    ...(directions ? [principalDirections(directions.names, directions.pca, directions.sparse)] : []),
    ...(rank ? [rankBars(names, rank.scores, { id: 'page-rank', title: 'Places by PageRank', most: LIST })] : []),
    ...(spike
      ? [spikeRaster(spike.spikes, city.zones.length, spike.durationMs, { names, title: 'Which zones fire, and when' })]
      : []),
    ...(sparsify ? [accuracyAgainstConnections(sparsify.path, sparsify.rows)] : []),
    ...evaluate.map(evaluationChart),
  ];
}

function matrixNames(names: readonly string[]) {
  return { rowNames: names, columnNames: names };
}

function factorCharts(
  { city }: CityReport,
  { origins, destinations, predictions }: FactoredRoutes,
  names: readonly string[],
): Chart[] {
  const numbers = new Map(city.zones.map(({ id }, k) => [id, k]));
  const routes = predictions.flatMap((route) => {
    const [origin, destination] = [numbers.get(route.origin), numbers.get(route.destination)];
    return origin === undefined || destination === undefined ? [] : [{ ...route, origin, destination }];
  });
  const strongest = [...routes].sort((a, b) => b.value - a.value).slice(0, LIST);
  const size = city.zones.length;
  const predicted = CsrMatrix.fromCoo(size, size, {
    row: routes.map(({ origin }) => origin),
    col: routes.map(({ destination }) => destination),
    value: routes.map(({ value }) => value),
  });
  return [
    factorPlot({ origins, destinations, originNames: names, destinationNames: names, routes }),
    ...(routes.length > 0
      ? [
          heatMap(predicted, { ...matrixNames(names), id: 'routes-predicted', title: 'Predicted routes', colour: 'green' }),
          intervals(
            strongest.map(({ origin, destination, value, lower, upper, basis }) => ({
              name: `${names[origin]} → ${names[destination]}`,
              value,
              lower,
              upper,
              note: basis,
            })),
            { id: 'strongest-routes', title: 'The strongest predicted routes', unit: 'trips' },
          ),
        ]
      : []),
  ];
}

/** What the splits are called. */
export const splitWords: Record<Evaluation['split'], string> = {
  entry: 'single routes held out',
  column: 'whole destinations held out',
  row: 'whole origins held out',
  both: 'origins and destinations held out',
  spatial: 'a neighbourhood held out',
};

function evaluationChart({ split, methods }: Evaluation): Chart {
  return intervals(
    methods.map(({ method, ours, cpc: { mean, standardError } }) => ({
      name: method,
      value: mean,
      lower: mean - standardError,
      upper: mean + standardError,
      marked: ours,
      ...(ours ? { note: 'ours' } : {}),
    })),
    {
      id: `evaluation-${split}`,
      title: `Common part of trips, ${splitWords[split]}`,
      unit: 'common part (1 is perfect)',
      bars: 'one standard error on both sides',
      others: 'grey',
    },
  );
}
