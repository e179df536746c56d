import { join } from 'node:path';
import { type Browser, chromium } from 'playwright';
import { build, createServer, preview } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chromiumFlags, chromiumPath } from '../chromium.ts';
import { freshProject, pack, run, scratchFolder, tool } from './tarball.ts';

/** y = 3 + 2 a + 0.05 b with orthogonal a and b: the lasso at 0.1 takes 0.1 off the first weight and all of the second. */
const FIT = `
import { Lasso } from 'spinifex';

export function fit() {
  const X = [[1, 1], [1, -1], [-1, 1], [-1, -1]];
  const model = new Lasso({ lambda: 0.1 }).fit(X, [5.05, 4.95, 1.05, 0.95]);
  return { coef: [...model.coef], intercept: model.intercept, converged: model.certificate.converged };
}
`;

const PAGE = {
  'fit.js': FIT,
  // The icon is inline, because the one that browsers ask for on their own would be a 404 in the console.
  'index.html': '<!doctype html><title>fit</title><link rel="icon" href="data:,"><script type="module" src="/main.js"></script>',
  'main.js': "import { fit } from './fit.js';\ndocument.body.innerHTML = '<pre>' + JSON.stringify(fit()) + '</pre>';\n",
};

const scratch = scratchFolder();
let tarball: string;
let browser: Browser;

beforeAll(async () => {
  tarball = await pack(scratch.path);
  browser = await chromium.launch({ executablePath: chromiumPath, args: chromiumFlags });
});

afterAll(async () => {
  await browser?.close();
  scratch.remove();
});

test('the packed package fits a lasso in a fresh Node project', async () => {
  const project = await freshProject(join(scratch.path, 'node'), tarball, {
    'fit.js': FIT,
    'main.js': "import { fit } from './fit.js';\nconsole.log(JSON.stringify(fit()));\n",
  });
  expectFit(await run(process.execPath, ['main.js'], project));
});

test('the packed kernels are a WebAssembly module under their own entry point', async () => {
  const project = await freshProject(join(scratch.path, 'kernels'), tarball, {
    'main.js':
      "import { readFileSync } from 'node:fs';\n" +
      "console.log(WebAssembly.validate(readFileSync(new URL(import.meta.resolve('spinifex/kernels.wasm')))));\n",
  });
  expect(await run(process.execPath, ['main.js'], project)).toBe('true\n');
});

test('the packed types compile in a fresh strict TypeScript project, which sees its types checked', async () => {
  const project = await freshProject(join(scratch.path, 'types'), tarball, {
    'tsconfig.json':
      '{ "compilerOptions": { "strict": true, "module": "nodenext", "target": "es2022", "types": [], "noEmit": true } }',
    'main.ts': `
import { Lasso } from 'spinifex';
const coef: Float64Array = new Lasso({ lambda: 0.1 }).fit([[1], [2]], [1, 2]).coef;
// @ts-expect-error a recipe that is not fitted yet cannot predict
new Lasso({ lambda: 0.1 }).predict([[1]]);
console.log(coef.length);
`,
  });
  await tool('tsc', ['-p', '.'], project);
});

test('the packed package works in a fresh Vite app, built and previewed', async () => {
  const app = await freshProject(join(scratch.path, 'built'), tarball, PAGE);
  await build({ root: app, configFile: false, logLevel: 'silent' });
  const server = await preview({ root: app, configFile: false, logLevel: 'silent', preview: { port: 0 } });
  try {
    const { text } = await open(server.resolvedUrls!.local[0]);
    expectFit(text);
  } finally {
    await server.close();
  }
});

test('the packed package works in a fresh Vite app under its dev server, which moves dependencies elsewhere', async () => {
  const app = await freshProject(join(scratch.path, 'dev'), tarball, PAGE);
  const server = await createServer({ root: app, configFile: false, logLevel: 'silent', server: { port: 0 } });
  try {
    await server.listen();
    const { text, requests } = await open(server.resolvedUrls!.local[0]);
    expectFit(text);
    expect(requests.filter((url) => url.includes('/.vite/deps/spinifex.js'))).toHaveLength(1);
  } finally {
    await server.close();
  }
});

function expectFit(json: string): void {
  const { coef, intercept, converged } = JSON.parse(json);
  expect(coef[0]).toBeCloseTo(1.9, 4);
  expect(coef[1]).toBe(0);
  expect(intercept).toBeCloseTo(3, 4);
  expect(converged).toBe(true);
}

/** What the page shows when it is done, and what it asked for; fails on any error or warning in the console. */
async function open(url: string): Promise<{ text: string; requests: string[] }> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => requests.push(request.url()));
  try {
    await page.goto(url);
    const text = await page.locator('pre').textContent({ timeout: 30_000 });
    expect(complaints).toEqual([]);
    return { text: text!, requests };
  } catch (error) {
    throw new Error(`${url}: ${complaints.join('\n') || 'no complaint in the console'}`, { cause: error });
  } finally {
    await page.close();
  }
}
