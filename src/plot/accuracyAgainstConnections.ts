import { optionsObject } from '../core/checks.ts';
import type { SparsityReport } from '../spiking/index.ts';
import type { Chart } from './chart.ts';
import { colours } from './colours.ts';
import { type ChartOptions, draw, FONT_SIZE } from './drawing.ts';
import { placeLabels } from './labels.ts';
import { axisX, axisY, dot, gridY, line, text } from './library.ts';
import { numberText, percentText } from './numberText.ts';

const [WIDTH, HEIGHT] = [420, 300];
const MARGIN = { left: 60, right: 20, top: 24, bottom: 42 };

/**
 * What is lost when synapses close: accuracy against the share of connections that are left, along ascending lambdas, with other networks
 * as named points.
 */
export function accuracyAgainstConnections(
  path: readonly { lambda: number; report: SparsityReport }[],
  networks: readonly { name: string; report: SparsityReport }[] = [],
  options: ChartOptions = {},
): Chart {
  const { id = 'accuracy-connections', title = 'Fewer connections, and what they cost' } = optionsObject(
    options,
    'accuracyAgainstConnections',
    ['id', 'title'],
  );
  const share = ({ connections, connectionsTotal }: SparsityReport) =>
    connectionsTotal > 0 ? connections / connectionsTotal : 0;
  const steps = path.map(({ lambda, report }) => ({ x: share(report), y: report.accuracy, lambda, report }));
  const points = networks.map(({ name, report }) => ({ x: share(report), y: report.accuracy, name, report }));
  const all = [...steps, ...points];
  const low = Math.max(0, Math.min(1, ...all.map(({ y }) => y)) - 0.06);
  const pixel = (p: { x: number; y: number }) => ({
    x: MARGIN.left + (p.x / 1.03) * (WIDTH - MARGIN.left - MARGIN.right),
    y: MARGIN.top + ((1.02 - p.y) / (1.02 - low)) * (HEIGHT - MARGIN.top - MARGIN.bottom),
  });
  const labels = placeLabels(
    [...points.map((p) => ({ ...pixel(p), label: p.name })), ...steps.map((s) => ({ ...pixel(s), label: '' }))],
    { width: WIDTH, height: HEIGHT - MARGIN.bottom, fontSize: FONT_SIZE - 1 },
  );
  const tell = (report: SparsityReport) =>
    `${percentText(report.accuracy)} right with ${numberText(report.connections)} of ${numberText(report.connectionsTotal)} connections, ${numberText(report.spikesPerSample)} spikes per sample`;
  const half = steps.reduce<(typeof steps)[number] | undefined>(
    (best, s) => (best === undefined || s.report.accuracy >= best.report.accuracy ? s : best),
    undefined,
  );
  return draw({
    id,
    title,
    description:
      (half
        ? `Along ${steps.length} strengths of L1 the most accurate network is ${tell(half.report)}; the smallest is ${tell(steps[steps.length - 1].report)}.`
        : '') + points.map(({ name, report }) => ` ${name}: ${tell(report)}.`).join(''),
    columns: ['network', 'lambda', 'accuracy', 'connections', 'of', 'spikes per sample'],
    rows: [
      ...steps.map(({ lambda, report }) => [
        'path',
        lambda,
        report.accuracy,
        report.connections,
        report.connectionsTotal,
        report.spikesPerSample,
      ]),
      ...points.map(({ name, report }) => [
        name,
        '',
        report.accuracy,
        report.connections,
        report.connectionsTotal,
        report.spikesPerSample,
      ]),
    ],
    legend: [
      ...(steps.length > 0 ? [{ label: 'spiking, along λ', kind: 'line' as const, colour: colours.red }] : []),
      ...(points.length > 0 ? [{ label: 'networks of the table', kind: 'diamond' as const, colour: colours.blue }] : []),
    ],
    plot: {
      width: WIDTH,
      height: HEIGHT,
      marginLeft: MARGIN.left,
      marginRight: MARGIN.right,
      marginTop: MARGIN.top,
      marginBottom: MARGIN.bottom,
      x: { domain: [0, 1.03] },
      y: { domain: [low, 1.02] },
      symbol: { type: 'identity' },
      marks: [
        gridY({ ticks: 4 }),
        axisX([0, 0.25, 0.5, 0.75, 1], {
          tickFormat: (v: number) => `${100 * v} %`,
          label: 'connections left',
          labelAnchor: 'center',
          labelArrow: 'none',
        }),
        axisY({ ticks: 4, tickFormat: (v: number) => `${numberText(100 * v)} %`, label: 'accuracy', labelArrow: 'none' }),
        line(steps, { x: 'x', y: 'y', stroke: colours.red, strokeWidth: 2 }),
        dot(steps, {
          x: 'x',
          y: 'y',
          r: 3,
          fill: colours.red,
          title: (s: (typeof steps)[number]) => `λ ${numberText(s.lambda)}: ${tell(s.report)}`,
        }),
        dot(points, {
          x: 'x',
          y: 'y',
          r: 5,
          symbol: 'diamond',
          fill: colours.blue,
          title: (p: (typeof points)[number]) => `${p.name}: ${tell(p.report)}`,
        }),
        ...labels.map(({ index, dx, dy, anchor }) =>
          text([points[index]], {
            x: 'x',
            y: 'y',
            dx,
            dy,
            textAnchor: anchor,
            text: 'name',
            fontSize: FONT_SIZE - 1,
            fill: 'currentColor',
          }),
        ),
      ],
    },
  });
}
