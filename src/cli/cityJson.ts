import type { CityReport } from '../city/cityReport.ts';
import type { CsrMatrix } from '../core/csrMatrix.ts';

/** What a report says, for programs: names instead of numbers of zones, plain numbers instead of models. */
export function cityJson(report: CityReport): object {
  const { city, seed, combine, select, prune, factorize, directions, rank, spike, sparsify, evaluate, guide, skipped } = report;
  const { zones, junctions = [], links, trips, repairs = [] } = city;
  const id = (zone: number) => zones[zone].id;
  return {
    city: {
      name: city.name,
      zones: zones.length,
      junctions: junctions.length,
      links: links.length,
      observed: trips?.nnz ?? 0,
      repairs,
    },
    seed,
    combine: combine && { terms: combine.terms },
    select: select && {
      response: select.response,
      explained: select.explained,
      lambda: select.crossValidated.model.lambda,
      coefficients: named(select.names, select.crossValidated.model.coef),
      certificate: select.crossValidated.model.certificate,
      leaks: select.leaks,
    },
    prune: prune && {
      open: prune.open,
      lambdaRatio: prune.lambdaRatio,
      roads: prune.roads.map(({ from, to, weight }) => ({ from: id(from), to: id(to), weight })),
    },
    predictions: factorize?.predictions,
    directions: directions && {
      explainedVarianceRatio: Array.from(directions.pca.explainedVarianceRatio),
      sparse: sparseRows(directions.names, directions.sparse.components),
    },
    rank: rank && {
      errorBound: rank.errorBound,
      places: Array.from(rank.order, (zone) => ({ place: id(zone), score: rank.scores[zone] })),
    },
    spike: spike && {
      durationMs: spike.durationMs,
      threshold: spike.threshold,
      places: Array.from(spike.counts, (spikes, zone) => ({ place: id(zone), demand: spike.demand[zone], spikes })),
    },
    efficiency: sparsify && { task: sparsify.task, classes: sparsify.classes, rows: sparsify.rows, path: sparsify.path },
    evaluate,
    guide,
    skipped,
  };
}

function named(names: readonly string[], values: ArrayLike<number>): Record<string, number> {
  return Object.fromEntries(names.map((name, j) => [name, values[j]]));
}

/** The stored entries of each row. */
function sparseRows(names: readonly string[], { rows, indptr, indices, data }: CsrMatrix): Record<string, number>[] {
  return Array.from({ length: rows }, (_, i) => {
    const entries = Array.from(indices.subarray(indptr[i], indptr[i + 1]), (j, e) => [names[j], data[indptr[i] + e]]);
    return Object.fromEntries(entries);
  });
}
