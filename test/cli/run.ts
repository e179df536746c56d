import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../src/cli/main.ts';
import type { Terminal } from '../../src/cli/terminal.ts';

/** What a run of the command leaves behind. */
export interface Outcome {
  code: number;
  out: string;
  err: string;
}

/** Runs the command in this process, on streams of its own. */
export async function run(
  argv: readonly string[],
  world: Partial<Terminal> & { input?: string; tty?: boolean } = {},
): Promise<Outcome> {
  const { input = '', tty = false, ...rest } = world;
  let out = '';
  let err = '';
  const stdin = (async function* () {
    yield new TextEncoder().encode(input);
  })();
  const code = await main(argv, {
    stdin,
    stdout: { write: (text) => (out += text), isTTY: tty },
    stderr: { write: (text) => (err += text) },
    env: {},
    signal: new AbortController().signal,
    ...rest,
  });
  return { code, out, err };
}

/** A folder for one file of tests. */
export function scratch(): { path: string; file(name: string, content: string | Uint8Array): string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'spinifex-cli-'));
  return {
    path,
    file(name, content) {
      writeFileSync(join(path, name), content);
      return join(path, name);
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** y = 3 + 2 a - b, and two columns that have nothing to do with it; 40 rows. */
export function roadsCsv(): string {
  const rows = Array.from({ length: 40 }, (_, i) => {
    const [a, b, c, d] = [i % 5, (i * 7) % 11, (i * 3) % 4, (i * 5) % 13];
    return `road ${i},${a},${b},${c},${d},${3 + 2 * a - b}`;
  });
  return `name,a,b,c,d,y\n${rows.join('\n')}\n`;
}
