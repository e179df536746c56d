import { optionsObject } from '../core/checks.ts';
import type { PcaModel, SparsePcaModel } from '../spectral/index.ts';
import type { Chart } from './chart.ts';
import { colours, faint } from './colours.ts';
import { type ChartOptions, draw, FONT_SIZE, WIDTH } from './drawing.ts';
import { axisY, rect, ruleX, text } from './library.ts';
import { numberText, percentText } from './numberText.ts';
import { namesInMargin } from './shorten.ts';

/** Options of `principalDirections`. */
export interface PrincipalDirectionsOptions extends ChartOptions {
  /** How many components. @default 3 */
  most?: number;
}

const ROW = 18;

/** Loadings of the principal components as bars, one column of bars per component; those of sparse components beside them, where zeros have no bar. */
export function principalDirections(
  names: readonly string[],
  pca: PcaModel,
  sparse?: SparsePcaModel,
  options: PrincipalDirectionsOptions = {},
): Chart {
  const {
    id = 'principal-directions',
    title = 'In which directions the attributes vary',
    most = 3,
  } = optionsObject(options, 'principalDirections', ['id', 'title', 'most']);
  const count = Math.min(most, pca.components.rows);
  const p = pca.components.cols;
  const dense = (c: number, j: number) => pca.components.data[c * p + j];
  const components = Array.from({ length: count }, (_, c) => c);
  const bars = components.flatMap((c) =>
    names.flatMap((name, j) => [
      { c, j, name, kind: 'dense' as const, value: dense(c, j) },
      ...(sparse && c < sparse.components.rows
        ? [{ c, j, name, kind: 'sparse' as const, value: sparse.components.get(c, j) }]
        : []),
    ]),
  );
  const scale = 0.44;
  const largest = bars.reduce((a, { value }) => Math.max(a, Math.abs(value)), 0) || 1;
  const half = sparse ? 0.42 : 0;
  const meaning = (c: number) => {
    const strongest = names
      .map((name, j) => ({ name, value: dense(c, j) }))
      .sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
    return `${strongest
      .slice(0, 2)
      .map(({ name, value }) => `${name} ${numberText(value)}`)
      .join(' and ')}`;
  };
  const few = sparse ? components.filter((c) => c < sparse.supports.length).map((c) => `${sparse.supports[c].length}`) : [];
  const labels = namesInMargin(names, FONT_SIZE - 1, 150);
  return draw({
    id,
    title,
    description:
      components
        .map(
          (c) =>
            `Component ${c + 1} carries ${percentText(pca.explainedVarianceRatio[c])} of the variance, mostly ${meaning(c)}.`,
        )
        .join(' ') +
      (sparse
        ? ` The sparse components use ${few.join(', ')} of ${names.length} attributes and carry ${[...sparse.explainedVarianceRatio].slice(0, count).map(percentText).join(', ')}.`
        : ''),
    columns: ['component', 'attribute', 'kind', 'loading'],
    rows: bars.map(({ c, name, kind, value }) => [c + 1, name, kind, value]),
    legend: [
      { label: 'principal component', kind: 'square', colour: colours.purple },
      ...(sparse ? [{ label: 'sparse component', kind: 'square' as const, colour: colours.orange }] : []),
    ],
    plot: {
      width: WIDTH,
      height: 48 + ROW * names.length + 8,
      marginLeft: labels.margin,
      marginRight: 8,
      marginTop: 44,
      marginBottom: 4,
      x: { domain: [-0.5, count - 0.5], axis: null },
      y: { domain: [names.length - 0.5, -0.5] },
      marks: [
        axisY(
          names.map((_, j) => j),
          { tickFormat: (j: number) => labels.names[j], tickSize: 0, label: null, fontSize: FONT_SIZE - 1 },
        ),
        ruleX(components, { stroke: faint }),
        text(components, {
          x: (c: number) => c,
          frameAnchor: 'top',
          dy: -32,
          lineHeight: 1.3,
          text: (c: number) => `component ${c + 1}\n${percentText(pca.explainedVarianceRatio[c])}`,
          fontSize: FONT_SIZE - 1,
        }),
        ...(['dense', 'sparse'] as const).map((kind) =>
          rect(
            bars.filter((bar) => bar.kind === kind && bar.value !== 0),
            {
              x1: 'c',
              x2: (bar: Bar) => bar.c + (scale * bar.value) / largest,
              y1: (bar: Bar) => bar.j - (kind === 'dense' ? 0.42 : 0),
              y2: (bar: Bar) => bar.j + (kind === 'dense' ? 0.42 - half : 0.42),
              fill: kind === 'dense' ? colours.purple : colours.orange,
              title: (bar: Bar) =>
                `${kind === 'dense' ? 'component' : 'sparse component'} ${bar.c + 1}, ${bar.name}: ${numberText(bar.value)}`,
            },
          ),
        ),
      ],
    },
  });
}

interface Bar {
  c: number;
  j: number;
  name: string;
  kind: 'dense' | 'sparse';
  value: number;
}
