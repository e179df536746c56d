import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { expect, test } from 'vitest';
import { root } from './tarball.ts';

const dist = readdirSync(join(root, 'dist')).filter((name) => name.endsWith('.js'));
/** The chunk with the embedded kernels, which every page loads. */
const kernels = dist.filter((name) => /^chunk-/.test(name) && read(name).includes('AGFzbQ'));

test('a page that uses linear models alone loads at most 40 kB of gzipped JavaScript beside the kernels', async () => {
  expect(await bundled('Lasso, ElasticNet, LassoCV, lassoPath, CsrMatrix, upload')).toBeLessThanOrEqual(40_000);
});

test('a page that trains and runs a spiking classifier loads at most 40 kB of gzipped JavaScript beside the kernels', async () => {
  expect(await bundled('SpikingClassifier, SpikingModel, spikingPath')).toBeLessThanOrEqual(40_000);
});

test.each([
  ['factorises matrices', 'MatrixFactorization, ImplicitFactorization, FactorizationModel, matrixFromRecords'],
  ['finds principal components', 'Pca, TruncatedSvd, PcaModel'],
  ['finds sparse principal components', 'SparsePca'],
  ['vectorises text', 'TfidfVectorizer, HashingVectorizer, ComplementNaiveBayes'],
  ['finds clusters', 'KMeans, GaussianMixture'],
  ['learns from streams', 'FtrlClassifier, FtrlRegression'],
  ['ranks the nodes of graphs', 'pageRank, l1PageRankPath, sweepCut, graphFromRecords'],
])('a page that %s loads at most 40 kB of gzipped JavaScript beside the kernels', async (_, names) => {
  expect(await bundled(names)).toBeLessThanOrEqual(40_000);
});

test('a page with classifiers of all kinds, their paths and cross-validation loads at most 60 kB of gzipped JavaScript beside the kernels', async () => {
  expect(await bundled('LogisticRegressionCV, LinearSvmCV, logisticPath, LogisticModel, SvmModel')).toBeLessThanOrEqual(60_000);
});

test('all of the families are at most 220 kB gzipped beside the kernels', () => {
  expect(total(reached('index.js'))).toBeLessThanOrEqual(220_000);
});

test('the city system with its charts is at most 400 kB gzipped, and a page loads no document of its own', () => {
  const city = reached('city.js');
  expect(total(city)).toBeLessThanOrEqual(400_000);
  expect(city.some((name) => name.startsWith('worker-'))).toBe(false);
});

test('the chunk with the embedded kernels, which the entry imports, is at most 64 kB gzipped', () => {
  expect(kernels).toHaveLength(1);
  expect(gzipped(read(kernels[0]))).toBeLessThanOrEqual(64_000);
});

test('the kernels as a file are at most 48 kB gzipped', () => {
  expect(gzipped(readFileSync(join(root, 'dist/kernels.wasm')))).toBeLessThanOrEqual(48_000);
});

/** Gzipped size of what a bundler makes of a page that imports these names, the kernels left out. */
async function bundled(names: string): Promise<number> {
  const entry = '\0entry';
  const result = (await build({
    root,
    configFile: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'entry',
        enforce: 'pre' as const,
        resolveId: (id) => (id === 'virtual:entry' ? entry : id.includes(kernels[0]) ? { id, external: true } : undefined),
        load: (id) => (id === entry ? `export { ${names} } from '${join(root, 'dist/index.js')}';` : undefined),
      },
    ],
    build: {
      write: false,
      minify: true,
      lib: { entry: 'virtual:entry', formats: ['es'] },
      rollupOptions: { input: 'virtual:entry' },
    },
  })) as Rolldown.RolldownOutput[] | Rolldown.RolldownOutput;
  const outputs = Array.isArray(result) ? result : [result];
  const code = outputs.flatMap(({ output }) => output).map((chunk) => ('code' in chunk ? chunk.code : ''));
  return gzipped(code.join('\n'));
}

/** The files that a file imports, itself included, however deep; the kernels left out. */
function reached(entry: string): string[] {
  const found = new Set([entry]);
  for (const name of found) {
    for (const [, path] of read(name).matchAll(/(?:from|import)\s*["']\.\/([\w-]+\.js)["']/g)) found.add(path);
  }
  return [...found].filter((name) => !kernels.includes(name));
}

function total(names: readonly string[]): number {
  return names.reduce((sum, name) => sum + gzipped(read(name)), 0);
}

function read(name: string): string {
  return readFileSync(join(root, 'dist', name), 'utf8');
}

function gzipped(content: string | Uint8Array): number {
  return gzipSync(content, { level: 9 }).length;
}
