import { beforeAll, describe, expect, test } from 'vitest';
import type { CityReport } from '../../src/city/cityReport.ts';
import { cityReportCharts, cityReportPage } from '../../src/city/report/index.ts';
import { script, scriptHash } from '../../src/city/report/script.ts';
import { dark, light } from '../../src/city/report/style.ts';
import { sampleReport } from './sampleReport.ts';

let report: CityReport;
let page: string;

beforeAll(() => {
  report = sampleReport();
  page = cityReportPage(report);
});

/** A report of a city that has nothing but places. */
const bare: CityReport = {
  city: { zones: [{ id: 'a' }, { id: 7 }, { id: '7' }], links: [] },
  seed: 1,
  skipped: [
    { stage: 'factorize', reason: 'the city has no trips' },
    { stage: 'prune', reason: 'the city has no <roads>' },
  ],
};

describe('the charts of a report', () => {
  test('have ids of their own, in the order of the page', () => {
    const ids = cityReportCharts(report).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual([
      'network',
      'routes-known',
      'combined-score',
      'l1-tip',
      'l1-edge',
      'norm-shapes',
      'lasso-path',
      'cross-validation',
      'pruned-roads',
      'factors',
      'routes-predicted',
      'strongest-routes',
      'principal-directions',
      'page-rank',
      'spikes',
      'accuracy-connections',
      'evaluation-entry',
      'evaluation-column',
    ]);
  });

  test('are all on the page, once', () => {
    for (const { id, svg } of cityReportCharts(report)) {
      expect(page.split(svg)).toHaveLength(2);
      expect(page).toContain(`id="chart-${id}"`);
    }
  });

  test('of a bare city are its map and the geometry of L1', () => {
    expect(cityReportCharts(bare).map(({ id }) => id)).toEqual(['network', 'l1-tip', 'l1-edge', 'norm-shapes']);
  });

  test('draw the strongest routes where a city has no roads', () => {
    const [network] = cityReportCharts({ ...bare, city: { ...report.city, links: [] } });
    expect(network.title).toBe('The strongest known routes');
    expect(network.data.rows).toHaveLength(150);
  });

  test('tell 7 and "7" apart', () => {
    const links = [{ from: 7, to: '7', distance: 1, cost: 1 }];
    const [network] = cityReportCharts({ ...bare, city: { ...bare.city, links } });
    expect(network.data.rows).toHaveLength(1);
    expect(network.description).toContain('1 directed links');
  });
});

describe('the page', () => {
  test('is the same text every time', () => {
    expect(cityReportPage(sampleReport())).toBe(page);
  });

  test('needs nothing from elsewhere', () => {
    const outside = page.replaceAll('http://www.w3.org/2000/svg', '');
    expect(outside).not.toMatch(/https?:|\/\/[a-z]|@import|<link(?! rel="icon" href="data:,")|<img|<iframe|url\(/);
  });

  test('lets only its own script run, and has no inline handler', () => {
    expect(page).toContain(`script-src '${scriptHash}'`);
    expect(page).toContain("default-src 'none'");
    expect(page.split(`<script>${script}</script>`)).toHaveLength(2);
    expect(page.match(/<script/g)!.length - page.match(/<script type="application\/json">/g)!.length).toBe(1);
    expect(page).not.toMatch(/<[^>]*\son\w+=/);
  });

  test('knows the hash of its script', async () => {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(script)));
    expect(scriptHash).toBe(`sha256-${btoa(String.fromCharCode(...digest))}`);
  });

  test('has every id once, and every link of the mind map has a target', () => {
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    expect(ids.filter((id, k) => ids.indexOf(id) !== k)).toEqual([]);
    const targets = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(targets.filter((id) => !ids.includes(id))).toEqual([]);
    for (const section of [
      'network-section',
      'normalize',
      'combine',
      'geometry',
      'select',
      'prune',
      'factorize',
      'directions',
      'rank',
      'predictions',
      'evaluation',
      'spike',
      'sparsify',
      'guide',
      'skipped',
      'notes',
    ]) {
      expect(targets).toContain(section);
    }
  });

  test('has headings that never skip a level, one of them the first', () => {
    const levels = [...page.matchAll(/<h(\d)/g)].map(([, level]) => Number(level));
    expect(levels[0]).toBe(1);
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    for (let k = 1; k < levels.length; k++) expect(levels[k] - levels[k - 1]).toBeLessThanOrEqual(1);
  });

  test('says the main numbers in words', () => {
    const text = plainText(page);
    expect(text).toContain(`${report.factorize!.predictions.length} unknown routes predicted`);
    expect(text).toContain(`L1 closes ${report.prune!.roads.length - report.prune!.open} of ${report.prune!.roads.length} roads`);
    expect(text).toContain('3 flaws of the source mended');
    expect(text).toContain('x = 0.5 · traffic + 0.3 · (1 − distance) + 0.2 · (1 − cost)');
  });

  test('marks our row and the best of every column, and keeps rows that beat us', () => {
    const column = page.slice(page.indexOf('Scores, whole destinations held out'));
    const rows = column.slice(0, column.indexOf('</table>')).match(/<tr.*?<\/tr>/gs)!;
    expect(rows).toHaveLength(5);
    expect(rows[1]).toContain('doubly constrained gravity');
    expect(rows[1].match(/class="best"/g)).toHaveLength(7);
    expect(rows[2]).toContain('<tr class="ours">');
    // Only our method has intervals, which makes its coverage no winner.
    expect(rows[2]).not.toContain('class="best"');
    expect(rows[2]).toContain('90 %');
    expect(plainText(page)).toContain('By skill ours is number 2 of 4, behind doubly constrained gravity.');
  });

  test('shows the numbers of the guide beside ours, with the reason where they differ', () => {
    const text = plainText(page);
    for (const { guide, computed, why } of report.guide!) {
      for (const part of [guide, computed, why]) expect(text).toContain(part);
    }
    expect(text).toContain('2 of 4 numbers and statements of the guide');
  });

  test('explains what is missing instead of leaving it blank', () => {
    const text = plainText(cityReportPage(bare));
    expect(text).toContain('Not for this city. the city has no trips');
    expect(text).toContain('the city has no <roads>');
    expect(text.match(/This stage was not run for this city\./g)!.length).toBeGreaterThanOrEqual(7);
    expect(text).not.toMatch(/undefined|NaN|\[object/);
  });

  test('of a full report says nothing that is not a number or a word', () => {
    expect(plainText(page)).not.toMatch(/undefined|NaN|\[object/);
  });

  test('is harmless whatever places, attributes and files are called', () => {
    const evil = `</script><script>alert(1)</script><img src=x onerror=alert(2)>"'&<!--`;
    const { city } = report;
    const dirty = cityReportPage({
      ...report,
      city: {
        ...city,
        name: evil,
        zones: city.zones.map((zone) => ({ ...zone, name: evil })),
        repairs: [{ kind: evil, source: evil, count: 1, lines: [1], description: evil }],
      },
      select: {
        ...report.select!,
        names: report.select!.names.map(() => evil),
        leaks: [{ name: evil, reason: evil }],
        response: evil,
      },
      sparsify: { ...report.sparsify!, task: evil },
      evaluate: report.evaluate!.map((each) => ({
        ...each,
        methods: each.methods.map((m) => ({ ...m, method: evil, knows: [evil] })),
      })),
      guide: [{ place: evil, title: evil, guide: evil, computed: evil, agrees: false, why: evil }],
      skipped: [{ stage: 'select', reason: evil }],
    });
    expect(dirty).not.toContain('<script>alert');
    expect(dirty).not.toContain('<img');
    expect(dirty.match(/<script/g)).toHaveLength(page.match(/<script/g)!.length);
    expect(dirty.match(/<\/script/g)).toHaveLength(page.match(/<script/g)!.length);
    for (const [, json] of dirty.matchAll(/<script type="application\/json">(.*?)<\/script>/g))
      expect(() => JSON.parse(json)).not.toThrow();
  });
});

describe('a large city', () => {
  test('of 400 zones and 90,000 trips makes a page below 1.5 MB', () => {
    const large = sampleReport({ side: 20, observed: 0.57 });
    expect(large.city.trips!.nnz).toBeGreaterThan(89_000);
    expect(new TextEncoder().encode(cityReportPage(large)).length).toBeLessThan(1_500_000);
  });
});

describe('colours', () => {
  const text = ['ink', 'soft', 'blue', 'green', 'purple', 'orange', 'red', 'brown', 'grey'] as const;
  const marks = [...text, 'teal', 'ramp-1', 'ramp-2', 'ramp-3', 'ramp-4', 'ramp-5'] as const;

  test.each([
    ['light', light],
    ['dark', dark],
  ])('of the %s scheme reach 4.5:1 for text and 3:1 for marks on page and surface', (_, scheme) => {
    for (const back of [scheme.page, scheme.surface]) {
      for (const name of text) expect(contrast(scheme[name], back), name).toBeGreaterThanOrEqual(4.5);
      for (const name of marks) expect(contrast(scheme[name], back), name).toBeGreaterThanOrEqual(3);
    }
  });

  test('that a drawing falls back to without the page reach 3:1 on white and on black', () => {
    const fallbacks = new Set(
      [
        ...cityReportCharts(report)
          .map(({ svg }) => svg)
          .join('')
          .matchAll(/var\(--spinifex-[\w-]+, (#\w{6})\)/g),
      ].map(([, c]) => c),
    );
    expect(fallbacks.size).toBeGreaterThan(5);
    for (const colour of fallbacks)
      for (const back of ['#ffffff', '#121212']) expect(contrast(colour, back), colour).toBeGreaterThanOrEqual(3);
  });
});

function plainText(html: string): string {
  const known: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
  return html
    .replace(/<(style|script)[\s\S]*?<\/\1>/g, '')
    .replace(/<\/(?:p|div|li|td|th|b|h\d)>/g, ' ')
    .replace(/<[^>]*>/g, '')
    .replace(/&(\w+|#39);/g, (_, name) => known[name])
    .replace(/\s+/g, ' ');
}

/** Contrast of two colours (WCAG 2.2). */
function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((k) => {
    const v = Number.parseInt(colour.slice(k, k + 2), 16) / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
