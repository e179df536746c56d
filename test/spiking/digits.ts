import fixture from '../fixtures/digits.json';

/** 8 x 8 digits; every row whose number ends in 0, 1 or 2 is a test row. */
export function digits(): { train: { X: number[][]; y: number[] }; test: { X: number[][]; y: number[] } } {
  const rows = fixture.pixels.map((row) => Array.from(row, (c) => Number.parseInt(c, 17)));
  const labels = Array.from(fixture.labels, Number);
  const part = (held: boolean) => {
    const chosen = rows.map((_, i) => i).filter((i) => i % 10 < 3 === held);
    return { X: chosen.map((i) => rows[i]), y: chosen.map((i) => labels[i]) };
  };
  return { train: part(false), test: part(true) };
}
