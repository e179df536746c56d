import golden from '../fixtures/golden/spiking.json';

/** A case of the golden file by name; its numbers come from systems that are named there. */
// biome-ignore lint/suspicious/noExplicitAny: each case has its own fields, and a wrong name fails the test that reads it
export function goldenCase(name: string): any {
  const found = (golden.cases as { name: string }[]).find((entry) => entry.name === name);
  if (!found) throw new Error(`no golden case ${name}`);
  return found;
}
