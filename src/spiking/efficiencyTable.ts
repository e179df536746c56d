import type { SparsityReport } from './sparsityReport.ts';

const HEAD = ['model', 'accuracy', 'connections', 'active per sample', 'spikes', 'operations', 'energy'];

/**
 * Reports side by side as plain text, one row per name: accuracy, connections kept of all, neurons active per sample of all, spikes and
 * operations per sample, nanojoules per sample (see `EnergyEstimate` for what is assumed).
 */
export function efficiencyTable(reports: Readonly<Record<string, SparsityReport>>): string {
  const rows = Object.entries(reports).map(([name, report]) => {
    const { accuracy, connections, connectionsTotal, activeNeuronsPerSample, neuronsTotal, spikesPerSample } = report;
    const { synapticOperations, energy } = report;
    return [
      name,
      `${(100 * accuracy).toFixed(1)} %`,
      `${connections} of ${connectionsTotal}`,
      `${activeNeuronsPerSample.toFixed(1)} of ${neuronsTotal}`,
      spikesPerSample.toFixed(1),
      synapticOperations.toFixed(0),
      `${(energy.spiking / 1000).toFixed(2)} nJ`,
    ];
  });
  const widths = HEAD.map((title, c) => Math.max(title.length, ...rows.map((row) => row[c].length)));
  const line = (cells: readonly string[]) =>
    cells.map((cell, c) => (c === 0 ? cell.padEnd(widths[c]) : cell.padStart(widths[c]))).join('  ');
  return [HEAD, ...rows].map(line).join('\n');
}
