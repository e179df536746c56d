import { integerIn, optionsObject } from '../core/checks.ts';
import type { Chart } from './chart.ts';
import { colours, ramp, surface } from './colours.ts';
import { type ChartOptions, draw, FONT_SIZE } from './drawing.ts';
import { placeLabels } from './labels.ts';
import type { LegendItem } from './legend.ts';
import { dot, line, link, type Markish, text } from './library.ts';
import { numberText } from './numberText.ts';

/** A place on the map. */
export interface MapPlace {
  name: string;
  x: number;
  y: number;
  /** Larger dots, e.g. a PageRank; all alike where absent. */
  size?: number;
  /** What to say beside the name. */
  note?: string;
}

/** A road between two places, given by their numbers. */
export interface MapLink {
  from: number;
  to: number;
  /** Width, e.g. traffic. */
  traffic?: number;
  /** Colour, e.g. traffic over capacity. */
  value?: number;
  /** Pale and dashed. */
  closed?: boolean;
}

/** Options of `networkMap`. */
export interface NetworkMapOptions extends ChartOptions {
  /** What the width means. @default 'traffic' */
  traffic?: string;
  /** What the colour means. @default 'value' */
  value?: string;
  /** Whether x and y are longitude and latitude in degrees. @default false */
  degrees?: boolean;
  /** How many links can be asked for their values; the others are drawn together. @default 400 */
  most?: number;
}

/** The most places that are drawn as dots. */
const MOST_PLACES = 1000;
const WIDTH = 560;
const MARGIN = 18;

interface Road extends MapLink {
  /** Place in the order of traffic. */
  colour: number;
  width: number;
}

/**
 * Places and the roads between them: width by traffic, colour by a value in five classes of equal count, closed roads pale and dashed. Both directions
 * of a road are one line (traffic added up, the larger value) beyond `most` links. Links without traffic share one thin width.
 */
export function networkMap(places: readonly MapPlace[], links: readonly MapLink[], options: NetworkMapOptions = {}): Chart {
  const {
    id = 'network',
    title = 'The network',
    traffic = 'traffic',
    value = 'value',
    degrees = false,
    most = 400,
  } = optionsObject(options, 'networkMap', ['id', 'title', 'traffic', 'value', 'degrees', 'most']);
  for (const [k, { from, to }] of links.entries()) {
    integerIn(from, `links[${k}].from`, 0, places.length - 1);
    integerIn(to, `links[${k}].to`, 0, places.length - 1);
  }
  const { at, height } = project(places, degrees);
  const merged = links.length > most ? bothDirections(links) : links;
  const largest = merged.reduce((a, { traffic = 0 }) => Math.max(a, traffic), 0);
  const steps = quantiles(
    merged.flatMap(({ value, closed }) => (value === undefined || closed ? [] : [value])),
    ramp.length,
  );
  const roads = merged
    .filter(({ from, to }) => from !== to)
    .map((road) => ({
      ...road,
      colour: road.value === undefined || steps.length === 0 ? -1 : steps.filter((step) => step < road.value!).length,
      // Four widths: enough to see, and few enough to draw together.
      width: largest > 0 ? 1 + 1.5 * Math.round(3 * Math.sqrt((road.traffic ?? 0) / largest)) : 1.5,
    }))
    .sort((a, b) => (a.traffic ?? 0) - (b.traffic ?? 0));
  const closed = roads.filter((road) => road.closed);
  const open = roads.filter((road) => !road.closed);
  const busy = open.slice(-most);
  const nameOf = (k: number) => places[k].name;
  const say = (road: Road) =>
    `${nameOf(road.from)} → ${nameOf(road.to)}` +
    (road.closed ? ': closed' : '') +
    (road.traffic === undefined ? '' : `, ${traffic} ${numberText(road.traffic)}`) +
    (road.value === undefined ? '' : `, ${value} ${numberText(road.value)}`);
  const ends = {
    x1: (r: Road) => at[r.from].x,
    y1: (r: Road) => at[r.from].y,
    x2: (r: Road) => at[r.to].x,
    y2: (r: Road) => at[r.to].y,
  };
  const strokeOf = (colour: number) => (colour < 0 ? colours.blue : ramp[colour]);

  const marks: Markish[] = [];
  // One path per look for roads that nobody can ask for: thousands of them cost a few bytes each.
  const together = (group: readonly Road[], style: object) => {
    const pen = group.flatMap((r) => [at[r.from], at[r.to], { x: Number.NaN, y: Number.NaN }]);
    marks.push(line(pen, { x: 'x', y: 'y', ...style }));
  };
  if (closed.length > 0)
    together(bothDirections(closed) as Road[], {
      stroke: colours.grey,
      strokeOpacity: 0.75,
      strokeDasharray: '2 3',
      strokeWidth: 1,
    });
  for (const [, group] of groupBy(open.slice(0, -most), ({ colour, width }) => `${colour} ${width}`)) {
    together(group, { stroke: strokeOf(group[0].colour), strokeWidth: group[0].width, strokeOpacity: 0.8 });
  }
  for (const [, group] of groupBy(busy, ({ colour, width }) => `${colour} ${width}`)) {
    marks.push(
      link(group, {
        ...ends,
        stroke: strokeOf(group[0].colour),
        strokeWidth: group[0].width,
        strokeOpacity: 0.85,
        strokeLinecap: 'round',
        title: say,
      }),
    );
  }

  const sizes = places.map(({ size = 1 }) => size);
  const passing = new Float64Array(places.length);
  for (const { from, to, traffic = 0 } of open) {
    passing[from] += traffic;
    passing[to] += traffic;
  }
  const biggest = Math.max(...sizes, Number.MIN_VALUE);
  const radius = places.length > 150 ? 2.5 : 5;
  const all = places.map((place, k) => ({
    ...place,
    ...at[k],
    r: radius * (0.5 + 0.9 * Math.sqrt(Math.max(sizes[k], 0) / biggest)),
  }));
  // Junctions of a large city would hide its roads.
  const dots =
    places.length <= MOST_PLACES
      ? all
      : all
          .filter((_, k) => sizes[k] > 0)
          .sort((a, b) => b.r - a.r)
          .slice(0, MOST_PLACES);
  marks.push(
    dot(dots, {
      x: 'x',
      y: 'y',
      r: 'r',
      fill: surface,
      stroke: 'currentColor',
      strokeWidth: 1.5,
      title: ({ name, note }: MapPlace) => (note ? `${name}: ${note}` : name),
    }),
  );
  const labelled = all
    .map(({ x, y, name }, k) => ({ x, y, label: name, k }))
    .sort((a, b) => sizes[b.k] - sizes[a.k] || passing[b.k] - passing[a.k] || a.k - b.k)
    .slice(0, 60);
  const placed = placeLabels(labelled, { width: WIDTH, height, fontSize: FONT_SIZE - 1, clearance: radius + 4 });
  for (const { index, dx, dy, anchor } of placed.slice(0, places.length > 80 ? 24 : 60)) {
    const { x, y, label } = labelled[index];
    marks.push(
      text([{ x, y }], {
        x: 'x',
        y: 'y',
        dx,
        dy,
        textAnchor: anchor,
        text: () => label,
        fontSize: FONT_SIZE - 1,
        stroke: surface,
        strokeWidth: 3,
        fill: 'currentColor',
      }),
    );
  }

  const busiest = busy
    .filter((r) => r.traffic !== undefined)
    .slice(-3)
    .reverse();
  return draw({
    id,
    title,
    description:
      `${places.length} places and ${links.length} directed links${links.length > merged.length ? ', both directions of a road drawn as one line' : ''}.` +
      (dots.length < places.length ? ` The ${dots.length} largest places are drawn as dots.` : '') +
      (closed.length > 0 ? ` ${closed.length} are closed (pale and dashed), ${open.length} are open.` : '') +
      (busiest.length > 0 ? ` Most ${traffic}: ${busiest.map(say).join('; ')}.` : ''),
    columns: ['from', 'to', traffic, value, 'closed'],
    rows: links.map((r) => [nameOf(r.from), nameOf(r.to), r.traffic ?? '', r.value ?? '', r.closed ? 'yes' : 'no']),
    legend: [...rampLegend(steps, value), ...widthLegend(largest, traffic), ...(closed.length > 0 ? [closedItem] : [])],
    plot: {
      width: WIDTH,
      height,
      margin: 0,
      x: { domain: [0, WIDTH], axis: null },
      y: { domain: [height, 0], axis: null },
      r: { type: 'identity' },
      marks,
    },
  });
}

const closedItem: LegendItem = { label: 'closed', kind: 'dashed', colour: colours.grey, dash: '2 3' };

function rampLegend(steps: readonly number[], value: string): LegendItem[] {
  if (steps.length === 0) return [];
  return [
    { label: `${value} ≤ ${numberText(steps[0])}`, kind: 'line', colour: ramp[0] },
    ...ramp.slice(1, -1).map((colour, k): LegendItem => ({ label: `≤ ${numberText(steps[k + 1])}`, kind: 'line', colour })),
    { label: 'above', kind: 'line', colour: ramp[ramp.length - 1] },
  ];
}

function widthLegend(largest: number, traffic: string): LegendItem[] {
  return largest > 0
    ? [{ label: `width: ${traffic}, up to ${numberText(largest)}`, kind: 'square', colour: 'currentColor', opacity: 0.3 }]
    : [];
}

/** Positions in pixels, proportions kept; the drawing is as high as they need, within reason. */
function project(places: readonly MapPlace[], degrees: boolean): { at: { x: number; y: number }[]; height: number } {
  if (places.length === 0) return { at: [], height: 240 };
  const ys = places.map(({ y }) => y);
  const middle = (Math.min(...ys) + Math.max(...ys)) / 2;
  const shrink = degrees ? Math.cos((middle * Math.PI) / 180) : 1;
  const xs = places.map(({ x }) => x * shrink);
  const [left, top] = [Math.min(...xs), Math.max(...ys)];
  const [wide, high] = [Math.max(...xs) - left || 1, top - Math.min(...ys) || 1];
  const height = Math.round(Math.min(Math.max((WIDTH * high) / wide, 240), 520));
  const scale = Math.min((WIDTH - 2 * MARGIN) / wide, (height - 2 * MARGIN) / high);
  const [padX, padY] = [(WIDTH - scale * wide) / 2, (height - scale * high) / 2];
  return { at: places.map((_, k) => ({ x: padX + scale * (xs[k] - left), y: padY + scale * (top - ys[k]) })), height };
}

function bothDirections(links: readonly MapLink[]): MapLink[] {
  const roads = new Map<string, MapLink>();
  for (const road of links) {
    const key = `${Math.min(road.from, road.to)} ${Math.max(road.from, road.to)} ${road.closed ? 1 : 0}`;
    const other = roads.get(key);
    if (other === undefined) roads.set(key, { ...road });
    else {
      if (road.traffic !== undefined) other.traffic = (other.traffic ?? 0) + road.traffic;
      if (road.value !== undefined) other.value = Math.max(other.value ?? road.value, road.value);
    }
  }
  return [...roads.values()];
}

/** Upper ends of the first `classes` - 1 classes of equal count; none where the values are too few or all alike. */
function quantiles(values: readonly number[], classes: number): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  if (sorted.length < classes || sorted[0] === sorted[sorted.length - 1]) return [];
  return Array.from({ length: classes - 1 }, (_, k) => sorted[Math.ceil(((k + 1) * sorted.length) / classes) - 1]);
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = key(item);
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name)!.push(item);
  }
  return groups;
}
