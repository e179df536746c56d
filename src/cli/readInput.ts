import { readFile, stat } from 'node:fs/promises';
import { DataError } from './errors.ts';
import type { Terminal } from './terminal.ts';

/** Engines hold no longer text: 2^29 - 24 characters. */
export const LONGEST_TEXT = 536_870_888;

/**
 * The text of a file, or of stdin for `-`.
 *
 * @throws DataError for a file that is missing, a folder, empty, compressed, binary or not UTF-8
 */
export async function readInput(file: string, terminal: Pick<Terminal, 'stdin'>): Promise<string> {
  const name = inputName(file);
  const bytes = file === '-' ? await gather(terminal.stdin) : await readBytes(file);
  if (bytes.length === 0) throw new DataError(`${name}: is empty`);
  if (bytes.length > LONGEST_TEXT) throw new DataError(`${name}: is longer than a text may be (512 MiB)`);
  const kind = binaryKind(bytes);
  if (kind) throw new DataError(`${name}: ${kind}`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new DataError(`${name}: is not UTF-8 text; save it in that encoding`);
  }
  if (text.trim() === '') throw new DataError(`${name}: is empty (nothing but blanks)`);
  return text;
}

/** How a message calls a file. */
export function inputName(file: string): string {
  return file === '-' ? 'standard input' : file;
}

/** What the system says about a file, for people. */
export function systemReason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const known: Record<string, string> = {
    ENOENT: 'there is no such file',
    EISDIR: 'is a folder, expected a file',
    ENOTDIR: 'a part of the path is a file, not a folder',
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EROFS: 'the file system is read-only',
    ENOSPC: 'no space left on the device',
    ENAMETOOLONG: 'the name is too long',
    ERR_FS_FILE_TOO_LARGE: 'is larger than 2 GiB',
  };
  return (code && known[code]) ?? message;
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    if ((await stat(file)).isDirectory()) throw new DataError(`${file}: is a folder, expected a file`);
    return await readFile(file);
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError(`${file}: ${systemReason(error)}`);
  }
}

async function gather(stream: AsyncIterable<Uint8Array | string>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk);
  return Buffer.concat(chunks);
}

/** What the first bytes give away, where it is no text. */
function binaryKind(bytes: Uint8Array): string | undefined {
  const starts = (...magic: number[]) => magic.every((byte, i) => bytes[i] === byte);
  if (starts(0x1f, 0x8b)) return 'is compressed by gzip; unpack it first (gunzip)';
  if (starts(0x50, 0x4b, 3, 4)) return 'is a zip archive or a spreadsheet; unpack it or save it as CSV first';
  if (starts(0xff, 0xfe) || starts(0xfe, 0xff)) return 'is UTF-16 text; save it as UTF-8';
  const zero = bytes.subarray(0, 65_536).indexOf(0);
  return zero < 0 ? undefined : `is binary, not text (byte ${zero + 1} is 0)`;
}
