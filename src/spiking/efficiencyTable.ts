import { finiteNumber, isPlainObject, refuse } from '../core/checks.ts';
import type { SparsityReport } from './sparsityReport.ts';

const HEAD = ['model', 'accuracy', 'connections', 'active per sample', 'spikes', 'operations', 'energy'];

const FIELDS = [
  'accuracy',
  'connections',
  'connectionsTotal',
  'activeNeuronsPerSample',
  'neuronsTotal',
  'spikesPerSample',
  'synapticOperations',
] as const satisfies readonly (keyof SparsityReport)[];

/**
 * Reports side by side as plain text, one row per name, the guide's table of efficiency: accuracy, connections kept of all, neurons
 * active per sample of all, spikes and operations at synapses per sample, nanojoules per sample (`EnergyEstimate` says what is assumed).
 *
 * @param reports at least one, in the order of the rows
 * @returns lines of equal length, without a line break at the end
 * @throws TypeError for anything but reports, RangeError for none, or for a number in them that is not finite
 */
export function efficiencyTable(reports: Readonly<Record<string, SparsityReport>>): string {
  if (!isPlainObject(reports)) refuse(reports, 'reports', 'an object with a SparsityReport under every name', false);
  const rows = Object.entries(reports).map(([name, report]) => rowOf(name, report));
  if (rows.length === 0) throw new RangeError('reports: expected at least one SparsityReport, got none');
  const widths = HEAD.map((title, c) => Math.max(title.length, ...rows.map((row) => row[c].length)));
  const line = (cells: readonly string[]) =>
    cells.map((cell, c) => (c === 0 ? cell.padEnd(widths[c]) : cell.padStart(widths[c]))).join('  ');
  return [HEAD, ...rows].map(line).join('\n');
}

function rowOf(name: string, report: SparsityReport): string[] {
  checkReport(report, `reports[${JSON.stringify(name)}]`);
  const { accuracy, connections, connectionsTotal, activeNeuronsPerSample, neuronsTotal, spikesPerSample } = report;
  const { synapticOperations, energy } = report;
  return [
    name,
    percent(accuracy),
    `${connections} of ${connectionsTotal} (${percent(connections / connectionsTotal)})`,
    `${activeNeuronsPerSample.toFixed(1)} of ${neuronsTotal}`,
    spikesPerSample.toFixed(1),
    synapticOperations.toFixed(0),
    `${(energy.spiking / 1000).toFixed(2)} nJ`,
  ];
}

function checkReport(report: SparsityReport, title: string): void {
  if (!isPlainObject(report)) refuse(report, title, 'a SparsityReport', false);
  for (const field of FIELDS) finiteNumber(report[field], `${title}.${field}`);
  if (!isPlainObject(report.energy)) refuse(report.energy, `${title}.energy`, 'an EnergyEstimate', false);
  finiteNumber(report.energy.spiking, `${title}.energy.spiking`);
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
