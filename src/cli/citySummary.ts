import type { PlaceId } from '../city/city.ts';
import type { CityReport } from '../city/cityReport.ts';
import type { Evaluation } from '../city/evaluation.ts';
import { count, short, textTable } from './textTable.ts';

/** How many of the best are named. */
const NAMED = 8;

/** What a report says, in text for a terminal. */
export function citySummary(report: CityReport, bold: (text: string) => string): string {
  const parts = [about(report), matters(report), predicted(report), closed(report), fires(report), efficiency(report)];
  for (const evaluation of report.evaluate ?? []) parts.push(evaluated(evaluation));
  parts.push(guide(report), skipped(report));
  return parts
    .filter((part) => part !== undefined)
    .map(([title, ...lines]) => [bold(title), ...lines].join('\n'))
    .join('\n\n');
}

type Part = [title: string, ...lines: string[]] | undefined;

function about({ city, seed }: CityReport): Part {
  const { name = 'City', zones, junctions = [], links, trips, repairs = [] } = city;
  const size = [count(zones.length, 'zone')];
  if (junctions.length > 0) size.push(count(junctions.length, 'junction'));
  if (links.length > 0) size.push(count(links.length, 'road'));
  if (trips) size.push(`${trips.nnz} of ${zones.length * zones.length} routes observed`);
  const mended = repairs.map(({ source, count: times, description, lines }) => {
    const where = lines.length > 0 ? ` (line ${lines.slice(0, 3).join(', ')}${times > 3 ? ', ...' : ''})` : '';
    return `mended in ${source}: ${description}; ${times} x${where}`;
  });
  return [`${name}: ${size.join(', ')}; seed ${seed}`, ...mended];
}

function matters({ select }: CityReport): Part {
  if (!select) return undefined;
  const { names, response, crossValidated, explained, leaks } = select;
  const { coef, support } = crossValidated.model;
  // In the order in which L1 lets them in: weights have the units of their attributes and cannot be compared.
  const { indptr, indices } = crossValidated.path.coefs;
  const entry = (j: number) => indptr.findIndex((_, l) => indices.subarray(indptr[l], indptr[l + 1]).includes(j));
  const order = Array.from(support).sort((a, b) => entry(a) - entry(b) || a - b);
  const rows = order.slice(0, NAMED).map((j) => [`  ${names[j]}`, short(coef[j], 3)]);
  return [
    support.length > 0
      ? `What matters for ${response}: ${support.length} of ${names.length} attributes, ${percent(explained)} explained`
      : `What matters for ${response}: no attribute helps on rows that the fit has not seen`,
    ...(rows.length > 0 ? textTable(rows).split('\n') : []),
    ...leaks.map(({ name, reason }) => `  ${name} was left out: ${reason}`),
  ];
}

function predicted({ factorize, city }: CityReport): Part {
  if (!factorize) return undefined;
  const { predictions } = factorize;
  if (predictions.length === 0) return ['Unknown routes: none'];
  const names = new Map(city.zones.map(({ id, name }) => [id, name]));
  const nameOf = (id: PlaceId) => names.get(id) ?? String(id);
  const largest = [...predictions].sort((a, b) => b.value - a.value).slice(0, NAMED);
  const rows = largest.map(({ origin, destination, value, standardError, lower, upper, basis }) => [
    `  ${nameOf(origin)} -> ${nameOf(destination)}`,
    short(value, 3),
    short(standardError, 2),
    `${short(lower, 3)} to ${short(upper, 3)}`,
    basis,
  ]);
  const table = textTable([['  route', 'trips', 'standard error', '90 % interval', 'basis'], ...rows], 1, 4).split('\n');
  const bases = [...new Set(predictions.map(({ basis }) => basis))];
  const kinds = bases.map((basis) => `${predictions.filter((each) => each.basis === basis).length} ${basis}`);
  const shown = largest.length < predictions.length ? `, the ${largest.length} largest:` : ':';
  return [`Unknown routes: ${predictions.length} predicted (${kinds.join(', ')})${shown}`, ...table];
}

function closed({ prune, city }: CityReport): Part {
  if (!prune || prune.roads.length === 0) return undefined;
  const { roads, open } = prune;
  return [
    `${city.links.length > 0 ? 'Roads into zones' : 'Connections with the nearest zones'}: ${open} of ${roads.length} stay open, L1 closes ${roads.length - open}`,
  ];
}

function fires({ spike, rank, city }: CityReport): Part {
  if (!spike && !rank) return undefined;
  const name = (zone: number) => city.zones[zone].name ?? String(city.zones[zone].id);
  const lines: string[] = [];
  if (spike) {
    const { counts, durationMs } = spike;
    const order = [...counts.keys()].filter((zone) => counts[zone] > 0).sort((a, b) => counts[b] - counts[a] || a - b);
    const most = order.slice(0, NAMED).map((zone) => `${name(zone)} (${counts[zone]})`);
    lines.push(
      `  ${order.length} of ${counts.length} zones fire within ${short(durationMs)} ms${most.length > 0 ? `: ${most.join(', ')}` : ''}`,
    );
  }
  if (rank) lines.push(`  highest PageRank: ${Array.from(rank.order.subarray(0, NAMED), name).join(', ')}`);
  return ['Who fires', ...lines];
}

function efficiency({ sparsify }: CityReport): Part {
  if (!sparsify) return undefined;
  const rows = sparsify.rows.map(({ name, report }) => [
    `  ${name}`,
    percent(report.accuracy),
    `${report.connections} of ${report.connectionsTotal}`,
    `${report.activeNeurons} of ${report.neuronsTotal}`,
    short(report.spikesPerSample, 3),
    short(report.synapticOperations, 3),
  ]);
  const header = ['  network', 'accuracy', 'connections', 'active neurons', 'spikes', 'operations'];
  return [`Efficiency: ${sparsify.task}`, ...textTable([header, ...rows]).split('\n')];
}

function evaluated({ split, seeds, heldOut, methods }: Evaluation): Part {
  const titles: Record<Evaluation['split'], string> = {
    entry: 'single routes',
    column: 'whole destinations',
    row: 'whole origins',
    both: 'whole origins and destinations',
    spatial: 'whole neighbourhoods',
  };
  const rows = methods.map(({ method, ours, rmse, rmsePercent, wape, cpc, deviance, skill, coverage }) => [
    `${ours ? '* ' : '  '}${method}`,
    short(rmse.mean, 4),
    short(rmsePercent.mean, 3),
    decimals(wape.mean),
    decimals(cpc.mean),
    short(deviance.mean, 4),
    decimals(skill.mean),
    Number.isNaN(coverage.mean) ? '' : percent(coverage.mean),
  ]);
  const header = ['  method (* ours)', 'RMSE', '%RMSE', 'WAPE', 'CPC', 'deviance', 'skill', '90 % holds'];
  const size = heldOut.length > 0 ? `, about ${Math.round(heldOut.reduce((a, b) => a + b) / heldOut.length)} entries` : '';
  return [
    `Evaluation: ${titles[split]} held out (${count(seeds.length, 'seed')}${size})`,
    ...textTable([header, ...rows]).split('\n'),
  ];
}

function guide({ guide: checks }: CityReport): Part {
  if (!checks || checks.length === 0) return undefined;
  const agree = checks.filter(({ agrees }) => agrees).length;
  return [
    `The guide: ${agree} of ${checks.length} of its numbers and statements agree with what is computed; the page shows both where they do not`,
  ];
}

function skipped({ skipped: stages }: CityReport): Part {
  if (stages.length === 0) return undefined;
  return ['Left out', ...stages.map(({ stage, reason }) => `  ${stage}: ${reason}`)];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function decimals(value: number): string {
  return Number.isFinite(value) ? value.toFixed(3) : '';
}
