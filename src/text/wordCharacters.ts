/** By code point: 0 unknown yet, 1 between words, 2 in words. */
const known = new Uint8Array(0x80).map((_, code) => (/\w/.test(String.fromCharCode(code)) ? 2 : 1));
let all: Uint8Array | undefined;

/** Whether ASCII characters belong to words: 2 yes, 1 no. */
export const asciiClass: Readonly<Uint8Array> = known;

/** Whether a character belongs to words: letters and numbers of Unicode and the underscore, as Python's `\w`. */
export function isWordCharacter(code: number): boolean {
  // A megabyte of zeros that costs no memory before it is written.
  all ??= new Uint8Array(0x110000);
  if (all[code] === 0) all[code] = /[\p{L}\p{N}_]/u.test(String.fromCodePoint(code)) ? 2 : 1;
  return all[code] === 2;
}

/**
 * Compatibility forms, and accents taken off: what Python does by `unicodedata.normalize('NFKD', text)` without the characters of a combining class.
 */
export function withoutAccents(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, (mark) => (isCombining(mark) ? '' : mark));
}

/** Marks of a combining class other than 0 change places with a mark of another class; no property of regular expressions tells. */
function isCombining(mark: string): boolean {
  const overlay = '\u0334';
  const last = '\u0345';
  return (mark + overlay).normalize('NFD') !== mark + overlay || (last + mark).normalize('NFD') !== last + mark;
}
