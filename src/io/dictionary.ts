/** Numerals below this are looked up in a table, without making a string of each. */
const TABLE = 1 << 20;

/** Values numbered 0, 1, ... in the order of their first use; told apart as a `Map` does: 7 and '7' are different. */
export class Dictionary {
  readonly values: (string | number)[] = [];
  readonly #codes = new Map<string | number, number>();
  /** Code + 1 of numerals. */
  #numerals = new Int32Array(0);

  code(value: string | number): number {
    let code = this.#codes.get(value);
    if (code === undefined) {
      code = this.values.push(value) - 1;
      this.#codes.set(value, code);
    }
    return code;
  }

  /** The code of the text that writes this whole number: the same as `code(String(number))`. */
  codeOfNumeral(number: number): number {
    if (number >= TABLE) return this.code(String(number));
    if (this.#numerals.length === 0) this.#numerals = new Int32Array(TABLE);
    if (this.#numerals[number] === 0) this.#numerals[number] = this.code(String(number)) + 1;
    return this.#numerals[number] - 1;
  }
}

/** The whole number that `text[start, end)` writes in the one way that `String` does (no sign, no leading zero, up to 9 digits); -1 for all else. */
export function wholeNumberIn(text: string, start: number, end: number): number {
  const length = end - start;
  if (length < 1 || length > 9 || (length > 1 && text.charCodeAt(start) === 48)) return -1;
  let number = 0;
  for (let i = start; i < end; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}
