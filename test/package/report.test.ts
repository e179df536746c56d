import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cityReportCharts, cityReportPage } from '../../src/city/report/index.ts';
import { chromiumFlags, chromiumPath } from '../chromium.ts';
import { sampleReport } from '../city/sampleReport.ts';
import { scratchFolder } from './tarball.ts';

const scratch = scratchFolder();
const report = sampleReport();
const ids = cityReportCharts(report).map(({ id }) => id);
let browser: Browser;

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: chromiumPath, args: chromiumFlags });
});

afterAll(async () => {
  await browser?.close();
  scratch.remove();
});

/** The page from a file, as a reader opens it; whatever the console, the policy or the network say is a failure. */
async function open(
  { width = 1280, scheme = 'light', html = cityReportPage(report) }: { width?: number; scheme?: 'light' | 'dark'; html?: string },
  look: (page: Page) => Promise<void>,
): Promise<void> {
  const file = join(scratch.path, 'index.html');
  writeFileSync(file, html);
  const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme: scheme, acceptDownloads: true });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => /^(?:file|data|blob):/.test(request.url()) || complaints.push(`asked for ${request.url()}`));
  try {
    await page.goto(pathToFileURL(file).href);
    await look(page);
    expect(complaints).toEqual([]);
  } finally {
    await context.close();
  }
}

describe.each([
  [360, 'light'],
  [360, 'dark'],
  [1280, 'light'],
  [1280, 'dark'],
] as const)('at %d pixels in %s colours', (width, scheme) => {
  test('every chart is there with a box of its own, nothing scrolls sideways but boxes made for it, and text can be read', async () => {
    await open({ width, scheme }, async (page) => {
      const seen = await page.evaluate(() => {
        const background = getComputedStyle(document.body).backgroundColor;
        const plots = Array.from(document.querySelectorAll('figure'), (figure) => {
          const svg = figure.querySelector('svg')!;
          const { width, height } = svg.getBoundingClientRect();
          const heights = Array.from(svg.querySelectorAll('text'), (text) => text.getBoundingClientRect().height);
          const labels = heights.filter((h) => h > 0);
          return { id: figure.dataset.chart, width, height, smallest: Math.min(...labels) };
        });
        const { scrollWidth, clientWidth } = document.documentElement;
        return { background, plots, scrollWidth, clientWidth };
      });
      expect(seen.plots.map(({ id }) => id).sort()).toEqual([...ids].sort());
      for (const { id, width: w, height, smallest } of seen.plots) {
        expect(w, id).toBeGreaterThan(250);
        expect(height, id).toBeGreaterThan(60);
        expect(smallest, id).toBeGreaterThan(7.5);
      }
      expect(seen.scrollWidth).toBe(seen.clientWidth);
      expect(seen.background).toBe(scheme === 'light' ? 'rgb(246, 245, 241)' : 'rgb(18, 22, 27)');
    });
  });
});

test('the button changes the colours and says what it will do next', async () => {
  await open({ scheme: 'light' }, async (page) => {
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const before = await background();
    await page.getByRole('button', { name: 'Dark colours' }).click();
    expect(await background()).not.toBe(before);
    await page.getByRole('button', { name: 'Light colours' }).click();
    expect(await background()).toBe(before);
  });
});

test('the keyboard reaches the values of a chart, and a screen reader hears them', async () => {
  await open({}, async (page) => {
    const names: string[] = [];
    for (let k = 0; k < 80 && !names.some((name) => name.startsWith('Places by PageRank')); k++) {
      await page.keyboard.press('Tab');
      names.push(
        await page.evaluate(
          () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '',
        ),
      );
    }
    expect(names[0]).toBe('Skip to the findings');
    expect(names.at(-1)).toMatch(/^Places by PageRank/);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    const second = page.locator('.tip');
    await expect.poll(() => second.textContent()).toMatch(/^2\. /);
    expect(await page.getByRole('status').textContent()).toMatch(/^2\. /);
    await page.keyboard.press('End');
    expect(await second.textContent()).toMatch(/^15\. /);
    await page.keyboard.press('Escape');
    expect(await second.isHidden()).toBe(true);
  });
});

test('pointing at a mark shows its value, once', async () => {
  await open({}, async (page) => {
    const bar = page.locator('#chart-page-rank rect').first();
    await bar.scrollIntoViewIfNeeded();
    await bar.hover();
    expect(await page.locator('.tip').textContent()).toMatch(/^1\. /);
    expect(await page.locator('#chart-page-rank rect title').count()).toBe(0);
  });
});

test('data can be opened as a table and downloaded as CSV', async () => {
  await open({}, async (page) => {
    const figure = page.locator('#chart-network');
    await figure.locator('summary').click();
    const rows = report.city.links.length;
    await expect.poll(() => figure.locator('tbody tr').count()).toBe(Math.min(rows, 200));
    const [download] = await Promise.all([page.waitForEvent('download'), figure.locator('.download').click()]);
    expect(download.suggestedFilename()).toBe('network.csv');
    const lines = readFileSync((await download.path())!, 'utf8')
      .trimEnd()
      .split('\r\n');
    expect(lines[0]).toBe('from,to,traffic,traffic / capacity,closed');
    expect(lines).toHaveLength(rows + 1);
  });
});

test('every entry of the mind map leads to its section', async () => {
  await open({}, async (page) => {
    const targets = await page
      .getByRole('navigation')
      .getByRole('link')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href')!));
    expect(targets.length).toBeGreaterThanOrEqual(14);
    await page.locator(`nav a[href="${targets[5]}"]`).click();
    await expect
      .poll(() => page.locator(targets[5]).evaluate((section) => Math.abs(section.getBoundingClientRect().top) < 200))
      .toBe(true);
  });
});

test('a place that is called like a script does nothing', async () => {
  const { city } = report;
  const name = '</script><script>console.log("harm")</script><img src=x onerror=console.log("harm")>';
  const html = cityReportPage({ ...report, city: { ...city, name, zones: city.zones.map((zone) => ({ ...zone, name })) } });
  await open({ html }, async (page) => {
    expect(await page.locator('h1').textContent()).toBe(name);
    expect(await page.locator('img').count()).toBe(0);
  });
});

test('the page of 400 zones and 90,000 trips can be used in less than a second', async () => {
  const html = cityReportPage(sampleReport({ side: 20, observed: 0.57 }));
  const times: number[] = [];
  for (let k = 0; k < 3; k++) {
    await open({ html }, async (page) => {
      times.push(
        await page.evaluate(
          () =>
            new Promise<number>((done) => {
              // After the script has run, two frames later, the page answers.
              const ask = () => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())));
              if (document.documentElement.dataset.ready === undefined) addEventListener('load', ask);
              else ask();
            }),
        ),
      );
    });
  }
  console.log(`interactive after ${Math.round(Math.min(...times))} ms`);
  expect(Math.min(...times)).toBeLessThan(1000);
});
