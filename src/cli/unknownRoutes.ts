import { stat } from 'node:fs/promises';
import type { City, PlaceId } from '../city/city.ts';
import type { UnknownRoute } from './cityLibrary.ts';
import { DataError } from './errors.ts';
import { readInput } from './readInput.ts';
import { listed } from './tables.ts';
import type { Terminal } from './terminal.ts';

/** Words of a list: `D,E` or, for single routes, `A:D,B:E`. */
export interface UnknownWords {
  words: readonly string[];
  /** Where they come from, for messages. */
  title: string;
}

/** The words of `--unknown`, which is a list or the name of a file that holds one (between commas, blanks or line ends). */
export async function readUnknown(value: string, terminal: Terminal): Promise<UnknownWords> {
  const isFile = (await stat(value).catch(() => undefined))?.isFile() ?? false;
  const text = isFile || value === '-' ? await readInput(value, terminal) : value;
  const separator = isFile || value === '-' ? /[,;\r\n]+/ : /,/;
  const words = text
    .split(separator)
    .map((word) => word.trim())
    .filter((word) => word !== '');
  if (words.length === 0) throw new DataError(`--unknown: expected places or routes (origin:destination), got "${value}"`);
  return { words, title: isFile ? value : '--unknown' };
}

/**
 * Zones and routes of a city by their names.
 *
 * @throws DataError for a name that is no zone of the city
 */
export function unknownRoutes({ words, title }: UnknownWords, { zones }: City): UnknownRoute[] {
  const ids = new Map<string, PlaceId>();
  // A name stands for its zone, too, unless it is the id of another.
  for (const { id, name } of zones) if (name !== undefined) ids.set(name, id);
  for (const { id } of zones) ids.set(String(id), id);
  const find = (name: string, word: string): PlaceId => {
    const id = ids.get(name);
    if (id !== undefined) return id;
    const where = word === name ? '' : ` (in "${word}")`;
    const known = listed(
      zones.map((zone) => String(zone.id)),
      8,
    );
    const what = words.length === 1 && word === name ? 'no zone and no file' : 'no zone';
    throw new DataError(`${title}: ${what} "${name}"${where}; there are ${known}`);
  };
  return words.map((word) => {
    if (ids.has(word)) return find(word, word);
    const parts = word.split(':').map((part) => part.trim());
    if (parts.length === 1) return find(word, word);
    if (parts.length !== 2) throw new DataError(`${title}: expected origin:destination, got "${word}"`);
    return { origin: find(parts[0], word), destination: find(parts[1], word) };
  });
}
