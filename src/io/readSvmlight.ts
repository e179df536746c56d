import { booleanFlag, integerIn, optionsObject } from '../core/checks.ts';
import { type ChunkOptions, type Chunks, chunkOptions, feedLines, type FileText, textOf } from './chunks.ts';
import { type SvmlightData, SvmlightLines } from './svmlightLines.ts';

/** Options of `readSvmlight`. */
export interface SvmlightOptions {
  /** Number of columns of X; the largest index by default. Give the one of the training data when reading others. */
  columns?: number;
  /** Whether the first column has index 0 in the file. @default false: it has index 1 */
  zeroBased?: boolean;
  /** What the file is called in error messages. */
  source?: string;
}

/** Options of `readSvmlightStream`. */
export interface SvmlightStreamOptions extends SvmlightOptions, ChunkOptions {}

/**
 * A data set in svmlight (libsvm) format: lines `label [qid:n] index:value ... # comment`.
 *
 * @param file text, or bytes in UTF-8
 * @throws FileError with the line: `'NOT_A_NUMBER'`, `'BAD_FORMAT'` (also unsorted or repeated indices), `'BAD_VALUE'` (an index out of range),
 * `'EMPTY_FILE'`, `'NOT_TEXT'`
 * @example
 * const { X, y } = readSvmlight('+1 1:0.5 3:2\n-1 2:1\n'); // X: 2 x 3, y: [1, -1]
 */
export function readSvmlight(file: FileText, options: SvmlightOptions = {}): SvmlightData {
  const known = optionsObject(options, 'readSvmlight', ['columns', 'zeroBased', 'source']);
  const lines = linesFor(known);
  lines.push(textOf(file, known.source));
  return lines.finish();
}

/** The same for a file that comes in pieces. */
export async function readSvmlightStream(chunks: Chunks | FileText, options: SvmlightStreamOptions = {}): Promise<SvmlightData> {
  const known = chunkOptions(options, 'readSvmlightStream', ['columns', 'zeroBased']);
  const lines = linesFor(known);
  await feedLines(lines, chunks, known);
  return lines.finish();
}

function linesFor({ columns, zeroBased, source }: SvmlightOptions): SvmlightLines {
  if (columns !== undefined) integerIn(columns, 'columns', 1, 2147483647);
  return new SvmlightLines(columns, booleanFlag(zeroBased ?? false, 'zeroBased'), source);
}
