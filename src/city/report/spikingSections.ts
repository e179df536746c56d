import { numberText, percentText } from '../../plot/index.ts';
import type { CityReport, EfficientNetwork } from '../cityReport.ts';
import { type Html, html } from './html.ts';
import { nameOf } from './namesOf.ts';
import { absent, beside, equation, type FigureOf, figures, paragraph, type Section } from './section.ts';
import { table } from './table.ts';

/** Red: the spiking city, and L1 with spikes. */
export function spikingSections(report: CityReport, figure: FigureOf): Section[] {
  return [
    {
      id: 'spike',
      branch: 'red',
      title: 'Who fires',
      place: 'Spiking · equations 32 to 39',
      formula: 'spike if u ≥ θ',
      body: html`${equation(html`spike = 1 if <i>u</i> ≥ <i>θ</i>, else 0`, 'A zone is a neuron, a road a synapse, demand a current: a zone fires only when enough comes together.')}${fired(report, figure)}`,
    },
    {
      id: 'sparsify',
      branch: 'red',
      title: 'L1 and spikes together',
      place: 'Spiking · equations 40 to 44',
      formula: 'min loss + λ‖W‖₁, s = H(u − θ)',
      body: html`${equation(html`min<sub><i>W</i></sub> <i>L</i>(<i>s</i>, <i>y</i>) + <i>λ</i> ‖<i>W</i>‖<sub>1</sub> with <i>s</i> = <i>H</i>(<i>u</i> − <i>θ</i>)`, 'L1 takes connections away, the threshold takes activity away.')}${efficient(report, figure)}`,
    },
  ];
}

function fired(report: CityReport, figure: FigureOf): Html {
  const { spike, city } = report;
  if (!spike) return absent(report, 'spike');
  const { counts, demand, threshold, durationMs, spikes } = spike;
  const active = counts.filter((count) => count > 0).length;
  const fed = demand.filter((current) => current > 0).length;
  const first = Array.from(counts.keys())
    .filter((k) => counts[k] > 0)
    .sort((a, b) => counts[b] - counts[a])
    .slice(0, 3);
  return html`${paragraph(
    city.trips ? '' : 'No trips are known, so the demand is the same everywhere.',
    `Demand starts in ${numberText(fed)} zones. In ${numberText(durationMs)} ms ${numberText(active)} of ${numberText(counts.length)} zones fire (threshold ${numberText(threshold)}), ${numberText(spikes.time.length)} spikes in all; ${numberText(counts.length - active)} stay silent.`,
    first.length > 0
      ? `Most active: ${first.map((k) => `${nameOf(city.zones[k])} (${counts[k]})`).join(', ')}.`
      : 'No zone receives enough to fire.',
  )}${figures(figure('spikes', true))}`;
}

function efficient(report: CityReport, figure: FigureOf): Html {
  const { sparsify } = report;
  if (!sparsify) return absent(report, 'sparsify');
  return html`${beside(
    html`${paragraph(`The task: ${sparsify.task}. One network, learnt in ${sparsify.rows.length} ways.`)}${paragraph(
      'The guide’s own table (10 connections to 3, 8 active neurons to 1) illustrates; these numbers are measured. Activity is counted per sample. Energy counts operations at the prices of a 45 nm chip (Horowitz 2014) and leaves memory traffic out.',
    )}`,
    figures(figure('accuracy-connections')),
  )}${efficiency(sparsify)}`;
}

function efficiency({ rows }: EfficientNetwork): Html {
  return table({
    caption: 'Efficiency, measured',
    head: ['Network', 'Accuracy', 'Connections', 'of all', 'Active per sample', 'Spikes', 'Operations', 'Energy, nJ'],
    rows: rows.map(({ name, report: r }) => ({
      cells: [
        name,
        percentText(r.accuracy),
        `${numberText(r.connections)} of ${numberText(r.connectionsTotal)}`,
        percentText(r.connectionsTotal > 0 ? r.connections / r.connectionsTotal : Number.NaN),
        `${numberText(r.activeNeuronsPerSample)} of ${numberText(r.neuronsTotal)}`,
        numberText(r.spikesPerSample),
        numberText(r.synapticOperations),
        numberText(r.energy.spiking / 1000),
      ],
    })),
  });
}
