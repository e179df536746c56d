import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { root } from './tarball.ts';

test('the JavaScript entry is at most 40 kB gzipped', () => {
  expect(gzipped('dist/index.js')).toBeLessThanOrEqual(40_000);
});

test('the chunk with the embedded kernels, which the entry imports, is at most 48 kB gzipped', () => {
  const chunks = readdirSync(join(root, 'dist')).filter((name) => /^chunk-.*\.js$/.test(name));
  expect(chunks).toHaveLength(1);
  expect(gzipped(`dist/${chunks[0]}`)).toBeLessThanOrEqual(48_000);
});

test('the kernels as a file are at most 48 kB gzipped', () => {
  expect(gzipped('dist/kernels.wasm')).toBeLessThanOrEqual(48_000);
});

function gzipped(file: string): number {
  return gzipSync(readFileSync(join(root, file)), { level: 9 }).length;
}
