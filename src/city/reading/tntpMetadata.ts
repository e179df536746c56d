import { decimalIn } from '../../io/decimal.ts';

/** What the `<KEY> value` lines of a TNTP file say. Placeholders (-1, nothing) are absent. */
export class TntpMetadata {
  readonly #values = new Map<string, string>();
  /** Line of <END OF METADATA>; 0 before it. */
  end = 0;

  /** Takes a line that starts with `<`. */
  take(text: string, line: number): void {
    const [, key, value] = /^<([^>]*)>(.*)/.exec(text) ?? ['', text, ''];
    if (/^end of metadata$/i.test(key.trim())) this.end = line;
    else this.#values.set(key.trim().toUpperCase(), value.trim());
  }

  /** A positive number of the metadata. */
  number(key: string): number | undefined {
    const text = this.text(key);
    const value = decimalIn(text, 0, text.length);
    return value > 0 ? value : undefined;
  }

  /** As it is written, e.g. `7.12506e+007`. */
  text(key: string): string {
    return this.#values.get(key)?.replace(/[\s;~].*$/, '') ?? '';
  }
}
