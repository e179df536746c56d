import { optionsObject, positiveNumber, refuse } from '../core/checks.ts';
import type { RunOptions } from '../core/progress.ts';
import { withTimeLeft } from '../core/timeLeft.ts';
import { FileError } from './fileError.ts';
import { Utf8Pieces } from './utf8Pieces.ts';

/** A file in memory: text, or the bytes of UTF-8 text. */
export type FileText = string | Uint8Array;

/** A file in pieces, cut anywhere: a stream of Node or of the web, an array, a generator. */
export type Chunks = Iterable<FileText> | AsyncIterable<FileText>;

/** What every reader of chunks takes. */
export interface ChunkOptions extends RunOptions {
  /** What the file is called in error messages. */
  source?: string;
  /** Bytes of the whole file, where they are known: the `total` of the progress. */
  size?: number;
}

/** @internal Names of the options above. */
export const CHUNK_OPTIONS = ['source', 'size', 'signal', 'onProgress'] as const;

/** Larger pieces are cut, so that progress is reported and stopping is possible in between. */
const PIECE = 1 << 20;

/**
 * The text of a file, without its byte order mark.
 * @throws FileError `'NOT_TEXT'` for bytes that are not UTF-8 and for NUL characters
 */
export function textOf(file: FileText, source?: string): string {
  if (typeof file !== 'string' && !isBytes(file)) refuse(file, source ?? 'text', 'a text or a Uint8Array', false);
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const text = typeof file === 'string' ? file : decoded(() => decoder.decode(file), source);
  return noNul(withoutMark(text), source);
}

/** The text of a file in pieces, wherever it was cut: within a character, within a line end. Errors as `textOf`. */
export async function* decodeChunks(chunks: Chunks | FileText, options: ChunkOptions = {}): AsyncGenerator<string> {
  const { source, size, signal, onProgress } = options;
  if (size !== undefined) positiveNumber(size, 'size');
  const report = withTimeLeft(onProgress);
  const decoder = new Utf8Pieces();
  let [done, atStart] = [0, true];
  for await (const chunk of pieces(chunks, source)) {
    signal?.throwIfAborted();
    const text = isBytes(chunk) ? decoded(() => decoder.next(chunk), source) : chunk;
    // Text after bytes: the bytes must end with a whole character.
    if (!isBytes(chunk)) decoded(() => decoder.finish(), source);
    done += chunk.length;
    if (text.length > 0) {
      yield noNul(atStart ? withoutMark(text) : text, source);
      atStart = false;
    }
    report?.({ done, total: Math.max(done, size ?? 0) });
  }
  decoded(() => decoder.finish(), source);
}

/** The same text in pieces that end where a line ends (the last one may not). */
export async function* wholeLines(chunks: Chunks | FileText, options: ChunkOptions = {}): AsyncGenerator<string> {
  let held: string[] = [];
  for await (const text of decodeChunks(chunks, options)) {
    // A '\r' at the very end may be half of a line end: it is held back.
    const end = Math.max(text.lastIndexOf('\n'), text.slice(0, -1).lastIndexOf('\r')) + 1;
    if (end === 0) held.push(text);
    else {
      // Joined, so that engines make one text of it: characters of sums and slices are slower to reach.
      yield ['', ...held, text.slice(0, end)].join('');
      held = end < text.length ? [text.slice(end)] : [];
    }
  }
  if (held.length > 0) yield held.join('');
}

/** Feeds a file in pieces to a parser of whole lines. */
export async function feedLines(
  parser: { push(text: string): void },
  chunks: Chunks | FileText,
  options: ChunkOptions,
): Promise<void> {
  for await (const text of wholeLines(chunks, options)) parser.push(text);
}

/** @internal The chunk options among the options of a reader. */
export function chunkOptions<T extends ChunkOptions>(
  options: T | undefined,
  title: string,
  known: readonly (keyof T & string)[],
): T {
  return optionsObject(options, title, [...known, ...CHUNK_OPTIONS]);
}

async function* pieces(chunks: Chunks | FileText, source: string | undefined): AsyncGenerator<FileText> {
  const whole = typeof chunks === 'string' || isBytes(chunks);
  if (!whole && !isIterable(chunks))
    refuse(chunks, source ?? 'chunks', 'a text, a Uint8Array or an (async) iterable of these', false);
  for await (const chunk of whole ? [chunks] : chunks) {
    if (typeof chunk !== 'string' && !isBytes(chunk)) refuse(chunk, 'chunk', 'a text or a Uint8Array', false);
    for (let from = 0; from < chunk.length; from += PIECE) {
      yield typeof chunk === 'string' ? chunk.slice(from, from + PIECE) : chunk.subarray(from, from + PIECE);
    }
  }
}

function isIterable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value);
}

/** Also bytes of another realm, as a frame or a test environment has them. */
function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array || Object.prototype.toString.call(value) === '[object Uint8Array]';
}

const withoutMark = (text: string) => (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);

function decoded<T>(decode: () => T, source: string | undefined): T {
  try {
    return decode();
  } catch {
    throw new FileError('NOT_TEXT', { source }, 'not UTF-8 text: a binary file, or text in another encoding');
  }
}

function noNul(text: string, source: string | undefined): string {
  if (!text.includes('\0')) return text;
  throw new FileError('NOT_TEXT', { source }, 'not text: NUL characters, as binary files and UTF-16 text have them');
}
