import { readFile } from 'node:fs/promises';

/** The version of the package, from its package.json: one folder above `dist/`, two above this source. */
export async function packageVersion(): Promise<string> {
  for (const place of ['../package.json', '../../package.json']) {
    const found = await readFile(new URL(place, import.meta.url), 'utf8').then(JSON.parse, () => undefined);
    if (found?.name === 'spinifex') return found.version;
  }
  return 'unknown';
}
