import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

export const root = resolve(import.meta.dirname, '../..');

/** A scratch folder far from the repository, so that nothing resolves to its node_modules by accident. */
export function scratchFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'spinifex-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** What a user would download: the packed package, in `folder`. */
export async function pack(folder: string): Promise<string> {
  const [{ filename }] = JSON.parse(await run('npm', ['pack', '--json', '--pack-destination', folder], root));
  return join(folder, filename);
}

/** A fresh ESM project with these files and the tarball as its only dependency. */
export async function freshProject(path: string, tarball: string, files: Record<string, string>): Promise<string> {
  const all = { 'package.json': '{ "name": "fresh", "private": true, "type": "module" }', ...files };
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  // Offline on purpose: a package without dependencies asks the network for nothing.
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], path);
  return path;
}

/** Runs a program of this repository's tool chain. */
export function tool(name: string, args: string[], cwd: string): Promise<string> {
  return run(join(root, 'node_modules/.bin', name), args, cwd);
}

/** Runs a program to its end and returns what it printed; rejects, with its output, when it fails. */
export async function run(command: string, args: string[], cwd: string): Promise<string> {
  try {
    return (await promisify(execFile)(command, args, { cwd, env: userEnvironment() })).stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
  }
}

/** `npm test` hands its own settings down (the project's folder among them); a user's shell has none of them. */
function userEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_') && name !== 'NODE_ENV'));
}
