import { describe, expect, test } from 'vitest';
import type { Chart } from '../../src/plot/index.ts';
import { all, readXml, textOf } from './markup.ts';
import { charts, EVIL } from './samples.ts';

/** What every engine must draw, letter for letter: a change here is a change of the pictures. */
const HASHES: Record<string, string> = {
  coefficientPath: 'b42943a9',
  crossValidationCurve: 'f8e39f13',
  l1Ball: 'c37cb93',
  normShapes: '72307877',
  networkMap: '862ade96',
  heatMap: '66776d1b',
  factorPlot: '661e5c08',
  principalDirections: '3e75e783',
  rankBars: 'dbafa518',
  spikeRaster: 'c6e01a24',
  accuracyAgainstConnections: '29fb1451',
  predictedAgainstObserved: '4bcbe688',
  intervals: '91937010',
};

describe.each(Object.entries(charts))('%s', (name, draw) => {
  const chart: Chart = draw();
  const svg = readXml(chart.svg);

  test('is one well-formed svg with a role, a title and a description that label it', () => {
    expect(svg.name).toBe('svg');
    expect(svg.attributes.role).toBe('img');
    const labels = svg.attributes['aria-labelledby'].split(' ');
    const [title, desc] = svg.children.slice(0, 2).map((child) => (typeof child === 'string' ? undefined : child));
    expect([title?.name, title?.attributes.id, title && textOf(title)]).toEqual(['title', labels[0], chart.title]);
    expect([desc?.name, desc?.attributes.id, desc && textOf(desc)]).toEqual(['desc', labels[1], chart.description]);
  });

  test('has a size, a view box, and no coordinate that is not a number', () => {
    const { width, height, viewBox } = svg.attributes;
    expect(viewBox).toBe(`0 0 ${width} ${height}`);
    expect(Number(width)).toBeGreaterThan(100);
    expect(Number(height)).toBeGreaterThan(50);
    expect(chart.svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  test('carries no script, no style sheet, no class, no link and no handler', () => {
    for (const element of all(svg)) {
      expect(element.name).not.toMatch(/^(?:script|style|a|image|use|foreignObject)$/);
      expect(Object.keys(element.attributes).filter((key) => /^(?:on|href|xlink|class|style)/.test(key))).toEqual([]);
    }
  });

  test('has ids of its own only', () => {
    const ids = all(svg).flatMap(({ attributes }) => attributes.id ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id.startsWith(`${chart.id}-`)).toBe(true);
  });

  test('takes its colours from variables with fallbacks, the ink or nothing', () => {
    for (const { attributes } of all(svg)) {
      for (const key of ['fill', 'stroke']) {
        expect(attributes[key] ?? 'none').toMatch(
          /^(?:none|currentColor|transparent|var\(--spinifex-[\w-]+, (?:#\w+|Canvas)\))$/,
        );
      }
    }
  });

  test('says values on its marks, and nothing is lost by escaping', () => {
    const titles = all(svg, 'title').slice(1).map(textOf);
    expect(titles.length).toBeGreaterThan(0);
    for (const title of titles) expect(title.length).toBeGreaterThan(3);
    if (JSON.stringify(chart.data).includes(JSON.stringify(EVIL).slice(1, -1))) {
      expect(chart.svg).not.toContain('<script');
      expect(textOf(svg)).toContain('<script>');
    }
  });

  test('has data with as many cells in every row as there are columns', () => {
    expect(chart.data.rows.length).toBeGreaterThan(0);
    expect(new Set(chart.data.rows.map((row) => row.length))).toEqual(new Set([chart.data.columns.length]));
  });

  test('has a description in whole sentences', () => {
    expect(chart.description).toMatch(/^.{40,}[.]$/s);
    expect(chart.description).not.toMatch(/undefined|NaN|\s{2}/);
  });

  test('rounds coordinates to a hundredth', () => {
    const long = all(svg).flatMap(({ attributes }) =>
      Object.entries(attributes).filter(
        ([key, value]) => /^(?:[xyrd]|[xy][12]|c[xy]|transform|width|height)$/.test(key) && /\.\d{3}/.test(value),
      ),
    );
    expect(long).toEqual([]);
  });

  test('is the same text every time and in every engine', () => {
    expect(draw()).toEqual(chart);
    expect(hash(chart.svg)).toBe(HASHES[name]);
  });
});

/** FNV-1a, 32 bits. */
function hash(text: string): string {
  let h = 0x811c9dc5;
  for (let k = 0; k < text.length; k++) h = Math.imul(h ^ text.charCodeAt(k), 0x01000193);
  return (h >>> 0).toString(16);
}
