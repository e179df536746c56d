import { optionsObject } from '../core/checks.ts';
import type { Chart } from './chart.ts';
import { type Colour, colours } from './colours.ts';
import { type ChartOptions, draw, FONT_SIZE, WIDTH } from './drawing.ts';
import { axisY, barX, text } from './library.ts';
import { numberText } from './numberText.ts';
import { namesInMargin } from './shorten.ts';

/** Options of `rankBars`. */
export interface RankBarsOptions extends ChartOptions {
  /** How many bars. @default 15 */
  most?: number;
  /** What the length means. @default 'PageRank' */
  unit?: string;
  /** @default 'purple' */
  colour?: Colour;
}

/** The largest scores (all >= 0) as bars, with their numbers; e.g. the PageRank of places. */
export function rankBars(names: readonly string[], scores: ArrayLike<number>, options: RankBarsOptions = {}): Chart {
  const {
    id = 'ranks',
    title = 'Places by PageRank',
    most = 15,
    unit = 'PageRank',
    colour = 'purple',
  } = optionsObject(options, 'rankBars', ['id', 'title', 'most', 'unit', 'colour']);
  const order = Array.from({ length: scores.length }, (_, k) => k).sort((a, b) => scores[b] - scores[a] || a - b);
  const bars = order.slice(0, most).map((k, rank) => ({ name: names[k] ?? String(k), score: scores[k], rank }));
  const total = Array.from(scores).reduce((a, b) => a + b, 0);
  const shown = bars.reduce((a, { score }) => a + score, 0);
  const labels = namesInMargin(
    bars.map(({ name }) => name),
    FONT_SIZE - 1,
    170,
  );
  return draw({
    id,
    title,
    description:
      `The ${bars.length} largest of ${scores.length} scores (${unit}); together they hold ${numberText((100 * shown) / (total || 1))} % of the sum. ` +
      `First: ${bars
        .slice(0, 3)
        .map(({ name, score }) => `${name} ${numberText(score)}`)
        .join(', ')}.`,
    columns: ['rank', 'place', unit],
    rows: order.map((k, rank) => [rank + 1, names[k] ?? String(k), scores[k]]),
    plot: {
      width: WIDTH,
      height: 20 * bars.length + 8,
      marginLeft: labels.margin,
      marginRight: 70,
      marginTop: 4,
      marginBottom: 4,
      x: { domain: [0, bars[0]?.score || 1], axis: null },
      y: { domain: bars.map(({ rank }) => rank), padding: 0.2 },
      marks: [
        axisY({ tickFormat: (rank: number) => labels.names[rank], tickSize: 0, label: null, fontSize: FONT_SIZE - 1 }),
        barX(bars, {
          x: 'score',
          y: 'rank',
          fill: colours[colour],
          title: (b: (typeof bars)[number]) => `${b.rank + 1}. ${b.name}: ${numberText(b.score)}`,
        }),
        text(bars, {
          x: 'score',
          y: 'rank',
          dx: 6,
          textAnchor: 'start',
          text: (b: (typeof bars)[number]) => numberText(b.score),
          fontSize: FONT_SIZE - 1,
        }),
      ],
    },
  });
}
