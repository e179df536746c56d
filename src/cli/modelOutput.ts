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
  model: () => LinearModel,
  data: Dataset,
): Promise<string[]> {
  const lines: string[] = [];
  if (files.svg) {
    await files.svg.write(await picture());
    lines.push(`Picture: ${files.svg.path}`);
  }
  if (files.save) {
    await files.save.write(`${JSON.stringify(savedModel(model(), data))}\n`);
    lines.push(`Model: ${files.save.path}`);
  }
  return lines;
}

/** Coefficients by size, how many are zero, and the proof. */
export function modelText(model: LinearModel, { features, X, y }: Dataset, job: Pick<Job<unknown>, 'bold'>): string {
  const { coef, intercept, support, certificate } = model;
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
    `Explained on these rows: ${short(100 * model.score(X, y), 4)} % of the variance.`,
    certificateText(certificate),
  ].join('\n');
}

/** The same for machines. */
export function modelJson(model: LinearModel, { features, target, X, y }: Dataset): object {
  const { coef, intercept, lambda, support, certificate } = model;
  return {
    target,
    rows: y.length,
    lambda,
    intercept,
    coefficients: Object.fromEntries(features.map((name, j) => [name, coef[j]])),
    nonzero: support.length,
    explained: model.score(X, y),
    certificate,
  };
}
