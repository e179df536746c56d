import { SpinifexError } from '../core/errors.ts';

/** What is wrong with a file. */
export type FileFault =
  /** Bytes that are no UTF-8 text. */
  | 'NOT_TEXT'
  | 'EMPTY_FILE'
  /** The file does not follow its format. */
  | 'BAD_FORMAT'
  | 'NOT_A_NUMBER'
  | 'MISSING_COLUMN'
  /** The file ends before it is complete. */
  | 'TRUNCATED_FILE'
  /** A place that is named but not known. */
  | 'UNKNOWN_ID'
  | 'DUPLICATE'
  /** A number of the right kind that cannot be, e.g. a negative distance. */
  | 'BAD_VALUE'
  /** A flaw that would be mended, in strict reading. */
  | 'STRICT';

/** Where in a file: `flows.csv, line 17, column "distance"`. */
export interface FilePlace {
  /** Which file, as the caller calls it. */
  source?: string;
  /** Counted from 1. */
  line?: number;
  column?: string;
}

/** A file that cannot be read as what it should be; the message starts with the place. */
export class FileError extends SpinifexError {
  readonly source?: string;
  /** Counted from 1. */
  readonly line?: number;
  readonly column?: string;

  constructor(code: FileFault, place: FilePlace, problem: string) {
    const where = placeText(place);
    super(code, where === '' ? problem : `${where}: ${problem}`);
    this.source = place.source;
    this.line = place.line;
    this.column = place.column;
  }
}

/** `flows.csv, line 17, column "distance"`, of what is known. */
export function placeText({ source, line, column }: FilePlace): string {
  const parts = [source, line && `line ${line}`, column !== undefined && `column ${JSON.stringify(column)}`];
  return parts.filter(Boolean).join(', ');
}

/** A piece of a file in a message: quoted, and short. */
export const quote = (text: string): string => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
