import { optionsObject } from '../core/checks.ts';
import type { DenseMatrix } from '../core/denseMatrix.ts';
import type { Basis } from '../factorization/index.ts';
import type { Chart } from './chart.ts';
import { colours, faint, surface } from './colours.ts';
import { type ChartOptions, draw, FONT_SIZE } from './drawing.ts';
import { placeLabels } from './labels.ts';
import { axisX, axisY, dot, link, ruleX, ruleY, text } from './library.ts';
import { numberText } from './numberText.ts';
import { shorten } from './shorten.ts';

/** Where the factors come from and what was predicted from them. */
export interface FactorPlotInput {
  /** Origins x 1 or 2. */
  origins: DenseMatrix;
  /** Destinations x 1 or 2. */
  destinations: DenseMatrix;
  originNames: readonly string[];
  destinationNames: readonly string[];
  /** Routes that were not observed, by the numbers of origin and destination. */
  routes: readonly { origin: number; destination: number; value: number; basis: Basis }[];
}

/** Options of `factorPlot`. */
export interface FactorPlotOptions extends ChartOptions {
  /** How many of the strongest predicted routes are drawn. @default 25 */
  most?: number;
}

/** Points per role. */
const MOST_POINTS = 500;
const [WIDTH, HEIGHT] = [460, 380];
const MARGIN = { left: 48, right: 20, top: 22, bottom: 42 };

/** What a predicted route rests on, its line and its words. */
const bases: Record<Basis, { dash: string; colour: string; label: string }> = {
  entry: { dash: 'none', colour: colours.green, label: 'known' },
  warm: { dash: 'none', colour: colours.green, label: 'from other trips of both' },
  feature: { dash: '6 3', colour: colours.orange, label: 'from attributes' },
  graph: { dash: '2 2.5', colour: colours.purple, label: 'from neighbours' },
  prior: { dash: '1 4', colour: colours.grey, label: 'from averages' },
};

/** Origins (circles) and destinations (diamonds) in the two strongest hidden factors, with the strongest predicted routes between them; the line says on what each rests. Each
 * factor is scaled so that both roles are as wide, which changes no product of the two. */
export function factorPlot(input: FactorPlotInput, options: FactorPlotOptions = {}): Chart {
  const {
    id = 'factors',
    title = 'Hidden factors and predicted routes',
    most = 25,
  } = optionsObject(options, 'factorPlot', ['id', 'title', 'most']);
  const points = [
    ...points2(input.origins, input.originNames, 'origin'),
    ...points2(input.destinations, input.destinationNames, 'destination'),
  ];
  balance(points, 'x');
  balance(points, 'y');
  const originCount = input.origins.rows;
  const routes = [...input.routes].sort((a, b) => b.value - a.value);
  const kinds = [...new Set(routes.map(({ basis }) => basis))];
  // Every basis has its share of the lines, or the strongest kind would hide the others.
  const drawn = kinds
    .flatMap((basis) => routes.filter((r) => r.basis === basis).slice(0, Math.ceil(most / kinds.length)))
    .map((route) => ({ ...route, from: points[route.origin], to: points[originCount + route.destination] }))
    .sort((a, b) => b.value - a.value);
  const [x, y] = [extent(points.map((p) => p.x)), extent(points.map((p) => p.y))];
  const pixel = (p: FactorPoint) => ({
    x: MARGIN.left + ((p.x - x[0]) / (x[1] - x[0])) * (WIDTH - MARGIN.left - MARGIN.right),
    y: MARGIN.top + ((y[1] - p.y) / (y[1] - y[0])) * (HEIGHT - MARGIN.top - MARGIN.bottom),
  });
  // Ends of the predicted routes are named first, then what lies far out.
  const named = new Set(drawn.flatMap(({ from, to }) => [from, to]));
  const order = points
    .map((_, k) => k)
    .sort((a, b) => Number(named.has(points[b])) - Number(named.has(points[a])) || size(points[b]) - size(points[a]));
  const labels = order.map((k) => ({ ...pixel(points[k]), label: shorten(points[k].name, 16), k }));
  const placed = placeLabels(labels, { width: WIDTH, height: HEIGHT - MARGIN.bottom, fontSize: FONT_SIZE - 2 }).slice(0, 30);
  const counts = kinds.map((basis) => `${routes.filter((r) => r.basis === basis).length} ${bases[basis].label}`);
  const say = (r: (typeof drawn)[number]) => `${r.from.name} → ${r.to.name}: ${numberText(r.value)} (${bases[r.basis].label})`;
  return draw({
    id,
    title,
    description:
      `${originCount} origins and ${input.destinations.rows} destinations by their two strongest hidden factors; those that lie in the same direction attract each other.` +
      (Math.max(originCount, input.destinations.rows) > MOST_POINTS
        ? ` The ${MOST_POINTS} furthest out of each are drawn.`
        : '') +
      (routes.length > 0
        ? ` ${numberText(routes.length)} routes were predicted: ${counts.join(', ')}. The strongest: ${drawn.slice(0, 3).map(say).join('; ')}.`
        : ' No route was to be predicted.'),
    columns: ['place', 'role', 'factor 1', 'factor 2'],
    rows: points.map((p) => [p.name, p.role, p.x, p.y]),
    legend: [
      { label: 'origin', kind: 'dot', colour: colours.blue },
      { label: 'destination', kind: 'diamond', colour: colours.brown },
      ...kinds.map((basis) => ({
        label: `predicted ${bases[basis].label}`,
        kind: 'line' as const,
        colour: bases[basis].colour,
        ...(bases[basis].dash === 'none' ? {} : { dash: bases[basis].dash }),
      })),
    ],
    plot: {
      width: WIDTH,
      height: HEIGHT,
      marginLeft: MARGIN.left,
      marginRight: MARGIN.right,
      marginTop: MARGIN.top,
      marginBottom: MARGIN.bottom,
      x: { domain: x },
      y: { domain: y },
      symbol: { type: 'identity' },
      marks: [
        ruleX([0], { stroke: faint }),
        ruleY([0], { stroke: faint }),
        axisX({ ticks: 5, tickFormat: numberText, label: 'factor 1', labelAnchor: 'center', labelArrow: 'none' }),
        axisY({ ticks: 5, tickFormat: numberText, label: 'factor 2', labelArrow: 'none' }),
        ...kinds.map((basis) =>
          link(
            drawn.filter((r) => r.basis === basis),
            {
              x1: (r: (typeof drawn)[number]) => r.from.x,
              y1: (r: (typeof drawn)[number]) => r.from.y,
              x2: (r: (typeof drawn)[number]) => r.to.x,
              y2: (r: (typeof drawn)[number]) => r.to.y,
              stroke: bases[basis].colour,
              strokeDasharray: bases[basis].dash,
              strokeWidth: 1.8,
              strokeOpacity: 0.85,
              title: say,
            },
          ),
        ),
        ...(['origin', 'destination'] as const).map((role) =>
          dot(largest(points.filter((p) => p.role === role)), {
            x: 'x',
            y: 'y',
            symbol: role === 'origin' ? 'circle' : 'diamond',
            r: 4,
            fill: role === 'origin' ? colours.blue : colours.brown,
            stroke: surface,
            strokeWidth: 0.8,
            title: (p: FactorPoint) => `${p.name} as ${p.role}: ${numberText(p.x)}, ${numberText(p.y)}`,
          }),
        ),
        ...placed.map(({ index, dx, dy, anchor }) => {
          const point = points[labels[index].k];
          return text([point], {
            x: 'x',
            y: 'y',
            dx,
            dy,
            textAnchor: anchor,
            text: () => labels[index].label,
            fontSize: FONT_SIZE - 2,
            stroke: surface,
            strokeWidth: 3,
            fill: 'currentColor',
          });
        }),
      ],
    },
  });
}

interface FactorPoint {
  name: string;
  role: 'origin' | 'destination';
  x: number;
  y: number;
}

function points2(factors: DenseMatrix, names: readonly string[], role: FactorPoint['role']): FactorPoint[] {
  const { rows, cols, data, order } = factors;
  const get = (i: number, f: number) => (f >= cols ? 0 : data[order === 'row' ? i * cols + f : f * rows + i]);
  return Array.from({ length: rows }, (_, i) => ({ name: names[i] ?? String(i), role, x: get(i, 0), y: get(i, 1) }));
}

/** Those that lie furthest out, so that thousands of places stay a drawing. */
function largest(points: readonly FactorPoint[]): readonly FactorPoint[] {
  return points.length <= MOST_POINTS ? points : [...points].sort((a, b) => size(b) - size(a)).slice(0, MOST_POINTS);
}

/** Stretches one role and shrinks the other until both are as wide; their products, which is what a prediction is, stay. */
function balance(points: FactorPoint[], factor: 'x' | 'y'): void {
  const spread = (role: FactorPoint['role']) =>
    Math.sqrt(points.reduce((sum, p) => sum + (p.role === role ? p[factor] ** 2 : 0), 0));
  const [origins, destinations] = [spread('origin'), spread('destination')];
  if (origins === 0 || destinations === 0) return;
  const stretch = Math.sqrt(destinations / origins);
  for (const p of points) p[factor] *= p.role === 'origin' ? stretch : 1 / stretch;
}

function extent(values: readonly number[]): [number, number] {
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const pad = 0.06 * (high - low || 1);
  return [low - pad, high + pad];
}

function size(p: FactorPoint): number {
  return p.x * p.x + p.y * p.y;
}
