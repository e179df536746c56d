import { readFileSync } from 'node:fs';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pack, root, run, scratchFolder, tool } from './tarball.ts';

const scratch = scratchFolder();
let tarball: string;

beforeAll(async () => {
  tarball = await pack(scratch.path);
});

afterAll(() => scratch.remove());

test('publint has nothing to say about the packed package', async () => {
  const bytes = readFileSync(tarball);
  const archive = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const { messages, pkg } = await publint({ pack: { tarball: archive } });
  expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
});

test('the types are not wrong for any ESM consumer', async () => {
  // The kernels are bytes and have no types to be wrong.
  await tool('attw', [tarball, '--profile', 'esm-only', '--exclude-entrypoints', 'kernels.wasm'], root);
});

test('the tarball holds what is used, what it was made from and the licence, and nothing else', async () => {
  const files = (await run('tar', ['-tzf', tarball], root)).trim().split('\n');
  const allowed =
    /^package\/(?:package\.json|README\.md|LICENSE|docs\/[\w-]+\.md|assembly\/[\w.]+|dist\/third-party-licenses\.txt|dist\/[\w-]+\.(?:js|js\.map|d\.ts|wasm))$/;
  expect(files.filter((file) => !allowed.test(file))).toEqual([]);
  for (const file of ['dist/index.js', 'dist/index.d.ts', 'dist/kernels.wasm', 'assembly/index.ts', 'LICENSE', 'README.md']) {
    expect(files).toContain(`package/${file}`);
  }
});

test('nothing is installed beside the package', () => {
  const manifest = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
  expect(Object.keys(manifest).filter((key) => /^(?:peer|optional|bundled?)?dependencies$/i.test(key))).toEqual([]);
});
