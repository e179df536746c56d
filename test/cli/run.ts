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

/** 60 patients: old ones with a small dose are ill, but for a few; falls grow with age. */
export function patientsCsv(): string {
  const rows = Array.from({ length: 60 }, (_, i) => {
    const [age, dose, noise] = [20 + ((i * 37) % 61), (i * 7) % 11, (i * 5) % 7];
    const ill = age - 3 * dose + ((i * 13) % 17) - 8 > 34;
    return `p${i},${age},${dose},${noise},${ill ? 'yes' : 'no'},${Math.floor(age / 15) + ((i * 3) % 4)}`;
  });
  return `id,age,dose,noise,ill,falls\n${rows.join('\n')}\n`;
}

/** 60 short texts of three kinds, each with some of its own words among common ones. */
export function mailsCsv(): string {
  const own = {
    spam: ['win', 'free', 'prize'],
    work: ['meeting', 'report', 'budget'],
    home: ['dinner', 'garden', 'school'],
  };
  const common = ['the', 'of', 'for', 'today', 'please', 'with', 'our'];
  const kinds = Object.keys(own) as (keyof typeof own)[];
  const rows = Array.from({ length: 60 }, (_, i) => {
    const kind = kinds[i % 3];
    const words = Array.from({ length: 6 }, (_, k) => common[(i * 5 + k * (1 + (i % 4))) % 7]);
    if (i % 10 !== 0) words[i % 6] = own[kind][(i >> 2) % 3];
    return `m${i},"${words.join(' ')}, ok",${kind}`;
  });
  return `id,body,kind\n${rows.join('\n')}\n`;
}
