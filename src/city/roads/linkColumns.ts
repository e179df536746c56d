import type { Link } from '../city.ts';

const FIELDS = ['distance', 'cost', 'capacity', 'freeFlowTime', 'b', 'power', 'speed', 'toll', 'type'] as const;

/** The numbers of links beside their traffic as columns, extra attributes last; what a link has not is the mean of the others. */
export function linkColumns(links: readonly Link[]): { name: string; values: Float64Array }[] {
  const extra = new Set(links.flatMap(({ attributes }) => Object.keys(attributes ?? {})));
  const read: [string, (link: Link) => number | undefined][] = [
    ...FIELDS.map((name): [string, (link: Link) => number | undefined] => [name, (link) => link[name]]),
    ...Array.from(extra, (name): [string, (link: Link) => number | undefined] => [name, (link) => link.attributes?.[name]]),
  ];
  return read.flatMap(([name, of]) => {
    const given = links.map(of).filter((value): value is number => Number.isFinite(value));
    if (given.length === 0) return [];
    const mean = given.reduce((a, b) => a + b, 0) / given.length;
    const values = Float64Array.from(links, (link) => {
      const value = of(link);
      return Number.isFinite(value) ? (value as number) : mean;
    });
    return [{ name, values }];
  });
}
