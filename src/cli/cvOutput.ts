/**
 * A cross-validation in words and for machines, whatever was validated.
 * @module
 */
import type { SelectionRule } from '../linear/index.ts';
import { choice, type Flag, integer } from './flags.ts';
import { short, textTable } from './textTable.ts';

/** What of a cross-validation is shown. */
export interface Validation {
  readonly path: { readonly lambdas: Float64Array; readonly points: readonly { lambda: number; df: number }[] };
  readonly mean: Float64Array;
  readonly standardError: Float64Array;
  readonly lambdaMin: number;
  readonly lambda1se: number;
}

/** Flags of cross-validations. */
export interface CvFlags {
  folds?: number;
  rule?: SelectionRule;
}

export function cvFlags(folds: number): readonly Flag[] {
  return [
    { flags: '--folds <count>', description: 'parts that the rows are dealt into', read: integer(2), fallback: String(folds) },
    { flags: '--rule <name>', description: 'min or 1se', read: choice(['min', '1se']), fallback: 'min' },
  ];
}

/** Both rules, the null model, and which one was taken. */
export function choicesText(
  { path, mean, standardError, lambdaMin, lambda1se }: Validation,
  rule: SelectionRule,
  bold: (text: string) => string,
  { metric = 'mean squared error', columns = 'columns' } = {},
): string {
  const row = (name: string, k: number) => {
    const { lambda, df } = path.points[k];
    return [name, short(lambda), String(df), short(mean[k], 4), short(standardError[k], 2)];
  };
  const at = (lambda: number) => path.lambdas.indexOf(lambda);
  const [header, ...rows] = textTable([
    ['rule', 'lambda', columns, `held-out ${metric}`, 'standard error'],
    row(`min${rule === 'min' ? ' (chosen)' : ''}`, at(lambdaMin)),
    row(`1se${rule === '1se' ? ' (chosen)' : ''}`, at(lambda1se)),
    ...(path.points[0].df === 0 ? [row(`no ${columns}`, 0)] : []),
  ]).split('\n');
  return [bold(header), ...rows].join('\n');
}

/** The same for machines. */
export function validationJson({ path, mean, standardError, lambdaMin, lambda1se }: Validation): object {
  const points = path.points.map(({ lambda, df }, k) => ({ lambda, df, mean: mean[k], standardError: standardError[k] }));
  return { lambdaMin, lambda1se, points };
}
