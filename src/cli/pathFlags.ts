import { type Flag, integer, number } from './flags.ts';

/** Flags that say which lambdas are visited. */
export interface PathFlags {
  lambdas?: number;
  minRatio?: number;
}

export const PATH_FLAGS: readonly Flag[] = [
  { flags: '--lambdas <count>', description: 'how many lambdas', read: integer(2), fallback: '100' },
  {
    flags: '--min-ratio <number>',
    description: 'smallest lambda over the largest',
    read: number('a number between 0 and 1', (value) => value > 0 && value < 1),
    fallback: '1e-4, or 1e-2 with more columns than rows',
  },
];

/** The library's options. */
export function pathOptions({ lambdas = 100, minRatio }: PathFlags): { nLambdas: number; lambdaMinRatio?: number } {
  return minRatio === undefined ? { nLambdas: lambdas } : { nLambdas: lambdas, lambdaMinRatio: minRatio };
}
