/** A number for people: three significant digits, thousands apart by a narrow space; `–` for what is not known. */
export function numberText(value: number): string {
  if (Number.isNaN(value)) return '–';
  const sign = value < 0 ? '−' : '';
  const size = Math.abs(value);
  if (size === Number.POSITIVE_INFINITY) return `${sign}∞`;
  if (size === 0) return '0';
  if (size >= 1e15 || size < 1e-3) return sign + size.toExponential(1).replace('e-', 'e−').replace('e+', 'e');
  if (size >= 999.5) return sign + String(Math.round(size)).replace(/\B(?=(\d{3})+$)/g, '\u202f');
  return sign + String(Number(size.toPrecision(3)));
}

/** A share as a percentage: `12.3 %`. */
export function percentText(share: number): string {
  return Number.isNaN(share) ? '–' : `${numberText(100 * share)} %`;
}
