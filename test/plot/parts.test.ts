import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CsrMatrix } from '../../src/core/csrMatrix.ts';
import { DenseMatrix } from '../../src/core/denseMatrix.ts';
import {
  crossValidationCurve,
  heatMap,
  intervals,
  l1Ball,
  networkMap,
  normShapes,
  numberText,
  percentText,
  predictedAgainstObserved,
  rankBars,
  spikeRaster,
} from '../../src/plot/index.ts';
import { placeLabels, spreadLabels } from '../../src/plot/labels.ts';
import { textWidth } from '../../src/plot/legend.ts';
import { escapeText, roundNumbers } from '../../src/plot/svgText.ts';
import { all, readXml, textOf } from './markup.ts';

describe('numbers for people', () => {
  test.each([
    [0, '0'],
    [1234567, '1\u202f234\u202f567'],
    [999.6, '1\u202f000'],
    [12.345, '12.3'],
    [-0.5, '−0.5'],
    [0.001234, '0.00123'],
    [0.00001, '1.0e−5'],
    [1e20, '1.0e20'],
    [Number.NaN, '–'],
    [Number.POSITIVE_INFINITY, '∞'],
  ])('%d is %s', (value, text) => expect(numberText(value)).toBe(text));

  test('a share is a percentage', () => expect([percentText(0.1234), percentText(Number.NaN)]).toEqual(['12.3 %', '–']));

  test('three digits are kept', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), (value) => {
        const read = Number(numberText(value).replaceAll('\u202f', ''));
        expect(Math.abs(read - value) / value).toBeLessThan(0.00501);
      }),
    );
  });
});

test('a cross-validation is drawn by any metric, of which large values may be the good ones', () => {
  const path = { lambdas: Float64Array.of(1, 0.5, 0.25), points: [{ df: 0 }, { df: 2 }, { df: 5 }] };
  const parts = { mean: Float64Array.of(0.5, 0.85, 0.9), standardError: Float64Array.of(0.02, 0.03, 0.06) };
  const cv = { path, ...parts, lambdaMin: 0.25, lambda1se: 0.5 };
  const { title, description, data, svg } = crossValidationCurve(cv, { metric: 'accuracy', best: 'max', columns: 'terms' });
  expect(title).toBe('Success on rows that the fit has not seen');
  expect(description).toBe(
    'Cross-validated accuracy along 3 values of lambda. The largest, 0.9 (standard error 0.06), is at lambda 0.25 with 5 terms; the largest ' +
      'lambda within one standard error is 0.5 with 2 terms and a value of 0.85.',
  );
  expect(data.columns).toEqual(['lambda', 'accuracy', 'standard error', 'terms in the model']);
  expect(textOf(readXml(svg))).toMatch(/largest/);
});

describe('text', () => {
  test('any text survives escaping and reading', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => {
        expect(textOf(readXml(`<p>${escapeText(text)}</p>`))).toBe(text);
      }),
    );
  });

  test('characters that XML forbids are left out', () => expect(escapeText('a\u0000b\u001fc\uffffd')).toBe('abcd'));

  test('coordinates are rounded wherever they stand, and never minus zero', () => {
    expect(roundNumbers('M1.23456,-0.0004L1e-7,12 a-2.5e-3')).toBe('M1.23,0L0,12 a0');
  });
});

describe('labels', () => {
  test('spread labels keep their order and their distance, and stay inside where they can', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -50, max: 350, noNaN: true }), { maxLength: 15 }), (wanted) => {
        const at = spreadLabels(wanted, 16, 0, 300);
        const order = wanted.map((_, k) => k).sort((a, b) => at[a] - at[b]);
        for (let k = 1; k < order.length; k++) {
          expect(at[order[k]] - at[order[k - 1]]).toBeGreaterThan(16 - 1e-9);
          expect(wanted[order[k]]).toBeGreaterThanOrEqual(wanted[order[k - 1]]);
        }
        for (const y of at) expect(y >= -1e-9 && y <= 300 + 1e-9).toBe(true);
      }),
    );
  });

  test('placed labels overlap neither each other nor foreign points, and lie inside', () => {
    const point = fc.record({
      x: fc.integer({ min: 0, max: 400 }),
      y: fc.integer({ min: 0, max: 300 }),
      label: fc.constantFrom('', 'Ash', 'Longer name'),
    });
    fc.assert(
      fc.property(fc.array(point, { maxLength: 25 }), (points) => {
        const placed = placeLabels(points, { width: 400, height: 300, fontSize: 12 });
        const boxes = placed.map(({ index, dx, dy, anchor }) => {
          const w = textWidth(points[index].label, 12);
          const left = points[index].x + dx - (anchor === 'end' ? w : anchor === 'middle' ? w / 2 : 0);
          const top = points[index].y + dy - 6;
          return { index, left, top, right: left + w, bottom: top + 12 };
        });
        for (const [k, a] of boxes.entries()) {
          expect(a.left >= 0 && a.top >= 0 && a.right <= 400 && a.bottom <= 300).toBe(true);
          for (const b of boxes.slice(k + 1))
            expect(a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom).toBe(false);
          for (const [i, { x, y }] of points.entries())
            if (i !== a.index) expect(x > a.left && x < a.right && y > a.top && y < a.bottom).toBe(false);
        }
      }),
    );
  });
});

describe('the geometry of L1', () => {
  test('the diamond touches 10a + b = 5 at (0.5, 0), after three steps', () => {
    const { data, description } = l1Ball([10, 1], 5);
    expect(data.rows.filter(([shape]) => shape === 'touch')).toEqual([['touch', 0.5, 0]]);
    expect(new Set(data.rows.map(([shape]) => shape).filter((s) => String(s).startsWith('|a|')))).toHaveLength(3);
    expect(description).toContain('tip (0.5, 0)');
  });

  test('an edge lies on a + b = 1000', () => {
    const { data, description, id } = l1Ball([1, 1], 1000);
    expect(data.rows.filter(([shape]) => shape === 'touch')).toEqual([
      ['touch', 1000, 0],
      ['touch', 0, 1000],
    ]);
    expect(description).toContain('not unique');
    expect(id).toBe('l1-edge');
  });

  test('where it touches lies on the line, and no point of the line is nearer', () => {
    const number = fc.double({ min: -20, max: 20, noNaN: true }).filter((v) => Math.abs(v) > 1e-3);
    fc.assert(
      fc.property(number, number, number, (p, q, r) => {
        for (const [, a, b] of l1Ball([p, q], r).data.rows.filter(([shape]) => shape === 'touch') as [string, number, number][]) {
          expect(p * a + q * b).toBeCloseTo(r, 6);
          for (let t = -10; t <= 10; t++)
            expect(Math.abs(a) + Math.abs(b)).toBeLessThanOrEqual(Math.abs(t) + Math.abs((r - p * t) / q) + 1e-9);
        }
      }),
      { numRuns: 20 },
    );
  });

  test('every point of a norm shape has norm 1', () => {
    for (const [p, a, b] of normShapes([0.5, 1, 2, 3]).data.rows as [number, number, number][]) {
      expect(Math.abs(a) ** p + Math.abs(b) ** p).toBeCloseTo(1, 9);
    }
  });

  test('refuses links to places that do not exist, spikes of neurons that do not exist, and options that do not exist', () => {
    const place = { name: 'Ash', x: 0, y: 0 };
    expect(() => networkMap([place], [{ from: 0, to: 1 }])).toThrow(
      new RangeError('links[0].to: expected an integer in 0..0, got 1'),
    );
    expect(() => spikeRaster({ time: [1], neuron: [3] }, 3, 10)).toThrow(
      new RangeError('spikes.neuron[0] is 3: expected an integer in 0..2'),
    );
    expect(() => rankBars([], [], { color: 'red' } as never)).toThrow(
      new TypeError('rankBars: unknown option "color"; known options: id, title, most, unit, colour'),
    );
  });

  test.each([
    [() => l1Ball([0, 0], 5), 'coefficients: expected two finite numbers, not both 0, got 0, 0'],
    [() => l1Ball([1, 2], 0), 'value: expected a finite number other than 0, got 0'],
    [() => normShapes([1, 0]), 'powers[1] is 0: expected a finite number > 0'],
    [() => normShapes([]), 'powers: expected 1 to 12 of them, got 0'],
    [() => normShapes([2], { id: '"><script>' }), 'id: expected a letter, then letters, digits, "-" or "_", got "\\"><script>"'],
    [() => predictedAgainstObserved([1, 2], [1]), 'predicted: expected 2 numbers, as observed, got 1'],
  ])('refuses what cannot be drawn (%#)', (draw, message) => expect(draw).toThrow(new RangeError(message)));
});

describe('large inputs', () => {
  const size = 900;
  const places = Array.from({ length: size }, (_, k) => ({ name: `place ${k}`, x: k % 30, y: Math.floor(k / 30) }));
  const links = Array.from({ length: 6000 }, (_, k) => ({
    from: k % size,
    to: (7 * k + 1) % size,
    traffic: k % 97,
    value: k % 13,
    closed: k % 5 === 0,
  }));

  test('6000 links cost less than 250 kB, and keep all rows of data', () => {
    const chart = networkMap(places, links);
    expect(chart.svg.length).toBeLessThan(250_000);
    expect(chart.data.rows).toHaveLength(6000);
  });

  test('13,000 places and 30,000 links cost less than 600 kB', () => {
    const many = Array.from({ length: 13_000 }, (_, k) => ({
      name: `place ${k}`,
      x: k % 130,
      y: Math.floor(k / 130),
      size: k < 2000 ? 1 : 0,
    }));
    const roads = Array.from({ length: 30_000 }, (_, k) => ({
      from: k % 13_000,
      to: (k + 1 + 129 * (k % 2)) % 13_000,
      traffic: k % 89,
    }));
    const chart = networkMap(many, roads);
    expect(chart.svg.length).toBeLessThan(600_000);
    expect(chart.description).toContain('The 1000 largest places are drawn as dots.');
  });

  test('the busiest links stay open to questions', () => {
    const chart = networkMap(places, links);
    const titles = all(readXml(chart.svg), 'title').map(textOf);
    expect(titles.filter((t) => t.includes(' → '))).toHaveLength(400);
    const [, busiest] = /Most traffic: (.*?);/.exec(chart.description)!;
    expect(titles).toContain(busiest);
  });

  test('a matrix of 400 x 400 is drawn in blocks that say the mean of their known cells', () => {
    const chart = heatMap(new DenseMatrix(new Float64Array(160_000).fill(2.5), 400, 400));
    expect(chart.data.rows).toHaveLength(32 * 32);
    expect(new Set(chart.data.rows.map((row) => row[2]))).toEqual(new Set([2.5]));
    expect(chart.data.rows.reduce((sum, row) => sum + (row[3] as number), 0)).toBe(160_000);
    expect(chart.svg.length).toBeLessThan(250_000);
  });

  test('100,000 spikes cost less than 250 kB, and all are counted', () => {
    const time = Float64Array.from({ length: 100_000 }, (_, k) => k / 200);
    const neuron = Int32Array.from({ length: 100_000 }, (_, k) => (k * k) % 61);
    const chart = spikeRaster({ time, neuron }, 100, 500);
    expect(chart.svg.length).toBeLessThan(250_000);
    expect(chart.description).toContain('100\u202f000 spikes');
  });

  test('20,000 predictions become counted squares', () => {
    const values = Float64Array.from({ length: 20_000 }, (_, k) => k % 500);
    const chart = predictedAgainstObserved(
      values,
      values.map((v) => v + 1),
    );
    expect(chart.svg.length).toBeLessThan(250_000);
    expect(chart.data.rows.reduce((sum, row) => sum + (row[2] as number), 0)).toBe(20_000);
  });
});

describe('small and odd inputs', () => {
  test('nothing at all still gives a picture and a sentence', () => {
    for (const chart of [
      networkMap([], []),
      networkMap([{ name: 'only', x: 1, y: 1 }], []),
      rankBars([], []),
      intervals([]),
      spikeRaster({ time: [], neuron: [] }, 3, 10),
      heatMap(CsrMatrix.fromCoo(2, 2, { row: [], col: [], value: [] })),
    ]) {
      expect(readXml(chart.svg).name).toBe('svg');
      expect(chart.svg).not.toMatch(/NaN|Infinity|undefined/);
      expect(chart.description).not.toMatch(/NaN|undefined/);
    }
  });

  test('an observed zero is drawn, an unknown cell is not', () => {
    const chart = heatMap(CsrMatrix.fromCoo(2, 2, { row: [0, 1], col: [0, 1], value: [0, 3] }));
    expect(chart.data.rows).toEqual([
      ['0', '0', 0],
      ['1', '1', 3],
    ]);
  });

  test('a matrix by columns is drawn as one by rows', () => {
    const byRow = heatMap(new DenseMatrix(Float64Array.of(1, 2, 3, 4, 5, 6), 2, 3));
    const byColumn = heatMap(new DenseMatrix(Float64Array.of(1, 4, 2, 5, 3, 6), 2, 3, 'column'));
    expect(byColumn).toEqual(byRow);
  });

  test('closed roads are dashed and said to be closed', () => {
    const chart = networkMap(
      [
        { name: 'Ash', x: 0, y: 0 },
        { name: 'Elm', x: 1, y: 0 },
      ],
      [{ from: 0, to: 1, closed: true }],
    );
    expect(all(readXml(chart.svg)).some(({ attributes }) => attributes['stroke-dasharray'] === '2 3')).toBe(true);
    expect(chart.description).toContain('1 are closed');
    expect(chart.data.rows).toEqual([['Ash', 'Elm', '', '', 'yes']]);
  });
});
