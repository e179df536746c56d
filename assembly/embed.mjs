// Turns the release module into a TypeScript string, so that every bundler, dev server and CDN carries it without configuration.
import { readFileSync, writeFileSync } from 'node:fs';

const target = new URL('../src/backend/bytes.generated.ts', import.meta.url);
const base64 = readFileSync(new URL('../build/kernels.wasm', import.meta.url)).toString('base64');
const source = `export const kernelsBase64 =\n  '${base64}';\n`;

// An untouched file keeps watchers and incremental builds quiet.
if (source !== existing()) writeFileSync(target, source);

function existing() {
  try {
    return readFileSync(target, 'utf8');
  } catch {
    return undefined;
  }
}
