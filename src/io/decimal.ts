/** Powers of ten that a double holds exactly. */
const TENS = Float64Array.from({ length: 16 }, (_, k) => Number(`1e${k}`));

/** Digits whose whole number a double holds exactly. */
const EXACT_DIGITS = 15;

/**
 * The decimal number in `text[start, end)`, blanks around it ignored; NaN where there is none. Whole numbers and fractions of up to 15 digits are
 * read from their characters: m / 10^k is correctly rounded when both are exact (Clinger 1990). All others go through `Number`, so the result is
 * always the double nearest to what is written.
 */
export function decimalIn(text: string, start: number, end: number): number {
  while (start < end && text.charCodeAt(start) <= 32) start++;
  while (start < end && text.charCodeAt(end - 1) <= 32) end--;
  const sign = text.charCodeAt(start);
  let i = sign === 45 || sign === 43 ? start + 1 : start;
  let mantissa = 0;
  let point = -1;
  const first = i;
  for (; i < end; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit >= 0 && digit <= 9) mantissa = mantissa * 10 + digit;
    else if (digit === -2 && point < 0) point = i;
    else return slowly(text.slice(start, end));
  }
  const digits = end - first - (point < 0 ? 0 : 1);
  if (digits < 1 || digits > EXACT_DIGITS) return slowly(text.slice(start, end));
  const value = point < 0 ? mantissa : mantissa / TENS[end - point - 1];
  return sign === 45 ? -value : value;
}

/** What `Number` takes beyond decimal numbers is no number in a file: '', '0x10', 'Infinity'. */
function slowly(text: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
}
