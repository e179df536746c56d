import fc from 'fast-check';

/** A text as UTF-8 bytes (or as text), cut into pieces at random places: also within characters and within line ends. */
export function cutAnywhere(text: string): fc.Arbitrary<(string | Uint8Array)[]> {
  const bytes = new TextEncoder().encode(text);
  return fc
    .tuple(fc.boolean(), fc.array(fc.nat(text.length === 0 ? 0 : bytes.length), { maxLength: 12 }))
    .map(([asText, cuts]) => {
      const whole = asText ? text : bytes;
      const ends = [...cuts.map((cut) => Math.min(cut, whole.length)), whole.length].sort((a, b) => a - b);
      return ends.map((end, k) => whole.slice(ends[k - 1] ?? 0, end));
    });
}

/** What a function gives back, or the message of what it throws. */
export async function outcome(body: () => unknown): Promise<unknown> {
  try {
    return await body();
  } catch (error) {
    return (error as Error).message;
  }
}
