import type { LinearModel } from '../linear/index.ts';
import { certificateText } from './certificateText.ts';
import type { Job } from './command.ts';
import type { Dataset } from './dataset.ts';
import type { Flag } from './flags.ts';
import { type OutputFile, outputFile } from './outputFile.ts';
import { savedModel } from './savedModel.ts';
import { count, short, textTable } from './textTable.ts';

/** Flags that say what comes out. */
export interface OutputFlags {
  svg?: string;
  save?: string;
  json?: boolean;
}

export const OUTPUT_FLAGS: readonly Flag[] = [
  { flags: '--svg <file>', description: 'write a picture' },
  { flags: '--save <file>', description: 'save the model as JSON, for spinifex predict' },
  { flags: '--json', description: 'print JSON instead of text' },
];

/** Rows of the coefficient table that are printed at most; JSON and saved models have all. */
const MOST_ROWS = 50;

/** The files that the flags ask for, known to be writable. */
export async function outputFiles({ svg, save }: OutputFlags): Promise<{ svg?: OutputFile; save?: OutputFile }> {
  return {
    svg: svg === undefined ? undefined : await outputFile(svg),
    save: save === undefined ? undefined : await outputFile(save),
  };
}

/** Writes what was asked for; returns lines for the summary. */
export async function writeOutputs(
  files: { svg?: OutputFile; save?: OutputFile },
  picture: () => Promise<string>,
  model: () => { toJSON(): object },
  { target, features, text }: { target: string; features?: readonly string[]; text?: string },
): Promise<string[]> {
  const lines: string[] = [];
  if (files.svg) {
    await files.svg.write(await picture());
    lines.push(`Picture: ${files.svg.path}`);
  }
  if (files.save) {
    await files.save.write(
      `${JSON.stringify(savedModel(model(), { target, ...(text === undefined ? { features } : { text }) }))}\n`,
    );
    lines.push(`Model: ${files.save.path}`);
  }
  return lines;
}

/** What of a fitted model is shown. */
export type ShownModel = Pick<LinearModel, 'coef' | 'intercept' | 'lambda' | 'support' | 'certificate'>;

/** How well a model does on rows, in words and for machines. */
export interface Judgement {
  /** Within the summary. */
  lines: readonly string[];
  /** After it, where it takes a table. */
  table?: string;
  json: object;
}

/** The judgement of least squares. */
export function explained(model: LinearModel, { X, y }: Dataset): Judgement {
  const share = model.score(X, y);
  return { lines: [`Explained on these rows: ${short(100 * share, 4)} % of the variance.`], json: { explained: share } };
}

/** Coefficients by size, how many are zero, how well they do, and the proof. */
export function modelText(
  { coef, intercept, support, certificate }: ShownModel,
  { features }: { features: readonly string[] },
  { lines, table: judged }: Judgement,
  job: Pick<Job<unknown>, 'bold'>,
): string {
  const order = Array.from(support).sort((a, b) => Math.abs(coef[b]) - Math.abs(coef[a]) || a - b);
  const rows = order.slice(0, MOST_ROWS).map((j) => [features[j], short(coef[j])]);
  const table = textTable([['column', 'coefficient'], ...rows, ['(intercept)', short(intercept)]]);
  const [header, ...body] = table.split('\n');
  if (order.length > MOST_ROWS) body.splice(MOST_ROWS, 0, `... and ${order.length - MOST_ROWS} smaller ones (all: --json)`);
  const zeros = features.length - support.length;
  const named = features.filter((_, j) => coef[j] === 0);
  const which = zeros > 0 && zeros <= 10 ? `: ${named.join(', ')}` : '';
  return [
    job.bold(header),
    ...body,
    '',
    `${count(zeros, 'coefficient')} of ${features.length} ${zeros === 1 ? 'is' : 'are'} zero${which}.`,
    ...lines,
    certificateText(certificate),
    ...(judged === undefined ? [] : ['', judged]),
  ].join('\n');
}

/** The same for machines. */
export function modelJson(
  { coef, intercept, lambda, support, certificate }: ShownModel,
  { features, target, y }: { features: readonly string[]; target: string; y: ArrayLike<unknown> },
  { json }: Judgement,
): object {
  return {
    target,
    rows: y.length,
    lambda,
    intercept,
    coefficients: Object.fromEntries(features.map((name, j) => [name, coef[j]])),
    nonzero: support.length,
    ...json,
    certificate,
  };
}
