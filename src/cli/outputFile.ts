import { access, constants, mkdir, realpath, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DataError } from './errors.ts';
import { systemReason } from './readInput.ts';

/** A file that is there as a whole or not at all. */
export interface OutputFile {
  readonly path: string;
  /** Writes under a temporary name in the same folder and renames. */
  write(text: string): Promise<void>;
}

/**
 * Finds out whether a file can be written, before any work is done for it.
 *
 * @throws DataError where it cannot
 */
export async function outputFile(path: string): Promise<OutputFile> {
  const there = await stat(path).catch(() => undefined);
  if (there?.isDirectory()) throw new DataError(`${path}: is a folder, expected the name of a file to write`);
  // A device or a pipe (/dev/stdout) cannot be replaced, only written to.
  if (there && !there.isFile()) return { path, write: (text) => complaining(path, () => writeFile(path, text)) };
  const target = there ? await realpath(path) : path;
  const temporary = `${target}.${process.pid}.tmp`;
  const folder = dirname(target);
  if (!(await stat(folder).catch(() => undefined))?.isDirectory()) throw new DataError(`${path}: there is no folder ${folder}`);
  await complaining(path, async () => {
    // Rights alone do not tell of full or read-only file systems.
    await access(folder, constants.W_OK);
    await writeFile(temporary, '\n');
  }).finally(() => rm(temporary, { force: true }));
  return {
    path,
    write: (text) =>
      complaining(path, async () => {
        try {
          await writeFile(temporary, text);
          await rename(temporary, target);
        } finally {
          await rm(temporary, { force: true });
        }
      }),
  };
}

/** Files of one folder, which is made where it is missing. */
export interface OutputFolder {
  readonly files: readonly OutputFile[];
  /** Takes away a folder that was made for nothing. */
  discard(): Promise<void>;
}

/** As `outputFile`, for several files of one folder. */
export async function outputFolder(folder: string, names: readonly string[]): Promise<OutputFolder> {
  const there = await stat(folder).catch(() => undefined);
  if (there && !there.isDirectory()) throw new DataError(`${folder}: is a file, expected a folder`);
  const made: string[] = [];
  const discard = async () => {
    for (const each of made.reverse()) await rmdir(each).catch(() => {});
  };
  try {
    await complaining(folder, () => makeFolder(resolve(folder), made));
    const files = [];
    for (const name of names) files.push(await outputFile(join(folder, name)));
    return { files, discard };
  } catch (error) {
    await discard();
    throw error;
  }
}

/** Makes a folder and those above it. Node's own recursive mkdir never returns where the system refuses with ENOENT (below /proc). */
async function makeFolder(folder: string, made: string[]): Promise<void> {
  if (await stat(folder).catch(() => undefined)) return;
  if (dirname(folder) !== folder) await makeFolder(dirname(folder), made);
  await mkdir(folder);
  made.push(folder);
}

async function complaining(path: string, write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    throw error instanceof DataError ? error : new DataError(`${path}: cannot be written: ${systemReason(error)}`);
  }
}
